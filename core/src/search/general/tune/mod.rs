//! Versions of routes. Where goals tie routes together by their times, the cheapest way to drive some stops need not be the best
//! for the whole: a route may have to end earlier, at a cost, or to last as long as the others. Of tiny problems, all ways to
//! drive the present orders of stops that differ in what such goals see are found, and the best of them chosen together. Where
//! only cost counts, but depends on the time of the day, all starts are tried.

mod choose;
mod version;

use std::collections::HashMap;
use std::rc::Rc;

use crate::search::general::goals::Value;
use crate::search::general::layout::Element;
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;
use crate::search::general::tune::choose::choose;
use crate::search::general::tune::version::{Version, versions};

/// What a route serves, and with which type of vehicle.
type Task = (usize, Vec<Element>, Vec<u32>);

/// Chooses versions, and remembers what was chosen.
#[derive(Default)]
pub(crate) struct Tune {
    versions: HashMap<Task, Rc<Vec<Version>>>,
    chosen: HashMap<Vec<Task>, Vec<usize>>,
}

impl Tune {
    /// Drives the routes in the versions that are best together. Whether that changed anything.
    pub(crate) fn run(&mut self, solution: &mut Solution<'_>) -> bool {
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
