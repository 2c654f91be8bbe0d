//! Vehicle types.

use super::Validator;
use crate::model::{Consumption, VehicleType};
use crate::travel::Travel;

impl Validator<'_> {
    pub(super) fn vehicle_types(&mut self, travel: &Travel) {
        let builder = self.builder;
        let jobs = builder.clients.len() + builder.shipments.len();
        if builder.vehicle_types.iter().all(|v| v.count == 0) && jobs > 0 {
            let remedy = "add a vehicle type with a count of at least 1";
            self.fault("vehicle_types".into(), "0 vehicles", "no vehicle can serve the clients", remedy);
        }
        for (i, vehicle_type) in builder.vehicle_types.iter().enumerate() {
            let path = format!("vehicle_types[{i}]");
            self.vehicle_type(&path, vehicle_type);
            if vehicle_type.profile.index() >= travel.num_profiles().max(1) {
                let remedy = "use a profile that has matrices";
                let value = vehicle_type.profile.index();
                self.fault(format!("{path}.profile"), value, "there is no such travel profile", remedy);
            }
        }
    }

    fn vehicle_type(&mut self, path: &str, vehicle_type: &VehicleType) {
        let dimensions = self.dimensions;
        self.loads(&format!("{path}.capacity"), &vehicle_type.capacity);
        if !vehicle_type.capacity.is_empty() && vehicle_type.capacity.len() != dimensions {
            let value = format!("{} values", vehicle_type.capacity.len());
            let message = format!("the problem has {dimensions} load dimensions");
            let remedy = "give one capacity for each dimension, or none for unlimited vehicles";
            self.fault(format!("{path}.capacity"), value, &message, remedy);
        }
        self.depot(format!("{path}.start"), vehicle_type.start);
        self.depot(format!("{path}.end"), vehicle_type.end);
        for (d, &depot) in vehicle_type.reload_depots.iter().enumerate() {
            self.depot(format!("{path}.reload_depots[{d}]"), Some(depot));
        }
        self.money(format!("{path}.fixed_cost"), vehicle_type.fixed_cost);
        self.amount(format!("{path}.cost_per_distance"), vehicle_type.cost_per_distance);
        self.amount(format!("{path}.cost_per_duration"), vehicle_type.cost_per_duration);
        self.time_window(&format!("{path}.shift"), vehicle_type.shift);
        if let Some(duration) = vehicle_type.max_duration {
            self.amount(format!("{path}.max_duration"), duration);
        }
        if let Some(distance) = vehicle_type.max_distance {
            self.amount(format!("{path}.max_distance"), distance);
        }
        if vehicle_type.max_trips == Some(0) {
            let remedy = "give at least 1, or set the count to 0";
            self.fault(format!("{path}.max_trips"), 0, "a used vehicle drives at least one trip", remedy);
        }
        if vehicle_type.max_stops == Some(0) {
            let remedy = "give at least 1, or set the count to 0";
            self.fault(format!("{path}.max_stops"), 0, "a used vehicle makes at least one stop", remedy);
        }
        for (c, &client) in vehicle_type.allowed_clients.iter().flatten().enumerate() {
            self.client(format!("{path}.allowed_clients[{c}]"), client);
        }
        self.zone_rules(path, vehicle_type);
        if let Some(consumption) = &vehicle_type.consumption {
            self.consumption(&format!("{path}.consumption"), consumption);
        }
        self.disposal(path, vehicle_type);
        self.driver(path, vehicle_type);
    }

    fn consumption(&mut self, path: &str, consumption: &Consumption) {
        let Consumption { per_distance, ref per_load_distance, per_stop, per_idle, co2, .. } = *consumption;
        let loads = per_load_distance.iter().enumerate().map(|(d, &value)| (format!("per_load_distance[{d}]"), value));
        let others = [("per_distance", per_distance), ("per_stop", per_stop), ("per_idle", per_idle), ("co2", co2)];
        for (field, value) in others.into_iter().map(|(field, value)| (field.to_owned(), value)).chain(loads) {
            if !(0.0..=Consumption::LARGEST).contains(&value) {
                let message = "is not a consumption";
                let remedy = "give zero or more, at most 10000 litres, kilowatt-hours or kilograms";
                self.fault(format!("{path}.{field}"), value, message, remedy);
            }
        }
    }
}
