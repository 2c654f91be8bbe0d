//! Budgets that depend on the number of iterations only.

use super::*;
use crate::algorithm::termination::Termination;
use crate::algorithm::{Progress, StopReason};

fn count(termination: &mut Termination<'_>, iterations: u64) {
    (0..iterations).for_each(|_| termination.count());
}

#[test]
fn iterations_are_shared_among_walks() {
    let shared = shared(Stop::after_iterations(100));
    let mut termination = Termination::new(&shared, 3, None);
    assert_eq!(termination.expected_iterations(1e9), Some(34.0));
    count(&mut termination, 33);
    assert_eq!(termination.should_stop(), None);
    assert_eq!(termination.until_next_check(8), 1, "no check is further away than the end");
    assert!(termination.spent().is_some_and(|spent| (spent - 33.0 / 34.0).abs() < 1e-9));
    count(&mut termination, 1);
    assert_eq!(termination.should_stop(), Some(StopReason::MaxIterations));
}

#[test]
fn a_block_is_as_far_as_its_part_of_the_lap() {
    let shared = shared(Stop::after_iterations(1_000));
    let mut termination = Termination::new(&shared, 1, None);
    termination.go_on_from(400);
    let mut lap = termination.lap(50, 200);
    assert!(!lap.is_over());
    assert_eq!((lap.take(30), lap.take(30), lap.take(30)), (30, 20, 0));
    assert_eq!((lap.iterations(), lap.all_iterations()), (50, 600));
    assert_eq!(lap.spent(), Some(0.6), "as if all blocks had done theirs");
    assert!(lap.is_over());
    termination.advance(lap.iterations());
    assert_eq!(termination.spent(), Some(0.45));
}

#[test]
fn patience_ends_after_the_last_improvement() {
    let shared = shared(Stop::after_iterations(1_000).or_no_improvement(10));
    let mut termination = Termination::new(&shared, 1, None);
    count(&mut termination, 9);
    assert_eq!(termination.should_stop(), None);
    assert_eq!(termination.until_next_check(32), 1);
    termination.improved(START);
    assert_eq!(termination.until_next_check(32), 10);
    count(&mut termination, 9);
    assert_eq!(termination.should_stop(), None);
    count(&mut termination, 1);
    assert_eq!(termination.should_stop(), Some(StopReason::NoImprovement));
}

#[test]
fn the_target_ends_all_walks() {
    let shared = shared(Stop::after_iterations(1_000).or_target_cost(900));
    let (mut one, mut other) = (Termination::new(&shared, 1, None), Termination::new(&shared, 1, None));
    one.improved(Measures { cost: 901, ..START });
    assert_eq!((one.should_stop(), other.should_stop()), (None, None));
    one.improved(Measures { cost: 800, missing: 1, ..START });
    assert_eq!(other.should_stop(), None, "a solution that is not complete does not count");
    one.improved(Measures { cost: 900, ..START });
    assert_eq!(other.should_stop(), Some(StopReason::TargetCost));
}

#[test]
fn a_cancelled_search_is_spent() {
    let cancel = CancelToken::new();
    let shared = Shared::new(Instant::now(), Stop::after_iterations(10), cancel.clone());
    let mut termination = Termination::new(&shared, 1, None);
    assert!(!shared.is_spent());
    cancel.cancel();
    assert!(shared.is_spent());
    assert_eq!(termination.should_stop(), Some(StopReason::Cancelled));
}

#[test]
fn a_budget_of_time_is_spent_when_it_is_over() {
    let stop = Stop::after(std::time::Duration::ZERO);
    let shared = shared(stop);
    let mut termination = Termination::new(&shared, 1, None);
    assert_eq!(termination.should_stop(), Some(StopReason::MaxRuntime));
    assert_eq!(termination.spent(), Some(1.0));
    let hour = super::shared(Stop::after_secs(3_600.0));
    let termination = Termination::new(&hour, 1, None);
    assert_eq!(termination.expected_iterations(10.0), Some(36_000.0), "a nominal speed, not a measured one");
}

#[test]
fn without_a_limit_of_length_no_part_is_spent() {
    let shared = shared(Stop { no_improvement: Some(5), ..Stop::default() });
    let termination = Termination::new(&shared, 1, None);
    assert_eq!((termination.spent(), termination.expected_iterations(10.0)), (None, None));
}

#[test]
fn progress_tells_the_best_feasible_cost() {
    // As if the search had begun long ago: a report is due at once.
    let Some(begun) = Instant::now().checked_sub(std::time::Duration::from_secs(60)) else { return };
    let shared = Shared::new(begun, Stop::after_iterations(100), CancelToken::new());
    let mut reports: Vec<Progress> = Vec::new();
    let mut on_progress = |progress: &Progress| reports.push(progress.clone());
    let mut termination = Termination::new(&shared, 1, Some(&mut on_progress));
    termination.improved(Measures { missing: 2, used: 3, cost: 5 });
    termination.improved(Measures { missing: 0, used: 4, cost: 70 });
    termination.improved(Measures { missing: 0, used: 5, cost: 90 });
    termination.improved(Measures { missing: 0, used: 6, cost: 60 });
    count(&mut termination, 7);
    assert_eq!(termination.should_stop(), None);
    let report = &reports[0];
    assert_eq!((report.best_cost, report.routes, report.unserved, report.iterations), (Some(60), 6, 0, 7));
}
