//! Plans on a line, small enough to compute by hand: distances equal durations, the yard is at 0.

use milkrun::plan::check::check_plan;
use milkrun::plan::{Activity, RouteStops, TripStops};
use milkrun::{
    Client, ClientId, Coord, Depot, DepotId, DisposalSiteId, Plan, Problem, ProblemBuilder, VehicleType, VehicleTypeId,
};

pub(crate) const YARD: DepotId = DepotId::new(0);

pub(crate) fn at(x: i32) -> Coord {
    Coord::new(f64::from(x), 0.0)
}

/// The yard, and one vehicle from and to it.
pub(crate) fn line(vehicle_type: VehicleType) -> ProblemBuilder {
    let mut b = Problem::builder();
    b.add_depot(Depot::at(at(0)));
    b.add_vehicle_type(vehicle_type.depot(YARD));
    b
}

/// The same, with clients.
pub(crate) fn line_of(vehicle_type: VehicleType, clients: impl IntoIterator<Item = Client>) -> ProblemBuilder {
    let mut b = line(vehicle_type);
    for client in clients {
        b.add_client(client);
    }
    b
}

pub(crate) fn c(index: usize) -> Activity {
    Activity::Client(ClientId::new(index))
}

pub(crate) fn dispose(index: usize) -> Activity {
    Activity::Dispose(DisposalSiteId::new(index))
}

pub(crate) fn trip(activities: &[Activity]) -> TripStops {
    TripStops { start: Some(YARD), activities: activities.to_vec(), end: Some(YARD) }
}

/// A route of the first vehicle type, of one trip from and to the yard.
pub(crate) fn round(activities: &[Activity]) -> RouteStops {
    round_of(0, activities)
}

pub(crate) fn round_of(vehicle_type: usize, activities: &[Activity]) -> RouteStops {
    RouteStops { vehicle_type: VehicleTypeId::new(vehicle_type), start: None, trips: vec![trip(activities)] }
}

/// The plan of the routes. The judge must find the same.
pub(crate) fn plan(builder: &ProblemBuilder, routes: &[RouteStops]) -> Plan {
    let problem = builder.build().unwrap_or_else(|error| panic!("{error}"));
    let plan = Plan::new(&problem, routes.to_vec()).unwrap();
    let report = check_plan(&problem, &plan);
    assert_eq!(report.discrepancies, []);
    assert_eq!(report.cost(), plan.cost());
    plan
}

/// Arrival, start and departure of each visit of a plan's first route.
pub(crate) fn times(plan: &Plan) -> Vec<(i64, i64, i64)> {
    plan.routes()[0].visits().map(|visit| (visit.arrival, visit.start, visit.departure)).collect()
}

/// Start and end of a plan's first route.
pub(crate) fn span(plan: &Plan) -> (i64, i64) {
    (plan.routes()[0].start, plan.routes()[0].end)
}
