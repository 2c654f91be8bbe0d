//! One file for each command.

mod adapt;
mod backtest;
mod bench;
mod carry;
mod check;
mod compare;
mod convert;
mod demo;
mod diff;
mod explain;
mod find;
mod forecast;
#[cfg(feature = "tables")]
mod import;
#[cfg(feature = "roads")]
mod matrix;
#[cfg(feature = "roads")]
mod network;
mod pareto;
mod period;
mod pragmatic;
mod print;
#[cfg(feature = "roads")]
mod route;
mod scenarios;
mod select;
mod show;
mod solve;
mod vroom;

use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::args::{Cli, Command, Planned};
use crate::failure::{Failure, Outcome};
use crate::input::{self, Instance};
use crate::output::{self, Target};

/// Executes a command; `start` is when the program started.
pub(crate) fn run(cli: Cli, start: Instant) -> Result<Outcome, Failure> {
    match cli.command {
        Command::Solve(args) => solve::run(&args, start),
        #[cfg(feature = "tables")]
        Command::Import(args) => import::run(&args),
        #[cfg(not(feature = "tables"))]
        Command::WithoutTables { .. } => Err(Failure::input(
            "this milkrun was built without tables; leave out `--no-default-features`, or add `--features tables`",
        )),
        Command::Show(args) => show::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Adapt(args) => adapt::run(&args, start),
        Command::Diff(args) => diff::run(&args),
        Command::Period(args) => period::run(&args, start),
        Command::Scenarios(args) => scenarios::run(&args, start),
        Command::Compare(args) => compare::run(&args),
        Command::Pareto(args) => pareto::run(&args, start),
        Command::Explain(args) => explain::run(&args, start),
        Command::Where(args) => find::run(&args),
        Command::Carry(args) => carry::run(&args),
        Command::Convert(args) => convert::run(&args),
        Command::Vroom(args) => vroom::run(&args),
        Command::Pragmatic(args) => pragmatic::run(&args),
        #[cfg(feature = "roads")]
        Command::Matrix(args) => matrix::run(&args),
        #[cfg(feature = "roads")]
        Command::Route(args) => route::run(&args),
        #[cfg(feature = "roads")]
        Command::Network(args) => network::run(&args),
        #[cfg(not(feature = "roads"))]
        Command::WithoutStreets { .. } => Err(Failure::input(crate::streets::MISSING)),
        Command::Bench(args) => bench::run(&args),
        Command::Forecast(args) => forecast::run(&args),
        Command::Select(args) => select::run(&args),
        Command::Backtest(args) => backtest::run(&args),
        Command::Demo(args) => demo::run(&args, start),
        Command::Completions { shell } => print::completions(shell),
        Command::Schema { document } => print::schema(document),
    }
}

/// Whether the path is `-`, which means standard input or output.
fn is_dash(path: &Path) -> bool {
    path == Path::new("-")
}

/// A fault if more than one of `users` needs `stream`.
fn at_most_one(stream: &str, users: &[(&str, bool)]) -> Result<(), Failure> {
    let found: Vec<&str> = users.iter().filter(|(_, wants)| *wants).map(|(name, _)| *name).collect();
    if found.len() <= 1 {
        return Ok(());
    }
    Err(Failure::input(format!("{} all use {stream}; give a file for all but one", found.join(" and "))))
}

/// An input: its name on the command line, its path, and the outputs that may overwrite it.
type Input<'a> = (&'a str, &'a Path, &'a [&'a str]);

impl Planned {
    /// What may be read from standard input.
    fn streams(&self) -> [(&'static str, bool); 2] {
        [("PROBLEM", is_dash(&self.problem)), ("PLAN", is_dash(&self.plan))]
    }

    /// The files that outputs must not overwrite.
    fn inputs(&self) -> [Input<'_>; 2] {
        [("the problem", &self.problem, &[]), ("the plan", &self.plan, &[])]
    }

    /// Reads the problem. Unless `quiet`, a line shows how much of a service's table is there.
    fn read_problem(&self, quiet: bool) -> Result<Instance, Failure> {
        input::problem(&self.problem, self.reading.format.get(), self.reading.rounding.get(), quiet)
    }
}

/// Prepares the requested outputs, each with its name on the command line. Reports all that cannot be written, and all
/// that would overwrite each other or an input.
fn prepare<const N: usize>(
    outputs: [(&str, Option<&Path>); N],
    inputs: &[Input<'_>],
) -> Result<[Option<Target>; N], Failure> {
    let mut faults = clashes(&outputs, inputs);
    let targets = outputs.map(|(_, path)| match path.map(Target::prepare) {
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

/// Outputs that are the same file as another output or an input.
fn clashes(outputs: &[(&str, Option<&Path>)], inputs: &[Input<'_>]) -> Vec<String> {
    let files = outputs.iter().filter_map(|&(name, path)| Some((name, path?, output::identity(path?)?)));
    let files: Vec<(&str, &Path, PathBuf)> = files.collect();
    let mut faults = Vec::new();
    for (i, (name, path, file)) in files.iter().enumerate() {
        for (other, _, _) in files[..i].iter().filter(|(_, _, other)| other == file) {
            faults
                .push(format!("{other} and {name} are the same file, {}; give each a path of its own", path.display()));
        }
        let same = inputs.iter().filter(|(_, input, _)| output::identity(input).as_ref() == Some(file));
        for (input, _, _) in same.filter(|(_, _, allowed)| !allowed.contains(name)) {
            faults.push(format!("{name} would overwrite {input}, {}; give another path", path.display()));
        }
    }
    faults
}
