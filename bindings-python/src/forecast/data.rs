//! Series, clean readings, increments.

use milkrun::forecast::{
    self as core, CleanParams, CleanReport, Cleaned as CoreCleaned, Duplicates, Emptying, Emptyings, GapFill,
    Increment, Increments as CoreIncrements, Regular, SeriesSet,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::{indices, integers, of_integers, of_reals, reals, run};

/// Regular series: starts, step, where the values of each begin and end, and all values.
type Grid<'py> = (Bound<'py, PyBytes>, i64, Bound<'py, PyBytes>, Bound<'py, PyBytes>);

/// Several series, grouped and in order of time.
#[pyclass(frozen, module = "milkrun._core")]
pub(crate) struct Series {
    pub(crate) inner: SeriesSet,
}

#[pymethods]
impl Series {
    /// Series `i` has the rows from `starts[i]` to `starts[i + 1]`; times are 64-bit integers, values 64-bit floats.
    #[new]
    fn new(py: Python<'_>, names: Vec<String>, starts: &[u8], times: &[u8], values: &[u8]) -> PyResult<Self> {
        let (starts, times, values) = (indices("starts", starts)?, integers(times), reals(values));
        run(py, || SeriesSet::from_parts(names, starts, times, values)).map(|inner| Self { inner })
    }

    /// The names.
    fn names(&self) -> Vec<String> {
        self.inner.names().to_vec()
    }

    /// Where the rows of each series begin, and the last end.
    fn starts<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        of_integers(py, self.inner.starts().iter().map(|&start| start as i64))
    }

    /// Times, seconds since 1970.
    fn times<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        of_integers(py, self.inner.times().iter().copied())
    }

    /// Values.
    fn values<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        of_reals(py, self.inner.values().iter().copied())
    }

    /// The rows before a time.
    fn before(&self, time: i64) -> Self {
        Self { inner: self.inner.before(time) }
    }

    /// Means of steps of equal length; what has no reading is filled by `fill`: missing, previous, linear or value.
    fn resample<'py>(&self, py: Python<'py>, step: i64, origin: i64, fill: &str, value: f64) -> PyResult<Grid<'py>> {
        let fill = match fill {
            "missing" => GapFill::Missing,
            "previous" => GapFill::Previous,
            "linear" => GapFill::Linear,
            "value" => GapFill::Value(value),
            other => return Err(unknown("fill", other, "missing, previous, linear, or a number")),
        };
        let found = run(py, || core::resample(&self.inner, step, origin, fill))?;
        Ok(grid(py, step, &found))
    }
}

/// The exception for a word that stands for nothing.
pub(super) fn unknown(name: &str, found: &str, known: &str) -> PyErr {
    PyValueError::new_err(format!("{name} = {found:?}: give {known}"))
}

fn grid<'py>(py: Python<'py>, step: i64, series: &[Regular]) -> Grid<'py> {
    let mut ends = vec![0];
    for one in series {
        ends.push(ends[ends.len() - 1] + one.values.len() as i64);
    }
    let values = series.iter().flat_map(|one| one.values.iter().copied());
    (of_integers(py, series.iter().map(|one| one.start)), step, of_integers(py, ends), of_reals(py, values))
}

/// Readings that can be trusted.
#[pyclass(frozen, module = "milkrun._core")]
pub(crate) struct Cleaned {
    pub(crate) inner: CoreCleaned,
}

/// Cleans readings. Emptyings come from falls of the level, or from a table.
#[pyfunction]
#[pyo3(signature = (
    readings, emptyings, full, tolerance, noise, emptying_drop, spike, stuck_after, max_gap, duplicates
))]
#[expect(clippy::too_many_arguments, reason = "one for each parameter of cleaning")]
pub(crate) fn clean_readings(
    py: Python<'_>,
    readings: &Series,
    emptyings: Option<&Series>,
    full: f64,
    tolerance: f64,
    noise: f64,
    emptying_drop: f64,
    spike: Option<f64>,
    stuck_after: Option<i64>,
    max_gap: i64,
    duplicates: &str,
) -> PyResult<Cleaned> {
    let duplicates = match duplicates {
        "first" => Duplicates::First,
        "last" => Duplicates::Last,
        "mean" => Duplicates::Mean,
        other => return Err(unknown("duplicates", other, "first, last or mean")),
    };
    let params = CleanParams { full, tolerance, noise, emptying_drop, spike, stuck_after, max_gap, duplicates };
    let known = emptyings.map_or(Emptyings::Infer, |table| Emptyings::Given(&table.inner));
    run(py, || core::clean(&readings.inner, known, &params)).map(|inner| Cleaned { inner })
}

#[pymethods]
impl Cleaned {
    /// The readings that are kept.
    fn readings(&self) -> Series {
        Series { inner: self.inner.readings.clone() }
    }

    /// By row: bin, after, by, level before, level after, whether it was given.
    fn emptyings(&self) -> Vec<(usize, i64, i64, f64, f64, bool)> {
        let rows = self.inner.emptyings.iter().enumerate();
        let row = |bin: usize, e: &Emptying| (bin, e.after, e.by, e.level_before, e.level_after, e.given);
        rows.flat_map(|(bin, all)| all.iter().map(move |e| row(bin, e))).collect()
    }

    /// By bin: rows, kept, missing, duplicates, out of range, clamped, spikes, unexplained falls.
    fn counts(&self) -> Vec<[usize; 8]> {
        let row = |r: &CleanReport| {
            [r.rows, r.kept, r.missing, r.duplicates, r.out_of_range, r.clamped, r.spikes, r.unexplained_falls]
        };
        self.inner.reports.iter().map(row).collect()
    }

    /// By bin: the times during which the sensor was stuck.
    fn stuck(&self) -> Vec<Vec<(i64, i64)>> {
        self.inner.reports.iter().map(|report| report.stuck.clone()).collect()
    }

    /// By bin: the times without readings that are longer than allowed.
    fn gaps(&self) -> Vec<Vec<(i64, i64)>> {
        self.inner.reports.iter().map(|report| report.gaps.clone()).collect()
    }

    /// By bin: the step between levels of sensors that report few of them.
    fn steps(&self) -> Vec<Option<f64>> {
        self.inner.reports.iter().map(|report| report.step).collect()
    }

    /// By bin: when its level was last known, and the level.
    fn latest(&self) -> Vec<Option<(i64, f64)>> {
        self.inner.latest()
    }

    /// The level of a full bin.
    fn full(&self) -> f64 {
        self.inner.params.full
    }

    /// What went into the bins between readings.
    fn increments(&self, py: Python<'_>) -> PyResult<Increments> {
        run(py, || Ok(core::increments(&self.inner))).map(|inner| Increments { inner })
    }
}

/// What went into bins.
#[pyclass(frozen, module = "milkrun._core")]
pub(crate) struct Increments {
    pub(crate) inner: CoreIncrements,
}

/// Increments between visits that found a level, for bins without sensors.
#[pyfunction]
pub(crate) fn visit_increments(py: Python<'_>, visits: &Series, full: f64) -> PyResult<Increments> {
    run(py, || core::visit_increments(&visits.inner, full)).map(|inner| Increments { inner })
}

#[pymethods]
impl Increments {
    /// The bins' names.
    fn names(&self) -> Vec<String> {
        self.inner.names.clone()
    }

    /// The level of a full bin.
    fn full(&self) -> f64 {
        self.inner.full
    }

    /// By row: bin, from, to (as integers), amounts, and whether the bin was full at the end.
    fn columns<'py>(&self, py: Python<'py>) -> (Bound<'py, PyBytes>, Bound<'py, PyBytes>, Vec<bool>) {
        let rows = || self.inner.bins.iter().enumerate().flat_map(|(b, bin)| bin.iter().map(move |i| (b as i64, i)));
        let whole = rows().flat_map(|(bin, i): (i64, &Increment)| [bin, i.from, i.to]);
        (of_integers(py, whole), of_reals(py, rows().map(|(_, i)| i.amount)), rows().map(|(_, i)| i.censored).collect())
    }

    /// What is known before a time.
    fn before(&self, time: i64) -> Self {
        Self { inner: self.inner.before(time) }
    }

    /// How much went into each bin in each step.
    fn per_step<'py>(&self, py: Python<'py>, step: i64, origin: i64, min_share: f64) -> PyResult<Grid<'py>> {
        let found = run(py, || self.inner.per_step(step, origin, min_share))?;
        Ok(grid(py, step, &found))
    }
}
