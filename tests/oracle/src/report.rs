//! What people read of a run.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use milkrun::io::json;
use milkrun::{Plan, Problem};

use crate::compare::{Outcome, Verdict};
use crate::document;
use crate::factor::Level;
use crate::generate::Instance;
use crate::run::{Rate, Summary};

/// Pairs that are shown.
const PAIRS: usize = 30;
/// A pair that was tried less often says little.
const TRIED: usize = 6;

/// The outcomes, on one line.
pub fn outcomes(summary: &Summary) -> String {
    let total: usize = summary.outcomes.values().sum();
    let counts = Outcome::ALL.iter().map(|&outcome| format!("{} {}", outcome.name(), summary.count(outcome)));
    let counts: Vec<String> = counts.collect();
    let (infeasible, routes) = (summary.infeasible, summary.evaluated / total.max(1));
    format!(
        "{total} problems, {infeasible} of them infeasible: {}; {routes} routes priced a problem",
        counts.join(", ")
    )
}

/// Failure rates by level, and those of the worst pairs.
pub fn kinds(summary: &Summary) -> String {
    let mut text = String::from("failures of the problems that have it, by factor and level\n");
    let mut levels: Vec<(&Level, &Rate)> = summary.levels.iter().collect();
    levels.sort_by(|a, b| b.1.percent().total_cmp(&a.1.percent()));
    for (level, rate) in levels {
        let _ = writeln!(text, "{}  {}", shown(*rate), name(*level));
    }
    text.push_str("the worst pairs\n");
    let mut pairs: Vec<_> = summary.pairs.iter().filter(|(_, rate)| rate.tried >= TRIED && rate.failed > 0).collect();
    // More often than either level alone fails.
    let alone = |level: &Level| summary.levels.get(level).map_or(0.0, |rate| rate.percent());
    let excess = |pair: &(Level, Level), rate: &Rate| {
        (rate.percent() - alone(&pair.0).max(alone(&pair.1))) * (rate.tried as f64).sqrt()
    };
    pairs.sort_by(|a, b| excess(b.0, b.1).total_cmp(&excess(a.0, a.1)));
    for ((a, b), rate) in pairs.into_iter().take(PAIRS) {
        let _ = writeln!(text, "{}  {} + {}", shown(*rate), name(*a), name(*b));
    }
    text
}

fn shown(rate: Rate) -> String {
    format!("{:5.1} %  {:4} of {:5}", rate.percent(), rate.failed, rate.tried)
}

fn name(level: Level) -> String {
    format!("{}: {}", level.factor.name(), level.name())
}

/// Writes a problem and the plans that it is about into a folder.
///
/// # Errors
///
/// If a file cannot be written.
pub fn save(folder: &Path, instance: &Instance, verdict: &Verdict) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("problem.json"), json::write_problem(&instance.problem))?;
    if let Some(initial) = document::write(instance).get("initial") {
        fs::write(folder.join("initial.json"), format!("{initial:#}\n"))?;
    }
    let plan = |name: &str, plan: &Plan| fs::write(folder.join(name), json::write_plan(&instance.problem, plan));
    if let Some(oracle) = &verdict.oracle {
        plan("oracle.json", oracle)?;
    }
    if let Some(solver) = &verdict.solver {
        plan("solver.json", solver)?;
    }
    fs::write(folder.join("about.txt"), about(&instance.problem, instance, verdict))
}

fn about(problem: &Problem, instance: &Instance, verdict: &Verdict) -> String {
    let mut text = format!("{}: {}\n", verdict.outcome.name(), verdict.note);
    for level in instance.choice.levels() {
        let _ = writeln!(text, "  {}", name(level));
    }
    for (who, plan) in [("oracle", &verdict.oracle), ("solver", &verdict.solver)] {
        if let Some(plan) = plan {
            let _ = writeln!(text, "\n{who}: {}\n{}", plan.breakdown(), plan.table(problem));
            for route in plan.route_stops() {
                let _ = writeln!(text, "  {route:?}");
            }
            for violation in plan.violations() {
                let _ = writeln!(text, "  {violation}");
            }
        }
    }
    text
}
