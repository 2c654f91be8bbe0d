//! What a comparison found.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Number, Scales, StopKind};
use crate::algorithm::SolveResult;
use crate::compare::{Compared, Comparison, Figure, Paired, Spread, Summary};

/// A figure of a plan that is compared.
#[derive(Clone, Copy, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Figure")]
pub enum FigureKind {
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
    /// Kilograms of CO₂ of the vehicles that say what they consume.
    Emissions,
}

impl From<Figure> for FigureKind {
    fn from(figure: Figure) -> Self {
        match figure {
            Figure::Cost => Self::Cost,
            Figure::Vehicles => Self::Vehicles,
            Figure::Distance => Self::Distance,
            Figure::Duration => Self::Duration,
            Figure::Unserved => Self::Unserved,
            Figure::Emissions => Self::Emissions,
        }
    }
}

/// A figure over several seeds.
#[derive(Clone, Copy, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Spread")]
pub struct SpreadDocument {
    /// How many values there are.
    pub count: usize,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation; null with one value.
    pub deviation: Option<f64>,
    /// The least of them.
    pub least: Number,
    /// The largest.
    pub most: Number,
}

/// The mean of differences seed by seed, and its noise.
#[derive(Clone, Copy, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Paired")]
pub struct PairedDocument {
    /// How many pairs there are.
    pub pairs: usize,
    /// The mean difference.
    pub mean: f64,
    /// The standard error of the mean; null with one pair.
    pub standard_error: Option<f64>,
    /// Half the width of the 95 % confidence interval of the mean; null with one pair.
    pub half_width: Option<f64>,
    /// Whether the interval excludes zero.
    pub significant: bool,
}

/// What is known of a figure of a variant.
#[derive(Clone, Copy, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Summary")]
pub struct SummaryDocument {
    /// The figure.
    pub figure: FigureKind,
    /// Over the seeds; null: no search found a feasible plan.
    pub spread: Option<SpreadDocument>,
    /// Against the first variant; null for itself, and where no seed has a feasible plan for both.
    pub difference: Option<PairedDocument>,
}

/// What one search found.
#[derive(Clone, Copy, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "ComparedRun")]
pub struct RunDocument {
    /// Whether the plan violates no rule.
    pub feasible: bool,
    /// What the plan costs.
    pub cost: Number,
    /// Why the search ended.
    pub stopped: StopKind,
    /// How many iterations it did.
    pub iterations: u64,
    /// How many seconds it took.
    pub runtime: f64,
}

impl RunDocument {
    fn new(result: &SolveResult, scales: &Scales) -> Self {
        Self {
            feasible: result.plan.is_feasible(),
            cost: scales.cost(result.plan.cost()),
            stopped: result.stopped.into(),
            iterations: result.iterations,
            runtime: result.runtime.as_secs_f64(),
        }
    }
}

/// A variant that was solved. Its best plan is a document of its own.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Compared")]
pub struct ComparedDocument {
    /// The variant's name.
    pub name: String,
    /// What each search found, in the order of seeds; null where it did not begin.
    pub runs: Vec<Option<RunDocument>>,
    /// The figures of the feasible plans.
    pub figures: Vec<SummaryDocument>,
    /// What the variant costs against the first, in words; may be empty.
    pub text: String,
}

/// Variants side by side.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Comparison")]
pub struct ComparisonDocument {
    /// The variants in their order. Differences are those to the first, the problem as it is.
    pub variants: Vec<ComparedDocument>,
    /// How many seeds there are.
    pub seeds: usize,
    /// Whether every search ran to its end.
    pub complete: bool,
    /// How many seconds it took.
    pub runtime: f64,
}

impl ComparisonDocument {
    /// The comparison, with numbers in the user's units.
    pub fn new(comparison: &Comparison, scales: &Scales) -> Self {
        let variant = |variant: &Compared| ComparedDocument {
            name: variant.name.clone(),
            runs: variant.runs.iter().map(|run| run.as_ref().map(|run| RunDocument::new(run, scales))).collect(),
            figures: variant.figures.iter().map(|summary| SummaryDocument::new(summary, scales)).collect(),
            text: variant.sentence(scales.cost),
        };
        Self {
            variants: comparison.variants.iter().map(variant).collect(),
            seeds: comparison.seeds.len(),
            complete: comparison.is_complete(),
            runtime: comparison.runtime.as_secs_f64(),
        }
    }
}

impl SummaryDocument {
    fn new(summary: &Summary, scales: &Scales) -> Self {
        let whole = Scales::default();
        // The unit's size, and whole numbers in it.
        let (scale, number): (f64, Box<dyn Fn(i64) -> Number>) = match summary.figure {
            Figure::Cost => (scales.cost, Box::new(|value| scales.cost(value))),
            Figure::Distance => (scales.distance, Box::new(|value| scales.distance(value))),
            Figure::Duration => (scales.time, Box::new(|value| scales.time(value))),
            Figure::Emissions => (1e3, Box::new(|value| Number::Real(value as f64 / 1e3))),
            Figure::Vehicles | Figure::Unserved => (1.0, Box::new(|value| whole.cost(value))),
        };
        let spread = summary.spread.map(|Spread { count, mean, deviation, least, most }| SpreadDocument {
            count,
            mean: mean / scale,
            deviation: deviation.map(|deviation| deviation / scale),
            least: number(least),
            most: number(most),
        });
        let difference = summary.difference.map(|paired: Paired| PairedDocument {
            pairs: paired.pairs,
            mean: paired.mean / scale,
            standard_error: paired.standard_error.map(|error| error / scale),
            half_width: paired.half_width.map(|half| half / scale),
            significant: paired.is_significant(),
        });
        Self { figure: summary.figure.into(), spread, difference }
    }
}
