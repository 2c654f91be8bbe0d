//! Cleans raw sensor readings, and reports what was wrong with them.

mod increments;
mod isotonic;
mod readings;
mod regular;
mod span;

pub use increments::{Increment, Increments, increments, visit_increments};
pub use regular::{GapFill, Regular, resample};

use super::fault::{Checks, ForecastError};
use super::series::SeriesSet;
use crate::parallel;

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// The meaning of readings, and the thresholds for faults. Levels are in the readings' own unit, such as percent.
#[derive(Clone, Debug, PartialEq)]
pub struct CleanParams {
    /// The level at which a bin is full: readings at or above it are censored.
    pub full: f64,
    /// Readings outside `0 ..= full` by at most this much are moved to the bound, others are faults.
    pub tolerance: f64,
    /// Changes up to this much may be the sensor's noise.
    pub noise: f64,
    /// A fall of at least this much is an emptying.
    pub emptying_drop: f64,
    /// A lone reading that lies this far from both neighbours, which agree with each other, is a fault; `None`: keep it.
    pub spike: Option<f64>,
    /// Readings that do not change at all for longer than this, below full, come from a stuck sensor: all but the
    /// first are dropped; `None`: keep them.
    pub stuck_after: Option<i64>,
    /// A longer time between readings is reported as a gap.
    pub max_gap: i64,
    /// Which value replaces several readings of the same time.
    pub duplicates: Duplicates,
}

impl Default for CleanParams {
    /// For levels in percent that are read several times a day.
    fn default() -> Self {
        Self {
            full: 100.0,
            tolerance: 5.0,
            noise: 2.0,
            emptying_drop: 20.0,
            spike: Some(25.0),
            stuck_after: Some(14 * DAY),
            max_gap: 2 * DAY,
            duplicates: Duplicates::Last,
        }
    }
}

impl CleanParams {
    pub(crate) fn check(&self) -> Result<(), ForecastError> {
        let mut checks = Checks::default();
        checks.positive("full", self.full);
        checks.not_negative("tolerance", self.tolerance);
        checks.not_negative("noise", self.noise);
        checks.positive("emptying_drop", self.emptying_drop);
        if let Some(spike) = self.spike {
            checks.positive("spike", spike);
        }
        if let Some(time) = self.stuck_after {
            checks.positive_time("stuck_after", time);
        }
        checks.positive_time("max_gap", self.max_gap);
        if self.noise >= self.emptying_drop {
            let remedy = "give an emptying_drop above the noise";
            checks.fault("noise", self.noise, "is not below emptying_drop", remedy);
        }
        checks.finish()
    }
}

/// Which value replaces several readings of one series at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// The first row.
    First,
    /// The last row: a correction that came later.
    Last,
    /// The mean.
    Mean,
}

/// The source of emptyings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Emptyings<'a> {
    /// From falls of the level.
    Infer,
    /// From a table: series by name, times, and the level right after (NaN: empty). It overrides what the level
    /// suggests: a fall without an emptying is reported, and the interval around it is not used for learning.
    Given(&'a SeriesSet),
}

/// An emptying of a bin: it happened after `after` and not later than `by`; the two are equal if the time was given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Emptying {
    /// The last time at which it had not happened yet.
    pub after: i64,
    /// The first time at which it had happened.
    pub by: i64,
    /// The last level before; NaN if there is no reading.
    pub level_before: f64,
    /// The level right after; 0 if it is unknown.
    pub level_after: f64,
    /// Whether it comes from a table, not from a fall of the level.
    pub given: bool,
}

/// What was wrong with the readings of a series.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CleanReport {
    /// Readings that came in.
    pub rows: usize,
    /// Readings that are kept.
    pub kept: usize,
    /// Readings without a value.
    pub missing: usize,
    /// Readings at a time that already has one.
    pub duplicates: usize,
    /// Readings outside the range.
    pub out_of_range: usize,
    /// Readings moved to the bound of the range.
    pub clamped: usize,
    /// Lone readings far from both neighbours.
    pub spikes: usize,
    /// Times during which the sensor was stuck, first and last reading.
    pub stuck: Vec<(i64, i64)>,
    /// Times without readings that are longer than allowed.
    pub gaps: Vec<(i64, i64)>,
    /// Falls of the level that no given emptying explains.
    pub unexplained_falls: usize,
    /// The step between levels, if the sensor reports only a few (six levels from 0 to 100: 20).
    pub step: Option<f64>,
}

/// Cleaned readings.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Cleaned {
    /// The readings that are kept: no missing values, one for each time, within `0 ..= full`.
    pub readings: SeriesSet,
    /// The emptyings of each series, in order.
    pub emptyings: Vec<Vec<Emptying>>,
    /// For each series the times between which the level fell without an emptying.
    pub(crate) breaks: Vec<Vec<(i64, i64)>>,
    /// What was wrong, for each series.
    pub reports: Vec<CleanReport>,
    /// The parameters that were used.
    pub params: CleanParams,
}

impl Cleaned {
    /// The last reading of every series as a state to forecast from; `None` if there is no reading.
    ///
    /// A given emptying after the last reading counts: the bin has the level right after it.
    pub fn latest(&self) -> Vec<Option<(i64, f64)>> {
        let last = |(series, emptyings): (super::Series<'_>, &Vec<Emptying>)| {
            let reading = series.times.last().copied().zip(series.values.last().copied());
            let emptied = emptyings.last().filter(|e| e.given).map(|e| (e.by, e.level_after));
            match (reading, emptied) {
                // A reading at the exact moment of an emptying was taken before it.
                (Some(reading), Some(emptied)) if emptied.0 >= reading.0 => Some(emptied),
                (None, emptied) => emptied,
                (reading, _) => reading,
            }
        };
        self.readings.iter().zip(&self.emptyings).map(last).collect()
    }
}

/// Cleans readings: drops missing, duplicate, out-of-range and stuck readings and spikes; finds emptyings; reports
/// gaps.
///
/// ```
/// use milkrun::forecast::{CleanParams, Emptyings, SeriesSet, clean};
///
/// let hours: Vec<i64> = (0..6).map(|i| i * 3600).collect();
/// let levels = [40.0, 50.0, 250.0, 60.0, 8.0, f64::NAN];
/// let set = SeriesSet::from_long(&["bin"; 6], &hours, &levels).unwrap();
/// let cleaned = clean(&set, Emptyings::Infer, &CleanParams::default()).unwrap();
/// assert_eq!(cleaned.readings.values(), [40.0, 50.0, 60.0, 8.0]);
/// assert_eq!(cleaned.reports[0].out_of_range, 1);
/// assert_eq!((cleaned.emptyings[0][0].after, cleaned.emptyings[0][0].by), (3 * 3600, 4 * 3600));
/// ```
///
/// # Errors
///
/// Invalid parameters, times that are years from all others, and given emptyings of unknown series.
pub fn clean(set: &SeriesSet, emptyings: Emptyings<'_>, params: &CleanParams) -> Result<Cleaned, ForecastError> {
    params.check()?;
    span::check(set, emptyings)?;
    let given = given_by_series(set, emptyings)?;
    let results: Vec<readings::Clean> =
        parallel::map(set.len(), 1, |i| readings::clean(set.get(i), given.as_ref().map(|g| g[i].as_slice()), params));
    let mut rows = Vec::new();
    let mut cleaned = (Vec::new(), Vec::new(), Vec::new());
    for result in results {
        rows.push((result.times, result.values));
        cleaned.0.push(result.emptyings);
        cleaned.1.push(result.breaks);
        cleaned.2.push(result.report);
    }
    Ok(Cleaned {
        readings: SeriesSet::of_rows(set.names().to_vec(), rows),
        emptyings: cleaned.0,
        breaks: cleaned.1,
        reports: cleaned.2,
        params: params.clone(),
    })
}

/// Given emptyings as `(time, level after)` in the order of the set's series.
type Given = Vec<Vec<(i64, f64)>>;

fn given_by_series(set: &SeriesSet, emptyings: Emptyings<'_>) -> Result<Option<Given>, ForecastError> {
    let Emptyings::Given(table) = emptyings else { return Ok(None) };
    let index: std::collections::HashMap<&str, usize> =
        set.names().iter().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
    let mut given = vec![Vec::new(); set.len()];
    let mut checks = Checks::default();
    for (i, series) in table.iter().enumerate() {
        let Some(&at) = index.get(series.name) else {
            let (path, name) = (format!("emptyings[{i}]"), series.name.to_owned());
            let remedy = "name a series that has readings";
            checks.push(super::fault::ForecastFault::UnknownName { path, name, remedy });
            continue;
        };
        let after = |v: f64| if v.is_nan() { 0.0 } else { v };
        given[at] = series.times.iter().copied().zip(series.values.iter().map(|&v| after(v))).collect();
    }
    checks.finish()?;
    Ok(Some(given))
}
