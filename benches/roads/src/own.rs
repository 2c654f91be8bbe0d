//! milkrun's own networks.

use milkrun::Coord;
use milkrun::internals::{road_state, road_time};
use milkrun::travel::road::{Change, ChangePlace, Effect, Network, Snap, Spot};

use crate::kit::{Dice, Outcome, percentile, read_points, tell, tell_memory, timed, write_points};
use crate::maps::Map;

/// Points of tables.
pub const POINTS: usize = 1_000;
/// Routes that are asked for.
const ROUTES: usize = 2_000;
/// What takes longer than so many seconds is measured once.
const PATIENCE: f64 = 3.0;
/// Pairs whose distances are compared with OSRM's.
const PAIRS: usize = 500;
/// Streets that change at once, and how often that is measured.
const CHANGES: usize = 100;
const ROUNDS: usize = 7;

/// From the map to the file, and changed travel times.
pub fn prepare(map: &Map) -> Outcome {
    let (seconds, network) = timed(|| {
        let streets = map.streets()?;
        let network = Network::new(&streets, &Map::profile()?).map_err(|error| error.to_string())?;
        network.save(map.file("network")).map_err(|error| error.to_string())?;
        Ok::<_, String>((network, streets))
    });
    let (network, streets) = network?;
    tell("prepare", seconds);
    tell_memory("memory_prepare");
    let size = std::fs::metadata(map.file("network")).map_err(|error| error.to_string())?.len();
    tell("file", size as f64 / 1e6);
    tell("edges", network.report().directed_segments as f64);
    tell("states", network.report().states as f64);

    let mut dice = Dice::new(7);
    let points = points(&network, POINTS.max(CHANGES), || {
        let shape = streets.geometry(dice.below(streets.num_segments()));
        let (at, share) = (dice.below(shape.len() - 1), dice.share());
        let along = |a: f64, b: f64| a + share * (b - a);
        let (x, y) = (along(shape[at].x, shape[at + 1].x), along(shape[at].y, shape[at + 1].y));
        // Some thirty metres away at most.
        Coord::new(x + (dice.share() - 0.5) * 8e-4, y + (dice.share() - 0.5) * 5e-4)
    })?;
    write_points(&map.file("points.csv"), &points)?;

    let change = |changes: &[Change]| network.change(changes).map_err(|error| error.to_string());
    let mut all = Vec::new();
    for percent in [90, 80, 70] {
        let everywhere = [Change { place: ChangePlace::Everywhere, effect: Effect::Percent(percent) }];
        let (seconds, changed) = timed(|| change(&everywhere));
        changed?;
        all.push(seconds);
        if seconds > PATIENCE {
            break;
        }
    }
    tell("customise", percentile(&all, 0.5) * 1e3);
    let mut few = Vec::new();
    for round in 0..ROUNDS {
        let chosen = points.iter().cycle().skip(round * CHANGES).take(CHANGES);
        let effect = Effect::Percent(50);
        let changes: Vec<Change> = chosen.map(|&at| Change { place: ChangePlace::At(at), effect }).collect();
        let (seconds, changed) = timed(|| change(&changes));
        changed?;
        few.push(seconds);
        if seconds > PATIENCE {
            break;
        }
    }
    tell("change", percentile(&few, 0.5) * 1e3);
    Ok(())
}

/// So many points within a hundred metres of a street that is driven.
fn points(network: &Network, number: usize, mut next: impl FnMut() -> Coord) -> Result<Vec<Coord>, String> {
    let near = Snap { limit: 100.0, ..Snap::default() };
    let mut found = Vec::with_capacity(number);
    for _ in 0..100 * number {
        // As they are written.
        let round = |degrees: f64| (degrees * 1e6).round() / 1e6;
        let at = next();
        let at = Coord::new(round(at.x), round(at.y));
        if network.snap(&[at], &near).is_ok() {
            found.push(at);
        }
        if found.len() == number {
            return Ok(found);
        }
    }
    Err(format!("only {} of {number} points are near streets", found.len()))
}

/// The pairs of points between which routes are asked for.
pub fn pairs(number: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..).map(|i| (i % POINTS, (i * 37 + 11 + i / POINTS) % POINTS)).filter(|(a, b)| a != b).take(number)
}

/// Questions to the prepared network: from coordinates to answers, so that points are snapped each time.
pub fn ask(map: &Map) -> Outcome {
    let points = read_points(&map.file("points.csv"))?;
    let network = map.network()?;
    let told = |error: milkrun::travel::road::RoadError| error.to_string();
    let snap = |points: &[Coord]| network.snap(points, &Snap::default()).map_err(told);
    // The index of streets is made when the first point is snapped.
    let spots = snap(&points)?;
    let mut routes = Vec::with_capacity(ROUTES);
    let mut lines = String::new();
    for (i, (a, b)) in pairs(ROUTES).enumerate() {
        let (seconds, route) = timed(|| network.route(&snap(&[points[a], points[b]])?).map_err(told));
        let route = route?;
        routes.push(seconds * 1e6);
        if i < PAIRS {
            lines += &line(&spots, (a, b), &route.legs[0]);
        }
    }
    tell("p50", percentile(&routes, 0.5));
    tell("p99", percentile(&routes, 0.99));
    std::fs::write(map.file("pairs.tsv"), lines).map_err(|error| error.to_string())?;
    for (measure, size, rounds) in [("table_100", 100, 9), ("table_1000", POINTS, 3)] {
        let mut times = Vec::new();
        for _ in 0..rounds {
            let (seconds, table) = timed(|| {
                let spots = snap(&points[..size])?;
                network.table(&spots, &spots).map_err(told)
            });
            table?.require_reachable().map_err(told)?;
            times.push(seconds * 1e3);
            if seconds > PATIENCE {
                break;
            }
        }
        tell(measure, percentile(&times, 0.5));
    }
    tell_memory("memory_ask");
    let states: Option<Vec<u32>> = spots.iter().map(|spot| road_state(&network, spot)).collect();
    let states = states.ok_or("a point has no state")?;
    let time = |(a, b): (usize, usize)| road_time(&network, states[a], states[b]);
    tell("sum", pairs(crate::peers::CHECKED).filter_map(time).sum::<u64>() as f64);
    Ok(())
}

/// A pair, for comparing: points by their numbers, where they are on streets, seconds, metres, and the line.
fn line(spots: &[Spot], (a, b): (usize, usize), leg: &milkrun::travel::road::Leg) -> String {
    let on = |spot: &Spot| format!("{:.6},{:.6}", spot.on_street().x, spot.on_street().y);
    let shape: Vec<String> = leg.geometry.iter().map(|at| format!("{:.6},{:.6}", at.x, at.y)).collect();
    let (from, to) = (on(&spots[a]), on(&spots[b]));
    format!("{a}\t{b}\t{from}\t{to}\t{}\t{}\t{}\n", leg.duration, leg.distance, shape.join(" "))
}
