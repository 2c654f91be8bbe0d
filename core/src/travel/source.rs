//! Where travel tables come from: one trait for given arrays, estimates, a street network, and services elsewhere.

mod block;
mod error;
mod estimate;
mod given;

pub use block::{TravelBlock, TravelTable, UnequalTables};
pub use error::{PointFault, PointProblem, RequestError, SourceError, UnreachablePair};
pub use estimate::{Estimate, EstimateError};
pub use given::{GivenTable, GivenTableError};

use std::fmt;

use crate::cancel::CancelToken;
use crate::geometry::Coord;
use crate::units::{Distance, Duration};

/// From which side a vehicle must arrive at a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Approach {
    /// From either side.
    #[default]
    Any,
    /// So that the point is on the side of the street on which one drives: a truck that lifts on its right needs it.
    Curb,
}

/// A point that travel starts from or leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct SourcePoint {
    /// Longitude (`x`) and latitude (`y`) in degrees.
    pub coord: Coord,
    /// From which side a vehicle must arrive. A source that does not know streets ignores it.
    pub approach: Approach,
    /// What errors call the point, next to its index; may be empty.
    pub name: String,
}

impl SourcePoint {
    /// A point without a name at a longitude and latitude in degrees, which may be approached from either side.
    pub fn new(longitude: f64, latitude: f64) -> Self {
        Self { coord: Coord::new(longitude, latitude), approach: Approach::Any, name: String::new() }
    }

    /// With this name.
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// Approached so.
    pub fn approach(self, approach: Approach) -> Self {
        Self { approach, ..self }
    }
}

/// How much of a request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceProgress {
    /// Cells of the table, or legs, that are there.
    pub done: u64,
    /// Cells of the table, or legs, that were asked for.
    pub total: u64,
}

/// What accompanies a request: who may cancel it, and who hears of its progress.
#[derive(Clone, Copy)]
pub struct SourceRun<'a> {
    /// Ends the request with [`SourceError::Cancelled`] as soon as the source notices: between two requests to a
    /// service and while it waits for the next.
    pub cancel: &'a CancelToken,
    /// Called after each part of the answer, from the calling thread.
    pub progress: &'a dyn Fn(SourceProgress),
}

impl<'a> SourceRun<'a> {
    /// A run that `cancel` ends and of whose progress no one hears.
    pub fn new(cancel: &'a CancelToken) -> Self {
        Self { cancel, progress: &|_| {} }
    }

    /// The error that ends a cancelled run.
    pub fn check(&self, source: &str) -> Result<(), SourceError> {
        if self.cancel.is_cancelled() {
            return Err(SourceError::Cancelled { source_name: source.to_owned() });
        }
        Ok(())
    }
}

impl fmt::Debug for SourceRun<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SourceRun").field("cancel", &self.cancel).finish_non_exhaustive()
    }
}

/// A part of a table that is asked for: from some points to some points.
#[derive(Clone, Copy, Debug)]
pub struct TableRequest<'a> {
    /// The points, in the order by which errors number them.
    pub points: &'a [SourcePoint],
    /// Indices of the points at which travel starts: the rows.
    pub origins: &'a [usize],
    /// Indices of the points at which travel ends: the columns.
    pub destinations: &'a [usize],
    /// Cancellation and progress.
    pub run: SourceRun<'a>,
}

impl TableRequest<'_> {
    /// The number of cells.
    pub fn cells(&self) -> u64 {
        self.origins.len() as u64 * self.destinations.len() as u64
    }

    /// Checks what every source demands: indices of points that exist, and coordinates that are longitudes and latitudes.
    /// Only points that are among origins or destinations are examined.
    pub fn check(&self, source: &str) -> Result<(), SourceError> {
        let mut used = vec![false; self.points.len()];
        let mut faults = error::PointFaults::default();
        for &index in self.origins.iter().chain(self.destinations) {
            match used.get_mut(index) {
                Some(used) => *used = true,
                None => faults.add(index, None, PointProblem::Missing { points: self.points.len() }),
            }
        }
        for (index, point) in self.points.iter().enumerate().filter(|&(index, _)| used[index]) {
            faults.check(index, point);
        }
        faults.into_result(source)
    }
}

/// One leg of a path along points.
#[derive(Clone, Debug, PartialEq)]
pub struct Leg {
    /// Metres.
    pub distance: Distance,
    /// Seconds.
    pub duration: Duration,
    /// The line that is driven: longitudes and latitudes, at least two.
    pub geometry: Vec<Coord>,
}

/// How much a source answers at once, and how often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceLimits {
    /// Most origins of one request.
    pub origins: Option<usize>,
    /// Most destinations of one request.
    pub destinations: Option<usize>,
    /// Most points of one request, be they origins, destinations, or both.
    pub points: Option<usize>,
    /// Most cells of one request.
    pub cells: Option<usize>,
    /// Most requests in any minute.
    pub requests_per_minute: Option<u64>,
    /// Most cells in any minute.
    pub cells_per_minute: Option<u64>,
}

/// Something that knows how long travel between points takes, and how far it is along the same path.
///
/// ```
/// use milkrun::CancelToken;
/// use milkrun::travel::{Estimate, SourcePoint, SourceRun, TravelSource};
///
/// let source = Estimate::new(10.0, 1.3).unwrap();
/// let points = [SourcePoint::new(-71.34, -29.96), SourcePoint::new(-71.25, -29.90).named("depot")];
/// let cancel = CancelToken::new();
/// let table = source.table(&points, SourceRun::new(&cancel)).unwrap();
/// // 10,942 metres as the crow flies, 1.3 times as far by road, at ten metres a second.
/// assert_eq!((table.distance.get(0, 1), table.duration.get(0, 1)), (14_225, 1_422));
/// assert!(source.is_estimate());
/// ```
pub trait TravelSource: Send + Sync {
    /// What errors and progress call the source: one word or two.
    fn name(&self) -> &str;

    /// What the source is and how it computes, in a sentence for those who read a plan; it says so where it only
    /// estimates. Without secrets.
    fn describe(&self) -> String;

    /// All that answers depend on, as text: the source, its profile and options, the date of its data. Two sources with
    /// the same identity give the same answers. Without secrets.
    fn identity(&self) -> String;

    /// Whether the answers are estimates instead of paths along streets.
    fn is_estimate(&self) -> bool {
        false
    }

    /// How much the source answers at once. A caller need not obey: [`block`](Self::block) does.
    fn limits(&self) -> SourceLimits {
        SourceLimits::default()
    }

    /// Whether so many cells may be asked for; a source with a budget refuses what exceeds it.
    fn check_budget(&self, cells: u64) -> Result<(), SourceError> {
        let _ = cells;
        Ok(())
    }

    /// Seconds and metres from some points to some points, along the same paths.
    ///
    /// A pair without a path is [`UNREACHABLE`](crate::travel::UNREACHABLE) in both; from a point to itself, both are zero.
    fn block(&self, request: &TableRequest<'_>) -> Result<TravelBlock, SourceError>;

    /// The legs of a path along `points`, each as short as the table's cell, with the lines that are driven.
    ///
    /// Fewer than two points have no leg. A leg without a path is an error, [`SourceError::NoPath`].
    fn legs(&self, points: &[SourcePoint], run: SourceRun<'_>) -> Result<Vec<Leg>, SourceError>;

    /// The square table among all points.
    fn table(&self, points: &[SourcePoint], run: SourceRun<'_>) -> Result<TravelTable, SourceError> {
        let all: Vec<usize> = (0..points.len()).collect();
        let request = TableRequest { points, origins: &all, destinations: &all, run };
        let block = self.block(&request)?;
        block.into_table().map_err(|problem| {
            let problem = problem.to_string();
            SourceError::answer(self.name(), &format!("the table of {0} × {0} points", points.len()), &problem)
        })
    }
}

/// Checks the points of a path, all of which must have coordinates.
pub fn check_points(source: &str, points: &[SourcePoint]) -> Result<(), SourceError> {
    let mut faults = error::PointFaults::default();
    points.iter().enumerate().for_each(|(index, point)| faults.check(index, point));
    faults.into_result(source)
}

#[cfg(test)]
mod tests;
