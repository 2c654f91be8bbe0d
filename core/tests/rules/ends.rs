//! Where routes start and end.

use milkrun::{Depot, VehicleType};

use crate::support::{YARD, at, client, cost, line};

#[test]
fn open_ends_cost_nothing() {
    let clients = || [client(10), client(30)];
    assert_eq!(cost(&line(VehicleType::new(1).start(YARD), clients())), Some(30));
    assert_eq!(cost(&line(VehicleType::new(1).end(YARD), clients())), Some(30));
    assert_eq!(cost(&line(VehicleType::new(1), clients())), Some(20));
}

#[test]
fn another_depot_at_the_end() {
    let mut b = line(VehicleType::new(1).start(YARD), [client(10)]);
    let end = b.add_depot(Depot::at(at(30)));
    b.vehicle_types_mut()[0].end = Some(end);
    assert_eq!(cost(&b), Some(30));
}

#[test]
fn with_a_soft_window_an_open_start_does_not_wait() {
    let soft = client(10).soft_window(milkrun::SoftWindow::new(50, 90, 2, 2));
    assert_eq!(cost(&line(VehicleType::new(1).end(YARD), [soft])), Some(10));
}
