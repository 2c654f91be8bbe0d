//! Checks relations, and that routes begin with executed activities.

use crate::ids::{ClientId, VehicleTypeId};
use crate::model::{Position, Problem, Relation};
use crate::plan::{Activity, RouteStops, TripStops, Violation};

/// The first visit of each client: route, trip, and position on the trip.
struct Places(Vec<Option<(usize, usize, usize)>>);

impl Places {
    fn new(problem: &Problem, routes: &[RouteStops]) -> Self {
        let mut places = vec![None; problem.clients().len()];
        for (r, route) in routes.iter().enumerate() {
            for (t, trip) in route.trips.iter().enumerate() {
                for (position, activity) in trip.activities.iter().enumerate() {
                    if let Activity::Client(client) = activity {
                        places[client.index()].get_or_insert((r, t, position));
                    }
                }
            }
        }
        Self(places)
    }

    fn of(&self, client: ClientId) -> Option<(usize, usize, usize)> {
        self.0[client.index()]
    }
}

/// Appends every violated relation.
pub(super) fn violations(problem: &Problem, routes: &[RouteStops], found: &mut Vec<Violation>) {
    if !problem.relations().is_empty() {
        let places = Places::new(problem, routes);
        for (relation, tie) in problem.relations().iter().enumerate() {
            if !holds(tie, &places, routes) {
                found.push(Violation::RelationBroken { relation });
            }
        }
    }
    for (t, vehicle_type) in problem.vehicle_types().iter().enumerate() {
        let id = VehicleTypeId::new(t);
        if !vehicle_type.executed.is_empty()
            && !routes.iter().any(|route| begins_with(route, id, &vehicle_type.executed))
        {
            found.push(Violation::ExecutedChanged { vehicle_type: id });
        }
    }
}

fn begins_with(route: &RouteStops, vehicle_type: VehicleTypeId, executed: &[Activity]) -> bool {
    let mut activities = route.trips.iter().flat_map(|trip| &trip.activities);
    route.vehicle_type == vehicle_type && executed.iter().all(|activity| activities.next() == Some(activity))
}

fn holds(relation: &Relation, places: &Places, routes: &[RouteStops]) -> bool {
    let route = |client: &ClientId| places.of(*client).map(|place| place.0);
    let served = |clients: &[ClientId]| clients.iter().filter(|client| places.of(**client).is_some()).count();
    match relation {
        Relation::SameVehicle(clients) => {
            let mut used = clients.iter().filter_map(route);
            used.next().is_none_or(|first| used.all(|other| other == first))
        }
        Relation::Sequence(clients) => match served(clients) {
            0 => true,
            n => n == clients.len() && in_sequence(clients, places, routes),
        },
        Relation::Precedence(before, after) => match (places.of(*before), places.of(*after)) {
            (Some(a), Some(b)) => a.0 == b.0 && a < b,
            _ => true,
        },
        Relation::AllOrNone(clients) => [0, clients.len()].contains(&served(clients)),
        Relation::Incompatible(clients) => {
            let mut used: Vec<usize> = clients.iter().filter_map(route).collect();
            let all = used.len();
            used.sort_unstable();
            used.dedup();
            used.len() == all
        }
        Relation::Pin { client, vehicle_type, position } => places.of(*client).is_none_or(|place| {
            vehicle_type.is_none_or(|t| routes[place.0].vehicle_type == t) && is_at(place, *position, routes)
        }),
    }
}

/// Whether the clients follow each other on one trip with nothing but pauses in between.
fn in_sequence(clients: &[ClientId], places: &Places, routes: &[RouteStops]) -> bool {
    let is_pause = |activity: &Activity| matches!(activity, Activity::Break(_) | Activity::Rest(_));
    let visits: Vec<_> = clients.iter().filter_map(|&client| places.of(client)).collect();
    visits.windows(2).all(|pair| {
        let ((r, t, from), (next_r, next_t, to)) = (pair[0], pair[1]);
        (r, t) == (next_r, next_t) && from < to && routes[r].trips[t].activities[from + 1..to].iter().all(is_pause)
    })
}

/// Whether a visit has the position among the clients and shipment stops of its route.
fn is_at((r, t, visit): (usize, usize, usize), position: Position, routes: &[RouteStops]) -> bool {
    let trips = &routes[r].trips;
    let (before, after) = trips[t].activities.split_at(visit);
    let serves = |activities: &[Activity]| activities.iter().any(|activity| activity.is_service());
    let trips_serve = |trips: &[TripStops]| trips.iter().any(|trip| serves(&trip.activities));
    match position {
        Position::Any => true,
        Position::First => !trips_serve(&trips[..t]) && !serves(before),
        Position::Last => !serves(&after[1..]) && !trips_serve(&trips[t + 1..]),
    }
}
