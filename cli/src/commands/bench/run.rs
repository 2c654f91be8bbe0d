//! One run: solves in a separate process, and checks the result.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use milkrun::plan::check::check_plan;
use milkrun::units::Cost;
use serde_json::Value;

use crate::args::Bench;
use crate::failure::Failure;
use crate::input::{self, Instance};

/// An instance to solve, with a seed.
pub(super) struct Job {
    pub(super) path: PathBuf,
    pub(super) seed: u64,
}

/// The result of a run.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) instance: String,
    /// The instance's kind, such as `CVRP`.
    pub(super) kind: String,
    pub(super) rounding: String,
    /// Clients and shipments.
    pub(super) clients: usize,
    pub(super) seed: u64,
    pub(super) feasible: bool,
    pub(super) cost: Cost,
    /// Cost of the best known solution, recomputed under the same rounding.
    pub(super) bks: Option<Cost>,
    pub(super) routes: usize,
    pub(super) iterations: u64,
    pub(super) seconds: f64,
    pub(super) peak_kib: Option<u64>,
    /// A remark about the best known solution.
    pub(super) remark: Option<String>,
}

/// Solves in a separate process, so that time and memory are measured for this run alone.
pub(super) fn run(job: &Job, args: &Bench) -> Result<Row, String> {
    let shown = job.path.display();
    let instance =
        input::problem(&job.path, args.reading.format.get(), args.reading.rounding.get(), true).map_err(faults)?;
    let answer = solve(job, args, &instance)?;
    let plan = milkrun::io::json::read_plan(&answer["plan"].to_string(), &instance.problem)
        .map_err(|error| format!("{shown}: the answer is not a plan: {error}"))?;
    let report = check_plan(&instance.problem, &plan);
    let (bks, remark) = best_known(job, &instance);
    let problem = &instance.problem;
    Ok(Row {
        instance: job.path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        kind: instance.kind.to_string(),
        rounding: instance.rounding.map_or(String::new(), |rounding| rounding.to_string()),
        clients: problem.clients().len() + problem.shipments().len(),
        seed: job.seed,
        feasible: report.is_feasible(),
        cost: report.cost(),
        bks,
        routes: plan.routes().len(),
        iterations: answer["iterations"].as_u64().unwrap_or(0),
        seconds: answer["runtime_seconds"].as_f64().unwrap_or(0.0),
        peak_kib: answer["peak_memory_kib"].as_u64(),
        remark,
    })
}

/// The JSON that `milkrun solve --json` prints.
fn solve(job: &Job, args: &Bench, instance: &Instance) -> Result<Value, String> {
    let shown = job.path.display();
    let program = std::env::current_exe().map_err(|error| format!("cannot find milkrun itself: {error}"))?;
    let mut command = Command::new(program);
    command.arg("solve").args(["--json", "--quiet"]);
    command.args(["--time-limit", &format!("{}", args.time_limit.as_secs_f64())]);
    command.args(["--seed", &job.seed.to_string(), "--threads", &args.threads.to_string()]);
    if let Some(iterations) = args.iterations {
        command.args(["--iterations", &iterations.to_string()]);
    }
    if let Some(rounding) = instance.rounding {
        command.args(["--round", &rounding.to_string()]);
    }
    if let Some(format) = args.reading.format.get() {
        command.args(["--format", &format.to_string()]);
    }
    if args.vehicles_first {
        command.arg("--vehicles-first");
    }
    // After `--`, no path can be mistaken for an option.
    let output = command.arg("--").arg(&job.path).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("{shown}: cannot start milkrun: {error}"))?;
    // Exit code 3 comes with a plan, though an infeasible one.
    if !matches!(output.status.code(), Some(0 | 3)) {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{shown}: the run ended with {}: {}", output.status, words.trim()));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("{shown}: the answer is not JSON: {error}"))
}

/// The cost of the solution next to the instance, and a remark if there is a problem with it.
fn best_known(job: &Job, instance: &Instance) -> (Option<Cost>, Option<String>) {
    match input::best_known(&job.path, &instance.problem) {
        None => (None, None),
        Some(Err(failure)) => (None, Some(format!("the best known solution cannot be used: {}", faults(failure)))),
        Some(Ok(known)) => {
            let report = check_plan(&instance.problem, &known.reported.plan);
            let violation = report.violations.first();
            let remark =
                violation.map(|rule| format!("the best known solution is infeasible under this rounding: {rule}"));
            (Some(report.cost()), remark)
        }
    }
}

fn faults(failure: Failure) -> String {
    match failure {
        Failure::Input(faults) => faults.join("; "),
        Failure::Machine(fault) => fault,
    }
}
