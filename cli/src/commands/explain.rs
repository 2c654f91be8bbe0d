//! `milkrun explain`.

use std::fmt::Write as _;
use std::time::Instant;

use milkrun::Problem;
use milkrun::explain::{ExplainParams, ExplainResult, Explanation, Job, Reason, Searched, explain_with};
use serde_json::{Value, json};

use super::{at_most_one, is_dash};
use crate::args::Explain;
use crate::failure::{Failure, Outcome};
use crate::{budget, input, interrupt, output, report};

pub(super) fn run(args: &Explain, start: Instant) -> Result<Outcome, Failure> {
    at_most_one("standard input", &[("PROBLEM", is_dash(&args.problem)), ("PLAN", is_dash(&args.plan))])?;
    let instance = input::problem(&args.problem, args.reading.format.get(), args.reading.rounding.get())?;
    let stated = input::plan(&args.plan, &instance.problem)?;
    let problem = &instance.problem;
    let cancel = interrupt::token();
    let params = ExplainParams { max_runtime: Some(budget::remaining(args.time_limit, start.elapsed())) };
    let found = explain_with(problem, &stated.stated.plan, &params, &cancel);
    if args.json {
        let list: Vec<Value> = found.explanations.iter().map(|one| document(problem, one)).collect();
        output::stdout(&report::to_text(&json!({ "complete": found.is_complete(), "unserved": list })))?;
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
        let name = name(problem, explanation.job);
        // Writing to a string cannot fail.
        let _ =
            if name.is_empty() { writeln!(text, "{explanation}") } else { writeln!(text, "{name:?}: {explanation}") };
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

fn name(problem: &Problem, job: Job) -> &str {
    match job {
        Job::Client(id) => &problem.client(id).name,
        Job::Shipment(id) => &problem.shipment(id).name,
    }
}

fn document(problem: &Problem, explanation: &Explanation) -> Value {
    let (kind, index) = match explanation.job {
        Job::Client(id) => ("client", id.index()),
        Job::Shipment(id) => ("shipment", id.index()),
    };
    let by_type: Vec<Value> = explanation
        .by_type
        .iter()
        .map(|own| {
            let vehicle_type = own.vehicle_type.index();
            let name = &problem.vehicle_type(own.vehicle_type).name;
            match &own.reason {
                Reason::Impossible(obstacles) => {
                    let obstacles: Vec<String> = obstacles.iter().map(ToString::to_string).collect();
                    json!({"vehicle_type": vehicle_type, "name": name, "verdict": "impossible", "obstacles": obstacles})
                }
                Reason::NotFound(violated) => {
                    let violated: Vec<String> = violated.iter().map(ToString::to_string).collect();
                    json!({"vehicle_type": vehicle_type, "name": name, "verdict": "not_found", "alone": violated})
                }
                Reason::Tied(tie) => {
                    let text = tie.to_string();
                    json!({
                        "vehicle_type": vehicle_type, "name": name, "verdict": "tied",
                        "relation": tie.relation, "relation_text": text,
                    })
                }
                Reason::NoRoom => json!({"vehicle_type": vehicle_type, "name": name, "verdict": "no_room"}),
                Reason::Possible { cost } => {
                    json!({"vehicle_type": vehicle_type, "name": name, "verdict": "possible", "cost": cost})
                }
            }
        })
        .collect();
    let relaxations: Vec<String> = explanation.relaxations.iter().map(ToString::to_string).collect();
    json!({
        "kind": kind,
        "index": index,
        "name": name(problem, explanation.job),
        "verdict": match explanation.searched {
            Searched::Nothing => "not_looked_at",
            _ if explanation.is_impossible() => "impossible",
            _ => "not_chosen",
        },
        "complete": explanation.searched == Searched::Everything,
        "prize": explanation.prize,
        "by_type": by_type,
        "relaxations": relaxations,
    })
}
