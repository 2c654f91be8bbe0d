//! Synthetic bins, and simulations of collection policies.
//!
//! This is the only part of the forecasting module that builds and solves routing problems.

mod city;
mod policy;
mod rounds;

pub use city::{City, CityParams, SyntheticBin};
pub use policy::{ForecastPolicy, Policy};
pub use rounds::{DecisionMetrics, RoundParams, simulate};
