//! Linear regression on features, with quantiles from leave-one-out errors.

use ndarray::{Array1, Array2, ArrayView2};

use super::cholesky::Cholesky;
use crate::forecast::fault::{Checks, ForecastError};
use crate::forecast::features::quantile_of_sorted;

/// How a [`Ridge`] is fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct RidgeParams {
    /// Candidate penalties, on columns of unit variance; the one with the smallest leave-one-out error is chosen.
    pub penalties: Vec<f64>,
    /// Minimum share of rows whose errors give the quantiles of a prediction: those with the nearest predictions.
    pub neighbourhood: f64,
}

impl Default for RidgeParams {
    fn default() -> Self {
        Self { penalties: vec![0.1, 1.0, 10.0, 100.0, 1000.0], neighbourhood: 0.1 }
    }
}

/// Least squares with a penalty on the weights. A missing feature counts as its mean.
///
/// Leave-one-out errors follow from one fit (the hat matrix); the quantiles of a prediction are those of such errors
/// among rows with similar predictions, so that they widen where the target scatters more. Hoerl and Kennard (1970),
/// [doi:10.1080/00401706.1970.10488634](https://doi.org/10.1080/00401706.1970.10488634).
///
/// ```
/// use milkrun::forecast::{Ridge, RidgeParams};
/// use ndarray::Array2;
///
/// let x = Array2::from_shape_fn((50, 1), |(row, _)| row as f64);
/// let y: Vec<f64> = (0..50).map(|row| 3.0 + 2.0 * row as f64).collect();
/// let ridge = Ridge::fit(x.view(), &y, &RidgeParams { penalties: vec![1e-6], neighbourhood: 0.1 }).unwrap();
/// let found = ridge.predict(Array2::from_elem((1, 1), 60.0).view()).unwrap();
/// assert!((found[0] - 123.0).abs() < 1e-3);
/// ```
#[derive(Clone, Debug)]
pub struct Ridge {
    means: Vec<f64>,
    scales: Vec<f64>,
    weights: Vec<f64>,
    intercept: f64,
    penalty: f64,
    /// Leave-one-out predictions with their errors, sorted by prediction.
    errors: Vec<(f64, f64)>,
    neighbourhood: f64,
}

impl Ridge {
    /// Fits weights to rows of features and their targets. Rows with a missing target are ignored.
    ///
    /// # Errors
    ///
    /// Unequal lengths, features that are infinite, fewer than ten rows, penalties that are not positive.
    pub fn fit(x: ArrayView2<'_, f64>, y: &[f64], params: &RidgeParams) -> Result<Self, ForecastError> {
        let mut checks = Checks::default();
        checks.length("y", y.len(), "x", x.nrows());
        check_finite(&mut checks, x);
        let rows: Vec<usize> = (0..y.len().min(x.nrows())).filter(|&row| y[row].is_finite()).collect();
        if rows.len() < 10 {
            checks.fault("y", rows.len(), "rows have a target, but ten are needed", "give more rows");
        }
        if params.penalties.is_empty() {
            checks.fault("penalties", "none", "there is nothing to choose from", "give at least one penalty");
        }
        for (i, &penalty) in params.penalties.iter().enumerate() {
            checks.positive(&format!("penalties[{i}]"), penalty);
        }
        checks.inside_unit("neighbourhood", params.neighbourhood);
        checks.finish()?;
        let (means, scales) = scaling(x, &rows);
        let design =
            Array2::from_shape_fn((rows.len(), x.ncols()), |(r, c)| standard(x[[rows[r], c]], means[c], scales[c]));
        let intercept = rows.iter().map(|&row| y[row]).sum::<f64>() / rows.len() as f64;
        let target: Array1<f64> = rows.iter().map(|&row| y[row] - intercept).collect();
        let fits = params.penalties.iter().filter_map(|&penalty| solve(&design, &target, penalty));
        let best = fits.min_by(|a, b| a.loss().total_cmp(&b.loss()));
        let Some(best) = best else {
            let mut checks = Checks::default();
            checks.fault("penalties", params.penalties[0], "is too small for these features", "give a larger penalty");
            return checks.finish().map(|()| Self::constant(intercept));
        };
        let mut errors: Vec<(f64, f64)> =
            best.errors.iter().zip(target.iter()).map(|(e, t)| (t - e + intercept, *e)).collect();
        errors.sort_by(|a, b| a.0.total_cmp(&b.0));
        let neighbourhood = params.neighbourhood;
        Ok(Self {
            means,
            scales,
            weights: best.weights.to_vec(),
            intercept,
            penalty: best.penalty,
            errors,
            neighbourhood,
        })
    }

    fn constant(intercept: f64) -> Self {
        let (means, scales, weights) = (Vec::new(), Vec::new(), Vec::new());
        Self { means, scales, weights, intercept, penalty: 1.0, errors: Vec::new(), neighbourhood: 0.1 }
    }

    /// The penalty that was chosen.
    pub fn penalty(&self) -> f64 {
        self.penalty
    }

    /// The weight of each feature, on columns of unit variance.
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The expected target of each row.
    ///
    /// # Errors
    ///
    /// Another number of features than in the fit, or infinite ones.
    pub fn predict(&self, x: ArrayView2<'_, f64>) -> Result<Vec<f64>, ForecastError> {
        let mut checks = Checks::default();
        checks.length("columns of x", x.ncols(), "the fit", self.means.len());
        check_finite(&mut checks, x);
        checks.finish()?;
        let predict = |row: ndarray::ArrayView1<'_, f64>| {
            let cells = row.iter().zip(&self.means).zip(&self.scales).zip(&self.weights);
            self.intercept + cells.map(|(((&v, &mean), &scale), w)| w * standard(v, mean, scale)).sum::<f64>()
        };
        Ok(x.rows().into_iter().map(predict).collect())
    }

    /// Quantiles of the target of each row, `[row][level]`.
    ///
    /// # Errors
    ///
    /// Those of [`predict`](Self::predict), and invalid levels.
    pub fn predict_quantiles(&self, x: ArrayView2<'_, f64>, levels: &[f64]) -> Result<Array2<f64>, ForecastError> {
        let mut checks = Checks::default();
        checks.levels("levels", levels);
        checks.finish()?;
        let predictions = self.predict(x)?;
        let mut quantiles = Array2::zeros((predictions.len(), levels.len()));
        let wanted = ((self.errors.len() as f64 * self.neighbourhood).ceil() as usize).max(30).min(self.errors.len());
        for (row, &prediction) in predictions.iter().enumerate() {
            let centre = self.errors.partition_point(|e| e.0 < prediction);
            let first = centre.saturating_sub(wanted / 2).min(self.errors.len() - wanted);
            let mut near: Vec<f64> = self.errors[first..first + wanted].iter().map(|e| e.1).collect();
            near.sort_by(f64::total_cmp);
            for (column, &level) in levels.iter().enumerate() {
                quantiles[[row, column]] = prediction + quantile_of_sorted(&near, level);
            }
        }
        Ok(quantiles)
    }
}

fn check_finite(checks: &mut Checks, x: ArrayView2<'_, f64>) {
    for ((row, column), &value) in x.indexed_iter().filter(|(_, value)| value.is_infinite()) {
        checks.fault(format!("x[{row}][{column}]"), value, "is infinite", "use NaN for missing values");
    }
}

/// A missing feature is its mean: zero.
fn standard(value: f64, mean: f64, scale: f64) -> f64 {
    if value.is_nan() { 0.0 } else { (value - mean) / scale }
}

fn scaling(x: ArrayView2<'_, f64>, rows: &[usize]) -> (Vec<f64>, Vec<f64>) {
    let column = |c: usize| {
        let known = || rows.iter().map(move |&row| x[[row, c]]).filter(|v| !v.is_nan());
        let n = known().count().max(1) as f64;
        let mean = known().sum::<f64>() / n;
        let deviation = (known().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
        // A constant column carries no information, whatever its weight.
        (mean, if deviation > 0.0 { deviation } else { 1.0 })
    };
    (0..x.ncols()).map(column).unzip()
}

struct Solution {
    penalty: f64,
    weights: Array1<f64>,
    /// Leave-one-out errors of the rows.
    errors: Vec<f64>,
}

impl Solution {
    fn loss(&self) -> f64 {
        self.errors.iter().map(|e| e * e).sum()
    }
}

fn solve(design: &Array2<f64>, target: &Array1<f64>, penalty: f64) -> Option<Solution> {
    let gram = design.t().dot(design) + Array2::<f64>::eye(design.ncols()) * penalty;
    let factor = Cholesky::new(gram)?;
    let weights = factor.solve(design.t().dot(target).view());
    let residuals = target - &design.dot(&weights);
    // Leverage of a row: its share in its own prediction; the intercept has 1/n of it.
    let n = design.nrows() as f64;
    let errors = residuals.iter().zip(design.rows()).map(|(residual, row)| {
        let half = factor.solve_lower(row);
        let leverage = (half.dot(&half) + 1.0 / n).min(0.99);
        residual / (1.0 - leverage)
    });
    let errors = errors.collect();
    Some(Solution { penalty, weights, errors })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(rows: usize) -> (Array2<f64>, Vec<f64>) {
        let noise = |i: usize| ((i * 7919) % 101) as f64 / 50.5 - 1.0;
        let x = Array2::from_shape_fn((rows, 3), |(r, c)| ((r * (c + 3) * 31) % 17) as f64);
        let y = (0..rows).map(|r| 5.0 + x[[r, 0]] - 0.5 * x[[r, 1]] + noise(r)).collect();
        (x, y)
    }

    #[test]
    fn leaving_one_out_is_exact_except_for_the_intercept() {
        let (x, y) = data(40);
        let params = RidgeParams { penalties: vec![0.5], neighbourhood: 0.5 };
        let all = Ridge::fit(x.view(), &y, &params).unwrap();
        let mut targets = y.clone();
        targets[7] = f64::NAN;
        let without = Ridge::fit(x.view(), &targets, &params).unwrap();
        let predicted = without.predict(x.slice(ndarray::s![7..8, ..])).unwrap()[0];
        let error = y[7] - predicted;
        assert!(all.errors.iter().any(|e| (e.1 - error).abs() < 0.02), "{error} in {:?}", all.errors);
    }

    #[test]
    fn quantiles_cover() {
        let (x, y) = data(400);
        let ridge = Ridge::fit(x.view(), &y, &RidgeParams::default()).unwrap();
        let quantiles = ridge.predict_quantiles(x.view(), &[0.1, 0.9]).unwrap();
        let inside = (0..400).filter(|&r| (quantiles[[r, 0]]..=quantiles[[r, 1]]).contains(&y[r])).count();
        assert!((290..350).contains(&inside), "{inside} of 400");
    }

    #[test]
    fn faults_are_reported() {
        let (x, mut y) = data(12);
        y.truncate(5);
        let error = Ridge::fit(x.view(), &y, &RidgeParams { penalties: vec![], neighbourhood: 2.0 }).unwrap_err();
        assert_eq!(error.faults.len(), 4, "{error}");
    }
}
