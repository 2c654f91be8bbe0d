//! From probabilities to decisions: when a bin will be full, and which bins a round must, may or need not visit.

mod apply;
mod sample;
mod select;
mod time_to_full;

pub use apply::{Applied, apply_selection};
pub use sample::{Samples, sample_scenarios};
pub use select::{Action, Choice, Reason, SelectParams, select};
pub use time_to_full::{BinState, TimeToFull, probability_full, time_to_full};
