//! Vehicle types laid out for the search.

use std::collections::HashMap;

use crate::search::data::Data;
use crate::units::Cost;

/// A vehicle type as the search reads it.
pub(crate) struct Vehicle {
    /// How many routes of this type there may be: never more than there are stops.
    pub(crate) count: usize,
    pub(crate) start_point: u32,
    pub(crate) end_point: u32,
    pub(crate) profile: usize,
    /// When the route may begin.
    pub(crate) start_early: i64,
    pub(crate) start_late: i64,
    /// Loading time before the first trip.
    pub(crate) loading: i64,
    /// When the vehicle may be back.
    pub(crate) end_early: i64,
    pub(crate) end_late: i64,
    pub(crate) fixed_cost: Cost,
    pub(crate) cost_per_distance: Cost,
    pub(crate) cost_per_duration: Cost,
    pub(crate) max_duration: i64,
    pub(crate) max_distance: i64,
    /// Capacity by load dimension.
    pub(crate) capacity: Vec<i64>,
    /// Whether a node may be served; empty: all may.
    pub(crate) allowed: Vec<bool>,
    /// Reload depots.
    pub(crate) reload: Vec<Reload>,
    /// Other types that could drive the same routes at the same times, and carry more in some dimension.
    pub(crate) larger: Vec<usize>,
}

/// A depot at which a vehicle may start another trip.
#[derive(Clone, Copy)]
pub(crate) struct Reload {
    pub(crate) depot: usize,
    pub(crate) early: i64,
    pub(crate) late: i64,
    pub(crate) loading: i64,
}

impl Vehicle {
    pub(crate) fn new(data: &Data<'_>, index: usize) -> Self {
        let problem = data.problem;
        let t = data.vehicle_type(index);
        let (mut start_early, mut start_late) = (t.shift.early, t.shift.late);
        let (mut end_early, mut end_late) = (t.shift.early, t.shift.late);
        let mut loading = 0;
        if let Some(start) = t.start {
            let depot = problem.depot(start);
            start_early = start_early.max(depot.time_window.early);
            start_late = start_late.min(depot.time_window.late);
            loading = depot.service;
        }
        if let Some(end) = t.end {
            let depot = problem.depot(end);
            end_early = end_early.max(depot.time_window.early);
            end_late = end_late.min(depot.time_window.late);
        }
        let reload = t.reload_depots.iter().map(|&id| {
            let depot = problem.depot(id);
            Reload {
                depot: id.index(),
                early: depot.time_window.early,
                late: depot.time_window.late,
                loading: depot.service,
            }
        });
        let capacity = (0..data.dimensions).map(|d| t.capacity.get(d).copied().unwrap_or(i64::MAX / 4)).collect();
        let allowed: Vec<bool> = data.permissions.of_type(index).collect();
        let allowed = if allowed.contains(&false) { allowed } else { Vec::new() };
        Self {
            count: t.count.min(data.num_stops()),
            start_point: data.depot_point(t.start),
            end_point: data.depot_point(t.end),
            profile: t.profile.index(),
            start_early,
            start_late,
            loading,
            end_early,
            end_late,
            fixed_cost: t.fixed_cost,
            cost_per_distance: t.cost_per_distance,
            cost_per_duration: t.cost_per_duration,
            max_duration: t.max_duration.unwrap_or(i64::MAX / 4),
            max_distance: t.max_distance.unwrap_or(i64::MAX / 4),
            capacity,
            allowed,
            reload: if t.may_reload() { reload.collect() } else { Vec::new() },
            larger: Vec::new(),
        }
    }

    /// Whether the vehicle may serve a node.
    #[inline]
    pub(crate) fn allows(&self, node: usize) -> bool {
        self.allowed.is_empty() || self.allowed[node]
    }

    /// Whether a route takes `other` to the same places in the same times as this vehicle.
    pub(crate) fn drives_like(&self, other: &Self) -> bool {
        let places = |v: &Self| (v.start_point, v.end_point, v.profile);
        let times = |v: &Self| (v.start_early, v.start_late, v.loading, v.end_early, v.end_late);
        places(self) == places(other) && times(self) == times(other) && self.reloads_like(other)
    }

    /// Whether the same reload depots serve both.
    pub(crate) fn reloads_like(&self, other: &Self) -> bool {
        self.reload.iter().map(|r| r.depot).eq(other.reload.iter().map(|r| r.depot))
    }
}

/// Fills in which types are larger than which; of very many, the cheapest to use.
pub(crate) fn compare_sizes(vehicles: &mut [Vehicle]) {
    /// How many larger types are kept.
    const MAX_LARGER: usize = 32;
    /// How many types that drive alike are compared.
    const MAX_COMPARED: usize = 256;
    let mut alike: HashMap<_, Vec<usize>> = HashMap::new();
    for (t, v) in vehicles.iter().enumerate() {
        alike.entry((v.start_point, v.end_point, v.profile, v.start_early, v.end_late)).or_default().push(t);
    }
    for group in alike.values_mut() {
        group.sort_by_key(|&t| vehicles[t].fixed_cost);
        group.truncate(MAX_COMPARED);
        for &t in &*group {
            let this = &vehicles[t];
            let is_larger = |v: &Vehicle| v.capacity.iter().zip(&this.capacity).any(|(theirs, ours)| theirs > ours);
            let larger = group.iter().copied().filter(|&o| is_larger(&vehicles[o]) && vehicles[o].drives_like(this));
            let mut larger: Vec<usize> = larger.take(MAX_LARGER).collect();
            larger.sort_unstable();
            vehicles[t].larger = larger;
        }
    }
}
