//! The workflows of `.github`, and the `Dockerfile`: whether they say what they should.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::shell::{root, run};
use crate::tools::fetched;

/// Holds workflows against their syntax (actionlint) and against known holes (zizmor), and the `Dockerfile` against good
/// habits (hadolint). Nothing is looked up in the network.
pub(crate) fn check() -> Result<(), String> {
    let folder = root().join(".github/workflows");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    // Scripts are not held against shellcheck: another of its releases, which a system may have, finds other things.
    run(Command::new(fetched("actionlint")?).current_dir(root()).args(["-shellcheck=", "-pyflakes="]).args(&files))?;
    run(Command::new(fetched("zizmor")?).current_dir(root()).args(["--offline", "--no-progress", "--quiet", "."]))?;
    run(Command::new(fetched("hadolint")?).current_dir(root()).arg("Dockerfile"))
}
