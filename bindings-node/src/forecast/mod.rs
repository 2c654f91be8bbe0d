//! Forecasting: columns in and out as typed arrays; whatever may take long runs away from the main thread.

pub mod data;
pub mod decide;
pub mod evaluate;
pub mod features;
pub mod models;
pub mod simulate;

use milkrun::document::FailureDocument;
use milkrun::forecast::ForecastError;
use napi::Task;
use napi::bindgen_prelude::{AsyncTask, Env, Error as NodeError, Float64Array, Result, ToNapiValue, TypeName};

use crate::failure::{coded, thrown};

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
        let Some(job) = self.job.take() else { return Err(coded("internal", "the work was done already")) };
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
    FailureDocument::caught(work).map_err(thrown)
}

/// An error about a parameter.
fn unknown(name: &str, found: &str, known: &str) -> NodeError {
    coded("setting", format!("{name} is {found:?}: use {known}"))
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
