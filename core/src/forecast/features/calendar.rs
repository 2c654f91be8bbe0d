//! Features that depend on the time alone.

use jiff::Span;
use jiff::civil::Date;

use super::spec::{CalendarPart, Feature, FeatureSpec, HolidayPart};

const DAY: i64 = 86_400;

/// Writes the columns of a feature of time for the row at `time`.
pub(super) fn fill(spec: &FeatureSpec, feature: Feature, time: i64, out: &mut [f64]) {
    let local = time + spec.utc_offset;
    match feature {
        Feature::Calendar(part) => out[0] = calendar(part, local),
        Feature::Fourier { period, order } => {
            // Whole periods are subtracted in integers: a time since 1970 has too many digits for an accurate sine.
            let phase = local.rem_euclid(period) as f64 / period as f64 * std::f64::consts::TAU;
            for k in 1..=order {
                let (sin, cos) = (phase * k as f64).sin_cos();
                out[2 * k - 2] = sin;
                out[2 * k - 1] = cos;
            }
        }
        Feature::Holiday(part) => out[0] = holiday(part, local.div_euclid(DAY), &spec.holidays),
        _ => {}
    }
}

fn calendar(part: CalendarPart, local: i64) -> f64 {
    let days = local.div_euclid(DAY);
    // 1 January 1970 was a Thursday.
    let weekday = (days + 3).rem_euclid(7);
    match part {
        CalendarPart::DayOfWeek => weekday as f64,
        CalendarPart::Weekend => f64::from(weekday >= 5),
        CalendarPart::Hour => (local.rem_euclid(DAY) / 3600) as f64,
        _ => date(days).map_or(f64::NAN, |date| of_date(part, date)),
    }
}

fn of_date(part: CalendarPart, date: Date) -> f64 {
    match part {
        CalendarPart::Day => f64::from(date.day()),
        CalendarPart::Month => f64::from(date.month()),
        CalendarPart::Week => f64::from(date.iso_week_date().week()),
        CalendarPart::DayOfYear => f64::from(date.day_of_year()),
        CalendarPart::Quarter => f64::from((date.month() + 2) / 3),
        CalendarPart::Year => f64::from(date.year()),
        CalendarPart::DayOfWeek | CalendarPart::Weekend | CalendarPart::Hour => f64::NAN,
    }
}

/// The date of a day counted from 1970; `None` beyond the calendar's range.
fn date(days: i64) -> Option<Date> {
    let span: Span = Span::new().try_days(days).ok()?;
    Date::constant(1970, 1, 1).checked_add(span).ok()
}

fn holiday(part: HolidayPart, day: i64, holidays: &[i64]) -> f64 {
    let next = holidays.partition_point(|&h| h < day);
    match part {
        HolidayPart::Is => f64::from(holidays.get(next) == Some(&day)),
        HolidayPart::DaysTo(most) => {
            holidays.get(next).map_or(i64::from(most), |h| h.saturating_sub(day)).min(i64::from(most)) as f64
        }
        HolidayPart::DaysSince(most) => {
            let last = holidays[..holidays.partition_point(|&h| h <= day)].last();
            last.map_or(i64::from(most), |h| day.saturating_sub(*h)).min(i64::from(most)) as f64
        }
    }
}

/// The day, counted from 1970, of a date: for [`FeatureSpec::holidays`]. `None` if there is no such date.
///
/// ```
/// assert_eq!(milkrun::forecast::day_number(2026, 4, 27), Some(20_570));
/// assert_eq!(milkrun::forecast::day_number(2026, 2, 29), None);
/// ```
pub fn day_number(year: i16, month: i8, day: i8) -> Option<i64> {
    let date = Date::new(year, month, day).ok()?;
    let span = Date::constant(1970, 1, 1).until((jiff::Unit::Day, date)).ok()?;
    Some(i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_date() {
        // 2024-12-30 13:30 UTC was a Monday in ISO week 1 of 2025.
        let time = day_number(2024, 12, 30).unwrap() * DAY + 13 * 3600 + 1800;
        let expected = [
            (CalendarPart::DayOfWeek, 0.0),
            (CalendarPart::Day, 30.0),
            (CalendarPart::Month, 12.0),
            (CalendarPart::Week, 1.0),
            (CalendarPart::DayOfYear, 365.0),
            (CalendarPart::Weekend, 0.0),
            (CalendarPart::Hour, 13.0),
            (CalendarPart::Quarter, 4.0),
            (CalendarPart::Year, 2024.0),
        ];
        for (part, value) in expected {
            assert_eq!(calendar(part, time), value, "{part:?}");
        }
        assert_eq!(calendar(CalendarPart::Day, -1), 31.0, "the last second of 1969");
        assert_eq!(date(40).map(Date::month), Some(2));
    }

    #[test]
    fn distance_to_holidays() {
        let days = [10, 20];
        let found: Vec<f64> = (9..=12).map(|day| holiday(HolidayPart::DaysSince(5), day, &days)).collect();
        assert_eq!(found, [5.0, 0.0, 1.0, 2.0]);
        assert_eq!(holiday(HolidayPart::DaysTo(30), 12, &days), 8.0);
        assert_eq!(holiday(HolidayPart::DaysTo(30), 21, &days), 30.0);
        assert_eq!(holiday(HolidayPart::Is, 20, &days), 1.0);
    }
}
