//! Whether VRPLIB can represent a problem.

use super::unsupported;
use crate::ids::DepotId;
use crate::ids::GroupId;
use crate::io::WriteError;
use crate::model::{Backhauls, Problem, TimeWindow};
use crate::travel::Travel;

/// The first part of the problem that VRPLIB cannot represent.
pub(super) fn check(problem: &Problem) -> Result<(), WriteError> {
    travel(problem)?;
    unsupported::check(problem)?;
    depots(problem)?;
    clients(problem)?;
    shipments(problem)?;
    vehicle_types(problem)
}

fn travel(problem: &Problem) -> Result<(), WriteError> {
    match problem.travel() {
        Travel::Euclidean { .. } => Ok(()),
        Travel::Matrices(profiles) => {
            if profiles.len() > 1 {
                let message = "VRPLIB has only one travel profile";
                return Err(WriteError::new("travel.profiles", profiles.len(), message, JSON));
            }
            if profiles.iter().any(|p| p.duration.as_ref().is_some_and(|duration| *duration != p.distance)) {
                return Err(WriteError::new(
                    "travel.profiles[0].duration",
                    "a matrix",
                    "VRPLIB's durations equal its distances",
                    JSON,
                ));
            }
            let diagonal = |n: usize| (0..n).find(|&i| profiles[0].distance.get(i, i) != 0);
            match diagonal(problem.locations().len()) {
                Some(i) => {
                    let path = format!("travel.profiles[0].distance[{i}][{i}]");
                    let value = profiles[0].distance.get(i, i);
                    Err(WriteError::new(path, value, "VRPLIB's distance from a location to itself is zero", JSON))
                }
                None => Ok(()),
            }
        }
        Travel::Haversine { .. } => Err(WriteError::new(
            "travel",
            "haversine",
            "VRPLIB has only planar coordinates",
            "give matrices, or write JSON",
        )),
    }
}

/// The remedy if only a richer format helps.
pub(super) const JSON: &str = "write JSON";

fn depots(problem: &Problem) -> Result<(), WriteError> {
    if problem.depots().is_empty() {
        return Err(WriteError::new("depots", "[]", "VRPLIB needs a depot", "add one"));
    }
    for (d, depot) in problem.depots().iter().enumerate() {
        if depot.time_window != TimeWindow::ALWAYS {
            let value = format!("[{}, {}]", depot.time_window.early, depot.time_window.late);
            let message = "VRPLIB's depot hours apply to vehicles, not depots";
            let remedy = "give the vehicles' shift instead, or write JSON";
            return Err(WriteError::new(format!("depots[{d}].time_window"), value, message, remedy));
        }
        if depot.service != 0 {
            let message = "VRPLIB's depots have no service time";
            return Err(WriteError::new(format!("depots[{d}].service"), depot.service, message, JSON));
        }
    }
    Ok(())
}

fn clients(problem: &Problem) -> Result<(), WriteError> {
    if problem.clients().is_empty() && problem.shipments().is_empty() {
        return Err(WriteError::new("clients", "[]", "VRPLIB needs a client", "add one"));
    }
    for (g, group) in problem.groups().iter().enumerate() {
        if !group.patterns.is_empty() {
            let message = "VRPLIB has no visit patterns";
            let value = format!("{} patterns", group.patterns.len());
            return Err(WriteError::new(format!("groups[{g}].patterns"), value, message, JSON));
        }
        if !group.required {
            let message = "VRPLIB's groups must have exactly one served member";
            return Err(WriteError::new(format!("groups[{g}].required"), false, message, JSON));
        }
    }
    for (c, client) in problem.clients().iter().enumerate() {
        // A group of one is written as a client without a group.
        let choice = client.group.is_some_and(|g: GroupId| problem.group_members(g).len() > 1);
        let required = client.required || client.group.is_some();
        if !choice && required != (client.prize == 0) {
            let value = format!("{required} (prize {})", client.prize);
            let message = "VRPLIB's clients are required if and only if they have no prize";
            let remedy = "give optional clients a prize above zero and required ones none, or write JSON";
            return Err(WriteError::new(format!("clients[{c}].required"), value, message, remedy));
        }
    }
    Ok(())
}

fn shipments(problem: &Problem) -> Result<(), WriteError> {
    if problem.shipments().is_empty() {
        return Ok(());
    }
    if !problem.clients().is_empty() {
        let message = "VRPLIB has either clients or shipments";
        return Err(WriteError::new("clients", problem.clients().len(), message, JSON));
    }
    if problem.load_dimensions() > 1 {
        let message = "VRPLIB's shipments have one load dimension";
        return Err(WriteError::new("load_dimensions", problem.load_dimensions(), message, JSON));
    }
    if problem.backhauls() != Backhauls::Mixed {
        return Err(WriteError::new("backhauls", "after linehauls", "VRPLIB has no backhauls for shipments", JSON));
    }
    for (s, shipment) in problem.shipments().iter().enumerate() {
        if !shipment.required || shipment.prize != 0 {
            let value = format!("{} (prize {})", shipment.required, shipment.prize);
            let message = "VRPLIB's shipments are required and have no prize";
            return Err(WriteError::new(format!("shipments[{s}].required"), value, message, JSON));
        }
    }
    Ok(())
}

fn vehicle_types(problem: &Problem) -> Result<(), WriteError> {
    let count = problem.num_vehicles();
    if count == 0 || count > crate::io::rows::MAX_VEHICLES {
        let message = "VRPLIB's fleets have 1 to 1000000 vehicles";
        return Err(WriteError::new("vehicle_types", format!("{count} vehicles"), message, "correct the counts"));
    }
    let mut shifts: Vec<Option<TimeWindow>> = vec![None; problem.depots().len()];
    for (t, vehicle_type) in problem.vehicle_types().iter().enumerate().filter(|(_, v)| v.count > 0) {
        let error = |field: &str, value: String, message, remedy| {
            Err(WriteError::new(format!("vehicle_types[{t}].{field}"), value, message, remedy))
        };
        let depot = match (vehicle_type.start, vehicle_type.end) {
            (Some(start), Some(end)) if start == end => start,
            (start, end) => {
                let shown = |depot: Option<DepotId>| depot.map_or("open".to_owned(), |d| d.index().to_string());
                let value = format!("{} (start {})", shown(end), shown(start));
                return error("end", value, "VRPLIB's vehicles return to the depot where they start", JSON);
            }
        };
        if vehicle_type.cost_per_duration != 0 {
            let value = vehicle_type.cost_per_duration.to_string();
            return error("cost_per_duration", value, "VRPLIB has no cost per unit of time", JSON);
        }
        let shift = *shifts[depot.index()].get_or_insert(vehicle_type.shift);
        if shift != vehicle_type.shift {
            let value = format!("[{}, {}]", vehicle_type.shift.early, vehicle_type.shift.late);
            return error("shift", value, "VRPLIB's vehicles of one depot share a shift", "add a depot for each shift");
        }
        if vehicle_type.allowed_clients.is_some() && !problem.shipments().is_empty() {
            return error(
                "allowed_clients",
                "a list".into(),
                "VRPLIB has allowed clients, but not allowed shipments",
                JSON,
            );
        }
    }
    Ok(())
}
