//! Cuts ways into segments at the junctions.

use std::collections::HashMap;
use std::ops::Range;

use crate::travel::road::StreetsError;
use crate::travel::road::position::{Position, length};
use crate::travel::road::streets::restriction::Resolver;
use crate::travel::road::streets::{Barrier, Junction, RawRestriction, Segment, Streets, StreetsReport, Tally, Way};

/// Number of parts that 32-bit indices can count, with room for two directions.
pub(in crate::travel::road) const MOST: usize = (u32::MAX / 4) as usize;

/// A map as its file has it: only streets, and the nodes on them.
#[derive(Debug, Default)]
pub(in crate::travel::road) struct RawMap {
    pub(in crate::travel::road) ways: Vec<RawWay>,
    /// In ascending order of their numbers.
    pub(in crate::travel::road) nodes: Vec<RawNode>,
    pub(in crate::travel::road) restrictions: Vec<RawRestriction>,
    pub(in crate::travel::road) ignored: Tally,
    pub(in crate::travel::road) data_date: Option<i64>,
}

/// A street, and the nodes that it follows.
#[derive(Debug)]
pub(in crate::travel::road) struct RawWay {
    pub(in crate::travel::road) way: Way,
    pub(in crate::travel::road) refs: Vec<i64>,
}

/// A node of a street.
#[derive(Debug)]
pub(in crate::travel::road) struct RawNode {
    pub(in crate::travel::road) id: i64,
    pub(in crate::travel::road) at: Position,
    pub(in crate::travel::road) barrier: Option<Barrier>,
    pub(in crate::travel::road) signals: bool,
}

impl RawMap {
    /// The numbers of all nodes on the ways, ascending.
    pub(in crate::travel::road) fn needed_nodes(&self) -> Vec<i64> {
        let mut needed: Vec<i64> = self.ways.iter().flat_map(|way| way.refs.iter().copied()).collect();
        needed.sort_unstable();
        needed.dedup();
        needed
    }
}

/// Cuts the ways of a map at their junctions.
pub(in crate::travel::road) fn build(map: RawMap, format: &'static str) -> Result<Streets, StreetsError> {
    let RawMap { ways, mut nodes, restrictions, ignored, data_date } = map;
    let total: usize = ways.iter().map(|way| way.refs.len()).sum();
    if total > MOST {
        return Err(StreetsError::TooLarge { what: "nodes on its ways", count: total, limit: MOST });
    }
    nodes.sort_by_key(|node| node.id);
    nodes.dedup_by_key(|node| node.id);
    let mut cutter = Cutter {
        uses: count_uses(&ways, &nodes),
        junction_of: vec![u32::MAX; nodes.len()],
        nodes,
        streets: Streets {
            junctions: Vec::new(),
            segments: Vec::new(),
            shapes: Vec::new(),
            ways: Vec::new(),
            restrictions: Vec::new(),
            report: StreetsReport::default(),
        },
        ignored,
    };
    let mut of_way: HashMap<i64, Range<usize>> = HashMap::with_capacity(ways.len());
    for raw in ways {
        let first = cutter.streets.segments.len();
        let id = raw.way.id;
        cutter.cut(raw);
        of_way.insert(id, first..cutter.streets.segments.len());
    }
    let Cutter { mut streets, mut ignored, nodes, junction_of, .. } = cutter;
    if streets.segments.is_empty() {
        let reasons: Vec<String> = ignored.into_list().iter().map(ToString::to_string).collect();
        let detail =
            if reasons.is_empty() { "none of its ways has a tag `highway`".to_owned() } else { reasons.join("; ") };
        return Err(StreetsError::Empty { format, detail });
    }
    let placed = nodes.iter().zip(&junction_of).filter(|(_, junction)| **junction != u32::MAX);
    let junction = placed.map(|(node, &junction)| (node.id, junction)).collect();
    let resolver = Resolver { segments: &streets.segments, ways: &streets.ways, of_way, junction };
    let mut found = Vec::new();
    for restriction in &restrictions {
        resolver.resolve(restriction, &mut found, &mut ignored);
    }
    streets.report =
        StreetsReport { ways: streets.ways.len(), restrictions: found.len(), ignored: ignored.into_list(), data_date };
    streets.restrictions = found;
    Ok(streets)
}

/// How often the ways come to each node; an end counts twice, so that it becomes a junction.
fn count_uses(ways: &[RawWay], nodes: &[RawNode]) -> Vec<u8> {
    let mut uses = vec![0_u8; nodes.len()];
    let mut count = |id: i64| {
        if let Ok(index) = nodes.binary_search_by_key(&id, |node| node.id) {
            uses[index] = uses[index].saturating_add(1);
        }
    };
    for way in ways {
        for &id in way.refs.iter().chain(way.refs.first()).chain(way.refs.last()) {
            count(id);
        }
    }
    uses
}

struct Cutter {
    nodes: Vec<RawNode>,
    uses: Vec<u8>,
    junction_of: Vec<u32>,
    streets: Streets,
    ignored: Tally,
}

impl Cutter {
    fn cut(&mut self, raw: RawWay) {
        let id = raw.way.id;
        let way = self.streets.ways.len() as u32;
        let before = self.streets.segments.len();
        // Nodes since the last junction.
        let mut piece: Vec<usize> = Vec::new();
        for node in raw.refs {
            let Ok(index) = self.nodes.binary_search_by_key(&node, |node| node.id) else {
                self.ignored
                    .add("node of a way that is not in the map: the way is cut there", format_args!("{node} of {id}"));
                self.finish(&mut piece, way);
                continue;
            };
            if piece.last() == Some(&index) {
                self.ignored.add("node that a way has twice in a row", format_args!("{node} of {id}"));
                continue;
            }
            piece.push(index);
            let special = self.uses[index] >= 2 || self.nodes[index].barrier.is_some();
            if special && piece.len() > 1 {
                self.finish(&mut piece, way);
                piece.push(index);
            }
        }
        self.finish(&mut piece, way);
        if self.streets.segments.len() > before {
            self.streets.ways.push(raw.way);
        } else {
            self.ignored.add("way with fewer than two nodes", id);
        }
    }

    /// Makes a segment of a piece.
    fn finish(&mut self, piece: &mut Vec<usize>, way: u32) {
        if let [first, .., last] = piece[..] {
            let shape = self.streets.shapes.len() as u32;
            self.streets.shapes.extend(piece.iter().map(|&index| self.nodes[index].at));
            let length = length(&self.streets.shapes[shape as usize..]);
            let (from, to) = (self.junction(first), self.junction(last));
            let points = piece.len() as u32;
            self.streets.segments.push(Segment { from, to, way, shape, points, length });
        }
        piece.clear();
    }

    fn junction(&mut self, index: usize) -> u32 {
        if self.junction_of[index] == u32::MAX {
            self.junction_of[index] = self.streets.junctions.len() as u32;
            let node = &self.nodes[index];
            let junction = Junction { at: node.at, barrier: node.barrier.clone(), signals: node.signals };
            self.streets.junctions.push(junction);
        }
        self.junction_of[index]
    }
}
