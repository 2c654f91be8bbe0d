//! What leaves for people and other programs.

use milkrun::document::FailureDocument;
use milkrun::io::geojson::Along;
use milkrun::travel::road::StreetLines;
use milkrun_report::{Handout, PeriodHandout, PeriodReport, ReportError, ReportOptions};
use pyo3::prelude::*;

use crate::document::taken;
use crate::failure::raise;
use crate::network::{Networks, networks};
use crate::period::PeriodPlan;
use crate::plan::Plan;

/// Writes a page, sheets or a file of a plan, with lines along the streets of networks. The interpreter is free for other threads
/// meanwhile.
#[pyfunction]
pub(crate) fn write_handout(
    py: Python<'_>,
    plan: &Plan,
    handout: &Bound<'_, PyAny>,
    options: &Bound<'_, PyAny>,
    streets: Networks<'_>,
) -> PyResult<String> {
    let (handout, options): (Handout, ReportOptions) = (taken(handout)?, taken(options)?);
    let networks = networks(streets)?;
    let write = || {
        let lines =
            (handout.has_lines() && !networks.is_empty()).then(|| StreetLines::new(plan.problem.locations(), networks));
        let along = lines.as_ref().map(|lines| |profile, from, to| lines.along(profile, from, to));
        let along = along.as_ref().map(|along| along as &Along<'_>);
        milkrun_report::write(&plan.problem, &plan.inner, handout, &options, along)
    };
    py.detach(|| FailureDocument::caught(write)).map_err(|failure| raise(py, failure))
}

/// Writes the page or the sheets of a period.
#[pyfunction]
pub(crate) fn write_period_handout(
    py: Python<'_>,
    period: &PeriodPlan,
    handout: &Bound<'_, PyAny>,
    options: &Bound<'_, PyAny>,
    streets: Networks<'_>,
) -> PyResult<String> {
    let (handout, options): (PeriodHandout, ReportOptions) = (taken(handout)?, taken(options)?);
    let networks = networks(streets)?;
    let write = || {
        let lines = (!networks.is_empty()).then(|| StreetLines::new(period.day.locations(), networks));
        let along = lines.as_ref().map(|lines| |profile, from, to| lines.along(profile, from, to));
        let report = PeriodReport::new(&period.day, &period.inner, &options)?;
        Ok::<_, ReportError>(match &along {
            Some(along) => report.along(along).write(handout),
            None => report.write(handout),
        })
    };
    py.detach(|| FailureDocument::caught(write)).map_err(|failure| raise(py, failure))
}
