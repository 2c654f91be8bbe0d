//! Relations between clients.

use milkrun::{Goal, Measure, Position, ProblemBuilder, Relation, VehicleTypeId};

use crate::support::{client, cost, id, line, solved, vehicles};

/// Clients at 10, -10 and 20.
fn three(count: usize) -> ProblemBuilder {
    line(vehicles(count), [client(10), client(-10), client(20)])
}

fn with(mut b: ProblemBuilder, relation: Relation) -> ProblemBuilder {
    b.add_relation(relation);
    b
}

#[test]
fn a_sequence_is_driven_in_its_order() {
    assert_eq!(cost(&three(1)), Some(60));
    assert_eq!(cost(&with(three(1), Relation::Sequence(vec![id(0), id(1), id(2)]))), Some(10 + 20 + 30 + 20));
    // No other stop comes in between.
    let close = with(three(1), Relation::Sequence(vec![id(2), id(1)]));
    assert_eq!(cost(&close), Some(60));
    assert_eq!(cost(&with(close, Relation::Precedence(id(1), id(0)))), Some(20 + 30 + 20 + 10));
}

#[test]
fn a_precedence_gives_the_order() {
    let one = with(three(1), Relation::Precedence(id(0), id(1)));
    assert_eq!(cost(&one), Some(60));
    assert_eq!(cost(&with(one, Relation::Precedence(id(1), id(2)))), Some(80));
}

#[test]
fn the_same_vehicle() {
    let mut b = line(vehicles(1), [client(10).allowed_vehicles([VehicleTypeId::new(1)]), client(-10)]);
    b.add_vehicle_type(vehicles(1).cost_per_distance(2));
    assert_eq!(cost(&b), Some(40 + 20));
    assert_eq!(cost(&with(b, Relation::SameVehicle(vec![id(0), id(1)]))), Some(80));
}

#[test]
fn another_vehicle() {
    let apart = |count| with(three(count), Relation::Incompatible(vec![id(0), id(2)]));
    assert_eq!(cost(&apart(2)), Some(20 + 60));
    assert_eq!(cost(&apart(1)), None);
}

#[test]
fn all_or_none() {
    let b = || line(vehicles(1), [client(10), client(50).optional(5)]);
    assert_eq!(cost(&b()), Some(25));
    assert_eq!(cost(&with(b(), Relation::AllOrNone(vec![id(0), id(1)]))), Some(100));
    let optional = line(vehicles(1), [client(10).optional(25), client(50).optional(5)]);
    assert_eq!(cost(&with(optional, Relation::AllOrNone(vec![id(0), id(1)]))), Some(30));
}

#[test]
fn a_place_on_the_route() {
    let pin = |client, position| Relation::Pin { client: id(client), vehicle_type: None, position };
    let first = with(three(1), pin(0, Position::First));
    assert_eq!(cost(&first), Some(60));
    assert_eq!(cost(&with(first, pin(2, Position::Last))), Some(80));
}

#[test]
fn a_type_of_vehicle() {
    let mut b = three(1);
    b.add_vehicle_type(vehicles(1).cost_per_distance(3));
    let pin = Relation::Pin { client: id(0), vehicle_type: Some(VehicleTypeId::new(1)), position: Position::Any };
    assert_eq!(cost(&with(b, pin)), Some(60 + 60));
}

#[test]
fn with_a_window_a_sequence_is_late() {
    let b = |late: i64| {
        let b = line(vehicles(1), [client(10), client(-10).time_window(0, late)]);
        with(b, Relation::Sequence(vec![id(0), id(1)]))
    };
    assert_eq!((cost(&b(30)), cost(&b(29))), (Some(40), None));
}

#[test]
fn a_precedence_and_a_sequence_share_a_client() {
    let optional = |x: i32| client(x).optional(1);
    let mut b = line(vehicles(2).capacity([9]), [client(40).pickup([5]), optional(18), optional(-20), optional(-38)]);
    b.add_relation(Relation::Precedence(id(1), id(0)));
    b.add_relation(Relation::Sequence(vec![id(1), id(2)]));
    b.add_goal(Goal::weighted(Measure::Scatter, 1));
    for client in b.clients_mut() {
        client.delivery = vec![2];
    }
    let plan = solved(&b);
    assert!(plan.is_feasible(), "{:?}", plan.violations());
}
