//! A client in TypeScript, whose types are generated from the description of the service's interface: it compiles strictly, and
//! runs against the service.

use std::fs;
use std::process::Command;

use crate::packages::node;
use crate::page;
use crate::service::{ADMINISTRATOR, Service};
use crate::shell::{output, root, run, run_and_keep, target};
use crate::test::programs;

/// What the client is made of; the rest is generated.
const FILES: [&str; 4] = ["package.json", "package-lock.json", "tsconfig.json", "example.ts"];

/// Generates the client from what the service says of itself, compiles a program with it, and runs that.
pub(crate) fn check() -> Result<(), String> {
    programs()?;
    let folder = target().join("client");
    install()?;
    let description = output(Command::new(page::service()).arg("openapi"))?;
    let file = folder.join("openapi.json");
    fs::write(&file, description).map_err(|error| format!("{}: {error}", file.display()))?;
    for script in ["generate", "build"] {
        run(node::npm().current_dir(&folder).args(["run", "--silent", script]))?;
    }
    let service = Service::start(&page::service(), "client", &[("MILKRUN_AUTH_ARGON2_MIB", "1")])?;
    let mut example = node::npm();
    example.current_dir(&folder).args(["run", "--silent", "start"]);
    example.env("SERVICE", format!("http://{}", service.address));
    example.env("EMAIL", ADMINISTRATOR.0).env("PASSWORD", ADMINISTRATOR.1);
    let (said, ended) = run_and_keep(&mut example)?;
    ended?;
    let expected = ["signed in as", "the plan serves 3 of 3 bins", "what is missing is answered with 404"];
    match expected.iter().find(|part| !said.contains(*part)) {
        Some(part) => Err(format!("the client did not say {part:?}: {said}")),
        None => Ok(()),
    }
}

/// Installs what generates and compiles it, of the releases in the lock file.
pub(crate) fn install() -> Result<(), String> {
    let folder = target().join("client");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for file in FILES {
        let from = root().join("service/client").join(file);
        fs::copy(&from, folder.join(file)).map_err(|error| format!("{}: {error}", from.display()))?;
    }
    let mut install = node::npm();
    install.current_dir(&folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    run(&mut install)
}
