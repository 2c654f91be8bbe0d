//! Reads edge lists: links between nodes, as planning authorities and transport models have them.

use std::collections::HashMap;
use std::io::Read;

use csv::StringRecord;

use crate::listing::{Listing, shortened};
use crate::travel::road::StreetsError;
use crate::travel::road::position::{Position, length};
use crate::travel::road::streets::{
    Direction, Junction, Permit, Segment, Streets, StreetsReport, Tally, Way, way_tags,
};

pub(super) const FORMAT: &str = "edge list";

impl Streets {
    /// Reads links and nodes of CSV files with headers, in UTF-8.
    ///
    /// Columns of the nodes: `node` (a number), `lon`, `lat`. Columns of the links: `link` (a number), `from`, `to`
    /// (nodes), `highway` (the class); and where present `direction` (0: both, 1: from → to, -1: to → from), `metres`,
    /// `geometry` (a WKT `LINESTRING` in longitude and latitude; straight without it), `name`, `modes` (letters: `c` car,
    /// `t` truck, `w` walking, `b` bicycle), `service`, `oneway`, `junction`, `maxspeed`, `maxheight`, `maxweight`, `maxwidth`,
    /// `maxaxleload`, `access`, `motor_vehicle`, `hgv` and `foot` as OpenStreetMap writes them. Other columns are
    /// read as tags of OpenStreetMap where they are such.
    ///
    /// All faulty lines are reported at once: numbers that are none, negative lengths, unknown nodes, coordinates outside
    /// of the globe. Links of a node to itself without a geometry are dropped and counted.
    pub fn from_csv(nodes: impl Read, links: impl Read) -> Result<Self, StreetsError> {
        let mut faults = Listing::default();
        let nodes = read_nodes(nodes, &mut faults)?;
        let mut list = EdgeList { nodes: NodeIndex::default(), ..EdgeList::default() };
        for (id, at) in nodes {
            if list.nodes.insert(id, at).is_some() {
                faults.push(format!("node {id} is listed twice: keep one"));
            }
        }
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(links);
        let headers = reader.headers().map_err(|error| csv_error(&error))?.clone();
        let columns = Columns::new(&headers, &["link", "from", "to", "highway"])?;
        for (index, record) in reader.records().enumerate() {
            let line = index + 2;
            match record {
                Ok(record) => match columns.link(&record) {
                    Ok(link) => list.push(link, &mut |fault| faults.push(format!("line {line} of the links: {fault}"))),
                    Err(fault) => faults.push(format!("line {line} of the links: {fault}")),
                },
                Err(error) => faults.push(format!("line {line} of the links: {error}")),
            }
        }
        list.finish(faults)
    }
}

fn csv_error(error: &csv::Error) -> StreetsError {
    StreetsError::Faults { format: FORMAT, faults: vec![error.to_string()], omitted: 0 }
}

fn read_nodes(nodes: impl Read, faults: &mut Listing<String>) -> Result<Vec<(i64, Position)>, StreetsError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(nodes);
    let headers = reader.headers().map_err(|error| csv_error(&error))?.clone();
    let columns = Columns::new(&headers, &["node", "lon", "lat"])?;
    let mut found = Vec::new();
    for (index, record) in reader.records().enumerate() {
        let node = record.map_err(|error| error.to_string()).and_then(|record| {
            let (id, lon, lat) =
                (columns.number(&record, "node")?, columns.number(&record, "lon")?, columns.number(&record, "lat")?);
            let at = Position::new(lon, lat);
            at.map(|at| (id, at))
                .ok_or_else(|| format!("lon {lon} and lat {lat} are no longitude and latitude in degrees"))
        });
        match node {
            Ok(node) => found.push(node),
            Err(fault) => faults.push(format!("line {} of the nodes: {fault}", index + 2)),
        }
    }
    Ok(found)
}

/// Where each column of a table is.
struct Columns<'h> {
    headers: &'h StringRecord,
}

impl<'h> Columns<'h> {
    fn new(headers: &'h StringRecord, needed: &[&str]) -> Result<Self, StreetsError> {
        let missing: Vec<String> = needed
            .iter()
            .filter(|name| !headers.iter().any(|header| header.trim() == **name))
            .map(|name| {
                format!(
                    "column `{name}` is missing: the header has {}",
                    shortened(&headers.iter().collect::<Vec<_>>().join(", "))
                )
            })
            .collect();
        if missing.is_empty() {
            return Ok(Self { headers });
        }
        Err(StreetsError::Faults { format: FORMAT, faults: missing, omitted: 0 })
    }

    fn text<'r>(&self, record: &'r StringRecord, name: &str) -> Option<&'r str> {
        let index = self.headers.iter().position(|header| header.trim() == name)?;
        record.get(index).map(str::trim).filter(|text| !text.is_empty())
    }

    fn number<T: std::str::FromStr>(&self, record: &StringRecord, name: &str) -> Result<T, String> {
        let text = self.text(record, name).ok_or_else(|| format!("`{name}` is empty: write a number"))?;
        text.parse().map_err(|_| format!("`{name}` is `{}`: write a number", shortened(text)))
    }

    fn link<'r>(&'r self, record: &'r StringRecord) -> Result<Link<'r>, String> {
        let metres = match self.text(record, "metres") {
            Some(_) => Some(self.number(record, "metres")?),
            None => None,
        };
        let direction = match self.text(record, "direction") {
            None | Some("0") => Direction::Both,
            Some("1") => Direction::Forward,
            Some("-1") => Direction::Backward,
            Some(other) => return Err(format!("`direction` is `{}`: write 0, 1 or -1", shortened(other))),
        };
        let tags = self.headers.iter().zip(record.iter()).filter(|(_, value)| !value.is_empty());
        Ok(Link {
            id: self.number(record, "link")?,
            ends: [self.number(record, "from")?, self.number(record, "to")?],
            direction: self.text(record, "direction").map(|_| direction),
            metres,
            line: self.text(record, "geometry").map(wkt).transpose()?.unwrap_or_default(),
            modes: self.text(record, "modes"),
            tags: tags.collect(),
        })
    }
}

/// The positions of a WKT line.
fn wkt(text: &str) -> Result<Vec<Position>, String> {
    let fault = || format!("`geometry` is `{}`: write LINESTRING(lon lat, lon lat)", shortened(text));
    let head = text.find('(').ok_or_else(fault)?;
    if !text[..head].trim().eq_ignore_ascii_case("linestring") {
        return Err(fault());
    }
    let body = text[head + 1..].trim_end().strip_suffix(')').ok_or_else(fault)?;
    let position = |pair: &str| {
        let mut parts = pair.split_ascii_whitespace();
        let lon: f64 = parts.next()?.parse().ok()?;
        let lat: f64 = parts.next()?.parse().ok()?;
        Position::new(lon, lat)
    };
    body.split(',').map(|pair| position(pair).ok_or_else(fault)).collect()
}

/// One link as a file has it.
pub(super) struct Link<'r> {
    pub(super) id: i64,
    pub(super) ends: [i64; 2],
    pub(super) direction: Option<Direction>,
    pub(super) metres: Option<f64>,
    /// Empty: straight.
    pub(super) line: Vec<Position>,
    pub(super) modes: Option<&'r str>,
    pub(super) tags: Vec<(&'r str, &'r str)>,
}

#[derive(Default)]
pub(super) struct NodeIndex {
    of: HashMap<i64, u32>,
    junctions: Vec<Junction>,
}

impl NodeIndex {
    /// Adds a node; `Some` if there was one of that number.
    pub(super) fn insert(&mut self, id: i64, at: Position) -> Option<u32> {
        let index = self.junctions.len() as u32;
        self.junctions.push(Junction { at, barrier: None, signals: false });
        self.of.insert(id, index)
    }
}

/// Streets that are assembled link by link.
#[derive(Default)]
pub(super) struct EdgeList {
    pub(super) nodes: NodeIndex,
    segments: Vec<Segment>,
    shapes: Vec<Position>,
    ways: Vec<Way>,
    ignored: Tally,
}

impl EdgeList {
    /// Adds a link, or says what is wrong with it.
    pub(super) fn push(&mut self, link: Link, fault: &mut dyn FnMut(String)) {
        let ends = link.ends.map(|id| (id, self.nodes.of.get(&id).copied()));
        for (id, _) in ends.iter().filter(|end| end.1.is_none()) {
            fault(format!("node {id} is not listed: add it or drop the link {}", link.id));
        }
        if let Some(metres) = link.metres.filter(|metres| !(0.0..=1e7).contains(metres)) {
            fault(format!("`metres` is {metres}: write a length from 0 to 10,000,000"));
            return;
        }
        let [(_, Some(from)), (_, Some(to))] = ends else { return };
        if link.line.len() < 2 && from == to {
            self.ignored.add("link from a node to itself without a geometry", link.id);
            return;
        }
        let shape = self.shapes.len() as u32;
        if link.line.len() < 2 {
            let ends = [from, to].map(|index| self.nodes.junctions[index as usize].at);
            self.shapes.extend(ends);
        } else {
            self.shapes.extend(&link.line);
        }
        let line = &self.shapes[shape as usize..];
        let (points, length) = (line.len() as u32, link.metres.unwrap_or_else(|| length(line)));
        let mut way = way_tags(link.id, link.tags, &mut self.ignored);
        if let Some(direction) = link.direction {
            way.direction = direction;
        }
        if let Some(modes) = link.modes {
            let permit = |letter| Some(if modes.contains(letter) { Permit::Yes } else { Permit::No });
            way.access.motorcar = way.access.motorcar.or(permit('c'));
            way.access.hgv = way.access.hgv.or(permit('t'));
            way.access.foot = way.access.foot.or(permit('w'));
        }
        self.segments.push(Segment { from, to, way: self.ways.len() as u32, shape, points, length });
        self.ways.push(way);
    }

    pub(super) fn finish(self, faults: Listing<String>) -> Result<Streets, StreetsError> {
        let Self { nodes, segments, shapes, ways, ignored } = self;
        if !faults.is_empty() {
            return Err(StreetsError::Faults { format: FORMAT, faults: faults.kept, omitted: faults.omitted });
        }
        if segments.is_empty() {
            return Err(StreetsError::Empty { format: FORMAT, detail: "it has no link between two nodes".to_owned() });
        }
        let (restrictions, ways_read) = (Vec::new(), ways.len());
        let ignored = ignored.into_list();
        let report = StreetsReport { ways: ways_read, restrictions: 0, ignored, data_date: None };
        Ok(Streets { junctions: nodes.junctions, segments, shapes, ways, restrictions, report })
    }
}
