//! The arguments of `adapt` and `diff`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};

use crate::args::{Planned, Reading};
use crate::clock::{parse_duration, parse_length};
use crate::handout_args::HandoutArgs;

const ADAPT_HELP: &str = "\
Examples:
  milkrun adapt city.json plan.json --now 10:15 --event 'truck 3 down'
  milkrun adapt city.json plan.json --now 10:15 --event 'truck 1 late 20m' --event 'cancel bakery' --keep vehicles
  milkrun adapt city.json plan.json --now 36900 --events events.json --problem-out now.json --out new.json

The problem is the one that was planned, and the plan the published one. What has been done by then stays, and so does the stop that a vehicle is driving to. Trucks are numbered as in the table of
the plan, from 1, or named; clients and disposal sites are given by name or index. The new plan is one of the adapted problem
(--problem-out), in which each vehicle has a type of its own.

Events:
  truck N down                    the vehicle stays where it is
  truck N late 20m                it reaches its next stop so much later
  truck N did K until 10:12       it has done its first K activities, and left the last of them then
  truck N ends 14:00              its shift ends then
  truck N carries +300            it has more on board than planned, or less: -200; one number for each load dimension
  cancel CLIENT                   the client is not to be served
  another TYPE from 11:00         one more vehicle of this type, by name or index
  site SITE closed 10:00-12:00    a disposal site takes nothing
  site SITE queue 25m             visits to it take longer
  slow 10:00-12:00 60%            the speed that remains on all roads
Clients that are added or changed are given in a file (--events): `milkrun schema adapt` describes it.";

#[derive(Debug, Args)]
#[command(after_help = ADAPT_HELP)]
pub(crate) struct Adapt {
    #[command(flatten)]
    pub(crate) planned: Planned,
    /// The present moment: 10:15, or a number in the problem's time; a date and time, too, where the problem has an origin
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) now: String,
    /// Something that has happened; may be repeated
    #[arg(long, value_name = "EVENT")]
    pub(crate) event: Vec<String>,
    /// A file with events, prices of changes and what is kept (JSON)
    #[arg(long, value_name = "EVENTS.json", value_hint = ValueHint::FilePath)]
    pub(crate) events: Option<PathBuf>,
    /// What of the published plan may not change
    #[arg(long, value_enum)]
    pub(crate) keep: Option<Kept>,
    /// What a client on another vehicle costs; a moderate price, if not given
    #[arg(long, value_name = "COST")]
    pub(crate) price_vehicle: Option<i64>,
    /// Time to adapt, counted from the start of the program: 3s, 500ms
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "3s")]
    pub(crate) time_limit: Duration,
    /// Seed of all random choices
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Where to write the new plan (milkrun JSON)
    #[arg(long, value_name = "PLAN.json", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,
    /// Where to write the adapted problem (milkrun JSON)
    #[arg(long, value_name = "PROBLEM.json", value_hint = ValueHint::FilePath)]
    pub(crate) problem_out: Option<PathBuf>,
    /// Where to write a map of the new plan (GeoJSON)
    #[arg(long, value_name = "OUT.geojson", value_hint = ValueHint::FilePath)]
    pub(crate) geojson: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) handouts: HandoutArgs,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

/// What may not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kept {
    /// Everything may change
    Nothing,
    /// Clients stay on their vehicles
    Vehicles,
    /// And in their order
    Order,
    /// And at their times
    Times,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The problem
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) problem: PathBuf,
    /// The plan before (milkrun JSON or .sol)
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) before: PathBuf,
    /// The plan after
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) after: PathBuf,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// Services that begin at most so much earlier or later are the same
    #[arg(long, value_name = "TIME", value_parser = parse_length, default_value = "0")]
    pub(crate) tolerance: i64,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}
