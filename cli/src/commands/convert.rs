//! `milkrun convert`.

use milkrun::io::{json, vrplib};

use super::prepare;
use crate::args::{Convert, ToFormat};
use crate::failure::{Failure, Outcome, both};
use crate::input;

pub(super) fn run(args: &Convert) -> Result<Outcome, Failure> {
    let (to, (targets, instance)) = both(
        format(args),
        both(
            prepare([("OUT", Some(args.output.as_path()))], &[("IN", &args.input, &[])]),
            input::problem(&args.input, args.from.get(), args.rounding.get(), false),
        ),
    )?;
    let text = match to {
        ToFormat::Json => json::write_problem(&instance.problem),
        ToFormat::Vrplib => vrplib::write(&instance.problem)?,
    };
    for target in targets.iter().flatten() {
        target.write(&text)?;
    }
    Ok(Outcome::Done)
}

fn format(args: &Convert) -> Result<ToFormat, Failure> {
    let ending = args.output.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    match (args.to, ending.as_deref()) {
        (Some(to), _) => Ok(to),
        (None, Some("json")) => Ok(ToFormat::Json),
        (None, Some("vrp" | "tsp" | "atsp")) => Ok(ToFormat::Vrplib),
        _ => Err(Failure::input(format!(
            "the extension of {} does not determine its format; add --to json or --to vrplib",
            args.output.display()
        ))),
    }
}
