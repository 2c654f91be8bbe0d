//! `milkrun demo`.

use std::time::Instant;

use milkrun::io::{geojson, json};
use milkrun::{SolveParams, Stop, solve_with};

use super::{at_most_one, is_dash, prepare, solve};
use crate::args::Demo;
use crate::demo_data::CITY_DAY;
use crate::failure::{Failure, Outcome, both};
use crate::output::{self, log};
use crate::progress::ProgressLine;
use crate::route_table::route_table;
use crate::{budget, interrupt};

pub(super) fn run(args: &Demo, start: Instant) -> Result<Outcome, Failure> {
    let dashes = [is_dash(&args.geojson), args.problem.as_deref().is_some_and(is_dash)];
    let ((), [map, copy]) = both(
        at_most_one("standard output", &[("--geojson", dashes[0]), ("--problem", dashes[1])]),
        prepare([("--geojson", Some(args.geojson.as_path())), ("--problem", args.problem.as_deref())], &[]),
    )?;
    let problem = json::read_problem(CITY_DAY).map_err(|error| Failure::Machine(error.to_string()))?;
    if let Some(target) = copy {
        target.write(CITY_DAY)?;
    }
    let trucks: Vec<String> =
        problem.vehicle_types().iter().map(|truck| format!("{} × {}", truck.count, truck.name)).collect();
    let cancel = interrupt::token(false);
    log(&format!(
        "{}: {} stops, {}; planning for {} …",
        problem.name(),
        problem.clients().len(),
        trucks.join(", "),
        limits(args)
    ));

    let mut line = ProgressLine::new(false, None);
    let params = SolveParams {
        stop: Stop {
            max_runtime: args.runtime().map(|limit| budget::remaining(limit, start.elapsed())),
            max_iterations: args.iterations,
            ..Stop::default()
        },
        seed: args.seed,
        ..SolveParams::default()
    };
    let result = solve_with(&problem, &params, &cancel, &mut |progress| line.show(progress));
    line.clear();

    let plan = &result.plan;
    solve::judge(&problem, plan)?;
    if let Some(target) = map {
        target.write(&geojson::write_plan(&problem, plan))?;
    }
    if dashes == [false, false] {
        output::stdout(&route_table(&problem, plan))?;
    }
    let waiting = plan.unserved().clients.len();
    if waiting > 0 {
        log(&format!("{waiting} bins are left for another day: `milkrun explain` reports why."));
    }
    if !dashes[0] {
        log(&format!("The map is in {}: any GeoJSON viewer shows it.", args.geojson.display()));
    }
    for violation in plan.violations() {
        log(&format!("violation: {}", violation.with_names(&problem)));
    }
    Ok(if plan.is_feasible() { Outcome::Done } else { Outcome::Infeasible })
}

/// The limits of the search, in words.
fn limits(args: &Demo) -> String {
    let time = args.runtime().map(|limit| format!("{:.1} s", limit.as_secs_f64()));
    let work = args.iterations.map(|n| format!("{n} iterations"));
    [work, time].into_iter().flatten().collect::<Vec<_>>().join(" or ")
}
