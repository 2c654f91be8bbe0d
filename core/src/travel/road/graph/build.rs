//! Chooses the connected part of the streets, and numbers what is in it.

use std::collections::HashMap;

use crate::travel::road::NetworkError;
use crate::travel::road::graph::NetworkReport;
use crate::travel::road::graph::component::components;
use crate::travel::road::graph::expand::{Expanded, expand};
use crate::travel::road::graph::states::{Geometry, Graph, NONE};
use crate::travel::road::graph::usable::{segment_time, speeds};
use crate::travel::road::position::Position;
use crate::travel::road::profile::RoadProfile;
use crate::travel::road::streets::{Streets, Tally};

/// A network before its hierarchy.
#[derive(Debug)]
pub(in crate::travel::road) struct Prepared {
    pub(in crate::travel::road) graph: Graph,
    pub(in crate::travel::road) geometry: Geometry,
    pub(in crate::travel::road) classes: Vec<String>,
    pub(in crate::travel::road) names: Vec<String>,
    pub(in crate::travel::road) report: NetworkReport,
    /// Where each junction is.
    pub(in crate::travel::road) junctions: Vec<Position>,
    /// The junctions at the beginning and end of each segment.
    pub(in crate::travel::road) ends: Vec<[u32; 2]>,
}

/// The streets that a profile drives, as far as they are connected there and back.
pub(in crate::travel::road) fn prepare(streets: &Streets, profile: &RoadProfile) -> Result<Prepared, NetworkError> {
    profile.validate()?;
    let mut closed = Tally::default();
    let times = times(streets, profile, &mut closed);
    let unused = closed.into_list();
    if times.iter().all(|&time| time == 0) {
        let reasons: Vec<String> = unused.iter().map(ToString::to_string).collect();
        return Err(NetworkError::Nothing {
            profile: profile.name.clone(),
            segments: streets.segments.len(),
            detail: reasons.join("; "),
        });
    }
    let expanded = expand(streets, profile, &times);
    let restrictions = streets
        .restrictions
        .iter()
        .filter(|restriction| profile.is_restricted_by(&restriction.only_for, &restriction.except))
        .count();
    let kept = connected(&expanded);
    let mut numbering = Numbering::new(streets, &expanded, &kept);
    let graph = numbering.graph(&expanded, &times, streets);
    let arcs = graph.num_arcs();
    if arcs >= NONE as usize {
        return Err(NetworkError::TooLarge { what: "turns", count: arcs, limit: NONE as usize - 1 });
    }
    let driven = |segment: usize| times[2 * segment] > 0 || times[2 * segment + 1] > 0;
    let lost = (0..streets.segments.len()).filter(|&i| driven(i) && numbering.segment[i] == NONE);
    let (disconnected_segments, disconnected_length) =
        lost.fold((0, 0.0), |(count, length), i| (count + 1, length + streets.segments[i].length));
    let report = NetworkReport {
        segments: numbering.old.len(),
        directed_segments: graph.plain.iter().filter(|&&state| state != NONE).count(),
        states: graph.num_states(),
        turns: arcs,
        restrictions,
        length: numbering.old.iter().map(|&old| streets.segments[old].length).sum(),
        disconnected_segments,
        disconnected_length,
        unused,
    };
    let (geometry, classes, names) = numbering.geometry(streets);
    let ends = numbering.old.iter().map(|&old| [streets.segments[old].from, streets.segments[old].to]).collect();
    let junctions = streets.junctions.iter().map(|junction| junction.at).collect();
    Ok(Prepared { graph, geometry, classes, names, report, junctions, ends })
}

/// Milliseconds of each street; 0: it cannot be driven.
fn times(streets: &Streets, profile: &RoadProfile, closed: &mut Tally) -> Vec<u32> {
    let speeds: Vec<[Option<f64>; 2]> = streets.ways.iter().map(|way| speeds(profile, way, closed)).collect();
    let mut way_length = vec![0.0; streets.ways.len()];
    for segment in &streets.segments {
        way_length[segment.way as usize] += segment.length;
    }
    let segments = streets.segments.iter().flat_map(|segment| {
        let way = segment.way as usize;
        speeds[way].map(|speed| {
            speed.map_or(0, |speed| segment_time(&streets.ways[way], segment.length, way_length[way], speed))
        })
    });
    segments.collect()
}

/// Which states are kept: those of the largest component, so that each can be reached from each.
fn connected(expanded: &Expanded) -> Vec<bool> {
    let (component, sizes) = components(&expanded.arcs);
    let largest = (0..sizes.len()).max_by_key(|&i| (sizes[i], std::cmp::Reverse(i))).unwrap_or(0) as u32;
    component.iter().map(|&component| component == largest).collect()
}

/// New numbers of segments and states.
struct Numbering {
    /// The new number of each segment of the map.
    segment: Vec<u32>,
    /// The map's number of each segment.
    old: Vec<usize>,
    state: Vec<u32>,
    kept: Vec<u32>,
}

impl Numbering {
    fn new(streets: &Streets, expanded: &Expanded, kept: &[bool]) -> Self {
        let mut segment = vec![NONE; streets.segments.len()];
        let (mut state, mut kept_states) = (vec![NONE; kept.len()], Vec::new());
        for (index, _) in kept.iter().enumerate().filter(|(_, kept)| **kept) {
            state[index] = kept_states.len() as u32;
            kept_states.push(index as u32);
            segment[(expanded.street[index] / 2) as usize] = 0;
        }
        let mut old = Vec::new();
        for (index, new) in segment.iter_mut().enumerate().filter(|(_, new)| **new != NONE) {
            *new = old.len() as u32;
            old.push(index);
        }
        Self { segment, old, state, kept: kept_states }
    }

    fn graph(&mut self, expanded: &Expanded, times: &[u32], streets: &Streets) -> Graph {
        let mut plain = vec![NONE; 2 * self.old.len()];
        let (mut street, mut time, mut length) = (Vec::new(), Vec::new(), Vec::new());
        let (mut first, mut head, mut turn) = (vec![0], Vec::new(), Vec::new());
        let mut histories = Vec::new();
        for (state, &old) in self.kept.iter().enumerate() {
            let old_street = expanded.street[old as usize];
            let new_street = 2 * self.segment[(old_street / 2) as usize] + (old_street & 1);
            if (old as usize) < expanded.plain {
                plain[new_street as usize] = state as u32;
            } else {
                histories.push(state as u32);
            }
            street.push(new_street);
            time.push(times[old_street as usize]);
            length.push(centimetres(streets.segments[(old_street / 2) as usize].length, times[old_street as usize]));
            for &(to, cost) in &expanded.arcs[old as usize] {
                if self.state[to as usize] != NONE {
                    head.push(self.state[to as usize]);
                    turn.push(cost);
                }
            }
            first.push(head.len() as u32);
        }
        histories.sort_by_key(|&state| street[state as usize]);
        Graph {
            street: street.into(),
            time: time.into(),
            length: length.into(),
            first: first.into(),
            head: head.into(),
            turn: turn.into(),
            plain: plain.into(),
            histories: histories.into(),
        }
    }

    fn geometry(&self, streets: &Streets) -> (Geometry, Vec<String>, Vec<String>) {
        let (mut first, mut positions) = (vec![0], Vec::new());
        let (mut way, mut class, mut name) = (Vec::new(), Vec::new(), Vec::new());
        let (mut classes, mut names) = (Interner::default(), Interner::default());
        for &old in &self.old {
            let segment = &streets.segments[old];
            let attributes = &streets.ways[segment.way as usize];
            positions.extend(streets.shape(segment).iter().flat_map(|position| [position.lon, position.lat]));
            first.push((positions.len() / 2) as u32);
            way.push(attributes.id);
            class.push(classes.number(&attributes.class));
            name.push(names.number(&attributes.name));
        }
        let geometry = Geometry {
            first: first.into(),
            positions: positions.into(),
            way: way.into(),
            class: class.into(),
            name: name.into(),
        };
        (geometry, classes.list, names.list)
    }
}

/// Whole centimetres of a street, no more than its time allows.
fn centimetres(metres: f64, time: u32) -> u32 {
    (metres * 100.0).round().min(4.0 * f64::from(time)) as u32
}

/// Numbers texts in the order in which they come.
#[derive(Default)]
struct Interner {
    list: Vec<String>,
    number: HashMap<String, u32>,
}

impl Interner {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.number.get(text) {
            return number;
        }
        let number = self.list.len() as u32;
        self.list.push(text.to_owned());
        self.number.insert(text.to_owned(), number);
        number
    }
}

/// What a test's own search needs: the time of each street, the turns out of one, and how many states there are before
/// the component is chosen.
#[cfg(test)]
pub(in crate::travel::road) struct ForTests<'s> {
    pub(in crate::travel::road) times: Vec<u32>,
    pub(in crate::travel::road) states: usize,
    turns: crate::travel::road::graph::turns::TurnRules<'s>,
}

#[cfg(test)]
impl<'s> ForTests<'s> {
    pub(in crate::travel::road) fn new(streets: &'s Streets, profile: &'s RoadProfile) -> Self {
        let times = times(streets, profile, &mut Tally::default());
        let turns = crate::travel::road::graph::turns::TurnRules::new(streets, profile, &times);
        let states = expand(streets, profile, &times).street.len();
        Self { times, states, turns }
    }

    pub(in crate::travel::road) fn exits(&self, street: u32, forbidden: impl Fn(u32) -> bool) -> Vec<(u32, u32)> {
        self.turns.exits(street, forbidden)
    }
}
