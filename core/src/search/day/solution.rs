//! The working solution: routes as sequences of stops, each with its value and the labels of all its positions.

use std::rc::Rc;

use crate::ids::{DepotId, DisposalSiteId, VehicleTypeId};
use crate::model::Coord;
use crate::plan::{Activity, RouteStops, TripStops};
use crate::search::data::{NONE, location_of};
use crate::search::day::data::DayData;
use crate::search::day::evaluate::{Evaluator, Prefix, Suffix, Value};
use crate::search::day::goals::{Figures, Goals};
use crate::search::day::label::Frontier;
use crate::search::day::ledger::Ledger;
use crate::search::day::schedule::{Purpose, Timed};
use crate::search::pool::Pool;
use crate::units::Cost;

/// A vehicle's route.
#[derive(Clone, Debug, Default)]
pub(super) struct Route {
    pub(super) kind: usize,
    pub(super) stops: Vec<u32>,
    pub(super) frontier: Frontier,
    pub(super) cost: Cost,
    pub(super) timed: Timed,
    /// What it leaves at disposal sites.
    pub(super) emptied: Vec<(u32, u32, i64)>,
    /// What it delivers and picks up, by load dimension.
    pub(super) total: Vec<i64>,
    scatter: i64,
    label: u32,
    /// By stop: what the rest of the way costs from there on, at least.
    to_go: Vec<Cost>,
}

impl Route {
    /// What the stops from a position on cost there, where they come at the end of a sequence.
    pub(super) fn suffix(&self, position: usize) -> Suffix<'_> {
        Suffix { to_go: &self.to_go[position..] }
    }

    /// The labels of the stops with which `stops` begins as the route does. Where disposal sites have limits, they depend on
    /// what others leave there.
    fn common(&self, kind: usize, stops: &[u32], is_limited: bool) -> Option<Prefix<'_>> {
        let same = self.stops.iter().zip(stops).take_while(|(a, b)| a == b).count();
        (same > 0 && kind == self.kind && !is_limited).then(|| Prefix {
            frontier: &self.frontier,
            stops: &self.stops[..same],
            is_copied: true,
        })
    }

    fn figures(&self) -> Figures {
        Figures {
            start: self.timed.start,
            end: self.timed.end,
            load: self.total.first().copied().unwrap_or(0),
            stops: self.stops.len() as i64,
            scatter: self.scatter,
        }
    }
}

/// A solution to go back to.
#[derive(Clone, Debug, Default)]
pub(super) struct Snapshot {
    pub(super) routes: Vec<Rc<Route>>,
    pub(super) cost: Cost,
    pub(super) missing: usize,
    /// Cost without the prices that stand for ranks.
    pub(super) plain_cost: Cost,
}

/// The working solution.
pub(super) struct Solution<'a> {
    pub(super) data: &'a DayData<'a>,
    pub(super) goals: &'a Goals,
    pub(super) evaluator: Evaluator,
    pub(super) ledger: Ledger,
    /// By vehicle; never changed, only exchanged for others.
    pub(super) routes: Vec<Rc<Route>>,
    /// By stop: its route, or `NONE`, and its place there.
    pub(super) place: Vec<(u32, u32)>,
    pub(super) unserved: Pool,
    /// Cost of routes, goals, and of what is left unserved.
    pub(super) cost: Cost,
    goal_cost: Cost,
    saved: Vec<(usize, Rc<Route>)>,
    is_saved: Vec<bool>,
    cost_before: (Cost, Cost),
}

impl<'a> Solution<'a> {
    /// Nobody is served but by what vehicles have done already.
    pub(super) fn new(data: &'a DayData<'a>, goals: &'a Goals) -> Self {
        let kinds = data.base.vehicles.iter().enumerate().flat_map(|(kind, v)| std::iter::repeat_n(kind, v.count));
        let routes: Vec<Rc<Route>> =
            kinds.map(|kind| Rc::new(Route { kind, total: vec![0; data.dims()], ..Route::default() })).collect();
        let m = data.num_stops();
        let mut solution = Self {
            data,
            goals,
            evaluator: Evaluator::new(data),
            ledger: Ledger::new(data),
            is_saved: vec![false; routes.len()],
            routes,
            place: vec![(NONE, 0); m],
            unserved: Pool::full(m),
            cost: 0,
            goal_cost: 0,
            saved: Vec::new(),
            cost_before: (0, 0),
        };
        solution.cost = solution.unserved_cost();
        for route in 0..solution.routes.len() {
            let served = &data.kinds[solution.routes[route].kind].served;
            if !served.is_empty() {
                solution.rebuild(route, served.clone());
            }
        }
        solution
    }

    /// What the plan costs: routes, weighted goals, prizes left behind.
    fn plain_cost(&self) -> Cost {
        let used = self.routes.iter().filter(|route| !route.stops.is_empty());
        let routes: Cost = used.clone().map(|route| route.cost).sum();
        let prizes: Cost = self
            .unserved
            .items()
            .iter()
            .filter(|&&u| !self.data.base.required[u as usize])
            .map(|&u| self.data.base.prize[u as usize])
            .sum();
        routes + self.goals.weighted_cost(&used.map(|route| route.figures())) + prizes
    }

    /// What all that is left unserved costs.
    pub(super) fn unserved_cost(&self) -> Cost {
        (0..self.data.num_stops()).filter(|&u| self.counts_as_unserved(u)).map(|u| self.goals.penalty[u]).sum()
    }

    /// Whether an unserved stop is what its job's absence is counted by.
    fn counts_as_unserved(&self, u: usize) -> bool {
        let base = self.data.base;
        if self.place[u].0 != NONE {
            return false;
        }
        let group = base.group[u];
        group == NONE || {
            let members = &base.members[group as usize];
            members[0] == u as u32 && members.iter().all(|&v| self.place[v as usize].0 == NONE)
        }
    }

    /// Jobs that must be done and are not.
    pub(super) fn missing(&self) -> usize {
        let base = self.data.base;
        self.unserved
            .items()
            .iter()
            .map(|&u| u as usize)
            .filter(|&u| base.required[u] && self.goals.penalty[u] > 0 && self.counts_as_unserved(u))
            .count()
    }

    pub(super) fn route_of(&self, u: u32) -> u32 {
        self.place[u as usize].0
    }

    /// Where changes to a route may begin: behind what its vehicle has done already.
    pub(super) fn first_free(&self, route: usize) -> usize {
        self.data.kinds[self.routes[route].kind].served.len()
    }

    pub(super) fn num_used(&self) -> usize {
        self.routes.iter().filter(|route| !route.stops.is_empty()).count()
    }

    /// A vehicle of the type that is not in use.
    pub(super) fn unused(&self, kind: usize) -> Option<usize> {
        self.routes.iter().position(|route| route.kind == kind && route.stops.is_empty())
    }

    /// Whether the vehicle type takes so many stops with so much in total.
    pub(super) fn within_totals(&self, kind: usize, stops: &[u32]) -> bool {
        let own = &self.data.kinds[kind];
        let dims = self.data.dims();
        stops.len() <= own.max_stops
            && (0..dims).all(|d| {
                own.max_route_load[d] >= i64::MAX / 4
                    || stops.iter().map(|&u| self.amount(u as usize, d)).sum::<i64>() <= own.max_route_load[d]
            })
    }

    /// What a stop adds to its route's total.
    pub(super) fn amount(&self, u: usize, d: usize) -> i64 {
        let at = u * self.data.dims() + d;
        self.data.waste[at] + self.data.delivery[at] + self.data.shipped[at].max(0)
    }

    /// Value of a sequence for a route and vehicle type whose first `keep` stops are as on that route now, and whose last
    /// ones are those of a route (of any number) from a position on.
    pub(super) fn value(
        &mut self,
        route: usize,
        kind: usize,
        keep: usize,
        stops: &[u32],
        tail: Option<(usize, usize)>,
        limit: Cost,
    ) -> Option<Value> {
        let before = Rc::clone(&self.routes[route]);
        let prefix = (keep > 0 && kind == before.kind).then(|| Prefix {
            frontier: &before.frontier,
            stops: &before.stops[..keep],
            is_copied: false,
        });
        let skip = if prefix.is_some() { keep } else { 0 };
        self.ledger.free(&before.emptied);
        let known = tail.map(|(other, from)| (Rc::clone(&self.routes[other]), from));
        let suffix = known.as_ref().filter(|known| known.0.kind == kind).map(|(other, from)| other.suffix(*from));
        let value = self.evaluator.evaluate(self.data, &self.ledger, kind, prefix, &stops[skip..], suffix, limit);
        self.ledger.book(&before.emptied);
        value
    }

    /// Gives a route a new sequence, and what it has left to others no place. Returns whether the sequence is feasible; if
    /// not, nothing changes.
    pub(super) fn rebuild(&mut self, route: usize, stops: Vec<u32>) -> bool {
        let kind = self.routes[route].kind;
        self.rebuild_as(route, kind, stops)
    }

    pub(super) fn rebuild_as(&mut self, route: usize, kind: usize, stops: Vec<u32>) -> bool {
        let data = self.data;
        let mut new = Route { kind, total: vec![0; data.dims()], ..Route::default() };
        if !stops.is_empty() {
            let before = Rc::clone(&self.routes[route]);
            let prefix = before.common(kind, &stops, self.ledger.is_limited());
            let rest = &stops[prefix.map_or(0, |prefix| prefix.stops.len())..];
            self.ledger.free(&before.emptied);
            let value = self.evaluator.evaluate(data, &self.ledger, kind, prefix, rest, None, Cost::MAX);
            self.ledger.book(&before.emptied);
            let Some(value) = value else { return false };
            std::mem::swap(&mut new.frontier, &mut self.evaluator.frontier);
            new.frontier.to_go(&mut new.to_go);
            (new.cost, new.timed, new.label) = (value.cost, value.timed, value.label);
            if self.ledger.is_limited() {
                self.list(&mut new, &stops);
            }
            for &u in &stops {
                for d in 0..data.dims() {
                    new.total[d] += self.amount(u as usize, d);
                }
            }
            if self.goals.needs_scatter() {
                new.scatter = scatter(data, &stops);
            }
        }
        new.stops = stops;
        self.install(route, new);
        true
    }

    /// Works out what a new route leaves where.
    fn list(&mut self, new: &mut Route, stops: &[u32]) {
        let schedule = &mut self.evaluator.schedule;
        let layout = self.evaluator.layout;
        schedule.list(self.data, &layout, new.kind, None, stops, &new.frontier, 0, new.label as usize);
        new.emptied.clone_from(&schedule.emptied);
    }

    /// Puts a route in place of another, with all that follows from it.
    fn install(&mut self, route: usize, new: Route) {
        for i in 0..self.routes[route].stops.len() {
            let u = self.routes[route].stops[i] as usize;
            if self.place[u].0 == route as u32 {
                self.place[u].0 = NONE;
                self.unserved.set(u, true);
            }
        }
        for (i, &u) in new.stops.iter().enumerate() {
            self.place[u as usize] = (route as u32, i as u32);
            self.unserved.set(u as usize, false);
        }
        self.ledger.free(&self.routes[route].emptied);
        self.ledger.book(&new.emptied);
        let old = std::mem::replace(&mut self.routes[route], Rc::new(new));
        if !self.is_saved[route] {
            self.is_saved[route] = true;
            self.saved.push((route, old));
        }
    }

    /// Brings the cost up to date after changes of routes.
    pub(super) fn settle(&mut self) {
        let used = self.routes.iter().filter(|route| !route.stops.is_empty());
        let routes: Cost = used.clone().map(|route| route.cost).sum();
        self.goal_cost = if self.goals.is_empty() { 0 } else { self.goals.cost(&used.map(|route| route.figures())) };
        let unserved: Cost = self
            .unserved
            .items()
            .iter()
            .filter(|&&u| self.counts_as_unserved(u as usize))
            .map(|&u| self.goals.penalty[u as usize])
            .sum();
        self.cost = routes + self.goal_cost + unserved;
    }

    /// Starts an iteration that [`rollback`](Self::rollback) can undo.
    pub(super) fn begin(&mut self) {
        for (route, _) in self.saved.drain(..) {
            self.is_saved[route] = false;
        }
        self.cost_before = (self.cost, self.goal_cost);
    }

    /// Undoes all since [`begin`](Self::begin).
    pub(super) fn rollback(&mut self) {
        let saved = std::mem::take(&mut self.saved);
        for (route, _) in &saved {
            for i in 0..self.routes[*route].stops.len() {
                let u = self.routes[*route].stops[i] as usize;
                self.place[u].0 = NONE;
                self.unserved.set(u, true);
            }
        }
        for (route, old) in saved {
            self.is_saved[route] = false;
            for (i, &u) in old.stops.iter().enumerate() {
                self.place[u as usize] = (route as u32, i as u32);
                self.unserved.set(u as usize, false);
            }
            self.ledger.free(&self.routes[route].emptied);
            self.ledger.book(&old.emptied);
            self.routes[route] = old;
        }
        (self.cost, self.goal_cost) = self.cost_before;
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let routes = self.routes.clone();
        Snapshot { routes, cost: self.cost, missing: self.missing(), plain_cost: self.plain_cost() }
    }

    /// Goes back to a solution.
    pub(super) fn restore(&mut self, snapshot: &Snapshot) {
        self.routes.clone_from(&snapshot.routes);
        self.ledger = Ledger::new(self.data);
        for u in 0..self.place.len() {
            self.place[u].0 = NONE;
            self.unserved.set(u, true);
        }
        for (route, own) in self.routes.iter().enumerate() {
            self.ledger.book(&own.emptied);
            for (i, &u) in own.stops.iter().enumerate() {
                self.place[u as usize] = (route as u32, i as u32);
                self.unserved.set(u as usize, false);
            }
        }
        self.saved.clear();
        self.is_saved.fill(false);
        self.settle();
        self.begin();
    }

    /// The routes with all that happens on them.
    pub(super) fn route_stops(&mut self) -> Vec<RouteStops> {
        let mut routes = Vec::new();
        for route in 0..self.routes.len() {
            let kind = self.routes[route].kind;
            let executed = &self.data.problem.vehicle_types()[kind].executed;
            if !self.routes[route].stops.is_empty() {
                routes.push(self.unload(route));
            } else if !executed.is_empty() {
                // What has been done breaks a rule by itself: it stays all the same.
                let vehicle = &self.data.problem.vehicle_types()[kind];
                let trip = TripStops { start: vehicle.start, activities: executed.clone(), end: vehicle.end };
                routes.push(RouteStops { vehicle_type: VehicleTypeId::new(kind), start: None, trips: vec![trip] });
            }
        }
        routes
    }

    fn unload(&mut self, route: usize) -> RouteStops {
        let own = Rc::clone(&self.routes[route]);
        let kind = own.kind;
        let layout = self.evaluator.layout;
        let schedule = &mut self.evaluator.schedule;
        schedule.list(self.data, &layout, kind, None, &own.stops, &own.frontier, 0, own.label as usize);
        let vehicle = &self.data.problem.vehicle_types()[kind];
        let reload = &self.data.vehicle(kind).reload;
        let mut trips = vec![TripStops { start: vehicle.start, activities: Vec::new(), end: vehicle.end }];
        for halt in &schedule.halts {
            let Some(trip) = trips.last_mut() else { break };
            match halt.purpose {
                Purpose::Start | Purpose::End => {}
                Purpose::Stop(u) => trip.activities.push(self.data.base.activity[u as usize]),
                Purpose::Site(k) => trip.activities.push(Activity::Dispose(DisposalSiteId::new(k as usize))),
                Purpose::Break(b) => trip.activities.push(Activity::Break(b as usize)),
                Purpose::Rest(length) => trip.activities.push(Activity::Rest(length)),
                Purpose::Reload(k) => {
                    let depot = Some(DepotId::new(reload[k as usize].depot));
                    trip.end = depot;
                    trips.push(TripStops { start: depot, activities: Vec::new(), end: vehicle.end });
                }
            }
        }
        RouteStops { vehicle_type: VehicleTypeId::new(kind), start: None, trips }
    }

    /// What the routes cost to drive, for each stop.
    pub(super) fn mean_cost(&self) -> f64 {
        let used = self.routes.iter().filter(|route| !route.stops.is_empty());
        let cost: Cost = used.map(|route| route.cost - self.data.vehicle(route.kind).fixed_cost).sum();
        cost as f64 / (self.data.num_stops() - self.unserved.items().len()).max(1) as f64
    }
}

/// How far the stops lie from their middle, together.
fn scatter(data: &DayData<'_>, stops: &[u32]) -> i64 {
    let problem = data.problem;
    let coord = |u: &u32| problem.coord(location_of(problem, data.base.activity[*u as usize]));
    let n = stops.len().max(1) as f64;
    let (x, y) = stops.iter().map(coord).fold((0.0, 0.0), |(x, y), c| (x + c.x, y + c.y));
    let middle = Coord::new(x / n, y / n);
    stops.iter().map(|u| problem.travel().straight(coord(u), middle).round() as i64).sum()
}
