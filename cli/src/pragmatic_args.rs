//! The arguments of `pragmatic`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use crate::clock::parse_duration;

const HELP: &str = "\
Examples:
  milkrun pragmatic problem.json -m car.json -o solution.json
  milkrun pragmatic problem.json --get-locations       the order of the rows of matrices
  milkrun pragmatic < problem.json > solution.json     without matrices: along great circles

The input and the output are vrp's pragmatic format; what is milkrun's own is under the key `milkrun`, and `remedies` of unassigned
jobs.";

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Pragmatic {
    /// The problem
    #[arg(value_name = "PROBLEM", value_hint = ValueHint::FilePath, default_value = "-")]
    pub(crate) problem: PathBuf,
    /// The matrix of a profile; may be repeated
    #[arg(long, short, value_name = "MATRIX", value_hint = ValueHint::FilePath)]
    pub(crate) matrix: Vec<PathBuf>,
    /// Where to write the solution; standard output, if not given
    #[arg(long, short, value_name = "SOLUTION", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Only write the places, in the order of the rows of matrices
    #[arg(long)]
    pub(crate) get_locations: bool,
    /// Longest search: 10s, 500ms, 2m; a bare number means seconds
    #[arg(long, short = 't', visible_alias = "max-time", value_name = "TIME", value_parser = parse_duration, default_value = "10s")]
    pub(crate) time_limit: Duration,
    /// Iterations; the search ends at the first limit that is reached
    #[arg(long, short = 'n', visible_alias = "max-generations", value_name = "N")]
    pub(crate) iterations: Option<u64>,
    /// Seed of all random choices
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Number of search threads
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: u16,
}
