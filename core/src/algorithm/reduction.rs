//! Fewer vehicles before less cost: for the first part of the budget, whenever everybody is served, the vehicle with the
//! fewest stops is taken away and its stops must find a place on the others (as Nagata & Bräysy 2009,
//! doi:10.1016/j.orl.2009.04.006, do with other means).

use crate::search::data::Data;
use crate::search::routes::Routes;
use crate::search::ruin::clear;
use crate::search::rules::Rules;

/// The part of the budget that goes into taking vehicles away.
const SHARE: f64 = 0.5;

/// Takes vehicles away.
pub(super) struct Reduction {
    active: bool,
    /// No plan that serves everybody has fewer routes.
    least: usize,
    /// The part of the budget that was spent when the reduction ended.
    ended: f64,
    removed: Vec<u32>,
}

impl Reduction {
    pub(super) fn new(data: &Data<'_>) -> Self {
        Self { active: data.vehicles_first, least: least_vehicles(data), ended: 0.0, removed: Vec::new() }
    }

    /// Takes the next vehicle away where everybody is served; ends when nothing more can be had or the share is spent.
    /// Returns whether that end is now.
    pub(super) fn step<R: Rules>(&mut self, routes: &mut Routes<'_, R>, spent: f64) -> bool {
        if !self.active {
            return false;
        }
        if spent >= SHARE || (routes.best_missing() == 0 && routes.best_used() <= self.least) {
            self.active = false;
            self.ended = spent;
            routes.restore_best();
            routes.limit = routes.best_used().max(1);
            return true;
        }
        if routes.missing == 0 && routes.best_missing() == 0 && routes.num_used() >= routes.best_used() {
            routes.limit = routes.best_used() - 1;
            let used = (0..routes.info.len()).filter(|&r| routes.info[r].size > 0);
            if let Some(route) = used.min_by_key(|&r| routes.info[r].size) {
                routes.begin();
                self.removed.clear();
                clear(routes, route, &mut self.removed);
                routes.commit();
            }
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
        let one_trip = data.vehicles.iter().all(|v| v.reload.is_empty()) && data.problem.shipments().is_empty();
        let load = of(&data.delivery).max(of(&data.pickup));
        if one_trip { usize::try_from((load + most - 1) / most).unwrap_or(1) } else { 1 }
    };
    (0..data.dimensions).map(bound).max().unwrap_or(1).max(1)
}
