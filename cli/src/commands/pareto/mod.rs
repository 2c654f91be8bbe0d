//! `milkrun pareto`.

mod plot;

use std::fmt::Write as _;
use std::time::Instant;

use milkrun::document::{FrontDocument, PlanDocument, Scales};
use milkrun::pareto::{Front, Objective, ParetoParams, pareto_with};
use serde::Serialize;

use super::{prepare, solve};
use crate::failure::{Failure, Outcome};
use crate::output;
use crate::pareto_args::Pareto;
use crate::progress::CountLine;
use crate::{budget, input, interrupt, report, table};

pub(super) fn run(args: &Pareto, start: Instant) -> Result<Outcome, Failure> {
    let [svg] = prepare([("--svg", args.svg.as_deref())], &[("the problem", args.problem.as_path(), &[][..])])?;
    let instance = input::problem(&args.problem, args.reading.format.get(), args.reading.rounding.get(), args.quiet)?;
    let problem = &instance.problem;
    let cancel = interrupt::token(args.quiet);
    let limits = args.limits();
    let stop = limits.stop(limits.time_limit.map(|limit| budget::remaining(limit, start.elapsed())));
    let objectives: Vec<Objective> = args.objectives.iter().map(|&objective| objective.into()).collect();
    let params = ParetoParams::new(objectives, stop)
        .points(usize::from(args.points))
        .seed(args.seed)
        .threads(usize::from(args.threads));
    let mut line = CountLine::new(args.quiet);
    let front = pareto_with(problem, &params, &cancel, &mut |progress| line.show(progress));
    line.clear();
    let front = front.map_err(|error| Failure::Input(error.issues.iter().map(ToString::to_string).collect()))?;
    front.points.iter().try_for_each(|point| solve::judge(problem, &point.plan))?;
    if let Some(target) = svg {
        target.write(&plot::svg(&front))?;
    }
    let outcome = if front.points.is_empty() { Outcome::Infeasible } else { Outcome::Done };
    if args.json {
        let plans = front.points.iter().map(|point| PlanDocument::new(problem, &point.plan)).collect();
        let front = FrontDocument::new(&front, &Scales::default());
        output::stdout(&report::to_text(&Answer { front, plans }))?;
    } else {
        output::stdout(&text(&front))?;
    }
    Ok(outcome)
}

/// What `--json` prints.
#[derive(Serialize)]
struct Answer {
    front: FrontDocument,
    plans: Vec<PlanDocument>,
}

/// The table of points, with the trade from each to the next.
fn text(front: &Front) -> String {
    if front.points.is_empty() {
        return "no feasible plan was found\n".to_owned();
    }
    let units: Vec<f64> = front.objectives.iter().map(|&objective| plot::unit(objective)).collect();
    let heading = front.objectives.iter().map(|&objective| plot::label(objective).to_owned());
    let mut rows = vec![["point".to_owned()].into_iter().chain(heading).collect::<Vec<_>>()];
    for (p, point) in front.points.iter().enumerate() {
        let values = point.values.iter().zip(&units).map(|(&value, unit)| plot::number(value as f64 / unit));
        rows.push([(p + 1).to_string()].into_iter().chain(values).collect());
    }
    let mut text = table::aligned(&rows);
    text.push('\n');
    for p in 1..front.points.len() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} -> {}: {}", p, p + 1, front.trade(p - 1, p, &units));
    }
    let (points, runs, covered) = (front.points.len(), front.runs, 100.0 * front.covered);
    let _ = match points {
        1 => writeln!(text, "one point of {runs} runs: no objective is bought with another"),
        _ => writeln!(text, "{points} points of {runs} runs cover {covered:.1} % of their box"),
    };
    if !front.complete {
        text.push_str("incomplete: the front was cut short\n");
    }
    text
}
