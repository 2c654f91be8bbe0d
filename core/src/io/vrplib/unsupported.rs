//! The features of waste collection and working time that VRPLIB lacks.

use super::representable::JSON;
use crate::io::WriteError;
use crate::model::{Client, Problem, Shipment, ShipmentStop, VehicleType, WindowCovers};

const NO_SETUP: &str = "VRPLIB's service times do not depend on where a vehicle comes from";

/// The first such feature that the problem uses.
pub(super) fn check(problem: &Problem) -> Result<(), WriteError> {
    let lists = [
        ("materials", problem.materials().len(), "VRPLIB has no materials"),
        ("disposal_sites", problem.disposal_sites().len(), "VRPLIB has no disposal sites"),
        ("relations", problem.relations().len(), "VRPLIB has no relations"),
        ("goals", problem.goals().len(), "VRPLIB has no goals"),
    ];
    for (name, count, message) in lists {
        if count > 0 {
            return Err(WriteError::new(name, count, message, JSON));
        }
    }
    if let Some(p) = problem.speeds.iter().position(|curve| !curve.is_flat()) {
        let value = format!("{} steps", problem.speeds[p].steps.len());
        return Err(WriteError::new(format!("speeds[{p}]"), value, "VRPLIB's speeds do not depend on time", JSON));
    }
    for (c, client) in problem.clients().iter().enumerate() {
        if let Some((field, value, message)) = client_field(client) {
            return Err(WriteError::new(format!("clients[{c}].{field}"), value, message, JSON));
        }
    }
    let ends = |s: &Shipment| [("pickup", s.pickup.setup), ("delivery", s.delivery.setup)];
    for (s, shipment) in problem.shipments().iter().enumerate() {
        if let Some((end, setup)) = ends(shipment).into_iter().find(|&(_, setup)| setup > 0) {
            return Err(WriteError::new(format!("shipments[{s}].{end}.setup"), setup, NO_SETUP, JSON));
        }
    }
    let covers = |stop: &ShipmentStop| {
        stop.window_covers == WindowCovers::Service && stop.service > 0 && !stop.time_window.is_always()
    };
    for (s, shipment) in problem.shipments().iter().enumerate() {
        if let Some(end) = [(&shipment.pickup, "pickup"), (&shipment.delivery, "delivery")].iter().find(|e| covers(e.0))
        {
            let path = format!("shipments[{s}].{}.window_covers", end.1);
            return Err(WriteError::new(path, "service", "VRPLIB's time windows hold the start of the service", JSON));
        }
    }
    if let Some(s) = problem.shipments().iter().position(|shipment| !shipment.assignment_costs.is_empty()) {
        let value = format!("{} values", problem.shipments()[s].assignment_costs.len());
        let path = format!("shipments[{s}].assignment_costs");
        return Err(WriteError::new(path, value, "VRPLIB's shipments cost the same with all vehicles", JSON));
    }
    for (t, vehicle_type) in problem.vehicle_types().iter().enumerate().filter(|(_, v)| v.count > 0) {
        if let Some((field, value)) = vehicle_field(vehicle_type) {
            let path = format!("vehicle_types[{t}].{field}");
            return Err(WriteError::new(path, value, "VRPLIB's vehicles have no such field", JSON));
        }
    }
    Ok(())
}

/// The first field of a client that VRPLIB does not have, with its value and a message.
fn client_field(client: &Client) -> Option<(&'static str, String, &'static str)> {
    const WHO: &str = "VRPLIB lists clients by vehicle, not vehicles by client";
    if !client.more_windows.is_empty() {
        let count = client.more_windows.len() + 1;
        return Some(("time_windows", format!("{count} windows"), "VRPLIB's clients have one time window"));
    }
    if let Some(soft) = client.soft_window {
        return Some(("soft_window", format!("[{}, {}]", soft.early, soft.late), "VRPLIB's time windows are hard"));
    }
    if client.window_covers == WindowCovers::Service && client.service > 0 && !client.time_window.is_always() {
        let message = "VRPLIB's time windows hold the start of the service";
        return Some(("window_covers", "service".to_owned(), message));
    }
    if client.setup > 0 {
        return Some(("setup", client.setup.to_string(), NO_SETUP));
    }
    if !client.service_by_type.is_empty() {
        let value = format!("{} values", client.service_by_type.len());
        return Some(("service_by_type", value, "VRPLIB's service times are the same for all vehicles"));
    }
    if !client.assignment_costs.is_empty() {
        let value = format!("{} values", client.assignment_costs.len());
        return Some(("assignment_costs", value, "VRPLIB's clients cost the same with all vehicles"));
    }
    if !client.skills.is_empty() {
        return Some(("skills", client.skills.join(", "), "VRPLIB has no skills"));
    }
    if let Some(allowed) = &client.allowed_vehicles {
        return Some(("allowed_vehicles", format!("{} types", allowed.len()), WHO));
    }
    if !client.forbidden_vehicles.is_empty() {
        return Some(("forbidden_vehicles", format!("{} types", client.forbidden_vehicles.len()), WHO));
    }
    (client.priority != 0)
        .then(|| ("priority", client.priority.to_string(), "VRPLIB's clients have no priority classes"))
}

/// The first field of a vehicle type that VRPLIB does not have, with its value. Without a driver rule, it does not
/// matter whether rests are paid.
fn vehicle_field(v: &VehicleType) -> Option<(&'static str, String)> {
    let lists = [
        ("zones", v.zones.len()),
        ("compartments", v.compartments.len()),
        ("max_route_load", v.max_route_load.len()),
        ("breaks", v.breaks.len()),
        ("driver_rules", v.driver_rules.len()),
        ("overtime", v.overtime.len()),
        ("skills", v.skills.len()),
        ("executed", v.executed.len()),
        ("consumption", usize::from(v.consumption.is_some())),
    ];
    let numbers = [
        ("max_stops", v.max_stops.map(|stops| stops as i64)),
        ("max_driving", v.max_driving),
        ("max_work", v.max_work),
        ("cost_per_waiting", Some(v.cost_per_waiting).filter(|&cost| cost != 0)),
    ];
    if v.end_empty {
        return Some(("end_empty", "true".to_owned()));
    }
    let list = lists.into_iter().find(|&(_, count)| count > 0).map(|(field, count)| (field, format!("{count} values")));
    let number = || numbers.into_iter().find_map(|(field, number)| Some((field, number?.to_string())));
    list.or_else(number)
}
