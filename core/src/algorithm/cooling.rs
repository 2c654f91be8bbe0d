//! How the temperature falls (Kirkpatrick et al. 1983, doi:10.1126/science.220.4598.671).

/// Exponential cooling between multiples of the mean arc's cost, in cycles: each begins less hot than the one before.
pub(super) struct Cooling {
    hot: f64,
    cold: f64,
    cycles: u32,
    /// Iterations of one cycle, where nothing says how long the search will be.
    endless_cycle: u64,
}

/// By how much less hot each cycle begins.
const REHEAT: f64 = 0.3;

impl Cooling {
    pub(super) fn new(hot: f64, cold: f64, cycles: u32, endless_cycle: u64) -> Self {
        Self { hot: hot.max(cold), cold: cold.max(1e-6), cycles: cycles.max(1), endless_cycle: endless_cycle.max(1) }
    }

    /// The temperature once the given part of the budget is spent, and the number of the cycle. Without a budget, cycle
    /// follows cycle.
    pub(super) fn temperature(&self, spent: Option<f64>, iterations: u64) -> (f64, u64) {
        let (progress, cycle) = match spent {
            Some(spent) => {
                let at = spent * f64::from(self.cycles);
                let cycle = at.floor().min(f64::from(self.cycles - 1));
                (at - cycle, cycle as u64)
            }
            None => {
                ((iterations % self.endless_cycle) as f64 / self.endless_cycle as f64, iterations / self.endless_cycle)
            }
        };
        let hot = (self.hot * REHEAT.powi(cycle.min(3) as i32)).max(self.cold);
        (hot * (self.cold / hot).powf(progress), cycle)
    }
}

/// Several short walks from starts of their own, and a long one from the best of them.
#[derive(Clone, Copy)]
pub(super) struct Starts {
    hot: f64,
    cold: f64,
}

impl Starts {
    /// How many walks there are.
    pub(super) const COUNT: u64 = 4;
    /// The part of the budget that each short walk gets.
    const SHARE: f64 = 0.1;
    /// The last temperature of a short walk, and the first of the long one, beside the first of a short one.
    const SHORT_END: f64 = 0.125;
    const AGAIN: f64 = 0.25;

    pub(super) fn new(hot: f64, cold: f64) -> Self {
        Self { hot, cold }
    }

    /// The temperature once the given part of the budget is spent, and the number of the walk.
    pub(super) fn temperature(&self, spent: f64) -> (f64, u64) {
        let walk = ((spent / Self::SHARE) as u64).min(Self::COUNT - 1);
        let from = walk as f64 * Self::SHARE;
        let (first, last, length) = if walk + 1 < Self::COUNT {
            (self.hot, Self::SHORT_END * self.hot, Self::SHARE)
        } else {
            (Self::AGAIN * self.hot, self.cold, 1.0 - from)
        };
        (first * (last / first).powf((spent - from) / length), walk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_within_a_cycle_and_rises_to_less_at_the_next() {
        let cooling = Cooling::new(100.0, 1.0, 2, 1_000);
        let at = |spent| cooling.temperature(Some(spent), 0);
        assert_eq!(at(0.0), (100.0, 0));
        assert!((at(0.499).0 - 1.0).abs() < 0.1);
        assert_eq!(at(0.5), (30.0, 1));
        assert!((at(1.0).0 - 1.0).abs() < 1e-9);
        assert_eq!(cooling.temperature(None, 1_000), (30.0, 1));
    }
}
