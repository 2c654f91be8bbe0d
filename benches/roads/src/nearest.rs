//! The nearest neighbours of 100,000 points, beside scipy's `cKDTree` in `nearest.py`.

use std::path::Path;

use milkrun::Coord;
use milkrun::internals::nearest;

use crate::kit::{Dice, Outcome, percentile, tell, timed};

const POINTS: usize = 100_000;
const NEIGHBOURS: usize = 10;

/// Measures, and writes points and neighbours for the script: doubles and 32-bit integers, the low byte first.
pub fn run(work: &Path) -> Outcome {
    let mut dice = Dice::new(3);
    let points: Vec<Coord> = (0..POINTS).map(|_| Coord::new(dice.share(), dice.share())).collect();
    let mut times = Vec::new();
    let mut lists = Vec::new();
    for _ in 0..5 {
        let (seconds, found) = timed(|| nearest(&points, NEIGHBOURS));
        times.push(seconds * 1e3);
        lists = found;
    }
    tell("nearest", percentile(&times, 0.5));
    let doubles: Vec<u8> = points.iter().flat_map(|at| [at.x, at.y]).flat_map(f64::to_le_bytes).collect();
    let numbers: Vec<u8> = lists.iter().flatten().flat_map(|index| index.to_le_bytes()).collect();
    for (name, bytes) in [("nearest.points", doubles), ("nearest.found", numbers)] {
        let path = work.join(name);
        std::fs::write(&path, bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}
