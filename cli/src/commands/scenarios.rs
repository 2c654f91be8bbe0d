//! `milkrun scenarios`.

use std::fmt::Write as _;
use std::time::Instant;

use milkrun::document::{OutcomesDocument, PlanDocument, Scales, ScenarioPlanDocument, ScenariosDocument};
use milkrun::io::json;
use milkrun::scenarios::{Outcomes, SampledPlan, ScenarioError, plan_sampled_with};
use milkrun::{Problem, SolveParams};
use serde::Serialize;

use super::{at_most_one, is_dash, prepare, solve};
use crate::failure::{Failure, Outcome};
use crate::progress::ProgressLine;
use crate::scenarios_args::Scenarios;
use crate::{budget, input, interrupt, output, report, table};

pub(super) fn run(args: &Scenarios, start: Instant) -> Result<Outcome, Failure> {
    let users = [("PROBLEM", is_dash(&args.problem)), ("--uncertain", is_dash(&args.uncertain))];
    at_most_one("standard input", &users)?;
    let inputs = [("the problem", args.problem.as_path(), &[][..]), ("--uncertain", args.uncertain.as_path(), &[][..])];
    let [out] = prepare([("--out", args.out.as_deref())], &inputs)?;
    let problem = input::problem(&args.problem, args.reading.format.get(), args.reading.rounding.get(), false)?.problem;
    let mut asked: ScenariosDocument = serde_json::from_slice(&input::bytes(&args.uncertain)?)
        .map_err(|error| Failure::input(format!("{}: {error}", args.uncertain.display())))?;
    asked.scenarios = args.over.map_or(asked.scenarios, usize::from);
    asked.fresh = args.fresh.map_or(asked.fresh, usize::from);
    let runtime = args.limits.runtime().map(|limit| budget::remaining(limit, start.elapsed()));
    let search = SolveParams {
        stop: args.limits.stop(runtime),
        seed: args.seed,
        threads: usize::from(args.threads),
        initial: None,
    };
    let (sampling, params) = asked.sampling(&problem, &search).map_err(|error| faults(&error))?;
    let cancel = interrupt::token(args.quiet);
    let mut line = ProgressLine::new(args.quiet, None);
    let sampled = plan_sampled_with(&problem, &sampling, &params, &cancel, &mut |progress| line.show(progress));
    line.clear();
    let sampled = sampled.map_err(|error| faults(&error))?;
    solve::judge(&problem, &sampled.planned.plan)?;
    solve::judge(&problem, &sampled.planned.plan_for_means)?;
    if let Some(target) = out {
        target.write(&json::write_plan(&problem, &sampled.planned.plan))?;
    }
    if args.json {
        output::stdout(&report::to_text(&Answer::new(&problem, &sampled)))?;
    } else {
        output::stdout(&text(&problem, &sampled))?;
    }
    Ok(if sampled.planned.plan.is_feasible() { Outcome::Done } else { Outcome::Infeasible })
}

fn faults(error: &ScenarioError) -> Failure {
    let more = (error.omitted > 0).then(|| format!("and {} more", error.omitted));
    Failure::Input(error.issues.iter().map(ToString::to_string).chain(more).collect())
}

/// What `--json` prints.
#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    found: ScenarioPlanDocument,
    plan: PlanDocument,
    plan_for_means: PlanDocument,
}

impl Answer {
    fn new(problem: &Problem, sampled: &SampledPlan) -> Self {
        Self {
            found: ScenarioPlanDocument::new(sampled, &Scales::default()),
            plan: PlanDocument::new(problem, &sampled.planned.plan),
            plan_for_means: PlanDocument::new(problem, &sampled.planned.plan_for_means),
        }
    }
}

/// The plan, and what both plans cost.
fn text(problem: &Problem, sampled: &SampledPlan) -> String {
    let SampledPlan { planned, fresh, fresh_for_means, .. } = sampled;
    let mut text = planned.plan.table(problem).for_dispatchers(problem.clock()).to_string();
    let heading = ["plan", "scenarios", "mean cost", "±", "spread", "infeasible", "missed"].map(str::to_owned);
    let mut rows = vec![heading.to_vec()];
    let mut row = |plan: &str, outcomes: &Outcomes| {
        let told = OutcomesDocument::new(outcomes, &Scales::default());
        let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}"));
        let figures = [number(told.mean), number(told.standard_error), number(told.deviation)];
        let counts = [told.infeasible.to_string(), told.missed.to_string()];
        rows.push([plan.to_owned(), told.scenarios.to_string()].into_iter().chain(figures).chain(counts).collect());
    };
    row("over scenarios", fresh);
    row("for what is expected", fresh_for_means);
    // Writing to a string cannot fail.
    let _ = write!(text, "\n\nIn fresh scenarios:\n{}", table::aligned(&rows));
    if planned.plan == planned.plan_for_means {
        text.push_str("\nNo plan over scenarios was better than the one for what is expected.\n");
    }
    text
}
