//! `milkrun matrix`.

use std::fmt::Write as _;
use std::path::Path;

use milkrun::Travel;
use milkrun::io::json;
use milkrun::travel::road::{Network, RoadTable, Snap, Spot};

use super::{at_most_one, is_dash, prepare};
use crate::failure::{Failure, Outcome};
use crate::output;
use crate::points;
use crate::road_args::{MatrixArgs, OnStreets};
use crate::streets;

pub(super) fn run(args: &MatrixArgs) -> Result<Outcome, Failure> {
    at_most_one(
        "standard input",
        &[("--network", is_dash(&args.streets.network)), ("--points", is_dash(&args.streets.points))],
    )?;
    let inputs = [
        ("the network", args.streets.network.as_path(), &[][..]),
        ("the points", args.streets.points.as_path(), &[][..]),
    ];
    let [out] = prepare([("--out", args.out.as_deref())], &inputs)?;
    let (network, spots) = on_streets(&args.streets)?;
    let table = network.table(&spots, &spots).map_err(|error| Failure::input(error.to_string()))?;
    let missing = table.unreachable().count();
    if missing > 0 {
        output::log(&format!("warning: no path leads between {missing} pairs of points; their cells are empty"));
    }
    let is_json = args.out.as_deref().and_then(Path::extension).is_some_and(|extension| extension == "json");
    let text = if is_json { document(&table)? } else { csv(&spots, &table) };
    match out {
        Some(target) => target.write(&text)?,
        None => output::stdout(&text)?,
    }
    Ok(Outcome::Done)
}

/// The network, and the points on it.
pub(super) fn on_streets(args: &OnStreets) -> Result<(Network, Vec<Spot>), Failure> {
    let points = points::read(&args.points)?;
    let network = streets::network(&args.network, args.profile.as_deref(), Path::new("")).map_err(streets::failure)?;
    let spots = network.snap_named(&points, &Snap::default()).map_err(|error| Failure::input(error.to_string()))?;
    Ok((network, spots))
}

/// A line for each cell.
fn csv(spots: &[Spot], table: &RoadTable) -> String {
    let mut text = "from,to,seconds,metres\n".to_owned();
    let quoted = |spot: &Spot| {
        let name = spot.name();
        let plain = !name.contains([',', '"', '\n', '\r']);
        if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
    };
    let names: Vec<String> = spots.iter().map(quoted).collect();
    let shown = |value: Option<i64>| value.map_or(String::new(), |value| value.to_string());
    for (i, from) in names.iter().enumerate() {
        for (j, to) in names.iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{from},{to},{},{}", shown(table.duration(i, j)), shown(table.distance(i, j)));
        }
    }
    text
}

/// The travel of a problem document.
fn document(table: &RoadTable) -> Result<String, Failure> {
    let matrices = table.to_matrices().map_err(|error| Failure::input(error.to_string()))?;
    Ok(json::write_travel(&Travel::Matrices(vec![matrices])))
}
