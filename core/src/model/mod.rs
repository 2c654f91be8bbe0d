//! What is to be solved: clients, shipments, depots, vehicles, and the travel between them.

mod builder;
mod client;
mod fleet;
mod location;
mod problem;
mod time_window;
mod validate;

pub use builder::ProblemBuilder;
pub use client::{Client, ClientGroup, Shipment, ShipmentStop};
pub use fleet::{Depot, VehicleType};
pub use location::{Coord, Location, Place};
pub use problem::{Backhauls, Problem};
pub use time_window::TimeWindow;
pub use validate::{Issue, ValidationError};
