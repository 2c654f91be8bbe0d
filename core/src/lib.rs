//! Route optimisation: a [`Problem`] goes in, an immutable [`Plan`] comes out.

pub mod adapt;
pub mod algorithm;
pub mod calendar;
mod cancel;
pub mod carry;
pub mod compare;
#[cfg(feature = "io")]
pub mod document;
pub mod explain;
#[cfg(feature = "forecast")]
pub mod forecast;
mod geometry;
pub mod ids;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod internals;
#[cfg(feature = "io")]
pub mod io;
mod listing;
mod model;
mod parallel;
pub mod pareto;
pub mod period;
pub mod plan;
pub mod scenarios;
mod search;
#[cfg(all(test, feature = "io", feature = "forecast"))]
mod tests;
pub mod travel;
pub mod units;

pub use algorithm::{CancelToken, Progress, SolveParams, SolveResult, Stop, StopReason, solve, solve_with};
pub use geometry::{Area, PointIndex};
pub use ids::{
    ClientId, DepotId, DisposalSiteId, GroupId, LocationId, MaterialId, ProfileId, ShipmentId, VehicleTypeId, ZoneId,
};
#[cfg(feature = "io")]
pub use io::Error;
pub use model::{
    Backhauls, Break, Client, ClientGroup, Compartment, Consumption, Coord, Depot, DisposalSite, DriverRule, Effort,
    Energy, Goal, Issue, Location, Material, Measure, Notes, OvertimeStep, Place, Position, Problem, ProblemBuilder,
    Rate, Relation, Shipment, ShipmentStop, SoftWindow, SpeedCurve, SpeedStep, TimeWindow, ValidationError,
    VehicleClass, VehicleType, WindowCovers, Zone, ZoneRule,
};
pub use plan::Plan;
pub use travel::{Rounding, Travel};
