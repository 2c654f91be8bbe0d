//! The interface's description against the rules of `OpenAPI` 3.1.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::http::document;

/// All references of a document, wherever they stand.
fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// The names in a path's braces.
fn places(path: &str) -> BTreeSet<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

/// What is wrong with the parameters of an operation.
fn of_parameters(path: &str, operation: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    let mut in_path = BTreeSet::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let (name, place) = (parameter["name"].as_str().unwrap_or(""), parameter["in"].as_str().unwrap_or(""));
        if !seen.insert((name, place)) {
            faults.push(format!("{name} in {place} stands there twice"));
        }
        match place {
            "path" => {
                in_path.insert(name);
                if parameter["required"] != Value::Bool(true) {
                    faults.push(format!("{name} in the path must be required"));
                }
            }
            "query" | "header" | "cookie" => {}
            other => faults.push(format!("{name} is in {other:?}")),
        }
        if parameter.get("schema").is_none() && parameter.get("content").is_none() {
            faults.push(format!("{name} has no schema"));
        }
    }
    if in_path != places(path) {
        faults.push(format!("{in_path:?} are said to be in the path, and {:?} are", places(path)));
    }
    faults
}

#[test]
fn it_follows_the_rules() {
    let document = serde_json::to_value(document()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let (mut faults, mut ids, mut parameters) = (Vec::new(), BTreeSet::new(), 0);
    for (path, item) in document["paths"].as_object().unwrap() {
        assert!(path.starts_with('/'), "{path}");
        for (method, operation) in item.as_object().unwrap() {
            let mut fault = |text: String| faults.push(format!("{method} {path}: {text}"));
            if !["get", "put", "post", "delete", "patch"].contains(&method.as_str()) {
                fault("is not a method".to_owned());
            }
            if !ids.insert(operation["operationId"].as_str().unwrap_or("").to_owned()) {
                fault(format!("the id {} stands there twice", operation["operationId"]));
            }
            let responses = operation["responses"].as_object().unwrap();
            if !responses.keys().any(|status| status.starts_with('2')) {
                fault("never succeeds".to_owned());
            }
            for (status, response) in responses {
                if response["description"].as_str().is_none_or(str::is_empty) {
                    fault(format!("{status} has no description"));
                }
            }
            if ["get", "delete"].contains(&method.as_str()) && operation.get("requestBody").is_some() {
                fault("has a body".to_owned());
            }
            of_parameters(path, operation).into_iter().for_each(fault);
            parameters += operation["parameters"].as_array().map_or(0, Vec::len);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for reference in &found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    eprintln!("description: {} operations, {parameters} parameters, {} references right", ids.len(), found.len());
}

#[test]
fn what_is_wrong_is_seen() {
    let wrong = serde_json::json!({"parameters": [
        {"name": "limit", "in": "path", "required": false, "schema": {}},
        {"name": "limit", "in": "path", "required": true, "schema": {}},
        {"name": "x", "in": "nowhere"},
    ]});
    assert_eq!(of_parameters("/v1/{id}", &wrong).len(), 5);
}
