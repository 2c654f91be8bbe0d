//! How readings become increments and features: what a version of a feature set says.

use jiff::tz::TimeZone;
use milkrun::forecast::{
    CalendarPart, CleanParams, Feature, FeatureContext, FeatureSpec, FeatureState, HolidayPart, SeriesSet, Stat,
};
use serde::{Deserialize, Serialize};

use super::days::{self, DAY};
use crate::crypto::fingerprint;
use crate::fleet::Fault;

/// A level in per cent at which a bin is full.
pub(super) const FULL: f64 = 100.0;
/// Most features of a set.
const MOST_FEATURES: usize = 50;
/// Most rows that a feature may reach back, and most holidays.
const MOST_ROWS: usize = 2_000;

/// What a version of a feature set says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Definition {
    /// How many days of readings are used.
    pub(crate) history_days: i64,
    /// Changes up to this many points may be the sensor's noise.
    pub(crate) noise: f64,
    /// A fall of at least this many points is an emptying.
    pub(crate) emptying_drop: f64,
    /// A longer time between readings is a gap, hours.
    pub(crate) max_gap_hours: i64,
    /// The features, as the library writes them.
    pub(crate) features: Vec<Feature>,
    /// Holidays, as 2026-12-25, in order.
    pub(crate) holidays: Vec<String>,
}

impl Default for Definition {
    fn default() -> Self {
        let span = |days: i64, stat| Feature::Span { span: days * DAY, delay: 0, stat };
        Self {
            history_days: 120,
            noise: 2.0,
            emptying_drop: 20.0,
            max_gap_hours: 48,
            features: vec![
                span(1, Stat::Mean),
                span(1, Stat::Max),
                span(7, Stat::Mean),
                span(7, Stat::Std),
                Feature::SpanEwm { half_life: 3 * DAY, delay: 0 },
                Feature::SinceEvent,
                Feature::Calendar(CalendarPart::DayOfWeek),
                Feature::Holiday(HolidayPart::Is),
            ],
            holidays: Vec::new(),
        }
    }
}

impl Definition {
    /// Reads a definition.
    ///
    /// # Errors
    ///
    /// All faults, each with its path below `path`.
    pub(crate) fn read(path: &str, text: &str) -> Result<Self, Vec<Fault>> {
        let read: Result<Self, _> = serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text));
        let definition = read.map_err(|error| {
            let inner = error.path().to_string();
            let path = if inner == "." { path.to_owned() } else { format!("{path}.{inner}") };
            vec![Fault::new(path, crate::raw::clipped(&error.inner().to_string()))]
        })?;
        let faults = definition.faults(path);
        if faults.is_empty() { Ok(definition) } else { Err(faults) }
    }

    fn faults(&self, path: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |name: &str, text: String| faults.push(Fault::new(format!("{path}.{name}"), text));
        if !(7..=400).contains(&self.history_days) {
            fault("history_days", format!("{}: give 7 to 400 days", self.history_days));
        }
        if !(0.0..=50.0).contains(&self.noise) {
            fault("noise", format!("{}: give 0 to 50 points", self.noise));
        }
        if !(self.emptying_drop > self.noise && self.emptying_drop <= FULL) {
            fault("emptying_drop", format!("{}: give more points than noise, at most 100", self.emptying_drop));
        }
        if !(1..=2_400).contains(&self.max_gap_hours) {
            fault("max_gap_hours", format!("{}: give 1 to 2400 hours", self.max_gap_hours));
        }
        for (i, day) in self.holidays.iter().enumerate() {
            if days::date(day).is_none() {
                fault(&format!("holidays[{i}]"), format!("{day:?}: give a day such as 2026-12-25"));
            }
        }
        if self.features.len() > MOST_FEATURES {
            fault("features", format!("{}: give at most {MOST_FEATURES}", self.features.len()));
        }
        if self.holidays.len() > MOST_ROWS {
            fault("holidays", format!("{}: give at most {MOST_ROWS}", self.holidays.len()));
        }
        for (i, feature) in self.features.iter().enumerate() {
            let most = match *feature {
                Feature::NeighbourMean { .. } => {
                    fault(
                        &format!("features[{i}]"),
                        "bins are worked on one by one: take features without neighbours".to_owned(),
                    );
                    continue;
                }
                Feature::Lag(rows) | Feature::Expanding { lag: rows, .. } | Feature::Ewm { lag: rows, .. } => rows,
                Feature::Difference { lag, period } => lag.saturating_add(period),
                Feature::Rolling { lag, window, .. } => lag.saturating_add(window),
                Feature::SeasonalRolling { lag, season, window, .. } => {
                    season.saturating_mul(window).saturating_add(lag)
                }
                Feature::Fourier { order, .. } => order.saturating_mul(MOST_ROWS / MOST_FEATURES),
                _ => 0,
            };
            if most > MOST_ROWS {
                fault(&format!("features[{i}]"), format!("reaches too far: at most {MOST_ROWS} rows, or order 50"));
            }
        }
        if faults.is_empty()
            && let Err(error) = self.empty()
        {
            let of_library = error.faults.iter().map(|fault| Fault::new(path, fault.to_string()));
            faults.extend(of_library);
        }
        faults
    }

    /// What the library says of the features.
    fn empty(&self) -> Result<(), milkrun::forecast::ForecastError> {
        let nothing = SeriesSet::from_parts(Vec::new(), vec![0], Vec::new(), Vec::new())?;
        let context = FeatureContext { events: Some(&[]), coords: None };
        FeatureState::new(&nothing, &self.spec(&TimeZone::UTC, 0), &context).map(|_| ())
    }

    /// SHA-256 of it, as it is stored.
    pub(crate) fn checksum(&self) -> String {
        fingerprint(self.text().as_bytes())
    }

    /// As it is stored.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// How readings are cleaned. Bins that are more than full are full.
    pub(super) fn cleaning(&self) -> CleanParams {
        CleanParams {
            full: FULL,
            tolerance: FULL,
            noise: self.noise,
            emptying_drop: self.emptying_drop,
            max_gap: self.max_gap_hours * 3_600,
            ..CleanParams::default()
        }
    }

    /// The features at a moment in seconds since 1970.
    pub(super) fn spec(&self, zone: &TimeZone, at: i64) -> FeatureSpec {
        let mut spec = FeatureSpec::new(self.features.clone());
        spec.utc_offset = days::offset(zone, at);
        spec.holidays = self.holidays.iter().filter_map(|day| days::date(day)).map(days::number).collect();
        spec
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_at_once() {
        let text = r#"{"history_days": 3, "noise": 30, "features": [{"lag": 5000}, {"lag": 1},
            {"neighbour_mean": {"k": 3, "delay": 0, "max_age": 5}}], "emptying_drop": 20}"#;
        let faults = Definition::read("$.definition", text).unwrap_err();
        let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        let features = ["$.definition.features[0]", "$.definition.features[2]"];
        let expected = ["$.definition.history_days", "$.definition.emptying_drop", features[0], features[1]];
        assert_eq!(paths, expected);
        let of_library =
            Definition::read("$", r#"{"features": [{"lag": 0}], "holidays": ["2026-12-25", "2026-01-01"]}"#);
        assert_eq!(of_library.unwrap_err().len(), 2);
        let unknown = Definition::read("$", r#"{"features": [{"moon": 1}]}"#).unwrap_err();
        assert_eq!(unknown[0].path, "$.features[0]");
    }

    #[test]
    fn what_is_the_same_has_the_same_checksum() {
        let usual = Definition::default();
        let read = Definition::read("$", &usual.text()).unwrap();
        assert_eq!((read.checksum(), Definition::read("$", "{}").unwrap()), (usual.checksum(), usual.clone()));
        let other = Definition { noise: 3.0, ..usual.clone() };
        assert_ne!(other.checksum(), usual.checksum());
    }
}
