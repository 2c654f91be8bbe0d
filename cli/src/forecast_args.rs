//! Arguments of `forecast`, `select` and `backtest`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};
use milkrun::forecast::{CleanParams, ImpactCosts, TableColumns, parse_time};
use milkrun::units::{Cost, Load};

/// Readings, and how to interpret them.
#[derive(Clone, Debug, Args)]
pub(crate) struct Readings {
    /// A table with the columns id, time and value, one line per reading
    #[arg(value_name = "READINGS.csv", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) meaning: Meaning,
}

/// How to interpret readings.
#[derive(Clone, Debug, Args)]
pub(crate) struct Meaning {
    /// The names of the columns, if they are not id, time and value (or similar)
    #[arg(long, value_name = "ID,TIME,VALUE", value_parser = parse_columns)]
    pub(crate) columns: Option<TableColumns>,
    /// When bins were emptied: a table with the columns id and time. By default, a fall of the level is an emptying
    #[arg(long, value_name = "FILE.csv", value_hint = ValueHint::FilePath)]
    pub(crate) emptyings: Option<PathBuf>,
    /// The level of a full bin
    #[arg(long, value_name = "LEVEL", default_value_t = 100.0)]
    pub(crate) full: f64,
    /// Fall of the level that counts as an emptying; by default a fifth of full
    #[arg(long, value_name = "LEVEL")]
    pub(crate) emptying_drop: Option<f64>,
    /// The fill model
    #[arg(long, value_enum, default_value_t = Model::Empirical)]
    pub(crate) model: Model,
}

impl Meaning {
    /// How to clean the readings; limits are in proportion to full.
    pub(crate) fn clean_params(&self) -> CleanParams {
        let usual = CleanParams::default();
        let scale = self.full / usual.full;
        CleanParams {
            full: self.full,
            tolerance: usual.tolerance * scale,
            noise: usual.noise * scale,
            emptying_drop: self.emptying_drop.unwrap_or(usual.emptying_drop * scale),
            spike: usual.spike.map(|spike| spike * scale),
            ..usual
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Model {
    /// Amounts deposited in past windows of the same length
    Empirical,
    /// A gamma process
    Gamma,
}

fn parse_columns(text: &str) -> Result<TableColumns, String> {
    match text.split(',').collect::<Vec<_>>().as_slice() {
        [id, time, value] => {
            let name = |text: &str| Some(text.trim().to_owned());
            Ok(TableColumns { id: name(id), time: name(time), value: name(value) })
        }
        parts => Err(format!("{} names; give three: id,time,value", parts.len())),
    }
}

fn parse_prices(text: &str) -> Result<ImpactCosts, String> {
    let price = |text: &str| text.trim().parse().ok().filter(|price: &f64| price.is_finite() && *price >= 0.0);
    match text.split(',').map(price).collect::<Vec<_>>().as_slice() {
        [Some(kilometre), Some(visit), Some(overflow)] => {
            Ok(ImpactCosts { kilometre: *kilometre, visit: *visit, overflow: *overflow })
        }
        _ => Err("give three non-negative prices: of a kilometre, a visit and an overflow".to_owned()),
    }
}

/// Parses a time of the command line.
fn parse_moment(text: &str) -> Result<i64, String> {
    let limit = milkrun::forecast::MAX_TIME;
    let time = parse_time(text).map_err(|error| error.to_string())?;
    let beyond = || "is outside ±2^37 seconds; give seconds since 1970 (not milliseconds or nanoseconds)".to_owned();
    Some(time).filter(|time| (-limit..=limit).contains(time)).ok_or_else(beyond)
}

/// Parses a duration in whole seconds: `90m`, `12h`, `3d`, `2w`.
fn parse_span(text: &str) -> Result<i64, String> {
    const HELP: &str = "give a whole number with a unit, such as 90m, 12h, 3d or 2w";
    let text = text.trim();
    let unit_from = text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
    let (number, unit) = text.split_at(unit_from);
    let factor = match unit {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return Err(HELP.to_owned()),
    };
    let number: i64 = number.trim().parse().map_err(|_| HELP.to_owned())?;
    let seconds = number.checked_mul(factor).filter(|seconds| (1..=315_360_000).contains(seconds));
    seconds.ok_or_else(|| format!("that is not between a second and ten years; {HELP}"))
}

const FORECAST_HELP: &str = "\
Examples:
  milkrun forecast readings.csv
  milkrun forecast readings.csv --emptyings rounds.csv --horizons 12h,1d,2d,7d --out forecast.csv
  milkrun forecast - --columns sensor,seen_at,percent --json < readings.csv

The output has a line for each bin: its level, the probability that it is full by each horizon, and the times by which it
is full with a probability of 10, 50 and 90 %.";

#[derive(Debug, Args)]
#[command(after_help = FORECAST_HELP)]
pub(crate) struct Forecast {
    #[command(flatten)]
    pub(crate) readings: Readings,
    /// Horizons
    #[arg(long, value_name = "TIME[,TIME…]", value_delimiter = ',', value_parser = parse_span, default_value = "1d,2d,3d,7d")]
    pub(crate) horizons: Vec<i64>,
    /// The time from which horizons count; by default that of the last reading
    #[arg(long, value_name = "TIME", value_parser = parse_moment)]
    pub(crate) now: Option<i64>,
    /// Write the forecasts as CSV
    #[arg(long, value_name = "OUT.csv", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,
    /// Print one JSON object, including faults of the readings
    #[arg(long)]
    pub(crate) json: bool,
}

const SELECT_HELP: &str = "\
Examples:
  milkrun select readings.csv
  milkrun select readings.csv --problem city.json --out today.json --full-load 30
  milkrun solve today.json

Clients of the problem with the name of a bin become required, or optional with a prize; others are unchanged. The
prize is in the problem's unit of cost: give --visit-cost in it.";

#[derive(Debug, Args)]
#[command(after_help = SELECT_HELP)]
pub(crate) struct Select {
    #[command(flatten)]
    pub(crate) readings: Readings,
    /// When the round serves; by default at the last reading
    #[arg(long, value_name = "TIME", value_parser = parse_moment)]
    pub(crate) at: Option<i64>,
    /// Time until the next round
    #[arg(long, value_name = "TIME", value_parser = parse_span, default_value = "1d")]
    pub(crate) period: i64,
    /// A bin that is full before the next round with a higher probability must be visited
    #[arg(long, value_name = "P", default_value_t = 0.3)]
    pub(crate) tolerance: f64,
    /// Cost of a visit at another time
    #[arg(long, value_name = "COST", default_value_t = 400)]
    pub(crate) visit_cost: Cost,
    /// Cost of an overflow; by default ten visits
    #[arg(long, value_name = "COST")]
    pub(crate) overflow_cost: Option<Cost>,
    /// The problem whose clients are the bins
    #[arg(long, value_name = "PROBLEM.json", value_hint = ValueHint::FilePath, requires = "out")]
    pub(crate) problem: Option<PathBuf>,
    /// Where to write the problem with the decisions applied
    #[arg(long, value_name = "OUT.json", value_hint = ValueHint::FilePath, requires = "problem")]
    pub(crate) out: Option<PathBuf>,
    /// Load of a full bin, in the problem's first load dimension: pickups become the expected loads
    #[arg(long, value_name = "LOAD", requires = "problem", value_parser = clap::value_parser!(i64).range(0..=1_073_741_823))]
    pub(crate) full_load: Option<Load>,
    /// Where to write what each bin may turn out to be, for `milkrun scenarios`
    #[arg(long, value_name = "UNCERTAIN.json", value_hint = ValueHint::FilePath, requires_all = ["problem", "full_load"])]
    pub(crate) uncertain: Option<PathBuf>,
    /// How many outcomes of each bin are written
    #[arg(long, value_name = "N", default_value_t = 50, requires = "uncertain", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) outcomes: u16,
    /// Seed of the outcomes
    #[arg(long, value_name = "N", default_value_t = 1, requires = "uncertain")]
    pub(crate) seed: u64,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

const BACKTEST_HELP: &str = "\
Examples:
  milkrun backtest readings.csv                 models of fill and of daily amounts, on past data
  milkrun backtest visits.csv --visits          levels found by crews, if there are no sensors
  milkrun backtest --simulate --seeds 1,2,3     policies, on a synthetic city with solved routes";

#[derive(Debug, Args)]
#[command(after_help = BACKTEST_HELP)]
pub(crate) struct Backtest {
    /// Readings (or, with --visits, levels at visits): a table with the columns id, time and value
    #[arg(value_name = "READINGS.csv", value_hint = ValueHint::FilePath, required_unless_present = "simulate", conflicts_with = "simulate")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) meaning: Meaning,
    /// The table has the level that each visit found; visits empty the bin
    #[arg(long, conflicts_with_all = ["simulate", "emptyings"])]
    pub(crate) visits: bool,
    /// Share of the visits, in order of time, to learn from
    #[arg(long, value_name = "SHARE", default_value_t = 0.6)]
    pub(crate) share: f64,
    /// Compare collection policies on a synthetic city
    #[arg(long)]
    pub(crate) simulate: bool,
    /// Seeds of synthetic cities
    #[arg(long, value_name = "N[,N…]", value_delimiter = ',', default_value = "1,2,3")]
    pub(crate) seeds: Vec<u64>,
    /// Bins of a synthetic city
    #[arg(long, value_name = "N", default_value_t = 80, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) bins: u32,
    /// Days of a synthetic city, 42 of them to learn from
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u32).range(43..=10_000))]
    pub(crate) days: u32,
    /// Prices of a kilometre, a visit and an overflow: reports the cost of each policy
    #[arg(long, value_name = "KM,VISIT,OVERFLOW", value_parser = parse_prices, requires = "simulate")]
    pub(crate) prices: Option<ImpactCosts>,
    /// Also write the readings of the first synthetic city
    #[arg(long, value_name = "OUT.csv", value_hint = ValueHint::FilePath, requires = "simulate")]
    pub(crate) readings_out: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans() {
        assert_eq!(parse_span("90m"), Ok(5400));
        assert_eq!(parse_span("2w"), Ok(1_209_600));
        for text in ["", "3", "0d", "-1d", "1.5d", "9999999w", "d", "3y"] {
            assert!(parse_span(text).is_err(), "{text}");
        }
    }

    #[test]
    fn columns() {
        assert_eq!(parse_columns("a, b,c").unwrap().time.as_deref(), Some("b"));
        assert!(parse_columns("a,b").is_err());
    }

    #[test]
    fn prices() {
        assert_eq!(parse_prices("2, 1.5,0"), Ok(ImpactCosts { kilometre: 2.0, visit: 1.5, overflow: 0.0 }));
        for text in ["1,2", "1,2,3,4", "1,2,x", "1,-2,3", "1,2,NaN", ""] {
            assert!(parse_prices(text).is_err(), "{text}");
        }
    }
}
