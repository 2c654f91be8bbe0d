//! From sensor readings to the bins that must be visited: cleaning, features, probabilistic forecasts, decisions, and
//! backtests of all of them.
//!
//! ```
//! use milkrun::forecast::{
//!     BinState, City, CityParams, CleanParams, EmpiricalIncrements, EmpiricalParams, Emptyings, SelectParams, clean, increments,
//!     select,
//! };
//!
//! fn main() -> Result<(), milkrun::forecast::ForecastError> {
//!     let readings = City::new(&CityParams::default())?.readings(); // or SeriesSet::from_long, read_table
//!     let cleaned = clean(&readings, Emptyings::Infer, &CleanParams::default())?;
//!     let model = EmpiricalIncrements::fit(&increments(&cleaned), &EmpiricalParams::default())?;
//!     let states: Vec<_> =
//!         cleaned.latest().into_iter().map(|known| known.map(|(time, level)| BinState { time, level })).collect();
//!     let now = states.iter().flatten().map(|state| state.time).max().unwrap_or(0);
//!     for (bin, choice) in select(&model, &states, &SelectParams::daily(now, 400))?.iter().enumerate() {
//!         println!("{bin}: {:?}, {}", choice.action, choice.reason);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! Times are seconds since 1970 (UTC); levels are in the readings' own unit, in which a full bin has the level
//! [`CleanParams::full`].

#![cfg_attr(test, expect(clippy::float_cmp, reason = "the numbers of these tests are exact"))]

mod clean;
mod decide;
mod draws;
mod evaluate;
mod fault;
mod features;
mod models;
mod series;
mod simulate;
mod table;

pub use crate::calendar::{TimeError, format_time, parse_time};
pub use clean::{
    CleanParams, CleanReport, Cleaned, Duplicates, Emptying, Emptyings, GapFill, Increment, Increments, Regular, clean,
    increments, resample, visit_increments,
};
pub use decide::{
    Action, Applied, BinState, Choice, Reason, Samples, SelectParams, TimeToFull, apply_selection, probability_full,
    sample_scenarios, select, time_to_full,
};
pub use evaluate::{
    BacktestParams, Calibration, ColumnDrift, FillBacktestParams, FillScores, FitFill, Impact, ImpactCosts, KsTest,
    MonitorInput, MonitorParams, RetrainReason, SeriesScores, Verdict, VisitModel, VisitParams, VisitScores, backtest,
    backtest_fill, backtest_visits, brier, calibration, coverage, crps, impact, ks_test, monitor, pinball, psi,
    seasonal_scale,
};
pub use fault::{ForecastError, ForecastFault};
pub use features::{
    AsOfParams, AsOfTable, CalendarPart, Cell, EwmStat, Feature, FeatureContext, FeatureMatrix, FeatureSpec,
    FeatureState, FittedTransform, HolidayPart, Stat, TargetTransform, day_number, features,
};
pub use models::{
    Croston, Distribution, EmpiricalIncrements, EmpiricalParams, Ets, Exposure, FillModel, Forecast, GammaParams,
    GammaProcess, Intermittent, QuantileRow, QuantileTable, Ridge, RidgeParams, SeasonalNaive, Seen, SeriesModel,
    Theta, WeightedSample,
};
pub use series::{MAX_TIME, Series, SeriesSet};
pub use simulate::{City, CityParams, DecisionMetrics, ForecastPolicy, Policy, RoundParams, SyntheticBin, simulate};
pub use table::{TableColumns, read_table};
