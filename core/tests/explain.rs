//! Planted reasons must be named.

use milkrun::explain::{Explanation, Job, Obstacle, Reason, Relaxation, explain};
use milkrun::plan::Violation;
use milkrun::{
    Client, ClientId, Compartment, Coord, Depot, DisposalSite, DriverRule, Effort, Material, Plan, Problem,
    ProblemBuilder, SolveParams, Stop, TimeWindow, VehicleType, VehicleTypeId, solve,
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

/// Adds the one who will not be served.
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
        let (_, told) = why(&b);
        assert_eq!(told.job, Job::Client(client));
        assert_eq!(obstacles(&told), [Obstacle::MissingSkills(vec!["crane".into()])]);
        assert_eq!(told.relaxations[0], Relaxation::Skill { vehicle_type: TRUCK, skill: "crane".into() });
        assert!(told.to_string().contains("cannot be served"), "{told}");
    }
}

#[test]
fn a_forbidden_vehicle() {
    for radius in RADII {
        let mut b = day(radius);
        add(&mut b, at(radius).forbidden_vehicles([TRUCK]));
        let (_, told) = why(&b);
        assert_eq!(obstacles(&told), [Obstacle::NotAllowed]);
        assert_eq!(told.relaxations, [Relaxation::Allow { vehicle_type: TRUCK }]);
    }
}

#[test]
fn too_large_a_load() {
    for (radius, amount) in RADII.into_iter().zip([21, 25, 60]) {
        let mut b = day(radius);
        add(&mut b, at(radius).pickup([amount]));
        let (_, told) = why(&b);
        assert_eq!(obstacles(&told), [Obstacle::TooMuch { dimension: 0, amount, capacity: 20 }]);
        // Beside the eight that are on board in the end.
        let least = Relaxation::Capacity { vehicle_type: TRUCK, dimension: 0, by: amount + 8 - 20 };
        assert_eq!(told.relaxations, [least]);
    }
}

#[test]
fn a_window_that_closes_before_anybody_can_be_there() {
    for radius in RADII {
        let mut b = day(radius);
        let client = add(&mut b, at(radius).time_window(0, 5));
        let (_, told) = why(&b);
        let way = (radius * std::f64::consts::SQRT_2).round() as i64;
        assert!(matches!(obstacles(&told), [Obstacle::Alone(Violation::LateService { .. })]), "{told}");
        assert_eq!(told.relaxations, [Relaxation::Window { client, by: way - 5 }]);
    }
}

#[test]
fn a_shift_that_ends_too_early() {
    for radius in RADII {
        let mut b = day(radius);
        add(&mut b, at(100.0 + radius));
        // Enough for the four around the yard, and not for the one far out.
        let shift = 10 * radius as i64 + 12;
        b.vehicle_types_mut()[0].shift = TimeWindow::new(0, shift);
        let (_, told) = why(&b);
        if told.is_impossible() {
            assert!(matches!(obstacles(&told), [Obstacle::Alone(Violation::LateShift { .. })]), "{told}");
        }
        assert!(matches!(told.relaxations[0], Relaxation::Shift { vehicle_type: TRUCK, by } if by > 0), "{told}");
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
            // Nothing is picked up but from the last.
            client.pickup.clear();
        }
        add(&mut b, at(20.0 + radius));
        let (_, told) = why(&b);
        assert!(matches!(obstacles(&told), [Obstacle::Alone(_), ..]), "{told}");
        assert!(
            matches!(told.relaxations[0], Relaxation::SiteHours { site, until } if site == dump && until > 20),
            "{told}"
        );
    }
}

#[test]
fn a_material_that_nobody_takes() {
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
        let (_, told) = why(&b);
        assert_eq!(told.by_type[0].reason, Reason::NoRoom);
        assert_eq!(told.relaxations[0], Relaxation::MaxStops { vehicle_type: TRUCK, by: 1 });

        let mut b = day(radius);
        b.vehicle_types_mut()[0].max_route_load = vec![9];
        add(&mut b, at(2.0 * radius));
        let (_, told) = why(&b);
        assert_eq!(told.relaxations[0], Relaxation::RouteLoad { vehicle_type: TRUCK, dimension: 0, by: 1 });
        assert!(told.to_string().contains("was not chosen"), "{told}");
    }
}

#[test]
fn too_much_driving() {
    for radius in RADII {
        let mut b = day(radius);
        b.vehicle_types_mut()[0].max_driving = Some(8 * radius as i64);
        add(&mut b, at(10.0 * radius));
        let (_, told) = why(&b);
        assert!(matches!(obstacles(&told), [Obstacle::Alone(Violation::TooMuchDriving { .. })]), "{told}");
        assert!(matches!(told.relaxations[0], Relaxation::MaxDriving { vehicle_type: TRUCK, .. }), "{told}");
    }
}

#[test]
fn too_few_vehicles() {
    for radius in RADII {
        let mut b = day(radius);
        b.vehicle_types_mut()[0].capacity = vec![8];
        add(&mut b, at(radius));
        let (_, told) = why(&b);
        assert_eq!(told.by_type[0].reason, Reason::NoRoom);
        assert!(told.relaxations.contains(&Relaxation::Vehicle { vehicle_type: TRUCK }), "{told}");
        assert_eq!(told.relaxations[0], Relaxation::Capacity { vehicle_type: TRUCK, dimension: 0, by: 2 });
    }
}

#[test]
fn too_small_a_prize() {
    for radius in RADII {
        let mut b = day(radius);
        add(&mut b, at(20.0 * radius).optional(3));
        let (_, told) = why(&b);
        let Reason::Possible { cost } = told.by_type[0].reason else { panic!("{told}") };
        assert_eq!(told.relaxations, [Relaxation::Prize { by: cost - 3 + 1 }]);
        // With that prize, the client is served.
        b.clients_mut().last_mut().expect("the one just added").prize = cost + 1;
        let problem = b.build().expect("a valid problem");
        let params = SolveParams { stop: Stop::after_iterations(400), ..SolveParams::default() };
        assert!(solve(&problem, &params).plan.unserved().is_empty());
    }
}

#[test]
fn what_would_help_helps() {
    for radius in RADII {
        let mut b = day(radius);
        let rule = DriverRule::new(Effort::Work, 1_000, 10);
        b.vehicle_types_mut()[0].driver_rules.push(rule);
        b.vehicle_types_mut()[0].max_duration = Some(8 * radius as i64 + 20);
        add(&mut b, at(4.0 * radius));
        let (_, told) = why(&b);
        let Relaxation::MaxDuration { by, .. } = told.relaxations[0] else { panic!("{told}") };
        let with = |by: i64| {
            let mut relaxed = b.clone();
            relaxed.vehicle_types_mut()[0].max_duration = Some(8 * radius as i64 + 20 + by);
            let problem = relaxed.build().expect("a valid problem");
            let params = SolveParams { stop: Stop::after_iterations(400), ..SolveParams::default() };
            solve(&problem, &params).plan.is_feasible()
        };
        assert!(with(by), "{told}");
    }
}
