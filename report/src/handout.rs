//! What can be written, by name.

use std::time::Duration;

use milkrun::explain::{ExplainParams, explain_with};
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

/// Writes one of them. For the page of the day, reasons why something is unserved are looked for as long as the options allow.
///
/// # Errors
///
/// As those of [`Report`].
pub fn write(problem: &Problem, plan: &Plan, handout: Handout, options: &ReportOptions) -> Result<String, ReportError> {
    let report = Report::new(problem, plan, options)?;
    let seconds = Duration::try_from_secs_f64(options.explain).unwrap_or_default();
    if handout != Handout::DayPage || seconds.is_zero() || plan.unserved().is_empty() {
        return report.write(handout);
    }
    let params = ExplainParams { max_runtime: Some(seconds) };
    let found = explain_with(problem, plan, &params, &CancelToken::new());
    report.explained(&found.explanations).write(handout)
}
