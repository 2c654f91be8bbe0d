//! `milkrun completions` and `milkrun schema`.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::{Cli, Document};
use crate::failure::{Failure, Outcome};
use crate::{output, report};

/// Prints a completion script.
pub(super) fn completions(shell: Shell) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "milkrun", &mut script);
    output::stdout(&script)?;
    Ok(Outcome::Done)
}

/// Prints a JSON Schema.
pub(super) fn schema(document: Document) -> Result<Outcome, Failure> {
    let schema = match document {
        Document::Problem => milkrun::io::json::problem_schema(),
        Document::Plan => milkrun::io::json::plan_schema(),
        Document::Adapt => milkrun::document::adapt_schema(),
        Document::Period => milkrun::document::period_schema(),
        Document::Scenarios => milkrun::document::scenarios_schema(),
        Document::Compare => milkrun::document::compare_schema(),
    };
    output::stdout(&report::to_text(&schema))?;
    Ok(Outcome::Done)
}
