//! Makes a failing problem as small as it can be.
//!
//! The problem is shrunk as a document, so that future rules of the model are shrunk, too: every part of the document
//! is removed without which it is still a problem that fails in the same manner.

use serde_json::Value;

use crate::compare::{Effort, Verdict, compare};
use crate::document;
use crate::generate::Instance;
use crate::oracle::Limits;

/// A step from a value into it.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Field(String),
    Item(usize),
}

/// The smallest instance found that fails as the given one does, and its verdict.
pub fn shrink(instance: &Instance, effort: Effort, limits: &Limits, verdict: Verdict) -> (Instance, Verdict) {
    let mut value = document::write(instance);
    let mut best = (instance.clone(), verdict);
    let outcome = best.1.outcome;
    loop {
        let before = value.clone();
        let mut at = 0;
        while let Some(path) = paths(&value).get(at) {
            let mut shorter = false;
            for candidate in smaller(&value, path) {
                let Some(smaller) = document::read(&candidate) else { continue };
                let verdict = compare(&smaller, effort, limits);
                if verdict.outcome == outcome {
                    shorter = removed(&value, &candidate, path);
                    value = candidate;
                    best = (smaller, verdict);
                    break;
                }
            }
            // What followed something that is gone stands in its place.
            at += usize::from(!shorter);
        }
        if value == before {
            return best;
        }
    }
}

/// The paths to everything in the value, the outermost first.
fn paths(value: &Value) -> Vec<Vec<Step>> {
    fn collect(value: &Value, path: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
        if !path.is_empty() {
            found.push(path.clone());
        }
        let inner: Vec<(Step, &Value)> = match value {
            Value::Object(fields) => fields.iter().map(|(name, value)| (Step::Field(name.clone()), value)).collect(),
            Value::Array(items) => items.iter().enumerate().map(|(i, value)| (Step::Item(i), value)).rev().collect(),
            _ => Vec::new(),
        };
        for (step, value) in inner {
            path.push(step);
            collect(value, path, found);
            path.pop();
        }
    }
    let mut found = Vec::new();
    collect(value, &mut Vec::new(), &mut found);
    found
}

fn reach<'a>(value: &'a mut Value, path: &[Step]) -> Option<&'a mut Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Field(name) => value.get_mut(name),
        Step::Item(index) => value.get_mut(index),
    })
}

/// The value without what the path leads to, or with smaller numbers there.
fn smaller(value: &Value, path: &[Step]) -> Vec<Value> {
    let Some((last, outer)) = path.split_last() else { return Vec::new() };
    let mut candidates = Vec::new();
    let mut without = value.clone();
    match (reach(&mut without, outer), last) {
        (Some(Value::Object(fields)), Step::Field(name)) => {
            fields.remove(name);
        }
        (Some(Value::Array(items)), Step::Item(index)) => {
            items.remove(*index);
        }
        _ => {}
    }
    if let [Step::Field(problem), Step::Field(list), Step::Item(index)] = path
        && problem == "problem"
        && list == "locations"
    {
        leave_out_of_matrices(&mut without, *index);
    }
    candidates.push(without);
    let mut other = value.clone();
    let Some(place) = reach(&mut other, path) else { return candidates };
    if let Some(number) = place.as_f64() {
        let number = number.round() as i64;
        for less in [0, number / 10 * 10, number / 2, number - number.signum()] {
            if less != number {
                let mut candidate = value.clone();
                if let Some(place) = reach(&mut candidate, path) {
                    *place = Value::from(less);
                }
                candidates.push(candidate);
            }
        }
    }
    candidates
}

/// A location without its row and column.
fn leave_out_of_matrices(value: &mut Value, location: usize) {
    for profile in value["problem"]["travel"]["profiles"].as_array_mut().into_iter().flatten() {
        for matrix in profile.as_object_mut().into_iter().flat_map(|fields| fields.values_mut()) {
            let Some(rows) = matrix.as_array_mut() else { continue };
            if location < rows.len() {
                rows.remove(location);
            }
            for row in rows.iter_mut().filter_map(Value::as_array_mut) {
                if location < row.len() {
                    row.remove(location);
                }
            }
        }
    }
}

/// Whether what the path leads to is gone, rather than smaller.
fn removed(before: &Value, after: &Value, path: &[Step]) -> bool {
    let Some((_, outer)) = path.split_last() else { return false };
    let length = |value: &Value| match reach(&mut value.clone(), outer) {
        Some(Value::Object(fields)) => fields.len(),
        Some(Value::Array(items)) => items.len(),
        _ => 0,
    };
    length(after) < length(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_leaves_with_its_row_and_column() {
        let text = r#"{"problem": {"locations": [{}, {}], "travel": {"profiles": [{"distance": [[0, 1], [2, 0]]}]}}}"#;
        let value: Value = serde_json::from_str(text).unwrap();
        let path = [Step::Field("problem".into()), Step::Field("locations".into()), Step::Item(0)];
        let without = smaller(&value, &path).remove(0);
        assert_eq!(without["problem"]["travel"]["profiles"][0]["distance"].to_string(), "[[0]]");
        assert_eq!(without["problem"]["locations"].as_array().unwrap().len(), 1);
    }
}
