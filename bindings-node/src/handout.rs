//! What leaves for people and other programs.

use milkrun::document::FailureDocument;
use milkrun_report::{Handout, ReportOptions};
use napi::bindgen_prelude::Result;
use napi_derive::napi;

use crate::document::taken;
use crate::failure::thrown;
use crate::plan::NativePlan;

/// Writes a page, sheets or a file of a plan: the documents of what, and of how.
#[napi]
pub fn write_handout(plan: &NativePlan, handout: String, options: String) -> Result<String> {
    let (handout, options): (Handout, ReportOptions) = (taken(&handout)?, taken(&options)?);
    let write = || milkrun_report::write(&plan.problem, &plan.inner, handout, &options);
    FailureDocument::caught(write).map_err(thrown)
}
