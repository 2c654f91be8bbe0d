//! From a VROOM problem to ours.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Model;
use super::input::{Input, Shipment, Task, Vehicle};
use super::prices::Prices;
use super::travel::{Places, at_speed};
use crate::geometry::Coord;
use crate::ids::{ClientId, DepotId, LocationId, ProfileId, ShipmentId, VehicleTypeId};
use crate::io::fields::Found;
use crate::model::{self, Client, Depot, Location, Problem, ProblemBuilder, ShipmentStop, TimeWindow, VehicleType};
use crate::travel::{Matrix, ProfileMatrices, Travel, UNREACHABLE};
use crate::units::{Duration, MAX_VALUE};

/// The most cells of all matrices of a problem together.
const MOST_CELLS: usize = 200_000_000;

/// What vehicles of one type have in common.
#[derive(PartialEq, Eq, Hash)]
struct Alike<'a> {
    ends: [Option<usize>; 2],
    profile: &'a str,
    speed: i64,
    prices: [i64; 4],
    capacity: &'a [i64],
    skills: Vec<i64>,
    kind: Option<&'a str>,
    shift: Option<[i64; 2]>,
    limits: [Option<i64>; 3],
    breaks: Vec<AlikeBreak<'a>>,
}

/// A break without its identifier: its duration, windows and greatest load.
type AlikeBreak<'a> = (Duration, Vec<[i64; 2]>, Option<&'a [i64]>);

/// How the setups at a place are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setups {
    /// With the service: there is one task, which is always a new place.
    InService,
    /// With the drive: all tasks have the same setup, and none has a window.
    InTravel,
}

pub(super) struct Building<'a> {
    pub(super) input: &'a Input,
    pub(super) places: &'a Places,
    pub(super) prices: Prices,
    /// The vehicles of each type.
    types: Vec<Vec<usize>>,
    setups: HashMap<usize, Setups>,
    /// The load dimension that keeps shipments with these skills from vehicles that lack one.
    guards: BTreeMap<Vec<i64>, usize>,
    builder: ProblemBuilder,
    depots: HashMap<usize, DepotId>,
}

/// Our problem; `None` if a fault was reported.
pub(super) fn build(found: &mut Found, input: &Input, places: &Places) -> Option<Model> {
    let types = alike(input, places);
    let prices = Prices::new(found, input, places);
    let setups = setups(found, input, places);
    check(found, input);
    if !found.faults.is_empty() {
        return None;
    }
    let guards = guards(input);
    let mut building =
        Building { input, places, prices, types, setups, guards, builder: Problem::builder(), depots: HashMap::new() };
    for coord in &places.coords {
        let coord = coord.unwrap_or(Coord::new(0.0, 0.0));
        building.builder.add_location(Location { coord, name: String::new() });
    }
    let travel = building.travel(found)?;
    building.tasks();
    building.prizes(found);
    building.builder.travel(travel);
    let problem = building.builder.build();
    match problem {
        Ok(problem) => Some(Model { problem, initial: None, types: building.types, warnings: Vec::new() }),
        Err(error) => {
            error.issues.into_iter().for_each(|issue| found.faults.push(issue));
            None
        }
    }
}

/// The vehicles of each type, in the order of the document.
fn alike(input: &Input, places: &Places) -> Vec<Vec<usize>> {
    let mut types: Vec<Vec<usize>> = Vec::new();
    let mut known = HashMap::new();
    for (v, vehicle) in input.vehicles.iter().enumerate() {
        let pair = |window: &TimeWindow| [window.early, window.late];
        let pause = |pause: &'_ super::input::Break| (pause.service, pause.windows.iter().map(pair).collect());
        let costs = vehicle.costs;
        let mut skills = vehicle.skills.clone();
        skills.sort_unstable();
        skills.dedup();
        let key = Alike {
            ends: [vehicle.start, vehicle.end].map(|spot| spot.map(|spot| places.of(spot))),
            profile: &vehicle.profile,
            speed: vehicle.speed,
            prices: [costs.fixed, costs.per_hour, costs.per_task_hour, costs.per_km],
            capacity: &vehicle.capacity,
            skills,
            kind: vehicle.kind.as_deref(),
            shift: vehicle.window.as_ref().map(pair),
            limits: [vehicle.max_tasks, vehicle.max_travel_time, vehicle.max_distance],
            breaks: vehicle
                .breaks
                .iter()
                .map(|b| {
                    let (service, windows) = pause(b);
                    (service, windows, b.max_load.as_deref())
                })
                .collect(),
        };
        let next = types.len();
        let t = *known.entry(key).or_insert(next);
        if t == next {
            types.push(Vec::new());
        }
        types[t].push(v);
    }
    types
}

/// How the setups at each place are counted. Those that neither way can count are faults.
fn setups(found: &mut Found, input: &Input, places: &Places) -> HashMap<usize, Setups> {
    let mut tasks: BTreeMap<usize, Vec<(String, &Task)>> = BTreeMap::new();
    for (path, task) in input.tasks() {
        tasks.entry(places.of(task.spot)).or_default().push((path, task));
    }
    let spots = input.vehicles.iter().flat_map(|vehicle| [vehicle.start, vehicle.end]).flatten();
    let ends: BTreeSet<usize> = spots.map(|spot| places.of(spot)).collect();
    let starts = input.vehicles.iter().filter_map(|vehicle| vehicle.start);
    let starts: BTreeSet<usize> = starts.map(|spot| places.of(spot)).collect();
    let limited = input.vehicles.iter().position(|vehicle| vehicle.max_travel_time.is_some());
    let mut setups = HashMap::new();
    for (place, here) in tasks {
        let Some((path, _)) = here.iter().find(|(_, task)| task.has_setup()) else { continue };
        if here.len() == 1 && !starts.contains(&place) {
            setups.insert(place, Setups::InService);
            continue;
        }
        let first = here[0].1;
        let equal = |task: &Task| (task.setup, &task.setup_per_type) == (first.setup, &first.setup_per_type);
        let reason = if !here.iter().all(|(_, task)| equal(task)) {
            "tasks at one place have different setups"
        } else if here.iter().any(|(_, task)| !task.windows.is_empty()) {
            "a task of several at one place, or where a vehicle starts, has time windows"
        } else if ends.contains(&place) {
            "a vehicle starts or ends at this place"
        } else if limited.is_some() {
            "vehicles have a max_travel_time"
        } else {
            setups.insert(place, Setups::InTravel);
            continue;
        };
        let message = format!("a setup that only the first task at a place needs cannot be planned here: {reason}");
        found.faults.add(format!("{path}.setup"), "", &message, "count it with the service of one of the tasks");
    }
    setups
}

/// A dimension for every set of skills that a shipment needs.
fn guards(input: &Input) -> BTreeMap<Vec<i64>, usize> {
    let mut guards = BTreeMap::new();
    for shipment in input.shipments.iter().filter(|shipment| !shipment.skills.is_empty()) {
        let next = input.dimensions + guards.len();
        guards.entry(skills_of(shipment)).or_insert(next);
    }
    guards
}

fn skills_of(shipment: &Shipment) -> Vec<i64> {
    let skills: BTreeSet<i64> = shipment.skills.iter().copied().collect();
    skills.into_iter().collect()
}

/// Reports what our model cannot say.
fn check(found: &mut Found, input: &Input) {
    for (s, shipment) in input.shipments.iter().enumerate() {
        for (end, task) in [("pickup", &shipment.pickup), ("delivery", &shipment.delivery)] {
            let path = format!("shipments[{s}].{end}");
            if task.windows.len() > 1 {
                let message = "a shipment's stop has one time window here";
                found.faults.add(
                    format!("{path}.time_windows"),
                    task.windows.len(),
                    message,
                    "give the one that applies",
                );
            }
            let times = |of: fn(&Task, &Vehicle) -> Duration| {
                let times: BTreeSet<Duration> = input.vehicles.iter().map(|vehicle| of(task, vehicle)).collect();
                times.len()
            };
            let differing =
                [("service_per_type", times(Task::service_for)), ("setup_per_type", times(Task::setup_for))];
            for (key, times) in differing.into_iter().filter(|(_, times)| *times > 1) {
                let message = "a shipment's stop takes all vehicles the same time here";
                found.faults.add(format!("{path}.{key}"), format!("{times} durations"), message, "give one for all");
            }
        }
    }
    for (v, vehicle) in input.vehicles.iter().enumerate() {
        for (b, pause) in vehicle.breaks.iter().enumerate() {
            let path = format!("vehicles[{v}].breaks[{b}]");
            if pause.windows.len() > 1 {
                let message = "a break has one time window here";
                found.faults.add(
                    format!("{path}.time_windows"),
                    pause.windows.len(),
                    message,
                    "give the one that applies",
                );
            }
            let Some(most) = &pause.max_load else { continue };
            let binds = vehicle.capacity.iter().zip(most).any(|(capacity, most)| most < capacity);
            if binds || most.len() != vehicle.capacity.len() {
                let (value, message) = (format!("{most:?}"), "a break cannot depend on the load here");
                found.faults.add(
                    format!("{path}.max_load"),
                    value,
                    message,
                    "leave it out, or raise it to the capacity",
                );
            }
        }
    }
}

impl Building<'_> {
    /// Adds the depots and vehicle types, and gives the travel by their profiles.
    fn travel(&mut self, found: &mut Found) -> Option<Travel> {
        let size = self.places.coords.len();
        let mut profiles: Vec<ProfileMatrices> = Vec::new();
        let mut known = HashMap::new();
        for t in 0..self.types.len() {
            let vehicle = &self.input.vehicles[self.types[t][0]];
            let by_kind = self.setups.values().any(|&setups| setups == Setups::InTravel);
            let costs = vehicle.costs;
            let key = (&vehicle.profile, vehicle.speed, costs.per_hour, costs.per_km, by_kind.then_some(&vehicle.kind));
            let next = known.len();
            let profile = *known.entry(key).or_insert(next);
            if profile == next {
                if (profiles.len() + 1).saturating_mul(size * size) > MOST_CELLS {
                    let message = "so many kinds of vehicles with so many places need too large matrices";
                    found.faults.add(
                        "vehicles",
                        profiles.len() + 1,
                        message,
                        "give more vehicles the same profile and costs",
                    );
                    return None;
                }
                profiles.push(self.matrices(found, self.types[t][0])?);
            }
            self.vehicle_type(t, ProfileId::new(profile));
        }
        Some(Travel::Matrices(profiles))
    }

    fn matrices(&self, found: &mut Found, v: usize) -> Option<ProfileMatrices> {
        let size = self.places.coords.len();
        let vehicle = &self.input.vehicles[v];
        let profile = self.places.profiles.get(&vehicle.profile)?;
        let into: Vec<Duration> = self.setups_of_travel(vehicle);
        let mut durations = Vec::with_capacity(size * size);
        let mut lengths = Vec::with_capacity(size * size);
        for from in 0..size {
            for (to, setup) in into.iter().enumerate() {
                if from == to {
                    durations.push(0);
                    lengths.push(0);
                    continue;
                }
                let duration = at_speed(profile.durations.at(from, to), vehicle.speed);
                let reachable = duration < UNREACHABLE;
                durations.push(if reachable { (duration + setup).min(UNREACHABLE - 1) } else { UNREACHABLE });
                let length = self.prices.arc(profile, vehicle, from, to);
                lengths.push(if reachable { length.min(UNREACHABLE) } else { UNREACHABLE });
                if reachable && length > UNREACHABLE {
                    let path = format!("vehicles[{v}].costs");
                    let message = format!("the drive from place {from} to place {to} costs too much");
                    found.faults.add(path, length, &message, "give coarser costs");
                    return None;
                }
            }
        }
        let (distance, duration) = (Matrix::new(size, lengths).ok()?, Matrix::new(size, durations).ok()?);
        Some(ProfileMatrices { distance, duration: Some(duration) })
    }

    /// What each place adds to the drive.
    fn setups_of_travel(&self, vehicle: &Vehicle) -> Vec<Duration> {
        let mut into = vec![0; self.places.coords.len()];
        for (_, task) in self.input.tasks() {
            let place = self.places.of(task.spot);
            if self.setups.get(&place) == Some(&Setups::InTravel) {
                into[place] = task.setup_for(vehicle);
            }
        }
        into
    }

    fn vehicle_type(&mut self, t: usize, profile: ProfileId) {
        let vehicles = &self.types[t];
        let vehicle = &self.input.vehicles[vehicles[0]];
        let mut depot = |spot: Option<super::input::Spot>| {
            let place = self.places.of(spot?);
            let builder = &mut self.builder;
            let open = TimeWindow::new(-MAX_VALUE, TimeWindow::UNBOUNDED_LATE);
            let new = || builder.add_depot(Depot::at(LocationId::new(place)).open(open.early, open.late));
            Some(*self.depots.entry(place).or_insert_with(new))
        };
        let (start, end) = (depot(vehicle.start), depot(vehicle.end));
        let usable = vehicle.max_tasks != Some(0);
        let mut own = VehicleType::new(if usable { vehicles.len() } else { 0 })
            .profile(profile)
            .name(named("vehicle", vehicles.iter().map(|&v| self.input.vehicles[v].id)));
        (own.start, own.end) = (start, end);
        let costs = vehicle.costs;
        own.fixed_cost = costs.fixed.saturating_mul(self.prices.scale);
        (own.cost_per_distance, own.cost_per_duration) = self.prices.rates(vehicle);
        own.capacity.clone_from(&vehicle.capacity);
        own.skills = vehicle.skills.iter().map(ToString::to_string).collect();
        own.capacity.resize(self.input.dimensions + self.guards.len(), MAX_VALUE);
        for (skills, &guard) in &self.guards {
            if !skills.iter().all(|skill| vehicle.skills.contains(skill)) {
                own.capacity[guard] = 0;
            }
        }
        own.shift = vehicle.window.unwrap_or(TimeWindow::ALWAYS);
        own.max_stops = vehicle.max_tasks.filter(|&tasks| tasks > 0).map(|tasks| tasks as usize);
        own.max_driving = vehicle.max_travel_time;
        own.max_distance = vehicle.max_distance;
        for pause in &vehicle.breaks {
            match pause.windows.first() {
                Some(window) => own.breaks.push(model::Break::new(window.early, window.late, pause.service)),
                // It can always be taken at the end, for which the time is kept free.
                None if own.shift.late < MAX_VALUE => {
                    own.shift.late = (own.shift.late - pause.service).max(own.shift.early);
                }
                None => {}
            }
        }
        self.builder.add_vehicle_type(own);
    }

    fn tasks(&mut self) {
        for job in &self.input.jobs {
            let task = &job.task;
            let mut client = Client::at(LocationId::new(self.places.of(task.spot)))
                .delivery(job.delivery.clone())
                .pickup(job.pickup.clone())
                .skills(job.skills.iter().map(ToString::to_string))
                .name(format!("job {}", task.id));
            if !task.windows.is_empty() {
                client = client.time_windows(task.windows.iter().copied());
            }
            let mut times = self.by_type(|vehicle| self.time(task, vehicle));
            client.service = times.first().map_or(0, |&(_, time)| time);
            times.retain(|&(_, time)| time != client.service);
            client.service_by_type = times;
            client.assignment_costs = self.by_type(|vehicle| self.prices.task(vehicle, self.time(task, vehicle)));
            client.assignment_costs.retain(|&(_, cost)| cost > 0);
            client.required = false;
            self.builder.add_client(client);
        }
        for shipment in &self.input.shipments {
            let stop = |task: &Task| {
                let window = task.windows.first().copied().unwrap_or(TimeWindow::ALWAYS);
                let service = self.input.vehicles.first().map_or(0, |vehicle| self.time(task, vehicle));
                let stop = ShipmentStop::at(LocationId::new(self.places.of(task.spot)));
                stop.service(service).time_window(window.early, window.late)
            };
            let mut amount = shipment.amount.clone();
            if !shipment.skills.is_empty()
                && let Some(&guard) = self.guards.get(&skills_of(shipment))
            {
                amount.resize(guard, 0);
                amount.push(1);
            }
            let (pickup, delivery) = (&shipment.pickup, &shipment.delivery);
            let mut own = model::Shipment::new(stop(pickup), stop(delivery)).amount(amount);
            own.name = format!("pickup {}, delivery {}", pickup.id, delivery.id);
            own.required = false;
            let time = |vehicle: &Vehicle| self.time(pickup, vehicle) + self.time(delivery, vehicle);
            own.assignment_costs = self.by_type(|vehicle| self.prices.task(vehicle, time(vehicle)));
            own.assignment_costs.retain(|&(_, cost)| cost > 0);
            self.builder.add_shipment(own);
        }
    }

    fn by_type(&self, of: impl Fn(&Vehicle) -> i64) -> Vec<(VehicleTypeId, i64)> {
        let first =
            |(t, vehicles): (usize, &Vec<usize>)| (VehicleTypeId::new(t), of(&self.input.vehicles[vehicles[0]]));
        self.types.iter().enumerate().map(first).collect()
    }

    /// How long a task takes, with its setup unless that is part of the drive.
    fn time(&self, task: &Task, vehicle: &Vehicle) -> Duration {
        let counted = self.setups.get(&self.places.of(task.spot)) == Some(&Setups::InService);
        let setup = if counted { task.setup_for(vehicle) } else { 0 };
        (task.service_for(vehicle) + setup).min(MAX_VALUE)
    }

    /// What serving each task is worth: first the priorities, then the number of tasks, then the costs count.
    fn prizes(&mut self, found: &mut Found) {
        let input = self.input;
        let ranked = input.jobs.iter().any(|job| job.priority > 0) || input.shipments.iter().any(|s| s.priority > 0);
        let step = if ranked { input.num_tasks() as i64 + 1 } else { 0 };
        let weight = |priority: i64, tasks: i64| tasks * (priority * step + 1);
        let jobs = input.jobs.iter().map(|job| weight(job.priority, 1));
        let shipments: Vec<i64> = input.shipments.iter().map(|shipment| weight(shipment.priority, 2)).collect();
        let jobs: Vec<i64> = jobs.collect();
        let heaviest = jobs.iter().chain(&shipments).copied().max().unwrap_or(1);
        let worth = self.prices.worth(found, (input, self.places), &self.types, heaviest);
        for (c, weight) in jobs.into_iter().enumerate() {
            self.builder.clients_mut()[ClientId::new(c).index()].prize = worth * weight;
        }
        for (s, weight) in shipments.into_iter().enumerate() {
            self.builder.shipments_mut()[ShipmentId::new(s).index()].prize = worth * weight;
        }
    }
}

/// `vehicle 3`, or `vehicles 3, 4 and 7 more`.
fn named(what: &str, ids: impl ExactSizeIterator<Item = u64>) -> String {
    const SHOWN: usize = 5;
    let count = ids.len();
    let shown: Vec<String> = ids.take(SHOWN).map(|id| id.to_string()).collect();
    let more = if count > SHOWN { format!(" and {} more", count - SHOWN) } else { String::new() };
    format!("{what}{} {}{more}", if count == 1 { "" } else { "s" }, shown.join(", "))
}
