//! Breaks of drivers.

use milkrun::Break;

use crate::support::{at, client, cost, hourly, line, vehicles};

#[test]
fn a_break_that_is_due_takes_its_time() {
    let vehicle = |shift: i64| vehicles(1).shift(0, shift).add_break(Break::new(15, 25, 10));
    assert_eq!(cost(&line(vehicle(50), [client(20)])), Some(40));
    assert_eq!(cost(&line(vehicle(49), [client(20)])), None);
}

#[test]
fn a_route_that_starts_after_it_takes_none() {
    let vehicle = |pause: Break| hourly(1).add_break(pause);
    assert_eq!(cost(&line(vehicle(Break::new(15, 25, 10)), [client(20)])), Some(40));
    // Where the client closes at 30, the vehicle must leave by 10.
    assert_eq!(cost(&line(vehicle(Break::new(15, 25, 10)), [client(20).time_window(0, 30)])), Some(50));
    assert_eq!(cost(&line(vehicle(Break::new(15, 25, 10).unpaid()), [client(20).time_window(0, 30)])), Some(40));
}

#[test]
fn a_break_at_a_place_is_on_the_route() {
    let vehicle = |shift: i64| vehicles(1).shift(0, shift).add_break(Break::new(15, 35, 10).at(at(30)));
    assert_eq!(cost(&line(vehicle(70), [client(20)])), Some(60));
    assert_eq!(cost(&line(vehicle(69), [client(20)])), None);
}

#[test]
fn with_max_work_a_break_is_none() {
    let vehicle = |work: i64| vehicles(1).shift(0, 60).max_work(work).add_break(Break::new(15, 25, 10));
    assert_eq!(cost(&line(vehicle(40), [client(20)])), Some(40));
    assert_eq!(cost(&line(vehicle(39), [client(20)])), None);
}
