//! What `--json` prints.

use milkrun::plan::CostBreakdown;
use milkrun::plan::check::Report;
use milkrun::{Plan, Problem, SolveResult, StopReason};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::input::{Instance, Stated};
use crate::memory;

/// The answer of `solve`.
pub(crate) fn solved(instance: &Instance, result: &SolveResult) -> Result<Value, Failure> {
    let SolveResult { plan, stopped, iterations, threads, runtime } = result;
    Ok(json!({
        "problem": instance.problem.name(),
        "rounding": instance.rounding.map(|rounding| rounding.to_string()),
        "feasible": plan.is_feasible(),
        "cost": plan.cost(),
        "routes": plan.routes().len(),
        "unserved": unserved(plan),
        "stopped": stop_word(*stopped),
        "iterations": iterations,
        "threads": threads,
        "runtime_seconds": runtime.as_secs_f64(),
        "peak_memory_kib": memory::peak_kib(),
        "plan": plan_document(&instance.problem, plan)?,
    }))
}

/// The answer of `check`.
pub(crate) fn checked(stated: &Stated, report: &Report) -> Value {
    let plan = &stated.stated.plan;
    let CostBreakdown { fixed, distance, duration, overtime, waiting, windows, disposal, goals, unserved: prizes } =
        report.breakdown;
    let violations: Vec<Value> = report
        .violations
        .iter()
        .map(|v| json!({"kind": v.kind(), "route": v.route(), "message": v.to_string()}))
        .collect();
    let discrepancies: Vec<Value> =
        report.discrepancies.iter().map(|m| json!({"path": m.path, "stated": m.stated, "found": m.found})).collect();
    json!({
        "feasible": report.is_feasible(),
        "truthful": report.is_truthful(),
        "cost": {
            "fixed": fixed, "distance": distance, "duration": duration, "overtime": overtime, "waiting": waiting,
            "windows": windows, "disposal": disposal, "goals": goals, "unserved": prizes, "total": report.cost(),
        },
        "stated_cost": stated.stated.cost.map(|cost| cost as f64).or(stated.sol_cost),
        "routes": plan.routes().len(),
        "unserved": unserved(plan),
        "violations": violations,
        "discrepancies": discrepancies,
    })
}

fn unserved(plan: &Plan) -> Value {
    json!({"clients": plan.unserved().clients.len(), "shipments": plan.unserved().shipments.len()})
}

fn plan_document(problem: &Problem, plan: &Plan) -> Result<Value, Failure> {
    serde_json::from_str(&milkrun::io::json::write_plan(problem, plan))
        .map_err(|error| Failure::Machine(format!("the plan's document is not JSON: {error}")))
}

/// JSON on several lines, with a line end.
pub(crate) fn to_text(value: &Value) -> String {
    format!("{value:#}\n")
}

fn stop_word(reason: StopReason) -> &'static str {
    match reason {
        StopReason::MaxRuntime => "time_limit",
        StopReason::MaxIterations => "iterations",
        StopReason::NoImprovement => "no_improvement",
        StopReason::TargetCost => "target_cost",
        StopReason::Cancelled => "interrupted",
        StopReason::Trivial => "nothing_to_decide",
    }
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
    }
}
