//! Tables as rows of texts, for programs that know themselves what their columns are for: with the encodings, separators,
//! decimal marks and headings that people use.

use std::borrow::Cow;

use crate::cells::number::{DecimalMark, Marks, quantity};
use crate::cells::{Cell, time};
use crate::columns::meaning;
use crate::fault::TablesError;
use crate::grid::{Input, Table, text_file};
use crate::options::Role;

/// A table from a text file. Its rows are passed one by one, and none is kept.
///
/// ```
/// use milkrun_tables::{Input, Sheet};
///
/// let sheet = Sheet::read(&Input::new("bins.csv", &b"code;Gr\xf6\xdfe\nb1;1,5\n"[..])).unwrap();
/// assert!(sheet.form().contains("windows-1252") && sheet.form().contains("`;`"));
/// let mut rows = Vec::new();
/// sheet.each(|row, cells| { rows.push((row, cells.join("|"))); true }).unwrap();
/// assert_eq!(rows, [(1, "code|Größe".to_owned()), (2, "b1|1,5".to_owned())]);
/// assert_eq!(sheet.number("1,5"), Ok((1.5, "")));
/// ```
#[derive(Debug)]
pub struct Sheet {
    table: Table,
    mark: Option<DecimalMark>,
}

impl Sheet {
    /// Reads a text file: which encoding it has, what separates its cells, and which mark stands before decimals.
    pub fn read(input: &Input) -> Result<Self, TablesError> {
        let table = text_file(input).map_err(|fault| TablesError::of(&input.name, fault))?;
        let mut sheet = Self { table, mark: None };
        let mut marks = Marks::default();
        sheet.pass(|_, cells| {
            for cell in cells {
                marks.see(cell);
            }
            true
        })?;
        sheet.mark = marks.only();
        Ok(sheet)
    }

    /// How it was understood: encoding and separator.
    pub fn form(&self) -> &str {
        &self.table.form
    }

    /// Passes each row that is not empty, with its number as editors count, until the function says that it has enough by
    /// `false`. Cells have no spaces around them.
    pub fn each(&self, mut take: impl FnMut(u64, &[Cow<'_, str>]) -> bool) -> Result<(), TablesError> {
        self.pass(|number, cells| {
            let texts: Vec<Cow<'_, str>> = cells.iter().map(Cell::shown).collect();
            take(number, &texts)
        })
    }

    fn pass(&self, mut take: impl FnMut(u64, &[Cell<'_>]) -> bool) -> Result<(), TablesError> {
        let read = self.table.each(|(number, cells)| !take(number, cells));
        read.map_err(|fault| TablesError::of(&self.table.name, fault))
    }

    /// The number that a cell says, and the unit behind it, if any; whichever mark stands before its decimals.
    ///
    /// # Errors
    ///
    /// Why it says none: it is none, or may be two.
    pub fn number<'c>(&self, text: &'c str) -> Result<(f64, &'c str), String> {
        let cell = Cell::Text(Cow::Borrowed(text));
        let (number, unit) = quantity(&cell, self.mark).map_err(|fault| fault.message)?;
        // The unit is the end of what was given.
        let whole = text.trim_end();
        Ok((number, whole.get(whole.len() - unit.len()..).unwrap_or_default()))
    }
}

/// The time of day that a text says, in seconds after midnight: `7:30`, `7h30`, `7:30 pm`.
///
/// # Errors
///
/// Why it says none.
pub fn time_of_day(text: &str) -> Result<i64, String> {
    time::of_text(text).map_err(|fault| fault.message)
}

/// What a heading means in a table of this kind, in any of the six languages, and the unit that it gives, if any:
/// `Breitengrad` is the latitude, `Nutzlast (t)` the capacity in tonnes. `None`: nothing that is known.
pub fn heading(role: Role, text: &str) -> Option<(&'static str, String)> {
    meaning(role, text).map(|(field, unit, _)| (field, unit.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_by_the_mark_of_the_whole_table() {
        let sheet = |text: &str| Sheet::read(&Input::new("a.csv", text)).unwrap();
        let commas = sheet("a;b\n4,9;1.234\n");
        assert_eq!(commas.number("1.234"), Ok((1_234.0, "")));
        assert_eq!(commas.number(" 7,5 t "), Ok((7.5, "t")));
        assert!(sheet("a\n1\n").number("1.234").unwrap_err().contains("may be 1234 or 1.234"));
        assert!(commas.number("x").is_err());
        assert_eq!(time_of_day("7:30"), Ok(27_000));
        assert!(time_of_day("seven").is_err());
    }

    #[test]
    fn headings_are_known_in_six_languages() {
        let of = |role, text: &str| heading(role, text).map(|(field, unit)| format!("{field} {unit}"));
        for text in ["Latitude", "Breitengrad", "latitud", "latitudine", "breedtegraad", "LAT"] {
            assert_eq!(of(Role::Bins, text).as_deref(), Some("latitude "), "{text}");
        }
        assert_eq!(of(Role::Trucks, "Nutzlast (t)").as_deref(), Some("capacity t"));
        assert_eq!(of(Role::Bins, "PLZ"), None);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let refused = Sheet::read(&Input::new("a.csv", &b"PK\x03\x04\0\0"[..])).unwrap_err();
        assert_eq!(refused.issues.len(), 1, "{refused}");
        let empty = Sheet::read(&Input::new("a.csv", "")).unwrap();
        empty.each(|_, _| panic!("there is no row")).unwrap();
    }
}
