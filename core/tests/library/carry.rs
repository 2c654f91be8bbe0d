//! What a day missed is served on the next one.

use milkrun::carry::{CARRIED, Carried, CarriedOver, Missed, carry};
use milkrun::document::MissedDocument;
use milkrun::plan::check::check_plan;
use milkrun::travel::Matrix;
use milkrun::{
    Client, ClientGroup, ClientId, Coord, Depot, Location, Material, Plan, Problem, ProblemBuilder, Shipment,
    ShipmentId, ShipmentStop, SolveParams, Stop, Travel, VehicleType, solve,
};
use proptest::prelude::*;

fn at(x: f64, y: f64) -> Coord {
    Coord::new(x, y)
}

fn named(client: &str, x: f64, pickup: i64) -> Client {
    Client::at(at(x, 0.0)).pickup([pickup]).name(client)
}

fn day(name: &str, clients: impl IntoIterator<Item = Client>) -> ProblemBuilder {
    let mut b = Problem::builder();
    let yard = b.name(name).add_depot(Depot::at(at(0.0, 0.0)).name("yard"));
    b.add_vehicle_type(VehicleType::new(2).capacity([10]).depot(yard).name("truck"));
    for client in clients {
        b.add_client(client);
    }
    b
}

fn ids(list: impl IntoIterator<Item = usize>) -> Vec<ClientId> {
    list.into_iter().map(ClientId::new).collect()
}

fn carried(day: &ProblemBuilder, missed: &[Missed], next: &ProblemBuilder) -> CarriedOver {
    carry(&day.build().unwrap(), missed, &next.build().unwrap()).unwrap_or_else(|error| panic!("{:?}", error.issues))
}

fn paths(day: &ProblemBuilder, missed: &[Missed], next: &ProblemBuilder) -> Vec<String> {
    let error = carry(&day.build().unwrap(), missed, &next.build().unwrap()).unwrap_err();
    error.issues.into_iter().map(|issue| issue.path).collect()
}

#[test]
fn whoever_comes_again_gets_both_amounts() {
    let today = day(
        "Thursday",
        [
            named("bakery", 5.0, 2).service(90).optional(7).priority(2).remarks("key at the bar").tag("bins", "2"),
            named("school", 9.0, 3).release(50),
        ],
    );
    let tomorrow = day("Friday", [named("bakery", 6.0, 1).service(60).optional(4).tag("bins", "1")]);
    let over = carried(&today, &[Missed::clients(ids([0, 1]))], &tomorrow);
    let (bakery, school) = (&over.problem.clients()[0], &over.problem.clients()[1]);
    assert_eq!((&bakery.pickup[..], bakery.service, bakery.required), (&[3][..], 90, true));
    assert_eq!((bakery.prize, bakery.priority), (7, 2));
    assert_eq!(over.problem.coord(bakery.location()), at(6.0, 0.0), "the next day says where it is");
    assert_eq!(bakery.notes.remarks, "key at the bar");
    assert_eq!((&*bakery.notes.tags["bins"], &*bakery.notes.tags[CARRIED]), ("1", "Thursday"));
    assert_eq!((school.name.as_str(), school.release, &*school.notes.tags[CARRIED]), ("school", 0, "Thursday"));
    let [first, second] = over.clients[..] else { panic!("two clients are carried") };
    assert_eq!((first.missed.index(), first.now.index(), first.joined), (0, 0, true));
    assert_eq!((second.missed.index(), second.now.index(), second.joined), (1, 1, false));
}

#[test]
fn what_a_plan_leaves_unserved_stays_optional() {
    let mut today = day("", [named("dear", 400.0, 1).optional(1), named("near", 1.0, 1)]);
    let group = today.add_group(ClientGroup::optional());
    today.add_client(named("other", 900.0, 1).group(group));
    let problem = today.build().unwrap();
    let params = SolveParams { stop: Stop::after_iterations(200), ..SolveParams::default() };
    let plan = solve(&problem, &params).plan;
    let missed = Missed::unserved(&problem, &plan);
    assert_eq!((missed.clients.clone(), missed.required), (ids([0]), false));
    let over = carried(&today, &[missed, Missed::clients(ids([1]))], &day("", []));
    assert_eq!(over.problem.clients().iter().map(|c| c.required).collect::<Vec<_>>(), [false, true]);
    assert_eq!(&*over.problem.clients()[0].notes.tags[CARRIED], "yes");
}

#[test]
fn vehicle_types_and_materials_go_by_name() {
    let mut today = day("", []);
    let (glass, crane) =
        (today.add_material(Material::new("glass")), today.add_vehicle_type(VehicleType::new(1).name("crane")));
    let truck = milkrun::VehicleTypeId::new(0);
    let bank = today.add_client(named("bank", 3.0, 1).material(glass).allowed_vehicles([crane]));
    today.clients_mut()[bank.index()].service_by_type = vec![(crane, 300)];
    today.add_client(
        named("free", 4.0, 1).assignment_cost(truck, 5).assignment_cost(crane, 9).forbidden_vehicles([crane]),
    );
    let mut next = Problem::builder();
    let yard = next.add_depot(Depot::at(at(0.0, 0.0)));
    next.add_material(Material::new("paper"));
    next.add_material(Material::new("glass"));
    next.add_vehicle_type(VehicleType::new(1).depot(yard).name("crane").allowed_clients([]));
    let over = carried(&today, &[Missed::clients(ids([0, 1]))], &next);
    let (bank, free) = (&over.problem.clients()[0], &over.problem.clients()[1]);
    let crane = milkrun::VehicleTypeId::new(0);
    assert_eq!(bank.material.map(milkrun::MaterialId::index), Some(1));
    assert_eq!((bank.allowed_vehicles.clone(), bank.service_by_type.clone()), (Some(vec![crane]), vec![(crane, 300)]));
    assert_eq!(over.problem.vehicle_types()[0].allowed_clients, Some(ids([0])), "the crane's list knows it");
    assert_eq!((free.assignment_costs.clone(), free.forbidden_vehicles.clone()), (vec![(crane, 9)], vec![crane]));
    // Without the crane and the glass, the bank cannot be served.
    assert_eq!(paths(&today, &[Missed::clients(ids([0]))], &day("", [])), ["missed[0].clients[0]"]);
}

#[test]
fn faults_are_told_at_once() {
    let mut today = day("", [named("a", 1.0, 1), named("b", 2.0, 1)]);
    let group = today.add_group(ClientGroup::required());
    today.add_client(named("grouped", 3.0, 1).group(group));
    let twice = day("", [named("b", 2.0, 1), named("b", 3.0, 1)]);
    let wrong = [Missed::clients(ids([0, 0, 9, 2, 1])).shipments([ShipmentId::new(0)])];
    let within = |rest: &str| format!("missed[0].{rest}");
    let expected = ["clients[1]", "clients[2]", "clients[3]", "clients[4]", "shipments[0]"].map(within);
    assert_eq!(paths(&today, &wrong, &twice), expected);
    let mut degrees = day("", []);
    degrees.travel(Travel::haversine(10.0));
    assert_eq!(paths(&today, &[Missed::clients(ids([0]))], &degrees), ["travel"]);
}

#[test]
fn tables_of_travel_must_have_the_place() {
    let today = day("", [named("here", 1.0, 1), named("known", 2.0, 1), named("there", 3.0, 1)]);
    let mut next = Problem::builder();
    let yard = next.add_location(Location { coord: at(0.0, 0.0), name: "yard".into() });
    next.add_location(Location { coord: at(1.0, 0.0), name: "somewhere".into() });
    next.add_location(Location { coord: at(7.0, 7.0), name: "known".into() });
    next.add_depot(Depot::at(yard));
    next.add_vehicle_type(VehicleType::new(1).capacity([9]).depot(milkrun::DepotId::new(0)).name("truck"));
    next.travel(Travel::matrix(Matrix::new(3, vec![0, 1, 2, 1, 0, 2, 2, 2, 0]).unwrap()));
    let over = carried(&today, &[Missed::clients(ids([0, 1]))], &next);
    let places: Vec<usize> = over.problem.clients().iter().map(|client| client.location().index()).collect();
    assert_eq!(places, [1, 2]);
    assert_eq!(paths(&today, &[Missed::clients(ids([2]))], &next), ["missed[0].clients[0]"]);
}

#[test]
fn shipments_are_carried_too() {
    let stop = |x: f64| ShipmentStop::at(at(x, 5.0)).service(10);
    let mut today = day("", []);
    today.add_shipment(Shipment::new(stop(1.0), stop(2.0)).amount([2]).name("piano"));
    today.add_shipment(Shipment::new(stop(3.0), stop(4.0)).amount([1]).optional(3).name("sofa"));
    let mut next = day("", []);
    next.add_shipment(Shipment::new(stop(1.0), stop(2.0)).amount([1]).optional(5).name("piano"));
    let both = Missed::clients([]).shipments([ShipmentId::new(0), ShipmentId::new(1)]);
    let over = carried(&today, &[both], &next);
    let [piano, sofa] = over.problem.shipments() else { panic!("two shipments") };
    assert_eq!((&piano.amount[..], piano.required, piano.prize), (&[3][..], true, 5));
    assert_eq!((&sofa.amount[..], sofa.required), (&[1][..], true));
    let [Carried { joined: true, .. }, Carried { joined: false, .. }] = over.shipments[..] else { panic!("{over:?}") };
}

#[test]
fn documents_name_what_was_missed() {
    let problem = day("", [named("a", 1.0, 1), named("b", 2.0, 1), named("c", 3.0, 1)]).build().unwrap();
    let plan = Plan::empty(&problem);
    let read = |text: &str| serde_json::from_str::<MissedDocument>(text).unwrap();
    let missed = read(r#"{"clients": ["b"]}"#).missed(&problem, &plan).unwrap();
    assert_eq!((missed[0].clients.clone(), missed[1].clients.clone()), (ids([1]), ids([0, 2])));
    assert_eq!(read(r#"{"clients": [0], "unserved": false}"#).missed(&problem, &plan).unwrap().len(), 1);
    let error = read(r#"{"clients": ["b", "unknown"], "shipments": [4]}"#).missed(&problem, &plan).unwrap_err();
    let paths: Vec<&str> = error.issues.iter().map(|issue| issue.path.as_str()).collect();
    assert_eq!(paths, ["clients[1]", "shipments[0]"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// No amount is lost between two days, and what was missed is served on the second one.
    #[test]
    fn nothing_is_lost(
        first in prop::collection::vec((0..6usize, -20..20i32, 1..3i64), 1..6),
        second in prop::collection::vec((0..6usize, -20..20i32, 1..3i64), 0..6),
        missed in prop::collection::vec(any::<bool>(), 6),
    ) {
        let unique = |list: &[(usize, i32, i64)]| {
            let mut list = list.to_vec();
            list.sort_unstable();
            list.dedup_by_key(|client| client.0);
            list
        };
        let clients = |list: &[(usize, i32, i64)]| {
            unique(list).into_iter().map(|(name, x, load)| named(&format!("c{name}"), x.into(), load)).collect::<Vec<_>>()
        };
        let (today, tomorrow) = (day("one", clients(&first)), day("two", clients(&second)));
        let out: Vec<usize> = (0..clients(&first).len()).filter(|&c| missed[c]).collect();
        let over = carried(&today, &[Missed::clients(ids(out.clone()))], &tomorrow);
        let load = |clients: &[Client]| clients.iter().map(|client| client.pickup[0]).sum::<i64>();
        let lost: i64 = out.iter().map(|&c| clients(&first)[c].pickup[0]).sum();
        prop_assert_eq!(load(over.problem.clients()), load(&clients(&second)) + lost);
        let params = SolveParams { stop: Stop::after_iterations(100), ..SolveParams::default() };
        let plan = solve(&over.problem, &params).plan;
        prop_assert_eq!(check_plan(&over.problem, &plan).discrepancies, []);
        prop_assert!(!plan.is_feasible() || plan.unserved().is_empty());
    }
}
