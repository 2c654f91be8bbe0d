//! A stop: its time windows, its soft window, what is picked up and delivered, and the prize of its job.

use crate::model::{Problem, TimeWindow};
use crate::plan::Activity;
use crate::search::data::{BackhaulOrder, NONE};
use crate::search::general::layout::{Layout, Vehicle};
use crate::search::general::limits::{REQUIRED_PRIZE, UNLIMITED};
use crate::units::{Cost, Load, MAX_VALUE, Time};

/// When a stop may be served, and what is picked up there.
#[derive(Clone, Copy)]
pub(crate) struct Stop {
    pub(crate) early: Time,
    pub(crate) late: Time,
    /// Where all its windows are, if there is more than one.
    windows: (u32, u32),
    pub(crate) soft_early: Time,
    /// When it should have begun; where that differs between vehicle types, as it is for the fastest.
    pub(crate) soft_late: Time,
    /// Whether the vehicle's own service time decides when it should have begun.
    soft_by_type: bool,
    pub(crate) early_rate: Cost,
    pub(crate) late_rate: Cost,
    /// What tells its waste apart from other waste.
    pub(crate) waste_class: usize,
    pub(crate) release: Time,
    pub(crate) order: BackhaulOrder,
}

impl Layout<'_> {
    /// The prize of the job of each stop: the sum over its group and its set.
    pub(super) fn job_prizes(&self) -> Vec<Cost> {
        let base = self.base;
        let own = |u: usize| if base.required[u] || self.class[u] > 0 { REQUIRED_PRIZE } else { base.prize[u] };
        let sum = |stops: &[u32], prize: &dyn Fn(usize) -> Cost| {
            stops.iter().fold(0, |sum: Cost, &u| sum.saturating_add(prize(u as usize))).min(REQUIRED_PRIZE)
        };
        let of_groups: Vec<Cost> = base.members.iter().map(|members| sum(members, &own)).collect();
        let of_job = |u: usize| match base.group[u] {
            NONE => own(u),
            group => of_groups[group as usize],
        };
        let of_sets: Vec<Cost> = self.relations.all_or_none.iter().map(|set| sum(set, &of_job)).collect();
        let of_stop = |u: usize| match self.relations.set_of[u] {
            NONE => of_job(u),
            set => of_sets[set as usize],
        };
        (0..self.num_stops()).map(of_stop).collect()
    }

    pub(super) fn add_stop(&mut self, u: usize, waste_class_of: &[usize]) {
        let dims = self.dims;
        let base = self.base;
        let bounded = |late: Time| if late >= MAX_VALUE { UNLIMITED } else { late };
        let mut stop = Stop {
            early: Time::from(base.early[u]),
            late: bounded(Time::from(base.late[u])),
            windows: (0, 0),
            soft_early: -UNLIMITED,
            soft_late: UNLIMITED,
            soft_by_type: false,
            early_rate: 0,
            late_rate: 0,
            waste_class: 0,
            release: 0,
            order: base.order[u],
        };
        match base.activity[u] {
            Activity::Client(c) => {
                let client = self.problem.client(c);
                if !client.more_windows.is_empty() {
                    let first = self.windows.len() as u32;
                    let starts = TimeWindow::all_for_starts(client.windows(), client.window_needs().0);
                    self.windows.extend(starts.into_iter().map(|w| TimeWindow::new(w.early, bounded(w.late))));
                    stop.windows = (first, self.windows.len() as u32);
                }
                if let Some(soft) = client.soft_window {
                    (stop.soft_early, stop.soft_late) = (soft.early, soft.late - client.window_needs().0);
                    stop.soft_by_type = client.has_windows_by_type();
                    (stop.early_rate, stop.late_rate) = (soft.cost_per_early, soft.cost_per_late);
                }
                stop.waste_class = waste_class_of[client.material.map_or(0, |m| m.index() + 1)];
                stop.release = client.release;
                for d in 0..dims {
                    self.waste[u * dims + d] = Problem::amount(&client.pickup, d);
                    self.delivery[u * dims + d] = Problem::amount(&client.delivery, d);
                }
            }
            Activity::Pickup(s) | Activity::Delivery(s) => {
                let sign = if let Activity::Pickup(_) = base.activity[u] { 1 } else { -1 };
                let amount = &self.problem.shipment(s).amount;
                (0..dims).for_each(|d| self.shipped[u * dims + d] = sign * Problem::amount(amount, d));
            }
            Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => {}
        }
        self.stops.push(stop);
    }

    /// All windows of a stop for a vehicle, where there is more than one, or where they are not the same for all vehicles.
    #[inline]
    pub(crate) fn windows(&self, vehicle: &Vehicle, u: usize) -> &[TimeWindow] {
        let (first, end) = vehicle.windows_by_type(u).unwrap_or(self.stops[u].windows);
        &self.windows[first as usize..end as usize]
    }

    /// When a stop should have begun at the latest.
    #[inline]
    pub(crate) fn soft_late(&self, vehicle: &Vehicle, u: usize) -> Time {
        let stop = &self.stops[u];
        if !stop.soft_by_type {
            return stop.soft_late;
        }
        match self.base.activity[u] {
            Activity::Client(c) => stop.soft_late + self.problem.client(c).window_needs().0 - self.service(vehicle, u),
            _ => stop.soft_late,
        }
    }

    /// What a stop adds to the load, without regard to its direction.
    pub(crate) fn amount(&self, u: usize, dimension: usize) -> Load {
        let at = u * self.dims + dimension;
        self.waste[at] + self.delivery[at] + self.shipped[at].abs()
    }
}
