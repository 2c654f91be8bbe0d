//! The arguments of `period`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::args::{Limits, Reading};
use crate::handout_args::PageArgs;

const PERIOD_HELP: &str = "\
Examples:
  milkrun period day.json --visits visits.json --time-limit 1m --out-dir week
  milkrun period day.json --visits visits.json --report week.html --sheets sheets.html --date 2026-11-30
  milkrun period instance.geojson --time-limit 1m

The problem is what one day is like; `milkrun schema period` describes the file of visits, of which the smallest is
{\"days\": 5}: each client is visited once in five days. Days and routes are decided together. A GeoJSON file of the periodic
waste collection instances has its visits within it.

--report is one page with all days and a table of who is visited when, --sheets has the drivers' sheets of all days.
--out-dir gets two files for each day, day-0.problem.json and day-0.plan.json, for `milkrun check`, `adapt` and `convert`.";

#[derive(Debug, Args)]
#[command(after_help = PERIOD_HELP)]
pub(crate) struct Period {
    /// The problem of one day, or a periodic waste collection instance (.geojson)
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) problem: PathBuf,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// How many days there are, how often clients are visited, and what it costs when days differ (JSON)
    #[arg(long, value_name = "VISITS.json", value_hint = ValueHint::FilePath)]
    pub(crate) visits: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// Seed of all random choices
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Number of search threads
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: u16,
    /// A folder for the problem and the plan of each day; made if it is not there
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) out_dir: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) pages: PageArgs,
    /// Print one JSON object instead of the table
    #[arg(long)]
    pub(crate) json: bool,
    /// Print no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
}
