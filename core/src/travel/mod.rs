//! Distances and durations between locations: given as matrices, or computed from coordinates on demand.

mod drive;
mod matrix;
#[cfg(feature = "roads")]
pub mod road;
mod rounding;
mod source;
mod speed;

pub(crate) use drive::Drive;
pub use matrix::{Matrix, MatrixError};
pub use rounding::{Rounding, UnknownRounding};
pub use source::{
    Approach, Estimate, EstimateError, GivenTable, GivenTableError, Leg, PointFault, PointProblem, RequestError,
    SourceError, SourceLimits, SourcePoint, SourceProgress, SourceRun, TableRequest, TravelBlock, TravelSource,
    TravelTable, UnequalTables, UnreachablePair, check_points,
};
pub use speed::{SpeedCurve, SpeedStep};

use geo::{Distance as _, Haversine};

use crate::geometry::{Coord, EARTH_RADIUS};
use crate::ids::{LocationId, ProfileId};
use crate::units::{Distance, Duration, MAX_VALUE};

/// The distance and duration of an arc that must not be driven.
pub const UNREACHABLE: i64 = MAX_VALUE;

/// Half of the Earth's circumference in metres: no two points are farther apart.
pub(crate) const FARTHEST: f64 = EARTH_RADIUS * std::f64::consts::PI;

/// The source of distances and durations between locations.
///
/// Computed kinds need no memory for pairs, and so suit tens of thousands of locations.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Travel {
    /// Straight lines between planar points.
    Euclidean {
        /// How lengths become integers.
        rounding: EuclideanRounding,
    },
    /// Great circles between points given as longitude and latitude in degrees; metres and seconds.
    Haversine {
        /// Metres per second.
        speed: f64,
        /// Ratio of road distance to straight-line distance; 1.3 is common in cities.
        detour: f64,
    },
    /// One pair of matrices for each travel profile.
    Matrices(Vec<ProfileMatrices>),
}

/// How a Euclidean length becomes an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EuclideanRounding {
    /// By a benchmark convention.
    Convention(Rounding),
    /// Up to the next integer (TSPLIB's `CEIL_2D`).
    Ceil,
}

impl EuclideanRounding {
    /// The factor by which lengths grow.
    pub(crate) const fn scale(self) -> f64 {
        match self {
            Self::Convention(rounding) => rounding.scale(),
            Self::Ceil => 1.0,
        }
    }
}

/// The matrices of one travel profile: rows are origins, columns destinations, both in the order of locations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileMatrices {
    /// Distances.
    pub distance: Matrix,
    /// Durations; `None`: equal to the distances.
    pub duration: Option<Matrix>,
}

impl Travel {
    /// Straight lines under a benchmark's rounding convention; durations equal distances.
    pub const fn euclidean(rounding: Rounding) -> Self {
        Self::Euclidean { rounding: EuclideanRounding::Convention(rounding) }
    }

    /// Great circles at `speed` metres per second, with roads 1.3 times as long as the straight line.
    pub const fn haversine(speed: f64) -> Self {
        Self::Haversine { speed, detour: 1.3 }
    }

    /// One profile, whose durations equal its distances.
    pub fn matrix(distance: Matrix) -> Self {
        Self::Matrices(vec![ProfileMatrices { distance, duration: None }])
    }

    /// How many travel profiles there are.
    pub fn num_profiles(&self) -> usize {
        match self {
            Self::Euclidean { .. } | Self::Haversine { .. } => 1,
            Self::Matrices(profiles) => profiles.len(),
        }
    }

    /// Whether durations and distances are the same numbers.
    pub fn durations_equal_distances(&self) -> bool {
        match self {
            Self::Euclidean { .. } => true,
            Self::Haversine { .. } => false,
            Self::Matrices(profiles) => profiles.iter().all(|p| p.duration.is_none()),
        }
    }

    /// Whether every arc and its reverse have the same distance and duration.
    pub fn is_symmetric(&self) -> bool {
        match self {
            Self::Euclidean { .. } | Self::Haversine { .. } => true,
            Self::Matrices(profiles) => profiles
                .iter()
                .all(|p| p.distance.is_symmetric() && p.duration.as_ref().is_none_or(Matrix::is_symmetric)),
        }
    }

    /// Straight distance between two points: great-circle metres where they are longitudes and latitudes.
    pub(crate) fn straight(&self, a: Coord, b: Coord) -> f64 {
        match self {
            Self::Haversine { .. } => great_circle(a, b),
            _ => (a.x - b.x).hypot(a.y - b.y),
        }
    }

    /// The distance between two locations, whose coordinates are `coords[from]` and `coords[to]`.
    #[inline]
    pub(crate) fn distance(&self, profile: ProfileId, from: (LocationId, Coord), to: (LocationId, Coord)) -> Distance {
        match self {
            Self::Euclidean { rounding } => euclidean(*rounding, from.1, to.1),
            Self::Haversine { detour, .. } => (great_circle(from.1, to.1) * detour).round() as i64,
            Self::Matrices(profiles) => profiles[profile.index()].distance.get(from.0.index(), to.0.index()),
        }
    }

    /// The duration of the arc between two locations.
    #[inline]
    pub(crate) fn duration(&self, profile: ProfileId, from: (LocationId, Coord), to: (LocationId, Coord)) -> Duration {
        match self {
            Self::Euclidean { rounding } => euclidean(*rounding, from.1, to.1),
            Self::Haversine { speed, detour } => (great_circle(from.1, to.1) * detour / speed).round() as i64,
            Self::Matrices(profiles) => {
                let p = &profiles[profile.index()];
                p.duration.as_ref().unwrap_or(&p.distance).get(from.0.index(), to.0.index())
            }
        }
    }
}

#[inline]
fn euclidean(rounding: EuclideanRounding, a: Coord, b: Coord) -> i64 {
    let (dx, dy) = (a.x - b.x, a.y - b.y);
    let length = (dx * dx + dy * dy).sqrt();
    match rounding {
        EuclideanRounding::Convention(rounding) => rounding.apply(length),
        EuclideanRounding::Ceil => length.ceil() as i64,
    }
}

/// Metres between two points in degrees, on the great circle.
fn great_circle(a: Coord, b: Coord) -> f64 {
    let metres = Haversine.distance(geo::Point::from(a), geo::Point::from(b));
    // Of points on opposite sides of the Earth, rounding can make nothing.
    if metres.is_nan() { FARTHEST } else { metres }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn great_circle_matches_a_degree_of_the_equator() {
        let length = great_circle(Coord::new(0.0, 0.0), Coord::new(1.0, 0.0));
        assert!((length - 111_195.08).abs() < 0.5, "{length}");
    }

    #[test]
    fn ceil_goes_up() {
        let travel = Travel::Euclidean { rounding: EuclideanRounding::Ceil };
        let (a, b) = ((LocationId::new(0), Coord::new(0.0, 0.0)), (LocationId::new(1), Coord::new(1.0, 1.0)));
        assert_eq!(travel.distance(ProfileId::new(0), a, b), 2);
    }
}
