//! Waste as a gamma process.

use serde::Deserialize;

use super::distribution::upper_gamma;
use super::{Distribution, FillModel};
use crate::forecast::clean::{DAY, Increment, Increments};
use crate::forecast::fault::{Checks, ForecastError};
use crate::parallel;

/// How a [`GammaProcess`] is fitted.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[cfg_attr(feature = "io", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct GammaParams {
    /// The age at which an increment counts half, in seconds; `None`: all count the same.
    pub half_life: Option<i64>,
    /// Number of days of a bin's own history that have the same weight as all bins together.
    pub prior_days: f64,
}

impl Default for GammaParams {
    fn default() -> Self {
        Self { half_life: Some(60 * DAY), prior_days: 3.0 }
    }
}

/// The amount deposited in a bin during a time `Δ` is gamma distributed with mean `rate·Δ` and variance `rate·scale·Δ`,
/// independently of the past.
///
/// Rate and scale match mean and variance of the increments of each bin, shrunk towards those of all bins. A censored
/// increment counts with its expected amount, given that it is at least the observed one. For monotone degradation, see
/// van Noortwijk (2009), [doi:10.1016/j.ress.2007.03.019](https://doi.org/10.1016/j.ress.2007.03.019).
#[derive(Clone, Debug, PartialEq)]
pub struct GammaProcess {
    /// Rate (per second) and scale of each bin.
    bins: Vec<(f64, f64)>,
}

impl GammaProcess {
    /// Fits a process for each bin.
    ///
    /// # Errors
    ///
    /// Invalid parameters, or no increment in any bin.
    pub fn fit(increments: &Increments, params: &GammaParams) -> Result<Self, ForecastError> {
        let mut checks = Checks::default();
        if let Some(half_life) = params.half_life {
            checks.positive_time("half_life", half_life);
        }
        checks.not_negative("prior_days", params.prior_days);
        increments.check(&mut checks);
        if increments.bins.iter().all(Vec::is_empty) {
            checks.fault("increments", 0, "no bin has any", "give more readings");
        }
        checks.finish()?;
        let all = parallel::map(increments.bins.len(), 1, |bin| Moments::of(&increments.bins[bin], params.half_life));
        let pooled = Pool::of(&all);
        let bins = parallel::map(all.len(), 1, |bin| all[bin].fit(&pooled, params.prior_days));
        Ok(Self { bins })
    }

    /// Mean amount a second of each bin.
    pub fn rates(&self) -> Vec<f64> {
        self.bins.iter().map(|bin| bin.0).collect()
    }
}

impl FillModel for GammaProcess {
    fn name(&self) -> String {
        "gamma process".to_owned()
    }

    fn len(&self) -> usize {
        self.bins.len()
    }

    fn rise(&self, bin: usize, from: i64, to: i64) -> Distribution {
        let (rate, scale) = self.bins[bin];
        Distribution::Gamma { shape: rate * to.saturating_sub(from).max(0) as f64 / scale, scale }
    }
}

/// Increments of a bin with their weights.
struct Moments {
    increments: Vec<(Increment, f64)>,
}

/// Estimates common to all bins.
struct Pool {
    rate: f64,
    scale: f64,
}

impl Pool {
    fn of(all: &[Moments]) -> Self {
        let everything = Moments { increments: all.iter().flat_map(|m| m.increments.iter().copied()).collect() };
        let prior = Self { rate: 1e-12, scale: 1.0 };
        // Bins differ in their rates: the scale common to them comes from deviations from each bin's own rate.
        let (rate, _) = everything.fit(&prior, 0.0);
        let scales: Vec<(f64, f64)> = all
            .iter()
            .filter(|m| m.increments.len() >= 2)
            .map(|m| (m.fit(&prior, 0.0).1, m.increments.len() as f64))
            .collect();
        let weight: f64 = scales.iter().map(|s| s.1).sum();
        let scale = scales.iter().map(|s| s.0 * s.1).sum::<f64>() / weight;
        Self { rate, scale: if scale.is_finite() && scale > 0.0 { scale } else { 1.0 } }
    }
}

impl Moments {
    fn of(bin: &[Increment], half_life: Option<i64>) -> Self {
        let end = bin.last().map_or(0, |i| i.to);
        let weight = |i: &Increment| half_life.map_or(1.0, |h| (-((end - i.to) as f64) / h as f64).exp2());
        Self { increments: bin.iter().map(|i| (*i, weight(i))).collect() }
    }

    /// Rate and scale. Censored increments are replaced by their expectation under the previous fit, round by round.
    fn fit(&self, pool: &Pool, prior_days: f64) -> (f64, f64) {
        let (mut rate, mut scale) = (pool.rate, pool.scale);
        let any_censored = self.increments.iter().any(|(i, _)| i.censored);
        let rounds = if any_censored { 12 } else { 2 };
        for round in 0..rounds {
            let (mut amount, mut time, mut weight) =
                (prior_days * DAY as f64 * pool.rate, prior_days * DAY as f64, 0.0);
            let mut squares = Vec::with_capacity(self.increments.len());
            for (i, w) in &self.increments {
                let seconds = (i.to - i.from) as f64;
                // The first round uses censored amounts as they are, since there is no fit yet.
                let (first, second) = if i.censored && round > 0 {
                    censored_moments(rate, scale, seconds, i.amount)
                } else {
                    (i.amount, i.amount * i.amount)
                };
                amount += w * first;
                time += w * seconds;
                weight += w;
                squares.push((first, second, seconds, *w));
            }
            if time <= 0.0 {
                break;
            }
            rate = (amount / time).max(1e-15);
            let deviations: f64 =
                squares.iter().map(|(m, s, t, w)| w * (s - 2.0 * m * rate * t + (rate * t).powi(2))).sum();
            let seconds: f64 = squares.iter().map(|(_, _, t, w)| w * t).sum();
            let own = deviations.max(0.0) / (rate * seconds).max(1e-300);
            // Five increments of its own have the same weight as the scale of all bins.
            let trust = if prior_days > 0.0 { weight / (weight + 5.0) } else { 1.0 };
            scale = (trust * if weight > 0.0 { own } else { 0.0 } + (1.0 - trust) * pool.scale).max(1e-6);
        }
        (rate, scale)
    }
}

/// Mean and mean square of a gamma amount that is at least `least`.
fn censored_moments(rate: f64, scale: f64, seconds: f64, least: f64) -> (f64, f64) {
    let shape = rate * seconds / scale;
    let tail = |shape: f64| upper_gamma(shape, least / scale);
    let all = tail(shape);
    if least <= 0.0 || all < 1e-9 {
        // Far in the tail, excess over the bound is nearly exponential with the scale as its mean.
        let mean = if least <= 0.0 { shape * scale } else { least + scale };
        return (mean, mean * mean + if least <= 0.0 { shape } else { 1.0 } * scale * scale);
    }
    let mean = shape * scale * tail(shape + 1.0) / all;
    let square = shape * (shape + 1.0) * scale * scale * tail(shape + 2.0) / all;
    (mean.max(least), square.max(mean * mean))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::draws::Draws;

    /// Daily amounts of mean 12 and scale 3 from levels that stop at `full`, one bin.
    fn drawn(full: f64, days: i64) -> Increments {
        let mut draws = Draws::new(7);
        let bin = (0..days)
            .map(|day| {
                let amount = draws.gamma(4.0) * 3.0;
                Increment { from: day * DAY, to: (day + 1) * DAY, amount: amount.min(full), censored: amount >= full }
            })
            .collect();
        Increments { names: vec!["a".to_owned()], bins: vec![bin], full }
    }

    #[test]
    fn rate_and_scale_come_back_in_spite_of_censoring() {
        for full in [1e9, 14.0] {
            let params = GammaParams { half_life: None, prior_days: 0.0 };
            let fitted = GammaProcess::fit(&drawn(full, 4000), &params).unwrap();
            let (rate, scale) = fitted.bins[0];
            assert!((rate * DAY as f64 - 12.0).abs() < 0.4, "full {full}: rate {}", rate * DAY as f64);
            assert!((scale - 3.0).abs() < 0.4, "full {full}: scale {scale}");
        }
    }

    #[test]
    fn a_bin_without_history_is_like_the_others() {
        let mut all = drawn(1e9, 50);
        all.names.push("new".to_owned());
        all.bins.push(Vec::new());
        let fitted = GammaProcess::fit(&all, &GammaParams::default()).unwrap();
        assert!((fitted.rise(1, 0, DAY).mean() - fitted.rise(0, 0, DAY).mean()).abs() < 1.0);
        assert_eq!(fitted.rise(1, DAY, 0).mean(), 0.0);
    }

    #[test]
    fn nothing_to_learn_from() {
        let none = Increments { names: vec!["a".to_owned()], bins: vec![vec![]], full: 100.0 };
        assert!(GammaProcess::fit(&none, &GammaParams::default()).is_err());
    }
}
