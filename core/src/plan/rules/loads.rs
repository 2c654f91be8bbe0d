//! Loads of a single trip.

use crate::plan::Violation;
use crate::plan::load::TripLoad;
use crate::plan::rules::Judged;

impl Judged<'_> {
    /// The load of each dimension against the capacity.
    pub(super) fn load(&self, trip: usize, found: &mut Vec<Violation>) {
        let route = self.index;
        let capacity = &self.problem.vehicle_type(self.stops.vehicle_type).capacity;
        let TripLoad { max, min, .. } = &self.loads[trip];
        for (dimension, (&load, &capacity)) in max.iter().zip(capacity).enumerate() {
            if load > capacity {
                found.push(Violation::Overload { route, trip, dimension, load, capacity });
            }
        }
        for (dimension, &load) in min.iter().enumerate() {
            if load < 0 {
                found.push(Violation::NegativeLoad { route, trip, dimension, load });
            }
        }
    }

    /// Violations that concern the waste on board during a trip.
    pub(super) fn waste(&self, trip: usize, found: &mut Vec<Violation>) {
        let route = self.index;
        let vehicle_type = self.problem.vehicle_type(self.stops.vehicle_type);
        let TripLoad { left, compartments, mixed, .. } = &self.loads[trip];
        for (compartment, (loads, part)) in compartments.iter().zip(&vehicle_type.compartments).enumerate() {
            for (dimension, (&load, &capacity)) in loads.iter().zip(&part.capacity).enumerate() {
                if load > capacity {
                    found.push(Violation::CompartmentOverload { route, trip, compartment, dimension, load, capacity });
                }
            }
        }
        for &(position, a, b) in mixed {
            found.push(Violation::MaterialsMixed { route, trip, position, materials: (a, b) });
        }
        if vehicle_type.end_empty {
            for (dimension, &load) in left.iter().enumerate().filter(|(_, load)| **load > 0) {
                found.push(Violation::NotEmpty { route, trip, dimension, load });
            }
        }
    }
}
