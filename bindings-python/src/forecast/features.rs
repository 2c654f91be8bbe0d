//! Features and as-of joins.

use std::sync::Mutex;

use milkrun::Coord;
use milkrun::forecast::{self as core, AsOfParams, FeatureContext, FeatureSpec};
use ndarray::Array2;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::data::Series;
use super::{integers, of_integers, of_reals, reals, run};

/// What features are made from beside the values: events by series, coordinates by series.
type Context = (Option<Vec<Vec<i64>>>, Option<Vec<(f64, f64)>>);

/// Features from their JSON.
fn parsed(spec: &str) -> PyResult<FeatureSpec> {
    serde_json::from_str(spec).map_err(|error| PyValueError::new_err(format!("the features: {error}")))
}

/// A spec with what it needs.
struct Asked {
    spec: FeatureSpec,
    events: Option<Vec<Vec<i64>>>,
    coords: Option<Vec<Coord>>,
}

impl Asked {
    fn new(spec: &str, (events, coords): Context) -> PyResult<Self> {
        let coords = coords.map(|all| all.into_iter().map(|(x, y)| Coord::new(x, y)).collect());
        Ok(Self { spec: parsed(spec)?, events, coords })
    }

    fn context(&self) -> FeatureContext<'_> {
        FeatureContext { events: self.events.as_deref(), coords: self.coords.as_deref() }
    }
}

/// The names of the columns of features.
#[pyfunction]
pub(crate) fn feature_columns(spec: &str) -> PyResult<Vec<String>> {
    Ok(parsed(spec)?.columns())
}

/// Features of every row, row-major; single precision on demand.
#[pyfunction]
pub(crate) fn compute_features<'py>(
    py: Python<'py>,
    series: &Series,
    spec: &str,
    context: Context,
    single: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let asked = Asked::new(spec, context)?;
    if single {
        let matrix = run(py, || core::features::<f32>(&series.inner, &asked.spec, &asked.context()))?.values;
        return bytes(py, matrix.as_slice().unwrap_or_default(), f32::to_ne_bytes);
    }
    let matrix = run(py, || core::features::<f64>(&series.inner, &asked.spec, &asked.context()))?.values;
    bytes(py, matrix.as_slice().unwrap_or_default(), f64::to_ne_bytes)
}

/// A copy of the numbers, made in place: such matrices are large.
fn bytes<'py, T: Copy, const N: usize>(
    py: Python<'py>,
    values: &[T],
    to_bytes: fn(T) -> [u8; N],
) -> PyResult<Bound<'py, PyBytes>> {
    PyBytes::new_with(py, N * values.len(), |target| {
        for (chunk, &value) in target.chunks_exact_mut(N).zip(values) {
            chunk.copy_from_slice(&to_bytes(value));
        }
        Ok(())
    })
}

/// The features of the reading to come, of series that grow by one reading at a time.
#[pyclass(frozen, module = "milkrun._core")]
pub(crate) struct FeatureState {
    inner: Mutex<core::FeatureState>,
}

impl FeatureState {
    fn lock(&self) -> PyResult<std::sync::MutexGuard<'_, core::FeatureState>> {
        self.inner.lock().map_err(|_| PyRuntimeError::new_err("an earlier call failed half-way: make the state anew"))
    }
}

#[pymethods]
impl FeatureState {
    /// The state after all rows of the series.
    #[new]
    fn new(py: Python<'_>, series: &Series, spec: &str, context: Context) -> PyResult<Self> {
        let asked = Asked::new(spec, context)?;
        let inner = run(py, || core::FeatureState::new(&series.inner, &asked.spec, &asked.context()))?;
        Ok(Self { inner: Mutex::new(inner) })
    }

    /// Adds a reading of a series.
    fn update(&self, py: Python<'_>, series: usize, time: i64, value: f64) -> PyResult<()> {
        let mut state = self.lock()?;
        state.update(series, time, value).map_err(|error| super::raise(py, error))
    }

    /// Adds an event of a series.
    fn add_event(&self, py: Python<'_>, series: usize, time: i64) -> PyResult<()> {
        let mut state = self.lock()?;
        state.add_event(series, time).map_err(|error| super::raise(py, error))
    }

    /// A row for each series, of a reading at the given time.
    fn rows<'py>(&self, py: Python<'py>, times: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        let (state, times) = (self.lock()?, integers(times));
        let found: Array2<f64> = state.rows(&times).map_err(|error| super::raise(py, error))?;
        Ok(of_reals(py, found))
    }
}

/// Values that happened at a time and became known at a time.
#[pyclass(frozen, module = "milkrun._core")]
pub(crate) struct AsOfTable {
    inner: core::AsOfTable,
}

fn keys(bytes: &[u8]) -> PyResult<Vec<u32>> {
    let key = |value: i64| {
        u32::try_from(value).map_err(|_| PyValueError::new_err(format!("{value} is no key from 0 to 2³² − 1")))
    };
    integers(bytes).into_iter().map(key).collect()
}

#[pymethods]
impl AsOfTable {
    /// Rows in any order: key, event time, the time at which it became known, value.
    #[new]
    fn new(py: Python<'_>, num_keys: usize, key: &[u8], events: &[u8], known: &[u8], values: &[u8]) -> PyResult<Self> {
        let (key, events, known, values) = (keys(key)?, integers(events), integers(known), reals(values));
        run(py, || core::AsOfTable::new(num_keys, &key, &events, &known, &values)).map(|inner| Self { inner })
    }

    /// For each question the row that answers it (−1: none) and its value.
    fn join<'py>(
        &self,
        py: Python<'py>,
        key: &[u8],
        times: &[u8],
        tolerance: Option<i64>,
        allow_exact: bool,
    ) -> PyResult<(Bound<'py, PyBytes>, Bound<'py, PyBytes>)> {
        let (key, times, params) = (keys(key)?, integers(times), AsOfParams { tolerance, allow_exact });
        let (rows, values) =
            run(py, || Ok((self.inner.join(&key, &times, &params)?, self.inner.join_values(&key, &times, &params)?)))?;
        Ok((of_integers(py, rows.into_iter().map(|row| row.map_or(-1, i64::from))), of_reals(py, values)))
    }
}
