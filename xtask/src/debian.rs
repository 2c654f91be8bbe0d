//! Debian's packages, unpacked below the target folder: that needs no rights beyond reading the package lists.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::shell::{run, say, target, works};

/// The packages whose names match, of the lists that the system has.
pub(crate) fn search(pattern: &str) -> Result<Vec<String>, String> {
    let find = || printed("apt-cache", &["search", "--names-only", pattern]);
    let mut listed = find()?;
    if listed.trim().is_empty() {
        // The lists may be missing; a user who may not fetch them learns so from the next search.
        let _ = works(Command::new("apt-get").args(["update", "-qq"]));
        listed = find()?;
    }
    Ok(listed.lines().filter_map(|line| line.split_ascii_whitespace().next()).map(str::to_owned).collect())
}

/// Unpacks packages and what they need that the system does not have.
pub(crate) fn unpack(wanted: &[&str], root: &Path) -> Result<(), String> {
    let needs = [&["install", "--print-uris", "-qq", "--no-install-recommends"][..], wanted].concat();
    let needs = printed("apt-get", &needs)?;
    let mut names: Vec<String> = wanted.iter().map(|&name| name.to_owned()).collect();
    let files = needs.lines().filter_map(|line| line.split_ascii_whitespace().nth(1));
    names.extend(files.filter_map(|file| file.split('_').next()).map(str::to_owned));
    names.sort();
    names.dedup();
    unpack_all(&names, root)
}

fn unpack_all(names: &[String], root: &Path) -> Result<(), String> {
    let packages = root.with_extension("packages");
    for folder in [&packages, root] {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    say(&format!("{} packages are unpacked into {}", names.len(), root.display()));
    // As the administrator, the downloading part would give up rights that the folder needs.
    let mut download = Command::new("apt-get");
    download.current_dir(&packages).args(["download", "-qq", "-o", "APT::Sandbox::User=root"]).args(names);
    run(&mut download)?;
    for entry in fs::read_dir(&packages).map_err(|error| error.to_string())?.flatten() {
        run(Command::new("dpkg-deb").arg("-x").arg(entry.path()).arg(root))?;
    }
    fs::remove_dir_all(&packages).map_err(|error| error.to_string())
}

/// Unpacks one package without what it needs: for programs that need nothing of it.
pub(crate) fn unpack_alone(name: &str, root: &Path) -> Result<(), String> {
    unpack_all(&[name.to_owned()], root)
}

/// Where Debian has libraries of this kind of machine, below a folder into which packages were unpacked.
pub(crate) fn libraries(root: &Path) -> PathBuf {
    root.join("usr/lib").join(format!("{}-linux-gnu", std::env::consts::ARCH))
}

/// A folder below the target folder that is filled once.
pub(crate) fn filled_once(name: &str, fill: impl FnOnce(&Path) -> Result<(), String>) -> Result<PathBuf, String> {
    let root = target().join(name);
    let done = root.join("complete");
    if !done.exists() {
        fill(&root)?;
        fs::write(&done, "").map_err(|error| error.to_string())?;
    }
    Ok(root)
}

fn printed(program: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{program}: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
