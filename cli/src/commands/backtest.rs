//! `milkrun backtest`.

use std::path::Path;

use milkrun::forecast::{
    BacktestParams, City, CityParams, Croston, DecisionMetrics, Ets, FillBacktestParams, FillScores, ForecastPolicy,
    ImpactCosts, Policy, RoundParams, SeasonalNaive, SelectParams, SeriesModel, SeriesScores, Theta, VisitParams,
    backtest, backtest_fill, backtest_visits, format_time, simulate,
};
use serde_json::{Value, json};

use super::forecast::span_name;
use super::{at_most_one, is_dash, prepare};
use crate::failure::{Failure, Outcome, both};
use crate::forecast_args::{Backtest, Model};
use crate::input;
use crate::output::{self, log};
use crate::readings::{self, faults};
use crate::report::to_text;
use crate::table;

const DAY: i64 = 86_400;

/// The output of a backtest: a table, and the same as JSON.
struct Answer {
    text: String,
    json: Value,
}

pub(super) fn run(args: &Backtest) -> Result<Outcome, Failure> {
    let readings_dash = args.readings_out.as_deref().is_some_and(is_dash);
    at_most_one("standard output", &[("--readings-out", readings_dash), ("the answer", true)])?;
    let answer = match &args.file {
        None => decisions(args)?,
        Some(file) if args.visits => visits(file, args)?,
        Some(file) => forecasts(file, args)?,
    };
    output::stdout(&if args.json { to_text(&answer.json) } else { answer.text })?;
    Ok(Outcome::Done)
}

fn visits(file: &Path, args: &Backtest) -> Result<Answer, Failure> {
    let set = readings::table(file, args.meaning.columns.as_ref())?;
    let params = VisitParams { full: args.meaning.full, ..VisitParams::default() };
    let scores = backtest_visits(&set, args.share, 5, &params).map_err(|error| faults("", &error))?;
    let rows = [
        ("visits tested", scores.visits.to_string()),
        ("bins tested", scores.bins.to_string()),
        ("tested from", format_time(scores.split)),
        ("mean absolute error", decimal(scores.mae, 2)),
        ("root mean squared error", decimal(scores.rmse, 2)),
        ("bias (actual minus forecast)", decimal(scores.bias, 2)),
        ("inside the 80 % interval", percent(scores.coverage)),
        ("error of the last level", decimal(scores.mae_last, 2)),
        ("error of the mean level", decimal(scores.mae_mean, 2)),
        ("error of level by time^0.4", decimal(scores.mae_power, 2)),
    ];
    let text = table::aligned(&rows.map(|(name, value)| vec![name.to_owned(), value]));
    let json = json!({
        "visits": scores.visits, "bins": scores.bins, "split": scores.split, "mae": scores.mae, "rmse": scores.rmse,
        "bias": scores.bias, "coverage_80": scores.coverage, "mae_last": scores.mae_last, "mae_mean": scores.mae_mean,
        "mae_power": scores.mae_power,
    });
    Ok(Answer { text, json })
}

fn forecasts(file: &Path, args: &Backtest) -> Result<Answer, Failure> {
    at_most_one(
        "standard input",
        &[("READINGS.csv", is_dash(file)), ("--emptyings", args.meaning.emptyings.as_deref().is_some_and(is_dash))],
    )?;
    let history = readings::read(file, &args.meaning)?;
    log(&history.summary());
    let mut fills = Vec::new();
    for (name, model) in [("empirical", Model::Empirical), ("gamma", Model::Gamma)] {
        let fit = move |known: &milkrun::forecast::Increments| readings::fit(model, known);
        let params = FillBacktestParams::default();
        let scores = backtest_fill(&history.cleaned, &history.increments, &params, &fit);
        fills.push((name, scores.map_err(|error| faults("", &error))?));
    }
    let daily = history.increments.per_step(DAY, 0, 0.75).map_err(|error| faults("", &error))?;
    let models: Vec<Box<dyn SeriesModel>> = vec![
        Box::new(SeasonalNaive { season: 7 }),
        Box::new(Croston::default()),
        Box::new(Theta { season: 7 }),
        Box::new(Ets { season: 7 }),
    ];
    let series = backtest(&daily, &models, &BacktestParams::default()).map_err(|error| faults("", &error))?;
    if fills.iter().all(|(_, scores)| scores.iter().all(|s| s.forecasts == 0))
        && series.iter().all(|s| s.forecasts == 0)
    {
        return Err(Failure::input(format!(
            "{}: the history is too short to test forecasts; give some weeks of readings",
            input::shown(file)
        )));
    }
    let text = format!("{}\n{}", fill_table(&fills), series_table(&series));
    Ok(Answer { text, json: json!({"fill": fill_json(&fills), "daily": series_json(&series)}) })
}

fn fill_table(fills: &[(&str, Vec<FillScores>)]) -> String {
    let heading = ["fill model", "ahead", "windows", "full", "MAE", "CRPS", "in 80 %", "Brier", "calibration error"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    for (name, scores) in fills {
        rows.extend(scores.iter().map(|s| {
            vec![
                (*name).to_owned(),
                span_name(s.horizon),
                s.forecasts.to_string(),
                percent(s.base_rate),
                decimal(s.mae, 2),
                decimal(s.crps, 2),
                percent(s.coverage),
                decimal(s.brier, 4),
                decimal(s.calibration_error, 4),
            ]
        }));
    }
    table::aligned(&rows)
}

fn fill_json(fills: &[(&str, Vec<FillScores>)]) -> Vec<Value> {
    let each = fills.iter().flat_map(|(name, scores)| scores.iter().map(move |s| (name, s)));
    each.map(|(name, s)| {
        json!({
            "model": name, "horizon": s.horizon, "forecasts": s.forecasts, "censored": s.censored, "mae": s.mae,
            "crps": s.crps, "coverage_80": s.coverage, "brier": s.brier, "calibration_error": s.calibration_error,
            "base_rate": s.base_rate,
        })
    })
    .collect()
}

fn series_table(series: &[SeriesScores]) -> String {
    let heading = ["model of daily amounts", "values", "MAE", "MASE", "pinball", "CRPS", "in 80 %"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    rows.extend(series.iter().map(|s| {
        vec![
            s.model.clone(),
            s.forecasts.to_string(),
            decimal(s.mae, 3),
            decimal(s.mase, 3),
            decimal(s.pinball, 3),
            decimal(s.crps, 3),
            percent(s.coverage),
        ]
    }));
    table::aligned(&rows)
}

fn series_json(series: &[SeriesScores]) -> Vec<Value> {
    series
        .iter()
        .map(|s| {
            json!({
                "model": s.model, "forecasts": s.forecasts, "failed": s.failed, "mae": s.mae, "rmse": s.rmse,
                "bias": s.bias, "mase": s.mase, "pinball": s.pinball, "crps": s.crps, "coverage_80": s.coverage,
            })
        })
        .collect()
}

fn decisions(args: &Backtest) -> Result<Answer, Failure> {
    let ([out], ()) = both(prepare([("--readings-out", args.readings_out.as_deref())], &[]), Ok(()))?;
    let params =
        |seed| CityParams { bins: args.bins as usize, days: args.days as usize, seed, ..CityParams::default() };
    let cities = args.seeds.iter().map(|&seed| City::new(&params(seed)));
    let cities: Vec<City> = cities.collect::<Result<_, _>>().map_err(|error| faults("", &error))?;
    if let (Some(target), Some(city)) = (out, cities.first()) {
        target.write(&readings_csv(city))?;
    }
    let select = SelectParams::daily(0, 400);
    let policies = [
        Policy::Fixed { every: 2 },
        Policy::Fixed { every: 3 },
        Policy::Fixed { every: 4 },
        Policy::Threshold { level: 70.0 },
        Policy::Threshold { level: 80.0 },
        Policy::Forecast(ForecastPolicy { select, empirical: Some(milkrun::forecast::EmpiricalParams::default()) }),
    ];
    let mut results: Vec<(String, Vec<DecisionMetrics>)> = Vec::new();
    for policy in &policies {
        let runs = cities.iter().map(|city| simulate(city, policy, &RoundParams::default()));
        let runs: Vec<DecisionMetrics> = runs.collect::<Result<_, _>>().map_err(|error| faults("", &error))?;
        results.push((policy.name(), runs));
    }
    let prices = args.prices.as_ref();
    let json = results.iter().map(|(name, runs)| decision_json(name, &args.seeds, runs, prices)).collect();
    Ok(Answer { text: decision_table(&results, prices), json })
}

fn readings_csv(city: &City) -> String {
    let mut rows = vec![["id", "time", "value"].map(str::to_owned).to_vec()];
    for series in city.readings().iter() {
        rows.extend(series.times.iter().zip(series.values).map(|(&time, value)| {
            let value = if value.is_nan() { String::new() } else { value.to_string() };
            vec![series.name.to_owned(), format_time(time), value]
        }));
    }
    table::csv(&rows)
}

fn decision_table(results: &[(String, Vec<DecisionMetrics>)], prices: Option<&ImpactCosts>) -> String {
    let heading = ["policy", "overflows", "km", "visits", "under half full", "km/t", "service level"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    rows[0].extend(prices.map(|_| "money".to_owned()));
    for (name, runs) in results {
        let mean = |of: &dyn Fn(&DecisionMetrics) -> f64| runs.iter().map(of).sum::<f64>() / runs.len() as f64;
        let visits = mean(&|m| m.visits as f64);
        let kilometres = mean(&|m| m.kilometres);
        let mut row = vec![
            name.clone(),
            format!("{:.1}", mean(&|m| m.overflows as f64)),
            format!("{kilometres:.1}"),
            format!("{visits:.0}"),
            percent(mean(&|m| m.wasted as f64) / visits),
            format!("{:.1}", kilometres / mean(&|m| m.tonnes)),
            format!("{:.2} %", mean(&|m| m.service_level) * 100.0),
        ];
        row.extend(prices.map(|prices| format!("{:.2}", mean(&|m| prices.of(m)))));
        rows.push(row);
    }
    table::aligned(&rows)
}

fn decision_json(name: &str, seeds: &[u64], runs: &[DecisionMetrics], prices: Option<&ImpactCosts>) -> Value {
    let runs: Vec<Value> = seeds
        .iter()
        .zip(runs)
        .map(|(seed, m)| {
            let mut run = json!({
                "seed": seed, "days": m.days, "visits": m.visits, "wasted": m.wasted, "overflows": m.overflows,
                "service_level": m.service_level, "excess": m.excess, "kilometres": m.kilometres, "tonnes": m.tonnes,
                "infeasible_days": m.infeasible_days,
            });
            if let Some(prices) = prices {
                run["money"] = json!(prices.of(m));
            }
            run
        })
        .collect();
    json!({"policy": name, "runs": runs})
}

fn percent(share: f64) -> String {
    if share.is_nan() { NOT_KNOWN.to_owned() } else { format!("{:.1} %", share * 100.0) }
}

/// Table entry for a number that could not be computed from the data.
const NOT_KNOWN: &str = "-";

fn decimal(value: f64, digits: usize) -> String {
    if value.is_nan() { NOT_KNOWN.to_owned() } else { format!("{value:.digits$}") }
}
