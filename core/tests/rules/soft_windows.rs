//! Soft windows.

use milkrun::SoftWindow;

use crate::support::{client, cost, hourly, line, vehicles};

#[test]
fn too_late_costs() {
    assert_eq!(cost(&line(vehicles(1), [client(10).soft_window(SoftWindow::new(0, 5, 0, 3))])), Some(20 + 15));
}

#[test]
fn a_later_start_is_not_too_early() {
    let soft = || client(10).soft_window(SoftWindow::new(50, 90, 2, 0));
    assert_eq!(cost(&line(vehicles(1), [soft()])), Some(20));
    // The other client closes at 20: the vehicle is at the first one by 30.
    assert_eq!(cost(&line(vehicles(1), [soft(), client(20).time_window(0, 20)])), Some(40 + 2 * 20));
}

#[test]
fn with_paid_time_the_order_decides() {
    // Late by ten at one of the two; the more expensive one is the first.
    let clients =
        [client(10).soft_window(SoftWindow::new(0, 10, 0, 1)), client(-10).soft_window(SoftWindow::new(0, 10, 0, 5))];
    assert_eq!(cost(&line(hourly(1), clients)), Some(40 + 20));
}
