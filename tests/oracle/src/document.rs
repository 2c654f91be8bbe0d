//! Instances as JSON: a problem, and perhaps a plan to start from.

use milkrun::Problem;
use milkrun::io::json;
use milkrun::plan::RouteStops;
use serde_json::{Value, json};

use crate::factor::Choice;
use crate::generate::Instance;

/// The stops of routes, as milkrun's JSON says them.
fn routes(problem: &Problem, stops: &[RouteStops]) -> Value {
    let plan = milkrun::Plan::new(problem, stops.to_vec()).expect("stops of this problem");
    let stated: Value = serde_json::from_str(&json::write_plan(problem, &plan)).expect("what is written is JSON");
    let mut routes = stated["routes"].clone();
    for route in routes.as_array_mut().into_iter().flatten() {
        keep(route, &["vehicle_type", "trips"]);
        for trip in route["trips"].as_array_mut().into_iter().flatten() {
            keep(trip, &["start_depot", "end_depot", "visits"]);
            for visit in trip["visits"].as_array_mut().into_iter().flatten() {
                keep(visit, &["client", "pickup", "delivery", "dispose", "break", "rest"]);
            }
        }
    }
    json!({"milkrun": "plan", "version": 1, "routes": routes})
}

fn keep(value: &mut Value, fields: &[&str]) {
    if let Some(object) = value.as_object_mut() {
        object.retain(|field, value| fields.contains(&field.as_str()) && !value.is_null());
    }
}

/// The instance as one value with the fields `problem` and, where there is a plan to start from, `initial`.
pub(crate) fn write(instance: &Instance) -> Value {
    let text = json::write_problem(&instance.problem);
    let problem: Value = serde_json::from_str(&text).expect("what is written is JSON");
    match &instance.initial {
        Some(initial) => json!({"problem": problem, "initial": routes(&instance.problem, initial)}),
        None => json!({"problem": problem}),
    }
}

/// The instance of such a value; `None` where it is none.
pub(crate) fn read(value: &Value) -> Option<Instance> {
    let problem = json::read_problem(&value["problem"].to_string()).ok()?;
    let initial = match value.get("initial") {
        Some(initial) => Some(json::read_plan(&initial.to_string(), &problem).ok()?.route_stops().to_vec()),
        None => None,
    };
    Some(Instance { problem, initial, choice: Choice::default() })
}
