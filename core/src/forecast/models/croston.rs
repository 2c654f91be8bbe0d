//! Intermittent demand: most steps are zero.

use ndarray::Array2;

use super::{Forecast, SeriesModel, WeightedSample, check, too_short};
use crate::forecast::fault::ForecastError;

/// A method of smoothing intermittent demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intermittent {
    /// Croston (1972), [doi:10.1057/jors.1972.50](https://doi.org/10.1057/jors.1972.50): size divided by interval,
    /// updated at demands.
    Classic,
    /// Syntetos and Boylan (2005),
    /// [doi:10.1016/j.ijforecast.2004.10.001](https://doi.org/10.1016/j.ijforecast.2004.10.001): Croston's method,
    /// corrected for its bias.
    Sba,
    /// Teunter, Syntetos and Babai (2011), [doi:10.1016/j.ejor.2011.05.018](https://doi.org/10.1016/j.ejor.2011.05.018): the
    /// probability of demand is updated at every step, so that demand can die out.
    Tsb,
}

/// Croston's method and its successors. The forecast is the same for every step.
///
/// Quantiles come from the mixture of no demand and the sizes seen, scaled to the smoothed size.
///
/// ```
/// use milkrun::forecast::{Croston, Intermittent, SeriesModel};
///
/// let history = [0.0, 0.0, 6.0, 0.0, 0.0, 6.0];
/// let model = Croston { variant: Intermittent::Classic, alpha: 0.1, beta: 0.1 };
/// let forecast = model.forecast(&history, 1, &[0.5, 0.9]).unwrap();
/// assert!((forecast.mean[0] - 2.0).abs() < 1e-9, "6 every 3 steps");
/// assert_eq!(forecast.quantiles.row(0).to_vec(), [0.0, 6.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Croston {
    /// The method.
    pub variant: Intermittent,
    /// Weight of a new size (and, except for [`Intermittent::Tsb`], of a new interval); 0.1 is usual.
    pub alpha: f64,
    /// Weight of a new step in the probability of demand; [`Intermittent::Tsb`] only.
    pub beta: f64,
}

impl Default for Croston {
    fn default() -> Self {
        Self { variant: Intermittent::Sba, alpha: 0.1, beta: 0.1 }
    }
}

impl SeriesModel for Croston {
    fn name(&self) -> String {
        match self.variant {
            Intermittent::Classic => "Croston",
            Intermittent::Sba => "Croston SBA",
            Intermittent::Tsb => "TSB",
        }
        .to_owned()
    }

    fn forecast(&self, history: &[f64], horizon: usize, levels: &[f64]) -> Result<Forecast, ForecastError> {
        let mut checks = check(horizon, levels);
        for (name, weight) in [("alpha", self.alpha), ("beta", self.beta)] {
            if !(weight > 0.0 && weight <= 1.0) {
                checks.fault(name, weight, "must lie above 0 and not above 1", "give a weight such as 0.1");
            }
        }
        for (i, &value) in history.iter().enumerate().filter(|(_, value)| **value < 0.0) {
            checks.fault(format!("history[{i}]"), value, "is a negative demand", "give zero or more");
        }
        checks.finish()?;
        let values: Vec<f64> = history.iter().copied().filter(|v| v.is_finite()).collect();
        if values.is_empty() {
            return Err(too_short(0, 1));
        }
        let (size, probability) = self.smooth(&values);
        let mean = size * probability;
        let demands: Vec<f64> = values.iter().copied().filter(|&v| v > 0.0).collect();
        let seen = demands.iter().sum::<f64>() / demands.len().max(1) as f64;
        let share = probability.min(1.0) / demands.len().max(1) as f64;
        let mut mixture = vec![(0.0, 1.0 - probability.min(1.0))];
        mixture.extend(demands.iter().map(|demand| (demand * size / seen, share)));
        let sample = WeightedSample::new(mixture);
        let row: Vec<f64> = levels.iter().map(|&level| sample.quantile(level)).collect();
        let quantiles = Array2::from_shape_fn((horizon, levels.len()), |(_, level)| row[level]);
        Ok(Forecast { mean: vec![mean; horizon], levels: levels.to_vec(), quantiles })
    }
}

impl Croston {
    /// Smoothed size of a demand and probability of one in a step.
    fn smooth(&self, values: &[f64]) -> (f64, f64) {
        let Some(first) = values.iter().position(|&v| v > 0.0) else { return (0.0, 0.0) };
        if self.variant == Intermittent::Tsb {
            let share = values.iter().filter(|&&v| v > 0.0).count() as f64 / values.len() as f64;
            return values.iter().fold((values[first], share), |(size, probability), &value| {
                let demand = f64::from(value > 0.0);
                let size = size + self.alpha * demand * (value - size);
                (size, probability + self.beta * (demand - probability))
            });
        }
        let (mut size, mut interval, mut since) = (values[first], (first + 1) as f64, 0.0);
        for &value in &values[first + 1..] {
            since += 1.0;
            if value > 0.0 {
                size += self.alpha * (value - size);
                interval += self.alpha * (since - interval);
                since = 0.0;
            }
        }
        let factor = if self.variant == Intermittent::Sba { 1.0 - self.alpha / 2.0 } else { 1.0 };
        (size, factor / interval)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demand_that_dies_out() {
        let mut history = vec![0.0, 4.0, 0.0, 4.0];
        history.extend([0.0; 60]);
        let of = |variant| Croston { variant, ..Croston::default() }.forecast(&history, 1, &[]).unwrap().mean[0];
        assert!((of(Intermittent::Classic) - 2.0).abs() < 1e-9);
        assert!((of(Intermittent::Sba) - 1.9).abs() < 1e-9);
        assert!(of(Intermittent::Tsb) < 0.02);
    }

    #[test]
    fn no_demand_at_all_and_no_history() {
        let forecast = Croston::default().forecast(&[0.0; 5], 2, &[0.9]).unwrap();
        assert_eq!((forecast.mean[1], forecast.quantiles[[1, 0]]), (0.0, 0.0));
        assert!(Croston::default().forecast(&[f64::NAN], 1, &[]).is_err());
        let error = Croston { alpha: 0.0, ..Croston::default() }.forecast(&[-1.0], 0, &[0.9, 0.1]).unwrap_err();
        assert_eq!(error.faults.len(), 4, "{error}");
    }
}
