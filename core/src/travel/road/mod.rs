//! Street networks: travel times that a vehicle really has, and routes that follow the streets.
//!
//! [`Streets`] are what a map says; a [`RoadProfile`] is who drives; a [`Network`] is the streets as that profile drives
//! them, prepared for fast questions. Points are snapped to its streets ([`Network::snap`]) and become [`Spot`]s, between
//! which there are routes with their geometry ([`Network::route`]) and tables of travel times and distances
//! ([`Network::table`]), the latter for [`Travel::Matrices`](crate::Travel::Matrices).
//!
//! Inside, times are milliseconds and lengths centimetres; each answer is rounded once, at its end. The distance of two
//! points is that along the fastest path between them, of equally fast ones along the shortest; a table of such numbers
//! need not obey the triangle inequality, and is not symmetric.
//!
//! Maps of OpenStreetMap are © OpenStreetMap contributors, under the Open Database License: programs that show them, or what
//! was computed from them, say so.

#[cfg(feature = "internals")]
pub(crate) mod bench;
mod column;
mod error;
mod file;
mod generate;
mod graph;
mod hierarchy;
mod label;
mod lines;
mod network;
mod position;
mod profile;
mod query;
mod read;
mod source;
mod streets;

pub use error::{FileError, NetworkError, OffRoad, RoadError, StreetsError};
pub use generate::{City, CityPlan};
pub use graph::NetworkReport;
pub use lines::StreetLines;
pub use network::Network;
pub use profile::{
    BarrierRule, Day, GREATEST_SPEED, Posted, ProfileError, ProfileFault, RoadProfile, Side, TrafficRule, TurnCosts,
    UTurns, VehicleSize,
};
pub use query::{Change, ChangePlace, Effect, Leg, REACH, RoadTable, Route, Snap, Spot};
pub use read::{MapFormat, Reading};
pub use source::NetworkSource;
pub use streets::{
    Access, Barrier, Direction, Ignored, Limits, Permit, Restriction, RestrictionKind, Streets, StreetsReport, Way,
};

#[cfg(test)]
mod tests;
