//! Reading the best solution out.

use crate::ids::{DepotId, VehicleTypeId};
use crate::plan::{RouteStops, TripStops};
use crate::search::data::NONE;
use crate::search::routes::Routes;
use crate::search::rules::Rules;

impl<R: Rules> Routes<'_, R> {
    /// The routes of the best solution.
    pub(crate) fn best_routes(&self) -> Vec<RouteStops> {
        (0..self.info.len()).filter(|&r| self.best.info[r].size > 0).map(|r| self.best_route(r)).collect()
    }

    fn best_route(&self, route: usize) -> RouteStops {
        let kind = self.best.info[route].kind as usize;
        let (vehicle, search_vehicle) = (self.data.vehicle_type(kind), &self.data.vehicles[kind]);
        let mut trips = vec![TripStops { start: vehicle.start, activities: Vec::new(), end: vehicle.end }];
        let mut u = self.best.nodes[self.start(route)].next as usize;
        while u != self.end(route) {
            let node = self.best.nodes[u];
            if let Some(trip) = trips.last_mut() {
                if self.is_stop(u) {
                    trip.activities.push(self.data.activity[u]);
                } else {
                    let depot = DepotId::new(search_vehicle.reload[node.early as usize].depot);
                    trip.end = Some(depot);
                    trips.push(TripStops { start: Some(depot), activities: Vec::new(), end: vehicle.end });
                }
            }
            u = node.next as usize;
        }
        RouteStops { vehicle_type: VehicleTypeId::new(kind), start: None, trips }
    }

    /// How many required stops and groups the best solution leaves unserved.
    pub(crate) fn best_missing(&self) -> usize {
        let data = self.data;
        let groups = data.members.iter().filter(|members| {
            members.first().is_some_and(|&u| data.required[u as usize])
                && members.iter().all(|&u| self.best.nodes[u as usize].route == NONE)
        });
        self.best.missing + groups.count()
    }
}
