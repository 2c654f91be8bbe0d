//! Routes get other vehicles: unused ones that are cheaper, or each other's.

use super::Scratch;
use crate::search::classical::class::Class;
use crate::search::classical::routes::Routes;

/// Gives a route the unused vehicle of another type with which it is cheapest, where that is better.
pub(crate) fn change_vehicle<C: Class>(routes: &mut Routes<'_, C>, scratch: &mut Scratch, route: usize) -> bool {
    if routes.info[route].size == 0 {
        return false;
    }
    let own = routes.vehicle_type(route);
    let mut best = None;
    let mut least = routes.cost_of(route);
    for vehicle_type in (0..routes.num_types()).filter(|&t| t != own) {
        let Some(unused) = routes.unused_beside(vehicle_type) else { continue };
        if let Some(cost) = routes.cost_with(route, unused)
            && cost < least
            && routes.may_drive(route, unused)
        {
            (best, least) = (Some(unused), cost);
        }
    }
    let Some(unused) = best else { return false };
    scratch.a.clear();
    routes.list_stops(route, &mut scratch.a);
    routes.rewrite([(route, &[]), (unused, &scratch.a)]);
    true
}

/// Lets two routes exchange their vehicles, where that is better.
pub(crate) fn exchange_vehicles<C: Class>(
    routes: &mut Routes<'_, C>,
    scratch: &mut Scratch,
    a: usize,
    b: usize,
) -> bool {
    if routes.vehicle_type(a) == routes.vehicle_type(b) || routes.info[a].size == 0 || routes.info[b].size == 0 {
        return false;
    }
    let before = routes.cost_of(a) + routes.cost_of(b);
    let (Some(of_a), Some(of_b)) = (routes.cost_with(a, b), routes.cost_with(b, a)) else { return false };
    if of_a + of_b >= before || !routes.may_drive(a, b) || !routes.may_drive(b, a) {
        return false;
    }
    scratch.a.clear();
    scratch.b.clear();
    routes.list_stops(b, &mut scratch.a);
    routes.list_stops(a, &mut scratch.b);
    routes.rewrite([(a, &scratch.a), (b, &scratch.b)]);
    true
}
