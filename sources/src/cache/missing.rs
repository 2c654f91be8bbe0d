//! Which cells are missing, in rectangles.

use std::collections::{BTreeMap, HashMap};

use milkrun::travel::{SourcePoint, TravelBlock};

use super::row::PointKey;

/// Points of which no two are the same to the cache.
pub(super) struct Unique {
    pub(super) keys: Vec<PointKey>,
    /// The first point of each key, by its index.
    pub(super) points: Vec<usize>,
    /// For each of the original points, which of the keys it has.
    of: Vec<usize>,
}

impl Unique {
    pub(super) fn new(all: &[SourcePoint], indices: &[usize]) -> Self {
        let mut unique = Self { keys: Vec::new(), points: Vec::new(), of: Vec::with_capacity(indices.len()) };
        let mut places = HashMap::new();
        for &index in indices {
            let key = PointKey::of(&all[index]);
            let place = *places.entry(key).or_insert_with(|| {
                unique.keys.push(key);
                unique.points.push(index);
                unique.keys.len() - 1
            });
            unique.of.push(place);
        }
        unique
    }
}

/// The block among the original points.
pub(super) fn expanded(whole: &TravelBlock, origins: &Unique, destinations: &Unique) -> TravelBlock {
    let mut block = TravelBlock::new(origins.of.len(), destinations.of.len());
    for (row, &i) in origins.of.iter().enumerate() {
        for (column, &j) in destinations.of.iter().enumerate() {
            let cell = whole.get(i, j).map(|(distance, duration)| (distance as f64, duration as f64));
            let set = block.set(row, column, cell);
            debug_assert_eq!(set, Ok(()), "what a block gives, a block takes");
        }
    }
    block
}

/// Rows that lack the same columns.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) rows: Vec<usize>,
    pub(super) columns: Vec<usize>,
}

impl Group {
    pub(super) fn cells(&self) -> u64 {
        self.rows.len() as u64 * self.columns.len() as u64
    }
}

/// Puts rows together that lack the same columns. A row that lacks all but the cell to its own point lacks that, too:
/// the rows of a new table then make one rectangle, which costs less than a request for each row.
pub(super) fn groups(origins: &[PointKey], destinations: &[PointKey], missing: Vec<Vec<usize>>) -> Vec<Group> {
    let all: Vec<usize> = (0..destinations.len()).collect();
    let mut groups: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
    for (row, lacks) in missing.into_iter().enumerate().filter(|(_, lacks)| !lacks.is_empty()) {
        let is_new = lacks.len() + usize::from(destinations.contains(&origins[row])) == all.len();
        groups.entry(if is_new { all.clone() } else { lacks }).or_default().push(row);
    }
    groups.into_iter().map(|(columns, rows)| Group { rows, columns }).collect()
}
