//! What was done on a day, beside what a fixed rhythm would have done, worked out from the same readings.

use std::collections::HashMap;

use milkrun::forecast::{Cleaned, DecisionMetrics, Exposure, ImpactCosts, Series, impact, increments};
use serde::{Deserialize, Serialize};

use super::days::{self, DAY};
use super::definition::FULL;
use super::features::Moment;
use super::settings::Settings;

/// Least share of the rhythm that a bin must have been observed: others count on neither side.
const SHARE: f64 = 0.5;
/// Kilograms of a tonne.
const TONNE: f64 = 1_000.0;

/// Sums of a day, from its round until that of the next day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Figures {
    /// Whether the day's plan came from a forecast.
    pub(crate) from_forecast: bool,
    /// Days between two visits of the rhythm, and the level below which a visit could have waited; none: not the same on all days.
    pub(crate) by: Option<(i64, i64)>,
    /// Bins that were observed.
    pub(crate) bins: u64,
    /// What was done.
    pub(crate) done: Side,
    /// What the rhythm would have done.
    pub(crate) rhythm: Side,
}

/// Visits and what they found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub(crate) struct Side {
    /// Visits.
    pub(crate) visits: u64,
    /// Visits to bins below the level at which they could have waited.
    pub(crate) low_visits: u64,
    /// Bins that became full.
    pub(crate) overflows: u64,
    /// What the visits took, kilograms.
    pub(crate) kilograms: f64,
}

impl Side {
    fn visit(&mut self, level: Option<f64>, settings: &Settings, load: i64) {
        self.visits += 1;
        let Some(level) = level else { return };
        self.low_visits += u64::from(level < settings.low_percent as f64);
        self.kilograms += level / FULL * load as f64;
    }

    fn add(&mut self, other: &Self) {
        self.visits += other.visits;
        self.low_visits += other.low_visits;
        self.overflows += other.overflows;
        self.kilograms += other.kilograms;
    }

    fn metrics(&self, days: usize) -> DecisionMetrics {
        DecisionMetrics {
            days,
            visits: self.visits as usize,
            wasted: self.low_visits as usize,
            overflows: self.overflows as usize,
            tonnes: self.kilograms / TONNE,
            ..DecisionMetrics::default()
        }
    }
}

impl Figures {
    /// Adds those of other bins or days.
    pub(super) fn add(&mut self, other: &Self) {
        self.bins += other.bins;
        self.done.add(&other.done);
        self.rhythm.add(&other.rhythm);
    }

    /// What all of it was worth.
    pub(crate) fn worth(&self, days: usize, settings: &Settings) -> Worth {
        let costs =
            ImpactCosts { kilometre: 0.0, visit: settings.visit_cost as f64, overflow: settings.overflow_cost as f64 };
        let found = impact(&self.rhythm.metrics(days), &self.done.metrics(days), &costs);
        let tonnes = |side: &Side| (side.visits > 0).then(|| side.kilograms / TONNE / side.visits as f64);
        Worth {
            visits_saved: found.visits,
            overflows_avoided: found.overflows,
            money_saved: found.money,
            share_saved: Some(found.share).filter(|share| share.is_finite()),
            tonnes_per_stop: tonnes(&self.done),
            rhythm_tonnes_per_stop: tonnes(&self.rhythm),
        }
    }
}

/// What was done beside what a fixed rhythm would have done.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Worth {
    /// Visits that the rhythm would have made more; negative: fewer.
    pub(crate) visits_saved: i64,
    /// Overflows that it would have had more.
    pub(crate) overflows_avoided: i64,
    /// Both in the unit of cost, at the organisation's costs of a visit and an overflow; kilometres are not counted.
    pub(crate) money_saved: f64,
    /// The same as a share of the rhythm's cost.
    pub(crate) share_saved: Option<f64>,
    /// Tonnes that a visit took.
    pub(crate) tonnes_per_stop: Option<f64>,
    /// Tonnes that one of the rhythm would have taken.
    pub(crate) rhythm_tonnes_per_stop: Option<f64>,
}

/// The day of the rhythm on which a bin is visited, from 0; bins are spread over the days by their codes.
fn turn(bin: &str, rhythm: i64) -> i64 {
    let sum = bin.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    (sum % rhythm.unsigned_abs()).cast_signed()
}

/// What was done to bins on a day: visits that drivers confirmed, by bin and second, or else falls of the level. `loads` are what
/// bins hold when full, kilograms.
pub(super) fn of_bins(
    cleaned: &Cleaned,
    moment: &Moment,
    settings: &Settings,
    (visits, loads): (&HashMap<String, i64>, &HashMap<String, i64>),
) -> Figures {
    let mut figures = Figures::default();
    let learnt = increments(cleaned);
    let (begin, end) = (moment.service(0), moment.service(1));
    let rhythm = settings.rhythm_days;
    for (bin, series) in cleaned.readings.iter().enumerate() {
        let exposure = Exposure::new(&learnt.bins[bin]);
        let amount = |from: i64, until: i64| {
            let seen = exposure.window(from, until);
            if seen.seconds == 0 { 0.0 } else { seen.amount * (until - from) as f64 / seen.seconds as f64 }
        };
        let cycle = exposure.window(begin - rhythm * DAY, end);
        if (cycle.seconds as f64) < SHARE * (end - begin + rhythm * DAY) as f64 {
            continue;
        }
        figures.bins += 1;
        let load = loads.get(series.name).copied().unwrap_or(0);
        let inferred = cleaned.emptyings[bin].iter().find(|e| begin < e.by && e.by <= end);
        if let Some(&at) = visits.get(series.name) {
            figures.done.visit(level_at(&series, at), settings, load);
        } else if let Some(emptying) = inferred {
            figures.done.visit(Some(emptying.level_before), settings, load);
        }
        figures.done.overflows += u64::from(became_full(&series, (begin, end)));
        let since = (days::number(moment.day) + turn(series.name, rhythm)).rem_euclid(rhythm);
        let last = moment.service(-since);
        if since == 0 {
            let level = amount(moment.service(-rhythm), begin).min(FULL);
            figures.rhythm.visit(Some(level), settings, load);
        }
        figures.rhythm.overflows += u64::from(amount(last, begin) < FULL && amount(last, end) >= FULL);
    }
    figures
}

/// The last level before a moment.
fn level_at(series: &Series<'_>, at: i64) -> Option<f64> {
    series.times.partition_point(|&time| time <= at).checked_sub(1).map(|row| series.values[row])
}

/// Whether a level reached the brim within a span.
fn became_full(series: &Series<'_>, (begin, end): (i64, i64)) -> bool {
    let first = series.times.partition_point(|&time| time < begin);
    let last = series.times.partition_point(|&time| time < end);
    (first..last).any(|row| series.values[row] >= FULL && (row == 0 || series.values[row - 1] < FULL))
}

#[cfg(test)]
mod tests {
    use milkrun::forecast::{CleanParams, Emptyings, SeriesSet, clean};

    use super::*;

    const HOUR: i64 = 3_600;

    /// Bins that are read every six hours from the first of the month on, with 3 points each time but for what is said.
    fn street(bins: &[(&str, &[(usize, f64)])]) -> Cleaned {
        let begin = days::moment(&jiff::tz::TimeZone::UTC, jiff::civil::date(2026, 12, 1), 0);
        let (mut names, mut times, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (name, said) in bins {
            let mut level = 0.0;
            for step in 0..48 {
                level = said.iter().find(|(at, _)| *at == step).map_or(level + 3.0, |(_, level)| *level);
                names.push(*name);
                times.push(begin + step as i64 * 6 * HOUR);
                values.push(level);
            }
        }
        let set = SeriesSet::from_long(&names, &times, &values).unwrap();
        clean(&set, Emptyings::Infer, &CleanParams { tolerance: 100.0, ..CleanParams::default() }).unwrap()
    }

    #[test]
    fn a_day_worked_out_by_hand() {
        // The day is the 8th, from seven to seven: steps 30 (at noon) to 32 of it, and 33 is at six on the 9th.
        let cleaned = street(&[
            // Emptied at noon, having had 90.
            ("a", &[(29, 90.0), (30, 0.0)]),
            // Emptied by a driver at eight, with 12 points more than on the day before: 3 a reading.
            ("b", &[(20, 0.0)]),
            // Full at noon.
            ("c", &[(20, 60.0), (29, 95.0), (30, 100.0), (31, 100.0)]),
        ]);
        let settings = Settings { rhythm_days: 2, low_percent: 40, ..Settings::default() };
        let moment = Moment::of(&settings, jiff::civil::date(2026, 12, 8), i64::MAX / 4);
        let eight = days::moment(&jiff::tz::TimeZone::UTC, moment.day, 8 * HOUR);
        let visits = HashMap::from([("b".to_owned(), eight)]);
        let loads = HashMap::from([("a".to_owned(), 200), ("b".to_owned(), 100), ("c".to_owned(), 100)]);
        let found = of_bins(&cleaned, &moment, &settings, (&visits, &loads));
        // a: 90 of 200 kg; b: at eight the last reading was at six, step 29, nine steps after it was empty: 27 points.
        let done = Side { visits: 2, low_visits: 1, overflows: 1, kilograms: 180.0 + 27.0 };
        assert_eq!((found.bins, found.done), (3, done));
        // Of the rhythm, each bin has its turn every other day.
        let turns = ["a", "b", "c"].map(|bin| (days::number(moment.day) + turn(bin, 2)) % 2);
        assert_eq!(found.rhythm.visits, turns.iter().filter(|turn| **turn == 0).count() as u64);
        let worth = found.worth(1, &settings);
        assert_eq!(worth.visits_saved, found.rhythm.visits as i64 - 2);
        assert!((worth.tonnes_per_stop.unwrap() - 0.1035).abs() < 1e-9, "{worth:?}");
    }
}
