//! Whether a model has aged: drift of its inputs, its loss, its coverage.

use std::fmt;

use crate::forecast::fault::{Checks, ForecastError};
use crate::forecast::features::quantile_of_sorted;

/// The population stability index of `current` against `reference`, over classes between quantiles of the reference;
/// NaN if either is empty. Below 0.1 is usually called stable, above 0.25 a shift. Missing values form a class of their
/// own.
///
/// A class that is empty counts as half a value, so that the index stays finite.
pub fn psi(reference: &[f64], current: &[f64], classes: usize) -> f64 {
    if reference.is_empty() || current.is_empty() {
        return f64::NAN;
    }
    let mut sorted: Vec<f64> = reference.iter().copied().filter(|v| !v.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let classes = classes.max(2);
    let mut edges: Vec<f64> =
        (1..classes).map(|k| quantile_of_sorted(&sorted, k as f64 / classes as f64)).filter(|e| !e.is_nan()).collect();
    // A frequent value would make empty classes.
    edges.dedup_by(|a, b| (*a - *b).abs() < f64::EPSILON);
    let share = |values: &[f64]| {
        let mut counts = vec![0_usize; edges.len() + 2];
        for value in values {
            let class = if value.is_nan() { edges.len() + 1 } else { edges.partition_point(|e| e < value) };
            counts[class] += 1;
        }
        let n = values.len() as f64;
        counts.into_iter().map(|count| (count as f64).max(0.5) / n).collect::<Vec<f64>>()
    };
    share(reference).iter().zip(share(current)).map(|(r, c)| (c - r) * (c / r).ln()).sum()
}

/// The two-sample test of Kolmogorov and Smirnov.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct KsTest {
    /// The greatest difference between the two distribution functions.
    pub statistic: f64,
    /// Probability of at least this difference if both distributions are equal, for large samples.
    pub p_value: f64,
}

/// Compares two samples; missing values are ignored. Both numbers are NaN if a sample is empty.
pub fn ks_test(a: &[f64], b: &[f64]) -> KsTest {
    let sorted = |values: &[f64]| {
        let mut known: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
        known.sort_by(f64::total_cmp);
        known
    };
    let (a, b) = (sorted(a), sorted(b));
    if a.is_empty() || b.is_empty() {
        return KsTest { statistic: f64::NAN, p_value: f64::NAN };
    }
    let (n, m) = (a.len() as f64, b.len() as f64);
    let (mut i, mut j, mut statistic) = (0, 0, 0.0_f64);
    while i < a.len() && j < b.len() {
        let value = a[i].min(b[j]);
        while i < a.len() && a[i] <= value {
            i += 1;
        }
        while j < b.len() && b[j] <= value {
            j += 1;
        }
        statistic = statistic.max((i as f64 / n - j as f64 / m).abs());
    }
    let effective = (n * m / (n + m)).sqrt();
    KsTest { statistic, p_value: kolmogorov((effective + 0.12 + 0.11 / effective) * statistic) }
}

/// The tail of Kolmogorov's distribution.
fn kolmogorov(x: f64) -> f64 {
    if x < 0.2 {
        return 1.0;
    }
    let term = |k: i32| (-2.0 * f64::from(k * k) * x * x).exp();
    let sum: f64 = (1..=100).map(|k| if k % 2 == 1 { term(k) } else { -term(k) }).sum();
    (2.0 * sum).clamp(0.0, 1.0)
}

/// When a model counts as aged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MonitorParams {
    /// Highest population stability index of an input.
    pub psi: f64,
    /// A Kolmogorov-Smirnov test counts if its p-value is below `ks_p` and its statistic above `ks_statistic`: with
    /// many values, even the smallest difference is significant.
    pub ks_p: f64,
    /// See `ks_p`.
    pub ks_statistic: f64,
    /// Highest ratio of recent loss to reference loss.
    pub loss_ratio: f64,
    /// Largest tolerated difference between recent and nominal coverage.
    pub coverage: f64,
    /// Minimum number of recent values.
    pub least: usize,
}

impl Default for MonitorParams {
    fn default() -> Self {
        Self { psi: 0.2, ks_p: 0.001, ks_statistic: 0.15, loss_ratio: 1.2, coverage: 0.05, least: 50 }
    }
}

/// The inputs of a monitor.
#[derive(Clone, Debug, Default)]
pub struct MonitorInput<'a> {
    /// Inputs: name, values when the model was made, and recent values.
    pub columns: Vec<(&'a str, &'a [f64], &'a [f64])>,
    /// Losses (pinball, absolute errors) when the model was made, and recent ones.
    pub losses: Option<(&'a [f64], &'a [f64])>,
    /// Nominal coverage of the model, and whether each recent value was inside.
    pub coverage: Option<(f64, &'a [bool])>,
}

/// Drift of an input.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ColumnDrift {
    /// The input.
    pub name: String,
    /// Its population stability index, in ten classes.
    pub psi: f64,
    /// Its test.
    pub ks: KsTest,
}

/// Reason to retrain.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the message of each reason says what its fields are")]
#[non_exhaustive]
pub enum RetrainReason {
    /// An input's population stability index is too high.
    Psi { column: String, psi: f64, limit: f64 },
    /// An input's distribution differs.
    Ks { column: String, statistic: f64, p_value: f64 },
    /// The recent loss is too high.
    Loss { reference: f64, recent: f64, limit: f64 },
    /// Too many or too few recent values lie inside.
    Coverage { promised: f64, recent: f64, limit: f64 },
}

impl fmt::Display for RetrainReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Psi { column, psi, limit } => write!(f, "{column}: stability index {psi:.3} exceeds {limit}"),
            Self::Ks { column, statistic, p_value } => {
                write!(f, "{column}: distributions differ by {statistic:.3} (p = {p_value:.1e})")
            }
            Self::Loss { reference, recent, limit } => {
                write!(f, "loss rose from {reference:.3} to {recent:.3}, more than {limit} times the reference")
            }
            Self::Coverage { promised, recent, limit } => {
                let (promised, recent) = (promised * 100.0, recent * 100.0);
                write!(f, "{recent:.1} % lie inside instead of {promised:.0} % (tolerance {:.0} points)", limit * 100.0)
            }
        }
    }
}

/// Whether to retrain, and why. A report only: nothing is retrained.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Verdict {
    /// Whether there is any reason.
    pub retrain: bool,
    /// The reasons.
    pub reasons: Vec<RetrainReason>,
    /// Drift of every input.
    pub columns: Vec<ColumnDrift>,
}

/// Judges whether a model has aged. Inputs with fewer than [`MonitorParams::least`] recent values are not judged.
///
/// ```
/// use milkrun::forecast::{MonitorInput, MonitorParams, monitor};
///
/// let then: Vec<f64> = (0..500).map(|i| f64::from(i % 100)).collect();
/// let now: Vec<f64> = then.iter().map(|v| v + 30.0).collect();
/// let input = MonitorInput { columns: vec![("lag1", &then, &now)], ..MonitorInput::default() };
/// let verdict = monitor(&input, &MonitorParams::default()).unwrap();
/// assert!(verdict.retrain);
/// assert!(verdict.reasons[0].to_string().starts_with("lag1: stability index"));
/// ```
///
/// # Errors
///
/// Limits that are not positive.
pub fn monitor(input: &MonitorInput<'_>, params: &MonitorParams) -> Result<Verdict, ForecastError> {
    let mut checks = Checks::default();
    for (path, value) in [
        ("psi", params.psi),
        ("ks_p", params.ks_p),
        ("ks_statistic", params.ks_statistic),
        ("loss_ratio", params.loss_ratio),
        ("coverage", params.coverage),
    ] {
        checks.positive(path, value);
    }
    checks.finish()?;
    let mut reasons = Vec::new();
    let mut columns = Vec::new();
    for &(name, reference, recent) in &input.columns {
        let drift =
            ColumnDrift { name: name.to_owned(), psi: psi(reference, recent, 10), ks: ks_test(reference, recent) };
        if recent.len() >= params.least {
            column_reasons(&drift, params, &mut reasons);
        }
        columns.push(drift);
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    if let Some((reference, recent)) = input.losses.filter(|(_, recent)| recent.len() >= params.least) {
        let (reference, recent) = (mean(reference), mean(recent));
        if recent > params.loss_ratio * reference {
            reasons.push(RetrainReason::Loss { reference, recent, limit: params.loss_ratio });
        }
    }
    if let Some((promised, inside)) = input.coverage.filter(|(_, inside)| inside.len() >= params.least) {
        let recent = inside.iter().filter(|i| **i).count() as f64 / inside.len() as f64;
        if (recent - promised).abs() > params.coverage {
            reasons.push(RetrainReason::Coverage { promised, recent, limit: params.coverage });
        }
    }
    Ok(Verdict { retrain: !reasons.is_empty(), reasons, columns })
}

fn column_reasons(drift: &ColumnDrift, params: &MonitorParams, reasons: &mut Vec<RetrainReason>) {
    let column = drift.name.clone();
    let KsTest { statistic, p_value } = drift.ks;
    if drift.psi > params.psi {
        reasons.push(RetrainReason::Psi { column, psi: drift.psi, limit: params.psi });
    } else if p_value < params.ks_p && statistic > params.ks_statistic {
        reasons.push(RetrainReason::Ks { column, statistic, p_value });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::draws::Draws;

    fn normal(seed: u64, n: usize, shift: f64) -> Vec<f64> {
        let mut draws = Draws::new(seed);
        (0..n).map(|_| draws.normal() + shift).collect()
    }

    #[test]
    fn what_is_alike_is_stable() {
        let (a, b) = (normal(1, 2000, 0.0), normal(2, 2000, 0.0));
        assert!(psi(&a, &b, 10) < 0.02);
        assert!(ks_test(&a, &b).p_value > 0.01);
        let input = MonitorInput {
            columns: vec![("x", &a, &b)],
            losses: Some((&[1.0; 60], &[1.1; 60])),
            coverage: Some((0.8, &[true; 10])),
        };
        let verdict = monitor(&input, &MonitorParams::default()).unwrap();
        assert!(!verdict.retrain, "{verdict:?}");
    }

    #[test]
    fn every_reason() {
        let (a, b) = (normal(1, 1000, 0.0), normal(2, 1000, 0.45));
        let inside = [true; 100];
        let input = MonitorInput {
            columns: vec![("x", &a, &b), ("y", &a, &b)],
            losses: Some((&[1.0; 60], &[1.5; 60])),
            coverage: Some((0.8, &inside)),
        };
        let strict = MonitorParams { psi: 0.1, ..MonitorParams::default() };
        assert_eq!(monitor(&input, &strict).unwrap().reasons.len(), 4);
        let lenient = MonitorParams { psi: 5.0, ..MonitorParams::default() };
        assert!(matches!(monitor(&input, &lenient).unwrap().reasons[0], RetrainReason::Ks { .. }));
    }

    #[test]
    fn ks_against_a_known_value() {
        // D = 0.3 for n = m = 100: the asymptotic tail at (√50 + 0.12 + 0.11/√50)·0.3.
        let a: Vec<f64> = (0..100).map(f64::from).collect();
        let b: Vec<f64> = (0..100).map(|i| f64::from(i) + 30.0).collect();
        let found = ks_test(&a, &b);
        assert!((found.statistic - 0.3).abs() < 1e-12);
        assert!((found.p_value - 1.88e-4).abs() < 2e-5, "{}", found.p_value);
        assert!(psi(&[], &a, 10).is_nan());
    }

    #[test]
    fn missing_values_are_drift() {
        let a = normal(1, 500, 0.0);
        let mut b = a.clone();
        b[..200].fill(f64::NAN);
        assert!(psi(&a, &b, 10) > 1.0);
    }
}
