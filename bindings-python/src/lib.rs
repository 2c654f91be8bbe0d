//! The extension module `milkrun._core`: exact integers in, exact integers out.
//!
//! Units, dates, tables and looks are the business of the Python part of the package; here is what must be fast, and
//! what only the core knows.

#![expect(clippy::needless_pass_by_value, reason = "arguments come from Python by value")]

mod adapt;
mod arrow;
mod cancel;
mod carry;
mod compare;
mod document;
mod explain;
mod failure;
mod forecast;
mod front;
mod handout;
mod network;
mod period;
mod plan;
mod pragmatic;
mod problem;
mod read;
mod scenarios;
mod solve;
mod tables;
mod worker;

use pyo3::prelude::*;

/// The compiled part of milkrun. Not for direct use: import `milkrun`.
#[pymodule]
mod _core {
    #[pymodule_export]
    use super::adapt::{adapt_plan, diff_plans, moderate_prices};
    #[pymodule_export]
    use super::arrow::{columns_from_arrow, columns_to_arrow};
    #[pymodule_export]
    use super::cancel::CancelToken;
    #[pymodule_export]
    use super::carry::carry_over;
    #[pymodule_export]
    use super::compare::{compare_problems, problem_variants};
    #[pymodule_export]
    use super::document::Scales;
    #[pymodule_export]
    use super::explain::explain_plan;
    #[pymodule_export]
    use super::forecast::data::{Cleaned, Increments, Series, clean_readings, visit_increments};
    #[pymodule_export]
    use super::forecast::decide::{apply_selection, select_bins, time_to_full};
    #[pymodule_export]
    use super::forecast::evaluate::{
        backtest_fill, backtest_series, backtest_visits, coverage_share, crps_score, ks_two_samples, monitor_model,
        pinball_loss, probability_scores, stability_index,
    };
    #[pymodule_export]
    use super::forecast::features::{AsOfTable, FeatureState, compute_features, feature_columns};
    #[pymodule_export]
    use super::forecast::models::{FillModel, Ridge, forecast_series};
    #[pymodule_export]
    use super::forecast::simulate::{City, compare_policies};
    #[pymodule_export]
    use super::front::pareto_front;
    #[pymodule_export]
    use super::handout::{write_handout, write_period_handout};
    #[pymodule_export]
    use super::network::{Network, road_profile, road_profiles, write_city};
    #[pymodule_export]
    use super::period::{PeriodPlan, plan_period};
    #[pymodule_export]
    use super::plan::Plan;
    #[pymodule_export]
    use super::pragmatic::answer_pragmatic;
    #[pymodule_export]
    use super::problem::{Problem, average_consumption, vehicle_classes};
    #[pymodule_export]
    use super::read::{read_problem, version};
    #[pymodule_export]
    use super::scenarios::plan_scenarios;
    #[pymodule_export]
    use super::solve::solve;
    #[pymodule_export]
    use super::tables::read_tables;
}
