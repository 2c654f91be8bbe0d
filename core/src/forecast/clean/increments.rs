//! Increments: the amounts deposited in a bin between readings.

use super::Cleaned;
use super::isotonic::make_non_decreasing;
use crate::forecast::fault::{Checks, ForecastError};
use crate::forecast::series::{MAX_TIME, SeriesSet};

/// The amount deposited in a bin during an interval, in the unit of its level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Increment {
    /// Begin of the interval, in seconds since 1970.
    pub from: i64,
    /// End of the interval.
    pub to: i64,
    /// The amount; at least zero.
    pub amount: f64,
    /// The bin was full at the end: at least this amount was deposited, perhaps more.
    pub censored: bool,
}

/// The increments of several bins, in order of time and without overlap for each bin.
#[derive(Clone, Debug, PartialEq)]
pub struct Increments {
    /// The bins' names.
    pub names: Vec<String>,
    /// The increments of each bin.
    pub bins: Vec<Vec<Increment>>,
    /// The level of a full bin.
    pub full: f64,
}

impl Increments {
    /// Checks increments that a caller made: order, overlaps, signs.
    pub(crate) fn check(&self, checks: &mut Checks) {
        checks.length("names", self.names.len(), "bins", self.bins.len());
        checks.positive("full", self.full);
        for (b, bin) in self.bins.iter().enumerate() {
            let mut last = i64::MIN;
            for (i, increment) in bin.iter().enumerate() {
                let path = || format!("bins[{b}][{i}]");
                if increment.from >= increment.to || increment.from < last {
                    let value = format!("{} ..= {}", increment.from, increment.to);
                    let message = "overlaps or precedes the previous increment, or has no length";
                    checks.fault(path(), value, message, "sort the increments, and remove overlaps");
                }
                let wrong = |time: &i64| !(-MAX_TIME..=MAX_TIME).contains(time);
                for time in [increment.from, increment.to].into_iter().filter(wrong) {
                    checks.time(path(), time);
                }
                if !(increment.amount >= 0.0 && increment.amount.is_finite()) {
                    checks.fault(path(), increment.amount, "is not an amount", "give zero or more");
                }
                last = increment.to;
            }
        }
    }

    /// The increments known before `time`: those that ended by then.
    pub fn before(&self, time: i64) -> Self {
        let cut = |bin: &Vec<Increment>| bin[..bin.partition_point(|i| i.to <= time)].to_vec();
        Self { names: self.names.clone(), bins: self.bins.iter().map(cut).collect(), full: self.full }
    }
}

/// The increments between readings of sensors that report the level all the time.
///
/// Between two emptyings the level is made non-decreasing first (least squares), so that noise adds nothing. An
/// interval that contains an emptying at an unknown moment has no increment; if the moment is given, there is one from
/// then to the next reading.
pub fn increments(cleaned: &Cleaned) -> Increments {
    let bins = (0..cleaned.readings.len()).map(|bin| bin_increments(cleaned, bin)).collect();
    Increments { names: cleaned.readings.names().to_vec(), bins, full: cleaned.params.full }
}

fn bin_increments(cleaned: &Cleaned, bin: usize) -> Vec<Increment> {
    let series = cleaned.readings.get(bin);
    let full = cleaned.params.full;
    let mut found = Vec::new();
    // Cycles: readings from one cut to the next, with the level at the beginning if it is known.
    let mut cuts: Vec<(i64, i64, Option<f64>)> =
        cleaned.emptyings[bin].iter().map(|e| (e.after, e.by, e.given.then_some(e.level_after))).collect();
    cuts.extend(cleaned.breaks[bin].iter().map(|&(after, by)| (after, by, None)));
    cuts.sort_by_key(|cut| cut.1);
    let mut begin: Option<(i64, f64)> = None;
    let mut first = 0;
    for k in 0..=cuts.len() {
        // A reading at the exact moment of a given emptying was taken before it.
        let end = match cuts.get(k) {
            Some(&(after, _, _)) => series.times.partition_point(|&t| t <= after).max(first),
            None => series.times.len(),
        };
        let mut times: Vec<i64> = Vec::new();
        let mut levels: Vec<f64> = Vec::new();
        if let Some((time, level)) = begin.filter(|_| first < end) {
            times.push(time);
            levels.push(level);
        }
        times.extend_from_slice(&series.times[first..end]);
        levels.extend_from_slice(&series.values[first..end]);
        cycle(&times, &mut levels, full, &mut found);
        first = end;
        begin = cuts.get(k).and_then(|&(_, by, level)| level.map(|level| (by, level)));
    }
    found
}

/// The increments between two emptyings.
fn cycle(times: &[i64], levels: &mut [f64], full: f64, found: &mut Vec<Increment>) {
    // Whether a reading was full is a fact that smoothing must not hide.
    let was_full: Vec<bool> = levels.iter().map(|&level| level >= full).collect();
    make_non_decreasing(levels);
    for i in 1..times.len() {
        if times[i] > times[i - 1] {
            let amount = levels[i] - levels[i - 1];
            found.push(Increment { from: times[i - 1], to: times[i], amount, censored: was_full[i] });
        }
    }
}

/// The increments between visits, if the level is known only from what crews find and each visit empties the bin.
///
/// `visits` has a row for each visit with the level found; NaN if it was not recorded, although the bin was emptied.
///
/// # Errors
///
/// If `full` is not positive, or a level is negative.
pub fn visit_increments(visits: &SeriesSet, full: f64) -> Result<Increments, ForecastError> {
    let mut checks = Checks::default();
    checks.positive("full", full);
    for (row, &level) in visits.values().iter().enumerate().filter(|(_, level)| **level < 0.0) {
        checks.fault(format!("values[{row}]"), level, "must not be negative", "give the level found, or NaN");
    }
    checks.finish()?;
    let bins = visits.iter().map(|series| {
        let pairs = series.times.windows(2).zip(&series.values[1..]);
        pairs
            .filter(|(times, level)| times[1] > times[0] && !level.is_nan())
            .map(|(times, &level)| Increment {
                from: times[0],
                to: times[1],
                amount: level.min(full),
                censored: level >= full,
            })
            .collect()
    });
    Ok(Increments { names: visits.names().to_vec(), bins: bins.collect(), full })
}

#[cfg(test)]
mod tests {
    use super::super::{CleanParams, Emptyings, clean};
    use super::*;

    fn of(levels: &[f64], emptyings: Option<&[(i64, f64)]>) -> Vec<Increment> {
        let times: Vec<i64> = (0..levels.len() as i64).map(|i| i * 10).collect();
        let set = SeriesSet::from_long(&vec!["bin"; levels.len()], &times, levels).unwrap();
        let table = emptyings.map(|rows| {
            let (times, after): (Vec<i64>, Vec<f64>) = rows.iter().copied().unzip();
            SeriesSet::from_long(&vec!["bin"; rows.len()], &times, &after).unwrap()
        });
        let known = table.as_ref().map_or(Emptyings::Infer, Emptyings::Given);
        increments(&clean(&set, known, &CleanParams::default()).unwrap()).bins.remove(0)
    }

    #[test]
    fn noise_adds_nothing_and_an_emptying_cuts() {
        let found = of(&[10.0, 12.0, 10.0, 30.0, 0.0, 7.0], None);
        let amounts: Vec<f64> = found.iter().map(|i| i.amount).collect();
        assert_eq!(amounts, [1.0, 0.0, 19.0, 7.0], "{found:?}");
        assert_eq!((found[3].from, found[3].to), (40, 50));
    }

    #[test]
    fn a_given_moment_starts_a_cycle() {
        let found = of(&[50.0, 60.0, 6.0], Some(&[(15, 1.0)]));
        assert_eq!(found[1], Increment { from: 15, to: 20, amount: 5.0, censored: false });
    }

    #[test]
    fn a_full_bin_is_censored() {
        let found = of(&[70.0, 100.0, 100.0], None);
        assert!(found.iter().all(|i| i.censored), "{found:?}");
        assert!((found[0].amount - 30.0).abs() < 1e-12);
    }

    #[test]
    fn visits() {
        let set = SeriesSet::from_long(&["a"; 4], &[0, 10, 20, 30], &[50.0, 60.0, f64::NAN, 100.0]).unwrap();
        let found = visit_increments(&set, 100.0).unwrap().bins.remove(0);
        assert_eq!(found.len(), 2);
        assert_eq!(found[1], Increment { from: 20, to: 30, amount: 100.0, censored: true });
    }
}
