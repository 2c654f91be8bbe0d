//! Real maps, where they are at hand.

use crate::travel::road::tests::maps::real_maps;
use crate::travel::road::tests::oracle::compare;
use crate::travel::road::{Network, RoadProfile, Streets};

/// The real maps that are at hand, by name.
fn streets() -> Vec<(&'static str, Streets)> {
    let Some(folder) = real_maps() else { return Vec::new() };
    let pbf = ["monaco", "Helsinki", "small-test"];
    let mut maps: Vec<_> =
        pbf.map(|name| (name, Streets::open(folder.join(format!("{name}.osm.pbf"))).unwrap())).into();
    let coquimbo = Streets::open_csv(folder.join("coquimbo_nodes.csv.gz"), folder.join("coquimbo_links.csv.gz"));
    maps.push(("Coquimbo", coquimbo.unwrap()));
    maps
}

fn compare_all(sources: usize, targets: usize) {
    for (name, streets) in streets() {
        for profile in RoadProfile::SHIPPED {
            let network = Network::new(&streets, &RoadProfile::shipped(profile).unwrap()).unwrap();
            eprintln!("{name}, {profile}: {:?}", network.report());
            compare(&network, sources, targets, 17);
        }
    }
}

#[test]
fn distances_are_those_of_petgraph() {
    compare_all(4, 100);
}

#[test]
#[ignore = "takes minutes without optimisation: 10,000 pairs of each map and profile"]
fn ten_thousand_distances_are_those_of_petgraph() {
    compare_all(100, 100);
}

#[test]
fn the_sizes_of_real_maps_are_as_known() {
    for (name, streets) in streets() {
        let report = streets.report();
        eprintln!("{name}: {} junctions, {} segments, {report:#?}", streets.num_junctions(), streets.num_segments());
        match name {
            // One of the 19,983 links begins and ends at one node, which may be a street all the same.
            "Coquimbo" => assert_eq!((streets.num_junctions(), streets.num_segments()), (15_724, 19_983)),
            "small-test" => assert_eq!(report.restrictions, 0),
            _ => assert!(report.restrictions > 10, "{name} has turn restrictions"),
        }
    }
}
