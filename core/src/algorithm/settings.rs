//! The figures that steer a walk, by class of problem and by how much work the budget allows. Found on panels of several
//! instances of each class, never on single ones; `docs/benchmarks.md` shows what they reach.

use crate::search::data::Data;
use crate::search::local_search::LocalSearchParams;
use crate::search::recreate::RecreateParams;
use crate::search::ruin::RuinParams;
use crate::search::rules::Rules;

/// Iterations for each stop in one cooling cycle, where no limit says how long the search will be.
pub(super) const ENDLESS_CYCLE: u64 = 2_000;

/// Stops up to which more is removed at once: small problems have few local optima left that small ruins escape.
const SMALL: usize = 300;

/// Everything that steers a walk.
pub(super) struct Settings {
    pub(super) ruin: RuinParams,
    pub(super) recreate: RecreateParams,
    pub(super) local_search: LocalSearchParams,
    /// First and last temperature, in mean arcs.
    pub(super) hot: f64,
    pub(super) cold: f64,
    /// Cooling cycles within the budget.
    pub(super) cycles: u32,
}

impl Settings {
    /// For a problem and the number of iterations that the budget will allow; `None`: not known.
    pub(super) fn new<R: Rules>(data: &Data<'_>, iterations: Option<f64>) -> Self {
        let work = iterations.map_or(ENDLESS_CYCLE as f64, |n| n / data.num_stops() as f64);
        let timed = data.timed;
        let removed = if data.num_stops() <= SMALL && !timed { 15.0 } else { 10.0 };
        let whole_route = match (timed, data.vehicles.len()) {
            (true, _) => 0.05,
            // A route that is built anew may get another vehicle.
            (false, 2..) => 0.1,
            _ => 0.0,
        };
        // What is optional settles at less heat; rich routes change only together, and need more.
        let heat =
            if timed { 3.0 } else { 1.0 } * if R::RICH { 4.0 } else { 1.0 } * if data.has_optional { 0.5 } else { 1.0 };
        Self {
            ruin: RuinParams { mean_removed: removed, longest: removed, whole_route, ..RuinParams::default() },
            recreate: RecreateParams { opening: if timed { 0.1 } else { 0.0 }, ..RecreateParams::default() },
            // Where time matters, only exchanges of tails and reversals pay for their evaluation.
            local_search: LocalSearchParams { width: 20, relocate: !timed, swap: !timed },
            // With little work for each stop, what heat destroys is never repaired.
            hot: heat * (work / 1_000.0).clamp(0.1, 1.0),
            cold: 0.02,
            cycles: (work / 1_600.0).round().clamp(1.0, 6.0) as u32,
        }
    }
}
