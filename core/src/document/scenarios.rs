//! How a day may turn out, and what was planned over that.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::period::resolve;
use super::{Number, Scales, StopKind};
use crate::algorithm::SolveParams;
use crate::ids::ClientId;
use crate::io::json::{Names, Ref};
use crate::model::{Faults, Problem};
use crate::scenarios::{Outcomes, SampledPlan, Sampling, ScenarioError, ScenarioParams, Uncertain};

/// What is uncertain about a day, in the solver's numbers, and over how many scenarios it is planned. The problem says what is
/// expected.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Scenarios")]
pub struct ScenariosDocument {
    /// The clients that are uncertain, drawn independently of each other.
    pub uncertain: Vec<UncertainDocument>,
    /// Over how many scenarios it is planned.
    #[serde(default = "usual_scenarios")]
    pub scenarios: usize,
    /// In how many others the plan is driven, to tell what it costs.
    #[serde(default = "usual_fresh")]
    pub fresh: usize,
    /// The rounds of agreement: 3, if not given.
    #[serde(default)]
    pub rounds: Option<usize>,
    /// The share of scenarios that must agree about a client in the first round: 0.9, if not given.
    #[serde(default)]
    pub agreement: Option<f64>,
}

fn usual_scenarios() -> usize {
    20
}

fn usual_fresh() -> usize {
    200
}

/// What a client may turn out to be.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Uncertain")]
pub struct UncertainDocument {
    /// The client.
    pub client: Ref,
    /// What may be, each as likely as every other one.
    pub outcomes: Vec<OutcomeDocument>,
}

/// What a client turns out to be.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Outcome")]
pub struct OutcomeDocument {
    /// What it hands over, by load dimension.
    pub pickup: Vec<i64>,
    /// What it costs to leave it unserved.
    #[serde(default)]
    pub prize: i64,
}

impl ScenariosDocument {
    /// What is drawn, and how to plan over it, with when to stop, seed and threads of a search.
    ///
    /// # Errors
    ///
    /// References to clients that the problem does not have, all at once.
    pub fn sampling(
        &self,
        problem: &Problem,
        search: &SolveParams,
    ) -> Result<(Sampling, ScenarioParams), ScenarioError> {
        let clients = Names::new("client", problem.clients().iter().map(|client| client.name.as_str()));
        let mut faults = Faults::default();
        let mut uncertain = Vec::with_capacity(self.uncertain.len());
        for (u, own) in self.uncertain.iter().enumerate() {
            let path = format!("uncertain[{u}].client");
            if let Some(client) = resolve(&clients, &own.client, &path, &mut faults) {
                let outcomes = own.outcomes.iter().map(|outcome| (outcome.pickup.clone(), outcome.prize)).collect();
                uncertain.push(Uncertain { client: ClientId::new(client), outcomes });
            }
        }
        let mut params = ScenarioParams { stop: search.stop, ..ScenarioParams::default() };
        (params.seed, params.threads) = (search.seed, search.threads);
        params.rounds = self.rounds.unwrap_or(params.rounds);
        params.agreement = self.agreement.unwrap_or(params.agreement);
        let sampling = Sampling::new(uncertain, self.scenarios).fresh(self.fresh);
        faults.finish::<ScenarioError>().map(|()| (sampling, params))
    }
}

/// What a plan costs as days turn out.
#[derive(Clone, Copy, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Outcomes")]
pub struct OutcomesDocument {
    /// How many scenarios there are.
    pub scenarios: usize,
    /// The mean cost, with the prizes of what is left unserved; null: there is no scenario.
    pub mean: Option<f64>,
    /// The standard deviation of the cost; null with fewer than two scenarios.
    pub deviation: Option<f64>,
    /// The standard error of the mean; null with fewer than two scenarios.
    pub standard_error: Option<f64>,
    /// The least cost.
    pub least: Option<Number>,
    /// The largest.
    pub most: Option<Number>,
    /// In how many scenarios no feasible plan could be made of it.
    pub infeasible: usize,
    /// How many visits that were planned could not be made, over all scenarios.
    pub missed: usize,
}

impl OutcomesDocument {
    /// The outcomes, with costs in the user's unit.
    pub fn new(outcomes: &Outcomes, scales: &Scales) -> Self {
        let count = outcomes.costs.len();
        let of = |least: usize, value: f64| (count >= least).then_some(value / scales.cost);
        Self {
            scenarios: count,
            mean: of(1, outcomes.mean()),
            deviation: of(2, outcomes.deviation()),
            standard_error: of(2, outcomes.standard_error()),
            least: outcomes.costs.iter().min().map(|&cost| scales.cost(cost)),
            most: outcomes.costs.iter().max().map(|&cost| scales.cost(cost)),
            infeasible: outcomes.infeasible,
            missed: outcomes.missed,
        }
    }
}

/// How planning over scenarios ended. The plan, and the one for what is expected, are documents of their own.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "ScenarioPlan")]
pub struct ScenarioPlanDocument {
    /// What the plan costs in the scenarios that it was made for. In fresh ones it will cost more.
    pub outcomes: OutcomesDocument,
    /// What the plan for what is expected costs in them.
    pub outcomes_for_means: OutcomesDocument,
    /// What the plan costs in fresh scenarios.
    pub fresh: OutcomesDocument,
    /// What the plan for what is expected costs in them.
    pub fresh_for_means: OutcomesDocument,
    /// By client, the share of scenarios of the last round in which it was undecided that visited it; null: it never was undecided.
    pub visited_share: Vec<Option<f64>>,
    /// Why the search ended.
    pub stopped: StopKind,
}

impl ScenarioPlanDocument {
    /// The plan, with numbers in the user's units.
    pub fn new(sampled: &SampledPlan, scales: &Scales) -> Self {
        let SampledPlan { planned, fresh, fresh_for_means } = sampled;
        let of = |outcomes: &Outcomes| OutcomesDocument::new(outcomes, scales);
        Self {
            outcomes: of(&planned.outcomes),
            outcomes_for_means: of(&planned.outcomes_for_means),
            fresh: of(fresh),
            fresh_for_means: of(fresh_for_means),
            visited_share: planned.visited_share.clone(),
            stopped: planned.stopped.into(),
        }
    }
}
