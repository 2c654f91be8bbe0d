//! One file for each operator: on random solutions of random problems, each move is held against all moves of its kind made by
//! hand, and what it leaves behind against the plan and the judge.

mod change_vehicle;
mod construct;
mod eject;
mod fleets;
mod local_search;
mod order;
mod population;
mod recreate;
mod relocate;
mod routes;
mod ruin;
mod swap;
mod swap_star;
mod swap_tails;
mod two_opt;

use crate::ids::{ClientId, VehicleTypeId};
use crate::model::{self, Client, Coord, Depot, Problem, VehicleType};
use crate::plan::check::check_plan;
use crate::plan::{Plan, RouteStops, TripStops};
use crate::search::classical::class::{
    Capacity, CapacityWithBackhauls, Class, Fleet, FleetWithBackhauls, Load as _, TimedFleet, TimedFleetWithBackhauls,
    Windows,
};
use crate::search::classical::operators::Scratch;
use crate::search::classical::routes::Routes;
use crate::search::data::{Data, FleetMix, NONE};
use crate::search::random::Random;
use crate::units::Cost;

/// The stops of each route, in order.
type Sequences = Vec<Vec<u32>>;

fn number(random: &mut Random, low: i64, high: i64) -> i64 {
    low + random.below((high - low + 1) as usize) as i64
}

/// A random problem of ten clients, a few of them optional, where vehicles cost more than distance alone. Those of a mixed fleet
/// differ in depot, capacity, costs and what they may serve, half of the time in what distance costs, and some limit how long a route takes.
/// Where there is an order, a third of the clients are backhauls.
fn problem<C: Class>(random: &mut Random) -> Problem {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    for i in 0..10 {
        let at = Coord::new(number(random, -50, 50) as f64, number(random, -50, 50) as f64);
        let (load, service) = ([number(random, 1, 4)], number(random, 0, 5));
        let is_backhaul = C::ORDERED && random.below(3) == 0;
        let client = Client::at(at).service(service);
        let mut client = if is_backhaul { client.pickup(load) } else { client.delivery(load) };
        if C::TIMED && random.below(2) == 0 {
            let early = number(random, 0, 200);
            client = client.time_window(early, early + number(random, 80, 250));
        }
        // A linehaul must be served where there are backhauls, which may need it.
        if i % 5 == 4 && (is_backhaul || !C::ORDERED) {
            client = client.optional(number(random, 10, 90));
        }
        b.add_client(client);
    }
    if C::ORDERED {
        b.backhauls(model::Backhauls::AfterLinehauls);
    }
    let vehicle = VehicleType::new(6).capacity([12]).depot(yard).cost_per_distance(2).fixed_cost(7);
    let vehicle = if C::TIMED { vehicle.shift(0, 700) } else { vehicle };
    if !C::FLEET {
        b.add_vehicle_type(vehicle);
        return b.build().expect("a valid problem");
    }
    let at = Coord::new(number(random, -40, 40) as f64, number(random, -40, 40) as f64);
    let other = b.add_depot(Depot::at(at).service(if C::TIMED { number(random, 0, 9) } else { 0 }));
    let rate = 2 + number(random, 0, 1);
    let fixed = number(random, 0, 1);
    let vehicle = vehicle.fixed_cost(7 * fixed);
    let all: Vec<ClientId> = (0..10).map(ClientId::new).collect();
    let some = all.iter().copied().filter(|_| random.below(3) > 0).collect::<Vec<ClientId>>();
    let small = VehicleType { count: 2, ..vehicle.clone() }.capacity([9]).cost_per_distance(rate).fixed_cost(4 * fixed);
    let large =
        VehicleType { count: 2, ..vehicle.clone() }.capacity([20]).cost_per_distance(rate).fixed_cost(15 * fixed);
    let elsewhere = VehicleType { count: 2, ..vehicle }.depot(other).allowed_clients(some);
    // Limits alone need another class than windows, too, and a type without vehicles changes nothing.
    let types = if C::TIMED && random.below(4) == 0 { vec![small] } else { vec![small, elsewhere, large] };
    for (t, mut vehicle) in types.into_iter().enumerate() {
        if C::TIMED && t < 2 {
            vehicle = vehicle.max_duration(number(random, 150, 400)).shift(number(random, 0, 90), 700);
        }
        b.add_vehicle_type(vehicle);
    }
    if random.below(4) == 0 {
        b.add_vehicle_type(VehicleType::new(0).depot(other).max_distance(5));
    }
    b.build().expect("a valid problem")
}

/// How many routes random solutions have at most.
fn slots<C: Class>(routes: &Routes<'_, C>) -> usize {
    if C::FLEET { routes.info.len() } else { 4 }
}

/// Serves what can be served at random positions: a solution with room for improvement.
fn scatter<C: Class>(routes: &mut Routes<'_, C>, random: &mut Random) {
    routes.begin();
    for c in 0..routes.num_stops() {
        for _ in 0..20 {
            let route = random.below(slots(routes));
            let mut after = routes.start(route);
            for _ in 0..random.below(routes.info[route].size as usize + 1) {
                after = routes.nodes[after].next as usize;
            }
            if routes.may_visit(c, after) {
                routes.insert(c, after);
                break;
            }
        }
    }
    routes.commit();
    routes.begin();
}

/// Lets something happen to random solutions of random problems.
fn each<C: Class>(seeds: u64, mut act: impl FnMut(&mut Routes<'_, C>, &mut Random)) {
    for seed in 0..seeds {
        let mut random = Random::new(seed);
        let problem = problem::<C>(&mut random);
        let data = Data::new(&problem);
        let mix = if C::FLEET { FleetMix::Heterogeneous } else { FleetMix::Homogeneous };
        assert_eq!((data.classical, data.timed), (Some(mix), C::TIMED));
        let mut routes = Routes::new(&data);
        scatter(&mut routes, &mut random);
        agrees_with_the_plan(&routes);
        act(&mut routes, &mut random);
    }
}

fn sequences<C: Class>(routes: &Routes<'_, C>) -> Sequences {
    let sequence = |route: usize| {
        let mut list = Vec::new();
        let mut u = routes.nodes[routes.start(route)].next as usize;
        while u != routes.end(route) {
            list.push(u as u32);
            u = routes.nodes[u].next as usize;
        }
        list
    };
    (0..routes.info.len()).map(sequence).collect()
}

/// The plan that drives these sequences.
fn plan(data: &Data<'_>, sequences: &Sequences) -> Plan {
    let types = data.vehicles.iter().enumerate().flat_map(|(t, vehicle)| vec![t; vehicle.count]);
    let route = |(list, t): (&Vec<u32>, usize)| {
        let vehicle = data.vehicle_type(t);
        let activities = list.iter().map(|&u| data.activity[u as usize]).collect();
        let trips = vec![TripStops { start: vehicle.start, activities, end: vehicle.end }];
        RouteStops { vehicle_type: VehicleTypeId::new(t), start: None, trips }
    };
    Plan::of_known(data.problem, sequences.iter().zip(types).map(route).collect())
}

/// What the sequences cost by the plan alone; `None`: they violate a constraint other than that all clients are served.
fn cost(data: &Data<'_>, sequences: &Sequences) -> Option<Cost> {
    let plan = plan(data, sequences);
    (plan.violations().len() == plan.unserved().required_clients.len()).then(|| plan.cost())
}

/// Holds the solution against its links, the plan that it stands for, and the judge.
fn agrees_with_the_plan<C: Class>(routes: &Routes<'_, C>) {
    #[cfg(debug_assertions)]
    routes.verify();
    let plan = plan(routes.data, &sequences(routes));
    let missing = plan.unserved().required_clients.len();
    assert_eq!(plan.violations().len(), missing, "{:?}", plan.violations());
    assert_eq!(routes.missing, missing);
    let required = routes.unserved().iter().filter(|&&u| routes.data.required[u as usize]);
    let penalties: Cost = required.map(|&u| routes.penalty[u as usize]).sum();
    assert_eq!(routes.cost, plan.cost() + penalties, "the solution costs what the plan does, and penalties");
    let report = check_plan(routes.data.problem, &plan);
    assert_eq!(report.discrepancies, [], "the judge agrees with the plan");
    assert_eq!(report.violations.len(), missing);
}

/// The route and index of a stop among sequences.
fn find(sequences: &Sequences, u: u32) -> Option<(usize, usize)> {
    sequences.iter().enumerate().find_map(|(r, list)| Some((r, list.iter().position(|&v| v == u)?)))
}

/// Makes a move from all pairs of served stops of random solutions, and holds it against the results that `by_hand` lists: it is
/// made where one of them is better, and leads to one that is. Returns how often it was made.
fn exact<C: Class>(
    seeds: u64,
    mut attempt: impl FnMut(&mut Routes<'_, C>, &mut Scratch, u32, u32) -> bool,
    by_hand: impl Fn(&Routes<'_, C>, &Sequences, u32, u32) -> Vec<Sequences>,
) -> usize {
    let mut made = 0;
    let mut scratch = Scratch::default();
    each::<C>(seeds, |routes, _| {
        for u in 0..routes.num_stops() as u32 {
            for v in 0..routes.num_stops() as u32 {
                if u == v || routes.nodes[u as usize].route == NONE || routes.nodes[v as usize].route == NONE {
                    continue;
                }
                let old = sequences(routes);
                let before = plan(routes.data, &old).cost();
                let results = by_hand(routes, &old, u, v);
                let is_better = |s: &&Sequences| cost(routes.data, s).is_some_and(|cost| cost < before);
                let better: Vec<Sequences> = results.iter().filter(is_better).cloned().collect();
                let (total, is_made) = (routes.cost, attempt(routes, &mut scratch, u, v));
                assert_eq!(is_made, !better.is_empty(), "{old:?}: {u} {v}");
                agrees_with_the_plan(routes);
                let new = sequences(routes);
                if is_made {
                    made += 1;
                    assert!(better.contains(&new), "{old:?} became {new:?}: {u} {v}");
                    assert!(routes.cost < total);
                    routes.rollback();
                    agrees_with_the_plan(routes);
                }
                assert_eq!(sequences(routes), old, "a move that was not made, or was undone, changes nothing");
                assert_eq!(routes.cost, total);
                routes.begin();
            }
        }
    });
    made
}
