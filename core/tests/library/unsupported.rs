//! Rules of the working day that VRPLIB's formats cannot represent are errors, and so are ids unknown to a builder.

use milkrun::io::{solution, vrplib};
use milkrun::plan::{Activity, RouteStops, TripStops};
use milkrun::{
    Area, Break, Client, ClientId, Compartment, Coord, Depot, DepotId, DisposalSite, DisposalSiteId, DriverRule, Goal,
    LocationId, Material, MaterialId, Measure, OvertimeStep, Position, Problem, ProblemBuilder, ProfileId, Relation,
    Shipment, ShipmentId, ShipmentStop, SoftWindow, SpeedCurve, TimeWindow, VehicleType, VehicleTypeId, WindowCovers,
    Zone, ZoneRule,
};

/// A depot, two clients, and a vehicle of each of two types.
fn small() -> ProblemBuilder {
    let mut builder = Problem::builder();
    let depot = builder.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    builder.add_client(Client::at(Coord::new(3.0, 4.0)).pickup([5]));
    builder.add_client(Client::at(Coord::new(6.0, 8.0)).pickup([5]));
    builder.add_vehicle_type(VehicleType::new(1).capacity([10]).depot(depot));
    builder.add_vehicle_type(VehicleType::new(1).capacity([20]).depot(depot));
    builder
}

/// What a small problem must have to be refused.
type Change = fn(&mut ProblemBuilder);

fn client(b: &mut ProblemBuilder, change: impl FnOnce(Client) -> Client) {
    b.clients_mut()[1] = change(b.clients_mut()[1].clone());
}

fn vehicle(b: &mut ProblemBuilder, change: impl FnOnce(VehicleType) -> VehicleType) {
    b.vehicle_types_mut()[1] = change(b.vehicle_types_mut()[1].clone());
}

#[test]
fn beyond_vrplib() {
    let refused: [(&str, Change); 30] = [
        ("materials = 1", |b| _ = b.add_material(Material::new("glass"))),
        ("disposal_sites = 1", |b| _ = b.add_disposal_site(DisposalSite::at(Coord::new(1.0, 1.0)))),
        ("relations = 1", |b| _ = b.add_relation(Relation::SameVehicle(vec![ClientId::new(0), ClientId::new(1)]))),
        ("goals = 1", |b| _ = b.add_goal(Goal::ranked(Measure::Vehicles))),
        ("speeds[0] = 1 steps", |b| _ = b.speed(ProfileId::new(0), SpeedCurve::new([(5, 80)]))),
        ("clients[1].time_windows = 2 windows", |b| {
            client(b, |c| c.time_windows([TimeWindow::new(0, 5), TimeWindow::new(7, 9)]));
        }),
        ("clients[1].soft_window = [5, 9]", |b| client(b, |c| c.soft_window(SoftWindow::new(5, 9, 1, 1)))),
        ("clients[1].window_covers = service", |b| {
            client(b, |c| c.service(1).time_window(0, 9).window_covers(WindowCovers::Service));
        }),
        ("shipments[0].delivery.window_covers = service", |b| {
            let to = ShipmentStop::at(Coord::new(1.0, 1.0)).service(1).time_window(0, 9);
            let to = to.window_covers(WindowCovers::Service);
            b.add_shipment(Shipment::new(ShipmentStop::at(Coord::new(2.0, 1.0)), to));
        }),
        ("clients[1].setup = 9", |b| client(b, |c| c.setup(9))),
        ("shipments[0].pickup.setup = 7", |b| {
            let from = ShipmentStop::at(Coord::new(2.0, 1.0)).setup(7);
            b.add_shipment(Shipment::new(from, ShipmentStop::at(Coord::new(1.0, 1.0))));
        }),
        ("clients[1].assignment_costs = 1 values", |b| client(b, |c| c.assignment_cost(VehicleTypeId::new(0), 3))),
        ("clients[1].service_by_type = 1 values", |b| client(b, |c| c.service_by(VehicleTypeId::new(0), 3))),
        ("clients[1].skills = crane, ramp", |b| client(b, |c| c.skills(["crane", "ramp"]))),
        ("clients[1].allowed_vehicles = 0 types", |b| client(b, |c| c.allowed_vehicles([]))),
        ("clients[1].forbidden_vehicles = 1 types", |b| client(b, |c| c.forbidden_vehicles([VehicleTypeId::new(0)]))),
        ("clients[1].priority = 3", |b| client(b, |c| c.priority(3))),
        ("vehicle_types[1].zones = 1 values", |b| {
            let zone = b.add_zone(Zone::new(Area::polygon([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)])));
            vehicle(b, |v| v.zone(ZoneRule::Closed(zone)));
        }),
        ("vehicle_types[1].end_empty = true", |b| vehicle(b, VehicleType::end_empty)),
        ("vehicle_types[1].compartments = 1 values", |b| vehicle(b, |v| v.compartment(Compartment::new([], [])))),
        ("vehicle_types[1].max_route_load = 1 values", |b| vehicle(b, |v| v.max_route_load([9]))),
        ("vehicle_types[1].breaks = 1 values", |b| vehicle(b, |v| v.add_break(Break::new(0, 5, 5)))),
        ("vehicle_types[1].driver_rules = 1 values", |b| vehicle(b, |v| v.driver_rule(DriverRule::eu_561()))),
        ("vehicle_types[1].overtime = 1 values", |b| vehicle(b, |v| v.overtime(OvertimeStep::new(5, 1)))),
        ("vehicle_types[1].skills = 1 values", |b| vehicle(b, |v| v.skills(["crane"]))),
        ("vehicle_types[1].executed = 1 values", |b| {
            vehicle(b, |v| v.executed([Activity::Client(ClientId::new(0))]));
        }),
        ("vehicle_types[1].max_stops = 3", |b| vehicle(b, |v| v.max_stops(3))),
        ("vehicle_types[1].max_driving = 300", |b| vehicle(b, |v| v.max_driving(300))),
        ("vehicle_types[1].max_work = 300", |b| vehicle(b, |v| v.max_work(300))),
        ("vehicle_types[1].cost_per_waiting = 2", |b| vehicle(b, |v| v.cost_per_waiting(2))),
    ];
    vrplib::write(&small().build().unwrap()).unwrap();
    for (expected, change) in refused {
        let mut builder = small();
        change(&mut builder);
        let problem = builder.build().unwrap_or_else(|error| panic!("{expected}: {error}"));
        let message = vrplib::write(&problem).expect_err(expected).to_string();
        assert!(message.starts_with(expected), "expected `{expected}`, got `{message}`");
        assert!(message.ends_with("; write JSON"), "no remedy: {message}");
    }
}

#[test]
fn beyond_sol() {
    let mut builder = small();
    let tip = builder.add_disposal_site(DisposalSite::at(Coord::new(1.0, 1.0)));
    vehicle(&mut builder, |v| v.add_break(Break::new(0, 99, 5)));
    let problem = builder.build().unwrap();
    for extra in [Activity::Dispose(tip), Activity::Break(0), Activity::Rest(5)] {
        let depot = Some(DepotId::new(0));
        let activities = vec![Activity::Client(ClientId::new(0)), extra];
        let trips = vec![TripStops { start: depot, activities, end: depot }];
        let routes = [RouteStops { vehicle_type: VehicleTypeId::new(1), start: None, trips }];
        let message = solution::write(&problem, &routes, None).unwrap_err().to_string();
        let expected = format!("routes[0].trips[0].activities[1] = {extra:?}: .sol text has no disposal visits");
        assert!(message.starts_with(&expected), "{message}");
    }
}

#[test]
fn a_start_is_beyond_sol() {
    let problem = small().build().unwrap();
    let depot = Some(DepotId::new(0));
    let trips = vec![TripStops { start: depot, activities: vec![Activity::Client(ClientId::new(0))], end: depot }];
    let routes = [RouteStops { vehicle_type: VehicleTypeId::new(1), start: Some(7), trips }];
    let message = solution::write(&problem, &routes, None).unwrap_err().to_string();
    let expected = "routes[0].start = 7: .sol text cannot state when a route starts; write JSON, or omit the start";
    assert_eq!(message, expected);
}

#[test]
fn too_many_breaks_and_driver_rules() {
    let with = |breaks: usize, rules: usize| {
        let mut builder = small();
        vehicle(&mut builder, |mut v| {
            v.breaks = vec![Break::new(0, 99, 5); breaks];
            v.driver_rules = vec![DriverRule::eu_561(); rules];
            v
        });
        builder.build().map(drop).map_err(|error| error.issues.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(with(64, 64), Ok(()));
    let faults = with(65, 100).unwrap_err();
    assert_eq!(
        faults,
        [
            "vehicle_types[1].breaks = 65 breaks: exceed the limit of 64; remove breaks that are never due",
            "vehicle_types[1].driver_rules = 100 rules: exceed the limit of 64; remove rules that another rule implies",
        ]
    );
}

/// Ids from another builder: documents cannot have them, programs can.
#[test]
fn ids_of_nothing() {
    let foreign: [(Change, &[&str]); 13] = [
        (
            |b| _ = b.separate_materials(MaterialId::new(0), MaterialId::new(1)),
            &["separate_materials[0][0]", "separate_materials[0][1]"],
        ),
        (
            |b| {
                let site = DisposalSite::at(LocationId::new(9)).materials([MaterialId::new(0)]);
                b.add_disposal_site(site);
            },
            &["disposal_sites[0].place", "disposal_sites[0].materials[0]"],
        ),
        (|b| client(b, |c| c.material(MaterialId::new(0))), &["clients[1].material"]),
        (
            |b| client(b, |c| c.assignment_cost(VehicleTypeId::new(2), 3)),
            &["clients[1].assignment_costs[0].vehicle_type"],
        ),
        (|b| client(b, |c| c.service_by(VehicleTypeId::new(2), 3)), &["clients[1].service_by_type[0].vehicle_type"]),
        (
            |b| {
                let types = [VehicleTypeId::new(0), VehicleTypeId::new(2)];
                client(b, |c| c.allowed_vehicles(types).forbidden_vehicles(types));
            },
            &["clients[1].allowed_vehicles[1]", "clients[1].forbidden_vehicles[1]"],
        ),
        (|b| vehicle(b, |v| v.disposal_sites([DisposalSiteId::new(0)])), &["vehicle_types[1].disposal_sites[0]"]),
        (
            |b| vehicle(b, |v| v.compartment(Compartment::new([MaterialId::new(0)], []))),
            &["vehicle_types[1].compartments[0].materials[0]"],
        ),
        (
            |b| vehicle(b, |v| v.add_break(Break::new(0, 5, 5).at(LocationId::new(9)))),
            &["vehicle_types[1].breaks[0].place"],
        ),
        (
            |b| {
                let executed = [
                    Activity::Client(ClientId::new(2)),
                    Activity::Pickup(ShipmentId::new(0)),
                    Activity::Dispose(DisposalSiteId::new(0)),
                    Activity::Delivery(ShipmentId::new(0)),
                    Activity::Break(0),
                ];
                vehicle(b, |v| v.executed(executed));
            },
            &[
                "vehicle_types[1].executed[0]",
                "vehicle_types[1].executed[1]",
                "vehicle_types[1].executed[2]",
                "vehicle_types[1].executed[3]",
                "vehicle_types[1].executed[4]",
            ],
        ),
        (
            |b| {
                b.add_relation(Relation::Sequence(vec![ClientId::new(0), ClientId::new(2)]));
                b.add_relation(Relation::Precedence(ClientId::new(2), ClientId::new(3)));
                let (client, vehicle_type) = (ClientId::new(2), Some(VehicleTypeId::new(2)));
                b.add_relation(Relation::Pin { client, vehicle_type, position: Position::Any });
            },
            &[
                "relations[0].sequence[1]",
                "relations[1].precedence.before",
                "relations[1].precedence.after",
                "relations[2].pin.client",
                "relations[2].pin.vehicle_type",
            ],
        ),
        (|b| _ = b.speed(ProfileId::new(3), SpeedCurve::new([(0, 80)])), &["speeds[3]"]),
        // Gigabytes, if there were a curve for each profile before it.
        (|b| _ = b.speed(ProfileId::new(u32::MAX as usize), SpeedCurve::new([])), &["speeds[4294967295]"]),
    ];
    for (change, expected) in foreign {
        let mut builder = small();
        change(&mut builder);
        let issues = builder.build().unwrap_err().issues;
        assert_eq!(issues.iter().map(|issue| issue.path.as_str()).collect::<Vec<_>>(), expected);
        assert!(issues.iter().all(|issue| issue.message.contains("there is no such")), "{issues:?}");
    }
}

/// A break that is changed after its vehicle type was added may have a bare point.
#[test]
fn breaks_at_bare_points_become_locations() {
    let mut builder = small();
    vehicle(&mut builder, |v| v.add_break(Break::new(0, 5, 5).at(Coord::new(7.0, 7.0)).name("inn")));
    let problem = builder.build().unwrap();
    let place = problem.vehicle_types()[1].breaks[0].place.unwrap().location();
    assert_eq!((problem.coord(place), problem.locations()[place.index()].name.as_str()), (Coord::new(7.0, 7.0), "inn"));
}
