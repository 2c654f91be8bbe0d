//! The graph of a network: a node for each way to be on a street, an arc for each turn.

use crate::travel::road::column::Column;
use crate::travel::road::label::{Label, NEVER, label};
use crate::travel::road::position::Position;

/// No state, no arc.
pub(in crate::travel::road) const NONE: u32 = u32::MAX;

/// The states of a network and the turns between them.
///
/// A street is a segment in one direction: twice the segment's index, plus one if against its geometry. A state is to be
/// on a street; where turn restrictions lead through streets, there are more states of a street, one for each history
/// that matters. An arc is a turn from the end of one state's street into another's, and leads to the end of that.
#[derive(Clone, Debug, Default)]
pub(in crate::travel::road) struct Graph {
    /// The street of each state.
    pub(in crate::travel::road) street: Column<u32>,
    /// Milliseconds to drive the street of each state when it is quiet.
    pub(in crate::travel::road) time: Column<u32>,
    /// Centimetres of the street of each state.
    pub(in crate::travel::road) length: Column<u32>,
    /// Where the arcs out of each state begin, and where the last ones end.
    pub(in crate::travel::road) first: Column<u32>,
    /// The state that each arc leads to.
    pub(in crate::travel::road) head: Column<u32>,
    /// Milliseconds that the turn of each arc costs.
    pub(in crate::travel::road) turn: Column<u32>,
    /// The state of each street without a history; [`NONE`] if the street is not used.
    pub(in crate::travel::road) plain: Column<u32>,
    /// The states with a history, in the order of their streets.
    pub(in crate::travel::road) histories: Column<u32>,
}

impl Graph {
    pub(in crate::travel::road) fn num_states(&self) -> usize {
        self.street.len()
    }

    pub(in crate::travel::road) fn num_arcs(&self) -> usize {
        self.head.len()
    }

    pub(in crate::travel::road) fn arcs(&self, state: u32) -> std::ops::Range<usize> {
        self.first[state as usize] as usize..self.first[state as usize + 1] as usize
    }

    /// The state of a street without a history.
    pub(in crate::travel::road) fn state(&self, street: u32) -> Option<u32> {
        Some(self.plain[street as usize]).filter(|&state| state != NONE)
    }

    /// All states of a street.
    pub(in crate::travel::road) fn states(&self, street: u32) -> impl Iterator<Item = u32> {
        let begin = self.histories.partition_point(|&state| self.street[state as usize] < street);
        let more = self.histories[begin..].iter().copied();
        self.state(street).into_iter().chain(more.take_while(move |&state| self.street[state as usize] == street))
    }

    /// What an arc takes to the end of its head, at the given times of states; [`NEVER`] into a closed street.
    #[inline]
    pub(in crate::travel::road) fn arc_label(&self, arc: usize, times: &[u32]) -> Label {
        let head = self.head[arc] as usize;
        match times[head] {
            CLOSED => NEVER,
            time => label(time, self.length[head]) + label(self.turn[arc], 0),
        }
    }
}

/// The time of a street that is closed.
pub(in crate::travel::road) const CLOSED: u32 = u32::MAX;

/// The geometry and attributes of segments, for snapping and routes.
#[derive(Clone, Debug, Default)]
pub(in crate::travel::road) struct Geometry {
    /// Where the positions of each segment begin, and where the last ones end.
    pub(in crate::travel::road) first: Column<u32>,
    /// Longitudes and latitudes, alternating, in units of 10⁻⁷ degrees.
    pub(in crate::travel::road) positions: Column<i32>,
    /// The way of each segment.
    pub(in crate::travel::road) way: Column<i64>,
    /// The index of each segment's class in the list of classes.
    pub(in crate::travel::road) class: Column<u32>,
    /// The index of each segment's name in the list of names.
    pub(in crate::travel::road) name: Column<u32>,
}

impl Geometry {
    pub(in crate::travel::road) fn num_segments(&self) -> usize {
        self.way.len()
    }

    /// The positions of a segment, along its geometry.
    pub(in crate::travel::road) fn line(
        &self,
        segment: u32,
    ) -> impl DoubleEndedIterator<Item = Position> + ExactSizeIterator {
        let range = 2 * self.first[segment as usize] as usize..2 * self.first[segment as usize + 1] as usize;
        self.positions[range].chunks_exact(2).map(|pair| Position { lon: pair[0], lat: pair[1] })
    }
}
