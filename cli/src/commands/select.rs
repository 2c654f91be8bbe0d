//! `milkrun select`.

use std::collections::{BTreeMap, HashMap};

use milkrun::ClientId;
use milkrun::document::{OutcomeDocument, UncertainDocument};
use milkrun::forecast::{
    Action, Choice, ForecastError, Samples, SelectParams, apply_selection, sample_scenarios, select,
};
use milkrun::io::json::{self as document, Ref};
use milkrun::scenarios::Scenario;
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
        at_most_one(
            "standard output",
            &[("--out", dash(&args.out)), ("--uncertain", dash(&args.uncertain)), ("--json", args.json)],
        ),
    );
    let problem = args.problem.as_deref().map(|path| input::problem(path, Some(milkrun::io::Format::Json), None, true));
    let outputs = [("--out", args.out.as_deref()), ("--uncertain", args.uncertain.as_deref())];
    let ((_, [out, uncertain]), (history, problem)) = both(
        both(streams, prepare(outputs, &files)),
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
    if let (Some(instance), Some(target)) = (&problem, &uncertain) {
        let draw = |clients: &[Option<ClientId>]| {
            let samples = Samples { count: usize::from(args.outcomes), seed: args.seed };
            let (states, load) = (history.states(), args.full_load.unwrap_or(0));
            sample_scenarios(model.as_ref(), &states, &choices, clients, &params, load, samples)
        };
        let all = uncertain_of(&instance.problem, names, draw).map_err(|error| faults("", &error))?;
        target.write(&to_text(&json!({ "uncertain": all })))?;
    }
    if let (Some(instance), Some(target)) = (problem, &out) {
        write(&instance.problem, names, &choices, args, target)?;
    }
    if args.json {
        output::stdout(&to_text(&answer(names, &choices, params.service)))?;
    } else if !matches!(out, Some(Target::Stdout)) && !matches!(uncertain, Some(Target::Stdout)) {
        output::stdout(&table::aligned(&rows(names, &choices)))?;
    }
    Ok(Outcome::Done)
}

/// What each bin that is a client may turn out to be.
fn uncertain_of(
    problem: &milkrun::Problem,
    names: &[String],
    draw: impl FnOnce(&[Option<ClientId>]) -> Result<Vec<Scenario>, ForecastError>,
) -> Result<Vec<UncertainDocument>, ForecastError> {
    let mut by_name = HashMap::new();
    for (c, client) in problem.clients().iter().enumerate() {
        by_name.entry(client.name.as_str()).or_insert(ClientId::new(c));
    }
    let clients: Vec<Option<ClientId>> = names.iter().map(|name| by_name.get(name.as_str()).copied()).collect();
    let mut all: BTreeMap<ClientId, Vec<OutcomeDocument>> = BTreeMap::new();
    for outcome in draw(&clients)?.into_iter().flat_map(|scenario| scenario.0) {
        let own = OutcomeDocument { pickup: outcome.pickup, prize: outcome.prize };
        all.entry(outcome.client).or_default().push(own);
    }
    let uncertain = |(client, outcomes): (ClientId, Vec<OutcomeDocument>)| UncertainDocument {
        client: Ref::Index(client.index()),
        outcomes,
    };
    Ok(all.into_iter().map(uncertain).collect())
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
