//! What was missed on a day, taken into the next one.

use std::sync::Arc;

use milkrun::carry;
use milkrun::document::{CarriedOverDocument, MissedDocument};
use napi::bindgen_prelude::Result;
use napi_derive::napi;

use crate::document::{given, taken};
use crate::failure::{guard, thrown};
use crate::plan::NativePlan;
use crate::problem::NativeProblem;

/// The next day's problem with what was missed.
#[napi]
pub struct NativeCarriedOver {
    problem: Arc<milkrun::Problem>,
    about: CarriedOverDocument,
}

#[napi]
impl NativeCarriedOver {
    /// The problem.
    #[napi]
    pub fn problem(&self) -> NativeProblem {
        NativeProblem { inner: self.problem.clone() }
    }

    /// A document of what became of what was missed.
    #[napi]
    pub fn about(&self) -> Result<String> {
        given(&self.about)
    }
}

/// Takes what a plan's day missed into the next day's problem.
#[napi]
pub fn carry_over(plan: &NativePlan, next: &NativeProblem, asked: String) -> Result<NativeCarriedOver> {
    let asked: MissedDocument = taken(&asked)?;
    let missed = asked.missed(&plan.problem, &plan.inner).map_err(thrown)?;
    let over = guard(|| Ok(carry::carry(&plan.problem, &missed, &next.inner)))?.map_err(thrown)?;
    let about = CarriedOverDocument::new(&plan.problem, &over);
    Ok(NativeCarriedOver { problem: Arc::new(over.problem), about })
}
