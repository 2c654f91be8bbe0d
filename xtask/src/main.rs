//! Developer commands: `cargo xtask help`.

mod data;
mod deny;
mod postgres;
mod race;
mod shell;
mod test;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask test              all that must pass: format, lints, tests, documentation, licences, a run of the demo
cargo xtask service           the service's tests over PostgreSQL with PostGIS, which it finds or fetches and starts
cargo xtask race [ARGS…]      the quality race against other solvers, small; ARGS go to benches/race/race.py
cargo xtask data              write the generated files of examples/data again";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let command = arguments.first().map(String::as_str);
    let outcome = match command {
        Some("test") if arguments.len() == 1 => test::run(),
        Some("service") if arguments.len() == 1 => test::service(),
        Some("race") => race::run(&arguments[1..]),
        Some("data") if arguments.len() == 1 => data::write(),
        Some("help" | "-h" | "--help") => {
            shell::say(HELP);
            Ok(())
        }
        _ => Err(format!("these commands exist:\n{HELP}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            shell::say(&format!("\nxtask: {fault}"));
            ExitCode::FAILURE
        }
    }
}
