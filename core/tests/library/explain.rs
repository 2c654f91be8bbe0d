//! Planted reasons must be reported.

use std::time::Duration;

use milkrun::explain::{
    ExplainParams, Explanation, Job, Obstacle, Reason, Relaxation, Searched, explain, explain_with,
};
use milkrun::plan::Violation;
use milkrun::{
    Area, Break, CancelToken, Client, ClientId, Compartment, Coord, Depot, DisposalSite, DriverRule, Effort, Material,
    Plan, Position, Problem, ProblemBuilder, Relation, SolveParams, Stop, TimeWindow, VehicleType, VehicleTypeId, Zone,
    ZoneId, ZoneRule, solve,
};

const TRUCK: VehicleTypeId = VehicleTypeId::new(0);

/// A yard at the origin, four clients around it and one truck that can serve them all; `radius` varies the numbers.
fn day(radius: f64) -> ProblemBuilder {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    for (x, y) in [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)] {
        b.add_client(Client::at(Coord::new(radius * x, radius * y)).pickup([2]).service(3));
    }
    b.add_vehicle_type(VehicleType::new(1).depot(yard).capacity([20]));
    b
}

/// Adds the client that will be unserved.
fn add(b: &mut ProblemBuilder, client: Client) -> ClientId {
    b.add_client(client)
}

fn at(radius: f64) -> Client {
    Client::at(Coord::new(radius, radius)).pickup([2]).service(3)
}

/// Solves, and explains the only unserved client.
fn why(b: &ProblemBuilder) -> (Problem, Explanation) {
    let problem = b.build().expect("a valid problem");
    let params = SolveParams { stop: Stop::after_iterations(400), ..SolveParams::default() };
    let plan: Plan = solve(&problem, &params).plan;
    let mut explanations = explain(&problem, &plan);
    assert_eq!(explanations.len(), 1, "{:?}", plan.unserved());
    (problem, explanations.remove(0))
}

fn obstacles(explanation: &Explanation) -> &[Obstacle] {
    match &explanation.by_type[0].reason {
        Reason::Impossible(obstacles) => obstacles,
        other => panic!("{other:?}"),
    }
}

const RADII: [f64; 3] = [10.0, 23.0, 41.0];

#[test]
fn a_missing_skill() {
    for radius in RADII {
        let mut b = day(radius);
        let client = add(&mut b, at(radius).skills(["crane"]));
        let (_, explanation) = why(&b);
        assert_eq!(explanation.job, Job::Client(client));
        assert_eq!(obstacles(&explanation), [Obstacle::MissingSkills(vec!["crane".into()])]);
        assert_eq!(explanation.relaxations[0], Relaxation::Skill { vehicle_type: TRUCK, skill: "crane".into() });
        assert!(explanation.to_string().contains("cannot be served"), "{explanation}");
    }
}

#[test]
fn a_forbidden_vehicle() {
    for radius in RADII {
        let mut b = day(radius);
        add(&mut b, at(radius).forbidden_vehicles([TRUCK]));
        let (_, explanation) = why(&b);
        assert_eq!(obstacles(&explanation), [Obstacle::NotAllowed]);
        assert_eq!(explanation.relaxations, [Relaxation::Allow { vehicle_type: TRUCK }]);
    }
}

#[test]
fn zones_that_are_closed_or_served_by_others() {
    let waived = [Relaxation::Zones { vehicle_type: TRUCK }];
    for radius in RADII {
        let around = |b: &mut ProblemBuilder| {
            let (low, high) = (radius - 1.0, radius + 1.0);
            b.add_zone(Zone::new(Area::polygon([(low, low), (high, low), (high, high), (low, high)])))
        };
        let reason = |rule: fn(ZoneId) -> ZoneRule, windowed: bool| {
            let mut b = day(radius);
            let zone = around(&mut b);
            b.vehicle_types_mut()[0].zones = vec![rule(zone)];
            add(&mut b, if windowed { at(radius).time_window(0, 200) } else { at(radius) });
            why(&b).1
        };
        let explanation = reason(ZoneRule::Closed, false);
        assert_eq!(obstacles(&explanation), [Obstacle::ZoneClosed(ZoneId::new(0))]);
        assert_eq!(explanation.relaxations, waived);
        let always = |zone| ZoneRule::ClosedDuring(zone, vec![TimeWindow::new(0, 300)]);
        let explanation = reason(always, true);
        assert_eq!(obstacles(&explanation), [Obstacle::ZoneClosed(ZoneId::new(0))]);
        assert_eq!(explanation.relaxations[0], waived[0]);
    }
}

#[test]
fn too_large_a_load() {
    for (radius, amount) in RADII.into_iter().zip([21, 25, 60]) {
        let mut b = day(radius);
        add(&mut b, at(radius).pickup([amount]));
        let (_, explanation) = why(&b);
        assert_eq!(obstacles(&explanation), [Obstacle::TooMuch { dimension: 0, amount, capacity: 20 }]);
        // In addition to the eight on board at the end.
        let least = Relaxation::Capacity { vehicle_type: TRUCK, dimension: 0, by: amount + 8 - 20 };
        assert_eq!(explanation.relaxations, [least]);
    }
}

#[test]
fn a_window_that_closes_before_any_vehicle_can_arrive() {
    for radius in RADII {
        let mut b = day(radius);
        let client = add(&mut b, at(radius).time_window(0, 5));
        let (_, explanation) = why(&b);
        let drive_time = (radius * std::f64::consts::SQRT_2).round() as i64;
        assert!(matches!(obstacles(&explanation), [Obstacle::Alone(Violation::LateService { .. })]), "{explanation}");
        assert_eq!(explanation.relaxations, [Relaxation::Window { client, by: drive_time - 5 }]);
    }
}

#[test]
fn a_shift_that_ends_too_early() {
    for radius in RADII {
        let mut b = day(radius);
        add(&mut b, at(100.0 + radius));
        // Enough for the four around the yard, but not for the distant one.
        let shift = 10 * radius as i64 + 12;
        b.vehicle_types_mut()[0].shift = TimeWindow::new(0, shift);
        let (_, explanation) = why(&b);
        if explanation.is_impossible() {
            assert!(matches!(obstacles(&explanation), [Obstacle::Alone(Violation::LateShift { .. })]), "{explanation}");
        }
        assert!(
            matches!(explanation.relaxations[0], Relaxation::Shift { vehicle_type: TRUCK, by } if by > 0),
            "{explanation}"
        );
    }
}

#[test]
fn a_landfill_that_closes_too_early() {
    for radius in RADII {
        let mut b = day(radius);
        let dump = b.add_disposal_site(DisposalSite::at(Coord::new(0.0, 5.0)).hours([TimeWindow::new(0, 20)]));
        let own = &mut b.vehicle_types_mut()[0];
        (own.disposal_sites, own.end_empty) = (vec![dump], true);
        for client in b.clients_mut() {
            // Only the last has a pickup.
            client.pickup.clear();
        }
        add(&mut b, at(20.0 + radius));
        let (_, explanation) = why(&b);
        assert!(matches!(obstacles(&explanation), [Obstacle::Alone(_), ..]), "{explanation}");
        assert!(
            matches!(explanation.relaxations[0], Relaxation::SiteHours { site, until } if site == dump && until > 20),
            "{explanation}"
        );
    }
}

#[test]
fn a_material_that_no_vehicle_takes() {
    for radius in RADII {
        let mut b = day(radius);
        let paper = b.add_material(Material::new("paper"));
        let glass = b.add_material(Material::new("glass"));
        let dump = b.add_disposal_site(DisposalSite::at(Coord::new(0.0, 5.0)).materials([paper]));
        let own = &mut b.vehicle_types_mut()[0];
        (own.disposal_sites, own.end_empty) = (vec![dump], true);
        add(&mut b, at(radius).material(glass));
        assert_eq!(obstacles(&why(&b).1), [Obstacle::NoSite(Some(glass))]);

        let mut b = day(radius);
        let paper = b.add_material(Material::new("paper"));
        let glass = b.add_material(Material::new("glass"));
        b.vehicle_types_mut()[0].compartments.push(Compartment::new([paper], [9]));
        add(&mut b, at(radius).material(glass));
        assert_eq!(obstacles(&why(&b).1), [Obstacle::NoCompartment(glass)]);
    }
}

#[test]
fn limits_of_the_day() {
    for radius in RADII {
        let mut b = day(radius);
        b.vehicle_types_mut()[0].max_stops = Some(4);
        add(&mut b, at(2.0 * radius));
        let (_, explanation) = why(&b);
        assert_eq!(explanation.by_type[0].reason, Reason::NoRoom);
        assert_eq!(explanation.relaxations[0], Relaxation::MaxStops { vehicle_type: TRUCK, by: 1 });

        let mut b = day(radius);
        b.vehicle_types_mut()[0].max_route_load = vec![9];
        add(&mut b, at(2.0 * radius));
        let (_, explanation) = why(&b);
        assert_eq!(explanation.relaxations[0], Relaxation::RouteLoad { vehicle_type: TRUCK, dimension: 0, by: 1 });
        assert!(explanation.to_string().contains("is unserved"), "{explanation}");
    }
}

#[test]
fn too_much_driving() {
    for radius in RADII {
        let mut b = day(radius);
        b.vehicle_types_mut()[0].max_driving = Some(8 * radius as i64);
        add(&mut b, at(10.0 * radius));
        let (_, explanation) = why(&b);
        assert!(
            matches!(obstacles(&explanation), [Obstacle::Alone(Violation::TooMuchDriving { .. })]),
            "{explanation}"
        );
        assert!(
            matches!(explanation.relaxations[0], Relaxation::MaxDriving { vehicle_type: TRUCK, .. }),
            "{explanation}"
        );
    }
}

#[test]
fn too_few_vehicles() {
    for radius in RADII {
        let mut b = day(radius);
        b.vehicle_types_mut()[0].capacity = vec![8];
        add(&mut b, at(radius));
        let (_, explanation) = why(&b);
        assert_eq!(explanation.by_type[0].reason, Reason::NoRoom);
        assert!(explanation.relaxations.contains(&Relaxation::Vehicle { vehicle_type: TRUCK }), "{explanation}");
        assert_eq!(explanation.relaxations[0], Relaxation::Capacity { vehicle_type: TRUCK, dimension: 0, by: 2 });
    }
}

#[test]
fn too_small_a_prize() {
    for radius in RADII {
        let mut b = day(radius);
        add(&mut b, at(20.0 * radius).optional(3));
        let (_, explanation) = why(&b);
        let Reason::Possible { cost } = explanation.by_type[0].reason else { panic!("{explanation}") };
        assert_eq!(explanation.relaxations, [Relaxation::Prize { by: cost - 3 + 1 }]);
        // With that prize, the client is served.
        b.clients_mut().last_mut().expect("the one just added").prize = cost + 1;
        let problem = b.build().expect("a valid problem");
        let params = SolveParams { stop: Stop::after_iterations(400), ..SolveParams::default() };
        assert!(solve(&problem, &params).plan.unserved().is_empty());
    }
}

#[test]
fn reported_changes_help() {
    for radius in RADII {
        let mut b = day(radius);
        let rule = DriverRule::new(Effort::Work, 1_000, 10);
        b.vehicle_types_mut()[0].driver_rules.push(rule);
        b.vehicle_types_mut()[0].max_duration = Some(8 * radius as i64 + 20);
        add(&mut b, at(4.0 * radius));
        let (_, explanation) = why(&b);
        let Relaxation::MaxDuration { by, .. } = explanation.relaxations[0] else { panic!("{explanation}") };
        let with = |by: i64| {
            let mut relaxed = b.clone();
            relaxed.vehicle_types_mut()[0].max_duration = Some(8 * radius as i64 + 20 + by);
            let problem = relaxed.build().expect("a valid problem");
            let params = SolveParams { stop: Stop::after_iterations(400), ..SolveParams::default() };
            solve(&problem, &params).plan.is_feasible()
        };
        assert!(with(by), "{explanation}");
    }
}

#[test]
fn the_return_counts_as_work() {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    b.add_client(Client::at(Coord::new(41.0, 0.0)).optional(400));
    b.add_vehicle_type(VehicleType::new(1).depot(yard).max_work(60));
    let (_, explanation) = why(&b);
    // 41 there and 41 back.
    assert_eq!(explanation.relaxations, [Relaxation::MaxWork { vehicle_type: TRUCK, by: 82 - 60 }]);
}

#[test]
fn too_few_trips() {
    // Three bins fill the truck: two loads are six of ten.
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    let dump = b.add_disposal_site(DisposalSite::at(Coord::new(0.0, 0.0)));
    for i in 1..=10 {
        b.add_client(Client::at(Coord::new(f64::from(10 * i), 0.0)).pickup([100]));
    }
    let truck = VehicleType::new(1).capacity([300]).depot(yard).disposal_sites([dump]).end_empty().max_trips(2);
    b.add_vehicle_type(truck);
    let problem = b.build().expect("a valid problem");
    let params = SolveParams { stop: Stop::after_iterations(400), ..SolveParams::default() };
    let explanation = explain(&problem, &solve(&problem, &params).plan);
    assert_eq!(explanation.len(), 4);
    for own in explanation {
        assert!(own.relaxations.contains(&Relaxation::MaxTrips { vehicle_type: TRUCK, by: 1 }), "{own}");
        assert!(own.to_string().contains("+1 trip per route"), "{own}");
    }
}

#[test]
fn breaks_and_rests_that_leave_no_time() {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    b.add_client(Client::at(Coord::new(50.0, 0.0)));
    let truck = VehicleType::new(1).depot(yard).shift(0, 110);
    b.add_vehicle_type(truck.clone().add_break(Break::new(20, 60, 11)));
    let (_, explanation) = why(&b);
    // The route has 100 of driving; a break of 11 is due whenever it starts.
    assert!(matches!(&explanation.by_type[0].reason, Reason::NotFound(broken) if !broken.is_empty()), "{explanation}");
    assert!(explanation.relaxations.contains(&Relaxation::Break { vehicle_type: TRUCK, pause: 0 }), "{explanation}");
    assert!(explanation.relaxations.contains(&Relaxation::Shift { vehicle_type: TRUCK, by: 1 }), "{explanation}");

    b.vehicle_types_mut()[0] = truck.driver_rule(DriverRule::new(Effort::Driving, 60, 11));
    let (_, explanation) = why(&b);
    assert!(
        explanation.relaxations.contains(&Relaxation::DriverRule { vehicle_type: TRUCK, rule: 0 }),
        "{explanation}"
    );
    assert!(explanation.relaxations.contains(&Relaxation::Shift { vehicle_type: TRUCK, by: 1 }), "{explanation}");
}

#[test]
fn hours_and_capacities_of_places() {
    let base = || {
        let mut b = Problem::builder();
        let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
        let dump = b.add_disposal_site(DisposalSite::at(Coord::new(30.0, 0.0)));
        b.add_client(Client::at(Coord::new(50.0, 0.0)).pickup([5]));
        b.add_vehicle_type(VehicleType::new(1).depot(yard).disposal_sites([dump]).end_empty());
        (b, yard, dump)
    };
    // 50 there, 20 to the site, 30 home.
    let (b, yard, dump) = base();
    let with = |depot: Depot, site: DisposalSite| {
        let mut other = Problem::builder();
        other.add_depot(depot);
        other.add_disposal_site(site);
        let whole = b.build().expect("a valid problem");
        let mut client = whole.clients()[0].clone();
        client.place = Coord::new(50.0, 0.0).into();
        other.add_client(client);
        other.add_vehicle_type(whole.vehicle_types()[0].clone());
        why(&other).1
    };
    let (depot, site) = (Depot::at(Coord::new(0.0, 0.0)), DisposalSite::at(Coord::new(30.0, 0.0)));
    let explanation = with(depot.clone().open(0, 97), site.clone());
    assert_eq!(explanation.relaxations, [Relaxation::DepotHours { depot: yard, by: 3 }], "{explanation}");
    let explanation = with(depot.clone(), site.clone().hours([TimeWindow::new(0, 60)]));
    assert_eq!(explanation.relaxations, [Relaxation::SiteHours { site: dump, until: 70 }], "{explanation}");
    let explanation = with(depot, site.daily_capacity([3]));
    assert_eq!(
        explanation.relaxations,
        [Relaxation::SiteCapacity { site: dump, dimension: 0, by: 2 }],
        "{explanation}"
    );
}

/// Two clients in opposite directions on one truck.
fn two(first: Client, second: Client, relation: Option<Relation>) -> (Problem, Vec<Explanation>) {
    let mut b = Problem::builder();
    let yard = b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    b.add_client(first);
    b.add_client(second);
    b.add_vehicle_type(VehicleType::new(1).depot(yard));
    if let Some(relation) = relation {
        b.add_relation(relation);
    }
    let problem = b.build().expect("a valid problem");
    let params = SolveParams { stop: Stop::after_iterations(400), ..SolveParams::default() };
    let explanation = explain(&problem, &solve(&problem, &params).plan);
    (problem, explanation)
}

#[test]
fn an_order_that_windows_forbid() {
    let (first, second) = (ClientId::new(0), ClientId::new(1));
    let clients = || {
        let first = Client::at(Coord::new(100.0, 0.0)).service(60).time_window(500, 600);
        (first, Client::at(Coord::new(200.0, 0.0)).service(60).time_window(100, 300))
    };
    assert!(two(clients().0, clients().1, None).1.is_empty());
    let (_, explanation) = two(clients().0, clients().1, Some(Relation::Precedence(first, second)));
    assert_eq!(explanation.len(), 1);
    let Reason::Tied(tie) = &explanation[0].by_type[0].reason else { panic!("{}", explanation[0]) };
    assert_eq!((tie.relation, tie.kind, tie.partners.len()), (0, "precedence", 1));
    assert!(explanation[0].relaxations.contains(&Relaxation::Relation { relation: 0 }), "{}", explanation[0]);
    assert!(explanation[0].to_string().contains("relation 0 (precedence with client 0)"), "{}", explanation[0]);
}

#[test]
fn partners_that_cannot_be_served_are_named() {
    let (first, second) = (ClientId::new(0), ClientId::new(1));
    let near = || Client::at(Coord::new(10.0, 0.0));
    for relation in [Relation::AllOrNone(vec![first, second]), Relation::Sequence(vec![first, second])] {
        let kind = relation.name();
        let (_, explanation) = two(near(), near().skills(["crane"]), Some(relation));
        assert_eq!(explanation.len(), 2, "{kind}");
        let Reason::Impossible(obstacles) = &explanation[0].by_type[0].reason else { panic!("{}", explanation[0]) };
        assert!(
            matches!(&obstacles[..], [Obstacle::Partner { tie, client, .. }] if tie.kind == kind && *client == second),
            "{}",
            explanation[0]
        );
        let skill = Relaxation::Skill { vehicle_type: TRUCK, skill: "crane".into() };
        assert!(explanation[0].relaxations.contains(&Relaxation::Relation { relation: 0 }), "{}", explanation[0]);
        if kind == "sequence" {
            assert!(explanation[0].relaxations.contains(&skill), "{}", explanation[0]);
        }
        assert!(explanation[1].relaxations.contains(&skill), "{}", explanation[1]);
    }
}

#[test]
fn pins_and_incompatible_clients_are_named() {
    let (first, second) = (ClientId::new(0), ClientId::new(1));
    let near = || Client::at(Coord::new(10.0, 0.0));
    let (_, explanation) = two(near(), near(), Some(Relation::Incompatible(vec![first, second])));
    assert!(
        matches!(&explanation[0].by_type[0].reason, Reason::Tied(tie) if tie.kind == "incompatible"),
        "{}",
        explanation[0]
    );
    assert!(explanation[0].relaxations.contains(&Relaxation::Vehicle { vehicle_type: TRUCK }), "{}", explanation[0]);

    let mut b = day(10.0);
    let client = add(&mut b, at(10.0));
    let other = b.add_vehicle_type(VehicleType::new(1).capacity([1]));
    b.add_relation(Relation::Pin { client, vehicle_type: Some(other), position: Position::Any });
    let (_, explanation) = why(&b);
    assert!(
        matches!(obstacles(&explanation), [Obstacle::Pinned(tie)] if tie.vehicle_type == Some(other)),
        "{explanation}"
    );
    assert!(explanation.relaxations.contains(&Relaxation::Relation { relation: 0 }), "{explanation}");
    assert!(
        explanation.relaxations.contains(&Relaxation::Capacity { vehicle_type: other, dimension: 0, by: 1 }),
        "{explanation}"
    );
}

#[test]
fn no_prize_for_required_clients_and_no_unproved_reason() {
    // Every client can be inserted into an empty plan.
    for required in [true, false] {
        let mut b = day(10.0);
        for client in b.clients_mut() {
            (client.required, client.prize) = (required, 1_000);
        }
        let problem = b.build().expect("a valid problem");
        for explanation in explain(&problem, &Plan::empty(&problem)) {
            assert_eq!(explanation.by_type[0].reason, Reason::Possible { cost: 20 });
            assert_eq!(explanation.relaxations, []);
            assert!(explanation.to_string().ends_with("no change is needed: solve longer, or start from this plan"));
        }
    }
}

#[test]
fn reaching_the_time_limit_is_reported() {
    let b = day(10.0);
    let problem = b.build().expect("a valid problem");
    let plan = Plan::empty(&problem);
    let cancelled = CancelToken::new();
    cancelled.cancel();
    let at_once = ExplainParams { max_runtime: Some(Duration::ZERO) };
    for (params, cancel) in [(at_once, CancelToken::new()), (ExplainParams { max_runtime: None }, cancelled)] {
        let result = explain_with(&problem, &plan, &params, &cancel);
        assert!(!result.is_complete());
        assert_eq!(result.explanations.len(), 4);
        for explanation in &result.explanations {
            assert_eq!((explanation.searched, explanation.by_type.len()), (Searched::Nothing, 0));
            assert!(!explanation.is_impossible() && !explanation.has_room());
            assert!(explanation.to_string().ends_with("was not examined: the time limit was reached"));
        }
    }
    assert!(explain_with(&problem, &plan, &ExplainParams::default(), &CancelToken::new()).is_complete());
}
