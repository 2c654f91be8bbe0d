//! Random problems, and random plans for them.

use milkrun::plan::{Activity, RouteStops, TripStops};
use milkrun::travel::{EuclideanRounding, Matrix, ProfileMatrices, UNREACHABLE};
use milkrun::{
    Backhauls, Client, ClientGroup, ClientId, Coord, Depot, DepotId, GroupId, Location, LocationId, Problem, ProfileId,
    Rounding, Shipment, ShipmentId, ShipmentStop, TimeWindow, Travel, VehicleType, VehicleTypeId,
};
use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::{Index, select};

fn name() -> impl Strategy<Value = String> {
    select(vec!["", "", "a", "b", "yard", "Łódź \"1\"\n"]).prop_map(str::to_owned)
}

fn window() -> impl Strategy<Value = TimeWindow> {
    prop_oneof![
        3 => Just(TimeWindow::ALWAYS),
        1 => (-50_i64..400).prop_map(|early| TimeWindow::new(early, TimeWindow::UNBOUNDED_LATE)),
        2 => (-50_i64..400, 0_i64..600).prop_map(|(early, width)| TimeWindow::new(early, early + width)),
    ]
}

fn loads() -> impl Strategy<Value = Vec<i64>> {
    prop_oneof![Just(Vec::new()), vec(0_i64..6, 1..=2), Just(vec![0, 3])]
}

fn client() -> impl Strategy<Value = (Index, Option<Index>, Client)> {
    let money = (any::<bool>(), 0_i64..50);
    let place = (any::<Index>(), weighted(0.3, any::<Index>()));
    let times = (prop_oneof![Just(0), 0_i64..30], window(), prop_oneof![4 => Just(0), 1 => 0_i64..200]);
    (place, loads(), loads(), times, money, name()).prop_map(|(place, delivery, pickup, times, money, name)| {
        let mut client = Client::at(LocationId::new(0)).delivery(delivery).pickup(pickup).name(name);
        (client.service, client.time_window, client.release) = times;
        (client.required, client.prize) = money;
        (place.0, place.1, client)
    })
}

fn shipment() -> impl Strategy<Value = (Index, Index, Shipment)> {
    let stop = || (0_i64..20, window());
    (any::<Index>(), any::<Index>(), stop(), stop(), loads(), any::<bool>(), 0_i64..50, name()).prop_map(
        |(from, to, pickup, delivery, amount, required, prize, name)| {
            let at = |(service, time_window)| {
                let mut stop = ShipmentStop::at(LocationId::new(0)).service(service);
                stop.time_window = time_window;
                stop
            };
            let mut shipment = Shipment::new(at(pickup), at(delivery)).amount(amount).name(name);
            (shipment.required, shipment.prize) = (required, prize);
            (from, to, shipment)
        },
    )
}

#[derive(Clone, Debug)]
struct Links {
    start: Option<Index>,
    end: Option<Index>,
    reload: Vec<Index>,
    allowed: Option<Vec<Index>>,
    profile: Index,
}

fn vehicle_type() -> impl Strategy<Value = (Links, VehicleType)> {
    let links = (
        weighted(0.8, any::<Index>()),
        weighted(0.8, any::<Index>()),
        vec(any::<Index>(), 0..3),
        weighted(0.2, vec(any::<Index>(), 0..6)),
        any::<Index>(),
    )
        .prop_map(|(start, end, reload, allowed, profile)| Links { start, end, reload, allowed, profile });
    let costs = (0_i64..100, 0_i64..3, 0_i64..3);
    let limits = (weighted(0.2, 0_i64..400), weighted(0.2, 0_i64..400), weighted(0.2, 1_usize..3));
    let capacity = prop_oneof![Just(Vec::new()), (3_i64..30, 3_i64..30).prop_map(|(a, b)| vec![a, b])];
    (links, 0_usize..4, costs, limits, capacity, window(), name()).prop_map(
        |(links, count, costs, limits, capacity, shift, name)| {
            let mut v = VehicleType::new(count).capacity(capacity).fixed_cost(costs.0).name(name);
            (v.cost_per_distance, v.cost_per_duration) = (costs.1, costs.2);
            (v.max_duration, v.max_distance, v.max_trips) = limits;
            v.shift = shift;
            (links, v)
        },
    )
}

fn travel(locations: usize) -> impl Strategy<Value = Travel> {
    let entry = prop_oneof![20 => 0_i64..100, 1 => Just(UNREACHABLE)];
    let matrix = move || {
        vec(entry.clone(), locations * locations).prop_map(move |values| Matrix::new(locations, values).unwrap())
    };
    let profile = (matrix(), of(matrix())).prop_map(|(distance, duration)| ProfileMatrices { distance, duration });
    prop_oneof![
        2 => select(Rounding::ALL.to_vec()).prop_map(Travel::euclidean),
        1 => Just(Travel::Euclidean { rounding: EuclideanRounding::Ceil }),
        1 => (1.0..30.0_f64, 1.0..2.0_f64).prop_map(|(speed, detour)| Travel::Haversine { speed, detour }),
        2 => vec(profile, 1..3).prop_map(Travel::Matrices),
    ]
}

/// Small problems with some of everything.
pub(crate) fn problem() -> impl Strategy<Value = Problem> {
    let locations = vec(((-9.0..9.0_f64, -9.0..9.0_f64), name()), 1..6);
    let sized = locations.prop_flat_map(|locations| (travel(locations.len()), Just(locations)));
    let depots = vec((any::<Index>(), window(), 0_i64..10, name()), 0..3);
    let groups = vec((any::<bool>(), any::<bool>(), name()), 0..3);
    let backhauls = select(vec![Backhauls::Mixed, Backhauls::Mixed, Backhauls::AfterLinehauls]);
    let jobs = (vec(client(), 0..7), vec(shipment(), 0..3), vec(vehicle_type(), 1..3));
    (sized, depots, groups, backhauls, jobs, name()).prop_map(
        |((travel, locations), depots, groups, backhauls, (clients, shipments, types), name)| {
            let mut b = Problem::builder();
            let n = locations.len();
            for ((x, y), name) in locations {
                b.add_location(Location { coord: Coord::new(x, y), name });
            }
            let at = |index: Index| LocationId::new(index.index(n)).into();
            for (place, window, service, name) in &depots {
                let depot = Depot::at(LocationId::new(place.index(n))).service(*service).name(name.clone());
                b.add_depot(depot.open(window.early, window.late));
            }
            let mut members = vec![Vec::new(); groups.len()];
            let num_clients = clients.len();
            for (place, group, mut client) in clients {
                client.place = at(place);
                client.group = group.filter(|_| !groups.is_empty()).map(|g| GroupId::new(g.index(groups.len())));
                let group = client.group;
                let id = b.add_client(client);
                if let Some(group) = group {
                    members[group.index()].push(id);
                }
            }
            for ((required, has_patterns, name), members) in groups.into_iter().zip(members) {
                let is_required = required && !members.is_empty();
                let mut group = if is_required { ClientGroup::required() } else { ClientGroup::optional() };
                if let Some((last, others)) =
                    members.split_last().filter(|(_, others)| has_patterns && !others.is_empty())
                {
                    group.patterns = vec![others.to_vec(), vec![*last, others[0]]];
                    group.pattern_costs = if required { vec![7, 0] } else { Vec::new() };
                }
                b.add_group(group.name(name));
            }
            for (from, to, mut shipment) in shipments {
                (shipment.pickup.place, shipment.delivery.place) = (at(from), at(to));
                b.add_shipment(shipment);
            }
            for (v, (links, mut vehicle_type)) in types.into_iter().enumerate() {
                let depot = |index: Index| DepotId::new(index.index(depots.len()));
                if !depots.is_empty() {
                    vehicle_type.start = links.start.map(depot);
                    vehicle_type.end = links.end.map(depot);
                    vehicle_type.reload_depots = links.reload.into_iter().map(depot).collect();
                }
                vehicle_type.allowed_clients = links.allowed.map(|allowed| {
                    let known = allowed.into_iter().filter(|_| num_clients > 0);
                    known.map(|c| ClientId::new(c.index(num_clients))).collect()
                });
                vehicle_type.profile = ProfileId::new(links.profile.index(travel.num_profiles()));
                vehicle_type.count += usize::from(v == 0);
                b.add_vehicle_type(vehicle_type);
            }
            b.travel(travel).backhauls(backhauls).name(name);
            b.build().unwrap()
        },
    )
}

/// A problem with a plan that is often infeasible.
pub(crate) fn planned() -> impl Strategy<Value = (Problem, Vec<RouteStops>)> {
    problem().prop_flat_map(|problem| {
        let stops = prop_oneof![wild(&problem), orderly(&problem)];
        (Just(problem), stops)
    })
}

fn activities(problem: &Problem) -> Vec<Activity> {
    let clients = (0..problem.clients().len()).map(|c| Activity::Client(ClientId::new(c)));
    let shipments = (0..problem.shipments().len()).map(ShipmentId::new);
    clients.chain(shipments.flat_map(|s| [Activity::Pickup(s), Activity::Delivery(s)])).collect()
}

/// Any stops in any order, from and to any depots.
fn wild(problem: &Problem) -> BoxedStrategy<Vec<RouteStops>> {
    let all = activities(problem);
    let types = problem.vehicle_types().len();
    let depots: Vec<Option<DepotId>> =
        std::iter::once(None).chain((0..problem.depots().len()).map(|d| Some(DepotId::new(d)))).collect();
    let stops = if all.is_empty() { Just(Vec::new()).boxed() } else { vec(select(all), 0..5).boxed() };
    let trip = (select(depots.clone()), stops, select(depots)).prop_map(|(start, activities, end)| TripStops {
        start,
        activities,
        end,
    });
    let route = (0..types, vec(trip, 0..4)).prop_map(|(v, trips)| RouteStops {
        vehicle_type: VehicleTypeId::new(v),
        start: None,
        trips,
    });
    vec(route, 0..4).boxed()
}

/// Every stop at most once, from and to the right depots.
fn orderly(problem: &Problem) -> BoxedStrategy<Vec<RouteStops>> {
    let all = activities(problem);
    let n = all.len();
    let links: Vec<_> = problem.vehicle_types().iter().map(|v| (v.start, v.end, v.reload_depots.clone())).collect();
    let cuts = vec((0..links.len(), 0..=n.max(1), any::<bool>()), 1..4);
    (Just(all), vec(any::<u16>(), n), cuts)
        .prop_map(move |(all, keys, cuts)| {
            let mut order: Vec<usize> = (0..all.len()).collect();
            // Most keys leave a stop where it is, so that pickups tend to come before deliveries.
            order.sort_by_key(|&i| (if keys[i] % 4 == 0 { usize::from(keys[i]) % n } else { i }, i));
            let mut rest = order.into_iter().map(|i| all[i]);
            let mut routes = Vec::new();
            for (v, take, twice) in cuts {
                let (start, end, reload) = &links[v];
                let mut trips =
                    vec![TripStops { start: *start, activities: rest.by_ref().take(take).collect(), end: *end }];
                if let (true, Some(&reload)) = (twice, reload.first()) {
                    trips[0].end = Some(reload);
                    let activities = rest.by_ref().take(2).collect();
                    trips.push(TripStops { start: Some(reload), activities, end: *end });
                }
                routes.push(RouteStops { vehicle_type: VehicleTypeId::new(v), start: None, trips });
            }
            routes
        })
        .boxed()
}
