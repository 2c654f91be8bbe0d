//! `milkrun check`.

use std::fmt::Write as _;

use milkrun::Problem;
use milkrun::plan::check::{Report, check_plan};

use super::{at_most_one, is_dash};
use crate::args::Check;
use crate::failure::{Failure, Outcome};
use crate::input::Stated;
use crate::output::log;
use crate::{input, output, report};

pub(super) fn run(args: &Check) -> Result<Outcome, Failure> {
    at_most_one("standard input", &[("PROBLEM", is_dash(&args.problem)), ("PLAN", is_dash(&args.plan))])?;
    let instance = input::problem(&args.problem, args.reading.format.get(), args.reading.rounding.get(), false)?;
    instance.problem.remarks().iter().for_each(|remark| log(&format!("warning: {remark}")));
    let stated = input::plan(&args.plan, &instance.problem)?;
    let mut found = check_plan(&instance.problem, &stated.stated.plan);
    found.discrepancies.extend(stated.stated.discrepancies.iter().cloned());
    if args.json {
        output::stdout(&report::to_text(&report::Checked::new(&instance.problem, &stated, &found)))?;
    } else {
        output::stdout(&text(&instance.problem, &stated, &found))?;
    }
    Ok(if found.is_feasible() && found.is_truthful() { Outcome::Done } else { Outcome::Infeasible })
}

fn text(problem: &Problem, stated: &Stated, found: &Report) -> String {
    let plan = &stated.stated.plan;
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
