//! The arguments of `scenarios`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::args::{Limits, Reading};

const SCENARIOS_HELP: &str = "\
Examples:
  milkrun select readings.csv --problem city.json --out today.json --full-load 400 --uncertain uncertain.json
  milkrun scenarios today.json --uncertain uncertain.json --scenarios 20 --time-limit 20s --out plan.json

The problem says what is expected. `milkrun schema scenarios` describes the file of what is uncertain; the smallest is
{\"uncertain\": [{\"client\": \"bin 7\", \"outcomes\": [{\"pickup\": [80], \"prize\": 0}, {\"pickup\": [140], \"prize\": 4000}]}]}:
each outcome is as likely as the others. What it costs is told in fresh scenarios, beside the plan for what is expected.";

#[derive(Debug, Args)]
#[command(after_help = SCENARIOS_HELP)]
pub(crate) struct Scenarios {
    /// The problem, with what is expected
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) problem: PathBuf,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// What clients may turn out to be (JSON)
    #[arg(long, value_name = "UNCERTAIN.json", value_hint = ValueHint::FilePath)]
    pub(crate) uncertain: PathBuf,
    /// Over how many scenarios it is planned (default: what the file says, or 20)
    #[arg(long = "scenarios", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub(crate) over: Option<u16>,
    /// In how many fresh scenarios the plan is driven (default: what the file says, or 200)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(0..=10_000))]
    pub(crate) fresh: Option<u16>,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// Seed of all random choices
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Number of search threads
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: u16,
    /// Write the plan as milkrun JSON
    #[arg(long, value_name = "PLAN.json", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,
    /// Print one JSON object instead of the table
    #[arg(long)]
    pub(crate) json: bool,
    /// Print no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
}
