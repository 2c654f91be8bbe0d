//! VROOM's JSON: problems in, and answers with the keys and units of its own.
//!
//! [`read`] takes what VROOM documents: jobs, shipments, vehicles, matrices by profile, `options`. A [`Request`] becomes a
//! [`Model`] whose problem any search of this crate solves, and [`Request::answer`] writes the plan as VROOM would;
//! [`Request::choose_eta`] is its mode `-c`. Without matrices, the caller says how long ways are, by [`straight_lines`] for one.
//!
//! # What is alike
//!
//! As in VROOM, the sum of priorities counts first, then the number of tasks, then the cost. Times, identifiers, amounts and
//! costs are the document's. Vehicles that do not differ are one [type](crate::VehicleType), skills of shipments are
//! [load dimensions](crate::Shipment::amount) that only vehicles with the skills have, and what a leg costs is its
//! [distance](crate::travel::ProfileMatrices::distance).
//!
//! # What is not
//!
//! - Breaks have one time window and no `max_load` that binds, shipments' stops have one time window and take all vehicles the
//!   same time, and a setup that several tasks at a place share is planned only where none of them has a window: all else
//!   is refused, with the path of what cannot be said.
//! - With `max_distance`, waiting counts like travel while routes are chosen. A warning says so.
//! - Breaks that no route would need are put where there is time for them. Where there is none, `missing_break` is reported.
//! - `-c` minimises the seconds outside of windows, then the route's end, then its duration.
//!
//! What is ours, warnings and why tasks are unassigned, is under the key `milkrun`.

mod answer;
mod input;
mod model;
mod prices;
mod read;
mod reasons;
mod run;
mod schedule;
mod steps;
mod travel;
mod windows;

pub use answer::ComputingTimes;
pub use input::Options;
pub use run::{Effort, Outcome, run};

use std::collections::HashSet;

use crate::io::ForeignError;
use crate::io::fields::Found;
use answer::{Ours, Visits, Writer};
use input::Input;
use schedule::{Stop, What};
use travel::Places;

use crate::cancel::CancelToken;
use crate::explain::Explanation;
use crate::geometry::Coord;
use crate::model::{Activity, Problem};
use crate::plan::Plan;
use crate::travel::{Estimate, EstimateError, ProfileMatrices, SourcePoint, SourceRun, TravelSource as _};

/// Tells the travel among points, given as longitude and latitude, by the name of a profile: metres and seconds. An error says
/// why it is not known.
pub type Travels<'a> = &'a mut dyn FnMut(&str, &[Coord]) -> Result<ProfileMatrices, String>;

/// Why a document gets no plan.
pub type VroomError = ForeignError;

/// Speed of straight lines where nothing else is said, metres per second: 30 km/h.
pub const SPEED: f64 = 30.0 / 3.6;
/// How much longer than a straight line a way is, where nothing else is said.
pub const DETOUR: f64 = 1.3;

/// The problem of a document, for [`read_problem`](crate::io::read_problem): travel that it does not give is along straight
/// lines, at [`SPEED`] and with [`DETOUR`].
pub(super) fn problem(text: &str) -> Result<Problem, VroomError> {
    let mut lines = straight_lines(SPEED, DETOUR).map_err(|error| VroomError::Routing(error.to_string()))?;
    Ok(read(text, &mut lines)?.model()?.problem)
}

/// The answer for a failure: its code (1: internal, 2: input, 3: travel) and its message.
///
/// ```
/// assert_eq!(milkrun::io::vroom::failure(2, "no vehicle"), r#"{"code":2,"error":"no vehicle"}"#);
/// ```
pub fn failure(code: u8, message: &str) -> String {
    format!(r#"{{"code":{code},"error":{}}}"#, serde_json::Value::from(message))
}

/// A document that was read, with its travel.
#[derive(Debug)]
pub struct Request {
    input: Input,
    places: Places,
    warnings: Vec<String>,
}

/// Our problem for a [`Request`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Model {
    /// The problem. Its tasks are optional, and worth more than what serving them costs.
    pub problem: Problem,
    /// The plan that the vehicles' `steps` describe, if there are any.
    pub initial: Option<Plan>,
    /// The request's vehicles of each type.
    types: Vec<Vec<usize>>,
    warnings: Vec<String>,
}

/// Travel along straight lines, `detour` times as long, at `speed` metres per second, for all profiles.
///
/// # Errors
///
/// [`EstimateError`] if the speed or the detour is none.
pub fn straight_lines(
    speed: f64,
    detour: f64,
) -> Result<impl FnMut(&str, &[Coord]) -> Result<ProfileMatrices, String>, EstimateError> {
    let estimate = Estimate::new(speed, detour)?;
    Ok(move |_: &str, points: &[Coord]| {
        let points: Vec<SourcePoint> = points.iter().map(|point| SourcePoint::new(point.x, point.y)).collect();
        let cancel = CancelToken::new();
        let table = estimate.table(&points, SourceRun::new(&cancel)).map_err(|error| error.to_string())?;
        Ok(ProfileMatrices { distance: table.distance, duration: Some(table.duration) })
    })
}

/// Reads a document. Travel that it does not give is asked of `travels`.
///
/// # Errors
///
/// [`VroomError`], with every fault of the document at once.
///
/// ```
/// use milkrun::io::vroom;
/// use milkrun::{SolveParams, Stop, solve};
///
/// let text = r#"{"vehicles": [{"id": 7, "start_index": 0, "end_index": 0}],
///     "jobs": [{"id": 14, "location_index": 1}, {"id": 15, "location_index": 2}],
///     "matrices": {"car": {"durations": [[0, 10, 20], [10, 0, 10], [20, 10, 0]]}}}"#;
/// let request = vroom::read(text, &mut vroom::straight_lines(10.0, 1.3).unwrap()).unwrap();
/// let model = request.model().unwrap();
/// let found = solve(&model.problem, &SolveParams { stop: Stop::after_iterations(50), ..SolveParams::default() });
/// let answer = request.answer(&model, &found.plan, &[], vroom::ComputingTimes::default());
/// assert!(answer.starts_with(r#"{"code":0,"summary":{"routes":1,"unassigned":0,"cost":40,"#));
/// ```
pub fn read(text: &str, travels: Travels<'_>) -> Result<Request, VroomError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let document = serde_json::from_str(text).map_err(|error| VroomError::Syntax(error.to_string()))?;
    let mut found = Found::default();
    let input = read::input(&mut found, &document);
    let places = Places::new(&mut found, &input, travels);
    if let Some(reason) = found.routing.take().filter(|_| found.faults.is_empty()) {
        return Err(VroomError::Routing(reason));
    }
    let ignored = std::mem::take(&mut found.ignored);
    let warnings = ignored.iter().map(|path| format!("{path}: VROOM has no such field; it is ignored")).collect();
    found.refused()?;
    Ok(Request { input, places, warnings })
}

impl Request {
    /// What the document asks for in place of command-line options.
    pub fn options(&self) -> Options {
        self.input.options
    }

    /// How many tasks there are; a shipment has two.
    pub fn num_tasks(&self) -> usize {
        self.input.num_tasks()
    }

    /// Whether travel is the document's own, not that of the caller.
    pub fn has_matrices(&self) -> bool {
        self.places.given
    }

    /// Fields that were ignored, each with its path.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Our problem.
    ///
    /// # Errors
    ///
    /// [`VroomError::Input`] with all that cannot be said, or `steps` that break rules.
    pub fn model(&self) -> Result<Model, VroomError> {
        let mut found = Found::default();
        let model = model::build(&mut found, &self.input, &self.places);
        let (warnings, model) = (std::mem::take(&mut found.warnings), model);
        let Some(mut model) = model else {
            found.refused()?;
            return Err(VroomError::Input { issues: Vec::new(), omitted: 0 });
        };
        model.warnings = warnings;
        model.initial = steps::initial(&mut found, self, &model);
        found.refused()?;
        Ok(model)
    }

    /// VROOM's answer for a plan of the model, with the explanations of what is unserved, if there are any.
    pub fn answer(&self, model: &Model, plan: &Plan, explanations: &[Explanation], times: ComputingTimes) -> String {
        let writer = self.writer();
        let visits: Vec<Visits> = self.visits(model, plan);
        let ours = Ours {
            warnings: self.warnings.iter().chain(&model.warnings).cloned().collect(),
            unassigned: reasons::of(&self.input, &model.problem, explanations),
        };
        written(&writer.answer(&visits, ours, times))
    }

    /// VROOM's mode `-c`: times for the routes that the vehicles' `steps` describe, with all that they violate.
    ///
    /// # Errors
    ///
    /// [`VroomError::Input`] if steps name what there is not, or if their stated times cannot be kept.
    pub fn choose_eta(&self, times: ComputingTimes) -> Result<String, VroomError> {
        let mut found = Found::default();
        let visits = steps::visits(&mut found, &self.input);
        let writer = self.writer();
        for visits in &visits {
            if found.faults.is_empty() && writer.breaks_statements(visits) {
                let path = format!("vehicles[{}].steps", visits.vehicle);
                let message = "the times at which services are to start cannot be kept together";
                found.faults.add(path, "", message, "correct service_at, service_after or service_before");
            }
        }
        found.refused()?;
        let ours = Ours { warnings: self.warnings.clone(), ..Ours::default() };
        Ok(written(&writer.answer(&visits, ours, times)))
    }

    fn writer(&self) -> Writer<'_> {
        Writer { input: &self.input, places: &self.places, geometry: self.input.options.geometry }
    }

    /// The same request, with the routes' geometry in its answers.
    #[must_use]
    pub fn with_geometry(mut self, geometry: bool) -> Self {
        self.input.options.geometry |= geometry;
        self
    }

    /// The plan's routes, each with a vehicle of its own, and with all breaks for which there is time.
    fn visits(&self, model: &Model, plan: &Plan) -> Vec<Visits> {
        let mut next = vec![0; model.types.len()];
        let mut all = Vec::new();
        for route in plan.route_stops() {
            let t = route.vehicle_type.index();
            let Some(&vehicle) = model.types.get(t).and_then(|vehicles| vehicles.get(next[t])) else { continue };
            next[t] += 1;
            let activities = route.trips.iter().flat_map(|trip| &trip.activities);
            let windowed = self.windowed(vehicle);
            let stops = activities.filter_map(|&activity| what(activity, &windowed)).map(Stop::new).collect();
            let mut visits = Visits { vehicle, stops, ends: [(None, None); 2] };
            self.add_breaks(&mut visits);
            all.push(visits);
        }
        all
    }

    /// The vehicle's breaks that our problem has.
    fn windowed(&self, vehicle: usize) -> Vec<usize> {
        let breaks = self.input.vehicles[vehicle].breaks.iter().enumerate();
        breaks.filter(|(_, pause)| !pause.windows.is_empty()).map(|(b, _)| b).collect()
    }

    /// Adds the breaks that are not due in our sense, where they delay the end least.
    fn add_breaks(&self, visits: &mut Visits) {
        let writer = self.writer();
        let taken: HashSet<What> = visits.stops.iter().map(|stop| stop.what).collect();
        let breaks = (0..self.input.vehicles[visits.vehicle].breaks.len()).map(What::Break);
        for pause in breaks.filter(|pause| !taken.contains(pause)) {
            let mut best = None;
            for at in 0..=visits.stops.len() {
                visits.stops.insert(at, Stop::new(pause));
                let (fits, end) = writer.end(visits);
                if fits && best.is_none_or(|(earliest, _)| end < earliest) {
                    best = Some((end, at));
                }
                visits.stops.remove(at);
            }
            if let Some((_, at)) = best {
                visits.stops.insert(at, Stop::new(pause));
            }
        }
    }
}

/// What an activity of our plan is, if our breaks are the given ones.
fn what(activity: Activity, breaks: &[usize]) -> Option<What> {
    match activity {
        Activity::Client(client) => Some(What::Job(client.index())),
        Activity::Pickup(shipment) => Some(What::Pickup(shipment.index())),
        Activity::Delivery(shipment) => Some(What::Delivery(shipment.index())),
        Activity::Break(b) => breaks.get(b).copied().map(What::Break),
        Activity::Dispose(_) | Activity::Rest(_) => None,
    }
}

fn written(answer: &answer::Answer) -> String {
    // Our answers have nothing but text for keys: they can be written.
    serde_json::to_string(answer).unwrap_or_default()
}
