//! Quantiles of gamma distributions and their mixtures with samples.
//!
//! Evaluating tails of gamma distributions dominates the running time, so few of them are computed: between two amounts
//! of the samples only the gamma parts change, and Halley's method converges there in two or three steps. Each quantile
//! starts from the previous one.

use statrs::function::gamma::ln_gamma;

use super::Distribution;
use super::distribution::upper_gamma;

/// Maximum number of steps; bisection alone ends within as many.
const STEPS: usize = 100;

/// A decomposed distribution: weighted gamma parts, and amounts with point masses.
struct Parts {
    gammas: Vec<Gamma>,
    /// Amounts in ascending order, each with the probability of this amount or a larger one of the list.
    points: Vec<(f64, f64)>,
    /// The gamma parts' tails at the points, as far as they have been computed.
    tails: Vec<Option<f64>>,
}

#[derive(Clone, Copy)]
struct Gamma {
    weight: f64,
    shape: f64,
    scale: f64,
    /// The logarithm of the gamma function at the shape.
    ln_of_shape: f64,
}

/// The smallest amounts that are exceeded with at most `1 - level`, for each of the levels, which lie between 0 and 1.
pub(super) fn quantiles(distribution: &Distribution, levels: &[f64]) -> Vec<f64> {
    let mut parts = Parts { gammas: Vec::new(), points: Vec::new(), tails: Vec::new() };
    parts.add(1.0, distribution);
    parts.points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut sum = 0.0;
    for (_, weight) in parts.points.iter_mut().rev() {
        sum += *weight;
        *weight = sum;
    }
    parts.tails = vec![None; parts.points.len()];
    let mut last = None;
    levels.iter().map(|&level| parts.quantile(1.0 - level, &mut last)).collect()
}

/// Where a search ended: the segment between points, the target tail, and the amount found if it is inside the segment.
type Found = Option<(usize, f64, Option<f64>)>;

impl Parts {
    fn add(&mut self, weight: f64, distribution: &Distribution) {
        match distribution {
            Distribution::Mixture(parts) => parts.iter().for_each(|(share, part)| self.add(weight * share, part)),
            Distribution::Sample(sample) => {
                let mut below = 0.0;
                for &(amount, cumulated) in sample.cumulated() {
                    self.points.push((amount.max(0.0), weight * (cumulated - below)));
                    below = cumulated;
                }
            }
            &Distribution::Gamma { shape, scale } => {
                if shape > 0.0 && scale > 0.0 && shape.is_finite() && scale.is_finite() {
                    self.gammas.push(Gamma { weight, shape, scale, ln_of_shape: ln_gamma(shape) });
                } else {
                    self.points.push((0.0, weight));
                }
            }
        }
    }

    /// The probability of all gamma parts beyond an amount.
    fn tail(&self, amount: f64) -> f64 {
        self.gammas.iter().map(|g| g.weight * upper_gamma(g.shape, amount / g.scale)).sum()
    }

    /// The same at a point.
    fn tail_at(&mut self, point: usize) -> f64 {
        let tail = self.tails[point].unwrap_or_else(|| self.tail(self.points[point].0));
        self.tails[point] = Some(tail);
        tail
    }

    fn quantile(&mut self, tail: f64, last: &mut Found) -> f64 {
        // The first point beyond which at most the tail remains.
        let (mut low, mut high) = (0, self.points.len());
        if let Some((segment, from, _)) = *last
            && tail <= from
        {
            low = segment;
        }
        while low < high {
            let middle = usize::midpoint(low, high);
            let after = self.points.get(middle + 1).map_or(0.0, |p| p.1);
            if self.tail_at(middle) + after <= tail {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        let rest = self.points.get(low).map_or(0.0, |p| p.1);
        let (begin, end) = (low.checked_sub(1).map_or(0.0, |p| self.points[p].0), self.points.get(low).map(|p| p.0));
        // The point mass covers the difference.
        if let Some(end) = end
            && self.tail_at(low) + rest > tail
        {
            *last = Some((low, tail, None));
            return end;
        }
        if self.gammas.is_empty() {
            return end.unwrap_or(begin);
        }
        let before = last.filter(|(segment, ..)| *segment == low);
        let start = before.and_then(|(_, from, amount)| self.step(amount?, tail - from));
        let amount = self.solve(tail - rest, (begin, end), start);
        *last = Some((low, tail, Some(amount)));
        amount
    }

    /// Where gamma parts have the given tail, between two amounts; `end` may be missing.
    fn solve(&self, tail: f64, (mut low, end): (f64, Option<f64>), start: Option<f64>) -> f64 {
        let mut high = end.unwrap_or(f64::INFINITY);
        let mean = self.mean();
        // Where the density is almost zero, steps are unreliable.
        let inside = |next: f64, from: f64, (low, high): (f64, f64)| {
            (next > low && next < high.min(4.0 * (from + mean))).then_some(next)
        };
        let halved = |from: f64, (low, high): (f64, f64)| {
            if high.is_finite() { f64::midpoint(low, high) } else { 2.0 * from + mean }
        };
        let start = start.or_else(|| self.guess(tail)).and_then(|amount| inside(amount, low, (low, high)));
        let mut amount = start.unwrap_or_else(|| halved(low, (low, high)));
        for _ in 0..STEPS {
            let excess = self.tail(amount) - tail;
            if excess > 0.0 {
                low = amount;
            } else {
                high = amount;
            }
            let next = self.step(amount, -excess);
            // Convergence is cubic.
            if let Some(next) = next.filter(|next| (next - amount).abs() <= 1e-7 * amount) {
                return next.clamp(low, high);
            }
            let next = next.and_then(|next| inside(next, amount, (low, high)));
            amount = next.unwrap_or_else(|| halved(amount, (low, high)));
            if high - low <= f64::EPSILON * low {
                break;
            }
        }
        amount
    }

    /// Where the tail is probably larger by `change` than at `amount`: a step of Halley's.
    fn step(&self, amount: f64, change: f64) -> Option<f64> {
        let (mut density, mut slope) = (0.0, 0.0);
        for g in &self.gammas {
            let x = amount / g.scale;
            let own = g.weight * ((g.shape - 1.0) * x.ln() - x - g.ln_of_shape).exp() / g.scale;
            density += own;
            slope += own * ((g.shape - 1.0) / amount - 1.0 / g.scale);
        }
        let straight = change / density;
        let bend = (straight * slope / density).clamp(-1.0, 1.0);
        let next = amount - straight / (1.0 - 0.5 * bend);
        next.is_finite().then_some(next)
    }

    /// A starting point: Wilson and Hilferty's (doi:10.1073/pnas.17.12.684) for one gamma part, and the beginning of
    /// its series for small amounts.
    fn guess(&self, tail: f64) -> Option<f64> {
        let &[Gamma { weight, shape, scale, ln_of_shape }] = self.gammas.as_slice() else { return None };
        let below = 1.0 - tail / weight;
        if below <= 0.0 || below >= 1.0 {
            return None;
        }
        let ninth = 1.0 / (9.0 * shape);
        let cube = 1.0 - ninth + normal(below) * ninth.sqrt();
        let small = ((below.ln() + shape.ln() + ln_of_shape) / shape).exp();
        let x = if shape > 1.0 && cube > 0.0 {
            shape * cube.powi(3)
        } else if small < 0.5 {
            small
        } else {
            return None;
        };
        Some(x * scale)
    }

    fn mean(&self) -> f64 {
        self.gammas.iter().map(|g| g.shape * g.scale).sum::<f64>().max(f64::MIN_POSITIVE)
    }
}

/// The normal distribution's quantile to three digits (Hastings).
fn normal(level: f64) -> f64 {
    let tail = level.min(1.0 - level);
    let t = (-2.0 * tail.ln()).sqrt();
    let z = t - (2.30753 + 0.27061 * t) / (1.0 + t * (0.99229 + 0.04481 * t));
    if level < 0.5 { -z } else { z }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::forecast::models::WeightedSample;

    /// Sixty bisection steps, with which the fast method must agree.
    fn slowly(distribution: &Distribution, level: f64) -> f64 {
        let mut high = distribution.mean().max(f64::MIN_POSITIVE);
        while distribution.exceeds(high) > 1.0 - level && high < 1e300 {
            high *= 2.0;
        }
        let mut low = 0.0;
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if distribution.exceeds(middle) > 1.0 - level { low = middle } else { high = middle }
        }
        high
    }

    const LEVELS: [f64; 9] = [0.001, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.999];

    fn agree(distribution: &Distribution) -> Result<(), TestCaseError> {
        let found = quantiles(distribution, &LEVELS);
        for (&level, &found) in LEVELS.iter().zip(&found) {
            let expected = slowly(distribution, level);
            // For amounts that are tiny relative to the mean, bisection has little relative precision.
            let near = 1e-9 * expected + 1e-13 * distribution.mean();
            prop_assert!((found - expected).abs() <= near, "{level} of {distribution:?}: {found}, not {expected}");
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_gamma(shape in -4.0..4.0_f64, scale in -3.0..3.0_f64) {
            agree(&Distribution::Gamma { shape: 10_f64.powf(shape), scale: 10_f64.powf(scale) })?;
        }

        #[test]
        fn a_mixture(
            amounts in prop::collection::vec((0.0..100.0_f64, 0.1..1.0_f64), 0..12),
            gammas in prop::collection::vec((-2.0..3.0_f64, -1.0..1.0_f64, 0.1..1.0_f64), 1..3),
            share in 0.0..1.0_f64,
        ) {
            let total: f64 = gammas.iter().map(|g| g.2).sum();
            let parts = gammas.iter().map(|&(shape, scale, weight)| {
                (weight / total, Distribution::Gamma { shape: 10_f64.powf(shape), scale: 10_f64.powf(scale) })
            });
            let smooth = Distribution::Mixture(parts.collect());
            if amounts.is_empty() {
                agree(&smooth)?;
            } else {
                let sample = Distribution::Sample(WeightedSample::new(amounts));
                agree(&Distribution::Mixture(vec![(share, sample), (1.0 - share, smooth)]))?;
            }
        }
    }

    #[test]
    fn nothing_at_all() {
        for shape in [0.0, -1.0, f64::NAN] {
            assert_eq!(quantiles(&Distribution::Gamma { shape, scale: 1.0 }, &LEVELS), [0.0; 9]);
        }
        assert_eq!(quantiles(&Distribution::Mixture(Vec::new()), &[0.5]), [0.0]);
    }
}
