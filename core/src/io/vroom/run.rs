//! From a document to its answer, in one call.

use std::time::{Duration, Instant};

use super::{ComputingTimes, Request, Travels, VroomError, failure, read};
use crate::algorithm::{SolveParams, Stop, solve_with};
use crate::cancel::CancelToken;
use crate::explain::{ExplainParams, explain_with};

/// The most seconds that a search takes without a stated limit.
const LONGEST: f64 = 60.0;
/// Seconds of search for each task.
const EACH: f64 = 0.05;
/// The longest search for reasons why tasks are unassigned.
const EXPLAINING: Duration = Duration::from_secs(2);

/// How to answer. What the document's `options` say comes first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effort {
    /// Longest search; `None`: by the number of tasks, up to a minute.
    pub limit: Option<Duration>,
    /// The most that the search may take, whatever the document asks for.
    pub most: Option<Duration>,
    /// Number of threads.
    pub threads: usize,
    /// How far to explore, 0 to 5: how many iterations without improvement end the search.
    pub explore: u8,
    /// Seed of all random choices.
    pub seed: u64,
    /// Only choose times for the routes that `steps` describe.
    pub choose_eta: bool,
    /// Add the routes' geometry.
    pub geometry: bool,
}

impl Default for Effort {
    fn default() -> Self {
        Self { limit: None, most: None, threads: 1, explore: 5, seed: 1, choose_eta: false, geometry: false }
    }
}

impl Effort {
    /// This, with what a request's options say.
    fn asked(mut self, request: &Request) -> Self {
        let options = request.options();
        self.choose_eta |= options.choose_eta;
        self.geometry |= options.geometry;
        if let Some(limit) = options.limit {
            self.limit = Some(Duration::from_secs(limit.unsigned_abs()));
        }
        if let Some(threads) = options.threads {
            self.threads = threads as usize;
        }
        if let Some(explore) = options.explore {
            self.explore = explore as u8;
        }
        self
    }

    /// When to stop a search for so many tasks.
    pub fn stop(&self, tasks: usize) -> Stop {
        let level = f64::from(self.explore.min(5)) + 1.0;
        let usual = Duration::from_secs_f64((EACH * level / 6.0 * tasks as f64).clamp(0.5, LONGEST));
        let limit = self.limit.unwrap_or(usual);
        Stop {
            max_runtime: Some(self.most.map_or(limit, |most| limit.min(most))),
            no_improvement: Some((level * (1_000.0 + 200.0 * tasks as f64)) as u64),
            ..Stop::default()
        }
    }
}

/// What a run says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// VROOM's code: 0, or 1 to 3 for a failure.
    pub code: u8,
    /// The answer.
    pub answer: String,
    /// Whether the answer rests on travel that `travels` told.
    pub asked_travel: bool,
    /// What was understood in another way, or the failure.
    pub messages: Vec<String>,
}

/// Answers a document as VROOM's command would: a plan, or the code and the message of a failure.
pub fn run(text: &str, effort: Effort, travels: Travels<'_>, cancel: &CancelToken) -> Outcome {
    let start = Instant::now();
    let failed = |error: &VroomError| {
        let (code, message) = (error.code(), error.to_string());
        Outcome { code, answer: failure(code, &message), asked_travel: false, messages: vec![message] }
    };
    let request = match read(text, travels) {
        Ok(request) => request,
        Err(error) => return failed(&error),
    };
    let effort = effort.asked(&request);
    let request = request.with_geometry(effort.geometry);
    match answered(&request, effort, start, cancel) {
        Ok((answer, warnings)) => {
            let messages = request.warnings.iter().chain(&warnings).cloned().collect();
            Outcome { code: 0, answer, asked_travel: !request.has_matrices(), messages }
        }
        Err(error) => failed(&error),
    }
}

fn answered(
    request: &Request,
    effort: Effort,
    start: Instant,
    cancel: &CancelToken,
) -> Result<(String, Vec<String>), VroomError> {
    let milliseconds = |time: Duration| time.as_millis().try_into().unwrap_or(u64::MAX);
    let mut times = ComputingTimes { loading: milliseconds(start.elapsed()), ..ComputingTimes::default() };
    if effort.choose_eta {
        let answer = request.choose_eta(times)?;
        return Ok((answer, Vec::new()));
    }
    let model = request.model()?;
    let stop = effort.stop(request.input.num_tasks());
    let params = SolveParams { stop, seed: effort.seed, threads: effort.threads, initial: model.initial.clone() };
    let found = solve_with(&model.problem, &params, cancel, &mut |_| {});
    times.solving = milliseconds(found.runtime);
    let explanations = if found.plan.unserved().is_empty() {
        Vec::new()
    } else {
        let params = ExplainParams { max_runtime: Some(EXPLAINING.min(effort.most.unwrap_or(EXPLAINING))) };
        explain_with(&model.problem, &found.plan, &params, cancel).explanations
    };
    let answer = request.answer(&model, &found.plan, &explanations, times);
    Ok((answer, model.warnings))
}
