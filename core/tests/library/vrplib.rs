//! What each specification and section of VRPLIB means.

use milkrun::io::vrplib;
use milkrun::units::MAX_VALUE;
use milkrun::{Backhauls, ClientId, Coord, DepotId, GroupId, LocationId, Problem, ProfileId, Rounding, TimeWindow};

/// A file with four locations, whose specifications and sections are to be completed.
fn file(specifications: &str, sections: &str) -> String {
    format!(
        "DIMENSION : 4\nEDGE_WEIGHT_TYPE : EUC_2D\n{specifications}\n\
        NODE_COORD_SECTION\n1 0 0\n2 3 4\n3 6 8\n4 1 1\n{sections}\nEOF\n"
    )
}

fn read(specifications: &str, sections: &str, rounding: Rounding) -> Problem {
    vrplib::read(file(specifications, sections), rounding).unwrap_or_else(|error| panic!("{error}"))
}

fn distance(problem: &Problem, from: usize, to: usize) -> i64 {
    problem.distance(ProfileId::new(0), LocationId::new(from), LocationId::new(to))
}

#[test]
fn defaults() {
    let problem = read("", "", Rounding::Round);
    assert_eq!((problem.depots().len(), problem.clients().len(), problem.num_vehicles()), (1, 3, 3));
    let client = &problem.clients()[0];
    assert!(client.required && client.time_window.is_always() && client.delivery.is_empty() && client.service == 0);
    assert_eq!(client.location(), LocationId::new(1));
    let vehicle = &problem.vehicle_types()[0];
    assert_eq!((vehicle.start, vehicle.end, vehicle.cost_per_distance), (Some(DepotId::new(0)), vehicle.start, 1));
    assert!(vehicle.capacity.is_empty() && vehicle.max_distance.is_none() && vehicle.max_duration.is_none());
    assert!(vehicle.shift.is_always() && vehicle.reload_depots.is_empty() && vehicle.max_trips.is_none());
    assert_eq!(vehicle.name, "vehicles 1-3");
    assert_eq!(problem.backhauls(), Backhauls::Mixed);
}

#[test]
fn text_in_any_shape() {
    let text = b"\xef\xbb\xbfNAME :\t \"Li\xe8ge\" \t\r\ncomment: a: b \x80\r\n# a note\r\nDIMENSION:2\r\n\r\n\
        DEMAND SECTION\t\t\r\n 2\t4e0 \r\n+1 0.0\r\nCAPACITY :  1e1\r\nDEPOT_SECTION:\r\n\t1\t\r\n\t-1\r\n\
        NODE_COORD_SECTION\t\r\n1 .5 -5E-1\r\n2 3.5 3.5\r\nEDGE_WEIGHT_TYPE EUC_2D\nEOF";
    let problem = vrplib::read(text, Rounding::Round).unwrap();
    assert_eq!(problem.name(), "Li\u{e8}ge");
    assert_eq!(problem.clients()[0].delivery, [4]);
    assert_eq!(problem.vehicle_types()[0].capacity, [10]);
    assert_eq!(problem.coord(LocationId::new(0)), Coord::new(0.5, -0.5));
    assert_eq!(distance(&problem, 0, 1), 5);
}

#[test]
fn rounding_applies_to_values_and_lengths() {
    let sections = "DEMAND_SECTION\n1 0\n2 1.26\n3 0\n4 0\nTIME_WINDOW_SECTION\n1 0 9\n2 1.5 2.5\n3 0 9\n4 0 9\n\
        PRIZE_SECTION\n1 0\n2 0.04\n3 0.5\n4 0";
    let specifications = "CAPACITY : 7.77\nSERVICE_TIME : 1.26\nVEHICLES_FIXED_COST : 2.5\nVEHICLES_MAX_DISTANCE : 99.99\n\
        VEHICLES_UNIT_DISTANCE_COST : 3\nVEHICLES_MAX_RELOADS : 2";
    for (rounding, demand, capacity, early, diagonal, prize, required) in [
        (Rounding::Round, 1, 8, 2, 1, 0, true),
        (Rounding::Trunc, 1, 7, 1, 1, 0, true),
        (Rounding::Dimacs, 12, 77, 15, 14, 0, true),
        (Rounding::Exact, 1260, 7770, 1500, 1414, 40, false),
    ] {
        let problem = read(specifications, sections, rounding);
        let client = &problem.clients()[0];
        assert_eq!(
            (client.delivery[0], client.service, client.time_window.early),
            (demand, demand, early),
            "{rounding}"
        );
        assert_eq!((client.prize, client.required), (prize, required), "{rounding}");
        let vehicle = &problem.vehicle_types()[0];
        assert_eq!((vehicle.capacity[0], vehicle.cost_per_distance, vehicle.max_trips), (capacity, 3, Some(3)));
        assert_eq!(vehicle.fixed_cost, rounding.apply(2.5));
        assert_eq!(vehicle.max_distance, Some(rounding.apply(99.99)));
        assert_eq!(distance(&problem, 0, 3), diagonal, "{rounding}");
    }
    assert_eq!(read("", "", Rounding::None).clients().len(), 3);
}

#[test]
fn one_service_time_is_for_clients_only() {
    let problem = read("SERVICE_TIME : 7\nRELEASE_TIME : 3", "", Rounding::Round);
    assert!(problem.clients().iter().all(|c| c.service == 7 && c.release == 3));
    assert_eq!(problem.depots()[0].service, 0);
    let problem =
        read("", "SERVICE_TIME_SECTION\n1 9\n4 3\n3 2\n2 1\nRELEASE_TIME_SECTION\n1 9\n2 4\n3 5\n4 6", Rounding::Round);
    let times: Vec<_> = problem.clients().iter().map(|c| (c.service, c.release)).collect();
    assert_eq!(times, [(1, 4), (2, 5), (3, 6)]);
    assert_eq!(problem.depots()[0].service, 0);
}

#[test]
fn a_depots_window_is_its_vehicles_shift() {
    let sections = "TIME_WINDOW_SECTION\n1 5 50\n2 7 1e15\n3 0 30\n4 0 40\nVEHICLES_DEPOT_SECTION\n1 2\n2 1\n3 2\nDEPOT_SECTION\n1\n2";
    let problem = read("VEHICLES : 3", sections, Rounding::Round);
    assert!(problem.depots().iter().all(|depot| depot.time_window.is_always()));
    let types: Vec<_> = problem.vehicle_types().iter().map(|v| (v.count, v.start, v.shift, v.name.as_str())).collect();
    let second = TimeWindow::new(7, TimeWindow::UNBOUNDED_LATE);
    assert_eq!(
        types,
        [
            (2, Some(DepotId::new(1)), second, "vehicles 1,3"),
            (1, Some(DepotId::new(0)), TimeWindow::new(5, 50), "vehicle 2")
        ]
    );
    assert_eq!(problem.clients()[0].location(), LocationId::new(2));
    assert_eq!(problem.clients()[1].time_window, TimeWindow::new(0, 40));
}

#[test]
fn vehicles_that_differ() {
    let sections = "CAPACITY_SECTION\n1 5\n2 5\n3 1e12\n4 5\nVEHICLES_FIXED_COST_SECTION\n1 9\n2 8\n3 9\n4 9\n\
        VEHICLES_UNIT_DISTANCE_COST_SECTION\n1 2\n2 2\n3 2\n4 2\nVEHICLES_MAX_DISTANCE_SECTION\n1 10\n2 10\n3 1e12\n4 10\n\
        VEHICLES_MAX_DURATION_SECTION\n1 20\n2 20\n3 20\n4 20\nVEHICLES_MAX_RELOADS_SECTION\n1 0\n2 0\n3 1e12\n4 0\n\
        VEHICLES_ALLOWED_CLIENTS_SECTION\n1 2 4\n2\n3 4 3 2\n4 4 2 2\nVEHICLES_RELOAD_DEPOT_SECTION\n1\n2 1\n3 1\n4";
    let problem = read("VEHICLES : 4", sections, Rounding::Round);
    let [first, second, third] = problem.vehicle_types() else { panic!("three types") };
    assert_eq!((first.count, first.name.as_str(), &first.capacity[..]), (2, "vehicles 1,4", &[5][..]));
    assert_eq!((first.fixed_cost, first.cost_per_distance, first.max_distance), (9, 2, Some(10)));
    assert_eq!((first.max_duration, first.max_trips, first.reload_depots.len()), (Some(20), Some(1), 0));
    assert_eq!(first.allowed_clients, Some(vec![ClientId::new(0), ClientId::new(2)]));
    assert_eq!((second.allowed_clients.clone(), second.reload_depots.len()), (Some(Vec::new()), 1));
    assert_eq!((third.capacity.len(), third.max_distance, third.max_trips), (0, None, None));
    assert_eq!(third.allowed_clients, None, "all clients are no restriction");
}

#[test]
fn loads_of_several_dimensions_and_backhauls() {
    let sections = "DEMAND_SECTION\n1 0 0\n2 1 2\n3 3 4\n4 0 0\nBACKHAUL_SECTION\n1 0\n2 0\n3 0\n4 9\n\
        CAPACITY_SECTION\n1 10 20\n2 10 20\n3 10 20";
    let problem = read("TYPE : VRPB", sections, Rounding::Round);
    assert_eq!(problem.backhauls(), Backhauls::AfterLinehauls);
    assert_eq!(problem.load_dimensions(), 2);
    assert_eq!((&problem.clients()[1].delivery[..], &problem.clients()[2].pickup[..]), (&[3, 4][..], &[9][..]));
    assert_eq!((problem.vehicle_types().len(), &problem.vehicle_types()[0].capacity[..]), (1, &[10, 20][..]));
    assert!(problem.is_linehaul(ClientId::new(1)) && problem.is_backhaul(ClientId::new(2)));
    let linehaul = read("TYPE : VRPB\nCAPACITY : 5", "LINEHAUL_SECTION\n1 0\n2 1\n3 0\n4 0", Rounding::Round);
    assert_eq!(linehaul.clients()[0].delivery, [1]);
}

#[test]
fn prizes_and_groups() {
    let sections = "PRIZE_SECTION\n1 5\n2 0\n3 4\n4 6\nMUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 2\n2\n3 4 3";
    let problem = read("", sections, Rounding::Round);
    let clients: Vec<_> = problem.clients().iter().map(|c| (c.required, c.prize, c.group)).collect();
    let group = Some(GroupId::new(0));
    assert_eq!(clients, [(true, 0, None), (false, 4, group), (false, 6, group)]);
    assert_eq!(problem.groups().len(), 1, "groups without a choice vanish");
    assert!(problem.groups()[0].required);
}

#[test]
fn shipments() {
    let text = "DIMENSION : 6\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 9\nNODE_COORD_SECTION\n1 0 0\n2 9 9\n3 1 0\n4 2 0\n5 3 0\n6 4 0\n\
        PICKUP_AND_DELIVERY_SECTION\n1 0 1 100 0 0 0\n2 0 2 200 0 0 0\n3 -5 10 20 1 6 0\n4 7 0 40 2 0 5\n5 -7 0 50 3 4 0\n\
        6 5 0 60 4 0 3\nDEPOT_SECTION\n1\n2\n-1\nEOF\n";
    let problem = vrplib::read(text, Rounding::Dimacs).unwrap();
    assert_eq!((problem.clients().len(), problem.shipments().len(), problem.num_vehicles()), (0, 2, 4));
    let [first, second] = problem.shipments() else { panic!("two shipments") };
    assert_eq!((first.pickup.location().index(), first.delivery.location().index(), first.amount[0]), (3, 4, 70));
    assert_eq!((second.pickup.location().index(), second.delivery.location().index(), second.amount[0]), (5, 2, 50));
    assert_eq!((second.delivery.time_window, second.delivery.service), (TimeWindow::new(100, 200), 10));
    assert_eq!((second.pickup.time_window, second.pickup.service), (TimeWindow::new(0, 600), 40));
    assert_eq!(problem.vehicle_types()[0].shift, TimeWindow::new(10, 1000));
}

#[test]
fn edge_weight_types() {
    // From (0, 0) to (1, 1), and to (6, 8).
    for (name, rounding, near, far) in [
        ("EUC_2D", Rounding::Round, 1, 10),
        ("CEIL_2D", Rounding::Round, 2, 10),
        ("CEIL_2D", Rounding::Dimacs, 20, 100),
        ("FLOOR_2D", Rounding::None, 1, 10),
        ("FLOOR_2D", Rounding::Exact, 1000, 10_000),
        ("EXACT_2D", Rounding::Round, 1414, 10_000),
        ("EXACT_2D", Rounding::Dimacs, 14_140, 100_000),
        ("MAN_2D", Rounding::Round, 2, 14),
        ("MAN_2D", Rounding::Exact, 2000, 14_000),
        ("MAX_2D", Rounding::Trunc, 1, 8),
        ("euc 2d", Rounding::Round, 1, 10),
    ] {
        let problem = vrplib::read(file("", "").replace("EUC_2D", name), rounding).unwrap();
        assert_eq!((distance(&problem, 0, 3), distance(&problem, 2, 0)), (near, far), "{name}, {rounding}");
    }
}

#[test]
fn points_in_space() {
    for (name, expected) in [("EUC_3D", 3), ("MAN_3D", 5), ("MAX_3D", 2)] {
        let text = format!("DIMENSION : 2\nEDGE_WEIGHT_TYPE : {name}\nNODE_COORD_SECTION\n1 0 0 0\n2 1 2 2\nEOF\n");
        let problem = vrplib::read(text, Rounding::Round).unwrap();
        assert_eq!((distance(&problem, 0, 1), problem.coord(LocationId::new(1))), (expected, Coord::new(1.0, 2.0)));
    }
}

#[test]
fn no_fixed_edges_are_none() {
    assert_eq!(read("", "FIXED_EDGES_SECTION\n-1", Rounding::Round), read("", "", Rounding::Round));
}

#[test]
fn edge_weight_formats() {
    let symmetric = [[0, 1, 2], [1, 0, 3], [2, 3, 0]];
    let asymmetric = [[0, 1, 2], [4, 0, 3], [5, 6, 0]];
    for (format, values, expected) in [
        ("FULL_MATRIX", "0 1 2\n4 9999999 3 5\n6 0", asymmetric),
        ("LOWER_ROW", "1\n2 3", symmetric),
        ("LOWER_DIAG_ROW", "0 1 0 2 3 0", symmetric),
        ("UPPER_ROW", "1 2 3", symmetric),
        ("UPPER_DIAG_ROW", "0 1 2 0 3 0", symmetric),
        ("LOWER_COL", "1 2\n3", symmetric),
        ("UPPER_COL", "1 2 3", symmetric),
        ("LOWER_DIAG_COL", "0 1 2 0 3 0", symmetric),
        ("UPPER_DIAG_COL", "0 1 0 2 3 0", symmetric),
    ] {
        let text = format!(
            "DIMENSION : 3\nEDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : {format}\nEDGE_WEIGHT_SECTION\n{values}\n\
            DISPLAY_DATA_SECTION\n1 7 8\n2 0 0\n3 0 0\nEOF\n"
        );
        let problem = vrplib::read(text, Rounding::None).unwrap();
        let found = std::array::from_fn(|i| std::array::from_fn(|j| distance(&problem, i, j)));
        assert_eq!(found, expected, "{format}");
        assert_eq!(problem.coord(LocationId::new(0)), Coord::new(7.0, 8.0));
    }
}

#[test]
fn long_explicit_arcs_are_unreachable() {
    let text =
        "DIMENSION : 2\nEDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : UPPER_ROW\nEDGE_WEIGHT_SECTION\n1e12\nEOF\n";
    let problem = vrplib::read(text, Rounding::Dimacs).unwrap();
    assert_eq!(distance(&problem, 0, 1), MAX_VALUE);
    assert_eq!(problem.coord(LocationId::new(1)), Coord::new(0.0, 0.0));
    let text = text.replace("1e12", "2.55");
    assert_eq!(distance(&vrplib::read(text, Rounding::Dimacs).unwrap(), 1, 0), 25);
}

#[test]
fn classical_keys_without_meaning() {
    let keys = "NODE_COORD_TYPE : TWOD_COORDS\nDISPLAY_DATA_TYPE : COORD_DISPLAY\nCOMMENT : a\nCOMMENT b";
    let problem = read(keys, "", Rounding::Round);
    assert_eq!(problem.vehicle_types()[0].max_distance, None);
}

#[test]
fn distance_limits_routes() {
    let limits = |specifications: &str| {
        let problem = read(specifications, "", Rounding::Dimacs);
        let vehicle = &problem.vehicle_types()[0];
        (vehicle.max_distance, vehicle.max_duration)
    };
    assert_eq!(limits("DISTANCE : 5"), (Some(50), None));
    assert_eq!(limits("DISTANCE : 5\nSERVICE_TIME : 1"), (None, Some(50)), "service is part of the route");
}

#[test]
fn a_tour_is_one_route() {
    for kind in ["TSP", "tsp", "ATSP"] {
        assert_eq!(read(&format!("TYPE : {kind}"), "", Rounding::Round).num_vehicles(), 1, "{kind}");
    }
}

#[test]
fn vehicles_start_at_every_depot() {
    let problem = read("", "DEPOT_SECTION\n1\n2\n-1", Rounding::Round);
    let starts: Vec<_> = problem.vehicle_types().iter().map(|v| (v.start.unwrap().index(), v.count)).collect();
    assert_eq!((starts, problem.clients().len()), (vec![(0, 2), (1, 2)], 2));
}

/// A file whose depots are the third and the first location means the same as one in which they come first.
#[test]
fn depots_anywhere() {
    let text = |head: &str, coords: [&str; 4], numbers: [usize; 4], rest: &str| {
        let [a, b, c, d] = numbers;
        let row = |number: usize| coords[number - 1];
        format!(
            "DIMENSION : 4\nCAPACITY : 9\nVEHICLES : 2\n{head}\nNODE_COORD_SECTION\n1 {}\n2 {}\n3 {}\n4 {}\n\
            DEMAND_SECTION\n{a} 0\n{b} 0\n{c} 5\n{d} 6\nVEHICLES_DEPOT_SECTION\n1 {a}\n2 {b}\n\
            VEHICLES_RELOAD_DEPOT_SECTION\n1 {b}\n2\nVEHICLES_ALLOWED_CLIENTS_SECTION\n1 {c}\n2 {c} {d}\n\
            MUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 {c} {d}\nDEPOT_SECTION\n{a}\n{b}\n-1\n{rest}EOF\n",
            row(1),
            row(2),
            row(3),
            row(4),
        )
    };
    let first = text("EDGE_WEIGHT_TYPE : EUC_2D", ["7 7", "0 1", "2 0", "5 5"], [1, 2, 3, 4], "");
    let later = text("EDGE_WEIGHT_TYPE : EUC_2D", ["0 1", "2 0", "7 7", "5 5"], [3, 1, 2, 4], "");
    let read = |text: String| vrplib::read(text, Rounding::Round).unwrap();
    assert_eq!(read(later), read(first));
    let head = "EDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : FULL_MATRIX";
    let matrix = "EDGE_WEIGHT_SECTION\n0 12 13 14\n21 0 23 24\n31 32 0 34\n41 42 43 0\n";
    let moved = "EDGE_WEIGHT_SECTION\n0 23 21 24\n32 0 31 34\n12 13 0 14\n42 43 41 0\n";
    let first = text(head, ["7 7", "0 1", "2 0", "5 5"], [1, 2, 3, 4], matrix);
    let later = text(head, ["0 1", "2 0", "7 7", "5 5"], [3, 1, 2, 4], moved);
    assert_eq!(read(later), read(first));
}

#[test]
fn tsplib_distances() {
    let geo =
        "DIMENSION : 3\nEDGE_WEIGHT_TYPE : GEO\nNODE_COORD_SECTION\n1 38.24 20.42\n2 39.57 26.15\n3 40.56 25.32\nEOF\n";
    let problem = vrplib::read(geo, Rounding::Round).unwrap();
    // The first distances of TSPLIB's ulysses16.
    assert_eq!((distance(&problem, 0, 1), distance(&problem, 0, 2), distance(&problem, 1, 2)), (509, 501, 126));
    let place = problem.coord(LocationId::new(0));
    assert!((place.x - 20.7).abs() < 1e-9 && (place.y - 38.4).abs() < 1e-9, "longitude first, for maps: {place:?}");
    let att = "DIMENSION : 2\nEDGE_WEIGHT_TYPE : ATT\nNODE_COORD_SECTION\n1 6734 1453\n2 2233 10\nEOF\n";
    // TSPLIB's att48.
    assert_eq!(distance(&vrplib::read(att, Rounding::Round).unwrap(), 0, 1), 1495);
}
