//! vrp's pragmatic JSON, answered.

use milkrun::document::{FailureDocument, Scales, SearchDocument};
use milkrun::io::Error;
use milkrun::io::pragmatic;
use milkrun::{CancelToken, SolveParams};
use napi::Task;
use napi::bindgen_prelude::{AsyncTask, Env, Result};
use napi_derive::napi;

use crate::document::taken;
use crate::failure::thrown;
use crate::solve::NativeCancelToken;

/// The answer to a document of vrp's.
#[napi(object)]
pub struct PragmaticRecord {
    /// The solution, as JSON.
    pub solution: String,
    /// What was understood in another way.
    pub warnings: Vec<String>,
}

/// An answer that is worked out away from the main thread.
pub struct Answering {
    text: String,
    matrices: Vec<String>,
    params: SolveParams,
    cancel: CancelToken,
}

impl Task for Answering {
    type Output = PragmaticRecord;
    type JsValue = PragmaticRecord;

    fn compute(&mut self) -> Result<Self::Output> {
        let matrices: Vec<&str> = self.matrices.iter().map(String::as_str).collect();
        let run = || pragmatic::run(&self.text, &matrices, &self.params, &self.cancel).map_err(Error::from);
        let found = FailureDocument::caught(run).map_err(thrown)?;
        Ok(PragmaticRecord { solution: found.answer, warnings: found.warnings })
    }

    fn resolve(&mut self, _: Env, answer: Self::Output) -> Result<Self::JsValue> {
        Ok(answer)
    }
}

/// Answers a document with the texts of its matrices, searching as a document says.
#[napi(ts_return_type = "Promise<PragmaticRecord>")]
pub fn answer_pragmatic(
    text: String,
    matrices: Vec<String>,
    search: String,
    cancel: &NativeCancelToken,
) -> Result<AsyncTask<Answering>> {
    let search: SearchDocument = taken(&search)?;
    let params = search.params(&Scales::default(), None);
    Ok(AsyncTask::new(Answering { text, matrices, params, cancel: cancel.inner.clone() }))
}
