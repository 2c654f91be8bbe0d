//! What a map says about its streets, for any vehicle.

mod attributes;
mod build;
mod report;
mod restriction;
mod tags;

pub use attributes::{Access, Barrier, Direction, Limits, Permit, Way};
pub(super) use build::{RawMap, RawNode, RawWay, build};
pub(super) use report::Tally;
pub use report::{Ignored, StreetsReport};
pub(super) use restriction::RawRestriction;
#[cfg(test)]
pub(super) use restriction::Via;
pub use restriction::{Restriction, RestrictionKind};
pub(super) use tags::{is_street, node_tags, way_tags};

use crate::geometry::Coord;
use crate::travel::road::position::Position;

/// The streets of a map: junctions, the segments between them, what holds on them, and which turns are forbidden.
///
/// Nothing in it depends on who drives: a [`RoadProfile`](crate::travel::road::RoadProfile) says that, and a
/// [`Network`](crate::travel::road::Network) is the streets as one profile drives them. Data of OpenStreetMap is © its
/// contributors, under the Open Database License: a program that shows a map or a route of it says so.
#[derive(Clone, Debug)]
pub struct Streets {
    pub(super) junctions: Vec<Junction>,
    pub(super) segments: Vec<Segment>,
    pub(super) shapes: Vec<Position>,
    pub(super) ways: Vec<Way>,
    pub(super) restrictions: Vec<Restriction>,
    pub(super) report: StreetsReport,
}

/// Where segments meet or end.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Junction {
    pub(super) at: Position,
    pub(super) barrier: Option<Barrier>,
    pub(super) signals: bool,
}

/// A piece of a street between two junctions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Segment {
    /// Index of the junction where its geometry begins.
    pub(super) from: u32,
    /// Index of the junction where its geometry ends.
    pub(super) to: u32,
    /// Index of its [`Way`].
    pub(super) way: u32,
    /// Where its geometry begins in the shapes; it has at least two positions.
    pub(super) shape: u32,
    /// Number of positions of its geometry.
    pub(super) points: u32,
    /// Metres.
    pub(super) length: f64,
}

impl Streets {
    /// Number of junctions and ends of streets.
    pub fn num_junctions(&self) -> usize {
        self.junctions.len()
    }

    /// Number of segments; one that is driven both ways counts once.
    pub fn num_segments(&self) -> usize {
        self.segments.len()
    }

    /// The ways that the segments are pieces of.
    pub fn ways(&self) -> &[Way] {
        &self.ways
    }

    /// The turn restrictions, between segments.
    pub fn restrictions(&self) -> &[Restriction] {
        &self.restrictions
    }

    /// What was read, and what was ignored for which reason.
    pub fn report(&self) -> &StreetsReport {
        &self.report
    }

    /// The length of a segment in metres.
    ///
    /// # Panics
    ///
    /// If `segment` is not below [`num_segments`](Self::num_segments).
    pub fn length(&self, segment: usize) -> f64 {
        self.segments[segment].length
    }

    /// The way that a segment is a piece of.
    ///
    /// # Panics
    ///
    /// If `segment` is not below [`num_segments`](Self::num_segments).
    pub fn way_of(&self, segment: usize) -> &Way {
        &self.ways[self.segments[segment].way as usize]
    }

    /// The geometry of a segment: longitude and latitude, at least two points.
    ///
    /// # Panics
    ///
    /// If `segment` is not below [`num_segments`](Self::num_segments).
    pub fn geometry(&self, segment: usize) -> Vec<Coord> {
        self.shape(&self.segments[segment]).iter().map(|position| position.coord()).collect()
    }

    /// Metres of all segments together.
    pub fn total_length(&self) -> f64 {
        self.segments.iter().map(|segment| segment.length).sum()
    }

    /// The least and greatest longitude and latitude: `[west, south, east, north]`.
    pub fn bounds(&self) -> [f64; 4] {
        let (mut low, mut high) = ([f64::MAX; 2], [f64::MIN; 2]);
        for position in &self.shapes {
            let Coord { x, y } = position.coord();
            (low, high) = ([low[0].min(x), low[1].min(y)], [high[0].max(x), high[1].max(y)]);
        }
        [low[0], low[1], high[0], high[1]]
    }

    pub(super) fn shape(&self, segment: &Segment) -> &[Position] {
        &self.shapes[segment.shape as usize..(segment.shape + segment.points) as usize]
    }
}
