//! Points on streets: sides, offsets, common streets, and what is far from any street.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::cancel::CancelToken;
use crate::geometry::Coord;
use crate::travel::UNREACHABLE;
use crate::travel::road::label::{Label, NEVER, distance, time};
use crate::travel::road::tests::maps::Sketch;
use crate::travel::road::tests::oracle::Oracle;
use crate::travel::road::{City, CityPlan, Network, RoadError, RoadProfile, Side, Snap, Spot};
use crate::travel::{Approach, SourcePoint};

/// One street of 100 units (some 1.1 km) from west to east, with a loop at its eastern end.
fn street() -> Network {
    let streets = Sketch::default()
        .node(1, 0, 0)
        .node(2, 100, 0)
        .node(3, 110, 10)
        .node(4, 110, -10)
        .way(1, &[1, 2], &[("maxspeed", "36")])
        .way(2, &[2, 3, 4, 2], &[])
        .streets();
    let mut profile = RoadProfile::car();
    profile.posted_factor = 1.0;
    profile.turns.u_turns = crate::travel::road::UTurns::DeadEnds;
    Network::new(&streets, &profile).unwrap()
}

/// A point so many units of some eleven metres east and north of the origin.
fn at(x: f64, y: f64) -> Coord {
    Coord::new(x * 1e-4, y * 1e-4)
}

#[test]
fn on_a_common_street_the_drive_is_as_long_as_the_points_are_apart() {
    let network = street();
    let spots = network.snap(&[at(20.0, 0.1), at(70.0, -0.1)], &Snap::default()).unwrap();
    let table = network.table(&spots, &spots).unwrap();
    // Half a hundred units of 11.1195 metres at 10 m/s.
    for (from, to) in [(0, 1), (1, 0)] {
        assert_eq!((table.distance(from, to), table.duration(from, to)), (Some(556), Some(56)));
    }
    assert_eq!((table.distance(0, 0), table.duration(1, 1)), (Some(0), Some(0)));
    let route = network.route(&spots).unwrap();
    assert_eq!((route.distance(), route.duration()), (556, 56));
    let ends = [route.legs[0].geometry[0], *route.legs[0].geometry.last().unwrap()];
    assert!((ends[0].x - 20e-4).abs() < 1e-6 && (ends[1].x - 70e-4).abs() < 1e-6, "{ends:?}");
}

#[test]
fn at_the_curb_a_vehicle_arrives_in_the_direction_of_its_side() {
    let network = street();
    // On the right of a vehicle that drives east lies the south.
    let point = |name: &str, x, y, approach| SourcePoint { name: name.to_owned(), coord: at(x, y), approach };
    let points = [
        point("start", 20.0, -0.5, Approach::Curb),
        point("south", 70.0, -0.5, Approach::Curb),
        point("north", 70.0, 0.5, Approach::Curb),
        point("any", 70.0, 0.5, Approach::Any),
    ];
    let spots = network.snap_named(&points, &Snap::default()).unwrap();
    let table = network.table(&spots, &spots).unwrap();
    assert_eq!(table.distance(0, 1), Some(556));
    assert_eq!(table.distance(0, 3), Some(556));
    // To the north side: to the end, around the loop and back.
    let loop_length = network.table(&spots[1..2], &spots[2..3]).unwrap().distance(0, 0).unwrap() - 2 * 334;
    assert!(table.distance(0, 2).unwrap() >= 556 + 2 * 333 + loop_length - 2);
    // Back to the south side, one must turn at the western end.
    assert!(table.distance(1, 0).unwrap() > 1500);
    let mut left = network.profile().clone();
    left.driving_side = Side::Left;
    assert_ne!(left, *network.profile());
}

/// The label of the best path between two spots, from petgraph's distances between states.
fn expected(network: &Network, oracle: &Oracle, from: &Spot, to: &Spot) -> Label {
    let (graph, times) = (&network.base.graph, &network.weights.times);
    let minus = |a: Label, b: Label| (time(a) - time(b)) << 32 | (distance(a) - distance(b));
    let mut best = NEVER;
    for source in from.sources(graph, times) {
        let labels = oracle.from(source.state);
        for target in to.targets(graph, times) {
            if target.state != source.state {
                best = best.min(
                    labels[target.state as usize].saturating_add(source.part).min(NEVER + target.part) - target.part,
                );
                continue;
            }
            if target.part <= source.part {
                best = best.min(minus(source.part, target.part));
            }
            // Out of the street and into it again.
            for arc in graph.arcs(source.state) {
                let back = oracle.from(graph.head[arc])[source.state as usize];
                if back < NEVER {
                    best = best.min(source.part + graph.arc_label(arc, times) + back - target.part);
                }
            }
        }
    }
    best
}

#[test]
fn tables_and_routes_between_random_points_are_those_of_petgraph() {
    let streets = City { plan: CityPlan::Grid, blocks: 7, seed: 2, ..City::default() }.streets().unwrap();
    let network = Network::new(&streets, &RoadProfile::waste_truck()).unwrap();
    let oracle = Oracle::new(&network);
    let [west, south, east, north] = streets.bounds();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(8);
    let points: Vec<SourcePoint> = (0..60)
        .map(|i| SourcePoint {
            name: format!("bin {i}"),
            coord: Coord::new(random.random_range(west..east), random.random_range(south..north)),
            approach: if i % 2 == 0 { Approach::Curb } else { Approach::Any },
        })
        .collect();
    let spots = network.snap_named(&points, &Snap { slack: 20.0, ..Snap::default() }).unwrap();
    assert!(spots.iter().any(|spot| spot.num_places() > 1));
    let table = network.table(&spots, &spots).unwrap();
    let mut common = 0;
    for (i, from) in spots.iter().enumerate() {
        for (j, to) in spots.iter().enumerate() {
            let label = expected(&network, &oracle, from, to);
            assert_eq!(table.exact(i, j), Some((time(label), distance(label))), "{} to {}", from.name(), to.name());
            let route = network.route(&[from.clone(), to.clone()]).unwrap();
            assert_eq!(Some(route.duration()), table.duration(i, j));
            assert_eq!(Some(route.distance()), table.distance(i, j));
            let drawn = geo_length(&route.legs[0].geometry);
            assert!((drawn - route.distance() as f64).abs() < 2.0 + 0.002 * drawn, "{drawn} is drawn: {route:?}");
            let segments = |spot: &Spot| spot.places.iter().map(|place| place.segment).collect::<Vec<_>>();
            common += usize::from(i != j && segments(from).iter().any(|segment| segments(to).contains(segment)));
        }
    }
    assert!(common > 20, "{common} pairs have a street in common");
}

/// Metres along a line.
fn geo_length(line: &[Coord]) -> f64 {
    use geo::{Haversine, Length};
    Haversine.length(&line.iter().map(|at| (at.x, at.y)).collect::<geo::LineString>())
}

#[test]
fn points_far_from_streets_are_named() {
    let network = street();
    let points = [at(50.0, 0.0), at(50.0, 60.0), Coord::new(200.0, 0.0), Coord::new(f64::NAN, 0.0), at(5000.0, 0.0)];
    let error = network.snap(&points, &Snap::default()).unwrap_err();
    let RoadError::OffRoad { points, .. } = &error else { panic!("{error}") };
    let names: Vec<&str> = points.iter().map(|point| point.name.as_str()).collect();
    assert_eq!(names, ["point 1", "point 2", "point 3", "point 4"]);
    assert!(points[0].nearest.is_some_and(|metres| (660.0..675.0).contains(&metres)), "{points:?}");
    assert!(error.to_string().contains("beyond the limit of 500 m"), "{error}");
    let far = Snap { limit: 700.0, ..Snap::default() };
    assert_eq!(network.snap(&[at(50.0, 60.0)], &far).unwrap()[0].away().round() as i64, 667);
    let bad = network.snap(&[], &Snap { limit: f64::NAN, ..Snap::default() });
    assert!(matches!(bad, Err(RoadError::Argument { .. })));
}

#[test]
fn a_closed_street_is_unreachable_by_name_and_a_table_can_be_cancelled() {
    use crate::travel::road::{Change, ChangePlace, Effect};
    let network = street();
    let spots = network.snap(&[at(20.0, 0.1), at(110.0, 0.1)], &Snap::default()).unwrap();
    let closed = network.change(&[Change { place: ChangePlace::Way(2), effect: Effect::Closed }]).unwrap();
    let table = closed.table(&spots, &spots).unwrap();
    assert_eq!(table.unreachable().collect::<Vec<_>>(), [(0, 1)]);
    let error = table.require_reachable().unwrap_err().to_string();
    assert_eq!(error, "no path leads from point 0 to point 1 for the profile `car`");
    assert_eq!(table.to_rows().0[1], UNREACHABLE);
    assert!(matches!(closed.route(&spots), Err(RoadError::Unreachable { .. })));
    assert!(table.to_matrices().is_ok());
    let cancel = CancelToken::new();
    cancel.cancel();
    assert_eq!(network.table_with(&spots, &spots, &cancel, &|_| {}), Err(RoadError::Cancelled));
}
