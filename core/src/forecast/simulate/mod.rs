//! Made-up bins, and what policies of collection would make of them.
//!
//! This part alone of the forecasting module builds and solves routing problems.

mod city;
mod draws;
mod policy;
mod rounds;

pub use city::{City, CityParams, SyntheticBin};
#[cfg(test)]
pub(super) use draws::Draws;
pub use policy::{ForecastPolicy, Policy};
pub use rounds::{DecisionMetrics, RoundParams, simulate};
