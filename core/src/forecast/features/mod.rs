//! Features of time series as a matrix: one row for each reading, one column for each feature.
//!
//! A row at time `t` uses nothing that became known at `t` or later: every lag is at least one row, and every span of
//! time ends before `t`. No series sees the values of another, except through [`Feature::NeighbourMean`], and then only
//! earlier ones.

mod as_of;
mod calendar;
mod compute;
mod moments;
mod neighbours;
mod order;
mod spec;
mod state;
mod target;
mod window;

pub use as_of::{AsOfParams, AsOfTable};
pub use calendar::day_number;
pub use compute::{Cell, FeatureMatrix, features};
pub(super) use order::quantile_of_sorted;
pub use spec::{CalendarPart, EwmStat, Feature, FeatureContext, FeatureSpec, HolidayPart, Stat};
pub use state::FeatureState;
pub use target::{FittedTransform, TargetTransform};
