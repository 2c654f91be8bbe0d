//! All messages on one page for each kind, to be proofread: one example of every variant.

use std::collections::BTreeSet;
use std::fmt::{Debug, Display, Write};

use crate::explain::{Blocking, Explanation, Holder, Job, Obstacle, Reason, Relaxation, Searched, Tie, TypeReason};
use crate::forecast::{ForecastFault, TimeError};
use crate::ids::{ClientId, DepotId, DisposalSiteId, GroupId, LocationId, MaterialId, ShipmentId, VehicleTypeId};
use crate::io::{Error, Fault, FaultKind, UnknownFormat, WriteError};
use crate::model::{Depot, Problem};
use crate::plan::check::Discrepancy;
use crate::plan::{Activity, PlanError, UnknownId, Violation};
use crate::travel::MatrixError;
use crate::units::Clock;

/// A message a line.
fn lines<T: Display>(messages: impl IntoIterator<Item = T>) -> String {
    let mut text = String::new();
    for message in messages {
        let _ = writeln!(text, "{message}");
    }
    text
}

/// The names of the variants of an enum, from its source.
fn variants(source: &str, name: &str) -> BTreeSet<String> {
    let (_, body) = source.split_once(&format!("pub enum {name} {{\n")).unwrap();
    let (body, _) = body.split_once("\n}\n").unwrap();
    let lines = body.lines().filter_map(|line| line.strip_prefix("    "));
    let names = lines.filter(|line| line.starts_with(char::is_uppercase));
    names.map(|line| line.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned()).collect()
}

/// The messages of examples, which must cover all variants, one per line.
fn page<T: Debug + Display>(examples: &[T], source: &str, name: &str) -> String {
    let shown = examples.iter().map(|example| format!("{example:?}"));
    let covered = shown.map(|text| text.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned()).collect();
    assert_eq!(variants(source, name), covered, "every {name} needs an example");
    lines(examples)
}

const CLIENT: ClientId = ClientId::new(3);
const DEPOT: DepotId = DepotId::new(1);
const SHIPMENT: ShipmentId = ShipmentId::new(2);
const SITE: DisposalSiteId = DisposalSiteId::new(1);
const TYPE: VehicleTypeId = VehicleTypeId::new(0);

fn unknown_id() -> UnknownId {
    UnknownId { path: "routes[0].trips[1].activities[3]".to_owned(), kind: "client", index: 9, count: 5 }
}

fn all_violations() -> Vec<Violation> {
    let (route, trip, position, dimension) = (0, 1, 2, 0);
    let activity = Activity::Client(CLIENT);
    vec![
        Violation::UnknownId(unknown_id()),
        Violation::TooManyVehicles { vehicle_type: TYPE, used: 3, available: 2 },
        Violation::WrongStartDepot { route, found: None, expected: Some(DEPOT) },
        Violation::WrongEndDepot { route, found: Some(DEPOT), expected: Some(DepotId::new(0)) },
        Violation::TripsNotConnected { route, trip, end: Some(DEPOT), next_start: None },
        Violation::ReloadNotAllowed { route, trip, depot: Some(DEPOT) },
        Violation::TooManyTrips { route, trips: 3, limit: 2 },
        Violation::Overload { route, trip, dimension, load: 12, capacity: 10 },
        Violation::NegativeLoad { route, trip, dimension, load: -2 },
        Violation::LateLoading { route, trip, depot: DEPOT, start: 120, late: 100 },
        Violation::ReleasedTooLate { route, trip, depot: DEPOT, release: 120, late: 100 },
        Violation::LateService { route, trip, position, activity, start: 120, late: 100 },
        Violation::LateReturn { route, trip, depot: DEPOT, arrival: 120, late: 100 },
        Violation::LateShift { route, end: 120, late: 100 },
        Violation::TooLong { route, duration: 50, limit: 40 },
        Violation::TooFar { route, distance: 50, limit: 40 },
        Violation::Unreachable { route, trip, from: LocationId::new(4), to: LocationId::new(5) },
        Violation::NotAllowed { route, trip, position, client: CLIENT },
        Violation::ZoneNotAllowed { route, trip, position, activity },
        Violation::BackhaulFirst { route, trip, client: CLIENT },
        Violation::LinehaulAfterBackhaul { route, trip, position, client: CLIENT },
        Violation::SiteNotAllowed { route, trip, position, site: SITE },
        Violation::NotEmpty { route, trip, dimension, load: 5 },
        Violation::SiteOverfilled { site: SITE, dimension, load: 12, capacity: 10 },
        Violation::CompartmentOverload { route, trip, compartment: 1, dimension, load: 12, capacity: 10 },
        Violation::MaterialsMixed { route, trip, position, materials: (MaterialId::new(0), MaterialId::new(1)) },
        Violation::RouteOverload { route, dimension, load: 12, limit: 10 },
        Violation::TooManyStops { route, stops: 3, limit: 2 },
        Violation::BreakMissing { route, pause: 0 },
        Violation::BreakRepeated { route, pause: 0, times: 2 },
        Violation::PauseMisplaced { route, trip, position },
        Violation::RestMissing { route, rule: 1, effort: 50, limit: 40 },
        Violation::TooMuchDriving { route, driving: 50, limit: 40 },
        Violation::TooMuchWork { route, work: 50, limit: 40 },
        Violation::ExecutedChanged { vehicle_type: TYPE },
        Violation::RelationBroken { relation: 1 },
        Violation::Repeated { activity: Activity::Delivery(SHIPMENT), times: 2 },
        Violation::ShipmentIncomplete { shipment: SHIPMENT, missing: Activity::Pickup(SHIPMENT) },
        Violation::ShipmentSplit { shipment: SHIPMENT, pickup: (0, 0), delivery: (0, 1) },
        Violation::DeliveryBeforePickup { route, trip, shipment: SHIPMENT },
        Violation::ClientUnserved { client: CLIENT },
        Violation::ShipmentUnserved { shipment: SHIPMENT },
        Violation::GroupUnserved { group: GroupId::new(0) },
        Violation::GroupServedTwice { group: GroupId::new(0), served: vec![CLIENT, ClientId::new(4)] },
        Violation::PatternBroken { group: GroupId::new(0), served: vec![CLIENT, ClientId::new(4)] },
    ]
}

#[test]
fn violations() {
    insta::assert_snapshot!(page(&all_violations(), include_str!("../plan/violation.rs"), "Violation"));
}

#[test]
fn violations_for_dispatchers() {
    let mut builder = Problem::builder();
    builder.add_depot(Depot::at((0.0, 0.0)).name("yard"));
    let problem = builder.build().unwrap();
    let clock = Some(Clock { from_midnight: 21_600, ..Clock::default() });
    let text = lines(all_violations().iter().map(|violation| violation.in_words(&problem, clock).to_string()));
    assert!(!text.contains("route 0") && !text.contains("position"), "{text}");
    let timed = [
        Violation::LateService {
            route: 3,
            trip: 0,
            position: 2,
            activity: Activity::Client(CLIENT),
            start: 37_200,
            late: 36_900,
        },
        Violation::LateShift { route: 0, end: 60_000, late: 57_600 },
        Violation::TooMuchDriving { route: 1, driving: 36_000, limit: 32_400 },
    ];
    let clock = Some(Clock::default());
    let told = lines(timed.iter().map(|violation| violation.in_words(&problem, clock).to_string()));
    assert_eq!(
        told,
        "truck 4 trip 1: client 3 starts at 10:20, 5 min after its latest start at 10:15\n\
         truck 1 ends at 16:40, 40 min after the shift's end at 16:00\n\
         truck 2 drives for 10 h, but the limit is 9 h\n"
    );
}

#[test]
fn activities() {
    let examples = [
        Activity::Client(CLIENT),
        Activity::Pickup(SHIPMENT),
        Activity::Delivery(SHIPMENT),
        Activity::Dispose(SITE),
        Activity::Break(0),
        Activity::Rest(45),
    ];
    insta::assert_snapshot!(page(&examples, include_str!("../model/activity.rs"), "Activity"));
}

#[test]
fn faults_of_files() {
    let kinds = [
        FaultKind::Empty,
        FaultKind::StrayLine,
        FaultKind::MissingSpecification("DIMENSION"),
        FaultKind::MissingSection("NODE_COORD_SECTION"),
        FaultKind::UnknownSpecification,
        FaultKind::UnknownSection,
        FaultKind::Repeated { first_line: 4 },
        FaultKind::Conflict { other: "DEMAND_SECTION" },
        FaultKind::UnknownEdgeWeightType,
        FaultKind::UnknownEdgeWeightFormat,
        FaultKind::NotANumber,
        FaultKind::NotFinite,
        FaultKind::NotAnInteger,
        FaultKind::Fractional,
        FaultKind::Negative,
        FaultKind::TooLarge { limit: 1_073_741_823 },
        FaultKind::OutOfRange { what: "depot", low: 1, high: 5 },
        FaultKind::RowLength { expected: 3, found: 2 },
        FaultKind::RowCount { what: "location", expected: 5, found: 4 },
        FaultKind::ValueCount { expected: 25, found: 24 },
        FaultKind::DuplicateRow { what: "location", first_line: 9 },
        FaultKind::InvertedWindow,
        FaultKind::CountedFromZero,
        FaultKind::FixedEdge,
        FaultKind::SeveralDays,
        FaultKind::UnlikeDays,
        FaultKind::UnlikeVisits { found: 2 },
        FaultKind::NoDepot,
        FaultKind::DepotOrder,
        FaultKind::CutOff,
        FaultKind::UnknownKind,
        FaultKind::NoCapacity,
        FaultKind::NoHomes { depots: 2 },
        FaultKind::ClientAsDepot,
        FaultKind::NoClient,
        FaultKind::DepotAsClient,
        FaultKind::GroupedTwice,
        FaultKind::Unpaired,
        FaultKind::OneSidedPair { partner: 3 },
        FaultKind::PairAmount { expected: "-10".to_owned() },
        FaultKind::LoadDimensions { expected: 2, found: 1 },
        FaultKind::TooManyPairs { limit: 5_000 },
        FaultKind::MissingHead("the number of vehicles"),
        FaultKind::VisitedTwice { first_line: 1 },
        FaultKind::TooManyRoutes { vehicles: 2 },
        FaultKind::RouteNumber { expected: 2 },
    ];
    page(&kinds, include_str!("../io/fault.rs"), "FaultKind");
    let fault = |kind| Fault { line: Some(7), section: "SECTION".to_owned(), text: "text".to_owned(), kind };
    let text = lines(kinds.into_iter().map(fault));
    insta::assert_snapshot!(text);
}

#[test]
fn faults_of_forecasts() {
    let (path, found) = ("values[17]".to_owned(), 3);
    let examples = [
        ForecastFault::Length { path: "times".to_owned(), found, of: "ids".to_owned(), expected: 4 },
        ForecastFault::Value { path, value: "-1".to_owned(), message: "must be positive", remedy: "give one or more" },
        ForecastFault::TooShort { series: "bin 7".to_owned(), found, needed: 10 },
        ForecastFault::UnknownName { path: "emptyings".to_owned(), name: "bin 9".to_owned(), remedy: "name a series" },
    ];
    let mut text = page(&examples, include_str!("../forecast/fault.rs"), "ForecastFault");
    for error in
        [TimeError::NoTime, TimeError::UnknownZone, TimeError::OtherOffset, TimeError::TurnedClocks, TimeError::NoZone]
    {
        let _ = writeln!(text, "line 2 = \"text\": {}; {}", error.message(), error.remedy());
    }
    insta::assert_snapshot!(text);
}

fn tie() -> Tie {
    Tie { relation: 1, kind: "same_vehicle", partners: vec![CLIENT], vehicle_type: None }
}

#[test]
fn obstacles() {
    let activity = Activity::Client(CLIENT);
    let late = || Violation::LateService { route: 0, trip: 0, position: 0, activity, start: 120, late: 100 };
    let examples = [
        Obstacle::NotAllowed,
        Obstacle::OutsideZones,
        Obstacle::ZoneClosed(crate::ZoneId::new(2)),
        Obstacle::Pinned(Tie { relation: 0, kind: "pin", partners: Vec::new(), vehicle_type: Some(TYPE) }),
        Obstacle::MissingSkills(vec!["crane".to_owned(), "ferry".to_owned()]),
        Obstacle::NoCompartment(MaterialId::new(0)),
        Obstacle::TooMuch { dimension: 0, amount: 12, capacity: 10 },
        Obstacle::NoSite(Some(MaterialId::new(0))),
        Obstacle::NoSite(None),
        Obstacle::Alone(late()),
        Obstacle::Alone(Violation::LateShift { route: 0, end: 120, late: 100 }),
        Obstacle::Alone(Violation::LateReturn { route: 0, trip: 0, depot: DEPOT, arrival: 120, late: 100 }),
        Obstacle::Alone(Violation::TooLong { route: 0, duration: 50, limit: 40 }),
        Obstacle::Alone(Violation::TooFar { route: 0, distance: 50, limit: 40 }),
        Obstacle::Alone(Violation::TooMuchDriving { route: 0, driving: 50, limit: 40 }),
        Obstacle::Alone(Violation::TooMuchWork { route: 0, work: 50, limit: 40 }),
        Obstacle::Alone(Violation::Unreachable { route: 0, trip: 0, from: LocationId::new(0), to: LocationId::new(4) }),
        Obstacle::Alone(Violation::TooManyStops { route: 0, stops: 2, limit: 1 }),
        Obstacle::HeldBack { by: Holder::Depot(DEPOT), until: 0, violation: late() },
        Obstacle::HeldBack { by: Holder::Shift, until: 0, violation: late() },
        Obstacle::HeldBack { by: Holder::Release(CLIENT), until: 0, violation: late() },
        Obstacle::Partner { tie: tie(), client: CLIENT, obstacles: Vec::new() },
        Obstacle::Partner {
            tie: Tie { partners: (3..9).map(ClientId::new).collect(), ..tie() },
            client: CLIENT,
            obstacles: vec![Obstacle::NotAllowed, Obstacle::NoCompartment(MaterialId::new(0))],
        },
    ];
    insta::assert_snapshot!(page(&examples, include_str!("../explain/obstacle.rs"), "Obstacle"));
}

fn relaxations() -> Vec<Relaxation> {
    let (vehicle_type, by, dimension) = (TYPE, 5, 0);
    vec![
        Relaxation::Prize { by },
        Relaxation::Vehicle { vehicle_type },
        Relaxation::Shift { vehicle_type, by },
        Relaxation::ShiftStart { vehicle_type, by },
        Relaxation::MaxDuration { vehicle_type, by },
        Relaxation::MaxDriving { vehicle_type, by },
        Relaxation::MaxWork { vehicle_type, by },
        Relaxation::MaxDistance { vehicle_type, by },
        Relaxation::Capacity { vehicle_type, dimension, by },
        Relaxation::RouteLoad { vehicle_type, dimension, by },
        Relaxation::MaxStops { vehicle_type, by: 1 },
        Relaxation::MaxTrips { vehicle_type, by: 2 },
        Relaxation::Skill { vehicle_type, skill: "crane".to_owned() },
        Relaxation::Allow { vehicle_type },
        Relaxation::Break { vehicle_type, pause: 0 },
        Relaxation::Zones { vehicle_type },
        Relaxation::DriverRule { vehicle_type, rule: 1 },
        Relaxation::Window { client: CLIENT, by },
        Relaxation::SiteHours { site: SITE, until: 500 },
        Relaxation::SiteCapacity { site: SITE, dimension, by },
        Relaxation::DepotHours { depot: DEPOT, by },
        Relaxation::DepotOpening { depot: DEPOT, by },
        Relaxation::Release { client: CLIENT, by },
        Relaxation::Relation { relation: 1 },
    ]
}

#[test]
fn changes_that_would_help() {
    insta::assert_snapshot!(page(&relaxations(), include_str!("../explain/relaxation.rs"), "Relaxation"));
}

#[test]
fn explanations() {
    let explanation = |reason, searched, relaxations| Explanation {
        job: Job::Client(CLIENT),
        prize: None,
        by_type: vec![TypeReason { vehicle_type: TYPE, reason, blocking: Blocking::Unknown }],
        relaxations,
        searched,
        plan_is_broken: false,
    };
    let all = Searched::Everything;
    let crowded = |blocking| Explanation {
        by_type: vec![TypeReason { vehicle_type: TYPE, reason: Reason::NoRoom, blocking }],
        ..explanation(Reason::NoRoom, all, Vec::new())
    };
    let violation = Violation::TooFar { route: 0, distance: 50, limit: 40 };
    let examples = [
        explanation(Reason::NoRoom, Searched::Nothing, Vec::new()),
        explanation(Reason::Impossible(vec![Obstacle::NotAllowed]), all, relaxations()[..1].to_vec()),
        explanation(Reason::NotFound(Vec::new()), all, Vec::new()),
        explanation(Reason::NotFound(vec![violation]), Searched::Reasons, Vec::new()),
        explanation(Reason::Tied(tie()), all, relaxations()[1..3].to_vec()),
        explanation(Reason::NoRoom, all, relaxations()[1..8].to_vec()),
        explanation(Reason::Possible { cost: 40 }, all, Vec::new()),
        Explanation {
            job: Job::Shipment(SHIPMENT),
            prize: Some(30),
            ..explanation(Reason::Possible { cost: 40 }, all, relaxations()[..1].to_vec())
        },
        crowded(Blocking::AnyOf(vec!["max_trips", "capacity"])),
        crowded(Blocking::Together(vec!["max_trips", "max_duration"])),
        Explanation { plan_is_broken: true, ..explanation(Reason::NoRoom, all, Vec::new()) },
    ];
    let text = lines(&examples);
    insta::assert_snapshot!(text);
}

#[test]
fn other_errors() {
    let mut text = String::new();
    let mut add = |error: &dyn Display| {
        let _ = writeln!(text, "{error}");
    };
    add(&PlanError { ids: vec![unknown_id()], omitted: 2 });
    let path = "routes[0].trips[0].visits[2].arrival".to_owned();
    add(&Discrepancy { path, stated: "7".to_owned(), found: "9".to_owned() });
    add(&MatrixError::Shape { size: 3, found: 8 });
    add(&MatrixError::Range { row: 0, column: 1, value: -7 });
    add(&UnknownFormat("xml".to_owned()));
    add(&Error::UnknownFormat);
    add(&Error::NotUtf8 { at: 12 });
    add(&WriteError {
        path: "vehicle_types[2].end".to_owned(),
        value: "none".to_owned(),
        message: "VRPLIB's vehicles return to the depot where they start",
        remedy: "write JSON",
    });
    insta::assert_snapshot!(text);
}
