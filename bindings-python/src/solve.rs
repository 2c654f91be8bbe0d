//! Solving: the search runs on a thread of its own, while the calling thread listens for progress and signals.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use milkrun::document::{ProgressDocument, ResultDocument, Scales as CoreScales, SearchDocument};
use milkrun::{Progress, StopReason};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;

use crate::cancel::CancelToken;
use crate::document::{Scales, given, taken};
use crate::failure::{no_thread, panicked};
use crate::plan::Plan;
use crate::problem::Problem;

/// How often signals are checked: an interrupt is answered well within a tenth of a second.
const LISTEN_EVERY: Duration = Duration::from_millis(20);

/// Solves a problem as a document says. Gives the plan, and a document of how the search ended.
#[pyfunction]
#[pyo3(signature = (problem, search, initial, cancel, on_progress, scales))]
pub(crate) fn solve<'py>(
    py: Python<'py>,
    problem: &Problem,
    search: &Bound<'py, PyAny>,
    initial: Option<&Plan>,
    cancel: &CancelToken,
    on_progress: Option<Py<PyAny>>,
    scales: &Scales,
) -> PyResult<(Plan, Bound<'py, PyAny>)> {
    let search: SearchDocument = taken(search)?;
    let params = search.params(&scales.inner, initial.map(|plan| plan.inner.clone()));
    // A token of its own: an interrupt stops this search, not others that the caller's token may stop.
    let token = milkrun::CancelToken::new();
    let (send, receive) = channel();
    let worker = {
        let (inner, token) = (problem.inner.clone(), token.clone());
        let work = move || {
            catch_unwind(AssertUnwindSafe(|| {
                milkrun::solve_with(&inner, &params, &token, &mut |progress| {
                    // After a callback has failed, no one listens: the search is stopping then.
                    let _ = send.send(progress.clone());
                })
            }))
        };
        thread::Builder::new().name("milkrun".to_owned()).spawn(work)
    };
    let worker = worker.map_err(|error| no_thread(py, &error))?;
    let report = on_progress.map(|callback| (callback, scales.inner));
    let heard = listen(py, &Mutex::new(receive), cancel, &token, report.as_ref());
    let result = py.detach(|| worker.join());
    let interrupted = heard?;
    let result = match result {
        Ok(Ok(result)) => result,
        Ok(Err(payload)) | Err(payload) => return Err(panicked(py, payload.as_ref())),
    };
    let ended = given(py, &ResultDocument::from(&result))?;
    if interrupted && result.stopped == StopReason::Cancelled {
        ended.set_item("stopped", "interrupt")?;
    }
    Ok((Plan { inner: result.plan, problem: problem.inner.clone() }, ended))
}

/// Hands on progress and looks at signals until the search (or whatever else holds the sender) is over. Gives whether Ctrl-C ended it.
pub(crate) fn listen(
    py: Python<'_>,
    progress: &Mutex<Receiver<Progress>>,
    asked: &CancelToken,
    token: &milkrun::CancelToken,
    report: Option<&(Py<PyAny>, CoreScales)>,
) -> PyResult<bool> {
    let (mut interrupted, mut failure) = (false, None);
    loop {
        let heard = py.detach(|| match progress.lock() {
            Ok(progress) => progress.recv_timeout(LISTEN_EVERY),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        });
        match (heard, report) {
            (Err(RecvTimeoutError::Disconnected), _) => break,
            (Ok(progress), Some((callback, scales))) if failure.is_none() => {
                let looked = given(py, &ProgressDocument::new(&progress, scales));
                failure = looked.and_then(|looked| callback.call1(py, (looked,))).err();
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
