//! Solutions that are recombined.

use super::*;
use crate::search::Searcher as _;
use crate::search::classical::ClassicalSearch;
use crate::search::classical::population::{Parent, Population, child};

/// The stops of routes, by route.
fn stops_of(data: &Data<'_>, routes: &[RouteStops]) -> Sequences {
    let node_of = data.node_of();
    let stops = |route: &RouteStops| route.trips[0].activities.iter().map(|&a| node_of.get(a)).collect();
    routes.iter().map(stops).collect()
}

/// Whether all stops of a part come in the same order in the whole.
fn is_part(part: &[u32], whole: &[u32]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|u| rest.any(|v| v == u))
}

fn routes_of_children_are_parts_of_those_of_parents<C: Class>() {
    let (mut mixed, mut without) = (0, 0);
    for seed in 0..300 {
        let mut random = Random::new(seed);
        let problem = problem::<C>(&mut random);
        let data = Data::new(&problem);
        let mut parents = (0..2).map(|_| {
            let mut routes = Routes::<C>::new(&data);
            scatter(&mut routes, &mut random);
            routes.current_routes()
        });
        let (first, second) = (parents.next().unwrap(), parents.next().unwrap());
        let routes = child(&data, &Parent::new(&data, first.clone()), &Parent::new(&data, second.clone()), &mut random);
        let [first, second] = [first, second].map(|parent| stops_of(&data, &parent));
        let own = stops_of(&data, &routes);
        let mut visited = vec![0; data.num_stops()];
        own.iter().flatten().for_each(|&u| visited[u as usize] += 1);
        assert!(visited.iter().all(|&times| times <= 1), "{own:?} of {first:?} and {second:?}");
        let is_of = |parent: &Sequences, route: &[u32]| parent.iter().any(|whole| is_part(route, whole));
        for route in &own {
            assert!(!route.is_empty() && (is_of(&first, route) || is_of(&second, route)), "{route:?}");
        }
        mixed += usize::from(own.iter().any(|r| !is_of(&first, r)) && own.iter().any(|r| !is_of(&second, r)));
        without += usize::from(own.iter().map(Vec::len).sum::<usize>() < data.num_stops());
    }
    assert!(mixed > 100 && without > 100, "{mixed} {without}");
}

#[test]
fn children_have_routes_of_both_parents() {
    routes_of_children_are_parts_of_those_of_parents::<Capacity>();
    routes_of_children_are_parts_of_those_of_parents::<Windows>();
    routes_of_children_are_parts_of_those_of_parents::<Fleet>();
    routes_of_children_are_parts_of_those_of_parents::<TimedFleet>();
    routes_of_children_are_parts_of_those_of_parents::<CapacityWithBackhauls>();
}

/// Fifty clients in a square, ten to a vehicle.
fn square() -> Problem {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(50.0, 50.0)));
    for i in 0..50 {
        let at = Coord::new(f64::from(i * 37 % 101), f64::from(i * 61 % 103));
        b.add_client(Client::at(at).delivery([1 + i64::from(i % 3)]));
    }
    b.add_vehicle_type(VehicleType::new(30).capacity([17]).depot(yard));
    b.build().expect("a valid problem")
}

#[test]
fn the_population_has_the_best_solutions_and_none_twice() {
    let problem = square();
    let data = Data::new(&problem);
    let mut random = Random::new(5);
    let mut search = ClassicalSearch::<Capacity>::new(&data, &mut random);
    search.construct(&mut random);
    let mut cheapest = search.best().cost;
    let mut founders = Vec::new();
    for walk in 0..40 {
        for _ in 0..200 {
            search.iterate(&mut random, 0.5);
            cheapest = cheapest.min(search.best().cost);
        }
        search.join_population();
        search.join_population();
        let members = search.population.members();
        let values: Vec<&[i64]> = members.iter().map(|member| &member.value[..]).collect();
        assert!(values.is_sorted_by(|a, b| a < b) && values.len() <= 8, "{values:?}");
        assert_eq!((search.best().cost, members[0].measures.cost), (cheapest, cheapest), "the best is kept");
        drop(members);
        if walk < 10 {
            search.start_anew(&mut random);
            founders.push(search.current().cost);
        } else {
            search.recombine(&mut random);
        }
        assert_eq!(search.current().missing, 0);
    }
    founders.sort_unstable();
    founders.dedup();
    assert!(founders.len() >= 6, "first solutions differ: {founders:?}");
    let plan = Plan::of_known(&problem, search.best_routes());
    assert!(plan.is_feasible() && plan.cost() == cheapest);
    assert_eq!(check_plan(&problem, &plan).discrepancies, []);
}

#[test]
fn one_member_is_its_own_child() {
    let problem = square();
    let data = Data::new(&problem);
    let mut random = Random::new(6);
    let mut search = ClassicalSearch::<Capacity>::new(&data, &mut random);
    search.recombine(&mut random);
    assert_eq!(search.current().used, 0, "there is no solution to begin with");
    search.construct(&mut random);
    let cost = search.best().cost;
    search.join_population();
    search.recombine(&mut random);
    assert!(search.current().cost <= cost && search.current().missing == 0);
}

#[test]
fn walks_may_share_a_population() {
    let problem = square();
    let data = Data::new(&problem);
    let population = std::sync::Arc::<Population>::default();
    let mut random = Random::new(7);
    let mut walk = || ClassicalSearch::<Capacity>::new(&data, &mut random).share(std::sync::Arc::clone(&population));
    let (mut first, mut second) = (walk(), walk());
    first.construct(&mut random);
    first.join_population();
    second.recombine(&mut random);
    let (parent, child) = (first.best(), second.current());
    assert_eq!((child.missing, child.used), (0, parent.used), "the only parent is what the other walk has found");
    assert!(child.cost <= parent.cost);
}

fn what_is_recombined_is_a_solution<C: Class>() {
    let (mut served, mut new, mut begun) = (0, 0, 0);
    for seed in 0..40 {
        let mut random = Random::new(seed);
        let problem = problem::<C>(&mut random);
        let data = Data::new(&problem);
        let mut search = ClassicalSearch::<C>::new(&data, &mut random);
        search.construct(&mut random);
        for walk in 0..8 {
            for _ in 0..50 {
                search.iterate(&mut random, 2.0);
            }
            search.join_population();
            let left = stops_of(&data, &search.routes.current_routes());
            if walk < 3 {
                search.start_anew(&mut random);
            } else {
                search.recombine(&mut random);
            }
            search.routes.begin();
            agrees_with_the_plan(&search.routes);
            search.routes.commit();
            begun += 1;
            new += usize::from(stops_of(&data, &search.routes.current_routes()) != left);
            served += usize::from(search.current().missing == 0);
            let plan = Plan::of_known(&problem, search.best_routes());
            let best = search.best();
            assert_eq!(check_plan(&problem, &plan).discrepancies, []);
            assert!(best.missing > 0 || plan.is_feasible() && plan.cost() == best.cost, "{:?}", plan.violations());
        }
    }
    assert!(new > begun / 2 && served > begun / 3, "{new} and {served} of {begun}");
}

#[test]
fn each_class_recombines() {
    what_is_recombined_is_a_solution::<Capacity>();
    what_is_recombined_is_a_solution::<Windows>();
    what_is_recombined_is_a_solution::<Fleet>();
    what_is_recombined_is_a_solution::<TimedFleet>();
    what_is_recombined_is_a_solution::<CapacityWithBackhauls>();
    what_is_recombined_is_a_solution::<FleetWithBackhauls>();
    what_is_recombined_is_a_solution::<TimedFleetWithBackhauls>();
}

#[test]
fn routes_of_types_that_are_used_up_go_to_other_vehicles() {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    for x in 1..=6 {
        b.add_client(Client::at(Coord::new(f64::from(x), 0.0)).delivery([2]));
    }
    for capacity in [4, 9, 6] {
        b.add_vehicle_type(VehicleType::new(1).capacity([capacity]).depot(yard).fixed_cost(capacity));
    }
    let problem = b.build().expect("a valid problem");
    let data = Data::new(&problem);
    let route = |vehicle: usize, stops: std::ops::Range<usize>| RouteStops {
        trips: vec![TripStops {
            start: Some(yard),
            activities: stops.map(|c| data.activity[c]).collect(),
            end: Some(yard),
        }],
        vehicle_type: VehicleTypeId::new(vehicle),
        start: None,
    };
    let mut routes = Routes::<Fleet>::new(&data);
    routes.load(&[route(0, 0..2), route(0, 2..5), route(1, 5..6)]);
    let loaded = routes.current_routes();
    let served: Vec<(usize, usize)> =
        loaded.iter().map(|route| (route.vehicle_type.index(), route.trips[0].activities.len())).collect();
    assert_eq!(served, [(0, 2), (1, 1), (2, 3)], "the smallest that takes three is the third");
}
