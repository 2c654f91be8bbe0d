//! Long work runs on a thread of its own, while the calling thread listens for progress and signals.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use milkrun::Progress;
use milkrun::algorithm::RunsProgress;
use milkrun::document::{ProgressDocument, RunsProgressDocument, Scales as CoreScales};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;

use crate::cancel::CancelToken;
use crate::document::given;
use crate::failure::{no_thread, panicked};

/// How often signals are checked: an interrupt is answered well within a tenth of a second.
const LISTEN_EVERY: Duration = Duration::from_millis(20);

/// Who is called with progress, and the units in which it is told.
pub(crate) type Report = (Py<PyAny>, CoreScales);

/// What is told of work that goes on.
pub(crate) trait Look: Clone + Send + 'static {
    /// The document of it.
    fn document<'py>(&self, py: Python<'py>, scales: &CoreScales) -> PyResult<Bound<'py, PyAny>>;
}

impl Look for Progress {
    fn document<'py>(&self, py: Python<'py>, scales: &CoreScales) -> PyResult<Bound<'py, PyAny>> {
        given(py, &ProgressDocument::new(self, scales))
    }
}

impl Look for RunsProgress {
    fn document<'py>(&self, py: Python<'py>, _: &CoreScales) -> PyResult<Bound<'py, PyAny>> {
        given(py, &RunsProgressDocument::from(self))
    }
}

/// Does something that may take long, other threads of Python running meanwhile. Gives what came of it, and whether Ctrl-C ended
/// it early.
pub(crate) fn run<P: Look, T: Send + 'static>(
    py: Python<'_>,
    cancel: &CancelToken,
    report: Option<&Report>,
    work: impl FnOnce(&milkrun::CancelToken, &mut dyn FnMut(&P)) -> T + Send + 'static,
) -> PyResult<(T, bool)> {
    // A token of its own: an interrupt stops this work, not others that the caller's token may stop.
    let token = milkrun::CancelToken::new();
    if cancel.inner.is_cancelled() {
        token.cancel();
    }
    let (send, receive) = channel();
    let worker = {
        let token = token.clone();
        let whole = move || {
            catch_unwind(AssertUnwindSafe(|| {
                work(&token, &mut |progress| {
                    // After a callback has failed, no one listens: the work is stopping then. Who listens hears the end
                    // when the sender goes.
                    let _ = send.send(progress.clone());
                })
            }))
        };
        thread::Builder::new().name("milkrun".to_owned()).spawn(whole)
    };
    let worker = worker.map_err(|error| no_thread(py, &error))?;
    let heard = listen(py, &Mutex::new(receive), cancel, &token, report);
    let result = py.detach(|| worker.join());
    let interrupted = heard?;
    match result {
        Ok(Ok(result)) => Ok((result, interrupted)),
        Ok(Err(payload)) | Err(payload) => Err(panicked(py, payload.as_ref())),
    }
}

/// The same, of work that tells nothing meanwhile.
pub(crate) fn run_untold<T: Send + 'static>(
    py: Python<'_>,
    cancel: &CancelToken,
    work: impl FnOnce(&milkrun::CancelToken) -> T + Send + 'static,
) -> PyResult<(T, bool)> {
    run::<Progress, T>(py, cancel, None, move |token, _| work(token))
}

/// Does something that may take long, other threads of Python running meanwhile. What a signal raises is raised at once; the work is
/// then asked to end, and what comes of it is dropped.
pub(crate) fn wait<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce(&milkrun::CancelToken) -> T + Send + 'static,
) -> PyResult<T> {
    let (send, receive) = channel();
    let token = milkrun::CancelToken::new();
    let asked = token.clone();
    let whole = move || {
        // Whoever waited may have gone.
        let _ = send.send(catch_unwind(AssertUnwindSafe(|| work(&asked))));
    };
    thread::Builder::new().name("milkrun".to_owned()).spawn(whole).map_err(|error| no_thread(py, &error))?;
    let receive = Mutex::new(receive);
    loop {
        let heard = py.detach(|| match receive.lock() {
            Ok(receive) => receive.recv_timeout(LISTEN_EVERY),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        });
        match heard {
            Ok(Ok(result)) => return Ok(result),
            Ok(Err(payload)) => return Err(panicked(py, payload.as_ref())),
            Err(RecvTimeoutError::Disconnected) => return Err(panicked(py, &"the work ended without an answer")),
            Err(RecvTimeoutError::Timeout) => py.check_signals().inspect_err(|_| token.cancel())?,
        }
    }
}

/// Hands on progress and looks at signals until the sender is gone. Gives whether Ctrl-C ended it.
fn listen<P: Look>(
    py: Python<'_>,
    progress: &Mutex<Receiver<P>>,
    asked: &CancelToken,
    token: &milkrun::CancelToken,
    report: Option<&Report>,
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
                let looked = progress.document(py, scales);
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
