//! The files of the cases.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::case::Case;

/// The folder of the cases.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases")
}

/// All cases by name, in the order of their names.
///
/// # Errors
///
/// If a file cannot be read, or is not a case.
pub fn load() -> io::Result<Vec<(String, Case)>> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder())? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let case = serde_json::from_str(&fs::read_to_string(&path)?)
            .map_err(|error| io::Error::other(format!("{}: {error}", path.display())))?;
        cases.push((name, case));
    }
    cases.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(cases)
}

/// Writes a case, each of its parts on a line.
///
/// # Errors
///
/// If the file cannot be written.
pub fn save(name: &str, case: &Case) -> io::Result<()> {
    let mut lines = vec![line("about", &case.about)?];
    let mut part =
        |name: &str, value: Option<String>| lines.extend(value.map(|value| format!("  \"{name}\": {value}")));
    part("problem", text(case.problem.as_ref())?);
    part("text", text(case.text.as_ref())?);
    part("format", text(case.format.as_ref())?);
    part("rounding", text(case.rounding.as_ref())?);
    part("plan", text(case.plan.as_ref())?);
    part("parameters", text(case.parameters.as_ref())?);
    part("asked", text(case.asked.as_ref())?);
    part("by_hand", text(case.by_hand.as_ref())?);
    part("expected", text(case.expected.as_ref())?);
    fs::write(folder().join(format!("{name}.json")), format!("{{\n{}\n}}\n", lines.join(",\n")))
}

fn line(name: &str, value: &impl Serialize) -> io::Result<String> {
    Ok(format!("  \"{name}\": {}", serde_json::to_string(value)?))
}

fn text(value: Option<&impl Serialize>) -> io::Result<Option<String>> {
    Ok(value.map(serde_json::to_string).transpose()?)
}
