//! Customisable contraction hierarchies: J. Dibbelt, B. Strasser, D. Wagner (2016), doi:10.1145/2886843; with turns as in V.
//! Buchhold, D. Wagner, T. Zeitz, M. Zündorf (2020), doi:10.4230/OASIcs.ATMOS.2020.9: the order comes from cuts through the
//! streets.

mod customise;
mod cut;
mod dijkstra;
mod flow;
mod order;
mod path;
mod search;
mod structure;
mod sweep;

pub(super) use customise::Weights;
pub(super) use dijkstra::Dijkstra;
pub(super) use order::street_order;
pub(super) use path::unpack;
pub(super) use search::{Scratch, best_path};
pub(super) use structure::Hierarchy;
pub(super) use sweep::{LANES, Lanes, Sweep};

use crate::travel::road::label::Label;

/// A state where a path begins or ends.
///
/// A path's label is that of arriving at the end of its last state, from the begin of nothing: at its first state, `part` is
/// what remains of it; at its last state, what is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Terminal {
    pub(super) state: u32,
    pub(super) part: Label,
}
