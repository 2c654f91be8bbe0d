//! Features and as-of joins.

use std::sync::Mutex;

use milkrun::Coord;
use milkrun::forecast::{
    self as core, AsOfParams, CalendarPart, EwmStat, Feature, FeatureContext, FeatureSpec, HolidayPart, Stat,
};
use ndarray::Array2;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::data::{Series, unknown};
use super::{integers, of_integers, of_reals, reals, run};

/// A feature: its kind, whole numbers, a fraction, and a word (of a statistic or a part of the date).
type Described = (String, Vec<i64>, f64, String);

/// What features are made from: local time less UTC, holidays, events by series, coordinates by series.
type Context = (i64, Vec<i64>, Option<Vec<Vec<i64>>>, Option<Vec<(f64, f64)>>);

fn feature((kind, numbers, fraction, word): &Described) -> PyResult<Feature> {
    let number = |i: usize| numbers.get(i).copied().unwrap_or(0);
    let count = |i: usize| usize::try_from(number(i)).unwrap_or(0);
    let few = |i: usize| u16::try_from(number(i)).unwrap_or(u16::MAX);
    Ok(match kind.as_str() {
        "lag" => Feature::Lag(count(0)),
        "difference" => Feature::Difference { lag: count(0), period: count(1) },
        "rolling" => {
            Feature::Rolling { lag: count(0), window: count(1), stat: stat(word, *fraction)?, min_samples: count(2) }
        }
        "seasonal_rolling" => Feature::SeasonalRolling {
            lag: count(0),
            season: count(1),
            window: count(2),
            stat: stat(word, *fraction)?,
            min_samples: count(3),
        },
        "expanding" => Feature::Expanding { lag: count(0), stat: stat(word, *fraction)? },
        "ewm" => Feature::Ewm {
            lag: count(0),
            alpha: *fraction,
            stat: match word.as_str() {
                "mean" => EwmStat::Mean,
                "std" => EwmStat::Std,
                other => return Err(unknown("stat", other, "mean or std")),
            },
        },
        "span" => Feature::Span { span: number(0), delay: number(1), stat: stat(word, *fraction)? },
        "span_ewm" => Feature::SpanEwm { half_life: number(0), delay: number(1) },
        "calendar" => Feature::Calendar(part(word)?),
        "fourier" => Feature::Fourier { period: number(0), order: count(1) },
        "holiday" => Feature::Holiday(match word.as_str() {
            "is" => HolidayPart::Is,
            "days_to" => HolidayPart::DaysTo(few(0)),
            "days_since" => HolidayPart::DaysSince(few(0)),
            other => return Err(unknown("holiday", other, "is, days_to or days_since")),
        }),
        "since_event" => Feature::SinceEvent,
        "neighbour_mean" => Feature::NeighbourMean { k: count(0), delay: number(1), max_age: number(2) },
        other => return Err(PyValueError::new_err(format!("there is no feature {other:?}"))),
    })
}

fn stat(word: &str, level: f64) -> PyResult<Stat> {
    Ok(match word {
        "mean" => Stat::Mean,
        "std" => Stat::Std,
        "min" => Stat::Min,
        "max" => Stat::Max,
        "quantile" => Stat::Quantile(level),
        other => return Err(unknown("stat", other, "mean, std, min, max, or a quantile's level")),
    })
}

fn part(word: &str) -> PyResult<CalendarPart> {
    Ok(match word {
        "day_of_week" => CalendarPart::DayOfWeek,
        "day" => CalendarPart::Day,
        "month" => CalendarPart::Month,
        "week" => CalendarPart::Week,
        "day_of_year" => CalendarPart::DayOfYear,
        "weekend" => CalendarPart::Weekend,
        "hour" => CalendarPart::Hour,
        "quarter" => CalendarPart::Quarter,
        "year" => CalendarPart::Year,
        other => {
            let known = "day_of_week, day, month, week, day_of_year, weekend, hour, quarter or year";
            return Err(unknown("part", other, known));
        }
    })
}

/// A spec with what it needs.
struct Asked {
    spec: FeatureSpec,
    events: Option<Vec<Vec<i64>>>,
    coords: Option<Vec<Coord>>,
}

impl Asked {
    fn new(features: &[Described], (utc_offset, holidays, events, coords): Context) -> PyResult<Self> {
        let features = features.iter().map(feature).collect::<PyResult<Vec<_>>>()?;
        let coords = coords.map(|all| all.into_iter().map(|(x, y)| Coord::new(x, y)).collect());
        Ok(Self { spec: FeatureSpec { features, utc_offset, holidays }, events, coords })
    }

    fn context(&self) -> FeatureContext<'_> {
        FeatureContext { events: self.events.as_deref(), coords: self.coords.as_deref() }
    }
}

/// The names of the columns of features.
#[pyfunction]
pub(crate) fn feature_columns(features: Vec<Described>) -> PyResult<Vec<String>> {
    Ok(FeatureSpec::new(features.iter().map(feature).collect::<PyResult<Vec<_>>>()?).columns())
}

/// Features of every row, row-major; single precision on demand.
#[pyfunction]
pub(crate) fn compute_features<'py>(
    py: Python<'py>,
    series: &Series,
    features: Vec<Described>,
    context: Context,
    single: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    let asked = Asked::new(&features, context)?;
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
    fn new(py: Python<'_>, series: &Series, features: Vec<Described>, context: Context) -> PyResult<Self> {
        let asked = Asked::new(&features, context)?;
        let inner = run(py, || core::FeatureState::new(&series.inner, &asked.spec, &asked.context()))?;
        Ok(Self { inner: Mutex::new(inner) })
    }

    /// Adds a reading of a series.
    fn update(&self, py: Python<'_>, series: usize, time: i64, value: f64) -> PyResult<()> {
        let mut state = self.lock()?;
        state.update(series, time, value).map_err(|error| super::raise(py, &error))
    }

    /// Adds an event of a series.
    fn add_event(&self, py: Python<'_>, series: usize, time: i64) -> PyResult<()> {
        let mut state = self.lock()?;
        state.add_event(series, time).map_err(|error| super::raise(py, &error))
    }

    /// A row for each series, of a reading at the given time.
    fn rows<'py>(&self, py: Python<'py>, times: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        let (state, times) = (self.lock()?, integers(times));
        let found: Array2<f64> = state.rows(&times).map_err(|error| super::raise(py, &error))?;
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
