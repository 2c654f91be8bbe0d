//! The Theta method.

use super::optimise::nelder_mead;
use super::seasonal::{is_seasonal, pattern};
use super::{Forecast, SeriesModel, check, filled, normal, too_short};
use crate::forecast::fault::ForecastError;

/// The Theta method: exponential smoothing with half the slope of the trend line as its drift, on the series without
/// its seasonal pattern (additive, if the autocorrelation shows one).
///
/// Assimakopoulos and Nikolopoulos (2000), [doi:10.1016/S0169-2070(00)00066-2](https://doi.org/10.1016/S0169-2070(00)00066-2);
/// in the form of Hyndman and Billah (2003), [doi:10.1016/S0169-2070(01)00143-1](https://doi.org/10.1016/S0169-2070(01)00143-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theta {
    /// Number of steps of a season; 1: none.
    pub season: usize,
}

impl SeriesModel for Theta {
    fn name(&self) -> String {
        format!("Theta ({})", self.season)
    }

    fn forecast(&self, history: &[f64], horizon: usize, levels: &[f64]) -> Result<Forecast, ForecastError> {
        let mut checks = check(horizon, levels);
        checks.at_least_one("season", self.season);
        checks.finish()?;
        let mut values = filled(history);
        let n = values.len();
        if n < 3 {
            return Err(too_short(n, 3));
        }
        let seasonal = if is_seasonal(&values, self.season) { pattern(&values, self.season) } else { vec![0.0] };
        for (i, value) in values.iter_mut().enumerate() {
            *value -= seasonal[i % seasonal.len()];
        }
        let drift = slope(&values) / 2.0;
        // The weight is optimised through its logit, so that it stays between 0 and 1.
        let logit = nelder_mead(&[0.0], 1.0, 80, |x| smooth(&values, drift, weight(x[0])).1);
        let alpha = weight(logit[0]);
        let (level, errors) = smooth(&values, drift, alpha);
        let deviation = (errors / (n - 2).max(1) as f64).sqrt();
        let mean = (0..horizon).map(|h| level + drift * (h + 1) as f64 + seasonal[(n + h) % seasonal.len()]).collect();
        let deviations: Vec<f64> = (0..horizon).map(|h| deviation * (1.0 + h as f64 * alpha * alpha).sqrt()).collect();
        Ok(normal(mean, &deviations, levels))
    }
}

fn weight(logit: f64) -> f64 {
    0.001 + 0.998 / (1.0 + (-logit).exp())
}

/// The last level and the sum of squared one-step errors.
fn smooth(values: &[f64], drift: f64, alpha: f64) -> (f64, f64) {
    let (mut level, mut errors) = (values[0], 0.0);
    for value in &values[1..] {
        let expected = level + drift;
        let error = value - expected;
        level = expected + alpha * error;
        errors += error * error;
    }
    (level, errors)
}

/// The slope of the least-squares line, per step.
pub(super) fn slope(values: &[f64]) -> f64 {
    let centre = (values.len() - 1) as f64 / 2.0;
    let (mut top, mut bottom) = (0.0, 0.0);
    for (i, value) in values.iter().enumerate() {
        let x = i as f64 - centre;
        top += x * value;
        bottom += x * x;
    }
    if bottom > 0.0 { top / bottom } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_slope_of_a_line() {
        let values: Vec<f64> = (0..30).map(|i| 5.0 + 2.0 * f64::from(i)).collect();
        let forecast = Theta { season: 1 }.forecast(&values, 4, &[0.5]).unwrap();
        let steps: Vec<f64> = forecast.mean.windows(2).map(|p| p[1] - p[0]).collect();
        assert!(steps.iter().all(|step| (step - 1.0).abs() < 1e-9), "{steps:?}");
        assert!((forecast.quantiles[[3, 0]] - forecast.mean[3]).abs() < 1e-9);
    }

    #[test]
    fn a_week_comes_back() {
        let values: Vec<f64> = (0..70).map(|i| if i % 7 == 6 { 9.0 } else { 2.0 }).collect();
        let forecast = Theta { season: 7 }.forecast(&values, 7, &[]).unwrap();
        assert!((forecast.mean[6] - 9.0).abs() < 0.2 && (forecast.mean[0] - 2.0).abs() < 0.2, "{forecast:?}");
    }

    #[test]
    fn too_little() {
        let error = Theta { season: 7 }.forecast(&[1.0, f64::NAN], 1, &[]).unwrap_err();
        assert!(error.to_string().contains("3 are needed"), "{error}");
    }
}
