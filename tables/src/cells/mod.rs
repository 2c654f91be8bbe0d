//! What a cell says: numbers, times, windows, dates, rules of days, positions.

pub(crate) mod date;
pub(crate) mod duration;
pub(crate) mod number;
pub(crate) mod position;
pub(crate) mod rule;
pub(crate) mod time;
pub(crate) mod weekday;
pub(crate) mod window;

use std::borrow::Cow;

/// The value of a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    /// Nothing, or only spaces.
    Empty,
    /// A text, without spaces around it.
    Text(Cow<'a, str>),
    /// A number of a workbook.
    Number(f64),
    /// A date or a time of a workbook: days since the last day of 1899.
    Moment(f64),
}

impl<'a> Cell<'a> {
    pub(crate) fn text(text: &'a str) -> Self {
        let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if text.is_empty() { Self::Empty } else { Self::Text(Cow::Borrowed(text)) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// The value as people would write it.
    pub(crate) fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Moment(days) => Cow::Owned(moment(*days)),
        }
    }
}

/// A moment of a workbook as text: a date, a time of day, or both.
fn moment(days: f64) -> String {
    let seconds = ((days - days.floor()) * 86_400.0).round() as i64;
    let time = format!("{:02}:{:02}", seconds / 3_600, seconds % 3_600 / 60);
    match date::of_serial(days.floor()) {
        _ if days.abs() < 1.0 => time,
        Some(date) if seconds == 0 => date.to_string(),
        Some(date) => format!("{date} {time}"),
        None => days.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_shown_as_people_write_them() {
        assert_eq!(moment(0.3125), "07:30");
        assert_eq!(moment(46_359.0), "2026-12-03");
        assert_eq!(moment(46_359.5), "2026-12-03 12:00");
        assert_eq!(moment(1e300), 1e300.to_string());
        assert_eq!(Cell::text(" \u{a0}"), Cell::Empty);
    }
}
