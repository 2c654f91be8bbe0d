//! What can be written, by name.

use std::time::Duration;

use milkrun::explain::{ExplainParams, explain_with};
use milkrun::io::geojson::Along;
use milkrun::{CancelToken, Plan, Problem};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::Report;
use crate::fault::ReportError;
use crate::options::ReportOptions;

/// Something that is written for people or other programs.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Handout {
    /// The page of the day.
    DayPage,
    /// Its map and timeline, to stand in another page.
    MapAndTimeline,
    /// Drivers' sheets.
    DriverSheets,
    /// GPX, for navigation devices.
    Gpx,
    /// CSV, for spreadsheets.
    Csv,
    /// iCalendar.
    Ical,
}

impl Handout {
    /// Whether it has lines, which follow the streets where these are known.
    pub const fn has_lines(self) -> bool {
        matches!(self, Self::DayPage | Self::MapAndTimeline | Self::Gpx)
    }
}

/// Something that is written of a period of days.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PeriodHandout {
    /// The page of all days.
    Page,
    /// Drivers' sheets, day by day.
    DriverSheets,
}

/// Writes one of them, with lines along the streets where `along` knows them. For the page of the day, reasons why something is unserved
/// are looked for as long as the options allow.
///
/// # Errors
///
/// As those of [`Report`].
pub fn write(
    problem: &Problem,
    plan: &Plan,
    handout: Handout,
    options: &ReportOptions,
    along: Option<&Along<'_>>,
) -> Result<String, ReportError> {
    let mut report = Report::new(problem, plan, options)?;
    if let Some(along) = along {
        report = report.along(along);
    }
    let seconds = Duration::try_from_secs_f64(options.explain).unwrap_or_default();
    if handout != Handout::DayPage || seconds.is_zero() || plan.unserved().is_empty() {
        return report.write(handout);
    }
    let params = ExplainParams { max_runtime: Some(seconds) };
    let found = explain_with(problem, plan, &params, &CancelToken::new());
    report.explained(&found.explanations).write(handout)
}
