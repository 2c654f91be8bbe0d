//! The solver held against the oracle.

use std::panic::{AssertUnwindSafe, catch_unwind};

use milkrun::{Plan, SolveParams, Stop, solve};

use crate::generate::Instance;
use crate::oracle::{Answer, Limits, best_plan, disagreement};

/// How the solver did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// As good as the oracle.
    Right,
    /// Better than the oracle, and the judge accepts it: the oracle tries plans with few halts only.
    Better,
    /// A feasible plan that is worse.
    Worse,
    /// No feasible plan, although there is one.
    Missed,
    /// The judge does not accept what the solver states, or finds the plan infeasible that the solver calls feasible.
    Broken,
    /// The solver panicked.
    Panicked,
    /// The library's two judges disagree about a plan that the oracle tried.
    Disagreement,
    /// The problem is too large for the oracle.
    TooLarge,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Right,
        Self::Better,
        Self::Worse,
        Self::Missed,
        Self::Broken,
        Self::Panicked,
        Self::Disagreement,
        Self::TooLarge,
    ];

    /// Whether the library is at fault.
    pub const fn is_failure(self) -> bool {
        !matches!(self, Self::Right | Self::Better | Self::TooLarge)
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Missed => "missed",
            Self::Broken => "broken",
            Self::Panicked => "panicked",
            Self::Disagreement => "disagreement",
            Self::TooLarge => "too large",
        }
    }
}

/// The outcome, and the plans that it is about.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// How the solver did.
    pub outcome: Outcome,
    /// The oracle's plan.
    pub oracle: Option<Plan>,
    /// The solver's plan.
    pub solver: Option<Plan>,
    /// What is wrong, for people.
    pub note: String,
    /// How many routes the oracle priced.
    pub evaluated: usize,
}

/// How the solver is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Iterations.
    pub iterations: u64,
    /// The seed of the search.
    pub seed: u64,
}

/// Solves the problem, and holds the answer against the oracle's.
pub fn compare(instance: &Instance, effort: Effort, limits: &Limits) -> Verdict {
    let Some(answer) = best_plan(&instance.problem, limits) else {
        return Verdict { outcome: Outcome::TooLarge, oracle: None, solver: None, note: String::new(), evaluated: 0 };
    };
    let verdict = compare_with(instance, effort, &answer);
    if verdict.outcome != Outcome::Better || !answer.cut || limits.evaluations_if_beaten <= limits.evaluations {
        return verdict;
    }
    best_plan(&instance.problem, &limits.wider()).map_or(verdict, |answer| compare_with(instance, effort, &answer))
}

fn compare_with(instance: &Instance, effort: Effort, answer: &Answer) -> Verdict {
    let problem = &instance.problem;
    let verdict = |outcome, solver, note| Verdict {
        outcome,
        oracle: answer.plan.clone(),
        solver,
        note,
        evaluated: answer.evaluated,
    };
    if let Some(note) = answer.disagreement.clone() {
        return verdict(Outcome::Disagreement, None, note);
    }
    let solved = catch_unwind(AssertUnwindSafe(|| {
        let stop = Stop::after_iterations(effort.iterations);
        let params = SolveParams { stop, seed: effort.seed, threads: 1, initial: instance.initial_plan() };
        solve(problem, &params).plan
    }));
    let plan = match solved {
        Ok(plan) => plan,
        Err(payload) => {
            let text = payload.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no message");
            return verdict(Outcome::Panicked, None, text.to_owned());
        }
    };
    if let Some(note) = disagreement(problem, &plan) {
        return verdict(Outcome::Broken, Some(plan), note);
    }
    let rank = plan.is_feasible().then(|| plan.rank().to_vec());
    let best = answer.plan.as_ref().map(|plan| plan.rank().to_vec());
    let outcome = match (&rank, &best) {
        (None, Some(_)) => Outcome::Missed,
        (Some(_), None) => Outcome::Better,
        (Some(rank), Some(best)) if rank < best => Outcome::Better,
        (Some(rank), Some(best)) if rank > best => Outcome::Worse,
        _ => Outcome::Right,
    };
    let note = format!("the solver has {}, the oracle {}", shown(rank.as_ref()), shown(best.as_ref()));
    verdict(outcome, Some(plan), note)
}

fn shown(rank: Option<&Vec<i64>>) -> String {
    rank.map_or("no feasible plan".to_owned(), |rank| format!("{rank:?}"))
}
