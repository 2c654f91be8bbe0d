//! The arguments of `pareto`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};
use milkrun::pareto::Objective;

use crate::args::{Limits, Reading};
use crate::clock::parse_duration;

const PARETO_HELP: &str = "\
Examples:
  milkrun pareto city.json --objectives cost,vehicles
  milkrun pareto city.json --objectives cost,makespan --points 12 --time-limit 2m --svg front.svg
  milkrun pareto city.json --objectives cost,emissions,balance --json | jq '.front.points[].trade'

Looks for plans of which none is better than another in all respects: the first objective is made small while limits of the
others tighten. The limits of time and iterations are shared by all runs. Ctrl-C keeps the points found so far.";

#[derive(Debug, Args)]
#[command(after_help = PARETO_HELP)]
pub(crate) struct Pareto {
    /// The problem
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) problem: PathBuf,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Two or three objectives
    #[arg(long, value_enum, value_delimiter = ',', value_name = "A,B[,C]", required = true)]
    pub(crate) objectives: Vec<Asked>,
    /// About how many points
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(2..=1000))]
    pub(crate) points: u16,
    /// Time of all runs together: 10s, 500ms, 2m, 1h (default: 60 s, if there is no other limit)
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(crate) time_limit: Option<Duration>,
    /// Iterations of all runs together; with this limit alone, the same seed gives the same front on any number of threads
    #[arg(long, value_name = "N")]
    pub(crate) iterations: Option<u64>,
    /// Seed of all random choices
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Number of search threads
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: u16,
    /// Write a plot of the first two objectives
    #[arg(long, value_name = "FRONT.svg", value_hint = ValueHint::FilePath)]
    pub(crate) svg: Option<PathBuf>,
    /// Print one JSON object, with all plans
    #[arg(long)]
    pub(crate) json: bool,
    /// Print no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

impl Pareto {
    /// The limits of all runs together.
    pub(crate) fn limits(&self) -> Limits {
        let minute = (self.iterations.is_none() && self.time_limit.is_none()).then(|| Duration::from_secs(60));
        let time_limit = self.time_limit.or(minute);
        Limits { time_limit, iterations: self.iterations, no_improvement: None, target_cost: None }
    }
}

/// An objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Asked {
    /// The plan's cost
    Cost,
    /// The distance of all routes
    Distance,
    /// How many vehicles are used
    Vehicles,
    /// When the last route ends
    Makespan,
    /// Clients and shipments that are not served
    Unserved,
    /// Difference between the longest and the shortest duration of a route
    Balance,
    /// How scattered the routes are
    Scatter,
    /// Kilograms of CO₂
    Emissions,
}

impl From<Asked> for Objective {
    fn from(asked: Asked) -> Self {
        match asked {
            Asked::Cost => Self::Cost,
            Asked::Distance => Self::Distance,
            Asked::Vehicles => Self::Vehicles,
            Asked::Makespan => Self::Makespan,
            Asked::Unserved => Self::Unserved,
            Asked::Balance => Self::Balance,
            Asked::Scatter => Self::Scatter,
            Asked::Emissions => Self::Emissions,
        }
    }
}
