//! Executed activities.

use milkrun::plan::Activity;

use crate::support::{client, id, line, solved, vehicles};

#[test]
fn the_route_begins_with_it() {
    let b = |done: &[usize]| {
        let done: Vec<Activity> = done.iter().map(|&c| Activity::Client(id(c))).collect();
        line(vehicles(1).executed(done), [client(10), client(-10), client(20)])
    };
    assert_eq!(solved(&b(&[])).cost(), 60);
    let plan = solved(&b(&[0, 1]));
    assert!(plan.is_feasible());
    assert_eq!(plan.cost(), 10 + 20 + 30 + 20);
    let activities = &plan.route_stops()[0].trips[0].activities;
    assert_eq!(activities[..2], [Activity::Client(id(0)), Activity::Client(id(1))]);
}

#[test]
fn with_another_vehicle_that_one_may_do_the_rest() {
    let done = vec![Activity::Client(id(0)), Activity::Client(id(1))];
    let mut b = line(vehicles(1).executed(done), [client(10), client(-10), client(20)]);
    b.add_vehicle_type(vehicles(1));
    // 10, -10, home is 40, and so is 20 and back.
    assert_eq!(solved(&b).cost(), 80);
    b.clients_mut()[2].time_window = milkrun::TimeWindow::new(0, 50);
    let plan = solved(&b);
    assert_eq!((plan.is_feasible(), plan.cost(), plan.routes().len()), (true, 80, 2));
}

#[test]
fn with_a_break_the_start_is_after_it() {
    // The depot is far from where the break would be: a vehicle with executed activities starts so late that it is not due.
    let done = vec![Activity::Client(id(0))];
    let vehicle = || vehicles(1).add_break(milkrun::Break::new(15, 25, 10).at(crate::support::at(-500)));
    let mut b = line(vehicle().executed(done), [client(20), client(30).optional(1_000)]);
    b.add_vehicle_type(vehicle());
    b.add_goal(milkrun::Goal::ranked(milkrun::Measure::Makespan));
    let plan = solved(&b);
    assert!(plan.is_feasible(), "{:?}", plan.violations());
    assert_eq!(plan.rank(), [26 + 40, 40 + 1_000]);
}
