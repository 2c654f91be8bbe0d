//! Speeds that change during the day.

use milkrun::{DriverRule, Effort, ProblemBuilder, ProfileId, SpeedCurve, VehicleType};

use crate::support::{client, cost, hourly, line};

fn slow_until_100(vehicle: VehicleType, clients: impl IntoIterator<Item = milkrun::Client>) -> ProblemBuilder {
    let mut b = line(vehicle, clients);
    b.speed(ProfileId::new(0), SpeedCurve::new([(0, 50), (100, 100)]));
    b
}

#[test]
fn the_quick_hours_are_cheaper() {
    assert_eq!(cost(&slow_until_100(hourly(1), [client(10)])), Some(20));
    assert_eq!(cost(&slow_until_100(hourly(1).shift(0, 60), [client(10)])), Some(40));
    assert_eq!(cost(&slow_until_100(hourly(1).shift(0, 39), [client(10)])), None);
}

#[test]
fn with_a_window_part_of_the_drive_is_slow() {
    // There by 90; the return is slow until 100: half of it.
    let b = slow_until_100(hourly(1), [client(10).time_window(0, 90)]);
    assert_eq!(cost(&b), Some(20 + 10 + 5));
}

#[test]
fn with_a_driver_rule_slow_driving_needs_a_rest() {
    let rule = DriverRule::new(Effort::Driving, 30, 7);
    assert_eq!(cost(&slow_until_100(hourly(1).shift(0, 60).driver_rule(rule), [client(10)])), Some(47));
    assert_eq!(cost(&slow_until_100(hourly(1).driver_rule(rule), [client(10)])), Some(20));
}
