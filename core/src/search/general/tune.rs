//! Versions of routes. Where goals tie routes together by their times, the cheapest way to drive some stops need not be the best
//! for the whole: a route may have to end earlier, at a cost, or to last as long as the others. Of tiny problems, all ways to
//! drive the present orders of stops that differ in what such goals see are found, and the best of them chosen together. Where
//! only cost counts, but depends on the time of the day, all starts are tried.

use std::collections::HashMap;
use std::rc::Rc;

use crate::search::general::UNLIMITED;
use crate::search::general::element::Element;
use crate::search::general::halts::{Effort, Request};
use crate::search::general::layout::Layout;
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;
use crate::search::general::value::{Figures, Value, figures};
use crate::units::{Cost, Duration, Time};

/// What a route serves, and with which type of vehicle.
type Task = (usize, Vec<Element>, Vec<u32>);

/// A way to drive a route.
struct Version {
    cost: Cost,
    figures: Figures,
    elements: Rc<Vec<Element>>,
    not_before: Time,
    delay: Duration,
}

/// Chooses versions, and remembers what was chosen.
#[derive(Default)]
pub(super) struct Tune {
    versions: HashMap<Task, Rc<Vec<Version>>>,
    chosen: HashMap<Vec<Task>, Vec<usize>>,
}

impl Tune {
    /// Drives the routes in the versions that are best together. Whether that changed anything.
    pub(super) fn run(&mut self, solution: &mut Solution<'_>) -> bool {
        /// So much is remembered.
        const MOST: usize = 20_000;
        let used: Vec<usize> = (0..solution.routes.len()).filter(|&r| !solution.routes[r].is_empty()).collect();
        if used.is_empty() || solution.routes.iter().any(|route| route.is_broken) {
            return false;
        }
        let tasks: Vec<Task> = used.iter().map(|&route| task(solution, route)).collect();
        let lists: Vec<Rc<Vec<Version>>> =
            used.iter().zip(&tasks).map(|(&route, task)| self.versions_of(solution, route, task)).collect();
        if lists.iter().any(|list| list.is_empty()) {
            return false;
        }
        if self.chosen.len() > MOST {
            self.chosen.clear();
        }
        let chosen = self.chosen.entry(tasks).or_insert_with(|| choose(solution, &lists));
        let mut before = Value::new();
        let mut after = Value::new();
        solution.value(&mut before);
        let old: Vec<Route> = used.iter().map(|&route| solution.routes[route].clone()).collect();
        for ((&route, list), &version) in used.iter().zip(&lists).zip(&*chosen) {
            let new = list[version].route(solution, route);
            solution.install(route, new);
        }
        solution.value(&mut after);
        if after < before && !solution.overfills() {
            return true;
        }
        for (&route, old) in used.iter().zip(old) {
            solution.install(route, old);
        }
        false
    }

    fn versions_of(&mut self, solution: &mut Solution<'_>, route: usize, task: &Task) -> Rc<Vec<Version>> {
        if let Some(versions) = self.versions.get(task) {
            return Rc::clone(versions);
        }
        let versions = Rc::new(versions(solution, route, task));
        self.versions.insert(task.clone(), Rc::clone(&versions));
        versions
    }
}

fn task(solution: &Solution<'_>, route: usize) -> Task {
    let own = &solution.routes[route];
    let mut order = Vec::new();
    solution.free_order(route, &mut order);
    (own.kind, own.elements[..own.fixed].to_vec(), order)
}

impl Version {
    /// The version as the route of a vehicle.
    fn route(&self, solution: &mut Solution<'_>, route: usize) -> Route {
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
fn versions(solution: &mut Solution<'_>, route: usize, (kind, prefix, order): &Task) -> Vec<Version> {
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

/// The versions that are best together: each with each where they are few, otherwise one route after the other.
fn choose(solution: &Solution<'_>, lists: &[Rc<Vec<Version>>]) -> Vec<usize> {
    /// So many combinations are tried one by one.
    const MOST: usize = 200_000;
    let worth = |chosen: &[usize]| {
        let cost: Cost = lists.iter().zip(chosen).map(|(list, &version)| list[version].cost).sum();
        let figures: Vec<Figures> = lists.iter().zip(chosen).map(|(list, &version)| list[version].figures).collect();
        solution.goals.worth(&figures, cost)
    };
    let combinations = lists.iter().try_fold(1_usize, |product, list| product.checked_mul(list.len()));
    if combinations.is_some_and(|n| n <= MOST) {
        let mut best = vec![0; lists.len()];
        let mut best_worth = worth(&best);
        let mut trial = best.clone();
        while next(&mut trial, lists) {
            let own = worth(&trial);
            if own < best_worth {
                best_worth = own;
                best.clone_from(&trial);
            }
        }
        return best;
    }
    let mut best: Option<(Value, Vec<usize>)> = None;
    // Each version of the first route, with answers of the others.
    for first in 0..lists[0].len() {
        let mut chosen = vec![0; lists.len()];
        chosen[0] = first;
        let mut own = worth(&chosen);
        loop {
            let before = own.clone();
            for route in 1..lists.len() {
                let mut trial = chosen.clone();
                for version in 0..lists[route].len() {
                    trial[route] = version;
                    let new = worth(&trial);
                    if new < own {
                        own = new;
                        chosen[route] = version;
                    }
                }
            }
            if own == before {
                break;
            }
        }
        if best.as_ref().is_none_or(|best| own < best.0) {
            best = Some((own, chosen));
        }
    }
    best.map_or_else(|| vec![0; lists.len()], |best| best.1)
}

/// The next combination; false: there is none.
fn next(chosen: &mut [usize], lists: &[Rc<Vec<Version>>]) -> bool {
    for (version, list) in chosen.iter_mut().zip(lists) {
        *version += 1;
        if *version < list.len() {
            return true;
        }
        *version = 0;
    }
    false
}
