//! How to search, how it goes, and how it ended.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Number, Scales};
use crate::algorithm::{Progress, RunsProgress, SolveParams, SolveResult, Stop, StopReason};
use crate::plan::Plan;

/// How to search. Fields that are omitted are as in the default parameters.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "Search")]
pub struct SearchDocument {
    /// Longest time, in seconds.
    pub max_runtime: Option<f64>,
    /// Most iterations.
    pub max_iterations: Option<u64>,
    /// Most iterations in a row that bring no better plan.
    pub no_improvement: Option<u64>,
    /// A cost, in the user's unit, at or below which a feasible plan is good enough.
    pub target_cost: Option<f64>,
    /// Seed of all random choices; as text where numbers do not hold 64 bits.
    #[serde(deserialize_with = "number_or_text")]
    pub seed: u64,
    /// How many threads may work.
    pub threads: usize,
}

impl Default for SearchDocument {
    fn default() -> Self {
        let SolveParams { seed, threads, .. } = SolveParams::default();
        Self { max_runtime: None, max_iterations: None, no_improvement: None, target_cost: None, seed, threads }
    }
}

impl SearchDocument {
    /// The parameters of a search from a plan, if there is one.
    ///
    /// A time that no clock counts is no limit.
    pub fn params(&self, scales: &Scales, initial: Option<Plan>) -> SolveParams {
        let seconds = |limit: f64| Duration::try_from_secs_f64(limit).ok();
        // The target as the solver counts: the largest whole cost that is no more, but for what dividing loses.
        let whole = |cost: f64| (cost * scales.cost + 1e-9).floor() as i64;
        let stop = Stop {
            max_runtime: self.max_runtime.and_then(seconds),
            max_iterations: self.max_iterations,
            no_improvement: self.no_improvement,
            target_cost: self.target_cost.map(whole),
        };
        SolveParams { stop, seed: self.seed, threads: self.threads, initial }
    }
}

fn number_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Seed {
        Number(u64),
        Text(String),
    }
    match Seed::deserialize(deserializer)? {
        Seed::Number(seed) => Ok(seed),
        Seed::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}

/// A look at a running search.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Progress")]
pub struct ProgressDocument {
    /// Seconds since the call.
    pub elapsed: f64,
    /// Iterations so far.
    pub iterations: u64,
    /// Cost of the best feasible plan so far; null if there is none.
    pub best_cost: Option<Number>,
    /// Routes of the best plan so far.
    pub routes: usize,
    /// Clients and shipments that must be served and are not, in the best plan so far.
    pub unserved: usize,
}

impl ProgressDocument {
    /// The look, with the cost in the user's unit.
    pub fn new(progress: &Progress, scales: &Scales) -> Self {
        let &Progress { elapsed, iterations, best_cost, routes, unserved } = progress;
        let best_cost = best_cost.map(|cost| scales.cost(cost));
        Self { elapsed: elapsed.as_secs_f64(), iterations, best_cost, routes, unserved }
    }
}

/// A look at work that consists of many searches.
#[derive(Clone, Copy, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "RunsProgress")]
pub struct RunsProgressDocument {
    /// Seconds since the call.
    pub elapsed: f64,
    /// Searches that have ended.
    pub done: usize,
    /// All searches, as far as they are known.
    pub searches: usize,
}

impl From<&RunsProgress> for RunsProgressDocument {
    fn from(progress: &RunsProgress) -> Self {
        let &RunsProgress { elapsed, done, searches } = progress;
        Self { elapsed: elapsed.as_secs_f64(), done, searches }
    }
}

/// Why a search ended.
#[derive(Clone, Copy, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "StopReason")]
pub enum StopKind {
    /// The time was up.
    MaxRuntime,
    /// The number of iterations was reached.
    MaxIterations,
    /// For long enough, no better plan was found.
    NoImprovement,
    /// The target cost was reached.
    TargetCost,
    /// It was asked to stop.
    Cancelled,
    /// There was nothing to decide.
    Trivial,
}

impl From<StopReason> for StopKind {
    fn from(reason: StopReason) -> Self {
        match reason {
            StopReason::MaxRuntime => Self::MaxRuntime,
            StopReason::MaxIterations => Self::MaxIterations,
            StopReason::NoImprovement => Self::NoImprovement,
            StopReason::TargetCost => Self::TargetCost,
            StopReason::Cancelled => Self::Cancelled,
            StopReason::Trivial => Self::Trivial,
        }
    }
}

/// How a search ended. The plan is a document of its own.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "SearchResult")]
pub struct ResultDocument {
    /// Why it ended.
    pub stopped: StopKind,
    /// How many iterations it did.
    pub iterations: u64,
    /// How many threads searched.
    pub threads: usize,
    /// How many seconds it took.
    pub runtime: f64,
}

impl From<&SolveResult> for ResultDocument {
    fn from(result: &SolveResult) -> Self {
        Self {
            stopped: result.stopped.into(),
            iterations: result.iterations,
            threads: result.threads,
            runtime: result.runtime.as_secs_f64(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_as_usual() {
        let empty: SearchDocument = serde_json::from_str("{}").unwrap();
        assert_eq!(empty, SearchDocument::default());
        let usual = SolveParams::default();
        let params = empty.params(&Scales::default(), None);
        assert_eq!((params.seed, params.threads, params.stop.max_runtime), (usual.seed, usual.threads, None));
    }

    #[test]
    fn seeds_are_numbers_or_text_and_targets_are_scaled() {
        let text = r#"{"seed": "18446744073709551615", "target_cost": 0.3, "max_runtime": 1.5}"#;
        let document: SearchDocument = serde_json::from_str(text).unwrap();
        let params = document.params(&Scales { cost: 10.0, ..Scales::default() }, None);
        assert_eq!((params.seed, params.stop.target_cost), (u64::MAX, Some(3)));
        assert_eq!(params.stop.max_runtime, Some(Duration::from_millis(1500)));
        assert_eq!(serde_json::from_str::<SearchDocument>(r#"{"seed": 7}"#).unwrap().seed, 7);
        assert!(serde_json::from_str::<SearchDocument>(r#"{"seeds": 7}"#).is_err());
    }
}
