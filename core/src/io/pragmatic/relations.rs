//! What ties jobs to vehicles, and to each other.

use std::collections::{BTreeMap, HashMap};

use super::input::{Input, Relation as Given, RelationKind};
use super::model::{Building, Built, Fleet};
use super::read::RESERVED;
use crate::ids::{ClientId, VehicleTypeId};
use crate::io::fields::Found;
use crate::model::{Position, Relation};

/// The most pairs of jobs that may not be on one tour.
const MOST_PAIRS: usize = 20_000;

/// Our vehicle types: vehicles that a relation names are types of their own.
pub(super) fn fleets(found: &mut Found, input: &Input) -> Vec<Fleet> {
    let mut named = Vec::new();
    for (r, relation) in input.relations.iter().enumerate() {
        match vehicle(input, relation) {
            None => {
                let path = format!("plan.relations[{r}].vehicleId");
                found.faults.add(
                    path,
                    &relation.vehicle_id,
                    "there is no such vehicle",
                    "correct it, or remove the relation",
                );
            }
            Some((v, _)) if relation.shift >= input.vehicles[v].shifts.len() => {
                let path = format!("plan.relations[{r}].shiftIndex");
                let message = format!("the vehicle has {} shifts, counted from 0", input.vehicles[v].shifts.len());
                found.faults.add(path, relation.shift, &message, "correct it");
            }
            Some((v, id)) => named.push((v, relation.shift, id)),
        }
    }
    let mut fleets = Vec::new();
    for (v, vehicle) in input.vehicles.iter().enumerate() {
        for shift in 0..vehicle.shifts.len() {
            let (own, rest): (Vec<usize>, Vec<usize>) =
                (0..vehicle.ids.len()).partition(|&id| named.contains(&(v, shift, id)));
            fleets.extend(own.into_iter().map(|id| Fleet { vehicle: v, shift, ids: vec![id] }));
            if !rest.is_empty() {
                fleets.push(Fleet { vehicle: v, shift, ids: rest });
            }
        }
    }
    fleets
}

/// The vehicle that a relation names: its type, and its place among that.
fn vehicle(input: &Input, relation: &Given) -> Option<(usize, usize)> {
    let types = input.vehicles.iter().enumerate();
    let mut places =
        types.filter_map(|(v, vehicle)| Some((v, vehicle.ids.iter().position(|id| *id == relation.vehicle_id)?)));
    places.next()
}

/// The vehicle type of ours that a relation names.
fn fleet(input: &Input, fleets: &[Fleet], relation: &Given) -> Option<usize> {
    let (v, id) = vehicle(input, relation)?;
    fleets.iter().position(|fleet| (fleet.vehicle, fleet.shift) == (v, relation.shift) && fleet.ids == [id])
}

/// The vehicle types that relations tie a job to.
pub(super) fn pins(input: &Input, fleets: &[Fleet], job: &String) -> Vec<usize> {
    let own = input.relations.iter().filter(|relation| relation.jobs.contains(job));
    own.filter_map(|relation| fleet(input, fleets, relation)).collect()
}

/// Adds what ties clients: relations, groups, and what must not be on one tour.
pub(super) fn tie(found: &mut Found, building: &mut Building<'_>) {
    let jobs: HashMap<&str, usize> =
        building.input.jobs.iter().enumerate().map(|(j, job)| (job.id.as_str(), j)).collect();
    for (r, relation) in building.input.relations.iter().enumerate() {
        let Some(f) = fleet(building.input, &building.fleets, relation) else { continue };
        let path = format!("plan.relations[{r}].jobs");
        let known = relation.jobs.iter().enumerate().filter_map(|(k, id)| {
            let job = jobs.get(id.as_str()).copied();
            if job.is_none() && !RESERVED.contains(&id.as_str()) {
                found.faults.add(format!("{path}[{k}]"), id, "there is no such job", "correct it, or leave it out");
            }
            job
        });
        let mut own: Vec<usize> = known.collect();
        if relation.kind == RelationKind::Any {
            own.sort_unstable();
            own.dedup();
            let clients: Vec<ClientId> = own.iter().flat_map(|&j| clients(&building.built[j])).collect();
            for client in clients {
                pin(building, client, f, Position::Any);
            }
        } else {
            ordered(found, building, relation, (&path, f), &own);
        }
    }
    groups(building);
    apart(found, building);
}

/// All clients that a job became; none for a shipment.
fn clients(built: &Built) -> Vec<ClientId> {
    match built {
        Built::Clients(tasks) => tasks.iter().flatten().copied().collect(),
        Built::Shipment(_) => Vec::new(),
    }
}

fn pin(building: &mut Building<'_>, client: ClientId, fleet: usize, position: Position) {
    let vehicle_type = Some(VehicleTypeId::new(fleet));
    building.builder.add_relation(Relation::Pin { client, vehicle_type, position });
}

/// A relation whose jobs have an order.
fn ordered(found: &mut Found, building: &mut Building<'_>, relation: &Given, (path, f): (&str, usize), jobs: &[usize]) {
    let halts = relation.jobs.iter().enumerate().filter(|(_, id)| RESERVED[2..].contains(&id.as_str()));
    for (k, id) in halts {
        let message = "where in an order of jobs it comes is not planned";
        found.faults.add(format!("{path}[{k}]"), id, message, "leave it out, or use a relation of the type any");
    }
    let mut clients = Vec::new();
    for &j in jobs {
        match &building.built[j] {
            Built::Clients(tasks) if tasks.len() == 1 && tasks[0].len() == 1 => clients.push(tasks[0][0]),
            _ => {
                let message = "a job in an order of jobs has one task with one place here";
                let id = &building.input.jobs[j].id;
                found.faults.add(path, id, message, "use a relation of the type any, or split the job");
            }
        }
    }
    let last = clients.len().saturating_sub(1);
    let ends =
        |name: &str, job: Option<&String>| relation.kind == RelationKind::Strict && job.is_some_and(|id| id == name);
    let (from_start, to_end) = (ends("departure", relation.jobs.first()), ends("arrival", relation.jobs.last()));
    for (k, &client) in clients.iter().enumerate() {
        pin(building, client, f, Position::Any);
        if k == 0 && from_start {
            pin(building, client, f, Position::First);
        }
        if k == last && to_end {
            pin(building, client, f, Position::Last);
        }
    }
    if clients.len() < 2 {
        return;
    }
    if relation.kind == RelationKind::Strict {
        building.builder.add_relation(Relation::Sequence(clients));
    } else {
        for pair in clients.windows(2) {
            building.builder.add_relation(Relation::Precedence(pair[0], pair[1]));
        }
    }
}

/// The jobs of a group are on one tour.
fn groups(building: &mut Building<'_>) {
    let mut groups: BTreeMap<&str, Vec<ClientId>> = BTreeMap::new();
    for (job, built) in building.input.jobs.iter().zip(&building.built) {
        if let Some(group) = &job.group {
            groups.entry(group).or_default().extend(clients(built));
        }
    }
    for members in groups.into_values().filter(|members| members.len() > 1) {
        building.builder.add_relation(Relation::SameVehicle(members));
    }
}

/// Jobs of different compatibility are not on one tour.
fn apart(found: &mut Found, building: &mut Building<'_>) {
    let mut classes: BTreeMap<&str, Vec<ClientId>> = BTreeMap::new();
    for (job, built) in building.input.jobs.iter().zip(&building.built) {
        if let Some(class) = &job.compatibility {
            classes.entry(class).or_default().extend(clients(built));
        }
    }
    let classes: Vec<Vec<ClientId>> = classes.into_values().collect();
    let all: usize = classes.iter().map(Vec::len).sum();
    let equal: usize = classes.iter().map(|class| class.len() * class.len()).sum();
    let pairs = (all * all - equal) / 2;
    if pairs > MOST_PAIRS {
        let message = format!("more than {MOST_PAIRS} pairs of jobs may not be on one tour");
        found.faults.add("plan.jobs", pairs, &message, "tell the jobs apart by skills of the vehicles");
        return;
    }
    for (c, class) in classes.iter().enumerate() {
        for &one in class {
            for &other in classes[c + 1..].iter().flatten() {
                building.builder.add_relation(Relation::Incompatible(vec![one, other]));
            }
        }
    }
}
