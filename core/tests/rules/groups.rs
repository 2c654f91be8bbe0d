//! Groups: at most one member is served.

use milkrun::{ClientGroup, ClientId, ProblemBuilder};

use crate::support::{client, cost, line, vehicles};

#[test]
fn the_nearest_member_is_served() {
    let mut b = line(vehicles(1), []);
    let group = b.add_group(ClientGroup::required());
    b.add_client(client(30).group(group));
    b.add_client(client(10).group(group));
    assert_eq!(cost(&b), Some(20));
}

#[test]
fn an_optional_client_may_be_unserved() {
    let b = |prize: i64| {
        let mut b = line(vehicles(1), []);
        let group = b.add_group(ClientGroup::optional());
        for x in [30, 10] {
            b.add_client(client(x).optional(prize).group(group));
        }
        b
    };
    // Unserved, all its members' prizes are forgone.
    assert_eq!((cost(&b(9)), cost(&b(11))), (Some(18), Some(20)));
}

#[test]
fn with_a_window_another_member_is_served() {
    let mut b = line(vehicles(1), []);
    let group = b.add_group(ClientGroup::required());
    b.add_client(client(30).group(group));
    b.add_client(client(10).time_window(0, 9).group(group));
    assert_eq!(cost(&b), Some(60));
}

/// A group of clients at these places, and its patterns as indices.
fn patterns(b: &mut ProblemBuilder, group: ClientGroup, places: &[i32], patterns: &[&[usize]]) {
    let id = b.add_group(group);
    let members: Vec<ClientId> = places.iter().map(|&x| b.add_client(client(x).group(id))).collect();
    let list = |pattern: &&[usize]| pattern.iter().map(|&i| members[i]).collect();
    b.groups_mut()[id.index()].patterns = patterns.iter().map(list).collect();
}

#[test]
fn the_cheapest_pattern_is_served() {
    let cost_of = |allowed: &[&[usize]]| {
        let mut b = line(vehicles(1), []);
        patterns(&mut b, ClientGroup::required(), &[10, -10, 30], allowed);
        cost(&b)
    };
    assert_eq!(cost_of(&[&[0, 1], &[2]]), Some(40));
    assert_eq!(cost_of(&[&[0, 1], &[1, 2]]), Some(40));
    assert_eq!(cost_of(&[&[0, 2], &[1, 2]]), Some(60));
    assert_eq!(cost_of(&[&[0, 1, 2]]), Some(80));
}

#[test]
fn an_optional_pattern_must_be_worth_its_prizes() {
    let cost_of = |prize: i64| {
        let mut b = line(vehicles(1), []);
        patterns(&mut b, ClientGroup::optional(), &[10, -10, 30], &[&[0, 1], &[1, 2]]);
        for client in b.clients_mut() {
            (client.required, client.prize) = (false, prize);
        }
        cost(&b)
    };
    assert_eq!((cost_of(13), cost_of(14)), (Some(39), Some(40)));
}

#[test]
fn visits_of_a_pattern_go_to_different_vehicles() {
    // Each of two vehicles serves one client only.
    let mut b = line(vehicles(2).max_stops(1), []);
    patterns(&mut b, ClientGroup::required(), &[10, 11, 12], &[&[0, 2], &[1, 2]]);
    assert_eq!(cost(&b), Some(20 + 24));
    // A third client takes one of them.
    b.add_client(client(1));
    assert_eq!(cost(&b), None);
}

#[test]
fn a_window_rules_a_pattern_out() {
    let mut b = line(vehicles(1), []);
    patterns(&mut b, ClientGroup::required(), &[10, -10, 30], &[&[0, 1], &[1, 2]]);
    b.clients_mut()[0] = b.clients_mut()[0].clone().time_window(0, 5);
    assert_eq!(cost(&b), Some(80));
}
