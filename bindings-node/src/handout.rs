//! What leaves for people and other programs.

use milkrun::document::FailureDocument;
use milkrun::io::geojson::Along;
use milkrun_report::{Handout, PeriodHandout, PeriodReport, ReportError, ReportOptions};
use napi::bindgen_prelude::Result;
use napi_derive::napi;

use crate::document::taken;
use crate::failure::thrown;
use crate::network::NativeStreets;
use crate::period::NativePeriodPlan;
use crate::plan::NativePlan;

/// Writes a page, sheets or a file of a plan, with lines along streets: the documents of what, and of how.
#[napi]
pub fn write_handout(plan: &NativePlan, handout: String, options: String, streets: &NativeStreets) -> Result<String> {
    let (handout, options): (Handout, ReportOptions) = (taken(&handout)?, taken(&options)?);
    let write = || {
        let lines = if handout.has_lines() { streets.lines(plan.problem.locations()) } else { None };
        let along = lines.as_ref().map(|lines| |profile, from, to| lines.along(profile, from, to));
        let along = along.as_ref().map(|along| along as &Along<'_>);
        milkrun_report::write(&plan.problem, &plan.inner, handout, &options, along)
    };
    FailureDocument::caught(write).map_err(thrown)
}

/// Writes the page or the sheets of a period.
#[napi]
pub fn write_period_handout(
    period: &NativePeriodPlan,
    handout: String,
    options: String,
    streets: &NativeStreets,
) -> Result<String> {
    let (handout, options): (PeriodHandout, ReportOptions) = (taken(&handout)?, taken(&options)?);
    let write = || {
        let lines = streets.lines(period.day.locations());
        let along = lines.as_ref().map(|lines| |profile, from, to| lines.along(profile, from, to));
        let report = PeriodReport::new(&period.day, &period.inner, &options)?;
        Ok::<_, ReportError>(match &along {
            Some(along) => report.along(along).write(handout),
            None => report.write(handout),
        })
    };
    FailureDocument::caught(write).map_err(thrown)
}
