//! Starts with fewer and fewer vehicles.

use super::*;
use crate::search::Searcher as _;
use crate::search::classical::ClassicalSearch;

/// Thirty clients in three directions, four to a vehicle, that take an hour each to serve.
fn town() -> Problem {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    for i in 0..30 {
        let (x, y) = [(90.0, 10.0), (-80.0, 40.0), (-20.0, -95.0)][i % 3];
        let at = Coord::new(x + (i * 7 % 11) as f64, y + (i * 5 % 13) as f64);
        b.add_client(Client::at(at).delivery([2 + i as i64 % 3 / 2]).time_window(0, 600).service(60));
    }
    b.add_vehicle_type(VehicleType::new(30).capacity([10]).depot(yard).shift(0, 900));
    b.build().expect("a valid problem")
}

#[test]
fn each_start_has_fewer_vehicles_than_the_one_before() {
    let problem = town();
    let data = Data::new(&problem);
    assert!(data.classical.is_some() && data.timed);
    let mut random = Random::new(3);
    let mut search = ClassicalSearch::<Windows>::new(&data, &mut random);
    // One vehicle for every other client, to begin with.
    let yard = problem.vehicle_types()[0].start;
    let pairs: Vec<RouteStops> = (0..15)
        .map(|pair| {
            let activities = [2 * pair, 2 * pair + 1].map(|u| data.activity[u]).to_vec();
            let trips = vec![TripStops { start: yard, activities, end: yard }];
            RouteStops { vehicle_type: VehicleTypeId::new(0), start: None, trips }
        })
        .collect();
    search.load(&pairs);
    let first = search.best().used;
    let least = 70usize.div_ceil(10);
    assert!(first > least, "there is something to take away: {first}");
    let (mut limits, mut cheapest) = (Vec::new(), search.best().cost);
    for _ in 0..4 {
        search.set_aside();
        search.start_again(&mut random);
        for _ in 0..2_000 {
            search.take_vehicle_away();
            search.iterate(&mut random, 2.0);
            cheapest = cheapest.min(search.best().cost);
        }
        limits.push(search.limit());
        let current = search.current();
        assert!(current.used <= search.limit() && search.best().missing == 0);
        assert_eq!(search.best().cost, cheapest, "the best of all walks is kept");
    }
    search.set_aside();
    assert_eq!(limits[0], usize::MAX, "the first one begins with as many");
    assert!(limits.is_sorted_by(|a, b| a > b), "{limits:?}");
    assert_eq!(limits[3], least);
    search.resume(usize::MAX);
    let plan = Plan::of_known(&problem, search.best_routes());
    assert!(plan.is_feasible() && plan.cost() == cheapest);
    assert!(search.limit() >= search.current().used && search.current().missing == 0);
}
