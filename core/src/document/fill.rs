//! Which model of fill, and its parameters.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::forecast::{
    EmpiricalIncrements, EmpiricalParams, FillModel, ForecastError, GammaParams, GammaProcess, Increments,
};

/// A model of what goes into bins. Fields that are omitted are as in the defaults of its parameters.
///
/// ```
/// use milkrun::document::FillDocument;
/// use milkrun::forecast::{EmpiricalParams, GammaParams};
///
/// let usual: FillDocument = serde_json::from_str(r#"{"model": "empirical"}"#).unwrap();
/// assert_eq!(usual, FillDocument::Empirical(EmpiricalParams::default()));
/// let alike: FillDocument = serde_json::from_str(r#"{"model": "gamma", "half_life": null}"#).unwrap();
/// assert_eq!(alike, FillDocument::Gamma(GammaParams { half_life: None, ..GammaParams::default() }));
/// ```
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(tag = "model", rename_all = "snake_case")]
#[schemars(rename = "FillModel")]
pub enum FillDocument {
    /// What went in during past windows of the same length and time of day.
    Empirical(EmpiricalParams),
    /// A gamma process for each bin, drawn towards all bins.
    Gamma(GammaParams),
}

impl FillDocument {
    /// Learns the model from increments.
    ///
    /// # Errors
    ///
    /// [`ForecastError`] with everything that is wrong with parameters and increments.
    pub fn fit(&self, increments: &Increments) -> Result<Box<dyn FillModel>, ForecastError> {
        Ok(match self {
            Self::Empirical(params) => Box::new(EmpiricalIncrements::fit(increments, params)?),
            Self::Gamma(params) => Box::new(GammaProcess::fit(increments, params)?),
        })
    }
}
