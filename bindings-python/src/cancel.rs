//! Stopping a search from another thread.

use pyo3::prelude::*;

/// Asks a running search to stop, from any thread.
///
/// The search answers with the best plan found so far, and its result's `stopped` is `"cancelled"`.
#[pyclass(frozen, module = "milkrun")]
#[derive(Default)]
pub(crate) struct CancelToken {
    pub(crate) inner: milkrun::CancelToken,
}

#[pymethods]
impl CancelToken {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Asks the search to stop. It answers within some milliseconds.
    fn cancel(&self) {
        self.inner.cancel();
    }

    /// Whether `cancel` was called.
    #[getter]
    fn is_cancelled(&self) -> bool {
        self.inner.is_cancelled()
    }
}
