//! The files by which the service is run: whether they say what they should.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::packages::python;
use crate::shell::{root, run, say, target, works};

/// What knows the schemas of Kubernetes and of compose files; both bring them along.
const TOOLS: [&str; 2] = ["kubernetes-validate==1.37.0", "check-jsonschema==0.39.0"];
/// How much a unit may expose, of 100: systemd itself calls this "OK".
const MOST_EXPOSED: &str = "20";

/// Holds the manifest and the compose file against their schemas, and the units against systemd, where there is one.
pub(crate) fn check() -> Result<(), String> {
    let folder = root().join("service/operations");
    let tool = installed()?;
    let manifest = folder.join("kubernetes/milkrun.yaml");
    run(Command::new(tool("kubernetes-validate")).args(["--strict", "--quiet"]).arg(manifest))?;
    let compose = folder.join("compose.yaml");
    run(Command::new(tool("check-jsonschema")).args(["--builtin-schema", "vendor.compose-spec"]).arg(compose))?;
    units()
}

/// The units, with a program in place of the service that is there wherever they are checked.
fn units() -> Result<(), String> {
    if !works(Command::new("systemd-analyze").arg("--version")) {
        say("skipped: there is no systemd-analyze that could check the units");
        return Ok(());
    }
    let (from, to) = (root().join("service/operations/systemd"), target().join("units"));
    fs::create_dir_all(&to).map_err(|error| format!("{}: {error}", to.display()))?;
    let mut services = Vec::new();
    let mut all = Vec::new();
    for entry in fs::read_dir(&from).map_err(|error| format!("{}: {error}", from.display()))?.flatten() {
        let text = fs::read_to_string(entry.path()).map_err(|error| error.to_string())?;
        let place = to.join(entry.file_name());
        fs::write(&place, text.replace("/usr/local/bin/milkrun-service", "/bin/true")).map_err(|e| e.to_string())?;
        if place.extension().is_some_and(|ending| ending == "service") {
            services.push(place.clone());
        }
        all.push(place);
    }
    run(Command::new("systemd-analyze").current_dir(&to).arg("verify").args(&all))?;
    for service in services {
        let mut security = Command::new("systemd-analyze");
        security.args(["security", "--no-pager", "--offline=yes", &format!("--threshold={MOST_EXPOSED}")]);
        run(security.arg(service))?;
    }
    Ok(())
}

/// Where a tool is, by its name.
pub(crate) fn installed() -> Result<impl Fn(&str) -> PathBuf, String> {
    let environment = target().join("deployment");
    fs::create_dir_all(&environment).map_err(|error| format!("{}: {error}", environment.display()))?;
    let python = python::environment_in(&environment)?;
    run(python::pip(&python).args(TOOLS))?;
    Ok(move |name: &str| python.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}
