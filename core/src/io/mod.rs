//! Readers and writers.
//!
//! Every reader takes bytes (text in UTF-8 or Latin-1, with any line ending) and returns a [`Problem`](crate::Problem)
//! or a [`ReadError`] that gives line, section, offending text and remedy of up to fifty faults at once.

mod convention;
pub mod cordeau;
mod error;
mod fault;
mod fields;
mod fleet_numbers;
mod foreign;
mod format;
pub mod geojson;
pub mod json;
pub mod lilim;
mod pairs;
pub mod pragmatic;
pub mod pvrpif;
mod quantity;
mod rows;
pub mod solomon;
pub mod solution;
mod stop_numbers;
mod text;
pub mod vroom;
pub mod vrplib;
pub mod wcvrptw;
mod write_error;

pub use convention::{Instance, instance_kind, read_problem, usual_rounding};
pub use error::Error;
pub use fault::{Fault, FaultKind, ReadError};
pub use foreign::ForeignError;
pub use format::{Format, UnknownFormat};
pub use write_error::WriteError;
