//! Relations between clients, and executed activities.

use std::collections::{HashMap, HashSet};

use super::replay::{Purpose, Replay, ReplayedStop};
use crate::ids::{ClientId, VehicleTypeId};
use crate::model::{Position, Problem, Relation};
use crate::plan::{Activity, Violation};

/// Vehicle types of which no route begins with the executed activities.
pub(super) fn executed(problem: &Problem, replays: &[Replay], found: &mut Vec<Violation>) {
    for (t, vehicle_type) in problem.vehicle_types().iter().enumerate() {
        let id = VehicleTypeId::new(t);
        let keeps = |replay: &Replay| {
            let mut done = replay.stops.trips.iter().flat_map(|trip| &trip.activities);
            replay.stops.vehicle_type == id && vehicle_type.executed.iter().all(|must| done.next() == Some(must))
        };
        if !vehicle_type.executed.is_empty() && !replays.iter().any(keeps) {
            found.push(Violation::ExecutedChanged { vehicle_type: id });
        }
    }
}

/// Violated relations.
pub(super) fn relations(problem: &Problem, replays: &[Replay], found: &mut Vec<Violation>) {
    if problem.relations().is_empty() {
        return;
    }
    let routes: Vec<Route> = replays.iter().map(Route::of).collect();
    let served = served_at(replays);
    for (index, relation) in problem.relations().iter().enumerate() {
        if !holds(replays, &routes, &served, relation) {
            found.push(Violation::RelationBroken { relation: index });
        }
    }
}

/// A stop: index of the route, and of the stop on it.
type Place = (usize, usize);

/// Where each client is first served.
fn served_at(replays: &[Replay]) -> HashMap<ClientId, Place> {
    let mut places = HashMap::new();
    for (r, replay) in replays.iter().enumerate() {
        for (h, stop) in replay.path.iter().enumerate() {
            if let Purpose::Serve { activity: Activity::Client(client), .. } = stop.purpose {
                places.entry(client).or_insert((r, h));
            }
        }
    }
    places
}

/// Positions on a route, as relations need them.
struct Route {
    /// The first and the last stop that serves a client or shipment.
    ends: Option<(usize, usize)>,
    /// By stop, the next one that is not a pause.
    next: Vec<usize>,
}

impl Route {
    fn of(replay: &Replay) -> Self {
        let serves = |stop: &ReplayedStop| {
            !stop.is_pause()
                && matches!(stop.purpose, Purpose::Serve { activity, .. } if !matches!(activity, Activity::Dispose(_)))
        };
        let path = &replay.path;
        let mut next = vec![path.len(); path.len()];
        for i in (1..path.len()).rev() {
            next[i - 1] = if path[i].is_pause() { next[i] } else { i };
        }
        Self { ends: path.iter().position(serves).zip(path.iter().rposition(serves)), next }
    }
}

fn holds(replays: &[Replay], routes: &[Route], served: &HashMap<ClientId, Place>, relation: &Relation) -> bool {
    let at = |client: &ClientId| served.get(client).copied();
    match relation {
        Relation::SameVehicle(clients) => {
            let routes: Vec<usize> = clients.iter().filter_map(at).map(|place| place.0).collect();
            routes.windows(2).all(|pair| pair[0] == pair[1])
        }
        Relation::Incompatible(clients) => {
            let mut seen = HashSet::new();
            clients.iter().filter_map(at).all(|place| seen.insert(place.0))
        }
        Relation::AllOrNone(clients) => {
            clients.iter().all(|c| at(c).is_some()) || clients.iter().all(|c| at(c).is_none())
        }
        Relation::Sequence(clients) => {
            let places: Vec<Place> = clients.iter().filter_map(at).collect();
            // One stop directly follows another on the same trip, except for pauses.
            let follows = |pair: &[Place]| {
                let ((r, a), (next_r, b)) = (pair[0], pair[1]);
                let path = &replays[r].path;
                r == next_r && routes[r].next[a] == b && path[a].trip == path[b].trip
            };
            places.is_empty() || (places.len() == clients.len() && places.windows(2).all(follows))
        }
        Relation::Precedence(before, after) => match (at(before), at(after)) {
            (Some(a), Some(b)) => a.0 == b.0 && a.1 < b.1,
            _ => true,
        },
        Relation::Pin { client, vehicle_type, position } => at(client).is_none_or(|(r, h)| {
            let ends = routes[r].ends;
            let in_place = match position {
                Position::Any => true,
                Position::First => ends.is_none_or(|(first, _)| h <= first),
                Position::Last => ends.is_none_or(|(_, last)| last <= h),
            };
            in_place && vehicle_type.is_none_or(|t| replays[r].stops.vehicle_type == t)
        }),
    }
}
