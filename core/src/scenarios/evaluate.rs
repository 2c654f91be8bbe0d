//! What a plan costs as days turn out.

use super::{Scenario, ScenarioError, ScenarioParams, checked, in_scenario};
use crate::algorithm::{CancelToken, SolveParams, Stop, solve};
use crate::model::Problem;
use crate::plan::{Activity, Plan};
use crate::units::Cost;

/// What a plan costs in each scenario.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Outcomes {
    /// By scenario, with the prizes of what is left unserved in it.
    pub costs: Vec<Cost>,
    /// In how many of them no feasible plan could be made of it.
    pub infeasible: usize,
    /// How many visits that were planned could not be made, over all scenarios.
    pub missed: usize,
}

impl Outcomes {
    /// The mean cost.
    pub fn mean(&self) -> f64 {
        self.costs.iter().map(|&cost| cost as f64).sum::<f64>() / self.costs.len().max(1) as f64
    }

    /// The standard deviation of the cost, of a sample; 0 for fewer than two scenarios.
    pub fn deviation(&self) -> f64 {
        let mean = self.mean();
        let squares: f64 = self.costs.iter().map(|&cost| (cost as f64 - mean).powi(2)).sum();
        (squares / self.costs.len().saturating_sub(1).max(1) as f64).sqrt()
    }

    /// The standard error of the mean.
    pub fn standard_error(&self) -> f64 {
        self.deviation() / (self.costs.len().max(1) as f64).sqrt()
    }
}

/// What a plan of the problem costs in scenarios, those it was made for or fresh ones. Clients that the plan leaves out stay unserved.
///
/// # Errors
///
/// Every fault of the scenarios at once.
pub fn evaluate(problem: &Problem, plan: &Plan, scenarios: &[Scenario], seed: u64) -> Result<Outcomes, ScenarioError> {
    checked(problem, scenarios, &ScenarioParams::default())?;
    Ok(outcomes(problem, plan, scenarios, seed, &CancelToken::new()))
}

/// Where it is cancelled, those of the first scenarios.
pub(super) fn outcomes(
    problem: &Problem,
    plan: &Plan,
    scenarios: &[Scenario],
    seed: u64,
    cancel: &CancelToken,
) -> Outcomes {
    let mut visited = vec![false; problem.clients().len()];
    for activity in plan.route_stops().iter().flat_map(|route| &route.trips).flat_map(|trip| &trip.activities) {
        if let Activity::Client(client) = activity {
            visited[client.index()] = true;
        }
    }
    let planned = visited.iter().filter(|&&visited| visited).count();
    let mut outcomes = Outcomes::default();
    for scenario in scenarios.iter().take_while(|_| !cancel.is_cancelled()) {
        let mut own = in_scenario(problem, scenario);
        for (client, visited) in own.clients.iter_mut().zip(&visited) {
            if !visited {
                client.allowed_vehicles = Some(Vec::new());
            }
        }
        let initial = Plan::of_known(&own, plan.route_stops().to_vec());
        let driven = if initial.is_feasible() {
            initial
        } else {
            // Halts are placed anew where loads are others, and what no longer fits goes where it costs least.
            let stop = Stop::after_iterations(1);
            solve(&own, &SolveParams { stop, seed, threads: 1, initial: Some(initial) }).plan
        };
        let visits = driven.route_stops().iter().flat_map(|route| &route.trips).flat_map(|trip| &trip.activities);
        outcomes.missed += planned - visits.filter(|activity| matches!(activity, Activity::Client(_))).count();
        outcomes.infeasible += usize::from(!driven.is_feasible());
        outcomes.costs.push(driven.cost());
    }
    outcomes
}
