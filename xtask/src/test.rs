//! `cargo xtask test`: all that must pass before a change is accepted.

mod count;
mod report;
mod steps;

pub(crate) use count::{Count, is_of_pytest};
pub(crate) use steps::programs;

use crate::shell::{say, tell};
use report::Report;
use steps::{LEFT_OUT, Stage, all, quick};

/// A step's outcome; the count is that of the tests in it.
type Outcome = Result<Option<Count>, String>;

/// Runs all steps, or with `--quick` the quick ones, even after one has failed, so that one run tells all that is wrong.
pub(crate) fn run(words: &[String]) -> Result<(), String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        [] => run_stages(&all()),
        ["--quick"] => {
            let outcome = run_stages(&quick());
            tell(LEFT_OUT);
            outcome
        }
        _ => Err("`cargo xtask test` takes nothing, or `--quick`".to_owned()),
    }
}

/// Runs one stage after the other; the lanes of a stage run side by side, the steps of a lane one after the other.
fn run_stages(stages: &[Stage]) -> Result<(), String> {
    let report = Report::new(stages.iter().flatten().flatten())?;
    for stage in stages {
        std::thread::scope(|scope| {
            for lane in stage {
                scope.spawn(|| lane.iter().for_each(|step| report.run(step)));
            }
        });
    }
    report.close()
}

/// The service's tests over `PostgreSQL` alone.
pub(crate) fn service() -> Result<(), String> {
    let count = steps::over_postgres()?.unwrap_or_default();
    say(&format!("{} tests passed over PostgreSQL", count.passed));
    Ok(())
}

/// The tests of travel tables on real engines alone.
pub(crate) fn sources() -> Result<(), String> {
    let messages = steps::program_of_sources()?;
    match steps::on_engines(&messages)? {
        Some(count) => say(&format!("{} tests passed on real engines", count.passed)),
        None => say("no test was run"),
    }
    Ok(())
}
