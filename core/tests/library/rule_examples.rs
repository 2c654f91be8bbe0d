//! The examples of the working day: valid, read back as they are written, and shown in the documentation as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use milkrun::io::json;
use milkrun::{SolveParams, Stop, solve};

/// The examples' texts, by their names.
fn examples() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data/rules");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    files.map(|path| (named(&path), std::fs::read_to_string(&path).unwrap())).collect()
}

#[test]
fn all_are_valid_and_written_as_they_are_read() {
    let expected = [
        "breaks",
        "disposal",
        "driver_rules",
        "executed",
        "goals",
        "limits",
        "materials",
        "overtime",
        "relations",
        "skills",
        "soft_windows",
        "speeds",
        "windows",
        "zones",
    ];
    let examples = examples();
    assert_eq!(examples.keys().collect::<Vec<_>>(), expected);
    for (name, text) in examples {
        let problem = json::read_problem(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let written = json::write_problem(&problem);
        assert_eq!(json::read_problem(&written).unwrap(), problem, "{name}");
        // Every line of the file is used: without it, the problem differs.
        let fields: serde_json::Value = serde_json::from_str(&text).unwrap();
        for field in fields.as_object().unwrap().keys().filter(|field| !["milkrun", "version"].contains(&&***field)) {
            let mut without = fields.clone();
            without.as_object_mut().unwrap().remove(field);
            assert!(json::read_problem(&without.to_string()).ok().as_ref() != Some(&problem), "{name}: {field}");
        }
    }
}

/// Every example must be solvable.
#[test]
fn all_have_a_feasible_plan() {
    for (name, text) in examples() {
        let problem = json::read_problem(&text).unwrap();
        let params = SolveParams { stop: Stop::after_iterations(500), ..SolveParams::default() };
        let plan = solve(&problem, &params).plan;
        assert!(plan.is_feasible() && !plan.routes().is_empty(), "{name}: {:?}", plan.violations());
    }
}

/// Every piece of JSON under the heading of the working day is part of the example that is named before it.
#[test]
fn the_documentation_shows_them_as_they_are() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/formats.md");
    let page = std::fs::read_to_string(path).unwrap();
    let section = page.split("### The working day").nth(1).unwrap().split("\n## ").next().unwrap();
    let examples = examples();
    let mut shown = BTreeSet::new();
    let mut parts = section.split("```json\n");
    let mut before = parts.next().unwrap();
    for part in parts {
        let (snippet, after) = part.split_once("```").unwrap();
        let name = before.rsplit_once(".json`").unwrap().0.rsplit_once('`').unwrap().1;
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (whole, snippet) = (plain(&examples[name]), plain(snippet));
        assert!(whole.contains(&snippet), "{name}.json does not hold {snippet}");
        shown.insert(name.to_owned());
        before = after;
    }
    assert_eq!(shown, examples.into_keys().collect());
}
