//! Scores of forecasts. Smaller is better, except for coverage, which should equal the nominal coverage.

/// The pinball loss of a quantile at `level`: the error, weighted by `level` if the forecast was too low and by
/// `1 − level` if it was too high.
///
/// ```
/// use milkrun::forecast::pinball;
///
/// assert_eq!(pinball(10.0, 8.0, 0.75), 1.5);
/// assert_eq!(pinball(8.0, 10.0, 0.75), 0.5);
/// ```
pub fn pinball(actual: f64, quantile: f64, level: f64) -> f64 {
    let error = actual - quantile;
    if error >= 0.0 { level * error } else { (level - 1.0) * error }
}

/// The continuous ranked probability score from quantiles: twice the pinball loss, integrated over the level by the
/// trapezium rule and held beyond the outermost levels. In the unit of the forecast; NaN without quantiles.
///
/// Gneiting and Raftery (2007), [doi:10.1198/016214506000001437](https://doi.org/10.1198/016214506000001437).
pub fn crps(actual: f64, levels: &[f64], quantiles: &[f64]) -> f64 {
    let losses: Vec<f64> = levels.iter().zip(quantiles).map(|(&level, &q)| pinball(actual, q, level)).collect();
    let (Some(first), Some(last)) = (losses.first(), losses.last()) else { return f64::NAN };
    let inner: f64 = losses
        .windows(2)
        .zip(levels.windows(2))
        .map(|(loss, level)| loss[0].midpoint(loss[1]) * (level[1] - level[0]))
        .sum();
    let ends = first * levels[0] + last * (1.0 - levels[levels.len() - 1]);
    2.0 * (inner + ends)
}

/// The share of actual values within their intervals; NaN without values.
pub fn coverage(actual: &[f64], low: &[f64], high: &[f64]) -> f64 {
    let inside = actual.iter().zip(low.iter().zip(high)).filter(|(a, (low, high))| *low <= a && a <= high).count();
    inside as f64 / actual.len() as f64
}

/// The mean squared difference between probabilities and outcomes (Brier 1950); NaN without probabilities.
pub fn brier(probabilities: &[f64], happened: &[bool]) -> f64 {
    let squares: f64 = probabilities.iter().zip(happened).map(|(p, &h)| (p - f64::from(u8::from(h))).powi(2)).sum();
    squares / probabilities.len() as f64
}

/// How probabilities compare with frequencies.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Calibration {
    /// Mean absolute difference between probability and frequency, weighted by how many forecasts there were (expected
    /// calibration error); NaN without forecasts.
    pub error: f64,
    /// For each class of probabilities that has forecasts: mean probability, frequency, and how many.
    pub classes: Vec<(f64, f64, usize)>,
}

/// Compares probabilities with frequencies in `classes` classes of equal width.
pub fn calibration(probabilities: &[f64], happened: &[bool], classes: usize) -> Calibration {
    let classes = classes.max(1);
    let mut sums = vec![(0.0, 0_usize, 0_usize); classes];
    for (&p, &h) in probabilities.iter().zip(happened).filter(|(p, _)| !p.is_nan()) {
        let class = ((p * classes as f64) as usize).min(classes - 1);
        sums[class] = (sums[class].0 + p, sums[class].1 + usize::from(h), sums[class].2 + 1);
    }
    let filled = sums.iter().filter(|sum| sum.2 > 0);
    let classes: Vec<(f64, f64, usize)> = filled.map(|&(p, h, n)| (p / n as f64, h as f64 / n as f64, n)).collect();
    let total: usize = classes.iter().map(|class| class.2).sum();
    let error = classes.iter().map(|(p, f, n)| (p - f).abs() * *n as f64).sum::<f64>() / total as f64;
    Calibration { error, classes }
}

/// The mean absolute error of the seasonal naive forecast within a history: the scale of MASE. `None` if the history is
/// no longer than a season, or constant.
///
/// Hyndman and Koehler (2006), [doi:10.1016/j.ijforecast.2006.03.001](https://doi.org/10.1016/j.ijforecast.2006.03.001).
pub fn seasonal_scale(history: &[f64], season: usize) -> Option<f64> {
    let season = season.max(1);
    let later = history.get(season..)?;
    let errors: Vec<f64> = later.iter().zip(history).map(|(a, b)| (a - b).abs()).filter(|e| e.is_finite()).collect();
    let scale = errors.iter().sum::<f64>() / errors.len() as f64;
    (scale > 0.0).then_some(scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crps_of_a_certain_forecast_is_the_absolute_error() {
        let levels: Vec<f64> = (1..100).map(|i| f64::from(i) / 100.0).collect();
        assert!((crps(7.0, &levels, &[5.0; 99]) - 2.0).abs() < 1e-9);
        // Of a uniform forecast on 0 ..= 1 for its middle: 1/12.
        assert!((crps(0.5, &levels, &levels) - 1.0 / 12.0).abs() < 1e-3);
        assert!(crps(0.5, &[], &[]).is_nan());
    }

    #[test]
    fn calibration_classes() {
        let found = calibration(&[0.1, 0.1, 0.9, 0.9], &[false, false, true, false], 2);
        assert_eq!(found.classes.len(), 2);
        assert!((found.error - (0.1 * 0.5 + 0.4 * 0.5)).abs() < 1e-12);
    }

    #[test]
    fn others() {
        assert_eq!(coverage(&[1.0, 5.0], &[0.0, 0.0], &[2.0, 2.0]), 0.5);
        assert!((brier(&[1.0, 0.5], &[true, true]) - 0.125).abs() < 1e-12);
        assert_eq!(seasonal_scale(&[1.0, 2.0, 4.0], 1), Some(1.5));
        assert_eq!(seasonal_scale(&[1.0, 2.0], 7), None);
        assert_eq!(seasonal_scale(&[1.0, 1.0], 1), None);
    }
}
