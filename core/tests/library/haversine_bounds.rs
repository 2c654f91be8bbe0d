//! Great circles must stay within the range of distances and durations, wherever the locations are.

use milkrun::{Problem, Travel};

fn faults(speed: f64, detour: f64) -> Vec<String> {
    let built = Problem::builder().travel(Travel::Haversine { speed, detour }).build();
    built.err().into_iter().flat_map(|e| e.issues).map(|issue| issue.path).collect()
}

#[test]
fn extreme_speeds_and_detours_are_faults() {
    assert_eq!(faults(8.3, 1.3), Vec::<String>::new());
    assert_eq!(faults(1e-300, 1.3), ["travel.speed"]);
    assert_eq!(faults(8.3, 1e9), ["travel.detour"]);
    assert_eq!(faults(f64::INFINITY, 1.3), ["travel.speed"]);
    assert_eq!(faults(-1.0, f64::NAN), ["travel.speed", "travel.detour"]);
}
