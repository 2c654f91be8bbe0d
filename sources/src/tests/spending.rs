//! Budgets, limits by the minute, and cancellation.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use milkrun::CancelToken;
use milkrun::travel::{SourceError, SourceProgress, SourceRun, TravelSource};

use super::fakes;
use super::stub::{Asked, Reply, Stub};
use super::{FakeClock, google, grid, http, mapbox, osrm};
use crate::ElementBudget;

#[test]
fn a_table_beyond_the_budget_is_refused_before_anything_is_spent() {
    let clock = Arc::new(FakeClock::default());
    let stub = Stub::start(fakes::google(Arc::clone(&clock)));
    let budget = ElementBudget::new(1_000);
    let source = google(&stub.address(), &clock, budget.clone());
    let cancel = CancelToken::new();
    let run = SourceRun::new(&cancel);
    let error = source.table(&grid(40), run).unwrap_err();
    assert!(matches!(error, SourceError::OverBudget { needed: 1_600, left: 1_000, .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains("needs 1600 elements, and 1000 are left of the budget: raise the budget to at least")
    );
    assert_eq!((stub.count(), budget.left()), (0, 1_000));
    source.table(&grid(30), run).unwrap();
    assert_eq!(budget.left(), 100);
    // The budget is shared, and legs count as well.
    let stub = Stub::start(fakes::mapbox(Arc::clone(&clock)));
    let other = mapbox(&stub.address(), &clock, budget.clone());
    other.table(&grid(10), run).unwrap();
    assert_eq!(budget.left(), 0);
    assert!(matches!(other.legs(&grid(3), run), Err(SourceError::OverBudget { needed: 2, left: 0, .. })));
    assert_eq!(stub.count(), 1);
}

#[test]
fn what_was_not_asked_for_is_not_spent() {
    let clock = Arc::new(FakeClock::default());
    let mut sound = fakes::google(Arc::clone(&clock));
    let stub = Stub::start(
        move |asked: &Asked, before| {
            if before == 2 { Reply::status(400, "no") } else { sound(asked, before) }
        },
    );
    let budget = ElementBudget::new(10_000);
    let source = google(&stub.address(), &clock, budget.clone());
    assert!(source.table(&grid(100), SourceRun::new(&CancelToken::new())).is_err());
    // Two parts of 625 that were answered, and one that may have been billed.
    assert_eq!(budget.left(), 10_000 - 3 * 625);
}

#[test]
fn services_are_asked_no_faster_than_they_allow() {
    let clock = Arc::new(FakeClock::default());
    let stub = Stub::start(fakes::google(Arc::clone(&clock)));
    let source = google(&stub.address(), &clock, ElementBudget::unlimited());
    source.table(&grid(100), SourceRun::new(&CancelToken::new())).unwrap();
    // Sixteen parts of 625, four of which fit into a minute: the service never had to refuse one.
    assert_eq!(stub.count(), 16);
    assert_eq!(clock.waits(), [Duration::from_secs(61); 3]);

    let clock = Arc::new(FakeClock::default());
    let stub = Stub::start(fakes::mapbox(Arc::clone(&clock)));
    let source = mapbox(&stub.address(), &clock, ElementBudget::unlimited());
    source.table(&grid(100), SourceRun::new(&CancelToken::new())).unwrap();
    // Parts of 10 × 15.
    assert_eq!((stub.count(), clock.waits().len()), (70, 1));
}

#[test]
fn a_wait_can_be_cancelled() {
    for reply in [Reply::status(429, "").with("retry-after", "60"), Reply::status(503, "")] {
        let mut reply = Some(reply);
        let stub = Stub::start(move |asked: &Asked, before| reply.take().unwrap_or_else(|| fakes::osrm(asked, before)));
        let clock = Arc::new(FakeClock::default());
        let cancel = CancelToken::new();
        *clock.cancels.lock().unwrap() = Some(cancel.clone());
        let error = osrm(&stub.address(), &clock, http()).table(&grid(3), SourceRun::new(&cancel)).unwrap_err();
        assert!(matches!(error, SourceError::Cancelled { .. }), "{error}");
        assert_eq!((stub.count(), clock.waits().len()), (1, 0));
    }
    // Waiting for the next minute, too.
    let clock = Arc::new(FakeClock::default());
    let stub = Stub::start(fakes::google(Arc::clone(&clock)));
    let cancel = CancelToken::new();
    *clock.cancels.lock().unwrap() = Some(cancel.clone());
    let budget = ElementBudget::new(10_000);
    let source = google(&stub.address(), &clock, budget.clone());
    assert!(matches!(source.table(&grid(100), SourceRun::new(&cancel)), Err(SourceError::Cancelled { .. })));
    assert_eq!((stub.count(), budget.left()), (4, 10_000 - 5 * 625));
}

#[test]
fn a_table_can_be_cancelled_between_requests_and_during_one() {
    let stub = Stub::start(fakes::osrm);
    let cancel = CancelToken::new();
    let heard = AtomicUsize::new(0);
    let progress = |_: SourceProgress| {
        if heard.fetch_add(1, Ordering::Relaxed) == 2 {
            cancel.cancel();
        }
    };
    let run = SourceRun { cancel: &cancel, progress: &progress };
    let source = osrm(&stub.address(), &Arc::default(), http());
    assert!(matches!(source.table(&grid(50), run), Err(SourceError::Cancelled { .. })));
    assert_eq!(stub.count(), 3);

    // The server never answers, and the timeout is far away: only the cancellation can end this.
    let cancel = CancelToken::new();
    let canceller = cancel.clone();
    let stub = Stub::start(move |_, _| {
        canceller.cancel();
        Reply::Stalled
    });
    let source = osrm(&stub.address(), &Arc::default(), http());
    assert!(matches!(source.table(&grid(3), SourceRun::new(&cancel)), Err(SourceError::Cancelled { .. })));
}

#[test]
fn legs_that_are_asked_for_one_by_one_are_paid_for_again() {
    // Of the first legs, one has no path: the service says so of all of them, and then of each.
    let clock = Arc::new(FakeClock::default());
    let points = grid(67);
    let cancel = CancelToken::new();
    for elements in [48, 100] {
        let stub = Stub::start(fakes::mapbox(Arc::clone(&clock)));
        let budget = ElementBudget::new(elements);
        let source = mapbox(&stub.address(), &clock, budget.clone());
        let outcome = source.legs(&points[..25], SourceRun::new(&cancel));
        assert!(matches!(outcome, Err(SourceError::NoPath { .. })), "{outcome:?}");
        assert_eq!((stub.count(), budget.left()), (25, elements - 48));
    }
    let stub = Stub::start(fakes::mapbox(Arc::clone(&clock)));
    let source = mapbox(&stub.address(), &clock, ElementBudget::new(47));
    let outcome = source.legs(&points[..25], SourceRun::new(&cancel));
    assert!(matches!(outcome, Err(SourceError::OverBudget { needed: 24, left: 23, .. })), "{outcome:?}");
    assert_eq!(stub.count(), 1);
}
