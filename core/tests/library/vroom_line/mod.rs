//! VROOM's problems on a line.

mod windows;

use milkrun::CancelToken;
use milkrun::io::vroom::{self, Effort, VroomError};
use serde_json::{Value, json};

/// Five places on a line, ten seconds and a hundred metres apart.
pub(crate) fn matrices() -> Value {
    let table =
        |unit: i64| (0..5i64).map(|i| (0..5i64).map(|j| (i - j).abs() * unit).collect()).collect::<Vec<Vec<i64>>>();
    json!({"car": {"durations": table(10), "distances": table(100)}})
}

pub(crate) fn problem(vehicles: Value, jobs: Value) -> Value {
    let mut document = json!({"matrices": matrices()});
    document["vehicles"] = vehicles;
    document["jobs"] = jobs;
    document
}

pub(crate) fn effort() -> Effort {
    Effort { limit: Some(std::time::Duration::from_millis(300)), ..Effort::default() }
}

pub(crate) fn run(document: &Value, effort: Effort) -> Value {
    let mut lines = vroom::straight_lines(10.0, 1.0).unwrap();
    let found = vroom::run(&document.to_string(), effort, &mut lines, &CancelToken::new());
    let answer: Value = serde_json::from_str(&found.answer).unwrap();
    assert_eq!(answer["code"], found.code, "{answer}");
    answer
}

pub(crate) fn solved(document: &Value) -> Value {
    let answer = run(document, effort());
    assert_eq!(answer["code"], 0, "{answer}");
    answer
}

pub(crate) fn chosen(document: &Value) -> Value {
    let answer = run(document, Effort { choose_eta: true, ..effort() });
    assert_eq!(answer["code"], 0, "{answer}");
    answer
}

/// The faults of a document, by path.
pub(crate) fn faults(document: &Value) -> Vec<String> {
    let read = vroom::read(&document.to_string(), &mut vroom::straight_lines(10.0, 1.0).unwrap());
    match read.and_then(|request| request.model().map(|_| ())) {
        Ok(()) => Vec::new(),
        Err(VroomError::Input { issues, .. }) => issues.into_iter().map(|issue| issue.path).collect(),
        Err(error) => vec![error.to_string()],
    }
}

pub(crate) fn values<'a>(list: &'a Value, key: &str) -> Vec<&'a Value> {
    list.as_array().unwrap().iter().map(|item| &item[key]).collect()
}
