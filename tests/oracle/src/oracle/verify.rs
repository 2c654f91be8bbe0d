//! The library has two judges that share no code: they must say the same.

use std::collections::BTreeMap;

use milkrun::plan::{Violation, check};
use milkrun::{Plan, Problem};

/// The independent checker's disagreements with the plan: in a number that the plan states, or in a violation.
pub fn disagreement(problem: &Problem, plan: &Plan) -> Option<String> {
    let report = check::check_plan(problem, plan);
    if let Some(discrepancy) = report.discrepancies.first() {
        return Some(discrepancy.to_string());
    }
    let (stated, found) = (kinds(plan.violations()), kinds(&report.violations));
    (stated != found).then(|| format!("the plan violates {stated:?}, the judge finds {found:?}"))
}

fn kinds(violations: &[Violation]) -> BTreeMap<&'static str, usize> {
    let mut kinds = BTreeMap::new();
    for violation in violations {
        *kinds.entry(violation.kind()).or_default() += 1;
    }
    kinds
}
