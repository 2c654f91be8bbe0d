//! The arguments of `where`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

const WHERE_HELP: &str = "\
Examples:
  milkrun where plan.json 'Acacia Street 5'
  milkrun where plan.json 'key at the baker'

Words are looked for in the names, addresses, remarks and tags that the plan has, whatever their case. All visits that fit as
well as the best one are listed.";

#[derive(Debug, Args)]
#[command(after_help = WHERE_HELP)]
pub(crate) struct Where {
    /// The plan (milkrun JSON)
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) plan: PathBuf,
    /// A name, an address, or words of a remark
    #[arg(value_name = "WORDS")]
    pub(crate) words: String,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}
