//! Developer commands: `cargo xtask help`.

mod data;
mod deny;
mod flood;
mod fuzz;
mod load;
mod mutants;
mod oracle;
mod packages;
mod page;
mod postgres;
mod race;
mod schemathesis;
mod service;
mod shell;
mod test;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask test              all that must pass: format, lints, tests, documentation, licences, a run of the demo,
                              and the packages for Python and Node in fresh environments
cargo xtask service           the service's tests over PostgreSQL with PostGIS, which it finds or fetches and starts
cargo xtask page              the service's page in headless Chromium: the one that CHROMIUM names, the system's, or npm's
cargo xtask schemathesis      made-up requests from the interface's description, against the running service
cargo xtask load [WORDS…]     how fast the service answers with a million readings stored, and under a flood; sqlite,
                              postgres, flood: one of them alone; dev: the service as it is built for tests
cargo xtask mutants [ARGS…]   whether the service's tests notice changes of its secrets and sign-in; ARGS go to
                              cargo-mutants, as --shard 0/12
cargo xtask race [ARGS…]      the quality race against other solvers, small; ARGS go to benches/race/race.py
cargo xtask oracle [ARGS…]    the solver against the best plans of 1,000 tiny problems that cover every pair of rules, or
                              100,000 with --problems 100000; --help says more
cargo xtask fuzz [WORDS…]     made-up bytes for every reader, a minute each; or for so many seconds, or for the targets named
cargo xtask packages          the packages for Python and Node alone
cargo xtask data              write the generated files of examples/data again
cargo xtask vectors           write tests/vectors again: the generated problems, and what is expected of every case;
                              --accept NAME: though a plan is newly infeasible, or worse than the oracle's
cargo xtask types             write the files of types again that are generated from the bindings";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let command = arguments.first().map(String::as_str);
    let outcome = match command {
        Some("test") if arguments.len() == 1 => test::run(),
        Some("service") if arguments.len() == 1 => test::service(),
        Some("page") if arguments.len() == 1 => page::check().map(drop),
        Some("schemathesis") if arguments.len() == 1 => schemathesis::check(),
        Some("load") => load::run_all(&arguments[1..]),
        Some("mutants") => mutants::check(&arguments[1..]),
        Some("race") => race::run(&arguments[1..]),
        Some("oracle") => oracle::check(&arguments[1..]),
        Some("fuzz") => fuzz::check(&arguments[1..]),
        Some("data") if arguments.len() == 1 => data::write(),
        Some("packages") if arguments.len() == 1 => packages::check(),
        Some("vectors") => packages::vectors(&arguments[1..]),
        Some("types") if arguments.len() == 1 => packages::types(),
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
