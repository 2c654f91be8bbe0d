//! What is known of a route up to an element, and the exact step from one element to the next. Everything that a route is
//! asked rests on this one step.

use crate::model::{DriverRule, Effort, TimeWindow};
use crate::search::data::{NONE, Order};
use crate::search::general::UNLIMITED;
use crate::search::general::element::{Element, Role};
use crate::search::general::layout::{Layout, Stop, Vehicle};
use crate::search::travel_table::FORBIDDEN;
use crate::units::{Cost, Duration, Time};

/// A route up to and with an element, driven from its earliest start. Amounts are in a row of lanes beside it.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    /// Where the vehicle is; during a pause on the way, where it was before.
    pub(super) point: u32,
    /// How many stops have been served.
    pub(super) stops: u32,
    /// How many trips have begun.
    pub(super) trips: u32,
    /// Disposal visits after which something was served on the same trip, and those since the last service.
    pub(super) loads: u32,
    pub(super) emptied: u32,
    /// Shipments on board.
    pub(super) on_board: u32,
    /// How many stops the trip has served.
    pub(super) trip_stops: u32,
    /// Whether the trip has served a backhaul.
    pub(super) backhaul: bool,
    /// Whether the vehicle has stood anywhere but on a break.
    pub(super) has_stood: bool,
    pub(super) arrival: Time,
    pub(super) begin: Time,
    pub(super) leave: Time,
    /// What is left of the drive that a pause interrupts; negative: nothing.
    pub(super) left: i64,
    /// The latest begin that is as good as this one.
    pub(super) limit: Time,
    /// Time waited so far, and how much later the route could start before anything passes its limit.
    pub(super) waited: Duration,
    pub(super) slack: Duration,
    pub(super) distance: i64,
    pub(super) driving: Duration,
    pub(super) work: Duration,
    /// Time of pauses that are not paid.
    pub(super) unpaid: Duration,
    /// Cost of soft windows, and of disposal.
    pub(super) soft: Cost,
    pub(super) fees: Cost,
    /// Breaks that were taken.
    pub(super) breaks: u64,
    /// Driver rules of which the first part of a split rest was taken.
    pub(super) split_rest_taken: u64,
}

/// When service in one of some windows begins for a vehicle that is ready at a time; `None`: all have closed.
#[inline]
pub(super) fn open_at(windows: &[TimeWindow], ready: Time) -> Option<(Time, Time)> {
    if windows.is_empty() {
        return Some((ready, UNLIMITED));
    }
    windows.iter().find(|w| ready <= w.late).map(|w| (ready.max(w.early), w.late))
}

/// Lets a rest count for a rule.
#[inline]
fn rest(rule: &DriverRule, length: Duration, effort: &mut i64, half: &mut bool) {
    if length >= rule.rest {
        (*effort, *half) = (0, false);
    } else if let Some((first, second)) = rule.split {
        if *half && length >= second {
            (*effort, *half) = (0, false);
        } else if length >= first {
            *half = true;
        }
    }
}

/// Lets a stay count for the driver rules. Whether none is broken.
#[inline]
fn stand(vehicle: &Vehicle, state: &mut State, effort: &mut [i64], takes: Duration, pause: bool) -> bool {
    let mut kept = true;
    for (r, rule) in vehicle.rules.iter().enumerate() {
        let mut half = state.split_rest_taken >> r & 1 == 1;
        if pause || (rule.effort == Effort::Driving && rule.any_pause) {
            rest(rule, takes, &mut effort[r], &mut half);
        } else if rule.effort == Effort::Work {
            effort[r] += takes;
        }
        state.split_rest_taken = state.split_rest_taken & !(1 << r) | u64::from(half) << r;
        kept &= effort[r] <= rule.max;
    }
    kept
}

impl Layout<'_> {
    /// The state at a route's start, whose first trip is released at `release`, once `delay` has passed since the earliest
    /// start.
    pub(super) fn root(&self, vehicle: &Vehicle, release: Time, delay: Duration, lanes: &mut [i64]) -> State {
        lanes.fill(0);
        let begin = vehicle.start_early.max(release) + delay;
        let mut state = State {
            point: vehicle.start_point,
            stops: 0,
            trips: 1,
            loads: 0,
            emptied: 0,
            on_board: 0,
            trip_stops: 0,
            backhaul: false,
            has_stood: vehicle.has_start,
            arrival: begin,
            begin,
            leave: begin + vehicle.loading,
            left: -1,
            limit: vehicle.start_late,
            waited: 0,
            slack: (vehicle.start_late - begin).max(0),
            distance: 0,
            driving: 0,
            work: vehicle.loading,
            unpaid: 0,
            soft: 0,
            fees: 0,
            breaks: 0,
            split_rest_taken: 0,
        };
        if !vehicle.rules.is_empty() {
            stand(vehicle, &mut state, &mut lanes[self.lane_effort()..], vehicle.loading, false);
        }
        state
    }

    /// Goes on to an element. `next` is where the vehicle drives during a pause on the way; `release` when the trip that
    /// begins with a reload is released; `done` says that this has happened already, whatever it breaks. False: infeasible.
    #[inline]
    #[expect(clippy::too_many_arguments, reason = "a state in its parts, and where it goes")]
    pub(super) fn extend(
        &self,
        vehicle: &Vehicle,
        state: &mut State,
        lanes: &mut [i64],
        element: Element,
        next: u32,
        release: Time,
        done: bool,
    ) -> bool {
        self.extend_as::<false>(vehicle, state, lanes, element, next, release, done)
    }

    /// As [`extend`](Self::extend); `LEAN`: of a vehicle that is [`lean`](Vehicle::lean).
    #[inline]
    #[expect(clippy::too_many_arguments, reason = "as `extend`")]
    pub(super) fn extend_as<const LEAN: bool>(
        &self,
        vehicle: &Vehicle,
        state: &mut State,
        lanes: &mut [i64],
        element: Element,
        next: u32,
        release: Time,
        done: bool,
    ) -> bool {
        let takes = match element.role() {
            Role::Stop(u) => {
                if !self.load::<LEAN>(vehicle, state, lanes, u) && !done {
                    return false;
                }
                self.service(vehicle, u)
            }
            Role::Site(k) => self.empty(state, lanes, k),
            Role::Reload(_) => {
                if (state.on_board > 0 || !self.is_emptied(vehicle, lanes)) && !done {
                    return false;
                }
                self.begin_trip(state, lanes);
                if state.trips as usize + state.loads as usize > vehicle.max_trips && !done {
                    return false;
                }
                0
            }
            Role::End => {
                if (state.on_board > 0 || !self.is_emptied(vehicle, lanes)) && !done {
                    return false;
                }
                0
            }
            Role::Break(b) => vehicle.breaks[b].duration,
            Role::Rest(r) => self.rests[r],
            Role::Start => 0,
        };
        let at = self.lane_effort();
        self.advance_as::<LEAN>(vehicle, state, &mut lanes[at..], element, (next, takes, release, done))
    }

    /// The part of a step that concerns time alone: `takes` says how long the vehicle stands.
    #[inline]
    pub(super) fn advance(
        &self,
        vehicle: &Vehicle,
        state: &mut State,
        effort: &mut [i64],
        element: Element,
        step: (u32, Duration, Time, bool),
    ) -> bool {
        self.advance_as::<false>(vehicle, state, effort, element, step)
    }

    #[inline]
    #[expect(clippy::too_many_lines, reason = "one step, whatever the element: its parts share the clock")]
    pub(super) fn advance_as<const LEAN: bool>(
        &self,
        vehicle: &Vehicle,
        state: &mut State,
        effort: &mut [i64],
        element: Element,
        (next, mut takes, release, done): (u32, Duration, Time, bool),
    ) -> bool {
        let role = element.role();
        let own = self.point(vehicle, element);
        let to = own.unwrap_or(next);
        let clock = state.leave;
        let left = if !LEAN && state.left >= 0 {
            state.left
        } else if LEAN {
            self.duration(vehicle, state.point, to)
        } else {
            vehicle.speed.whole(self.duration(vehicle, state.point, to))
        };
        let is_pause = !LEAN && matches!(role, Role::Break(_) | Role::Rest(_));
        let mut arrival = if LEAN { clock + left } else { vehicle.speed.arrival(clock, left) };
        if !LEAN && own.is_none() {
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
                || left >= if LEAN { i64::from(FORBIDDEN) } else { vehicle.speed.whole(i64::from(FORBIDDEN)) })
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
        state.driving += driven;
        state.work += driven;
        let mut kept = true;
        for (r, rule) in vehicle.rules.iter().enumerate().filter(|_| !LEAN) {
            effort[r] += driven;
            kept &= effort[r] <= rule.max;
        }
        let mut in_time = true;
        let (begin, limit) = match role {
            Role::Stop(u) => {
                let (begin, limit, soft) = self.serves(&self.stops[u], arrival).unwrap_or_else(|| {
                    in_time = false;
                    Self::softly(&self.stops[u], arrival, arrival)
                });
                state.soft += soft;
                (begin, limit)
            }
            Role::Site(k) => open_at(&self.sites[k].hours, arrival).unwrap_or_else(|| {
                in_time = false;
                (arrival, arrival)
            }),
            Role::Reload(depot) => {
                let Some(reload) = vehicle.reload_at(depot) else { return false };
                takes = reload.loading;
                let begin = arrival.max(reload.early).max(release);
                in_time = begin <= reload.late;
                (begin, reload.late)
            }
            Role::Break(b) => {
                let pause = &vehicle.breaks[b];
                if state.breaks >> b & 1 == 1 {
                    return false;
                }
                state.breaks |= 1 << b;
                if !pause.paid {
                    state.unpaid += takes;
                }
                let begin = arrival.max(pause.early);
                in_time = begin <= pause.late;
                (begin, pause.late)
            }
            Role::Rest(_) => {
                if !vehicle.paid_rests {
                    state.unpaid += takes;
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
        let limit = limit.max(begin);
        // A pause on the way stays where it is while the vehicle sets out in time.
        let since = if !LEAN && own.is_none() { clock } else { arrival };
        state.slack = state.slack.min(state.waited + (limit - since));
        state.waited += begin - arrival;
        state.arrival = arrival;
        state.begin = begin;
        state.limit = limit;
        state.leave = begin + takes;
        if !is_pause {
            state.work += takes;
        }
        if !LEAN {
            kept &= stand(vehicle, state, effort, takes, is_pause);
        }
        (kept && in_time && state.work <= vehicle.max_work && state.driving <= vehicle.max_driving) || done
    }

    /// When service at a stop begins for a vehicle that arrives at a time, the latest begin that is as good, and what its soft
    /// window costs.
    #[inline]
    pub(super) fn serves(&self, stop: &Stop, arrival: Time) -> Option<(Time, Time, Cost)> {
        let (begin, limit) = self.opens(stop, arrival)?;
        Some(if self.has_soft { Self::softly(stop, begin, limit) } else { (begin, limit, 0) })
    }

    /// What a soft window makes of a begin and the latest one.
    fn softly(stop: &Stop, begin: Time, limit: Time) -> (Time, Time, Cost) {
        if begin > stop.soft_late {
            (begin, begin, stop.late_rate * (begin - stop.soft_late))
        } else {
            (begin, limit.min(stop.soft_late), stop.early_rate * (stop.soft_early - begin).max(0))
        }
    }

    /// When service at a stop begins for a vehicle that arrives at a time, and until when it may.
    #[inline]
    pub(super) fn opens(&self, stop: &Stop, arrival: Time) -> Option<(Time, Time)> {
        let windows = self.windows(stop);
        if windows.is_empty() {
            return (arrival <= stop.late).then_some((arrival.max(stop.early), stop.late));
        }
        open_at(windows, arrival)
    }

    /// Takes a stop's amounts on board. Whether they fit.
    #[inline]
    fn load<const LEAN: bool>(&self, vehicle: &Vehicle, state: &mut State, lanes: &mut [i64], u: usize) -> bool {
        let (dims, stop) = (self.dims, &self.stops[u]);
        let mut fits = true;
        for d in 0..dims {
            let at = u * dims + d;
            let (delivery, waste, shipped) = (self.delivery[at], self.waste[at], self.shipped[at]);
            let net = lanes[self.lane_net() + d] + waste + shipped - delivery;
            lanes[Self::DELIVERED + d] += delivery;
            lanes[self.lane_net() + d] = net;
            let peak = lanes[self.lane_peak() + d].max(net);
            lanes[self.lane_peak() + d] = peak;
            let total = lanes[self.lane_total() + d] + delivery + waste + shipped.max(0);
            lanes[self.lane_total() + d] = total;
            fits &= lanes[Self::DELIVERED + d] + peak <= vehicle.capacity[d] && total <= vehicle.max_route_load[d];
        }
        if !LEAN && self.holds > 0 {
            fits &= self.fill(vehicle, lanes, stop.hold, u);
        }
        state.stops += 1;
        state.loads += std::mem::take(&mut state.emptied);
        if self.has_order {
            fits &= match stop.order {
                Order::Any => true,
                Order::Linehaul => !state.backhaul,
                Order::Backhaul => state.trip_stops > 0,
            };
            state.backhaul |= stop.order == Order::Backhaul;
        }
        state.trip_stops += 1;
        if self.base.partner[u] != NONE {
            if self.base.is_pickup(u) {
                state.on_board += 1;
            } else if state.on_board == 0 {
                fits = false;
            } else {
                state.on_board -= 1;
            }
        }
        fits && vehicle.may_stop(state.stops) && (state.trips + state.loads) as usize <= vehicle.max_trips
    }

    /// Puts a stop's waste into its hold. Whether it may be there.
    fn fill(&self, vehicle: &Vehicle, lanes: &mut [i64], hold: usize, u: usize) -> bool {
        let dims = self.dims;
        let row = self.lane_waste();
        let mut any = false;
        for d in 0..dims {
            let own = &mut lanes[row + hold * dims + d];
            *own += self.waste[u * dims + d];
            any |= *own > 0;
        }
        let part = vehicle.compartment[hold];
        if part != NONE {
            for d in 0..dims {
                let together = (0..self.holds).filter(|&h| vehicle.compartment[h] == part);
                let load: i64 = together.map(|h| lanes[row + h * dims + d]).sum();
                if load > vehicle.compartments[part as usize][d] {
                    return false;
                }
            }
        }
        let present = |h: usize| (0..dims).any(|d| lanes[row + h * dims + d] > 0);
        !any || !vehicle.apart[hold].iter().any(|&h| present(h))
    }

    /// Empties at a disposal site. How long that takes.
    fn empty(&self, state: &mut State, lanes: &mut [i64], k: usize) -> Duration {
        let (dims, site) = (self.dims, &self.sites[k]);
        let mut takes = site.service;
        state.fees += site.visit_cost;
        for d in 0..dims {
            let mut amount = 0;
            for h in (0..self.holds).filter(|&h| site.accepts[h]) {
                amount += std::mem::take(&mut lanes[self.lane_waste() + h * dims + d]);
            }
            lanes[self.lane_net() + d] -= amount;
            takes += site.unloading.get(d).map_or(0, |rate| rate.of(amount));
            state.fees += site.fee.get(d).map_or(0, |rate| rate.of(amount));
        }
        state.emptied += 1;
        takes
    }

    /// Whether the vehicle may end a trip with what is on board.
    #[inline]
    fn is_emptied(&self, vehicle: &Vehicle, lanes: &[i64]) -> bool {
        !vehicle.end_empty || lanes[self.lane_waste()..self.lane_effort()].iter().all(|&load| load == 0)
    }

    fn begin_trip(&self, state: &mut State, lanes: &mut [i64]) {
        lanes[..self.lane_total()].fill(0);
        lanes[self.lane_waste()..self.lane_effort()].fill(0);
        state.trips += 1;
        (state.emptied, state.trip_stops, state.backhaul) = (0, 0, false);
    }
}
