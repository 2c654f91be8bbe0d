//! From JSON to an [`Input`].

use std::collections::BTreeMap;

use serde_json::Value;

use super::input::{Break, Costs, Input, Job, Options, Shipment, Spot, Step, StepKind, Table, Tables, Task, Vehicle};
use crate::io::fields::{Fields, Found};
use crate::model::TimeWindow;
use crate::units::{MAX_COST, MAX_VALUE, Time};

/// The highest number of a skill.
const MAX_SKILL: i64 = (1 << 32) - 1;
/// From here on, times are counted from an origin of their own.
const LATE: i64 = MAX_VALUE / 2;

/// Reads a document.
pub(super) fn input(found: &mut Found, document: &Value) -> Input {
    let mut fields = Fields::new(found, "", document);
    let mut input = Input::default();
    let each = |fields: &mut Fields<'_>, found: &mut Found, key: &'static str| match fields.get(key) {
        Some(value) => found.list(key, value).to_vec(),
        None => Vec::new(),
    };
    let jobs = each(&mut fields, found, "jobs");
    let shipments = each(&mut fields, found, "shipments");
    let vehicles = each(&mut fields, found, "vehicles");
    input.jobs = jobs.iter().enumerate().map(|(i, value)| job(found, &format!("jobs[{i}]"), value)).collect();
    let shipment_of = |(i, value)| shipment(found, &format!("shipments[{i}]"), value);
    input.shipments = shipments.iter().enumerate().map(shipment_of).collect();
    let vehicle_of = |(i, value)| vehicle(found, &format!("vehicles[{i}]"), value);
    input.vehicles = vehicles.iter().enumerate().map(vehicle_of).collect();
    input.matrices = matrices(found, &mut fields);
    if let Some(value) = fields.get("options") {
        input.options = options(found, value);
    }
    fields.finish(found);
    if input.vehicles.is_empty() && vehicles.is_empty() {
        found.faults.add("vehicles", "", "there is none", "give at least one");
    }
    check(found, &mut input);
    let origin = origin(&input);
    shift(&mut input, origin);
    input
}

fn job(found: &mut Found, path: &str, value: &Value) -> Job {
    let mut fields = Fields::new(found, path, value);
    let task = task(found, &mut fields);
    let amount = fields.loads(found, "amount");
    let delivery = fields.loads(found, "delivery").or(amount).unwrap_or_default();
    let pickup = fields.loads(found, "pickup").unwrap_or_default();
    let skills = fields.integers(found, "skills", MAX_SKILL).unwrap_or_default();
    let priority = fields.integer(found, "priority", 0, 100).unwrap_or(0);
    fields.finish(found);
    Job { task, delivery, pickup, skills, priority }
}

fn task(found: &mut Found, fields: &mut Fields<'_>) -> Task {
    Task {
        id: fields.id(found),
        description: fields.text(found, "description"),
        spot: Spot { coord: fields.coord(found, "location"), index: fields.index(found, "location_index") },
        setup: fields.amount(found, "setup").unwrap_or(0),
        service: fields.amount(found, "service").unwrap_or(0),
        setup_per_type: fields.per_type(found, "setup_per_type"),
        service_per_type: fields.per_type(found, "service_per_type"),
        windows: fields.windows(found, "time_windows"),
    }
}

fn shipment(found: &mut Found, path: &str, value: &Value) -> Shipment {
    let mut fields = Fields::new(found, path, value);
    let mut end = |fields: &mut Fields<'_>, key: &'static str| {
        let value = fields.get(key).unwrap_or(&Value::Null);
        let mut of = Fields::new(found, fields.path(key), value);
        let task = if value.is_object() { task(found, &mut of) } else { Task::default() };
        of.finish(found);
        task
    };
    let (pickup, delivery) = (end(&mut fields, "pickup"), end(&mut fields, "delivery"));
    let amount = fields.loads(found, "amount").unwrap_or_default();
    let skills = fields.integers(found, "skills", MAX_SKILL).unwrap_or_default();
    let priority = fields.integer(found, "priority", 0, 100).unwrap_or(0);
    fields.finish(found);
    Shipment { pickup, delivery, amount, skills, priority }
}

fn vehicle(found: &mut Found, path: &str, value: &Value) -> Vehicle {
    let mut fields = Fields::new(found, path, value);
    let spot = |coord, index| Spot { coord, index };
    let start = spot(fields.coord(found, "start"), fields.index(found, "start_index"));
    let end = spot(fields.coord(found, "end"), fields.index(found, "end_index"));
    let there = |spot: Spot| Some(spot).filter(|spot| *spot != Spot::default());
    let vehicle = Vehicle {
        id: fields.id(found),
        profile: fields.text(found, "profile").unwrap_or_else(|| "car".to_owned()),
        description: fields.text(found, "description"),
        start: there(start),
        end: there(end),
        capacity: fields.loads(found, "capacity").unwrap_or_default(),
        costs: fields.get("costs").map_or_else(Costs::default, |value| costs(found, &fields.path("costs"), value)),
        skills: fields.integers(found, "skills", MAX_SKILL).unwrap_or_default(),
        kind: fields.text(found, "type"),
        window: fields.window(found, "time_window"),
        breaks: list(found, &mut fields, "breaks", pause).unwrap_or_default(),
        speed: speed(found, &mut fields),
        max_tasks: fields.amount(found, "max_tasks"),
        max_travel_time: fields.amount(found, "max_travel_time"),
        max_distance: fields.amount(found, "max_distance"),
        steps: list(found, &mut fields, "steps", step).map(|steps| steps.into_iter().flatten().collect()),
    };
    if vehicle.start.is_none() && vehicle.end.is_none() {
        found.faults.add(path, "", "has neither a start nor an end", "give start, end or both");
    }
    fields.finish(found);
    vehicle
}

fn list<T>(
    found: &mut Found,
    fields: &mut Fields<'_>,
    key: &'static str,
    each: impl Fn(&mut Found, &str, &Value) -> T,
) -> Option<Vec<T>> {
    let value = fields.get(key)?;
    let path = fields.path(key);
    let list = found.list(&path, value);
    Some(list.iter().enumerate().map(|(i, value)| each(found, &format!("{path}[{i}]"), value)).collect())
}

fn speed(found: &mut Found, fields: &mut Fields<'_>) -> i64 {
    let Some(value) = fields.get("speed_factor") else { return 100 };
    let hundredths = value.as_f64().map_or(0.0, |factor| (factor * 100.0).round());
    if !(1.0..=500.0).contains(&hundredths) {
        found.wrong(&fields.path("speed_factor"), value, "a number from 0.01 to 5");
        return 100;
    }
    hundredths as i64
}

fn costs(found: &mut Found, path: &str, value: &Value) -> Costs {
    let mut fields = Fields::new(found, path, value);
    let standard = Costs::default();
    let costs = Costs {
        fixed: fields.integer(found, "fixed", 0, MAX_COST).unwrap_or(standard.fixed),
        per_hour: fields.amount(found, "per_hour").unwrap_or(standard.per_hour),
        per_task_hour: fields.amount(found, "per_task_hour").unwrap_or(standard.per_task_hour),
        per_km: fields.amount(found, "per_km").unwrap_or(standard.per_km),
    };
    fields.finish(found);
    costs
}

fn pause(found: &mut Found, path: &str, value: &Value) -> Break {
    let mut fields = Fields::new(found, path, value);
    let pause = Break {
        id: fields.id(found),
        description: fields.text(found, "description"),
        service: fields.amount(found, "service").unwrap_or(0),
        windows: fields.windows(found, "time_windows"),
        max_load: fields.loads(found, "max_load"),
    };
    fields.finish(found);
    pause
}

fn step(found: &mut Found, path: &str, value: &Value) -> Option<Step> {
    let mut fields = Fields::new(found, path, value);
    let name = fields.get("type").unwrap_or(&Value::Null);
    let kind = StepKind::ALL.iter().find(|(known, _)| name.as_str() == Some(*known)).map(|&(_, kind)| kind);
    if kind.is_none() {
        found.wrong(&fields.path("type"), name, "one of start, job, pickup, delivery, break, end");
    }
    let kind = kind?;
    let id = if matches!(kind, StepKind::Start | StepKind::End) { 0 } else { fields.id(found) };
    let (at, after) = (fields.time(found, "service_at"), fields.time(found, "service_after"));
    let before = fields.time(found, "service_before");
    // Steps of an answer, given back, have more: it is known that they mean nothing here.
    Some(Step { kind, id, after: at.or(after), before: at.or(before) })
}

fn options(found: &mut Found, value: &Value) -> Options {
    let mut fields = Fields::new(found, "options", value);
    let options = Options {
        geometry: fields.flag(found, "g"),
        choose_eta: fields.flag(found, "c"),
        limit: fields.integer(found, "l", 0, 1 << 30),
        threads: fields.integer(found, "t", 1, 1024),
        explore: fields.integer(found, "x", 0, 5),
    };
    fields.finish(found);
    options
}

fn matrices(found: &mut Found, fields: &mut Fields<'_>) -> BTreeMap<String, Tables> {
    let mut all = BTreeMap::new();
    if let Some(value) = fields.get("matrix") {
        let durations = table(found, "matrix", value);
        all.insert("car".to_owned(), Tables { durations, ..Tables::default() });
    }
    let Some(value) = fields.get("matrices") else { return all };
    let Some(profiles) = value.as_object() else {
        found.wrong("matrices", value, "an object with the matrices of each profile");
        return all;
    };
    for (profile, value) in profiles {
        let path = format!("matrices.{profile}");
        let mut fields = Fields::new(found, &path, value);
        let mut of = |fields: &mut Fields<'_>, key: &'static str| {
            fields.get(key).and_then(|value| table(found, &fields.path(key), value))
        };
        let durations = of(&mut fields, "durations");
        let distances = of(&mut fields, "distances");
        let costs = of(&mut fields, "costs");
        fields.finish(found);
        all.insert(profile.clone(), Tables { durations, distances, costs });
    }
    all
}

/// A square table; what is beyond our largest value is unreachable.
fn table(found: &mut Found, path: &str, value: &Value) -> Option<Table> {
    let rows = found.list(path, value);
    if value.is_array() && rows.is_empty() {
        found.faults.add(path, "[]", "the matrix is empty", "leave it out, or give a row for each location");
    }
    let mut values = Vec::with_capacity(rows.len() * rows.len().min(1 << 12));
    for (i, row) in rows.iter().enumerate() {
        let path = format!("{path}[{i}]");
        let cells = found.list(&path, row);
        if row.is_array() && cells.len() != rows.len() {
            let message = format!("the row has {} values, but there are {} rows", cells.len(), rows.len());
            found.faults.add(&path, cells.len(), &message, "give a square matrix");
        }
        for (j, cell) in cells.iter().enumerate() {
            let read = cell.as_i64().filter(|value| *value >= 0);
            if read.is_none() {
                found.wrong(&format!("{path}[{j}]"), cell, "a whole number from 0 on");
            }
            values.push(read.unwrap_or(0).min(MAX_VALUE));
        }
    }
    (values.len() == rows.len() * rows.len() && !rows.is_empty()).then_some(Table { size: rows.len(), values })
}

/// Amounts of one length, and identifiers that are used once.
fn check(found: &mut Found, input: &mut Input) {
    let vehicles = input.vehicles.iter().enumerate();
    let mut amounts: Vec<(String, &Vec<i64>)> =
        vehicles.map(|(v, vehicle)| (format!("vehicles[{v}].capacity"), &vehicle.capacity)).collect();
    let given = |list: &Vec<i64>| !list.is_empty();
    for (j, job) in input.jobs.iter().enumerate() {
        let both = [("delivery", &job.delivery), ("pickup", &job.pickup)];
        amounts
            .extend(both.iter().filter(|(_, list)| given(list)).map(|(key, list)| (format!("jobs[{j}].{key}"), *list)));
    }
    let shipped = input.shipments.iter().enumerate().filter(|(_, shipment)| given(&shipment.amount));
    amounts.extend(shipped.map(|(s, shipment)| (format!("shipments[{s}].amount"), &shipment.amount)));
    let dimensions = amounts.iter().map(|(_, list)| list.len()).max().unwrap_or(0);
    for (path, list) in amounts.iter().filter(|(_, list)| list.len() != dimensions) {
        let message = format!("has {} values, but others have {dimensions}", list.len());
        found.faults.add(path, list.len(), &message, "give one value for each kind of load");
    }
    input.dimensions = dimensions;
    let mut seen = std::collections::HashSet::new();
    let kind_of =
        |path: &str| if path.starts_with("jobs") { "job" } else { path.rsplit('.').next().unwrap_or("") }.to_owned();
    for (path, task) in input.tasks() {
        if !seen.insert((kind_of(&path), task.id)) {
            found.faults.add(format!("{path}.id"), task.id, "is already used", "give each an id of its own");
        }
    }
    for (v, vehicle) in input.vehicles.iter().enumerate() {
        let mut seen = std::collections::HashSet::new();
        for (b, pause) in vehicle.breaks.iter().enumerate().filter(|(_, pause)| !seen.insert(pause.id)) {
            let path = format!("vehicles[{v}].breaks[{b}].id");
            found.faults.add(path, pause.id, "is already used", "give each break an id of its own");
        }
    }
}

/// What the times count from: 0, or the first of them where they are late, such as seconds since 1970.
fn origin(input: &Input) -> Time {
    let tasks = input.tasks().flat_map(|(_, task)| task.windows.clone()).collect::<Vec<_>>();
    let of =
        |v: &Vehicle| v.window.into_iter().chain(v.breaks.iter().flat_map(|b| b.windows.clone())).collect::<Vec<_>>();
    let steps =
        input.vehicles.iter().flat_map(|v| v.steps.iter().flatten()).filter_map(|step| step.after.or(step.before));
    let windows = tasks.into_iter().chain(input.vehicles.iter().flat_map(of));
    let first = windows.map(|window| window.early).filter(|&early| early != 0).chain(steps).min().unwrap_or(0);
    if first.abs() > LATE { first } else { 0 }
}

/// Subtracts the origin from all times.
fn shift(input: &mut Input, origin: Time) {
    input.origin = origin;
    let end = |time: Time| (time - origin).min(MAX_VALUE);
    let moved =
        |window: &mut TimeWindow| *window = TimeWindow::new((window.early - origin).max(-MAX_VALUE), end(window.late));
    let tasks = input.jobs.iter_mut().map(|job| &mut job.task);
    let ends = input.shipments.iter_mut().flat_map(|shipment| [&mut shipment.pickup, &mut shipment.delivery]);
    tasks.chain(ends).for_each(|task| task.windows.iter_mut().for_each(moved));
    for vehicle in &mut input.vehicles {
        vehicle.window.iter_mut().for_each(moved);
        vehicle.breaks.iter_mut().for_each(|pause| pause.windows.iter_mut().for_each(moved));
        for step in vehicle.steps.iter_mut().flatten() {
            (step.after, step.before) = (step.after.map(|time| time - origin), step.before.map(|time| time - origin));
        }
    }
}
