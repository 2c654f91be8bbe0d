//! What the judge found.

use schemars::JsonSchema;
use serde::Serialize;

use super::{CostDocument, Scales};
use crate::model::Problem;
use crate::plan::Violation;
use crate::plan::check::{Discrepancy, Report};

/// A rule that is violated.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Violation")]
pub struct ViolationDocument {
    /// Which rule: a word that stays the same over versions.
    pub kind: &'static str,
    /// The route that breaks it, where it is one alone.
    pub route: Option<usize>,
    /// What is wrong, in words and in the solver's units.
    pub message: String,
}

impl ViolationDocument {
    /// The violation, with the names that the problem gives.
    pub fn new(problem: &Problem, violation: &Violation) -> Self {
        let message = violation.with_names(problem).to_string();
        Self { kind: violation.kind(), route: violation.route(), message }
    }
}

/// What a plan states and the judge does not find.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Discrepancy")]
pub struct DiscrepancyDocument {
    /// Where.
    pub path: String,
    /// What the plan says.
    pub stated: String,
    /// What it is.
    pub found: String,
}

impl From<&Discrepancy> for DiscrepancyDocument {
    fn from(Discrepancy { path, stated, found }: &Discrepancy) -> Self {
        Self { path: path.clone(), stated: stated.clone(), found: found.clone() }
    }
}

/// What the judge found.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Report")]
pub struct ReportDocument {
    /// What the stops cost.
    pub breakdown: CostDocument,
    /// Every rule that they break.
    pub violations: Vec<ViolationDocument>,
    /// Every number of the plan that is wrong.
    pub discrepancies: Vec<DiscrepancyDocument>,
}

impl ReportDocument {
    /// The report, with costs in the user's unit and the names that the problem gives.
    pub fn new(problem: &Problem, report: &Report, scales: &Scales) -> Self {
        Self {
            breakdown: CostDocument::new(&report.breakdown, scales),
            violations: report.violations.iter().map(|violation| ViolationDocument::new(problem, violation)).collect(),
            discrepancies: report.discrepancies.iter().map(DiscrepancyDocument::from).collect(),
        }
    }
}
