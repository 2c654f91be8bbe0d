//! Takes a plan into the working solution, and reads the best solution out.

use crate::ids::VehicleTypeId;
use crate::plan::{RouteStops, TripStops};
use crate::search::classical::class::Class;
use crate::search::classical::routes::{Node, RouteInfo, Routes};
use crate::search::classical::ruin::clear;
use crate::search::data::NONE;

impl<C: Class> Routes<'_, C> {
    /// Loads what can be loaded: a route that no vehicle is left for, or that would violate a constraint, is dropped, and its
    /// stops are left to be inserted anew.
    pub(crate) fn load(&mut self, plan: &[RouteStops]) {
        let node_of = self.data.node_of();
        let mut dropped = Vec::new();
        self.begin();
        let types = self.kinds.len();
        for source in plan.iter().filter(|source| source.vehicle_type.index() < types) {
            let Some(route) = self.unused_of(source.vehicle_type.index()) else { continue };
            let mut at = self.start(route);
            for &activity in source.trips.first().into_iter().flat_map(|trip| &trip.activities) {
                // Halts, of which the plan may have some, are no stops here.
                let c = node_of.get(activity);
                if c != NONE && self.nodes[c as usize].route == NONE && self.may_visit(c as usize, at) {
                    self.insert(c as usize, at);
                    at = c as usize;
                }
            }
            if !self.is_feasible(route) {
                clear(self, route, &mut dropped);
            }
        }
        self.commit();
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
