//! What it costs to leave stops unserved.

use crate::plan::Activity;
use crate::search::data::{Data, NONE};
use crate::search::metric::FORBIDDEN;
use crate::search::routes::Routes;
use crate::search::rules::Rules;
use crate::units::{Cost, MAX_COST};

impl<R: Rules> Routes<'_, R> {
    /// What all unserved stops and groups cost together.
    pub(crate) fn unserved_cost(&self) -> Cost {
        let data = self.data;
        let alone: Cost = (0..self.num_stops())
            .filter(|&u| data.group[u] == NONE && self.nodes[u].route == NONE)
            .map(|u| self.penalty[u])
            .sum();
        let groups: Cost = data
            .members
            .iter()
            .filter(|members| members.iter().all(|&u| self.nodes[u as usize].route == NONE))
            .filter_map(|members| members.first())
            .map(|&u| self.penalty[u as usize])
            .sum();
        alone + groups
    }

    /// What the routes cost, and the prizes left behind, but no penalties for required stops.
    pub(crate) fn served_cost(&self) -> Cost {
        self.cost - self.unserved_cost()
    }

    /// What the routes cost beside their vehicles.
    pub(crate) fn travel_cost(&self) -> Cost {
        let used = (0..self.info.len()).filter(|&route| self.info[route].size > 0);
        let fixed: Cost = used.map(|route| self.data.vehicles[self.kind(route)].fixed_cost).sum();
        self.served_cost() - fixed
    }

    /// Raises the price of leaving out required stops that are left out for long, so that in the end others make room.
    pub(crate) fn press_unserved(&mut self) {
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

/// What leaving each stop unserved costs. Required stops: more than any route that serves only one of them. Members of a
/// group carry the price of the whole group; of a shipment, the pickup carries all.
pub(super) fn unserved_penalties(data: &Data<'_>) -> Vec<Cost> {
    let m = data.num_stops();
    let far = |profile: usize, from: u32| (0..m).map(|u| data.metric.distance(profile, from as usize, u)).max();
    let required = data
        .vehicles
        .iter()
        .map(|v| {
            let way = i64::from(far(v.profile, v.start_point).unwrap_or(0).min(FORBIDDEN)) + 1;
            let rate = v.cost_per_distance.max(1) + v.cost_per_duration;
            (10 * way).saturating_mul(rate).saturating_add(v.fixed_cost)
        })
        .max()
        .unwrap_or(1)
        .min(MAX_COST / 8);
    (0..m)
        .map(|u| match data.activity[u] {
            Activity::Delivery(_) => 0,
            _ if data.required[u] => required.max(data.prize[u]),
            _ if data.group[u] != NONE => {
                data.members[data.group[u] as usize].iter().map(|&v| data.prize[v as usize]).sum()
            }
            _ => data.prize[u],
        })
        .collect()
}
