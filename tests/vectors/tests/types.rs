//! The types of documents in Python and Node are those of the core.

use std::fs;

#[test]
fn files_are_what_the_core_says() {
    for (path, text) in milkrun_vectors::types::files() {
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == text, "{} is not what the core says: run `cargo xtask types`", path.display());
    }
}
