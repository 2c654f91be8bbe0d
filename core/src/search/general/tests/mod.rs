//! One file for each operator: on random solutions of random problems, what it leaves behind is sound, costs what it says, and
//! is no worse where it promises that.

mod close;
mod construct;
mod group;
mod halts;
mod insert;
mod interrupt;
mod iteration;
mod kinds;
mod lean;
mod load;
mod long_route;
mod orders;
mod price;
mod recreate;
mod relocate;
mod reunite;
mod reverse;
mod ruin;
mod schedules;
mod starts;
mod swap;
mod tails;
mod trips;
mod undo;
mod unpaid;
mod vehicles;

use crate::ids::{DepotId, ProfileId};
use crate::model::{
    Break, Client, Coord, Depot, DisposalSite, DriverRule, Effort, Goal, Measure, OvertimeStep, Problem, Rate,
    Relation, Shipment, ShipmentStop, SoftWindow, SpeedCurve, VehicleType,
};
use crate::plan::Plan;
use crate::plan::check::check_plan;
use crate::search::Searcher;
use crate::search::data::{Data, NONE};
use crate::search::general::goals::Value;
use crate::search::general::layout::Element;
use crate::search::general::solution::Solution;
use crate::search::general::{GeneralGoals, GeneralSearch, Layout, load as loading};
use crate::search::random::Random;

/// What random problems have in addition to clients and vehicles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Windows, reloads, prizes: nothing but stops and reloads on a route.
    Lean,
    /// Two vehicle types, and shipments.
    Shipments,
    /// Waste, disposal sites, breaks and driver rules.
    Waste,
    /// The same with speeds that change, soft windows and overtime.
    Traffic,
    /// The same with relations.
    Relations,
}

const KINDS: [Kind; 5] = [Kind::Lean, Kind::Shipments, Kind::Waste, Kind::Traffic, Kind::Relations];

fn number(random: &mut Random, low: i64, high: i64) -> i64 {
    low + random.below((high - low + 1) as usize) as i64
}

fn place(random: &mut Random) -> Coord {
    Coord::new(number(random, -60, 60) as f64, number(random, -60, 60) as f64)
}

/// A random problem of so many clients.
fn problem(kind: Kind, clients: usize, random: &mut Random) -> Problem {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)).service(number(random, 0, 5)));
    let has_waste = matches!(kind, Kind::Waste | Kind::Traffic | Kind::Relations);
    let mut ids = Vec::new();
    for i in 0..clients {
        let mut client = Client::at(place(random)).service(number(random, 0, 9));
        client = if has_waste || random.below(3) == 0 {
            client.pickup([number(random, 1, 5)])
        } else {
            client.delivery([number(random, 1, 5)])
        };
        if random.below(3) == 0 {
            let early = number(random, 0, 300);
            client = client.time_window(early, early + number(random, 60, 300));
        }
        if kind == Kind::Traffic && random.below(2) == 0 {
            let early = number(random, 0, 300);
            client = client.soft_window(SoftWindow::new(early, early + 90, number(random, 0, 2), number(random, 0, 2)));
        }
        if i % 4 == 3 {
            client = client.optional(number(random, 5, 120));
        }
        ids.push(b.add_client(client));
    }
    if kind == Kind::Shipments {
        for _ in 0..clients / 3 {
            let (from, to) = (ShipmentStop::at(place(random)), ShipmentStop::at(place(random)));
            b.add_shipment(Shipment::new(from, to).amount([number(random, 1, 4)]));
        }
    }
    let mut vehicle = VehicleType::new(4).depot(yard).capacity([14]).shift(0, 900).fixed_cost(30).cost_per_duration(1);
    if kind == Kind::Lean {
        vehicle = vehicle.reload_depots([yard]).max_trips(3);
    }
    if has_waste {
        let near = DisposalSite::at(place(random)).service(4).tipping_fee([Rate::new(1, 2)]);
        let sites = [b.add_disposal_site(near), b.add_disposal_site(DisposalSite::at(place(random)).visit_cost(9))];
        vehicle = vehicle
            .disposal_sites(sites)
            .end_empty()
            .add_break(Break::new(200, 320, 20))
            .driver_rule(DriverRule::new(Effort::Driving, 260, 15));
    }
    if kind == Kind::Traffic {
        vehicle = vehicle.overtime(OvertimeStep::new(400, 2));
        b.speed(ProfileId::new(0), SpeedCurve::new([(0, 100), (120, 60), (240, 120)]));
    }
    add_types(&mut b, kind, vehicle, yard);
    if kind == Kind::Relations {
        b.add_relation(Relation::Sequence(vec![ids[0], ids[1]]));
        b.add_relation(Relation::SameVehicle(vec![ids[2], ids[4], ids[5]]));
        b.add_relation(Relation::Incompatible(vec![ids[6], ids[8]]));
        b.add_relation(Relation::AllOrNone(vec![ids[3], ids[7]]));
        b.add_relation(Relation::Precedence(ids[9], ids[10]));
    }
    b.build().expect("a valid problem")
}

fn add_types(b: &mut crate::model::ProblemBuilder, kind: Kind, vehicle: VehicleType, yard: DepotId) {
    if matches!(kind, Kind::Shipments | Kind::Traffic | Kind::Relations) {
        b.add_vehicle_type(VehicleType { count: 3, ..vehicle.clone() }.capacity([20]).fixed_cost(55).depot(yard));
    }
    b.add_vehicle_type(vehicle);
}

/// The problem with a goal.
fn with_goal(problem: &Problem, goal: Goal) -> Problem {
    let mut b = problem.to_builder();
    b.add_goal(goal);
    b.build().expect("a valid problem")
}

/// Lets something happen to a first solution of the problem.
fn search(problem: &Problem, seed: u64, act: impl FnOnce(&mut GeneralSearch<'_>, &mut Random)) {
    let data = Data::new(problem);
    let layout = Layout::new(&data);
    let goals = GeneralGoals::new(&layout);
    let mut random = Random::new(seed);
    let mut search = GeneralSearch::new(&layout, &goals, &mut random);
    search.construct(&mut random);
    search.solution.begin();
    act(&mut search, &mut random);
}

/// The same for random problems of every kind.
fn each(clients: usize, seeds: u64, mut act: impl FnMut(Kind, &mut GeneralSearch<'_>, &mut Random)) {
    for kind in KINDS {
        for seed in 0..seeds {
            let problem = problem(kind, clients, &mut Random::new(1_000 + seed));
            search(&problem, seed, |search, random| act(kind, search, random));
        }
    }
}

fn value(solution: &Solution<'_>) -> Value {
    let mut value = Value::new();
    solution.value(&mut value);
    value
}

/// All that makes up a solution.
fn elements(solution: &Solution<'_>) -> Vec<Vec<Element>> {
    solution.routes.iter().map(|route| route.elements.clone()).collect()
}

/// Chooses exact starts, and holds the solution against the plan that it stands for and the judge: the same cost, and no rule
/// violated but that clients are unserved.
fn agrees_with_the_plan(solution: &mut Solution<'_>) {
    assert_eq!(solution.choose_starts(), None, "a start is found for every route");
    solution.verify();
    let plan = Plan::of_known(solution.layout.problem, loading::unload(solution));
    let unserved = plan.unserved();
    let missing = unserved.required_clients.len() + unserved.required_shipments.len() + unserved.required_groups.len();
    assert_eq!(plan.violations().len(), missing, "{:?}", plan.violations());
    let report = check_plan(solution.layout.problem, &plan);
    assert_eq!(report.discrepancies, [], "the judge agrees with the plan");
    assert_eq!(report.violations.len(), missing);
    let value = value(solution);
    assert_eq!((value[0], &value[1..]), (missing as i64, plan.rank()), "the solution's objective is the plan's");
}

/// A stop that is served and may move, if one is found at once.
fn served(solution: &Solution<'_>, random: &mut Random) -> Option<u32> {
    let u = random.below(solution.place.len()) as u32;
    let (route, position) = solution.place[u as usize];
    (route != NONE && position as usize >= solution.routes[route as usize].fixed).then_some(u)
}

/// Makes a move often, from random places: it promises to cost less. Returns how often it was made.
fn never_worse(
    clients: usize,
    tries: usize,
    mut attempt: impl FnMut(&mut GeneralSearch<'_>, &mut Random, u32, u32) -> bool,
) -> usize {
    let mut made = 0;
    each(clients, 4, |kind, search, random| {
        for _ in 0..tries {
            let (Some(u), Some(v)) = (served(&search.solution, random), served(&search.solution, random)) else {
                continue;
            };
            search.solution.begin();
            let (before, old) = (value(&search.solution), elements(&search.solution));
            if attempt(search, random, u, v) {
                made += 1;
                assert!(value(&search.solution) < before, "{kind:?}: what is called better is better");
                agrees_with_the_plan(&mut search.solution);
            } else {
                assert_eq!(elements(&search.solution), old, "{kind:?}: a move that was not made changes nothing");
                assert_eq!(value(&search.solution), before);
            }
        }
        shake(search, random);
    });
    made
}

/// Changes the solution to something else, not better.
fn shake(search: &mut GeneralSearch<'_>, random: &mut Random) {
    for _ in 0..3 {
        search.iterate(random, 1_000.0);
    }
    search.solution.begin();
}

/// A solution with room for improvement: after a few hot iterations.
fn shaken(kind: Kind, clients: usize, seed: u64, act: impl FnOnce(&mut GeneralSearch<'_>, &mut Random)) {
    let problem = problem(kind, clients, &mut Random::new(2_000 + seed));
    search(&problem, seed, |search, random| {
        shake(search, random);
        act(search, random);
    });
}

/// A goal of each measure that routes share.
fn shared_goals() -> [Goal; 4] {
    [
        Goal::weighted(Measure::Makespan, 2),
        Goal::weighted(Measure::DurationSpread, 2),
        Goal::weighted(Measure::StopSpread, 40),
        Goal::ranked(Measure::Vehicles),
    ]
}
