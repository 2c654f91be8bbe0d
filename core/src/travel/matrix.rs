//! A square table of integers.

use std::sync::Arc;

/// A square table, row-major: rows are origins, columns destinations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    size: usize,
    /// Shared between copies of a problem.
    values: Arc<[i32]>,
}

/// Values that do not form a travel matrix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MatrixError {
    /// The number of values is not the square of the size.
    #[error("a matrix of {size} locations needs {size} × {size} values, but {found} were given")]
    Shape {
        /// Number of rows and columns.
        size: usize,
        /// Number of values given.
        found: usize,
    },
    /// A value lies outside 0 ..= [`MAX_VALUE`](crate::units::MAX_VALUE).
    #[error(
        "entry [{row}][{column}] is {value}: it must lie in 0 ..= 1073741823; rescale, or use UNREACHABLE for an unreachable pair"
    )]
    Range {
        /// Row of the value.
        row: usize,
        /// Column of the value.
        column: usize,
        /// The value.
        value: i64,
    },
}

impl Matrix {
    /// A matrix of `size` rows from row-major `values`. [`UNREACHABLE`](crate::travel::UNREACHABLE) marks an
    /// unreachable pair.
    ///
    /// ```
    /// use milkrun::travel::Matrix;
    /// let matrix = Matrix::new(2, vec![0, 5, 7, 0]).unwrap();
    /// assert_eq!(matrix.get(0, 1), 5);
    /// assert!(Matrix::new(2, vec![0, 5, -7, 0]).is_err());
    /// ```
    pub fn new(size: usize, values: Vec<i64>) -> Result<Self, MatrixError> {
        if size.checked_mul(size) != Some(values.len()) {
            return Err(MatrixError::Shape { size, found: values.len() });
        }
        if let Some(i) = values.iter().position(|&v| !(0..=crate::units::MAX_VALUE).contains(&v)) {
            return Err(MatrixError::Range { row: i / size, column: i % size, value: values[i] });
        }
        Ok(Self { size, values: values.into_iter().map(|v| v as i32).collect() })
    }

    /// Number of rows and columns.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The value in `row` and `column`.
    ///
    /// # Panics
    ///
    /// If either is not below [`size`](Self::size).
    #[inline]
    pub fn get(&self, row: usize, column: usize) -> i64 {
        i64::from(self.values[row * self.size + column])
    }

    /// The largest value of a reachable pair.
    pub(crate) fn largest_reachable(&self) -> i64 {
        let values = self.values.iter().map(|&v| i64::from(v)).filter(|&v| v < crate::travel::UNREACHABLE);
        values.max().unwrap_or(0)
    }

    /// Whether the matrix equals its transpose.
    pub fn is_symmetric(&self) -> bool {
        (0..self.size).all(|i| (0..i).all(|j| self.get(i, j) == self.get(j, i)))
    }
}
