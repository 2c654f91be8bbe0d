//! Linehauls before backhauls.

use super::*;
use crate::search::Searcher as _;
use crate::search::classical::ClassicalSearch;
use crate::search::classical::ruin::Ruin;
use crate::search::ruin_size::RuinParams;

/// What ruin leaves behind is out of order exactly where the plan says so. How often it is, and how often not.
fn noticed<C: Class>() -> (usize, usize) {
    let (mut broken, mut sound) = (0, 0);
    each::<C>(20, |routes, random| {
        let params = RuinParams { removed: 4.0, removed_from_short: 4.0, whole_route: 0.1, trip: 0.0, sort: 0.0 };
        let mut ruin = Ruin::new(params, routes.info.len());
        for _ in 0..20 {
            routes.begin();
            ruin.run(routes, random, &mut Vec::new());
            #[cfg(debug_assertions)]
            routes.verify();
            let plan = plan(routes.data, &sequences(routes));
            let is_sound = plan.violations().len() == plan.unserved().required_clients.len();
            assert_eq!(routes.is_out_of_order(), !is_sound, "{:?}", plan.violations());
            broken += usize::from(!is_sound);
            sound += usize::from(is_sound);
            routes.rollback();
            assert!(!routes.is_out_of_order());
        }
    });
    (broken, sound)
}

#[test]
fn a_backhaul_that_is_left_first_is_noticed() {
    let (broken, sound) = noticed::<CapacityWithBackhauls>();
    assert!(broken > 10 && sound > 100, "{broken} {sound}");
    assert!(noticed::<FleetWithBackhauls>().0 > 10);
    // An arc that breaks the order is too long for any shift, too: all of that route goes.
    assert_eq!(noticed::<TimedFleetWithBackhauls>().0, 0);
}

/// What a search finds where each client is to be served by some vehicles of capacity 10: linehauls and backhauls, by place and load.
fn solved(linehauls: &[(f64, f64, i64)], backhauls: &[(f64, f64, i64)], vehicles: usize, fixed_cost: Cost) -> Plan {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    for &(x, y, load) in linehauls {
        b.add_client(Client::at(Coord::new(x, y)).delivery([load]));
    }
    for &(x, y, load) in backhauls {
        b.add_client(Client::at(Coord::new(x, y)).pickup([load]));
    }
    b.backhauls(model::Backhauls::AfterLinehauls);
    b.add_vehicle_type(VehicleType::new(vehicles).capacity([10]).depot(yard).fixed_cost(fixed_cost));
    let problem = b.build().expect("a valid problem");
    let data = Data::new(&problem);
    assert_eq!(data.classical, Some(FleetMix::Homogeneous));
    let mut random = Random::new(1);
    let mut search = ClassicalSearch::<CapacityWithBackhauls>::new(&data, &mut random);
    search.construct(&mut random);
    for _ in 0..3_000 {
        search.iterate(&mut random, 0.5);
    }
    let plan = Plan::of_known(&problem, search.best_routes());
    assert!(plan.is_feasible(), "{:?}", plan.violations());
    assert_eq!(plan.cost(), search.best().cost);
    assert_eq!(check_plan(&problem, &plan).discrepancies, []);
    plan
}

#[test]
fn routes_are_opened_for_backhauls() {
    let place = |i: i32| (f64::from(i * 7 % 12), f64::from(i * 5 % 12));
    let at = |load: i64| move |i: i32| (place(i).0, place(i).1, load);
    let linehauls: Vec<_> = (0..4).map(at(1)).collect();
    let backhauls: Vec<_> = (4..12).map(at(5)).collect();
    assert_eq!(solved(&linehauls, &backhauls, 4, 0).route_stops().len(), 4);
}

#[test]
fn many_more_routes_are_opened_for_backhauls_than_linehauls_need() {
    let along =
        |count: i32, load: i64| (0..count).map(move |i| (f64::from(i * 37 % 100), f64::from(i * 61 % 97), load));
    let (linehauls, backhauls): (Vec<_>, Vec<_>) = (along(60, 1).collect(), along(60, 5).collect());
    assert!(solved(&linehauls, &backhauls, 40, 0).route_stops().len() >= 30);
}

#[test]
fn backhauls_find_routes_far_from_all_linehauls() {
    let around = |x: f64| move |i: i32| (x + f64::from(i % 10), f64::from(i / 10), 1);
    let linehauls: Vec<_> = (0..70).map(around(1_000.0)).collect();
    let backhauls: Vec<_> = (0..70).map(around(-1_000.0)).collect();
    assert_eq!(solved(&linehauls, &backhauls, 10, 0).route_stops().len(), 7);
}

#[test]
fn fixed_costs_beyond_all_arcs_leave_the_order_as_it_is() {
    let along = |load: i64| move |i: i32| (f64::from(10 * i), f64::from(i * i % 7), load);
    let linehauls: Vec<_> = (1..12).map(along(3)).collect();
    let backhauls: Vec<_> = (1..12).map(along(2)).collect();
    assert_eq!(solved(&linehauls, &backhauls, 20, 10_000_000_000).route_stops().len(), 4);
}

#[test]
fn a_backhaul_may_need_a_linehaul_that_does_not_pay() {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    b.add_client(Client::at(Coord::new(10.0, 0.0)).delivery([1]).optional(0));
    b.add_client(Client::at(Coord::new(12.0, 0.0)).pickup([1]));
    b.backhauls(model::Backhauls::AfterLinehauls);
    b.add_vehicle_type(VehicleType::new(1).capacity([10]).depot(yard));
    let problem = b.build().expect("a valid problem");
    for seed in 0..10 {
        let stop = crate::Stop::after_iterations(200);
        let params = crate::SolveParams { stop, seed, ..crate::SolveParams::default() };
        let plan = crate::solve(&problem, &params).plan;
        assert!(plan.is_feasible() && plan.cost() == 24, "{seed}: {} {:?}", plan.cost(), plan.violations());
    }
}

#[test]
fn loads_of_both_kinds_fit_apart() {
    each::<CapacityWithBackhauls>(20, |routes, _| {
        for route in 0..routes.info.len() {
            let load = routes.info[route].load;
            let of = |backhauls: bool| -> i32 {
                let stops = sequences(routes)[route].clone();
                let is_one = |&u: &u32| routes.data.pickup[u as usize] > 0;
                stops.iter().filter(|u| is_one(u) == backhauls).map(|&u| routes.data.demand[u as usize]).sum()
            };
            assert_eq!((load.linehauls, load.backhauls), (of(false), of(true)));
            assert!(load.fits(12) && load.fits(load.linehauls.max(load.backhauls).into()));
            assert!(!load.fits(i64::from(load.linehauls.max(load.backhauls)) - 1));
        }
    });
}
