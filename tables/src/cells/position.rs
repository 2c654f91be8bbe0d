//! Where things are: latitude and longitude in one cell.

use super::Cell;
use super::number::DecimalMark;
use super::number::plain;
use crate::fault::{Wrong, wrong};

/// Which of two numbers in a cell stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum First {
    Latitude,
    Longitude,
}

const EXAMPLES: &str = "write latitude and longitude in degrees, such as 52.43187, 5.47301";

/// Longitude and latitude.
pub(crate) type LonLat = (f64, f64);

/// The position that a cell says; without letters, `first` says which number stands first.
pub(crate) fn of_cell(cell: &Cell<'_>, first: First) -> Result<LonLat, Wrong> {
    let Cell::Text(text) = cell else { return Err(wrong("is no position", EXAMPLES)) };
    let upper = text.to_uppercase();
    if let Some(inner) = upper.strip_prefix("POINT").and_then(|rest| rest.trim().strip_prefix('(')?.strip_suffix(')')) {
        let (lon, lat) =
            inner.trim().split_once(char::is_whitespace).ok_or_else(|| wrong("is no position", EXAMPLES))?;
        return checked(number(lon)?, number(lat)?);
    }
    let (a, b) = halves(&upper).ok_or_else(|| wrong("is no position", EXAMPLES))?;
    let ((a, kind_a), (b, kind_b)) = (angle(a)?, angle(b)?);
    let swapped = match (kind_a, kind_b) {
        (None, None) => first == First::Longitude,
        (Some(First::Latitude), Some(First::Longitude)) => false,
        (Some(First::Longitude), Some(First::Latitude)) => true,
        _ => return Err(wrong("is no position: one of the two has no letter, or both have the same", EXAMPLES)),
    };
    if swapped { checked(a, b) } else { checked(b, a) }
}

/// A degree in a column of its own.
pub(crate) fn degrees(cell: &Cell<'_>, most: f64) -> Result<f64, Wrong> {
    let value = match cell {
        Cell::Number(number) => *number,
        Cell::Text(text) => angle(&text.to_uppercase())?.0,
        _ => f64::NAN,
    };
    in_range(value, most)
}

fn in_range(value: f64, most: f64) -> Result<f64, Wrong> {
    if value.abs() <= most {
        return Ok(value);
    }
    let message = format!("does not lie in -{most} to {most} degrees");
    Err(wrong(message, "check the decimal mark, and whether latitude and longitude are swapped"))
}

fn checked(lon: f64, lat: f64) -> Result<LonLat, Wrong> {
    Ok((in_range(lon, 180.0)?, in_range(lat, 90.0)?))
}

/// The two halves of a text: at a semicolon, between letters, at a comma with spaces, at the only comma, or at spaces.
fn halves(text: &str) -> Option<(&str, &str)> {
    let split = |at: usize, width: usize| Some((text[..at].trim(), text[at + width..].trim()));
    for mark in [";", "|", "/", ", "] {
        if let Some(at) = text.find(mark) {
            return split(at, mark.len());
        }
    }
    let commas: Vec<usize> = text.match_indices(',').map(|(at, _)| at).collect();
    match commas[..] {
        // 52,43,5,47: the second of three stands between.
        [_, middle, _] => return split(middle, 1),
        [only] if text.contains('.') || !text.contains(' ') => return split(only, 1),
        _ => {}
    }
    // A letter behind the first number ends it: 52°25'N 5°27'E.
    let letters: Vec<usize> = text.match_indices(|c: char| "NSEWO".contains(c)).map(|(at, _)| at).collect();
    if let [first, second] = letters[..] {
        return split(if first == 0 { second } else { first + 1 }, 0);
    }
    let spaces: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
    if let [only] = spaces[..] { split(only, 1) } else { None }
}

fn number(text: &str) -> Result<f64, Wrong> {
    // A single mark is one for decimals: no coordinate has thousands of degrees.
    let mark = if text.contains(',') { DecimalMark::Comma } else { DecimalMark::Point };
    plain(&Cell::text(text), Some(mark)).map_err(|_| wrong("is no position", EXAMPLES))
}

/// Degrees, with or without minutes and seconds, and what a letter says of them.
fn angle(text: &str) -> Result<(f64, Option<First>), Wrong> {
    let is_letter = |c: char| "NSEWO".contains(c);
    let letter = text.chars().find(|&c| is_letter(c));
    let digits = text.trim().trim_matches(|c: char| is_letter(c) || c.is_whitespace());
    let parts: Vec<&str> =
        digits.split(['°', '\'', '′', '’', '"', '″', '”']).map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() || parts.len() > 3 {
        return Err(wrong("is no position", EXAMPLES));
    }
    let mut value = 0.0;
    let is_negative = parts[0].starts_with(['-', '−']);
    for (part, unit) in parts.iter().zip([1.0, 60.0, 3_600.0]) {
        let part = number(part)?.abs();
        if unit > 1.0 && part >= 60.0 {
            return Err(wrong("is no position: minutes and seconds end before 60", EXAMPLES));
        }
        value += part / unit;
    }
    let (kind, sign) = match letter {
        Some('N') => (Some(First::Latitude), 1.0),
        Some('S') => (Some(First::Latitude), -1.0),
        Some('E' | 'O') => (Some(First::Longitude), 1.0),
        Some('W') => (Some(First::Longitude), -1.0),
        _ => (None, 1.0),
    };
    Ok((if is_negative { -value } else { value } * sign, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<LonLat> {
        of_cell(&Cell::text(text), First::Latitude).ok()
    }

    #[test]
    fn positions_as_people_write_them() {
        let here = Some((5.5, 52.25));
        for text in [
            "52.25, 5.5",
            "52.25,5.5",
            "52,25; 5,5",
            "52,25,5,5",
            "52,25, 5,5",
            "52.25 5.5",
            "52,25 5,5",
            "N 52.25 E 5.5",
            "52.25N, 5.5E",
            "5.5 E, 52.25 N",
            "52°15'N 5°30'E",
            "52°15'00\"N, 5°30'00\"E",
            "POINT(5.5 52.25)",
            "point (5.5 52.25)",
            "52.25 / 5.5",
            "52.25|5.5",
            "5.5 O; 52.25 N",
        ] {
            assert_eq!(read(text), here, "{text}");
        }
        assert_eq!(of_cell(&Cell::text("5.5, 52.25"), First::Longitude), Ok((5.5, 52.25)));
        assert_eq!(read("-33.9, 151.2"), Some((151.2, -33.9)));
        assert_eq!(read("33.9S 70.5W"), Some((-70.5, -33.9)));
        assert_eq!(degrees(&Cell::text("9,123"), 90.0), Ok(9.123));
        assert_eq!(degrees(&Cell::Number(-9.5), 90.0), Ok(-9.5));
    }

    #[test]
    fn what_is_no_position() {
        for text in [
            "",
            "x",
            "52.25",
            "52.25, x",
            "95, 5",
            "5, 195",
            "1,2,3,4,5",
            "52.25N 5.5N",
            "52.25N, 5.5",
            "52°75'N 5°30'E",
            "POINT(5.5)",
            "POINT(",
            "1.2.3, 4",
            "N, E",
            "52°1'2\"3N, 5E",
            "É, É",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert!(degrees(&Cell::Number(f64::NAN), 90.0).is_err());
        assert!(degrees(&Cell::Moment(3.0), 90.0).is_err());
        assert!(degrees(&Cell::text("100"), 90.0).unwrap_err().remedy.contains("swapped"));
    }
}
