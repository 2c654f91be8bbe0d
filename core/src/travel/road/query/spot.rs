//! Points on streets.

use crate::geometry::Coord;
use crate::travel::road::graph::Graph;
use crate::travel::road::hierarchy::Terminal;
use crate::travel::road::label::{Label, label};

/// A point that was snapped to the streets of a [`Network`](crate::travel::road::Network): one or several places where a
/// vehicle may stop for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    pub(super) name: String,
    pub(super) at: Coord,
    pub(in crate::travel::road) places: Vec<Place>,
}

/// A place on a segment, and the directions in which a vehicle may be there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::travel::road) struct Place {
    pub(in crate::travel::road) segment: u32,
    /// The share of the segment's length that lies before it.
    pub(super) along: f64,
    pub(super) at: Coord,
    pub(super) away: f64,
    /// Along the segment's geometry, and against it.
    pub(super) directions: [bool; 2],
}

impl Spot {
    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The point that was snapped.
    pub fn point(&self) -> Coord {
        self.at
    }

    /// Its nearest place on a street.
    pub fn on_street(&self) -> Coord {
        self.places[0].at
    }

    /// Metres from the point to its nearest place on a street. They are in no travel time.
    pub fn away(&self) -> f64 {
        self.places[0].away
    }

    /// How many places on streets it may be reached at.
    pub fn num_places(&self) -> usize {
        self.places.len()
    }

    /// The streets of its places, each with the share of its length that is behind a vehicle there.
    pub(super) fn streets(&self) -> impl Iterator<Item = (u32, f64, &Place)> {
        self.places.iter().flat_map(|place| {
            let both = [(2 * place.segment, place.along), (2 * place.segment + 1, 1.0 - place.along)];
            both.into_iter()
                .zip(place.directions)
                .filter(|(_, allowed)| *allowed)
                .map(move |((street, behind), _)| (street, behind, place))
        })
    }

    /// Where a path from here begins.
    pub(in crate::travel::road) fn sources(&self, graph: &Graph, times: &[u32]) -> Vec<Terminal> {
        // Without a history; where that leads nowhere, as if it had come from somewhere.
        let start = |street| {
            graph.state(street).into_iter().chain(graph.states(street).filter(move |_| graph.state(street).is_none()))
        };
        self.streets()
            .flat_map(|(street, behind, _)| start(street).map(move |state| terminal(graph, times, state, behind)))
            .collect()
    }

    /// Where a path to here ends.
    pub(in crate::travel::road) fn targets(&self, graph: &Graph, times: &[u32]) -> Vec<Terminal> {
        let ends = |(street, behind, _)| graph.states(street).map(move |state| terminal(graph, times, state, behind));
        self.streets().flat_map(ends).collect()
    }
}

/// A state, and what remains of it behind a share of its street. The time on a closed street is that on a quiet one.
fn terminal(graph: &Graph, times: &[u32], state: u32, behind: f64) -> Terminal {
    let time = match times[state as usize] {
        crate::travel::road::graph::CLOSED => graph.time[state as usize],
        time => time,
    };
    Terminal { state, part: rest(time, graph.length[state as usize], behind) }
}

/// What remains of a street, of which a share lies behind: less, the larger the share is.
fn rest(time: u32, length: u32, behind: f64) -> Label {
    let remaining = |whole: u32| whole - ((f64::from(whole) * behind).round() as u32).min(whole);
    label(remaining(time), remaining(length))
}
