//! Comparing variants of a problem: the same day with one truck less, another landfill, another shift. What does it cost?
//!
//! A search is a draw: the same problem with another seed costs a little more or less. So each [`Variant`] is solved with several
//! seeds, the same ones for all, and the difference to the first variant is the mean of the differences seed by seed, with a
//! confidence interval that says what of it may be chance.

mod change;
mod fault;
mod noise;
mod runs;
mod text;

pub use change::ProblemChange;
pub(crate) use change::apply;
pub use fault::CompareError;
#[cfg(feature = "io")]
pub(crate) use fault::in_variant;
pub use noise::{Paired, Spread};

use std::time::Duration as WallTime;

use crate::algorithm::{CancelToken, RunsProgress, SolveResult, Stop, StopReason};
use crate::model::{Faults, Problem};
use crate::plan::Plan;

/// A problem to compare.
#[derive(Clone, Debug)]
pub struct Variant {
    /// A name for people.
    pub name: String,
    /// The problem.
    pub problem: Problem,
}

impl Variant {
    /// A variant of this name.
    pub fn new(name: impl Into<String>, problem: Problem) -> Self {
        Self { name: name.into(), problem }
    }

    /// The problem with changes, which apply in their order.
    ///
    /// # Errors
    ///
    /// Every fault of the changes, or else of the changed problem, at once. Paths begin with the variant:
    /// `variants["one truck less"].changes[0].by`.
    pub fn of(name: impl Into<String>, problem: &Problem, changes: &[ProblemChange]) -> Result<Self, CompareError> {
        let name = name.into();
        let mut faults = Faults::default();
        let mut builder = problem.to_builder();
        for (i, change) in changes.iter().enumerate() {
            apply(&mut builder, change, &format!("variants[{name:?}].changes[{i}]"), &mut faults);
        }
        faults.finish::<CompareError>()?;
        let problem = builder.build().map_err(|error| CompareError::of_problem(&name, error))?;
        Ok(Self { name, problem })
    }
}

/// How to compare.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CompareParams {
    /// When each single search stops.
    pub stop: Stop,
    /// The first seed.
    pub seed: u64,
    /// How many seeds: the first one and those that follow it. One tells no noise.
    pub seeds: usize,
    /// How many searches may run side by side, each on one thread. With a limit of iterations alone, this does not change what is
    /// found.
    pub threads: usize,
}

impl CompareParams {
    /// Five seeds from 1 on, one search after the other, each stopping so.
    pub fn new(stop: Stop) -> Self {
        Self { stop, seed: 1, seeds: 5, threads: 1 }
    }

    /// Sets the first seed.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets how many seeds there are.
    pub fn seeds(mut self, seeds: usize) -> Self {
        self.seeds = seeds;
        self
    }

    /// Sets how many searches may run side by side.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }
}

/// A figure of a plan that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Figure {
    /// Total cost.
    Cost,
    /// Vehicles in use.
    Vehicles,
    /// Distance of all routes.
    Distance,
    /// The sum of the routes' durations.
    Duration,
    /// Clients and shipments that are not served.
    Unserved,
    /// Grams of CO₂ of the vehicles that say what they consume.
    Emissions,
}

impl Figure {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Cost, Self::Vehicles, Self::Distance, Self::Duration, Self::Unserved, Self::Emissions];

    /// Its name in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cost => "cost",
            Self::Vehicles => "vehicles",
            Self::Distance => "distance",
            Self::Duration => "duration",
            Self::Unserved => "unserved",
            Self::Emissions => "emissions",
        }
    }

    /// The figure of a plan.
    pub fn of(self, plan: &Plan) -> i64 {
        match self {
            Self::Cost => plan.cost(),
            Self::Vehicles => plan.routes().len() as i64,
            Self::Distance => plan.routes().iter().map(|route| route.distance).fold(0, i64::saturating_add),
            Self::Duration => plan.routes().iter().map(crate::plan::Route::duration).fold(0, i64::saturating_add),
            Self::Emissions => plan.routes().iter().map(|route| route.emitted).fold(0, i64::saturating_add),
            Self::Unserved => (plan.unserved().clients.len() + plan.unserved().shipments.len()) as i64,
        }
    }
}

/// What is known of a figure of a variant.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Summary {
    /// The figure.
    pub figure: Figure,
    /// Over the seeds; `None`: no search found a feasible plan.
    pub spread: Option<Spread>,
    /// Against the first variant, seed by seed. `None`: this is the first variant, or there is no seed for which both have a
    /// feasible plan.
    pub difference: Option<Paired>,
}

/// A variant that was solved.
#[derive(Clone, Debug)]
#[must_use]
#[non_exhaustive]
pub struct Compared {
    /// The variant's name.
    pub name: String,
    /// What each search found, in the order of seeds; `None`: the comparison was cancelled before the search began.
    pub runs: Vec<Option<SolveResult>>,
    /// The figures, in the order of [`Figure::ALL`].
    pub figures: Vec<Summary>,
}

impl Compared {
    /// What is known of a figure.
    pub fn figure(&self, figure: Figure) -> Option<&Summary> {
        self.figures.iter().find(|summary| summary.figure == figure)
    }

    /// The plan to compare of each seed: feasible, and of a search that was not cut short.
    fn plans(&self) -> impl Iterator<Item = Option<&Plan>> {
        self.runs.iter().map(|run| {
            let whole = run.as_ref().filter(|run| run.stopped != StopReason::Cancelled);
            whole.map(|run| &run.plan).filter(|plan| plan.is_feasible())
        })
    }

    /// How many searches ran to their end.
    pub fn searched(&self) -> usize {
        self.runs.iter().flatten().filter(|run| run.stopped != StopReason::Cancelled).count()
    }

    /// How many of these found a feasible plan.
    pub fn feasible(&self) -> usize {
        self.plans().flatten().count()
    }

    /// The best plan of all seeds, also of searches that were cut short; `None` where no search began. Of equal plans, the first.
    pub fn best(&self) -> Option<&Plan> {
        let plans = self.runs.iter().flatten().map(|run| &run.plan);
        plans.reduce(|best, plan| if plan.is_better_than(best) { plan } else { best })
    }
}

/// Variants side by side.
#[derive(Clone, Debug)]
#[must_use]
#[non_exhaustive]
pub struct Comparison {
    /// The variants in their order. Differences are those to the first.
    pub variants: Vec<Compared>,
    /// The seeds.
    pub seeds: Vec<u64>,
    /// How long it took.
    pub runtime: WallTime,
}

impl Comparison {
    /// Whether every search ran to its end.
    pub fn is_complete(&self) -> bool {
        self.variants.iter().all(|variant| variant.searched() == self.seeds.len())
    }
}

/// Solves variants with common seeds, and compares what was found.
///
/// ```
/// use milkrun::compare::{CompareParams, Figure, ProblemChange, Variant, compare};
/// use milkrun::{Client, Coord, Depot, Problem, Stop, VehicleType};
///
/// let mut b = Problem::builder();
/// let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
/// for x in [30.0, -30.0] {
///     b.add_client(Client::at(Coord::new(x, 0.0)).delivery([1]));
/// }
/// let van = b.add_vehicle_type(VehicleType::new(2).capacity([2]).depot(yard).fixed_cost(100));
/// let problem = b.build().unwrap();
///
/// let small = ProblemChange::Capacity { vehicle_type: van, capacity: vec![1] };
/// let variants = [
///     Variant::new("as it is", problem.clone()),
///     Variant::of("small vans", &problem, &[small]).unwrap(),
/// ];
/// let found = compare(&variants, &CompareParams::new(Stop::after_iterations(100)));
/// // One van drives 120 and costs 100; two drive 60 each, and cost 200.
/// let cost = found.variants[1].figure(Figure::Cost).unwrap().difference.unwrap();
/// assert_eq!((cost.mean, cost.half_width), (100.0, Some(0.0)));
/// assert_eq!(found.variants[1].sentence(1.0), "costs 100 ± 0 more");
/// ```
pub fn compare(variants: &[Variant], params: &CompareParams) -> Comparison {
    compare_with(variants, params, &CancelToken::new(), &mut |_| {})
}

/// As [`compare`], with a token to end it early and a function that is called with its progress. What was cut short counts for
/// nothing in the figures.
pub fn compare_with(
    variants: &[Variant],
    params: &CompareParams,
    cancel: &CancelToken,
    on_progress: &mut dyn FnMut(&RunsProgress),
) -> Comparison {
    let start = std::time::Instant::now();
    let seeds: Vec<u64> = (0..params.seeds as u64).map(|i| params.seed.wrapping_add(i)).collect();
    let found = runs::all(variants, &seeds, params, cancel, on_progress);
    let mut compared: Vec<Compared> = variants
        .iter()
        .zip(found)
        .map(|(variant, runs)| Compared { name: variant.name.clone(), runs, figures: Vec::new() })
        .collect();
    let figures: Vec<Vec<Summary>> = (0..compared.len())
        .map(|v| Figure::ALL.map(|figure| summary(&compared[0], &compared[v], v > 0, figure)).to_vec())
        .collect();
    for (variant, figures) in compared.iter_mut().zip(figures) {
        variant.figures = figures;
    }
    Comparison { variants: compared, seeds, runtime: start.elapsed() }
}

fn summary(first: &Compared, own: &Compared, is_other: bool, figure: Figure) -> Summary {
    let values: Vec<i64> = own.plans().flatten().map(|plan| figure.of(plan)).collect();
    let both = first.plans().zip(own.plans()).filter_map(|(first, own)| Some((first?, own?)));
    let differences: Vec<i64> = both.map(|(first, own)| figure.of(own).saturating_sub(figure.of(first))).collect();
    let difference = if is_other { Paired::of(&differences) } else { None };
    Summary { figure, spread: Spread::of(&values), difference }
}
