//! Every rule of the working day, violated once, on plans small enough to compute by hand.

use crate::on_a_line;

use milkrun::plan::{Activity, RouteStops, TripStops, Violation};
use milkrun::{
    Backhauls, Break, Client, ClientId, Compartment, DepotId, DisposalSite, DisposalSiteId, Material, MaterialId,
    Position, ProblemBuilder, Relation, Shipment, ShipmentStop, TimeWindow, VehicleType, VehicleTypeId,
};
use on_a_line::{at, c, dispose, line, line_of, plan, round, round_of};

const SITE: DisposalSiteId = DisposalSiteId::new(0);
const BREAK: Activity = Activity::Break(0);
const WET: MaterialId = MaterialId::new(0);
const DRY: MaterialId = MaterialId::new(1);

/// A vehicle that may use one site at 40, two materials, and a client of each at 10 and 20, with pickups of 3.
fn waste(vehicle_type: VehicleType) -> ProblemBuilder {
    let mut b = line(vehicle_type.disposal_sites([SITE]));
    b.add_disposal_site(DisposalSite::at(at(40)));
    for (i, name) in ["wet", "dry"].into_iter().enumerate() {
        let material = b.add_material(Material::new(name));
        b.add_client(Client::at(at(10 + 10 * i as i32)).pickup([3]).material(material));
    }
    b
}

fn violations_of(builder: &ProblemBuilder, routes: &[RouteStops]) -> Vec<Violation> {
    plan(builder, routes).violations().to_vec()
}

#[test]
fn nothing() {
    assert_eq!(violations_of(&waste(VehicleType::new(1).end_empty()), &[round(&[c(0), c(1), dispose(0)])]), []);
}

#[test]
fn site_not_allowed() {
    let mut b = waste(VehicleType::new(1));
    b.vehicle_types_mut()[0].disposal_sites.clear();
    let found = violations_of(&b, &[round(&[c(0), c(1), dispose(0)])]);
    assert_eq!(found, [Violation::SiteNotAllowed { route: 0, trip: 0, position: 2, site: SITE }]);
}

/// A break or a visit to a disposal site serves no client: the backhaul after it still comes first.
#[test]
fn backhaul_first() {
    let mut b = waste(VehicleType::new(1).add_break(Break::new(0, 200, 5)));
    let linehaul = b.add_client(Client::at(at(10)).delivery([3]));
    let shipment = b.add_shipment(Shipment::new(ShipmentStop::at(at(10)), ShipmentStop::at(at(20))).amount([1]));
    b.backhauls(Backhauls::AfterLinehauls);
    let [line, load, unload] = [Activity::Client(linehaul), Activity::Pickup(shipment), Activity::Delivery(shipment)];
    let first = [Violation::BackhaulFirst { route: 0, trip: 0, client: ClientId::new(0) }];
    let cases: [(&[Activity], &[Violation]); 5] = [
        (&[Activity::Break(0), c(0), c(1), dispose(0)], &first),
        (&[dispose(0), Activity::Rest(5), c(0), c(1), dispose(0)], &first),
        (&[dispose(0), Activity::Break(0), line, c(0), c(1), dispose(0)], &[]),
        (&[Activity::Break(0), load, c(0), c(1), unload, dispose(0)], &[]),
        (&[load, unload, c(0), c(1)], &[]),
    ];
    for (activities, expected) in cases {
        let found = violations_of(&b, &[round(activities)]);
        let own: Vec<_> = found.into_iter().filter(|violation| violation.route().is_some()).collect();
        assert_eq!(own, expected, "{activities:?}");
    }
}

#[test]
fn site_closed() {
    let mut b = waste(VehicleType::new(1));
    let night = b.add_disposal_site(DisposalSite::at(at(40)).hours([TimeWindow::new(0, 30), TimeWindow::new(35, 38)]));
    b.vehicle_types_mut()[0].disposal_sites.push(night);
    let activity = Activity::Dispose(night);
    let found = violations_of(&b, &[round(&[c(0), c(1), activity])]);
    assert_eq!(found, [Violation::LateService { route: 0, trip: 0, position: 2, activity, start: 40, late: 38 }]);
}

#[test]
fn not_empty_at_the_end_of_each_trip() {
    let mut b = waste(VehicleType::new(1).end_empty().reload_depots([DepotId::new(0)]));
    let trips = vec![on_a_line::trip(&[c(0), dispose(0)]), on_a_line::trip(&[c(1)])];
    let found = violations_of(&b, &[RouteStops { vehicle_type: VehicleTypeId::new(0), start: None, trips }]);
    assert_eq!(found, [Violation::NotEmpty { route: 0, trip: 1, dimension: 0, load: 3 }]);
    // An open end is an end as well.
    b.vehicle_types_mut()[0].end = None;
    let trip = TripStops { start: Some(on_a_line::YARD), activities: vec![c(1), dispose(0), c(0)], end: None };
    let found =
        violations_of(&b, &[RouteStops { vehicle_type: VehicleTypeId::new(0), start: None, trips: vec![trip] }]);
    assert_eq!(found, [Violation::NotEmpty { route: 0, trip: 0, dimension: 0, load: 3 }]);
}

#[test]
fn site_overfilled_by_all_together() {
    let mut b = waste(VehicleType::new(2));
    let small = b.add_disposal_site(DisposalSite::at(at(40)).daily_capacity([5]));
    b.vehicle_types_mut()[0].disposal_sites.push(small);
    let stops = [round(&[c(0), Activity::Dispose(small)]), round(&[c(1), Activity::Dispose(small)])];
    let overfilled = Violation::SiteOverfilled { site: small, dimension: 0, load: 6, capacity: 5 };
    assert_eq!(violations_of(&b, &stops), [overfilled]);
}

#[test]
fn compartment_overload() {
    let parts = VehicleType::new(1).compartment(Compartment::new([WET], [2])).compartment(Compartment::new([DRY], []));
    let found = violations_of(&waste(parts), &[round(&[c(0), c(1)])]);
    let overload =
        Violation::CompartmentOverload { route: 0, trip: 0, compartment: 0, dimension: 0, load: 3, capacity: 2 };
    assert_eq!(found, [overload]);
}

#[test]
fn no_compartment() {
    let found =
        violations_of(&waste(VehicleType::new(1).compartment(Compartment::new([WET], []))), &[round(&[c(0), c(1)])]);
    assert_eq!(found, [Violation::NotAllowed { route: 0, trip: 0, position: 1, client: ClientId::new(1) }]);
}

#[test]
fn materials_mixed() {
    let mut b = waste(VehicleType::new(1));
    b.separate_materials(WET, DRY);
    let found = violations_of(&b, &[round(&[c(0), c(1)])]);
    assert_eq!(found, [Violation::MaterialsMixed { route: 0, trip: 0, position: 1, materials: (WET, DRY) }]);
    assert_eq!(violations_of(&b, &[round(&[c(0), dispose(0), c(1)])]), []);
    // In compartments they are apart.
    b.vehicle_types_mut()[0].compartments = vec![Compartment::new([WET], []), Compartment::new([DRY], [])];
    assert_eq!(violations_of(&b, &[round(&[c(0), c(1)])]), []);
}

#[test]
fn trips_and_totals_of_a_route() {
    let stops = [round(&[c(0), dispose(0), c(1), dispose(0)])];
    let found = violations_of(&waste(VehicleType::new(1).max_trips(1)), &stops);
    // The second visit to the site is not followed by a service.
    assert_eq!(found, [Violation::TooManyTrips { route: 0, trips: 2, limit: 1 }]);
    let found = violations_of(&waste(VehicleType::new(1).max_route_load([5])), &stops);
    assert_eq!(found, [Violation::RouteOverload { route: 0, dimension: 0, load: 6, limit: 5 }]);
    let found = violations_of(&waste(VehicleType::new(1).max_stops(1)), &stops);
    assert_eq!(found, [Violation::TooManyStops { route: 0, stops: 2, limit: 1 }]);
}

#[test]
fn breaks() {
    let driver = |late| VehicleType::new(1).add_break(Break::new(0, late, 5));
    let b = |late| line_of(driver(late), [Client::at(at(50))]);
    assert_eq!(violations_of(&b(99), &[round(&[c(0)])]), [Violation::BreakMissing { route: 0, pause: 0 }]);
    // The route ends at 100: the break is not due, and may still be taken.
    assert_eq!(violations_of(&b(100), &[round(&[c(0)])]), []);
    assert_eq!(violations_of(&b(100), &[round(&[BREAK, c(0)])]), []);
    let found = violations_of(&b(100), &[round(&[BREAK, c(0), BREAK])]);
    assert_eq!(found, [Violation::BreakRepeated { route: 0, pause: 0, times: 2 }]);
}

#[test]
fn a_break_is_not_due_on_a_route_that_starts_later() {
    let driver = VehicleType::new(1).shift(41, 500).add_break(Break::new(0, 40, 5));
    assert_eq!(violations_of(&line_of(driver, [Client::at(at(50))]), &[round(&[c(0)])]), []);
}

#[test]
fn pauses_before_the_first_halt_and_after_the_last() {
    let mut b = line_of(VehicleType::new(1), [Client::at(at(50))]);
    (b.vehicle_types_mut()[0].start, b.vehicle_types_mut()[0].end) = (None, None);
    let open = |activities: &[Activity]| RouteStops {
        vehicle_type: VehicleTypeId::new(0),
        start: None,
        trips: vec![TripStops { start: None, activities: activities.to_vec(), end: None }],
    };
    let misplaced = |position| Violation::PauseMisplaced { route: 0, trip: 0, position };
    let rest = Activity::Rest(5);
    assert_eq!(violations_of(&b, &[open(&[rest, c(0), rest])]), [misplaced(0), misplaced(2)]);
}

#[test]
fn limits_of_driving_and_work() {
    let clients = || [Client::at(at(50)).service(7)];
    let found = violations_of(&line_of(VehicleType::new(1).max_driving(99), clients()), &[round(&[c(0)])]);
    assert_eq!(found, [Violation::TooMuchDriving { route: 0, driving: 100, limit: 99 }]);
    let found = violations_of(&line_of(VehicleType::new(1).max_work(106), clients()), &[round(&[c(0)])]);
    assert_eq!(found, [Violation::TooMuchWork { route: 0, work: 107, limit: 106 }]);
}

#[test]
fn executed_changed() {
    let b = line_of(VehicleType::new(1).executed([c(1)]), [Client::at(at(10)), Client::at(at(20))]);
    assert_eq!(violations_of(&b, &[round(&[c(1), c(0)])]), []);
    let changed = Violation::ExecutedChanged { vehicle_type: VehicleTypeId::new(0) };
    assert_eq!(violations_of(&b, &[round(&[c(0), c(1)])]), [changed]);
}

#[test]
fn forbidden_pairs() {
    let not_allowed = [Violation::NotAllowed { route: 0, trip: 0, position: 0, client: ClientId::new(0) }];
    let own = VehicleTypeId::new(0);
    let client = || Client::at(at(10));
    for refuses in [client().skills(["crane"]), client().forbidden_vehicles([own]), client().allowed_vehicles([])] {
        assert_eq!(
            violations_of(&line_of(VehicleType::new(1).skills(["key"]), [refuses]), &[round(&[c(0)])]),
            not_allowed
        );
    }
    let serves = client().skills(["key"]).allowed_vehicles([own]);
    assert_eq!(violations_of(&line_of(VehicleType::new(1).skills(["key"]), [serves]), &[round(&[c(0)])]), []);
}

/// Four optional clients for two vehicles of two types, with one relation.
fn tied(relation: Relation, routes: &[RouteStops]) -> bool {
    let mut b = line_of(VehicleType::new(1), (1..=4).map(|i| Client::at(at(10 * i)).optional(0)));
    b.add_vehicle_type(VehicleType::new(1).depot(on_a_line::YARD));
    b.add_disposal_site(DisposalSite::at(at(40)));
    b.vehicle_types_mut()[0].disposal_sites.push(SITE);
    b.add_relation(relation);
    let found = violations_of(&b, routes);
    assert!(found.is_empty() || found == [Violation::RelationBroken { relation: 0 }], "{found:?}");
    found.is_empty()
}

#[test]
fn relations() {
    let ids = |list: &[usize]| list.iter().map(|&i| ClientId::new(i)).collect::<Vec<_>>();
    let [one, both] = [[0_usize].as_slice(), &[0, 1]];
    let apart = [round_of(0, &[c(0)]), round_of(1, &[c(1)])];
    let cases: [(Relation, &[RouteStops], bool); 21] = [
        (Relation::SameVehicle(ids(both)), &apart, false),
        (Relation::SameVehicle(ids(both)), &[round(&[c(1), c(2), c(0)])], true),
        (Relation::SameVehicle(ids(both)), &apart[..1], true),
        (Relation::Incompatible(ids(both)), &apart, true),
        (Relation::Incompatible(ids(both)), &[round(&[c(1), c(2), c(0)])], false),
        (Relation::AllOrNone(ids(both)), &apart, true),
        (Relation::AllOrNone(ids(both)), &apart[1..], false),
        (Relation::AllOrNone(ids(both)), &[], true),
        (Relation::Precedence(ClientId::new(0), ClientId::new(1)), &apart, false),
        (Relation::Precedence(ClientId::new(0), ClientId::new(1)), &[round(&[c(0), c(2), c(1)])], true),
        (Relation::Precedence(ClientId::new(0), ClientId::new(1)), &[round(&[c(1), c(0)])], false),
        (Relation::Precedence(ClientId::new(0), ClientId::new(1)), &apart[1..], true),
        (Relation::Sequence(ids(both)), &[round(&[c(2), c(0), Activity::Rest(3), c(1), c(3)])], true),
        (Relation::Sequence(ids(both)), &[round(&[c(0), c(2), c(1)])], false),
        (Relation::Sequence(ids(both)), &[round(&[c(0), dispose(0), c(1)])], false),
        (Relation::Sequence(ids(both)), &[round(&[c(1), c(0)])], false),
        (Relation::Sequence(ids(both)), &apart[..1], false),
        (pin(one[0], Some(1), Position::Any), &apart, false),
        (pin(one[0], None, Position::First), &[round(&[c(1), c(0)])], false),
        (pin(one[0], None, Position::Last), &[round(&[c(1), c(0), Activity::Rest(3), dispose(0)])], true),
        (pin(one[0], Some(0), Position::First), &[round(&[dispose(0), c(0), c(1)])], true),
    ];
    for (relation, routes, holds) in cases {
        assert_eq!(tied(relation.clone(), routes), holds, "{relation:?} {routes:?}");
    }
}

fn pin(client: usize, vehicle_type: Option<usize>, position: Position) -> Relation {
    Relation::Pin { client: ClientId::new(client), vehicle_type: vehicle_type.map(VehicleTypeId::new), position }
}
