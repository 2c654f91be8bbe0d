//! Made-up cities, and policies that run through their days.

use std::sync::Arc;

use milkrun::forecast::{
    self as core, CityParams, DecisionMetrics, EmpiricalParams, ForecastPolicy, ImpactCosts, Policy, RoundParams,
    SelectParams,
};
use napi::bindgen_prelude::{AsyncTask, Float64Array, Result};
use napi_derive::napi;

use super::data::NativeSeries;
use super::{Work, array, later, run, unknown};

/// A city of bins.
#[napi]
pub struct NativeCity {
    inner: Arc<core::City>,
}

/// What a city is made of.
#[napi(object)]
pub struct CityRecord {
    pub bins: Option<u32>,
    pub days: Option<u32>,
    pub seed: Option<i64>,
    pub side: Option<f64>,
    pub mean_percent: Option<f64>,
    pub noise: Option<f64>,
    pub missing: Option<f64>,
    pub faulty: Option<f64>,
}

/// A bin: name, coordinates in metres, and kilograms when full.
#[napi(object)]
pub struct BinRecord {
    pub name: String,
    pub x: f64,
    pub y: f64,
    pub kilograms: i64,
}

/// A policy (fixed, threshold or forecast), and how rounds are driven.
#[napi(object)]
pub struct PolicyRecord {
    pub policy: String,
    /// Days, level, or tolerance.
    pub number: f64,
    pub visit_cost: i64,
    pub overflow_cost: i64,
    pub warm_up: u32,
    pub vehicles: u32,
    pub capacity: i64,
    pub iterations: i64,
}

/// What a policy made of a city.
#[napi(object)]
pub struct MetricsRecord {
    pub days: u32,
    pub visits: u32,
    pub wasted: u32,
    pub overflows: u32,
    pub infeasible_days: u32,
    pub service_level: f64,
    pub excess: f64,
    pub kilometres: f64,
    pub tonnes: f64,
}

/// A policy's kilometres, visits and overflows, or what one of each costs.
#[napi(object)]
pub struct TallyRecord {
    pub kilometres: f64,
    pub visits: f64,
    pub overflows: f64,
}

/// What a policy spares against another, and a sentence about it.
#[napi(object)]
pub struct ImpactRecord {
    pub kilometres: f64,
    pub visits: i64,
    pub overflows: i64,
    pub money: f64,
    pub share: f64,
    pub text: String,
}

/// Compares two policies at the costs of a kilometre, a visit and an overflow.
#[napi]
pub fn compare_policies(baseline: TallyRecord, policy: TallyRecord, costs: TallyRecord) -> ImpactRecord {
    let of = |tally: TallyRecord| DecisionMetrics {
        kilometres: tally.kilometres,
        visits: tally.visits as usize,
        overflows: tally.overflows as usize,
        ..Default::default()
    };
    let costs = ImpactCosts { kilometre: costs.kilometres, visit: costs.visits, overflow: costs.overflows };
    let found = core::impact(&of(baseline), &of(policy), &costs);
    ImpactRecord {
        kilometres: found.kilometres,
        visits: found.visits,
        overflows: found.overflows,
        money: found.money,
        share: found.share,
        text: found.to_string(),
    }
}

#[napi]
impl NativeCity {
    /// Makes a city.
    #[napi(constructor)]
    pub fn new(record: CityRecord) -> Result<Self> {
        let usual = CityParams::default();
        let count = |given: Option<u32>, usual: usize| given.map_or(usual, |count| count as usize);
        let params = CityParams {
            bins: count(record.bins, usual.bins),
            days: count(record.days, usual.days),
            seed: record.seed.map_or(usual.seed, |seed| seed as u64),
            side: record.side.unwrap_or(usual.side),
            mean_percent: record.mean_percent.unwrap_or(usual.mean_percent),
            noise: record.noise.unwrap_or(usual.noise),
            missing: record.missing.unwrap_or(usual.missing),
            faulty: record.faulty.unwrap_or(usual.faulty),
        };
        Ok(Self { inner: Arc::new(run(|| core::City::new(&params))?) })
    }

    /// What sensors report.
    #[napi]
    pub fn readings(&self) -> NativeSeries {
        NativeSeries { inner: Arc::new(self.inner.readings()) }
    }

    #[napi]
    pub fn bins(&self) -> Vec<BinRecord> {
        let record = |bin: &core::SyntheticBin| BinRecord {
            name: bin.name.clone(),
            x: bin.coord.x,
            y: bin.coord.y,
            kilograms: bin.kilograms,
        };
        self.inner.bins.iter().map(record).collect()
    }

    /// What goes into each bin in each step of six hours, in percent of its size, `[bin][step]`.
    #[napi]
    pub fn deposits(&self) -> Float64Array {
        array(self.inner.bins.iter().flat_map(|bin| bin.deposits.iter().copied()))
    }

    /// Where vehicles start, in metres.
    #[napi(getter)]
    pub fn depot(&self) -> Vec<f64> {
        vec![self.inner.depot.x, self.inner.depot.y]
    }

    /// When the first step begins.
    #[napi]
    pub fn start() -> i64 {
        core::City::start()
    }

    /// Runs a policy.
    #[napi(ts_return_type = "Promise<MetricsRecord>")]
    pub fn simulate(&self, record: PolicyRecord) -> Result<AsyncTask<Work<DecisionMetrics, MetricsRecord>>> {
        let policy = match record.policy.as_str() {
            "fixed" => Policy::Fixed { every: record.number as usize },
            "threshold" => Policy::Threshold { level: record.number },
            "forecast" => {
                let usual = SelectParams::daily(0, record.visit_cost);
                let (tolerance, overflow_cost) = (record.number, record.overflow_cost);
                let select = SelectParams { tolerance, overflow_cost, ..usual };
                Policy::Forecast(ForecastPolicy { select, empirical: Some(EmpiricalParams::default()) })
            }
            other => return Err(unknown("policy", other, "\"fixed\", \"threshold\" or \"forecast\"")),
        };
        let params = RoundParams {
            warm_up: record.warm_up as usize,
            vehicles: record.vehicles as usize,
            capacity: record.capacity,
            iterations: record.iterations.max(0) as u64,
        };
        let city = self.inner.clone();
        Ok(later(
            move || core::simulate(&city, &policy, &params),
            |m| MetricsRecord {
                days: m.days as u32,
                visits: m.visits as u32,
                wasted: m.wasted as u32,
                overflows: m.overflows as u32,
                infeasible_days: m.infeasible_days as u32,
                service_level: m.service_level,
                excess: m.excess,
                kilometres: m.kilometres,
                tonnes: m.tonnes,
            },
        ))
    }
}
