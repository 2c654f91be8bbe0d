//! Times that cannot all be correct.

use super::{DAY, Emptyings};
use crate::calendar::format_time;
use crate::forecast::fault::{Checks, ForecastError};
use crate::forecast::series::SeriesSet;

/// The longest time without any reading of any series. Otherwise one reading with a mistaken year would define the
/// present, and all other series would be out of date.
const LONGEST_PAUSE: i64 = 2 * 366 * DAY;
/// The longest time from the first to the last reading.
const LONGEST: i64 = 100 * 366 * DAY;

/// Reports times that are years from all others.
pub(super) fn check(set: &SeriesSet, emptyings: Emptyings<'_>) -> Result<(), ForecastError> {
    let of = |set: &SeriesSet, all: bool| -> Vec<i64> {
        let rows = set.times().iter().zip(set.values()).filter(|(_, value)| all || !value.is_nan());
        rows.map(|(&time, _)| time).collect()
    };
    let mut times = of(set, false);
    if let Emptyings::Given(given) = emptyings {
        times.extend(of(given, true));
    }
    times.sort_unstable();
    let (Some(&first), Some(&last)) = (times.first(), times.last()) else { return Ok(()) };
    let mut checks = Checks::default();
    for (i, pair) in times.windows(2).enumerate().filter(|(_, pair)| pair[1] - pair[0] > LONGEST_PAUSE) {
        // Of both sides, the one with fewer times is probably mistaken.
        let (odd, message) = if i + 1 < times.len() - (i + 1) {
            (pair[0], "is more than two years before the next time of any series")
        } else {
            (pair[1], "is more than two years after the previous time of any series")
        };
        checks.fault(at(set, emptyings, odd), format_time(odd), message, "correct the time, or remove the row");
    }
    if last - first > LONGEST {
        let value = format!("{} to {}", format_time(first), format_time(last));
        checks.fault(
            "times",
            value,
            "span more than a hundred years",
            "correct the times, or remove rows that far away",
        );
    }
    checks.finish()
}

/// The series that has the time.
fn at(set: &SeriesSet, emptyings: Emptyings<'_>, time: i64) -> String {
    let whose = |set: &SeriesSet| {
        let found = set.iter().find(|series| series.times.binary_search(&time).is_ok());
        found.map(|series| crate::listing::shortened(series.name).into_owned())
    };
    match (whose(set), emptyings) {
        (Some(name), _) => format!("the readings of {name:?}"),
        (None, Emptyings::Given(given)) => format!("the emptyings of {:?}", whose(given).unwrap_or_default()),
        (None, Emptyings::Infer) => "the readings".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CleanParams, clean};
    use super::*;

    #[test]
    fn a_reading_years_from_all_others_is_reported() {
        let set = |odd: i64| {
            let times: Vec<i64> = (0..20).map(|day| 20_000 * DAY + day * DAY).chain([odd]).collect();
            let ids: Vec<&str> = times.iter().map(|time| if *time == odd { "b" } else { "a" }).collect();
            SeriesSet::from_long(&ids, &times, &[5.0; 21]).unwrap()
        };
        let fails = |odd: i64| clean(&set(odd), Emptyings::Infer, &CleanParams::default()).unwrap_err().to_string();
        assert!(clean(&set(20_500 * DAY), Emptyings::Infer, &CleanParams::default()).is_ok());
        insta::assert_snapshot!(fails(25_600 * DAY), @r#"
        the input has 1 fault:
          the readings of "b" = 2040-02-03T00:00:00Z: is more than two years after the previous time of any series; correct the time, or remove the row
        "#);
        insta::assert_snapshot!(fails(0), @r#"
        the input has 1 fault:
          the readings of "b" = 1970-01-01T00:00:00Z: is more than two years before the next time of any series; correct the time, or remove the row
        "#);
        let far = fails(-(1 << 37));
        assert!(far.contains("2 faults") && far.contains("hundred years"), "{far}");
        let emptied = Emptyings::Given(&set(25_600 * DAY));
        let error = clean(&set(20_000 * DAY), emptied, &CleanParams::default()).unwrap_err().to_string();
        assert!(error.contains("the emptyings of \"b\""), "{error}");
    }
}
