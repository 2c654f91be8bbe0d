//! VROOM's answer: routes with steps, sums, what is unassigned, and violations.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use super::input::{Input, Vehicle};
use super::prices::exact;
use super::schedule::{Stop, Stop2, Timed, What, schedule};
use super::travel::Places;
use crate::geometry::Coord;
use crate::units::{Duration, Load};

/// Digits after the decimal point of a polyline, as the routing engines have them.
const DIGITS: u32 = 5;

/// The whole answer.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    code: u8,
    summary: Summary,
    unassigned: Vec<Unassigned>,
    routes: Vec<RouteAnswer>,
    #[serde(skip_serializing_if = "Ours::is_empty")]
    milkrun: Ours,
}

/// What VROOM does not tell.
#[derive(Debug, Default, Serialize)]
pub(super) struct Ours {
    /// What was understood in another way than VROOM would, or not at all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) warnings: Vec<String>,
    /// Why tasks are unassigned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) unassigned: Vec<Explained>,
}

impl Ours {
    fn is_empty(&self) -> bool {
        self.warnings.is_empty() && self.unassigned.is_empty()
    }
}

/// Why a task is unassigned.
#[derive(Debug, Serialize)]
pub(super) struct Explained {
    pub(super) id: u64,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) reasons: Vec<String>,
    pub(super) remedies: Vec<String>,
}

/// Sums of a route or of all.
#[derive(Clone, Debug, Default, Serialize)]
struct Sums {
    cost: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<Vec<Load>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Vec<Load>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pickup: Option<Vec<Load>>,
    setup: Duration,
    service: Duration,
    duration: Duration,
    waiting_time: Duration,
    priority: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    distance: Option<i64>,
    violations: Vec<ViolationAnswer>,
}

#[derive(Debug, Serialize)]
struct Summary {
    routes: usize,
    unassigned: usize,
    #[serde(flatten)]
    sums: Sums,
    computing_times: ComputingTimes,
}

/// How long parts of the work took, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ComputingTimes {
    /// Reading the document, and its travel times.
    pub loading: u64,
    /// The search.
    pub solving: u64,
    /// The routes' geometry.
    pub routing: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct ViolationAnswer {
    cause: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<Duration>,
}

#[derive(Debug, Serialize)]
struct Unassigned {
    id: u64,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    place: PlaceAnswer,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

#[derive(Debug, Default, Serialize)]
struct PlaceAnswer {
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location_index: Option<usize>,
}

#[derive(Debug, Serialize)]
struct RouteAnswer {
    vehicle: u64,
    #[serde(flatten)]
    sums: Sums,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    steps: Vec<StepAnswer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    geometry: Option<String>,
}

#[derive(Debug, Serialize)]
struct StepAnswer {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    place: PlaceAnswer,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<u64>,
    setup: Duration,
    service: Duration,
    waiting_time: Duration,
    #[serde(skip_serializing_if = "Option::is_none")]
    load: Option<Vec<Load>>,
    arrival: i64,
    duration: Duration,
    #[serde(skip_serializing_if = "Option::is_none")]
    distance: Option<i64>,
    violations: Vec<ViolationAnswer>,
}

/// The stops of a vehicle, and what the document states about its start and end.
pub(super) struct Visits {
    pub(super) vehicle: usize,
    pub(super) stops: Vec<Stop>,
    pub(super) ends: [Stop2; 2],
}

/// Puts an answer together from the stops of the vehicles that are used.
pub(super) struct Writer<'a> {
    pub(super) input: &'a Input,
    pub(super) places: &'a Places,
    pub(super) geometry: bool,
}

impl Writer<'_> {
    pub(super) fn answer(&self, visits: &[Visits], ours: Ours, times: ComputingTimes) -> Answer {
        let routes: Vec<RouteAnswer> = visits.iter().map(|visits| self.route(visits)).collect();
        let mut sums = self.no_sums();
        for route in &routes {
            add(&mut sums, &route.sums);
        }
        let assigned: HashSet<What> = visits.iter().flat_map(|visits| &visits.stops).map(|stop| stop.what).collect();
        let unassigned = self.unassigned(&assigned);
        let summary = Summary { routes: routes.len(), unassigned: unassigned.len(), sums, computing_times: times };
        Answer { code: 0, summary, unassigned, routes, milkrun: ours }
    }

    /// The violations of a vehicle's route, but for breaks that are missing.
    pub(super) fn faults(&self, visits: &Visits) -> Vec<&'static str> {
        let causes = self.route(visits).sums.violations.into_iter().map(|violation| violation.cause);
        causes.filter(|cause| *cause != "missing_break").collect()
    }

    /// Whether all of it is in order, and when it ends.
    pub(super) fn end(&self, visits: &Visits) -> (bool, i64) {
        let steps = schedule(self.input, self.places, &self.input.vehicles[visits.vehicle], &visits.stops, visits.ends);
        let end = steps.last().map_or(0, |step| step.start + step.setup + step.service);
        (self.faults(visits).is_empty(), end)
    }

    /// Whether steps start outside of the times that the document states.
    pub(super) fn breaks_statements(&self, visits: &Visits) -> bool {
        let vehicle = &self.input.vehicles[visits.vehicle];
        schedule(self.input, self.places, vehicle, &visits.stops, visits.ends).iter().any(Timed::breaks_statement)
    }

    fn unassigned(&self, assigned: &HashSet<What>) -> Vec<Unassigned> {
        let jobs = (0..self.input.jobs.len()).map(What::Job);
        let ends = (0..self.input.shipments.len()).flat_map(|s| [What::Pickup(s), What::Delivery(s)]);
        let left = jobs.chain(ends).filter(|what| !assigned.contains(what));
        let answer = |what: What| {
            let task = what.task(self.input)?;
            let place = self.place(self.places.of(task.spot));
            Some(Unassigned { id: task.id, kind: kind(what), place, description: task.description.clone() })
        };
        left.filter_map(answer).collect()
    }

    fn place(&self, place: usize) -> PlaceAnswer {
        PlaceAnswer {
            location: self.places.coords[place].map(|coord| [coord.x, coord.y]),
            location_index: self.places.given.then_some(place),
        }
    }

    fn no_sums(&self) -> Sums {
        let zero = (self.input.dimensions > 0).then(|| vec![0; self.input.dimensions]);
        Sums { delivery: zero.clone(), amount: zero.clone(), pickup: zero, ..Sums::default() }
    }

    fn route(&self, visits: &Visits) -> RouteAnswer {
        let vehicle = &self.input.vehicles[visits.vehicle];
        let steps = schedule(self.input, self.places, vehicle, &visits.stops, visits.ends);
        let mut tally = Tally::new(self, vehicle, &visits.stops);
        let mut sums = self.no_sums();
        let mut answers = Vec::with_capacity(steps.len());
        for (k, step) in steps.iter().enumerate() {
            let answer = tally.step(step);
            if k > 0 {
                sums.waiting_time += answer.waiting_time;
            }
            sums.setup += answer.setup;
            sums.service += answer.service;
            answers.push(answer);
        }
        sums.duration = tally.duration;
        sums.distance = tally.distance;
        sums.cost = tally.cost();
        sums.priority = tally.priority;
        (sums.delivery, sums.amount, sums.pickup) =
            (tally.delivery.clone(), tally.delivery.clone(), tally.pickup.clone());
        let of_steps = answers.iter().flat_map(|answer| &answer.violations).cloned().collect::<Vec<_>>();
        let missing = (0..vehicle.breaks.len()).any(|b| !visits.stops.iter().any(|stop| stop.what == What::Break(b)));
        sums.violations = gathered(of_steps.into_iter().chain(missing.then(|| violation("missing_break"))));
        let geometry = self.geometry.then(|| self.geometry(&steps)).flatten();
        RouteAnswer { vehicle: vehicle.id, sums, description: vehicle.description.clone(), steps: answers, geometry }
    }

    /// The places, one after the other, as a polyline, if all of them are points.
    fn geometry(&self, steps: &[Timed]) -> Option<String> {
        let places = steps.iter().filter(|step| !matches!(step.what, Some(What::Break(_)))).map(|step| step.place);
        let coords: Option<Vec<Coord>> = places.map(|place| self.places.coords[place]).collect();
        // What is no longitude and latitude has no line on a map.
        polyline::encode_coordinates(coords?.into_iter().map(geo::Coord::from), DIGITS).ok()
    }
}

pub(super) fn kind(what: What) -> &'static str {
    match what {
        What::Job(_) => "job",
        What::Pickup(_) => "pickup",
        What::Delivery(_) => "delivery",
        What::Break(_) => "break",
    }
}

fn violation(cause: &'static str) -> ViolationAnswer {
    ViolationAnswer { cause, duration: None }
}

/// One violation of each cause, with the sum of their durations.
fn gathered(all: impl Iterator<Item = ViolationAnswer>) -> Vec<ViolationAnswer> {
    let mut causes: BTreeMap<&'static str, Option<Duration>> = BTreeMap::new();
    for ViolationAnswer { cause, duration } in all {
        let sum = causes.entry(cause).or_default();
        *sum = duration.map(|duration| sum.unwrap_or(0) + duration).or(*sum);
    }
    causes.into_iter().map(|(cause, duration)| ViolationAnswer { cause, duration }).collect()
}

fn add(sums: &mut Sums, route: &Sums) {
    let lists =
        [(&mut sums.delivery, &route.delivery), (&mut sums.amount, &route.amount), (&mut sums.pickup, &route.pickup)];
    for (sum, own) in lists {
        let pairs = sum.iter_mut().flatten().zip(own.iter().flatten());
        pairs.for_each(|(sum, own)| *sum += own);
    }
    sums.cost += route.cost;
    sums.setup += route.setup;
    sums.service += route.service;
    sums.duration += route.duration;
    sums.waiting_time += route.waiting_time;
    sums.priority += route.priority;
    sums.distance = route.distance.map(|own| sums.distance.unwrap_or(0) + own).or(sums.distance);
    let all = std::mem::take(&mut sums.violations).into_iter().chain(route.violations.iter().cloned());
    sums.violations = gathered(all);
}

/// What adds up along a route.
struct Tally<'a> {
    writer: &'a Writer<'a>,
    vehicle: &'a Vehicle,
    load: Vec<Load>,
    delivery: Option<Vec<Load>>,
    pickup: Option<Vec<Load>>,
    picked: HashSet<usize>,
    delivered: HashMap<usize, usize>,
    /// Where the vehicle was before breaks.
    from: Option<usize>,
    duration: Duration,
    distance: Option<i64>,
    /// The sum of a matrix of costs, if there is one.
    given_cost: Option<i64>,
    metres: i64,
    priority: i64,
    tasks: i64,
    at_tasks: Duration,
    stops: usize,
}

impl<'a> Tally<'a> {
    fn new(writer: &'a Writer<'a>, vehicle: &'a Vehicle, stops: &[Stop]) -> Self {
        let input = writer.input;
        let mut load = vec![0; input.dimensions];
        for stop in stops {
            if let What::Job(j) = stop.what {
                change(&mut load, &input.jobs[j].delivery, 1);
            }
        }
        let pickups = stops.iter().enumerate().filter_map(|(at, stop)| match stop.what {
            What::Delivery(s) => Some((s, at)),
            _ => None,
        });
        let profile = writer.places.profiles.get(&vehicle.profile);
        let zero = (input.dimensions > 0).then(|| vec![0; input.dimensions]);
        Self {
            writer,
            vehicle,
            load,
            delivery: zero.clone(),
            pickup: zero,
            picked: HashSet::new(),
            delivered: pickups.collect(),
            from: None,
            duration: 0,
            distance: profile.and_then(|profile| profile.distances.as_ref()).map(|_| 0),
            given_cost: profile.and_then(|profile| profile.costs.as_ref()).map(|_| 0),
            metres: 0,
            priority: 0,
            tasks: 0,
            at_tasks: 0,
            stops: 0,
        }
    }

    fn cost(&self) -> i64 {
        let costs = self.vehicle.costs;
        let travelled = match self.given_cost {
            Some(cost) => i128::from(cost) * 3_600_000,
            None => exact(self.vehicle, self.duration, self.metres),
        };
        let at_tasks = i128::from(costs.per_task_hour) * i128::from(self.at_tasks) * 1000;
        i64::try_from(i128::from(costs.fixed) + (travelled + at_tasks) / 3_600_000).unwrap_or(i64::MAX)
    }

    /// The answer for a step, after what it changes.
    fn step(&mut self, step: &Timed) -> StepAnswer {
        let (input, places) = (self.writer.input, self.writer.places);
        self.duration += step.travel;
        let is_break = matches!(step.what, Some(What::Break(_)));
        if !is_break {
            self.arrive(step.place);
        }
        let mut violations = Vec::new();
        if let Some(what) = step.what {
            self.serve(what, step, &mut violations);
        }
        let (early, late) = step.outside();
        if early > 0 {
            violations.push(ViolationAnswer { cause: "lead_time", duration: Some(early) });
        }
        if late > 0 {
            violations.push(ViolationAnswer { cause: "delay", duration: Some(late) });
        }
        if self.load.iter().zip(&self.vehicle.capacity).any(|(load, capacity)| load > capacity) {
            violations.push(violation("load"));
        }
        let beyond = |limit: Option<i64>, value: i64| limit.is_some_and(|limit| value > limit);
        let limits = [
            ("max_tasks", beyond(self.vehicle.max_tasks, self.tasks)),
            ("max_travel_time", beyond(self.vehicle.max_travel_time, self.duration)),
            ("max_distance", beyond(self.vehicle.max_distance, self.metres)),
        ];
        violations.extend(limits.into_iter().filter(|(_, beyond)| *beyond).map(|(cause, _)| violation(cause)));
        let task = step.what.and_then(|what| what.task(input));
        let pause = match step.what {
            Some(What::Break(b)) => Some(&self.vehicle.breaks[b]),
            _ => None,
        };
        let id = task.map(|task| task.id).or(pause.map(|pause| pause.id));
        let place = if is_break { PlaceAnswer::default() } else { self.writer.place(step.place) };
        let end = if self.stops == 0 { "start" } else { "end" };
        self.stops += 1;
        debug_assert!(places.coords.len() > step.place, "places are those of the document");
        StepAnswer {
            kind: step.what.map_or(end, kind),
            place,
            description: task.and_then(|task| task.description.clone()).or(pause.and_then(|p| p.description.clone())),
            id,
            job: id.filter(|_| matches!(step.what, Some(What::Job(_)))),
            setup: step.setup,
            service: step.service,
            waiting_time: step.start - step.arrival,
            load: (input.dimensions > 0).then(|| self.load.clone()),
            arrival: step.arrival + input.origin,
            duration: self.duration,
            distance: self.distance,
            violations,
        }
    }

    fn arrive(&mut self, place: usize) {
        let places = self.writer.places;
        if let (Some(from), Some(profile)) = (self.from, places.profiles.get(&self.vehicle.profile)) {
            self.metres += places.distance(self.vehicle, from, place).unwrap_or(0);
            self.distance = self.distance.map(|_| self.metres);
            if let (Some(sum), Some(costs)) = (&mut self.given_cost, &profile.costs) {
                *sum += if from == place { 0 } else { costs.at(from, place) };
            }
        }
        self.from = Some(place);
    }

    fn serve(&mut self, what: What, step: &Timed, violations: &mut Vec<ViolationAnswer>) {
        let input = self.writer.input;
        let (skills, priority) = match what {
            What::Job(j) => {
                let job = &input.jobs[j];
                change(&mut self.load, &job.delivery, -1);
                change(&mut self.load, &job.pickup, 1);
                self.delivery.iter_mut().for_each(|sum| change(sum, &job.delivery, 1));
                self.pickup.iter_mut().for_each(|sum| change(sum, &job.pickup, 1));
                (&job.skills, job.priority)
            }
            What::Pickup(s) | What::Delivery(s) => {
                let shipment = &input.shipments[s];
                let is_pickup = what == What::Pickup(s);
                let in_order = if is_pickup { self.delivered.contains_key(&s) } else { self.picked.contains(&s) };
                if is_pickup {
                    self.picked.insert(s);
                }
                if !in_order {
                    violations.push(violation("precedence"));
                }
                change(&mut self.load, &shipment.amount, if is_pickup { 1 } else { -1 });
                let sum = if is_pickup { &mut self.pickup } else { &mut self.delivery };
                if let Some(sum) = sum {
                    change(sum, &shipment.amount, 1);
                }
                (&shipment.skills, shipment.priority)
            }
            What::Break(b) => {
                let most = self.vehicle.breaks[b].max_load.iter().flatten();
                if self.load.iter().zip(most).any(|(load, most)| load > most) {
                    violations.push(violation("max_load"));
                }
                return;
            }
        };
        if !skills.iter().all(|skill| self.vehicle.skills.contains(skill)) {
            violations.push(violation("skills"));
        }
        self.priority += priority;
        self.tasks += 1;
        self.at_tasks += step.setup + step.service;
    }
}

fn change(loads: &mut [Load], by: &[Load], sign: i64) {
    loads.iter_mut().zip(by).for_each(|(load, by)| *load += sign * by);
}
