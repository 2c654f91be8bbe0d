//! The arguments of `carry`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::args::Reading;

const CARRY_HELP: &str = "\
Examples:
  milkrun carry thursday.json thursday-plan.json friday.json --out friday-all.json
  milkrun carry thursday.json thursday-plan.json friday.json --missed 'Acacia Street 5' --missed bakery

A client that the next day has, too, gets the amounts of both days; any other joins it as it was. What is carried has the tag
`carried`.";

#[derive(Debug, Args)]
#[command(after_help = CARRY_HELP)]
pub(crate) struct Carry {
    /// The problem of the day that is over
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) problem: PathBuf,
    /// Its plan (milkrun JSON or .sol)
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) plan: PathBuf,
    /// The problem of the next day
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) next: PathBuf,
    #[command(flatten)]
    pub(crate) reading: Reading,
    /// A client or shipment that was planned and missed, by its name; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) missed: Vec<String>,
    /// Leave out what the plan has unserved
    #[arg(long)]
    pub(crate) planned_only: bool,
    /// Where to write the next day's problem with what was missed (milkrun JSON); standard output unless given
    #[arg(short, long, value_name = "PROBLEM.json", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,
}
