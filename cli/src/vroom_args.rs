//! The arguments of `vroom`, which are VROOM's own.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};

use crate::clock::parse_duration;

const HELP: &str = "\
Examples:
  milkrun vroom < in.json > out.json
  milkrun vroom -i in.json -o out.json -g
  milkrun vroom -c -i routes.json                choose times for given routes
  milkrun vroom -a car:127.0.0.1 -p car:5000 -i in.json

The input and the output are those of VROOM's API; what is milkrun's own is under the key `milkrun`. Without matrices and
without -a, ways are straight lines, made longer.

Exit codes are VROOM's: 0 success, 1 internal error, 2 fault of the input, 3 no travel times.";

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Vroom {
    /// The problem itself, in place of a file
    pub(crate) json: Option<String>,
    /// The problem; standard input, if not given
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "json")]
    pub(crate) input: Option<PathBuf>,
    /// Where to write the answer; standard output, if not given
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Only choose times for the routes that the vehicles' steps describe, and report violations
    #[arg(long, short)]
    pub(crate) choose_eta: bool,
    /// Add the routes' geometry
    #[arg(long, short)]
    pub(crate) geometry: bool,
    /// Longest search: 10s, 500ms, 2m; a bare number means seconds
    #[arg(long, short, value_name = "TIME", value_parser = parse_duration)]
    pub(crate) limit: Option<Duration>,
    /// Number of search threads
    #[arg(long, short, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: u16,
    /// How far to explore: the search ends sooner at a lower level
    #[arg(long, short = 'x', value_name = "0-5", default_value_t = 5, value_parser = clap::value_parser!(u8).range(0..=5))]
    pub(crate) explore: u8,
    /// Seed of all random choices
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// The routing engine
    #[arg(long, short, value_enum, default_value_t = Router::Osrm)]
    pub(crate) router: Router,
    /// The routing engine's host, for all profiles or after a profile's name: car:127.0.0.1
    #[arg(long, short = 'a', value_name = "[PROFILE:]HOST")]
    pub(crate) host: Vec<String>,
    /// The routing engine's port: car:5000
    #[arg(long, short, value_name = "[PROFILE:]PORT")]
    pub(crate) port: Vec<String>,
    /// Speed of straight lines, km/h
    #[arg(long, value_name = "KM/H", default_value_t = milkrun::io::vroom::SPEED * 3.6)]
    pub(crate) speed: f64,
    /// Length of roads per straight line
    #[arg(long, value_name = "FACTOR", default_value_t = milkrun::io::vroom::DETOUR)]
    pub(crate) detour: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Router {
    Osrm,
    Valhalla,
    /// Not available
    Ors,
    /// Not available
    Libosrm,
}
