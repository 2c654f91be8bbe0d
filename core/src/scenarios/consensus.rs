//! What most scenarios agree on.

use super::{Scenario, ScenarioParams, in_scenario};
use crate::algorithm::{CancelToken, SolveParams, Stop, solve_with};
use crate::model::Problem;
use crate::plan::Activity;

/// What is decided about a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Open,
    Visited,
    Left,
}

/// What the scenarios agree on.
pub(super) struct Agreed {
    decisions: Vec<Decision>,
    /// By client, the share of the last round in which it was open that visited it.
    pub(super) share: Vec<Option<f64>>,
}

impl Agreed {
    /// The problem with what is decided.
    pub(super) fn problem(&self, problem: &Problem) -> Problem {
        let mut decided = problem.clone();
        for (client, decision) in decided.clients.iter_mut().zip(&self.decisions) {
            match decision {
                Decision::Open => {}
                Decision::Visited => client.required = true,
                Decision::Left => client.allowed_vehicles = Some(Vec::new()),
            }
        }
        decided
    }
}

/// Plans the scenarios in rounds, and decides what they agree on. In the end, nothing that is uncertain is left open.
pub(super) fn agree(
    problem: &Problem,
    scenarios: &[Scenario],
    params: &ScenarioParams,
    stop: Stop,
    cancel: &CancelToken,
) -> Agreed {
    let clients = problem.clients().len();
    let mut agreed = Agreed { decisions: vec![Decision::Open; clients], share: vec![None; clients] };
    let mut uncertain = vec![false; clients];
    for outcome in scenarios.iter().flat_map(|scenario| &scenario.0) {
        let client = problem.client(outcome.client);
        uncertain[outcome.client.index()] = !client.required && client.group.is_none();
    }
    for round in 0..params.rounds {
        if cancel.is_cancelled() {
            break;
        }
        let mut visits = vec![0_usize; clients];
        let base = agreed.problem(problem);
        for (s, scenario) in scenarios.iter().enumerate() {
            let own = in_scenario(&base, scenario);
            let search =
                SolveParams { stop, seed: params.seed.wrapping_add(s as u64), threads: params.threads, initial: None };
            let plan = solve_with(&own, &search, cancel, &mut |_| {}).plan;
            for activity in plan.route_stops().iter().flat_map(|route| &route.trips).flat_map(|trip| &trip.activities) {
                if let Activity::Client(client) = activity {
                    visits[client.index()] += 1;
                }
            }
        }
        // From the agreement that is asked for to a half in the last round.
        let left = (params.rounds - 1 - round) as f64 / (params.rounds.max(2) - 1) as f64;
        let needed = 0.5 + (params.agreement - 0.5) * left;
        for c in 0..clients {
            if !uncertain[c] || agreed.decisions[c] != Decision::Open {
                continue;
            }
            let share = visits[c] as f64 / scenarios.len() as f64;
            agreed.share[c] = Some(share);
            if share >= needed {
                agreed.decisions[c] = Decision::Visited;
            } else if 1.0 - share >= needed {
                agreed.decisions[c] = Decision::Left;
            }
        }
    }
    agreed
}
