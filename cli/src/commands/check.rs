//! `milkrun check`.

use std::fmt::Write as _;

use milkrun::plan::check::{Report, check_plan};
use milkrun::{Problem, Rounding};

use super::at_most_one;
use crate::args::{Check, Planned};
use crate::failure::{Failure, Outcome};
use crate::input::{Instance, Stated};
use crate::output::log;
use crate::{input, output, report};

/// How far a cost in a file may be from ours, in the file's unit: published costs have two decimals.
const TOLERANCE: f64 = 0.006;

pub(super) fn run(args: &Check) -> Result<Outcome, Failure> {
    at_most_one("standard input", &args.planned.streams())?;
    let instance = args.planned.read_problem(false)?;
    instance.problem.remarks().iter().for_each(|remark| log(&format!("warning: {remark}")));
    let stated = input::plan(&args.planned.plan, &instance.problem)?;
    let mut found = check_plan(&instance.problem, &stated.reported.plan);
    found.discrepancies.extend(stated.reported.discrepancies.iter().cloned());
    let fitting = fitting_rounding(&args.planned, &instance, &stated, &found);
    if args.json {
        output::stdout(&report::to_text(&report::Checked::new(&instance.problem, &stated, &found, fitting)))?;
    } else {
        output::stdout(&text(&instance.problem, &stated, &found))?;
    }
    if let (Some(fitting), Some(rounding)) = (fitting, instance.rounding) {
        log(&format!(
            "note: these numbers are rounded by `{rounding}`; under --round {fitting}, the plan is feasible and costs what \
             its file states"
        ));
    }
    Ok(if found.is_feasible() && found.is_truthful() { Outcome::Done } else { Outcome::Infeasible })
}

/// Another rounding under which a `.sol` file's plan is feasible and costs what the file states, if it is not
/// under this one.
fn fitting_rounding(planned: &Planned, instance: &Instance, stated: &Stated, found: &Report) -> Option<Rounding> {
    let cost = stated.sol_cost?;
    let used = instance.rounding?;
    if fits(found, cost, used) || planned.streams().iter().any(|(_, is_used)| *is_used) {
        return None;
    }
    Rounding::ALL.into_iter().filter(|&rounding| rounding != used).find(|&rounding| {
        let other = input::problem(&planned.problem, planned.reading.format.get(), Some(rounding), false);
        other.is_ok_and(|other| {
            let plan = input::quiet_plan(&planned.plan, &other.problem);
            plan.is_ok_and(|plan| fits(&check_plan(&other.problem, &plan.reported.plan), cost, rounding))
        })
    })
}

fn fits(found: &Report, stated: f64, rounding: Rounding) -> bool {
    found.is_feasible() && (found.cost() as f64 / rounding.scale() - stated).abs() <= TOLERANCE
}

fn text(problem: &Problem, stated: &Stated, found: &Report) -> String {
    let plan = &stated.reported.plan;
    let unserved = plan.unserved();
    let mut text = format!("routes: {}\n", plan.routes().len());
    // Writing to a string cannot fail.
    if !unserved.is_empty() {
        let (clients, shipments) = (unserved.clients.len(), unserved.shipments.len());
        let _ = writeln!(text, "unserved clients: {clients}, unserved shipments: {shipments}");
    }
    if let Some(cost) = stated.sol_cost {
        let _ = writeln!(text, "cost as stated in the file, in its own unit: {cost}");
    }
    let _ = writeln!(text, "{}", found.with_names(problem));
    text
}
