//! Schedules of routes: the halts and the start of each.
//!
//! Where goals tie routes together by their times, the cheapest schedule of some stops need not be the best for the whole:
//! a route may have to end earlier, at a cost, or to last as long as the others. Of tiny problems, all undominated schedules
//! of the present orders of stops are found, and the best of them chosen together. Where only cost counts, but depends on
//! the time of the day, all starts are tried.

mod choose;
mod schedule;

use std::collections::HashMap;
use std::sync::Arc;

use crate::search::general::goals::Value;
use crate::search::general::layout::Element;
use crate::search::general::route::Route;
use crate::search::general::schedules::choose::choose;
use crate::search::general::schedules::schedule::{Schedule, schedules};
use crate::search::general::solution::Solution;

/// The vehicle type of a route, what it has executed, and its order of stops.
type Assignment = (usize, Vec<Element>, Vec<u32>);

/// Chooses schedules, and remembers what was chosen.
#[derive(Default)]
pub(crate) struct ScheduleChoice {
    schedules: HashMap<Assignment, Arc<Vec<Schedule>>>,
    chosen: HashMap<Vec<Assignment>, Vec<usize>>,
}

impl ScheduleChoice {
    /// Gives the routes the schedules that are best together. Whether that changed anything.
    pub(crate) fn run(&mut self, solution: &mut Solution<'_>) -> bool {
        /// Most combinations of routes that are remembered.
        const MAX_REMEMBERED: usize = 20_000;
        let used: Vec<usize> = (0..solution.routes.len()).filter(|&r| !solution.routes[r].is_empty()).collect();
        if used.is_empty() || solution.routes.iter().any(|route| route.is_broken) {
            return false;
        }
        let assignments: Vec<Assignment> = used.iter().map(|&route| assignment(solution, route)).collect();
        let lists: Vec<Arc<Vec<Schedule>>> = used
            .iter()
            .zip(&assignments)
            .map(|(&route, assignment)| self.schedules_of(solution, route, assignment))
            .collect();
        if lists.iter().any(|list| list.is_empty()) {
            return false;
        }
        if self.chosen.len() > MAX_REMEMBERED {
            self.chosen.clear();
        }
        let chosen = self.chosen.entry(assignments).or_insert_with(|| choose(solution, &lists));
        let mut before = Value::new();
        let mut after = Value::new();
        solution.value(&mut before);
        let old: Vec<Route> = used.iter().map(|&route| solution.routes[route].clone()).collect();
        for ((&route, list), &schedule) in used.iter().zip(&lists).zip(&*chosen) {
            let new = list[schedule].route(solution, route);
            solution.install(route, new);
        }
        solution.value(&mut after);
        if after < before && !solution.exceeds_site_capacity() {
            return true;
        }
        for (&route, old) in used.iter().zip(old) {
            solution.install(route, old);
        }
        false
    }

    fn schedules_of(
        &mut self,
        solution: &mut Solution<'_>,
        route: usize,
        assignment: &Assignment,
    ) -> Arc<Vec<Schedule>> {
        if let Some(schedules) = self.schedules.get(assignment) {
            return Arc::clone(schedules);
        }
        let schedules = Arc::new(schedules(solution, route, assignment));
        self.schedules.insert(assignment.clone(), Arc::clone(&schedules));
        schedules
    }
}

fn assignment(solution: &Solution<'_>, route: usize) -> Assignment {
    let own = &solution.routes[route];
    let mut order = Vec::new();
    solution.free_order(route, &mut order);
    (own.vehicle_type, own.elements[..own.fixed].to_vec(), order)
}
