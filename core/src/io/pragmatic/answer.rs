//! The solution as the format has it: statistics, tours with stops, unassigned jobs.

use std::collections::HashSet;

use serde::Serialize;

use super::clock;
use super::input::{Costs, Input, TaskPlace};
use super::model::{Built, Stop as At};
use super::reasons::Unassigned;
use super::{Model, Request};
use crate::ids::LocationId;
use crate::model::Activity;
use crate::plan::{Plan, Route, Trip, Visit};
use crate::units::{Distance, Duration, Load, Time};

/// The whole solution.
#[derive(Debug, Serialize)]
pub(super) struct Solution {
    statistic: Statistic,
    tours: Vec<Tour>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unassigned: Vec<Unassigned>,
    #[serde(skip_serializing_if = "Ours::is_empty")]
    milkrun: Ours,
}

/// What the format does not have.
#[derive(Debug, Default, Serialize)]
struct Ours {
    /// What was understood in another way, or not at all.
    warnings: Vec<String>,
}

impl Ours {
    fn is_empty(&self) -> bool {
        self.warnings.is_empty()
    }
}

#[derive(Clone, Debug, Default, Serialize)]
struct Statistic {
    cost: f64,
    distance: Distance,
    duration: Duration,
    times: Times,
}

#[derive(Clone, Debug, Default, Serialize)]
struct Times {
    driving: Duration,
    serving: Duration,
    waiting: Duration,
    #[serde(rename = "break")]
    pauses: Duration,
    commuting: Duration,
    parking: Duration,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Tour {
    vehicle_id: String,
    type_id: String,
    shift_index: usize,
    stops: Vec<Stop>,
    statistic: Statistic,
}

/// A place of a document: a point, or a row of its matrices.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Location {
    Point { lat: f64, lng: f64 },
    Row { index: usize },
}

impl Location {
    pub(super) fn of(input: &Input, place: usize) -> Self {
        match input.locations.coords.get(place) {
            Some(coord) if !input.locations.are_rows() => Self::Point { lat: coord.y, lng: coord.x },
            _ => Self::Row { index: place },
        }
    }
}

#[derive(Debug, Serialize)]
struct Stop {
    /// Missing for a break during a drive.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    time: Schedule,
    #[serde(skip_serializing_if = "Option::is_none")]
    distance: Option<Distance>,
    load: Vec<Load>,
    activities: Vec<ActivityAnswer>,
    #[serde(skip)]
    place: Option<LocationId>,
}

#[derive(Debug, Serialize)]
struct Schedule {
    arrival: String,
    departure: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ActivityAnswer {
    job_id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<Interval>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_tag: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Interval {
    start: String,
    end: String,
}

/// What happens at a place.
struct Event {
    job_id: String,
    kind: &'static str,
    tag: Option<String>,
    /// `None`: during a drive.
    place: Option<LocationId>,
    arrival: Time,
    start: Time,
    departure: Time,
    load: Vec<Load>,
}

impl Event {
    /// One of the events with names of their own.
    fn own(name: &'static str, place: LocationId, [arrival, start, departure]: [Time; 3], load: &[Load]) -> Self {
        let (job_id, load) = (name.to_owned(), load.to_vec());
        Self { job_id, kind: name, tag: None, place: Some(place), arrival, start, departure, load }
    }
}

pub(super) fn solution(request: &Request, model: &Model, plan: &Plan, unassigned: Vec<Unassigned>) -> Solution {
    let writer = Writer { input: &request.input, model };
    let mut next = vec![0; model.fleets.len()];
    let mut tours = Vec::new();
    for route in plan.routes() {
        let f = route.vehicle_type.index();
        let Some(fleet) = model.fleets.get(f) else { continue };
        let Some(&id) = fleet.ids.get(next[f]) else { continue };
        next[f] += 1;
        tours.push(writer.tour(route, id));
    }
    let mut sum = Statistic::default();
    for tour in &tours {
        let own = &tour.statistic;
        sum.cost = money(sum.cost + own.cost);
        sum.distance += own.distance;
        sum.duration += own.duration;
        sum.times.driving += own.times.driving;
        sum.times.serving += own.times.serving;
        sum.times.waiting += own.times.waiting;
        sum.times.pauses += own.times.pauses;
    }
    let warnings = request.warnings.iter().chain(&model.warnings).cloned().collect();
    Solution { statistic: sum, tours, unassigned, milkrun: Ours { warnings } }
}

/// The jobs that a plan leaves out.
pub(super) fn left_out(model: &Model, plan: &Plan) -> Vec<usize> {
    let unserved = plan.unserved();
    let clients: HashSet<usize> = unserved.clients.iter().map(|id| id.index()).collect();
    let shipments: HashSet<usize> = unserved.shipments.iter().map(|id| id.index()).collect();
    let is_left = |built: &Built| match built {
        Built::Shipment(id) => shipments.contains(&id.index()),
        Built::Clients(tasks) => tasks.iter().flatten().any(|id| clients.contains(&id.index())),
    };
    (0..model.built.len()).filter(|&j| is_left(&model.built[j])).collect()
}

struct Writer<'a> {
    input: &'a Input,
    model: &'a Model,
}

impl Writer<'_> {
    fn tour(&self, route: &Route, id: usize) -> Tour {
        let fleet = &self.model.fleets[route.vehicle_type.index()];
        let vehicle = &self.input.vehicles[fleet.vehicle];
        let stops = self.stops(route, self.events(route));
        Tour {
            vehicle_id: vehicle.ids[id].clone(),
            type_id: vehicle.type_id.clone(),
            shift_index: fleet.shift,
            stops,
            statistic: statistic(route, vehicle.costs),
        }
    }

    fn events(&self, route: &Route) -> Vec<Event> {
        let fleet = &self.model.fleets[route.vehicle_type.index()];
        let shift = &self.input.vehicles[fleet.vehicle].shifts[fleet.shift];
        let mut events = Vec::new();
        let mut before: Option<&Trip> = None;
        for trip in &route.trips {
            let place = trip.start_depot.map(|depot| self.model.problem.depot(depot).location());
            let place = place.unwrap_or(LocationId::new(shift.start));
            match before {
                None => {
                    events.push(Event::own("departure", place, [trip.start, trip.start, trip.departure], &trip.load));
                }
                Some(last) => {
                    let times = [last.arrival, trip.start, trip.departure];
                    let reload = shift.reloads.iter().find(|reload| reload.location == place.index());
                    let tag = reload.and_then(|reload| reload.tag.clone());
                    events.push(Event { tag, ..Event::own("reload", place, times, &trip.load) });
                }
            }
            for visit in &trip.visits {
                let last = events.last().map_or(trip.departure, |event: &Event| event.departure);
                events.push(self.event(visit, &shift.breaks, last));
            }
            before = Some(trip);
        }
        if let (Some((place, _)), Some(trip)) = (shift.end, before) {
            let times = [trip.arrival, trip.arrival, trip.arrival];
            events.push(Event::own("arrival", LocationId::new(place), times, &vec![0; self.input.dimensions]));
        }
        events
    }

    /// What a visit is; a break that begins when the last one ended is taken there.
    fn event(&self, visit: &Visit, breaks: &[super::input::Pause], last: Time) -> Event {
        let times = [visit.arrival, visit.start, visit.departure];
        if let Activity::Break(b) = visit.activity {
            let pause = breaks.get(b);
            let is_there = pause.is_some_and(|pause| pause.location.is_some()) || visit.arrival == last;
            let tag = pause.and_then(|pause| pause.tag.clone());
            let event = Event::own("break", visit.location, times, &visit.load);
            return Event { tag, place: is_there.then_some(visit.location), ..event };
        }
        let at = match visit.activity {
            Activity::Client(client) => self.model.clients[client.index()],
            Activity::Pickup(shipment) => self.model.shipments[shipment.index()][0],
            Activity::Delivery(shipment) => self.model.shipments[shipment.index()][1],
            // Our problem has neither sites nor rules on rests.
            Activity::Break(_) | Activity::Dispose(_) | Activity::Rest(_) => At { job: 0, task: 0, place: 0 },
        };
        let job = &self.input.jobs[at.job];
        let task = &job.tasks[at.task];
        let TaskPlace { tag, .. } = &task.places[at.place];
        let event = Event::own(task.kind.name(), visit.location, times, &visit.load);
        Event { job_id: job.id.clone(), tag: tag.clone(), ..event }
    }

    /// Joins what happens at one place.
    fn stops(&self, route: &Route, events: Vec<Event>) -> Vec<Stop> {
        let profile = self.model.problem.vehicle_type(route.vehicle_type).profile;
        let mut stops: Vec<Stop> = Vec::new();
        let (mut at, mut driven): (Option<LocationId>, Distance) = (None, 0);
        for event in events {
            let time = |time: Time| clock::text(time + self.input.origin);
            let mut load = event.load;
            load.truncate(self.input.dimensions);
            let is_new = stops.last().is_none_or(|stop| event.place.is_none() || stop.place != event.place);
            if is_new {
                if let Some(place) = event.place {
                    driven += at.map_or(0, |from| self.model.problem.distance(profile, from, place));
                    at = Some(place);
                }
                let (arrival, departure) = (time(event.arrival), time(event.departure));
                stops.push(Stop {
                    location: event.place.map(|place| Location::of(self.input, place.index())),
                    time: Schedule { arrival, departure },
                    distance: event.place.map(|_| driven),
                    load: Vec::new(),
                    activities: Vec::new(),
                    place: event.place,
                });
            }
            let Some(stop) = stops.last_mut() else { continue };
            stop.time.departure = time(event.departure);
            stop.load = load;
            stop.activities.push(ActivityAnswer {
                job_id: event.job_id,
                kind: event.kind,
                location: stop.location.clone(),
                time: Some(Interval { start: time(event.start), end: time(event.departure) }),
                job_tag: event.tag,
            });
        }
        stops.iter_mut().for_each(shorten);
        stops
    }
}

/// Leaves out what an only activity says of its stop once more.
fn shorten(stop: &mut Stop) {
    let [activity] = stop.activities.as_mut_slice() else { return };
    activity.location = None;
    if activity.time.as_ref().is_some_and(|time| time.start == stop.time.arrival) {
        activity.time = None;
    }
}

fn statistic(route: &Route, costs: Costs) -> Statistic {
    let cost = costs.fixed + costs.distance * route.distance as f64 + costs.time * route.duration() as f64;
    let times = Times {
        driving: route.driving,
        serving: route.work - route.driving,
        waiting: route.waiting,
        pauses: route.pauses,
        ..Times::default()
    };
    Statistic { cost: money(cost), distance: route.distance, duration: route.duration(), times }
}

/// A cost to the millionth.
fn money(cost: f64) -> f64 {
    (cost * 1e6).round() / 1e6
}
