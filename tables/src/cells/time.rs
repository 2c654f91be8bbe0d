//! Times of day, in seconds since midnight.

use super::Cell;
use crate::fault::{Wrong, wrong};
use crate::vocabulary::Vocabulary;

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

const EXAMPLES: &str = "write a time of day such as 07:30";

/// Half of the day, where it is said.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Half {
    Morning,
    Afternoon,
}

/// The time of day that a cell says; 24:00 is the end of the day.
pub(crate) fn of_cell(cell: &Cell<'_>) -> Result<i64, Wrong> {
    match cell {
        Cell::Text(text) => of_text(text),
        Cell::Moment(days) if days.is_finite() => {
            if (*days - 1.0).abs() < 1e-9 {
                return Ok(DAY);
            }
            Ok(((days - days.floor()) * 86_400.0).round() as i64)
        }
        Cell::Number(number) if (0.0..1.0).contains(number) => Ok((number * 86_400.0).round() as i64),
        Cell::Number(number) if number.fract() == 0.0 && (1.0..=2400.0).contains(number) => {
            of_text(&format!("{number:.0}"))
        }
        Cell::Number(number) if (1.0..24.0).contains(number) => {
            let minutes = ((number - number.floor()) * 100.0).round();
            let message = format!("may be {}:{minutes:02.0} or {number} hours", number.floor());
            Err(wrong(message, "format the column as text or as times, and write it as 07:30"))
        }
        _ => Err(wrong("is no time of day", EXAMPLES)),
    }
}

/// The time of day that a text says.
pub(crate) fn of_text(text: &str) -> Result<i64, Wrong> {
    match half(text) {
        (time, Some(half)) => in_half(time, half),
        (time, None) => around_the_clock(time),
    }
}

/// The text without `am` or `pm`, and which of them it has.
pub(crate) fn half(text: &str) -> (&str, Option<Half>) {
    let lower = text.to_ascii_lowercase();
    let endings = [("a.m.", Half::Morning), ("am", Half::Morning), ("p.m.", Half::Afternoon), ("pm", Half::Afternoon)];
    for (ending, half) in endings {
        if lower.ends_with(ending) {
            return (text[..text.len() - ending.len()].trim_end(), Some(half));
        }
    }
    (text, None)
}

/// A time of the morning or the afternoon: 12 am is midnight, 12 pm noon.
pub(crate) fn in_half(time: &str, half: Half) -> Result<i64, Wrong> {
    let seconds = around_the_clock(time)?;
    if !(3_600..13 * 3_600).contains(&seconds) {
        return Err(wrong("is no time of half a day", "write 7:30 am or 19:30"));
    }
    Ok(seconds % (DAY / 2) + if half == Half::Afternoon { DAY / 2 } else { 0 })
}

/// `7`, `7:30`, `7.30`, `7h30`, `07:30:15`, `0730`, `730`, `7 Uhr`, `2026-12-03T07:30`, and parts of a day such as `0.3125`.
fn around_the_clock(text: &str) -> Result<i64, Wrong> {
    let no_time = || wrong("is no time of day", EXAMPLES);
    let text = text.trim();
    if let Some((date, time)) = text.split_once(['T', ' '])
        && super::date::is_iso(date)
    {
        return around_the_clock(time.trim_end_matches('Z'));
    }
    let end = text.trim_end_matches(|c: char| c.is_alphabetic() || "'’ \u{a0}".contains(c)).len();
    let (digits, word) = (&text[..end], text[end..].trim());
    if !word.is_empty() && !Vocabulary::get().is("oclock", word) {
        return Err(no_time());
    }
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = digits.split([':', '.', 'h', 'H']).collect();
    if !parts.iter().all(|part| all_digits(part) && part.len() <= 6) {
        return Err(no_time());
    }
    let number = |part: &str| part.parse::<i64>().unwrap_or(i64::MAX);
    let (hours, minutes, seconds) = match parts[..] {
        [whole] if whole.len() <= 2 => (number(whole), 0, 0),
        [whole] if whole.len() <= 4 => (number(whole) / 100, number(whole) % 100, 0),
        ["0", part] if digits.contains('.') && part.len() >= 3 => {
            let days: f64 = digits.parse().unwrap_or(2.0);
            return Ok((days * 86_400.0).round() as i64);
        }
        [hours, minutes] if hours.len() <= 2 && minutes.len() == 2 => (number(hours), number(minutes), 0),
        [hours, minutes] if hours.len() <= 2 && minutes.len() == 1 => {
            let message = format!("may be {hours}:0{minutes} or {hours}:{minutes}0");
            return Err(wrong(message, "write both digits of the minutes"));
        }
        [hours, minutes, seconds] if hours.len() <= 2 && minutes.len() == 2 && seconds.len() == 2 => {
            (number(hours), number(minutes), number(seconds))
        }
        _ => return Err(no_time()),
    };
    if minutes > 59 || seconds > 59 || hours * 3_600 + minutes * 60 + seconds > DAY {
        return Err(no_time());
    }
    Ok(hours * 3_600 + minutes * 60 + seconds)
}

/// Seconds since midnight as `7:05`; hours beyond the day continue after 24.
pub(crate) fn shown(seconds: i64) -> String {
    format!("{:02}:{:02}", seconds.div_euclid(3_600), seconds.rem_euclid(3_600) / 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64, minutes: i64) -> i64 {
        hours * 3_600 + minutes * 60
    }

    #[test]
    fn times_as_people_write_them() {
        let table = [
            ("7", at(7, 0)),
            ("07:30", at(7, 30)),
            ("7:30", at(7, 30)),
            ("7.30", at(7, 30)),
            ("0730", at(7, 30)),
            ("730", at(7, 30)),
            ("7:30 am", at(7, 30)),
            ("7:30AM", at(7, 30)),
            ("7 pm", at(19, 0)),
            ("12 am", 0),
            ("12:15 a.m.", at(0, 15)),
            ("12 pm", at(12, 0)),
            ("7h30", at(7, 30)),
            ("7 h", at(7, 0)),
            ("7 Uhr", at(7, 0)),
            ("7:30 Uhr", at(7, 30)),
            ("07:30:15", at(7, 30) + 15),
            ("2026-12-03T07:30", at(7, 30)),
            ("2026-12-03 07:30:00", at(7, 30)),
            ("24:00", DAY),
            ("0", 0),
            ("00:00", 0),
            ("2400", DAY),
            ("0.3125", at(7, 30)),
        ];
        for (text, seconds) in table {
            assert_eq!(of_text(text), Ok(seconds), "{text}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "x",
            "25:00",
            "24:01",
            "7:60",
            "7:5",
            "7.5",
            "7:30:60",
            "13 pm",
            "0 am",
            "7,30",
            "-7:30",
            "7:30 xm",
            "07:300",
            "12345",
            "7::30",
            "2026-12-03",
            "am",
            "1.3125",
            "99999999999999999999",
        ] {
            assert!(of_text(text).is_err(), "{text}");
        }
        assert_eq!(of_text("7.5").unwrap_err().message, "may be 7:05 or 7:50");
    }

    #[test]
    fn cells_of_workbooks() {
        assert_eq!(of_cell(&Cell::Moment(0.3125)), Ok(at(7, 30)));
        assert_eq!(of_cell(&Cell::Moment(46_359.312_5)), Ok(at(7, 30)));
        assert_eq!(of_cell(&Cell::Moment(1.0)), Ok(DAY));
        assert_eq!(of_cell(&Cell::Number(0.3125)), Ok(at(7, 30)));
        assert_eq!(of_cell(&Cell::Number(7.0)), Ok(at(7, 0)));
        assert_eq!(of_cell(&Cell::Number(730.0)), Ok(at(7, 30)));
        assert_eq!(of_cell(&Cell::Number(7.3)).unwrap_err().message, "may be 7:30 or 7.3 hours");
        for cell in
            [Cell::Number(-1.0), Cell::Number(f64::NAN), Cell::Moment(f64::INFINITY), Cell::Empty, Cell::Number(1e300)]
        {
            assert!(of_cell(&cell).is_err(), "{cell:?}");
        }
    }
}
