//! Vehicles: VRPLIB describes each vehicle, a problem has types of identical ones.

use std::collections::HashMap;

use super::tables::{Column, Context};
use crate::ids::{ClientId, DepotId};
use crate::io::FaultKind;
use crate::io::fleet_numbers;
use crate::io::quantity::Quantity;
use crate::io::rows::MAX_VEHICLES;
use crate::model::{TimeWindow, VehicleType};
use crate::units::MAX_VALUE;

const VEHICLE: &str = "vehicle";

/// What distinguishes vehicles.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Attributes {
    capacity: Vec<i64>,
    allowed: Option<Vec<u32>>,
    reload_depots: Vec<u32>,
    depot: u32,
    max_distance: i64,
    max_duration: i64,
    max_reloads: i64,
    fixed_cost: i64,
    cost_per_distance: i64,
}

/// Reads the fleet of a file with `count` locations, of which the first `depots` are depots. Without `VEHICLES`, there
/// is one vehicle for each of `jobs`.
pub(super) fn read(
    context: &mut Context<'_>,
    count: usize,
    depots: usize,
    jobs: usize,
    windows: &Column<TimeWindow>,
    load_dimensions: usize,
) -> Vec<VehicleType> {
    let given = context.specification("VEHICLES").is_some();
    // A tour through all cities is a single route, without returns in between.
    let tour = matches!(super::kind(context).as_deref(), Some("TSP" | "ATSP"));
    let vehicles = match context.count("VEHICLES", 1, if tour { 1 } else { MAX_VEHICLES }) {
        Some(vehicles) => vehicles,
        None if given => return Vec::new(),
        None if tour => 1,
        None => jobs,
    };
    let unlimited = MAX_VALUE;
    let capacities = capacities(context, vehicles, load_dimensions);
    let allowed = allowed_clients(context, vehicles, count, depots);
    let reload_depots = context.depot_lists("VEHICLES_RELOAD_DEPOT_SECTION", vehicles, depots, count);
    let homes = homes(context, vehicles, depots, count);
    // `DISTANCE` limits a route's length; if stops take time, service counts towards it (Christofides, Mingozzi and
    // Toth).
    let takes_time = context.has("SERVICE_TIME") || context.has("PICKUP_AND_DELIVERY");
    let (distance, duration) = if takes_time { ("", "DISTANCE") } else { ("DISTANCE", "") };
    let max_distances = limit(context, "VEHICLES_MAX_DISTANCE", distance, vehicles);
    let max_durations = limit(context, "VEHICLES_MAX_DURATION", duration, vehicles);
    let max_reloads = context.column("VEHICLES_MAX_RELOADS", vehicles, VEHICLE, Quantity::Count, unlimited);
    let fixed_costs = context.column("VEHICLES_FIXED_COST", vehicles, VEHICLE, Quantity::Money, 0);
    let rates = context.column("VEHICLES_UNIT_DISTANCE_COST", vehicles, VEHICLE, Quantity::Rate, 1);
    if !context.faults.is_empty() {
        return Vec::new();
    }
    let attributes = |v: usize| Attributes {
        capacity: capacities.get(v).clone(),
        allowed: allowed.as_ref().and_then(|lists| lists[v].clone()),
        reload_depots: reload_depots.as_ref().map_or_else(Vec::new, |lists| lists[v].clone()),
        depot: *homes.get(v),
        max_distance: *max_distances.get(v),
        max_duration: *max_durations.get(v),
        max_reloads: *max_reloads.get(v),
        fixed_cost: *fixed_costs.get(v),
        cost_per_distance: *rates.get(v),
    };
    let columns = [&max_distances, &max_durations, &max_reloads, &fixed_costs, &rates];
    let uniform = allowed.is_none()
        && reload_depots.is_none()
        && capacities.is_uniform()
        && homes.is_uniform()
        && columns.iter().all(|column| column.is_uniform());
    // If the file does not say where vehicles start, every depot has as many as there are jobs.
    let anywhere = depots > 1 && !context.has("VEHICLES_DEPOT");
    if anywhere && (given || !uniform) {
        let line = context.specification("VEHICLES").map(|specification| specification.line);
        context.faults.push(line, "VEHICLES", "", FaultKind::NoHomes { depots });
        return Vec::new();
    }
    if anywhere {
        let at = |depot: usize| {
            (Attributes { depot: depot as u32, ..attributes(0) }, [(depot * vehicles, (depot + 1) * vehicles)])
        };
        return (0..depots).map(at).map(|(attributes, numbers)| vehicle_type(attributes, &numbers, windows)).collect();
    }
    let types = if uniform { vec![(attributes(0), vec![(0, vehicles)])] } else { merge((0..vehicles).map(attributes)) };
    types.into_iter().map(|(attributes, numbers)| vehicle_type(attributes, &numbers, windows)).collect()
}

/// Vehicles with equal attributes, in the order of their first appearance, with the ranges of their numbers.
fn merge(vehicles: impl Iterator<Item = Attributes>) -> Vec<(Attributes, Vec<(usize, usize)>)> {
    let mut types: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut index: HashMap<Attributes, usize> = HashMap::new();
    for (v, attributes) in vehicles.enumerate() {
        let next = types.len();
        let t = *index.entry(attributes).or_insert(next);
        if t == next {
            types.push(Vec::new());
        }
        match types[t].last_mut() {
            Some((_, end)) if *end == v => *end = v + 1,
            _ => types[t].push((v, v + 1)),
        }
    }
    let mut merged: Vec<(usize, Attributes)> = index.into_iter().map(|(attributes, t)| (t, attributes)).collect();
    merged.sort_unstable_by_key(|&(t, _)| t);
    merged.into_iter().zip(types).map(|((_, attributes), numbers)| (attributes, numbers)).collect()
}

fn vehicle_type(a: Attributes, numbers: &[(usize, usize)], windows: &Column<TimeWindow>) -> VehicleType {
    let limit = |value: i64| (value < MAX_VALUE).then_some(value);
    let count = numbers.iter().map(|(start, end)| end - start).sum();
    let mut vehicle_type = VehicleType::new(count)
        .capacity(a.capacity)
        .depot(DepotId::new(a.depot as usize))
        .fixed_cost(a.fixed_cost)
        .cost_per_distance(a.cost_per_distance)
        .reload_depots(a.reload_depots.iter().map(|&d| DepotId::new(d as usize)).collect::<Vec<_>>())
        .name(fleet_numbers::name(numbers.iter().copied()));
    // The literature gives depots' opening hours; they bind the vehicles, not the depot.
    vehicle_type.shift = *windows.get(a.depot as usize);
    vehicle_type.max_distance = limit(a.max_distance);
    vehicle_type.max_duration = limit(a.max_duration);
    vehicle_type.max_trips = limit(a.max_reloads).map(|reloads| reloads as usize + 1);
    vehicle_type.allowed_clients = a.allowed.map(|list| list.iter().map(|&c| ClientId::new(c as usize)).collect());
    vehicle_type
}

/// A limit of each vehicle, under its own name or another one that applies to all.
fn limit(context: &mut Context<'_>, key: &str, other: &str, vehicles: usize) -> Column<i64> {
    let Some(specification) = context.specification(other) else {
        return context.column(key, vehicles, VEHICLE, Quantity::Limit, MAX_VALUE);
    };
    if context.has(key) {
        let kind = FaultKind::Conflict { other: "VEHICLES_MAX_DISTANCE or VEHICLES_MAX_DURATION" };
        context.faults.push(specification.line, other, "", kind);
    }
    context.column(other, vehicles, VEHICLE, Quantity::Limit, MAX_VALUE)
}

/// Capacities by load dimension; empty if vehicles are unlimited.
fn capacities(context: &mut Context<'_>, vehicles: usize, load_dimensions: usize) -> Column<Vec<i64>> {
    let given = context.loads("CAPACITY", vehicles, VEHICLE, Quantity::Limit);
    let found = given.get(0).len();
    if load_dimensions > 0 && !context.has("CAPACITY") {
        context.faults.push(None, "", "", FaultKind::NoCapacity);
    }
    if found > 0 && load_dimensions > 0 && found != load_dimensions {
        let section = context.section("CAPACITY_SECTION").map(|section| section.line);
        let line = section.or_else(|| context.specification("CAPACITY").map(|specification| specification.line));
        let kind = FaultKind::LoadDimensions { expected: load_dimensions, found };
        context.faults.push(line, "CAPACITY", "", kind);
    }
    let unlimited_if_all_are = |capacity: Vec<i64>| {
        if capacity.iter().all(|&q| q >= MAX_VALUE) { Vec::new() } else { capacity }
    };
    match given {
        Column::All(capacity) => Column::All(unlimited_if_all_are(capacity)),
        Column::Each(each) => Column::Each(each.into_iter().map(unlimited_if_all_are).collect()),
    }
}

/// The clients of each vehicle, ascending; `None` for a vehicle that may serve all.
fn allowed_clients(
    context: &mut Context<'_>,
    vehicles: usize,
    count: usize,
    depots: usize,
) -> Option<Vec<Option<Vec<u32>>>> {
    let section = context.section("VEHICLES_ALLOWED_CLIENTS_SECTION")?;
    if context.section("PICKUP_AND_DELIVERY_SECTION").is_some() {
        let kind = FaultKind::Conflict { other: "PICKUP_AND_DELIVERY_SECTION" };
        section.header().fault(&mut context.faults, "", kind);
        return None;
    }
    let lists = context.client_lists("VEHICLES_ALLOWED_CLIENTS_SECTION", vehicles, depots, count)?;
    let tidy = |mut list: Vec<u32>| {
        list.sort_unstable();
        list.dedup();
        (list.len() < count - depots).then_some(list)
    };
    Some(lists.into_iter().map(tidy).collect())
}

/// The depot of each vehicle.
fn homes(context: &mut Context<'_>, vehicles: usize, depots: usize, count: usize) -> Column<u32> {
    let Some(section) = context.section("VEHICLES_DEPOT_SECTION") else { return Column::All(0) };
    let Some(table) = context.table::<1>(section, vehicles, VEHICLE) else { return Column::All(0) };
    let home = |(place, [raw]): (crate::io::quantity::Place<'_>, [f64; 1])| {
        context.depot(place, raw, depots, count).unwrap_or(0) as u32
    };
    Column::Each(table.into_iter().map(home).collect())
}
