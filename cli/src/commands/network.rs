//! `milkrun network`.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use milkrun::travel::road::{City, CityPlan, Ignored, Network, NetworkReport, RoadProfile, Streets};

use super::prepare;
use crate::failure::{Failure, Outcome};
use crate::input::shown;
use crate::output;
use crate::road_args::{NetworkArgs, NetworkCommand, Plan};
use crate::streets;

pub(super) fn run(args: &NetworkArgs) -> Result<Outcome, Failure> {
    match &args.what {
        NetworkCommand::Info { file, profile } => info(file, profile.as_deref()),
        NetworkCommand::Prepare { map, profile, out } => make(map, profile, out),
        NetworkCommand::Profile { name } => print(name),
        NetworkCommand::City { plan, blocks, seed, out } => city(*plan, *blocks, *seed, out),
    }
}

fn info(file: &Path, profile: Option<&str>) -> Result<Outcome, Failure> {
    let network = streets::network(file, profile, Path::new("")).map_err(streets::failure)?;
    output::stdout(&text(&network))?;
    Ok(Outcome::Done)
}

fn make(map: &Path, profile: &str, out: &Path) -> Result<Outcome, Failure> {
    let [_] = prepare([("--out", Some(out))], &[("the map", map, &[][..])])?;
    let start = Instant::now();
    let told = |error: &dyn std::fmt::Display| Failure::input(format!("{}: {error}", shown(map)));
    let streets = Streets::open(map).map_err(|error| told(&error))?;
    let profile = streets::road_profile(profile, Path::new("")).map_err(streets::failure)?;
    let network = Network::new(&streets, &profile).map_err(|error| told(&error))?;
    network.save(out).map_err(|error| Failure::Machine(format!("{}: {error}", shown(out))))?;
    output::stdout(&text(&network))?;
    for ignored in &streets.report().ignored {
        output::log(&format!("ignored: {ignored}"));
    }
    output::log(&format!("prepared in {:.1} s: {}", start.elapsed().as_secs_f64(), shown(out)));
    Ok(Outcome::Done)
}

fn text(network: &Network) -> String {
    let report: &NetworkReport = network.report();
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "profile: {}", network.profile().name);
    let _ = writeln!(
        text,
        "segments: {} ({:.1} km), {} with directions",
        report.segments,
        report.length / 1e3,
        report.directed_segments
    );
    let _ = writeln!(text, "turns: {}, turn restrictions: {}", report.turns, report.restrictions);
    let cut_off = (report.disconnected_segments, report.disconnected_length / 1e3);
    let _ = writeln!(text, "not connected with the rest: {} segments ({:.1} km)", cut_off.0, cut_off.1);
    let unused = |ignored: &Ignored| format!("not used: {ignored}");
    report.unused.iter().map(unused).for_each(|line| _ = writeln!(text, "{line}"));
    text
}

fn print(name: &str) -> Result<Outcome, Failure> {
    let shipped = RoadProfile::SHIPPED.join(", ");
    let text = RoadProfile::shipped_toml(name)
        .ok_or_else(|| Failure::input(format!("there is no profile `{name}`; use one of {shipped}")))?;
    output::stdout(text)?;
    Ok(Outcome::Done)
}

fn city(plan: Plan, blocks: u32, seed: u64, out: &Path) -> Result<Outcome, Failure> {
    if !(2..=2_000).contains(&blocks) {
        return Err(Failure::input(format!("--blocks {blocks}: give 2 to 2,000")));
    }
    let [_] = prepare([("--out", Some(out))], &[])?;
    let plan = match plan {
        Plan::Grid => CityPlan::Grid,
        Plan::Radial => CityPlan::Radial,
        Plan::River => CityPlan::River,
    };
    let city = City { plan, blocks, seed, ..City::default() };
    let mut bytes = Vec::new();
    city.write_pbf(&mut bytes).map_err(|error| Failure::Machine(error.to_string()))?;
    std::fs::write(out, bytes).map_err(|error| Failure::Machine(format!("{}: {error}", shown(out))))?;
    Ok(Outcome::Done)
}
