//! Methods of forecasting, with their parameters: those of the library.

use milkrun::forecast::{
    EmpiricalIncrements, EmpiricalParams, FillModel, ForecastError, GammaParams, GammaProcess, Increment, Increments,
};
use serde::de::DeserializeOwned;

use super::definition::FULL;
use crate::fleet::Fault;

/// The names of the methods.
pub(crate) const METHODS: [&str; 2] = ["empirical", "gamma"];

/// A method with its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Recipe {
    /// Amounts deposited in past windows of the same length.
    Empirical(EmpiricalParams),
    /// A gamma process.
    Gamma(GammaParams),
}

impl Recipe {
    /// Reads a method and its parameters.
    ///
    /// # Errors
    ///
    /// All faults, each with its path.
    pub(crate) fn read(method: &str, parameters: &str) -> Result<Self, Vec<Fault>> {
        let recipe = match method {
            "empirical" => Self::Empirical(parsed(parameters)?),
            "gamma" => Self::Gamma(parsed(parameters)?),
            other => {
                let text = format!("{other:?}: give one of {}", METHODS.join(", "));
                return Err(vec![Fault::new("$.method", text)]);
            }
        };
        // What the library says of parameters, it says where it learns.
        let one = Increment { from: 0, to: 1, amount: 1.0, censored: false };
        let increments = Increments { names: vec![String::new()], bins: vec![vec![one]], full: FULL };
        match recipe.fit(&increments) {
            Ok(_) => Ok(recipe),
            Err(error) => Err(error.faults.iter().map(|f| Fault::new("$.parameters", f.to_string())).collect()),
        }
    }

    /// Learns from increments.
    pub(super) fn fit(&self, increments: &Increments) -> Result<Box<dyn FillModel>, ForecastError> {
        Ok(match self {
            Self::Empirical(params) => Box::new(EmpiricalIncrements::fit(increments, params)?),
            Self::Gamma(params) => Box::new(GammaProcess::fit(increments, params)?),
        })
    }
}

fn parsed<T: DeserializeOwned>(text: &str) -> Result<T, Vec<Fault>> {
    serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text)).map_err(|error| {
        let inner = error.path().to_string();
        let path = if inner == "." { "$.parameters".to_owned() } else { format!("$.parameters.{inner}") };
        vec![Fault::new(path, crate::raw::clipped(&error.inner().to_string()))]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_those_of_the_library() {
        assert_eq!(Recipe::read("empirical", "{}").unwrap(), Recipe::Empirical(EmpiricalParams::default()));
        let faults = |method, parameters| Recipe::read(method, parameters).unwrap_err()[0].path.clone();
        assert_eq!(faults("prophet", "{}"), "$.method");
        assert_eq!(faults("gamma", r#"{"prior_days": -1}"#), "$.parameters");
        assert_eq!(faults("empirical", r#"{"half_life": "long"}"#), "$.parameters.half_life");
    }
}
