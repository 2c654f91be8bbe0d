//! `milkrun solve`.

#[cfg(feature = "tables")]
use std::path::PathBuf;
use std::time::Instant;

use milkrun::io::{json, solution};
use milkrun::plan::check::check_plan;
use milkrun::units::Cost;
use milkrun::{Plan, Problem, SolveParams, SolveResult, StopReason, solve_with};

use super::{at_most_one, is_dash, prepare};
use crate::args::Solve;
use crate::failure::{Failure, Outcome, both};
use crate::handout_args::Output;
use crate::handouts::Handouts;
use crate::input::{self, Instance};
use crate::output::{self, Target, log};
use crate::progress::ProgressLine;
use crate::table::short;
#[cfg(feature = "tables")]
use crate::tables;
use crate::{budget, interrupt, report};

pub(super) fn run(args: &Solve, start: Instant) -> Result<Outcome, Failure> {
    // The initial plan may be replaced by the improved one.
    let initial = args.initial.as_deref().map(|path| ("--initial", path, &["--out", "--solution"][..]));
    let inputs: Vec<_> = [("the problem", args.file.as_path(), &[][..])].into_iter().chain(initial).collect();
    let (([out, sol, map, page, sheets, gpx, csv, ical], ()), instance) =
        both(both(prepare(outputs(args), &inputs), streams(args)), read(args))?;
    let instance = instance.with_vehicles_first(args.vehicles_first)?;
    let problem = &instance.problem;
    let handouts = Handouts::new(&args.handouts, [page, sheets, gpx, csv, ical]).of(&instance);
    handouts.check(problem)?;
    let initial = args.initial.as_ref().map(|path| input::plan(path, problem)).transpose()?;
    let cancel = interrupt::token(args.quiet);
    if !args.quiet {
        log(&summary(&instance));
        problem.remarks().iter().for_each(|remark| log(&format!("warning: {remark}")));
    }

    let mut line = ProgressLine::new(args.quiet, reference(args, problem));
    let runtime = args.limits.runtime().map(|limit| budget::remaining(limit, start.elapsed()));
    let params = SolveParams {
        stop: args.limits.stop(runtime),
        seed: args.seed,
        threads: usize::from(args.threads),
        initial: initial.map(|stated| stated.reported.plan),
    };
    let result = solve_with(problem, &params, &cancel, &mut |progress| line.show(progress));
    line.clear();
    // A search of a number of iterations uses what it can, and comes to the same.
    let should_use_all = params.stop.max_runtime.is_some() && result.stopped != StopReason::Trivial;
    if should_use_all && result.threads < usize::from(args.threads) {
        log(&format!(
            "warning: {} of {} threads searched: the machine has no more cores or threads, or the problem is too small to be shared by \
             more; use fewer --threads",
            result.threads, args.threads
        ));
    }

    let plan = &result.plan;
    judge(problem, plan)?;
    let uses_stdout = [&out, &sol, &map].into_iter().any(|target| matches!(target, Some(Target::Stdout)));
    let uses_stdout = uses_stdout || handouts.use_stdout();
    if let Some(target) = out {
        target.write(&json::write_plan(problem, plan))?;
    }
    if let Some(target) = sol {
        target.write(&solution::write(problem, plan.route_stops(), plan.cost() as f64 / instance.scale())?)?;
    }
    if let Some(target) = map {
        target.write(&instance.map(problem, plan))?;
    }
    handouts.write(problem, plan, instance.along().as_deref())?;
    if args.json {
        output::stdout(&report::to_text(&report::Solved::new(&instance, &result)))?;
    } else if !args.quiet && !uses_stdout {
        output::stdout(&format!("{}\n", plan.table(problem).for_dispatchers(instance.clock())))?;
    }
    if !args.quiet {
        log(&ending(&result));
    }
    Ok(if plan.is_feasible() { Outcome::Done } else { Outcome::Infeasible })
}

/// The problem: a file of its own, or tables.
fn read(args: &Solve) -> Result<Instance, Failure> {
    #[cfg(feature = "tables")]
    {
        let paths: Vec<PathBuf> = std::iter::once(&args.file).chain(&args.more).cloned().collect();
        if tables::are_given(&paths) {
            return tables::instance(&paths, &args.tables, args.quiet);
        }
    }
    input::problem(&args.file, args.reading.format.get(), args.reading.rounding.get(), args.quiet)
}

/// All files that are written, with their names on the command line.
fn outputs(args: &Solve) -> [Output<'_>; 8] {
    let own = [
        ("--out", args.out.as_deref()),
        ("--solution", args.solution.as_deref()),
        ("--geojson", args.geojson.as_deref()),
    ];
    args.handouts.outputs_after(own)
}

/// Each standard stream can serve only one purpose.
fn streams(args: &Solve) -> Result<(), Failure> {
    let dash = |path: &Option<_>| path.as_deref().is_some_and(is_dash);
    let input = at_most_one("standard input", &[("FILE", is_dash(&args.file)), ("--initial", dash(&args.initial))]);
    let outputs = outputs(args).map(|(name, path)| (name, path.is_some_and(is_dash)));
    let output = at_most_one("standard output", &[&outputs[..], &[("--json", args.json)]].concat());
    both(input, output).map(|_| ())
}

/// A plan on which the checker disagrees is a bug of milkrun, and must not be written.
pub(super) fn judge(problem: &Problem, plan: &Plan) -> Result<(), Failure> {
    let report = check_plan(problem, plan);
    if report.is_truthful() && report.is_feasible() == plan.is_feasible() {
        return Ok(());
    }
    Err(Failure::Machine(format!(
        "the search and the checker disagree on this plan, so it is not written; please report it with the problem\n{}",
        report.with_names(problem)
    )))
}

/// The reference cost of the progress line: the target, or the cost of the solution next to the instance.
fn reference(args: &Solve, problem: &Problem) -> Option<Cost> {
    if args.quiet || !ProgressLine::possible() {
        return None;
    }
    let best_known = || input::best_known(&args.file, problem)?.ok().map(|known| known.reported.plan.cost());
    args.limits.target_cost.or_else(best_known)
}

fn summary(instance: &Instance) -> String {
    let problem = &instance.problem;
    let counts = [
        (problem.clients().len(), "client"),
        (problem.shipments().len(), "shipment"),
        (problem.depots().len(), "depot"),
        (problem.num_vehicles(), "vehicle"),
    ];
    let counts = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }));
    let counts: Vec<String> = counts.collect();
    let rounding = instance.rounding.map_or(String::new(), |r| format!("; {}, rounding {r}", instance.kind));
    let name = if problem.name().is_empty() { "problem".into() } else { short(problem.name()) };
    format!("{name}: {}{rounding}", counts.join(", "))
}

fn ending(result: &SolveResult) -> String {
    format!(
        "{} iterations in {:.2} s: {}",
        result.iterations,
        result.runtime.as_secs_f64(),
        report::stop_sentence(result.stopped)
    )
}
