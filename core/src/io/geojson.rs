//! Plans as `GeoJSON` (RFC 7946), for maps.

use geojson::{Feature, FeatureCollection, Geometry, JsonObject, JsonValue};

use crate::geometry::Coord;
use crate::ids::{DepotId, LocationId, ProfileId};
use crate::model::{Depot, Location, Problem, VehicleType};
use crate::plan::{Activity, Plan, Route, Trip, Visit};
use crate::travel::Travel;
use crate::units::{Distance, Duration};

/// Writes a plan as a feature collection: a line for each trip, straight from stop to stop, and points for depots,
/// disposal sites, visits and unserved clients and shipments. Coordinates are written as the problem has them, so a map
/// shows them in the right place only if they are longitudes and latitudes.
///
/// The property `kind` of a feature is `trip`, `depot`, `disposal_site`, `client`, `pickup`, `delivery`, `dispose`,
/// `break` or `rest`. A line has the properties `route`, `trip`, `vehicle_type`, `vehicle_name`, `start`, `departure`,
/// `arrival`, `distance` and `load`. A point has `index` and `name`, if it is not a rest; a client, pickup or delivery
/// has `served`. Visits, that is, served points and all points of the kinds `dispose`, `break` and `rest`, also have
/// `route`, `trip`, `position`, `arrival`, `start`, `departure` and `load`. Routes, trips, positions and indices count
/// from 0; the index of `dispose` is that of the site, and the index of `break` counts the vehicle type's breaks.
/// Breaks and rests during a drive are placed at the previous stop.
///
/// If travel is given as matrices, locations need no coordinates: a location at (0, 0) is then assumed to have none,
/// and it and the trips that pass it have the geometry `null`.
///
/// A trip with fewer than two locations has no line. The plan must belong to the problem: visits at unknown locations
/// are omitted.
///
/// ```
/// use milkrun::plan::{Activity, Plan, RouteStops, TripStops};
/// use milkrun::{Client, Coord, Depot, Problem, Travel, VehicleType};
///
/// let mut builder = Problem::builder();
/// let yard = builder.add_depot(Depot::at(Coord::new(4.90, 52.37)));
/// let bin = builder.add_client(Client::at(Coord::new(4.91, 52.38)));
/// let van = builder.add_vehicle_type(VehicleType::new(1).depot(yard));
/// let problem = builder.travel(Travel::haversine(8.3)).build().unwrap();
/// let trip = TripStops { start: Some(yard), activities: vec![Activity::Client(bin)], end: Some(yard) };
/// let plan = Plan::new(&problem, vec![RouteStops { vehicle_type: van, start: None, trips: vec![trip] }]).unwrap();
///
/// let text = milkrun::io::geojson::write_plan(&problem, &plan);
/// assert!(text.contains("[[4.9,52.37],[4.91,52.38],[4.9,52.37]]"));
/// ```
pub fn write_plan(problem: &Problem, plan: &Plan) -> String {
    write_plan_along(problem, plan, &|_, _, _| None)
}

/// The line that a vehicle of a travel profile drives from one location to another: longitudes and latitudes.
pub type Along<'a> = dyn Fn(ProfileId, LocationId, LocationId) -> Option<Vec<Coord>> + 'a;

/// As [`write_plan`], with lines that follow the streets where `along` knows them.
pub fn write_plan_along(problem: &Problem, plan: &Plan, along: &Along<'_>) -> String {
    let mut features = Vec::new();
    for (r, route) in plan.routes().iter().enumerate() {
        for (t, trip) in route.trips.iter().enumerate() {
            features.extend(line(problem, (r, route), (t, trip), along));
        }
    }
    for (d, depot) in problem.depots().iter().enumerate() {
        let mut properties = named("depot", d, &depot.name);
        set(&mut properties, "service", depot.service);
        features.extend(point(problem, depot.location(), properties));
    }
    for (s, site) in problem.disposal_sites().iter().enumerate() {
        features.extend(point(problem, site.location(), named("disposal_site", s, &site.name)));
    }
    for (r, route) in plan.routes().iter().enumerate() {
        let vehicle_type = problem.vehicle_types().get(route.vehicle_type.index());
        for (t, trip) in route.trips.iter().enumerate() {
            for (p, visit) in trip.visits.iter().enumerate() {
                features.extend(stop(problem, vehicle_type, (r, t, p), visit));
            }
        }
    }
    features.extend(unserved(problem, plan));
    FeatureCollection { bbox: None, features, foreign_members: None }.to_string()
}

/// Writes legs as a feature collection: a line for each, with `duration` and `distance`.
pub fn write_legs<'l>(legs: impl IntoIterator<Item = (&'l [Coord], Duration, Distance)>) -> String {
    let leg = |(points, duration, distance): (&[Coord], Duration, Distance)| {
        let mut properties = JsonObject::new();
        set(&mut properties, "duration", duration);
        set(&mut properties, "distance", distance);
        let line: Vec<[f64; 2]> = points.iter().map(|at| [at.x, at.y]).collect();
        feature(Some(Geometry::new_line_string(line)), properties)
    };
    let features = legs.into_iter().map(leg).collect();
    FeatureCollection { bbox: None, features, foreign_members: None }.to_string()
}

fn line(
    problem: &Problem,
    (r, route): (usize, &Route),
    (t, trip): (usize, &Trip),
    along: &Along<'_>,
) -> Option<Feature> {
    let depot = |id: Option<DepotId>| problem.depots().get(id?.index()).map(Depot::location);
    let vehicle_type = problem.vehicle_types().get(route.vehicle_type.index());
    let stops = trip.visits.iter().filter(|visit| has_place(vehicle_type, visit.activity)).map(|visit| visit.location);
    let line = depot(trip.start_depot).into_iter().chain(stops).chain(depot(trip.end_depot));
    let line: Vec<(LocationId, &Location)> =
        line.filter_map(|id| problem.locations().get(id.index()).map(|place| (id, place))).collect();
    if line.len() < 2 {
        return None;
    }
    let profile = vehicle_type.map_or(ProfileId::new(0), |v| v.profile);
    let mut drawn: Option<Vec<[f64; 2]>> = line.iter().take(1).map(|(_, place)| position(problem, place)).collect();
    for pair in line.windows(2) {
        let streets = along(profile, pair[0].0, pair[1].0);
        let leg = match streets {
            Some(points) => Some(points.iter().map(|at| [at.x, at.y]).collect::<Vec<_>>()),
            None => position(problem, pair[1].1).map(|at| vec![at]),
        };
        drawn = drawn.zip(leg).map(|(mut drawn, leg)| {
            drawn.extend(leg);
            drawn
        });
    }
    let line = drawn;
    let mut properties = JsonObject::new();
    set(&mut properties, "kind", "trip");
    set(&mut properties, "route", r);
    set(&mut properties, "trip", t);
    set(&mut properties, "vehicle_type", route.vehicle_type.index());
    set(&mut properties, "vehicle_name", vehicle_type.map_or("", |v| &v.name));
    set(&mut properties, "start", trip.start);
    set(&mut properties, "departure", trip.departure);
    set(&mut properties, "arrival", trip.arrival);
    set(&mut properties, "distance", trip.distance);
    set(&mut properties, "load", trip.load.clone());
    Some(feature(line.map(Geometry::new_line_string), properties))
}

fn stop(
    problem: &Problem,
    vehicle_type: Option<&VehicleType>,
    (route, trip, position): (usize, usize, usize),
    visit: &Visit,
) -> Option<Feature> {
    let mut properties = activity(problem, vehicle_type, visit.activity);
    if visit.activity.is_service() {
        set(&mut properties, "served", true);
    }
    set(&mut properties, "route", route);
    set(&mut properties, "trip", trip);
    set(&mut properties, "position", position);
    set(&mut properties, "arrival", visit.arrival);
    set(&mut properties, "start", visit.start);
    set(&mut properties, "departure", visit.departure);
    set(&mut properties, "load", visit.load.clone());
    point(problem, visit.location, properties)
}

/// Points for unserved clients and both ends of unserved shipments.
fn unserved(problem: &Problem, plan: &Plan) -> Vec<Feature> {
    let clients = plan.unserved().clients.iter().filter_map(|&id| {
        let client = problem.clients().get(id.index())?;
        Some((Activity::Client(id), client.location()))
    });
    let shipments = plan.unserved().shipments.iter().filter_map(|&id| {
        let shipment = problem.shipments().get(id.index())?;
        Some([
            (Activity::Pickup(id), shipment.pickup.location()),
            (Activity::Delivery(id), shipment.delivery.location()),
        ])
    });
    clients
        .chain(shipments.flatten())
        .filter_map(|(what, location)| {
            let mut properties = activity(problem, None, what);
            set(&mut properties, "served", false);
            point(problem, location, properties)
        })
        .collect()
}

/// Whether the activity has a location of its own: breaks and rests during a drive have none.
fn has_place(vehicle_type: Option<&VehicleType>, activity: Activity) -> bool {
    match activity {
        Activity::Break(index) => {
            vehicle_type.and_then(|v| v.breaks.get(index)).is_some_and(|pause| pause.place.is_some())
        }
        Activity::Rest(_) => false,
        _ => true,
    }
}

fn activity(problem: &Problem, vehicle_type: Option<&VehicleType>, activity: Activity) -> JsonObject {
    let shipment = |index: usize| problem.shipments().get(index).map_or("", |shipment| &shipment.name);
    match activity {
        Activity::Client(id) => {
            named("client", id.index(), problem.clients().get(id.index()).map_or("", |client| &client.name))
        }
        Activity::Pickup(id) => named("pickup", id.index(), shipment(id.index())),
        Activity::Delivery(id) => named("delivery", id.index(), shipment(id.index())),
        Activity::Dispose(id) => {
            named("dispose", id.index(), problem.disposal_sites().get(id.index()).map_or("", |site| &site.name))
        }
        Activity::Break(index) => {
            named("break", index, vehicle_type.and_then(|v| v.breaks.get(index)).map_or("", |pause| &pause.name))
        }
        Activity::Rest(_) => {
            let mut properties = JsonObject::new();
            set(&mut properties, "kind", "rest");
            properties
        }
    }
}

fn named(kind: &str, index: usize, name: &str) -> JsonObject {
    let mut properties = JsonObject::new();
    set(&mut properties, "kind", kind);
    set(&mut properties, "index", index);
    set(&mut properties, "name", name);
    properties
}

fn set(properties: &mut JsonObject, key: &str, value: impl Into<JsonValue>) {
    properties.insert(key.to_owned(), value.into());
}

/// The coordinates of a location; `None` if it has none, which is possible only with matrices and then read as the
/// origin.
fn position(problem: &Problem, location: &Location) -> Option<[f64; 2]> {
    let [x, y] = [location.coord.x, location.coord.y];
    let nowhere = matches!(problem.travel(), Travel::Matrices(_)) && x == 0.0 && y == 0.0;
    (!nowhere).then_some([x, y])
}

fn point(problem: &Problem, location: LocationId, properties: JsonObject) -> Option<Feature> {
    let place = problem.locations().get(location.index())?;
    Some(feature(position(problem, place).map(Geometry::new_point), properties))
}

fn feature(geometry: Option<Geometry>, properties: JsonObject) -> Feature {
    Feature { bbox: None, geometry, id: None, properties: Some(properties), foreign_members: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The geometries of a plan for one client, with its text in place of `@`.
    fn geometries(travel: &str, depot: &str, client: &str) -> Vec<JsonValue> {
        let text = format!(
            r#"{{"milkrun": "problem", "version": 1, {travel} "locations": [{depot}, {client}], "depots": [{{"location": 0}}],
                "clients": [{{"location": 1}}], "vehicle_types": [{{"start": 0, "end": 0}}]}}"#
        );
        let problem = crate::io::json::read_problem(&text).unwrap();
        let plan = r#"{"milkrun": "plan", "version": 1, "routes": [{"vehicle_type": 0, "trips": [
            {"start_depot": 0, "end_depot": 0, "visits": [{"client": 0}]}]}]}"#;
        let plan = crate::io::json::read_plan(plan, &problem).unwrap();
        let map: JsonValue = serde_json::from_str(&write_plan(&problem, &plan)).unwrap();
        map["features"].as_array().unwrap().iter().map(|each| each["geometry"]["coordinates"].clone()).collect()
    }

    #[test]
    fn locations_without_coordinates_have_no_geometry() {
        let matrices = r#""travel": {"type": "matrices", "profiles": [{"distance": [[0, 1], [1, 0]]}]},"#;
        let null = JsonValue::Null;
        assert_eq!(geometries(matrices, "{}", "{}"), [null.clone(), null.clone(), null.clone()]);
        let place = serde_json::json!([4.5, 52.0]);
        assert_eq!(geometries(matrices, r#"{"lon": 4.5, "lat": 52}"#, "{}"), [null.clone(), place, null]);
        let origin = geometries("", r#"{"x": 0, "y": 0}"#, r#"{"x": 3, "y": 4}"#);
        assert_eq!(
            origin[1],
            serde_json::json!([0.0, 0.0]),
            "the origin is a point like any other where distances are computed"
        );
    }
}
