//! `milkrun route`.

use std::fmt::Write as _;
use std::path::Path;

use milkrun::io::geojson;
use milkrun::travel::road::{Network, Snap, Spot};

use super::{at_most_one, is_dash, prepare};
use crate::failure::{Failure, Outcome};
use crate::road_args::{OnStreets, RouteArgs};
use crate::{output, points, streets};

pub(super) fn run(args: &RouteArgs) -> Result<Outcome, Failure> {
    at_most_one(
        "standard input",
        &[("--network", is_dash(&args.streets.network)), ("--points", is_dash(&args.streets.points))],
    )?;
    let inputs = [
        ("the network", args.streets.network.as_path(), &[][..]),
        ("the points", args.streets.points.as_path(), &[][..]),
    ];
    let [map] = prepare([("--geojson", args.geojson.as_deref())], &inputs)?;
    let (network, spots) = on_streets(&args.streets)?;
    let route = network.route(&spots).map_err(|error| Failure::input(error.to_string()))?;
    let mut text = String::new();
    for (leg, pair) in route.legs.iter().zip(spots.windows(2)) {
        let name = |spot: &Spot| spot.name().to_owned();
        let streets = if leg.streets.is_empty() { String::new() } else { format!(" along {}", leg.streets.join(", ")) };
        // Writing to a string cannot fail.
        let _ =
            writeln!(text, "{} to {}: {} s, {} m{streets}", name(&pair[0]), name(&pair[1]), leg.duration, leg.distance);
    }
    let _ = writeln!(text, "in all: {} s, {} m", route.duration(), route.distance());
    output::stdout(&text)?;
    if let Some(target) = map {
        let legs = route.legs.iter().map(|leg| (leg.geometry.as_slice(), leg.duration, leg.distance));
        target.write(&geojson::write_legs(legs))?;
    }
    Ok(Outcome::Done)
}

/// The network, and the points on it.
fn on_streets(args: &OnStreets) -> Result<(Network, Vec<Spot>), Failure> {
    let points = points::read(&args.points)?;
    let network = streets::network(&args.network, args.profile.as_deref(), Path::new("")).map_err(streets::failure)?;
    let spots = network.snap_named(&points, &Snap::default()).map_err(|error| Failure::input(error.to_string()))?;
    Ok((network, spots))
}
