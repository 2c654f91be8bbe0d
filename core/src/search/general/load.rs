//! From a plan to the working solution, and back.

use crate::ids::{DepotId, DisposalSiteId, VehicleTypeId};
use crate::plan::{Activity, RouteStops, TripStops};
use crate::search::data::NONE;
use crate::search::general::layout::{Element, Role};
use crate::search::general::limits::UNLIMITED;
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;

/// Takes over the routes of a plan with their halts; where one is infeasible, its stops with halts placed anew, as many as
/// that serves.
pub(super) fn load(solution: &mut Solution<'_>, plan: &[RouteStops]) {
    for source in plan {
        let vehicle_type = source.vehicle_type.index();
        if vehicle_type >= solution.layout.vehicles.len() {
            continue;
        }
        let begun = |route: &Route| {
            route.vehicle_type == vehicle_type && route.fixed > 1 && route.elements.len() == route.fixed + 1
        };
        let begun = solution.routes.iter().position(begun);
        let Some(slot) = begun.or_else(|| solution.unused(vehicle_type)) else { continue };
        let elements = elements(solution, source, vehicle_type);
        let fixed = solution.routes[slot].fixed;
        if fixed > 1 && !elements.starts_with(&solution.routes[slot].elements[..fixed]) {
            continue;
        }
        let free = |u: usize| [NONE, slot as u32].contains(&solution.route_of(u as u32));
        let mut kept: Vec<Element> = Vec::with_capacity(elements.len());
        for element in elements {
            if element.node().is_none_or(|u| {
                free(u) && !kept.contains(&element) && solution.layout.base.vehicles[vehicle_type].allows(u)
            }) {
                kept.push(element);
            }
        }
        take_over(solution, slot, vehicle_type, kept);
    }
    drop_incomplete_jobs(solution);
}

fn elements(solution: &Solution<'_>, source: &RouteStops, vehicle_type: usize) -> Vec<Element> {
    let layout = solution.layout;
    let node_of = layout.base.node_of();
    let vehicle = &layout.vehicles[vehicle_type];
    let mut elements = vec![Element::START];
    for (t, trip) in source.trips.iter().enumerate() {
        if t > 0
            && let Some(depot) = trip.start.filter(|d| vehicle.reload_at(d.index()).is_some())
        {
            elements.push(Element::reload(depot.index()));
        }
        for &activity in &trip.activities {
            let element = match activity {
                Activity::Dispose(site) => {
                    Some(Element::site(site.index())).filter(|_| vehicle.sites.contains(&(site.index() as u32)))
                }
                Activity::Break(b) => Some(Element::pause(b)).filter(|_| b < vehicle.breaks.len()),
                Activity::Rest(length) => layout.rest(length),
                _ => Some(node_of.get(activity)).filter(|&u| u != NONE).map(Element::stop),
            };
            elements.extend(element);
        }
    }
    elements.push(Element::END);
    elements
}

/// Puts elements on a route as they are, or their stops with halts placed anew, or as many stops from the first on as can be.
fn take_over(solution: &mut Solution<'_>, slot: usize, vehicle_type: usize, elements: Vec<Element>) {
    let layout = solution.layout;
    let fixed = solution.routes[slot].fixed;
    let stops: Vec<u32> = elements.iter().filter_map(|e| e.node()).map(|u| u as u32).collect();
    let related = |stops: &[u32], solution: &Solution<'_>| {
        solution.relations_hold(stops)
            && stops.iter().all(|&u| layout.relations.allow(u as usize, slot as u32, |v| solution.route_of(v)))
    };
    let mut order: Vec<u32> =
        elements[fixed.min(elements.len())..].iter().filter_map(|e| e.node()).map(|u| u as u32).collect();
    if related(&stops, solution) {
        let mut new = Route { vehicle_type, fixed, elements, ..Route::default() };
        if layout.evaluate(&mut new, 0, true) && solution.fits_sites(slot, &new) {
            solution.install(slot, new);
            return;
        }
    }
    while !order.is_empty() {
        let paired = |u: &u32| {
            let partner = layout.base.partner[*u as usize];
            partner == NONE || order.contains(&partner)
        };
        let trial: Vec<u32> = order.iter().copied().filter(paired).collect();
        if related(&trial, solution) && solution.replace_order(slot, vehicle_type, &trial, UNLIMITED) {
            return;
        }
        order.truncate((order.len() * 3 / 4).min(order.len() - 1));
    }
}

/// Removes stops whose shipments or sets are not complete.
fn drop_incomplete_jobs(solution: &mut Solution<'_>) {
    let layout = solution.layout;
    for route in 0..solution.routes.len() {
        let mut order = Vec::new();
        solution.free_order(route, &mut order);
        let lonely = |u: &u32| {
            let partner = layout.base.partner[*u as usize];
            let set = layout.relations.set_of[*u as usize];
            let broken =
                layout.patterns.group(layout.base, *u as usize).is_some_and(|group| !solution.is_pattern(group));
            broken
                || (partner != NONE && solution.route_of(partner) != route as u32)
                || (set != NONE
                    && layout.relations.all_or_none[set as usize].iter().any(|&v| solution.route_of(v) == NONE))
        };
        order.retain(lonely);
        if !order.is_empty() {
            solution.take_out(route, &order);
        }
    }
}

/// The routes with all that happens on them.
pub(super) fn unload(solution: &Solution<'_>) -> Vec<RouteStops> {
    solution.routes.iter().filter(|route| !route.is_empty()).map(|route| unload_route(solution, route)).collect()
}

fn unload_route(solution: &Solution<'_>, route: &Route) -> RouteStops {
    let layout = solution.layout;
    let vehicle = &layout.problem.vehicle_types()[route.vehicle_type];
    let mut trips = vec![TripStops { start: vehicle.start, activities: Vec::new(), end: vehicle.end }];
    for element in &route.elements {
        let Some(trip) = trips.last_mut() else { break };
        match element.role() {
            Role::Start | Role::End => {}
            Role::Stop(u) => trip.activities.push(layout.base.activity[u]),
            Role::Site(k) => trip.activities.push(Activity::Dispose(DisposalSiteId::new(k))),
            Role::Break(b) => trip.activities.push(Activity::Break(b)),
            Role::Rest(r) => trip.activities.push(Activity::Rest(layout.rests[r])),
            Role::Reload(depot) => {
                let depot = Some(DepotId::new(depot));
                trip.end = depot;
                trips.push(TripStops { start: depot, activities: Vec::new(), end: vehicle.end });
            }
        }
    }
    RouteStops { vehicle_type: VehicleTypeId::new(route.vehicle_type), trips, start: Some(layout.start(route)) }
}
