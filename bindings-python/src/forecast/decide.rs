//! When bins are full, and which of them to visit.

use milkrun::forecast::{self as core, Action, BinState, Choice, SelectParams};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::models::FillModel;
use super::{integers, of_reals, reals, run};
use crate::failure::guard;
use crate::problem::Problem;

/// What is known of bins: an unknown level is NaN.
fn states(times: &[u8], levels: &[u8]) -> Vec<Option<BinState>> {
    let pairs = integers(times).into_iter().zip(reals(levels));
    pairs.map(|(time, level)| (!level.is_nan()).then_some(BinState { time, level })).collect()
}

/// By bin: the probability of being full by each horizon, and the times of each level.
type Fullness<'py> = (Bound<'py, PyBytes>, Vec<Vec<Option<i64>>>);

/// The probability of being full by each horizon (`[bin][horizon]`), and when each level is reached. A bin of unknown level
/// has NaN.
#[pyfunction]
pub(crate) fn time_to_full<'py>(
    py: Python<'py>,
    model: &FillModel,
    times: &[u8],
    levels: &[u8],
    full: f64,
    horizons: &[u8],
    asked: &[u8],
) -> PyResult<Fullness<'py>> {
    let (states, horizons, asked) = (states(times, levels), integers(horizons), reals(asked));
    let begin = horizons.first().copied().unwrap_or(0);
    let assumed: Vec<BinState> =
        states.iter().map(|state| state.unwrap_or(BinState { time: begin, level: 0.0 })).collect();
    let found = run(py, || core::time_to_full(model.inner.as_ref(), &assumed, full, &horizons, &asked))?;
    let mut probabilities = Vec::with_capacity(states.len() * horizons.len());
    let mut quantiles = Vec::with_capacity(states.len());
    for (state, found) in states.iter().zip(found) {
        let known = state.is_some();
        probabilities.extend(found.probabilities.iter().map(|&p| if known { p } else { f64::NAN }));
        quantiles.push(if known { found.quantiles } else { vec![None; asked.len()] });
    }
    Ok((of_reals(py, probabilities), quantiles))
}

/// By bin: what to do, why, prize, and the probabilities now and at the next round, and the level, in one list.
type Decisions<'py> = (Vec<&'static str>, Vec<String>, Vec<i64>, Bound<'py, PyBytes>);

fn word(action: Action) -> &'static str {
    match action {
        Action::Must => "must",
        Action::May => "may",
        Action::Skip => "skip",
    }
}

fn action(word: &str) -> PyResult<Action> {
    match word {
        "must" => Ok(Action::Must),
        "may" => Ok(Action::May),
        "skip" => Ok(Action::Skip),
        other => Err(super::data::unknown("action", other, "must, may or skip")),
    }
}

/// Decides for every bin.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "one for each parameter of the decision")]
pub(crate) fn select_bins<'py>(
    py: Python<'py>,
    model: &FillModel,
    times: &[u8],
    levels: &[u8],
    service: i64,
    period: i64,
    full: f64,
    tolerance: f64,
    overflow_cost: i64,
    visit_cost: i64,
    min_share: f64,
    max_periods: u32,
) -> PyResult<Decisions<'py>> {
    let states = states(times, levels);
    let params = SelectParams { service, period, full, tolerance, overflow_cost, visit_cost, min_share, max_periods };
    let choices = run(py, || core::select(model.inner.as_ref(), &states, &params))?;
    let figures = choices.iter().flat_map(|c| [c.full_now, c.full_next, c.level]);
    Ok((
        choices.iter().map(|c| word(c.action)).collect(),
        choices.iter().map(|c| c.reason.to_string()).collect(),
        choices.iter().map(|c| c.prize).collect(),
        of_reals(py, figures),
    ))
}

/// Writes decisions into a problem whose clients are named after bins. Gives it with the number of clients that must, may and
/// need not be visited, and the bins that no client is named after.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "columns of a table, and what they are applied to")]
pub(crate) fn apply_selection(
    py: Python<'_>,
    problem: &Problem,
    bins: Vec<String>,
    actions: Vec<String>,
    prizes: Vec<i64>,
    levels: &[u8],
    full: f64,
    load_when_full: Option<i64>,
) -> PyResult<(Problem, [usize; 3], Vec<String>)> {
    let levels = reals(levels);
    if [actions.len(), prizes.len(), levels.len()].iter().any(|&n| n != bins.len()) {
        return Err(PyValueError::new_err("the columns of a selection must be of one length"));
    }
    let choices = actions.iter().zip(&prizes).zip(&levels).map(|((word, &prize), &level)| {
        // What is applied are action, prize and level: the others are for people.
        let reason = core::Reason::NoReading;
        Ok(Choice { action: action(word)?, reason, prize, full_now: f64::NAN, full_next: f64::NAN, level })
    });
    let choices = choices.collect::<PyResult<Vec<Choice>>>()?;
    let mut builder = problem.inner.to_builder();
    let applied = core::apply_selection(&mut builder, &bins, &choices, full, load_when_full);
    let decided = guard(py, || Ok(builder.build()?))?;
    Ok((Problem::new(decided), [applied.must, applied.may, applied.skip], applied.unmatched))
}
