//! What it costs to leave stops unserved.

use crate::search::classical::class::Class;
use crate::search::classical::routes::Routes;
use crate::search::data::{BackhaulOrder, Data, NONE};
use crate::search::travel_table::FORBIDDEN;
use crate::units::{Cost, MAX_COST};

impl<C: Class> Routes<'_, C> {
    /// What all unserved stops cost together.
    pub(crate) fn unserved_cost(&self) -> Cost {
        self.unserved().iter().map(|&u| self.penalty[u as usize]).sum()
    }

    /// What the best solution costs for required stops that it leaves unserved.
    pub(crate) fn best_penalties(&self) -> Cost {
        let stops = (0..self.num_stops()).filter(|&u| self.data.required[u] && self.best.nodes[u].route == NONE);
        stops.map(|u| self.penalty[u]).sum()
    }

    /// What the routes cost beside their vehicles.
    pub(crate) fn travel_cost(&self) -> Cost {
        let used = (0..self.info.len()).filter(|&route| self.info[route].size > 0);
        self.cost - self.unserved_cost() - used.map(|route| self.fixed_cost(route)).sum::<Cost>()
    }

    /// Raises the penalties of required stops that stay unserved for long, so that in the end others make room.
    pub(crate) fn increase_penalties(&mut self) {
        for i in 0..self.unserved().len() {
            let u = self.unserved()[i] as usize;
            if !self.data.is_required_job(u) {
                continue;
            }
            let rise = self.penalty[u] / 64 + 1;
            if self.penalty[u] + rise > MAX_COST {
                continue;
            }
            self.penalty[u] += rise;
            self.cost += rise;
            if self.best.nodes[u].route == NONE {
                self.best.cost += rise;
            }
        }
    }
}

/// What leaving each stop unserved costs. Required stops: more than any route that serves only one of them.
pub(super) fn unserved_penalties(data: &Data<'_>) -> Vec<Cost> {
    let m = data.num_stops();
    let mut farthest_from: Vec<(u32, i64)> = Vec::new();
    let alone = data.vehicles.iter().map(|vehicle| {
        let known =
            farthest_from.iter().find(|(depot, _)| *depot == vehicle.start_point).map(|&(_, farthest)| farthest);
        let farthest = known.unwrap_or_else(|| {
            let far = (0..m).map(|u| distance_alone(data, vehicle.start_point as usize, u)).max();
            let farthest = i64::from(far.unwrap_or(0).min(FORBIDDEN)) + 1;
            farthest_from.push((vehicle.start_point, farthest));
            farthest
        });
        (10 * farthest).saturating_mul(vehicle.cost_per_distance.max(1)).saturating_add(vehicle.fixed_cost)
    });
    let alone = alone.max().unwrap_or(0);
    let required = alone.min(MAX_COST / 8);
    (0..m).map(|u| if data.required[u] { required.max(data.prize[u]) } else { data.prize[u] }).collect()
}

/// Distance of a stop from a depot; of a backhaul, to which no vehicle drives from there, that of the return.
fn distance_alone(data: &Data<'_>, depot: usize, stop: usize) -> i32 {
    match data.order[stop] {
        BackhaulOrder::Backhaul => data.travel.distance(0, stop, depot),
        _ => data.travel.distance(0, depot, stop),
    }
}
