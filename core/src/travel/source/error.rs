//! What goes wrong with a source of travel tables.

use std::fmt;

use super::SourcePoint;
use crate::geometry::Coord;
use crate::listing::{Listing, counted};

/// What a source of travel tables cannot do, and how to mend it.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// Points that the source cannot use.
    #[error("{source_name}: {}", counted(faults, *omitted))]
    Points {
        /// The source.
        source_name: String,
        /// The first faults, a thousand at most, in order of the points.
        faults: Vec<PointFault>,
        /// How many more there are.
        omitted: usize,
    },
    /// Legs of a path, or cells that were demanded, without a path.
    #[error("{source_name}: no path between {}", counted(pairs, *omitted))]
    NoPath {
        /// The source.
        source_name: String,
        /// The first pairs, a thousand at most.
        pairs: Vec<UnreachablePair>,
        /// How many more there are.
        omitted: usize,
    },
    /// [`CancelToken::cancel`](crate::CancelToken::cancel) was called.
    #[error("{source_name}: cancelled")]
    Cancelled {
        /// The source.
        source_name: String,
    },
    /// The request would cost more than what is left of the budget; nothing was spent on it.
    #[error(
        "{source_name}: the table needs {needed} elements, and {left} are left of the budget: \
         raise the budget to at least {needed}, ask for fewer points, or keep answers in a cache"
    )]
    OverBudget {
        /// The source.
        source_name: String,
        /// Elements that the request needs.
        needed: u64,
        /// Elements that may still be spent.
        left: u64,
    },
    /// A request that failed, or an answer that cannot be used.
    #[error(transparent)]
    Request(Box<RequestError>),
}

impl SourceError {
    /// An answer of a source that cannot be used.
    pub fn answer(source: &str, request: &str, problem: &str) -> Self {
        Self::Request(Box::new(RequestError {
            source_name: source.to_owned(),
            request: request.to_owned(),
            status: None,
            problem: problem.to_owned(),
            remedy: "check that the address belongs to this kind of source, and its release".to_owned(),
        }))
    }

    /// Points that a source cannot use; nothing if there is none.
    pub fn of_points(
        source: &str,
        points: &[SourcePoint],
        problems: impl IntoIterator<Item = (usize, PointProblem)>,
    ) -> Result<(), Self> {
        let mut faults = PointFaults::default();
        for (index, problem) in problems {
            faults.add(index, points.get(index).map(|point| point.name.as_str()), problem);
        }
        faults.into_result(source)
    }

    /// Pairs of points, by index, between which there is no path; nothing if there is none.
    pub fn of_pairs(
        source: &str,
        points: &[SourcePoint],
        pairs: impl IntoIterator<Item = (usize, usize)>,
    ) -> Result<(), Self> {
        let mut found = Listing::default();
        for (from, to) in pairs {
            found.push_with(|| UnreachablePair::new(points, from, to));
        }
        if found.is_empty() {
            return Ok(());
        }
        Err(Self::NoPath { source_name: source.to_owned(), pairs: found.kept, omitted: found.omitted })
    }
}

/// A request that failed, or whose answer cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{source_name}: {request}: {}{problem}; {remedy}", status.map_or_else(String::new, |s| format!("status {s}: ")))]
pub struct RequestError {
    /// The source.
    pub source_name: String,
    /// What was asked, without secrets.
    pub request: String,
    /// The status of the answer, if one came.
    pub status: Option<u16>,
    /// What is wrong.
    pub problem: String,
    /// What helps.
    pub remedy: String,
}

/// A point that a source cannot use.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PointFault {
    /// The point's index.
    pub index: usize,
    /// The point's name; may be empty.
    pub name: String,
    /// What is wrong with it.
    pub problem: PointProblem,
}

/// What is wrong with a point.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PointProblem {
    /// Its coordinates are not a longitude and a latitude.
    Coordinates(Coord),
    /// There is no point of this index.
    Missing {
        /// How many points there are.
        points: usize,
    },
    /// No street that may be driven is near enough.
    Unsnapped {
        /// The largest distance to a street, in metres, if there is a limit.
        limit: Option<f64>,
    },
    /// It is not one of the points for which arrays were given.
    Unknown(Coord),
    /// No other point can be reached from it, or it can be reached from none.
    Isolated,
}

impl fmt::Display for PointFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", Named { index: self.index, name: &self.name }, self.problem)
    }
}

impl fmt::Display for PointProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Coordinates(Coord { x, y }) => write!(
                f,
                "longitude {x}, latitude {y}: they must lie in −180 ..= 180 and −90 ..= 90; are the two exchanged?"
            ),
            Self::Missing { points } => write!(f, "there is no such point: the request has {points}"),
            Self::Unsnapped { limit: Some(limit) } => write!(
                f,
                "no street that may be driven lies within {limit} m: correct its coordinates, or allow a larger distance"
            ),
            Self::Unsnapped { limit: None } => {
                f.write_str("no street that may be driven is near: correct its coordinates, or take data that cover it")
            }
            Self::Unknown(Coord { x, y }) => {
                write!(f, "longitude {x}, latitude {y}: the given arrays have no such point; give arrays that include it")
            }
            Self::Isolated => f.write_str(
                "no other point can be reached from it, or it from none: check its coordinates and the profile's limits",
            ),
        }
    }
}

/// Two points without a path from one to the other.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnreachablePair {
    /// Index of the point that one starts from.
    pub from: usize,
    /// Its name; may be empty.
    pub from_name: String,
    /// Index of the point that cannot be reached.
    pub to: usize,
    /// Its name; may be empty.
    pub to_name: String,
}

impl UnreachablePair {
    fn new(points: &[SourcePoint], from: usize, to: usize) -> Self {
        let name = |index: usize| points.get(index).map_or_else(String::new, |point| point.name.clone());
        Self { from, from_name: name(from), to, to_name: name(to) }
    }
}

impl fmt::Display for UnreachablePair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let from = Named { index: self.from, name: &self.from_name };
        let to = Named { index: self.to, name: &self.to_name };
        write!(f, "from {from} to {to}: check both coordinates and the profile's limits")
    }
}

/// A point as errors call it.
struct Named<'a> {
    index: usize,
    name: &'a str,
}

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "point {}", self.index)?;
        if self.name.is_empty() { Ok(()) } else { write!(f, " (`{}`)", crate::listing::shortened(self.name)) }
    }
}

/// Faults of points, collected.
#[derive(Default)]
pub(super) struct PointFaults(Listing<PointFault>);

impl PointFaults {
    pub(super) fn add(&mut self, index: usize, name: Option<&str>, problem: PointProblem) {
        self.0.push_with(|| PointFault { index, name: name.unwrap_or_default().to_owned(), problem });
    }

    /// Adds a fault if the coordinates are not a longitude and a latitude.
    pub(super) fn check(&mut self, index: usize, point: &SourcePoint) {
        let Coord { x, y } = point.coord;
        if !((-180.0..=180.0).contains(&x) && (-90.0..=90.0).contains(&y)) {
            self.add(index, Some(&point.name), PointProblem::Coordinates(point.coord));
        }
    }

    pub(super) fn into_result(self, source: &str) -> Result<(), SourceError> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(SourceError::Points { source_name: source.to_owned(), faults: self.0.kept, omitted: self.0.omitted })
    }
}
