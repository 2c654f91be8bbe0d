//! `milkrun period`.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use milkrun::document::{PeriodDocument, PeriodPlanDocument, PlanDocument, Scales};
use milkrun::io::geojson::Along;
use milkrun::io::{Format, cordeau, instance_kind, json, pvrpif, usual_rounding};
use milkrun::period::{PeriodError, PeriodParams, PeriodPlan, plan_period_with};
use milkrun::{Problem, SolveParams};
use milkrun_report::PeriodReport;
use serde::Serialize;

use super::{at_most_one, is_dash, prepare};
use crate::failure::{Failure, Outcome};
use crate::output::{self, Target};
use crate::period_args::Period;
use crate::progress::ProgressLine;
use crate::streets::Roads;
use crate::{budget, input, interrupt, report};

pub(super) fn run(args: &Period, start: Instant) -> Result<Outcome, Failure> {
    let visits = args.visits.as_deref();
    at_most_one("standard input", &[("PROBLEM", is_dash(&args.problem)), ("--visits", visits.is_some_and(is_dash))])?;
    let inputs = [("the problem", Some(args.problem.as_path())), ("the visits", visits)].into_iter();
    let inputs: Vec<_> = inputs.filter_map(|(name, path)| Some((name, path?, &[][..]))).collect();
    let outputs = args.pages.outputs().map(|(name, path)| (name, path.is_some_and(is_dash)));
    at_most_one("standard output", &[&outputs[..], &[("--json", args.json)]].concat())?;
    let [page, sheets] = prepare(args.pages.outputs(), &inputs)?;
    let uses_stdout = outputs.iter().any(|(_, is_used)| *is_used);
    let runtime = args.limits.runtime().map(|limit| budget::remaining(limit, start.elapsed()));
    let search = SolveParams {
        stop: args.limits.stop(runtime),
        seed: args.seed,
        threads: usize::from(args.threads),
        initial: None,
    };
    let Read { day, params, has_clock, roads } = read(args, &search)?;
    let mut options = args.pages.options();
    if !has_clock {
        // Benchmark files have times in any unit.
        options.clock = Some(false);
    }
    if roads.is_some() {
        options.geographic = Some(true);
    }
    let cancel = interrupt::token(args.quiet);
    let mut line = ProgressLine::new(args.quiet, None);
    let planned = plan_period_with(&day, &params, &cancel, &mut |progress| line.show(progress));
    line.clear();
    let period = planned.map_err(|error| faults(&error))?;
    super::solve::judge(&period.problem, &period.plan)?;
    for day in &period.days {
        super::solve::judge(&day.problem, &day.plan)?;
    }
    if let Some(folder) = &args.out_dir {
        write(folder, &period)?;
    }
    if page.is_some() || sheets.is_some() {
        let mut report =
            PeriodReport::new(&day, &period, &options).map_err(|error| Failure::input(error.to_string()))?;
        let along: Option<Box<Along<'_>>> = roads.as_ref().map(Roads::lines);
        if let Some(along) = &along {
            report = report.along(&**along);
        }
        for (target, text) in [(page, PeriodReport::page as fn(&_) -> _), (sheets, PeriodReport::driver_sheets)] {
            if let Some(target) = target {
                target.write(&text(&report))?;
            }
        }
    }
    if args.json {
        output::stdout(&report::to_text(&Planned::new(&period)))?;
    } else if !uses_stdout {
        output::stdout(&text(&day, &period))?;
    }
    Ok(if period.plan.is_feasible() { Outcome::Done } else { Outcome::Infeasible })
}

/// The day and the period.
struct Read {
    day: Problem,
    params: PeriodParams,
    /// Whether times are seconds of a day.
    has_clock: bool,
    /// The streets, where travel is along them.
    roads: Option<Roads>,
}

fn read(args: &Period, search: &SolveParams) -> Result<Read, Failure> {
    let Some(visits) = &args.visits else {
        let content = input::bytes(&args.problem)?;
        let format = args.reading.format.get().or_else(|| Format::detect(&content, None));
        if format == Some(Format::Cordeau) {
            let rounding = args
                .reading
                .rounding
                .get()
                .unwrap_or_else(|| usual_rounding(&instance_kind(&content, Format::Cordeau)));
            let (day, mut params) = cordeau::read_period(&content, rounding)
                .map_err(|error| Failure::input(format!("{}: {error}", args.problem.display())))?;
            (params.stop, params.seed, params.threads) = (search.stop, search.seed, search.threads);
            return Ok(Read { day, params, has_clock: false, roads: None });
        }
        if args.problem.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("geojson")) {
            return Err(Failure::input("how many days, and how often clients are visited, is not said; give --visits"));
        }
        let (day, mut params) = pvrpif::read(content).map_err(|error| faults(&error))?;
        (params.stop, params.seed, params.threads) = (search.stop, search.seed, search.threads);
        return Ok(Read { day, params, has_clock: false, roads: None });
    };
    let instance = input::problem(&args.problem, args.reading.format.get(), args.reading.rounding.get(), args.quiet)?;
    let (has_clock, day, roads) = (instance.rounding.is_none(), instance.problem, instance.roads);
    let asked: PeriodDocument = serde_json::from_slice(&input::bytes(visits)?)
        .map_err(|error| Failure::input(format!("{}: {error}", visits.display())))?;
    let params = asked.params(&day, search).map_err(|error| faults(&error))?;
    Ok(Read { day, params, has_clock, roads })
}

fn faults(error: &PeriodError) -> Failure {
    let more = (error.omitted > 0).then(|| format!("and {} more", error.omitted));
    Failure::Input(error.issues.iter().map(ToString::to_string).chain(more).collect())
}

/// Writes the problem and the plan of each day.
fn write(folder: &Path, period: &PeriodPlan) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::input(format!("--out-dir {}: {error}; give another folder", folder.display())))?;
    for (d, day) in period.days.iter().enumerate() {
        let target = |kind: &str| Target::prepare(&folder.join(format!("day-{d}.{kind}.json")));
        target("problem")?.write(&json::write_problem(&day.problem))?;
        target("plan")?.write(&json::write_plan(&day.problem, &day.plan))?;
    }
    Ok(())
}

/// What `--json` prints.
#[derive(Serialize)]
struct Planned {
    #[serde(flatten)]
    period: PeriodPlanDocument,
    plans: Vec<PlanDocument>,
}

impl Planned {
    fn new(period: &PeriodPlan) -> Self {
        Self {
            period: PeriodPlanDocument::new(period, &Scales::default()),
            plans: period.days.iter().map(|day| PlanDocument::new(&day.problem, &day.plan)).collect(),
        }
    }
}

/// A line for each day, the routes of each, and who is unserved.
fn text(day: &Problem, period: &PeriodPlan) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    for (d, own) in period.days.iter().enumerate() {
        let _ = writeln!(text, "Day {d}\n{}\n", own.plan.table(&own.problem).for_dispatchers(own.problem.clock()));
    }
    let _ = writeln!(text, "{} days cost {}", period.num_days(), period.cost());
    let inconsistency = &period.inconsistency;
    if inconsistency.cost > 0 {
        let _ = writeln!(
            text,
            "of that, {} for {} visits by another vehicle than usual and {} of time off the usual time",
            inconsistency.cost, inconsistency.other_vehicle, inconsistency.time
        );
    }
    let unserved: Vec<String> = (0..period.visited.len())
        .filter(|&c| period.visited[c].is_empty())
        .map(|c| match day.clients()[c].name.as_str() {
            "" => format!("client {c}"),
            name => name.to_owned(),
        })
        .collect();
    if !unserved.is_empty() {
        let _ = writeln!(text, "unserved: {}", unserved.join(", "));
    }
    for violation in period.plan.violations() {
        let _ = writeln!(text, "infeasible: {violation}");
    }
    text
}
