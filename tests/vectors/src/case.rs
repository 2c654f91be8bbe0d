//! The content of a case.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One case: a problem, what is done with it, and the expected result.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The purpose of the case.
    pub about: String,
    /// A problem in milkrun's JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Value>,
    /// The text of a file, if there is no `problem`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The text's format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The convention by which the text's decimals become integers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<String>,
    /// Routes to be checked, if there is no search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Vec<RouteRecord>>,
    /// How to search.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Parameters>,
    /// What is asked beyond a search or a check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// The result computed by hand, whatever a search finds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<ByHand>,
    /// The expected result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Expected>,
}

/// What is asked of a problem beyond a search or a check, as documents of the core; the parameters of the case say how to search.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Asked {
    /// To adapt the routes of the case, which are the published plan.
    Adapt(Value),
    /// To plan a period.
    Period(Value),
    /// To compare variants, each solved with so many seeds.
    Compare {
        /// The document of variants.
        document: Value,
        /// How many seeds.
        seeds: usize,
    },
    /// To look for a front.
    Pareto(Value),
    /// To plan over scenarios.
    Scenarios(Value),
}

/// The cost of the best plan, computed by hand. The plan is feasible.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ByHand {
    /// The cost.
    pub cost: i64,
    /// How the cost adds up.
    pub because: String,
}

/// How to search.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// Seed of all random choices.
    pub seed: u64,
    /// Number of threads.
    pub threads: usize,
    /// Limit of iterations.
    pub max_iterations: u64,
    /// Limit of iterations without a better plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_improvement: Option<u64>,
    /// A cost that is good enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_cost: Option<i64>,
    /// Where to start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial: Option<Vec<RouteRecord>>,
}

/// The expected result of a case.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Expected {
    /// A plan.
    Plan(PlanRecord),
    /// What came of what was asked: figures and plans.
    Answer(Value),
    /// An error.
    Error(ErrorRecord),
}

/// A plan, and how it was found.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRecord {
    /// Total cost.
    pub cost: i64,
    /// Fixed, distance, duration, unserved, overtime, waiting, soft windows, disposal, goals.
    pub breakdown: [i64; 9],
    /// Kind, route and message of every violation.
    pub violations: Vec<(String, Option<usize>, String)>,
    /// Unserved clients and shipments.
    pub unserved: [Vec<usize>; 2],
    /// The routes.
    pub routes: Vec<RouteRecord>,
    /// Start, end and distance of each route.
    pub times: Vec<[i64; 3]>,
    /// Why the search stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// Number of iterations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iterations: Option<u64>,
}

/// The stops of a route.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RouteRecord {
    /// The index of the vehicle type.
    pub vehicle_type: usize,
    /// When it starts, if a given plan states it; for plans that are found, `times` has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// The trips.
    pub trips: Vec<TripRecord>,
}

/// The stops of a trip.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TripRecord {
    /// Where it starts.
    pub start_depot: Option<usize>,
    /// Where it ends.
    pub end_depot: Option<usize>,
    /// `client`, `pickup`, `delivery`, `dispose` or `break`, and its index, or `rest` and its length.
    pub visits: Vec<(String, usize)>,
}

/// An error.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorRecord {
    /// The kind.
    pub code: String,
    /// The message.
    pub message: String,
    /// Path, value, message and remedy of every fault.
    pub issues: Vec<[String; 4]>,
}
