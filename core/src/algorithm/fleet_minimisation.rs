//! Fewer vehicles before less cost: for the first part of the budget, whenever all required clients are served, the vehicle with the
//! fewest stops is taken away and its stops must find positions on the others (as Nagata & Bräysy 2009,
//! doi:10.1016/j.orl.2009.04.006, do with other means).

use crate::model::Measure;
use crate::search::Searcher;
use crate::search::data::Data;

/// The part of the budget that goes into taking vehicles away.
const SHARE: f64 = 0.5;

/// Takes vehicles away.
pub(super) struct FleetMinimisation {
    active: bool,
    /// No plan that serves all required clients has fewer routes.
    least: usize,
    /// So many vehicles are no worse than fewer.
    target: usize,
    /// The part of the budget that was spent when the reduction ended.
    ended: f64,
}

impl FleetMinimisation {
    pub(super) fn new(data: &Data<'_>) -> Self {
        let mut ranked = data.problem.goals().iter().filter(|goal| goal.weight.is_none());
        let first = ranked.next().filter(|goal| goal.measure == Measure::Vehicles);
        let target = first.and_then(|goal| goal.target).map_or(0, |target| usize::try_from(target).unwrap_or(0));
        Self { active: first.is_some(), least: least_vehicles(data).max(target), target, ended: 0.0 }
    }

    /// Whether vehicles are still being taken away.
    pub(super) fn is_active(&self) -> bool {
        self.active
    }

    /// Takes the next vehicle away where all required clients are served; ends when nothing more can be had or the share is spent.
    /// Returns whether that end is now.
    pub(super) fn step(&mut self, search: &mut impl Searcher, spent: f64) -> bool {
        if !self.active {
            return false;
        }
        let (current, best) = (search.current(), search.best());
        if spent >= SHARE || (best.missing == 0 && best.used <= self.least) {
            self.active = false;
            self.ended = spent;
            search.restore_best();
            search.set_limit(best.used.max(self.target).max(1));
            return true;
        }
        if current.missing == 0 && best.missing == 0 && current.used >= best.used {
            search.set_limit(best.used - 1);
            search.drop_smallest();
        }
        false
    }

    /// How far cooling is at a point of the budget: each part cools on its own.
    pub(super) fn progress(&self, spent: f64) -> f64 {
        if self.active { spent / SHARE } else { (spent - self.ended) / (1.0 - self.ended).max(1e-9) }
    }
}

/// A lower bound of the number of routes: by each load dimension alone.
fn least_vehicles(data: &Data<'_>) -> usize {
    let bound = |d: usize| {
        let of = |column: &[i64]| -> i64 { column.iter().skip(d).step_by(data.dimensions).sum() };
        let most = data.vehicles.iter().map(|v| v.capacity[d].max(1)).max().unwrap_or(1);
        let one_trip = data.vehicles.iter().all(|v| v.reload.is_empty())
            && data.problem.shipments().is_empty()
            && data.problem.disposal_sites().is_empty();
        let load = of(&data.delivery).max(of(&data.pickup));
        if one_trip { usize::try_from((load + most - 1) / most).unwrap_or(1) } else { 1 }
    };
    (0..data.dimensions).map(bound).max().unwrap_or(1).max(1)
}
