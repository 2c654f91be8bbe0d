//! What a plan's document states, held against what is so.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::plan_document::{CostDocument, PlanDocument, RouteDocument, TripDocument};
use crate::calendar::Origin;
use crate::plan::check::Discrepancy;

/// Every statement of a document that is wrong; fields that it leaves out state nothing. Routes without visits are no part of
/// a plan, and so of `found`: what they state must be so of a vehicle that stays where it is.
pub(super) fn discrepancies(mut stated: PlanDocument, mut found: PlanDocument, dimensions: usize) -> Vec<Discrepancy> {
    reword(&mut stated);
    reword(&mut found);
    let stated_routes = std::mem::take(&mut stated.routes);
    let found_routes = std::mem::take(&mut found.routes);
    let mut wrong = Vec::new();
    // Lists are taken apart one by one: as one value, a large plan takes much more memory than it has statements.
    object(&Path::Top, &stated, &found, "routes", &mut wrong, |path, wrong| {
        let mut found = found_routes.iter();
        for (r, route) in stated_routes.iter().enumerate() {
            let idle = (!is_driven(route)).then(|| idle(route, dimensions));
            if let Some(found) = idle.as_ref().or_else(|| found.next()) {
                self::route(&Path::Item(path, r), route, found, wrong);
            }
        }
    });
    wrong
}

/// Leaves what can be compared: neither the violations' order nor their wording is a statement, nor is what people say.
fn reword(document: &mut PlanDocument) {
    document.schema = None;
    // However it is spelled.
    if let Some(origin) = document.origin.as_ref().and_then(|text| Origin::new(text).ok()) {
        document.origin = Some(origin.to_string());
    }
    for visit in document.routes.iter_mut().flat_map(|route| &mut route.trips).flat_map(|trip| &mut trip.visits) {
        visit.remarks.clear();
        visit.tags.clear();
    }
    for violation in document.violations.iter_mut().flatten() {
        violation.message = None;
    }
    if let Some(violations) = &mut document.violations {
        violations.sort_unstable();
    }
}

/// Whether anything happens on the route.
fn is_driven(route: &RouteDocument) -> bool {
    route.trips.iter().any(|trip| !trip.visits.is_empty())
}

/// What is so of a vehicle that stays where it is: it takes no time, whenever that is, carries nothing and costs nothing.
fn idle(stated: &RouteDocument, dimensions: usize) -> RouteDocument {
    let of_trips = stated.trips.iter().flat_map(|trip| [trip.start, trip.departure, trip.arrival]);
    let time = [stated.start, stated.end].into_iter().chain(of_trips).flatten().next();
    let none = Some(0);
    let trips = stated.trips.iter().map(|trip| TripDocument {
        start_depot: trip.start_depot.clone(),
        end_depot: trip.end_depot.clone(),
        start: time,
        departure: time,
        arrival: time,
        distance: none,
        load: Some(vec![0; dimensions]),
        max_load: Some(vec![0; dimensions]),
        visits: Vec::new(),
    });
    RouteDocument {
        vehicle_type: stated.vehicle_type.clone(),
        start: time,
        end: time,
        duration: none,
        driving: none,
        waiting: none,
        work: none,
        pauses: none,
        paid: none,
        distance: none,
        consumed: none,
        emitted: none,
        cost: Some(CostDocument {
            fixed: none,
            distance: none,
            duration: none,
            overtime: none,
            waiting: none,
            windows: none,
            disposal: none,
            assignment: none,
            // They are the whole plan's.
            goals: None,
            unserved: None,
            total: none,
        }),
        trips: trips.collect(),
        remarks: String::new(),
        tags: BTreeMap::new(),
    }
}

fn route(path: &Path<'_>, stated: &RouteDocument, found: &RouteDocument, wrong: &mut Vec<Discrepancy>) {
    let bare = |route: &RouteDocument| RouteDocument {
        vehicle_type: route.vehicle_type.clone(),
        cost: route.cost.clone(),
        trips: Vec::new(),
        remarks: String::new(),
        tags: BTreeMap::new(),
        ..*route
    };
    object(path, &bare(stated), &bare(found), "trips", wrong, |path, wrong| {
        list(path, &stated.trips, &found.trips, wrong, trip);
    });
}

fn trip(path: &Path<'_>, stated: &TripDocument, found: &TripDocument, wrong: &mut Vec<Discrepancy>) {
    let bare = |trip: &TripDocument| TripDocument {
        start_depot: trip.start_depot.clone(),
        end_depot: trip.end_depot.clone(),
        load: trip.load.clone(),
        max_load: trip.max_load.clone(),
        visits: Vec::new(),
        ..*trip
    };
    object(path, &bare(stated), &bare(found), "visits", wrong, |path, wrong| {
        list(path, &stated.visits, &found.visits, wrong, |path, stated, found, wrong| {
            compare(path, &value(stated), &value(found), wrong);
        });
    });
}

/// Compares what two objects state; what they have under `inner` is compared by `compare_inner`.
fn object<T: Serialize>(
    path: &Path<'_>,
    stated: &T,
    found: &T,
    inner: &str,
    wrong: &mut Vec<Discrepancy>,
    compare_inner: impl FnOnce(&Path<'_>, &mut Vec<Discrepancy>),
) {
    let mut compare_inner = Some(compare_inner);
    if let (Value::Object(stated), Value::Object(found)) = (value(stated), value(found)) {
        for (key, stated) in &stated {
            let path = Path::Field(path, key);
            match compare_inner.take_if(|_| key == inner) {
                Some(compare_inner) => compare_inner(&path, wrong),
                None => compare(&path, stated, found.get(key).unwrap_or(&Value::Null), wrong),
            }
        }
    }
}

/// Compares two lists item by item; of lists of different lengths, nothing says which item is which.
fn list<T: Serialize>(
    path: &Path<'_>,
    stated: &[T],
    found: &[T],
    wrong: &mut Vec<Discrepancy>,
    mut compare_items: impl FnMut(&Path<'_>, &T, &T, &mut Vec<Discrepancy>),
) {
    if stated.len() != found.len() {
        wrong.push(discrepancy(path, &value(stated), &value(found)));
        return;
    }
    for (i, (stated, found)) in stated.iter().zip(found).enumerate() {
        compare_items(&Path::Item(path, i), stated, found, wrong);
    }
}

fn compare(path: &Path<'_>, stated: &Value, found: &Value, wrong: &mut Vec<Discrepancy>) {
    match (stated, found) {
        (Value::Object(stated), Value::Object(found)) => {
            for (key, stated) in stated {
                compare(&Path::Field(path, key), stated, found.get(key).unwrap_or(&Value::Null), wrong);
            }
        }
        (Value::Array(stated), Value::Array(found)) if stated.len() == found.len() => {
            for (i, (stated, found)) in stated.iter().zip(found).enumerate() {
                compare(&Path::Item(path, i), stated, found, wrong);
            }
        }
        _ if stated == found => {}
        _ => wrong.push(discrepancy(path, stated, found)),
    }
}

fn discrepancy(path: &Path<'_>, stated: &Value, found: &Value) -> Discrepancy {
    Discrepancy { path: path.to_string(), stated: stated.to_string(), found: found.to_string() }
}

/// Neither document can fail to be one: both have nothing but text for keys, and no fractions.
fn value(document: &(impl Serialize + ?Sized)) -> Value {
    serde_json::to_value(document).unwrap_or_default()
}

/// Where something is stated; written only where it is wrong.
#[derive(Clone, Copy)]
enum Path<'p> {
    Top,
    Field(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Top => Ok(()),
            Self::Field(Path::Top, key) => f.write_str(key),
            Self::Field(parent, key) => write!(f, "{parent}.{key}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}
