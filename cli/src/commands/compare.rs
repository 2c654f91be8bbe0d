//! `milkrun compare`.

use std::fmt::Write as _;

use milkrun::compare::{CompareParams, Compared, Comparison, Figure, Summary, Variant, compare_with};
use milkrun::document::{CompareDocument, ComparisonDocument, PlanDocument, Scales};
use serde::Serialize;

use super::{at_most_one, is_dash, solve};
use crate::compare_args::Compare;
use crate::failure::{Failure, Outcome};
use crate::output::{self, log};
use crate::progress::CountLine;
use crate::{input, interrupt, report, table};

pub(super) fn run(args: &Compare) -> Result<Outcome, Failure> {
    at_most_one("standard input", &[("PROBLEM", is_dash(&args.problem)), ("--changes", is_dash(&args.changes))])?;
    let instance = input::problem(&args.problem, args.reading.format.get(), args.reading.rounding.get(), args.quiet)?;
    let asked = CompareDocument::read(&input::text(&args.changes)?)
        .map_err(|error| Failure::input(format!("{}: {error}", input::shown(&args.changes))))?;
    let variants = asked
        .variants(&instance.problem)
        .map_err(|error| Failure::Input(error.issues.iter().map(ToString::to_string).collect()))?;
    let cancel = interrupt::token(args.quiet);
    let limits = args.limits();
    let stop = limits.stop(limits.runtime());
    let params =
        CompareParams::new(stop).seed(args.seed).seeds(usize::from(args.seeds)).threads(usize::from(args.threads));
    if !args.quiet {
        let each = limits.runtime().map_or(String::new(), |limit| format!(" of at most {limit:?}"));
        let (count, searches) = (variants.len(), variants.len() * usize::from(args.seeds));
        log(&format!("{count} variants, {} seeds: {searches} searches{each}", args.seeds));
    }
    let mut line = CountLine::new(args.quiet);
    let found = compare_with(&variants, &params, &cancel, &mut |progress| line.show(progress));
    line.clear();
    for (variant, compared) in variants.iter().zip(&found.variants) {
        compared.runs.iter().flatten().try_for_each(|run| solve::judge(&variant.problem, &run.plan))?;
    }
    if args.json {
        output::stdout(&report::to_text(&Answer::new(&variants, &found)))?;
    } else {
        output::stdout(&text(&found))?;
    }
    let any = found.variants.iter().any(|variant| variant.feasible() > 0);
    Ok(if any { Outcome::Done } else { Outcome::Infeasible })
}

/// What `--json` prints.
#[derive(Serialize)]
struct Answer {
    comparison: ComparisonDocument,
    plans: Vec<Option<PlanDocument>>,
}

impl Answer {
    fn new(variants: &[Variant], found: &Comparison) -> Self {
        let best = variants.iter().zip(&found.variants).map(|(variant, compared)| {
            let plan = compared.best()?;
            Some(PlanDocument::new(&variant.problem, plan))
        });
        Self { plans: best.collect(), comparison: ComparisonDocument::new(found, &Scales::default()) }
    }
}

/// The table of means, and what each variant costs.
fn text(found: &Comparison) -> String {
    let shown = |figure: &Figure| {
        let emits = |variant: &Compared| variant.figure(Figure::Emissions).and_then(|own| own.spread);
        *figure != Figure::Emissions || found.variants.iter().filter_map(emits).any(|spread| spread.most > 0)
    };
    let figures: Vec<Figure> = Figure::ALL.into_iter().filter(shown).collect();
    let mut rows = vec![heading(&figures)];
    rows.extend(found.variants.iter().map(|variant| row(variant, &figures)));
    let mut text = table::aligned(&rows);
    text.push('\n');
    for variant in &found.variants {
        let told = variant.sentence(1.0);
        if !told.is_empty() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}: {told}", table::short(&variant.name));
        }
    }
    let seeds = found.seeds.len();
    let _ = match seeds {
        1 => writeln!(text, "one seed; more (--seeds) tell what is chance"),
        _ => writeln!(text, "means of {seeds} seeds; ± is a 95 % confidence interval of differences seed by seed"),
    };
    if !found.is_complete() {
        let searched: usize = found.variants.iter().map(Compared::searched).sum();
        let all = seeds * found.variants.len();
        let _ = writeln!(text, "incomplete: {searched} of {all} searches ran to their end");
    }
    text
}

fn heading(figures: &[Figure]) -> Vec<String> {
    let figures = figures.iter().flat_map(|&figure| match figure {
        Figure::Cost => vec!["cost", "spread", "best"],
        Figure::Emissions => vec!["kg CO₂"],
        other => vec![other.name()],
    });
    ["variant"].into_iter().chain(figures).map(str::to_owned).collect()
}

fn row(variant: &Compared, figures: &[Figure]) -> Vec<String> {
    let mut cells = vec![variant.name.clone()];
    for summary in figures.iter().filter_map(|&figure| variant.figure(figure)) {
        cells.extend(shown(summary));
    }
    cells
}

fn shown(summary: &Summary) -> Vec<String> {
    let dash = || "-".to_owned();
    let Some(spread) = summary.spread else {
        return vec![dash(); if summary.figure == Figure::Cost { 3 } else { 1 }];
    };
    let mean = decimal(spread.mean);
    match summary.figure {
        Figure::Emissions => vec![decimal(spread.mean / 1e3)],
        Figure::Cost => vec![mean, spread.deviation.map_or_else(dash, decimal), spread.least.to_string()],
        _ => vec![mean],
    }
}

/// A mean: whole, or with one decimal.
fn decimal(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}
