//! Time windows of clients.

use milkrun::TimeWindow;

use crate::support::{client, cost, hourly, line, vehicles};

#[test]
fn the_client_that_closes_first_comes_first() {
    // At 10 and at -10: the one that closes at 15 is the first, the other one is reached at 30.
    let clients = |late: i64| [client(10).time_window(0, late), client(-10).time_window(0, 15)];
    assert_eq!(cost(&line(vehicles(1), clients(30))), Some(40));
    assert_eq!(cost(&line(vehicles(1), clients(29))), None);
    assert_eq!(cost(&line(vehicles(2).fixed_cost(7), clients(30))), Some(47));
    assert_eq!(cost(&line(vehicles(2).fixed_cost(7), clients(29))), Some(54));
}

#[test]
fn waiting_moves_to_before_the_start() {
    assert_eq!(cost(&line(hourly(1), [client(10).time_window(50, 60)])), Some(20));
    // The first client closes at 10, the second opens at 50: 30 of waiting stay.
    let clients = [client(10).time_window(0, 10), client(20).time_window(50, 60)];
    assert_eq!(cost(&line(hourly(1), clients)), Some(70));
}

#[test]
fn with_several_windows_the_best_one_is_met() {
    let windows = |second: i64| [TimeWindow::new(0, 5), TimeWindow::new(second, second + 10)];
    let clients = |second| [client(10).time_windows(windows(second)), client(20).time_window(15, 25)];
    // At 20 at 25, back at 10 at 35: on to the window from 50.
    assert_eq!(cost(&line(hourly(1), clients(50))), Some(55));
    // The window from 30 is open when the vehicle comes by.
    assert_eq!(cost(&line(hourly(1), clients(30))), Some(40));
}
