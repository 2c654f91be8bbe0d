//! Files of problems, and what is known of their best plans.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use milkrun::Problem;
use milkrun::io::json;
use serde_json::Value;

/// The problem of a file.
///
/// # Errors
///
/// What is wrong with the file.
pub fn problem(file: &Path) -> Result<Problem, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    json::read_problem(&text).map_err(|error| format!("{}: {error}", file.display()))
}

/// The files themselves, and in place of a folder the problems in it.
///
/// # Errors
///
/// If a folder cannot be read.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let inside = entries.filter_map(Result::ok).map(|entry| entry.path());
        let mut inside: Vec<PathBuf> = inside
            .filter(|file| file.extension().is_some_and(|e| e == "json") && !file.ends_with("index.json"))
            .collect();
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

/// The ranks that an `index.json` beside the file states: `{"000.json": {"rank": [91]}, …}`, `null` where no plan is
/// feasible.
pub fn ranks(beside: &Path) -> BTreeMap<String, Option<Vec<i64>>> {
    let index = beside.with_file_name("index.json");
    let stated: Value =
        fs::read_to_string(index).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let rank = |value: &Value| value["rank"].as_array().map(|rank| rank.iter().filter_map(Value::as_i64).collect());
    stated.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), rank(value))).collect()
}
