//! Backtests of models of regular series.

use super::scores::{crps, pinball, seasonal_scale};
use crate::forecast::clean::Regular;
use crate::forecast::fault::{Checks, ForecastError};
use crate::forecast::models::SeriesModel;
use crate::parallel;

/// Parameters of a rolling-origin backtest.
#[derive(Clone, Debug, PartialEq)]
pub struct BacktestParams {
    /// Steps to forecast from each origin.
    pub horizon: usize,
    /// Number of origins: the last is `horizon` steps before the end, each other one `step` steps earlier.
    pub origins: usize,
    /// Steps between origins.
    pub step: usize,
    /// Steps of a season, for the scale of MASE.
    pub season: usize,
    /// Levels of quantiles; coverage is that of the interval between the outermost two.
    pub levels: Vec<f64>,
}

impl Default for BacktestParams {
    /// A week ahead of daily values, from four origins.
    fn default() -> Self {
        Self { horizon: 7, origins: 4, step: 7, season: 7, levels: vec![0.1, 0.25, 0.5, 0.75, 0.9] }
    }
}

/// Scores of a model over all series, origins and steps.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SeriesScores {
    /// The model.
    pub model: String,
    /// Number of values forecast.
    pub forecasts: usize,
    /// Series and origins that the model could not forecast (too little history).
    pub failed: usize,
    /// Mean absolute error of the mean forecast.
    pub mae: f64,
    /// Root of the mean squared error.
    pub rmse: f64,
    /// Mean of forecast minus actual value.
    pub bias: f64,
    /// Mean absolute error divided by that of the seasonal naive forecast within each history.
    pub mase: f64,
    /// Mean pinball loss over all levels.
    pub pinball: f64,
    /// Mean continuous ranked probability score.
    pub crps: f64,
    /// Share of values between the outermost quantiles.
    pub coverage: f64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    n: usize,
    failed: usize,
    absolute: f64,
    squared: f64,
    bias: f64,
    scaled: (f64, usize),
    pinball: f64,
    crps: f64,
    inside: usize,
}

impl Sums {
    fn add(mut self, other: Self) -> Self {
        self.n += other.n;
        self.failed += other.failed;
        self.absolute += other.absolute;
        self.squared += other.squared;
        self.bias += other.bias;
        self.scaled = (self.scaled.0 + other.scaled.0, self.scaled.1 + other.scaled.1);
        self.pinball += other.pinball;
        self.crps += other.crps;
        self.inside += other.inside;
        self
    }
}

/// Tests models from several origins: each sees only the data before its origin. Missing values are not scored.
///
/// # Errors
///
/// Invalid parameters. A series too short for a model is counted in [`SeriesScores::failed`].
pub fn backtest(
    series: &[Regular],
    models: &[Box<dyn SeriesModel>],
    params: &BacktestParams,
) -> Result<Vec<SeriesScores>, ForecastError> {
    let mut checks = Checks::default();
    for (path, value) in [
        ("horizon", params.horizon),
        ("origins", params.origins),
        ("step", params.step),
        ("season", params.season),
        ("levels", params.levels.len()),
    ] {
        checks.at_least_one(path, value);
    }
    checks.levels("levels", &params.levels);
    checks.finish()?;
    let score = |model: &dyn SeriesModel| {
        // Sums in the order of the series, so that results do not depend on the number of threads.
        let each: Vec<Sums> = parallel::map(series.len(), 1, |s| of_series(model, &series[s].values, params));
        let sums = each.into_iter().fold(Sums::default(), Sums::add);
        let n = sums.n as f64;
        SeriesScores {
            model: model.name(),
            forecasts: sums.n,
            failed: sums.failed,
            mae: sums.absolute / n,
            rmse: (sums.squared / n).sqrt(),
            bias: sums.bias / n,
            mase: sums.scaled.0 / sums.scaled.1 as f64,
            pinball: sums.pinball / n,
            crps: sums.crps / n,
            coverage: sums.inside as f64 / n,
        }
    };
    Ok(models.iter().map(|model| score(model.as_ref())).collect())
}

fn of_series(model: &dyn SeriesModel, values: &[f64], params: &BacktestParams) -> Sums {
    let mut sums = Sums::default();
    for k in 0..params.origins {
        let back = params.horizon.saturating_add(k.saturating_mul(params.step));
        let Some(origin) = values.len().checked_sub(back).filter(|&origin| origin > 0) else { break };
        let history = &values[..origin];
        let Ok(forecast) = model.forecast(history, params.horizon, &params.levels) else {
            sums.failed += 1;
            continue;
        };
        let scale = seasonal_scale(history, params.season);
        for (h, &actual) in values[origin..origin + params.horizon].iter().enumerate() {
            if actual.is_nan() {
                continue;
            }
            let error = forecast.mean[h] - actual;
            let quantiles = forecast.quantiles.row(h).to_vec();
            sums.n += 1;
            sums.absolute += error.abs();
            sums.squared += error * error;
            sums.bias += error;
            if let Some(scale) = scale {
                sums.scaled = (sums.scaled.0 + error.abs() / scale, sums.scaled.1 + 1);
            }
            let losses = quantiles.iter().zip(&params.levels).map(|(&q, &level)| pinball(actual, q, level));
            sums.pinball += losses.sum::<f64>() / quantiles.len() as f64;
            sums.crps += crps(actual, &params.levels, &quantiles);
            sums.inside += usize::from(quantiles[0] <= actual && actual <= quantiles[quantiles.len() - 1]);
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::SeasonalNaive;

    #[test]
    fn only_the_past_is_seen() {
        let values: Vec<f64> = (0..40).map(|i| f64::from(i % 7)).collect();
        let series = [Regular { start: 0, step: 1, values }];
        let models: Vec<Box<dyn SeriesModel>> = vec![
            Box::new(SeasonalNaive { season: 7 }),
            Box::new(SeasonalNaive { season: 1 }),
            Box::new(SeasonalNaive { season: 39 }),
        ];
        let scores = backtest(&series, &models, &BacktestParams::default()).unwrap();
        assert_eq!((scores[0].forecasts, scores[0].mae, scores[0].coverage), (28, 0.0, 1.0));
        assert!(scores[1].mae > 1.0, "the last value ignores the weekly pattern");
        assert_eq!((scores[2].failed, scores[2].forecasts), (4, 0));
    }
}
