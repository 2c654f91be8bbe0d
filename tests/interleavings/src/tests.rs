//! Every order in which threads can take their turns, tried by loom: breaker, bulkhead and budget keep what they promise in each.

use std::sync::atomic::{AtomicUsize as Count, Ordering as Order};
use std::time::{Duration, UNIX_EPOCH};

use loom::thread;

use crate::budget::{DayBudget, Purse as _};
use crate::guard::{Breaker, BreakerSettings, Bulkhead, State};
use crate::sync::Arc;

const SECOND: Duration = Duration::from_secs(1);

/// Tries all orders; says how many there were.
fn all(what: &str, work: impl Fn() + Send + Sync + 'static) {
    let orders = std::sync::Arc::new(Count::new(0));
    let counted = std::sync::Arc::clone(&orders);
    loom::model(move || {
        counted.fetch_add(1, Order::Relaxed);
        work();
    });
    let orders = orders.load(Order::Relaxed);
    eprintln!("interleavings, {what}: {orders} orders, all of them");
    assert!(orders > 1, "the threads do not meet");
}

fn breaker(failures: u32) -> Breaker {
    Breaker::new(BreakerSettings { failures, rest: 10 * SECOND, longest_rest: 40 * SECOND })
}

fn opened() -> Breaker {
    let breaker = breaker(1);
    breaker.ask(SECOND).unwrap().failed(SECOND);
    breaker
}

/// Of those who ask an open breaker whose rest is over, one passes, whatever its probe ends with; while it is under way none does.
#[test]
fn one_probe_is_under_way_at_a_time() {
    all("three ask an open breaker", || {
        let (breaker, under_way) = (opened(), Arc::new(loom::sync::atomic::AtomicUsize::new(0)));
        let asking: Vec<_> = (0..2)
            .map(|i| {
                let (breaker, under_way) = (breaker.clone(), under_way.clone());
                thread::spawn(move || ask(&breaker, &under_way, i))
            })
            .collect();
        let mut passed = usize::from(ask(&breaker, &under_way, 2));
        for thread in asking {
            passed += usize::from(thread.join().unwrap());
        }
        assert!(passed >= 1, "one of them must find out");
    });
}

/// Asks, and lets a probe end: one fails, one succeeds, one vanishes. Gives whether it was a probe that passed.
fn ask(breaker: &Breaker, under_way: &loom::sync::atomic::AtomicUsize, how: usize) -> bool {
    use loom::sync::atomic::Ordering::SeqCst;
    let Ok(pass) = breaker.ask(20 * SECOND) else { return false };
    let is_probe = pass.is_probe();
    if is_probe {
        assert_eq!(under_way.fetch_add(1, SeqCst), 0, "two probes at once");
        under_way.fetch_sub(1, SeqCst);
    }
    match how {
        0 => pass.failed(20 * SECOND),
        1 => pass.succeeded(),
        _ => drop(pass),
    }
    is_probe
}

/// Failures that are told at once are all counted: so many open it, and no fewer.
#[test]
fn no_failure_is_lost() {
    all("three calls of a closed breaker fail", || {
        let breaker = breaker(3);
        let failing: Vec<_> = (0..2)
            .map(|_| {
                let breaker = breaker.clone();
                thread::spawn(move || breaker.ask(SECOND).unwrap().failed(SECOND))
            })
            .collect();
        for thread in failing {
            thread.join().unwrap();
        }
        assert_eq!((breaker.state(), breaker.failures()), (State::Closed, 2));
        breaker.ask(SECOND).unwrap().failed(SECOND);
        assert_eq!(breaker.state(), State::Open);
    });
}

/// What was asked before it opened neither closes it nor prolongs its rest, whenever it is told.
#[test]
fn outcomes_from_before_change_nothing() {
    all("late outcomes of an open breaker", || {
        let breaker = breaker(1);
        let (late, later) = (breaker.ask(SECOND).unwrap(), breaker.ask(SECOND).unwrap());
        let opens = breaker.ask(SECOND).unwrap();
        let telling = [thread::spawn(move || later.failed(5 * SECOND)), thread::spawn(move || opens.failed(SECOND))];
        for thread in telling {
            thread.join().unwrap();
        }
        late.succeeded();
        assert_eq!(breaker.state(), State::Open);
        let left = breaker.ask(5 * SECOND).map(drop).unwrap_err();
        // Whoever failed first has opened it; the other one came too late.
        assert!([6 * SECOND, 10 * SECOND].contains(&left), "{left:?}");
    });
}

#[test]
fn there_is_room_for_so_many_and_no_more() {
    all("two enter a bulkhead for one", || {
        let (bulkhead, inside) = (Bulkhead::new(1), std::sync::Arc::new(Count::new(0)));
        let entering: Vec<_> = (0..2)
            .map(|_| {
                let (bulkhead, inside) = (bulkhead.clone(), std::sync::Arc::clone(&inside));
                thread::spawn(move || {
                    let Some(room) = bulkhead.enter() else { return false };
                    assert_eq!(inside.fetch_add(1, Order::Relaxed), 0, "two are inside");
                    // The other one may come now.
                    assert_eq!(bulkhead.load(), (1, 1));
                    inside.fetch_sub(1, Order::Relaxed);
                    drop(room);
                    true
                })
            })
            .collect();
        let entered = entering.into_iter().map(|thread| thread.join().unwrap()).filter(|entered| *entered);
        assert!(entered.count() >= 1, "there was room for one");
        assert_eq!(bulkhead.load(), (0, 1), "all have left");
    });
}

#[test]
fn a_budget_is_never_exceeded() {
    all("two spend and one gives back", || {
        let budget = Arc::new(DayBudget::new(100));
        budget.take(40, UNIX_EPOCH).unwrap();
        let spending: Vec<_> = (0..2)
            .map(|_| {
                let budget = budget.clone();
                thread::spawn(move || budget.take(60, UNIX_EPOCH).is_ok())
            })
            .collect();
        budget.give_back(40, UNIX_EPOCH);
        let spent = spending.into_iter().map(|thread| u64::from(thread.join().unwrap())).sum::<u64>();
        // There is room for one of them before the money comes back, and afterwards as well.
        assert_eq!((spent, budget.spent(UNIX_EPOCH)), (1, 60));
    });
}
