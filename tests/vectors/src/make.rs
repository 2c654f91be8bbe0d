//! Problems from seeds: one generator for each thing that a problem may have.

use milkrun::io::json;
use milkrun::travel::{Matrix, ProfileMatrices};
use milkrun::{
    Backhauls, Client, ClientGroup, Coord, Depot, DepotId, Problem, ProblemBuilder, ProfileId, Shipment, ShipmentStop,
    Travel, VehicleType,
};
use rand::{RngExt as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::case::{Case, Parameters};
use crate::living;

/// How a problem is made: its purpose, its name, and its generator.
type Recipe = (&'static str, &'static str, fn(&mut Source, &mut ProblemBuilder));

const RECIPES: [Recipe; 16] = [
    ("capacity alone", "capacity", capacity),
    ("time windows and service times", "time_windows", time_windows),
    ("two load dimensions, deliveries and pickups", "two_dimensions", two_dimensions),
    ("clients worth a prize", "prizes", prizes),
    ("groups of which one member is served", "groups", groups),
    ("shipments as well as clients", "shipments", shipments),
    ("shipments alone, with time windows", "shipments_alone", shipments_alone),
    ("several depots", "depots", depots),
    ("several trips with reloads and release times", "reloads", reloads),
    ("a mixed fleet with fixed and unit costs", "fleet", fleet),
    ("backhauls after linehauls", "backhauls", backhauls),
    ("routes that start or end anywhere", "open_routes", open_routes),
    ("limits of duration and distance", "limits", limits),
    ("vehicles that may serve some clients only", "allowed", allowed),
    ("asymmetric matrices of two profiles", "matrices", matrices),
    ("great circles", "great_circles", great_circles),
];

/// All generated cases: each recipe with two seeds, the second with two threads.
///
/// # Panics
///
/// If a recipe gives an invalid problem.
pub fn cases() -> Vec<(String, Case)> {
    let numbered = RECIPES.iter().zip(0..);
    let searched = numbered.flat_map(|(recipe, number)| (1..=2).map(move |seed| case(recipe, number, seed)));
    searched.chain(living::cases()).collect()
}

fn case((about, name, recipe): &Recipe, number: u64, seed: u64) -> (String, Case) {
    let mut source = Source::of(1_000 * number + seed);
    let mut builder = Problem::builder();
    builder.name(format!("{name} {seed}"));
    recipe(&mut source, &mut builder);
    let problem = builder.build().expect("a recipe makes a valid problem");
    let document = json::write_problem(&problem);
    let (threads, max_iterations) = (seed as usize, 150);
    let parameters =
        Parameters { seed, threads, max_iterations, no_improvement: None, target_cost: None, initial: None };
    let case = Case {
        about: (*about).to_owned(),
        problem: Some(serde_json::from_str(&document).expect("what is written is JSON")),
        parameters: Some(parameters),
        ..Case::default()
    };
    (format!("{name}_{seed}"), case)
}

/// The source of random numbers.
pub(crate) struct Source(Xoshiro256PlusPlus);

impl Source {
    /// The numbers of a seed.
    pub(crate) fn of(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    pub(crate) fn number(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    pub(crate) fn coord(&mut self) -> Coord {
        Coord::new(self.number(-400, 400) as f64, self.number(-400, 400) as f64)
    }

    fn clients(
        &mut self,
        builder: &mut ProblemBuilder,
        count: usize,
        mut make: impl FnMut(&mut Self, Client) -> Client,
    ) {
        for i in 0..count {
            let client = Client::at(self.coord()).name(format!("c{i}"));
            let client = make(self, client);
            builder.add_client(client);
        }
    }
}

fn depot(builder: &mut ProblemBuilder) -> DepotId {
    builder.add_depot(Depot::at(Coord::new(0.0, 0.0)).name("yard"))
}

fn capacity(source: &mut Source, builder: &mut ProblemBuilder) {
    let yard = depot(builder);
    source.clients(builder, 20, |s, client| client.delivery([s.number(1, 9)]));
    builder.add_vehicle_type(VehicleType::new(8).capacity([25]).depot(yard));
}

fn time_windows(source: &mut Source, builder: &mut ProblemBuilder) {
    let yard = builder.add_depot(Depot::at(Coord::new(0.0, 0.0)).open(0, 6_000).service(10));
    source.clients(builder, 16, |s, client| {
        let open = s.number(0, 4_000);
        client.delivery([s.number(1, 9)]).service(s.number(0, 60)).time_window(open, open + s.number(300, 1_200))
    });
    builder.add_vehicle_type(VehicleType::new(8).capacity([40]).depot(yard).cost_per_duration(1).shift(100, 5_900));
}

fn two_dimensions(source: &mut Source, builder: &mut ProblemBuilder) {
    let yard = depot(builder);
    source.clients(builder, 16, |s, client| {
        client.delivery([s.number(0, 9), s.number(0, 4)]).pickup([s.number(0, 9), s.number(0, 4)])
    });
    builder.add_vehicle_type(VehicleType::new(8).capacity([30, 14]).depot(yard));
}

fn prizes(source: &mut Source, builder: &mut ProblemBuilder) {
    let yard = depot(builder);
    source.clients(builder, 20, |s, client| {
        let client = client.delivery([s.number(1, 9)]);
        if s.number(0, 2) > 0 { client.optional(s.number(50, 900)) } else { client }
    });
    builder.add_vehicle_type(VehicleType::new(3).capacity([25]).depot(yard));
}

fn groups(source: &mut Source, builder: &mut ProblemBuilder) {
    let yard = depot(builder);
    let groups = [
        builder.add_group(ClientGroup::required().name("a")),
        builder.add_group(ClientGroup::required().name("b")),
        builder.add_group(ClientGroup::optional().name("c")),
    ];
    let mut number = 0;
    source.clients(builder, 18, |s, client| {
        number += 1;
        let client = client.delivery([s.number(1, 9)]);
        if number % 2 == 0 { client.optional(s.number(100, 500)).group(groups[number / 2 % 3]) } else { client }
    });
    builder.add_vehicle_type(VehicleType::new(6).capacity([25]).depot(yard));
}

fn shipments(source: &mut Source, builder: &mut ProblemBuilder) {
    let yard = depot(builder);
    source.clients(builder, 8, |s, client| client.delivery([s.number(1, 9)]));
    for i in 0..5 {
        let (from, to) = (ShipmentStop::at(source.coord()).service(5), ShipmentStop::at(source.coord()));
        let shipment = Shipment::new(from, to).amount([source.number(1, 9)]).name(format!("s{i}"));
        builder.add_shipment(if i == 4 { shipment.optional(source.number(100, 800)) } else { shipment });
    }
    builder.add_vehicle_type(VehicleType::new(6).capacity([25]).depot(yard));
}

fn shipments_alone(source: &mut Source, builder: &mut ProblemBuilder) {
    let yard = depot(builder);
    for i in 0..8 {
        let open = source.number(0, 2_000);
        let from = ShipmentStop::at(source.coord()).service(20).time_window(open, open + 1_500);
        let to = ShipmentStop::at(source.coord()).service(10).time_window(open, open + 4_000);
        builder.add_shipment(Shipment::new(from, to).amount([source.number(1, 5)]).name(format!("s{i}")));
    }
    builder.add_vehicle_type(VehicleType::new(8).capacity([8]).depot(yard).cost_per_duration(1));
}

fn depots(source: &mut Source, builder: &mut ProblemBuilder) {
    let depots: Vec<DepotId> =
        (0..3).map(|i| builder.add_depot(Depot::at(source.coord()).name(format!("d{i}")))).collect();
    source.clients(builder, 18, |s, client| client.pickup([s.number(1, 9)]));
    builder.add_vehicle_type(VehicleType::new(3).capacity([25]).depot(depots[0]));
    builder.add_vehicle_type(VehicleType::new(3).capacity([30]).depot(depots[1]));
    builder.add_vehicle_type(VehicleType::new(2).capacity([35]).start(depots[1]).end(depots[2]));
}

fn reloads(source: &mut Source, builder: &mut ProblemBuilder) {
    let yard = builder.add_depot(Depot::at(Coord::new(0.0, 0.0)).service(60).name("yard"));
    let tip = builder.add_depot(Depot::at(source.coord()).service(90).open(0, 9_000).name("tip"));
    source.clients(builder, 18, |s, client| {
        let client = client.pickup([s.number(1, 9)]).service(15);
        if s.number(0, 3) == 0 { client.release(s.number(100, 1_500)) } else { client }
    });
    let truck = VehicleType::new(2).capacity([25]).depot(yard).reload_depots([yard, tip]).max_trips(4).shift(0, 9_500);
    builder.add_vehicle_type(truck.fixed_cost(500));
}

fn fleet(source: &mut Source, builder: &mut ProblemBuilder) {
    let yard = depot(builder);
    source.clients(builder, 20, |s, client| client.delivery([s.number(1, 9)]).service(10));
    builder.add_vehicle_type(VehicleType::new(3).capacity([15]).depot(yard).fixed_cost(200).name("small"));
    let large = VehicleType::new(2).capacity([50]).depot(yard).fixed_cost(900).cost_per_distance(2).name("large");
    builder.add_vehicle_type(large);
    let slow = VehicleType::new(4).capacity([30]).depot(yard).cost_per_distance(0).cost_per_duration(3).name("slow");
    builder.add_vehicle_type(slow);
}

fn backhauls(source: &mut Source, builder: &mut ProblemBuilder) {
    let yard = depot(builder);
    let mut number = 0;
    source.clients(builder, 18, |s, client| {
        number += 1;
        if number % 3 == 0 { client.pickup([s.number(1, 9)]) } else { client.delivery([s.number(1, 9)]) }
    });
    builder.backhauls(Backhauls::AfterLinehauls);
    builder.add_vehicle_type(VehicleType::new(6).capacity([25]).depot(yard));
}

fn open_routes(source: &mut Source, builder: &mut ProblemBuilder) {
    let yard = depot(builder);
    source.clients(builder, 16, |s, client| client.delivery([s.number(1, 9)]).service(5));
    builder.add_vehicle_type(VehicleType::new(4).capacity([30]).start(yard));
    builder.add_vehicle_type(VehicleType::new(2).capacity([30]).end(yard));
    builder.add_vehicle_type(VehicleType::new(1).capacity([30]));
}

fn limits(source: &mut Source, builder: &mut ProblemBuilder) {
    let yard = depot(builder);
    source.clients(builder, 16, |s, client| client.service(s.number(5, 40)).optional(s.number(400, 1_500)));
    builder.add_vehicle_type(VehicleType::new(2).depot(yard).max_duration(1_900));
    builder.add_vehicle_type(VehicleType::new(2).depot(yard).max_distance(1_500));
}

fn allowed(source: &mut Source, builder: &mut ProblemBuilder) {
    let yard = depot(builder);
    let mut ids = Vec::new();
    for i in 0..16 {
        let client = Client::at(source.coord()).delivery([source.number(1, 9)]).name(format!("c{i}"));
        ids.push(builder.add_client(client));
    }
    builder.add_vehicle_type(VehicleType::new(3).capacity([40]).depot(yard).allowed_clients(&ids[..9]));
    builder.add_vehicle_type(VehicleType::new(3).capacity([40]).depot(yard).allowed_clients(&ids[6..]));
}

fn matrices(source: &mut Source, builder: &mut ProblemBuilder) {
    let yard = depot(builder);
    let clients = 14;
    source.clients(builder, clients, |s, client| client.delivery([s.number(1, 9)]));
    let mut table = |high: i64, unreachable: bool| {
        let size = clients + 1;
        let mut values: Vec<i64> = (0..size * size).map(|_| source.number(10, high)).collect();
        (0..size).for_each(|i| values[i * size + i] = 0);
        if unreachable {
            values[3] = milkrun::travel::UNREACHABLE;
        }
        Matrix::new(size, values).expect("a square table")
    };
    let profiles = vec![
        ProfileMatrices { distance: table(500, true), duration: Some(table(300, false)) },
        ProfileMatrices { distance: table(400, false), duration: None },
    ];
    builder.travel(Travel::Matrices(profiles));
    builder.add_vehicle_type(VehicleType::new(3).capacity([30]).depot(yard).cost_per_duration(1));
    builder.add_vehicle_type(VehicleType::new(3).capacity([30]).depot(yard).profile(ProfileId::new(1)));
}

fn great_circles(source: &mut Source, builder: &mut ProblemBuilder) {
    let yard = builder.add_depot(Depot::at(Coord::new(5.4, 52.4)).name("yard"));
    for i in 0..14 {
        // Coordinates as a file would have them: five decimals.
        let coord =
            Coord::new(source.number(530_000, 550_000) as f64 / 1e5, source.number(5_230_000, 5_250_000) as f64 / 1e5);
        builder.add_client(Client::at(coord).pickup([source.number(20, 200)]).service(60).name(format!("c{i}")));
    }
    builder.travel(Travel::Haversine { speed: 8.0, detour: 1.25 });
    builder.add_vehicle_type(VehicleType::new(4).capacity([700]).depot(yard).cost_per_duration(2).shift(0, 20_000));
}
