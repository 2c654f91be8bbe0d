//! `milkrun adapt`.

use std::fmt::Write as _;
use std::time::Instant;

use milkrun::adapt::{AdaptError, Adaptation, ChangePrices, Event, Keep, adapt_with};
use milkrun::document::{AdaptDocument, AdaptationDocument, PlanDocument, Scales};
use milkrun::io::json;
use milkrun::units::Clock;
use milkrun::{Plan, Problem, SolveParams, Stop};
use serde::Serialize;

use super::{at_most_one, diff, is_dash, prepare};
use crate::adapt_args::{Adapt, Kept};
use crate::clock::parse_moment;
use crate::event_text;
use crate::failure::{Failure, Outcome};
use crate::handouts::Handouts;
use crate::{budget, input, interrupt, output, report};

pub(super) fn run(args: &Adapt, start: Instant) -> Result<Outcome, Failure> {
    let events = args.events.as_deref();
    let [problem, plan] = args.planned.streams();
    at_most_one("standard input", &[problem, plan, ("--events", events.is_some_and(is_dash))])?;
    let own = [
        ("--out", args.out.as_deref()),
        ("--problem-out", args.problem_out.as_deref()),
        ("--geojson", args.geojson.as_deref()),
    ];
    let outputs = args.handouts.outputs_after(own);
    let mut inputs = args.planned.inputs().to_vec();
    inputs.extend(events.map(|path| ("the events", path, &[][..])));
    let [out, problem_out, map, page, sheets, gpx, csv, ical] = prepare(outputs, &inputs)?;
    let instance = args.planned.read_problem(false)?;
    let handouts = Handouts::new(&args.handouts, [page, sheets, gpx, csv, ical]).of(&instance);
    handouts.check(&instance.problem)?;
    let published = input::plan(&args.planned.plan, &instance.problem)?.reported.plan;
    let now = parse_moment(&args.now, instance.problem.origin())
        .map_err(|fault| Failure::input(format!("--now {:?}: {fault}", args.now)))?;
    let asked = asked(args, now)?;
    let stop = Stop::after(budget::remaining(args.time_limit, start.elapsed()));
    let mut params = asked.params(&published, &SolveParams { stop, seed: args.seed, ..SolveParams::default() });
    params.events.extend(told(args, &instance.problem, &published)?);
    if let Some(price) = args.price_vehicle {
        params.prices = ChangePrices::moderate(&published).other_vehicle(price);
    }
    if let Some(kept) = args.keep {
        params.keep = keep(kept);
    }
    let cancel = interrupt::token(false);
    let adapted =
        adapt_with(&instance.problem, &published, &params, &cancel, &mut |_| {}).map_err(|error| faults(&error))?;
    super::solve::judge(&adapted.problem, &adapted.plan)?;
    if let Some(target) = problem_out {
        target.write(&json::write_problem(&adapted.problem))?;
    }
    if let Some(target) = out {
        target.write(&json::write_plan(&adapted.problem, &adapted.plan))?;
    }
    if let Some(target) = map {
        target.write(&instance.map(&adapted.problem, &adapted.plan))?;
    }
    handouts.write(&adapted.problem, &adapted.plan, instance.along().as_deref())?;
    if args.json {
        output::stdout(&report::to_text(&Adapted::new(&adapted)))?;
    } else {
        output::stdout(&text(&adapted, instance.clock()))?;
    }
    Ok(if adapted.plan.is_feasible() { Outcome::Done } else { Outcome::Infeasible })
}

/// What `--json` prints.
#[derive(Serialize)]
struct Adapted {
    feasible: bool,
    cost: i64,
    adaptation: AdaptationDocument,
    plan: PlanDocument,
}

impl Adapted {
    fn new(adapted: &Adaptation) -> Self {
        Self {
            feasible: adapted.plan.is_feasible(),
            cost: adapted.plan.cost(),
            adaptation: AdaptationDocument::new(adapted, &Scales::default()),
            plan: PlanDocument::new(&adapted.problem, &adapted.plan),
        }
    }
}

/// What the file asks; without one, nothing but the moment.
fn asked(args: &Adapt, now: i64) -> Result<AdaptDocument, Failure> {
    let Some(path) = &args.events else {
        return Ok(AdaptDocument::at(now));
    };
    let mut document: AdaptDocument = serde_json::from_slice(&input::bytes(path)?)
        .map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
    document.now = now;
    Ok(document)
}

/// The events of the command line; all that cannot be read at once.
fn told(args: &Adapt, problem: &Problem, plan: &Plan) -> Result<Vec<Event>, Failure> {
    let read: Vec<Result<Event, String>> =
        args.event.iter().map(|text| event_text::read(text, problem, plan)).collect();
    let faults: Vec<String> = args
        .event
        .iter()
        .zip(&read)
        .filter_map(|(text, read)| read.as_ref().err().map(|fault| format!("--event {text:?}: {fault}")))
        .collect();
    if faults.is_empty() { Ok(read.into_iter().flatten().collect()) } else { Err(Failure::Input(faults)) }
}

fn keep(kept: Kept) -> Keep {
    match kept {
        Kept::Nothing => Keep::Nothing,
        Kept::Vehicles => Keep::Vehicles,
        Kept::Order => Keep::Order,
        Kept::Times => Keep::Times,
    }
}

fn faults(error: &AdaptError) -> Failure {
    Failure::Input(error.issues.iter().map(ToString::to_string).collect())
}

fn text(adapted: &Adaptation, clock: Option<Clock>) -> String {
    let mut text = diff::text(&adapted.difference, &adapted.problem, clock);
    let plan: &Plan = &adapted.plan;
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n{}", plan.table(&adapted.problem).for_dispatchers(clock));
    let impossible = adapted.followed.violations().len();
    if impossible > 0 {
        let _ = writeln!(text, "The published plan would violate {impossible} rules.");
    }
    text
}
