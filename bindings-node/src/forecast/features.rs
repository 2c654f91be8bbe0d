//! Features and as-of joins.

use std::sync::{Arc, Mutex, MutexGuard};

use milkrun::Coord;
use milkrun::forecast::{self as core, AsOfParams, FeatureContext, FeatureMatrix, FeatureSpec};
use napi::bindgen_prelude::{AsyncTask, Float64Array, Result};
use napi_derive::napi;

use super::data::NativeSeries;
use super::{Work, array, later, run, whole};
use crate::failure::coded;

/// Features from their JSON.
fn parsed(spec: &str) -> Result<FeatureSpec> {
    serde_json::from_str(spec).map_err(|error| coded("setting", format!("the features: {error}")))
}

/// What some features need beside the values.
#[napi(object)]
pub struct ContextRecord {
    /// Events by series.
    pub events: Option<Vec<Float64Array>>,
    /// Coordinates by series, x and y in turn.
    pub coords: Option<Float64Array>,
}

/// A spec with what it needs.
struct Asked {
    spec: FeatureSpec,
    events: Option<Vec<Vec<i64>>>,
    coords: Option<Vec<Coord>>,
}

impl Asked {
    fn new(spec: &str, context: ContextRecord) -> Result<Self> {
        let pair = |pair: &[f64; 2]| Coord::new(pair[0], pair[1]);
        Ok(Self {
            spec: parsed(spec)?,
            events: context.events.map(|all| all.iter().map(|times| whole(times)).collect()),
            coords: context.coords.map(|all| all.as_chunks().0.iter().map(pair).collect()),
        })
    }

    fn context(&self) -> FeatureContext<'_> {
        FeatureContext { events: self.events.as_deref(), coords: self.coords.as_deref() }
    }
}

/// The names of the columns of features.
#[napi]
pub fn feature_columns(spec: String) -> Result<Vec<String>> {
    Ok(parsed(&spec)?.columns())
}

/// Features of every row, row-major.
#[napi(ts_return_type = "Promise<Float64Array>")]
pub fn compute_features(
    series: &NativeSeries,
    spec: String,
    context: ContextRecord,
) -> Result<AsyncTask<Work<FeatureMatrix<f64>, Float64Array>>> {
    let (series, asked) = (series.inner.clone(), Asked::new(&spec, context)?);
    let job = move || core::features::<f64>(&series, &asked.spec, &asked.context());
    Ok(later(job, |matrix| array(matrix.values)))
}

/// The features of the reading to come, of series that grow by one reading at a time.
#[napi]
pub struct NativeFeatureState {
    inner: Arc<Mutex<core::FeatureState>>,
}

#[napi]
impl NativeFeatureState {
    /// The state after all rows of the series.
    #[napi(constructor)]
    pub fn new(series: &NativeSeries, spec: String, context: ContextRecord) -> Result<Self> {
        let asked = Asked::new(&spec, context)?;
        let state = run(|| core::FeatureState::new(&series.inner, &asked.spec, &asked.context()))?;
        Ok(Self { inner: Arc::new(Mutex::new(state)) })
    }

    fn lock(&self) -> Result<MutexGuard<'_, core::FeatureState>> {
        self.inner.lock().map_err(|_| coded("internal", "an earlier call failed half-way: make the state anew"))
    }

    /// Adds a reading of a series.
    #[napi]
    pub fn update(&self, series: u32, time: i64, value: f64) -> Result<()> {
        let mut state = self.lock()?;
        run(|| state.update(series as usize, time, value))
    }

    /// Adds an event of a series.
    #[napi]
    pub fn add_event(&self, series: u32, time: i64) -> Result<()> {
        let mut state = self.lock()?;
        run(|| state.add_event(series as usize, time))
    }

    /// A row for each series, of a reading at the given time.
    #[napi]
    pub fn rows(&self, times: Float64Array) -> Result<Float64Array> {
        let state = self.lock()?;
        Ok(array(run(|| state.rows::<f64>(&whole(&times)))?))
    }
}

/// Values that happened at a time and became known at a time.
#[napi]
pub struct NativeAsOfTable {
    inner: core::AsOfTable,
}

fn keys(values: &[f64]) -> Vec<u32> {
    values.iter().map(|&value| value as u32).collect()
}

/// The answers to questions: rows (−1: none) and their values.
#[napi(object)]
pub struct AnswersRecord {
    pub rows: Float64Array,
    pub values: Float64Array,
}

#[napi]
impl NativeAsOfTable {
    /// Rows in any order: key, event time, the time at which it became known, value.
    #[napi(constructor)]
    pub fn new(
        num_keys: u32,
        key: Float64Array,
        events: Float64Array,
        known: Float64Array,
        values: Float64Array,
    ) -> Result<Self> {
        let (key, events, known) = (keys(&key), whole(&events), whole(&known));
        let inner = run(|| core::AsOfTable::new(num_keys as usize, &key, &events, &known, &values))?;
        Ok(Self { inner })
    }

    /// For each question the row that answers it, and its value.
    #[napi]
    pub fn join(
        &self,
        key: Float64Array,
        times: Float64Array,
        tolerance: Option<i64>,
        allow_exact: bool,
    ) -> Result<AnswersRecord> {
        let (key, times, params) = (keys(&key), whole(&times), AsOfParams { tolerance, allow_exact });
        let (rows, values) =
            run(|| Ok((self.inner.join(&key, &times, &params)?, self.inner.join_values(&key, &times, &params)?)))?;
        Ok(AnswersRecord {
            rows: array(rows.into_iter().map(|row| row.map_or(-1.0, f64::from))),
            values: array(values),
        })
    }
}
