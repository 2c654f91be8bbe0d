//! Time that is spent once at a place, where a vehicle comes from another one.

use milkrun::explain::{Reason, explain};
use milkrun::io::json;
use milkrun::plan::check::check_plan;
use milkrun::plan::{Activity, Plan, RouteStops, TripStops, Violation};
use milkrun::{
    Break, Client, ClientId, Coord, Depot, DepotId, DriverRule, Effort, Problem, ProblemBuilder, ProfileId, Shipment,
    ShipmentId, ShipmentStop, SolveParams, SpeedCurve, Stop, VehicleType, VehicleTypeId, WindowCovers, solve,
};

const YARD: DepotId = DepotId::new(0);

fn at(x: f64) -> Coord {
    Coord::new(x, 0.0)
}

/// A yard at the origin and one vehicle.
fn yard(vehicle_type: VehicleType) -> ProblemBuilder {
    let mut b = Problem::builder();
    b.add_depot(Depot::at(at(0.0)));
    b.add_vehicle_type(vehicle_type.depot(YARD));
    b
}

fn client(c: usize) -> Activity {
    Activity::Client(ClientId::new(c))
}

/// The plan of one route; both judges must say the same.
fn driven(problem: &Problem, activities: Vec<Activity>) -> Plan {
    let v = problem.vehicle_type(VehicleTypeId::new(0));
    let trip = TripStops { start: v.start, activities, end: v.end };
    let plan =
        Plan::new(problem, vec![RouteStops { vehicle_type: VehicleTypeId::new(0), start: None, trips: vec![trip] }]);
    let plan = plan.unwrap();
    let report = check_plan(problem, &plan);
    assert_eq!(report.discrepancies, []);
    assert_eq!(report.violations.len(), plan.violations().len(), "{:?} {:?}", report.violations, plan.violations());
    assert_eq!(report.cost(), plan.cost());
    plan
}

fn solved(problem: &Problem) -> Plan {
    let params = SolveParams { stop: Stop::after_iterations(300), ..SolveParams::default() };
    let plan = solve(problem, &params).plan;
    let report = check_plan(problem, &plan);
    assert_eq!((report.is_feasible(), report.cost()), (plan.is_feasible(), plan.cost()));
    assert_eq!(report.discrepancies, []);
    plan
}

fn setups(plan: &Plan) -> Vec<i64> {
    plan.routes()[0].visits().map(|visit| visit.setup).collect()
}

#[test]
fn it_is_spent_where_the_vehicle_comes_from_another_place() {
    let mut b = yard(VehicleType::new(1));
    for x in [10.0, 10.0, 30.0, 0.0] {
        b.add_client(Client::at(at(x)).service(5).setup(7));
    }
    let problem = b.build().unwrap();
    // The last client is at the yard itself.
    let plan = driven(&problem, vec![client(3), client(0), client(1), client(2)]);
    assert_eq!(setups(&plan), [0, 7, 0, 7]);
    let route = &plan.routes()[0];
    assert_eq!((route.driving, route.setup(), route.work, route.duration()), (60, 14, 94, 94));
    let arrivals: Vec<i64> = route.visits().map(|visit| visit.arrival).collect();
    assert_eq!(arrivals, [0, 5 + 10 + 7, 5 + 17 + 5, 5 + 17 + 10 + 20 + 7]);
    assert_eq!(setups(&driven(&problem, vec![client(0), client(2), client(1)])), [7, 7, 7]);
}

#[test]
fn no_window_holds_it_and_nobody_waits_before_it() {
    let mut b = yard(VehicleType::new(1));
    b.add_client(Client::at(at(10.0)).service(5).setup(7).time_window(17, 22).window_covers(WindowCovers::Service));
    let problem = b.build().unwrap();
    let plan = driven(&problem, vec![client(0)]);
    assert!(plan.is_feasible());
    let visit = &plan.routes()[0].trips[0].visits[0];
    assert_eq!((visit.arrival, visit.start, visit.departure), (17, 17, 22));
    b.clients_mut()[0].setup = 8;
    let plan = driven(&b.build().unwrap(), vec![client(0)]);
    assert!(matches!(plan.violations()[..], [Violation::LateService { start: 18, late: 17, .. }]));
    b.clients_mut()[0].required = false;
    b.clients_mut()[0].prize = 500;
    let problem = b.build().unwrap();
    let explanations = explain(&problem, &solved(&problem));
    let [Reason::Impossible(obstacles)] =
        &explanations[0].by_type.iter().map(|of| of.reason.clone()).collect::<Vec<_>>()[..]
    else {
        panic!("{explanations:?}");
    };
    assert_eq!(obstacles.len(), 1);
}

#[test]
fn a_route_that_begins_at_its_first_stop_finds_it_set_up() {
    let mut b = yard(VehicleType::new(1));
    b.vehicle_types_mut()[0].start = None;
    b.add_client(Client::at(at(10.0)).setup(7));
    b.add_client(Client::at(at(20.0)).setup(7));
    let plan = driven(&b.build().unwrap(), vec![client(0), client(1)]);
    assert_eq!((setups(&plan), plan.routes()[0].duration()), (vec![0, 7], 37));
}

#[test]
fn it_is_work_but_neither_driving_nor_rest() {
    let with = |v: VehicleType| {
        let mut b = yard(v);
        b.add_client(Client::at(at(10.0)).service(5).setup(30));
        let plan = driven(&b.build().unwrap(), vec![client(0)]);
        plan.violations().iter().map(Violation::kind).map(str::to_owned).collect::<Vec<_>>()
    };
    let none = Vec::<String>::new();
    assert_eq!(with(VehicleType::new(1).max_driving(20)), none);
    assert_eq!(with(VehicleType::new(1).max_work(55)), none);
    assert_eq!(with(VehicleType::new(1).max_work(54)), ["too_much_work"]);
    assert_eq!(with(VehicleType::new(1).max_duration(54)), ["too_long"]);
    assert_eq!(with(VehicleType::new(1).driver_rule(DriverRule::new(Effort::Driving, 20, 5))), none);
    assert_eq!(with(VehicleType::new(1).driver_rule(DriverRule::new(Effort::Work, 54, 60))), ["rest_missing"]);
    let mut pause = DriverRule::new(Effort::Driving, 19, 30);
    pause.any_pause = true;
    assert_eq!(with(VehicleType::new(1).driver_rule(pause)), ["rest_missing"]);
}

#[test]
fn speeds_do_not_change_it_and_breaks_come_before_it() {
    let mut b = yard(VehicleType::new(1));
    b.add_client(Client::at(at(10.0)).setup(6));
    b.speed(ProfileId::new(0), SpeedCurve::new([(-1_000, 50)]));
    let plan = driven(&b.build().unwrap(), vec![client(0)]);
    assert_eq!((plan.routes()[0].duration(), plan.routes()[0].driving), (20 + 6 + 20, 40));
    let mut b = yard(VehicleType::new(1).add_break(Break::new(0, 12, 4)));
    b.add_client(Client::at(at(10.0)).setup(6).time_window(0, 20));
    let plan = driven(&b.build().unwrap(), vec![Activity::Break(0), client(0)]);
    assert!(plan.is_feasible(), "{:?}", plan.violations());
    // On the way until 10, where the break is, and only then is the place set up.
    let visits: Vec<_> = plan.routes()[0].visits().map(|visit| (visit.setup, visit.arrival, visit.departure)).collect();
    assert_eq!(visits, [(0, 10, 14), (6, 20, 20)]);
}

#[test]
fn shipments_are_set_up_like_clients() {
    let mut b = yard(VehicleType::new(1));
    b.add_client(Client::at(at(10.0)).setup(9));
    b.add_shipment(Shipment::new(ShipmentStop::at(at(10.0)).setup(2), ShipmentStop::at(at(20.0)).service(1).setup(3)));
    let problem = b.build().unwrap();
    let shipment = ShipmentId::new(0);
    let order = vec![Activity::Pickup(shipment), client(0), Activity::Delivery(shipment)];
    assert_eq!(setups(&driven(&problem, order)), [2, 0, 3]);
    // Whoever comes first has the place set up: two units are less than nine.
    let mut b = b.clone();
    b.vehicle_types_mut()[0] = VehicleType::new(1).depot(YARD).cost_per_duration(1).cost_per_distance(0);
    assert_eq!(solved(&b.build().unwrap()).cost(), 40 + 2 + 3 + 1);
}

#[test]
fn the_search_keeps_those_together_who_share_a_place() {
    // Two gates; by distance alone every order of the clients at one gate is as good.
    for v in [
        VehicleType::new(2).max_duration(200),
        VehicleType::new(1).cost_per_duration(1),
        VehicleType::new(1).cost_per_duration(1).max_driving(60),
        VehicleType::new(1).cost_per_duration(1).driver_rule(DriverRule::new(Effort::Work, 500, 9)),
    ] {
        let mut b = yard(v);
        for c in 0..6 {
            let gate = if c % 2 == 0 { 10.0 } else { 30.0 };
            b.add_client(Client::at(at(gate)).service(1).setup(40));
        }
        let plan = solved(&b.build().unwrap());
        assert!(plan.is_feasible());
        let spent: i64 = plan.routes().iter().map(milkrun::plan::Route::setup).sum();
        assert_eq!((plan.routes().len(), spent), (1, 80));
    }
}

#[test]
fn documents_have_it_and_faults_of_it_are_told() {
    let mut b = yard(VehicleType::new(1));
    b.add_client(Client::at(at(10.0)).setup(600));
    let problem = b.build().unwrap();
    let text = json::write_problem(&problem);
    assert_eq!(json::read_problem(&text).unwrap(), problem);
    let spelled = text.replace("\"setup\": 600", "\"setup\": \"PT10M\"");
    assert_ne!(spelled, text);
    assert_eq!(json::read_problem(&spelled).unwrap(), problem);
    let plan = driven(&problem, vec![client(0)]);
    let written = json::write_plan(&problem, &plan);
    assert!(written.contains("\"setup\": 600"), "{written}");
    assert_eq!(json::read_plan(&written, &problem).unwrap(), plan);
    let wrong = written.replace("\"setup\": 600", "\"setup\": 599");
    let read = json::read_reported_plan(&wrong, &problem).unwrap();
    assert_eq!(read.discrepancies[0].path, "routes[0].trips[0].visits[0].setup");
    b.clients_mut()[0].setup = -1;
    b.add_shipment(Shipment::new(ShipmentStop::at(at(1.0)), ShipmentStop::at(at(2.0)).setup(-2)));
    let issues = b.build().unwrap_err().issues;
    let paths: Vec<&str> = issues.iter().map(|issue| issue.path.as_str()).collect();
    assert_eq!(paths, ["clients[0].setup", "shipments[0].delivery.setup"]);
}

#[test]
fn a_window_that_closes_before_the_place_is_set_up_is_remarked() {
    let mut b = yard(VehicleType::new(1));
    b.add_client(Client::at(at(10.0)).setup(50).time_window(0, 30));
    let remarks = b.build().unwrap().remarks().join("\n");
    assert!(remarks.contains("the earliest arrival is at 60"), "{remarks}");
}
