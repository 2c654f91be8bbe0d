//! Groups: at most one member is served.

use milkrun::ClientGroup;

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
