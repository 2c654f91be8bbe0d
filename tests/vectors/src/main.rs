//! Writes the generated problems and what is expected of every case: `cargo xtask vectors`.
//!
//! An expectation to which there is an [`objection`] stays as it was, unless its name is accepted: `--accept NAME`.

use std::io::{self, Write as _};
use std::process::ExitCode;

use milkrun_vectors::case::Case;
use milkrun_vectors::{files, make, objection, outcome};

fn main() -> io::Result<ExitCode> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut accepted = Vec::new();
    for pair in words.chunks(2) {
        match pair {
            [flag, name] if flag == "--accept" => accepted.push(name.clone()),
            _ => {
                say("cargo xtask vectors [--accept NAME]…");
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    let kept = files::load()?;
    for (name, mut case) in make::cases() {
        // The previous expectation shows whether the new outcome is worse.
        case.expected = kept.iter().find(|(other, _)| *other == name).and_then(|(_, case)| case.expected.clone());
        files::save(&name, &case)?;
    }
    let mut refused = 0;
    for (name, case) in files::load()? {
        let new = outcome(&case);
        match objection(&case, &new).filter(|_| !accepted.contains(&name)) {
            Some(objection) => {
                refused += 1;
                say(&format!("{name} {objection}; if that is right: --accept {name}"));
            }
            None => files::save(&name, &Case { expected: Some(new), ..case })?,
        }
    }
    if refused > 0 {
        say(&format!("{refused} expectations are not written"));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints a line. A closed output is not a reason to stop.
fn say(line: &str) {
    let _ = writeln!(io::stdout().lock(), "{line}");
}
