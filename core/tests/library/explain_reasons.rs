//! The reason names the rule that leaves no room, not what follows from it.

use milkrun::explain::{Blocking, Explanation, Holder, Obstacle, Reason, Relaxation, explain};
use milkrun::plan::{Activity, RouteStops, TripStops};
use milkrun::{
    Break, Client, ClientId, Coord, Depot, DepotId, DisposalSite, Plan, Problem, ProblemBuilder, Relation, SolveParams,
    Stop, VehicleType, VehicleTypeId, solve,
};

const TRUCK: VehicleTypeId = VehicleTypeId::new(0);
const YARD: DepotId = DepotId::new(0);

fn why(b: &ProblemBuilder) -> Vec<Explanation> {
    let problem = b.build().expect("a valid problem");
    let params = SolveParams { stop: Stop::after_iterations(400), ..SolveParams::default() };
    let plan = solve(&problem, &params).plan;
    let explanations = explain(&problem, &plan);
    for explanation in &explanations {
        for change in &explanation.relaxations {
            helps(b, &plan, explanation, change);
        }
    }
    explanations
}

/// With the change, everything that was served, and the client, can be served.
fn helps(b: &ProblemBuilder, plan: &Plan, explanation: &Explanation, change: &Relaxation) {
    let mut changed = b.clone();
    change.apply(&mut changed, explanation.job);
    let left: Vec<ClientId> = plan.unserved().clients.clone();
    for (c, client) in changed.clients_mut().iter_mut().enumerate() {
        let id = ClientId::new(c);
        client.required = !left.contains(&id) || explanation.job == milkrun::explain::Job::Client(id);
        client.prize = 0;
    }
    let changed = changed.build().expect("a valid change");
    let params = SolveParams { stop: Stop::after_iterations(600), ..SolveParams::default() };
    assert!(solve(&changed, &params).plan.is_feasible(), "{change} does not help: {explanation}");
}

fn yard(depot: Depot) -> ProblemBuilder {
    let mut b = Problem::builder();
    b.add_depot(depot);
    b
}

fn origin() -> Coord {
    Coord::new(0.0, 0.0)
}

#[test]
fn the_limit_of_trips_is_named() {
    let mut b = yard(Depot::at(origin()));
    let dump = b.add_disposal_site(DisposalSite::at(origin()));
    for i in 1..=10 {
        b.add_client(Client::at(Coord::new(f64::from(10 * i), 0.0)).pickup([100]));
    }
    b.add_vehicle_type(VehicleType::new(1).capacity([300]).depot(YARD).disposal_sites([dump]).end_empty().max_trips(2));
    let explanations = why(&b);
    assert_eq!(explanations.len(), 4);
    for explanation in explanations {
        assert_eq!(explanation.by_type[0].reason, Reason::NoRoom);
        let Blocking::AnyOf(rules) = &explanation.by_type[0].blocking else { panic!("{explanation}") };
        assert!(rules.contains(&"max_trips") && rules.contains(&"capacity"), "{explanation}");
        assert!(explanation.to_string().contains("max_trips"), "{explanation}");
    }
}

#[test]
fn two_limits_are_named_together() {
    let mut b = yard(Depot::at(origin()));
    for x in [10.0, 10.0, 10.0] {
        b.add_client(Client::at(Coord::new(x, 0.0)).delivery([1]));
    }
    // Another stop is one too many, and its load does not fit either.
    b.add_vehicle_type(VehicleType::new(1).capacity([2]).depot(YARD).max_stops(2).max_distance(1_000));
    let explanation = why(&b).remove(0);
    // Another vehicle would do alone.
    assert_eq!(explanation.relaxations, [Relaxation::Vehicle { vehicle_type: TRUCK }]);
    b.vehicle_types_mut()[0].executed = vec![milkrun::plan::Activity::Client(ClientId::new(0))];
    let explanation = why(&b).remove(0);
    assert_eq!(explanation.relaxations, [], "{explanation}");
    let Blocking::Together(rules) = &explanation.by_type[0].blocking else { panic!("{explanation}") };
    assert_eq!(rules, &["capacity", "max_stops"], "{explanation}");
    assert!(explanation.to_string().contains("because of capacity and max_stops together"), "{explanation}");
}

/// A bar that opens before midnight.
fn bar(depot: Depot, shift: (i64, i64)) -> ProblemBuilder {
    let mut b = yard(depot);
    b.add_client(Client::at(Coord::new(100.0, 0.0)).service(600).time_window(-1_800, -600));
    b.add_vehicle_type(VehicleType::new(1).depot(YARD).shift(shift.0, shift.1));
    b
}

#[test]
fn a_depot_that_opens_too_late_is_named() {
    let explanation = why(&bar(Depot::at(origin()), (-7_200, 21_600))).remove(0);
    let Reason::Impossible(obstacles) = &explanation.by_type[0].reason else { panic!("{explanation}") };
    assert!(matches!(&obstacles[..], [Obstacle::HeldBack { by: Holder::Depot(YARD), until: 0, .. }]), "{explanation}");
    // 100 to drive, and service may start at -600: it has to leave at -700.
    assert_eq!(explanation.relaxations[0], Relaxation::DepotOpening { depot: YARD, by: 700 });
    assert!(explanation.to_string().contains("depot 0 does not open before 0; even if served alone"), "{explanation}");
}

#[test]
fn a_shift_that_begins_too_late_is_named() {
    let explanation = why(&bar(Depot::at(origin()).open(-7_200, 21_600), (0, 21_600))).remove(0);
    let Reason::Impossible(obstacles) = &explanation.by_type[0].reason else { panic!("{explanation}") };
    assert!(matches!(&obstacles[..], [Obstacle::HeldBack { by: Holder::Shift, until: 0, .. }]), "{explanation}");
    assert!(
        explanation.relaxations.contains(&Relaxation::ShiftStart { vehicle_type: TRUCK, by: 700 }),
        "{explanation}"
    );
    // A shift that begins in time needs nothing.
    assert!(why(&bar(Depot::at(origin()).open(-7_200, 21_600), (-7_200, 21_600))).is_empty());
}

#[test]
fn a_release_that_comes_too_late_is_named() {
    let mut b = yard(Depot::at(origin()));
    b.add_client(Client::at(Coord::new(100.0, 0.0)).delivery([1]).release(500).time_window(0, 550));
    b.add_vehicle_type(VehicleType::new(1).depot(YARD));
    let explanation = why(&b).remove(0);
    assert!(
        explanation.relaxations.contains(&Relaxation::Release { client: ClientId::new(0), by: 50 }),
        "{explanation}"
    );
    assert!(explanation.relaxations.contains(&Relaxation::Window { client: ClientId::new(0), by: 50 }));
}

#[test]
fn a_relation_is_named_whatever_its_kind() {
    let far = |x: f64, window: (i64, i64)| Client::at(Coord::new(x, 0.0)).time_window(window.0, window.1);
    let ids = || vec![ClientId::new(0), ClientId::new(1)];
    let relations = [
        Relation::SameVehicle(ids()),
        Relation::Sequence(ids()),
        Relation::Precedence(ClientId::new(0), ClientId::new(1)),
    ];
    for relation in relations {
        let mut b = yard(Depot::at(origin()));
        // In opposite directions at the same time: two vehicles can, one cannot.
        b.add_client(far(100.0, (100, 120)).service(60));
        b.add_client(far(-100.0, (100, 120)).service(60));
        b.add_vehicle_type(VehicleType::new(2).depot(YARD));
        assert!(why(&b).is_empty());
        let kind = relation.name();
        b.add_relation(relation);
        let explanations = why(&b);
        assert!(!explanations.is_empty(), "{kind}");
        for explanation in explanations {
            assert!(explanation.to_string().contains(kind), "{explanation}");
            assert!(explanation.relaxations.contains(&Relaxation::Relation { relation: 0 }), "{explanation}");
        }
    }
}

/// A route of sixty clients on a line, a unit of distance apart, that lasts exactly as long as it may: 120 of driving, 600 of
/// service, 30 of a break. One more client stands beside the thirtieth.
fn a_long_day(change: impl Fn(&mut ProblemBuilder)) -> (Problem, Plan) {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    let clients: Vec<ClientId> =
        (1..=60).map(|x| b.add_client(Client::at(Coord::new(f64::from(x), 0.0)).service(10).pickup([1]))).collect();
    b.add_client(Client::at(Coord::new(30.0, 0.0)).service(10).pickup([1]));
    let truck = VehicleType::new(1).depot(yard).capacity([100]).max_duration(750).add_break(Break::new(300, 400, 30));
    let truck = b.add_vehicle_type(truck);
    change(&mut b);
    let problem = b.build().expect("a valid problem");
    let mut activities: Vec<Activity> = clients.into_iter().map(Activity::Client).collect();
    activities.insert(30, Activity::Break(0));
    let trip = TripStops { start: Some(yard), activities, end: Some(yard) };
    let route = RouteStops { vehicle_type: truck, start: None, trips: vec![trip] };
    let plan = Plan::new(&problem, vec![route]).expect("known ids");
    (problem, plan)
}

#[test]
fn a_long_route_lacks_just_so_much() {
    let (problem, plan) = a_long_day(|_| {});
    assert_eq!((plan.routes()[0].duration(), plan.unserved().len()), (750, 1));
    let explanation = &explain(&problem, &plan)[0];
    let vehicle_type = TRUCK;
    assert_eq!(
        explanation.relaxations,
        [
            Relaxation::MaxDuration { vehicle_type, by: 10 },
            Relaxation::Vehicle { vehicle_type },
            Relaxation::Break { vehicle_type, pause: 0 }
        ]
    );
    // Where stops are too few, too, a longer route alone does not help.
    let (problem, plan) = a_long_day(|b| b.vehicle_types_mut()[0].max_stops = Some(60));
    assert_eq!(explain(&problem, &plan)[0].relaxations, [Relaxation::Vehicle { vehicle_type }]);
    let (problem, plan) = a_long_day(|b| {
        (b.vehicle_types_mut()[0].max_stops, b.vehicle_types_mut()[0].max_duration) = (Some(60), None);
    });
    let explanation = &explain(&problem, &plan)[0];
    assert_eq!(
        explanation.relaxations,
        [Relaxation::MaxStops { vehicle_type, by: 1 }, Relaxation::Vehicle { vehicle_type }]
    );
}
