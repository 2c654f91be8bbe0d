//! Planning where amounts are uncertain: over sampled scenarios rather than over their means.
//!
//! A [`Scenario`] is one way in which a day may turn out: what each client hands over, and what it costs to leave it unserved. The
//! samples are planned one by one; optional clients that nearly all of these plans visit are visited, those that hardly any visits
//! stay unserved, and what is undecided is planned again in the next round (consensus over scenarios as in iterative conditional
//! dispatch; Lan et al. 2024, arXiv:2308.14476). Among the plans that follow, and the plan for the means, the one is taken that
//! costs least over the samples.
//!
//! [`plan_sampled`] draws the scenarios from what each client may turn out to be.
//!
//! [`evaluate`] says what a plan costs in scenarios, best in fresh ones: vehicles drive as planned, empty when they are full, and what no
//! longer fits on a route is put where it costs least or left.

mod consensus;
mod evaluate;
mod sampled;

pub use evaluate::{Outcomes, evaluate};
pub use sampled::{SampledPlan, Sampling, Uncertain, plan_sampled, plan_sampled_with};

use crate::algorithm::{CancelToken, Progress, SolveParams, Stop, StopReason, solve_with};
use crate::ids::ClientId;
use crate::listing::Listing;
use crate::model::{Faults, Issue, Problem};
use crate::plan::Plan;
use crate::units::{Cost, Load, MAX_COST, MAX_VALUE};

/// What one client turns out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The client.
    pub client: ClientId,
    /// What it hands over, by load dimension.
    pub pickup: Vec<Load>,
    /// What it costs to leave it unserved. A required client must be served all the same.
    pub prize: Cost,
}

impl Outcome {
    /// A client that hands over so much, and whose prize is this.
    pub fn new(client: ClientId, pickup: impl Into<Vec<Load>>, prize: Cost) -> Self {
        Self { client, pickup: pickup.into(), prize }
    }
}

/// One way in which a day may turn out: the clients that are uncertain; others are as the problem says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scenario(
    /// What is uncertain, each client once.
    pub Vec<Outcome>,
);

/// How to plan over scenarios.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScenarioParams {
    /// The rounds of agreement.
    pub rounds: usize,
    /// The share of scenarios that must agree in the first round that a client is visited, or that it is not; it falls to a half
    /// in the last round.
    pub agreement: f64,
    /// When to stop: a half goes to the plan for the means, a quarter to the scenarios, and a quarter to the plan with what they agree
    /// on.
    pub stop: Stop,
    /// Seed of all random choices. Scenarios are planned with seeds of their own, the same in every round.
    pub seed: u64,
    /// How many threads may work.
    pub threads: usize,
}

impl Default for ScenarioParams {
    fn default() -> Self {
        Self { rounds: 3, agreement: 0.9, stop: Stop::after_secs(10.0), seed: 1, threads: 1 }
    }
}

impl ScenarioParams {
    /// Sets when to stop.
    pub fn stop(mut self, stop: Stop) -> Self {
        self.stop = stop;
        self
    }
}

/// A plan over scenarios.
#[derive(Clone, Debug)]
#[must_use]
#[non_exhaustive]
pub struct ScenarioPlan {
    /// The plan, for the problem as it was given.
    pub plan: Plan,
    /// The plan that looks at the given amounts and prizes alone.
    pub plan_for_means: Plan,
    /// By client: in what share of the scenarios of the last round in which it was undecided it was visited; `None`: it was never
    /// undecided.
    pub visited_share: Vec<Option<f64>>,
    /// What the plan costs in the scenarios it was made for. In fresh ones it will cost more.
    pub outcomes: Outcomes,
    /// What the plan for the means costs in them.
    pub outcomes_for_means: Outcomes,
    /// Why the search ended.
    pub stopped: StopReason,
}

/// All faults of scenarios and parameters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the scenarios have {}", crate::listing::counted(issues, *omitted))]
#[non_exhaustive]
pub struct ScenarioError {
    /// The first thousand faults, with paths such as `scenarios[2][5].pickup`.
    pub issues: Vec<Issue>,
    /// The number of further faults.
    pub omitted: usize,
}

impl From<Faults> for ScenarioError {
    fn from(faults: Faults) -> Self {
        let Listing { kept, omitted } = faults.into_listing();
        Self { issues: kept, omitted }
    }
}

/// Plans a day over scenarios. The problem has the means: amounts and prizes as they are expected.
///
/// ```
/// use milkrun::scenarios::{Outcome, Scenario, ScenarioParams, plan_scenarios};
/// use milkrun::{Client, Coord, Depot, Problem, Stop, VehicleType};
///
/// // A detour of 20 to a bin that overflows in two of three scenarios, at a cost of 40 each.
/// let mut b = Problem::builder();
/// let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
/// let bin = b.add_client(Client::at(Coord::new(10.0, 0.0)).pickup([5]).optional(0));
/// b.add_vehicle_type(VehicleType::new(1).capacity([10]).depot(yard));
/// let problem = b.build().unwrap();
/// let scenarios: Vec<_> = [40, 0, 40].map(|cost| Scenario(vec![Outcome::new(bin, [5], cost)])).into();
///
/// let params = ScenarioParams::default().stop(Stop::after_iterations(50));
/// let planned = plan_scenarios(&problem, &scenarios, &params).unwrap();
/// assert_eq!(planned.plan.routes().len(), 1);
/// assert_eq!((planned.outcomes.mean(), planned.outcomes_for_means.mean()), (20.0, 80.0 / 3.0));
/// ```
///
/// # Errors
///
/// Every fault at once: no scenario, clients that the problem does not have or that a scenario names twice, amounts and prizes out
/// of range, parameters without meaning.
pub fn plan_scenarios(
    problem: &Problem,
    scenarios: &[Scenario],
    params: &ScenarioParams,
) -> Result<ScenarioPlan, ScenarioError> {
    plan_scenarios_with(problem, scenarios, params, &CancelToken::new(), &mut |_| {})
}

/// As [`plan_scenarios`], with a token to end the search early and a function that is called with its progress.
///
/// # Errors
///
/// As [`plan_scenarios`].
pub fn plan_scenarios_with(
    problem: &Problem,
    scenarios: &[Scenario],
    params: &ScenarioParams,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(&Progress),
) -> Result<ScenarioPlan, ScenarioError> {
    checked(problem, scenarios, params)?;
    let stop = match params.stop {
        Stop { max_runtime: None, max_iterations: None, no_improvement: None, target_cost: None } => {
            Stop::after_secs(10.0)
        }
        stop => stop,
    };
    let search = |stop| SolveParams { stop, seed: params.seed, threads: params.threads, initial: None };
    // For the means, a half; for the scenarios a quarter, and for the plan with what was agreed on a quarter.
    let means = solve_with(problem, &search(part(stop, 2)), cancel, on_progress);
    let per_sample = part(stop, 4 * params.rounds as u32 * scenarios.len() as u32);
    let agreed = consensus::agree(problem, scenarios, params, per_sample, cancel);
    let decided = agreed.problem(problem);
    let initial = Plan::of_known(&decided, means.plan.route_stops().to_vec());
    let found =
        solve_with(&decided, &SolveParams { initial: Some(initial), ..search(part(stop, 4)) }, cancel, on_progress);
    let plan = Plan::of_known(problem, found.plan.route_stops().to_vec());
    let driven = |plan| evaluate::outcomes(problem, plan, scenarios, params.seed, cancel);
    let (outcomes_for_means, outcomes) = (driven(&means.plan), driven(&plan));
    // What was cut short says nothing.
    let are_whole = outcomes.costs.len() == scenarios.len() && outcomes_for_means.costs.len() == scenarios.len();
    let is_better = are_whole
        && (outcomes.infeasible, outcomes.mean()) < (outcomes_for_means.infeasible, outcomes_for_means.mean());
    let (plan, outcomes) = if is_better && plan.is_feasible() >= means.plan.is_feasible() {
        (plan, outcomes)
    } else {
        (means.plan.clone(), outcomes_for_means.clone())
    };
    Ok(ScenarioPlan {
        plan,
        plan_for_means: means.plan,
        visited_share: agreed.share,
        outcomes,
        outcomes_for_means,
        stopped: found.stopped,
    })
}

/// One of so many equal parts of what limits a search.
fn part(stop: Stop, parts: u32) -> Stop {
    Stop {
        max_runtime: stop.max_runtime.map(|all| all / parts.max(1)),
        max_iterations: stop.max_iterations.map(|all| (all / u64::from(parts.max(1))).max(1)),
        ..stop
    }
}

/// Faults of scenarios and parameters.
fn checked(problem: &Problem, scenarios: &[Scenario], params: &ScenarioParams) -> Result<(), ScenarioError> {
    let mut faults = Faults::default();
    check(problem, scenarios, params, &mut faults);
    faults.finish()
}

fn check(problem: &Problem, scenarios: &[Scenario], params: &ScenarioParams, faults: &mut Faults) {
    if scenarios.is_empty() {
        faults.add("scenarios", "[]", "there is no scenario", "give some twenty");
    }
    if !(0.5..=1.0).contains(&params.agreement) {
        faults.add("agreement", params.agreement, "must be from 0.5 to 1", "give a share such as 0.9");
    }
    if !(1..=10).contains(&params.rounds) {
        faults.add("rounds", params.rounds, "must be from 1 to 10", "three are usual");
    }
    let clients = problem.clients().len();
    for (s, scenario) in scenarios.iter().enumerate() {
        let mut seen = vec![false; clients];
        for (o, outcome) in scenario.0.iter().enumerate() {
            let path = format!("scenarios[{s}][{o}]");
            if faults.known(format!("{path}.client"), "client", outcome.client.index(), clients)
                && std::mem::replace(&mut seen[outcome.client.index()], true)
            {
                let message = "the scenario names the client already";
                faults.add(format!("{path}.client"), outcome.client.index(), message, "keep one of the two");
            }
            check_outcome(problem, &path, &outcome.pickup, outcome.prize, faults);
        }
    }
}

fn check_outcome(problem: &Problem, path: &str, pickup: &[Load], prize: Cost, faults: &mut Faults) {
    let dimensions = problem.load_dimensions();
    if pickup.len() > dimensions {
        let message = format!("the problem has {dimensions} load dimensions");
        faults.add(format!("{path}.pickup"), pickup.len(), &message, "give one amount for each");
    }
    for &amount in pickup.iter().filter(|amount| !(0..=MAX_VALUE).contains(*amount)) {
        faults.add(format!("{path}.pickup"), amount, "must be from 0 to 2^30 - 1", "correct the amount");
    }
    if !(0..=MAX_COST).contains(&prize) {
        faults.add(format!("{path}.prize"), prize, "must be from 0 to 2^40", "correct the prize");
    }
}

/// The problem as it is in a scenario.
fn in_scenario(problem: &Problem, scenario: &Scenario) -> Problem {
    let mut own = problem.clone();
    for outcome in &scenario.0 {
        let client = &mut own.clients[outcome.client.index()];
        client.pickup.clone_from(&outcome.pickup);
        client.prize = outcome.prize;
    }
    own
}
