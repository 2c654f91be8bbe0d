//! Limits on a single route.

use crate::plan::Violation;
use crate::plan::load::{route_load, stops};
use crate::plan::path::limit;
use crate::plan::rules::Judged;
use crate::plan::rules::disposal::further_loads;

impl Judged<'_> {
    /// Limits on trips, duration and distance, and the shift.
    pub(super) fn limits(&self, found: &mut Vec<Violation>) {
        let route = self.index;
        let vehicle_type = self.problem.vehicle_type(self.stops.vehicle_type);
        let trips =
            self.stops.trips.len() + self.stops.trips.iter().map(|trip| further_loads(&trip.activities)).sum::<usize>();
        if let Some(limit) = vehicle_type.max_trips
            && trips > limit
        {
            found.push(Violation::TooManyTrips { route, trips, limit });
        }
        let duration = self.route.duration();
        if let Some(limit) = vehicle_type.max_duration
            && duration > limit
        {
            found.push(Violation::TooLong { route, duration, limit });
        }
        let distance = self.route.distance;
        if let Some(limit) = vehicle_type.max_distance
            && distance > limit
        {
            found.push(Violation::TooFar { route, distance, limit });
        }
        let (end, late) = (self.route.end, limit(vehicle_type.shift.late));
        if end > late {
            found.push(Violation::LateShift { route, end, late });
        }
    }

    /// Limits on loads, stops, driving, work, and effort without a rest.
    pub(super) fn work(&self, found: &mut Vec<Violation>) {
        let route = self.index;
        let vehicle_type = self.problem.vehicle_type(self.stops.vehicle_type);
        let trips = &self.stops.trips;
        for (dimension, &limit) in vehicle_type.max_route_load.iter().enumerate() {
            let load = route_load(self.problem, trips, dimension);
            if load > limit {
                found.push(Violation::RouteOverload { route, dimension, load, limit });
            }
        }
        let stops = stops(trips);
        if let Some(limit) = vehicle_type.max_stops.filter(|&limit| stops > limit) {
            found.push(Violation::TooManyStops { route, stops, limit });
        }
        let (driving, work) = (self.route.driving, self.route.work);
        if let Some(limit) = vehicle_type.max_driving.filter(|&limit| driving > limit) {
            found.push(Violation::TooMuchDriving { route, driving, limit });
        }
        if let Some(limit) = vehicle_type.max_work.filter(|&limit| work > limit) {
            found.push(Violation::TooMuchWork { route, work, limit });
        }
        for (rule, (&effort, limits)) in self.efforts.iter().zip(&vehicle_type.driver_rules).enumerate() {
            if effort > limits.max {
                found.push(Violation::RestMissing { route, rule, effort, limit: limits.max });
            }
        }
    }
}
