//! Reads an instance in VRPLIB's format, solves it for two seconds, and prints the solution in the same family's `.sol`
//! format.
//!
//! `cargo run --package milkrun-examples --bin read_vrplib -- examples/data/village.vrp`

use std::error::Error;

use milkrun::io::{solution, vrplib};
use milkrun::plan::check;
use milkrun::{CancelToken, Rounding, SolveParams, Stop, solve_with};

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "an example prints its result")]
fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: read_vrplib INSTANCE.vrp")?;
    let problem = vrplib::read(std::fs::read(path)?, Rounding::Round)?;

    let params = SolveParams { stop: Stop::after_secs(2.0), seed: 42, ..SolveParams::default() };
    let result = solve_with(&problem, &params, &CancelToken::new(), &mut |progress| {
        eprintln!("{:.1} s: {:?}", progress.elapsed.as_secs_f64(), progress.best_cost);
    });

    // The checker recomputes everything by separate code.
    let report = check::check_plan(&problem, &result.plan);
    if !report.is_feasible() {
        return Err(report.to_string().into());
    }
    print!("{}", solution::write(&problem, result.plan.route_stops(), result.plan.cost() as f64)?);
    Ok(())
}
