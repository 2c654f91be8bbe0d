//! Mean and standard deviation of a window.

use super::window::Window;

/// Count, sum and sum of squares of a window, all relative to a value near them, so that a large mean does not cost
/// precision.
#[derive(Clone, Debug)]
pub(super) struct Moments {
    std: bool,
    min_samples: f64,
    shift: f64,
    count: f64,
    /// 1 / count and 1 / (count − 1): a full window slides without a division.
    inverse: f64,
    inverse_less_one: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    pub(super) fn mean(min_samples: usize) -> Self {
        let (inverse, inverse_less_one) = (f64::INFINITY, -1.0);
        let (shift, count, sum, squares) = (f64::NAN, 0.0, 0.0, 0.0);
        Self { std: false, min_samples: min_samples as f64, shift, count, inverse, inverse_less_one, sum, squares }
    }

    /// A standard deviation needs at least two values.
    pub(super) fn std(min_samples: usize) -> Self {
        Self { std: true, min_samples: (min_samples as f64).max(2.0), ..Self::mean(0) }
    }

    pub(super) fn is_std(&self) -> bool {
        self.std
    }

    #[inline]
    pub(super) fn mean_value(&self) -> f64 {
        self.shift + self.sum * self.inverse
    }

    #[inline]
    pub(super) fn std_value(&self) -> f64 {
        let deviations = self.squares - self.sum * self.sum * self.inverse;
        // Anything below the precision of the sum of squares is rounding error, not spread.
        if deviations <= 1e-12 * self.squares { 0.0 } else { (deviations * self.inverse_less_one).sqrt() }
    }

    #[inline]
    pub(super) fn enough(&self) -> bool {
        self.count >= self.min_samples
    }

    #[inline]
    pub(super) fn enough_for_std(&self) -> bool {
        self.count >= self.min_samples.max(2.0)
    }

    #[inline]
    fn set_count(&mut self, count: f64) {
        self.count = count;
        self.inverse = 1.0 / count;
        self.inverse_less_one = 1.0 / (count - 1.0);
    }

    /// Whether a mean and a standard deviation need the same number of values, so that they can share a window.
    pub(super) fn shares(&self, other: &Self) -> bool {
        let (a, b) = (self.min_samples.max(2.0), other.min_samples.max(2.0));
        a.to_bits() == b.to_bits()
    }
}

impl Window for Moments {
    #[inline]
    fn enter(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        if self.shift.is_nan() {
            self.shift = value;
        }
        let d = value - self.shift;
        self.set_count(self.count + 1.0);
        self.sum += d;
        self.squares += d * d;
    }

    #[inline]
    fn leave(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        let d = value - self.shift;
        self.set_count(self.count - 1.0);
        self.sum -= d;
        self.squares -= d * d;
    }

    #[inline]
    fn exchange(&mut self, new: f64, old: f64) {
        let (new_d, old_d) = (new - self.shift, old - self.shift);
        // The sum is NaN if either value is, or if there is no shift yet.
        if (new_d + old_d).is_nan() {
            self.enter(new);
            self.leave(old);
            return;
        }
        self.sum += new_d - old_d;
        self.squares += new_d * new_d - old_d * old_d;
    }

    #[inline]
    fn value(&self) -> f64 {
        if !self.enough() {
            f64::NAN
        } else if self.std {
            self.std_value()
        } else {
            self.mean_value()
        }
    }

    fn refresh(&mut self, contents: &mut dyn Iterator<Item = f64>) {
        let least = self.min_samples;
        *self = Self { std: self.std, min_samples: least, ..Self::mean(0) };
        for value in contents {
            self.enter(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_mean_does_not_cost_precision() {
        let mut window = Moments::std(3);
        for value in [1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0] {
            window.enter(value);
        }
        assert!((window.value() - 1.0).abs() < 1e-9);
        window.leave(1e9 + 1.0);
        window.enter(f64::NAN);
        assert!(window.value().is_nan(), "two are too few");
        window.enter(1e9 + 4.0);
        assert!((window.value() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_constant_window_has_no_spread() {
        let mut window = Moments::std(2);
        for i in 0..100 {
            window.enter(f64::from(i) * 0.1);
        }
        for i in 0..100 {
            window.leave(f64::from(i) * 0.1);
            window.enter(0.3);
        }
        assert!(window.value() < 1e-5, "{}", window.value());
    }
}
