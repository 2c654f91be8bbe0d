//! Systems of linear equations whose matrix is symmetric and positive definite.

use ndarray::{Array1, Array2, ArrayView1, s};

/// The lower triangle `L` of a matrix `A = L Lᵀ`.
pub(super) struct Cholesky(Array2<f64>);

impl Cholesky {
    /// Factors a symmetric matrix, of which the lower triangle is read. Nothing if it is not positive definite.
    pub(super) fn new(mut a: Array2<f64>) -> Option<Self> {
        for column in 0..a.ncols() {
            for row in column..a.nrows() {
                let (above, here) = (a.slice(s![column, ..column]), a.slice(s![row, ..column]));
                let rest = a[[row, column]] - above.dot(&here);
                a[[row, column]] = if row > column {
                    rest / a[[column, column]]
                } else if rest > 0.0 {
                    rest.sqrt()
                } else {
                    return None;
                };
            }
        }
        Some(Self(a))
    }

    /// The solution `y` of `L y = b`.
    pub(super) fn solve_lower(&self, b: ArrayView1<'_, f64>) -> Array1<f64> {
        let mut y = b.to_owned();
        for row in 0..y.len() {
            let known = self.0.slice(s![row, ..row]).dot(&y.slice(s![..row]));
            y[row] = (y[row] - known) / self.0[[row, row]];
        }
        y
    }

    /// The solution `x` of `A x = b`.
    pub(super) fn solve(&self, b: ArrayView1<'_, f64>) -> Array1<f64> {
        let mut x = self.solve_lower(b);
        for row in (0..x.len()).rev() {
            let known = self.0.slice(s![row + 1.., row]).dot(&x.slice(s![row + 1..]));
            x[row] = (x[row] - known) / self.0[[row, row]];
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn a_system_by_hand() {
        // L = [[2, 0], [1, 3]]
        let factor = Cholesky::new(array![[4.0, 2.0], [2.0, 10.0]]).unwrap();
        assert_eq!(factor.solve_lower(array![2.0, 7.0].view()), array![1.0, 2.0]);
        assert_eq!(factor.solve(array![8.0, 22.0].view()), array![1.0, 2.0]);
    }

    #[test]
    fn the_solution_solves_the_system() {
        let rows = Array2::from_shape_fn((9, 6), |(r, c)| ((r * 7 + c * 13 + r * c) % 11) as f64 - 5.0);
        let a = rows.t().dot(&rows) + Array2::<f64>::eye(6) * 0.1;
        let b = Array1::from_shape_fn(6, |i| i as f64 - 2.0);
        let x = Cholesky::new(a.clone()).unwrap().solve(b.view());
        assert!((a.dot(&x) - b).iter().all(|rest| rest.abs() < 1e-9), "{x}");
    }

    #[test]
    fn what_is_not_positive_definite_has_no_factor() {
        assert!(Cholesky::new(array![[1.0, 2.0], [2.0, 1.0]]).is_none());
        assert!(Cholesky::new(array![[f64::NAN]]).is_none());
    }
}
