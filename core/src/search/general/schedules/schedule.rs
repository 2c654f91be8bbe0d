//! Schedules of a route: its order of stops with the halts and starts that are possible.

use std::sync::Arc;

use crate::search::general::goals::{Figures, figures};
use crate::search::general::halts::{Request, Thoroughness};
use crate::search::general::layout::{Element, Layout};
use crate::search::general::limits::UNLIMITED;
use crate::search::general::route::Route;
use crate::search::general::schedules::Assignment;
use crate::search::general::solution::Solution;
use crate::units::{Cost, Duration, Time};

/// The halts and the start of a route, and what follows from them.
pub(super) struct Schedule {
    pub(super) cost: Cost,
    pub(super) figures: Figures,
    elements: Arc<Vec<Element>>,
    not_before: Time,
    delay: Duration,
}

impl Schedule {
    /// The route with this schedule.
    pub(super) fn route(&self, solution: &mut Solution<'_>, route: usize) -> Route {
        let own = &solution.routes[route];
        let (vehicle_type, fixed, is_lenient) = (own.vehicle_type, own.fixed, own.is_lenient);
        let mut new = Route {
            vehicle_type,
            fixed,
            is_lenient,
            elements: self.elements.to_vec(),
            not_before: self.not_before,
            fixed_delay: Some(self.delay),
            ..Route::default()
        };
        let feasible = solution.layout.evaluate(&mut new, 0, true);
        debug_assert!(feasible && new.cost == self.cost, "a schedule costs the same again");
        new
    }
}

/// How many orders of halts have all their starts tried, cheapest first, where only cost counts.
const MAX_CHEAPEST: usize = 6;

/// All schedules of an assignment that no other one dominates in what goals measure.
pub(super) fn schedules(
    solution: &mut Solution<'_>,
    route: usize,
    (vehicle_type, prefix, order): &Assignment,
) -> Vec<Schedule> {
    let layout = solution.layout;
    let vehicle = &layout.vehicles[*vehicle_type];
    let is_lenient = solution.routes[route].is_lenient;
    let mut starts = vec![Time::MIN];
    starts.extend(vehicle.starts());
    let mut routes: Vec<Route> = Vec::new();
    for not_before in starts {
        let request = Request {
            vehicle_type: *vehicle_type,
            prefix,
            fixed: prefix.len(),
            order,
            limit: UNLIMITED,
            site_room: &[],
            thoroughness: if layout.balances_durations { Thoroughness::BALANCED } else { Thoroughness::THOROUGH },
            not_before,
            is_lenient,
            drops_late: false,
        };
        solution.halts.for_each(layout, request, &mut |route| {
            if routes.iter().all(|other| other.elements != route.elements || other.not_before != route.not_before) {
                routes.push(route.clone());
            }
        });
    }
    if !solution.goals.are_of_time() {
        // Only cost counts: the cheapest have all their starts tried.
        routes.sort_by_key(|route| route.cost);
        routes.truncate(MAX_CHEAPEST);
    }
    let (of_time, of_arcs) = (solution.goals.are_of_time(), solution.goals.are_of_arcs());
    let mut kept: Vec<Schedule> = Vec::new();
    for mut route in routes {
        let elements = Arc::new(route.elements.clone());
        let delays = delays(layout, &route);
        for delay in delays {
            route.fixed_delay = Some(delay);
            if !layout.choose_start(&mut route, true) || route.delay != delay {
                continue;
            }
            solution.goals.measure(layout, &mut route);
            let new = Schedule {
                cost: route.cost,
                figures: figures(layout, &route),
                elements: Arc::clone(&elements),
                not_before: route.not_before,
                delay,
            };
            let covers = |a: &Schedule, b: &Schedule| {
                a.cost <= b.cost
                    && (!of_arcs || a.figures.emitted <= b.figures.emitted && a.figures.distance <= b.figures.distance)
                    && (!of_time || a.figures.end <= b.figures.end)
                    && (!layout.balances_durations || a.figures.duration == b.figures.duration)
            };
            if !kept.iter().any(|old| covers(old, &new)) {
                kept.retain(|old| !covers(&new, old));
                kept.push(new);
            }
        }
    }
    kept.sort_by_key(|schedule| schedule.cost);
    kept
}

/// The starts of a route worth a try, as delays of the earliest one.
fn delays(layout: &Layout<'_>, route: &Route) -> Vec<Duration> {
    /// So many starts are tried at most.
    const MAX_DELAYS: i64 = 400;
    let vehicle = &layout.vehicles[route.vehicle_type];
    let last = route.last();
    let earliest = route.earliest();
    let mut most = if layout.balances_durations { route.delay } else { 0 }.max(last.slack.min(last.waited));
    if layout.has_soft || !vehicle.speed.flat {
        let opens =
            layout.stops.iter().map(|stop| stop.soft_early.max(stop.early)).filter(|&time| time < UNLIMITED / 4);
        let steps = vehicle.speed.steps().iter().copied();
        most = most.max(opens.chain(steps).max().unwrap_or(0) - earliest);
    }
    let most = most.min(vehicle.start_late - earliest).max(0);
    let step = most / MAX_DELAYS + 1;
    let mut delays: Vec<Duration> = (0..=most / step).map(|i| i * step).collect();
    delays.extend([route.delay, most]);
    delays.sort_unstable();
    delays.dedup();
    delays
}
