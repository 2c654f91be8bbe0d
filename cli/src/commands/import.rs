//! `milkrun import`.

use milkrun::io::json;

use super::prepare;
use crate::failure::{Failure, Outcome};
use crate::table_args::Import;
use crate::tables;

pub(super) fn run(args: &Import) -> Result<Outcome, Failure> {
    let inputs: Vec<_> = args.files.iter().map(|path| ("a table", path.as_path(), &[][..])).collect();
    let [out] = prepare([("--out", Some(args.out.as_path()))], &inputs)?;
    let tables = tables::problem(&args.files, &args.tables, args.quiet)?;
    if let Some(target) = out {
        target.write(&json::write_problem(&tables.problem))?;
    }
    Ok(Outcome::Done)
}
