//! Goals besides cost, ranked and weighted.

use milkrun::{Goal, Measure, ProblemBuilder, Relation, SoftWindow};

use crate::support::{client, id, line, rank, vehicles};

fn ranked(mut b: ProblemBuilder, measure: Measure) -> ProblemBuilder {
    b.add_goal(Goal::ranked(measure));
    b
}

fn weighted(mut b: ProblemBuilder, measure: Measure, weight: i64) -> ProblemBuilder {
    b.add_goal(Goal::weighted(measure, weight));
    b
}

#[test]
fn vehicles_before_cost() {
    let clients = || [client(10).time_window(0, 10), client(-10).time_window(30, 40), client(9).time_window(0, 10)];
    let b = line(vehicles(3), clients());
    assert_eq!(rank(&ranked(b, Measure::Vehicles)), Some(vec![1, 40]));
    let b = line(vehicles(3).max_stops(2), clients());
    assert_eq!(rank(&weighted(b, Measure::Vehicles, 7)), Some(vec![20 + 20 + 14]));
}

#[test]
fn an_earlier_end_before_cost() {
    let b = || line(vehicles(2), [client(10), client(-12), client(20)]);
    assert_eq!(rank(&ranked(b(), Measure::Makespan)), Some(vec![40, 64]));
    assert_eq!(rank(&b()), Some(vec![64]));
    // Five for the vehicle, or one for each of 24 that it ends later.
    let dear = |fixed| line(vehicles(2).fixed_cost(fixed), [client(10), client(-12)]);
    assert_eq!(rank(&weighted(dear(5), Measure::Makespan, 1)), Some(vec![44 + 10 + 24]));
    assert_eq!(rank(&weighted(dear(25), Measure::Makespan, 1)), Some(vec![44 + 25 + 44]));
}

#[test]
fn routes_of_equal_duration() {
    let apart = |opens: i64| {
        let mut b = line(vehicles(2), [client(10).time_window(opens, 90), client(-20)]);
        b.add_relation(Relation::Incompatible(vec![id(0), id(1)]));
        ranked(b, Measure::DurationSpread)
    };
    assert_eq!(rank(&apart(0)), Some(vec![20, 60]));
    // A vehicle that starts early waits for the client to open: 40, as long as the other.
    assert_eq!(rank(&apart(30)), Some(vec![0, 60]));
}

#[test]
fn routes_of_equal_load() {
    let clients = [client(10).delivery([2]), client(20).delivery([1]), client(-10).delivery([1])];
    let b = line(vehicles(2).capacity([3]), clients);
    assert_eq!(rank(&b), Some(vec![40 + 20]));
    assert_eq!(rank(&ranked(b.clone(), Measure::LoadSpread)), Some(vec![0, 20 + 60]));
    assert_eq!(rank(&weighted(b, Measure::LoadSpread, 9)), Some(vec![60 + 18]));
}

#[test]
fn as_many_stops_each() {
    let b = line(vehicles(2).max_stops(3), [client(10), client(20), client(30), client(-10)]);
    assert_eq!(rank(&b), Some(vec![60 + 20]));
    assert_eq!(rank(&ranked(b.clone(), Measure::StopSpread)), Some(vec![0, 60 + 40]));
    assert_eq!(rank(&weighted(b, Measure::StopSpread, 9)), Some(vec![80 + 18]));
}

#[test]
fn stops_that_are_close_to_each_other() {
    let b = line(vehicles(3), [client(10), client(20), client(-10)]);
    assert_eq!(rank(&b), Some(vec![60]));
    assert_eq!(rank(&ranked(b, Measure::Scatter)), Some(vec![0, 20 + 40 + 20]));
}

#[test]
fn with_a_soft_window_an_earlier_end_is_weighed_against_it() {
    // To be at the client at 50 costs 40 of the end; 10 for each unit of being early are more, 1 is less than that.
    let b = |early: i64| {
        let client = client(10).soft_window(SoftWindow::new(50, 90, early, 0));
        weighted(line(vehicles(1), [client]), Measure::Makespan, 3)
    };
    assert_eq!(rank(&b(10)), Some(vec![20 + 3 * 60]));
    assert_eq!(rank(&b(1)), Some(vec![20 + 40 + 3 * 20]));
}
