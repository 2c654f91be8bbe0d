//! What a drive through the points of another program's route takes here.

use std::path::Path;

use milkrun::Coord;
use milkrun::travel::road::{Network, Snap};

use crate::kit::Outcome;

/// For each line of a file, points `lon,lat` with blanks between them, prints seconds and metres; a hyphen where there is no
/// such drive.
pub fn run(network: &Path, file: &Path) -> Outcome {
    let network = Network::open(network).map_err(|error| error.to_string())?;
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    for line in text.lines() {
        let point = |word: &str| {
            let (lon, lat) = word.split_once(',')?;
            Some(Coord::new(lon.parse().ok()?, lat.parse().ok()?))
        };
        let points: Option<Vec<Coord>> = line.split(' ').map(point).collect();
        let points = points.ok_or_else(|| format!("{}: {line} has no points", file.display()))?;
        // The points are on the streets.
        let near = Snap { limit: 15.0, ..Snap::default() };
        let route = network.snap(&points, &near).and_then(|spots| network.route(&spots));
        match route {
            Ok(route) => println!("{} {}", route.duration(), route.distance()),
            Err(_) => println!("-"),
        }
    }
    Ok(())
}
