//! Rows numbered from zero, as in Solomon's and Li & Lim's formats.

use crate::io::fault::Faults;
use crate::io::quantity::Place;
use crate::io::{FaultKind, text};

/// The maximum number of vehicles of a file.
pub(super) const MAX_VEHICLES: usize = 1_000_000;

/// A row without its number.
#[derive(Clone, Copy, Debug)]
pub(super) struct NumberedRow<const N: usize> {
    pub(super) place: Place<'static>,
    pub(super) columns: [f64; N],
}

/// All rows of the remaining lines, in the order of their numbers, which run from 0 without gaps. Needs a depot and at
/// least one more row. Faulty rows are omitted.
pub(super) fn read<'a, const N: usize>(
    lines: impl Iterator<Item = (usize, &'a [u8])>,
    section: &'static str,
    what: &'static str,
    faults: &mut Faults,
) -> Vec<NumberedRow<N>> {
    let mut found: Vec<(f64, NumberedRow<N>)> = Vec::new();
    let mut values = Vec::with_capacity(N + 1);
    let mut faulty = false;
    for (line, content) in lines {
        let place = Place { line, section };
        values.clear();
        place.numbers(faults, content, &mut values);
        if let (Some(&number), Ok(columns)) = (values.first(), values.get(1..).unwrap_or_default().try_into()) {
            found.push((number, NumberedRow { place, columns }));
        } else {
            let kind = FaultKind::RowLength { expected: N + 1, found: values.len() };
            place.fault(faults, text::shown(content), kind);
            faulty = true;
        }
    }
    if faulty {
        return Vec::new();
    }
    let count = found.len();
    if count < 2 {
        let kind = if count == 0 { FaultKind::NoDepot } else { FaultKind::NoClient };
        faults.push(None, section, "", kind);
        return Vec::new();
    }
    let mut rows: Vec<Option<NumberedRow<N>>> = vec![None; count];
    for (number, row) in found {
        let Some(index) = row.place.index(faults, number, what, 0, count - 1) else { continue };
        match rows[index] {
            Some(first) => {
                let kind = FaultKind::DuplicateRow { what, first_line: first.place.line };
                row.place.fault(faults, text::show_number(number), kind);
            }
            None => rows[index] = Some(row),
        }
    }
    rows.into_iter().flatten().collect()
}
