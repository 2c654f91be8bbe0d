//! From points to places on streets.

use crate::geometry::Coord;
use crate::listing::Listing;
use crate::travel::road::network::Network;
use crate::travel::road::position::Position;
use crate::travel::road::profile::Side;
use crate::travel::road::query::index::{Foot, Index};
use crate::travel::road::query::spot::{Place, Spot};
use crate::travel::road::{OffRoad, RoadError};
use crate::travel::{Approach, SourcePoint};

/// Points nearer to the middle of a street than this, in metres, lie on neither of its sides.
const MIDDLE: f64 = 0.5;

/// How points are snapped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snap {
    /// The approach of points that do not say theirs.
    pub approach: Approach,
    /// How far from a street a point may be, in metres.
    pub limit: f64,
    /// Streets that are at most so many metres farther away than the nearest one are places to stop, too.
    pub slack: f64,
    /// The most places for one point.
    pub places: usize,
}

impl Default for Snap {
    fn default() -> Self {
        Self { approach: Approach::Any, limit: 500.0, slack: 1.0, places: 4 }
    }
}

impl Network {
    /// The places on streets where a vehicle may stop for each point: longitude and latitude in degrees. Points that are
    /// too far from every street are all named in the error, as `point 0` and so on.
    pub fn snap(&self, points: &[Coord], snap: &Snap) -> Result<Vec<Spot>, RoadError> {
        let named = points.iter().enumerate().map(|(i, &at)| (format!("point {i}"), at, snap.approach));
        self.snap_each(named, snap)
    }

    /// The same for points with names and approaches of their own. On a one-way street, a vehicle comes from one direction
    /// anyway.
    pub fn snap_named(&self, points: &[SourcePoint], snap: &Snap) -> Result<Vec<Spot>, RoadError> {
        let named = |(i, point): (usize, &SourcePoint)| {
            let name = if point.name.is_empty() { format!("point {i}") } else { point.name.clone() };
            (name, point.coord, point.approach)
        };
        self.snap_each(points.iter().enumerate().map(named), snap)
    }

    fn snap_each(
        &self,
        points: impl Iterator<Item = (String, Coord, Approach)>,
        snap: &Snap,
    ) -> Result<Vec<Spot>, RoadError> {
        check(snap)?;
        let index = self.base.index.get_or_init(|| Index::new(&self.base.geometry));
        let (mut spots, mut off) = (Vec::new(), Listing::default());
        for (name, at, approach) in points {
            match self.places(index, at, approach, snap) {
                Ok(places) => spots.push(Spot { name, at, places }),
                Err(nearest) => off.push_with(|| OffRoad { name, at, nearest, limit: snap.limit }),
            }
        }
        if off.is_empty() { Ok(spots) } else { Err(RoadError::OffRoad { points: off.kept, omitted: off.omitted }) }
    }

    /// The places for a point, nearest first; else how far the nearest street is.
    fn places(&self, index: &Index, at: Coord, approach: Approach, snap: &Snap) -> Result<Vec<Place>, Option<f64>> {
        let position = Position::new(at.x, at.y).ok_or(None)?;
        let geometry = &self.base.geometry;
        let feet = index.near(geometry, position, snap.limit, snap.slack);
        if feet.is_empty() {
            return Err(index.near(geometry, position, 2.0 * snap.limit, 0.0).first().map(|foot| foot.away));
        }
        Ok(feet.iter().take(snap.places).map(|foot| self.place(foot, approach)).collect())
    }

    fn place(&self, foot: &Foot, approach: Approach) -> Place {
        let driven = [0, 1].map(|against| self.base.graph.states(2 * foot.segment + against).next().is_some());
        let mut directions = driven;
        if approach == Approach::Curb && driven == [true, true] && foot.away >= MIDDLE {
            let along = foot.is_right == (self.base.profile.driving_side == Side::Right);
            directions = [along, !along];
        }
        Place { segment: foot.segment, along: foot.along, at: foot.at.coord(), away: foot.away, directions }
    }
}

fn check(snap: &Snap) -> Result<(), RoadError> {
    let argument =
        |what: &str, value: String, remedy| Err(RoadError::Argument { what: what.to_owned(), value, remedy });
    if !(snap.limit > 0.0 && snap.limit <= 100_000.0) {
        return argument("snap.limit", snap.limit.to_string(), "write metres, above 0 and at most 100,000");
    }
    if !(0.0..=1000.0).contains(&snap.slack) {
        return argument("snap.slack", snap.slack.to_string(), "write metres, from 0 to 1,000");
    }
    if snap.places == 0 {
        return argument("snap.places", "0".to_owned(), "write at least 1");
    }
    Ok(())
}
