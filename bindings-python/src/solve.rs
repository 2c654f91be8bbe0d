//! Solving: the search runs on a thread of its own, while the calling thread listens for progress and signals.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use milkrun::{Progress, SolveParams, SolveResult, Stop, StopReason};
use pyo3::exceptions::{PyKeyboardInterrupt, PyValueError};
use pyo3::prelude::*;

use crate::cancel::CancelToken;
use crate::failure::{InternalError, panicked};
use crate::plan::Plan;
use crate::problem::Problem;

/// How often signals are looked at: an interrupt is answered well within a tenth of a second.
const LISTEN_EVERY: Duration = Duration::from_millis(20);

/// Solves a problem. Gives plan, why the search stopped, iterations and seconds.
#[pyfunction]
#[pyo3(signature = (
    problem, max_runtime, max_iterations, no_improvement, target_cost, seed, threads, initial, cancel, on_progress
))]
#[expect(clippy::too_many_arguments, reason = "one for each parameter of a search")]
pub(crate) fn solve(
    py: Python<'_>,
    problem: &Problem,
    max_runtime: Option<f64>,
    max_iterations: Option<u64>,
    no_improvement: Option<u64>,
    target_cost: Option<i64>,
    seed: u64,
    threads: usize,
    initial: Option<&Plan>,
    cancel: &CancelToken,
    on_progress: Option<Py<PyAny>>,
) -> PyResult<(Plan, &'static str, u64, f64)> {
    let max_runtime = max_runtime.map(Duration::try_from_secs_f64).transpose();
    let max_runtime = max_runtime.map_err(|error| PyValueError::new_err(format!("max_runtime: {error}")))?;
    let stop = Stop { max_runtime, max_iterations, no_improvement, target_cost };
    let params = SolveParams { stop, seed, threads, initial: initial.map(|plan| plan.inner.clone()) };
    // A token of its own: an interrupt stops this search, not others that the caller's token may stop.
    let token = milkrun::CancelToken::new();
    let (send, receive) = channel();
    let worker = {
        let (inner, token) = (problem.inner.clone(), token.clone());
        let work = move || {
            catch_unwind(AssertUnwindSafe(|| {
                milkrun::solve_with(&inner, &params, &token, &mut |progress| {
                    // Nobody listens any more once a callback has failed: the search is stopping then.
                    let _ = send.send(progress.clone());
                })
            }))
        };
        thread::Builder::new().name("milkrun".to_owned()).spawn(work)
    };
    let worker = worker.map_err(|error| InternalError::new_err(format!("no thread could be started: {error}")))?;
    let heard = listen(py, &Mutex::new(receive), cancel, &token, on_progress.as_ref());
    let result = py.detach(|| worker.join());
    let interrupted = heard?;
    let result = match result {
        Ok(Ok(result)) => result,
        Ok(Err(payload)) | Err(payload) => return Err(panicked(payload.as_ref())),
    };
    let stopped = if interrupted && result.stopped == StopReason::Cancelled { "interrupt" } else { word(&result) };
    let runtime = result.runtime.as_secs_f64();
    Ok((Plan { inner: result.plan, problem: problem.inner.clone() }, stopped, result.iterations, runtime))
}

/// Hands on progress and looks at signals until the search (or whatever else holds the sender) is over. Gives whether Ctrl-C ended it.
pub(crate) fn listen(
    py: Python<'_>,
    progress: &Mutex<Receiver<Progress>>,
    asked: &CancelToken,
    token: &milkrun::CancelToken,
    callback: Option<&Py<PyAny>>,
) -> PyResult<bool> {
    let (mut interrupted, mut failure) = (false, None);
    loop {
        let heard = py.detach(|| match progress.lock() {
            Ok(progress) => progress.recv_timeout(LISTEN_EVERY),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        });
        match (heard, callback) {
            (Err(RecvTimeoutError::Disconnected), _) => break,
            (Ok(progress), Some(callback)) if failure.is_none() => {
                failure = call(py, callback, &progress).err();
            }
            _ => {}
        }
        match py.check_signals() {
            Err(signal) if signal.is_instance_of::<PyKeyboardInterrupt>(py) => interrupted = true,
            Err(signal) => failure = Some(signal),
            Ok(()) => {}
        }
        if interrupted || failure.is_some() || asked.inner.is_cancelled() {
            token.cancel();
        }
    }
    match failure {
        Some(failure) if failure.is_instance_of::<PyKeyboardInterrupt>(py) => Ok(true),
        Some(failure) => Err(failure),
        None => Ok(interrupted),
    }
}

fn call(py: Python<'_>, callback: &Py<PyAny>, progress: &Progress) -> PyResult<()> {
    let Progress { elapsed, iterations, best_cost, routes, unserved } = progress;
    callback.call1(py, (elapsed.as_secs_f64(), *iterations, *best_cost, *routes, *unserved)).map(drop)
}

fn word(result: &SolveResult) -> &'static str {
    match result.stopped {
        StopReason::MaxRuntime => "max_runtime",
        StopReason::MaxIterations => "max_iterations",
        StopReason::NoImprovement => "no_improvement",
        StopReason::TargetCost => "target_cost",
        StopReason::Cancelled => "cancelled",
        StopReason::Trivial => "trivial",
    }
}
