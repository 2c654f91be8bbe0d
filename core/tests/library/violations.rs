//! Every kind of violation, on plans small enough to compute by hand.
//!
//! Everything lies on a line: the yard at 0, the depot "far" at 100, client `i` at 10 · (i + 1). Distances equal
//! durations.

use milkrun::plan::check::{check, check_plan};
use milkrun::plan::{Activity, RouteStops, TripStops, UnknownId, Violation};
use milkrun::travel::{Matrix, UNREACHABLE};
use milkrun::{
    Backhauls, Client, ClientGroup, ClientId, Coord, Depot, DepotId, GroupId, Location, LocationId, Plan, Problem,
    ProblemBuilder, Shipment, ShipmentId, ShipmentStop, Travel, VehicleType, VehicleTypeId,
};

const YARD: DepotId = DepotId::new(0);
const FAR: DepotId = DepotId::new(1);

fn at(x: f64) -> Coord {
    Coord::new(x, 0.0)
}

/// Two depots, two clients with deliveries of 1 each, and a vehicle with capacity 2.
fn base() -> ProblemBuilder {
    let mut b = Problem::builder();
    b.add_depot(Depot::at(at(0.0)));
    b.add_depot(Depot::at(at(100.0)));
    b.add_client(Client::at(at(10.0)).delivery([1]));
    b.add_client(Client::at(at(20.0)).delivery([1]));
    b.add_vehicle_type(VehicleType::new(1).capacity([2]).depot(YARD));
    b
}

fn c(index: usize) -> Activity {
    Activity::Client(ClientId::new(index))
}

fn p(index: usize) -> Activity {
    Activity::Pickup(ShipmentId::new(index))
}

fn d(index: usize) -> Activity {
    Activity::Delivery(ShipmentId::new(index))
}

fn trip(start: DepotId, activities: &[Activity], end: DepotId) -> TripStops {
    TripStops { start: Some(start), activities: activities.to_vec(), end: Some(end) }
}

fn route(trips: &[TripStops]) -> RouteStops {
    RouteStops { vehicle_type: VehicleTypeId::new(0), start: None, trips: trips.to_vec() }
}

/// A route of one trip from and to the yard.
fn round(activities: &[Activity]) -> RouteStops {
    route(&[trip(YARD, activities, YARD)])
}

/// The violations, on which plan and judge must agree.
fn violations_of(builder: &ProblemBuilder, stops: &[RouteStops]) -> Vec<Violation> {
    let problem = builder.build().unwrap();
    let plan = Plan::new(&problem, stops.to_vec()).unwrap();
    let report = check_plan(&problem, &plan);
    assert_eq!(report.discrepancies, []);
    assert_eq!(report.cost(), plan.cost());
    assert_eq!(plan.is_feasible(), plan.violations().is_empty());
    plan.violations().to_vec()
}

#[test]
fn nothing() {
    assert_eq!(violations_of(&base(), &[round(&[c(0), c(1)])]), []);
}

#[test]
fn too_many_vehicles() {
    let found = violations_of(&base(), &[round(&[c(0)]), round(&[c(1)])]);
    assert_eq!(found, [Violation::TooManyVehicles { vehicle_type: VehicleTypeId::new(0), used: 2, available: 1 }]);
}

#[test]
fn wrong_depots() {
    let found = violations_of(&base(), &[route(&[trip(FAR, &[c(0), c(1)], FAR)])]);
    let wrong_start = Violation::WrongStartDepot { route: 0, found: Some(FAR), expected: Some(YARD) };
    let wrong_end = Violation::WrongEndDepot { route: 0, found: Some(FAR), expected: Some(YARD) };
    assert_eq!(found, [wrong_start, wrong_end]);
    let open = TripStops { start: None, activities: vec![c(0), c(1)], end: None };
    assert_eq!(violations_of(&base(), &[route(&[open])]).len(), 2);
}

#[test]
fn trips_not_connected() {
    let mut b = base();
    b.vehicle_types_mut()[0].reload_depots = vec![YARD, FAR];
    let stops = [route(&[trip(YARD, &[c(0)], YARD), trip(FAR, &[c(1)], YARD)])];
    let gap = Violation::TripsNotConnected { route: 0, trip: 0, end: Some(YARD), next_start: Some(FAR) };
    assert_eq!(violations_of(&b, &stops), [gap]);
    // It drives from the yard to the far depot: 20, 100 and then 80 + 20.
    assert_eq!(check(&b.build().unwrap(), &stops).breakdown.distance, 220);
}

#[test]
fn reload_not_allowed() {
    let found = violations_of(&base(), &[route(&[trip(YARD, &[c(0)], YARD), trip(YARD, &[c(1)], YARD)])]);
    assert_eq!(found, [Violation::ReloadNotAllowed { route: 0, trip: 0, depot: Some(YARD) }]);
}

#[test]
fn too_many_trips() {
    let mut b = base();
    b.vehicle_types_mut()[0].reload_depots = vec![YARD];
    let stops = [route(&[trip(YARD, &[c(0)], YARD), trip(YARD, &[c(1)], YARD)])];
    assert_eq!(violations_of(&b, &stops), []);
    b.vehicle_types_mut()[0].max_trips = Some(1);
    assert_eq!(violations_of(&b, &stops), [Violation::TooManyTrips { route: 0, trips: 2, limit: 1 }]);
}

#[test]
fn overload() {
    let mut b = base();
    b.vehicle_types_mut()[0].capacity = vec![1];
    let over = Violation::Overload { route: 0, trip: 0, dimension: 0, load: 2, capacity: 1 };
    assert_eq!(violations_of(&b, &[round(&[c(0), c(1)])]), [over]);
    // Each fits by itself: deliveries make room for pickups.
    b.clients_mut()[1] = Client::at(at(20.0)).pickup([1]);
    assert_eq!(violations_of(&b, &[round(&[c(0), c(1)])]), []);
    // In the opposite order it does not.
    let over = Violation::Overload { route: 0, trip: 0, dimension: 0, load: 2, capacity: 1 };
    assert_eq!(violations_of(&b, &[round(&[c(1), c(0)])]), [over]);
}

#[test]
fn overload_of_a_second_dimension() {
    let mut b = base();
    b.clients_mut()[1].delivery = vec![1, 9];
    b.vehicle_types_mut()[0].capacity = vec![2, 5];
    let over = Violation::Overload { route: 0, trip: 0, dimension: 1, load: 9, capacity: 5 };
    assert_eq!(violations_of(&b, &[round(&[c(0), c(1)])]), [over]);
}

fn with_shipment(shipment: Shipment) -> ProblemBuilder {
    let mut b = base();
    b.add_shipment(shipment.amount([2]));
    b
}

/// From 30 to 40.
fn parcel() -> Shipment {
    Shipment::new(ShipmentStop::at(at(30.0)), ShipmentStop::at(at(40.0)))
}

#[test]
fn shipments_in_order() {
    let b = with_shipment(parcel());
    assert_eq!(violations_of(&b, &[round(&[c(0), c(1), p(0), d(0)])]), []);
    let late_client = violations_of(&b, &[round(&[c(0), p(0), c(1), d(0)])]);
    assert_eq!(late_client, [Violation::Overload { route: 0, trip: 0, dimension: 0, load: 3, capacity: 2 }]);
}

#[test]
fn delivery_before_pickup() {
    let found = violations_of(&with_shipment(parcel()), &[round(&[c(0), c(1), d(0), p(0)])]);
    let below = Violation::NegativeLoad { route: 0, trip: 0, dimension: 0, load: -2 };
    let order = Violation::DeliveryBeforePickup { route: 0, trip: 0, shipment: ShipmentId::new(0) };
    assert_eq!(found, [below, order]);
}

#[test]
fn shipment_split() {
    let mut b = with_shipment(parcel());
    b.vehicle_types_mut()[0].reload_depots = vec![YARD];
    let trips = [trip(YARD, &[c(0), c(1), p(0)], YARD), trip(YARD, &[d(0)], YARD)];
    let below = Violation::NegativeLoad { route: 0, trip: 1, dimension: 0, load: -2 };
    let split = Violation::ShipmentSplit { shipment: ShipmentId::new(0), pickup: (0, 0), delivery: (0, 1) };
    assert_eq!(violations_of(&b, &[route(&trips)]), [below, split]);
    b.vehicle_types_mut()[0].count = 2;
    let found = violations_of(&b, &[round(&[c(0), c(1), p(0)]), round(&[d(0)])]);
    let split = Violation::ShipmentSplit { shipment: ShipmentId::new(0), pickup: (0, 0), delivery: (1, 0) };
    assert_eq!(found.last(), Some(&split));
}

#[test]
fn shipment_incomplete() {
    let shipment = ShipmentId::new(0);
    let found = violations_of(&with_shipment(parcel()), &[round(&[c(0), c(1), p(0)])]);
    let missing = Violation::ShipmentIncomplete { shipment, missing: d(0) };
    assert_eq!(found, [missing, Violation::ShipmentUnserved { shipment }]);
    let found = violations_of(&with_shipment(parcel().optional(7)), &[round(&[c(0), c(1), d(0)])]);
    let missing = Violation::ShipmentIncomplete { shipment, missing: p(0) };
    assert_eq!(found, [Violation::NegativeLoad { route: 0, trip: 0, dimension: 0, load: -2 }, missing]);
}

#[test]
fn late_service() {
    let mut b = base();
    b.clients_mut()[0].service = 3;
    b.clients_mut()[1].time_window.late = 22;
    let late = Violation::LateService { route: 0, trip: 0, position: 1, activity: c(1), start: 23, late: 22 };
    assert_eq!(violations_of(&b, &[round(&[c(0), c(1)])]), [late]);
}

#[test]
fn late_return() {
    let mut b = Problem::builder();
    b.add_depot(Depot::at(at(0.0)).open(0, 39).service(2));
    b.add_client(Client::at(at(20.0)));
    b.add_vehicle_type(VehicleType::new(1).depot(YARD));
    let late = Violation::LateReturn { route: 0, trip: 0, depot: YARD, arrival: 42, late: 39 };
    assert_eq!(violations_of(&b, &[round(&[c(0)])]), [late]);
}

#[test]
fn late_loading() {
    let mut b = Problem::builder();
    b.add_depot(Depot::at(at(0.0)).open(0, 30));
    b.add_depot(Depot::at(at(0.0)));
    b.add_client(Client::at(at(20.0)));
    b.add_client(Client::at(at(5.0)));
    b.add_vehicle_type(VehicleType::new(1).depot(FAR).reload_depots([YARD]));
    let stops = [route(&[trip(FAR, &[c(0)], YARD), trip(YARD, &[c(1)], FAR)])];
    let late = Violation::LateLoading { route: 0, trip: 1, depot: YARD, start: 40, late: 30 };
    assert_eq!(violations_of(&b, &stops), [late]);
}

#[test]
fn released_too_late() {
    let mut b = base();
    b.clients_mut()[1].release = 50;
    let problem = b.build().unwrap();
    let plan = Plan::new(&problem, vec![round(&[c(0), c(1)])]).unwrap();
    assert!(plan.is_feasible());
    assert_eq!(plan.routes()[0].start, 50);

    let mut b = Problem::builder();
    b.add_depot(Depot::at(at(0.0)).open(0, 1000));
    b.add_client(Client::at(at(1.0)).release(1001));
    b.add_vehicle_type(VehicleType::new(1).start(YARD));
    let stops = [route(&[TripStops { start: Some(YARD), activities: vec![c(0)], end: None }])];
    let late = Violation::ReleasedTooLate { route: 0, trip: 0, depot: YARD, release: 1001, late: 1000 };
    assert_eq!(violations_of(&b, &stops), [late]);
}

#[test]
fn late_shift_and_limits() {
    let mut b = base();
    let v = &mut b.vehicle_types_mut()[0];
    (v.shift.early, v.shift.late) = (5, 44);
    (v.max_duration, v.max_distance) = (Some(39), Some(38));
    let found = violations_of(&b, &[round(&[c(0), c(1)])]);
    let long = Violation::TooLong { route: 0, duration: 40, limit: 39 };
    let far = Violation::TooFar { route: 0, distance: 40, limit: 38 };
    assert_eq!(found, [long, far, Violation::LateShift { route: 0, end: 45, late: 44 }]);
}

#[test]
fn unreachable() {
    let mut b = Problem::builder();
    let locations = ["yard", "a"].map(|name| b.add_location(Location { coord: at(0.0), name: name.into() }));
    let yard = b.add_depot(Depot::at(locations[0]));
    b.add_client(Client::at(locations[1]));
    b.add_vehicle_type(VehicleType::new(1).depot(yard));
    b.travel(Travel::matrix(Matrix::new(2, vec![0, 5, UNREACHABLE, 0]).unwrap()));
    let unreachable = Violation::Unreachable { route: 0, trip: 0, from: LocationId::new(1), to: LocationId::new(0) };
    assert_eq!(violations_of(&b, &[round(&[c(0)])]), [unreachable]);
}

#[test]
fn not_allowed() {
    let mut b = base();
    b.vehicle_types_mut()[0].allowed_clients = Some(vec![ClientId::new(0)]);
    let found = violations_of(&b, &[round(&[c(0), c(1)])]);
    assert_eq!(found, [Violation::NotAllowed { route: 0, trip: 0, position: 1, client: ClientId::new(1) }]);
}

#[test]
fn backhauls() {
    let mut b = base();
    b.clients_mut()[1] = Client::at(at(20.0)).pickup([1]);
    assert_eq!(violations_of(&b, &[round(&[c(1), c(0)])]), []);
    b.backhauls(Backhauls::AfterLinehauls);
    assert_eq!(violations_of(&b, &[round(&[c(0), c(1)])]), []);
    let first = Violation::BackhaulFirst { route: 0, trip: 0, client: ClientId::new(1) };
    let after = Violation::LinehaulAfterBackhaul { route: 0, trip: 0, position: 1, client: ClientId::new(0) };
    assert_eq!(violations_of(&b, &[round(&[c(1), c(0)])]), [first, after]);
}

#[test]
fn repeated() {
    let found = violations_of(&base(), &[round(&[c(0), c(1), c(0)])]);
    let over = Violation::Overload { route: 0, trip: 0, dimension: 0, load: 3, capacity: 2 };
    assert_eq!(found, [over, Violation::Repeated { activity: c(0), times: 2 }]);
    let b = with_shipment(parcel());
    let found = violations_of(&b, &[round(&[c(0), c(1), p(0), d(0), d(0)])]);
    assert_eq!(found.last(), Some(&Violation::Repeated { activity: d(0), times: 2 }));
}

#[test]
fn unserved() {
    let found = violations_of(&base(), &[round(&[c(1)])]);
    assert_eq!(found, [Violation::ClientUnserved { client: ClientId::new(0) }]);
    let found = violations_of(&with_shipment(parcel()), &[round(&[c(0), c(1)])]);
    assert_eq!(found, [Violation::ShipmentUnserved { shipment: ShipmentId::new(0) }]);
}

#[test]
fn prizes_of_unserved_clients() {
    let mut b = with_shipment(parcel().optional(30));
    b.clients_mut()[0] = Client::at(at(10.0)).optional(5);
    // A prize does not make up for a required client.
    b.clients_mut()[1].prize = 1000;
    let problem = b.build().unwrap();
    let plan = Plan::empty(&problem);
    assert_eq!(plan.breakdown().unserved, 35);
    assert_eq!(plan.violations(), [Violation::ClientUnserved { client: ClientId::new(1) }]);
    assert_eq!(check(&problem, &[]).breakdown, plan.breakdown());
}

#[test]
fn groups() {
    let group = GroupId::new(0);
    let mut b = base();
    b.add_group(ClientGroup::required());
    for client in b.clients_mut() {
        (client.group, client.prize) = (Some(group), 8);
    }
    assert_eq!(violations_of(&b, &[round(&[c(1)])]), []);
    let problem = b.build().unwrap();
    // The other member has a prize, but its group is served.
    let served = Plan::new(&problem, vec![round(&[c(1)])]).unwrap();
    assert_eq!((served.breakdown().unserved, served.unserved().len()), (0, 0));
    assert_eq!(violations_of(&b, &[]), [Violation::GroupUnserved { group }]);
    let both = Violation::GroupServedTwice { group, served: vec![ClientId::new(0), ClientId::new(1)] };
    assert_eq!(violations_of(&b, &[round(&[c(0), c(1)])]), [both]);
    // With patterns, the members of one of them are served, and no others.
    let (one, other) = (ClientId::new(0), ClientId::new(1));
    b.groups_mut()[0].patterns = vec![vec![other, one]];
    assert_eq!(violations_of(&b, &[round(&[c(0), c(1)])]), []);
    assert_eq!(violations_of(&b, &[round(&[c(1)])]), [Violation::PatternBroken { group, served: vec![other] }]);
    assert_eq!(violations_of(&b, &[]), [Violation::GroupUnserved { group }]);
    // If an optional group is unserved, every prize is forgone.
    let mut b = base();
    b.add_group(ClientGroup::optional());
    for client in b.clients_mut() {
        (client.group, client.prize) = (Some(group), 8);
    }
    let plan = Plan::empty(&b.build().unwrap());
    assert_eq!((plan.is_feasible(), plan.cost(), plan.unserved().clients.len()), (true, 16, 2));
}

#[test]
fn unknown_ids_are_an_error_of_the_plan_and_a_violation_for_the_judge() {
    let problem = base().build().unwrap();
    let far_off = DepotId::new(9);
    let stops = vec![
        route(&[trip(far_off, &[c(2), p(0)], YARD)]),
        RouteStops { vehicle_type: VehicleTypeId::new(1), start: None, trips: vec![] },
        round(&[c(0), c(1)]),
    ];
    let unknown = |path: &str, kind, index, count| UnknownId { path: path.into(), kind, index, count };
    let all = [
        unknown("routes[0].trips[0].start", "depot", 9, 2),
        unknown("routes[0].trips[0].activities[0]", "client", 2, 2),
        unknown("routes[0].trips[0].activities[1]", "shipment", 0, 0),
        unknown("routes[1].vehicle_type", "vehicle type", 1, 1),
    ];
    assert_eq!(Plan::new(&problem, stops.clone()).unwrap_err().ids, all);
    let report = check(&problem, &stops);
    assert_eq!(report.violations, all.map(Violation::UnknownId));
    assert_eq!(report.cost(), 40);
}

#[test]
fn sums_that_could_pass_64_bits_are_refused() {
    let mut b = Problem::builder();
    let a = b.add_location(Location { coord: at(0.0), name: String::new() });
    let yard = b.add_depot(Depot::at(a));
    for _ in 0..40 {
        b.add_client(Client::at(a));
    }
    let rate = (1 << 30) - 1;
    let mut vehicle = VehicleType::new(1).depot(yard).fixed_cost(1 << 40);
    (vehicle.cost_per_distance, vehicle.cost_per_duration) = (rate, rate);
    b.add_vehicle_type(vehicle);
    b.travel(Travel::matrix(Matrix::new(1, vec![rate - 1]).unwrap()));
    let issues = b.build().unwrap_err().issues;
    assert_eq!(issues.iter().map(|i| i.path.as_str()).collect::<Vec<_>>(), ["costs"]);
}
