//! From a plan to a document.

use super::VERSION;
use super::layout::to_text;
use super::plan_document::{
    CostDocument, PlanDocument, PlanKind, RouteDocument, TripDocument, UnservedDocument, ViolationDocument,
    VisitDocument,
};
use super::reference::Names;
use crate::model::Problem;
use crate::plan::{Activity, CostBreakdown, Plan, Route, Trip, Violation, Visit};

/// Writes a plan as JSON, with all times, loads and costs. [`read_plan`](super::read_plan) gives back an equal one.
///
/// The plan must be for the problem: for another one, references to what it does not have are written as indices.
pub fn write_plan(problem: &Problem, plan: &Plan) -> String {
    to_text(&PlanNames::new(problem).plan(problem, plan))
}

/// The names of all that a plan refers to.
pub(super) struct PlanNames<'a> {
    pub(super) vehicle_types: Names<'a>,
    pub(super) depots: Names<'a>,
    pub(super) clients: Names<'a>,
    pub(super) shipments: Names<'a>,
    pub(super) locations: Names<'a>,
}

impl<'a> PlanNames<'a> {
    pub(super) fn new(problem: &'a Problem) -> Self {
        Self {
            vehicle_types: Names::new("vehicle type", problem.vehicle_types().iter().map(|v| v.name.as_str())),
            depots: Names::new("depot", problem.depots().iter().map(|d| d.name.as_str())),
            clients: Names::new("client", problem.clients().iter().map(|c| c.name.as_str())),
            shipments: Names::new("shipment", problem.shipments().iter().map(|s| s.name.as_str())),
            locations: Names::new("location", problem.locations().iter().map(|l| l.name.as_str())),
        }
    }

    pub(super) fn plan(&self, problem: &Problem, plan: &Plan) -> PlanDocument {
        let unserved = plan.unserved();
        let CostBreakdown { fixed, distance, duration, unserved: prizes, .. } = plan.breakdown();
        PlanDocument {
            milkrun: PlanKind::Plan,
            version: VERSION,
            schema: None,
            problem: Some(problem.name().to_owned()),
            feasible: Some(plan.is_feasible()),
            cost: Some(CostDocument {
                fixed: Some(fixed),
                distance: Some(distance),
                duration: Some(duration),
                unserved: Some(prizes),
                total: Some(plan.cost()),
            }),
            routes: plan.routes().iter().map(|route| self.route(route)).collect(),
            unserved: Some(UnservedDocument {
                clients: Some(unserved.clients.iter().map(|c| self.clients.reference(c.index())).collect()),
                shipments: Some(unserved.shipments.iter().map(|s| self.shipments.reference(s.index())).collect()),
            }),
            violations: Some(plan.violations().iter().map(violation).collect()),
        }
    }

    fn route(&self, route: &Route) -> RouteDocument {
        RouteDocument {
            vehicle_type: self.vehicle_types.reference(route.vehicle_type.index()),
            start: Some(route.start),
            end: Some(route.end),
            duration: Some(route.duration()),
            driving: Some(route.driving),
            waiting: Some(route.waiting),
            distance: Some(route.distance),
            cost: Some(CostDocument {
                fixed: Some(route.fixed_cost),
                distance: Some(route.distance_cost),
                duration: Some(route.duration_cost),
                unserved: None,
                total: Some(route.cost()),
            }),
            trips: route.trips.iter().map(|trip| self.trip(trip)).collect(),
        }
    }

    fn trip(&self, trip: &Trip) -> TripDocument {
        TripDocument {
            start_depot: trip.start_depot.map(|depot| self.depots.reference(depot.index())),
            end_depot: trip.end_depot.map(|depot| self.depots.reference(depot.index())),
            start: Some(trip.start),
            departure: Some(trip.departure),
            arrival: Some(trip.arrival),
            distance: Some(trip.distance),
            load: Some(trip.load.clone()),
            max_load: Some(trip.max_load.clone()),
            visits: trip.visits.iter().map(|visit| self.visit(visit)).collect(),
        }
    }

    fn visit(&self, visit: &Visit) -> VisitDocument {
        let (mut client, mut pickup, mut delivery) = (None, None, None);
        match visit.activity {
            Activity::Client(id) => client = Some(self.clients.reference(id.index())),
            Activity::Pickup(id) => pickup = Some(self.shipments.reference(id.index())),
            Activity::Delivery(id) => delivery = Some(self.shipments.reference(id.index())),
            Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => {}
        }
        VisitDocument {
            client,
            pickup,
            delivery,
            location: Some(self.locations.reference(visit.location.index())),
            arrival: Some(visit.arrival),
            start: Some(visit.start),
            departure: Some(visit.departure),
            load: Some(visit.load.clone()),
        }
    }
}

fn violation(violation: &Violation) -> ViolationDocument {
    let (kind, route) = (violation.kind().to_owned(), violation.route());
    ViolationDocument { kind, route, message: Some(violation.to_string()) }
}
