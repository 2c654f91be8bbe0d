//! `milkrun explain`.

use std::fmt::Write as _;
use std::time::Instant;

use milkrun::Problem;
use milkrun::explain::{ExplainParams, ExplainResult, Searched, explain_with};

use super::at_most_one;
use crate::args::Explain;
use crate::failure::{Failure, Outcome};
use crate::{budget, input, interrupt, output, report};

pub(super) fn run(args: &Explain, start: Instant) -> Result<Outcome, Failure> {
    at_most_one("standard input", &args.planned.streams())?;
    let instance = args.planned.read_problem(false)?;
    let stated = input::plan(&args.planned.plan, &instance.problem)?;
    let problem = &instance.problem;
    let cancel = interrupt::token(false);
    let params = ExplainParams { max_runtime: Some(budget::remaining(args.time_limit, start.elapsed())) };
    let found = explain_with(problem, &stated.reported.plan, &params, &cancel);
    if args.json {
        output::stdout(&report::to_text(&report::Explained::new(problem, &found)))?;
    } else {
        output::stdout(&text(problem, &found))?;
    }
    Ok(Outcome::Done)
}

fn text(problem: &Problem, found: &ExplainResult) -> String {
    if found.explanations.is_empty() {
        return "no client or shipment is unserved\n".to_owned();
    }
    let mut text = String::new();
    for explanation in &found.explanations {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", explanation.with_names(problem));
    }
    if !found.is_complete() {
        let count = |searched| found.explanations.iter().filter(|one| one.searched == searched).count();
        let (not_examined, reasons_only) = (count(Searched::Nothing), count(Searched::Reasons));
        let all = found.explanations.len();
        let _ = writeln!(
            text,
            "incomplete: of {all} unserved, {not_examined} were not examined, and for {reasons_only} not every change \
             was tried; a longer --time-limit gives more"
        );
    }
    text
}
