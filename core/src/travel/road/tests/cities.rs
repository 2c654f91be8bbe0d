//! Synthetic cities: reproducible, connected, and exact.

use crate::travel::road::tests::oracle::compare;
use crate::travel::road::{City, CityPlan, Network, RoadProfile};

#[test]
fn the_same_seed_gives_the_same_city_and_another_one_another() {
    let bytes = |seed| {
        let mut bytes = Vec::new();
        City { seed, blocks: 10, ..City::default() }.write_pbf(&mut bytes).unwrap();
        bytes
    };
    assert_eq!(bytes(3), bytes(3));
    assert_ne!(bytes(3), bytes(4));
}

#[test]
fn distances_in_cities_are_those_of_petgraph() {
    for plan in [CityPlan::Grid, CityPlan::Radial, CityPlan::River] {
        let streets = City { plan, blocks: 24, seed: 5, ..City::default() }.streets().unwrap();
        assert!(streets.restrictions().iter().any(|rule| rule.chain.len() > 2), "{plan:?}: through a street");
        assert!(
            streets.report().ignored.iter().all(|ignored| !ignored.reason.contains("restriction")),
            "{:?}",
            streets.report()
        );
        for profile in RoadProfile::SHIPPED {
            let network = Network::new(&streets, &RoadProfile::shipped(profile).unwrap()).unwrap();
            let report = network.report();
            assert!(report.disconnected_segments * 20 < report.segments, "{plan:?}, {profile}: {report:?}");
            compare(&network, 3, 60, 11);
        }
    }
}

#[test]
fn parameters_outside_of_their_bounds_are_brought_within_them() {
    let centre = crate::geometry::Coord::new(f64::NAN, 1e9);
    let city = City { blocks: 0, block_length: f64::INFINITY, centre, ..City::default() };
    assert!(city.streets().unwrap().num_segments() > 0);
}
