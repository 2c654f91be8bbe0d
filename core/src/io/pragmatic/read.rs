//! From JSON to an [`Input`].

use std::collections::HashSet;

use serde_json::Value;

use super::input::{Input, Job, Kind, Profile, Relation, RelationKind, Skills, Task, TaskPlace};
use super::places::Locations;
use super::{clock, fleet, objective};
use crate::io::fields::{Fields, Found};
use crate::units::{Duration, MAX_VALUE, Time};

/// Jobs' names that mean something else.
pub(super) const RESERVED: [&str; 6] = ["departure", "arrival", "break", "reload", "dispatch", "recharge"];
/// Seconds of a day.
const DAY: Time = 86_400;
/// Metres per second where neither a matrix nor the profile says more.
const SPEED: f64 = 10.0;

/// A document without members that are null, which mean the same as missing ones.
pub(super) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let members = map.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(members.map(|(key, value)| (key, without_nulls(value))).collect())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

/// Reads a document.
pub(super) fn input(found: &mut Found, document: &Value) -> Input {
    let mut fields = Fields::new(found, "", document);
    let mut input = Input::default();
    let nothing = Value::Object(serde_json::Map::new());
    for key in ["plan", "fleet"] {
        if fields.get(key).is_none() {
            fields.missing(found, key);
        }
    }
    plan(found, &mut input, fields.get("plan").unwrap_or(&nothing));
    let fleet = fields.get("fleet").unwrap_or(&nothing);
    let mut of_fleet = Fields::new(found, "fleet", fleet);
    input.vehicles = fleet::vehicles(found, &mut of_fleet, &mut input.locations);
    input.profiles = profiles(found, &mut of_fleet);
    let message = "reloads whose supplies vehicles share are not planned";
    of_fleet.refuse(found, "resources", message, "leave them out, with the `resourceId` of reloads");
    of_fleet.finish(found);
    let has_value = input.jobs.iter().any(|job| job.value > 0.0);
    input.objective = objective::read(found, &mut fields, has_value);
    fields.finish(found);
    check(found, &input);
    let loads = input.jobs.iter().flat_map(|job| &job.tasks).map(|task| task.demand.len());
    input.dimensions = loads.chain(input.vehicles.iter().map(|vehicle| vehicle.capacity.len())).max().unwrap_or(0);
    input.origin = origin(&input);
    input
}

fn plan(found: &mut Found, input: &mut Input, value: &Value) {
    let mut fields = Fields::new(found, "plan", value);
    let jobs = fields.values(found, "jobs");
    if jobs.is_empty() && value.is_object() {
        found.faults.add("plan.jobs", "", "there is none", "give at least one");
    }
    for (path, value) in jobs {
        let job = job(found, &path, value, &mut input.locations);
        input.jobs.push(job);
    }
    input.relations =
        fields.values(found, "relations").iter().filter_map(|(path, value)| relation(found, path, value)).collect();
    let message = "several jobs at one stop are planned one by one";
    fields.refuse(found, "clustering", message, "leave it out; join the jobs of a place before");
    let message = "areas of jobs are not planned";
    fields.refuse(found, "areas", message, "leave them out; use skills for where vehicles may go");
    fields.finish(found);
}

fn job(found: &mut Found, path: &str, value: &Value, locations: &mut Locations) -> Job {
    let mut fields = Fields::new(found, path, value);
    let mut job = Job { id: fields.needed_text(found, "id"), ..Job::default() };
    for (key, kind) in Kind::KEYS {
        for (path, value) in fields.values(found, key) {
            job.tasks.push(task(found, &path, value, kind, locations));
        }
    }
    job.skills = skills(found, &mut fields);
    job.value = fields.number(found, "value", 0.0, 1e9).unwrap_or(0.0);
    job.group = fields.text(found, "group");
    job.compatibility = fields.text(found, "compatibility");
    let message = "in which part of a tour a job is done is not planned by its rank";
    let remedy = "leave it out; use `value` for what matters more, and time windows or relations for what comes first";
    for key in ["order", "priority"] {
        refuse_order(found, &mut fields, key, message, remedy);
    }
    fields.finish(found);
    if job.tasks.is_empty() && value.is_object() {
        let message = "has no task";
        found.faults.add(path, &job.id, message, "give pickups, deliveries, replacements or services");
    }
    job
}

/// A rank of 1 is the usual one.
fn refuse_order(found: &mut Found, fields: &mut Fields<'_>, key: &'static str, message: &str, remedy: &str) {
    if fields.get(key).is_some_and(|value| value.as_i64() != Some(1)) {
        fields.refuse(found, key, message, remedy);
    }
}

fn task(found: &mut Found, path: &str, value: &Value, kind: Kind, locations: &mut Locations) -> Task {
    let mut fields = Fields::new(found, path, value);
    let tag = fields.text(found, "tag");
    let mut task = Task { kind, ..Task::default() };
    for (path, value) in fields.values(found, "places") {
        let mut own = Fields::new(found, path, value);
        let location = location(found, &mut own, locations);
        task.places.push(TaskPlace {
            location,
            duration: duration(found, &mut own, "duration"),
            windows: clock::windows(found, &mut own, "times"),
            tag: own.text(found, "tag").or_else(|| tag.clone()),
        });
        own.finish(found);
    }
    if task.places.is_empty() && value.is_object() {
        found.faults.add(fields.path("places"), "", "there is none", "give at least one");
    }
    let demand = fields.loads(found, "demand");
    match (kind, &demand) {
        (Kind::Service, Some(demand)) if demand.iter().any(|&amount| amount > 0) => {
            let message = "a service carries nothing";
            found.faults.add(fields.path("demand"), "", message, "leave it out, or make it a pickup or delivery");
        }
        (Kind::Pickup | Kind::Delivery | Kind::Replacement, None) => fields.missing(found, "demand"),
        _ => {}
    }
    task.demand = demand.unwrap_or_default();
    let message = "in which part of a tour a task is done is not planned by its rank";
    refuse_order(found, &mut fields, "order", message, "leave it out; use time windows or relations");
    fields.finish(found);
    task
}

fn skills(found: &mut Found, fields: &mut Fields<'_>) -> Skills {
    let Some(value) = fields.get("skills") else { return Skills::default() };
    if value.is_array() {
        // As older documents have it.
        return Skills { all: fields.texts(found, "skills"), ..Skills::default() };
    }
    let mut own = Fields::new(found, fields.path("skills"), value);
    let skills =
        Skills { all: own.texts(found, "allOf"), one: own.texts(found, "oneOf"), none: own.texts(found, "noneOf") };
    own.finish(found);
    skills
}

/// The place of something, which must be there.
pub(super) fn location(found: &mut Found, fields: &mut Fields<'_>, locations: &mut Locations) -> usize {
    if let Some(value) = fields.get("location") {
        return locations.read(found, &fields.path("location"), value);
    }
    fields.missing(found, "location");
    0
}

/// A duration, to the nearest second.
pub(super) fn duration(found: &mut Found, fields: &mut Fields<'_>, key: &'static str) -> Duration {
    if fields.get(key).is_none() {
        fields.missing(found, key);
    }
    fields.number(found, key, 0.0, MAX_VALUE as f64).map_or(0, |seconds| seconds.round() as i64)
}

fn relation(found: &mut Found, path: &str, value: &Value) -> Option<Relation> {
    let mut fields = Fields::new(found, path, value);
    let kind = match fields.needed_text(found, "type").as_str() {
        "any" => Some(RelationKind::Any),
        "sequence" => Some(RelationKind::Sequence),
        "strict" => Some(RelationKind::Strict),
        "" => None,
        other => {
            found.faults.add(fields.path("type"), other, "is not a kind of relation", "use any, sequence or strict");
            None
        }
    };
    let jobs = fields.texts(found, "jobs");
    if jobs.is_empty() {
        found.faults.add(fields.path("jobs"), "", "there is none", "name at least one, or remove the relation");
    }
    let vehicle_id = fields.needed_text(found, "vehicleId");
    let shift = fields.index(found, "shiftIndex").unwrap_or(0);
    fields.finish(found);
    Some(Relation { kind: kind?, jobs, vehicle_id, shift })
}

fn profiles(found: &mut Found, fields: &mut Fields<'_>) -> Vec<Profile> {
    let mut profiles = Vec::new();
    for (path, value) in fields.values(found, "profiles") {
        let mut own = Fields::new(found, path, value);
        let name = own.needed_text(found, "name");
        let speed = own.number(found, "speed", 0.1, 100.0).unwrap_or(SPEED);
        // Older documents have it; it never meant anything.
        own.text(found, "type");
        own.finish(found);
        profiles.push(Profile { name, speed });
    }
    if profiles.is_empty() {
        found.faults.add("fleet.profiles", "", "there is none", "give at least one, with a name");
    }
    profiles
}

/// Names that are used twice, or that name nothing.
fn check(found: &mut Found, input: &Input) {
    let mut seen = HashSet::new();
    for (j, job) in input.jobs.iter().enumerate() {
        if RESERVED.contains(&job.id.as_str()) {
            found.faults.add(format!("plan.jobs[{j}].id"), &job.id, "means something else", "use another name");
        }
        if !seen.insert(&job.id) {
            found.faults.add(format!("plan.jobs[{j}].id"), &job.id, "is another job's, too", "use each name once");
        }
    }
    let mut seen = HashSet::new();
    for (p, profile) in input.profiles.iter().enumerate() {
        if !seen.insert(&profile.name) {
            let path = format!("fleet.profiles[{p}].name");
            found.faults.add(path, &profile.name, "is another profile's, too", "use each name once");
        }
    }
    let (mut types, mut ids) = (HashSet::new(), HashSet::new());
    for (v, vehicle) in input.vehicles.iter().enumerate() {
        let path = format!("fleet.vehicles[{v}]");
        if !types.insert(&vehicle.type_id) {
            let message = "is another type's, too";
            found.faults.add(format!("{path}.typeId"), &vehicle.type_id, message, "use each name once");
        }
        for (i, id) in vehicle.ids.iter().enumerate() {
            if !ids.insert(id) {
                let path = format!("{path}.vehicleIds[{i}]");
                found.faults.add(path, id, "is another vehicle's, too", "use each name once");
            }
        }
        if !seen.contains(&vehicle.profile) {
            let message = "is not a profile of the fleet";
            found.faults.add(
                format!("{path}.profile.matrix"),
                &vehicle.profile,
                message,
                "correct it, or add the profile",
            );
        }
    }
}

/// Midnight before the first time of the document.
fn origin(input: &Input) -> Time {
    let shifts = input.vehicles.iter().flat_map(|vehicle| &vehicle.shifts);
    let first = shifts.map(|shift| shift.earliest).min().unwrap_or(0);
    first.div_euclid(DAY) * DAY
}
