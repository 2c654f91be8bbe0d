//! The backward pass: what the rest of a route asks of whatever comes before, at each gap.

use crate::search::general::layout::{Element, Layout, Role, Vehicle};
use crate::search::general::limits::UNLIMITED;
use crate::search::general::route::kind::{FULL, LEAN, PLAIN};
use crate::search::general::route::residuals::vec_of;
use crate::search::general::route::state::State;
use crate::search::general::route::{Gap, Route, Suffix};
use crate::units::Time;

impl Layout<'_> {
    /// Recomputes what the rest of a route asks from each element on, and the gaps.
    pub(crate) fn backward_pass(&self, route: &mut Route) {
        self.backward_pass_as(self.kind(&self.vehicles[route.vehicle_type]), route);
    }

    /// As [`backward_pass`](Self::backward_pass), for routes of a kind.
    pub(crate) fn backward_pass_as(&self, kind: u8, route: &mut Route) {
        match kind {
            PLAIN => self.drive_back::<PLAIN>(route),
            LEAN => self.drive_back::<LEAN>(route),
            _ => self.drive_back::<FULL>(route),
        }
    }

    fn drive_back<const KIND: u8>(&self, route: &mut Route) {
        let is_lean = KIND >= LEAN;
        let vehicle = &self.vehicles[route.vehicle_type];
        let n = route.elements.len();
        let (width, dims) = if KIND == PLAIN { (2, 1) } else { (self.residuals(), self.dims) };
        if route.states.len() < n {
            // An empty route has no states yet, whether or not it could be driven.
            self.force(route);
        }
        // All is written anew.
        route.residuals.resize(n * width, 0);
        let end = &route.states[n - 1];
        let mut suffix = Suffix {
            latest: vehicle.end_late.max(end.arrival),
            waiting: end.begin - end.arrival,
            slack: end.limit - end.arrival,
            late_rate: 0,
            late_slack: UNLIMITED,
            next_late_rate: 0,
            slope: 1.0,
        };
        let mut ahead = Gap::default();
        route.suffixes.resize(n, suffix);
        route.suffixes[n - 1] = suffix;
        route.gaps.resize(n, Gap::default());
        self.residuals_at_end(vehicle, &mut route.residuals[(n - 1) * width..]);
        let mut delivered = vec_of(&route.resources, n - 1, self.resources(), dims);
        // Behind the element: the latest arrival at the next halt, where it is, and pauses before it.
        let (mut latest, mut to, mut resting) = (suffix.latest, vehicle.end_point, 0);
        let mut must_leave = UNLIMITED;
        for p in (0..n - 1).rev() {
            self.backward_residuals::<KIND>(route, p, &mut ahead, &mut delivered);
            let (element, state) = (route.elements[p], &route.states[p]);
            let takes = state.leave - state.begin;
            if !is_lean && Layout::is_en_route(vehicle, element) {
                must_leave -= takes;
                resting += takes;
                if let Role::Break(b) = element.role() {
                    must_leave = must_leave.min(vehicle.breaks[b].late);
                }
                suffix.slack =
                    (state.limit - route.states[p - 1].leave).min(state.begin - state.arrival + suffix.slack);
            } else {
                if self.timed {
                    let leave = if is_lean {
                        latest - self.duration(vehicle, state.point, to)
                    } else {
                        let (drive, setup) = self.drive_and_setup(vehicle, state.point, to);
                        let drive = vehicle.speed.whole(drive);
                        vehicle.speed.latest_departure(latest - setup - resting, drive).min(must_leave)
                    };
                    suffix.latest = self.latest_arrival::<KIND>(vehicle, element, leave - takes).max(state.arrival);
                }
                suffix.slack = (state.limit - state.arrival).min(state.begin - state.arrival + suffix.slack);
                let next = if is_lean { p + 1 } else { Layout::located_after(vehicle, &route.elements, p + 1) };
                let arc = route.states[next].distance - state.distance;
                let closed = self.is_closed(route, p, next);
                for gap in &mut route.gaps[p..next] {
                    (gap.from, gap.to, gap.arc, gap.closed) = (state.point, to, arc, closed);
                }
                (latest, to, resting, must_leave) = (suffix.latest, self.arrival_point(vehicle, element), 0, UNLIMITED);
            }
            suffix.waiting += state.begin - state.arrival;
            if !is_lean && !vehicle.speed.flat {
                let setup = match self.point(vehicle, route.elements[p + 1]) {
                    Some(next) => self.setup(vehicle, state.point, next),
                    None => 0,
                };
                let (from, to) = (state.leave, route.states[p + 1].arrival - setup);
                let (from, to) = (vehicle.speed.percent_at(from), vehicle.speed.percent_at(to));
                if from != to {
                    suffix.slope *= from as f32 / to as f32;
                }
            }
            self.note_soft(vehicle, element, state, &mut suffix);
            route.suffixes[p] = suffix;
        }
    }

    /// What there is room for behind the last element.
    fn residuals_at_end(&self, vehicle: &Vehicle, row: &mut [i64]) {
        row.fill(0);
        row[..self.residual_rows()].fill(UNLIMITED);
        row[self.residual_site()..].fill(-1);
        for (r, rule) in vehicle.rules.iter().enumerate() {
            row[self.residual_effort() + r] = rule.max;
        }
    }

    fn arrival_point(&self, vehicle: &Vehicle, element: Element) -> u32 {
        self.point(vehicle, element).unwrap_or(vehicle.end_point)
    }

    /// Whether nothing may come between the halts at two positions: they follow each other in a sequence, or are past.
    fn is_closed(&self, route: &Route, from: usize, to: usize) -> bool {
        let next = |u: usize| self.relations.next[u];
        to < route.fixed
            || (self.relations.any()
                && route.elements[from]
                    .node()
                    .is_some_and(|u| route.elements[to].node().is_some_and(|v| next(u) == v as u32)))
    }

    /// Lateness of soft windows, seen from before the element.
    fn note_soft(&self, vehicle: &Vehicle, element: Element, state: &State, suffix: &mut Suffix) {
        if !self.has_soft {
            return;
        }
        if let Some(u) = element.node()
            && self.stops[u].late_rate > 0
        {
            let (stop, soft_late) = (&self.stops[u], self.soft_late(vehicle, u));
            if state.begin >= soft_late {
                suffix.late_rate += stop.late_rate;
            } else if soft_late - state.begin < suffix.late_slack {
                (suffix.late_slack, suffix.next_late_rate) = (soft_late - state.begin, stop.late_rate);
            }
        }
        if suffix.late_slack < UNLIMITED {
            suffix.late_slack += state.begin - state.arrival;
        }
    }

    /// The latest arrival at an element of a route of any kind that begins at `begin` at the latest.
    pub(crate) fn latest_arrival_at(&self, vehicle: &Vehicle, element: Element, begin: Time) -> Time {
        self.latest_arrival::<FULL>(vehicle, element, begin)
    }

    /// The latest arrival at an element that begins at `begin` at the latest.
    fn latest_arrival<const KIND: u8>(&self, vehicle: &Vehicle, element: Element, begin: Time) -> Time {
        let among = |windows: &[crate::model::TimeWindow]| {
            if windows.is_empty() {
                return begin;
            }
            let open = windows.iter().rev().find(|w| w.early <= begin);
            open.map_or(-UNLIMITED, |w| begin.min(w.late))
        };
        match element.role() {
            Role::Stop(u) => {
                let stop = &self.stops[u];
                let windows = if KIND == PLAIN { &[] } else { self.windows(vehicle, u) };
                if !windows.is_empty() {
                    among(windows)
                } else if begin < stop.early {
                    -UNLIMITED
                } else {
                    begin.min(stop.late)
                }
            }
            Role::Site(k) => among(self.site_hours(vehicle, k)),
            Role::Reload(depot) => vehicle.reload_at(depot).map_or(begin, |reload| begin.min(reload.late)),
            Role::Break(b) => begin.min(vehicle.breaks[b].late),
            _ => begin,
        }
    }
}
