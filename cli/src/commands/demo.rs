//! `milkrun demo`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use milkrun::io::geojson::{self, Along};
use milkrun::io::json;
use milkrun::{Problem, SolveParams, Stop, solve_with};

use super::{at_most_one, is_dash, prepare, solve};
use crate::args::Demo;
use crate::failure::{Failure, Outcome, both};
use crate::handouts::{self, Handouts};
use crate::output::{self, log};
use crate::progress::ProgressLine;
use crate::route_table::route_table;
use crate::{budget, interrupt};

/// The day that is planned.
struct Day {
    problem: Problem,
    /// As `--problem` writes it.
    document: String,
    /// The map that it names, if it has streets.
    streets: Option<Vec<u8>>,
    /// What knows the streets between two places.
    along: Box<Along<'static>>,
}

pub(super) fn run(args: &Demo, start: Instant) -> Result<Outcome, Failure> {
    let streets = args.problem.as_deref().filter(|_| cfg!(feature = "roads")).map(streets_beside);
    let mut handouts = args.handouts.clone();
    if args.open && handouts.pages.report.is_none() {
        handouts.pages.report = Some(PathBuf::from(PAGE));
    }
    let [page, sheets, gpx, csv, ical] = handouts.outputs();
    let outputs = [
        ("--geojson", Some(args.geojson.as_path())),
        ("--problem", args.problem.as_deref()),
        ("the streets of --problem", streets.as_deref()),
        page,
        sheets,
        gpx,
        csv,
        ical,
    ];
    let users = outputs.map(|(name, path)| (name, path.is_some_and(is_dash)));
    let ((), [map, copy, streets_copy, page, sheets, gpx, csv, ical]) =
        both(at_most_one("standard output", &users), prepare(outputs, &[]))?;
    let written = Handouts::new(&handouts, [page, sheets, gpx, csv, ical]).or_loads(&LOADS);
    let named = streets.as_deref().and_then(Path::file_name).map(Path::new);
    let day = day(named.unwrap_or(Path::new(STREETS)))?;
    let problem = &day.problem;
    if let Some((target, streets)) = streets_copy.zip(day.streets.as_ref()) {
        target.write(streets)?;
    }
    if let Some(target) = copy {
        target.write(&day.document)?;
    }
    written.check(problem)?;
    let cancel = interrupt::token(false);
    log(&introduction(problem, day.streets.is_some(), args));

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
    let result = solve_with(problem, &params, &cancel, &mut |progress| line.show(progress));
    line.clear();

    let plan = &result.plan;
    solve::judge(problem, plan)?;
    if let Some(target) = map {
        target.write(&geojson::write_plan_along(problem, plan, &*day.along))?;
    }
    written.write(problem, plan, day.streets.is_some().then_some(&*day.along))?;
    if users.iter().all(|(_, dash)| !dash) {
        output::stdout(&route_table(problem, plan))?;
    }
    let waiting = plan.unserved().clients.len();
    if waiting > 0 {
        log(&format!("{waiting} bins are left for another day: `milkrun explain` reports why."));
    }
    if !is_dash(&args.geojson) {
        log(&format!("The map is in {}: any GeoJSON viewer shows it.", args.geojson.display()));
    }
    if let Some(page) = handouts.pages.report.as_deref().filter(|page| !is_dash(page)) {
        log(&format!("The page of the day is in {}.", page.display()));
        if let Some(Err(fault)) = args.open.then(|| handouts::open(page)) {
            log(&format!("There is no browser to open it ({fault}): open the file in one yourself."));
        }
    }
    for violation in plan.violations() {
        log(&format!("violation: {}", violation.with_names(problem)));
    }
    Ok(if plan.is_feasible() { Outcome::Done } else { Outcome::Infeasible })
}

/// Where the page of the day goes if it is opened and no other place is named.
const PAGE: &str = "milkrun-demo.html";

/// The units of the day's loads.
const LOADS: [&str; 2] = ["kg", "l"];

/// The streets of a problem that goes to standard output.
const STREETS: &str = "milkrun-demo.osm.pbf";

/// Where the map of the problem's streets goes: beside the problem.
fn streets_beside(problem: &Path) -> PathBuf {
    // Standard output and devices have no neighbours.
    let is_file = output::identity(problem).is_some();
    if is_file { problem.with_extension("osm.pbf") } else { PathBuf::from(STREETS) }
}

/// The day on the streets of a synthetic city.
#[cfg(feature = "roads")]
fn day(named: &Path) -> Result<Day, Failure> {
    use milkrun::travel::road::{Network, RoadProfile, Streets};

    use crate::demo_data::{PROFILE, map, on_streets};
    use crate::streets::Roads;

    let machine = |error: &dyn std::fmt::Display| Failure::Machine(error.to_string());
    let bytes = map().map_err(|error| machine(&error))?;
    let streets = Streets::from_pbf(std::io::Cursor::new(&bytes)).map_err(|error| machine(&error))?;
    let profile = RoadProfile::shipped(PROFILE).unwrap_or_else(RoadProfile::waste_truck);
    let network = Network::new(&streets, &profile).map_err(|error| machine(&error))?;
    let document = on_streets(named);
    let mut found = None;
    let problem = json::read_problem_on(&document, &mut |_, locations| {
        let roads = Roads::on(network.clone(), locations)?;
        let travel = roads.travel(true)?;
        found = Some(roads);
        Ok(travel)
    });
    let problem = problem.map_err(|error| machine(&error))?;
    let along = move |profile, from, to| found.as_ref()?.along(profile, from, to);
    Ok(Day { problem, document, streets: Some(bytes), along: Box::new(along) })
}

/// The day on straight lines: there are no street networks in this build.
#[cfg(not(feature = "roads"))]
fn day(_: &Path) -> Result<Day, Failure> {
    let document = crate::demo_data::CITY_DAY.to_owned();
    let problem = json::read_problem(&document).map_err(|error| Failure::Machine(error.to_string()))?;
    Ok(Day { problem, document, streets: None, along: Box::new(|_, _, _| None) })
}

/// What is planned, in words.
fn introduction(problem: &Problem, on_streets: bool, args: &Demo) -> String {
    let trucks: Vec<String> =
        problem.vehicle_types().iter().map(|truck| format!("{} × {}", truck.count, truck.name)).collect();
    let travel = if on_streets { "along the streets of a synthetic city" } else { "along straight lines" };
    format!(
        "{}: {} stops, {}, {travel}; planning for {} …",
        problem.name(),
        problem.clients().len(),
        trucks.join(", "),
        limits(args)
    )
}

/// The limits of the search, in words.
fn limits(args: &Demo) -> String {
    let time = args.runtime().map(|limit| format!("{:.1} s", limit.as_secs_f64()));
    let work = args.iterations.map(|n| format!("{n} iterations"));
    [work, time].into_iter().flatten().collect::<Vec<_>>().join(" or ")
}
