//! Streets as one profile drives them.

mod build;
mod component;
mod expand;
mod states;
mod turns;
mod usable;

#[cfg(test)]
pub(super) use build::ForTests;
pub(super) use build::prepare;
pub(super) use states::{CLOSED, Geometry, Graph, NONE};

use crate::travel::road::streets::Ignored;

/// What a network has, and which of the map's streets are not in it.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct NetworkReport {
    /// Number of segments that can be driven in at least one direction.
    pub segments: usize,
    /// Number of directed segments: the ways to be on a street.
    pub directed_segments: usize,
    /// Number of states: directed segments, and more of them where restrictions lead through streets.
    pub states: usize,
    /// Number of turns.
    pub turns: usize,
    /// Number of turn restrictions that hold for the profile.
    pub restrictions: usize,
    /// Metres of the segments.
    pub length: f64,
    /// Number of segments that can be driven but are not connected, there and back, with the rest: islands, and streets
    /// that cannot be left again.
    pub disconnected_segments: usize,
    /// Metres of the disconnected segments.
    pub disconnected_length: f64,
    /// Segments that the profile does not use, by reason.
    pub unused: Vec<Ignored>,
}
