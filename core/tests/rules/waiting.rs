//! The cost of waiting.

use milkrun::SoftWindow;

use crate::support::{client, cost, line, vehicles};

#[test]
fn a_second_vehicle_may_cost_less() {
    let clients = || [client(10).time_window(0, 10), client(20).time_window(50, 60)];
    // The vehicle that serves both waits from 20 to 50.
    assert_eq!(cost(&line(vehicles(2), clients())), Some(40));
    assert_eq!(cost(&line(vehicles(2).cost_per_waiting(1), clients())), Some(60));
    assert_eq!(cost(&line(vehicles(1).cost_per_waiting(1), clients())), Some(70));
}

#[test]
fn no_vehicle_waits_before_the_start() {
    assert_eq!(cost(&line(vehicles(1).cost_per_waiting(9), [client(10).time_window(50, 60)])), Some(20));
}

#[test]
fn with_a_soft_window_the_cheaper_of_two_evils() {
    // Ten late at the first client, or ten of waiting at the second.
    let clients = |late: i64| [client(10).soft_window(SoftWindow::new(0, 10, 0, late)), client(20).time_window(30, 60)];
    assert_eq!(cost(&line(vehicles(1).cost_per_waiting(2), clients(1))), Some(40 + 10));
    assert_eq!(cost(&line(vehicles(1).cost_per_waiting(2), clients(3))), Some(40 + 20));
}
