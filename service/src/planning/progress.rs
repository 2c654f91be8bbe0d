//! How far a day's plan has come, by what drivers report. Vehicles of which something was reported, or that have a driver who can, have
//! done what was said of them and nothing else; all others do what the plan says.
//!
//! The plan is brought into the order in which things were done: a stop that was done by another vehicle stands with that one, one that was
//! missed with none, so that the search plans it again where it costs least. What adapting it needs to be told follows:
//! how much of each route is done, and by how much a vehicle is late, for it is not yet at the next stop.

use std::collections::{HashMap, HashSet};

use milkrun::adapt::Event;
use milkrun::plan::{Activity, Plan, Route, RouteStops, TripStops, Visit};
use milkrun::{Client, Coord, Depot, Problem, ProfileId, ShipmentStop, TimeWindow, Travel, VehicleType};
use serde::Serialize;

use super::problem::{DETOUR, SPEED};
use crate::error::Error;
use crate::fleet::Fault;
use crate::storage::confirmations::VehicleWords;
use crate::storage::reports::Position;
use crate::storage::{Confirmations as _, Connection, Days as _, Driving as _, Reports as _};

/// By so much a vehicle may be later by its position than it should be, before that is taken in: where it is says little of traffic.
const SLIGHT: i64 = 120;

/// What is known of a day from the road.
#[derive(Clone, Debug, Default)]
pub(super) struct Reported {
    words: VehicleWords,
    /// Vehicles of which something was reported, or that have a driver.
    vehicles: HashSet<String>,
    positions: Vec<Position>,
}

/// What was taken in, as the proposal tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct TakenIn {
    /// Vehicles that do what drivers report; all others do what the plan says.
    vehicles: Vec<String>,
    /// Services that are done.
    done: usize,
    /// Bins and shipments that were missed, and are planned again.
    missed: Vec<String>,
    /// By how many seconds vehicles are later at their next stop than they would be.
    late: Vec<(String, i64)>,
}

/// A plan in the order in which it is driven.
#[derive(Debug)]
pub(super) struct AsDriven {
    /// The problem of this plan, if it is another one than was given: a vehicle set out before its shift.
    pub(super) problem: Option<Problem>,
    pub(super) plan: Plan,
    /// What has happened to it, before anything else.
    pub(super) events: Vec<Event>,
    pub(super) taken_in: TakenIn,
    /// For each route of the plan that was given, the one that it has become; `None`: nothing is left of it.
    pub(super) routes: Vec<Option<usize>>,
}

impl Reported {
    /// What is known of a day; nothing where no vehicle has a driver and nothing was reported.
    pub(super) async fn of_day(
        connection: &mut Connection,
        (org, day): (&str, &str),
        plan: &str,
    ) -> Result<Option<Self>, Error> {
        let words = connection.words_of_vehicles(org, day).await?;
        let mut vehicles: HashSet<String> = connection.driven_vehicles(org, day).await?.into_iter().collect();
        if words.is_empty() && vehicles.is_empty() {
            return Ok(None);
        }
        vehicles.extend(words.values().map(|(.., vehicle)| vehicle).filter(|vehicle| !vehicle.is_empty()).cloned());
        for route in connection.plan_routes(plan).await? {
            if route.stops.into_iter().any(|stop| words.contains_key(&(stop.activity, stop.code))) {
                vehicles.insert(route.vehicle);
            }
        }
        Ok(Some(Self { words, vehicles, positions: connection.last_positions(org, day).await? }))
    }

    /// The problem of a plan that was adapted before, without what was taken as done then: `base` is the one that was adapted first.
    pub(super) fn unpinned(&self, problem: &Problem, base: &Problem) -> Result<Problem, String> {
        let mut builder = problem.to_builder();
        let mut pinned = Vec::new();
        for vehicle in builder.vehicle_types_mut() {
            if self.vehicles.contains(&vehicle.name) {
                pinned.append(&mut vehicle.executed);
            }
        }
        for activity in pinned {
            match activity {
                Activity::Client(id) => {
                    let before = base.clients().get(id.index());
                    let client = &mut builder.clients_mut()[id.index()];
                    let before = before.filter(|before| before.name == client.name);
                    client.time_window = before.map_or(TimeWindow::ALWAYS, |before| before.time_window);
                    client.more_windows = before.map_or_else(Vec::new, |before| before.more_windows.clone());
                    client.window_covers = before.map_or(client.window_covers, |before| before.window_covers);
                    client.service = before.map_or(client.service, |before| before.service);
                }
                Activity::Pickup(id) | Activity::Delivery(id) => {
                    let Some(before) = base.shipments().get(id.index()) else { continue };
                    let shipment = &mut builder.shipments_mut()[id.index()];
                    unpin(&mut shipment.pickup, &before.pickup);
                    unpin(&mut shipment.delivery, &before.delivery);
                }
                _ => {}
            }
        }
        builder.build().map_err(|error| error.to_string())
    }

    /// The plan as it is driven at a moment. `is_on_earth`: coordinates are longitudes and latitudes.
    pub(super) fn as_driven(
        &self,
        problem: &Problem,
        published: &Plan,
        now: i64,
        is_on_earth: bool,
    ) -> Result<AsDriven, String> {
        let done = self.done(problem, published);
        let mut taken_in = TakenIn { done: done.len(), ..TakenIn::default() };
        let mut routes: Vec<Driven> = Vec::new();
        let mut kept = Vec::new();
        for (r, stops) in published.route_stops().iter().enumerate() {
            let name = &problem.vehicle_type(stops.vehicle_type).name;
            let driven = if self.vehicles.contains(name) {
                if !taken_in.vehicles.contains(name) {
                    taken_in.vehicles.push(name.clone());
                }
                let missed = |activity| self.word(problem, activity).is_some_and(|(is_done, _)| !is_done);
                Driven::of(stops, r, &done, &missed)
            } else {
                // What a driver did for another vehicle is done.
                Driven::without(stops, r, &done)
            };
            kept.push(driven.has_services().then(|| {
                routes.push(driven);
                routes.len() - 1
            }));
        }
        let missed = self.words.iter().filter(|(_, (is_done, ..))| !is_done).map(|((_, code), _)| code.clone());
        taken_in.missed = missed.collect();
        taken_in.missed.sort();
        let (changed, mut plan) = timed(problem, &mut routes, now)?;
        let problem = changed.as_ref().unwrap_or(problem);
        // What a vehicle did that has no route is done all the same.
        let elsewhere =
            |activity: &Activity| if let Activity::Client(client) = activity { Some(*client) } else { None };
        let elsewhere = done.iter().filter(|(_, (_, route))| route.is_none()).filter_map(|(done, _)| elsewhere(done));
        let mut events: Vec<Event> = elsewhere.map(|client| Event::Cancelled { client }).collect();
        for (d, driven) in routes.iter().enumerate().filter(|(_, driven)| driven.is_reported) {
            let route = &plan.routes()[d];
            let name = problem.vehicle_type(route.vehicle_type).name.clone();
            let begins = self.next_begins(problem, route, driven, &name, now, is_on_earth);
            let Some(at) = driven.left(route, now) else { continue };
            events.push(Event::Done { route: d, activities: driven.done, at });
            let late = driven.late(route, at, now, begins);
            if late > 0 {
                events.push(Event::Late { route: d, by: late });
                taken_in.late.push((name, late));
            }
        }
        let late = self.start_late(problem, &mut routes, &plan, now, is_on_earth);
        if !late.is_empty() {
            taken_in.late.extend(late);
            plan = planned(problem, &routes)?;
        }
        Ok(AsDriven { plan, events, taken_in, routes: kept, problem: changed })
    }

    /// The word on a service: whether it was done, and when.
    fn word(&self, problem: &Problem, activity: Activity) -> Option<(bool, i64)> {
        let key = named(problem, activity)?;
        self.words.get(&key).map(|(is_done, at, _)| (*is_done, *at))
    }

    /// The services that were done, with the time, and the route of the vehicle that did it.
    fn done(&self, problem: &Problem, published: &Plan) -> HashMap<Activity, (i64, Option<usize>)> {
        let mut planned = HashMap::new();
        let mut of_vehicle: HashMap<&str, usize> = HashMap::new();
        for (r, route) in published.routes().iter().enumerate() {
            of_vehicle.entry(&problem.vehicle_type(route.vehicle_type).name).or_insert(r);
            planned.extend(route.visits().map(|visit| (visit.activity, r)));
        }
        let clients = (0..problem.clients().len()).map(|c| Activity::Client(milkrun::ClientId::new(c)));
        let shipments = (0..problem.shipments().len()).map(milkrun::ShipmentId::new);
        let all = clients.chain(shipments.flat_map(|s| [Activity::Pickup(s), Activity::Delivery(s)]));
        let word = |activity: Activity| {
            let (is_done, at, vehicle) = self.words.get(&named(problem, activity)?)?;
            let own = planned.get(&activity).copied();
            // A vehicle that has several routes did it on the one that it was planned on.
            let is_own = own.is_some_and(|r| {
                vehicle.is_empty() || problem.vehicle_type(published.routes()[r].vehicle_type).name == *vehicle
            });
            let route = if is_own { own } else { of_vehicle.get(vehicle.as_str()).copied() };
            is_done.then_some((activity, (*at, route)))
        };
        all.filter_map(word).collect()
    }

    /// When a vehicle is at its next stop, at the earliest: it has not reported it, so it is not done there; and where it was seen last,
    /// it has a drive before it.
    fn next_begins(
        &self,
        problem: &Problem,
        route: &Route,
        driven: &Driven,
        name: &str,
        now: i64,
        is_on_earth: bool,
    ) -> i64 {
        let unseen = now.saturating_add(1);
        let Some(next) = route.visits().nth(driven.done).filter(|_| is_on_earth) else { return unseen };
        let seen = self.positions.iter().find(|seen| seen.vehicle == name && seen.at <= now);
        let since = driven.times.iter().flatten().max().copied().unwrap_or(i64::MIN);
        let Some(seen) = seen.filter(|seen| seen.at >= since) else { return unseen };
        let arrives = drive(Coord::new(seen.lon, seen.lat), problem.coord(next.location)).map(|drive| seen.at + drive);
        let planned = next.arrival;
        arrives.filter(|at| *at > unseen && at - planned > SLIGHT).unwrap_or(unseen)
    }

    /// Vehicles that should have set out, and have reported nothing, set out so that they reach their first stop only now. Gives these,
    /// with by how much that is later.
    fn start_late(
        &self,
        problem: &Problem,
        routes: &mut [Driven],
        plan: &Plan,
        now: i64,
        is_on_earth: bool,
    ) -> Vec<(String, i64)> {
        let mut late = Vec::new();
        for (driven, route) in routes.iter_mut().zip(plan.routes()) {
            if !driven.is_reported || driven.done > 0 || route.start > now {
                continue;
            }
            let name = problem.vehicle_type(route.vehicle_type).name.clone();
            let begins = self.next_begins(problem, route, driven, &name, now, is_on_earth);
            let Some(first) = route.visits().next().filter(|first| first.start < begins) else { continue };
            driven.start = Some(route.start + begins - first.arrival);
            late.push((name, begins - first.arrival));
        }
        late
    }
}

/// A route in the order in which it is driven.
#[derive(Clone, Debug)]
struct Driven {
    stops: RouteStops,
    start: Option<i64>,
    is_reported: bool,
    /// How many activities are done.
    done: usize,
    /// When each of these was, of those that were reported.
    times: Vec<Option<i64>>,
}

impl Driven {
    /// A route of a vehicle whose driver reports.
    fn of(
        stops: &RouteStops,
        r: usize,
        done: &HashMap<Activity, (i64, Option<usize>)>,
        is_missed: &dyn Fn(Activity) -> bool,
    ) -> Self {
        let trips = stops.trips.iter().enumerate();
        let planned: Vec<(usize, Activity)> =
            trips.flat_map(|(t, trip)| trip.activities.iter().map(move |activity| (t, *activity))).collect();
        let is_own = |activity: &Activity| done.get(activity).is_some_and(|(_, route)| *route == Some(r));
        // All that this vehicle did, as it was done.
        let mut own: Vec<(i64, Activity)> =
            done.iter().filter(|(activity, _)| is_own(activity)).map(|(activity, (at, _))| (*at, *activity)).collect();
        own.sort_by_key(|(at, activity)| (*at, planned.iter().position(|(_, known)| known == activity)));
        let last = planned.iter().rposition(|(_, activity)| is_own(activity));
        let (past, ahead) = planned.split_at(last.map_or(0, |last| last + 1));
        // Sites and breaks before the last of them lie behind the vehicle, too; each with as many services before it as planned.
        let mut executed: Vec<(usize, Activity, Option<i64>)> = Vec::new();
        let mut order = own.into_iter();
        let (mut skipped, mut trip) = (Vec::new(), 0);
        for (t, activity) in past {
            trip = *t;
            if !activity.is_service() {
                executed.push((*t, *activity, None));
            } else if is_own(activity) {
                executed.extend(order.next().map(|(at, activity)| (*t, activity, Some(at))));
            } else if !done.contains_key(activity) && !is_missed(*activity) {
                skipped.push(*activity);
            }
        }
        executed.extend(order.map(|(at, activity)| (trip, activity, Some(at))));
        let is_open =
            |activity: &Activity| !activity.is_service() || (!done.contains_key(activity) && !is_missed(*activity));
        let mut remaining: Vec<(usize, Activity)> = ahead.iter().filter(|(_, a)| is_open(a)).copied().collect();
        // Of what was passed over nothing is known: it comes after the stop that is driven to, and before a last emptying.
        let at = remaining.iter().position(|(_, activity)| activity.is_service()).map_or(0, |first| first + 1);
        let trip = remaining.get(at.saturating_sub(1)).map_or(trip, |(t, _)| *t);
        remaining.splice(at..at, skipped.into_iter().map(|activity| (trip, activity)));
        let mut trips: Vec<TripStops> =
            stops.trips.iter().map(|trip| TripStops { activities: Vec::new(), ..trip.clone() }).collect();
        for (t, activity) in executed.iter().map(|(t, activity, _)| (*t, *activity)).chain(remaining) {
            trips[t].activities.push(activity);
        }
        Self {
            stops: RouteStops { trips, ..stops.clone() },
            start: stops.start,
            is_reported: true,
            done: executed.len(),
            times: executed.into_iter().map(|(.., at)| at).collect(),
        }
    }

    /// A route of a vehicle whose driver does not report, without what others did.
    fn without(stops: &RouteStops, r: usize, done: &HashMap<Activity, (i64, Option<usize>)>) -> Self {
        let mut stops = stops.clone();
        for trip in &mut stops.trips {
            trip.activities.retain(|activity| done.get(activity).is_none_or(|(_, route)| *route == Some(r)));
        }
        Self { start: stops.start, stops, is_reported: false, done: 0, times: Vec::new() }
    }

    fn has_services(&self) -> bool {
        self.stops.trips.iter().flat_map(|trip| &trip.activities).any(|activity| activity.is_service())
    }

    /// When the vehicle left the last stop that is done: not before it could, nor after now.
    fn left(&self, route: &Route, now: i64) -> Option<i64> {
        let last = self.last(route)?;
        let said = self.times.iter().flatten().max().copied().unwrap_or(last.departure);
        Some(said.min(now).max(last.departure))
    }

    fn last<'a>(&self, route: &'a Route) -> Option<&'a Visit> {
        route.visits().nth(self.done.checked_sub(1)?)
    }

    /// By how much the vehicle reaches its next stop later than it would, having left the last one at a time.
    fn late(&self, route: &Route, at: i64, now: i64, begins: i64) -> i64 {
        let Some((last, next)) = self.last(route).zip(route.visits().nth(self.done)) else { return 0 };
        // Who will leave only later is not under way.
        if at > now {
            return 0;
        }
        let reached = next.arrival + at - last.departure;
        let planned = if next.start > next.arrival { next.start.max(reached) } else { reached };
        if planned >= begins { 0 } else { begins - reached }
    }
}

/// The plan of the routes, each of which starts early enough for what was done on it; and the problem, if a vehicle set out before its
/// shift.
fn timed(problem: &Problem, routes: &mut [Driven], now: i64) -> Result<(Option<Problem>, Plan), String> {
    let plan = planned(problem, routes)?;
    let mut builder = None;
    let mut is_earlier = false;
    for (driven, route) in routes.iter_mut().zip(plan.routes()).filter(|(driven, _)| driven.done > 0) {
        let ahead = route.visits().zip(&driven.times).filter_map(|(visit, at)| Some((*at)?.min(now) - visit.departure));
        let start = route.start.saturating_add(ahead.min().unwrap_or(0).min(0)).min(now);
        if start >= route.start {
            continue;
        }
        (driven.start, is_earlier) = (Some(start), true);
        if start < problem.vehicle_type(route.vehicle_type).shift.early {
            let vehicles = builder.get_or_insert_with(|| problem.to_builder()).vehicle_types_mut();
            let early = &mut vehicles[route.vehicle_type.index()].shift.early;
            *early = start.min(*early);
        }
    }
    let changed = builder.map(|builder| builder.build().map_err(|error| error.to_string())).transpose()?;
    let plan = if is_earlier { planned(changed.as_ref().unwrap_or(problem), routes)? } else { plan };
    Ok((changed, plan))
}

fn planned(problem: &Problem, routes: &[Driven]) -> Result<Plan, String> {
    let stops = routes.iter().map(|driven| RouteStops { start: driven.start, ..driven.stops.clone() });
    Plan::new(problem, stops.collect()).map_err(|error| error.to_string())
}

/// Activity and code of a service, as drivers name it; none of what has no name.
fn named(problem: &Problem, activity: Activity) -> Option<(String, String)> {
    let (kind, name) = match activity {
        Activity::Client(id) => ("client", &problem.client(id).name),
        Activity::Pickup(id) => ("pickup", &problem.shipment(id).name),
        Activity::Delivery(id) => ("delivery", &problem.shipment(id).name),
        _ => return None,
    };
    (!name.is_empty()).then(|| (kind.to_owned(), name.clone()))
}

fn unpin(stop: &mut ShipmentStop, before: &ShipmentStop) {
    (stop.time_window, stop.window_covers, stop.service) = (before.time_window, before.window_covers, before.service);
}

/// Seconds from one place to another, as on straight lines of the stored fleet.
fn drive(from: Coord, to: Coord) -> Option<i64> {
    let mut builder = Problem::builder();
    let depot = builder.add_depot(Depot::at(from));
    let client = builder.add_client(Client::at(to));
    builder.add_vehicle_type(VehicleType::new(1).depot(depot));
    let problem = builder.travel(Travel::Haversine { speed: SPEED, detour: DETOUR }).build().ok()?;
    Some(problem.duration(ProfileId::new(0), problem.depot(depot).location(), problem.client(client).location()))
}

/// Events of a dispatcher, of the routes as they are driven, behind those that follow from reports. What a dispatcher says of how far a
/// route has come counts, and what was reported of it does not.
pub(super) fn joined(driven: &mut AsDriven, events: Vec<Event>) -> Result<Vec<Event>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut own = Vec::new();
    for (e, mut event) in events.into_iter().enumerate() {
        if let Some(route) = route_of(&mut event)
            && let Some(became) = driven.routes.get(*route)
        {
            if let Some(became) = became {
                *route = *became;
            } else {
                let text = format!("{route}: by what drivers report, nothing is left of it: remove the event");
                faults.push(Fault::new(format!("$.events[{e}].route"), text));
            }
        }
        own.push(event);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let told: HashSet<usize> = own
        .iter()
        .filter_map(|event| if let Event::Done { route, .. } = event { Some(*route) } else { None })
        .collect();
    driven.events.retain(|event| match event {
        Event::Done { route, .. } | Event::Late { route, .. } => !told.contains(route),
        _ => true,
    });
    Ok(driven.events.iter().cloned().chain(own).collect())
}

/// A text in which events are counted with those that follow from reports, with those that were asked for counted alone.
pub(super) fn as_asked(text: &str, before: usize) -> String {
    let mut parts = text.split("events[");
    let first = parts.next().unwrap_or("").to_owned();
    let counted = parts.map(|part| {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        match part[..digits].parse::<usize>() {
            Ok(number) if number >= before => format!("events[{}{}", number - before, &part[digits..]),
            Ok(_) => format!("reports[{part}"),
            Err(_) => format!("events[{part}"),
        }
    });
    std::iter::once(first).chain(counted).collect()
}

fn route_of(event: &mut Event) -> Option<&mut usize> {
    match event {
        Event::Done { route, .. }
        | Event::Late { route, .. }
        | Event::BrokenDown { route }
        | Event::ShiftEnds { route, .. }
        | Event::Load { route, .. } => Some(route),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::as_asked;

    #[test]
    fn events_are_counted_as_they_were_asked_for() {
        assert_eq!(as_asked("events[5].late.route", 3), "events[2].late.route");
        assert_eq!(
            as_asked("client 4 was cancelled by events[3] and events[12]", 3),
            "client 4 was cancelled by events[0] and events[9]"
        );
        assert_eq!(as_asked("events[2].done.at", 3), "reports[2].done.at");
        assert_eq!(as_asked("now", 3), "now");
    }
}
