//! Every rule, checked one by one.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::replay::{Purpose, Replay, ReplayedStop, held_until};
use super::{breaks, disposal, work, zones};
use crate::ids::{ClientId, GroupId, ShipmentId, VehicleTypeId};
use crate::model::{Backhauls, ClientGroup, Problem, TimeWindow};
use crate::plan::{Activity, Unserved, Violation};
use crate::travel::UNREACHABLE;

/// By vehicle type, the clients that it may serve, if it is restricted.
pub(super) type Allowed = Vec<Option<HashSet<ClientId>>>;

/// The permissions that the vehicle types' lists give.
pub(super) fn allowed(problem: &Problem) -> Allowed {
    let lists = problem.vehicle_types().iter().map(|vehicle_type| vehicle_type.allowed_clients.as_ref());
    lists.map(|list| list.map(|clients| clients.iter().copied().collect())).collect()
}

/// The rules that concern a single route.
pub(super) fn route(problem: &Problem, allowed: &Allowed, replay: &Replay, found: &mut Vec<Violation>) {
    depots(problem, replay, found);
    times(problem, replay, found);
    loads(problem, replay, found);
    limits(problem, replay, found);
    clients(problem, allowed[replay.stops.vehicle_type.index()].as_ref(), replay, found);
    zones::check(problem, replay, found);
    work::work(problem, replay, found);
    breaks::breaks(problem, replay, found);
    disposal::sites(problem, replay, found);
}

fn depots(problem: &Problem, replay: &Replay, found: &mut Vec<Violation>) {
    let vehicle_type = problem.vehicle_type(replay.stops.vehicle_type);
    let trips = &replay.stops.trips;
    let route = replay.index;
    for (t, trip) in trips.iter().enumerate() {
        if t == 0 && trip.start != vehicle_type.start {
            found.push(Violation::WrongStartDepot { route, found: trip.start, expected: vehicle_type.start });
        }
        let Some(next) = trips.get(t + 1) else {
            if trip.end != vehicle_type.end {
                found.push(Violation::WrongEndDepot { route, found: trip.end, expected: vehicle_type.end });
            }
            continue;
        };
        if trip.end != next.start {
            found.push(Violation::TripsNotConnected { route, trip: t, end: trip.end, next_start: next.start });
        }
        let allowed = vehicle_type.reload_depots.iter().any(|&depot| Some(depot) == trip.end);
        if !allowed {
            found.push(Violation::ReloadNotAllowed { route, trip: t, depot: trip.end });
        }
    }
}

fn times(problem: &Problem, replay: &Replay, found: &mut Vec<Violation>) {
    let route = replay.index;
    for stop in &replay.path {
        let (trip, start, arrival) = (stop.trip, stop.begin, stop.arrival);
        let Some(late) = stop.closes() else { continue };
        match stop.purpose {
            Purpose::Load { depot, .. } => {
                let release = held_until(problem, &replay.stops.trips[trip].activities);
                if release > late {
                    found.push(Violation::ReleasedTooLate { route, trip, depot, release, late });
                } else if start > late {
                    found.push(Violation::LateLoading { route, trip, depot, start, late });
                }
            }
            Purpose::Serve { position, activity } if start > late => {
                found.push(Violation::LateService { route, trip, position, activity, start, late });
            }
            Purpose::End { depot } if arrival > late => {
                found.push(Violation::LateReturn { route, trip, depot, arrival, late });
            }
            Purpose::Serve { .. } | Purpose::End { .. } => {}
        }
    }
    let late = problem.vehicle_type(replay.stops.vehicle_type).shift.late;
    if late != TimeWindow::UNBOUNDED_LATE && replay.end() > late {
        found.push(Violation::LateShift { route, end: replay.end(), late });
    }
    let places: Vec<&ReplayedStop> = replay.path.iter().filter(|stop| !stop.on_the_way).collect();
    for pair in places.windows(2) {
        if pair[1].distance >= UNREACHABLE || pair[1].road >= UNREACHABLE {
            let trip = Replay::trip_towards(pair[1]);
            found.push(Violation::Unreachable { route, trip, from: pair[0].location, to: pair[1].location });
        }
    }
}

fn loads(problem: &Problem, replay: &Replay, found: &mut Vec<Violation>) {
    let route = replay.index;
    let capacity = &problem.vehicle_type(replay.stops.vehicle_type).capacity;
    for (trip, cargo) in replay.cargo.iter().enumerate() {
        for (dimension, loads) in cargo.loads.iter().enumerate() {
            let (least, most) = loads.iter().fold((0, 0), |(least, most), &load| (load.min(least), load.max(most)));
            if let Some(&capacity) = capacity.get(dimension)
                && most > capacity
            {
                found.push(Violation::Overload { route, trip, dimension, load: most, capacity });
            }
            if least < 0 {
                found.push(Violation::NegativeLoad { route, trip, dimension, load: least });
            }
        }
    }
}

fn limits(problem: &Problem, replay: &Replay, found: &mut Vec<Violation>) {
    let vehicle_type = problem.vehicle_type(replay.stops.vehicle_type);
    let route = replay.index;
    let trips = work::num_trips(replay);
    if let Some(limit) = vehicle_type.max_trips.filter(|&limit| limit < trips) {
        found.push(Violation::TooManyTrips { route, trips, limit });
    }
    let duration = replay.end() - replay.start();
    if let Some(limit) = vehicle_type.max_duration.filter(|&limit| limit < duration) {
        found.push(Violation::TooLong { route, duration, limit });
    }
    let distance = replay.distance();
    if let Some(limit) = vehicle_type.max_distance.filter(|&limit| limit < distance) {
        found.push(Violation::TooFar { route, distance, limit });
    }
}

fn clients(problem: &Problem, allowed: Option<&HashSet<ClientId>>, replay: &Replay, found: &mut Vec<Violation>) {
    let route = replay.index;
    let vehicle_type = problem.vehicle_type(replay.stops.vehicle_type);
    for (trip, stops) in replay.stops.trips.iter().enumerate() {
        let (mut backhaul_seen, mut served_before) = (false, false);
        for (position, &activity) in stops.activities.iter().enumerate() {
            let begins = !served_before;
            served_before |= !matches!(activity, Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_));
            let Activity::Client(client) = activity else { continue };
            let own = problem.client(client);
            let has_part = vehicle_type.compartments.is_empty()
                || own.material.is_none_or(|m| vehicle_type.compartments.iter().any(|c| c.materials.contains(&m)));
            let by_client = !own.forbidden_vehicles.contains(&replay.stops.vehicle_type)
                && own.allowed_vehicles.as_ref().is_none_or(|list| list.contains(&replay.stops.vehicle_type))
                && own.skills.iter().all(|skill| vehicle_type.skills.contains(skill));
            if allowed.is_some_and(|allowed| !allowed.contains(&client)) || !by_client || !has_part {
                found.push(Violation::NotAllowed { route, trip, position, client });
            }
            if problem.backhauls() == Backhauls::Mixed {
                continue;
            }
            let delivers = problem.client(client).delivery.iter().sum::<i64>() > 0;
            let collects = problem.client(client).pickup.iter().sum::<i64>() > 0;
            if delivers && backhaul_seen {
                found.push(Violation::LinehaulAfterBackhaul { route, trip, position, client });
            }
            if collects && !delivers {
                backhaul_seen = true;
                if begins {
                    found.push(Violation::BackhaulFirst { route, trip, client });
                }
            }
        }
    }
}

/// What the rules that concern all routes together say of a plan.
pub(super) struct Together {
    pub(super) unserved: Unserved,
    /// Prizes of what is unserved.
    pub(super) forgone: i128,
    /// What the patterns cost by which groups are served.
    pub(super) patterns: i128,
}

/// The rules that concern all routes together.
pub(super) fn plan(problem: &Problem, replays: &[Replay], found: &mut Vec<Violation>) -> Together {
    let mut used_by_type = vec![0; problem.vehicle_types().len()];
    for replay in replays {
        used_by_type[replay.stops.vehicle_type.index()] += 1;
    }
    for (v, (vehicle_type, used)) in problem.vehicle_types().iter().zip(used_by_type).enumerate() {
        let id = VehicleTypeId::new(v);
        if used > vehicle_type.count {
            found.push(Violation::TooManyVehicles { vehicle_type: id, used, available: vehicle_type.count });
        }
    }
    let planned = planned(replays);
    for (&key, places) in &planned {
        if places.len() > 1 {
            found.push(Violation::Repeated { activity: activity(key), times: places.len() });
        }
    }
    let mut unserved = Unserved::default();
    let prizes = single_clients(problem, &planned, &mut unserved) + shipments(problem, &planned, &mut unserved, found);
    let patterns = groups(problem, &planned, found);
    found.extend(unserved.required_clients.iter().map(|&client| Violation::ClientUnserved { client }));
    found.extend(unserved.required_shipments.iter().map(|&shipment| Violation::ShipmentUnserved { shipment }));
    found.extend(unserved.required_groups.iter().map(|&group| Violation::GroupUnserved { group }));
    Together { unserved, forgone: prizes, patterns }
}

/// A sortable form of an activity: its kind and its index.
type Key = (char, usize);

/// Route, trip and position.
type Place = (usize, usize, usize);

fn key(activity: Activity) -> Key {
    match activity {
        Activity::Client(id) => ('c', id.index()),
        Activity::Pickup(id) => ('p', id.index()),
        Activity::Delivery(id) => ('d', id.index()),
        Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => ('-', 0),
    }
}

fn activity((kind, index): Key) -> Activity {
    match kind {
        'c' => Activity::Client(ClientId::new(index)),
        'p' => Activity::Pickup(ShipmentId::new(index)),
        _ => Activity::Delivery(ShipmentId::new(index)),
    }
}

fn planned(replays: &[Replay]) -> BTreeMap<Key, Vec<Place>> {
    let mut planned: BTreeMap<Key, Vec<Place>> = BTreeMap::new();
    for replay in replays {
        for (t, trip) in replay.stops.trips.iter().enumerate() {
            for (position, &activity) in trip.activities.iter().enumerate() {
                if matches!(activity, Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_)) {
                    continue;
                }
                planned.entry(key(activity)).or_default().push((replay.index, t, position));
            }
        }
    }
    planned
}

fn single_clients(problem: &Problem, planned: &BTreeMap<Key, Vec<Place>>, unserved: &mut Unserved) -> i128 {
    let mut forgone = 0;
    let mut idle_groups: BTreeSet<GroupId> = (0..problem.groups().len()).map(GroupId::new).collect();
    for &(_, c) in planned.keys().filter(|key| key.0 == 'c') {
        if let Some(group) = problem.clients()[c].group {
            idle_groups.remove(&group);
        }
    }
    for (c, client) in problem.clients().iter().enumerate() {
        let another_will_do = client.group.is_some_and(|group| !idle_groups.contains(&group));
        if planned.contains_key(&('c', c)) || another_will_do {
            continue;
        }
        let id = ClientId::new(c);
        unserved.clients.push(id);
        match client.group {
            Some(group) if problem.groups()[group.index()].required => {}
            None if client.required => unserved.required_clients.push(id),
            _ => forgone += i128::from(client.prize),
        }
    }
    unserved.required_groups = idle_groups.into_iter().filter(|g| problem.groups()[g.index()].required).collect();
    forgone
}

/// What is served of each group. Returns what the patterns cost.
fn groups(problem: &Problem, planned: &BTreeMap<Key, Vec<Place>>, found: &mut Vec<Violation>) -> i128 {
    let mut served: BTreeMap<GroupId, Vec<ClientId>> = BTreeMap::new();
    for &(_, c) in planned.keys().filter(|key| key.0 == 'c') {
        if let Some(group) = problem.clients()[c].group {
            served.entry(group).or_default().push(ClientId::new(c));
        }
    }
    let mut cost = 0;
    for (group, served) in served {
        let ClientGroup { patterns, pattern_costs, .. } = &problem.groups()[group.index()];
        let together: BTreeSet<ClientId> = served.iter().copied().collect();
        if patterns.is_empty() && served.len() > 1 {
            found.push(Violation::GroupServedTwice { group, served });
        } else if !patterns.is_empty() {
            match patterns.iter().position(|p| p.iter().copied().collect::<BTreeSet<_>>() == together) {
                Some(pattern) => cost += pattern_costs.get(pattern).copied().map_or(0, i128::from),
                None => found.push(Violation::PatternBroken { group, served }),
            }
        }
    }
    cost
}

fn shipments(
    problem: &Problem,
    planned: &BTreeMap<Key, Vec<Place>>,
    unserved: &mut Unserved,
    found: &mut Vec<Violation>,
) -> i128 {
    let mut forgone = 0;
    for (s, shipment) in problem.shipments().iter().enumerate() {
        let id = ShipmentId::new(s);
        let first = |kind: char| planned.get(&(kind, s)).map(|places| places[0]);
        let (pickup, delivery) = (first('p'), first('d'));
        if pickup.is_none() || delivery.is_none() {
            unserved.shipments.push(id);
            if shipment.required {
                unserved.required_shipments.push(id);
            } else {
                forgone += i128::from(shipment.prize);
            }
        }
        match (pickup, delivery) {
            (None, None) => {}
            (Some(_), None) => {
                found.push(Violation::ShipmentIncomplete { shipment: id, missing: Activity::Delivery(id) });
            }
            (None, Some(_)) => {
                found.push(Violation::ShipmentIncomplete { shipment: id, missing: Activity::Pickup(id) });
            }
            (Some((r, t, p)), Some((r2, t2, d))) => {
                if (r, t) != (r2, t2) {
                    found.push(Violation::ShipmentSplit { shipment: id, pickup: (r, t), delivery: (r2, t2) });
                } else if d < p {
                    found.push(Violation::DeliveryBeforePickup { route: r, trip: t, shipment: id });
                }
            }
        }
    }
    forgone
}
