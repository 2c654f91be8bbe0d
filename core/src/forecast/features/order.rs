//! Minimum, maximum and quantiles of a window.

use std::collections::VecDeque;

use super::window::Window;

/// The minimum or maximum: only values that can still become it are kept.
#[derive(Clone, Debug)]
pub(super) struct Extreme {
    /// −1 for the minimum, 1 for the maximum.
    sign: f64,
    min_samples: usize,
    count: usize,
    entered: u64,
    left: u64,
    candidates: VecDeque<(u64, f64)>,
}

impl Extreme {
    fn new(sign: f64, min_samples: usize) -> Self {
        Self { sign, min_samples: min_samples.max(1), count: 0, entered: 0, left: 0, candidates: VecDeque::new() }
    }

    pub(super) fn min(min_samples: usize) -> Self {
        Self::new(-1.0, min_samples)
    }

    pub(super) fn max(min_samples: usize) -> Self {
        Self::new(1.0, min_samples)
    }
}

impl Window for Extreme {
    #[inline]
    fn enter(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        let key = value * self.sign;
        while self.candidates.back().is_some_and(|&(_, k)| k <= key) {
            self.candidates.pop_back();
        }
        self.candidates.push_back((self.entered, key));
        self.entered += 1;
        self.count += 1;
    }

    #[inline]
    fn leave(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        if self.candidates.front().is_some_and(|&(at, _)| at == self.left) {
            self.candidates.pop_front();
        }
        self.left += 1;
        self.count -= 1;
    }

    #[inline]
    fn value(&self) -> f64 {
        match self.candidates.front() {
            Some(&(_, key)) if self.count >= self.min_samples => key * self.sign,
            _ => f64::NAN,
        }
    }
}

/// The values in order.
#[derive(Clone, Debug)]
pub(super) struct Sorted {
    level: f64,
    min_samples: usize,
    values: Vec<f64>,
}

impl Sorted {
    pub(super) fn new(level: f64, min_samples: usize) -> Self {
        Self { level, min_samples: min_samples.max(1), values: Vec::new() }
    }
}

impl Window for Sorted {
    fn enter(&mut self, value: f64) {
        if !value.is_nan() {
            let at = self.values.partition_point(|&v| v < value);
            self.values.insert(at, value);
        }
    }

    fn leave(&mut self, value: f64) {
        let at = self.values.partition_point(|&v| v < value);
        if self.values.get(at).is_some_and(|&v| v <= value) {
            self.values.remove(at);
        }
    }

    fn value(&self) -> f64 {
        if self.values.len() < self.min_samples { f64::NAN } else { quantile_of_sorted(&self.values, self.level) }
    }
}

/// The quantile of sorted values at a level from 0 to 1, interpolated between order statistics; NaN if there are none.
///
/// Type 7 of Hyndman and Fan (1996), [doi:10.2307/2684934](https://doi.org/10.2307/2684934).
pub(crate) fn quantile_of_sorted(sorted: &[f64], level: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let at = level.clamp(0.0, 1.0) * last as f64;
    let below = (at.floor() as usize).min(last);
    let above = (below + 1).min(last);
    sorted[below] + (sorted[above] - sorted[below]) * (at - below as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sliding_extremes() {
        let values = [3.0, 1.0, 4.0, 1.0, 5.0, f64::NAN, 2.0];
        let mut window = Extreme::min(1);
        let mut found = Vec::new();
        for (i, &value) in values.iter().enumerate() {
            window.enter(value);
            if i >= 2 {
                window.leave(values[i - 2]);
            }
            found.push(window.value());
        }
        assert_eq!(found, [3.0, 1.0, 1.0, 1.0, 1.0, 5.0, 2.0]);
    }

    #[test]
    fn type_7_quantiles() {
        let sorted = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(quantile_of_sorted(&sorted, 0.5), 2.5);
        assert_eq!(quantile_of_sorted(&sorted, 1.0), 4.0);
        assert!(quantile_of_sorted(&[], 0.5).is_nan());
    }
}
