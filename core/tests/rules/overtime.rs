//! Overtime.

use milkrun::{Break, OvertimeStep};

use crate::support::{client, cost, line, vehicles};

#[test]
fn what_is_beyond_costs_more() {
    let one = || vehicles(1).overtime(OvertimeStep::new(30, 3));
    assert_eq!(cost(&line(one(), [client(20)])), Some(40 + 30));
    assert_eq!(cost(&line(one().overtime(OvertimeStep::new(35, 2)), [client(20)])), Some(40 + 30 + 10));
}

#[test]
fn with_two_vehicles_there_is_none() {
    let vehicle = |fixed: i64| vehicles(2).fixed_cost(fixed).overtime(OvertimeStep::new(30, 3));
    assert_eq!(cost(&line(vehicle(20), [client(10), client(-10)])), Some(2 * 40));
    assert_eq!(cost(&line(vehicle(40), [client(10), client(-10)])), Some(40 + 30 + 40));
}

#[test]
fn with_an_unpaid_break_it_begins_later() {
    let vehicle = |pause: Break| vehicles(1).shift(0, 50).overtime(OvertimeStep::new(30, 3)).add_break(pause);
    assert_eq!(cost(&line(vehicle(Break::new(15, 25, 10)), [client(20)])), Some(40 + 60));
    assert_eq!(cost(&line(vehicle(Break::new(15, 25, 10).unpaid()), [client(20)])), Some(40 + 30));
}
