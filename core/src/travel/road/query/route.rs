//! Routes from spot to spot, along the streets.

use crate::geometry::Coord;
use crate::travel::road::RoadError;
use crate::travel::road::graph::NONE;
use crate::travel::road::hierarchy::{Terminal, best_path, unpack};
use crate::travel::road::label::{Label, metres, seconds};
use crate::travel::road::network::Network;
use crate::travel::road::position::Position;
use crate::travel::road::query::spot::Spot;
use crate::units::{Distance, Duration};

/// A drive along the streets through some spots.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Route {
    /// From each spot to the next one.
    pub legs: Vec<Leg>,
}

/// A drive from one spot to the next.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Leg {
    /// Seconds, to the nearest one.
    pub duration: Duration,
    /// Metres, to the nearest one.
    pub distance: Distance,
    /// Longitudes and latitudes along the streets, from the place where it begins to the one where it ends: at least two,
    /// equal ones if it goes nowhere.
    pub geometry: Vec<Coord>,
    /// The names of the streets that it follows, in their order, without those that have none.
    pub streets: Vec<String>,
    /// The map's numbers of the ways that it follows.
    pub ways: Vec<i64>,
}

impl Route {
    /// Seconds of all legs.
    pub fn duration(&self) -> Duration {
        self.legs.iter().map(|leg| leg.duration).sum()
    }

    /// Metres of all legs.
    pub fn distance(&self) -> Distance {
        self.legs.iter().map(|leg| leg.distance).sum()
    }
}

/// The best path between two spots.
pub(super) struct Best {
    pub(super) label: Label,
    states: Vec<u32>,
    /// The share of the first street that lies behind its start, and of the last one behind its end.
    shares: [f64; 2],
}

impl Network {
    /// The fastest drive through spots in their order. A leg begins where a vehicle may stop for the spot, which need not be
    /// where the leg before ended if the spot has several places.
    pub fn route(&self, spots: &[Spot]) -> Result<Route, RoadError> {
        let leg = |pair: &[Spot]| {
            let best = self.path(&pair[0], &pair[1], true).ok_or_else(|| RoadError::Unreachable {
                from: pair[0].name.clone(),
                to: pair[1].name.clone(),
                profile: self.base.profile.name.clone(),
            })?;
            Ok(self.leg(&best))
        };
        Ok(Route { legs: spots.windows(2).map(leg).collect::<Result<_, RoadError>>()? })
    }

    /// The time and distance between two spots.
    pub(super) fn best(&self, from: &Spot, to: &Spot) -> Option<Best> {
        self.path(from, to, false)
    }

    fn path(&self, from: &Spot, to: &Spot, with_states: bool) -> Option<Best> {
        let (graph, times) = (&self.base.graph, &self.weights.times);
        let targets = to.targets(graph, times);
        let mut starts: Vec<Start> = Vec::new();
        for source in from.sources(graph, times) {
            // Where the destination lies before the origin on the same street, the path leaves the street and returns.
            let behind = |target: &Terminal| target.state == source.state && target.part > source.part;
            if !targets.iter().any(behind) {
                starts.push(Start { terminal: source, before: NONE });
                continue;
            }
            starts.extend(graph.arcs(source.state).map(|arc| Start {
                terminal: Terminal { state: graph.head[arc], part: source.part + graph.arc_label(arc, times) },
                before: source.state,
            }));
        }
        let sources: Vec<Terminal> = starts.iter().map(|start| start.terminal).collect();
        let (hierarchy, weights) = (&self.base.hierarchy, &self.weights);
        let path = self.with_scratch(|scratch| best_path(hierarchy, weights, scratch, &sources, &targets))?;
        let mut best = Best { label: path.label, states: Vec::new(), shares: [0.0; 2] };
        if with_states {
            let at_rank = starts.iter().filter(|start| hierarchy.rank[start.terminal.state as usize] == path.start());
            let start = at_rank.min_by_key(|start| start.terminal.part)?;
            best.states = unpack(hierarchy, graph, weights, &path, start.terminal.state);
            if start.before != NONE {
                best.states.insert(0, start.before);
            }
            let street = |state: Option<&u32>| state.map(|&state| graph.street[state as usize]);
            best.shares = [share(from, street(best.states.first())?)?, share(to, street(best.states.last())?)?];
        }
        Some(best)
    }

    fn leg(&self, best: &Best) -> Leg {
        let geometry = &self.base.geometry;
        let mut leg = Leg {
            duration: seconds(best.label),
            distance: metres(best.label),
            geometry: Vec::new(),
            streets: Vec::new(),
            ways: Vec::new(),
        };
        let last = best.states.len() - 1;
        for (i, &state) in best.states.iter().enumerate() {
            let street = self.base.graph.street[state as usize];
            let segment = street / 2;
            let mut line: Vec<Coord> = geometry.line(segment).map(Position::coord).collect();
            if street & 1 == 1 {
                line.reverse();
            }
            let from = if i == 0 { best.shares[0] } else { 0.0 };
            let to = if i == last { best.shares[1] } else { 1.0 };
            for at in part(&line, from, to) {
                if leg.geometry.last() != Some(&at) {
                    leg.geometry.push(at);
                }
            }
            let (way, name) =
                (geometry.way[segment as usize], &self.base.names[geometry.name[segment as usize] as usize]);
            if leg.ways.last() != Some(&way) {
                leg.ways.push(way);
            }
            if !name.is_empty() && leg.streets.last() != Some(name) {
                leg.streets.push(name.clone());
            }
        }
        if leg.geometry.len() == 1 {
            leg.geometry.push(leg.geometry[0]);
        }
        leg
    }
}

/// Where a path may begin, and the state that it comes from where it had to leave the street first.
struct Start {
    terminal: Terminal,
    before: u32,
}

/// The share of a street that lies behind a spot's place on it.
fn share(spot: &Spot, street: u32) -> Option<f64> {
    spot.streets().find(|&(of, ..)| of == street).map(|(_, behind, _)| behind)
}

/// The part of a line between two shares of its length.
fn part(line: &[Coord], from: f64, to: f64) -> Vec<Coord> {
    let shrink = line[0].y.to_radians().cos();
    let length = |a: Coord, b: Coord| ((b.x - a.x) * shrink).hypot(b.y - a.y);
    let total: f64 = line.windows(2).map(|pair| length(pair[0], pair[1])).sum();
    let (begin, end) = (from * total, to * total);
    let between = |a: Coord, b: Coord, share: f64| Coord::new(a.x + share * (b.x - a.x), a.y + share * (b.y - a.y));
    let (mut points, mut before) = (Vec::new(), 0.0);
    for pair in line.windows(2) {
        let piece = length(pair[0], pair[1]);
        let at = |along: f64| if piece > 0.0 { ((along - before) / piece).clamp(0.0, 1.0) } else { 0.0 };
        if before + piece >= begin && before <= end {
            points.push(between(pair[0], pair[1], at(begin)));
            points.push(between(pair[0], pair[1], at(end)));
        }
        before += piece;
    }
    points.dedup();
    points
}
