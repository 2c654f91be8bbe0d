//! The problem: clients, shipments, depots, vehicles, and the travel between them.

mod activity;
mod builder;
mod client;
mod consumption;
mod disposal;
mod driver;
mod faults;
mod fleet;
mod goal;
mod labels;
mod location;
mod notes;
mod problem;
mod relation;
mod remarks;
mod time_window;
mod validate;
mod vehicle_class;
mod zone;

pub use activity::Activity;
pub use builder::ProblemBuilder;
pub use client::{Client, ClientGroup, Shipment, ShipmentStop};
pub(crate) use consumption::ExactConsumption;
pub use consumption::{Consumption, Energy};
pub use disposal::{Compartment, DisposalSite, Material, Rate};
pub use driver::{Break, DriverRule, Effort, OvertimeStep, SoftWindow};
pub(crate) use faults::Faults;
pub use fleet::{Depot, VehicleType};
pub use goal::{Goal, Measure};
pub(crate) use labels::Labels;
pub use location::{Location, Place};
pub use notes::Notes;
pub use problem::{Backhauls, Problem};
pub use relation::{Position, Relation};
pub use time_window::{TimeWindow, WindowCovers};
pub use validate::{Issue, ValidationError};
pub use vehicle_class::VehicleClass;
pub(crate) use zone::ZoneAccess;
pub use zone::{Zone, ZoneRule};

pub use crate::geometry::Coord;
pub use crate::travel::{SpeedCurve, SpeedStep};
