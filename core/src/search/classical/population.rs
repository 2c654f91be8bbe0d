//! Solutions that are recombined. A child has the routes of one parent, but for some beside each other, whose place those of the other
//! parent take that visit mostly the same stops (selective route exchange; Nagata, Bräysy & Dullaert 2010,
//! doi:10.1016/j.cor.2009.06.022).

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::plan::RouteStops;
use crate::search::classical::ClassicalSearch;
use crate::search::classical::class::Class;
use crate::search::classical::construct::insert_unserved;
use crate::search::classical::found::Found;
use crate::search::classical::routes::Routes;
use crate::search::data::{Data, NONE};
use crate::search::random::Random;

/// Most solutions that are kept.
const SIZE: usize = 8;
/// Most of a parent's routes that others take the place of, as a share.
const MOST_ROUTES: f64 = 0.5;
/// How often other routes are sought where both parents have the same.
const TRIES: usize = 10;

/// What the walks of one search have found, the best first.
#[derive(Default)]
pub(crate) struct Population(Mutex<Vec<Found>>);

impl Population {
    /// Takes a solution in, unless there are enough better ones, or one as good.
    fn add(&self, found: Found) {
        let mut members = self.members();
        let at = members.partition_point(|member| member.value < found.value);
        if members.get(at).is_none_or(|member| member.value != found.value) {
            members.insert(at, found);
            members.truncate(SIZE);
        }
    }

    /// The routes of two members, each the better of two; where there is only one, that one twice.
    fn parents(&self, random: &mut Random) -> Option<[Vec<RouteStops>; 2]> {
        let members = self.members();
        let [first, second] = match members.len() {
            0 => return None,
            1 => [0, 0],
            count => {
                let mut draw = |count: usize| random.below(count).min(random.below(count));
                let first = draw(count);
                let second = draw(count - 1);
                [first, second + usize::from(second >= first)]
            }
        };
        Some([first, second].map(|member| members[member].routes.clone()))
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.members().len()
    }

    /// The members. No change is left half done, so that a poisoned lock still guards whole ones.
    pub(super) fn members(&self) -> MutexGuard<'_, Vec<Found>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A parent, and where it visits each stop.
pub(super) struct Parent {
    routes: Vec<RouteStops>,
    /// The stops of each route, in order.
    stops: Vec<Vec<u32>>,
    /// The route that visits a stop, or `NONE`.
    route_of: Vec<u32>,
}

impl<C: Class> ClassicalSearch<'_, C> {
    /// Takes what the present walk has found into the population.
    pub(super) fn add_to_population(&mut self) {
        let found = self.leave(None);
        self.population.add(found);
    }

    /// Begins with a first solution of its own: stops are inserted in random order, so that no two are alike.
    pub(super) fn begin_differently(&mut self, random: &mut Random) {
        self.renew();
        self.routes.begin();
        self.complete(random);
        self.routes.commit();
    }

    /// Inserts what is unserved, whatever its prize; once interrupted, by appending only.
    fn complete(&mut self, random: &mut Random) {
        self.recreate.backhauls_wait = self.routes.has_waiting_backhaul();
        insert_unserved(&mut self.routes, &mut self.recreate, random, self.interrupt);
    }

    /// Serves no client. What leaving a stop unserved costs stays as it has become.
    fn renew(&mut self) {
        let penalty = std::mem::take(&mut self.routes.penalty);
        self.routes = Routes::with_penalties(self.routes.data, penalty);
    }

    /// Begins with a child of two of the population; where there is only one, with that one.
    pub(super) fn begin_with_child(&mut self, random: &mut Random) {
        let Some(parents) = self.population.parents(random) else { return };
        let [first, second] = parents.map(|routes| Parent::new(self.routes.data, routes));
        let child = child(self.routes.data, &first, &second, random);
        self.renew();
        self.routes.load(&child);
        let left = self.routes.unserved().to_vec();
        self.routes.begin();
        self.complete(random);
        if self.routes.is_out_of_order() {
            self.routes.rollback();
        } else {
            self.local_search.run(&mut self.routes, &left);
            self.routes.commit();
        }
    }
}

impl Parent {
    pub(super) fn new(data: &Data<'_>, routes: Vec<RouteStops>) -> Self {
        let node_of = data.node_of();
        let stops_of = |route: &RouteStops| {
            let activities = route.trips.iter().flat_map(|trip| &trip.activities);
            activities.map(|&activity| node_of.get(activity)).filter(|&c| c != NONE).collect()
        };
        let stops: Vec<Vec<u32>> = routes.iter().map(stops_of).collect();
        let mut route_of = vec![NONE; data.num_stops()];
        for (route, list) in (0..).zip(&stops) {
            for &c in list {
                route_of[c as usize] = route;
            }
        }
        Self { routes, stops, route_of }
    }

    /// So many routes that lie beside each other, from that of a stop on; fewer where routes lie apart.
    fn routes_around(&self, data: &Data<'_>, stop: usize, count: usize, random: &mut Random) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::new();
        let mut at = stop;
        for _ in 0..count {
            for &c in std::iter::once(&(at as u32)).chain(data.neighbours.near(at)) {
                let route = self.route_of[c as usize];
                if chosen.len() < count && route != NONE && !chosen.contains(&(route as usize)) {
                    chosen.push(route as usize);
                }
            }
            if chosen.is_empty() || chosen.len() == count {
                break;
            }
            let stops = &self.stops[chosen[random.below(chosen.len())]];
            at = stops[random.below(stops.len())] as usize;
        }
        chosen
    }

    /// Whether a route visits these stops in this order, or in the opposite one.
    fn has_route(&self, stops: &[u32]) -> bool {
        let route = stops.first().map_or(NONE, |&c| self.route_of[c as usize]);
        route != NONE && {
            let own = &self.stops[route as usize];
            own == stops || own.iter().rev().eq(stops)
        }
    }

    /// A route without some of its stops; `None`: none is left.
    fn route_with(&self, data: &Data<'_>, route: usize, keep: impl Fn(usize) -> bool) -> Option<RouteStops> {
        let mut kept = self.routes[route].clone();
        let trip = kept.trips.first_mut()?;
        let stops = self.stops[route].iter().map(|&c| c as usize).filter(|&c| keep(c));
        trip.activities = stops.map(|c| data.activity[c]).collect();
        (!trip.activities.is_empty()).then_some(kept)
    }
}

/// The routes of a child. What both parents' routes would visit is visited by one of them; what none visits is left to be inserted.
pub(super) fn child(data: &Data<'_>, first: &Parent, second: &Parent, random: &mut Random) -> Vec<RouteStops> {
    let most = ((first.routes.len() as f64 * MOST_ROUTES) as usize).max(1);
    let (mut out, mut taken) = (Vec::new(), Vec::new());
    let mut is_out = vec![false; data.num_stops()];
    for _ in 0..TRIES {
        let count = 1 + random.below(most);
        out = first.routes_around(data, random.below(data.num_stops()), count, random);
        is_out.fill(false);
        out.iter().flat_map(|&route| &first.stops[route]).for_each(|&c| is_out[c as usize] = true);
        let is_mostly_out = |&route: &usize| {
            2 * second.stops[route].iter().filter(|&&c| is_out[c as usize]).count() > second.stops[route].len()
        };
        taken = (0..second.routes.len()).filter(is_mostly_out).collect();
        if taken.iter().any(|&route| !first.has_route(&second.stops[route])) {
            break;
        }
    }
    // Either the routes that come lose what others visit, or the others lose what those visit.
    let whole = random.below(2) == 0;
    let mut is_taken = vec![false; data.num_stops()];
    taken.iter().flat_map(|&route| &second.stops[route]).for_each(|&c| is_taken[c as usize] = true);
    let rest = (0..first.routes.len()).filter(|route| !out.contains(route));
    let rest = rest.filter_map(|route| first.route_with(data, route, |c| !(whole && is_taken[c])));
    let come = taken.iter().filter_map(|&route| second.route_with(data, route, |c| whole || is_out[c]));
    rest.chain(come).collect()
}
