//! Random small problems of all classes at once.

use milkrun::{
    Backhauls, Client, ClientGroup, Coord, Depot, DepotId, Problem, ProblemBuilder, Rounding, Shipment, ShipmentStop,
    Travel, VehicleType,
};
use proptest::prelude::*;

/// Which features a random problem may have.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "one switch for each feature")]
pub(crate) struct Mix {
    pub(crate) windows: bool,
    pub(crate) prizes: bool,
    pub(crate) shipments: bool,
    pub(crate) reloads: bool,
    pub(crate) fleet: bool,
    pub(crate) groups: bool,
    pub(crate) backhauls: bool,
    pub(crate) durations: bool,
    pub(crate) tight: bool,
}

impl Mix {
    pub(crate) const PLAIN: Self = Self {
        windows: false,
        prizes: false,
        shipments: false,
        reloads: false,
        fleet: false,
        groups: false,
        backhauls: false,
        durations: false,
        tight: false,
    };
}

pub(crate) fn any_mix() -> impl Strategy<Value = Mix> {
    prop::array::uniform9(any::<bool>()).prop_map(
        |[windows, prizes, shipments, reloads, fleet, groups, backhauls, durations, tight]| Mix {
            windows,
            prizes,
            shipments,
            reloads,
            fleet,
            groups,
            backhauls,
            durations,
            tight,
        },
    )
}

/// A random problem with `clients` clients (and some shipments, where the mix has them).
pub(crate) fn problem(mix: Mix, clients: usize) -> impl Strategy<Value = Problem> {
    let stop = (0i32..100, 0i32..100, 1i64..10, 0i64..10, 0i64..150, 0i64..120, 0u8..100);
    (prop::collection::vec(stop, clients + 6), 0u64..1000)
        .prop_map(move |(stops, salt)| build(mix, clients, &stops, salt))
}

type RandomStop = (i32, i32, i64, i64, i64, i64, u8);

fn build(mix: Mix, clients: usize, stops: &[RandomStop], salt: u64) -> Problem {
    let at = |i: usize| Coord::new(f64::from(stops[i].0), f64::from(stops[i].1));
    let window = |i: usize| if mix.windows { (stops[i].4, stops[i].4 + 20 + stops[i].5) } else { (0, 100_000) };
    let mut builder = Problem::builder();
    let depots: Vec<DepotId> =
        (0..2).map(|d| builder.add_depot(Depot::at(at(clients + d)).service(salt as i64 % 3))).collect();
    let group = mix.groups.then(|| {
        builder.add_group(if salt.is_multiple_of(2) { ClientGroup::required() } else { ClientGroup::optional() })
    });
    for (i, stop) in stops.iter().enumerate().take(clients) {
        let (early, late) = window(i);
        let mut client = Client::at(at(i)).service(stop.3).time_window(early, late);
        client = if mix.backhauls && stop.6 % 3 == 0 { client.pickup([stop.2]) } else { client.delivery([stop.2]) };
        if mix.reloads && stop.6 % 4 == 0 {
            client = client.release(stop.4 / 2);
        }
        if mix.prizes && stop.6 % 2 == 0 {
            client = client.optional(i64::from(stop.6) * 2);
        }
        if let Some(group) = group.filter(|_| stop.6 % 5 == 0 || i == 0) {
            client = client.group(group);
        }
        builder.add_client(client);
    }
    if mix.shipments {
        for pair in [[clients + 2, clients + 3], [clients + 4, clients + 5]] {
            let end = |i: usize| {
                let (early, late) = window(i);
                ShipmentStop::at(at(i)).service(stops[i].3).time_window(early, late)
            };
            builder.add_shipment(Shipment::new(end(pair[0]), end(pair[1])).amount([stops[pair[0]].2]));
        }
    }
    add_fleet(&mut builder, mix, clients, &depots);
    if mix.backhauls && salt.is_multiple_of(2) {
        builder.backhauls(Backhauls::AfterLinehauls);
    }
    builder.travel(Travel::euclidean(if salt.is_multiple_of(3) { Rounding::Trunc } else { Rounding::Round }));
    builder.build().expect("the generator makes valid problems")
}

fn add_fleet(builder: &mut ProblemBuilder, mix: Mix, clients: usize, depots: &[DepotId]) {
    let count = if mix.tight { 1 + clients / 5 } else { clients };
    let mut vehicle = VehicleType::new(count).capacity([25]).depot(depots[0]);
    if mix.windows {
        vehicle = vehicle.shift(0, 450);
    }
    if mix.durations {
        vehicle = vehicle.cost_per_duration(1).max_duration(400).max_distance(380);
    }
    if mix.reloads {
        vehicle = vehicle.reload_depots(depots).max_trips(3);
    }
    if mix.fleet {
        builder.add_vehicle_type(vehicle.clone().capacity([14]).fixed_cost(20).end(depots[1]));
        let mut open = vehicle.clone().fixed_cost(60).cost_per_distance(2);
        open.end = None;
        builder.add_vehicle_type(open);
    }
    builder.add_vehicle_type(vehicle);
}
