//! Made-up cities, and policies that run through their days.

use milkrun::forecast::{
    self as core, CityParams, DecisionMetrics, EmpiricalParams, ForecastPolicy, ImpactCosts, Policy, RoundParams,
    SelectParams,
};
use pyo3::prelude::*;

use super::data::Series;
use super::{of_reals, run};
use pyo3::types::PyBytes;

/// A city of bins.
#[pyclass(frozen, module = "milkrun._core")]
pub(crate) struct City {
    inner: core::City,
}

/// Compares two policies, each given by its kilometres, visits and overflows, at the costs of one of each: what is spared
/// of them, in money and as a share, and a sentence.
#[pyfunction]
pub(crate) fn compare_policies(
    baseline: (f64, usize, usize),
    policy: (f64, usize, usize),
    costs: (f64, f64, f64),
) -> ((f64, i64, i64, f64, f64), String) {
    let of = |(kilometres, visits, overflows)| DecisionMetrics { kilometres, visits, overflows, ..Default::default() };
    let costs = ImpactCosts { kilometre: costs.0, visit: costs.1, overflow: costs.2 };
    let found = core::impact(&of(baseline), &of(policy), &costs);
    ((found.kilometres, found.visits, found.overflows, found.money, found.share), found.to_string())
}

/// Days, visits, wasted visits, overflows, infeasible days; service level, excess, kilometres, tonnes.
type Metrics = ([usize; 5], [f64; 4]);

#[pymethods]
impl City {
    /// Makes a city.
    #[new]
    #[expect(clippy::too_many_arguments, reason = "one for each parameter of a city")]
    fn new(
        py: Python<'_>,
        bins: usize,
        days: usize,
        seed: u64,
        side: f64,
        mean_percent: f64,
        noise: f64,
        missing: f64,
        faulty: f64,
    ) -> PyResult<Self> {
        let params = CityParams { bins, days, seed, side, mean_percent, noise, missing, faulty };
        run(py, || core::City::new(&params)).map(|inner| Self { inner })
    }

    /// What sensors report.
    fn readings(&self, py: Python<'_>) -> PyResult<Series> {
        run(py, || Ok(self.inner.readings())).map(|inner| Series { inner })
    }

    /// Name, coordinates in metres, and kilograms of each bin when full.
    fn bins(&self) -> Vec<(String, f64, f64, i64)> {
        self.inner.bins.iter().map(|bin| (bin.name.clone(), bin.coord.x, bin.coord.y, bin.kilograms)).collect()
    }

    /// What goes into each bin in each step of six hours, in percent of its size, `[bin][step]`.
    fn deposits<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        of_reals(py, self.inner.bins.iter().flat_map(|bin| bin.deposits.iter().copied()))
    }

    /// Where vehicles start, in metres.
    fn depot(&self) -> (f64, f64) {
        (self.inner.depot.x, self.inner.depot.y)
    }

    /// When the first step begins.
    #[staticmethod]
    fn start() -> i64 {
        core::City::start()
    }

    /// Runs a policy: `fixed` (every so many days), `threshold` (at a level) or `forecast` (tolerance, costs of a visit and of
    /// an overflow).
    #[expect(clippy::too_many_arguments, reason = "a policy and how rounds are driven")]
    fn simulate(
        &self,
        py: Python<'_>,
        kind: &str,
        number: f64,
        visit_cost: i64,
        overflow_cost: i64,
        warm_up: usize,
        vehicles: usize,
        capacity: i64,
        iterations: u64,
    ) -> PyResult<Metrics> {
        let policy = match kind {
            "fixed" => Policy::Fixed { every: number as usize },
            "threshold" => Policy::Threshold { level: number },
            "forecast" => {
                let usual = SelectParams::daily(0, visit_cost);
                let select = SelectParams { tolerance: number, overflow_cost, ..usual };
                Policy::Forecast(ForecastPolicy { select, empirical: Some(EmpiricalParams::default()) })
            }
            other => return Err(super::data::unknown("policy", other, "fixed, threshold or forecast")),
        };
        let params = RoundParams { warm_up, vehicles, capacity, iterations };
        let m = run(py, || core::simulate(&self.inner, &policy, &params))?;
        let counts = [m.days, m.visits, m.wasted, m.overflows, m.infeasible_days];
        Ok((counts, [m.service_level, m.excess, m.kilometres, m.tonnes]))
    }
}
