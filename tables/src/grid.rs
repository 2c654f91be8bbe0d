//! Tables as rows of cells, whether they come from a CSV file, from a workbook or from features on a map.

use std::path::Path;

use crate::cells::Cell;
use crate::encoding;
use crate::fault::{Faults, Wrong, wrong};
use crate::features;
use crate::workbook;

/// A file by its name and its content.
#[derive(Clone, Debug)]
pub struct Input {
    /// What messages call it; its ending tells what it is.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Input {
    /// A file by its name and its content.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }
}

/// Most cells that a row is read to have.
const WIDEST: usize = 1_024;

/// The rows of a table, in order.
#[derive(Debug)]
pub(crate) enum Rows {
    /// A text with a character between cells.
    Text { text: String, separator: u8 },
    /// The cells of a sheet or of features, and the number of each row.
    Sheet(Vec<(u64, Vec<Cell<'static>>)>),
}

/// A table: a CSV file, one sheet of a workbook, or the features of one kind.
#[derive(Debug)]
pub(crate) struct Table {
    /// What messages call it: `bins.csv`, `book.xlsx, sheet Bins`.
    pub(crate) name: String,
    /// The words that may tell what it is: those of the sheet's or of the file's name.
    pub(crate) title: String,
    /// How it was understood: encoding and separator.
    pub(crate) form: String,
    pub(crate) numbered: Numbered,
    pub(crate) rows: Rows,
}

/// How the rows of a table are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbered {
    /// By the numbers that editors show.
    Rows,
    /// As features, from 0; the headings come before them.
    Features,
}

impl Numbered {
    /// `row 12`, or `features[11]`.
    pub(crate) fn shown(self, number: u64) -> String {
        match self {
            Self::Rows => format!("row {number}"),
            Self::Features => format!("features[{}]", number.saturating_sub(1)),
        }
    }
}

/// A row of a table: its number, as editors count, and its cells.
pub(crate) type Row<'r, 'c> = (u64, &'r [Cell<'c>]);

impl Table {
    /// Passes each row that is not empty to a function, until that has enough.
    pub(crate) fn each(&self, mut enough: impl FnMut(Row<'_, '_>) -> bool) -> Result<(), Wrong> {
        match &self.rows {
            Rows::Sheet(rows) => {
                let mut used = rows.iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
                used.find(|(number, cells)| enough((*number, cells)));
            }
            Rows::Text { text, separator } => {
                let mut reader = csv::ReaderBuilder::new();
                let mut reader =
                    reader.delimiter(*separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
                let mut record = csv::StringRecord::new();
                let (mut passed, mut number) = (0, 1);
                while reader
                    .read_record(&mut record)
                    .map_err(|error| wrong(error.to_string(), "save the file as CSV"))?
                {
                    // Records begin behind the empty lines before them, and all lines count.
                    let start =
                        record.position().map_or(0, |position| position.byte() as usize).clamp(passed, text.len());
                    let blank = text.as_bytes()[start..].iter().take_while(|byte| **byte == b'\n').count();
                    number += text.get(passed..start + blank).map_or(0, |lines| lines.matches('\n').count()) as u64;
                    passed = start + blank;
                    let cells: Vec<Cell<'_>> = record.iter().take(WIDEST).map(Cell::text).collect();
                    if cells.iter().any(|cell| !cell.is_empty()) && enough((number, &cells)) {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The tables of all files; what cannot be read is a fault.
pub(crate) fn tables(
    inputs: &[Input],
    separator: Option<char>,
    encoding: Option<&str>,
    faults: &mut Faults,
) -> Vec<Table> {
    let mut tables = Vec::new();
    for Input { name, bytes } in inputs {
        let ending = Path::new(name).extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let title = Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if bytes.starts_with(b"PK\x03\x04") || ["xlsx", "xlsm", "ods"].contains(&ending.as_str()) {
            match workbook::sheets(bytes) {
                Ok(sheets) => tables.extend(sheets.into_iter().map(|(sheet, rows)| Table {
                    name: format!("{name}, sheet {sheet}"),
                    title: sheet,
                    form: "a sheet of a workbook".to_owned(),
                    numbered: Numbered::Rows,
                    rows: Rows::Sheet(rows),
                })),
                Err(fault) => faults.push(name, "", fault),
            }
            continue;
        }
        if ending == "geojson" {
            tables.extend(features::tables(name, bytes, faults));
            continue;
        }
        match text_table(name, title, bytes, separator, encoding) {
            Ok(table) => tables.push(table),
            Err(fault) => faults.push(name, "", fault),
        }
    }
    tables
}

/// The table of a file that is a text, whatever its name says.
pub(crate) fn text_file(input: &Input) -> Result<Table, Wrong> {
    text_table(&input.name, String::new(), &input.bytes, None, None)
}

fn text_table(
    name: &str,
    title: String,
    bytes: &[u8],
    separator: Option<char>,
    encoding: Option<&str>,
) -> Result<Table, Wrong> {
    let (text, encoding) = encoding::text(bytes, encoding)?;
    let separator = match separator {
        Some(c) if c.is_ascii() && !c.is_alphanumeric() && !"\"\r\n".contains(c) => c as u8,
        Some(c) => return Err(wrong(format!("{c:?} separates no cells"), "give one of ; , | and tab")),
        None => separator_of(&text),
    };
    let shown = if separator == b'\t' { "tabs".to_owned() } else { format!("`{}`", separator as char) };
    let form = format!("{encoding}; cells are separated by {shown}");
    // One kind of line end, of three that there are.
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.into_owned() };
    Ok(Table { name: name.to_owned(), title, form, numbered: Numbered::Rows, rows: Rows::Text { text, separator } })
}

/// The character that splits the first rows into the most cells, and into equally many.
fn separator_of(text: &str) -> u8 {
    // Bytes: a letter may stand across the end.
    let start = &text.as_bytes()[..text.len().min(20_000)];
    let counts = |separator: u8| -> Vec<usize> {
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.delimiter(separator).has_headers(false).flexible(true).from_reader(start);
        reader.into_byte_records().take(20).filter_map(Result::ok).map(|record| record.len()).collect()
    };
    let score = |separator: &u8| {
        let counts = counts(*separator);
        let (usual, rows) = (counts.iter().copied().max().unwrap_or(1), counts.len().max(1));
        let alike = counts.iter().filter(|&&count| count == usual).count();
        if usual < 2 { 0 } else { 1_000 * alike / rows + usual.min(50) }
    };
    // Of equal scores the last wins: commas stand in cells more often than the others.
    [b',', b'|', b'\t', b';'].into_iter().max_by_key(score).filter(|best| score(best) > 0).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> (String, Vec<Vec<String>>) {
        let mut faults = Faults::default();
        let tables = tables(&[Input::new("a.csv", text)], None, None, &mut faults);
        let mut rows = Vec::new();
        let read = tables[0].each(|(_, cells)| {
            rows.push(cells.iter().map(|cell| cell.shown().into_owned()).collect());
            false
        });
        assert!(read.is_ok());
        (tables[0].form.clone(), rows)
    }

    #[test]
    fn letters_across_the_end_of_what_is_looked_at() {
        for before in 0..4 {
            let text = format!("{};b\n{}", "a".repeat(before), "\u{227b}".repeat(8_000));
            assert_eq!(separator_of(&text), b';', "{before} letters before");
        }
    }

    #[test]
    fn separators_are_told_apart() {
        for (text, shown) in [
            ("a;b\n1,5;2\n", "`;`"),
            ("a,b\n\"1;2\",2\n", "`,`"),
            ("a\tb\n1,5\t2;3\n", "tabs"),
            ("a|b\n1,5|2\n", "`|`"),
            ("a\n1\n", "`,`"),
            ("Name;Zeiten;Tage\nx;6-10, 14-16;Mo, Do, Fr\ny;6-10, 14-16;Mo, Do, Fr\n", "`;`"),
        ] {
            let (form, rows) = one(text);
            assert!(form.ends_with(shown), "{text}: {form}");
            assert_eq!(rows[0][0], text[..text.find([';', ',', '\t', '|', '\n']).unwrap()]);
        }
    }

    #[test]
    fn rows_have_the_numbers_that_editors_show() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "\"x", "y\",1", " , ", "", "z,2", ""].join(end);
            let tables = tables(&[Input::new("a.csv", text)], None, None, &mut Faults::default());
            let mut numbers = Vec::new();
            let read = tables[0].each(|(number, _)| {
                numbers.push(number);
                false
            });
            assert!(read.is_ok());
            assert_eq!(numbers, [1, 3, 7], "{end:?}");
        }
    }

    #[test]
    fn quotes_empty_rows_and_ragged_rows() {
        let (_, rows) = one("a,b\r\n\r\n\"x, \"\"y\"\"\nz\",2\n , \n1,2,3\n");
        assert_eq!(rows, [vec!["a", "b"], vec!["x, \"y\"\nz", "2"], vec!["1", "2", "3"]]);
    }
}
