//! What is asked of a report.

use jiff::civil::{Date, DateTime};
use milkrun::Problem;
use milkrun::calendar::Origin;
use milkrun::document::Scales;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::fault::ReportError;

/// An origin as its clocks show it.
fn civil(origin: &Origin) -> Option<DateTime> {
    origin.civil().parse().ok()
}

/// How a plan is shown.
///
/// ```
/// use milkrun_report::ReportOptions;
///
/// let options = ReportOptions { date: Some("2026-11-30".into()), loads: vec!["kg".into()], ..ReportOptions::default() };
/// assert_eq!(options.currency, "");
/// ```
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReportOptions {
    /// The day that is planned, `2026-11-30`; or, where times do not count from midnight, the moment from which they do:
    /// `2026-11-30T04:30`, with a time zone where that matters: `2026-11-30T04:30[Europe/Amsterdam]`. If not given, the origin of the
    /// problem says it.
    pub date: Option<String>,
    /// Whether times are seconds and distances metres, which are shown as times of day and kilometres, or plain numbers. If not
    /// given, they are plain where travel is straight lines between planar points.
    pub clock: Option<bool>,
    /// Whether coordinates are longitudes and latitudes. If not given, they are where travel is computed from them as such; with
    /// matrices, where all of them can be.
    pub geographic: Option<bool>,
    /// What load dimensions are called, in their order: `kg`, `l`.
    pub loads: Vec<String>,
    /// What costs are counted in, as it stands behind a number.
    pub currency: String,
    /// How many units of the solver one unit of the user is.
    pub scales: Option<Scales>,
    /// The only route that files for devices and calendars have, counted from 0; all, if not given.
    pub route: Option<usize>,
    /// Whether a calendar has an event for each stop instead of one for each route.
    pub each_stop: bool,
    /// For how many seconds [`write`](crate::write) looks for reasons why something is unserved, for the page of the day; 0: not at all.
    pub explain: f64,
}

impl ReportOptions {
    /// The moment at which times begin to count, and its time zone if that is known.
    pub(crate) fn origin(&self, problem: &Problem) -> Result<Option<(DateTime, Option<Origin>)>, ReportError> {
        let own = problem.origin();
        let Some(text) = &self.date else {
            return Ok(own.and_then(|origin| Some((civil(origin)?, Some(origin.clone())))));
        };
        let told = |message: String| ReportError::Date { value: text.clone(), message };
        if text.contains('[') {
            let origin = Origin::new(text).map_err(|error| told(error.to_string()))?;
            return Ok(civil(&origin).map(|moment| (moment, Some(origin))));
        }
        let day = text.parse::<Date>().map(|day| day.to_datetime(jiff::civil::Time::midnight()));
        let is_day = text.len() <= "2026-11-30".len();
        let read = if is_day { day } else { text.parse::<DateTime>() };
        let moment = read.map_err(|error| told(error.to_string()))?;
        // The same day, or moment, as the problem says has the problem's time zone.
        let same = |known: &DateTime| *known == moment || (is_day && known.date() == moment.date());
        let own = own.and_then(|origin| Some((civil(origin).filter(same)?, Some(origin.clone()))));
        Ok(Some(own.unwrap_or((moment, None))))
    }

    /// The scales, of which each can be divided by.
    pub(crate) fn scales(&self) -> Result<Scales, ReportError> {
        let scales = self.scales.unwrap_or_default();
        let named =
            [("distance", scales.distance), ("time", scales.time), ("load", scales.load), ("cost", scales.cost)];
        match named.into_iter().find(|(_, value)| !(value.is_finite() && *value > 0.0)) {
            Some((name, value)) => Err(ReportError::Scale { name, value }),
            None => Ok(scales),
        }
    }
}
