//! Files truncated, changed or shuffled at random: readers return a problem or an error, and never panic.

use milkrun::Rounding;
use milkrun::io::{Format, lilim, solomon, solution, vrplib};
use milkrun::plan::RouteStops;
use proptest::prelude::*;

const RICH: &str = "\
NAME : rich
TYPE : VRPB
DIMENSION : 6
VEHICLES : 3
EDGE_WEIGHT_TYPE : EUC_2D
SERVICE_TIME : 10
VEHICLES_MAX_DURATION : 900
VEHICLES_MAX_RELOADS : 2
NODE_COORD_SECTION
1 0 0
2 3.5 4
3 6 -8e0
4 0 5
5 5 0
6 9 9
LINEHAUL_SECTION
1 0
2 0
3 3
4 4
5 0
6 2
BACKHAUL_SECTION
1 0
2 0
3 0
4 0
5 6
6 0
CAPACITY_SECTION
1 10
2 20
3 10
VEHICLES_DEPOT_SECTION
1 1
2 2
3 1
VEHICLES_RELOAD_DEPOT_SECTION
1 1 2
2
3 1 2
VEHICLES_ALLOWED_CLIENTS_SECTION
1 3 4 5
2 3 4 5 6
3 3 4 5
MUTUALLY_EXCLUSIVE_GROUP_SECTION
1 3 4
2 5
TIME_WINDOW_SECTION
1 0 1000
2 0 900
3 10 500
4 0 600
5 0 700
6 0 9e99
PRIZE_SECTION
1 0
2 0
3 0
4 7
5 0
6 9
RELEASE_TIME_SECTION
1 0
2 0
3 5
4 0
5 0
6 0
DEPOT_SECTION
1
2
-1
EOF
";

const SHIPMENTS: &str = "\
CAPACITY : 9
DIMENSION : 3
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : UPPER_ROW
EDGE_WEIGHT_SECTION
5 7
9
PICKUP_AND_DELIVERY_SECTION
1 0 0 100 0 0 0
2 5 0 50 1 0 3
3 -5 10 60 1 2 0
EOF
";

const SOLOMON: &str = "tiny\n\nVEHICLE\nNUMBER CAPACITY\n 3 50\n\nCUSTOMER\nCUST NO. X Y\n\n\
    0 0 0 0 0 200 0\n1 3 4 10 20 60 9\n2 6 8 10 0 90 9\n";
const LILIM: &str = "3 50 1\n0 0 0 0 0 200 0 0 0\n1 3 4 10 20 60 9 0 2\n2 6 8 -10 0 90 9 1 0\n";
const SOLUTION: &str = "Route #1: 2 0 3 1 4\nRoute #2:\nRoute #3: 5\nCost 12.5\n";

/// What a change puts into a file.
const PIECES: [&str; 24] = [
    "-1",
    "0",
    "1",
    "7",
    "999999999",
    "1e18",
    "-1e308",
    "1e400",
    "nan",
    "9223372036854775808",
    "2.5",
    "x",
    "\n",
    "\n\n",
    ":",
    " ",
    "_SECTION\n",
    "EOF\n",
    "DIMENSION : 99999999\n",
    "VEHICLES : 1000000\n",
    "#",
    "\u{0}",
    "\u{e8}",
    "DEPOT_SECTION\n",
];

/// A change: where, how many bytes go, and what comes in their place.
fn change() -> impl Strategy<Value = (prop::sample::Index, usize, Vec<u8>)> {
    let piece = prop_oneof![
        4 => prop::sample::select(&PIECES[..]).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    (any::<prop::sample::Index>(), 0usize..12, piece)
}

fn mutate(
    text: &str,
    changes: Vec<(prop::sample::Index, usize, Vec<u8>)>,
    cut: Option<prop::sample::Index>,
) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (at, removed, piece) in changes {
        let start = at.index(bytes.len() + 1);
        let end = (start + removed).min(bytes.len());
        bytes.splice(start..end, piece);
    }
    if let Some(cut) = cut {
        bytes.truncate(cut.index(bytes.len() + 1));
    }
    bytes
}

/// Reads the bytes as every format. A problem that is read can be written or is refused with an error, and what is written
/// can be read.
fn try_all(bytes: &[u8], rounding: Rounding) {
    let _ = Format::detect(bytes, None);
    for problem in [vrplib::read(bytes, rounding), solomon::read(bytes, rounding), lilim::read(bytes, rounding)] {
        match problem {
            Ok(problem) => {
                let text = vrplib::write(&problem).expect("what was read can be written");
                let again = vrplib::read(&text, rounding).expect("what was written can be read");
                assert_eq!(again.clients().len(), problem.clients().len());
                assert_eq!(again.num_vehicles(), problem.num_vehicles());
                let _ = solution::read(bytes, &problem);
            }
            Err(error) => assert!(error.to_string().contains("; "), "no remedy: {error}"),
        }
    }
}

#[test]
fn every_prefix() {
    for text in [RICH, SHIPMENTS, SOLOMON, LILIM] {
        for end in 0..=text.len() {
            try_all(&text.as_bytes()[..end], Rounding::Round);
        }
    }
}

/// A truncated file is refused, unless nothing of it is missing.
#[test]
fn a_cut_file_is_refused() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data");
    let example = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let village = example("village.vrp");
    for text in [RICH, SHIPMENTS, &village, &example("parcels.vrp")] {
        let whole = vrplib::read(text, Rounding::Round).unwrap();
        let lines = text.match_indices('\n').flat_map(|(end, _)| [end, end + 1]);
        let last = text.len().saturating_sub(200)..text.len();
        for end in lines.chain(last).filter(|&end| text.is_char_boundary(end)) {
            if let Ok(read) = vrplib::read(&text[..end], Rounding::Round) {
                assert!(read == whole, "cut at {end}:\n{}", &text[..end]);
            }
        }
    }
    let head: String = village.split_inclusive('\n').take(48).collect();
    let error = vrplib::read(head, Rounding::Round).unwrap_err().to_string();
    assert!(error.contains("ends without EOF"), "{error}");
}

proptest! {
    #[test]
    fn changed_problems(
        text in prop::sample::select(vec![RICH, SHIPMENTS, SOLOMON, LILIM]),
        changes in prop::collection::vec(change(), 0..4),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
        rounding in prop::sample::select(&Rounding::ALL[..]),
    ) {
        try_all(&mutate(text, changes, cut), rounding);
    }

    #[test]
    fn changed_solutions(
        changes in prop::collection::vec(change(), 0..4),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let problem = vrplib::read(RICH, Rounding::Round).unwrap();
        let bytes = mutate(SOLUTION, changes, cut);
        if let Ok(found) = solution::read(&bytes, &problem) {
            let text = solution::write(&problem, &found.routes, found.cost).expect("what was read can be written");
            let again = solution::read(&text, &problem);
            // It is written as others number clients, whatever the file was like, and on the first vehicles of each type.
            let by_type = |routes: &[RouteStops]| {
                let mut routes = routes.to_vec();
                routes.sort_by_key(|route| route.vehicle_type);
                routes
            };
            let is_same = again.as_ref().is_ok_and(|again| {
                (by_type(&again.routes), again.cost) == (by_type(&found.routes), found.cost)
            });
            prop_assert!((found.routes.is_empty() && found.cost.is_none()) || is_same, "{again:?} is not {found:?}");
        }
    }

    #[test]
    fn noise(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        try_all(&bytes, Rounding::Exact);
        let problem = vrplib::read(RICH, Rounding::Round).unwrap();
        let _ = solution::read(&bytes, &problem);
    }
}
