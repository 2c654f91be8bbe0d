//! Lays out the routes of a plan.

use milkrun::plan::{Activity, Plan, Route, Trip, Visit};
use milkrun::units::Load;
use milkrun::{DepotId, Problem, VehicleType};

use super::names::called;
use super::row::{Row, Step, named, place};
use super::{TripRows, Truck};

/// The routes, as trucks.
pub(super) fn trucks<'a>(problem: &'a Problem, plan: &'a Plan) -> Vec<Truck<'a>> {
    let truck = |((r, route), name): ((usize, &'a Route), String)| {
        let vehicle = problem.vehicle_type(route.vehicle_type);
        Truck { number: r + 1, name, vehicle, route, trips: trips(problem, vehicle, route) }
    };
    plan.routes().iter().enumerate().zip(plan.truck_names(problem)).map(truck).collect()
}

fn trips<'a>(problem: &'a Problem, vehicle: &'a VehicleType, route: &'a Route) -> Vec<TripRows<'a>> {
    let mut order = 0;
    let rows = |(t, trip): (usize, &'a Trip)| {
        let mut rows = Vec::with_capacity(trip.visits.len() + 2);
        rows.extend(trip.start_depot.map(|depot| leave(problem, depot, trip)));
        let mut before: &[Load] = &trip.load;
        for (position, visit) in trip.visits.iter().enumerate() {
            let mut row = row(problem, vehicle, visit, before);
            row.position = Some(position);
            if row.step.is_service() {
                order += 1;
                row.order = Some(order);
            }
            rows.push(row);
            before = &visit.load;
        }
        rows.extend(trip.end_depot.map(|depot| back(problem, depot, trip, before)));
        TripRows { number: t + 1, trip, rows }
    };
    route.trips.iter().enumerate().map(rows).collect()
}

fn leave<'a>(problem: &'a Problem, id: DepotId, trip: &'a Trip) -> Row<'a> {
    let depot = problem.depot(id);
    Row {
        step: Step::Leave(id),
        order: None,
        position: None,
        name: called(place(problem, &depot.name, depot.location()), "depot", id.index()),
        location: Some(depot.location()),
        setup: 0,
        arrival: trip.start,
        start: trip.start,
        departure: trip.departure,
        brought: Vec::new(),
        taken: trip.load.clone(),
        material: None,
        load: &trip.load,
        notes: Some(&depot.notes),
    }
}

fn back<'a>(problem: &'a Problem, id: DepotId, trip: &'a Trip, load: &'a [Load]) -> Row<'a> {
    let depot = problem.depot(id);
    Row {
        step: Step::Return(id),
        order: None,
        position: None,
        name: called(place(problem, &depot.name, depot.location()), "depot", id.index()),
        location: Some(depot.location()),
        setup: 0,
        arrival: trip.arrival,
        start: trip.arrival,
        departure: trip.arrival,
        brought: load.to_vec(),
        taken: Vec::new(),
        material: None,
        load,
        notes: None,
    }
}

fn row<'a>(problem: &'a Problem, vehicle: &'a VehicleType, visit: &'a Visit, before: &'a [Load]) -> Row<'a> {
    let (name, notes) = named(problem, vehicle, visit.activity);
    let mut row = Row {
        step: Step::Visit(visit.activity),
        order: None,
        position: None,
        name,
        location: has_place(vehicle, visit.activity).then_some(visit.location),
        setup: visit.setup,
        arrival: visit.arrival,
        start: visit.start,
        departure: visit.departure,
        brought: Vec::new(),
        taken: Vec::new(),
        material: None,
        load: &visit.load,
        notes,
    };
    match visit.activity {
        Activity::Client(id) => {
            let client = problem.client(id);
            row.brought.clone_from(&client.delivery);
            row.taken.clone_from(&client.pickup);
            row.material = client.material.map(|material| problem.materials()[material.index()].name.as_str());
        }
        Activity::Pickup(id) => row.taken.clone_from(&problem.shipment(id).amount),
        Activity::Delivery(id) => row.brought.clone_from(&problem.shipment(id).amount),
        Activity::Dispose(_) => {
            row.brought = before.iter().zip(&visit.load).map(|(was, is)| was.saturating_sub(*is)).collect();
        }
        _ => {}
    }
    row
}

/// Breaks and rests during a drive have no place of their own.
fn has_place(vehicle: &VehicleType, activity: Activity) -> bool {
    match activity {
        Activity::Break(index) => vehicle.breaks.get(index).is_some_and(|pause| pause.place.is_some()),
        Activity::Rest(_) => false,
        _ => true,
    }
}
