//! Driver rules: a rest after a certain effort.

use milkrun::{DriverRule, Effort};

use crate::support::{client, cost, hourly, line};

const RULE: DriverRule = DriverRule::new(Effort::Driving, 30, 7);

#[test]
fn a_rest_comes_when_it_is_due() {
    assert_eq!(cost(&line(hourly(1).driver_rule(RULE), [client(15)])), Some(30));
    assert_eq!(cost(&line(hourly(1).driver_rule(RULE), [client(16)])), Some(32 + 7));
    assert_eq!(cost(&line(hourly(1).driver_rule(RULE).unpaid_rests(), [client(16)])), Some(32));
    assert_eq!(cost(&line(hourly(1).driver_rule(RULE), [client(31)])), Some(62 + 14));
}

#[test]
fn a_rest_may_be_split() {
    let rule = RULE.split(2, 3);
    assert_eq!(cost(&line(hourly(1).driver_rule(rule), [client(16)])), Some(32 + 2 + 3));
}

#[test]
fn work_counts_where_the_rule_says_so() {
    let rule = DriverRule::new(Effort::Work, 30, 7);
    assert_eq!(cost(&line(hourly(1).driver_rule(rule), [client(10).service(10)])), Some(30));
    assert_eq!(cost(&line(hourly(1).driver_rule(rule), [client(10).service(11)])), Some(31 + 7));
    assert_eq!(cost(&line(hourly(1).driver_rule(RULE), [client(10).service(11)])), Some(31));
}

#[test]
fn with_any_pause_a_service_is_a_rest() {
    let rule = RULE.any_pause();
    assert_eq!(cost(&line(hourly(1).driver_rule(rule), [client(16).service(7)])), Some(39));
    assert_eq!(cost(&line(hourly(1).driver_rule(rule), [client(16).service(6)])), Some(38 + 7));
}

#[test]
fn with_two_vehicles_it_may_pay_to_use_both() {
    let clients = || [client(10), client(-10)];
    assert_eq!(cost(&line(hourly(2).fixed_cost(6).driver_rule(RULE), clients())), Some(2 * 26));
    assert_eq!(cost(&line(hourly(2).fixed_cost(8).driver_rule(RULE), clients())), Some(40 + 7 + 8));
}
