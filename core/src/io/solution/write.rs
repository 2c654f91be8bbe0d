//! Writes `.sol` text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::ids::{DepotId, VehicleTypeId};
use crate::io::WriteError;
use crate::io::fleet_numbers::FleetNumbers;
use crate::io::stop_numbers::StopNumbers;
use crate::model::{Problem, VehicleType};
use crate::plan::RouteStops;

/// The `.sol` text of routes, with `cost` as the stated cost.
///
/// Each route is written on the line of a vehicle of its type. Routes without stops are omitted.
///
/// # Errors
///
/// [`WriteError`] for a route that does not fit the problem: an unknown stop, more routes than vehicles, trips that do
/// not connect; and for the first stated start, visit to a disposal site, break or rest, which `.sol` text cannot
/// represent.
///
/// ```
/// use milkrun::{Rounding, io::{solution, vrplib}};
///
/// let text = "DIMENSION : 3\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n3 6 8\nEOF\n";
/// let problem = vrplib::read(text, Rounding::Round).unwrap();
/// let routes = solution::read("Route #1: 2 1\n", &problem).unwrap().routes;
/// assert_eq!(solution::write(&problem, &routes, 20.0).unwrap(), "Route #1: 2 1\nCost 20\n");
/// ```
pub fn write(problem: &Problem, routes: &[RouteStops], cost: impl Into<Option<f64>>) -> Result<String, WriteError> {
    let stops = StopNumbers::new(problem);
    let fleet = FleetNumbers::new(problem);
    let types = (0..problem.vehicle_types().len()).map(VehicleTypeId::new);
    let mut free: Vec<_> = types.map(|t| fleet.vehicles_of(t)).collect();
    let mut lines: BTreeMap<usize, String> = BTreeMap::new();
    for (r, route) in routes.iter().enumerate() {
        let t = route.vehicle_type;
        let Some(vehicle_type) = problem.vehicle_types().get(t.index()) else {
            let path = format!("routes[{r}].vehicle_type");
            return Err(WriteError::new(path, t.index(), "there is no such vehicle type", FOREIGN));
        };
        let line = stop_list(r, route, vehicle_type, &stops)?;
        if line.is_empty() {
            continue;
        }
        let Some(vehicle) = free[t.index()].next() else { return Err(too_many(r, t, vehicle_type)) };
        lines.insert(vehicle, line);
    }
    let mut text = String::new();
    let mut next = 0;
    // Writing to a string cannot fail.
    for (vehicle, line) in lines {
        for unused in next..vehicle {
            let _ = writeln!(text, "Route #{}:", unused + 1);
        }
        let _ = writeln!(text, "Route #{}: {line}", vehicle + 1);
        next = vehicle + 1;
    }
    if let Some(cost) = cost.into() {
        let _ = writeln!(text, "Cost {cost}");
    }
    Ok(text)
}

/// The remedy if routes have ids that the problem does not have.
const FOREIGN: &str = "write the routes with the problem that they solve";

fn too_many(route: usize, t: VehicleTypeId, vehicle_type: &VehicleType) -> WriteError {
    let value = format!("{} (of {} vehicles)", t.index(), vehicle_type.count);
    let message = "there are more routes than vehicles of this type";
    WriteError::new(format!("routes[{route}].vehicle_type"), value, message, FOREIGN)
}

/// The numbers of the stops, and of the depots between trips.
fn stop_list(r: usize, route: &RouteStops, vehicle: &VehicleType, stops: &StopNumbers) -> Result<String, WriteError> {
    let mut numbers: Vec<String> = Vec::new();
    if route.trips.is_empty() {
        return Ok(String::new());
    }
    if let Some(start) = route.start {
        let message = ".sol text cannot state when a route starts";
        return Err(WriteError::new(format!("routes[{r}].start"), start, message, "write JSON, or omit the start"));
    }
    let mut at = vehicle.start;
    for (t, trip) in route.trips.iter().enumerate() {
        let path = format!("routes[{r}].trips[{t}]");
        if trip.start != at {
            return Err(joint(format!("{path}.start"), trip.start, at));
        }
        if t > 0 {
            match at {
                Some(depot) => numbers.push(depot.index().to_string()),
                None => return Err(joint(format!("{path}.start"), trip.start, at)),
            }
        }
        for (a, &activity) in trip.activities.iter().enumerate() {
            let Some(number) = stops.number(activity) else {
                let path = format!("{path}.activities[{a}]");
                let (message, remedy) = if activity.is_service() {
                    ("there is no such stop", FOREIGN)
                } else {
                    (".sol text has no disposal visits, breaks or rests", "write JSON")
                };
                return Err(WriteError::new(path, format!("{activity:?}"), message, remedy));
            };
            numbers.push(number.to_string());
        }
        at = trip.end;
    }
    if at != vehicle.end {
        return Err(joint(format!("routes[{r}].trips[{}].end", route.trips.len() - 1), at, vehicle.end));
    }
    Ok(numbers.join(" "))
}

fn joint(path: String, found: Option<DepotId>, expected: Option<DepotId>) -> WriteError {
    let shown = |depot: Option<DepotId>| depot.map_or("open".to_owned(), |d| format!("depot {}", d.index()));
    let value = format!("{} (not {})", shown(found), shown(expected));
    let message = "trips must connect, from the vehicle type's start to its end";
    WriteError::new(path, value, message, "start each trip at the depot where the previous one ends")
}
