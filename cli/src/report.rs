//! What `--json` prints.

use milkrun::document::{
    CostDocument, DiscrepancyDocument, ExplanationDocument, PlanDocument, ReportDocument, ResultDocument, Scales,
    StopKind, ViolationDocument,
};
use milkrun::explain::ExplainResult;
use milkrun::plan::check::Report;
use milkrun::{Plan, Problem, Rounding, SolveResult, StopReason};
use serde::Serialize;

use crate::input::{Instance, Stated};
use crate::memory;

/// How many are unserved.
#[derive(Serialize)]
struct Unserved {
    clients: usize,
    shipments: usize,
}

impl From<&Plan> for Unserved {
    fn from(plan: &Plan) -> Self {
        let unserved = plan.unserved();
        Self { clients: unserved.clients.len(), shipments: unserved.shipments.len() }
    }
}

/// The answer of `solve`.
#[derive(Serialize)]
pub(crate) struct Solved<'a> {
    problem: &'a str,
    rounding: Option<String>,
    feasible: bool,
    cost: i64,
    routes: usize,
    unserved: Unserved,
    stopped: StopKind,
    iterations: u64,
    threads: usize,
    runtime_seconds: f64,
    peak_memory_kib: Option<u64>,
    plan: PlanDocument,
}

impl<'a> Solved<'a> {
    pub(crate) fn new(instance: &'a Instance, result: &SolveResult) -> Self {
        let plan = &result.plan;
        let ResultDocument { stopped, iterations, threads, runtime } = ResultDocument::from(result);
        Self {
            problem: instance.problem.name(),
            rounding: instance.rounding.map(|rounding| rounding.to_string()),
            feasible: plan.is_feasible(),
            cost: plan.cost(),
            routes: plan.routes().len(),
            unserved: plan.into(),
            stopped,
            iterations,
            threads,
            runtime_seconds: runtime,
            peak_memory_kib: memory::peak_kib(),
            plan: PlanDocument::new(&instance.problem, plan),
        }
    }
}

/// A cost by cause, and all of it.
#[derive(Serialize)]
struct Cost {
    #[serde(flatten)]
    by_cause: CostDocument,
    total: i64,
}

/// The answer of `check`.
#[derive(Serialize)]
pub(crate) struct Checked {
    feasible: bool,
    truthful: bool,
    cost: Cost,
    stated_cost: Option<f64>,
    routes: usize,
    unserved: Unserved,
    /// Another rounding, under which the plan is feasible and costs what its file states.
    fitting_rounding: Option<String>,
    violations: Vec<ViolationDocument>,
    discrepancies: Vec<DiscrepancyDocument>,
}

impl Checked {
    pub(crate) fn new(problem: &Problem, stated: &Stated, report: &Report, fitting: Option<Rounding>) -> Self {
        let plan = &stated.reported.plan;
        let ReportDocument { breakdown, violations, discrepancies } =
            ReportDocument::new(problem, report, &Scales::default());
        Self {
            feasible: report.is_feasible(),
            truthful: report.is_truthful(),
            cost: Cost { by_cause: breakdown, total: report.cost() },
            stated_cost: stated.reported.cost.map(|cost| cost as f64).or(stated.sol_cost),
            routes: plan.routes().len(),
            unserved: plan.into(),
            fitting_rounding: fitting.map(|rounding| rounding.to_string()),
            violations,
            discrepancies,
        }
    }
}

/// The answer of `explain`.
#[derive(Serialize)]
pub(crate) struct Explained<'a> {
    complete: bool,
    unserved: Vec<ExplanationDocument<'a>>,
}

impl<'a> Explained<'a> {
    pub(crate) fn new(problem: &'a Problem, found: &ExplainResult) -> Self {
        let document = |explanation| ExplanationDocument::new(problem, explanation, &Scales::default());
        Self { complete: found.is_complete(), unserved: found.explanations.iter().map(document).collect() }
    }
}

/// JSON on several lines, with a line end.
pub(crate) fn to_text(value: &impl Serialize) -> String {
    // Our answers have nothing but text for keys: they can be written.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

/// Why the search ended, for people.
pub(crate) fn stop_sentence(reason: StopReason) -> &'static str {
    match reason {
        StopReason::MaxRuntime => "the time limit was reached",
        StopReason::MaxIterations => "the number of iterations was reached",
        StopReason::NoImprovement => "there was no better plan for long enough",
        StopReason::TargetCost => "the target cost was reached",
        StopReason::Cancelled => "it was interrupted",
        StopReason::Trivial => "there was nothing to decide",
        _ => "the search ended",
    }
}
