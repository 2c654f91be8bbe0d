//! The vehicles of a document.

use serde_json::Value;

use super::clock;
use super::input::{Costs, Pause, Reload, Shift, Vehicle};
use super::places::Locations;
use super::read::{duration, location};
use crate::io::fields::{Fields, Found};
use crate::model::TimeWindow;
use crate::units::{MAX_VALUE, Time};

/// The greatest factor on travel times.
const MAX_SCALE: f64 = 100.0;

pub(super) fn vehicles(found: &mut Found, fields: &mut Fields<'_>, locations: &mut Locations) -> Vec<Vehicle> {
    let values = fields.values(found, "vehicles");
    if values.is_empty() {
        found.faults.add(fields.path("vehicles"), "", "there is none", "give at least one");
    }
    values.iter().map(|(path, value)| vehicle(found, path, value, locations)).collect()
}

fn vehicle(found: &mut Found, path: &str, value: &Value, locations: &mut Locations) -> Vehicle {
    let mut fields = Fields::new(found, path, value);
    let mut vehicle = Vehicle {
        type_id: fields.needed_text(found, "typeId"),
        ids: fields.texts(found, "vehicleIds"),
        scale: 1.0,
        costs: costs(found, &mut fields),
        skills: fields.texts(found, "skills"),
        ..Vehicle::default()
    };
    if vehicle.ids.is_empty() {
        found.faults.add(fields.path("vehicleIds"), "", "there is none", "give at least one");
    }
    match fields.get("profile") {
        // As older documents have it.
        Some(Value::String(name)) => vehicle.profile.clone_from(name),
        Some(value) => {
            let mut own = Fields::new(found, fields.path("profile"), value);
            vehicle.profile = own.needed_text(found, "matrix");
            vehicle.scale = own.number(found, "scale", 0.01, MAX_SCALE).unwrap_or(1.0);
            own.finish(found);
        }
        None => fields.missing(found, "profile"),
    }
    match fields.loads(found, "capacity") {
        Some(capacity) => vehicle.capacity = capacity,
        None if fields.get("capacity").is_none() => fields.missing(found, "capacity"),
        None => {}
    }
    if let Some(value) = fields.get("limits") {
        limits(found, &fields.path("limits"), value, &mut vehicle);
    }
    for (path, value) in fields.values(found, "shifts") {
        if let Some(shift) = shift(found, &path, value, locations) {
            vehicle.shifts.push(shift);
        }
    }
    if fields.get("shifts").is_none_or(|value| value.as_array().is_some_and(Vec::is_empty)) {
        found.faults.add(fields.path("shifts"), "", "there is none", "give at least one");
    }
    fields.finish(found);
    vehicle
}

fn costs(found: &mut Found, fields: &mut Fields<'_>) -> Costs {
    let Some(value) = fields.get("costs") else {
        fields.missing(found, "costs");
        return Costs::default();
    };
    let mut own = Fields::new(found, fields.path("costs"), value);
    let mut cost = |key| own.number(found, key, 0.0, 1e9).unwrap_or(0.0);
    let costs = Costs { fixed: cost("fixed"), distance: cost("distance"), time: cost("time") };
    own.finish(found);
    costs
}

fn limits(found: &mut Found, path: &str, value: &Value, vehicle: &mut Vehicle) {
    let mut fields = Fields::new(found, path, value);
    let most = |number: f64| number.floor() as i64;
    vehicle.max_distance = fields.number(found, "maxDistance", 0.0, MAX_VALUE as f64).map(most);
    let duration = fields.number(found, "maxDuration", 0.0, MAX_VALUE as f64);
    // As older documents call it.
    let older = fields.number(found, "shiftTime", 0.0, MAX_VALUE as f64);
    vehicle.max_duration = duration.or(older).map(most);
    vehicle.max_stops = fields.amount(found, "tourSize").map(|stops| stops as usize);
    let message = "areas are not planned";
    for key in ["areas", "allowedAreas"] {
        fields.refuse(found, key, message, "leave them out; use skills for where vehicles may go");
    }
    fields.finish(found);
}

fn shift(found: &mut Found, path: &str, value: &Value, locations: &mut Locations) -> Option<Shift> {
    let mut fields = Fields::new(found, path, value);
    let mut shift = Shift::default();
    match fields.get("start") {
        Some(value) => {
            let mut own = Fields::new(found, fields.path("start"), value);
            shift.start = location(found, &mut own, locations);
            if own.get("earliest").is_none() {
                own.missing(found, "earliest");
            }
            shift.earliest = clock::field(found, &mut own, "earliest").unwrap_or(0);
            shift.latest = clock::field(found, &mut own, "latest");
            if shift.latest.is_some_and(|latest| latest < shift.earliest) {
                found.faults.add(own.path("latest"), "", "is before the earliest departure", "swap the two times");
            }
            own.finish(found);
        }
        None => fields.missing(found, "start"),
    }
    if let Some(value) = fields.get("end") {
        let mut own = Fields::new(found, fields.path("end"), value);
        let place = location(found, &mut own, locations);
        if clock::field(found, &mut own, "earliest").is_some() {
            let path = own.path("earliest");
            found.warnings.push(format!("{path}: the format reserves it; it is not planned"));
        }
        if own.get("latest").is_none() {
            own.missing(found, "latest");
        }
        let latest = clock::field(found, &mut own, "latest").unwrap_or(Time::MAX);
        if latest < shift.earliest {
            found.faults.add(own.path("latest"), "", "is before the earliest departure", "swap the two times");
        }
        shift.end = Some((place, latest));
        own.finish(found);
    }
    for (path, value) in fields.values(found, "breaks") {
        let pause = pause(found, &path, value, &shift, locations);
        shift.breaks.extend(pause);
    }
    for (path, value) in fields.values(found, "reloads") {
        let reload = reload(found, &path, value, locations);
        shift.reloads.push(reload);
    }
    let message = "charging between stops is not planned";
    fields.refuse(found, "recharges", message, "leave it out; limit the distance by `limits.maxDistance`");
    let message = "loading elsewhere than at the start is not planned";
    fields.refuse(found, "dispatch", message, "start the shift where it loads");
    fields.finish(found);
    value.is_object().then_some(shift)
}

fn reload(found: &mut Found, path: &str, value: &Value, locations: &mut Locations) -> Reload {
    let mut fields = Fields::new(found, path, value);
    let location = location(found, &mut fields, locations);
    let windows = clock::windows(found, &mut fields, "times");
    if windows.len() > 1 {
        let message = "a reload has one time window here";
        found.faults.add(fields.path("times"), windows.len(), message, "give the one that applies");
    }
    let reload = Reload {
        location,
        duration: duration(found, &mut fields, "duration"),
        window: windows.first().copied(),
        tag: fields.text(found, "tag"),
    };
    let message = "reloads whose supplies vehicles share are not planned";
    fields.refuse(found, "resourceId", message, "leave it out");
    fields.finish(found);
    reload
}

fn pause(found: &mut Found, path: &str, value: &Value, shift: &Shift, locations: &mut Locations) -> Option<Pause> {
    let mut fields = Fields::new(found, path, value);
    let policy = fields.text(found, "policy");
    let mut pause = Pause::default();
    let is_required = fields.get("places").is_none();
    if is_required {
        // A required break is only a time and a duration.
        pause.duration = duration(found, &mut fields, "duration");
    } else {
        let places = fields.values(found, "places");
        if places.len() != 1 {
            let message = "a break has one place here";
            found.faults.add(fields.path("places"), places.len(), message, "give the one that applies");
        }
        for (path, value) in places.into_iter().take(1) {
            let mut own = Fields::new(found, path, value);
            pause.duration = duration(found, &mut own, "duration");
            if let Some(value) = own.get("location") {
                pause.location = Some(locations.read(found, &own.path("location"), value));
            }
            pause.tag = own.text(found, "tag");
            own.finish(found);
        }
        if policy.as_deref() != Some("skip-if-arrival-before-end") {
            let told = "it is taken on tours that end after its time, and on no others";
            found.warnings.push(format!("{path}: {told}, as policy skip-if-arrival-before-end has it"));
        }
    }
    if let Some(policy) = policy.filter(|policy| !policy.starts_with("skip-if-")) {
        found.faults.add(fields.path("policy"), policy, "is not a policy", "leave it out");
    }
    let time = fields.get("time");
    if time.is_none() {
        fields.missing(found, "time");
    }
    let start = time.and_then(|value| due(found, &fields.path("time"), value, shift));
    fields.finish(found);
    pause.start = start?;
    Some(pause)
}

/// When a break starts: between two times, or so many seconds after a departure that is fixed.
fn due(found: &mut Found, path: &str, value: &Value, shift: &Shift) -> Option<TimeWindow> {
    let pair = match value {
        Value::Array(pair) if pair.len() == 2 => [pair[0].clone(), pair[1].clone()],
        Value::Object(_) => {
            let mut own = Fields::new(found, path, value);
            let pair = ["earliest", "latest"].map(|key| own.get(key).cloned().unwrap_or(Value::Null));
            own.finish(found);
            pair
        }
        Value::Array(_) => {
            found.wrong(path, value, "a pair of times");
            return None;
        }
        moment => [moment.clone(), moment.clone()],
    };
    if pair.iter().all(Value::is_string) {
        return clock::window(found, path, &Value::Array(pair.to_vec()));
    }
    let [early, late] = pair.map(|offset| found.number(path, &offset, 0.0, MAX_VALUE as f64));
    let (early, late) = (early?.round() as i64, late?.round() as i64);
    if early > late {
        found.faults.add(path, value, "ends before it begins", "swap the two");
        return None;
    }
    if shift.latest != Some(shift.earliest) {
        let message = "counts from a departure that is not fixed";
        let remedy = "give times of the day, or the shift's start the same `latest` as `earliest`";
        found.faults.add(path, value, message, remedy);
        return None;
    }
    Some(TimeWindow::new(shift.earliest + early, shift.earliest + late))
}
