//! Accuracy of forecasts, quality of decisions, and drift of models.

mod drift;
mod fill;
mod impact;
mod scores;
mod series;
mod visits;

pub use drift::{ColumnDrift, KsTest, MonitorInput, MonitorParams, RetrainReason, Verdict, ks_test, monitor, psi};
pub use fill::{FillBacktestParams, FillScores, FitFill, backtest_fill};
pub use impact::{Impact, ImpactCosts, impact};
pub use scores::{Calibration, brier, calibration, coverage, crps, pinball, seasonal_scale};
pub use series::{BacktestParams, SeriesScores, backtest};
pub use visits::{VisitModel, VisitParams, VisitScores, backtest_visits};
