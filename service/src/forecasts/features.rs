//! Features of bins on a day, from what was known at a moment.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use milkrun::forecast::{Cleaned, FeatureContext, FeatureState, ForecastError};

use super::days::{self, DAY, SECOND};
use super::definition::Definition;
use super::history::History;
use super::settings::Settings;

/// Of which day, and as of when.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    /// The organisation's time zone.
    pub(super) zone: TimeZone,
    /// The day.
    pub(super) day: Date,
    /// When a round serves, seconds after midnight.
    pub(super) service_at: i64,
    /// What was known, milliseconds since 1970.
    pub(super) as_of: i64,
}

impl Moment {
    /// A day of an organisation, as of a moment in milliseconds since 1970.
    pub(crate) fn of(settings: &Settings, day: Date, as_of: i64) -> Self {
        Self { zone: settings.time_zone(), day, service_at: settings.service_at, as_of }
    }

    /// When the round serves that comes so many days after that of the day, seconds since 1970.
    pub(super) fn service(&self, days: i64) -> i64 {
        days::moment(&self.zone, days::later(self.day, days), self.service_at)
    }

    /// The readings that are used, milliseconds since 1970: those that were taken before the day's round.
    pub(super) fn span(&self, definition: &Definition) -> (i64, i64) {
        let until = (self.service(0) * SECOND - 1).min(self.as_of);
        (until.saturating_sub(definition.history_days * DAY * SECOND), until)
    }

    /// What was known of the bins, cleaned.
    pub(super) fn cleaned(&self, history: &History, definition: &Definition) -> Result<Cleaned, ForecastError> {
        history.cleaned(definition, self.as_of, self.span(definition))
    }
}

/// The features of each bin, in the order of the definition's columns; NaN where there is none.
pub(super) fn rows(
    cleaned: &Cleaned,
    definition: &Definition,
    moment: &Moment,
) -> Result<Vec<Vec<f64>>, ForecastError> {
    let at = moment.service(0);
    let events: Vec<Vec<i64>> = cleaned.emptyings.iter().map(|of| of.iter().map(|e| e.by).collect()).collect();
    let context = FeatureContext { events: Some(&events), coords: None };
    let state = FeatureState::new(&cleaned.readings, &definition.spec(&moment.zone, at), &context)?;
    let rows = state.rows::<f64>(&vec![at; cleaned.readings.len()])?;
    Ok((0..cleaned.readings.len()).map(|bin| rows.row(bin).to_vec()).collect())
}
