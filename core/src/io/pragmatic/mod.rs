//! vrp's pragmatic JSON: problems in, and solutions with the keys and units of its own.
//!
//! [`read`] takes what the format documents: jobs with pickups, deliveries, replacements and services, relations, vehicles with
//! shifts, and matrices, each in a text of its own. A [`Request`] becomes a [`Model`] whose problem any search of this crate
//! solves, and [`Request::answer`] writes the plan as vrp would. [`run`] does all of it. Without matrices, ways are great circles,
//! at the speed of the profile or 10 m/s, as in vrp.
//!
//! # What is alike
//!
//! Without stated objectives, the value of what is served counts first where jobs have one, then the number of tasks, then the
//! number of tours, then the cost. Vehicles in different shifts are different [types](crate::VehicleType), as is a vehicle that a
//! relation names; a task with several places is a [group](crate::ClientGroup) of clients; several tasks of a job are on one tour,
//! all or none. Costs are counted in whole parts, a millionth at the finest.
//!
//! # What is not
//!
//! - A job with pickups and deliveries has one of each, with one place and one time window.
//! - Breaks are taken on tours that end after their time, and are never given up for a job. One without a place may be taken
//!   during a drive, as required breaks are in vrp.
//! - Jobs of relations are held against all rules, and may be unassigned.
//! - With several reloads at different places, a tour may use one of them twice in place of another.
//!
//! Recharging, shared supplies, clustering, ranks of jobs within tours, matrices by time, and objectives that this crate does not
//! have are refused, with the path of what cannot be said. What is ours, warnings, is under the key `milkrun`, and `remedies` beside
//! the reasons why jobs are unassigned.

mod answer;
mod clock;
mod fleet;
mod input;
mod model;
mod objective;
mod places;
mod prices;
mod read;
mod reasons;
mod relations;

use std::time::Duration;

use crate::algorithm::{SolveParams, solve_with};
use crate::cancel::CancelToken;
use crate::explain::{ExplainParams, Explanation, explain_with};
use crate::io::ForeignError;
use crate::io::fields::Found;
use crate::model::Problem;
use crate::plan::Plan;
use crate::travel::ProfileMatrices;
use input::Input;
use model::{Built, Fleet, Stop};

/// The longest search for reasons why jobs are unassigned.
const EXPLAINING: Duration = Duration::from_secs(2);

/// Why a document gets no plan.
pub type PragmaticError = ForeignError;

/// A document that was read, with its travel.
#[derive(Debug)]
pub struct Request {
    input: Input,
    /// By the document's profiles.
    travel: Vec<ProfileMatrices>,
    warnings: Vec<String>,
}

/// Our problem for a [`Request`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Model {
    /// The problem. Its jobs are optional, and worth more than what serving them costs.
    pub problem: Problem,
    /// What each vehicle type is.
    fleets: Vec<Fleet>,
    /// What each job became.
    built: Vec<Built>,
    clients: Vec<Stop>,
    shipments: Vec<[Stop; 2]>,
    /// Number of load dimensions of the document.
    dimensions: usize,
    warnings: Vec<String>,
}

/// A plan in words of the format.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The solution, as JSON.
    pub answer: String,
    /// What was understood in another way, or not at all.
    pub warnings: Vec<String>,
}

/// Reads a document, with the texts of its matrices.
///
/// # Errors
///
/// [`PragmaticError`], with every fault at once.
///
/// ```
/// use milkrun::io::pragmatic;
/// use milkrun::{SolveParams, Stop, solve};
///
/// let text = r#"{"plan": {"jobs": [{"id": "mill", "deliveries": [
///         {"places": [{"location": {"index": 1}, "duration": 300}], "demand": [2]}]}]},
///     "fleet": {"profiles": [{"name": "car"}], "vehicles": [{"typeId": "van", "vehicleIds": ["van_1"],
///         "profile": {"matrix": "car"}, "costs": {"fixed": 10, "distance": 0.5, "time": 0}, "capacity": [5],
///         "shifts": [{"start": {"earliest": "2026-07-04T09:00:00Z", "location": {"index": 0}}}]}]}}"#;
/// let matrix = r#"{"travelTimes": [0, 60, 60, 0], "distances": [0, 800, 800, 0]}"#;
/// let request = pragmatic::read(text, &[matrix]).unwrap();
/// let model = request.model().unwrap();
/// let found = solve(&model.problem, &SolveParams { stop: Stop::after_iterations(50), ..SolveParams::default() });
/// let answer = request.answer(&model, &found.plan, &[]);
/// assert!(answer.starts_with(r#"{"statistic":{"cost":410.0,"distance":800,"duration":360,"#));
/// ```
pub fn read(text: &str, matrices: &[&str]) -> Result<Request, PragmaticError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let document = serde_json::from_str(text).map_err(|error| PragmaticError::Syntax(error.to_string()))?;
    let mut found = Found::default();
    let input = read::input(&mut found, &read::without_nulls(document));
    let given: Vec<_> =
        matrices.iter().enumerate().filter_map(|(m, text)| places::matrix(&mut found, m, text)).collect();
    // Faulty matrices are none, which is another thing.
    input.locations.check(&mut found);
    let is_sound = found.faults.is_empty() && given.len() == matrices.len();
    let travel = if is_sound { places::travel(&mut found, &input, &given) } else { None };
    let mut warnings = std::mem::take(&mut found.warnings);
    let ignored = std::mem::take(&mut found.ignored);
    warnings.extend(ignored.iter().map(|path| format!("{path}: the format has no such field; it is ignored")));
    found.refused()?;
    Ok(Request { input, travel: travel.unwrap_or_default(), warnings })
}

/// The places of a document in the order of the rows of its matrices, as JSON: what a routing service is to be asked.
///
/// # Errors
///
/// [`PragmaticError`], with every fault of the document at once.
pub fn locations(text: &str) -> Result<String, PragmaticError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let document = serde_json::from_str(text).map_err(|error| PragmaticError::Syntax(error.to_string()))?;
    let mut found = Found::default();
    let input = read::input(&mut found, &read::without_nulls(document));
    input.locations.check(&mut found);
    found.refused()?;
    let rows = input.locations.highest.as_ref().map_or(input.locations.coords.len(), |(highest, _)| highest + 1);
    let all: Vec<_> = (0..rows).map(|place| answer::Location::of(&input, place)).collect();
    Ok(written(&all))
}

/// The problem of a document without matrices, for [`read_problem`](crate::io::read_problem).
pub(super) fn problem(text: &str) -> Result<Problem, PragmaticError> {
    Ok(read(text, &[])?.model()?.problem)
}

impl Request {
    /// How many tasks there are.
    pub fn num_tasks(&self) -> usize {
        self.input.num_tasks()
    }

    /// What was understood in another way, or not at all, each with its path.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Our problem.
    ///
    /// # Errors
    ///
    /// [`PragmaticError::Input`] with all that cannot be said.
    pub fn model(&self) -> Result<Model, PragmaticError> {
        let mut found = Found::default();
        let model = model::build(&mut found, &self.input, &self.travel);
        let warnings = std::mem::take(&mut found.warnings);
        if let Some(model) = model {
            return Ok(Model { warnings, ..model });
        }
        found.refused()?;
        Err(PragmaticError::Input { issues: Vec::new(), omitted: 0 })
    }

    /// The solution for a plan of the model, with the explanations of what is unserved, if there are any.
    pub fn answer(&self, model: &Model, plan: &Plan, explanations: &[Explanation]) -> String {
        let unassigned = reasons::of(&self.input, model, plan, explanations);
        written(&answer::solution(self, model, plan, unassigned))
    }
}

/// Answers a document: reads it, searches, and says why jobs are unassigned.
///
/// # Errors
///
/// [`PragmaticError`], with every fault at once.
pub fn run(
    text: &str,
    matrices: &[&str],
    params: &SolveParams,
    cancel: &CancelToken,
) -> Result<Outcome, PragmaticError> {
    let request = read(text, matrices)?;
    let model = request.model()?;
    let found = solve_with(&model.problem, params, cancel, &mut |_| {});
    let explanations = if found.plan.unserved().is_empty() {
        Vec::new()
    } else {
        let params = ExplainParams { max_runtime: Some(EXPLAINING) };
        explain_with(&model.problem, &found.plan, &params, cancel).explanations
    };
    let answer = request.answer(&model, &found.plan, &explanations);
    let warnings = request.warnings.iter().chain(&model.warnings).cloned().collect();
    Ok(Outcome { answer, warnings })
}

fn written<T: serde::Serialize>(answer: &T) -> String {
    // Answers have nothing but text for keys: they can be written.
    serde_json::to_string(answer).unwrap_or_default()
}
