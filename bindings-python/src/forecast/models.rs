//! Models of fill and of regular series.

use std::sync::Arc;

use milkrun::document::FillDocument;
use milkrun::forecast::{
    self as core, Croston, Ets, Intermittent, QuantileRow, RidgeParams, SeasonalNaive, SeriesModel, Theta,
};
use ndarray::{Array2, ArrayView2};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::data::{Increments, unknown};
use super::{indices, integers, of_reals, reals, run};
use crate::document::taken;

/// A model of what goes into bins.
#[pyclass(frozen, module = "milkrun._core")]
pub(crate) struct FillModel {
    pub(crate) inner: Arc<dyn core::FillModel>,
    names: Vec<String>,
}

#[pymethods]
impl FillModel {
    /// Learns from increments the model that a document says.
    #[staticmethod]
    fn fit(py: Python<'_>, model: &Bound<'_, PyAny>, increments: &Increments) -> PyResult<Self> {
        let model: FillDocument = taken(model)?;
        let names = increments.inner.names.clone();
        let inner = run(py, || model.fit(&increments.inner))?;
        Ok(Self { inner: inner.into(), names })
    }

    /// A table of quantiles that something else made; bins are indices into `names`.
    #[staticmethod]
    fn of_quantiles(
        py: Python<'_>,
        names: Vec<String>,
        begin: i64,
        bins: &[u8],
        horizons: &[u8],
        levels: &[u8],
        amounts: &[u8],
    ) -> PyResult<Self> {
        let (bins, horizons) = (indices("bin", bins)?, integers(horizons));
        let (levels, amounts) = (reals(levels), reals(amounts));
        let rows: Vec<QuantileRow> = (bins.into_iter().zip(horizons).zip(levels).zip(amounts))
            .map(|(((bin, horizon), level), amount)| QuantileRow { bin, horizon, level, amount })
            .collect();
        let inner = run(py, || core::QuantileTable::new(names.len(), begin, &rows))?;
        Ok(Self { inner: Arc::new(inner), names })
    }

    /// The bins' names.
    fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    /// What the model is called.
    fn name(&self) -> String {
        self.inner.name()
    }

    /// Mean and quantiles, row-major, of what goes into each of the bins between two moments.
    fn rise<'py>(
        &self,
        py: Python<'py>,
        bins: &[u8],
        starts: &[u8],
        ends: &[u8],
        levels: &[u8],
    ) -> PyResult<(Bound<'py, PyBytes>, Bound<'py, PyBytes>)> {
        let (bins, starts, ends, levels) = (indices("bins", bins)?, integers(starts), integers(ends), reals(levels));
        if let Some(bin) = bins.iter().find(|&&bin| bin >= self.inner.len()) {
            return Err(PyValueError::new_err(format!("bin {bin}: the model has {}", self.inner.len())));
        }
        let (means, quantiles) = run(py, || {
            let (mut means, mut quantiles) = (Vec::new(), Vec::new());
            for ((&bin, &from), &to) in bins.iter().zip(&starts).zip(&ends) {
                let rise = self.inner.rise(bin, from, to.max(from));
                means.push(rise.mean());
                quantiles.extend(rise.quantiles(&levels));
            }
            Ok((means, quantiles))
        })?;
        Ok((of_reals(py, means), of_reals(py, quantiles)))
    }
}

/// A model of regular series by name.
pub(super) fn series_model(kind: &str, season: usize, alpha: f64, beta: f64) -> PyResult<Box<dyn SeriesModel>> {
    let croston = |variant| Box::new(Croston { variant, alpha, beta });
    Ok(match kind {
        "seasonal_naive" => Box::new(SeasonalNaive { season }),
        "theta" => Box::new(Theta { season }),
        "ets" => Box::new(Ets { season }),
        "croston" => croston(Intermittent::Classic),
        "sba" => croston(Intermittent::Sba),
        "tsb" => croston(Intermittent::Tsb),
        other => return Err(unknown("model", other, "seasonal_naive, theta, ets, croston, sba or tsb")),
    })
}

/// Continues each of several regular series; gives means, `[series][step]`, and quantiles, `[series][step][level]`.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "a model, series, and what is asked of them")]
pub(crate) fn forecast_series<'py>(
    py: Python<'py>,
    kind: &str,
    season: usize,
    alpha: f64,
    beta: f64,
    ends: &[u8],
    values: &[u8],
    horizon: usize,
    levels: &[u8],
) -> PyResult<(Bound<'py, PyBytes>, Bound<'py, PyBytes>)> {
    let model = series_model(kind, season, alpha, beta)?;
    let (ends, values, levels) = (indices("ends", ends)?, reals(values), reals(levels));
    let (mut means, mut quantiles) = (Vec::new(), Vec::new());
    for pair in ends.windows(2) {
        let history = values.get(pair[0]..pair[1]).unwrap_or_default();
        let found = run(py, || model.forecast(history, horizon, &levels))?;
        means.extend(found.mean);
        quantiles.extend(found.quantiles);
        py.check_signals()?;
    }
    Ok((of_reals(py, means), of_reals(py, quantiles)))
}

/// Least squares with a penalty on the weights.
#[pyclass(frozen, module = "milkrun._core")]
pub(crate) struct Ridge {
    inner: core::Ridge,
}

fn matrix(bytes: &[u8], columns: usize) -> PyResult<Array2<f64>> {
    let values = reals(bytes);
    let rows = values.len().checked_div(columns).unwrap_or(0);
    Array2::from_shape_vec((rows, columns), values).map_err(|error| PyValueError::new_err(format!("x: {error}")))
}

#[pymethods]
impl Ridge {
    /// Fits weights to rows of features and their targets.
    #[staticmethod]
    fn fit(
        py: Python<'_>,
        x: &[u8],
        columns: usize,
        y: &[u8],
        penalties: Option<Vec<f64>>,
        neighbourhood: Option<f64>,
    ) -> PyResult<Self> {
        let (x, y, usual) = (matrix(x, columns)?, reals(y), RidgeParams::default());
        let params = RidgeParams {
            penalties: penalties.unwrap_or(usual.penalties),
            neighbourhood: neighbourhood.unwrap_or(usual.neighbourhood),
        };
        run(py, || core::Ridge::fit(x.view(), &y, &params)).map(|inner| Self { inner })
    }

    /// The chosen penalty.
    fn penalty(&self) -> f64 {
        self.inner.penalty()
    }

    /// The weights of columns of unit variance.
    fn weights(&self) -> Vec<f64> {
        self.inner.weights().to_vec()
    }

    /// Predictions, one for each row.
    fn predict<'py>(&self, py: Python<'py>, x: &[u8], columns: usize) -> PyResult<Bound<'py, PyBytes>> {
        let x = matrix(x, columns)?;
        let view: ArrayView2<'_, f64> = x.view();
        Ok(of_reals(py, run(py, || self.inner.predict(view))?))
    }

    /// Quantiles, `[row][level]`.
    fn predict_quantiles<'py>(
        &self,
        py: Python<'py>,
        x: &[u8],
        columns: usize,
        levels: &[u8],
    ) -> PyResult<Bound<'py, PyBytes>> {
        let (x, levels) = (matrix(x, columns)?, reals(levels));
        Ok(of_reals(py, run(py, || self.inner.predict_quantiles(x.view(), &levels))?))
    }
}
