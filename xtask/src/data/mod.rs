//! `cargo xtask data`: the generated files of `examples/data`. They are made up, and the same on every machine.

mod city_day;
mod instances;
mod random;
mod waste_day;

use std::fs;

use crate::shell::{root, say};

/// All files, each with its content.
fn files() -> [(&'static str, String); 4] {
    [
        ("city_day.json", city_day::text()),
        ("waste_day.json", waste_day::text()),
        ("village.vrp", instances::village()),
        ("parcels.vrp", instances::parcels()),
    ]
}

/// Writes all files.
pub(crate) fn write() -> Result<(), String> {
    for (name, content) in files() {
        let path = root().join("examples/data").join(name);
        fs::write(&path, content).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        say(&format!("{}", path.display()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_as_generated() {
        for (name, content) in files() {
            let found = fs::read_to_string(root().join("examples/data").join(name)).unwrap();
            assert!(found.replace("\r\n", "\n") == content, "{name} was changed by hand; run cargo xtask data");
        }
    }
}
