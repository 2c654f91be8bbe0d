//! `cargo xtask roads`: the road engine beside its peers, as `benches/roads` measures them.

use std::process::Command;

use crate::engines;
use crate::packages::python;
use crate::shell::{root, run, say, target};

/// What `nearest.py` needs.
const SCIPY: [&str; 2] = ["numpy==2.2.6", "scipy==1.15.3"];

/// Measures on all maps, or on those that are named, and prints tables of Markdown.
pub(crate) fn run_all(maps: &[String]) -> Result<(), String> {
    let built = target().join("roads");
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build.current_dir(root()).args(["build", "--profile", "shipped", "--locked", "--manifest-path"]);
    run(build.arg("benches/roads/Cargo.toml").arg("--target-dir").arg(&built))?;
    let program = built.join("shipped").join(format!("roads-bench{}", std::env::consts::EXE_SUFFIX));
    let work = target().join("roads/work");
    run(Command::new(&program).current_dir(root()).arg("measure").arg(&work).args(maps))?;

    match engines::for_measuring() {
        Ok([wheels, configure]) => {
            let mut script = Command::new(python::environment_in(&target().join("tools/python"))?);
            script.current_dir(root()).arg("benches/roads/engines.py").arg("--work").arg(&work);
            script.arg("--wheels").arg(wheels).arg("--configure").arg(configure).arg("--own").arg(&program);
            run(&mut script)?;
        }
        Err(fault) => say(&format!("OSRM and Valhalla are skipped: {fault}")),
    }
    if maps.is_empty() {
        let with_scipy = python::environment_in(&target().join("tools/scipy"))?;
        match run(python::pip(&with_scipy).args(SCIPY)) {
            Ok(()) => run(Command::new(&with_scipy).current_dir(root()).arg("benches/roads/nearest.py").arg(&work))?,
            Err(fault) => say(&format!("scipy is skipped: {fault}")),
        }
    }
    run(Command::new(&program).arg("print").arg(&work))
}
