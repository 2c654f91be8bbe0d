//! Routes in `.sol` files: numbers of vehicles and stops, trips, and what cannot be written.

use milkrun::io::{lilim, solution, vrplib};
use milkrun::plan::{Activity, RouteStops, TripStops};
use milkrun::{
    Client, ClientId, Coord, Depot, DepotId, Problem, Rounding, Shipment, ShipmentId, ShipmentStop, VehicleType,
    VehicleTypeId,
};

fn clients(ids: &[usize]) -> Vec<Activity> {
    ids.iter().map(|&c| Activity::Client(ClientId::new(c))).collect()
}

fn trip(start: usize, activities: Vec<Activity>, end: usize) -> TripStops {
    TripStops { start: Some(DepotId::new(start)), activities, end: Some(DepotId::new(end)) }
}

fn route(vehicle_type: usize, trips: Vec<TripStops>) -> RouteStops {
    RouteStops { vehicle_type: VehicleTypeId::new(vehicle_type), start: None, trips }
}

/// Two depots, six clients, and vehicles 1, 3 and 4 from the first depot, 2 from the second.
fn mixed() -> Problem {
    let text = "DIMENSION : 8\nVEHICLES : 4\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n\
        1 0 0\n2 1 0\n3 2 0\n4 3 0\n5 4 0\n6 5 0\n7 6 0\n8 7 0\n\
        VEHICLES_DEPOT_SECTION\n1 1\n2 2\n3 1\n4 1\nVEHICLES_RELOAD_DEPOT_SECTION\n1 1 2\n2\n3 1 2\n4 1 2\nDEPOT_SECTION\n1\n2\nEOF\n";
    vrplib::read(text, Rounding::Round).unwrap()
}

#[test]
fn lines_belong_to_vehicles_and_depots_part_trips() {
    let problem = mixed();
    let text = "Route #1: \nRoute #2: 2 3\n\nRoute #3: 4 1 5 0 6\nCOST : 1.5e1\nOptimal: True\n# note\n";
    let found = solution::read(text, &problem).unwrap();
    let expected = [
        route(1, vec![trip(1, clients(&[0, 1]), 1)]),
        route(0, vec![trip(0, clients(&[2]), 1), trip(1, clients(&[3]), 0), trip(0, clients(&[4]), 0)]),
    ];
    assert_eq!(found.routes, expected);
    assert_eq!(found.cost, Some(15.0));
    // The first vehicle of its type is number 1, and nothing is said of those after the last that is used.
    let written = solution::write(&problem, &found.routes, found.cost).unwrap();
    assert_eq!(written, "Route #1: 4 1 5 0 6\nRoute #2: 2 3\nCost 15\n");
    let two = [expected[1].clone(), route(0, vec![trip(0, clients(&[5]), 0)])];
    assert_eq!(solution::write(&problem, &two, None).unwrap(), "Route #1: 4 1 5 0 6\nRoute #2:\nRoute #3: 7\n");
}

#[test]
fn depots_at_the_ends_are_redundant() {
    let problem = mixed();
    let plain = solution::read("Route #1: 2 3", &problem).unwrap();
    for text in ["Route #1: 0 2 3 0", "route 1 : 2 3", "Route #1:\t0 0 2\t3", "Route #1: 2 3 0 0"] {
        assert_eq!(solution::read(text, &problem).unwrap(), plain, "{text}");
    }
    let elsewhere = solution::read("Route #1: 1 2", &problem).unwrap();
    assert_eq!(elsewhere.routes, [route(0, vec![trip(0, Vec::new(), 1), trip(1, clients(&[0]), 0)])]);
    assert!(solution::read("Route #1: 0", &problem).unwrap().routes.is_empty());
    assert_eq!(solution::read("Cost 0", &problem).unwrap().cost, Some(0.0));
}

/// The ways in which people write the same two routes.
#[test]
fn rows_in_any_spelling() {
    let text =
        "DIMENSION : 4\nVEHICLES : 2\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 1 0\n3 2 0\n4 3 0\nEOF\n";
    let problem = vrplib::read(text, Rounding::Round).unwrap();
    let plain = solution::read("Route #1: 1 2\nRoute #2: 3\nCost 10", &problem).unwrap();
    assert_eq!(plain.first_number, 0);
    for text in [
        "Route 1: 1 2\nRoute 2: 3\nCost: 10",
        "route #1 1 2\nROUTE # 2 3\nTotal cost = 10",
        "Vehicle 1: 1, 2\rVehicle 2: 3\rObjective 10\r",
        "# by hand\n1 2\n3\ncost=10",
        "0 1 2 0\n0 3 0\nSolution cost: 10.0",
        "10\n1 2\n3",
    ] {
        assert_eq!(solution::read(text, &problem).unwrap(), plain, "{text}");
    }
    for text in ["Route #1: 2 3\nRoute #2: 4\nCost 10", "1 2 3 1\n1 4 1\nCost 10"] {
        let found = solution::read(text, &problem).unwrap();
        assert_eq!((found.routes, found.cost, found.first_number), (plain.routes.clone(), plain.cost, 1), "{text}");
    }
    let unknown = solution::read("1 2\n3\n", &problem).unwrap();
    assert_eq!((unknown.routes, unknown.cost), (plain.routes, None));
}

#[test]
fn a_tour_of_tsplib() {
    let text =
        "TYPE : TSP\nDIMENSION : 4\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 1 0\n3 2 0\n4 3 0\nEOF\n";
    let problem = vrplib::read(text, Rounding::Round).unwrap();
    let tour = "NAME : four.opt.tour\nTYPE : TOUR\nDIMENSION : 4\nTOUR_SECTION\n1\n2 4\n3\n-1\nEOF\n";
    let found = solution::read(tour, &problem).unwrap();
    assert_eq!(found.routes, [route(0, vec![trip(0, clients(&[0, 2, 1]), 0)])]);
    assert_eq!((found.cost, found.first_number), (None, 1));
}

#[test]
fn uniform_fleets_need_no_order() {
    let text = "DIMENSION : 3\nVEHICLES : 2\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 1 0\n3 2 0\nEOF\n";
    let problem = vrplib::read(text, Rounding::Round).unwrap();
    let found = solution::read("Route #7: 2\nRoute #0: 1\n", &problem).unwrap();
    assert_eq!(solution::write(&problem, &found.routes, 4.25).unwrap(), "Route #1: 2\nRoute #2: 1\nCost 4.25\n");
}

#[test]
fn stops_of_shipments_are_numbered_by_location() {
    let text = "3 50 1\n0 0 0 0 0 200 0 0 0\n1 3 4 -10 0 90 9 3 0\n2 1 1 5 0 90 9 0 4\n3 6 8 10 0 90 9 0 1\n4 2 2 -5 0 90 9 2 0\n";
    let problem = lilim::read(text, Rounding::Round).unwrap();
    let found = solution::read("Route #1: 3 2 1 4\n", &problem).unwrap();
    let (first, second) = (ShipmentId::new(0), ShipmentId::new(1));
    let activities =
        [Activity::Pickup(second), Activity::Pickup(first), Activity::Delivery(second), Activity::Delivery(first)];
    assert_eq!(found.routes[0].trips[0].activities, activities);
    assert_eq!(solution::write(&problem, &found.routes, None).unwrap(), "Route #1: 3 2 1 4\n");
}

#[test]
fn problems_of_other_origin_are_numbered_by_type() {
    let mut builder = Problem::builder();
    let depot = builder.add_depot(Depot::at(Coord::new(0.0, 0.0)));
    builder.add_shipment(Shipment::new(ShipmentStop::at(Coord::new(1.0, 0.0)), ShipmentStop::at(Coord::new(2.0, 0.0))));
    builder.add_client(Client::at(Coord::new(3.0, 0.0)));
    builder.add_vehicle_type(VehicleType::new(2).name("van").depot(depot));
    builder.add_vehicle_type(VehicleType::new(usize::MAX).name("truck").start(depot));
    let problem = builder.build().unwrap();
    let shipment = ShipmentId::new(0);
    let open = TripStops {
        start: Some(depot),
        activities: vec![Activity::Pickup(shipment), Activity::Client(ClientId::new(0)), Activity::Delivery(shipment)],
        end: None,
    };
    let routes = vec![route(1, vec![open])];
    let text = solution::write(&problem, &routes, None).unwrap();
    assert_eq!(text, "Route #1:\nRoute #2:\nRoute #3: 2 1 3\n");
    assert_eq!(solution::read(text, &problem).unwrap().routes, routes);
}

#[test]
fn what_cannot_be_written() {
    let problem = mixed();
    let single = |vehicle_type, c| route(vehicle_type, vec![trip(vehicle_type, clients(&[c]), vehicle_type)]);
    for (routes, expected) in [
        (vec![single(7, 0)], "routes[0].vehicle_type = 7: there is no such vehicle type"),
        (vec![single(0, 6)], "routes[0].trips[0].activities[0] = Client(ClientId(6)): there is no such stop"),
        (vec![single(1, 0), single(1, 1)], "routes[1].vehicle_type = 1 (of 1 vehicles): there are more routes"),
        (vec![route(0, vec![trip(1, clients(&[0]), 0)])], "routes[0].trips[0].start = depot 1 (not depot 0)"),
        (vec![route(0, vec![trip(0, clients(&[0]), 1)])], "routes[0].trips[0].end = depot 1 (not depot 0)"),
        (
            vec![route(0, vec![trip(0, clients(&[0]), 1), trip(0, clients(&[1]), 0)])],
            "routes[0].trips[1].start = depot 0 (not depot 1)",
        ),
        (
            vec![route(0, vec![TripStops { end: None, ..trip(0, clients(&[0]), 0) }])],
            "routes[0].trips[0].end = open (not depot 0)",
        ),
    ] {
        let message = solution::write(&problem, &routes, None).expect_err(expected).to_string();
        assert!(message.starts_with(expected), "expected `{expected}`, got `{message}`");
    }
    let nowhere = [route(0, Vec::new()), route(0, vec![trip(0, Vec::new(), 0)])];
    assert_eq!(solution::write(&problem, &nowhere, None).unwrap(), "");
}
