//! Lengths of time, in seconds.

use super::number::{DecimalMark, quantity};
use super::{Cell, time};
use crate::fault::{Wrong, wrong};
use crate::vocabulary::key;

const EXAMPLES: &str = "write a length of time such as 5 min, 90 s or 1.5 h";

/// What one of a unit of time has in seconds.
pub(crate) fn unit(word: &str) -> Option<f64> {
    match key(word).as_str() {
        "s" | "sec" | "secs" | "sek" | "second" | "seconds" | "sekunden" | "secondes" | "segundos" | "secondi" => {
            Some(1.0)
        }
        "m" | "min" | "mins" | "minute" | "minutes" | "minuten" | "minuto" | "minutos" | "minuti" | "minuut" => {
            Some(60.0)
        }
        "h" | "hr" | "hrs" | "hour" | "hours" | "std" | "stunde" | "stunden" | "heure" | "heures" | "hora"
        | "horas" | "ora" | "ore" | "uur" => Some(3_600.0),
        _ => None,
    }
}

/// The length that a cell says; a bare number counts in `bare` seconds.
pub(crate) fn of_cell(cell: &Cell<'_>, mark: Option<DecimalMark>, bare: f64) -> Result<i64, Wrong> {
    let seconds = match cell {
        Cell::Moment(days) => days * 86_400.0,
        Cell::Text(text) if text.contains(':') => return clock(text),
        Cell::Text(text) if text.starts_with("PT") => return iso(text),
        _ => match quantity(cell, mark)? {
            (number, "") => number * bare,
            (number, word) => number * unit(word).ok_or_else(|| wrong("has an unknown unit", EXAMPLES))?,
        },
    };
    if !(0.0..=86_400.0).contains(&seconds) {
        return Err(wrong("is no length of time within a day", EXAMPLES));
    }
    Ok(seconds.round() as i64)
}

/// Whether a cell is a number whose unit the column must tell.
pub(crate) fn is_bare(cell: &Cell<'_>, mark: Option<DecimalMark>) -> Option<f64> {
    match (cell, quantity(cell, mark)) {
        (Cell::Moment(_), _) => None,
        (_, Ok((number, ""))) => Some(number),
        _ => None,
    }
}

/// `0:05` is five minutes; `5:00` may be minutes, too.
fn clock(text: &str) -> Result<i64, Wrong> {
    let seconds = time::of_text(text)?;
    if seconds >= 3_600 && text.split(':').count() == 2 {
        return Err(wrong("may be hours and minutes or minutes and seconds", EXAMPLES));
    }
    Ok(seconds)
}

/// `PT7H30M`, as `OpenDocument` writes times.
pub(crate) fn iso(text: &str) -> Result<i64, Wrong> {
    let no_length = || wrong("is no length of time within a day", EXAMPLES);
    let span: jiff::SignedDuration = text.parse().map_err(|_| no_length())?;
    let seconds = span.as_secs();
    if (0..=86_400).contains(&seconds) { Ok(seconds) } else { Err(no_length()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_as_people_write_them() {
        let table = [
            ("5 min", 300),
            ("5min", 300),
            ("90 s", 90),
            ("90 sec", 90),
            ("1,5 h", 5_400),
            ("1.5 Std", 5_400),
            ("0:05", 300),
            ("00:05:30", 330),
            ("01:00:00", 3_600),
            ("PT5M", 300),
            ("5", 300),
            ("2,5", 150),
            ("0", 0),
            ("12 Minuten", 720),
        ];
        for (text, seconds) in table {
            assert_eq!(of_cell(&Cell::text(text), None, 60.0), Ok(seconds), "{text}");
        }
        assert_eq!(of_cell(&Cell::Number(90.0), None, 1.0), Ok(90));
        assert_eq!(of_cell(&Cell::Moment(1.0 / 288.0), None, 60.0), Ok(300));
    }

    #[test]
    fn what_is_no_length() {
        for text in ["", "x", "5 kg", "-5 min", "25 h", "5:00", "0:5", "1:2:3:4", "PT", "PT99H", "P1Y", "PTx"] {
            assert!(of_cell(&Cell::text(text), None, 60.0).is_err(), "{text}");
        }
        for cell in [Cell::Number(f64::NAN), Cell::Number(-1.0), Cell::Moment(2.0), Cell::Empty] {
            assert!(of_cell(&cell, None, 60.0).is_err(), "{cell:?}");
        }
        assert_eq!(is_bare(&Cell::text("5"), None), Some(5.0));
        assert_eq!(is_bare(&Cell::text("5 min"), None), None);
    }
}
