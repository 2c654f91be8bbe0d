//! Written problems can be read again, and what VRPLIB cannot represent is an error.

use milkrun::io::{Format, vrplib};
use milkrun::travel::{EuclideanRounding, Matrix, ProfileMatrices};
use milkrun::units::MAX_VALUE;
use milkrun::{
    Backhauls, Client, ClientGroup, ClientId, Coord, Depot, DepotId, Location, LocationId, Problem, ProblemBuilder,
    ProfileId, Rounding, Shipment, ShipmentStop, Travel, VehicleType,
};
use proptest::prelude::*;

/// A depot, two clients, and a vehicle of each of two types.
fn small() -> ProblemBuilder {
    let mut builder = Problem::builder();
    let depot = builder.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    builder.add_client(Client::at(Coord::new(3.0, 4.0)).delivery([5]));
    builder.add_client(Client::at(Coord::new(6.0, 8.0)).delivery([5]));
    builder.add_vehicle_type(VehicleType::new(1).capacity([10]).depot(depot));
    builder.add_vehicle_type(VehicleType::new(1).capacity([20]).depot(depot));
    builder
}

fn shipment() -> Shipment {
    Shipment::new(ShipmentStop::at(Coord::new(1.0, 1.0)), ShipmentStop::at(Coord::new(2.0, 2.0))).amount([3])
}

/// The beginning of an error, and what a small problem must have to cause it.
type Refused = (&'static str, fn(&mut ProblemBuilder));

#[test]
fn beyond_the_format() {
    let refused: [Refused; 22] = [
        ("vehicle_types[1].end = open (start 0)", |b| b.vehicle_types_mut()[1].end = None),
        ("vehicle_types[0].end = 0 (start open)", |b| b.vehicle_types_mut()[0].start = None),
        ("vehicle_types[0].cost_per_duration = 2", |b| b.vehicle_types_mut()[0].cost_per_duration = 2),
        ("vehicle_types[1].shift = [5, 9]", |b| {
            b.vehicle_types_mut()[1] = b.vehicle_types_mut()[1].clone().shift(5, 9);
        }),
        ("vehicle_types = 1000001 vehicles", |b| b.vehicle_types_mut()[0].count = 1_000_000),
        ("depots[1].time_window = [5, 9]", |b| _ = b.add_depot(Depot::at(Coord::new(1.0, 1.0)).open(5, 9))),
        ("depots[1].service = 5", |b| _ = b.add_depot(Depot::at(Coord::new(1.0, 1.0)).service(5))),
        ("clients[0].required = false (prize 0)", |b| b.clients_mut()[0].required = false),
        ("clients[1].required = true (prize 7)", |b| b.clients_mut()[1].prize = 7),
        ("groups[0].patterns = 1 patterns", |b| {
            let group = b.add_group(ClientGroup::required());
            b.clients_mut()[0].group = Some(group);
            b.groups_mut()[0].patterns = vec![vec![ClientId::new(0)]];
        }),
        ("groups[0].required = false", |b| _ = b.add_group(ClientGroup::optional())),
        ("clients[0].required = true (prize 4)", |b| {
            let group = b.add_group(ClientGroup::required());
            b.clients_mut()[0].group = Some(group);
            b.clients_mut()[0].prize = 4;
        }),
        ("clients = 2: VRPLIB has either clients or shipments", |b| _ = b.add_shipment(shipment())),
        ("travel = haversine", |b| _ = b.travel(Travel::haversine(10.0))),
        ("travel.profiles = 2", |b| {
            let profile = ProfileMatrices { distance: Matrix::new(3, vec![0; 9]).unwrap(), duration: None };
            b.travel(Travel::Matrices(vec![profile.clone(), profile]));
        }),
        ("travel.profiles[0].duration = a matrix", |b| {
            let duration = Some(Matrix::new(3, vec![0, 1, 1, 1, 0, 1, 1, 1, 0]).unwrap());
            let distance = Matrix::new(3, vec![0; 9]).unwrap();
            b.travel(Travel::Matrices(vec![ProfileMatrices { distance, duration }]));
        }),
        ("travel.profiles[0].distance[1][1] = 1", |b| {
            b.travel(Travel::matrix(Matrix::new(3, vec![0, 1, 1, 1, 1, 1, 1, 1, 0]).unwrap()));
        }),
        ("depots = []: VRPLIB needs a depot", |b| {
            *b = Problem::builder();
            b.add_client(Client::at(Coord::new(0.0, 0.0)));
            b.add_vehicle_type(VehicleType::new(1));
        }),
        ("clients = []: VRPLIB needs a client", |b| {
            *b = Problem::builder();
            b.add_depot(Depot::at(Coord::new(0.0, 0.0)));
        }),
        ("shipments[0].required = false (prize 3)", |b| only_shipment(b, shipment().optional(3))),
        ("load_dimensions = 2", |b| only_shipment(b, shipment().amount([1, 2]))),
        ("backhauls = after linehauls", |b| {
            only_shipment(b, shipment());
            b.backhauls(Backhauls::AfterLinehauls);
        }),
    ];
    for (expected, change) in refused {
        let mut builder = small();
        change(&mut builder);
        let problem = builder.build().unwrap_or_else(|error| panic!("{expected}: {error}"));
        let message = vrplib::write(&problem).expect_err(expected).to_string();
        assert!(message.starts_with(expected), "expected `{expected}`, got `{message}`");
        assert!(message.contains("; "), "no remedy: {message}");
    }
}

fn only_shipment(builder: &mut ProblemBuilder, shipment: Shipment) {
    *builder = Problem::builder();
    let depot = builder.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    builder.add_shipment(shipment);
    builder.add_vehicle_type(VehicleType::new(1).depot(depot));
}

#[test]
fn the_text_of_a_small_problem() {
    let mut builder = small();
    builder.name("two\nlines").travel(Travel::euclidean(Rounding::Dimacs));
    builder.clients_mut()[0] = builder.clients_mut()[0].clone().time_window(5, 70).service(25);
    let text = vrplib::write(&builder.build().unwrap()).unwrap();
    let expected = "NAME : two lines\nTYPE : VRP\nCOMMENT : read with rounding dimacs\nDIMENSION : 3\nVEHICLES : 2\n\
        EDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 3 4\n3 6 8\nDEMAND_SECTION\n1 0\n2 0.5\n3 0.5\n\
        SERVICE_TIME_SECTION\n1 0\n2 2.5\n3 0\nTIME_WINDOW_SECTION\n1 0 107374182.3\n2 0.5 7\n3 0 107374182.3\n\
        CAPACITY_SECTION\n1 1\n2 2\nDEPOT_SECTION\n1\n-1\nEOF\n";
    assert_eq!(text, expected);
}

#[test]
fn shared_locations_and_matrices_are_written_out() {
    let mut builder = Problem::builder();
    let home = builder.add_location(Location { coord: Coord::new(1.0, 2.0), name: String::new() });
    let yard = builder.add_location(Location { coord: Coord::new(0.0, 0.0), name: String::new() });
    let depot = builder.add_depot(Depot::at(yard));
    builder.add_client(Client::at(home));
    builder.add_client(Client::at(home));
    builder.add_vehicle_type(VehicleType::new(1).depot(depot));
    builder.travel(Travel::matrix(Matrix::new(2, vec![0, 5, 7, 0]).unwrap()));
    let again = vrplib::read(vrplib::write(&builder.build().unwrap()).unwrap(), Rounding::Round).unwrap();
    let distance = |i, j| again.distance(ProfileId::new(0), LocationId::new(i), LocationId::new(j));
    assert_eq!((distance(0, 1), distance(1, 0), distance(0, 2), distance(1, 2)), (7, 5, 7, 0));
    assert_eq!(again.coord(again.clients()[1].location()), Coord::new(1.0, 2.0));
}

fn coord() -> impl Strategy<Value = Coord> {
    (-500_000i32..500_000, -500_000i32..500_000)
        .prop_map(|(x, y)| Coord::new(f64::from(x) / 64.0, f64::from(y) / 1000.0))
}

fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![2 => Just(0), 6 => 0..10_000i64, 1 => 0..MAX_VALUE]
}

fn window() -> impl Strategy<Value = (i64, i64)> {
    prop_oneof![
        Just((0, MAX_VALUE)),
        (-9_000..90_000i64, 0..90_000i64).prop_map(|(early, length)| (early, early + length))
    ]
}

fn client() -> impl Strategy<Value = (Client, Option<usize>)> {
    let prize = prop_oneof![2 => Just(0), 1 => 1..1_000_000_000_000i64];
    let parts =
        (coord(), amount(), amount(), amount(), window(), amount(), prize, prop::option::weighted(0.3, 0..3usize));
    parts.prop_map(|(coord, delivery, pickup, service, (early, late), release, prize, group)| {
        let client = Client::at(coord).delivery([delivery]).pickup([pickup]).service(service).release(release);
        let client = client.time_window(early, late);
        (if prize > 0 { client.optional(prize) } else { client }, group)
    })
}

fn vehicle(depots: usize, clients: usize) -> impl Strategy<Value = VehicleType> {
    let limit = || prop::option::of(0..100_000i64);
    let allowed = prop::option::weighted(0.3, prop::collection::btree_set(0..clients, 0..clients));
    let reloads = prop::collection::btree_set(0..depots, 0..=depots);
    let parts = (
        1..4usize,
        limit(),
        0..depots,
        limit(),
        limit(),
        0..5_000i64,
        1..9i64,
        allowed,
        reloads,
        prop::option::of(1..5usize),
    );
    parts.prop_map(|(count, capacity, depot, distance, duration, fixed, rate, allowed, reloads, trips)| {
        let mut vehicle = VehicleType::new(count).depot(DepotId::new(depot)).fixed_cost(fixed).cost_per_distance(rate);
        vehicle.capacity = capacity.into_iter().collect();
        (vehicle.max_distance, vehicle.max_duration, vehicle.max_trips) = (distance, duration, trips);
        vehicle.reload_depots = reloads.into_iter().map(DepotId::new).collect();
        vehicle.allowed_clients = allowed.map(|set| set.into_iter().map(ClientId::new).collect());
        vehicle
    })
}

prop_compose! {
    fn problem()(depots in 1..3usize, clients in 1..8usize)(
        depots in prop::collection::vec((coord(), window()), depots..=depots),
        clients_of in prop::collection::vec(client(), clients..=clients),
        vehicles in prop::collection::vec(vehicle(depots, clients), 1..4),
        rounding in prop::sample::select(&Rounding::ALL[..]),
        ceil in prop::bool::weighted(0.2),
        after in any::<bool>(),
    ) -> (Problem, Rounding) {
        let mut builder = Problem::builder();
        for &(coord, _) in &depots {
            builder.add_depot(Depot::at(coord));
        }
        // Groups of one or none are not generated: a file has only groups with a choice.
        let members = |group| clients_of.iter().filter(|(_, g)| *g == Some(group)).count();
        let groups: Vec<_> = (0..3).map(|g| (members(g) > 1).then(|| builder.add_group(ClientGroup::required()))).collect();
        for (client, group) in &clients_of {
            let mut client = client.clone();
            client.group = group.and_then(|g| groups[g]);
            client.required &= client.group.is_none();
            builder.add_client(client);
        }
        for mut vehicle in vehicles {
            let (early, late) = depots[vehicle.start.unwrap().index()].1;
            vehicle = vehicle.shift(early, late);
            builder.add_vehicle_type(vehicle);
        }
        if after {
            builder.backhauls(Backhauls::AfterLinehauls);
        }
        let ceil_travel = Travel::Euclidean { rounding: EuclideanRounding::Ceil };
        builder.travel(if ceil { ceil_travel } else { Travel::euclidean(rounding) });
        (builder.build().unwrap(), if ceil { Rounding::Round } else { rounding })
    }
}

proptest! {
    #[test]
    fn reading_undoes_writing((problem, rounding) in problem()) {
        let text = vrplib::write(&problem).unwrap();
        let again = vrplib::read(&text, rounding).unwrap();
        prop_assert_eq!(again.locations(), problem.locations());
        prop_assert_eq!(again.travel(), problem.travel());
        prop_assert_eq!(again.backhauls(), problem.backhauls());
        prop_assert_eq!(again.depots(), problem.depots());
        // Groups come back in the order of their numbers, and clients refer to them consistently.
        prop_assert_eq!(again.clients(), problem.clients());
        prop_assert_eq!(each_vehicle(&again), each_vehicle(&problem));
        prop_assert_eq!(vrplib::write(&again).unwrap(), text);
    }

    #[test]
    fn shipments_come_back(
        shipments in prop::collection::vec((coord(), coord(), amount(), window(), amount()), 1..6),
        rounding in prop::sample::select(&Rounding::ALL[..]),
    ) {
        let mut builder = Problem::builder();
        let depot = builder.add_depot(Depot::at(Coord::new(0.5, 0.5)));
        for (pickup, delivery, amount, (early, late), service) in shipments {
            let pickup = ShipmentStop::at(pickup).time_window(early, late).service(service);
            builder.add_shipment(Shipment::new(pickup, ShipmentStop::at(delivery)).amount([amount]));
        }
        builder.add_vehicle_type(VehicleType::new(2).depot(depot).shift(7, 900));
        let problem = builder.travel(Travel::euclidean(rounding)).build().unwrap();
        let again = vrplib::read(vrplib::write(&problem).unwrap(), rounding).unwrap();
        prop_assert_eq!(again.shipments(), problem.shipments());
        prop_assert_eq!(again.locations(), problem.locations());
        prop_assert_eq!(each_vehicle(&again), each_vehicle(&problem));
    }
}

/// The keys that are specifications as well as sections: without its `_SECTION`, a header would be one.
const AMBIGUOUS: [&str; 8] = [
    "CAPACITY",
    "RELEASE_TIME",
    "SERVICE_TIME",
    "VEHICLES_FIXED_COST",
    "VEHICLES_MAX_DISTANCE",
    "VEHICLES_MAX_DURATION",
    "VEHICLES_MAX_RELOADS",
    "VEHICLES_UNIT_DISTANCE_COST",
];

/// The text in another hand: one of the ways for each line, and one end for all lines.
fn respelt(text: &str, ways: &[usize], end: &str) -> String {
    let mut ways = ways.iter().copied().cycle();
    let mut way = |of: usize| ways.next().unwrap() % of;
    let mut lines = Vec::new();
    for line in text.lines() {
        if !line.starts_with(|c: char| c.is_ascii_alphabetic()) {
            lines.push(line.replace(' ', ["\t", "  ", " "][way(3)]));
            continue;
        }
        let (key, value) = line.split_once(" : ").map_or((line, None), |(key, value)| (key, Some(value)));
        let bare = key.strip_suffix("_SECTION").filter(|name| !AMBIGUOUS.contains(name) && way(3) == 0);
        let key = bare.unwrap_or(key).replace('_', ["_", "-", " ", "  "][way(4)]);
        let key = if way(2) == 0 { key.to_ascii_lowercase() } else { key };
        let part = [":", " : ", "=", " = ", " ", "\t: "][way(6)];
        lines.push(value.map_or(format!("{key}{}", ["", ":", " : "][way(3)]), |value| format!("{key}{part}{value}")));
    }
    lines.iter().flat_map(|line| [line.as_str(), end]).collect()
}

proptest! {
    #[test]
    fn spelling_does_not_matter(
        (problem, rounding) in problem(),
        ways in prop::collection::vec(0..720usize, 7..40),
        end in prop::sample::select(&["\n", "\r\n", "\r", " \t\n\n"][..]),
    ) {
        let text = vrplib::write(&problem).unwrap();
        let other = respelt(&text, &ways, end);
        let again = vrplib::read(&other, rounding);
        prop_assert!(again.is_ok(), "{}\n{}", again.unwrap_err(), other);
        prop_assert_eq!(again.unwrap(), vrplib::read(&text, rounding).unwrap());
        prop_assert_eq!(Format::detect(other.as_bytes(), None), Some(Format::Vrplib));
    }
}

/// The attributes of every single vehicle: its type without count and name.
fn each_vehicle(problem: &Problem) -> Vec<VehicleType> {
    let clients = problem.clients().len();
    let mut numbered: Vec<(usize, VehicleType)> = Vec::new();
    for vehicle_type in problem.vehicle_types() {
        let mut vehicle = vehicle_type.clone();
        (vehicle.count, vehicle.name) = (1, String::new());
        // A list of all clients is no restriction.
        vehicle.allowed_clients = vehicle.allowed_clients.filter(|list| list.len() < clients || clients == 0);
        let numbers: Vec<usize> = match vehicle_type.name.split_once(' ') {
            Some((_, list)) => list.split(',').flat_map(range).collect(),
            None => (numbered.len() + 1..=numbered.len() + vehicle_type.count).collect(),
        };
        numbered.extend(numbers.into_iter().map(|number| (number, vehicle.clone())));
    }
    numbered.sort_by_key(|&(number, _)| number);
    numbered.into_iter().map(|(_, vehicle)| vehicle).collect()
}

fn range(piece: &str) -> std::ops::RangeInclusive<usize> {
    let (first, last) = piece.split_once('-').unwrap_or((piece, piece));
    first.parse().unwrap()..=last.parse().unwrap()
}
