//! `milkrun forecast`.

use milkrun::forecast::{BinState, TimeToFull, format_time, time_to_full};
use serde_json::{Value, json};

use super::{at_most_one, is_dash, prepare};
use crate::failure::{Failure, Outcome, both};
use crate::forecast_args::Forecast;
use crate::output::{self, log};
use crate::readings::{self, CleanedReadings, faults};
use crate::report::to_text;
use crate::table;

const LEVELS: [f64; 3] = [0.1, 0.5, 0.9];

pub(super) fn run(args: &Forecast) -> Result<Outcome, Failure> {
    let emptied = args.readings.meaning.emptyings.as_deref().map(|path| ("--emptyings", path, &[][..]));
    let inputs: Vec<_> = [("READINGS.csv", args.readings.file.as_path(), &[][..])].into_iter().chain(emptied).collect();
    let out_is_dash = args.out.as_deref().is_some_and(is_dash);
    let emptyings = args.readings.meaning.emptyings.as_deref().is_some_and(is_dash);
    let readers = [("READINGS.csv", is_dash(&args.readings.file)), ("--emptyings", emptyings)];
    let streams = both(
        at_most_one("standard input", &readers),
        at_most_one("standard output", &[("--out", out_is_dash), ("--json", args.json)]),
    );
    let ((_, [out]), history) = both(
        both(streams, prepare([("--out", args.out.as_deref())], &inputs)),
        readings::read(&args.readings.file, &args.readings.meaning),
    )?;
    log(&history.summary());
    let model = history.model(args.readings.meaning.model)?;
    let now = history.now("--now", args.now)?;
    let mut spans = args.horizons.clone();
    spans.sort_unstable();
    spans.dedup();
    let horizons: Vec<i64> = spans.iter().map(|span| now + span).collect();
    // A bin without any usable reading has no level to start from; its row stays empty.
    let states = history.states();
    let assumed: Vec<BinState> = states.iter().map(|s| s.unwrap_or(BinState { time: now, level: 0.0 })).collect();
    let full = args.readings.meaning.full;
    let found = time_to_full(model.as_ref(), &assumed, full, &horizons, &LEVELS).map_err(|e| faults("", &e))?;
    if let Some(target) = out {
        target.write(&table::csv(&rows(&history, &states, &found, &spans)))?;
    }
    if args.json {
        output::stdout(&to_text(&document(&history, &states, &found, now, &spans)))?;
    } else if args.out.is_none() {
        output::stdout(&table::aligned(&rows(&history, &states, &found, &spans)))?;
    }
    Ok(Outcome::Done)
}

fn rows(
    history: &CleanedReadings,
    states: &[Option<BinState>],
    found: &[TimeToFull],
    spans: &[i64],
) -> Vec<Vec<String>> {
    let mut heading = vec!["id".to_owned(), "last_reading".to_owned(), "level".to_owned()];
    heading.extend(spans.iter().map(|span| format!("p_full_{}", span_name(*span))));
    heading.extend(LEVELS.iter().map(|level| format!("full_by_{:.0}pct", level * 100.0)));
    let mut rows = vec![heading];
    for ((name, state), found) in history.cleaned.readings.names().iter().zip(states).zip(found) {
        let mut row = vec![name.clone()];
        match state {
            Some(state) => {
                row.extend([format_time(state.time), format!("{:.1}", state.level)]);
                row.extend(found.probabilities.iter().map(|p| format!("{p:.4}")));
                row.extend(found.quantiles.iter().map(|q| q.map_or(String::new(), format_time)));
            }
            None => row.extend(std::iter::repeat_n(String::new(), 2 + spans.len() + LEVELS.len())),
        }
        rows.push(row);
    }
    rows
}

fn document(
    history: &CleanedReadings,
    states: &[Option<BinState>],
    found: &[TimeToFull],
    now: i64,
    spans: &[i64],
) -> Value {
    let bins: Vec<Value> = history
        .cleaned
        .readings
        .names()
        .iter()
        .zip(states)
        .zip(found)
        .map(|((name, state), found)| match state {
            Some(state) => json!({
                "id": name, "time": state.time, "level": state.level, "p_full": found.probabilities,
                "full_by": found.quantiles,
            }),
            None => json!({"id": name, "time": null, "level": null, "p_full": null, "full_by": null}),
        })
        .collect();
    json!({"now": now, "horizons": spans, "levels": LEVELS, "bins": bins, "readings": history.report()})
}

/// A length of time in its largest whole unit.
pub(super) fn span_name(seconds: i64) -> String {
    let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
    let unit = units.iter().find(|(unit, _)| seconds % unit == 0);
    unit.map_or_else(|| format!("{seconds}s"), |(unit, name)| format!("{}{name}", seconds / unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans() {
        assert_eq!([172_800, 43_200, 61].map(span_name), ["2d", "12h", "61s"]);
    }
}
