//! The routes that a document describes by the `steps` of its vehicles.

use std::collections::{HashMap, HashSet};

use super::answer::Visits;
use super::input::{Input, StepKind};
use super::schedule::{Stop, What};
use super::{Model, Request};
use crate::ids::{ClientId, ShipmentId, VehicleTypeId};
use crate::io::fields::Found;
use crate::model::Activity;
use crate::plan::{Plan, RouteStops, TripStops};

/// The stops of every vehicle that has steps. Steps that name what there is not, or what was done before, are faults.
pub(super) fn visits(found: &mut Found, input: &Input) -> Vec<Visits> {
    let mut known = HashMap::new();
    for (j, job) in input.jobs.iter().enumerate() {
        known.insert((StepKind::Job, job.task.id), What::Job(j));
    }
    for (s, shipment) in input.shipments.iter().enumerate() {
        known.insert((StepKind::Pickup, shipment.pickup.id), What::Pickup(s));
        known.insert((StepKind::Delivery, shipment.delivery.id), What::Delivery(s));
    }
    let mut done = HashSet::new();
    let mut all = Vec::new();
    for (v, vehicle) in input.vehicles.iter().enumerate() {
        let Some(steps) = &vehicle.steps else { continue };
        let mut visits = Visits { vehicle: v, stops: Vec::new(), ends: [(None, None); 2] };
        for (k, step) in steps.iter().enumerate() {
            let stated = (step.after, step.before);
            let what = match step.kind {
                StepKind::Start => {
                    visits.ends[0] = stated;
                    continue;
                }
                StepKind::End => {
                    visits.ends[1] = stated;
                    continue;
                }
                StepKind::Break => vehicle.breaks.iter().position(|pause| pause.id == step.id).map(What::Break),
                kind => known.get(&(kind, step.id)).copied(),
            };
            let path = format!("vehicles[{v}].steps[{k}].id");
            let own = if step.kind == StepKind::Break { Some(v) } else { None };
            match what {
                None => {
                    let message = format!("there is no {} of this id", step.kind.name());
                    found.faults.add(path, step.id, &message, "correct it, or remove the step");
                }
                Some(what) if !done.insert((own, what)) => {
                    let message = format!("this {} is done already", step.kind.name());
                    found.faults.add(path, step.id, &message, "keep one of the steps");
                }
                Some(what) => visits.stops.push(Stop { what, after: step.after, before: step.before }),
            }
        }
        // As in VROOM, a start and an end make a route.
        if !steps.is_empty() {
            all.push(visits);
        }
    }
    all
}

/// The plan that the steps describe, to start from; `None` if they describe none. Steps that break rules are faults.
pub(super) fn initial(found: &mut Found, request: &Request, model: &Model) -> Option<Plan> {
    let input = &request.input;
    let mut all = visits(found, input);
    all.retain(|visits| !visits.stops.is_empty());
    for visits in &mut all {
        // As in VROOM, the times that are stated are for the mode `-c` alone.
        visits.stops.iter_mut().for_each(|stop| *stop = Stop::new(stop.what));
        visits.ends = [(None, None); 2];
        let faults = request.writer().faults(visits);
        if !faults.is_empty() {
            let message = format!("the route breaks rules: {}", faults.join(", "));
            let path = format!("vehicles[{}].steps", visits.vehicle);
            found.faults.add(path, "", &message, "correct the steps, leave them out, or choose times with -c");
        }
    }
    if all.is_empty() || !found.faults.is_empty() {
        return None;
    }
    let routes = all.iter().filter_map(|visits| {
        let t = model.types.iter().position(|vehicles| vehicles.contains(&visits.vehicle))?;
        let own = &model.problem.vehicle_types()[t];
        let windowed = request.windowed(visits.vehicle);
        let activities = visits.stops.iter().filter_map(|stop| match stop.what {
            What::Job(j) => Some(Activity::Client(ClientId::new(j))),
            What::Pickup(s) => Some(Activity::Pickup(ShipmentId::new(s))),
            What::Delivery(s) => Some(Activity::Delivery(ShipmentId::new(s))),
            What::Break(b) => windowed.iter().position(|&own| own == b).map(Activity::Break),
        });
        let trip = TripStops { start: own.start, activities: activities.collect(), end: own.end };
        Some(RouteStops { vehicle_type: VehicleTypeId::new(t), start: None, trips: vec![trip] })
    });
    Plan::new(&model.problem, routes.collect()).ok()
}
