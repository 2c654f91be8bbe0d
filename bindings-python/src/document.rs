//! Documents of the core as dicts, and dicts as documents.

use milkrun::document::Scales as CoreScales;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use pythonize::{PythonizeTypes, PythonizeUnnamedMappingAdapter};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Objects are dicts, and lists are tuples: what was answered does not change.
struct Frozen;

impl PythonizeTypes for Frozen {
    type Map = PyDict;
    type NamedMap = PythonizeUnnamedMappingAdapter<PyDict>;
    type List = PyTuple;
}

/// A document as Python has it.
pub(crate) fn given<'py>(py: Python<'py>, document: &(impl Serialize + ?Sized)) -> PyResult<Bound<'py, PyAny>> {
    Ok(pythonize::pythonize_custom::<Frozen, _>(py, document)?)
}

/// The document that something of Python is.
pub(crate) fn taken<T: DeserializeOwned>(document: &Bound<'_, PyAny>) -> PyResult<T> {
    Ok(pythonize::depythonize(document)?)
}

/// How many units of the solver one unit of the user is.
#[pyclass(frozen, module = "milkrun._core")]
pub(crate) struct Scales {
    pub(crate) inner: CoreScales,
}

#[pymethods]
impl Scales {
    #[new]
    #[pyo3(signature = (*, distance, time, load, cost))]
    fn new(distance: f64, time: f64, load: f64, cost: f64) -> Self {
        Self { inner: CoreScales { distance, time, load, cost } }
    }
}
