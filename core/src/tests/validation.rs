//! One example of every fault that validation finds, on one page.

use crate::ids::{
    ClientId, DepotId, DisposalSiteId, GroupId, LocationId, MaterialId, ProfileId, ShipmentId, VehicleTypeId,
};
use crate::plan::Activity;
use crate::travel::{Matrix, ProfileMatrices};
use crate::{
    Break, Client, ClientGroup, Compartment, Coord, Depot, DisposalSite, DriverRule, Effort, Goal, Material, Measure,
    OvertimeStep, Position, Problem, ProblemBuilder, Rate, Relation, Shipment, ShipmentStop, SpeedCurve, TimeWindow,
    Travel, VehicleType,
};

/// The faults of a problem that `change` makes of an otherwise valid one.
fn faults(change: impl FnOnce(&mut ProblemBuilder)) -> String {
    let mut builder = Problem::builder();
    let yard = builder.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    for i in 0..3 {
        builder.add_client(Client::at(Coord::new(f64::from(i), 1.0)).delivery([1]));
    }
    builder.add_material(Material::new("glass"));
    builder.add_disposal_site(DisposalSite::at(Coord::new(5.0, 5.0)));
    builder.add_vehicle_type(VehicleType::new(1).capacity([9]).depot(yard));
    change(&mut builder);
    let error = builder.build().expect_err("the change makes the problem invalid");
    error.issues.iter().map(|issue| format!("{issue}\n")).collect::<Vec<_>>().concat()
}

#[test]
#[expect(clippy::too_many_lines, reason = "one line for each fault")]
fn faults_of_problems() {
    const TOO_MUCH: i64 = 1 << 40;
    const TYPE: VehicleTypeId = VehicleTypeId::new(0);
    const A: ClientId = ClientId::new(0);
    const B: ClientId = ClientId::new(1);
    let glass = MaterialId::new(0);
    let vehicle = |change: fn(VehicleType) -> VehicleType| {
        faults(move |b| {
            let first = &mut b.vehicle_types_mut()[0];
            *first = change(first.clone());
        })
    };
    let client = |change: fn(Client) -> Client| {
        faults(move |b| {
            let first = &mut b.clients_mut()[0];
            *first = change(first.clone());
        })
    };
    let relation = |relations: Vec<Relation>| {
        faults(move |b| {
            for relation in relations {
                b.add_relation(relation);
            }
        })
    };
    let pin = |vehicle_type, position| Relation::Pin { client: A, vehicle_type, position };
    let pages = [
        client(|c| c.service(-1)),
        client(|c| c.service(TOO_MUCH)),
        client(|c| c.optional(TOO_MUCH + 1)),
        client(|c| c.time_window(9, 3)),
        client(|c| c.time_window(0, TOO_MUCH)),
        client(|c| c.time_windows([TimeWindow::new(0, 50), TimeWindow::new(40, 60)])),
        client(|c| c.group(GroupId::new(7))),
        client(|c| c.material(MaterialId::new(7))),
        client(|c| c.service_by(TYPE, 5).service_by(TYPE, 6)),
        client(|c| c.allowed_vehicles([VehicleTypeId::new(7)])),
        faults(|b| {
            b.add_client(Client::at(LocationId::new(99)));
        }),
        faults(|b| {
            b.add_group(ClientGroup::required());
        }),
        faults(|b| {
            let group = b.add_group(ClientGroup::required());
            b.clients_mut()[0].group = Some(group);
            b.clients_mut()[1].group = Some(group);
            b.groups_mut()[0].patterns = vec![vec![A, A], vec![], vec![ClientId::new(7)]];
            b.add_relation(Relation::AllOrNone(vec![A, B]));
        }),
        faults(|b| {
            let group = b.add_group(ClientGroup::required());
            b.clients_mut()[0].group = Some(group);
            b.groups_mut()[0].patterns = vec![vec![A, B]];
            for _ in 0..64 {
                b.add_client(Client::at(Coord::new(1.0, 1.0)).group(group));
            }
        }),
        faults(|b| {
            let stop = || ShipmentStop::at(Coord::new(1.0, 1.0));
            b.add_shipment(Shipment::new(stop(), stop()).amount([-1]));
        }),
        vehicle(|v| VehicleType { count: 0, ..v }),
        client(|c| c.delivery([1, 1])),
        vehicle(|v| v.profile(ProfileId::new(1))),
        vehicle(|v| v.max_trips(0)),
        vehicle(|v| v.max_stops(0)),
        vehicle(|v| v.max_route_load([1, 1])),
        vehicle(|v| v.depot(DepotId::new(7))),
        vehicle(|v| v.disposal_sites([DisposalSiteId::new(7)])),
        vehicle(|v| v.compartment(Compartment::new([MaterialId::new(0), MaterialId::new(0)], [1]))),
        vehicle(|v| VehicleType { breaks: vec![Break::new(0, 9, 1); 65], ..v }),
        vehicle(|v| VehicleType { driver_rules: vec![DriverRule::new(Effort::Work, 9, 1); 65], ..v }),
        vehicle(|v| v.driver_rule(DriverRule::new(Effort::Work, 0, 1))),
        vehicle(|v| v.overtime(OvertimeStep::new(9, 1)).overtime(OvertimeStep::new(9, 2))),
        vehicle(|v| VehicleType { count: 2, ..v }.executed([Activity::Client(A)])),
        vehicle(|v| v.executed([Activity::Client(A), Activity::Client(A)])),
        vehicle(|v| v.executed([Activity::Break(0), Activity::Delivery(ShipmentId::new(7))])),
        faults(|b| {
            b.separate_materials(glass, glass);
        }),
        faults(|b| {
            b.clients_mut()[0].pickup = vec![1_000_000];
            b.clients_mut()[0].delivery = Vec::new();
            b.add_disposal_site(DisposalSite::at(Coord::new(5.0, 5.0)).unloading([Rate::new(2_000, 1)]));
        }),
        relation(vec![Relation::Precedence(A, A)]),
        relation(vec![Relation::SameVehicle(vec![A])]),
        relation(vec![Relation::SameVehicle(vec![A, B, A])]),
        relation(vec![pin(None, Position::Any)]),
        relation(vec![Relation::Precedence(A, B), Relation::Precedence(B, A)]),
        relation(vec![Relation::SameVehicle(vec![A, B]), Relation::Incompatible(vec![A, B])]),
        faults(|b| {
            let other = b.add_vehicle_type(VehicleType::new(1).capacity([9]));
            b.add_relation(pin(Some(TYPE), Position::Any)).add_relation(pin(Some(other), Position::Any));
        }),
        faults(|b| {
            b.add_goal(Goal::ranked(Measure::Vehicles)).add_goal(Goal::ranked(Measure::Vehicles));
        }),
        faults(|b| {
            b.speed(ProfileId::new(0), SpeedCurve::new([(0, 0), (0, 50)]));
        }),
        faults(|b| {
            b.speed(ProfileId::new(7), SpeedCurve::new([(0, 50)]));
        }),
        faults(|b| {
            b.travel(Travel::Haversine { speed: 0.0, detour: 0.5 });
        }),
        faults(|b| {
            b.travel(Travel::Haversine { speed: 1e-6, detour: 1e4 });
        }),
        faults(|b| {
            b.add_depot(Depot::at(Coord::new(190.0, 95.0)));
            b.travel(Travel::haversine(8.3));
        }),
        faults(|b| {
            b.travel(Travel::Matrices(Vec::new()));
        }),
        faults(|b| {
            let distance = Matrix::new(2, vec![0; 4]).unwrap();
            b.travel(Travel::Matrices(vec![ProfileMatrices { distance, duration: None }]));
        }),
        faults(|b| {
            b.add_depot(Depot::at(Coord::new(f64::NAN, 0.0)));
        }),
        faults(|b| {
            b.add_depot(Depot::at(Coord::new(2e9, 0.0)));
        }),
        vehicle(|v| v.cost_per_distance(1_073_741_823).cost_per_duration(1_073_741_823)),
    ];
    insta::assert_snapshot!(pages.concat());
}
