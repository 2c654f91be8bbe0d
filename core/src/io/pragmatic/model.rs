//! From a pragmatic problem to ours.

use std::collections::{BTreeMap, HashMap};

use super::input::{Input, Job, Kind, Task, TaskPlace};
use super::places::{MOST_CELLS, scaled};
use super::prices::{Prices, worth};
use super::{Model, relations};
use crate::geometry::Coord;
use crate::ids::{ClientId, DepotId, LocationId, ProfileId, ShipmentId, VehicleTypeId};
use crate::io::fields::Found;
use crate::model::{
    Break, Client, ClientGroup, Depot, Goal, Location, Measure, Problem, ProblemBuilder, Relation, Shipment,
    ShipmentStop, TimeWindow, VehicleType,
};
use crate::travel::{ProfileMatrices, Travel};
use crate::units::{Load, MAX_VALUE};

/// Vehicles of one type of ours: those of a type of the document in one of its shifts, which no relation tells apart.
#[derive(Clone, Debug)]
pub(super) struct Fleet {
    pub(super) vehicle: usize,
    pub(super) shift: usize,
    /// The names among the document's type.
    pub(super) ids: Vec<usize>,
}

/// A job's task at one of its places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stop {
    pub(super) job: usize,
    pub(super) task: usize,
    pub(super) place: usize,
}

/// What a job became.
#[derive(Clone, Debug)]
pub(super) enum Built {
    /// Each task a client; one for each place where there are several.
    Clients(Vec<Vec<ClientId>>),
    Shipment(ShipmentId),
}

pub(super) struct Building<'a> {
    pub(super) input: &'a Input,
    pub(super) fleets: Vec<Fleet>,
    pub(super) builder: ProblemBuilder,
    pub(super) built: Vec<Built>,
    pub(super) clients: Vec<Stop>,
    pub(super) shipments: Vec<[Stop; 2]>,
    /// The load dimension that keeps shipments from vehicles that may not carry them.
    guards: BTreeMap<Vec<bool>, usize>,
    depots: HashMap<(usize, TimeWindow, i64, String), DepotId>,
}

/// Our problem; `None` if a fault was reported.
pub(super) fn build(found: &mut Found, input: &Input, travel: &[ProfileMatrices]) -> Option<Model> {
    check(found, input);
    let fleets = relations::fleets(found, input);
    let prices = Prices::new(found, input);
    if !found.faults.is_empty() {
        return None;
    }
    let mut building = Building {
        input,
        fleets,
        builder: Problem::builder(),
        built: Vec::new(),
        clients: Vec::new(),
        shipments: Vec::new(),
        guards: BTreeMap::new(),
        depots: HashMap::new(),
    };
    building.locations(travel);
    building.guards();
    let profiles = building.vehicle_types(found, &prices, travel)?;
    building.jobs();
    relations::tie(found, &mut building);
    building.goals(found, &prices, travel);
    building.builder.travel(Travel::Matrices(profiles));
    match building.builder.build() {
        Ok(problem) if found.faults.is_empty() => Some(Model {
            problem,
            fleets: building.fleets,
            built: building.built,
            clients: building.clients,
            shipments: building.shipments,
            dimensions: input.dimensions,
            warnings: Vec::new(),
        }),
        Ok(_) => None,
        Err(error) => {
            error.issues.into_iter().for_each(|issue| found.faults.push(issue));
            None
        }
    }
}

/// Reports jobs that our model cannot say.
fn check(found: &mut Found, input: &Input) {
    for (j, job) in input.jobs.iter().enumerate() {
        let path = format!("plan.jobs[{j}]");
        let (pickups, deliveries) = (job.of_kind(Kind::Pickup), job.of_kind(Kind::Delivery));
        if !pickups.is_empty() && !deliveries.is_empty() {
            if job.tasks.len() > 2 {
                let message = "a job with pickups and deliveries has one of each here, and nothing else";
                let remedy = "split it into jobs of one pickup and one delivery each";
                found.faults.add(path, &job.id, message, remedy);
                continue;
            }
            shipment(found, job, &path, &pickups, &deliveries);
        } else if job.tasks.len() > 1 {
            let several = job.tasks.iter().any(|task| task.places.len() > 1);
            if several {
                let message = "tasks of a job with several of them have one place each here";
                found.faults.add(path, &job.id, message, "give each task one place, or split the job");
            }
        }
    }
}

fn shipment(found: &mut Found, job: &Job, path: &str, pickups: &[usize], deliveries: &[usize]) {
    let (pickup, delivery) = (&job.tasks[pickups[0]], &job.tasks[deliveries[0]]);
    if pickup.demand != delivery.demand {
        let message = "picks up another amount than it delivers";
        found.faults.add(path, &job.id, message, "give both the same demand");
    }
    for (key, task) in [("pickups", pickup), ("deliveries", delivery)] {
        if task.places.len() > 1 {
            let message = "a pickup that is delivered, and its delivery, have one place each here";
            found.faults.add(
                format!("{path}.{key}[0].places"),
                task.places.len(),
                message,
                "give the one that applies",
            );
        }
        if let Some(place) = task.places.first().filter(|place| place.windows.len() > 1) {
            let message = "a pickup that is delivered, and its delivery, have one time window each here";
            let path = format!("{path}.{key}[0].places[0].times");
            found.faults.add(path, place.windows.len(), message, "give the one that applies");
        }
    }
    for (key, there) in [("group", job.group.is_some()), ("compatibility", job.compatibility.is_some())] {
        if there {
            let message = "a job that is picked up and delivered has none here";
            found.faults.add(format!("{path}.{key}"), &job.id, message, "leave it out");
        }
    }
}

impl Building<'_> {
    fn locations(&mut self, travel: &[ProfileMatrices]) {
        let rows = travel.first().map_or(0, |matrices| matrices.distance.size());
        for place in 0..rows {
            let coord = self.input.locations.coords.get(place).copied().unwrap_or(Coord::new(0.0, 0.0));
            self.builder.add_location(Location { coord, name: String::new() });
        }
    }

    /// A depot for a place, its hours and how long it takes there.
    fn depot(&mut self, place: usize, window: TimeWindow, service: i64, name: &str) -> DepotId {
        let builder = &mut self.builder;
        let depot = Depot::at(LocationId::new(place)).open(window.early, window.late).service(service).name(name);
        *self.depots.entry((place, window, service, name.to_owned())).or_insert_with(|| builder.add_depot(depot))
    }

    fn vehicle_types(
        &mut self,
        found: &mut Found,
        prices: &Prices,
        travel: &[ProfileMatrices],
    ) -> Option<Vec<ProfileMatrices>> {
        let input = self.input;
        let mut profiles: Vec<ProfileMatrices> = Vec::new();
        let mut known: HashMap<(usize, u64), usize> = HashMap::new();
        for f in 0..self.fleets.len() {
            let fleet = self.fleets[f].clone();
            let vehicle = &input.vehicles[fleet.vehicle];
            // Profiles were checked.
            let own = input.profiles.iter().position(|profile| profile.name == vehicle.profile).unwrap_or(0);
            let next = known.len();
            let profile = *known.entry((own, vehicle.scale.to_bits())).or_insert(next);
            if profile == next {
                let size = travel[own].distance.size();
                if (profiles.len() + 1).saturating_mul(size * size) > MOST_CELLS {
                    let message = "so many profiles and scales with so many places need too large matrices";
                    let remedy = "give more vehicles the same profile and scale";
                    found.faults.add("fleet.vehicles", profiles.len() + 1, message, remedy);
                    return None;
                }
                profiles.push(scaled(&travel[own], vehicle.scale));
            }
            self.vehicle_type(&fleet, prices, ProfileId::new(profile));
        }
        Some(profiles)
    }

    fn vehicle_type(&mut self, fleet: &Fleet, prices: &Prices, profile: ProfileId) {
        let input = self.input;
        let vehicle = &input.vehicles[fleet.vehicle];
        let shift = &vehicle.shifts[fleet.shift];
        let always = TimeWindow::new(-MAX_VALUE, TimeWindow::UNBOUNDED_LATE);
        let leaves = match shift.latest {
            Some(latest) => input.window(TimeWindow::new(shift.earliest, latest)),
            None => always,
        };
        let late = shift.end.map_or(TimeWindow::UNBOUNDED_LATE, |(_, late)| input.time(late));
        // A vehicle that may do nothing is none.
        let count = if vehicle.max_stops == Some(0) { 0 } else { fleet.ids.len() };
        let (fixed, distance, time) = prices.of(vehicle);
        let mut own = VehicleType::new(count)
            .profile(profile)
            .name(self.name(fleet))
            .fixed_cost(fixed)
            .cost_per_distance(distance)
            .cost_per_duration(time)
            .shift(input.time(shift.earliest), late)
            .skills(vehicle.skills.iter().cloned());
        own.start = Some(self.depot(shift.start, leaves, 0, "departure"));
        own.end = shift.end.map(|(place, _)| self.depot(place, always, 0, "arrival"));
        own.max_distance = vehicle.max_distance;
        own.max_duration = vehicle.max_duration;
        own.max_stops = vehicle.max_stops.filter(|&stops| stops > 0);
        own.capacity.clone_from(&vehicle.capacity);
        own.capacity.resize(input.dimensions, 0);
        own.capacity.extend(self.guards.keys().map(|allowed| {
            let f = self.builder.vehicle_types.len();
            if allowed[f] { MAX_VALUE } else { 0 }
        }));
        for pause in &shift.breaks {
            let start = input.window(pause.start);
            let mut own_break = Break::new(start.early, start.late, pause.duration).name("break");
            own_break.place = pause.location.map(|place| LocationId::new(place).into());
            own.breaks.push(own_break);
        }
        for reload in &shift.reloads {
            let window = reload.window.map_or(always, |window| input.window(window));
            let depot = self.depot(reload.location, window, reload.duration, "reload");
            if !own.reload_depots.contains(&depot) {
                own.reload_depots.push(depot);
            }
        }
        own.max_trips = Some(shift.reloads.len() + 1);
        self.builder.add_vehicle_type(own);
    }

    /// `vehicle_1`, or the type's name with the number of its vehicles.
    fn name(&self, fleet: &Fleet) -> String {
        let vehicle = &self.input.vehicles[fleet.vehicle];
        let name = match fleet.ids.as_slice() {
            [id] => vehicle.ids[*id].clone(),
            _ => vehicle.type_id.clone(),
        };
        if vehicle.shifts.len() > 1 { format!("{name}, shift {}", fleet.shift) } else { name }
    }

    /// A dimension for every set of vehicles that alone may carry some shipment.
    fn guards(&mut self) {
        for j in 0..self.input.jobs.len() {
            let job = &self.input.jobs[j];
            if !is_shipment(job) {
                continue;
            }
            let allowed = self.carriers(job);
            if allowed.contains(&false) {
                let next = self.guards.len();
                self.guards.entry(allowed).or_insert(next);
            }
        }
        // In the order in which capacities name them.
        self.guards.values_mut().enumerate().for_each(|(g, guard)| *guard = g);
    }

    /// Which of our types may carry a shipment.
    fn carriers(&self, job: &Job) -> Vec<bool> {
        let pins = relations::pins(self.input, &self.fleets, &job.id);
        let may = |(f, fleet): (usize, &Fleet)| {
            let vehicle = &self.input.vehicles[fleet.vehicle];
            job.skills.are_met(&vehicle.skills) && pins.iter().all(|&pin| pin == f)
        };
        self.fleets.iter().enumerate().map(may).collect()
    }

    fn jobs(&mut self) {
        for (j, job) in self.input.jobs.iter().enumerate() {
            let built = if is_shipment(job) {
                Built::Shipment(self.shipment(j, job))
            } else {
                let tasks: Vec<Vec<ClientId>> = (0..job.tasks.len()).map(|k| self.task(j, job, k)).collect();
                self.together(job, &tasks);
                Built::Clients(tasks)
            };
            self.built.push(built);
        }
    }

    /// The clients of a task: one for each of its places.
    fn task(&mut self, j: usize, job: &Job, k: usize) -> Vec<ClientId> {
        let task = &job.tasks[k];
        let group = (task.places.len() > 1).then(|| self.builder.add_group(ClientGroup::optional().name(&job.id)));
        let mut clients = Vec::new();
        for (p, place) in task.places.iter().enumerate() {
            let mut client = self.client(job, task, place);
            client.group = group;
            clients.push(self.builder.add_client(client));
            self.clients.push(Stop { job: j, task: k, place: p });
        }
        clients
    }

    fn client(&self, job: &Job, task: &Task, place: &TaskPlace) -> Client {
        let carried = |is: bool| if is { task.demand.clone() } else { Vec::new() };
        let mut client = Client::at(LocationId::new(place.location))
            .service(place.duration)
            .delivery(carried(matches!(task.kind, Kind::Delivery | Kind::Replacement)))
            .pickup(carried(matches!(task.kind, Kind::Pickup | Kind::Replacement)))
            .skills(job.skills.all.iter().cloned())
            .name(&job.id);
        if !place.windows.is_empty() {
            client = client.time_windows(place.windows.iter().map(|&window| self.input.window(window)));
        }
        if !job.skills.one.is_empty() || !job.skills.none.is_empty() {
            let may = |(_, fleet): &(usize, &Fleet)| job.skills.allow(&self.input.vehicles[fleet.vehicle].skills);
            let types = self.fleets.iter().enumerate().filter(may).map(|(f, _)| VehicleTypeId::new(f));
            client.allowed_vehicles = Some(types.collect());
        }
        client.required = false;
        client
    }

    fn shipment(&mut self, j: usize, job: &Job) -> ShipmentId {
        let end = |kind| job.of_kind(kind)[0];
        let tasks = [end(Kind::Pickup), end(Kind::Delivery)];
        let stop = |k: usize| {
            let place = &job.tasks[k].places[0];
            let stop = ShipmentStop::at(LocationId::new(place.location)).service(place.duration);
            match place.windows.first().map(|&window| self.input.window(window)) {
                Some(window) => stop.time_window(window.early, window.late),
                None => stop,
            }
        };
        let mut amount: Vec<Load> = job.tasks[tasks[0]].demand.clone();
        if let Some(&guard) = self.guards.get(&self.carriers(job)) {
            amount.resize(self.input.dimensions + guard, 0);
            amount.push(1);
        }
        let own = Shipment::new(stop(tasks[0]), stop(tasks[1])).amount(amount).name(&job.id).optional(0);
        self.shipments.push(tasks.map(|task| Stop { job: j, task, place: 0 }));
        self.builder.add_shipment(own)
    }

    /// All tasks of a job are done on one tour or not at all, its pickups first.
    fn together(&mut self, job: &Job, tasks: &[Vec<ClientId>]) {
        if tasks.len() < 2 {
            return;
        }
        let clients: Vec<ClientId> = tasks.iter().flatten().copied().collect();
        self.builder.add_relation(Relation::SameVehicle(clients.clone()));
        self.builder.add_relation(Relation::AllOrNone(clients));
        let pickups = job.of_kind(Kind::Pickup);
        for &first in &pickups {
            for (k, own) in tasks.iter().enumerate().filter(|(k, _)| !pickups.contains(k)) {
                debug_assert_ne!(k, first, "a pickup is not among the others");
                self.builder.add_relation(Relation::Precedence(tasks[first][0], own[0]));
            }
        }
    }

    /// What counts first, second and last.
    fn goals(&mut self, found: &mut Found, prices: &Prices, travel: &[ProfileMatrices]) {
        let objective = &self.input.objective;
        let counts_value = objective.by_value && self.input.jobs.iter().any(|job| job.value > 0.0);
        if self.shipments.is_empty() && !counts_value {
            for built in &self.built {
                let Built::Clients(tasks) = built else { continue };
                for task in tasks {
                    // Of the places of a task, one is served: the first stands for all.
                    self.builder.clients_mut()[task[0].index()].priority = 1;
                }
            }
            for &measure in &objective.ranked {
                self.builder.add_goal(Goal::ranked(measure));
            }
            return;
        }
        if let Some(other) = objective.ranked.iter().find(|measure| **measure != Measure::Vehicles) {
            let message =
                format!("{} cannot come before costs where jobs have values, or pickups are delivered", other.name());
            found.faults.add("objectives", "", &message, "leave it out");
            return;
        }
        self.prizes(found, prices, travel, counts_value);
    }

    fn prizes(&mut self, found: &mut Found, prices: &Prices, travel: &[ProfileMatrices], counts_value: bool) {
        let input = self.input;
        let whole = input.jobs.iter().all(|job| job.value.fract() == 0.0);
        let value =
            |job: &Job| if counts_value { (job.value * if whole { 1.0 } else { 100.0 }).round() as i64 } else { 0 };
        let step = if counts_value { input.num_tasks() as i64 + 1 } else { 0 };
        let weights: Vec<i64> = input
            .jobs
            .iter()
            .map(|job| value(job).saturating_mul(step).saturating_add(job.tasks.len() as i64))
            .collect();
        let vehicles: usize = self.fleets.iter().map(|fleet| fleet.ids.len()).sum();
        let tours = vehicles.min(input.num_tasks());
        let heaviest = weights.iter().copied().max().unwrap_or(1);
        let (job, tour) = worth(found, prices.dearest(input, travel), tours, heaviest);
        for (built, weight) in self.built.iter().zip(weights) {
            let prize = job.saturating_mul(weight);
            match built {
                Built::Shipment(id) => self.builder.shipments_mut()[id.index()].prize = prize,
                Built::Clients(tasks) => {
                    let others = job.saturating_mul(tasks.len() as i64 - 1);
                    for (k, task) in tasks.iter().enumerate() {
                        let own = if k == 0 { prize - others } else { job };
                        self.builder.clients_mut()[task[0].index()].prize = own;
                    }
                }
            }
        }
        if input.objective.ranked.contains(&Measure::Vehicles) {
            self.builder.add_goal(Goal::weighted(Measure::Vehicles, tour));
        }
    }
}

/// Whether what a job picks up is delivered.
fn is_shipment(job: &Job) -> bool {
    !job.of_kind(Kind::Pickup).is_empty() && !job.of_kind(Kind::Delivery).is_empty()
}
