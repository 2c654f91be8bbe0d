//! How the temperature falls (Kirkpatrick et al. 1983, doi:10.1126/science.220.4598.671).

/// An exponential schedule, between multiples of the mean arc's cost.
pub(super) struct Cooling {
    hot: f64,
    cold: f64,
    /// Iterations of one cycle, where nothing says how long the search will be.
    cycle: u64,
}

impl Cooling {
    pub(super) fn new(hot: f64, cold: f64, cycle: u64) -> Self {
        Self { hot: hot.max(cold), cold: cold.max(1e-6), cycle: cycle.max(1) }
    }

    /// The temperature once the given part of the budget is spent; without a budget, cycle after cycle.
    pub(super) fn temperature(&self, spent: Option<f64>, iterations: u64) -> f64 {
        let spent = spent.unwrap_or_else(|| (iterations % self.cycle) as f64 / self.cycle as f64);
        self.hot * (self.cold / self.hot).powf(spent)
    }
}
