//! `milkrun diff`.

use std::fmt::Write as _;

use milkrun::Problem;
use milkrun::adapt::{Change, Difference, diff};
use milkrun::document::{DifferenceDocument, Scales};
use milkrun::units::Clock;

use super::{at_most_one, is_dash};
use crate::adapt_args::Diff;
use crate::failure::{Failure, Outcome};
use crate::{input, output, report};

pub(super) fn run(args: &Diff) -> Result<Outcome, Failure> {
    let inputs = [("PROBLEM", &args.problem), ("BEFORE", &args.before), ("AFTER", &args.after)];
    at_most_one("standard input", &inputs.map(|(name, path)| (name, is_dash(path))))?;
    let instance = input::problem(&args.problem, args.reading.format.get(), args.reading.rounding.get(), false)?;
    let plan = |path| input::plan(path, &instance.problem).map(|read| read.reported.plan);
    let difference = diff(&instance.problem, &plan(&args.before)?, &plan(&args.after)?, args.tolerance);
    if args.json {
        output::stdout(&report::to_text(&DifferenceDocument::new(&difference, &Scales::default())))?;
    } else {
        output::stdout(&text(&difference, &instance.problem, instance.clock()))?;
    }
    Ok(Outcome::Done)
}

/// A line for each change, and the totals.
pub(super) fn text(difference: &Difference, problem: &Problem, clock: Option<Clock>) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let mut retimed = (0, 0);
    for change in &difference.changes {
        if let Change::Retimed { before, after, .. } = change {
            retimed = (retimed.0 + 1, retimed.1.max((after - before).abs()));
        } else {
            let _ = writeln!(text, "{}", change.in_words(problem, clock));
        }
    }
    if retimed.0 > 0 {
        let (count, most) = retimed;
        let most = clock.map_or_else(|| most.to_string(), |clock| clock.span(most));
        let _ = writeln!(text, "{count} services begin at other times on their routes, by at most {most}");
    }
    if difference.changes.is_empty() {
        text.push_str("nothing changes\n");
    }
    let totals = [("cost", difference.cost), ("distance", difference.distance), ("duration", difference.duration)];
    for (name, (before, after)) in totals {
        let _ = writeln!(text, "{name}: {before} -> {after} ({:+})", after - before);
    }
    let _ = writeln!(text, "routes: {} -> {}", difference.routes.0, difference.routes.1);
    text
}
