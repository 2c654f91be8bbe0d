//! Disposal sites: where and when vehicles unload, how long it takes, and the fees.

use milkrun::{DisposalSite, ProblemBuilder, Rate, TimeWindow, VehicleType};

use crate::support::{at, client, cost, hourly, line, vehicles};

/// Clients with pickups, and sites at which the vehicle must unload before it ends.
fn waste(
    vehicle: VehicleType,
    clients: &[(i32, i64)],
    sites: impl IntoIterator<Item = DisposalSite>,
) -> ProblemBuilder {
    let mut b = line(vehicle.end_empty(), clients.iter().map(|&(x, amount)| client(x).pickup([amount])));
    let sites: Vec<_> = sites.into_iter().map(|site| b.add_disposal_site(site)).collect();
    b.vehicle_types_mut()[0].disposal_sites = sites;
    b
}

fn site(x: i32) -> DisposalSite {
    DisposalSite::at(at(x))
}

#[test]
fn the_vehicle_ends_empty() {
    let b = waste(vehicles(1), &[(10, 1)], [site(-10)]);
    assert_eq!(cost(&b), Some(40));
    let mut full = b.clone();
    full.vehicle_types_mut()[0].end_empty = false;
    assert_eq!(cost(&full), Some(20));
}

#[test]
fn a_full_vehicle_unloads_and_continues() {
    let b = |capacity: i64| waste(vehicles(1).capacity([capacity]), &[(10, 3), (30, 3)], [site(20)]);
    // 10, the site, 30, the site again, home: no detour. With a single load, too.
    assert_eq!((cost(&b(4)), cost(&b(6))), (Some(60), Some(60)));
    // A second load is more than the limit of trips allows.
    let mut limited = b(4);
    limited.vehicle_types_mut()[0].max_trips = Some(1);
    assert_eq!(cost(&limited), None);
}

#[test]
fn fees_decide_where_to() {
    let near = |fee: i64| site(10).tipping_fee([Rate::new(fee, 1)]);
    assert_eq!(cost(&waste(vehicles(1), &[(10, 10)], [near(3), site(30)])), Some(20 + 30));
    assert_eq!(cost(&waste(vehicles(1), &[(10, 10)], [near(5), site(30)])), Some(60));
    assert_eq!(cost(&waste(vehicles(1), &[(10, 10)], [site(10).visit_cost(39), site(30)])), Some(59));
    assert_eq!(cost(&waste(vehicles(1), &[(10, 10)], [site(10).visit_cost(41), site(30)])), Some(60));
}

#[test]
fn a_visit_takes_time() {
    assert_eq!(cost(&waste(hourly(1), &[(10, 10)], [site(10).service(4)])), Some(24));
    assert_eq!(cost(&waste(hourly(1), &[(10, 10)], [site(10).unloading([Rate::new(1, 2)])])), Some(25));
}

#[test]
fn hours_make_the_vehicle_wait() {
    let hours = |early: i64| site(20).hours([TimeWindow::new(early, 200)]);
    let mut b = waste(hourly(1), &[(10, 1)], [hours(0)]);
    b.clients_mut()[0].time_window = TimeWindow::new(0, 15);
    assert_eq!(cost(&b), Some(40));
    // There by 15, at the site by 25, where it opens at 40.
    let mut later = waste(hourly(1), &[(10, 1)], [hours(40)]);
    later.clients_mut()[0].time_window = TimeWindow::new(0, 15);
    assert_eq!(cost(&later), Some(55));
}

#[test]
fn a_site_has_a_capacity_for_all_vehicles() {
    let near = |most: i64| site(10).daily_capacity([most]);
    assert_eq!(cost(&waste(vehicles(2), &[(10, 4), (-10, 4)], [near(8), site(-50)])), Some(40));
    // One of the loads goes to the far site.
    assert_eq!(cost(&waste(vehicles(2), &[(10, 4), (-10, 4)], [near(7), site(-50)])), Some(120));
}

#[test]
fn with_a_break_the_site_closes_too_soon() {
    let b = |late: i64, pause: i64| {
        let vehicle = vehicles(1).shift(0, 80).add_break(milkrun::Break::new(0, 9, pause));
        waste(vehicle, &[(10, 1)], [site(20).hours([TimeWindow::new(0, late)])])
    };
    assert_eq!(cost(&b(30, 10)), Some(40));
    assert_eq!(cost(&b(29, 11)), None);
}
