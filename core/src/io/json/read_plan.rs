//! From a document to a plan.

use super::names::ProblemNames;
use super::parse::parse;
use super::plan_document::{PlanDocument, RouteDocument, TripDocument, VisitDocument};
use super::reference::{Names, Ref};
use super::stated::discrepancies;
use super::{JsonError, JsonFault};
use crate::ids::{ClientId, DepotId, DisposalSiteId, ShipmentId, VehicleTypeId};
use crate::listing::Listing;
use crate::model::Problem;
use crate::plan::check::Discrepancy;
use crate::plan::{Activity, Plan, RouteStops, TripStops};
use crate::units::{Cost, MAX_VALUE};

/// Reads a plan from JSON: takes its stops and when its routes start, and works out everything else from the problem.
///
/// A stated start that is the one which the rule gives without it is no decision: the [route's stops](RouteStops::start)
/// then have none.
///
/// # Errors
///
/// [`JsonError`]: where the text is not a plan for the problem. A plan that is infeasible, or states times or costs that
/// are wrong, is not an error: see [`read_reported_plan`].
pub fn read_plan(text: &str, problem: &Problem) -> Result<Plan, JsonError> {
    let mut document = parse(text, "plan", super::plan_schema)?;
    read(&mut document, &ProblemNames::from(problem), problem)
}

/// A plan as it was read, and what its document says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedPlan {
    /// The plan, worked out again from its stops.
    pub plan: Plan,
    /// The total cost that the document states, where it does.
    pub cost: Option<Cost>,
    /// Every statement of the document that is wrong. What it leaves out is not.
    pub discrepancies: Vec<Discrepancy>,
}

/// Like [`read_plan`], and compares every number that the document states with what it really is.
///
/// # Errors
///
/// As those of [`read_plan`].
pub fn read_reported_plan(text: &str, problem: &Problem) -> Result<ReportedPlan, JsonError> {
    let mut document = parse(text, "plan", super::plan_schema)?;
    let names = ProblemNames::from(problem);
    let plan = read(&mut document, &names, problem)?;
    let cost = document.cost.as_ref().and_then(|cost| cost.total);
    let discrepancies = discrepancies(document, names.plan(problem, &plan), problem.load_dimensions());
    Ok(ReportedPlan { plan, cost, discrepancies })
}

/// The plan. References of the document become those that a writer would use, so that the document can be compared.
fn read(document: &mut PlanDocument, names: &ProblemNames, problem: &Problem) -> Result<Plan, JsonError> {
    let mut faults = Listing::default();
    let mut stops = Vec::with_capacity(document.routes.len());
    for (r, route) in document.routes.iter_mut().enumerate() {
        stops.push(read_route(route, &format!("routes[{r}]"), names, &mut faults));
    }
    if let Some(unserved) = &mut document.unserved {
        for (i, client) in unserved.clients.iter_mut().flatten().enumerate() {
            settle(client, &names.clients, || format!("unserved.clients[{i}]"), &mut faults);
        }
        for (i, shipment) in unserved.shipments.iter_mut().flatten().enumerate() {
            settle(shipment, &names.shipments, || format!("unserved.shipments[{i}]"), &mut faults);
        }
    }
    if !faults.is_empty() {
        return Err(JsonError::Content { faults: faults.kept, omitted: faults.omitted });
    }
    Ok(Plan::with_stated_starts(problem, stops)?)
}

fn read_route(
    route: &mut RouteDocument,
    path: &str,
    names: &ProblemNames,
    faults: &mut Listing<JsonFault>,
) -> RouteStops {
    let before = faults.len();
    let vehicle_type = settle(&mut route.vehicle_type, &names.vehicle_types, || format!("{path}.vehicle_type"), faults);
    // Of an unknown vehicle type, the breaks are unknown.
    let breaks = names.breaks.get(vehicle_type).filter(|_| faults.len() == before);
    let trips = route
        .trips
        .iter_mut()
        .enumerate()
        .map(|(t, trip)| read_trip(trip, &format!("{path}.trips[{t}]"), (names, breaks), faults))
        .collect();
    RouteStops { vehicle_type: VehicleTypeId::new(vehicle_type), start: route.start, trips }
}

/// The names of the problem, and those of the breaks of the vehicle that drives.
type RouteNames<'a> = (&'a ProblemNames<'a>, Option<&'a Names<'a>>);

fn read_trip(trip: &mut TripDocument, path: &str, names: RouteNames, faults: &mut Listing<JsonFault>) -> TripStops {
    let mut depot = |field: &str, reference: &mut Option<Ref>| {
        let reference = reference.as_mut()?;
        Some(DepotId::new(settle(reference, &names.0.depots, || format!("{path}.{field}"), faults)))
    };
    let start = depot("start_depot", &mut trip.start_depot);
    let end = depot("end_depot", &mut trip.end_depot);
    let activities = trip
        .visits
        .iter_mut()
        .enumerate()
        .filter_map(|(v, visit)| read_visit(visit, &format!("{path}.visits[{v}]"), names, faults))
        .collect();
    TripStops { start, activities, end }
}

/// What is done; `None` where a fault was added.
fn read_visit(
    visit: &mut VisitDocument,
    path: &str,
    (names, breaks): RouteNames,
    faults: &mut Listing<JsonFault>,
) -> Option<Activity> {
    if let Some(location) = &mut visit.location {
        settle(location, &names.locations, || format!("{path}.location"), faults);
    }
    let mut found = Vec::new();
    let mut look = |field: &str, reference: &mut Option<Ref>, names: Option<&Names>, make: fn(usize) -> Activity| {
        let Some(reference) = reference else { return };
        let index = names.map_or(0, |names| settle(reference, names, || format!("{path}.{field}"), faults));
        found.push(make(index));
    };
    look("client", &mut visit.client, Some(&names.clients), |i| Activity::Client(ClientId::new(i)));
    look("pickup", &mut visit.pickup, Some(&names.shipments), |i| Activity::Pickup(ShipmentId::new(i)));
    look("delivery", &mut visit.delivery, Some(&names.shipments), |i| Activity::Delivery(ShipmentId::new(i)));
    look("dispose", &mut visit.dispose, Some(&names.disposal_sites), |i| Activity::Dispose(DisposalSiteId::new(i)));
    look("break", &mut visit.pause, breaks, Activity::Break);
    if let Some(value) = visit.rest {
        found.push(Activity::Rest(value));
        if !(1..=MAX_VALUE).contains(&value) {
            faults.push(JsonFault::RestLength { path: format!("{path}.rest"), value });
        }
    }
    if let [activity] = found[..] {
        return Some(activity);
    }
    faults.push(JsonFault::OddVisit { path: path.to_owned(), found: found.len() });
    None
}

/// What the reference means, after it has become the one that a writer would use. Where it means nothing, a fault is
/// added, and the index is any, for then no plan is made.
fn settle(reference: &mut Ref, names: &Names, path: impl FnOnce() -> String, faults: &mut Listing<JsonFault>) -> usize {
    let index = names.resolve(reference, path, faults).unwrap_or(0);
    *reference = names.reference(index);
    index
}
