//! What it would cost to insert elements between two halts of a route: exact for what is inserted, from a record of the rest
//! of the route for all that follows. Prices rank; an exact pass decides.

mod bounds;
mod join;
mod progress;
mod stop;
mod time;

pub(crate) use progress::Progress;

use crate::search::general::goals::{Figures, GoalPrices};
use crate::search::general::layout::{Element, Layout, Role, Vehicle};
use crate::search::general::route::{FULL, LEAN, Route, State};
use crate::units::{Cost, Time};

/// The cost of an insertion, as the records at the gap tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Price {
    /// About so much more than the route costs now.
    Delta(Cost),
    /// The load does not fit unless the vehicle empties first.
    Full,
    Infeasible,
}

impl Layout<'_> {
    /// What it would cost to put `chain` behind the element at `position`, all of whose stops are unserved.
    #[inline]
    pub(crate) fn price(
        &self,
        route: &Route,
        position: usize,
        chain: &[Element],
        (goals, own): (&GoalPrices, usize),
        row: &mut [i64],
    ) -> Price {
        let vehicle = &self.vehicles[route.vehicle_type];
        let empties = chain.iter().any(|e| e.is_emptying());
        if !empties && !chain.iter().filter_map(|e| e.node()).all(|u| self.fits::<FULL>(vehicle, route, position, u)) {
            return Price::Full;
        }
        let base = Layout::located_before(vehicle, &route.elements, position);
        let next = Layout::located_after(vehicle, &route.elements, position + 1);
        let width = self.resources();
        let mut state = route.states[base];
        row.copy_from_slice(&route.resources[base * width..(base + 1) * width]);
        let to = route.gaps[position].to;
        let first = self.point(vehicle, chain[0]).unwrap_or(to);
        let before = route.elements[base + 1..=position].iter().map(|&e| (e, first));
        let after = route.elements[position + 1..next].iter().map(|&e| (e, to));
        let released = self.has_releases && !route.is_empty();
        if released {
            let own = self.latest_release(chain);
            let moved = if own > 0 { Self::release_moves(route, position, own) } else { Some(0) };
            let Some(moved) = moved else { return Price::Infeasible };
            state.leave += moved;
            state.waited = (state.waited - moved).max(0);
        }
        let mut left = chain;
        for (element, towards) in before.chain(chain.iter().map(|&e| (e, 0))).chain(after) {
            let mut release = Time::MIN;
            if released
                && let Some((&head, rest)) = left.split_first()
                && element == head
            {
                left = rest;
                if matches!(element.role(), Role::Reload(_)) {
                    let last = !rest.iter().any(|e| matches!(e.role(), Role::Reload(_)));
                    release = self.latest_release(rest).max(if last { route.gaps[position].release } else { 0 });
                }
            }
            // Releases of an empty route are left to the exact pass.
            let done = if vehicle.lean {
                self.extend_as::<LEAN>(vehicle, &mut state, row, element, towards, release, false)
            } else {
                self.extend(vehicle, &mut state, row, element, towards, release, false)
            };
            if !done {
                return Price::Infeasible;
            }
        }
        if route.is_empty() {
            return self.price_of_opening(vehicle, &mut state, row, (goals, own));
        }
        match self.join_rest(vehicle, route, position, next, &state, row, (goals, own)) {
            Some(delta) => Price::Delta(delta),
            None => Price::Infeasible,
        }
    }

    /// What it would cost to go on behind the element at `position` from a state that is not the route's own.
    #[inline]
    pub(crate) fn price_rest(
        &self,
        route: &Route,
        position: usize,
        state: &mut State,
        row: &mut [i64],
        (goals, own): (&GoalPrices, usize),
    ) -> Price {
        let vehicle = &self.vehicles[route.vehicle_type];
        if route.is_empty() {
            return self.price_of_opening(vehicle, state, row, (goals, own));
        }
        let next = Layout::located_after(vehicle, &route.elements, position + 1);
        let to = route.gaps[position].to;
        for &pause in &route.elements[position + 1..next] {
            if !self.extend(vehicle, state, row, pause, to, Time::MIN, false) {
                return Price::Infeasible;
            }
        }
        match self.join_rest(vehicle, route, position, next, state, row, (goals, own)) {
            Some(delta) => Price::Delta(delta),
            None => Price::Infeasible,
        }
    }

    /// What a new route costs that ends here.
    fn price_of_opening(
        &self,
        vehicle: &Vehicle,
        state: &mut State,
        row: &mut [i64],
        (goals, own): (&GoalPrices, usize),
    ) -> Price {
        if !self.extend(vehicle, state, row, Element::END, 0, Time::MIN, false) {
            return if vehicle.end_empty { Price::Full } else { Price::Infeasible };
        }
        let delay = state.slack.min(state.waited).max(0);
        let duration = state.leave - vehicle.start_early - delay;
        if state.distance > vehicle.max_distance || duration > Layout::longest(vehicle) {
            return Price::Infeasible;
        }
        let cost = vehicle.fixed_cost
            + vehicle.cost_per_distance * state.distance
            + state.fees
            + state.assignment
            + state.soft
            + vehicle.paid_cost(duration - state.unpaid)
            + vehicle.cost_per_waiting * (state.waited - delay);
        // A goal of which no price is too high may saturate.
        Price::Delta(cost.saturating_add(goals.change(own, || {
            let load = if self.dims == 0 { 0 } else { row[self.resource_total()] };
            let (end, stops) = (state.leave, state.stops.into());
            Figures { end, duration, load, stops, scatter: 0, emitted: 0, distance: 0 }
        })))
    }

    /// When the latest of the stops before the first reload is released.
    fn latest_release(&self, chain: &[Element]) -> Time {
        let trip = chain.iter().take_while(|e| !matches!(e.role(), Role::Reload(_)));
        trip.filter_map(|e| e.node()).map(|u| self.stops[u].release).max().unwrap_or(0)
    }
}
