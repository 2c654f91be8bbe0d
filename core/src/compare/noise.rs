//! What several seeds say of a figure, and of a difference.

use statrs::distribution::{ContinuousCDF as _, StudentsT};

/// A figure over several seeds.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Spread {
    /// How many values there are.
    pub count: usize,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation, that of a sample; `None` with one value.
    pub deviation: Option<f64>,
    /// The least of them.
    pub least: i64,
    /// The largest.
    pub most: i64,
}

impl Spread {
    /// The spread of values; `None` without any.
    ///
    /// ```
    /// let spread = milkrun::compare::Spread::of(&[1, 2, 3]).unwrap();
    /// assert_eq!((spread.mean, spread.deviation, spread.least, spread.most), (2.0, Some(1.0), 1, 3));
    /// ```
    pub fn of(values: &[i64]) -> Option<Self> {
        let (least, most) = (*values.iter().min()?, *values.iter().max()?);
        let (mean, deviation) = moments(values);
        Some(Self { count: values.len(), mean, deviation, least, most })
    }
}

/// The mean of differences seed by seed, and its noise.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Paired {
    /// How many pairs there are.
    pub pairs: usize,
    /// The mean difference.
    pub mean: f64,
    /// The standard error of the mean; `None` with one pair.
    pub standard_error: Option<f64>,
    /// Half the width of the 95 % confidence interval of the mean (Student's t with one degree of freedom less than there are
    /// pairs); `None` with one pair.
    pub half_width: Option<f64>,
}

impl Paired {
    /// What differences say; `None` without any.
    ///
    /// ```
    /// let paired = milkrun::compare::Paired::of(&[1, 2, 3]).unwrap();
    /// // The standard error is 1/√3; with two degrees of freedom, 95 % lie within 4.303 of them.
    /// assert!((paired.standard_error.unwrap() - 0.577_350).abs() < 1e-6);
    /// assert!((paired.half_width.unwrap() - 2.484_138).abs() < 1e-4);
    /// ```
    pub fn of(differences: &[i64]) -> Option<Self> {
        if differences.is_empty() {
            return None;
        }
        let (mean, deviation) = moments(differences);
        let pairs = differences.len();
        let standard_error = deviation.map(|deviation| deviation / (pairs as f64).sqrt());
        // With two pairs or more, the distribution exists.
        let t = StudentsT::new(0.0, 1.0, pairs.saturating_sub(1) as f64).ok();
        let half_width = standard_error.zip(t).map(|(error, t)| error * t.inverse_cdf(0.975));
        Some(Self { pairs, mean, standard_error, half_width })
    }

    /// Whether the interval does not reach zero: the difference is more than chance. A difference that all seeds agree on is
    /// certain; of one pair alone, nothing is known.
    pub fn is_significant(&self) -> bool {
        self.half_width.is_some_and(|half| self.mean.abs() > half)
    }
}

/// Mean and standard deviation of a sample, exact where all values are the same.
fn moments(values: &[i64]) -> (f64, Option<f64>) {
    let n = values.len() as f64;
    let first = values.first().copied().unwrap_or(0) as f64;
    // Around the first value, so that equal values have no deviation at all.
    let shifted = values.iter().map(|&value| value as f64 - first);
    let shift = shifted.clone().sum::<f64>() / n;
    let squares: f64 = shifted.map(|value| (value - shift).powi(2)).sum();
    (first + shift, (values.len() > 1).then(|| (squares / (n - 1.0)).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_no_noise() {
        let paired = Paired::of(&[7; 6]).unwrap();
        assert_eq!((paired.mean, paired.standard_error, paired.half_width), (7.0, Some(0.0), Some(0.0)));
        assert!(paired.is_significant());
        assert!(!Paired::of(&[0; 6]).unwrap().is_significant());
    }

    #[test]
    fn one_value_tells_no_noise() {
        let paired = Paired::of(&[7]).unwrap();
        assert_eq!((paired.pairs, paired.standard_error, paired.half_width), (1, None, None));
        assert!(!paired.is_significant());
        assert_eq!(Spread::of(&[7]).unwrap().deviation, None);
        assert_eq!((Spread::of(&[]), Paired::of(&[])), (None, None));
    }

    /// Quantiles of Student's t from tables.
    #[test]
    fn intervals_are_those_of_tables() {
        for (pairs, t) in [(2, 12.706), (3, 4.303), (5, 2.776), (10, 2.262), (31, 2.042)] {
            let values: Vec<i64> = (0..pairs).collect();
            let paired = Paired::of(&values).unwrap();
            let found = paired.half_width.unwrap() / paired.standard_error.unwrap();
            assert!((found - t).abs() < 1e-3, "{pairs} pairs: {found}, not {t}");
        }
    }
}
