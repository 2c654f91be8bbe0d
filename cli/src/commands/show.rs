//! `milkrun show`.

use super::{at_most_one, is_dash, prepare};
use crate::failure::{Failure, Outcome, both};
use crate::handout_args::Show;
use crate::handouts::Handouts;
use crate::input::{self, Instance};
use crate::output::{self, Target};
#[cfg(feature = "tables")]
use crate::tables;

pub(super) fn run(args: &Show) -> Result<Outcome, Failure> {
    let [report, sheets, gpx, csv, ical] = args.handouts.outputs();
    let outputs = [report, sheets, gpx, csv, ical, ("--geojson", args.geojson.as_deref())];
    let dashes: Vec<(&str, bool)> = outputs.iter().map(|(name, path)| (*name, path.is_some_and(is_dash))).collect();
    let streams = both(at_most_one("standard input", &args.planned.streams()), at_most_one("standard output", &dashes));
    let (([report, sheets, gpx, csv, ical, map], _), instance) =
        both(both(prepare(outputs, &args.planned.inputs()), streams), read_problem(args))?;
    let problem = &instance.problem;
    let handouts = Handouts::new(&args.handouts, [report, sheets, gpx, csv, ical]).of(&instance);
    handouts.check(problem)?;
    let plan = input::plan(&args.planned.plan, problem)?.reported.plan;
    let uses_stdout = handouts.use_stdout() || matches!(map, Some(Target::Stdout));
    handouts.write(problem, &plan, instance.along().as_deref())?;
    if let Some(target) = map {
        target.write(&instance.map(problem, &plan))?;
    }
    if !args.quiet && !uses_stdout {
        output::stdout(&format!("{}\n", plan.table(problem).for_dispatchers(instance.clock())))?;
    }
    Ok(if plan.is_feasible() { Outcome::Done } else { Outcome::Infeasible })
}

#[cfg(feature = "tables")]
fn read_problem(args: &Show) -> Result<Instance, Failure> {
    let paths = [args.planned.problem.clone()];
    if tables::are_given(&paths) {
        return tables::instance(&paths, &args.tables, args.quiet);
    }
    args.planned.read_problem(args.quiet)
}

#[cfg(not(feature = "tables"))]
fn read_problem(args: &Show) -> Result<Instance, Failure> {
    args.planned.read_problem(args.quiet)
}
