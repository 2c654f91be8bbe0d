//! Models of fill and of regular series.

use std::sync::Arc;

use milkrun::document::FillDocument;
use milkrun::forecast::{
    self as core, Croston, Ets, FillModel, Intermittent, QuantileRow, RidgeParams, SeasonalNaive, SeriesModel, Theta,
};
use napi::bindgen_prelude::{AsyncTask, Float64Array, Result};
use napi_derive::napi;
use ndarray::Array2;

use super::data::NativeIncrements;
use super::{Work, array, indices, later, run, unknown};
use crate::document::taken;
use crate::failure::coded;

/// A model of what goes into bins.
#[napi]
pub struct NativeFillModel {
    pub(crate) inner: Arc<dyn FillModel>,
    names: Vec<String>,
}

type Fitted = (Arc<dyn FillModel>, Vec<String>);

/// Learns from increments the model of fill that a document says.
#[napi(ts_return_type = "Promise<NativeFillModel>")]
pub fn fit_fill(increments: &NativeIncrements, model: String) -> Result<AsyncTask<Work<Fitted, NativeFillModel>>> {
    let (increments, model): (_, FillDocument) = (increments.inner.clone(), taken(&model)?);
    let job = move || Ok((model.fit(&increments)?.into(), increments.names.clone()));
    Ok(later(job, |(inner, names)| NativeFillModel { inner, names }))
}

#[napi]
impl NativeFillModel {
    /// A table of quantiles that something else made; bins are indices into `names`.
    #[napi(factory)]
    pub fn of_quantiles(
        names: Vec<String>,
        begin: i64,
        bins: Float64Array,
        horizons: Float64Array,
        levels: Float64Array,
        amounts: Float64Array,
    ) -> Result<Self> {
        let columns = bins.iter().zip(horizons.iter()).zip(levels.iter()).zip(amounts.iter());
        let rows: Vec<QuantileRow> = columns
            .map(|(((&bin, &horizon), &level), &amount)| QuantileRow {
                bin: bin as usize,
                horizon: horizon as i64,
                level,
                amount,
            })
            .collect();
        let inner = run(|| core::QuantileTable::new(names.len(), begin, &rows))?;
        Ok(Self { inner: Arc::new(inner), names })
    }

    #[napi(getter)]
    pub fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    /// What the model is called.
    #[napi(getter)]
    pub fn name(&self) -> String {
        self.inner.name()
    }

    /// By bin: mean and quantiles of what goes in between two moments.
    #[napi]
    pub fn rise(&self, from: i64, to: i64, levels: Float64Array) -> Result<Float64Array> {
        let found = run(|| {
            let bins = 0..self.inner.len();
            Ok(bins
                .flat_map(|bin| {
                    let rise = self.inner.rise(bin, from, to.max(from));
                    let mean = rise.mean();
                    std::iter::once(mean).chain(rise.quantiles(&levels))
                })
                .collect::<Vec<f64>>())
        })?;
        Ok(array(found))
    }
}

/// A model of regular series.
#[napi(object)]
#[derive(Clone)]
pub struct SeriesModelRecord {
    pub model: String,
    pub season: u32,
    pub alpha: f64,
    pub beta: f64,
}

impl SeriesModelRecord {
    pub(super) fn make(&self) -> Result<Box<dyn SeriesModel>> {
        let (season, alpha, beta) = (self.season as usize, self.alpha, self.beta);
        let croston = |variant| Box::new(Croston { variant, alpha, beta });
        Ok(match self.model.as_str() {
            "seasonal_naive" => Box::new(SeasonalNaive { season }),
            "theta" => Box::new(Theta { season }),
            "ets" => Box::new(Ets { season }),
            "croston" => croston(Intermittent::Classic),
            "sba" => croston(Intermittent::Sba),
            "tsb" => croston(Intermittent::Tsb),
            other => return Err(unknown("model", other, "seasonal_naive, theta, ets, croston, sba or tsb")),
        })
    }
}

/// Continues regular series: by series and step the mean and the quantiles.
#[napi(ts_return_type = "Promise<Float64Array>")]
pub fn forecast_series(
    model: SeriesModelRecord,
    ends: Float64Array,
    values: Float64Array,
    horizon: u32,
    levels: Float64Array,
) -> Result<AsyncTask<Work<Vec<f64>, Float64Array>>> {
    let model = model.make()?;
    let (ends, values, levels) = (indices(&ends), values.to_vec(), levels.to_vec());
    let job = move || {
        let mut found = Vec::new();
        for pair in ends.windows(2) {
            let history = values.get(pair[0]..pair[1]).unwrap_or_default();
            let forecast = model.forecast(history, horizon as usize, &levels)?;
            for (mean, quantiles) in forecast.mean.iter().zip(forecast.quantiles.rows()) {
                found.push(*mean);
                found.extend(quantiles.iter());
            }
        }
        Ok(found)
    };
    Ok(later(job, array))
}

/// Least squares with a penalty on the weights.
#[napi]
pub struct NativeRidge {
    inner: Arc<core::Ridge>,
}

fn matrix(values: &[f64], columns: u32) -> Result<Array2<f64>> {
    let rows = values.len().checked_div(columns as usize).unwrap_or(0);
    let made = Array2::from_shape_vec((rows, columns as usize), values.to_vec());
    made.map_err(|error| coded("setting", format!("x: {error}")))
}

/// Fits weights to rows of features and their targets.
#[napi(ts_return_type = "Promise<NativeRidge>")]
pub fn fit_ridge(
    x: Float64Array,
    columns: u32,
    y: Float64Array,
    penalties: Option<Vec<f64>>,
    neighbourhood: Option<f64>,
) -> Result<AsyncTask<Work<core::Ridge, NativeRidge>>> {
    let (x, y, usual) = (matrix(&x, columns)?, y.to_vec(), RidgeParams::default());
    let params = RidgeParams {
        penalties: penalties.unwrap_or(usual.penalties),
        neighbourhood: neighbourhood.unwrap_or(usual.neighbourhood),
    };
    Ok(later(move || core::Ridge::fit(x.view(), &y, &params), |inner| NativeRidge { inner: Arc::new(inner) }))
}

#[napi]
impl NativeRidge {
    #[napi(getter)]
    pub fn penalty(&self) -> f64 {
        self.inner.penalty()
    }

    #[napi(getter)]
    pub fn weights(&self) -> Vec<f64> {
        self.inner.weights().to_vec()
    }

    #[napi]
    pub fn predict(&self, x: Float64Array, columns: u32) -> Result<Float64Array> {
        let x = matrix(&x, columns)?;
        Ok(array(run(|| self.inner.predict(x.view()))?))
    }

    /// By row and level.
    #[napi]
    pub fn predict_quantiles(&self, x: Float64Array, columns: u32, levels: Float64Array) -> Result<Float64Array> {
        let x = matrix(&x, columns)?;
        Ok(array(run(|| self.inner.predict_quantiles(x.view(), &levels))?))
    }
}
