//! `cargo xtask release`: what a release needs that a machine can check. `docs/releasing.md` says what people do.

use std::fs;

use crate::shell::{root, say};

/// `--tag v1.2.3`: whether everything is ready for this tag. `--notes v1.2.3`: the changelog's section.
pub(crate) fn run(words: &[String]) -> Result<(), String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let [word @ ("--tag" | "--notes"), tag] = words[..] else {
        return Err("release: `--tag v1.2.3` or `--notes v1.2.3`".to_owned());
    };
    let version = tag.strip_prefix('v').ok_or_else(|| format!("{tag} is no tag of a release, as v1.2.3"))?;
    let notes = section(&read("CHANGELOG.md")?, version);
    if word == "--notes" {
        say(&notes.ok_or_else(|| format!("CHANGELOG.md has no section [{version}]"))?);
        return Ok(());
    }
    let mut faults: Vec<String> = Vec::new();
    for (file, line) in versions(version) {
        if !read(file)?.lines().any(|found| found.trim().trim_end_matches(',') == line) {
            faults.push(format!("{file} has no line `{line}`"));
        }
    }
    if notes.is_none_or(|text| text.trim().is_empty()) {
        faults.push(format!("CHANGELOG.md says nothing below [{version}]"));
    }
    if faults.is_empty() { Ok(()) } else { Err(format!("{tag} is not ready:\n{}", faults.join("\n"))) }
}

/// Where the version stands; the Python package takes it from cargo.
fn versions(version: &str) -> [(&'static str, String); 4] {
    [
        ("Cargo.toml", format!("version = \"{version}\"")),
        ("Cargo.toml", format!("milkrun = {{ path = \"core\", version = \"{version}\" }}")),
        ("bindings-node/package.json", format!("\"version\": \"{version}\"")),
        ("CITATION.cff", format!("version: {version}")),
    ]
}

/// What the changelog says below the heading of a version.
fn section(changelog: &str, version: &str) -> Option<String> {
    let heading = format!("## [{version}]");
    let mut lines = changelog.lines().skip_while(|line| !line.starts_with(&heading));
    lines.next()?;
    let text: Vec<&str> = lines.take_while(|line| !line.starts_with("## ") && !line.starts_with('[')).collect();
    Some(text.join("\n").trim().to_owned())
}

fn read(name: &str) -> Result<String, String> {
    let path = root().join(name);
    fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_of_a_changelog() {
        let text = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- New.\n\n## [0.1.0] - 2026-01-02\n\n- Old.\n\n[0.1.0]: https://x\n";
        assert_eq!(section(text, "Unreleased").unwrap(), "### Added\n\n- New.");
        assert_eq!(section(text, "0.1.0").unwrap(), "- Old.");
        assert_eq!(section(text, "0.2.0"), None);
    }

    #[test]
    fn files_agree_on_the_version() {
        let version = env!("CARGO_PKG_VERSION");
        for (file, line) in versions(version) {
            let found = read(file).unwrap().lines().any(|found| found.trim().trim_end_matches(',') == line);
            assert!(found, "{file} has no line `{line}`");
        }
    }
}
