//! Numbers, whichever mark stands before their decimals.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Cell;
use crate::fault::{Wrong, wrong};

/// The mark before decimals.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DecimalMark {
    /// `1.5`.
    Point,
    /// `1,5`.
    Comma,
}

/// What the numbers of a column show of the mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    point: bool,
    comma: bool,
}

impl Marks {
    pub(crate) fn see(&mut self, cell: &Cell<'_>) {
        if let Cell::Text(text) = cell {
            match mark_of(split_unit(text).0) {
                Some(DecimalMark::Point) => self.point = true,
                Some(DecimalMark::Comma) => self.comma = true,
                None => {}
            }
        }
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self { point: self.point || other.point, comma: self.comma || other.comma }
    }

    /// The mark that all numbers agree on.
    pub(crate) fn only(self) -> Option<DecimalMark> {
        match (self.point, self.comma) {
            (true, false) => Some(DecimalMark::Point),
            (false, true) => Some(DecimalMark::Comma),
            _ => None,
        }
    }
}

const EXAMPLES: &str = "write a number such as 120, 1.5 or 1,5";

/// A number and the unit behind it, if any.
pub(crate) fn quantity<'c>(cell: &'c Cell<'_>, mark: Option<DecimalMark>) -> Result<(f64, &'c str), Wrong> {
    match cell {
        Cell::Number(number) if number.is_finite() => Ok((*number, "")),
        Cell::Text(text) => {
            let (number, unit) = split_unit(text);
            Ok((parse(number, mark)?, unit))
        }
        _ => Err(wrong("is no number", EXAMPLES)),
    }
}

/// A number without a unit.
pub(crate) fn plain(cell: &Cell<'_>, mark: Option<DecimalMark>) -> Result<f64, Wrong> {
    match quantity(cell, mark)? {
        (number, "") => Ok(number),
        (_, unit) => Err(wrong(format!("{unit:?} behind the number means nothing here"), "write the number alone")),
    }
}

/// The digits of a text, and what stands behind them. Money may stand before them.
fn split_unit(text: &str) -> (&str, &str) {
    let text = text.trim_start_matches(['€', '$', '£']).trim();
    let is_digit = |c: char| c.is_ascii_digit() || ".,'’ \u{a0}\u{202f}\u{2009}+-−".contains(c);
    let end = text.find(|c| !is_digit(c)).unwrap_or(text.len());
    (text[..end].trim(), text[end..].trim())
}

/// The decimal mark of a number that leaves no doubt.
fn mark_of(number: &str) -> Option<DecimalMark> {
    let of = |c| if c == ',' { DecimalMark::Comma } else { DecimalMark::Point };
    let mut marks = number.char_indices().filter(|(_, c)| ".,".contains(*c));
    let (at, first) = marks.next()?;
    match marks.next_back() {
        // 1.234,5 and 1,234.5.
        Some((_, last)) if last != first => Some(of(last)),
        // 1.234.567: the other one is for decimals.
        Some(_) => Some(if first == ',' { DecimalMark::Point } else { DecimalMark::Comma }),
        None if is_thousands(&number[..at], &number[at + 1..]) => None,
        None => Some(of(first)),
    }
}

/// Whether a mark between these digits may be one for thousands.
fn is_thousands(before: &str, after: &str) -> bool {
    let before = before.trim_start_matches(['+', '-', '−']);
    (1..=3).contains(&before.len()) && !before.starts_with('0') && after.len() == 3
}

fn parse(number: &str, mark: Option<DecimalMark>) -> Result<f64, Wrong> {
    let no_number = || wrong("is no number", EXAMPLES);
    let mark = match mark_of(number) {
        Some(mark) => mark,
        None if !number.contains(['.', ',']) => DecimalMark::Point,
        None => mark.ok_or_else(|| {
            let both = number.replace(['.', ','], "");
            let fraction = number.replace(',', ".");
            let message = format!("may be {both} or {fraction}, and no other number of the table tells which");
            wrong(message, "say --decimal point or --decimal comma")
        })?,
    };
    let (decimal, thousands) = if mark == DecimalMark::Point { ('.', ',') } else { (',', '.') };
    let (whole, fraction) = number.split_once(decimal).unwrap_or((number, ""));
    let sign = if whole.starts_with(['-', '−']) { "-" } else { "" };
    let whole = whole.strip_prefix(['+', '-', '−']).unwrap_or(whole);
    let is_separator = |c: char| c == thousands || "'’ \u{a0}\u{202f}\u{2009}".contains(c);
    let groups: Vec<&str> = whole.split(is_separator).collect();
    let well_grouped = match groups[..] {
        [_] => true,
        [first, ref rest @ ..] => (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3),
        [] => false,
    };
    let digits: String = groups.concat();
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let written = !(digits.is_empty() && fraction.is_empty());
    if !well_grouped || !written || !all_digits(&digits) || !all_digits(fraction) {
        return Err(no_number());
    }
    let value: f64 = format!("{sign}{digits}.{fraction}0").parse().map_err(|_| no_number())?;
    if value.is_finite() { Ok(value) } else { Err(no_number()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, mark: Option<DecimalMark>) -> Option<f64> {
        plain(&Cell::text(text), mark).ok()
    }

    #[test]
    fn numbers_that_leave_no_doubt() {
        let table = [
            ("7", 7.0),
            ("120", 120.0),
            ("1.5", 1.5),
            ("1,5", 1.5),
            ("-1,5", -1.5),
            ("−3", -3.0),
            ("+3", 3.0),
            ("0.125", 0.125),
            ("0,125", 0.125),
            (".5", 0.5),
            (",5", 0.5),
            ("5.", 5.0),
            ("1.234,5", 1234.5),
            ("1,234.5", 1234.5),
            ("1.234.567", 1_234_567.0),
            ("1,234,567", 1_234_567.0),
            ("1 234", 1234.0),
            ("1\u{202f}234,50", 1234.5),
            ("1'234.5", 1234.5),
            ("1234.567", 1234.567),
            ("52,43187", 52.43187),
            ("€ 3,50", 3.5),
        ];
        for (text, value) in table {
            assert_eq!(read(text, None), Some(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in
            ["", "x", "1,23,4", "1.2.3,4.5", "1..2", "--1", "1-2", "12 34", "1e5", "NaN", "inf", ".", ",", "1,5 l", "½"]
        {
            assert_eq!(read(text, None), None, "{text}");
        }
    }

    #[test]
    fn in_doubt_the_other_numbers_decide() {
        let error = plain(&Cell::text("1.100"), None).unwrap_err();
        assert_eq!(error.message, "may be 1100 or 1.100, and no other number of the table tells which");
        assert_eq!(read("1.100", Some(DecimalMark::Comma)), Some(1100.0));
        assert_eq!(read("1.100", Some(DecimalMark::Point)), Some(1.1));
        let mut marks = Marks::default();
        for text in ["7", "1.100", ""] {
            marks.see(&Cell::text(text));
        }
        assert_eq!(marks.only(), None);
        marks.see(&Cell::text("2,5 t"));
        assert_eq!(marks.only(), Some(DecimalMark::Comma));
        marks.see(&Cell::text("2.5"));
        assert_eq!(marks.only(), None, "they disagree");
    }

    #[test]
    fn units_stand_behind() {
        let unit = |text: &'static str| quantity(&Cell::text(text), None).map(|(n, unit)| (n, unit.to_owned())).ok();
        assert_eq!(unit("120 l"), Some((120.0, "l".to_owned())));
        assert_eq!(unit("7,5t"), Some((7.5, "t".to_owned())));
        assert_eq!(unit("20 m³"), Some((20.0, "m³".to_owned())));
        assert_eq!(unit("l 20"), None);
    }
}
