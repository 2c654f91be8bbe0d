//! When bins are full, and which of them to visit.

use milkrun::forecast::{self as core, Action, BinState, Choice, SelectParams, TimeToFull};
use napi::bindgen_prelude::{AsyncTask, Float64Array, Result};
use napi_derive::napi;

use super::models::NativeFillModel;
use super::{Work, later, unknown, whole};
use crate::failure::guard;
use crate::problem::NativeProblem;

/// Pairs of time and level, not numbers where nothing is known.
fn states(pairs: &[f64]) -> Vec<Option<BinState>> {
    let state = |pair: &[f64]| (!pair[1].is_nan()).then_some(BinState { time: pair[0] as i64, level: pair[1] });
    pairs.chunks_exact(2).map(state).collect()
}

/// When a bin is full.
#[napi(object)]
pub struct FullnessRecord {
    pub probabilities: Vec<f64>,
    pub times: Vec<Option<i64>>,
}

type Found = Vec<Option<TimeToFull>>;

/// By bin: the probability of being full by each horizon, and when each level is reached.
#[napi(ts_return_type = "Promise<Array<FullnessRecord | null>>")]
pub fn time_to_full(
    model: &NativeFillModel,
    known: Float64Array,
    full: f64,
    horizons: Float64Array,
    levels: Float64Array,
) -> AsyncTask<Work<Found, Vec<Option<FullnessRecord>>>> {
    let (model, states) = (model.inner.clone(), states(&known));
    let (horizons, levels) = (whole(&horizons), levels.to_vec());
    let job = move || {
        let begin = horizons.first().copied().unwrap_or(0);
        let assumed: Vec<BinState> =
            states.iter().map(|state| state.unwrap_or(BinState { time: begin, level: 0.0 })).collect();
        let found = core::time_to_full(model.as_ref(), &assumed, full, &horizons, &levels)?;
        Ok(found.into_iter().zip(states).map(|(found, state)| state.map(|_| found)).collect())
    };
    later(job, |found| {
        let record = |f: TimeToFull| FullnessRecord { probabilities: f.probabilities, times: f.quantiles };
        found.into_iter().map(|one| one.map(record)).collect()
    })
}

/// The decision for a bin.
#[napi(object)]
pub struct ChoiceRecord {
    pub action: String,
    pub reason: String,
    pub prize: i64,
    pub full_now: f64,
    pub full_next: f64,
    pub level: f64,
}

/// When rounds are, and what things cost.
#[napi(object)]
pub struct SelectRecord {
    pub service: i64,
    pub period: Option<i64>,
    pub full: f64,
    pub tolerance: Option<f64>,
    pub overflow_cost: Option<i64>,
    pub visit_cost: i64,
    pub min_share: Option<f64>,
    pub max_periods: Option<u32>,
}

fn word(action: Action) -> &'static str {
    match action {
        Action::Must => "must",
        Action::May => "may",
        Action::Skip => "skip",
    }
}

/// Decides for every bin.
#[napi(ts_return_type = "Promise<Array<ChoiceRecord>>")]
pub fn select_bins(
    model: &NativeFillModel,
    known: Float64Array,
    params: SelectRecord,
) -> AsyncTask<Work<Vec<Choice>, Vec<ChoiceRecord>>> {
    let (model, states) = (model.inner.clone(), states(&known));
    let usual = SelectParams::daily(params.service, params.visit_cost);
    let params = SelectParams {
        service: params.service,
        period: params.period.unwrap_or(usual.period),
        full: params.full,
        tolerance: params.tolerance.unwrap_or(usual.tolerance),
        overflow_cost: params.overflow_cost.unwrap_or(usual.overflow_cost),
        visit_cost: params.visit_cost,
        min_share: params.min_share.unwrap_or(usual.min_share),
        max_periods: params.max_periods.unwrap_or(usual.max_periods),
    };
    later(
        move || core::select(model.as_ref(), &states, &params),
        |choices| {
            let record = |c: Choice| ChoiceRecord {
                action: word(c.action).to_owned(),
                reason: c.reason.to_string(),
                prize: c.prize,
                full_now: c.full_now,
                full_next: c.full_next,
                level: c.level,
            };
            choices.into_iter().map(record).collect()
        },
    )
}

/// A problem with decisions in it.
#[napi(object)]
pub struct AppliedRecord {
    pub must: u32,
    pub may: u32,
    pub skip: u32,
    pub unmatched: Vec<String>,
}

/// Writes decisions into a problem whose clients are named after bins.
#[napi]
pub struct NativeApplied {
    problem: std::sync::Arc<milkrun::Problem>,
    applied: core::Applied,
}

#[napi]
impl NativeApplied {
    #[napi(constructor)]
    pub fn new(
        problem: &NativeProblem,
        bins: Vec<String>,
        actions: Vec<String>,
        prizes: Vec<i64>,
        levels: Float64Array,
        full: f64,
        load_when_full: Option<i64>,
    ) -> Result<Self> {
        let rows = actions.iter().zip(&prizes).zip(levels.iter());
        let choices = rows.map(|((word, &prize), &level)| {
            let action = match word.as_str() {
                "must" => Action::Must,
                "may" => Action::May,
                "skip" => Action::Skip,
                other => return Err(unknown("action", other, "\"must\", \"may\" or \"skip\"")),
            };
            // What is applied are action, prize and level: the others are for people.
            let reason = core::Reason::NoReading;
            Ok(Choice { action, reason, prize, full_now: f64::NAN, full_next: f64::NAN, level })
        });
        let choices = choices.collect::<Result<Vec<Choice>>>()?;
        let mut builder = problem.inner.to_builder();
        let applied = core::apply_selection(&mut builder, &bins, &choices, full, load_when_full);
        let problem = guard(|| Ok(builder.build()?))?;
        Ok(Self { problem: std::sync::Arc::new(problem), applied })
    }

    /// The problem.
    #[napi(getter)]
    pub fn problem(&self) -> NativeProblem {
        NativeProblem { inner: self.problem.clone() }
    }

    /// How many clients must, may and need not be visited, and bins without a client.
    #[napi(getter)]
    pub fn counts(&self) -> AppliedRecord {
        let core::Applied { must, may, skip, unmatched, .. } = self.applied.clone();
        AppliedRecord { must: must as u32, may: may as u32, skip: skip as u32, unmatched }
    }
}
