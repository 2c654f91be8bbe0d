//! Tables and paths of real engines, which `cargo xtask sources` prepares and starts on Monaco.
//!
//! Each test is told an address by an environment variable; without it, it fails.

use std::env;

use milkrun::CancelToken;
use milkrun::travel::{
    Approach, Leg, PointProblem, SourceError, SourcePoint, SourceRun, TableRequest, TravelSource, TravelTable,
    UNREACHABLE,
};
use milkrun_sources::{Cache, CacheOptions, Costing, Osrm, OsrmOptions, Truck, Valhalla, ValhallaOptions};

fn osrm() -> Osrm {
    let address = env::var("MILKRUN_TEST_OSRM").expect("MILKRUN_TEST_OSRM: run `cargo xtask sources`");
    Osrm::new(&address, OsrmOptions::default()).unwrap()
}

fn valhalla(costing: Costing) -> Valhalla {
    let address = env::var("MILKRUN_TEST_VALHALLA").expect("MILKRUN_TEST_VALHALLA: run `cargo xtask sources`");
    Valhalla::new(&address, ValhallaOptions { costing, ..Default::default() }).unwrap()
}

/// A waste truck.
fn truck() -> Costing {
    let measures =
        Truck { height: Some(3.8), width: Some(2.5), weight: Some(26.0), axle_load: Some(9.0), ..Default::default() };
    Costing::Truck(measures)
}

/// Points over the town, each within a hundred metres of a street.
fn town(count: usize) -> Vec<SourcePoint> {
    let point = |i: usize| {
        // The golden ratio spreads points evenly along the line from Fontvieille to Larvotto, and across it.
        let (along, across) = (i as f64 / count as f64, (i as f64 * 0.618_033_988_75).fract() - 0.5);
        let (x, y) = (7.4135 + 0.0165 * along - 0.0035 * across, 43.7290 + 0.0160 * along + 0.0020 * across);
        SourcePoint::new(x, y).named(format!("bin {i}"))
    };
    (0..count).map(point).collect()
}

/// A cell of its own request.
fn single(source: &dyn TravelSource, points: &[SourcePoint], from: usize, to: usize) -> Option<(i64, i64)> {
    let cancel = CancelToken::new();
    let run = SourceRun::new(&cancel);
    let request = TableRequest { points, origins: &[from], destinations: &[to], run };
    source.block(&request).unwrap().get(0, 0)
}

/// Six cells of each row, each asked for alone, are those of the table. Gives how many have a path.
fn check_cells(source: &dyn TravelSource, points: &[SourcePoint], table: &TravelTable) -> usize {
    let mut reachable = 0;
    for (from, to) in (0..points.len()).flat_map(|i| (0..6).map(move |k| (i, (i * 7 + k * 19) % points.len()))) {
        let cell = (table.distance.get(from, to), table.duration.get(from, to));
        let alone = single(source, points, from, to);
        assert_eq!(cell, alone.unwrap_or((UNREACHABLE, UNREACHABLE)), "{}: from {from} to {to}", source.name());
        reachable += usize::from(alone.is_some());
    }
    reachable
}

fn table(source: &dyn TravelSource, points: &[SourcePoint]) -> TravelTable {
    source.table(points, SourceRun::new(&CancelToken::new())).unwrap()
}

/// Legs of a path, and the cells of the table for the same pairs.
fn legs(source: &dyn TravelSource, points: &[SourcePoint]) -> Vec<(Leg, (i64, i64))> {
    let table = table(source, points);
    let legs = source.legs(points, SourceRun::new(&CancelToken::new())).unwrap();
    let cell = |i: usize| (table.distance.get(i, i + 1), table.duration.get(i, i + 1));
    legs.into_iter().enumerate().map(|(i, leg)| (leg, cell(i))).collect()
}

#[test]
#[ignore = "needs an engine: cargo xtask sources"]
fn the_table_of_osrm_in_parts_is_that_of_single_cells() {
    let (source, points) = (osrm(), town(120));
    let table = table(&source, &points);
    let reachable = check_cells(&source, &points, &table);
    assert!(reachable > 600, "{reachable} of 720 cells");
    assert!((0..120).all(|i| table.distance.get(i, i) == 0 && table.duration.get(i, i) == 0));
    assert!(!table.distance.is_symmetric(), "streets of one direction");
}

#[test]
#[ignore = "needs an engine: cargo xtask sources"]
fn the_table_of_valhalla_in_parts_is_that_of_single_cells() {
    for costing in [Costing::Auto, truck()] {
        let (source, points) = (valhalla(costing), town(120));
        let table = table(&source, &points);
        let reachable = check_cells(&source, &points, &table);
        assert!(reachable > 600, "{reachable} of 720 cells");
        assert!((0..120).all(|i| table.distance.get(i, i) == 0));
    }
}

#[test]
#[ignore = "needs an engine: cargo xtask sources"]
fn legs_are_cells_of_the_table() {
    let points = town(60);
    for (source, metres) in [(&osrm() as &dyn TravelSource, 1), (&valhalla(Costing::Auto), 3), (&valhalla(truck()), 3)]
    {
        let legs = legs(source, &points);
        assert_eq!(legs.len(), 59);
        for (i, (leg, (distance, duration))) in legs.iter().enumerate() {
            let off = |a: i64, b: i64, most: i64| (a - b).abs() <= most;
            let told = format!(
                "{} leg {i}: {} m {} s, cell {distance} m {duration} s",
                source.name(),
                leg.distance,
                leg.duration
            );
            assert!(off(leg.distance, *distance, metres) && off(leg.duration, *duration, 2), "{told}");
            assert!(leg.geometry.len() >= 2, "{told}");
        }
        let total: i64 = legs.iter().map(|(leg, _)| leg.duration).sum();
        let cells: i64 = legs.iter().map(|(_, cell)| cell.1).sum();
        assert!((total - cells).abs() * 100 <= cells, "{}: legs of {total} s, cells of {cells} s", source.name());
    }
}

#[test]
#[ignore = "needs an engine: cargo xtask sources"]
fn the_line_of_a_leg_is_as_long_as_the_leg() {
    for source in [&osrm() as &dyn TravelSource, &valhalla(Costing::Auto)] {
        for (leg, _) in legs(source, &town(20)) {
            let metres: f64 = leg
                .geometry
                .windows(2)
                .map(|pair| {
                    let (dx, dy) = ((pair[1].x - pair[0].x) * 43.735_f64.to_radians().cos(), pair[1].y - pair[0].y);
                    dx.hypot(dy) * 111_195.0
                })
                .sum();
            assert!(
                (metres - leg.distance as f64).abs() < 5.0 + 0.02 * metres,
                "{}: {metres} {}",
                source.name(),
                leg.distance
            );
        }
    }
}

#[test]
#[ignore = "needs an engine: cargo xtask sources"]
fn points_in_the_sea_are_all_named() {
    let mut points = town(110);
    points[3] = SourcePoint::new(7.60, 43.60).named("buoy");
    points[7] = SourcePoint::new(7.61, 43.60).named("ship");
    let cancel = CancelToken::new();
    let run = SourceRun::new(&cancel);
    for source in [&osrm() as &dyn TravelSource, &valhalla(Costing::Auto)] {
        for outcome in [source.table(&points, run).map(drop), source.legs(&points[..12], run).map(drop)] {
            let Err(SourceError::Points { faults, .. }) = &outcome else { panic!("{}: {outcome:?}", source.name()) };
            let found: Vec<_> = faults.iter().map(|fault| (fault.index, fault.name.as_str())).collect();
            assert_eq!(found, [(3, "buoy"), (7, "ship")], "{}", source.name());
            assert!(faults.iter().all(|fault| fault.problem == PointProblem::Unsnapped { limit: Some(1_000.0) }));
        }
    }
}

#[test]
#[ignore = "needs an engine: cargo xtask sources"]
fn what_cannot_be_reached_is_named() {
    // Two places on streets, and between them one on a road that is not joined to the rest within these data.
    let points = [
        SourcePoint::new(7.417_326, 43.731_445).named("roundabout"),
        SourcePoint::new(7.402_369, 43.731_838).named("cut off"),
        SourcePoint::new(7.427_744, 43.739_488).named("casino"),
    ];
    let address = |name: &str| env::var(name).expect("run `cargo xtask sources`");
    let near = Some(2.0);
    let osrm = OsrmOptions { snap_limit: near, ..Default::default() };
    let valhalla = ValhallaOptions { snap_limit: near, ..Default::default() };
    let sources: [Box<dyn TravelSource>; 2] = [
        Box::new(Osrm::new(&address("MILKRUN_TEST_OSRM"), osrm).unwrap()),
        Box::new(Valhalla::new(&address("MILKRUN_TEST_VALHALLA"), valhalla).unwrap()),
    ];
    let cancel = CancelToken::new();
    for source in sources {
        let table = table(&*source, &points);
        assert_eq!(table.unreachable().collect::<Vec<_>>(), [(0, 1), (1, 0), (1, 2), (2, 1)], "{}", source.name());
        assert_eq!(table.isolated(), [1]);
        let error = source.legs(&points, SourceRun::new(&cancel)).unwrap_err();
        let SourceError::NoPath { pairs, .. } = &error else { panic!("{error}") };
        assert_eq!(pairs.iter().map(|pair| (pair.from, pair.to)).collect::<Vec<_>>(), [(0, 1), (1, 2)], "{error}");
        assert!(error.to_string().contains("from point 0 (`roundabout`) to point 1 (`cut off`)"), "{error}");
    }
}

#[test]
#[ignore = "needs an engine: cargo xtask sources"]
fn the_curb_is_reached_from_one_side() {
    let points = town(60);
    let curb: Vec<SourcePoint> = points.iter().map(|point| point.clone().approach(Approach::Curb)).collect();
    for source in [&osrm() as &dyn TravelSource, &valhalla(Costing::Auto)] {
        let (any, curb) = (table(source, &points), table(source, &curb));
        let pairs = || (0..60).flat_map(|i| (0..60).map(move |j| (i, j)));
        let longer = pairs().filter(|&(i, j)| curb.duration.get(i, j) > any.duration.get(i, j)).count();
        let shorter = pairs().filter(|&(i, j)| curb.duration.get(i, j) < any.duration.get(i, j)).count();
        assert!(longer > 300, "{}: {longer} of 3,600 cells take longer", source.name());
        // What is least is a cost, into which more goes than time: Valhalla's times may fall where its costs rise.
        assert!(shorter * 10 < longer, "{}: {shorter} cells are shorter, and {longer} longer", source.name());
    }
}

#[test]
#[ignore = "needs an engine: cargo xtask sources"]
fn a_truck_is_slower_than_a_car() {
    let points = town(40);
    let sum = |costing| {
        let table = table(&valhalla(costing), &points);
        (0..40).flat_map(|i| (0..40).map(move |j| (i, j))).map(|(i, j)| table.duration.get(i, j)).sum::<i64>()
    };
    assert_ne!(sum(truck()), sum(Costing::Auto));
}

#[test]
#[ignore = "needs an engine: cargo xtask sources"]
fn what_is_kept_on_disk_is_what_the_engine_says() {
    let folder = tempfile::tempdir().unwrap();
    let points = town(70);
    let cache = || Cache::open(osrm(), CacheOptions::new(folder.path())).unwrap();
    table(&cache(), &points[..69]);
    let grown = cache();
    assert_eq!(table(&grown, &points), table(&osrm(), &points));
    assert_eq!(grown.stats().asked, 70 + 69);
}
