//! The reason names the rule that leaves no room, not what follows from it.

use milkrun::explain::{Blocking, Explanation, Holder, Obstacle, Reason, Relaxation, explain};
use milkrun::{
    Client, ClientId, Coord, Depot, DepotId, DisposalSite, Plan, Problem, ProblemBuilder, Relation, SolveParams, Stop,
    VehicleType, VehicleTypeId, solve,
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
