//! Policies that decide which bins a round visits.

use crate::forecast::clean::{CleanParams, Emptyings, clean, increments};
use crate::forecast::decide::{BinState, Choice, SelectParams, select};
use crate::forecast::fault::ForecastError;
use crate::forecast::models::{EmpiricalIncrements, EmpiricalParams, FillModel, GammaParams, GammaProcess};
use crate::forecast::series::SeriesSet;

/// A policy.
#[derive(Clone, Debug, PartialEq)]
pub enum Policy {
    /// Every bin at a fixed interval, a sector of the city each day.
    Fixed {
        /// Number of days between two visits.
        every: usize,
    },
    /// Bins whose last reading is at or above a level.
    Threshold {
        /// In percent.
        level: f64,
    },
    /// Bins by their forecast.
    Forecast(ForecastPolicy),
}

/// Forecast, then [`select`].
#[derive(Clone, Debug, PartialEq)]
pub struct ForecastPolicy {
    /// Tolerance and costs; service, period and full are set by the simulation.
    pub select: SelectParams,
    /// The model of fill; `None`: the gamma process alone.
    pub empirical: Option<EmpiricalParams>,
}

impl Policy {
    /// The policy's name.
    pub fn name(&self) -> String {
        match self {
            Self::Fixed { every } => format!("every {every} days"),
            Self::Threshold { level } => format!("at {level:.0} %"),
            Self::Forecast(policy) => format!("forecast, risk {:.1} %", policy.select.tolerance * 100.0),
        }
    }
}

impl ForecastPolicy {
    /// Fits the model to what is known at `service` and decides.
    pub(super) fn choices(
        &self,
        readings: &SeriesSet,
        emptyings: &SeriesSet,
        service: i64,
        period: i64,
    ) -> Result<Vec<Choice>, ForecastError> {
        let params = CleanParams::default();
        let cleaned = clean(readings, Emptyings::Given(emptyings), &params)?;
        let history = increments(&cleaned);
        let model: Box<dyn FillModel> = match &self.empirical {
            Some(params) => Box::new(EmpiricalIncrements::fit(&history, params)?),
            None => Box::new(GammaProcess::fit(&history, &GammaParams::default())?),
        };
        let state = |known: &Option<(i64, f64)>| known.map(|(time, level)| BinState { time, level });
        let states: Vec<Option<BinState>> = cleaned.latest().iter().map(state).collect();
        select(model.as_ref(), &states, &SelectParams { service, period, full: params.full, ..self.select })
    }
}
