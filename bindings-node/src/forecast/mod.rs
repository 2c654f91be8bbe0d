//! Forecasting: columns in and out as typed arrays; whatever may take long runs away from the main thread.

pub mod data;
pub mod decide;
pub mod evaluate;
pub mod features;
pub mod models;
pub mod simulate;

use std::panic::{AssertUnwindSafe, catch_unwind};

use milkrun::forecast::{ForecastError, ForecastFault};
use napi::Task;
use napi::bindgen_prelude::{AsyncTask, Env, Error as NodeError, Float64Array, Result, ToNapiValue, TypeName};

use crate::failure::{coded, panicked};

type Job<O> = Box<dyn FnOnce() -> std::result::Result<O, ForecastError> + Send>;

/// Work for another thread, and what the main thread makes of it.
pub struct Work<O, J> {
    job: Option<Job<O>>,
    shape: fn(O) -> J,
}

impl<O: Send + 'static, J: ToNapiValue + TypeName + 'static> Task for Work<O, J> {
    type Output = O;
    type JsValue = J;

    fn compute(&mut self) -> Result<O> {
        let Some(job) = self.job.take() else { return Err(coded(&["internal", "the work was done already"])) };
        run(job)
    }

    fn resolve(&mut self, _: Env, output: O) -> Result<J> {
        Ok((self.shape)(output))
    }
}

/// A promise of what the job answers.
fn later<O: Send + 'static, J: ToNapiValue + TypeName + 'static>(
    job: impl FnOnce() -> std::result::Result<O, ForecastError> + Send + 'static,
    shape: fn(O) -> J,
) -> AsyncTask<Work<O, J>> {
    AsyncTask::new(Work { job: Some(Box::new(job)), shape })
}

/// Runs what may fail. A panic becomes an ordinary error.
fn run<T>(work: impl FnOnce() -> std::result::Result<T, ForecastError>) -> Result<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(|error| thrown(&error)),
        Err(payload) => Err(panicked(payload.as_ref())),
    }
}

/// The error as one text, with all its faults.
fn thrown(error: &ForecastError) -> NodeError {
    let mut parts = vec!["forecast".to_owned(), error.to_string()];
    for fault in &error.faults {
        parts.extend(quadruple(fault));
    }
    coded(&parts)
}

fn quadruple(fault: &ForecastFault) -> [String; 4] {
    match fault {
        ForecastFault::Length { path, found, of, expected } => {
            let message = format!("{of} has {expected} values, this has {found}");
            [path.clone(), found.to_string(), message, "give one for each".to_owned()]
        }
        ForecastFault::Value { path, value, message, remedy } => {
            [path.clone(), value.clone(), (*message).to_owned(), (*remedy).to_owned()]
        }
        ForecastFault::TooShort { series, found, needed } => {
            let message = format!("usable values are too few; {needed} are needed");
            [series.clone(), found.to_string(), message, "give more history, or use a simpler model".to_owned()]
        }
        ForecastFault::UnknownName { path, name, remedy } => {
            [path.clone(), name.clone(), "nothing is called so".to_owned(), (*remedy).to_owned()]
        }
        other => [String::new(), String::new(), other.to_string(), String::new()],
    }
}

/// An error about a parameter.
fn unknown(name: &str, found: &str, known: &str) -> NodeError {
    coded(&["setting", &format!("{name} is {found:?}: use {known}")])
}

fn whole(values: &[f64]) -> Vec<i64> {
    values.iter().map(|&value| value as i64).collect()
}

fn indices(values: &[f64]) -> Vec<usize> {
    values.iter().map(|&value| value as usize).collect()
}

fn array(values: impl IntoIterator<Item = f64>) -> Float64Array {
    Float64Array::new(values.into_iter().collect())
}

fn of_whole(values: impl IntoIterator<Item = i64>) -> Float64Array {
    array(values.into_iter().map(|value| value as f64))
}
