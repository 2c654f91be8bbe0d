//! Fewer vehicles first.

use super::*;
use crate::algorithm::fleet_minimisation::FleetMinimisation;
use crate::search::data::Data;

#[test]
fn nothing_is_done_unless_that_is_the_first_goal() {
    let problem = problem(false);
    let data = Data::new(&problem);
    let (mut minimisation, mut search) = (FleetMinimisation::new(&data), Script::default());
    assert!(!minimisation.is_active());
    assert!(!minimisation.step(&mut search, 0.1));
    assert_eq!((search.dropped, search.limits.len()), (0, 0));
}

#[test]
fn a_vehicle_goes_whenever_all_clients_are_served() {
    let problem = problem(true);
    let data = Data::new(&problem);
    let (mut minimisation, mut search) = (FleetMinimisation::new(&data), Script::default());
    assert!(!minimisation.step(&mut search, 0.1));
    assert_eq!((search.dropped, &search.limits[..]), (1, &[3][..]));
    // Its clients have found no position yet.
    search.current = Some(Measures { missing: 2, used: 3, ..START });
    assert!(!minimisation.step(&mut search, 0.2));
    assert_eq!(search.dropped, 1);
    // Now they have.
    (search.current, search.best) = (Some(Measures { used: 3, ..START }), Some(Measures { used: 3, ..START }));
    assert!(!minimisation.step(&mut search, 0.3));
    assert_eq!((search.dropped, &search.limits[..]), (2, &[3, 2][..]));
    // Two vehicles are the fewest that can carry everything.
    (search.current, search.best) = (Some(Measures { used: 2, ..START }), Some(Measures { used: 2, ..START }));
    assert!(minimisation.step(&mut search, 0.35));
    assert!(!minimisation.is_active());
    assert_eq!((search.dropped, search.restored, &search.limits[..]), (2, 1, &[3, 2, 2][..]));
    assert!(!minimisation.step(&mut search, 0.36), "the end is told once");
    assert!((minimisation.progress(0.35)).abs() < 1e-9 && (minimisation.progress(1.0) - 1.0).abs() < 1e-9);
}

#[test]
fn half_of_the_budget_is_the_most_that_it_takes() {
    let problem = problem(true);
    let data = Data::new(&problem);
    let (mut minimisation, mut search) = (FleetMinimisation::new(&data), Script::default());
    assert!((minimisation.progress(0.25) - 0.5).abs() < 1e-9);
    search.current = Some(Measures { missing: 1, ..START });
    assert!(!minimisation.step(&mut search, 0.49));
    assert!(minimisation.step(&mut search, 0.5));
    assert_eq!((search.restored, &search.limits[..]), (1, &[4][..]), "with the vehicles of the best solution");
}
