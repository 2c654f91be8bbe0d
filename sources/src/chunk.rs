//! Tables in parts that a source answers at once.

use std::collections::HashSet;
use std::ops::Range;

use milkrun::travel::{SourceError, SourceLimits, SourceProgress, TableRequest, TravelBlock};

use crate::budget::ElementBudget;

/// A part of a table: some of its rows and some of its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chunk {
    pub(crate) rows: Range<usize>,
    pub(crate) columns: Range<usize>,
}

/// Most rows and columns of a part, so that there are as few parts as possible; of these, the smallest.
pub(crate) fn shape(origins: &[usize], destinations: &[usize], limits: &SourceLimits) -> (usize, usize) {
    let (rows, columns) = (origins.len(), destinations.len());
    let no_more = |limit: Option<usize>| limit.unwrap_or(usize::MAX).max(1);
    let [most_rows, most_columns, cells] = [limits.origins, limits.destinations, limits.cells].map(no_more);
    // Two points make the smallest table.
    let points = no_more(limits.points).max(2);
    let fits = rows <= most_rows && columns <= most_columns && rows.saturating_mul(columns) <= cells;
    if fits && distinct(origins, destinations) <= points {
        return (rows.max(1), columns.max(1));
    }
    let most_rows = most_rows.min(rows).min(cells).min(points - 1).max(1);
    let height = |width: usize, length: usize| length.div_ceil(width);
    let shapes = (1..=most_rows).map(|row| (row, most_columns.min(columns).min(cells / row).min(points - row).max(1)));
    let best = shapes.min_by_key(|&(a, b)| (height(a, rows).saturating_mul(height(b, columns)), a * b));
    best.unwrap_or((1, 1))
}

/// How many points a request names.
fn distinct(origins: &[usize], destinations: &[usize]) -> usize {
    origins.iter().chain(destinations).collect::<HashSet<_>>().len()
}

/// The parts of a table, row by row.
pub(crate) fn chunks(request: &TableRequest<'_>, limits: &SourceLimits) -> Vec<Chunk> {
    let (a, b) = shape(request.origins, request.destinations, limits);
    let ranges = |length: usize, step: usize| {
        (0..length).step_by(step).map(move |start| start..(start + step).min(length)).collect::<Vec<_>>()
    };
    let columns = ranges(request.destinations.len(), b);
    let row =
        |rows: Range<usize>| columns.iter().map(move |columns| Chunk { rows: rows.clone(), columns: columns.clone() });
    ranges(request.origins.len(), a).into_iter().flat_map(row).collect()
}

/// Asks for a table in parts, within limits and a budget, and puts the answers together.
pub(crate) fn stitched(
    source: &str,
    request: &TableRequest<'_>,
    limits: &SourceLimits,
    budget: Option<&ElementBudget>,
    mut ask: impl FnMut(&TableRequest<'_>) -> Result<TravelBlock, SourceError>,
) -> Result<TravelBlock, SourceError> {
    request.check(source)?;
    let total = request.cells();
    let mut reservation = budget.map(|budget| budget.reserve(source, total)).transpose()?;
    let mut whole = TravelBlock::new(request.origins.len(), request.destinations.len());
    let mut done = 0;
    for Chunk { rows, columns } in chunks(request, limits) {
        request.run.check(source)?;
        let (origins, destinations) = (&request.origins[rows.clone()], &request.destinations[columns.clone()]);
        let part = TableRequest { origins, destinations, ..*request };
        if let Some(reservation) = &mut reservation {
            reservation.spend(part.cells());
        }
        let block = if is_trivial(&part) { zero() } else { ask(&part)? };
        whole.paste(rows.start, columns.start, &block);
        done += part.cells();
        (request.run.progress)(SourceProgress { done, total });
    }
    Ok(whole)
}

/// Whether a part is only the cell from a point to itself, which some services refuse to answer.
fn is_trivial(request: &TableRequest<'_>) -> bool {
    request.origins.len() == 1 && request.origins == request.destinations
}

fn zero() -> TravelBlock {
    let mut block = TravelBlock::new(1, 1);
    let set = block.set(0, 0, Some((0.0, 0.0)));
    debug_assert_eq!(set, Ok(()), "zero is within range");
    block
}
