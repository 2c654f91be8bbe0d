//! The exact step from one element to the next. Everything that a route is asked rests on this one step.

use crate::model::Effort;
use crate::search::general::layout::{Element, Layout, Role, Vehicle};
use crate::search::general::limits::UNLIMITED;
use crate::search::general::route::hours::open_at;
use crate::search::general::route::kind::{FULL, LEAN, PLAIN};
use crate::search::general::route::rests::stand;
use crate::search::general::route::soft_window::with_soft_window;
use crate::search::general::route::state::State;
use crate::search::travel_table::FORBIDDEN;
use crate::units::{Duration, Time};

impl Layout<'_> {
    /// Extends the state to an element. `next` is where the vehicle drives during a pause en route; `release` when the trip that
    /// begins with a reload is released; `done` says that this has happened already, whatever it violates. False: infeasible.
    #[inline]
    #[expect(clippy::too_many_arguments, reason = "a state in its parts, and where it goes")]
    pub(crate) fn extend(
        &self,
        vehicle: &Vehicle,
        state: &mut State,
        resources: &mut [i64],
        element: Element,
        next: u32,
        release: Time,
        done: bool,
    ) -> bool {
        self.extend_as::<FULL>(vehicle, state, resources, element, next, release, done)
    }

    /// As [`extend`](Self::extend), on routes of a kind.
    #[inline]
    #[expect(clippy::too_many_arguments, reason = "as `extend`")]
    pub(crate) fn extend_as<const KIND: u8>(
        &self,
        vehicle: &Vehicle,
        state: &mut State,
        resources: &mut [i64],
        element: Element,
        next: u32,
        release: Time,
        done: bool,
    ) -> bool {
        let takes = match element.role() {
            Role::Stop(u) => {
                if !self.load::<KIND>(vehicle, state, resources, u) && !done {
                    return false;
                }
                self.service(vehicle, u)
            }
            Role::Site(k) => self.empty(state, resources, k),
            Role::Reload(_) => {
                if (state.on_board > 0 || !self.is_emptied(vehicle, resources)) && !done {
                    return false;
                }
                self.begin_trip(state, resources);
                if state.trips as usize + state.loads as usize > vehicle.max_trips && !done {
                    return false;
                }
                0
            }
            Role::End => {
                if (state.on_board > 0 || !self.is_emptied(vehicle, resources)) && !done {
                    return false;
                }
                0
            }
            Role::Break(b) => vehicle.breaks[b].duration,
            Role::Rest(r) => self.rests[r],
            Role::Start => 0,
        };
        let at = if KIND == PLAIN { resources.len() } else { self.resource_effort() };
        self.advance_as::<KIND>(vehicle, state, &mut resources[at..], element, (next, takes, release, done))
    }

    /// The part of a step that concerns time alone: `takes` says how long the vehicle stands.
    #[inline]
    pub(crate) fn advance(
        &self,
        vehicle: &Vehicle,
        state: &mut State,
        effort: &mut [i64],
        element: Element,
        step: (u32, Duration, Time, bool),
    ) -> bool {
        self.advance_as::<FULL>(vehicle, state, effort, element, step)
    }

    /// As [`advance`](Self::advance), on routes of a kind.
    #[inline]
    pub(crate) fn advance_as<const KIND: u8>(
        &self,
        vehicle: &Vehicle,
        state: &mut State,
        effort: &mut [i64],
        element: Element,
        (next, mut takes, release, done): (u32, Duration, Time, bool),
    ) -> bool {
        let is_lean = KIND >= LEAN;
        let role = element.role();
        let own = self.point(vehicle, element);
        let to = own.unwrap_or(next);
        let clock = state.leave;
        // Of a lean vehicle, nothing asks what of an arc is set-up.
        let (drive, setup) = if is_lean {
            (self.duration(vehicle, state.point, to), 0)
        } else {
            self.drive_and_setup(vehicle, state.point, to)
        };
        let left = if !is_lean && state.left >= 0 {
            state.left
        } else if is_lean {
            drive
        } else {
            vehicle.speed.whole(drive)
        };
        let is_pause = !is_lean && matches!(role, Role::Break(_) | Role::Rest(_));
        let mut arrival = if is_lean { clock + left } else { vehicle.speed.arrival(clock, left) };
        if !is_lean && own.is_none() {
            if !state.has_stood && !done {
                return false;
            }
            let late = if let Role::Break(b) = role { vehicle.breaks[b].late } else { UNLIMITED };
            let allowance = vehicle.rules.iter().zip(&*effort).map(|(rule, &sum)| (rule.max - sum).max(0)).min();
            arrival = arrival.min(late.max(clock)).min(clock + allowance.unwrap_or(UNLIMITED));
            state.left = (left - vehicle.speed.progress(clock, arrival)).max(0);
        } else {
            let distance = self.distance(vehicle, state.point, to);
            if (distance >= i64::from(FORBIDDEN)
                || left >= if is_lean { i64::from(FORBIDDEN) } else { vehicle.speed.whole(i64::from(FORBIDDEN)) })
                && !done
            {
                return false;
            }
            state.distance += distance;
            state.left = -1;
            state.point = to;
            if is_pause && !state.has_stood && !done {
                return false;
            }
            state.has_stood |= !is_pause;
        }
        let driven = arrival - clock;
        let setup = if is_lean || own.is_none() { 0 } else { setup };
        arrival += setup;
        state.driving += driven;
        state.work += driven + setup;
        let mut kept = true;
        for (r, rule) in vehicle.rules.iter().enumerate().filter(|_| !is_lean) {
            effort[r] += driven + if rule.effort == Effort::Work { setup } else { 0 };
            kept &= effort[r] <= rule.max;
        }
        let Some((begin, limit, in_time)) = self.begin_at::<KIND>(vehicle, state, role, arrival, release, &mut takes)
        else {
            return false;
        };
        let limit = limit.max(begin);
        // A pause en route stays where it is while the vehicle sets out in time.
        let since = if !is_lean && own.is_none() { clock } else { arrival };
        state.slack = state.slack.min(state.waited + (limit - since));
        state.waited += begin - arrival;
        state.arrival = arrival;
        state.begin = begin;
        state.limit = limit;
        state.leave = begin + takes;
        if !is_pause {
            state.work += takes;
        }
        if !is_lean {
            kept &= stand(vehicle, state, effort, takes, is_pause);
        }
        (kept && in_time && state.work <= vehicle.max_work && state.driving <= vehicle.max_driving) || done
    }

    /// When an element begins for a vehicle that arrives at a time, the latest begin that is as good, and whether that is in
    /// time; `None`: it cannot happen. A reload says how long it takes.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a part of the innermost step: a call costs as much as its work")]
    fn begin_at<const KIND: u8>(
        &self,
        vehicle: &Vehicle,
        state: &mut State,
        role: Role,
        arrival: Time,
        release: Time,
        takes: &mut Duration,
    ) -> Option<(Time, Time, bool)> {
        let mut in_time = true;
        let (begin, limit) = match role {
            Role::Stop(u) if KIND == PLAIN => {
                let stop = &self.stops[u];
                in_time = arrival <= stop.late;
                if in_time { (arrival.max(stop.early), stop.late) } else { (arrival, arrival) }
            }
            Role::Stop(u) => {
                let (begin, limit, soft) = self.serves(vehicle, u, arrival).unwrap_or_else(|| {
                    in_time = false;
                    with_soft_window(&self.stops[u], self.soft_late(vehicle, u), arrival, arrival)
                });
                state.soft += soft;
                (begin, limit)
            }
            Role::Site(k) => open_at(self.site_hours(vehicle, k), arrival).unwrap_or_else(|| {
                in_time = false;
                (arrival, arrival)
            }),
            Role::Reload(depot) => {
                let reload = vehicle.reload_at(depot)?;
                *takes = reload.loading;
                let begin = arrival.max(reload.early).max(release);
                in_time = begin <= reload.late;
                (begin, reload.late)
            }
            Role::Break(b) => {
                let pause = &vehicle.breaks[b];
                if state.breaks >> b & 1 == 1 {
                    return None;
                }
                state.breaks |= 1 << b;
                if !pause.paid {
                    state.unpaid += *takes;
                }
                let begin = arrival.max(pause.early);
                in_time = begin <= pause.late;
                (begin, pause.late)
            }
            Role::Rest(_) => {
                if !vehicle.paid_rests {
                    state.unpaid += *takes;
                }
                (arrival, UNLIMITED)
            }
            Role::End => {
                let begin = arrival.max(vehicle.end_early);
                in_time = begin <= vehicle.end_late;
                (begin, vehicle.end_late)
            }
            Role::Start => (arrival, UNLIMITED),
        };
        Some((begin, limit, in_time))
    }
}
