//! Takes a plan into the working solution, and reads the best solution out.

use crate::ids::VehicleTypeId;
use crate::plan::{RouteStops, TripStops};
use crate::search::classical::class::{Class, Load as _};
use crate::search::classical::routes::{Node, RouteInfo, Routes};
use crate::search::classical::ruin::clear;
use crate::search::data::NONE;

impl<C: Class> Routes<'_, C> {
    /// Loads what can be loaded. A route of whose vehicle type none is left gets the smallest unused vehicle that takes its load; one that
    /// no vehicle is left for, or that would violate a constraint, is dropped, and its stops are left to be inserted anew.
    pub(crate) fn load(&mut self, plan: &[RouteStops]) {
        let node_of = self.data.node_of();
        let mut dropped = Vec::new();
        self.begin();
        let types = self.kinds.len();
        for source in plan.iter().filter(|source| source.vehicle_type.index() < types) {
            let activities = source.trips.first().into_iter().flat_map(|trip| &trip.activities);
            // Halts, of which the plan may have some, are no stops here.
            let stops = activities.map(|&activity| node_of.get(activity)).filter(|&c| c != NONE);
            let mut stops: Vec<usize> = stops.map(|c| c as usize).collect();
            stops.retain(|&c| self.nodes[c].route == NONE);
            let other = || self.smallest_unused_for(&stops);
            let Some(route) = self.unused_of(source.vehicle_type.index()).or_else(other) else { continue };
            let mut at = self.start(route);
            for c in stops {
                if self.nodes[c].route == NONE && self.may_visit(c, at) {
                    self.insert(c, at);
                    at = c;
                }
            }
            if !self.is_feasible(route) {
                clear(self, route, &mut dropped);
            }
        }
        self.commit();
    }

    fn smallest_unused_for(&self, stops: &[usize]) -> Option<usize> {
        let load = stops.iter().fold(C::Load::default(), |load, &c| load + self.load_of(c));
        let takes = |&t: &usize| load.fits(self.kinds[t].capacity) && self.unused_of(t).is_some();
        let smallest = (0..self.kinds.len()).filter(takes).min_by_key(|&t| self.kinds[t].capacity);
        smallest.and_then(|t| self.unused_of(t))
    }

    /// The routes of the best solution.
    pub(crate) fn best_routes(&self) -> Vec<RouteStops> {
        self.routes_of(&self.best.nodes, &self.best.info)
    }

    /// The routes of the working solution.
    pub(crate) fn current_routes(&self) -> Vec<RouteStops> {
        self.routes_of(&self.nodes, &self.info)
    }

    fn routes_of(&self, nodes: &[Node<C::Span>], info: &[RouteInfo<C::Load>]) -> Vec<RouteStops> {
        (0..info.len()).filter(|&r| info[r].size > 0).map(|r| self.route(r, nodes)).collect()
    }

    fn route(&self, route: usize, nodes: &[Node<C::Span>]) -> RouteStops {
        let vehicle_type = self.vehicle_type(route);
        let vehicle = self.data.vehicle_type(vehicle_type);
        let mut activities = Vec::new();
        let mut u = nodes[self.start(route)].next as usize;
        while u != self.end(route) {
            activities.push(self.data.activity[u]);
            u = nodes[u].next as usize;
        }
        let trips = vec![TripStops { start: vehicle.start, activities, end: vehicle.end }];
        RouteStops { vehicle_type: VehicleTypeId::new(vehicle_type), start: None, trips }
    }
}
