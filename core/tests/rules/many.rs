//! The maximum number of each: no limit of the search is exceeded silently.

use milkrun::{
    Break, Compartment, DisposalSite, DriverRule, Effort, Material, MaterialId, ProblemBuilder, TimeWindow, VehicleType,
};

use crate::support::{at, client, cost, hourly, line, vehicles};

#[test]
fn many_breaks_fall_on_one_leg() {
    for count in [2, 10, 64] {
        let mut vehicle = hourly(1);
        for b in 0..count {
            vehicle = vehicle.add_break(Break::new(15 * b + 5, 15 * b + 9, 2));
        }
        // Any later start is late.
        let prompt = client(1_000).time_window(0, 1_000 + 2 * count);
        assert_eq!(cost(&line(vehicle, [prompt])), Some(2_000 + 2 * count), "{count}");
    }
    let mut vehicle = hourly(1);
    for b in 0..65 {
        vehicle = vehicle.add_break(Break::new(15 * b + 5, 15 * b + 9, 2));
    }
    let refused = line(vehicle, [client(1_000)]).build().unwrap_err().to_string();
    assert!(refused.contains("65 breaks") && refused.contains("64"), "{refused}");
}

#[test]
fn many_rests_fall_on_one_leg() {
    for most in [50, 10, 2] {
        let vehicle = hourly(1).driver_rule(DriverRule::new(Effort::Driving, most, 3));
        // 1000 there and 1000 back, a rest after each full stretch but the last.
        assert_eq!(cost(&line(vehicle, [client(1_000)])), Some(2_000 + 3 * (2_000 / most - 1)), "{most}");
    }
}

#[test]
fn many_rules_with_split_rests_count_each_on_its_own() {
    let split = |max: i64| DriverRule::new(Effort::Driving, max, 7).split(2, 3);
    for own in [0, 31, 32, 33, 63] {
        let rules = (0..64).map(|r| split(if r == own { 30 } else { 500 }));
        let vehicle = rules.fold(hourly(1), VehicleType::driver_rule);
        assert_eq!(cost(&line(vehicle, [client(16)])), Some(32 + 2 + 3), "rule {own}");
    }
}

/// A vehicle that must end empty, and sites.
fn waste(vehicle: VehicleType, stops: &[i32], sites: impl IntoIterator<Item = DisposalSite>) -> ProblemBuilder {
    let mut b = line(vehicle.end_empty(), stops.iter().map(|&x| client(x).pickup([1])));
    let sites: Vec<_> = sites.into_iter().map(|site| b.add_disposal_site(site)).collect();
    b.vehicle_types_mut()[0].disposal_sites = sites;
    b
}

#[test]
fn the_site_that_serves_may_be_any_of_many() {
    for count in [1, 7, 63, 64, 65, 130] {
        // All are near, and all but the last, the farthest, have closed.
        let site = |k: i32| {
            let site = DisposalSite::at(at(-k));
            if k < count { site.hours([TimeWindow::new(0, 5)]) } else { site }
        };
        let b = waste(vehicles(1), &[10], (1..=count).map(site));
        assert_eq!(cost(&b), Some(20 + 2 * i64::from(count)), "{count}");
    }
}

#[test]
fn every_kind_of_waste_finds_its_site() {
    for count in [2, 5, 6] {
        let mut b = waste(vehicles(1), &[], []);
        let materials: Vec<MaterialId> = (0..count).map(|m| b.add_material(Material::new(format!("m{m}")))).collect();
        for (m, &material) in (0..).zip(&materials) {
            b.add_client(client(100 + m).pickup([1]).material(material));
            let site = b.add_disposal_site(DisposalSite::at(at(90 - m)).materials([material]));
            b.vehicle_types_mut()[0].disposal_sites.push(site);
        }
        assert_eq!(cost(&b), Some(2 * (99 + i64::from(count))), "{count}");
    }
}

#[test]
fn any_number_of_compartments_is_distinguished() {
    for count in [2, 8, 40] {
        let mut b = line(vehicles(1), []);
        for m in 0..count {
            let material = b.add_material(Material::new(format!("m{m}")));
            b.add_client(client(m + 1).pickup([2]).material(material));
            b.vehicle_types_mut()[0].compartments.push(Compartment::new([material], [2]));
        }
        assert_eq!(cost(&b), Some(2 * i64::from(count)), "{count}");
        b.vehicle_types_mut()[0].compartments[usize::try_from(count - 1).unwrap()].capacity = vec![1];
        assert_eq!(cost(&b), None, "{count}");
    }
}

#[test]
fn long_distances_are_driven() {
    for far in [1 << 27, 1 << 28, 500_000_000, (1 << 30) - 2] {
        let both = i64::from(far) * 2;
        assert_eq!(cost(&line(vehicles(1), [client(far)])), Some(both), "{far}");
        assert_eq!(cost(&line(vehicles(1).max_stops(1), [client(far)])), Some(both), "{far}");
        assert_eq!(cost(&line(vehicles(2).capacity([1]), [client(far).delivery([1])])), Some(both), "{far}");
    }
}

#[test]
fn expensive_distances_are_paid_or_refused() {
    for stops in [None, Some(1)] {
        let dear = |rate: i64| {
            let vehicle = vehicles(1).cost_per_distance(rate);
            stops.map_or(vehicle.clone(), |stops| vehicle.max_stops(stops))
        };
        // Twice the distance at the rate, and twice the longest one for what a route may cost more.
        assert_eq!(cost(&line(dear(1 << 20), [client(1 << 30 >> 2)])), Some(1 << 20 << 29));
        let refused = line(dear((1 << 30) - 1), [client(1 << 30 >> 2)]).build().unwrap_err().to_string();
        assert!(refused.contains("costs") && refused.contains("2^53"), "{refused}");
    }
}
