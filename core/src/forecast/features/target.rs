//! Transforms of a target that a model is trained on, and their inverses.

use super::order::quantile_of_sorted;
use crate::forecast::fault::{Checks, ForecastError};

/// A transform of the values of one series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TargetTransform {
    /// The change since `period` rows before; the first `period` rows become NaN.
    Difference(usize),
    /// Minus the mean, divided by the standard deviation.
    Standard,
    /// Minus the median, divided by the interquartile range.
    Robust,
    /// Scaled from 0 (minimum) to 1 (maximum).
    MinMax,
    /// `ln(1 + y)`, for values above −1.
    LogPlusOne,
    /// `(y^λ − 1)/λ`, or `ln y` for λ = 0, for positive values.
    BoxCox(f64),
}

/// A transform fitted to a series.
#[derive(Clone, Debug, PartialEq)]
pub struct FittedTransform {
    transform: TargetTransform,
    location: f64,
    scale: f64,
    /// The last values of the history, for differences.
    tail: Vec<f64>,
}

impl TargetTransform {
    /// Learns location, scale or last values from a history (NaN: missing).
    ///
    /// # Errors
    ///
    /// A period of zero or longer than the history, a λ that is not finite, values outside the domain of the logarithm
    /// or power.
    pub fn fit(self, history: &[f64]) -> Result<FittedTransform, ForecastError> {
        let mut checks = Checks::default();
        self.check(&mut checks, history);
        checks.finish()?;
        let mut known: Vec<f64> = history.iter().copied().filter(|v| !v.is_nan()).collect();
        let mut fitted = FittedTransform { transform: self, location: 0.0, scale: 1.0, tail: Vec::new() };
        match self {
            Self::Difference(period) => fitted.tail = history[history.len() - period..].to_vec(),
            Self::Standard => {
                let n = known.len() as f64;
                fitted.location = known.iter().sum::<f64>() / n;
                fitted.scale = (known.iter().map(|v| (v - fitted.location).powi(2)).sum::<f64>() / n).sqrt();
            }
            Self::Robust | Self::MinMax => {
                known.sort_by(f64::total_cmp);
                let at = |level| quantile_of_sorted(&known, level);
                let (location, low, high) = match self {
                    Self::Robust => (at(0.5), at(0.25), at(0.75)),
                    _ => (at(0.0), at(0.0), at(1.0)),
                };
                (fitted.location, fitted.scale) = (location, high - low);
            }
            Self::LogPlusOne | Self::BoxCox(_) => {}
        }
        if fitted.location.is_nan() {
            fitted.location = 0.0;
        }
        // A constant series is only shifted.
        if fitted.scale.is_nan() || fitted.scale <= 0.0 {
            fitted.scale = 1.0;
        }
        Ok(fitted)
    }

    fn check(self, checks: &mut Checks, history: &[f64]) {
        let least = match self {
            Self::Difference(period) => {
                checks.at_least_one("period", period);
                if period > history.len() {
                    checks.fault("period", period, "is longer than the history", "give more history");
                }
                return;
            }
            Self::LogPlusOne => -1.0,
            Self::BoxCox(lambda) => {
                if !lambda.is_finite() {
                    checks.fault("lambda", lambda, "is not finite", "give a finite λ");
                }
                0.0
            }
            Self::Standard | Self::Robust | Self::MinMax => f64::NEG_INFINITY,
        };
        for (i, &value) in history.iter().enumerate().filter(|(_, value)| **value <= least) {
            checks.fault(format!("history[{i}]"), value, "is too small for this transform", "shift the values up");
        }
    }
}

impl FittedTransform {
    /// Transforms the history itself, or other values of the series.
    pub fn apply(&self, values: &[f64]) -> Vec<f64> {
        match self.transform {
            TargetTransform::Difference(period) => {
                (0..values.len()).map(|i| if i < period { f64::NAN } else { values[i] - values[i - period] }).collect()
            }
            TargetTransform::LogPlusOne => values.iter().map(|v| v.ln_1p()).collect(),
            TargetTransform::BoxCox(lambda) if lambda.abs() < 1e-12 => values.iter().map(|v| v.ln()).collect(),
            TargetTransform::BoxCox(lambda) => values.iter().map(|v| (v.powf(lambda) - 1.0) / lambda).collect(),
            _ => values.iter().map(|v| (v - self.location) / self.scale).collect(),
        }
    }

    /// Brings forecasts for the rows right after the history back to the values' own scale.
    pub fn invert(&self, forecasts: &[f64]) -> Vec<f64> {
        match self.transform {
            TargetTransform::Difference(period) => {
                let mut all = self.tail.clone();
                for (i, forecast) in forecasts.iter().enumerate() {
                    all.push(all[i] + forecast);
                }
                all.split_off(period)
            }
            TargetTransform::LogPlusOne => forecasts.iter().map(|v| v.exp_m1()).collect(),
            TargetTransform::BoxCox(lambda) if lambda.abs() < 1e-12 => forecasts.iter().map(|v| v.exp()).collect(),
            // Below −1/λ there is no value; it becomes the bound of the range, zero.
            TargetTransform::BoxCox(lambda) => {
                forecasts.iter().map(|v| (v * lambda + 1.0).max(0.0).powf(1.0 / lambda)).collect()
            }
            _ => forecasts.iter().map(|v| v * self.scale + self.location).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let values = [3.0, 8.0, 5.0, 9.0, 4.0, 7.0, 6.0];
        let (history, future) = values.split_at(5);
        let kinds = [
            TargetTransform::Difference(2),
            TargetTransform::Standard,
            TargetTransform::Robust,
            TargetTransform::MinMax,
            TargetTransform::LogPlusOne,
            TargetTransform::BoxCox(0.3),
            TargetTransform::BoxCox(0.0),
        ];
        for kind in kinds {
            let fitted = kind.fit(history).unwrap();
            let transformed = fitted.apply(&values);
            for (back, value) in fitted.invert(&transformed[5..]).iter().zip(future) {
                assert!((back - value).abs() < 1e-9, "{kind:?}");
            }
        }
    }

    #[test]
    fn a_constant_series_is_not_a_fault() {
        let fitted = TargetTransform::Standard.fit(&[2.0, 2.0]).unwrap();
        assert_eq!(fitted.apply(&[2.0, 3.0]), [0.0, 1.0]);
    }

    #[test]
    fn what_a_logarithm_cannot_take() {
        let error = TargetTransform::BoxCox(0.5).fit(&[1.0, 0.0, -2.0]).unwrap_err();
        assert_eq!(error.faults.len(), 2, "{error}");
    }
}
