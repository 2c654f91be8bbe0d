//! `milkrun explain`.

use std::fmt::Write as _;

use milkrun::Problem;
use milkrun::explain::{Explanation, Job, Reason, explain};
use serde_json::{Value, json};

use super::{at_most_one, is_dash};
use crate::args::Explain;
use crate::failure::{Failure, Outcome};
use crate::{input, output, report};

pub(super) fn run(args: &Explain) -> Result<Outcome, Failure> {
    at_most_one("standard input", &[("PROBLEM", is_dash(&args.problem)), ("PLAN", is_dash(&args.plan))])?;
    let instance = input::problem(&args.problem, args.reading.format.get(), args.reading.rounding.get())?;
    let stated = input::plan(&args.plan, &instance.problem)?;
    let problem = &instance.problem;
    let found = explain(problem, &stated.stated.plan);
    if args.json {
        let list: Vec<Value> = found.iter().map(|explanation| document(problem, explanation)).collect();
        output::stdout(&report::to_text(&json!({ "unserved": list })))?;
    } else {
        output::stdout(&text(problem, &found))?;
    }
    Ok(Outcome::Done)
}

fn text(problem: &Problem, found: &[Explanation]) -> String {
    if found.is_empty() {
        return "everybody is served\n".to_owned();
    }
    let mut text = String::new();
    for explanation in found {
        let name = name(problem, explanation.job);
        // Writing to a string cannot fail.
        let _ =
            if name.is_empty() { writeln!(text, "{explanation}") } else { writeln!(text, "{name:?}: {explanation}") };
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
        "verdict": if explanation.is_impossible() { "impossible" } else { "not_chosen" },
        "prize": explanation.prize,
        "by_type": by_type,
        "relaxations": relaxations,
    })
}
