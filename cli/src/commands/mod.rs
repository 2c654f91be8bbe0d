//! One file for each command.

mod backtest;
mod bench;
mod check;
mod convert;
mod demo;
mod explain;
mod forecast;
mod print;
mod select;
mod solve;

use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::args::{Cli, Command};
use crate::failure::{Failure, Outcome};
use crate::output::Target;

/// Carries out a command; `start` is when the program started.
pub(crate) fn run(cli: Cli, start: Instant) -> Result<Outcome, Failure> {
    match cli.command {
        Command::Solve(args) => solve::run(&args, start),
        Command::Check(args) => check::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Convert(args) => convert::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Forecast(args) => forecast::run(&args),
        Command::Select(args) => select::run(&args),
        Command::Backtest(args) => backtest::run(&args),
        Command::Demo(args) => demo::run(&args, start),
        Command::Completions { shell } => print::completions(shell),
        Command::Schema { document } => print::schema(document),
    }
}

/// Whether the path is `-`, which stands for standard input or output.
fn is_dash(path: &Path) -> bool {
    path == Path::new("-")
}

/// A fault where more than one of `users` wants `stream`.
fn at_most_one(stream: &str, users: &[(&str, bool)]) -> Result<(), Failure> {
    let found: Vec<&str> = users.iter().filter(|(_, wants)| *wants).map(|(name, _)| *name).collect();
    if found.len() <= 1 {
        return Ok(());
    }
    Err(Failure::input(format!("{} all want {stream}; give a file for all but one", found.join(" and "))))
}

/// The outputs asked for, all of them tried; every one that cannot be written is told.
fn prepare<const N: usize>(paths: [&Option<PathBuf>; N]) -> Result<[Option<Target>; N], Failure> {
    let mut faults = Vec::new();
    let targets = paths.map(|path| match path.as_deref().map(Target::prepare) {
        Some(Ok(target)) => Some(target),
        Some(Err(Failure::Input(found))) => {
            faults.extend(found);
            None
        }
        Some(Err(Failure::Machine(fault))) => {
            faults.push(fault);
            None
        }
        None => None,
    });
    if faults.is_empty() { Ok(targets) } else { Err(Failure::Input(faults)) }
}
