//! The command line of milkrun.

mod adapt_args;
mod args;
mod budget;
mod carry_args;
mod clock;
mod command_line;
mod commands;
mod compare_args;
mod demo_data;
mod event_text;
mod failure;
mod forecast_args;
mod gap;
mod handout_args;
mod handouts;
mod input;
mod interrupt;
mod memory;
mod output;
mod pareto_args;
mod period_args;
#[cfg(feature = "roads")]
mod points;
mod pragmatic_args;
mod progress;
mod readings;
mod report;
#[cfg(feature = "roads")]
mod road_args;
mod route_table;
mod scenarios_args;
#[cfg(feature = "roads")]
mod source;
#[cfg(feature = "roads")]
mod streets;
#[cfg(not(feature = "roads"))]
#[path = "no_streets.rs"]
mod streets;
mod table;
#[cfg(feature = "tables")]
mod table_args;
#[cfg(feature = "tables")]
mod tables;
mod vroom_args;
mod where_args;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;

use failure::Outcome;

fn main() -> ExitCode {
    // Reading counts as part of a time limit, so the clock starts here.
    let start = Instant::now();
    std::panic::set_hook(Box::new(|panic| {
        output::log(&format!("error: this is a bug of milkrun, not a fault of your input; please report it: {panic}"));
    }));
    interrupt::outlive_file_size_limit();
    let cli = match command_line::read() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    match catch_unwind(AssertUnwindSafe(|| commands::run(cli, start))) {
        Ok(Ok(Outcome::Done)) => ExitCode::SUCCESS,
        Ok(Ok(Outcome::Infeasible)) => ExitCode::from(3),
        Ok(Ok(Outcome::Code(code))) => ExitCode::from(code),
        Ok(Err(failure)) => {
            output::log(&failure.to_string());
            ExitCode::from(failure.code())
        }
        Err(_) => ExitCode::from(1),
    }
}
