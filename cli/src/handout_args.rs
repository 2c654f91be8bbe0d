//! The arguments for what leaves milkrun for people and other programs, and those of `show`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueHint};
use milkrun_report::ReportOptions;

use crate::args::Planned;
use crate::clock::parse_duration;
#[cfg(feature = "tables")]
use crate::table_args::TableArgs;

/// The heading of [`HandoutArgs`] in the help.
const HANDOUTS: &str = "For people and other programs";

/// Pages of a day, or of several, and what they say.
#[derive(Clone, Debug, Args)]
pub(crate) struct PageArgs {
    /// Write a page for dispatchers: map, timeline, trucks, stops, costs, what is unserved and why
    #[arg(long, value_name = "PAGE.html", value_hint = ValueHint::FilePath, help_heading = HANDOUTS)]
    pub(crate) report: Option<PathBuf>,
    /// Write drivers' sheets, made for paper: one for each truck
    #[arg(long, value_name = "SHEETS.html", value_hint = ValueHint::FilePath, help_heading = HANDOUTS)]
    pub(crate) sheets: Option<PathBuf>,
    /// The (first) day that these say, or the moment from which times count: 2026-12-03, 2026-12-03T04:30, with a time zone as in
    /// 2026-12-03T04:30[Europe/Amsterdam]; that of the problem, if not given
    #[arg(long, value_name = "YYYY-MM-DD", help_heading = HANDOUTS)]
    pub(crate) date: Option<String>,
    /// What load dimensions are called, in their order: kg,l
    #[arg(long, value_name = "NAME[,NAME…]", value_delimiter = ',', help_heading = HANDOUTS)]
    pub(crate) loads: Vec<String>,
    /// What costs are counted in
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true, help_heading = HANDOUTS)]
    pub(crate) currency: String,
}

impl PageArgs {
    /// The pages, with their names on the command line.
    pub(crate) fn outputs(&self) -> [Output<'_>; 2] {
        [("--report", self.report.as_deref()), ("--sheets", self.sheets.as_deref())]
    }

    /// How they show a plan.
    pub(crate) fn options(&self) -> ReportOptions {
        ReportOptions {
            date: self.date.clone(),
            loads: self.loads.clone(),
            currency: self.currency.clone(),
            ..ReportOptions::default()
        }
    }
}

/// Something that is written: its name on the command line, and its path if it is asked for.
pub(crate) type Output<'a> = (&'static str, Option<&'a Path>);

/// Where a plan goes for people and other programs.
#[derive(Clone, Debug, Args)]
pub(crate) struct HandoutArgs {
    #[command(flatten)]
    pub(crate) pages: PageArgs,
    /// Write routes for navigation devices
    #[arg(long, value_name = "DAY.gpx", value_hint = ValueHint::FilePath, help_heading = HANDOUTS)]
    pub(crate) gpx: Option<PathBuf>,
    /// Write a row for each stop, for spreadsheets
    #[arg(long, value_name = "DAY.csv", value_hint = ValueHint::FilePath, help_heading = HANDOUTS)]
    pub(crate) csv: Option<PathBuf>,
    /// Write routes for calendars; needs --date, or a problem that says its day
    #[arg(long, value_name = "DAY.ics", value_hint = ValueHint::FilePath, help_heading = HANDOUTS)]
    pub(crate) ical: Option<PathBuf>,
    /// Let the calendar have an event for each stop instead of one for each route
    #[arg(long, help_heading = HANDOUTS)]
    pub(crate) ical_stops: bool,
    /// The truck of which files for devices, spreadsheets and calendars are written, counted from 1; all, if not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = HANDOUTS)]
    pub(crate) only_truck: Option<u32>,
    /// How long to look for reasons why something is unserved, for the page
    #[arg(long, value_name = "TIME", value_parser = parse_duration, default_value = "2s", help_heading = HANDOUTS)]
    pub(crate) explain_limit: Duration,
}

impl HandoutArgs {
    /// All files, with their names on the command line.
    pub(crate) fn outputs(&self) -> [Output<'_>; 5] {
        let [report, sheets] = self.pages.outputs();
        let files = [("--gpx", self.gpx.as_deref()), ("--csv", self.csv.as_deref()), ("--ical", self.ical.as_deref())];
        let [gpx, csv, ical] = files;
        [report, sheets, gpx, csv, ical]
    }

    /// Those of a command that writes files of its own, which come first.
    pub(crate) fn outputs_after<'a>(&'a self, own: [Output<'a>; 3]) -> [Output<'a>; 8] {
        let ([a, b, c], [report, sheets, gpx, csv, ical]) = (own, self.outputs());
        [a, b, c, report, sheets, gpx, csv, ical]
    }

    /// How they show the plan.
    pub(crate) fn options(&self) -> ReportOptions {
        let route = self.only_truck.map(|truck| truck as usize - 1);
        ReportOptions { route, each_stop: self.ical_stops, ..self.pages.options() }
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
    #[command(flatten)]
    pub(crate) planned: Planned,
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
