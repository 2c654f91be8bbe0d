//! Patches of a problem's document.

use serde_json::{Map, Value};

use super::parse::parse;
use super::problem_document::ProblemDocument;
use super::write_problem::document;
use super::{JsonError, JsonFault};
use crate::listing::Listing;
use crate::model::Problem;

/// The problem with a patch of its document: a JSON merge patch (RFC 7396) in which the elements of a list can be named, too.
///
/// A field that the patch has replaces the problem's; `null` removes it; objects are patched in turn. Where the problem has a list
/// and the patch an object, the object's keys are names or indices of elements, and `+` adds an element, or a list of them. An
/// element cannot be removed. Travel stays as it is unless the patch says otherwise.
///
/// ```
/// use milkrun::io::json;
///
/// let problem = json::read_problem(r#"{
///     "milkrun": "problem", "version": 1,
///     "depots": [{"name": "yard", "location": {"x": 0, "y": 0}}],
///     "vehicle_types": [{"name": "van", "count": 3, "start": "yard", "end": "yard", "shift": [0, 100]}]
/// }"#).unwrap();
/// let patch = serde_json::json!({"vehicle_types": {"van": {"count": 2, "shift": null}}});
/// let patched = json::merge_problem(&problem, &patch).unwrap();
/// assert_eq!(patched.vehicle_types()[0].count, 2);
/// assert!(patched.vehicle_types()[0].shift.is_always());
///
/// let patch = serde_json::json!({"vehicle_types": {"truck": {"count": 2}}});
/// let error = json::merge_problem(&problem, &patch).unwrap_err();
/// assert!(error.to_string().contains("no element is called \"truck\""));
/// ```
///
/// # Errors
///
/// [`JsonError::Content`] where the patch names elements that do not exist; else as [`read_problem`](super::read_problem) of the
/// patched document.
pub fn merge_problem(problem: &Problem, patch: &Value) -> Result<Problem, JsonError> {
    let mut original = document(problem);
    let travel = patch.get("travel").is_none().then(|| problem.travel().clone());
    if travel.is_some() {
        // Matrices are large, and stay.
        original.travel = None;
    }
    let mut merged = serde_json::to_value(&original).unwrap_or_default();
    let mut faults = Listing::default();
    merge(&mut merged, patch, "", &mut faults);
    if !faults.is_empty() {
        return Err(JsonError::Content { faults: faults.kept, omitted: faults.omitted });
    }
    parse::<ProblemDocument>(&merged.to_string(), "problem", super::problem_schema)?.build(travel)
}

fn merge(target: &mut Value, patch: &Value, path: &str, faults: &mut Listing<JsonFault>) {
    match (target, patch) {
        (Value::Array(list), Value::Object(patch)) => {
            let originals = list.len();
            for (key, patch) in patch {
                let path = format!("{path}[{key:?}]");
                match element(&list[..originals], key, &path) {
                    Ok(_) if patch.is_null() => faults.push(JsonFault::RemovedElement { path }),
                    Ok(index) => merge(&mut list[index], patch, &path, faults),
                    Err(_) if key == "+" => match patch {
                        Value::Array(more) => list.extend(more.iter().cloned()),
                        one => list.push(one.clone()),
                    },
                    Err(fault) => faults.push(fault),
                }
            }
        }
        (target, Value::Object(patch)) => {
            if !target.is_object() {
                *target = Value::Object(Map::new());
            }
            let Value::Object(fields) = target else { return };
            for (key, patch) in patch {
                if patch.is_null() {
                    fields.remove(key);
                } else {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    merge(fields.entry(key.as_str()).or_insert(Value::Null), patch, &path, faults);
                }
            }
        }
        (target, patch) => *target = patch.clone(),
    }
}

/// The index of the element of this name or, if there is none, of this number.
fn element(list: &[Value], key: &str, path: &str) -> Result<usize, JsonFault> {
    let named = |value: &&Value| value.get("name").and_then(Value::as_str) == Some(key);
    match list.iter().filter(named).count() {
        1 => Ok(list.iter().position(|value| named(&value)).unwrap_or(0)),
        0 => match key.parse::<usize>() {
            Ok(index) if index < list.len() => Ok(index),
            Ok(index) => {
                Err(JsonFault::UnknownIndex { path: path.to_owned(), kind: "element", index, count: list.len() })
            }
            Err(_) => Err(JsonFault::UnknownName { path: path.to_owned(), kind: "element", name: key.to_owned() }),
        },
        count => Err(JsonFault::AmbiguousName { path: path.to_owned(), kind: "element", name: key.to_owned(), count }),
    }
}
