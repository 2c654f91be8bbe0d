//! Dates, whichever part stands first.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Cell;
use crate::fault::{Wrong, wrong};

/// Which part of `03/04/2026` stands first.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// The day: 3 April.
    Dmy,
    /// The month: 4 March.
    Mdy,
}

/// What the dates of a table show of the order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Orders {
    day_first: bool,
    month_first: bool,
}

impl Orders {
    pub(crate) fn see(&mut self, text: &str) {
        for word in text.split(|c: char| c.is_whitespace() || ",;()".contains(c)) {
            if let Some((a, b, _)) = parts(word) {
                self.day_first |= a > 12 && b <= 12;
                self.month_first |= b > 12 && a <= 12;
            }
        }
    }

    /// The order that all dates agree on.
    pub(crate) fn only(self) -> Option<DateOrder> {
        match (self.day_first, self.month_first) {
            (true, false) => Some(DateOrder::Dmy),
            (false, true) => Some(DateOrder::Mdy),
            _ => None,
        }
    }
}

/// `2026-12-03`, nothing more.
pub(crate) fn is_iso(text: &str) -> bool {
    iso(text).is_some()
}

fn iso(text: &str) -> Option<Date> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    if shape { text.parse().ok() } else { None }
}

/// The numbers of `03/04/2026`, `3-4-26`: two of at most two digits, and a year.
fn parts(text: &str) -> Option<(i8, i8, i16)> {
    let numbers: Vec<&str> = text.split(['/', '-']).collect();
    numbers_of(&numbers)
}

fn numbers_of(numbers: &[&str]) -> Option<(i8, i8, i16)> {
    let [a, b, year] = numbers else { return None };
    let digits = |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(a, 2) || !digits(b, 2) || !digits(year, 4) || ![2, 4].contains(&year.len()) {
        return None;
    }
    let years: i16 = year.parse().ok()?;
    Some((a.parse().ok()?, b.parse().ok()?, if year.len() == 2 { 2000 + years } else { years }))
}

/// Whether a word is a date, in whatever order.
pub(crate) fn is_date(word: &str) -> bool {
    is_iso(word) || parts(word).is_some() || dotted(word).is_some()
}

/// The numbers of `3.12.2026`, which always has the day first.
fn dotted(text: &str) -> Option<(i8, i8, i16)> {
    numbers_of(&text.split('.').collect::<Vec<_>>())
}

/// The date that a word says.
pub(crate) fn of_text(text: &str, order: Option<DateOrder>) -> Result<Date, Wrong> {
    const REMEDY: &str = "write it as 2026-12-03";
    let day = text.split_once(['T', ' ']).map_or(text, |(date, _)| date);
    let no_day = || wrong("is no date", REMEDY);
    if let Some(date) = iso(day) {
        return Ok(date);
    }
    if let Some((day, month, year)) = dotted(day) {
        return Date::new(year, month, day).map_err(|_| no_day());
    }
    let (a, b, year) = parts(day).ok_or_else(no_day)?;
    let (day_first, month_first) = (Date::new(year, b, a).ok(), Date::new(year, a, b).ok());
    match (day_first, month_first, order) {
        (Some(date), _, Some(DateOrder::Dmy))
        | (_, Some(date), Some(DateOrder::Mdy))
        | (Some(date), None, None)
        | (None, Some(date), None) => Ok(date),
        (Some(one), Some(other), None) if one == other => Ok(one),
        (Some(one), Some(other), None) => {
            let message = format!("may be {one} or {other}, and no other date of the table tells which");
            Err(wrong(message, "say --date-order dmy or --date-order mdy, or write it as 2026-12-03"))
        }
        (Some(_), None, Some(_)) | (None, Some(_), Some(_)) => {
            Err(wrong("does not fit the order of the other dates", "write all dates in one order, or as 2026-12-03"))
        }
        (None, None, _) => Err(no_day()),
    }
}

/// The date that a cell says.
pub(crate) fn of_cell(cell: &Cell<'_>, order: Option<DateOrder>) -> Result<Date, Wrong> {
    match cell {
        Cell::Text(text) => of_text(text, order),
        Cell::Moment(days) => of_serial(days.floor()).ok_or_else(|| wrong("is no date", "write it as 2026-12-03")),
        Cell::Number(days) if days.fract() == 0.0 && (20_000.0..80_000.0).contains(days) => {
            of_serial(*days).ok_or_else(|| wrong("is no date", "write it as 2026-12-03"))
        }
        _ => Err(wrong("is no date", "write it as 2026-12-03")),
    }
}

/// The date of a workbook's day: day 1 is the first of 1900, and there is a 29 February 1900, which never was.
pub(crate) fn of_serial(days: f64) -> Option<Date> {
    if !(61.0..3_000_000.0).contains(&days) {
        return None;
    }
    let first = Date::new(1899, 12, 30).ok()?;
    first.checked_add(jiff::Span::new().try_days(days as i64).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, order: Option<DateOrder>) -> Result<String, String> {
        of_text(text, order).map(|date| date.to_string()).map_err(|fault| fault.message)
    }

    #[test]
    fn dates_that_leave_no_doubt() {
        for text in ["2026-12-03", "3.12.2026", "03.12.26", "2026-12-03T07:30", "2026-12-03 07:30"] {
            assert_eq!(read(text, None).as_deref(), Ok("2026-12-03"), "{text}");
            assert_eq!(read(text, Some(DateOrder::Mdy)).as_deref(), Ok("2026-12-03"), "{text}");
        }
        for text in ["23/12/2026", "12/23/2026", "23-12-26"] {
            assert_eq!(read(text, None).as_deref(), Ok("2026-12-23"), "{text}");
        }
        assert_eq!(read("04/04/2026", None).as_deref(), Ok("2026-04-04"));
    }

    #[test]
    fn in_doubt_the_other_dates_decide() {
        assert!(read("03/04/2026", None).unwrap_err().starts_with("may be 2026-04-03 or 2026-03-04"));
        assert_eq!(read("03/04/2026", Some(DateOrder::Dmy)).as_deref(), Ok("2026-04-03"));
        assert_eq!(read("03/04/2026", Some(DateOrder::Mdy)).as_deref(), Ok("2026-03-04"));
        assert!(read("23/12/2026", Some(DateOrder::Mdy)).unwrap_err().contains("order of the other dates"));
        let mut orders = Orders::default();
        orders.see("03/04/2026, 04/05/2026");
        assert_eq!(orders.only(), None);
        orders.see("every 2nd week from 24/12/2026");
        assert_eq!(orders.only(), Some(DateOrder::Dmy));
        orders.see("12/24/2026");
        assert_eq!(orders.only(), None, "they disagree");
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "x",
            "2026-13-01",
            "31.02.2026",
            "30/30/2026",
            "3.12.",
            "1/2",
            "1/2/3/4",
            "1.2.202",
            "99999-01-01",
            "2026-1-1",
        ] {
            assert!(of_text(text, None).is_err(), "{text}");
        }
        for cell in [Cell::Number(7.5), Cell::Number(7.0), Cell::Moment(f64::NAN), Cell::Moment(1e300), Cell::Empty] {
            assert!(of_cell(&cell, None).is_err(), "{cell:?}");
        }
        assert_eq!(of_cell(&Cell::Moment(46_359.25), None).unwrap().to_string(), "2026-12-03");
        assert_eq!(of_cell(&Cell::Number(46_359.0), None).unwrap().to_string(), "2026-12-03");
    }
}
