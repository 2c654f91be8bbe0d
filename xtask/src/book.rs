//! `cargo xtask docs`: the pages of `docs` as a site.

use std::process::Command;

use crate::shell::{root, run_and_keep, say, target};
use crate::tools::fetched;

/// Builds the book below the target folder. A warning is a fault.
pub(crate) fn build() -> Result<(), String> {
    let site = target().join("site");
    let mut build = Command::new(fetched("mdbook")?);
    build.arg("build").arg(root().join("docs")).arg("--dest-dir").arg(&site);
    let (printed, ended) = run_and_keep(&mut build)?;
    ended?;
    if let Some(warning) = printed.lines().find(|line| line.contains("WARN") || line.contains("ERROR")) {
        return Err(format!("the book has faults, such as: {}", warning.trim()));
    }
    say(&format!("the book is in {}", site.display()));
    Ok(())
}
