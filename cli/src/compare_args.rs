//! The arguments of `compare`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use crate::args::{Limits, Reading};
use crate::clock::parse_duration;

const COMPARE_HELP: &str = "\
Examples:
  milkrun compare city.json --changes changes.json
  milkrun compare city.json --changes changes.json --seeds 10 --time-limit 30s --threads 4
  milkrun compare city.json --changes changes.json --json | jq '.comparison.variants[].text'

The problem is solved as it is and with the changes of each variant, with the same seeds. Differences are means seed by seed;
± is their 95 % confidence interval. The limits are those of each single search. Ctrl-C ends the comparison with the seeds that
were searched so far.

A file of changes:
  {\"variants\": [
    {\"name\": \"one truck less\", \"changes\": [{\"kind\": \"vehicles\", \"vehicle_type\": \"truck\", \"by\": -1}]},
    {\"name\": \"later\", \"changes\": [{\"kind\": \"later_start\", \"by\": 3600}]},
    {\"name\": \"landfill closed\", \"changes\": [{\"kind\": \"site_closed\", \"site\": \"landfill\"}]},
    {\"name\": \"longer tour\", \"changes\": [{\"kind\": \"merge\", \"patch\":
      {\"vehicle_types\": {\"truck\": {\"max_duration\": 36000}}}}]}]}
`milkrun schema compare` describes it.";

#[derive(Debug, Args)]
#[command(after_help = COMPARE_HELP)]
pub(crate) struct Compare {
    /// The problem
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) problem: PathBuf,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// The variants, each with what it changes (JSON)
    #[arg(long, value_name = "CHANGES.json", value_hint = ValueHint::FilePath)]
    pub(crate) changes: PathBuf,
    /// How many seeds: searches of each variant
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) seeds: u16,
    /// Time of each search: 10s, 500ms, 2m, 1h; a bare number means seconds (default: 10 s, if there is no other limit)
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(crate) time_limit: Option<Duration>,
    /// Iterations of each search; with this limit alone, the answer depends on the seeds only
    #[arg(long, value_name = "N")]
    pub(crate) iterations: Option<u64>,
    /// Consecutive iterations of a search without improvement
    #[arg(long, value_name = "N")]
    pub(crate) no_improvement: Option<u64>,
    /// The first seed
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many searches run side by side
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: u16,
    /// Print one JSON object, with the best plan of each variant
    #[arg(long)]
    pub(crate) json: bool,
    /// Print no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

impl Compare {
    /// The limits of each search.
    pub(crate) fn limits(&self) -> Limits {
        let Self { time_limit, iterations, no_improvement, .. } = *self;
        Limits { time_limit, iterations, no_improvement, target_cost: None }
    }
}
