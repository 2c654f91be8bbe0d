//! Tables and paths in parts are what they are in one piece.

use std::cell::RefCell;
use std::sync::Arc;

use milkrun::travel::{
    PointProblem, SourceError, SourcePoint, SourceProgress, SourceRun, TableRequest, TravelBlock, TravelSource,
};
use milkrun::{CancelToken, Coord};

use super::fakes::{self, place, travel};
use super::stub::Stub;
use super::{FakeClock, google, grid, http, mapbox, osrm, valhalla};
use crate::chunk::{chunks, shape};
use crate::{Costing, ElementBudget, Truck, ValhallaOptions};

/// Every service with a server that keeps its limits.
fn all() -> Vec<(Box<dyn TravelSource>, Stub)> {
    let clock = Arc::new(FakeClock::default());
    let budget = ElementBudget::unlimited;
    let stubs = [
        Stub::start(fakes::osrm),
        Stub::start(fakes::valhalla),
        Stub::start(fakes::mapbox(Arc::clone(&clock))),
        Stub::start(fakes::google(Arc::clone(&clock))),
    ];
    let [a, b, c, d] = stubs.each_ref().map(Stub::address);
    let options = ValhallaOptions { matrix_pairs: 100, route_size: 5, ..Default::default() };
    let sources: [Box<dyn TravelSource>; 4] = [
        Box::new(osrm(&a, &clock, http())),
        Box::new(valhalla(&b, &clock, options)),
        Box::new(mapbox(&c, &clock, budget())),
        Box::new(google(&d, &clock, budget())),
    ];
    sources.into_iter().zip(stubs).collect()
}

/// What the streets have from one point to another, rounded.
fn expected(from: &SourcePoint, to: &SourcePoint) -> Option<(i64, i64)> {
    let of = |p: &SourcePoint| place(p.coord.x, p.coord.y, p.approach == milkrun::travel::Approach::Curb);
    travel(of(from), of(to)).map(|(metres, seconds)| (metres.round() as i64, seconds.round() as i64))
}

fn check(block: &TravelBlock, request: &TableRequest<'_>, name: &str) {
    assert_eq!((block.rows(), block.columns()), (request.origins.len(), request.destinations.len()));
    for (row, &i) in request.origins.iter().enumerate() {
        for (column, &j) in request.destinations.iter().enumerate() {
            let wanted = expected(&request.points[i], &request.points[j]);
            assert_eq!(block.get(row, column), wanted, "{name}: from {i} to {j}");
        }
    }
}

#[test]
fn a_stitched_table_is_that_of_the_streets() {
    let points = grid(67);
    let cancel = CancelToken::new();
    let everything: Vec<usize> = (0..points.len()).collect();
    let some: Vec<usize> = (0..points.len()).rev().step_by(3).collect();
    for (source, stub) in all() {
        for (origins, destinations) in [(&everything, &everything), (&some, &everything), (&everything, &some)] {
            let heard = RefCell::new(Vec::new());
            let progress = |part: SourceProgress| heard.borrow_mut().push(part);
            let run = SourceRun { cancel: &cancel, progress: &progress };
            let request = TableRequest { points: &points, origins, destinations, run };
            let block = source.block(&request).unwrap();
            check(&block, &request, source.name());
            let heard = heard.borrow();
            assert!(heard.len() > 1 && heard.windows(2).all(|pair| pair[0].done < pair[1].done));
            assert_eq!(heard.last(), Some(&SourceProgress { done: request.cells(), total: request.cells() }));
        }
        assert!(stub.count() > 10, "{} asks in parts", source.name());
        let unreachable = source.table(&points, SourceRun::new(&cancel)).unwrap().unreachable().count();
        assert!(unreachable > 100, "{unreachable} of 4,489 pairs have no path");
    }
}

#[test]
fn small_tables_take_one_request_or_none() {
    let cancel = CancelToken::new();
    let run = SourceRun::new(&cancel);
    for (source, stub) in all() {
        assert_eq!(source.table(&[], run).unwrap().distance.size(), 0);
        assert_eq!(source.table(&grid(1), run).unwrap().distance.get(0, 0), 0);
        assert_eq!(stub.count(), 0, "{}", source.name());
        source.table(&grid(10), run).unwrap();
        assert_eq!(stub.count(), 1, "{}", source.name());
    }
}

#[test]
fn parts_cover_a_table_once_and_within_limits() {
    let indices = |from: usize, count: usize| (from..from + count).collect::<Vec<_>>();
    let run = CancelToken::new();
    let points = grid(300);
    for (limits, rows, columns) in all().iter().flat_map(|(source, _)| {
        [(1, 1), (1, 300), (300, 1), (25, 25), (26, 26), (120, 120), (7, 250)].map(|(a, b)| (source.limits(), a, b))
    }) {
        let (origins, destinations) = (indices(0, rows), indices(300 - columns, columns));
        let request =
            TableRequest { points: &points, origins: &origins, destinations: &destinations, run: SourceRun::new(&run) };
        let mut seen = vec![0; rows * columns];
        for chunk in chunks(&request, &limits) {
            let (height, width) = (chunk.rows.len(), chunk.columns.len());
            assert!(limits.cells.is_none_or(|most| height * width <= most));
            assert!(limits.origins.is_none_or(|most| height <= most));
            assert!(limits.destinations.is_none_or(|most| width <= most));
            let mut used: Vec<usize> = origins[chunk.rows.clone()].to_vec();
            used.extend(&destinations[chunk.columns.clone()]);
            used.sort_unstable();
            used.dedup();
            assert!(limits.points.is_none_or(|most| used.len() <= most));
            chunk.rows.for_each(|i| chunk.columns.clone().for_each(|j| seen[i * columns + j] += 1));
        }
        assert!(seen.iter().all(|&times| times == 1), "{rows} × {columns} within {limits:?}");
    }
    let [_, _, mapbox, google] = [0, 1, 2, 3].map(|i| all()[i].0.limits());
    assert_eq!(shape(&indices(0, 25), &indices(0, 25), &mapbox), (25, 25));
    assert_eq!(shape(&indices(0, 100), &indices(0, 100), &google), (25, 25));
}

#[test]
fn legs_are_cells_of_the_table_and_follow_the_lines() {
    let all_points = grid(67);
    let cancel = CancelToken::new();
    // A path of pairs that have one: 30 legs, more than any service takes at once.
    let mut path = vec![0];
    while path.len() < 31 {
        let last = path[path.len() - 1];
        let next = (1..67)
            .map(|step| (last + step * 5) % 67)
            .find(|&next| !path.contains(&next) && expected(&all_points[last], &all_points[next]).is_some());
        path.push(next.unwrap());
    }
    let points: Vec<SourcePoint> = path.iter().map(|&i| all_points[i].clone()).collect();
    for (source, stub) in all() {
        let legs = source.legs(&points, SourceRun::new(&cancel)).unwrap();
        assert_eq!(legs.len(), 30);
        assert!(stub.count() > 1, "{} asks in parts", source.name());
        for (leg, ends) in legs.iter().zip(points.windows(2)) {
            assert_eq!(Some((leg.distance, leg.duration)), expected(&ends[0], &ends[1]), "{}", source.name());
            let near = |a: Coord, b: Coord| (a.x - b.x).abs() < 1e-6 && (a.y - b.y).abs() < 1e-6;
            assert_eq!(leg.geometry.len(), 2);
            assert!(near(leg.geometry[0], ends[0].coord) && near(leg.geometry[1], ends[1].coord));
        }
        assert!(source.legs(&points[..1], SourceRun::new(&cancel)).unwrap().is_empty());
    }
}

#[test]
fn every_leg_without_a_path_is_named() {
    let all_points = grid(67);
    let cancel = CancelToken::new();
    let is_closed = |&(i, j): &(usize, usize)| expected(&all_points[i], &all_points[j]).is_none();
    let mut closed = (0..66).map(|i| (i, i + 1)).filter(is_closed);
    let (first, second) = (closed.next().unwrap(), closed.next().unwrap());
    let points = &all_points[..=second.1];
    for (source, _stub) in all() {
        let error = source.legs(points, SourceRun::new(&cancel)).unwrap_err();
        let SourceError::NoPath { pairs, omitted: 0, .. } = &error else { panic!("{error}") };
        let found: Vec<_> = pairs.iter().map(|pair| (pair.from, pair.to)).collect();
        assert_eq!(found, [first, second], "{}", source.name());
        assert!(error.to_string().contains(&format!("from point {0} (`bin {0}`)", first.0)), "{error}");
    }
}

#[test]
fn every_point_in_the_sea_is_named() {
    let mut points = grid(6);
    points.insert(2, SourcePoint::new(7.6, 42.6).named("buoy"));
    points.push(SourcePoint::new(7.7, 42.6));
    let cancel = CancelToken::new();
    let run = SourceRun::new(&cancel);
    // Google takes any point to a street, or has no path from it.
    for (source, _stub) in all().into_iter().take(3) {
        let errors =
            [source.table(&points, run).map(drop).unwrap_err(), source.legs(&points, run).map(drop).unwrap_err()];
        for (error, wanted) in errors.iter().zip([&[2, 7][..], &[2]]) {
            let SourceError::Points { faults, .. } = error else { panic!("{}: {error}", source.name()) };
            let found: Vec<usize> = faults.iter().map(|fault| fault.index).collect();
            // A path is asked for in parts, the first of which with a fault ends it.
            assert!(found.starts_with(wanted), "{}: {found:?}", source.name());
            assert!(faults.iter().all(|fault| fault.problem == PointProblem::Unsnapped { limit: Some(1_000.0) }));
            assert!(error.to_string().contains("point 2 (`buoy`): no street that may be driven lies within 1000 m"));
        }
    }
}

#[test]
fn valhalla_is_asked_in_halves_where_it_refuses_unconnected_points() {
    let stub = Stub::start(fakes::valhalla);
    let source = valhalla(&stub.address(), &Arc::default(), ValhallaOptions::default());
    let mut points = grid(4);
    points.insert(1, SourcePoint::new(8.5, 43.7).named("island"));
    let cancel = CancelToken::new();
    let all: Vec<usize> = (0..5).collect();
    let request = TableRequest { points: &points, origins: &all, destinations: &all, run: SourceRun::new(&cancel) };
    let block = source.block(&request).unwrap();
    for i in 0..5 {
        for j in 0..5 {
            let apart = (i == 1) != (j == 1);
            let wanted = if apart { None } else { expected(&points[i], &points[j]) };
            assert_eq!(block.get(i, j), wanted, "from {i} to {j}");
        }
    }
    assert_eq!(stub.asked().iter().filter(|asked| asked.path == "/locate").count(), 1);
}

#[test]
fn a_truck_is_described_to_valhalla_by_its_measures() {
    let stub = Stub::start(fakes::valhalla);
    let truck =
        Truck { height: Some(3.8), width: Some(2.5), weight: Some(26.0), axle_load: Some(9.0), ..Default::default() };
    let costing = Costing::Truck(Truck { hazmat: true, ..truck });
    let source = valhalla(&stub.address(), &Arc::default(), ValhallaOptions { costing, ..Default::default() });
    source.table(&grid(2), SourceRun::new(&CancelToken::new())).unwrap();
    assert_eq!(stub.asked()[0].method, "POST");
    let asked: serde_json::Value = serde_json::from_str(&stub.asked()[0].body).unwrap();
    let wanted = serde_json::json!({ "truck":
        { "height": 3.8, "width": 2.5, "weight": 26.0, "axle_load": 9.0, "hazmat": true } });
    assert_eq!((&asked["costing"], &asked["costing_options"]), (&"truck".into(), &wanted));
    assert!(source.describe().contains("3.8"));
}

#[test]
fn from_a_point_to_itself_there_is_nothing_to_drive() {
    // Servers that snap with different offsets, or that have no path from a point to itself.
    for cell in ["7", "null"] {
        let row = format!("[{cell},5,{cell}]");
        let rows = format!("[[{cell},5],[5,{cell}]]");
        let stub = Stub::start(move |asked, _| {
            let rows = if asked.path.contains("sources=0;1&") { rows.clone() } else { format!("[{row}]") };
            super::stub::Reply::ok(format!(r#"{{"distances":{rows},"durations":{rows}}}"#))
        });
        let source = osrm(&stub.address(), &Arc::default(), http());
        let cancel = CancelToken::new();
        let run = SourceRun::new(&cancel);
        let points = grid(3);
        let request = TableRequest { points: &points, origins: &[0, 1], destinations: &[0, 1], run };
        let block = source.block(&request).unwrap();
        assert_eq!([block.get(0, 0), block.get(1, 1), block.get(0, 1)], [Some((0, 0)), Some((0, 0)), Some((5, 5))]);
        let request = TableRequest { points: &points, origins: &[2], destinations: &[2, 0, 2], run };
        let block = source.block(&request).unwrap();
        assert_eq!([block.get(0, 0), block.get(0, 1), block.get(0, 2)], [Some((0, 0)), Some((5, 5)), Some((0, 0))]);
    }
}

#[test]
fn a_destination_in_the_sea_is_named_though_no_origin_is_there() {
    let mut points = grid(3);
    points.push(SourcePoint::new(7.6, 42.6).named("buoy"));
    let cancel = CancelToken::new();
    for (source, _stub) in all().into_iter().take(3) {
        for (origins, destinations) in [(&[0, 1], &[2, 3]), (&[3, 1], &[0, 2])] {
            let request = TableRequest { points: &points, origins, destinations, run: SourceRun::new(&cancel) };
            let error = source.block(&request).unwrap_err();
            let SourceError::Points { faults, .. } = &error else { panic!("{}: {error}", source.name()) };
            assert_eq!(faults.iter().map(|fault| fault.index).collect::<Vec<_>>(), [3], "{}", source.name());
        }
    }
}
