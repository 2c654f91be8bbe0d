//! The published schemas are those generated from the types.
//!
//! `MILKRUN_UPDATE=1 cargo test --all-features --test library schema` rewrites them.

use std::path::Path;

use milkrun::io::json;
use serde_json::Value;

fn compare(name: &str, generated: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schema").join(name);
    if std::env::var_os("MILKRUN_UPDATE").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, format!("{generated:#}\n")).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("docs/schema/{name}: {error}"));
    let checked_in: Value = serde_json::from_str(&text).unwrap();
    assert!(checked_in == *generated, "docs/schema/{name} is out of date: run with MILKRUN_UPDATE=1");
}

#[test]
fn problem() {
    compare("problem.schema.json", &json::problem_schema());
}

#[test]
fn plan() {
    compare("plan.schema.json", &json::plan_schema());
}
