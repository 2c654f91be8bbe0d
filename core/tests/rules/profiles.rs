//! Travel profiles: vehicles with different distances.

use milkrun::travel::{Matrix, ProfileMatrices, UNREACHABLE};
use milkrun::{Client, Depot, Location, LocationId, Problem, ProblemBuilder, ProfileId, Travel};

use crate::support::{at, cost, vehicles};

/// A yard and a client, so far apart by the first profile, and by the second; a vehicle of each.
fn far(first: i64, second: i64) -> ProblemBuilder {
    far_for(first, second, &[0, 1])
}

/// The same, with a vehicle of each of some profiles.
fn far_for(first: i64, second: i64, profiles: &[usize]) -> ProblemBuilder {
    let mut b = Problem::builder();
    for x in [0, 1] {
        b.add_location(Location { coord: at(x), name: String::new() });
    }
    b.add_depot(Depot::at(LocationId::new(0)));
    b.add_client(Client::at(LocationId::new(1)));
    for &profile in profiles {
        b.add_vehicle_type(vehicles(1).profile(ProfileId::new(profile)));
    }
    let matrix = |length: i64| Matrix::new(2, vec![0, length, length, 0]).unwrap();
    let profile = |length: i64| ProfileMatrices { distance: matrix(length), duration: None };
    b.travel(Travel::Matrices(vec![profile(first), profile(second)]));
    b
}

#[test]
fn the_shorter_path_is_taken() {
    assert_eq!((cost(&far(10, 7)), cost(&far(6, 7))), (Some(14), Some(12)));
}

#[test]
fn no_plan_drives_an_unreachable_arc() {
    assert_eq!(cost(&far(UNREACHABLE, 7)), Some(14));
    assert_eq!(cost(&far(UNREACHABLE, UNREACHABLE)), None);
}

#[test]
fn with_a_limit_of_distance_the_profile_decides() {
    let mut b = far(10, 12);
    b.vehicle_types_mut()[0].max_distance = Some(19);
    assert_eq!(cost(&b), Some(24));
}

#[test]
fn vehicles_of_one_type_drive_by_its_profile() {
    assert_eq!(cost(&far_for(10, 7, &[1])), Some(14));
    assert_eq!(cost(&far_for(6, 7, &[1, 1])), Some(14));
    let mut b = far(6, 7);
    b.vehicle_types_mut()[0].count = 0;
    assert_eq!(cost(&b), Some(14));
}
