//! Workbooks: .xlsx and .ods.

use std::borrow::Cow;
use std::io::{Cursor, Read as _};

use calamine::{Data, Ods, Reader as _, Xlsx};

use crate::cells::{Cell, duration};
use crate::fault::{Wrong, wrong};

/// Most bytes that the parts of a workbook may have when they are unpacked.
const LARGEST: u64 = 1 << 30;
/// Most cells of a sheet.
const MOST_CELLS: usize = 50_000_000;
/// Most columns of a sheet that are read.
const WIDEST: u32 = 1_024;

/// The rows of a sheet that have cells, with their numbers.
pub(crate) type SheetRows = Vec<(u64, Vec<Cell<'static>>)>;

/// The sheets of a workbook that have cells: names and rows.
pub(crate) fn sheets(bytes: &[u8]) -> Result<Vec<(String, SheetRows)>, Wrong> {
    let is_ods = measure(bytes)?;
    if is_ods { ods(bytes) } else { xlsx(bytes) }
}

fn unreadable(error: impl std::fmt::Display) -> Wrong {
    wrong(format!("is no workbook that can be read: {error}"), "save it again as .xlsx or .ods, or as CSV")
}

/// Unpacks all parts once to know how large they are, for a few bytes may stand for terabytes. Whether it is an `OpenDocument`.
fn measure(bytes: &[u8]) -> Result<bool, Wrong> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    let (mut left, mut is_ods) = (LARGEST, false);
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(unreadable)?;
        is_ods |= part.name().map_err(unreadable)? == "content.xml";
        let read = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(unreadable)?;
        left = left.checked_sub(read).ok_or_else(|| {
            wrong(
                format!("has more than {LARGEST} bytes when it is unpacked"),
                "leave out what is no table, or save tables as CSV",
            )
        })?;
    }
    Ok(is_ods)
}

/// Cell by cell, for a single cell in the last corner of a sheet must not cost a sheet of memory.
fn xlsx(bytes: &[u8]) -> Result<Vec<(String, SheetRows)>, Wrong> {
    let mut book: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|error: calamine::XlsxError| unreadable(error))?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        // A sheet of charts has no cells.
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else { continue };
        let mut rows: SheetRows = Vec::new();
        let mut count = 0;
        while let Some(cell) = cells.next_cell().map_err(unreadable)? {
            let (row, column) = cell.get_position();
            if column >= WIDEST {
                continue;
            }
            let value = of_data(cell.get_value().clone().into());
            if !value.is_empty() {
                count += put(&mut rows, u64::from(row) + 1, column as usize, value)?;
            }
            if count > MOST_CELLS {
                return Err(wrong(format!("has more than {MOST_CELLS} cells"), "split the sheet"));
            }
        }
        if !rows.is_empty() {
            sheets.push((name, rows));
        }
    }
    Ok(sheets)
}

/// Puts a cell where it belongs; how many cells were added.
fn put(rows: &mut SheetRows, number: u64, column: usize, value: Cell<'static>) -> Result<usize, Wrong> {
    match rows.last() {
        Some((last, _)) if *last > number => return Err(unreadable("its rows are not in order")),
        Some((last, _)) if *last == number => {}
        _ => rows.push((number, Vec::new())),
    }
    let Some((_, cells)) = rows.last_mut() else { return Ok(0) };
    let before = cells.len();
    if before <= column {
        cells.resize(column + 1, Cell::Empty);
    }
    cells[column] = value;
    Ok(cells.len() - before)
}

fn ods(bytes: &[u8]) -> Result<Vec<(String, SheetRows)>, Wrong> {
    let mut book: Ods<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|error: calamine::OdsError| unreadable(error))?;
    let mut sheets = Vec::new();
    for (name, range) in book.worksheets() {
        let Some((top, left)) = range.start() else { continue };
        let mut rows: SheetRows = Vec::new();
        for (number, cells) in (u64::from(top) + 1..).zip(range.rows()) {
            for (column, value) in cells.iter().enumerate() {
                let column = left as usize + column;
                let value = of_data(value.clone());
                if !value.is_empty() && column < WIDEST as usize {
                    put(&mut rows, number, column, value)?;
                }
            }
        }
        if !rows.is_empty() {
            sheets.push((name, rows));
        }
    }
    Ok(sheets)
}

fn of_data(data: Data) -> Cell<'static> {
    match data {
        Data::Int(number) => Cell::Number(number as f64),
        Data::Float(number) => Cell::Number(number),
        Data::String(text) | Data::DateTimeIso(text) => owned(&text),
        Data::Bool(value) => Cell::Text(Cow::Borrowed(if value { "true" } else { "false" })),
        Data::DateTime(moment) => Cell::Moment(moment.as_f64()),
        Data::DurationIso(text) => match duration::iso(&text) {
            Ok(seconds) => Cell::Moment(seconds as f64 / 86_400.0),
            Err(_) => owned(&text),
        },
        Data::Error(error) => Cell::Text(Cow::Owned(error.to_string())),
        Data::Empty => Cell::Empty,
    }
}

fn owned(text: &str) -> Cell<'static> {
    match Cell::text(text) {
        Cell::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
        _ => Cell::Empty,
    }
}
