//! A row of a table as a file: all that is known from one point.
//!
//! Numbers are little-endian. The magic word with the version (8 bytes), the hash of the source's identity (32), the origin
//! (9), the number of cells (4); for each cell, in order of destinations, the destination (9), metres (4) and seconds (4);
//! the hash of all that (32).

use std::fmt::Write as _;

use milkrun::travel::{Approach, SourcePoint, UNREACHABLE};
use sha2::{Digest as _, Sha256};

/// A new version of the format gets a new number, and files of older ones count as damaged.
const MAGIC: &[u8; 8] = b"MILKROW1";
const KEY: usize = 9;
const CELL: usize = KEY + 8;
const HASH: usize = 32;
const HEAD: usize = MAGIC.len() + HASH + KEY + 4;

pub(super) type Hash = [u8; HASH];

/// A point as the cache recognises it: millionths of a degree, and the side of the street.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct PointKey([u8; KEY]);

impl PointKey {
    /// The key of a point whose coordinates were checked.
    pub(super) fn of(point: &SourcePoint) -> Self {
        let millionths = |degrees: f64| ((degrees * 1e6).round() as i32).to_le_bytes();
        let mut key = [0; KEY];
        key[..4].copy_from_slice(&millionths(point.coord.x));
        key[4..8].copy_from_slice(&millionths(point.coord.y));
        key[8] = match point.approach {
            Approach::Any => 0,
            Approach::Curb => 1,
        };
        Self(key)
    }
}

/// What is known from one point to another; both numbers are `UNREACHABLE` where there is no path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) to: PointKey,
    pub(super) metres: i32,
    pub(super) seconds: i32,
}

/// Cells from one point, in order of their destinations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row(Vec<Cell>);

impl Row {
    pub(super) fn get(&self, to: PointKey) -> Option<Cell> {
        self.0.binary_search_by_key(&to, |cell| cell.to).ok().map(|at| self.0[at])
    }

    /// Adds cells, in place of older ones to the same destinations.
    pub(super) fn merge(&mut self, newer: Vec<Cell>) {
        let older = std::mem::replace(&mut self.0, newer);
        self.0.extend(older);
        // The sort is stable: of two cells, the newer one comes first and stays.
        self.0.sort_by_key(|cell| cell.to);
        self.0.dedup_by_key(|cell| cell.to);
    }

    pub(super) fn encode(&self, identity: &Hash, from: PointKey) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD + self.0.len() * CELL + HASH);
        bytes.extend(MAGIC);
        bytes.extend(identity);
        bytes.extend(from.0);
        bytes.extend((self.0.len() as u32).to_le_bytes());
        for cell in &self.0 {
            bytes.extend(cell.to.0);
            bytes.extend(cell.metres.to_le_bytes());
            bytes.extend(cell.seconds.to_le_bytes());
        }
        bytes.extend(hash(&[&bytes]));
        bytes
    }

    /// The row, if the bytes are one of this source and this origin, whole and unchanged.
    pub(super) fn decode(bytes: &[u8], identity: &Hash, from: PointKey) -> Option<Self> {
        let (content, sum) = bytes.split_last_chunk::<HASH>()?;
        let (head, cells) = content.split_at_checked(HEAD)?;
        let (start, count) = head.split_last_chunk::<4>()?;
        let is_ours = start == [&MAGIC[..], identity, &from.0].concat();
        let is_whole = cells.len() == (u32::from_le_bytes(*count) as usize).checked_mul(CELL)?;
        if !is_ours || !is_whole || *sum != hash(&[content]) {
            return None;
        }
        let mut row = Vec::with_capacity(cells.len() / CELL);
        for cell in cells.as_chunks::<CELL>().0 {
            let (key, numbers) = cell.split_first_chunk::<KEY>()?;
            let (metres, seconds) = numbers.split_first_chunk::<4>()?;
            let number =
                |bytes: [u8; 4]| Some(i32::from_le_bytes(bytes)).filter(|&n| (0..=UNREACHABLE).contains(&n.into()));
            row.push(Cell { to: PointKey(*key), metres: number(*metres)?, seconds: number(seconds.try_into().ok()?)? });
        }
        row.is_sorted_by(|a, b| a.to < b.to).then_some(Self(row))
    }
}

/// Where the row of a source from a point is, within the cache's folder.
pub(super) fn file(identity: &Hash, from: PointKey) -> String {
    let [first, rest @ ..] = hash(&[identity, &from.0]);
    let mut path = format!("{first:02x}/");
    for byte in rest {
        let _ = write!(path, "{byte:02x}");
    }
    path + ".row"
}

/// The hash of some bytes.
pub(super) fn hash(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(longitude: f64) -> PointKey {
        PointKey::of(&SourcePoint::new(longitude, -29.9))
    }

    fn row() -> Row {
        let mut row = Row::default();
        let cell = |x: i32| Cell { to: key(f64::from(x)), metres: x * 10, seconds: UNREACHABLE as i32 };
        row.merge((0..100).rev().map(cell).collect());
        row
    }

    #[test]
    fn points_are_told_apart_by_a_millionth_of_a_degree_and_by_the_side() {
        assert_eq!(key(1.000_000_4), key(1.0));
        assert_ne!(key(1.000_000_6), key(1.0));
        assert_ne!(PointKey::of(&SourcePoint::new(1.0, -29.9).approach(Approach::Curb)), key(1.0));
        assert_ne!(PointKey::of(&SourcePoint::new(-180.0, 90.0)), PointKey::of(&SourcePoint::new(180.0, 90.0)));
    }

    #[test]
    fn a_row_is_read_as_it_was_written_and_newer_cells_replace_older_ones() {
        let mut row = row();
        row.merge(vec![
            Cell { to: key(7.0), metres: 1, seconds: 2 },
            Cell { to: key(200.0 - 100.5), metres: 3, seconds: 4 },
        ]);
        let bytes = row.encode(&[7; 32], key(0.5));
        let read = Row::decode(&bytes, &[7; 32], key(0.5)).unwrap();
        assert_eq!(read, row);
        assert_eq!(read.get(key(7.0)).map(|cell| (cell.metres, cell.seconds)), Some((1, 2)));
        assert_eq!(read.get(key(8.0)).map(|cell| cell.metres), Some(80));
        assert_eq!(read.get(key(99.5)).map(|cell| cell.metres), Some(3));
        assert_eq!(read.get(key(98.5)), None);
    }

    #[test]
    fn every_damage_is_noticed() {
        let bytes = row().encode(&[7; 32], key(0.5));
        assert!(Row::decode(&bytes, &[8; 32], key(0.5)).is_none() && Row::decode(&bytes, &[7; 32], key(0.6)).is_none());
        for length in 0..bytes.len() {
            assert!(Row::decode(&bytes[..length], &[7; 32], key(0.5)).is_none(), "{length} bytes");
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x10;
            assert!(Row::decode(&damaged, &[7; 32], key(0.5)).is_none(), "byte {at}");
        }
        assert!(Row::decode(&[bytes, vec![0]].concat(), &[7; 32], key(0.5)).is_none());
    }

    #[test]
    fn numbers_out_of_range_are_refused_though_the_checksum_holds() {
        for (metres, seconds) in [(-1, 0), (0, i32::MAX)] {
            let mut row = Row::default();
            row.merge(vec![Cell { to: key(1.0), metres, seconds }]);
            assert!(Row::decode(&row.encode(&[7; 32], key(0.5)), &[7; 32], key(0.5)).is_none());
        }
    }
}
