//! Versions of a route: its order of stops with other halts and starts.

use std::rc::Rc;

use crate::search::general::goals::{Figures, figures};
use crate::search::general::halts::{Effort, Request};
use crate::search::general::layout::{Element, Layout};
use crate::search::general::limits::UNLIMITED;
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;
use crate::search::general::tune::Task;
use crate::units::{Cost, Duration, Time};

/// A way to drive a route.
pub(super) struct Version {
    pub(super) cost: Cost,
    pub(super) figures: Figures,
    elements: Rc<Vec<Element>>,
    not_before: Time,
    delay: Duration,
}

impl Version {
    /// The version as the route of a vehicle.
    pub(super) fn route(&self, solution: &mut Solution<'_>, route: usize) -> Route {
        let own = &solution.routes[route];
        let (kind, fixed, is_lenient) = (own.kind, own.fixed, own.is_lenient);
        let mut new = Route {
            kind,
            fixed,
            is_lenient,
            elements: self.elements.to_vec(),
            not_before: self.not_before,
            hold: Some(self.delay),
            ..Route::default()
        };
        let feasible = solution.layout.evaluate(&mut new, 0, true);
        debug_assert!(feasible && new.cost == self.cost, "a version stays what it was");
        new
    }
}

/// Of so many ways to drive a task all starts are tried, where only cost counts.
const FEW: usize = 6;

/// All ways to drive a task of which none is as good as another in all that goals see.
pub(super) fn versions(solution: &mut Solution<'_>, route: usize, (kind, prefix, order): &Task) -> Vec<Version> {
    let layout = solution.layout;
    let vehicle = &layout.vehicles[*kind];
    let is_lenient = solution.routes[route].is_lenient;
    let mut starts = vec![Time::MIN];
    starts.extend(vehicle.starts());
    let mut routes: Vec<Route> = Vec::new();
    for not_before in starts {
        let request = Request {
            kind: *kind,
            prefix,
            fixed: prefix.len(),
            order,
            limit: UNLIMITED,
            site_room: &[],
            effort: if layout.levels { Effort::LEVEL } else { Effort::THOROUGH },
            not_before,
            is_lenient,
        };
        solution.halts.each(layout, request, &mut |route| {
            if routes.iter().all(|other| other.elements != route.elements || other.not_before != route.not_before) {
                routes.push(route.clone());
            }
        });
    }
    if !solution.goals.are_of_time() {
        // Only cost counts: the cheapest ways are worth a look at all their starts.
        routes.sort_by_key(|route| route.cost);
        routes.truncate(FEW);
    }
    let of_time = solution.goals.are_of_time();
    let mut kept: Vec<Version> = Vec::new();
    for mut route in routes {
        let elements = Rc::new(route.elements.clone());
        let delays = delays(layout, &route);
        for delay in delays {
            route.hold = Some(delay);
            if !layout.settle(&mut route, true) || route.delay != delay {
                continue;
            }
            let new = Version {
                cost: route.cost,
                figures: figures(layout, &route),
                elements: Rc::clone(&elements),
                not_before: route.not_before,
                delay,
            };
            let covers = |a: &Version, b: &Version| {
                a.cost <= b.cost
                    && (!of_time || a.figures.end <= b.figures.end)
                    && (!layout.levels || a.figures.duration == b.figures.duration)
            };
            if !kept.iter().any(|old| covers(old, &new)) {
                kept.retain(|old| !covers(&new, old));
                kept.push(new);
            }
        }
    }
    kept.sort_by_key(|version| version.cost);
    kept
}

/// The starts of a route worth a try, as delays of the earliest one.
fn delays(layout: &Layout<'_>, route: &Route) -> Vec<Duration> {
    /// So many starts are tried at most.
    const MOST: i64 = 400;
    let vehicle = &layout.vehicles[route.kind];
    let last = route.last();
    let earliest = route.earliest();
    let mut most = if layout.levels { route.delay } else { 0 }.max(last.slack.min(last.waited));
    if layout.has_soft || !vehicle.speed.flat {
        let opens =
            layout.stops.iter().map(|stop| stop.soft_early.max(stop.early)).filter(|&time| time < UNLIMITED / 4);
        let steps = vehicle.speed.steps().iter().copied();
        most = most.max(opens.chain(steps).max().unwrap_or(0) - earliest);
    }
    let most = most.min(vehicle.start_late - earliest).max(0);
    let step = most / MOST + 1;
    let mut delays: Vec<Duration> = (0..=most / step).map(|i| i * step).collect();
    delays.extend([route.delay, most]);
    delays.sort_unstable();
    delays.dedup();
    delays
}
