//! Seasonal naive.

use super::{Forecast, SeriesModel, check, filled, normal, too_short};
use crate::forecast::fault::ForecastError;

/// Repeats the value of one season before; the spread grows with the number of seasons ahead.
///
/// The baseline for other models. A season of 1 gives the plain naive forecast.
///
/// ```
/// use milkrun::forecast::{SeasonalNaive, SeriesModel};
///
/// let history = [1.0, 5.0, 1.0, 5.0, 1.0, 5.0];
/// let forecast = SeasonalNaive { season: 2 }.forecast(&history, 3, &[0.1, 0.9]).unwrap();
/// assert_eq!(forecast.mean, [1.0, 5.0, 1.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeasonalNaive {
    /// Number of steps of a season.
    pub season: usize,
}

impl SeriesModel for SeasonalNaive {
    fn name(&self) -> String {
        format!("seasonal naive ({})", self.season)
    }

    fn forecast(&self, history: &[f64], horizon: usize, levels: &[f64]) -> Result<Forecast, ForecastError> {
        let mut checks = check(horizon, levels);
        checks.at_least_one("season", self.season);
        checks.finish()?;
        let values = filled(history);
        let Some(begin) = values.len().checked_sub(self.season) else {
            return Err(too_short(values.len(), self.season));
        };
        let errors: Vec<f64> = (self.season..values.len()).map(|i| values[i] - values[i - self.season]).collect();
        let deviation = (errors.iter().map(|e| e * e).sum::<f64>() / errors.len().max(1) as f64).sqrt();
        let mean = (0..horizon).map(|h| values[begin + h % self.season]).collect();
        let deviations: Vec<f64> = (0..horizon).map(|h| deviation * ((h / self.season + 1) as f64).sqrt()).collect();
        Ok(normal(mean, &deviations, levels))
    }
}
