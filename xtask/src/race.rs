//! `cargo xtask race`: the race of `benches/race`, with a freshly built milkrun.

use std::process::Command;

use crate::shell::{self, built, cargo, root};

/// Races. Without arguments: two seconds on the instances of `examples/data`.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    shell::run(&mut cargo(&["build", "--profile", "shipped", "--locked", "--package", "milkrun-cli"]))?;
    let program = built("shipped", "milkrun");
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let mut race = Command::new(python);
    race.current_dir(root()).arg("benches/race/race.py").arg("--milkrun").arg(program);
    if arguments.is_empty() {
        race.args(["--seconds", "2", "examples/data"]);
    } else {
        race.args(arguments);
    }
    shell::run(&mut race)
}
