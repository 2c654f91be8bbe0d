//! Parts of tables, whole tables, and the travel of a problem made of them.

use super::{PointProblem, SourceError, SourcePoint};
use crate::travel::{Matrix, MatrixError, ProfileMatrices, Travel, UNREACHABLE};
use crate::units::{Distance, Duration};

/// A part of a table: rows are origins, columns destinations, in the order of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TravelBlock {
    rows: usize,
    columns: usize,
    /// Metres and seconds, row-major.
    cells: Vec<(i32, i32)>,
}

impl TravelBlock {
    /// A block in which no pair has a path.
    pub fn new(rows: usize, columns: usize) -> Self {
        let none = (UNREACHABLE as i32, UNREACHABLE as i32);
        Self { rows, columns, cells: vec![none; rows * columns] }
    }

    /// Number of origins.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of destinations.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Metres and seconds of a cell, or `None` where there is no path.
    ///
    /// # Panics
    ///
    /// If `row` or `column` is too large.
    pub fn get(&self, row: usize, column: usize) -> Option<(Distance, Duration)> {
        let (distance, duration) = self.cells[self.at(row, column)];
        (i64::from(distance) != UNREACHABLE).then(|| (i64::from(distance), i64::from(duration)))
    }

    /// Sets metres and seconds of a cell, which are rounded to the nearest integer, halves up. `None`: there is no path.
    ///
    /// # Errors
    ///
    /// The value, if it is negative, not a number, or beyond what a [`Matrix`] holds. Then the cell stays as it was.
    ///
    /// # Panics
    ///
    /// If `row` or `column` is too large.
    pub fn set(&mut self, row: usize, column: usize, cell: Option<(f64, f64)>) -> Result<(), f64> {
        let at = self.at(row, column);
        self.cells[at] = match cell {
            None => (UNREACHABLE as i32, UNREACHABLE as i32),
            Some((distance, duration)) => (rounded(distance)?, rounded(duration)?),
        };
        Ok(())
    }

    /// Copies a block into this one, so that its rows and columns come to lie at these.
    ///
    /// # Panics
    ///
    /// If the block reaches beyond this one.
    pub fn paste(&mut self, row: usize, column: usize, block: &Self) {
        for (i, cells) in block.cells.chunks_exact(block.columns.max(1)).enumerate() {
            let at = self.at(row + i, column);
            self.cells[at..at + block.columns].copy_from_slice(cells);
        }
    }

    /// The square table; from each point to itself, distance and duration are zero.
    ///
    /// # Errors
    ///
    /// If the block is not square.
    pub fn into_table(self) -> Result<TravelTable, MatrixError> {
        let size = self.rows;
        if self.columns != size {
            return Err(MatrixError::Shape { size, found: self.cells.len() });
        }
        let column = |of: fn(&(i32, i32)) -> i32| {
            let value = |(i, cell): (usize, &(i32, i32))| if i % (size + 1) == 0 { 0 } else { i64::from(of(cell)) };
            Matrix::new(size, self.cells.iter().enumerate().map(value).collect())
        };
        Ok(TravelTable { distance: column(|cell| cell.0)?, duration: column(|cell| cell.1)? })
    }

    fn at(&self, row: usize, column: usize) -> usize {
        assert!(row < self.rows && column < self.columns, "cell [{row}][{column}] of {} × {}", self.rows, self.columns);
        row * self.columns + column
    }
}

fn rounded(value: f64) -> Result<i32, f64> {
    let nearest = value.round();
    if nearest >= 0.0 && nearest < UNREACHABLE as f64 { Ok(nearest as i32) } else { Err(value) }
}

/// Metres and seconds among points, along the same paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TravelTable {
    /// Metres.
    pub distance: Matrix,
    /// Seconds.
    pub duration: Matrix,
}

impl TravelTable {
    /// The pairs without a path, row by row.
    pub fn unreachable(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let size = self.distance.size();
        let pairs = (0..size).flat_map(move |i| (0..size).map(move |j| (i, j)));
        pairs.filter(|&(i, j)| self.distance.get(i, j) >= UNREACHABLE)
    }

    /// Points from which no other can be reached, or that can be reached from no other.
    pub fn isolated(&self) -> Vec<usize> {
        let size = self.distance.size();
        let is_open = |i: usize, j: usize| i != j && self.distance.get(i, j) < UNREACHABLE;
        let is_isolated = |&i: &usize| !(0..size).any(|j| is_open(i, j)) || !(0..size).any(|j| is_open(j, i));
        if size < 2 { Vec::new() } else { (0..size).filter(is_isolated).collect() }
    }

    /// An error that names all isolated points, if there is any.
    pub fn check_connected(&self, source: &str, points: &[SourcePoint]) -> Result<(), SourceError> {
        let isolated = self.isolated().into_iter().map(|index| (index, PointProblem::Isolated));
        SourceError::of_points(source, points, isolated)
    }
}

/// Tables of several profiles that are not of one size.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the tables of profiles have {} points: all must have the points of the problem's locations, and one is needed",
    sizes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
)]
pub struct UnequalTables {
    /// The sizes in order of the profiles.
    pub sizes: Vec<usize>,
}

impl Travel {
    /// Travel by tables, one for each profile in the order of [`ProfileId`](crate::ProfileId)s.
    ///
    /// # Errors
    ///
    /// If there is no table, or if they have different sizes.
    ///
    /// ```
    /// use milkrun::travel::{Matrix, Travel, TravelTable};
    /// let distance = Matrix::new(2, vec![0, 500, 700, 0]).unwrap();
    /// let duration = Matrix::new(2, vec![0, 50, 70, 0]).unwrap();
    /// let car = TravelTable { distance: distance.clone(), duration };
    /// let walking = TravelTable { distance: distance.clone(), duration: distance };
    /// assert_eq!(Travel::from_tables([car, walking]).unwrap().num_profiles(), 2);
    /// assert!(Travel::from_tables([]).is_err());
    /// ```
    pub fn from_tables(tables: impl IntoIterator<Item = TravelTable>) -> Result<Self, UnequalTables> {
        let tables: Vec<TravelTable> = tables.into_iter().collect();
        let sizes: Vec<usize> = tables.iter().flat_map(|t| [t.distance.size(), t.duration.size()]).collect();
        if sizes.first().is_none_or(|first| sizes.iter().any(|size| size != first)) {
            return Err(UnequalTables { sizes: sizes.into_iter().step_by(2).collect() });
        }
        let matrices = |t: TravelTable| ProfileMatrices { distance: t.distance, duration: Some(t.duration) };
        Ok(Self::Matrices(tables.into_iter().map(matrices).collect()))
    }
}
