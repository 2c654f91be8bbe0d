//! Malformed files: each gives a typed error that names line, section, text and remedy, and nothing panics or hangs.

use std::fmt::Write as _;

use milkrun::io::{FaultKind, ReadError, lilim, solomon, solution, vrplib};
use milkrun::{Problem, Rounding};

const VRP: &str = "\
NAME : base
TYPE : VRPTW
DIMENSION : 4
VEHICLES : 2
CAPACITY : 10
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
4 0 5
DEMAND_SECTION
1 0
2 3
3 4
4 5
TIME_WINDOW_SECTION
1 0 100
2 0 50
3 10 60
4 0 70
DEPOT_SECTION
1
-1
EOF
";

const EXPLICIT: &str = "\
DIMENSION : 3
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : LOWER_ROW
EDGE_WEIGHT_SECTION
5 7
9
DEPOT_SECTION
1
-1
EOF
";

const PAIRS: &str = "\
DIMENSION : 5
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
4 0 5
5 5 0
PICKUP_AND_DELIVERY_SECTION
1 0 0 100 0 0 0
2 5 0 50 1 0 3
3 -5 10 60 1 2 0
4 7 0 70 1 0 5
5 -7 0 70 1 4 0
DEPOT_SECTION
1
-1
CAPACITY : 20
EOF
";

/// The error of `base` after a replacement, under a rounding convention.
fn error_of(base: &str, (find, replace): (&str, &str), rounding: Rounding) -> ReadError {
    assert!(base.contains(find), "`{find}` is not in the file");
    vrplib::read(base.replacen(find, replace, 1), rounding).expect_err(&format!("`{replace}` for `{find}`"))
}

/// Each change to `base` gives an error that contains the expected text.
fn check(base: &str, changes: &[(&str, &str, &str)]) {
    vrplib::read(base, Rounding::Round).expect("the base is valid");
    for &(find, replace, expected) in changes {
        let message = error_of(base, (find, replace), Rounding::Round).to_string();
        assert!(message.contains(expected), "`{replace}` for `{find}`: expected `{expected}`, got\n{message}");
    }
}

#[test]
fn specifications() {
    check(
        VRP,
        &[
            ("DIMENSION : 4\n", "", "DIMENSION is missing; add a line `KEY : value`"),
            ("DIMENSION : 4", "DIMENSION : four", "line 3, DIMENSION, `four`: not a number"),
            ("DIMENSION : 4", "DIMENSION :", "line 3, DIMENSION, not a number"),
            ("DIMENSION : 4", "DIMENSION : 3.5", "line 3, DIMENSION, `3.5`: not an integer"),
            ("DIMENSION : 4", "DIMENSION : 0", "line 3, DIMENSION, `0`: must be a count from 1"),
            ("DIMENSION : 4", "DIMENSION : -4", "line 3, DIMENSION, `-4`: must be a count from 1"),
            ("DIMENSION : 4", "DIMENSION : 1", "there is no client"),
            ("DIMENSION : 4", "DIMENSION : 1000000000000000000", "line 3, DIMENSION, `1e18`: must be"),
            ("DIMENSION : 4", "DIMENSION : 99999999", "line 7, NODE_COORD_SECTION, the section has 4 rows for 9999"),
            ("DIMENSION : 4", "DIMENSIONS 4", "line 3, `DIMENSIONS 4`: this line has no place in the format"),
            ("TYPE : VRPTW", "TYPE : CVRPTW", "line 2, TYPE, `CVRPTW`: unknown type of problem"),
            ("TYPE : VRPTW", "TYPE : VRPBTW", "line 2, TYPE, `VRPBTW`: unknown type of problem"),
            ("TYPE : VRPTW", "TYPE : OVRP", "use one of ACVRP, ATSP, CVRP"),
            ("TYPE : VRPTW", "TYPE : TSP", "line 4, VEHICLES, `2`: must be a count from 1 to 1"),
            ("CAPACITY : 10\n", "", "there are demands, but no CAPACITY; add CAPACITY"),
            (
                "CAPACITY : 10",
                "CAPACITY : 10\nDISTANCE : 5\nVEHICLES_MAX_DISTANCE : 5",
                "line 6, DISTANCE, cannot be combined with",
            ),
            ("EOF\n", "", "DEPOT_SECTION, the file ends without EOF, so part of it may be missing; complete the file"),
            ("VEHICLES : 2", "VEHICLES : 0", "line 4, VEHICLES, `0`: must be a count from 1"),
            ("VEHICLES : 2", "VEHICLES : -2", "line 4, VEHICLES, `-2`: must be a count from 1"),
            ("VEHICLES : 2", "VEHICLES : 1e18", "line 4, VEHICLES, `1e18`: must be a count from 1"),
            ("VEHICLES : 2", "VEHICLES : 2\nVEHICLES : 2", "line 5, VEHICLES, was already given on line 4"),
            ("CAPACITY : 10", "CAPACITY : -1", "line 5, CAPACITY, `-1`: must not be negative; give zero or more"),
            ("CAPACITY : 10", "CAPACITY : NaN", "line 5, CAPACITY, `NaN`: not a finite number"),
            ("CAPACITY : 10", "CAPACITY : inf", "line 5, CAPACITY, `inf`: not a finite number"),
            ("CAPACITY : 10", "COLOUR : red", "line 5, COLOUR, `red`: unknown specification"),
            ("EDGE_WEIGHT_TYPE : EUC_2D\n", "", "EDGE_WEIGHT_TYPE is missing"),
            ("EUC_2D", "XRAY1", "line 6, EDGE_WEIGHT_TYPE, `XRAY1`: unknown edge weight type; use one of EUC_2D"),
            ("EUC_2D", "EUC_3D", "line 8, NODE_COORD_SECTION, `1 0 0`: the row has 3 values instead of 4"),
            (
                "DEPOT_SECTION",
                "FIXED_EDGES_SECTION\n2 3\n-1\nDEPOT_SECTION",
                "line 23, FIXED_EDGES_SECTION, `2 3`: an edge",
            ),
            ("CAPACITY : 10", "SERVICE_TIME : -5", "line 5, SERVICE_TIME, `-5`: must not be negative"),
            ("CAPACITY : 10", "SERVICE_TIME : 1e400", "line 5, SERVICE_TIME, `1e400`: not a finite number"),
            ("CAPACITY : 10", "VEHICLES_MAX_RELOADS : 1.5", "line 5, VEHICLES_MAX_RELOADS, `1.5`: not an integer"),
            ("CAPACITY : 10", "VEHICLES_MAX_DISTANCE : -1", "VEHICLES_MAX_DISTANCE, `-1`: must not be negative"),
            ("CAPACITY : 10", "VEHICLES_UNIT_DISTANCE_COST : 0.5", "UNIT_DISTANCE_COST, `0.5`: not an integer"),
            ("CAPACITY : 10", "VEHICLES_FIXED_COST : 1e300", "`1e300`: after rounding and scaling, the value exceeds"),
        ],
    );
}

#[test]
fn rows_of_locations() {
    let coords = "NODE_COORD_SECTION\n1 0 0\n2 3 4\n3 6 8\n4 0 5\n";
    check(
        VRP,
        &[
            ("4 0 5\n", "", "line 7, NODE_COORD_SECTION, the section has 3 rows for 4 locations"),
            ("4 0 5\n", "4 0 5\n5 1 1\n", "line 7, NODE_COORD_SECTION, the section has 5 rows for 4 locations"),
            ("3 6 8", "2 6 8", "line 10, NODE_COORD_SECTION, `2`: this location already has a row on line 9"),
            ("3 6 8", "0 6 8", "line 10, NODE_COORD_SECTION, `0`: must be a location from 1 to 4"),
            ("3 6 8", "5 6 8", "line 10, NODE_COORD_SECTION, `5`: must be a location from 1 to 4"),
            ("3 6 8", "3 6", "line 10, NODE_COORD_SECTION, `3 6`: the row has 2 values instead of 3"),
            ("3 6 8", "3 6 8 1", "line 10, NODE_COORD_SECTION, `3 6 8 1`: the row has 4 values instead of 3"),
            ("3 6 8", "3 6 north", "line 10, NODE_COORD_SECTION, `north`: not a number"),
            ("3 6 8", "three 6 8", "line 10, NODE_COORD_SECTION, `three`: not a number"),
            ("3 6 8", "3 6 nan", "line 10, NODE_COORD_SECTION, `nan`: not a finite number"),
            ("3 6 8", "3 -inf 8", "line 10, NODE_COORD_SECTION, `-inf`: not a finite number"),
            ("3 6 8", "3 1e300 8", "the largest distance is above 1073741823"),
            ("3 6 8", "3.5 6 8", "line 10, NODE_COORD_SECTION, `3.5`: not an integer"),
            ("3 4\n4 5", "3 -4\n4 5", "line 15, DEMAND_SECTION, `-4`: must not be negative"),
            (
                "3 4\n4 5",
                "3 9223372036854775808\n4 5",
                "line 15, DEMAND_SECTION, `9.223372036854776e18`: after rounding",
            ),
            ("3 4\n4 5", "3 1e400\n4 5", "line 15, DEMAND_SECTION, `1e400`: not a finite number"),
            ("3 4\n4 5", "3\n4 5", "line 15, DEMAND_SECTION, `3`: the row has 1 values instead of 2"),
            ("3 4\n4 5", "3 4 4\n4 5", "line 15, DEMAND_SECTION, `3 4 4`: the row has 3 values instead of 2"),
            ("3 10 60", "3 60 10", "line 20, TIME_WINDOW_SECTION, `60 10`: the time window closes before it opens"),
            ("1 0 100", "1 100 0", "line 18, TIME_WINDOW_SECTION, `100 0`: the time window closes before it opens"),
            ("3 10 60", "3 1e12 1e13", "line 20, TIME_WINDOW_SECTION, `1000000000000`: after rounding"),
            ("3 10 60\n4 0 70\nDEPOT_SECTION\n1\n-1\nEOF\n", "3 1", "`3 1`: the row has 2 values instead of 3"),
            (coords, "", "NODE_COORD_SECTION is missing; add the section"),
            (coords, "NODE_COORD_SECTION\n", "line 7, NODE_COORD_SECTION, the section has 0 rows for 4"),
            ("TIME_WINDOW_SECTION", "OPENING_SECTION", "line 17, OPENING_SECTION, unknown section; correct its name"),
            ("TIME_WINDOW_SECTION", "DEMAND_SECTION", "line 17, DEMAND_SECTION, was already given on line 12"),
            ("1 0 0\n", "1 0 0 \u{0}\n", "line 8, NODE_COORD_SECTION, `\\0`: not a number"),
            (
                "TIME_WINDOW_SECTION\n1 0 100",
                "LINEHAUL_SECTION\n1 0",
                "LINEHAUL_SECTION, cannot be combined with DEMAND",
            ),
        ],
    );
}

#[test]
fn depots_vehicles_and_groups() {
    let cases = [
        ("PRIZE_SECTION\n1 0\n2 -1\n3 0\n4 0", "line 24, PRIZE_SECTION, `-1`: must not be negative"),
        ("RELEASE_TIME_SECTION\n1 0\n2 -1\n3 0\n4 0", "line 24, RELEASE_TIME_SECTION, `-1`: must not be negative"),
        ("CAPACITY_SECTION\n1 5\n2 5", "line 22, CAPACITY_SECTION, was already given on line 5"),
        ("VEHICLES_DEPOT_SECTION\n1 1\n2 2", "line 24, VEHICLES_DEPOT_SECTION, `2`: must be a depot from 1 to 1"),
        ("VEHICLES_DEPOT_SECTION\n1 1", "line 22, VEHICLES_DEPOT_SECTION, the section has 1 rows for 2 vehicles"),
        ("VEHICLES_DEPOT_SECTION\n1 1\n3 1", "line 24, VEHICLES_DEPOT_SECTION, `3`: must be a vehicle from 1 to 2"),
        ("VEHICLES_RELOAD_DEPOT_SECTION\n1 1\n2 4", "line 24, VEHICLES_RELOAD_DEPOT_SECTION, `4`: must be a depot"),
        ("VEHICLES_ALLOWED_CLIENTS_SECTION\n1 2 5\n2 3", "line 23, VEHICLES_ALLOWED_CLIENTS_SECTION, `5`: must be a"),
        ("VEHICLES_ALLOWED_CLIENTS_SECTION\n1 1 2\n2 3", "`1`: this is a depot, not a client"),
        ("VEHICLES_ALLOWED_CLIENTS_SECTION\n1 2.5\n2 3", "`2.5`: not an integer"),
        ("VEHICLES_MAX_DURATION_SECTION\n1 5\n2 -1", "line 24, VEHICLES_MAX_DURATION_SECTION, `-1`: must not be"),
        ("VEHICLES_FIXED_COST_SECTION\n1 5\n1 5", "`1`: this vehicle already has a row on line 23"),
        ("MUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 2 3\n2 3 4", "line 24, MUTUALLY_EXCLUSIVE_GROUP_SECTION, `3`: the cl"),
        ("MUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 2 2", "`2`: the client is already in a group"),
        ("MUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 1 2", "`1`: this is a depot, not a client; name a client"),
        ("MUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 2 9", "`9`: must be a location from 1 to 4"),
        ("MUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 2 3\n1 4", "`1`: this group already has a row on line 23"),
        ("EDGE_WEIGHT_SECTION\n1 2 3", "EDGE_WEIGHT_SECTION, cannot be combined with an EDGE_WEIGHT_TYPE that is not"),
    ];
    for (section, expected) in cases {
        check(VRP, &[("DEPOT_SECTION", &format!("{section}\nDEPOT_SECTION"), expected)]);
    }
    check(
        VRP,
        &[
            (
                "SECTION\n1\n-1",
                "SECTION\n1\n3\n-1",
                "line 4, VEHICLES, there are 2 depots, but the file does not say where these",
            ),
            (
                "SECTION\n1\n-1",
                "SECTION\n1\n1\n-1",
                "line 24, DEPOT_SECTION, `1`: this depot already has a row on line 23",
            ),
            ("SECTION\n1\n-1", "SECTION\n9\n-1", "line 23, DEPOT_SECTION, `9`: must be a location from 1 to 4"),
            (
                "SECTION\n1\n-1\nEOF",
                "SECTION\n3\n-1\nVEHICLES_DEPOT_SECTION\n1 3\n2 1\nEOF",
                "line 27, VEHICLES_DEPOT_SECTION, `1`: this is a client, not a depot",
            ),
            (
                "SECTION\n1\n-1",
                "SECTION\n0\n-1",
                "line 23, DEPOT_SECTION, `0`: locations and vehicles are numbered from 1, but",
            ),
            (
                "1 0 100\n2 0 50\n3 10 60\n4",
                "0 0 100\n1 0 50\n2 10 60\n3",
                "line 18, TIME_WINDOW_SECTION, `0`: locations and",
            ),
            ("SECTION\n1\n-1", "SECTION\n-1", "line 22, DEPOT_SECTION, there is no depot"),
            ("SECTION\n1\n-1", "SECTION\n1\n2\n3\n4", "there is no client"),
            ("SECTION\n1\n-1", "SECTION\n1.5\n-1", "line 23, DEPOT_SECTION, `1.5`: not an integer"),
            ("CAPACITY : 10", "VEHICLES_DEPOT : 1", "line 5, VEHICLES_DEPOT, `1`: unknown specification"),
            (
                "1 0\n2 3\n3 4\n4 5",
                "1 0 0\n2 3 1\n3 4 1\n4 5 1",
                "capacities have 1 load dimensions, but demands have 2",
            ),
        ],
    );
}

#[test]
fn explicit_matrices() {
    check(
        EXPLICIT,
        &[
            ("5 7\n9", "5 7", "line 4, EDGE_WEIGHT_SECTION, the section has 2 values instead of 3"),
            ("5 7\n9", "5 7\n9 9", "line 4, EDGE_WEIGHT_SECTION, the section has 4 values instead of 3"),
            ("5 7\n9", "5 7\n-9", "line 6, EDGE_WEIGHT_SECTION, `-9`: must not be negative"),
            ("5 7\n9", "5 7\nfar", "line 6, EDGE_WEIGHT_SECTION, `far`: not a number"),
            (
                "LOWER_ROW",
                "ZIGZAG",
                "line 3, EDGE_WEIGHT_FORMAT, `ZIGZAG`: unknown edge weight format; use FULL_MATRIX",
            ),
            ("EDGE_WEIGHT_FORMAT : LOWER_ROW\n", "", "EDGE_WEIGHT_FORMAT is missing"),
            ("EDGE_WEIGHT_SECTION\n5 7\n9\n", "", "EDGE_WEIGHT_SECTION is missing"),
            ("DIMENSION : 3", "DIMENSION : 99999999", "has 3 values instead of 4999999850000001"),
        ],
    );
    let mut text = "DIMENSION : 5001\nEDGE_WEIGHT_TYPE : MAN_2D\nNODE_COORD_SECTION\n".to_owned();
    for i in 1..=5001 {
        let _ = writeln!(text, "{i} {i} 0");
    }
    let error = vrplib::read(text, Rounding::Round).unwrap_err();
    assert_eq!(error.faults()[0].kind, FaultKind::TooManyPairs { limit: 5000 });
}

#[test]
fn pairs() {
    check(
        PAIRS,
        &[
            ("5 -7 0 70 1 4 0\n", "", "line 9, PICKUP_AND_DELIVERY_SECTION, the section has 4 rows for 5 locations"),
            ("2 5 0 50 1 0 3", "2 5 0 50 1 0 5", "line 11, PICKUP_AND_DELIVERY_SECTION, `2`: stop 5 does not name"),
            ("2 5 0 50 1 0 3", "2 5 0 50 1 0 2", "line 11, PICKUP_AND_DELIVERY_SECTION, `2`: exactly one of the"),
            ("2 5 0 50 1 0 3", "2 5 0 50 1 0 1", "`1`: must be a stop from 2 to 5"),
            ("2 5 0 50 1 0 3", "2 5 0 50 1 0 6", "`6`: must be a stop from 2 to 5"),
            ("2 5 0 50 1 0 3", "2 5 0 50 1 0 0", "`0 0`: exactly one of the columns for pickup and delivery"),
            ("2 5 0 50 1 0 3", "2 5 0 50 1 4 3", "`4 3`: exactly one of the columns for pickup and delivery"),
            ("2 5 0 50 1 0 3", "2 5 0 50 1 0", "the row has 6 values instead of 7"),
            ("2 5 0 50 1 0 3", "2 5 50 0 1 0 3", "`50 0`: the time window closes before it opens"),
            ("2 5 0 50 1 0 3", "2 6 0 50 1 0 3", "line 12, PICKUP_AND_DELIVERY_SECTION, `-5`: the delivery's demand"),
            ("2 5 0 50 1 0 3\n3 -5", "2 -5 0 50 1 0 3\n3 5", "`-5`: must not be negative"),
            ("2 5 0 50 1 0 3", "2 5 0 50 -1 0 3", "`-1`: must not be negative"),
            ("DEPOT_SECTION", "DEMAND_SECTION\nDEPOT_SECTION", "cannot be combined with PICKUP_AND_DELIVERY_SECTION"),
            ("DIMENSION : 5", "SERVICE_TIME : 1\nDIMENSION : 5", "cannot be combined with PICKUP_AND_DELIVERY_SECTION"),
        ],
    );
}

#[test]
fn files_of_another_kind() {
    let cases: [(&[u8], &str); 7] = [
        (b"", "the file is empty"),
        (b" \r\n\t\n\n", "the file is empty"),
        (b"EOF\n", "the file is empty"),
        (b"\x00\x01\xfe\xff\x80PK\x03\x04\n\x7fELF\n", "line 1, `\\0\\u{1}"),
        (b"{\"clients\": []}\n", "line 1, `{\\\"clients\\\": []}`: this line has no place in the format"),
        (b"1 2 3\n4 5 6\n", "line 1, `1 2 3`: this line has no place"),
        (b"NAME : only\n", "DIMENSION is missing"),
    ];
    for (content, expected) in cases {
        let message = vrplib::read(content, Rounding::Round).unwrap_err().to_string();
        assert!(message.contains(expected), "expected `{expected}`, got\n{message}");
    }
}

#[test]
fn decimals_need_a_rounding() {
    let error = error_of(VRP, ("3 4\n4 5", "3 4.5\n4 5"), Rounding::None);
    assert_eq!(error.faults()[0].kind, FaultKind::Fractional);
    assert!(error.to_string().contains("line 15, DEMAND_SECTION, `4.5`: has decimals"), "{error}");
    assert!(error.to_string().contains("use --round with round, trunc, dimacs or exact"), "{error}");
}

#[test]
fn several_faults_at_once_up_to_a_limit() {
    let text = VRP.replacen(": 10", ": x", 1).replacen("2 3\n", "2 -3\n", 1).replacen("3 10 60", "3 60 10", 1);
    let error = vrplib::read(text, Rounding::Round).unwrap_err();
    let lines: Vec<_> = error.faults().iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [Some(14), Some(20), Some(5)]);

    let mut text = String::new();
    for i in 0..1000 {
        let _ = writeln!(text, "stray {i}");
    }
    let message = vrplib::read(text, Rounding::Round).unwrap_err().to_string();
    assert_eq!(message.lines().count(), 52);
    assert!(message.starts_with("the VRPLIB file has 1001 faults:"), "{message}");
    assert!(message.ends_with("… and 951 more"), "{message}");
}

fn solution_error(problem: &Problem, text: &str, expected: &str) {
    let message = solution::read(text, problem).expect_err(text).to_string();
    assert!(message.contains(expected), "`{text}`: expected `{expected}`, got\n{message}");
}

#[test]
fn solutions() {
    let uniform = vrplib::read(VRP, Rounding::Round).unwrap();
    for (text, expected) in [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("Optimal: True\n", "the file is empty"),
        ("Route #1: 1 2\nRoute #2: 4\n", "line 2, Route #2, `4`: must be a stop from 0 to 3"),
        ("Route #1: 0 2 3 4\n", "line 1, Route #1, `4`: must be a stop from 0 to 3"),
        ("Route #1: 2 3 4 5\n", "line 1, Route #1, `5`: must be a stop from 1 to 4"),
        ("TOUR_SECTION\n1 2 -1\n3\n", "line 3, TOUR_SECTION, `3`: this line has no place"),
        ("1 2 three\n", "line 1, `1 2 three`: this line has no place"),
        ("Route #1: 1 -2\n", "line 1, Route #1, `-2`: must be a stop from 0 to 3"),
        ("Route #1: 1 2.5\n", "line 1, Route #1, `2.5`: not an integer"),
        ("Route #1: 1 two\n", "line 1, Route #1, `two`: not a number"),
        ("Route #1: 1 2\nRoute #2: 3 1\n", "line 2, Route #2, `1`: is already visited on line 1"),
        ("Route #1: 1 1\n", "line 1, Route #1, `1`: is already visited on line 1"),
        ("Route #1: 1\nRoute #2: 2\nRoute #3: 3\n", "line 3, Route #3, `3`: there are only 2 vehicles"),
        ("Route #1: 1\nCost much\n", "line 2, Cost, `much`: not a number"),
        ("Route #1: 1\nCost nan\n", "line 2, Cost, `nan`: not a finite number"),
        ("Route #one: 1 2\n", "this line has no place"),
        ("Route #1a: 1 2\n", "this line has no place"),
        ("\u{0}\u{1}\u{2}\n", "line 1, `\\0\\u{1}\\u{2}`: this line has no place"),
        ("Route #1: 99999999999999999999999\n", "must be a stop from 0 to 3"),
    ] {
        solution_error(&uniform, text, expected);
    }
    let capacities = "CAPACITY_SECTION\n1 5\n2 9\nDEPOT_SECTION";
    let mixed = VRP.replacen("CAPACITY : 10\n", "", 1).replacen("DEPOT_SECTION", capacities, 1);
    let mixed = vrplib::read(mixed, Rounding::Round).unwrap();
    let expected = "line 1, Route #1, `2`: vehicles differ, so routes must be numbered in sequence: expected 1";
    solution_error(&mixed, "Route #2: 1\n", expected);
}

#[test]
fn solomon_texts() {
    let base =
        "tiny\n\nVEHICLE\nNUMBER CAPACITY\n 3 50\n\nCUSTOMER\nCUST NO. X Y\n\n0 0 0 0 0 200 0\n1 3 4 10 20 60 9\n";
    solomon::read(base, Rounding::Round).expect("the base is valid");
    for (find, replace, expected) in [
        ("VEHICLE\n", "", "the line with VEHICLE is missing"),
        ("NUMBER CAPACITY\n", "", "line 4, `3 50`: the line with NUMBER is missing"),
        (" 3 50\n", "", "the line with the number of vehicles and their capacity is missing"),
        (" 3 50", " 3", "line 5, VEHICLE, `3`: the row has 1 values instead of 2"),
        (" 3 50", " 0 50", "line 5, VEHICLE, `0`: must be a number of vehicles from 1"),
        (" 3 50", " 3 -50", "line 5, VEHICLE, `-50`: must not be negative"),
        ("CUSTOMER\n", "", "the line with CUSTOMER is missing"),
        ("CUST NO. X Y\n", "", "the line with CUST is missing"),
        (
            "1 3 4 10 20 60 9",
            "1 3 4 10 20 60",
            "line 11, CUSTOMER, `1 3 4 10 20 60`: the row has 6 values instead of 7",
        ),
        ("1 3 4 10 20 60 9", "1 3 4 10 60 20 9", "line 11, CUSTOMER, `60 20`: the time window closes"),
        ("1 3 4 10 20 60 9", "1 3 4 -10 20 60 9", "line 11, CUSTOMER, `-10`: must not be negative"),
        ("1 3 4 10 20 60 9", "2 3 4 10 20 60 9", "line 11, CUSTOMER, `2`: must be a location from 0 to 1"),
        ("1 3 4 10 20 60 9", "0 3 4 10 20 60 9", "line 11, CUSTOMER, `0`: this location already has a row on line 10"),
        ("1 3 4 10 20 60 9\n", "", "CUSTOMER, there is no client"),
        ("0 0 0 0 0 200 0\n1 3 4 10 20 60 9\n", "", "CUSTOMER, there is no depot"),
    ] {
        assert!(base.contains(find), "`{find}` is not in the file");
        let message = solomon::read(base.replacen(find, replace, 1), Rounding::Round).expect_err(replace).to_string();
        assert!(message.contains(expected), "`{replace}` for `{find}`: expected `{expected}`, got\n{message}");
    }
    assert!(solomon::read("", Rounding::Round).unwrap_err().to_string().contains("empty"));
    assert!(solomon::read(VRP, Rounding::Round).is_err());
}

#[test]
fn lilim_texts() {
    let base = "3 50 1\n0 0 0 0 0 200 0 0 0\n1 3 4 10 20 60 9 0 2\n2 6 8 -10 0 90 9 1 0\n";
    lilim::read(base, Rounding::Round).expect("the base is valid");
    for (find, replace, expected) in [
        ("3 50 1\n", "3 50\n", "line 1, vehicles, `3 50`: the row has 2 values instead of 3"),
        ("3 50 1\n", "x 50 1\n", "line 1, vehicles, `x`: not a number"),
        ("3 50 1\n", "-3 50 1\n", "line 1, vehicles, `-3`: must be a number of vehicles from 1"),
        ("60 9 0 2", "60 9 0 1", "line 3, tasks, `1`: exactly one of the columns"),
        ("60 9 0 2", "60 9 0 7", "line 3, tasks, `7`: must be a stop from 1 to 2"),
        ("60 9 0 2", "60 9 0 0", "line 3, tasks, `0 0`: exactly one of the columns"),
        ("-10", "-11", "line 4, tasks, `-11`: the delivery's demand must be the negative of the pickup's, -10"),
        ("2 6 8 -10 0 90 9 1 0\n", "", "line 3, tasks, `2`: must be a stop from 1 to 1"),
        ("90 9 1 0", "90 9", "line 4, tasks, `2 6 8 -10 0 90 9`: the row has 7 values instead of 9"),
    ] {
        assert!(base.contains(find), "`{find}` is not in the file");
        let message = lilim::read(base.replacen(find, replace, 1), Rounding::Round).expect_err(replace).to_string();
        assert!(message.contains(expected), "`{replace}` for `{find}`: expected `{expected}`, got\n{message}");
    }
    assert!(lilim::read("", Rounding::Round).unwrap_err().to_string().contains("empty"));
    assert!(lilim::read(VRP, Rounding::Round).is_err());
}
