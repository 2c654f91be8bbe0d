//! Stops with ids that the problem does not have.

use std::fmt;

use crate::listing::{self, Listing};
use crate::model::Problem;
use crate::plan::{Activity, RouteStops};

/// One id of a plan that its problem does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownId {
    /// Where it occurs: `routes[0].trips[1].activities[3]`.
    pub path: String,
    /// What it should be: `client`, `shipment`, `depot` or `vehicle type`.
    pub kind: &'static str,
    /// The index.
    pub index: usize,
    /// Number of objects of this kind in the problem.
    pub count: usize,
}

impl fmt::Display for UnknownId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, kind, index, count } = self;
        write!(f, "{path}: there is no {kind} {index}; the problem has {count}, counted from 0")
    }
}

/// The stops belong to another problem: they have ids that this one does not have. An infeasible plan is *not* an
/// error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stops do not belong to this problem:{}", listing::lines(ids, *omitted))]
#[non_exhaustive]
pub struct PlanError {
    /// The first thousand unknown ids, in the order of the stops.
    pub ids: Vec<UnknownId>,
    /// Number of further ones.
    pub omitted: usize,
}

/// Reports every id that the problem does not have.
pub(super) fn check_ids(problem: &Problem, routes: &[RouteStops]) -> Result<(), PlanError> {
    let mut ids = Listing::default();
    let mut look = |kind: &'static str, index: usize, count: usize, path: &dyn Fn() -> String| {
        if index >= count {
            ids.push_with(|| UnknownId { path: path(), kind, index, count });
        }
    };
    for (r, route) in routes.iter().enumerate() {
        let vehicle_type = route.vehicle_type.index();
        look("vehicle type", vehicle_type, problem.vehicle_types().len(), &|| format!("routes[{r}].vehicle_type"));
        for (t, trip) in route.trips.iter().enumerate() {
            for (name, depot) in [("start", trip.start), ("end", trip.end)] {
                if let Some(depot) = depot {
                    look("depot", depot.index(), problem.depots().len(), &|| format!("routes[{r}].trips[{t}].{name}"));
                }
            }
            for (a, &activity) in trip.activities.iter().enumerate() {
                let path = || format!("routes[{r}].trips[{t}].activities[{a}]");
                match activity {
                    Activity::Client(c) => look("client", c.index(), problem.clients().len(), &path),
                    Activity::Pickup(s) | Activity::Delivery(s) => {
                        look("shipment", s.index(), problem.shipments().len(), &path);
                    }
                    Activity::Dispose(s) => look("disposal site", s.index(), problem.disposal_sites().len(), &path),
                    Activity::Break(b) => {
                        let breaks = problem.vehicle_types().get(vehicle_type).map_or(0, |v| v.breaks.len());
                        look("break", b, breaks, &path);
                    }
                    Activity::Rest(_) => {}
                }
            }
        }
    }
    let Listing { kept, omitted } = ids;
    if kept.is_empty() { Ok(()) } else { Err(PlanError { ids: kept, omitted }) }
}
