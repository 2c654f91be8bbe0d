//! Time at a stop.

use milkrun::VehicleTypeId;

use crate::support::{client, cost, hourly, line, vehicles};

#[test]
fn it_is_part_of_the_duration() {
    assert_eq!(cost(&line(hourly(1), [client(10).service(5)])), Some(25));
    assert_eq!(cost(&line(vehicles(1).max_duration(25), [client(10).service(5)])), Some(20));
    assert_eq!(cost(&line(vehicles(1).max_duration(24), [client(10).service(5)])), None);
}

#[test]
fn with_two_vehicle_types_the_quicker_one_goes() {
    let mut b = line(hourly(1), [client(10).service(9).service_by(VehicleTypeId::new(1), 2)]);
    assert_eq!(
        cost(&{
            let mut alone = b.clone();
            alone.clients_mut()[0].service_by_type.clear();
            alone
        }),
        Some(29)
    );
    b.add_vehicle_type(hourly(1).fixed_cost(4));
    assert_eq!(cost(&b), Some(20 + 2 + 4));
}
