//! `milkrun pragmatic`.

use milkrun::io::pragmatic;
use milkrun::{SolveParams, Stop};

use super::prepare;
use crate::failure::{Failure, Outcome};
use crate::output::{Target, log};
use crate::pragmatic_args::Pragmatic;
use crate::{input, interrupt};

pub(super) fn run(args: &Pragmatic) -> Result<Outcome, Failure> {
    let matrices = args.matrix.iter().map(|path| ("--matrix", path.as_path(), &[][..]));
    let inputs: Vec<_> = std::iter::once(("the problem", args.problem.as_path(), &[][..])).chain(matrices).collect();
    let [target] = prepare([("--output", args.output.as_deref())], &inputs)?;
    let target = target.unwrap_or(Target::Stdout);
    let text = input::text(&args.problem)?;
    let told = |error: &pragmatic::PragmaticError| Failure::input(format!("{}: {error}", input::shown(&args.problem)));
    if args.get_locations {
        target.write(&format!("{}\n", pragmatic::locations(&text).map_err(|error| told(&error))?))?;
        return Ok(Outcome::Done);
    }
    let matrices = args.matrix.iter().map(|path| input::text(path)).collect::<Result<Vec<String>, Failure>>()?;
    let matrices: Vec<&str> = matrices.iter().map(String::as_str).collect();
    let stop = Stop { max_runtime: Some(args.time_limit), max_iterations: args.iterations, ..Stop::default() };
    let params = SolveParams { stop, seed: args.seed, threads: usize::from(args.threads), ..SolveParams::default() };
    let found = pragmatic::run(&text, &matrices, &params, &interrupt::token(false)).map_err(|error| told(&error))?;
    if matrices.is_empty() {
        log("note: no matrices: ways are great circles, at the speed of their profile");
    }
    found.warnings.iter().for_each(|warning| log(&format!("warning: {warning}")));
    target.write(&format!("{}\n", found.answer))?;
    Ok(Outcome::Done)
}
