//! The best plan of a tiny problem, found by trying all plans.
//!
//! Every route of every vehicle type is enumerated and priced on its own by [`Plan::new`], with each start that may matter; the cheapest ones for each set of
//! stops are then combined over the vehicles, and every combination that would be the best so far is judged as a whole.
//!
//! # Limits
//!
//! Halts (disposal visits, breaks, rests, reloads) can be repeated without end, so their number is limited: see
//! [`Limits`]. A plan with more of them may be better than the answer. Beyond that, the answer knows rests of the
//! lengths that driver rules name only, no trip without activities, and no route without a client or shipment unless
//! the vehicle has executed something. A solver that beats the oracle with such a plan is right.

mod combine;
mod persistent;
mod routes;
mod starts;
mod verify;

use milkrun::{Plan, Problem};

pub use verify::disagreement;

/// Maximum number of halts that are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Between one served stop and the next.
    pub halts_per_leg: usize,
    /// Rests between one served stop and the next.
    pub rests_per_leg: usize,
    /// On a route. The enumeration deepens up to here for as long as [`evaluations`](Self::evaluations) allow.
    pub halts_per_route: usize,
    /// Visits to disposal sites at which a route unloads nothing. They can pay: if the path via the site is shorter
    /// than the direct arc, as a delay for a soft window, or as a pause that a driver rule accepts.
    pub empty_visits: usize,
    /// Trips of a route.
    pub trips: usize,
    /// Routes that are priced, for all vehicle types together.
    pub evaluations: usize,
    /// The number used instead, with more halts ([`wider`](Self::wider)), if a solver's plan is better than the answer
    /// and more halts might have been tried.
    pub evaluations_if_beaten: usize,
    /// Whether prefixes of routes that no continuation can make feasible are pruned. Off in the test that shows that
    /// pruning does not change the result.
    pub prune: bool,
    /// One in this many priced routes is also priced by the independent checker.
    pub audit_every: usize,
}

impl Limits {
    /// For many problems in little time.
    pub const QUICK: Self = Self {
        halts_per_leg: 3,
        rests_per_leg: 3,
        halts_per_route: 6,
        empty_visits: 0,
        trips: 3,
        evaluations: 60_000,
        evaluations_if_beaten: 600_000,
        prune: true,
        audit_every: 41,
    };

    /// The limits for a second look at a problem, where a solver's plan is better than what the first one found.
    pub const fn wider(self) -> Self {
        Self {
            halts_per_leg: self.halts_per_leg + 2,
            rests_per_leg: self.rests_per_leg + 2,
            halts_per_route: self.halts_per_route + 4,
            evaluations: self.evaluations_if_beaten,
            ..self
        }
    }

    /// For single problems, some of them with six stops.
    pub const THOROUGH: Self = Self { halts_per_route: 8, evaluations: 4_000_000, ..Self::QUICK };
}

/// What the oracle says.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The best plan; `None`: there is no feasible one.
    pub plan: Option<Plan>,
    /// How many routes were priced.
    pub evaluated: usize,
    /// Maximum number of halts on a route.
    pub halts: usize,
    /// Whether limits, rather than the rules, ended the enumeration.
    pub cut: bool,
    /// What the library's two judges say differently of one of the plans that were tried.
    pub disagreement: Option<String>,
}

/// The maximum number of clients and shipments: sets of them are the bits of a number.
const MOST_JOBS: usize = 16;

/// The best plan of the problem; `None` where the problem is too large to try all plans.
pub fn best_plan(problem: &Problem, limits: &Limits) -> Option<Answer> {
    if problem.clients().len() + problem.shipments().len() > MOST_JOBS {
        return None;
    }
    let (mut evaluated, mut starts) = (0, 0);
    let mut deepest = None;
    for halts in 0..=limits.halts_per_route {
        let found = routes::enumerate(problem, limits, halts);
        evaluated += found.evaluated;
        starts += found.starts;
        if found.gave_up {
            break;
        }
        let cut = found.cut;
        deepest = Some((found, halts));
        // With the next depth some five times as large, there is no point in starting what cannot be finished.
        if !cut || evaluated > limits.evaluations / 3 || starts > limits.evaluations {
            break;
        }
    }
    let (found, halts) = deepest?;
    let plan = combine::best(problem, &found.tables);
    let disagreement = found.disagreement.or_else(|| plan.as_ref().and_then(|plan| disagreement(problem, plan)));
    Some(Answer { plan, evaluated, halts, cut: found.cut || found.cut_leg, disagreement })
}
