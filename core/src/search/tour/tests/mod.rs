//! The tour's cycle, its moves, and what it finds, held against all orders.

use super::*;
use crate::algorithm::{SolveParams, Stop, solve};
use crate::model::{Client, Coord, Depot, Problem, VehicleType};
use crate::search::interrupt::NEVER;

fn problem(stops: usize, seed: u64) -> Problem {
    let mut random = Random::new(seed);
    let mut at = || Coord::new(random.below(1_000) as f64, random.below(1_000) as f64);
    let mut builder = Problem::builder();
    let depot = builder.add_depot(Depot::at(at()));
    for _ in 0..stops {
        builder.add_client(Client::at(at()));
    }
    builder.add_vehicle_type(VehicleType::new(1).depot(depot));
    builder.build().unwrap()
}

/// The length of the shortest tour, by dynamic programming over sets (Held & Karp 1962).
fn shortest(data: &Data<'_>) -> i64 {
    let m = data.num_stops();
    let arc = |a: usize, b: usize| distance(data, a as u32, b as u32);
    let mut table = vec![vec![i64::MAX / 2; m]; 1 << m];
    for u in 0..m {
        table[1 << u][u] = arc(m, u);
    }
    for set in 1..1usize << m {
        for u in (0..m).filter(|u| set >> u & 1 == 1) {
            for v in (0..m).filter(|v| set >> v & 1 == 0) {
                let length = table[set][u] + arc(u, v);
                let known = &mut table[set | 1 << v][v];
                *known = length.min(*known);
            }
        }
    }
    (0..m).map(|u| table[(1 << m) - 1][u] + arc(u, m)).min().unwrap()
}

#[test]
fn finds_the_shortest_tours_of_small_problems() {
    for seed in 0..20 {
        let problem = problem(9 + seed as usize % 3, seed);
        let data = Data::new(&problem);
        assert!(is_tour(&data));
        let result = solve(&problem, &SolveParams { stop: Stop::after_iterations(3_000), ..SolveParams::default() });
        assert!(result.plan.is_feasible());
        assert_eq!(result.plan.cost(), shortest(&data), "seed {seed}");
    }
}

#[test]
fn knows_the_length_of_its_cycle_after_every_iteration() {
    let problem = problem(60, 7);
    let data = Data::new(&problem);
    let order: Vec<_> = data.activity.clone();
    let vehicle = data.vehicle_type(0);
    let trips = vec![TripStops { start: vehicle.start, activities: order, end: vehicle.end }];
    let route = RouteStops { vehicle_type: VehicleTypeId::new(0), start: None, trips };
    let mut search = TourSearch::new(&data, std::slice::from_ref(&route), NEVER).unwrap();
    let mut random = Random::new(1);
    for temperature in [1_000.0, 50.0, 1.0] {
        for _ in 0..500 {
            search.iterate(&mut random, temperature);
            assert_eq!(search.length, search.cycle.length(|a, b| distance(&data, a, b)));
            let mut nodes = search.cycle.order().to_vec();
            nodes.sort_unstable();
            assert!(nodes.iter().enumerate().all(|(i, &u)| i == u as usize));
        }
    }
    assert!(search.best_length <= search.length);
    let short = RouteStops { trips: Vec::new(), ..route };
    assert!(TourSearch::new(&data, &[short], NEVER).is_none(), "not all stops are served");
}

#[test]
fn a_reversed_path_is_the_same_cycle_either_way_and_can_be_undone() {
    let mut random = Random::new(3);
    let mut cycle = Cycle::new((0..11).collect());
    for _ in 0..200 {
        let before = cycle.order().to_vec();
        let (u, v) = (random.below(11) as u32, random.below(11) as u32);
        let (outside, behind) = (cycle.previous(u), cycle.next(v));
        let whole = cycle.next(v) == u;
        cycle.forget();
        cycle.reverse(u, v);
        let beside = |cycle: &Cycle, a, b| cycle.next(a) == b || cycle.previous(a) == b;
        assert!(whole || (beside(&cycle, outside, v) && beside(&cycle, u, behind)));
        let after = cycle.order().to_vec();
        cycle.undo();
        assert_eq!(cycle.order(), before);
        cycle = Cycle::new(after);
    }
}

#[test]
fn an_interrupted_descent_ends_with_the_tour_that_it_has() {
    let problem = problem(300, 5);
    let data = Data::new(&problem);
    let vehicle = data.vehicle_type(0);
    let trips = vec![TripStops { start: vehicle.start, activities: data.activity.clone(), end: vehicle.end }];
    let route = RouteStops { vehicle_type: VehicleTypeId::new(0), start: None, trips };
    let routes = [route];
    let whole = TourSearch::new(&data, &routes, NEVER).unwrap();
    let mut cut = TourSearch::new(&data, &routes, &|| true).unwrap();
    assert!(cut.length > whole.length, "it was cut short");
    assert_eq!(cut.length, cut.cycle.length(|a, b| distance(&data, a, b)));
    // Whatever was left in the queue is asked for again.
    cut.interrupt = NEVER;
    let mut random = Random::new(1);
    for _ in 0..3_000 {
        cut.iterate(&mut random, 0.0);
    }
    assert!(cut.length < whole.length);
}
