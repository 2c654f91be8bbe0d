//! Distributions of a non-negative amount.

use super::quantile;
use statrs::distribution::{ContinuousCDF as _, Normal};
use statrs::function::gamma::checked_gamma_ur;

/// Distribution of the amount deposited in a bin.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Amounts with weights.
    Sample(WeightedSample),
    /// The gamma distribution; a shape of zero is the amount zero.
    Gamma {
        /// Shape.
        shape: f64,
        /// Scale, in the unit of the amount.
        scale: f64,
    },
    /// Parts with weights that sum to one.
    Mixture(Vec<(f64, Self)>),
}

impl Distribution {
    /// A certain amount.
    pub fn certain(amount: f64) -> Self {
        Self::Sample(WeightedSample::new(vec![(amount, 1.0)]))
    }

    /// The probability that the amount is at least this much.
    pub fn exceeds(&self, amount: f64) -> f64 {
        match self {
            Self::Sample(sample) => sample.exceeds(amount),
            _ if amount <= 0.0 => 1.0,
            Self::Gamma { shape, scale } => gamma_tail(*shape, *scale, amount),
            Self::Mixture(parts) => parts.iter().map(|(weight, part)| weight * part.exceeds(amount)).sum(),
        }
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Sample(sample) => sample.mean(),
            Self::Gamma { shape, scale } => shape * scale,
            Self::Mixture(parts) => parts.iter().map(|(weight, part)| weight * part.mean()).sum(),
        }
    }

    /// The smallest amount that is not exceeded with probability `level` (strictly between 0 and 1).
    pub fn quantile(&self, level: f64) -> f64 {
        if let Self::Sample(sample) = self {
            return sample.quantile(level);
        }
        quantile::quantiles(self, &[level]).first().copied().unwrap_or_default()
    }

    /// The [quantiles](Self::quantile) of several levels, in ascending order: faster than one by one.
    pub fn quantiles(&self, levels: &[f64]) -> Vec<f64> {
        match self {
            Self::Sample(sample) => levels.iter().map(|&level| sample.quantile(level)).collect(),
            _ => quantile::quantiles(self, levels),
        }
    }
}

fn gamma_tail(shape: f64, scale: f64, amount: f64) -> f64 {
    if shape <= 0.0 || scale <= 0.0 {
        return 0.0;
    }
    upper_gamma(shape, amount / scale)
}

/// The regularised upper incomplete gamma function, for positive shapes.
///
/// Series and continued fraction take more terms the larger the shape; beyond some thousand the cube root is normal to
/// more digits than needed (Wilson and Hilferty 1931,
/// [doi:10.1073/pnas.17.12.684](https://doi.org/10.1073/pnas.17.12.684)).
pub(super) fn upper_gamma(shape: f64, x: f64) -> f64 {
    const LARGE: f64 = 5_000.0;
    if shape > LARGE {
        let ninth = 1.0 / (9.0 * shape);
        return Normal::standard().sf(((x / shape).cbrt() - (1.0 - ninth)) / ninth.sqrt());
    }
    checked_gamma_ur(shape, x).unwrap_or(0.0)
}

/// Amounts with weights, in ascending order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WeightedSample {
    /// Amount, and the total weight of it and all smaller ones; the last is 1.
    cumulated: Vec<(f64, f64)>,
    mean: f64,
}

impl WeightedSample {
    /// From amounts and weights. Weights need not sum to one; entries that are not finite or have no weight are
    /// ignored.
    pub fn new(mut weighted: Vec<(f64, f64)>) -> Self {
        weighted.retain(|(amount, weight)| amount.is_finite() && weight.is_finite() && *weight > 0.0);
        weighted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let total: f64 = weighted.iter().map(|w| w.1).sum();
        let mean = weighted.iter().map(|w| w.0 * w.1).sum::<f64>() / total;
        let mut sum = 0.0;
        for (_, weight) in &mut weighted {
            sum += *weight / total;
            *weight = sum;
        }
        if let Some(last) = weighted.last_mut() {
            last.1 = 1.0;
        }
        Self { cumulated: weighted, mean: if total > 0.0 { mean } else { 0.0 } }
    }

    /// Whether there is no amount.
    pub fn is_empty(&self) -> bool {
        self.cumulated.is_empty()
    }

    /// The amounts in ascending order, each with the probability of at most that much.
    pub(super) fn cumulated(&self) -> &[(f64, f64)] {
        &self.cumulated
    }

    /// The probability of at least `amount`; an empty sample counts as the amount zero.
    pub fn exceeds(&self, amount: f64) -> f64 {
        let below = self.cumulated.partition_point(|c| c.0 < amount);
        match below.checked_sub(1) {
            None if self.cumulated.is_empty() => f64::from(amount <= 0.0),
            None => 1.0,
            Some(last) => 1.0 - self.cumulated[last].1,
        }
    }

    /// The mean; zero for an empty sample.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The smallest amount whose cumulated weight reaches `level`; zero for an empty sample.
    pub fn quantile(&self, level: f64) -> f64 {
        // Sums of weights carry rounding errors: 0.9 of ten equal weights is the ninth.
        let at = self.cumulated.partition_point(|c| c.1 < level - 1e-12);
        self.cumulated.get(at).or(self.cumulated.last()).map_or(0.0, |c| c.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample() {
        let sample = WeightedSample::new((1..=10).map(|i| (f64::from(i), 1.0)).collect());
        assert_eq!((sample.quantile(0.9), sample.quantile(0.91), sample.mean()), (9.0, 10.0, 5.5));
        assert!((sample.exceeds(9.0) - 0.2).abs() < 1e-12 && sample.exceeds(10.5) == 0.0);
        let empty = WeightedSample::new(vec![(f64::NAN, 1.0), (3.0, 0.0)]);
        assert_eq!((empty.mean(), empty.quantile(0.5), empty.exceeds(1.0)), (0.0, 0.0, 0.0));
    }

    #[test]
    fn an_exponential_is_a_gamma_of_shape_one() {
        let exponential = Distribution::Gamma { shape: 1.0, scale: 2.0 };
        assert!((exponential.exceeds(2.0) - (-1.0_f64).exp()).abs() < 1e-10);
        assert!((exponential.quantile(0.5) - 2.0 * std::f64::consts::LN_2).abs() < 1e-9);
    }

    #[test]
    fn large_shapes_meet_small_ones() {
        for x in [4_800.0, 5_000.0, 5_100.0] {
            let exact = checked_gamma_ur(5_000.0, x).unwrap();
            assert!((upper_gamma(5_000.0 + 1e-9, x) - exact).abs() < 1e-5, "{x}");
        }
        assert!((upper_gamma(1e12, 1e12) - 0.5).abs() < 1e-3);
        assert_eq!((upper_gamma(1e12, 2e12), upper_gamma(1e12, 0.0)), (0.0, 1.0));
    }

    #[test]
    fn a_mixture() {
        let mixture = Distribution::Mixture(vec![(0.5, Distribution::certain(4.0)), (0.5, Distribution::certain(8.0))]);
        assert_eq!((mixture.mean(), mixture.exceeds(5.0)), (6.0, 0.5));
        assert!((mixture.quantile(0.7) - 8.0).abs() < 1e-6);
        let nothing = Distribution::Gamma { shape: 0.0, scale: 1.0 };
        assert!(nothing.quantile(0.99) < 1e-12 && nothing.exceeds(0.1) == 0.0 && nothing.exceeds(0.0) == 1.0);
    }
}
