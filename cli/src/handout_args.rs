//! The arguments for what leaves milkrun for people and other programs, and those of `show`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueHint};
use milkrun_report::ReportOptions;

use crate::args::Reading;
use crate::clock::parse_duration;
#[cfg(feature = "tables")]
use crate::table_args::TableArgs;

/// The heading of [`HandoutArgs`] in the help.
const HANDOUTS: &str = "For people and other programs";

/// Where a plan goes for people and other programs.
#[derive(Clone, Debug, Args)]
pub(crate) struct HandoutArgs {
    /// Write the day as a page for dispatchers: map, timeline, trucks, stops, costs, what is unserved and why
    #[arg(long, value_name = "DAY.html", value_hint = ValueHint::FilePath, help_heading = HANDOUTS)]
    pub(crate) report: Option<PathBuf>,
    /// Write drivers' sheets, made for paper: one for each truck
    #[arg(long, value_name = "SHEETS.html", value_hint = ValueHint::FilePath, help_heading = HANDOUTS)]
    pub(crate) sheets: Option<PathBuf>,
    /// Write routes for navigation devices
    #[arg(long, value_name = "DAY.gpx", value_hint = ValueHint::FilePath, help_heading = HANDOUTS)]
    pub(crate) gpx: Option<PathBuf>,
    /// Write a row for each stop, for spreadsheets
    #[arg(long, value_name = "DAY.csv", value_hint = ValueHint::FilePath, help_heading = HANDOUTS)]
    pub(crate) csv: Option<PathBuf>,
    /// Write routes for calendars; needs --date
    #[arg(long, value_name = "DAY.ics", value_hint = ValueHint::FilePath, help_heading = HANDOUTS)]
    pub(crate) ical: Option<PathBuf>,
    /// Let the calendar have an event for each stop instead of one for each route
    #[arg(long, help_heading = HANDOUTS)]
    pub(crate) ical_stops: bool,
    /// The day that these say, or the moment from which times count: 2026-12-03, 2026-12-03T04:30
    #[arg(long, value_name = "YYYY-MM-DD", help_heading = HANDOUTS)]
    pub(crate) date: Option<String>,
    /// What load dimensions are called, in their order: kg,l
    #[arg(long, value_name = "NAME[,NAME…]", value_delimiter = ',', help_heading = HANDOUTS)]
    pub(crate) loads: Vec<String>,
    /// What costs are counted in
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true, help_heading = HANDOUTS)]
    pub(crate) currency: String,
    /// The route of which files for devices, spreadsheets and calendars are written, counted from 0; all, if not given
    #[arg(long, value_name = "N", help_heading = HANDOUTS)]
    pub(crate) only_route: Option<usize>,
    /// How long to look for reasons why something is unserved, for the page
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "2s", help_heading = HANDOUTS)]
    pub(crate) explain_limit: Duration,
}

impl HandoutArgs {
    /// All files, with their names on the command line.
    pub(crate) fn outputs(&self) -> [(&'static str, Option<&Path>); 5] {
        [
            ("--report", self.report.as_deref()),
            ("--sheets", self.sheets.as_deref()),
            ("--gpx", self.gpx.as_deref()),
            ("--csv", self.csv.as_deref()),
            ("--ical", self.ical.as_deref()),
        ]
    }

    /// How they show the plan.
    pub(crate) fn options(&self) -> ReportOptions {
        ReportOptions {
            date: self.date.clone(),
            loads: self.loads.clone(),
            currency: self.currency.clone(),
            route: self.only_route,
            each_stop: self.ical_stops,
            ..ReportOptions::default()
        }
    }
}

const SHOW_HELP: &str = "\
Examples:
  milkrun show city.json plan.json                                        the plan as a table
  milkrun show city.json plan.json --report day.html --date 2026-12-03    a page for dispatchers
  milkrun show city.json plan.json --sheets sheets.html --loads kg,l      a printed page for each driver
  milkrun show city.json plan.json --gpx day.gpx --csv day.csv            for devices and spreadsheets

Pages are files that need nothing else: no network, no other file. The exit code is 3 if the plan is infeasible.";

/// `show`.
#[derive(Debug, Args)]
#[command(after_help = SHOW_HELP)]
pub(crate) struct Show {
    /// The problem
    #[arg(value_hint = ValueHint::AnyPath)]
    pub(crate) problem: PathBuf,
    /// The plan (milkrun JSON or .sol)
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) plan: PathBuf,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[cfg(feature = "tables")]
    #[command(flatten)]
    pub(crate) tables: TableArgs,
    #[command(flatten)]
    pub(crate) handouts: HandoutArgs,
    /// Write the plan as GeoJSON, for maps
    #[arg(long, value_name = "OUT.geojson", value_hint = ValueHint::FilePath)]
    pub(crate) geojson: Option<PathBuf>,
    /// Print no table, only errors
    #[arg(long, short)]
    pub(crate) quiet: bool,
}
