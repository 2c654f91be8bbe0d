//! Windows that hold all of a service: "finished by half past two".

use milkrun::explain::{Reason, Relaxation, explain};
use milkrun::io::json;
use milkrun::plan::check::check_plan;
use milkrun::plan::{Activity, Violation};
use milkrun::{
    Client, ClientId, Coord, Depot, DepotId, Plan, Problem, ProblemBuilder, Shipment, ShipmentStop, SoftWindow,
    SolveParams, Stop, TimeWindow, VehicleType, VehicleTypeId, WindowCovers, solve,
};

const YARD: DepotId = DepotId::new(0);

fn at(x: f64) -> Coord {
    Coord::new(x, 0.0)
}

/// A yard at the origin and vehicles of one type.
fn yard(count: usize) -> ProblemBuilder {
    let mut b = Problem::builder();
    b.add_depot(Depot::at(at(0.0)));
    b.add_vehicle_type(VehicleType::new(count).depot(YARD));
    b
}

fn solved(b: &ProblemBuilder) -> (Problem, Plan) {
    let problem = b.build().expect("a valid problem");
    let params = SolveParams { stop: Stop::after_iterations(400), ..SolveParams::default() };
    let plan = solve(&problem, &params).plan;
    let report = check_plan(&problem, &plan);
    assert_eq!(report.is_feasible(), plan.is_feasible());
    assert_eq!(report.cost(), plan.cost());
    (problem, plan)
}

fn start_of(plan: &Plan, client: usize) -> Option<i64> {
    let visits = plan.routes().iter().flat_map(milkrun::plan::Route::visits);
    let own = Activity::Client(ClientId::new(client));
    visits.filter(|visit| visit.activity == own).map(|visit| visit.start).next()
}

#[test]
fn the_service_ends_within_the_window() {
    // 100 to drive, 50 of service: the window must be open until 150.
    for (late, covers, is_served) in [
        (150, WindowCovers::Service, true),
        (149, WindowCovers::Service, false),
        (149, WindowCovers::Start, true),
        (100, WindowCovers::Start, true),
        (99, WindowCovers::Start, false),
    ] {
        let mut b = yard(1);
        let client = b.add_client(Client::at(at(100.0)).service(50).time_window(0, late).window_covers(covers));
        let (problem, plan) = solved(&b);
        assert_eq!(plan.is_feasible(), is_served, "{late} {covers:?}");
        if !is_served {
            let by = if covers == WindowCovers::Service { 150 - late } else { 100 - late };
            let explanation = &explain(&problem, &plan)[0];
            assert_eq!(explanation.relaxations, [Relaxation::Window { client, by }], "{explanation}");
        }
    }
}

#[test]
fn a_late_end_is_a_late_service_for_both_judges() {
    let mut b = yard(1);
    let client = Client::at(at(100.0)).service(50).time_window(0, 140).window_covers(WindowCovers::Service);
    let id = b.add_client(client);
    let problem = b.build().unwrap();
    let trips =
        vec![milkrun::plan::TripStops { start: Some(YARD), activities: vec![Activity::Client(id)], end: Some(YARD) }];
    let route = milkrun::plan::RouteStops { vehicle_type: VehicleTypeId::new(0), start: None, trips };
    let plan = Plan::new(&problem, vec![route]).unwrap();
    let activity = Activity::Client(id);
    let late = Violation::LateService { route: 0, trip: 0, position: 0, activity, start: 100, late: 90 };
    assert_eq!(plan.violations(), std::slice::from_ref(&late));
    assert_eq!(check_plan(&problem, &plan).violations, [late]);
}

#[test]
fn a_service_lies_within_one_of_several_windows() {
    // Too late for the first one by 10: it waits for the second.
    let mut b = yard(1);
    let windows = [TimeWindow::new(0, 140), TimeWindow::new(200, 260)];
    let client = Client::at(at(100.0)).service(50).time_windows(windows);
    b.add_client(client.clone());
    assert_eq!(start_of(&solved(&b).1, 0), Some(100));
    b.clients_mut()[0] = client.window_covers(WindowCovers::Service);
    assert_eq!(start_of(&solved(&b).1, 0), Some(200));
}

#[test]
fn who_is_slow_must_start_earlier_or_leave_it() {
    let mut b = yard(1);
    let slow = VehicleTypeId::new(0);
    let quick = b.add_vehicle_type(VehicleType::new(1).depot(YARD).fixed_cost(1_000));
    let client = Client::at(at(100.0)).service(10).service_by(slow, 60).time_window(0, 120);
    b.add_client(client.clone());
    assert_eq!(solved(&b).1.routes()[0].vehicle_type, slow);
    b.clients_mut()[0] = client.window_covers(WindowCovers::Service);
    assert_eq!(solved(&b).1.routes()[0].vehicle_type, quick);
    // The window is too short for the slow one at any time: nothing but a longer window, or the other vehicle, helps.
    b.clients_mut()[0].time_window = TimeWindow::new(130, 180);
    assert_eq!(solved(&b).1.routes()[0].vehicle_type, quick);
    b.vehicle_types_mut()[quick.index()].count = 0;
    let (problem, plan) = solved(&b);
    let explanation = &explain(&problem, &plan)[0];
    assert!(matches!(explanation.by_type[0].reason, Reason::Impossible(_)), "{explanation}");
    let client = ClientId::new(0);
    assert!(explanation.relaxations.contains(&Relaxation::Window { client, by: 10 }), "{explanation}");
}

#[test]
fn a_soft_window_says_when_the_service_should_have_ended() {
    let soft = Client::at(at(100.0)).service(50).soft_window(SoftWindow::new(0, 120, 0, 3));
    for (covers, cost) in [(WindowCovers::Start, 0), (WindowCovers::Service, 3 * 30)] {
        let mut b = yard(1);
        b.add_client(soft.clone().window_covers(covers));
        assert_eq!(solved(&b).1.cost(), 200 + cost, "{covers:?}");
    }
    // A vehicle that takes half as long is 5 late instead of 30.
    let mut b = yard(1);
    let quick = b.add_vehicle_type(VehicleType::new(1).depot(YARD).fixed_cost(70));
    b.add_client(soft.service_by(quick, 25).window_covers(WindowCovers::Service));
    assert_eq!(solved(&b).1.cost(), 200 + 70 + 3 * 5);
    b.vehicle_types_mut()[quick.index()].fixed_cost = 80;
    assert_eq!(solved(&b).1.cost(), 200 + 3 * 30);
}

#[test]
fn both_ends_of_a_shipment_may_have_to_end_in_time() {
    let stop = |x: f64, late: i64| ShipmentStop::at(at(x)).service(20).time_window(0, late);
    let feasible = |from: ShipmentStop, to: ShipmentStop| {
        let mut b = yard(1);
        b.add_shipment(Shipment::new(from, to).amount([1]));
        solved(&b).1.is_feasible()
    };
    let covers = |stop: ShipmentStop| stop.window_covers(WindowCovers::Service);
    // 100 to the pickup, which ends at 120; 100 more to the delivery, which ends at 240.
    assert!(feasible(covers(stop(100.0, 120)), covers(stop(200.0, 240))));
    assert!(!feasible(covers(stop(100.0, 119)), stop(200.0, 240)));
    assert!(!feasible(stop(100.0, 120), covers(stop(200.0, 239))));
    assert!(feasible(stop(100.0, 119), stop(200.0, 239)));
}

#[test]
fn a_window_shorter_than_its_service_is_a_fault() {
    let mut b = yard(1);
    let short = Client::at(at(100.0)).service(50).time_window(0, 40);
    b.add_client(short.clone().window_covers(WindowCovers::Service));
    b.add_client(short.clone());
    b.add_client(short.service_by(VehicleTypeId::new(0), 40).window_covers(WindowCovers::Service));
    let stop = ShipmentStop::at(at(1.0)).service(9).time_window(0, 8).window_covers(WindowCovers::Service);
    b.add_shipment(Shipment::new(stop, ShipmentStop::at(at(2.0))));
    let error = b.build().unwrap_err();
    let paths: Vec<&str> = error.issues.iter().map(|issue| issue.path.as_str()).collect();
    assert_eq!(paths, ["clients[0].time_window", "shipments[0].pickup.time_window"]);
    assert_eq!(error.issues[0].message, "is shorter than the service of 50 that it must cover");
}

#[test]
fn documents_say_it() {
    let mut b = yard(1);
    b.add_client(Client::at(at(1.0)).service(5).time_window(0, 9).window_covers(WindowCovers::Service));
    b.add_client(Client::at(at(2.0)).service(5).time_window(0, 9));
    let stop = ShipmentStop::at(at(1.0)).service(9).time_window(0, 20).window_covers(WindowCovers::Service);
    b.add_shipment(Shipment::new(stop, ShipmentStop::at(at(2.0))));
    let text = json::write_problem(&b.build().unwrap());
    assert_eq!(text.matches(r#""window_covers": "service""#).count(), 2, "{text}");
    let read = json::read_problem(&text).unwrap();
    assert_eq!(read.clients()[0].window_covers, WindowCovers::Service);
    assert_eq!(read.clients()[1].window_covers, WindowCovers::Start);
    assert_eq!(read.shipments()[0].pickup.window_covers, WindowCovers::Service);
    let wrong = text.replacen(r#""window_covers": "service""#, r#""window_covers": "end""#, 1);
    let error = json::read_problem(&wrong).unwrap_err().to_string();
    assert!(error.contains("window_covers"), "{error}");
}
