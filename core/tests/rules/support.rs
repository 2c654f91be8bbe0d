//! Problems on a line, whose best plans can be computed by hand: distances equal durations, the yard is at 0.

use milkrun::plan::check::check_plan;
use milkrun::{
    Client, ClientId, Coord, Depot, DepotId, Plan, Problem, ProblemBuilder, SolveParams, Stop, VehicleType, solve,
};

pub(crate) const YARD: DepotId = DepotId::new(0);

pub(crate) fn at(x: i32) -> Coord {
    Coord::new(f64::from(x), 0.0)
}

/// A client at a place.
pub(crate) fn client(x: i32) -> Client {
    Client::at(at(x))
}

pub(crate) fn id(client: usize) -> ClientId {
    ClientId::new(client)
}

/// Vehicles from the yard and back.
pub(crate) fn vehicles(count: usize) -> VehicleType {
    VehicleType::new(count).depot(YARD)
}

/// Vehicles whose time is paid, and nothing else.
pub(crate) fn hourly(count: usize) -> VehicleType {
    vehicles(count).cost_per_distance(0).cost_per_duration(1)
}

/// The yard, one vehicle type, and clients.
pub(crate) fn line(vehicle_type: VehicleType, clients: impl IntoIterator<Item = Client>) -> ProblemBuilder {
    let mut b = Problem::builder();
    b.add_depot(Depot::at(at(0)));
    b.add_vehicle_type(vehicle_type);
    for client in clients {
        b.add_client(client);
    }
    b
}

/// The plan that the search finds. The judge must agree.
pub(crate) fn solved(b: &ProblemBuilder) -> Plan {
    solved_from(b, None)
}

/// The same, with a plan to start from.
pub(crate) fn solved_from(b: &ProblemBuilder, initial: Option<Plan>) -> Plan {
    let problem = b.build().unwrap_or_else(|error| panic!("{error}"));
    let stop = Stop::after_iterations(400);
    let plan = solve(&problem, &SolveParams { stop, seed: 3, threads: 1, initial }).plan;
    let report = check_plan(&problem, &plan);
    assert_eq!(report.discrepancies, []);
    assert_eq!((report.is_feasible(), report.cost()), (plan.is_feasible(), plan.cost()));
    plan
}

/// The rank of the best feasible plan; `None`: there is none.
pub(crate) fn rank(b: &ProblemBuilder) -> Option<Vec<i64>> {
    let plan = solved(b);
    plan.is_feasible().then(|| plan.rank().to_vec())
}

/// The minimum cost; `None`: there is no feasible plan.
pub(crate) fn cost(b: &ProblemBuilder) -> Option<i64> {
    let plan = solved(b);
    plan.is_feasible().then(|| plan.cost())
}
