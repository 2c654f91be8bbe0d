//! Scenarios that are drawn: what each uncertain client may turn out to be.

use super::evaluate::outcomes;
use super::{Outcome, Outcomes, Scenario, ScenarioError, ScenarioParams, ScenarioPlan, check, plan_scenarios_with};
use crate::algorithm::{CancelToken, Progress};
use crate::ids::ClientId;
use crate::model::{Faults, Problem};
use crate::search::random::Random;
use crate::units::{Cost, Load};

/// Most scenarios of one kind that are drawn.
const MAX_SCENARIOS: usize = 10_000;

/// Most outcomes of all scenarios together.
const MAX_OUTCOMES: usize = 20_000_000;

/// What a client may turn out to be, whatever others are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncertain {
    /// The client.
    pub client: ClientId,
    /// What it may hand over, by load dimension, and what it then costs to leave it unserved; each is as likely as every other one.
    pub outcomes: Vec<(Vec<Load>, Cost)>,
}

/// What is drawn, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sampling {
    /// The clients that are uncertain, each once.
    pub uncertain: Vec<Uncertain>,
    /// How many scenarios are planned over.
    pub scenarios: usize,
    /// In how many others the plan is driven, to tell what it costs; none: it is not told.
    pub fresh: usize,
}

impl Sampling {
    /// Plans over so many scenarios, and drives the plan in 200 others.
    pub fn new(uncertain: impl Into<Vec<Uncertain>>, scenarios: usize) -> Self {
        Self { uncertain: uncertain.into(), scenarios, fresh: 200 }
    }

    /// Sets in how many other scenarios the plan is driven.
    pub fn fresh(mut self, fresh: usize) -> Self {
        self.fresh = fresh;
        self
    }

    /// Draws scenarios: clients are drawn independently of each other. The same seed gives the same ones.
    ///
    /// # Errors
    ///
    /// Every fault of what is drawn at once.
    pub fn draw(&self, problem: &Problem, seed: u64) -> Result<(Vec<Scenario>, Vec<Scenario>), ScenarioError> {
        let mut faults = Faults::default();
        self.check(problem, &mut faults);
        faults.finish::<ScenarioError>()?;
        let mut random = Random::new(seed);
        let mut draw = |count: usize| -> Vec<Scenario> {
            let mut outcome = |own: &Uncertain| {
                let (pickup, prize) = &own.outcomes[random.below(own.outcomes.len())];
                Outcome::new(own.client, pickup.clone(), *prize)
            };
            (0..count).map(|_| Scenario(self.uncertain.iter().map(&mut outcome).collect())).collect()
        };
        Ok((draw(self.scenarios), draw(self.fresh)))
    }

    fn check(&self, problem: &Problem, faults: &mut Faults) {
        for (name, count, least) in [("scenarios", self.scenarios, 1), ("fresh", self.fresh, 0)] {
            if !(least..=MAX_SCENARIOS).contains(&count) {
                let remedy = if least == 1 { "some twenty are usual" } else { "some two hundred are usual" };
                let message = format!("must be from {least} to {MAX_SCENARIOS}");
                faults.add(name, count, &message, remedy);
            }
        }
        let all = self.scenarios.saturating_add(self.fresh).saturating_mul(self.uncertain.len());
        if all > MAX_OUTCOMES {
            let message = format!("with all scenarios, that is more than {MAX_OUTCOMES} outcomes");
            faults.add("uncertain", self.uncertain.len(), &message, "draw fewer scenarios");
        }
        let clients = problem.clients().len();
        let mut seen = vec![false; clients];
        for (u, own) in self.uncertain.iter().enumerate() {
            let path = format!("uncertain[{u}]");
            if faults.known(format!("{path}.client"), "client", own.client.index(), clients)
                && std::mem::replace(&mut seen[own.client.index()], true)
            {
                faults.add(format!("{path}.client"), own.client.index(), "is there twice", "keep one of the two");
            }
            if own.outcomes.is_empty() {
                faults.add(format!("{path}.outcomes"), "[]", "there is no outcome", "give what it may turn out to be");
            }
            for (o, (pickup, prize)) in own.outcomes.iter().enumerate() {
                super::check_outcome(problem, &format!("{path}.outcomes[{o}]"), pickup, *prize, faults);
            }
        }
    }
}

/// A plan over drawn scenarios, and what it costs in fresh ones.
#[derive(Clone, Debug)]
#[must_use]
#[non_exhaustive]
pub struct SampledPlan {
    /// The plan.
    pub planned: ScenarioPlan,
    /// What it costs in scenarios that it was not made for.
    pub fresh: Outcomes,
    /// What the plan for the means costs in them.
    pub fresh_for_means: Outcomes,
}

/// Plans a day over scenarios that are drawn, and drives the plan, and the one for the means, in fresh ones.
///
/// ```
/// use milkrun::scenarios::{Sampling, ScenarioParams, Uncertain, plan_sampled};
/// use milkrun::{Client, Coord, Depot, Problem, Stop, VehicleType};
///
/// // A detour of 20 to a bin that overflows in half of all days, at a cost of 100.
/// let mut b = Problem::builder();
/// let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
/// let bin = b.add_client(Client::at(Coord::new(10.0, 0.0)).pickup([5]).optional(0));
/// b.add_vehicle_type(VehicleType::new(1).capacity([10]).depot(yard));
/// let problem = b.build().unwrap();
/// let outcomes = vec![(vec![5], 0), (vec![8], 100)];
/// let sampling = Sampling::new([Uncertain { client: bin, outcomes }], 20);
///
/// let params = ScenarioParams::default().stop(Stop::after_iterations(400));
/// let sampled = plan_sampled(&problem, &sampling, &params).unwrap();
/// assert_eq!((sampled.fresh.mean(), sampled.fresh.deviation()), (20.0, 0.0));
/// assert!((sampled.fresh_for_means.mean() - 50.0).abs() < 15.0);
/// ```
///
/// # Errors
///
/// Every fault of what is drawn and of the parameters at once.
pub fn plan_sampled(
    problem: &Problem,
    sampling: &Sampling,
    params: &ScenarioParams,
) -> Result<SampledPlan, ScenarioError> {
    plan_sampled_with(problem, sampling, params, &CancelToken::new(), &mut |_| {})
}

/// As [`plan_sampled`], with a token to end it early, and a function that is called with the search's progress. What was cut short is
/// driven in fewer fresh scenarios, perhaps in none.
///
/// # Errors
///
/// As [`plan_sampled`].
pub fn plan_sampled_with(
    problem: &Problem,
    sampling: &Sampling,
    params: &ScenarioParams,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(&Progress),
) -> Result<SampledPlan, ScenarioError> {
    let mut faults = Faults::default();
    sampling.check(problem, &mut faults);
    check(problem, &[Scenario::default()], params, &mut faults);
    faults.finish::<ScenarioError>()?;
    let (scenarios, fresh) = sampling.draw(problem, params.seed)?;
    let planned = plan_scenarios_with(problem, &scenarios, params, cancel, on_progress)?;
    let driven = |plan| outcomes(problem, plan, &fresh, params.seed, cancel);
    let fresh = driven(&planned.plan);
    let fresh_for_means = driven(&planned.plan_for_means);
    Ok(SampledPlan { planned, fresh, fresh_for_means })
}
