//! A route is closed: its stops move to the other routes in use, load by load or stop by stop (route elimination, as in Nagata &
//! Bräysy 2009, doi:10.1016/j.orl.2009.04.006, with other means).

use crate::search::data::NONE;
use crate::search::general::GeneralSearch;
use crate::search::general::goals::GoalPrices;
use crate::search::general::limits::UNLIMITED;
use crate::search::general::route::Route;
use crate::search::general::solution::{CheapestRoute, Solution};
use crate::search::random::Random;
use crate::units::Cost;

/// How many attempts on the first solution may fail.
const FAILURES: usize = 6;

/// How many places have their halts placed anew for each load.
const PLACES: usize = 4;

impl GeneralSearch<'_> {
    /// Removes all stops of a route, rather of a short one, and inserts them into the other routes in use.
    pub(super) fn close_route(&mut self, random: &mut Random) {
        let routes = &self.solution.routes;
        let open: Vec<usize> = (0..routes.len()).filter(|&r| !routes[r].is_empty() && routes[r].fixed <= 1).collect();
        if open.len() < 2 {
            return;
        }
        let (a, b) = (open[random.below(open.len())], open[random.below(open.len())]);
        let route = if routes[a].num_stops() <= routes[b].num_stops() { a } else { b };
        let loads = if random.below(2) == 0 { loads(&routes[route]) } else { Vec::new() };
        let mut jobs = std::mem::take(&mut self.jobs);
        jobs.clear();
        jobs.extend(routes[route].stops());
        self.ruin.complete_and_take(&mut self.solution, &mut jobs);
        for load in &loads {
            place_load(&mut self.solution, load);
        }
        self.jobs = jobs;
        let limit = std::mem::replace(&mut self.solution.limit, self.solution.num_used);
        self.recreate(random);
        self.reunite(random);
        self.drop_incomplete();
        self.solution.limit = limit;
    }

    /// Closes routes of the first solution for as long as that makes it better.
    pub(super) fn close_routes(&mut self, random: &mut Random) {
        let mut failures = 0;
        while self.closes && failures < FAILURES && !self.is_interrupted() {
            self.solution.begin();
            let mut before = std::mem::take(&mut self.before);
            self.solution.value(&mut before);
            self.close_route(random);
            let feasible = self.choose_starts_or_drop()
                && !self.solution.has_broken_pattern()
                && !self.solution.exceeds_site_capacity();
            self.solution.value(&mut self.now);
            if feasible && self.now < before {
                self.keep_best();
            } else {
                self.solution.rollback();
                failures += 1;
            }
            self.before = before;
        }
        self.solution.begin();
    }
}

/// The stops of a route, from one emptying to the next.
fn loads(route: &Route) -> Vec<Vec<u32>> {
    let pieces = route.elements.split(|e| e.is_emptying());
    let stops = pieces.map(|piece| piece.iter().filter_map(|e| e.node()).map(|u| u as u32).collect::<Vec<u32>>());
    stops.filter(|load| !load.is_empty()).collect()
}

/// Puts a load, all of whose stops are unserved, between two loads of another route, where that is cheapest. Whether there is such
/// a position.
fn place_load(solution: &mut Solution<'_>, load: &[u32]) -> bool {
    let layout = solution.layout;
    let (Some(&first), Some(&last)) = (load.first(), load.last()) else { return false };
    let alone = |&u: &u32| {
        let u = u as usize;
        !layout.relations.is_related(u) && layout.base.partner[u] == NONE && layout.base.group[u] == NONE
    };
    if !load.iter().all(|u| solution.route_of(*u) == NONE && alone(u)) {
        return false;
    }
    let mut places: Vec<(Cost, usize, usize, bool)> = Vec::new();
    for (r, own) in solution.routes.iter().enumerate() {
        if own.is_empty() || !load.iter().all(|&u| layout.base.vehicles[own.vehicle_type].allows(u as usize)) {
            continue;
        }
        for p in own.fixed - 1..own.elements.len() - 1 {
            if p >= own.fixed && !own.elements[p].is_emptying() {
                continue;
            }
            let detours = [(first, last, false), (last, first, true)]
                .map(|(first, last, reversed)| Some((layout.detour(own, p, first, last)?, r, p, reversed)));
            places.extend(detours.into_iter().flatten());
        }
    }
    places.sort_unstable();
    places.truncate(PLACES);
    let mut cheapest = CheapestRoute::below(UNLIMITED);
    let mut order = Vec::new();
    let mut reverse = load.to_vec();
    reverse.reverse();
    for (_, route, position, reversed) in places {
        let stops = if reversed { &reverse } else { load };
        solution.free_order_with(route, position, stops.iter().copied(), &mut order);
        let keep = solution.replacement_start(route, position);
        solution.consider_order(route, keep, &order, &GoalPrices::default(), &mut cheapest);
    }
    solution.install_cheapest(cheapest).is_some()
}
