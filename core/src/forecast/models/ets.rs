//! Exponential smoothing in state-space form, with additive errors.

use super::optimise::nelder_mead;
use super::seasonal::pattern;
use super::theta::slope;
use super::{Forecast, SeriesModel, check, filled, normal, too_short};
use crate::forecast::fault::ForecastError;

/// Exponential smoothing with additive errors: level, with or without a trend (plain or damped) and a season. The form
/// with the smallest corrected Akaike criterion is chosen.
///
/// Initial states come from the first seasons; weights minimise the squared one-step errors. Quantiles are exact for
/// normal errors. Hyndman, Koehler, Ord and Snyder (2008),
/// [doi:10.1007/978-3-540-71918-2](https://doi.org/10.1007/978-3-540-71918-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ets {
    /// Number of steps of a season; 1: none. A season longer than a third of the history is ignored.
    pub season: usize,
}

/// The components of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Form {
    trend: bool,
    damped: bool,
    season: usize,
}

/// Weights of a form.
#[derive(Clone, Copy, Debug)]
struct Weights {
    alpha: f64,
    beta: f64,
    gamma: f64,
    phi: f64,
}

/// Level, slope and seasonal pattern (indexed by step modulo season).
#[derive(Clone, Debug)]
struct State {
    level: f64,
    slope: f64,
    pattern: Vec<f64>,
}

impl SeriesModel for Ets {
    fn name(&self) -> String {
        format!("ETS ({})", self.season)
    }

    fn forecast(&self, history: &[f64], horizon: usize, levels: &[f64]) -> Result<Forecast, ForecastError> {
        let mut checks = check(horizon, levels);
        checks.at_least_one("season", self.season);
        checks.finish()?;
        let values = filled(history);
        if values.len() < 4 {
            return Err(too_short(values.len(), 4));
        }
        let seasons: &[usize] =
            if self.season > 1 && values.len() >= 3 * self.season { &[1, self.season] } else { &[1] };
        let forms = seasons.iter().flat_map(|&season| {
            [(false, false), (true, false), (true, true)].map(|(trend, damped)| Form { trend, damped, season })
        });
        let fits = forms.map(|form| Fit::of(form, &values));
        let best = fits.min_by(|a, b| a.criterion.total_cmp(&b.criterion));
        best.map(|fit| fit.forecast(values.len(), horizon, levels)).ok_or_else(|| too_short(values.len(), 4))
    }
}

/// A form with its best weights.
struct Fit {
    form: Form,
    weights: Weights,
    state: State,
    variance: f64,
    criterion: f64,
}

impl Fit {
    fn of(form: Form, values: &[f64]) -> Self {
        let initial = form.initial(values);
        let found = nelder_mead(&vec![-1.0; form.weights()], 1.0, 60 + 80 * form.weights(), |x| {
            form.run(values, form.decode(x), &mut initial.clone())
        });
        let weights = form.decode(&found);
        let mut state = initial;
        let squares = form.run(values, weights, &mut state);
        let n = values.len() as f64;
        let parameters = (form.weights() + 1 + usize::from(form.trend) + form.season) as f64;
        let correction = 2.0 * parameters * (parameters + 1.0) / (n - parameters - 1.0).max(0.5);
        // Bounds the logarithm, so that of two perfect fits the simpler one wins.
        let scale = values.iter().map(|v| v * v).sum::<f64>() / n + 1e-12;
        let criterion = n * (squares / n).max(1e-12 * scale).ln() + 2.0 * parameters + correction;
        Self { form, weights, state, variance: squares / (n - parameters).max(1.0), criterion }
    }

    fn forecast(&self, n: usize, horizon: usize, levels: &[f64]) -> Forecast {
        let (mut mean, mut deviations) = (Vec::with_capacity(horizon), Vec::with_capacity(horizon));
        let Weights { alpha, beta, gamma, phi } = self.weights;
        let (mut damping, mut reach, mut spread) = (1.0, 0.0, 1.0);
        for h in 1..=horizon {
            damping *= phi;
            reach += damping;
            let seasonal = self.state.pattern[(n + h - 1) % self.form.season];
            mean.push(self.state.level + reach * self.state.slope + seasonal);
            deviations.push((self.variance * spread).sqrt());
            let weight = alpha + beta * reach + if h % self.form.season == 0 { gamma } else { 0.0 };
            spread += weight * weight;
        }
        normal(mean, &deviations, levels)
    }
}

impl Form {
    fn weights(self) -> usize {
        1 + usize::from(self.trend) + usize::from(self.season > 1) + usize::from(self.damped)
    }

    /// Weights from unbounded numbers: α in (0, 1), β in (0, α), γ in (0, 1 − α), φ in (0.8, 0.98).
    fn decode(self, x: &[f64]) -> Weights {
        let mut next = x.iter().map(|x| 1.0 / (1.0 + (-x).exp()));
        let mut unit = || next.next().unwrap_or(0.0).clamp(1e-4, 1.0 - 1e-4);
        let alpha = unit();
        let beta = if self.trend { alpha * unit() } else { 0.0 };
        let gamma = if self.season > 1 { (1.0 - alpha) * unit() } else { 0.0 };
        let phi = if self.damped { 0.8 + 0.18 * unit() } else { 1.0 };
        Weights { alpha, beta, gamma, phi }
    }

    fn initial(self, values: &[f64]) -> State {
        let first = &values[..values.len().min(4 * self.season.max(3))];
        let pattern = if self.season > 1 { pattern(first, self.season) } else { vec![0.0] };
        let begin: Vec<f64> =
            first.iter().enumerate().map(|(i, v)| v - pattern[i % self.season]).take(self.season.max(10)).collect();
        let slope = if self.trend { slope(&begin) } else { 0.0 };
        let centre = begin.iter().sum::<f64>() / begin.len() as f64;
        State { level: centre - slope * (begin.len() + 1) as f64 / 2.0, slope, pattern }
    }

    /// Runs through the values; returns the sum of squared one-step errors.
    fn run(self, values: &[f64], weights: Weights, state: &mut State) -> f64 {
        let Weights { alpha, beta, gamma, phi } = weights;
        let (mut squares, mut phase) = (0.0, 0);
        for value in values {
            let trend = phi * state.slope;
            let error = value - state.level - trend - state.pattern[phase];
            state.level += trend + alpha * error;
            state.slope = trend + beta * error;
            state.pattern[phase] += gamma * error;
            squares += error * error;
            phase = if phase + 1 == self.season { 0 } else { phase + 1 };
        }
        squares
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_on() {
        let values: Vec<f64> = (0..40).map(|i| 3.0 + 2.0 * f64::from(i)).collect();
        let forecast = Ets { season: 1 }.forecast(&values, 3, &[0.1, 0.9]).unwrap();
        for (h, mean) in forecast.mean.iter().enumerate() {
            assert!((mean - (83.0 + 2.0 * h as f64)).abs() < 0.1, "{:?}", forecast.mean);
        }
    }

    #[test]
    fn a_week_comes_back_and_spread_grows() {
        let noise = |i: usize| ((i * 7919) % 101) as f64 / 101.0 - 0.5;
        let values: Vec<f64> = (0..140).map(|i| if i % 7 == 6 { 9.0 } else { 2.0 } + noise(i)).collect();
        let forecast = Ets { season: 7 }.forecast(&values, 14, &[0.1, 0.9]).unwrap();
        assert!((forecast.mean[6] - 9.0).abs() < 0.6 && (forecast.mean[0] - 2.0).abs() < 0.6, "{:?}", forecast.mean);
        let width = |h: usize| forecast.quantiles[[h, 1]] - forecast.quantiles[[h, 0]];
        assert!(width(13) >= width(0) && width(0) > 0.3 && width(0) < 1.5, "{} {}", width(0), width(13));
    }

    #[test]
    fn a_constant_stays() {
        let forecast = Ets { season: 7 }.forecast(&[4.0; 30], 2, &[0.9]).unwrap();
        assert!((forecast.quantiles[[1, 0]] - 4.0).abs() < 1e-6, "{forecast:?}");
    }
}
