//! The command line's arguments.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;
use milkrun::units::Cost;
use milkrun::{Rounding, Stop};

use crate::adapt_args::{Adapt, Diff};
use crate::carry_args::Carry;
use crate::clock::parse_duration;
use crate::compare_args::Compare;
use crate::forecast_args::{Backtest, Forecast, Select};
use crate::handout_args::{HandoutArgs, Show};
use crate::pareto_args::Pareto;
use crate::period_args::Period;
use crate::pragmatic_args::Pragmatic;
#[cfg(feature = "roads")]
use crate::road_args::{MatrixArgs, NetworkArgs, RouteArgs};
use crate::scenarios_args::Scenarios;
#[cfg(feature = "tables")]
use crate::table_args::{Import, TableArgs};
use crate::vroom_args::Vroom;
use crate::where_args::Where;

const AFTER_HELP: &str = "\
Examples:
  milkrun demo
  milkrun solve city.json --time-limit 10s --out plan.json --report day.html
  milkrun solve instance.vrp --round round --time-limit 1m --solution instance.sol
  milkrun check city.json plan.json
  milkrun explain city.json plan.json
  milkrun bench instances/ --time-limit 10s --out table.csv
  milkrun select readings.csv --problem city.json --out today.json

`-` in place of a file means standard input or standard output. Results go to standard output, everything
else to standard error.

Exit codes: 0 success; 1 a fault of the machine or of milkrun; 2 a fault of the input or the command line; 3 no feasible
plan was found, or the given plan is infeasible or states wrong numbers.";

/// Plans routes: clients, time windows, loads, prizes, shipments, mixed fleets and reloads.
#[derive(Debug, Parser)]
#[command(name = "milkrun", version, after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Find a plan for a problem
    Solve(Solve),
    /// Make a problem of spreadsheets: bins, trucks, disposal sites and depots as CSV, .xlsx or .ods
    #[cfg(feature = "tables")]
    Import(Import),
    /// A command that this build does not have
    #[cfg(not(feature = "tables"))]
    #[command(name = "import", hide = true, disable_help_flag = true)]
    WithoutTables {
        /// Whatever it was given
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<std::ffi::OsString>,
    },
    /// Show a plan: as a table, a page for dispatchers, drivers' sheets, files for devices, spreadsheets and calendars
    Show(Show),
    /// Check a plan: recompute its cost and list its violations
    Check(Check),
    /// Adapt a plan that is being driven to what has happened since
    Adapt(Adapt),
    /// Say what differs between two plans of a problem
    Diff(Diff),
    /// Plan several days: on which of them each client is visited, and the routes
    Period(Period),
    /// Plan a day that may turn out in several ways
    Scenarios(Scenarios),
    /// Solve variants of a problem side by side, and say what each costs
    Compare(Compare),
    /// Look for plans of which none is better than another in two or three respects
    Pareto(Pareto),
    /// Explain why a plan leaves clients or shipments unserved, and what would help
    Explain(Explain),
    /// Say which vehicle comes to a place of a plan, and when
    Where(Where),
    /// Take what a day missed into the problem of the next one
    Carry(Carry),
    /// Write a problem in another format
    Convert(Convert),
    /// Answer a VROOM problem as VROOM would
    Vroom(Vroom),
    /// Answer a problem in vrp's pragmatic format with a solution in it
    Pragmatic(Pragmatic),
    /// Write a table of travel times and distances along streets
    #[cfg(feature = "roads")]
    Matrix(MatrixArgs),
    /// Follow the streets from point to point
    #[cfg(feature = "roads")]
    Route(RouteArgs),
    /// Street networks: what is in one, prepare one, make one up
    #[cfg(feature = "roads")]
    Network(NetworkArgs),
    /// Commands that this build does not have
    #[cfg(not(feature = "roads"))]
    #[command(name = "network", aliases = ["matrix", "route"], hide = true, disable_help_flag = true)]
    WithoutStreets {
        /// Whatever they were given
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<std::ffi::OsString>,
    },
    /// Solve many instances and compare with the best known solutions next to them
    Bench(Bench),
    /// Forecast when bins will be full, from readings of their sensors
    Forecast(Forecast),
    /// Decide which bins a round must, may or need not visit
    Select(Select),
    /// Test forecasts on past data, or collection policies on a synthetic city
    Backtest(Backtest),
    /// Plan a city's waste collection, as a demonstration
    Demo(Demo),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the JSON Schema of a kind of document
    Schema {
        /// The kind of document
        document: Document,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Document {
    /// The input of `solve`
    Problem,
    /// The output of `solve --out`
    Plan,
    /// The input of `adapt --events`
    Adapt,
    /// The input of `period --visits`
    Period,
    /// The input of `scenarios --uncertain`
    Scenarios,
    /// The input of `compare --changes`
    Compare,
}

/// How to read a problem's file.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Reading {
    /// Format of the problem
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) rounding: RoundingArg,
}

/// A problem and a plan for it.
#[derive(Debug, Args)]
pub(crate) struct Planned {
    /// The problem
    #[arg(value_hint = ValueHint::AnyPath)]
    pub(crate) problem: PathBuf,
    /// The plan (milkrun JSON or .sol)
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) plan: PathBuf,
    #[command(flatten)]
    pub(crate) reading: Reading,
}

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct RoundingArg {
    /// How decimals of a text file become integers. By default: dimacs for VRPTW, PCVRPTW and MTVRPTWR; exact for
    /// MDVRPTW, SDVRPTW, HFVRP, PDPTW, Solomon's and Li & Lim's formats; else round
    #[arg(long, value_enum, value_name = "RULE")]
    round: Option<Rule>,
}

impl RoundingArg {
    pub(crate) fn get(self) -> Option<Rounding> {
        self.round.map(|round| match round {
            Rule::Round => Rounding::Round,
            Rule::Trunc => Rounding::Trunc,
            Rule::Dimacs => Rounding::Dimacs,
            Rule::Exact => Rounding::Exact,
            Rule::None => Rounding::None,
        })
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Rule {
    /// To the nearest integer
    Round,
    /// Truncated to an integer
    Trunc,
    /// Ten times the value, truncated
    Dimacs,
    /// A thousand times the value, to the nearest integer
    Exact,
    /// The file has integers already; only computed lengths are rounded to the nearest
    None,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Format {
    /// By content or, failing that, by the file's extension
    Auto,
    Vrplib,
    Solomon,
    Lilim,
    Cordeau,
    Wcvrptw,
    Json,
    Vroom,
    Pragmatic,
}

impl Format {
    pub(crate) fn get(self) -> Option<milkrun::io::Format> {
        match self {
            Self::Auto => None,
            Self::Vrplib => Some(milkrun::io::Format::Vrplib),
            Self::Solomon => Some(milkrun::io::Format::Solomon),
            Self::Lilim => Some(milkrun::io::Format::LiLim),
            Self::Cordeau => Some(milkrun::io::Format::Cordeau),
            Self::Wcvrptw => Some(milkrun::io::Format::Wcvrptw),
            Self::Json => Some(milkrun::io::Format::Json),
            Self::Vroom => Some(milkrun::io::Format::Vroom),
            Self::Pragmatic => Some(milkrun::io::Format::Pragmatic),
        }
    }
}

const SOLVE_HELP: &str = "\
Examples:
  milkrun solve city.json                                       ten seconds, the plan as a table
  milkrun solve a.vrp --time-limit 1m --solution a.sol          also as VRPLIB solution text
  milkrun solve city.json --initial plan.json --out plan.json   continue from an earlier plan
  milkrun solve tables/ --day 2026-12-03 --out plan.json        spreadsheets: a folder, files or a workbook
  milkrun solve city.json --report day.html --sheets all.html   pages for dispatchers and drivers
  milkrun solve - --json < city.json | jq .cost                 in a pipe

Ctrl-C ends the search and keeps the best plan so far; a second Ctrl-C ends the program at once.";

#[derive(Debug, Args)]
#[command(after_help = SOLVE_HELP)]
pub(crate) struct Solve {
    /// The problem
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// More tables, where the problem is one of several
    #[cfg(feature = "tables")]
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) more: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[cfg(feature = "tables")]
    #[command(flatten)]
    pub(crate) tables: TableArgs,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// Minimise the number of vehicles first, then the cost
    #[arg(long)]
    pub(crate) vehicles_first: bool,
    /// Seed of all random choices
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Number of search threads
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: u16,
    /// A plan to start from (milkrun JSON or .sol)
    #[arg(long, value_name = "PLAN", value_hint = ValueHint::FilePath)]
    pub(crate) initial: Option<PathBuf>,
    /// Write the plan as milkrun JSON
    #[arg(long, value_name = "PLAN.json", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,
    /// Write the plan as VRPLIB solution text
    #[arg(long, value_name = "OUT.sol", value_hint = ValueHint::FilePath)]
    pub(crate) solution: Option<PathBuf>,
    /// Write the plan as GeoJSON, for maps
    #[arg(long, value_name = "OUT.geojson", value_hint = ValueHint::FilePath)]
    pub(crate) geojson: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) handouts: HandoutArgs,
    /// Print one JSON object instead of the table
    #[arg(long)]
    pub(crate) json: bool,
    /// Print no table and no progress, only errors
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// The heading of [`Limits`] in the help.
const LIMITS: &str = "When to stop (at the first limit reached; by default after 10 s)";

/// When to stop: at the first limit reached.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Limits {
    /// Time, counted from the start of the program: 10s, 500ms, 2m, 1h; a bare number means seconds
    #[arg(long, value_name = "TIME", value_parser = parse_duration, help_heading = LIMITS)]
    pub(crate) time_limit: Option<Duration>,
    /// Iterations; with this limit alone, the same seed gives the same plan on any number of threads
    #[arg(long, value_name = "N", help_heading = LIMITS)]
    pub(crate) iterations: Option<u64>,
    /// Consecutive iterations without improvement
    #[arg(long, value_name = "N", help_heading = LIMITS)]
    pub(crate) no_improvement: Option<u64>,
    /// A cost that is good enough, in the integers of the rounding convention
    #[arg(long, value_name = "COST", allow_negative_numbers = true, help_heading = LIMITS)]
    pub(crate) target_cost: Option<Cost>,
}

impl Limits {
    /// The limits for a search that may take `runtime`.
    pub(crate) fn stop(&self, runtime: Option<Duration>) -> Stop {
        Stop {
            max_runtime: runtime,
            max_iterations: self.iterations,
            no_improvement: self.no_improvement,
            target_cost: self.target_cost,
        }
    }

    /// The time limit; ten seconds if there is no limit of any kind.
    pub(crate) fn runtime(&self) -> Option<Duration> {
        let unlimited = self.stop(self.time_limit) == Stop::default();
        if unlimited { Some(Duration::from_secs(10)) } else { self.time_limit }
    }
}

const CHECK_HELP: &str = "\
Examples:
  milkrun check city.json plan.json
  milkrun check a.vrp a.sol --round round --json

Everything is recomputed from the problem by code that the search does not use. The exit code is 3 if the plan is
infeasible, or if a number in it is wrong.";

#[derive(Debug, Args)]
#[command(after_help = CHECK_HELP)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) planned: Planned,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

const EXPLAIN_HELP: &str = "\
Examples:
  milkrun solve city.json --out plan.json; milkrun explain city.json plan.json
  milkrun explain city.json plan.json --json | jq '.unserved[].relaxations[0]'

For each unserved client or shipment and each vehicle type: what makes serving it impossible whatever the vehicle does, or
which relation prevents it, or what inserting it would cost, or that no feasible insertion was found. Then the single changes
to the problem that would help, smallest first: each was tried, and led to a plan that passes `milkrun check`.

At the time limit, or after Ctrl-C, the results so far are printed, with a count of incomplete explanations.";

#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_HELP)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) planned: Planned,
    /// Time, counted from the start of the program: 10s, 500ms, 2m, 1h; a bare number means seconds
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "10s")]
    pub(crate) time_limit: Duration,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

const CONVERT_HELP: &str = "\
Examples:
  milkrun convert c101.txt c101.json
  milkrun convert city.json city.vrp
  milkrun convert - - --to json < a.vrp

Numbers are written as the rounding convention makes them. A problem that the other format cannot represent is refused.";

#[derive(Debug, Args)]
#[command(after_help = CONVERT_HELP)]
pub(crate) struct Convert {
    /// The problem to read
    #[arg(value_name = "IN", value_hint = ValueHint::FilePath)]
    pub(crate) input: PathBuf,
    /// The file to write
    #[arg(value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,
    /// Format of IN
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    pub(crate) from: Format,
    /// Format of OUT; by default from OUT's extension (.json, .vrp)
    #[arg(long, value_enum)]
    pub(crate) to: Option<ToFormat>,
    #[command(flatten)]
    pub(crate) rounding: RoundingArg,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ToFormat {
    Vrplib,
    Json,
}

const BENCH_HELP: &str = "\
Examples:
  milkrun bench instances/ --time-limit 10s --out table.csv
  milkrun bench a.vrp b.vrp --seed 1,2,3 --jobs 2

Each run is a separate process. The checker recomputes the cost of every plan, and that of the best known solution in the
.sol file next to an instance under the same rounding, so that gaps are meaningful.";

#[derive(Debug, Args)]
#[command(after_help = BENCH_HELP)]
pub(crate) struct Bench {
    /// Instances, or folders of them (searched to any depth)
    #[arg(required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) instances: Vec<PathBuf>,
    /// Time for each run, reading included: 10s, 500ms, 2m; a bare number means seconds
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "10s")]
    pub(crate) time_limit: Duration,
    /// Iterations of each run, which may end before the time limit
    #[arg(long, value_name = "N")]
    pub(crate) iterations: Option<u64>,
    /// Seeds: one run of each instance per seed
    #[arg(long, value_name = "N[,N…]", value_delimiter = ',', default_value = "1")]
    pub(crate) seed: Vec<u64>,
    /// Minimise the number of vehicles first, then the cost
    #[arg(long)]
    pub(crate) vehicles_first: bool,
    /// Number of simultaneous runs
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: u16,
    /// Number of search threads of each run
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: u16,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Write all runs as CSV
    #[arg(long, value_name = "TABLE.csv", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,
    /// Do not report each run on standard error
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Time to plan: 3s, 500ms, 1m; a bare number means seconds (default: 10 s, if there is no other limit)
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(crate) time_limit: Option<Duration>,
    /// Iterations; with this limit alone, the same seed gives the same plan on every machine
    #[arg(long, value_name = "N")]
    pub(crate) iterations: Option<u64>,
    /// Seed of all random choices
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Where to write the map
    #[arg(long, value_name = "OUT.geojson", value_hint = ValueHint::FilePath, default_value = "milkrun-demo.geojson")]
    pub(crate) geojson: PathBuf,
    /// Also write the demo's problem (milkrun JSON)
    #[arg(long, value_name = "PROBLEM.json", value_hint = ValueHint::FilePath)]
    pub(crate) problem: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) handouts: HandoutArgs,
    /// Write the page of the day (--report, else milkrun-demo.html) and open it in the browser
    #[arg(long)]
    pub(crate) open: bool,
}

impl Demo {
    /// The time limit; ten seconds if there is no limit of any kind.
    pub(crate) fn runtime(&self) -> Option<Duration> {
        if self.iterations.is_none() { self.time_limit.or(Some(Duration::from_secs(10))) } else { self.time_limit }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn ten_seconds_only_without_another_limit() {
        let mut limits = Limits { time_limit: None, iterations: None, no_improvement: None, target_cost: None };
        assert_eq!(limits.runtime(), Some(Duration::from_secs(10)));
        limits.iterations = Some(5);
        assert_eq!(limits.runtime(), None);
    }
}
