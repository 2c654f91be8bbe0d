//! `milkrun select`.

use milkrun::forecast::{Action, Choice, SelectParams, apply_selection, select};
use milkrun::io::json as document;
use serde_json::{Value, json};

use super::{at_most_one, is_dash, prepare};
use crate::failure::{Failure, Outcome, both};
use crate::forecast_args::Select;
use crate::output::{self, Target, log};
use crate::readings::{self, faults};
use crate::report::to_text;
use crate::{input, table};

pub(super) fn run(args: &Select) -> Result<Outcome, Failure> {
    let dash = |path: &Option<std::path::PathBuf>| path.as_deref().is_some_and(is_dash);
    let emptied = args.readings.meaning.emptyings.as_deref().map(|path| ("--emptyings", path, &[][..]));
    let asked = args.problem.as_deref().map(|path| ("--problem", path, &[][..]));
    let files: Vec<_> =
        [("READINGS.csv", args.readings.file.as_path(), &[][..])].into_iter().chain(emptied).chain(asked).collect();
    let inputs = [
        ("READINGS.csv", is_dash(&args.readings.file)),
        ("--emptyings", dash(&args.readings.meaning.emptyings)),
        ("--problem", dash(&args.problem)),
    ];
    let streams = both(
        at_most_one("standard input", &inputs),
        at_most_one("standard output", &[("--out", dash(&args.out)), ("--json", args.json)]),
    );
    let problem = args.problem.as_deref().map(|path| input::problem(path, Some(milkrun::io::Format::Json), None, true));
    let ((_, [out]), (history, problem)) = both(
        both(streams, prepare([("--out", args.out.as_deref())], &files)),
        both(readings::read(&args.readings.file, &args.readings.meaning), problem.transpose()),
    )?;
    log(&history.summary());
    let model = history.model(args.readings.meaning.model)?;
    let usual = SelectParams::daily(history.now("--at", args.at)?, args.visit_cost);
    let params = SelectParams {
        period: args.period,
        full: args.readings.meaning.full,
        tolerance: args.tolerance,
        overflow_cost: args.overflow_cost.unwrap_or(usual.overflow_cost),
        ..usual
    };
    let choices = select(model.as_ref(), &history.states(), &params).map_err(|error| faults("", &error))?;
    let names = history.cleaned.readings.names();
    if let (Some(instance), Some(target)) = (problem, &out) {
        write(&instance.problem, names, &choices, args, target)?;
    }
    if args.json {
        output::stdout(&to_text(&answer(names, &choices, params.service)))?;
    } else if !matches!(out, Some(Target::Stdout)) {
        output::stdout(&table::aligned(&rows(names, &choices)))?;
    }
    Ok(Outcome::Done)
}

/// Writes the problem with the decisions applied.
fn write(
    problem: &milkrun::Problem,
    names: &[String],
    choices: &[Choice],
    args: &Select,
    target: &Target,
) -> Result<(), Failure> {
    let mut builder = problem.to_builder();
    let applied = apply_selection(&mut builder, names, choices, args.readings.meaning.full, args.full_load);
    if applied.unmatched.len() == names.len() {
        return Err(Failure::input(format!(
            "no client of the problem has the name of a bin, such as {:?}; name the clients after the readings' ids",
            names[0]
        )));
    }
    if !applied.unmatched.is_empty() {
        let (count, first) = (applied.unmatched.len(), &applied.unmatched[0]);
        log(&format!("bins without a client in the problem: {count}, the first is {first:?}"));
    }
    let decided = builder.build().map_err(|error| Failure::input(error.to_string()))?;
    log(&format!("{} must, {} may, {} need not be visited", applied.must, applied.may, applied.skip));
    target.write(&document::write_problem(&decided))
}

fn word(action: Action) -> &'static str {
    match action {
        Action::Must => "must",
        Action::May => "may",
        Action::Skip => "skip",
    }
}

fn rows(names: &[String], choices: &[Choice]) -> Vec<Vec<String>> {
    let heading = ["id", "action", "prize", "level", "p_full_now", "p_full_next", "reason"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    let number = |value: f64, digits: usize| if value.is_nan() { String::new() } else { format!("{value:.digits$}") };
    rows.extend(names.iter().zip(choices).map(|(name, c)| {
        vec![
            name.clone(),
            word(c.action).to_owned(),
            c.prize.to_string(),
            number(c.level, 1),
            number(c.full_now, 4),
            number(c.full_next, 4),
            c.reason.to_string(),
        ]
    }));
    rows
}

fn answer(names: &[String], choices: &[Choice], service: i64) -> Value {
    let count = |action| choices.iter().filter(|c| c.action == action).count();
    let known = |value: f64| (!value.is_nan()).then_some(value);
    let bins: Vec<Value> = names
        .iter()
        .zip(choices)
        .map(|(name, c)| {
            json!({
                "id": name, "action": word(c.action), "prize": c.prize, "level": known(c.level),
                "p_full_now": known(c.full_now), "p_full_next": known(c.full_next), "reason": c.reason.to_string(),
            })
        })
        .collect();
    json!({
        "at": service, "must": count(Action::Must), "may": count(Action::May), "skip": count(Action::Skip), "bins": bins,
    })
}
