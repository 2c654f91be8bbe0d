//! Deliveries before pickups.

use milkrun::Backhauls;

use crate::support::{client, cost, line, vehicles};

#[test]
fn pickups_come_after_deliveries() {
    let mut b = line(vehicles(1), [client(10).pickup([1]), client(-10).delivery([1]), client(20).delivery([1])]);
    assert_eq!(cost(&b), Some(60));
    b.backhauls(Backhauls::AfterLinehauls);
    // -10, 20, back to 10; or 20, -10, 10.
    assert_eq!(cost(&b), Some(60));
    b.clients_mut()[0].time_window = milkrun::TimeWindow::new(0, 30);
    assert_eq!(cost(&b), None);
    b.backhauls(Backhauls::Mixed);
    assert_eq!(cost(&b), Some(60));
}

#[test]
fn with_prizes_no_trip_is_made_of_pickups_alone() {
    let mut b = line(vehicles(1), [client(10).pickup([1]).optional(50)]);
    assert_eq!(cost(&b), Some(20));
    b.backhauls(Backhauls::AfterLinehauls);
    assert_eq!(cost(&b), Some(50));
}
