//! Executed activities of vehicles.

use std::collections::HashSet;

use super::Validator;
use crate::model::Activity;
use crate::model::VehicleType;

impl Validator<'_> {
    pub(super) fn executed(&mut self) {
        let builder = self.builder;
        let mut served = HashSet::new();
        for (t, vehicle_type) in builder.vehicle_types.iter().enumerate() {
            let path = format!("vehicle_types[{t}].executed");
            if vehicle_type.count != 1 && !vehicle_type.executed.is_empty() {
                let value = format!("{} activities", vehicle_type.executed.len());
                let message = format!(
                    "the type has {} vehicles, but executed activities belong to one vehicle",
                    vehicle_type.count
                );
                let remedy = "give the vehicle a type of its own, with a count of 1";
                self.fault(path.clone(), value, &message, remedy);
            }
            let (mut pauses, mut on_board) = (HashSet::new(), HashSet::new());
            for (a, &activity) in vehicle_type.executed.iter().enumerate() {
                let path = format!("{path}[{a}]");
                let again = match activity {
                    Activity::Break(pause) => !pauses.insert(pause),
                    Activity::Dispose(_) | Activity::Rest(_) => false,
                    _ => !served.insert(activity),
                };
                if again {
                    let message = "has already been executed";
                    self.fault(path.clone(), shown(activity), message, "keep it only where it was executed");
                } else if let Activity::Delivery(shipment) = activity
                    && !on_board.contains(&shipment)
                {
                    let message = "delivers a shipment that the vehicle has not picked up";
                    self.fault(path.clone(), shown(activity), message, "put the pickup before the delivery");
                }
                if let Activity::Pickup(shipment) = activity {
                    on_board.insert(shipment);
                }
                self.executed_id(path, vehicle_type, activity);
            }
        }
    }

    fn executed_id(&mut self, path: String, vehicle_type: &VehicleType, activity: Activity) {
        match activity {
            Activity::Client(client) => self.client(path, client),
            Activity::Pickup(shipment) | Activity::Delivery(shipment) => self.shipment(path, shipment),
            Activity::Dispose(site) => self.disposal_site(path, site),
            Activity::Break(pause) => self.known(path, ("break", "add_break"), pause, vehicle_type.breaks.len()),
            Activity::Rest(duration) => self.positive(path, duration),
        }
    }
}

fn shown(activity: Activity) -> String {
    match activity {
        Activity::Client(id) => format!("client {}", id.index()),
        Activity::Pickup(id) => format!("pickup {}", id.index()),
        Activity::Delivery(id) => format!("delivery {}", id.index()),
        Activity::Dispose(id) => format!("dispose {}", id.index()),
        Activity::Break(index) => format!("break {index}"),
        Activity::Rest(duration) => format!("rest {duration}"),
    }
}
