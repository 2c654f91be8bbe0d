//! From a plan to a document.

use std::collections::BTreeMap;

use super::VERSION;
use super::layout::to_text;
use super::names::ProblemNames;
use super::plan_document::{
    CostDocument, PlanDocument, PlanKind, RouteDocument, TripDocument, UnservedDocument, ViolationDocument,
    VisitDocument,
};
use super::reference::{Names, Ref};
use crate::model::{Notes, Problem};
use crate::plan::{Activity, CostBreakdown, Plan, Route, Trip, Violation, Visit};

/// Writes a plan as JSON, with all times, loads and costs. [`read_plan`](super::read_plan) gives back an equal one; of a
/// stated start, the one that the route really has.
///
/// The plan must be for the problem: for another one, references to what it does not have are written as indices.
pub fn write_plan(problem: &Problem, plan: &Plan) -> String {
    to_text(&PlanDocument::new(problem, plan))
}

impl PlanDocument {
    /// What [`write_plan`] writes.
    pub fn new(problem: &Problem, plan: &Plan) -> Self {
        let mut document = ProblemNames::from(problem).plan(problem, plan);
        for cost in document.cost.iter_mut().chain(document.routes.iter_mut().filter_map(|route| route.cost.as_mut())) {
            let CostDocument { overtime, waiting, windows, disposal, assignment, goals, .. } = cost;
            for cause in [overtime, waiting, windows, disposal, assignment, goals] {
                *cause = cause.filter(|&amount| amount != 0);
            }
        }
        document.emitted = document.emitted.filter(|_| problem.has_consumption());
        for (route, planned) in document.routes.iter_mut().zip(plan.routes()) {
            if problem.vehicle_types().get(planned.vehicle_type.index()).is_none_or(|v| v.consumption.is_none()) {
                (route.consumed, route.emitted) = (None, None);
            }
            if !has_rules(problem, planned) {
                (route.work, route.pauses, route.paid) = (None, None, None);
            }
            for visit in route.trips.iter_mut().flat_map(|trip| &mut trip.visits) {
                visit.setup = visit.setup.filter(|&setup| setup != 0);
            }
            note(route, planned, problem);
        }
        document
    }
}

impl ProblemNames<'_> {
    /// The plan with all of its numbers, those too that a writer leaves out.
    pub(super) fn plan(&self, problem: &Problem, plan: &Plan) -> PlanDocument {
        let unserved = plan.unserved();
        PlanDocument {
            milkrun: PlanKind::Plan,
            version: VERSION,
            schema: None,
            problem: Some(problem.name().to_owned()),
            origin: problem.origin().map(ToString::to_string),
            feasible: Some(plan.is_feasible()),
            cost: Some(cost(plan.breakdown())),
            emitted: Some(plan.consumption(problem).emitted),
            routes: plan.routes().iter().map(|route| self.route(route)).collect(),
            unserved: Some(UnservedDocument {
                clients: Some(unserved.clients.iter().map(|c| self.clients.reference(c.index())).collect()),
                shipments: Some(unserved.shipments.iter().map(|s| self.shipments.reference(s.index())).collect()),
            }),
            violations: Some(plan.violations().iter().map(|one| violation(problem, one)).collect()),
        }
    }

    fn route(&self, route: &Route) -> RouteDocument {
        let breaks = self.breaks.get(route.vehicle_type.index());
        RouteDocument {
            vehicle_type: self.vehicle_types.reference(route.vehicle_type.index()),
            start: Some(route.start),
            end: Some(route.end),
            duration: Some(route.duration()),
            driving: Some(route.driving),
            waiting: Some(route.waiting),
            work: Some(route.work),
            pauses: Some(route.pauses),
            paid: Some(route.paid),
            distance: Some(route.distance),
            consumed: Some(route.consumed),
            emitted: Some(route.emitted),
            // Goals and what is unserved are the whole plan's.
            cost: Some(CostDocument { goals: None, unserved: None, ..cost(route.breakdown()) }),
            trips: route.trips.iter().map(|trip| self.trip(trip, breaks)).collect(),
            remarks: String::new(),
            tags: BTreeMap::new(),
        }
    }

    fn trip(&self, trip: &Trip, breaks: Option<&Names>) -> TripDocument {
        TripDocument {
            start_depot: trip.start_depot.map(|depot| self.depots.reference(depot.index())),
            end_depot: trip.end_depot.map(|depot| self.depots.reference(depot.index())),
            start: Some(trip.start),
            departure: Some(trip.departure),
            arrival: Some(trip.arrival),
            distance: Some(trip.distance),
            load: Some(trip.load.clone()),
            max_load: Some(trip.max_load.clone()),
            visits: trip.visits.iter().map(|visit| self.visit(visit, breaks)).collect(),
        }
    }

    fn visit(&self, visit: &Visit, breaks: Option<&Names>) -> VisitDocument {
        let mut document = VisitDocument {
            client: None,
            pickup: None,
            delivery: None,
            dispose: None,
            pause: None,
            rest: None,
            location: Some(self.locations.reference(visit.location.index())),
            setup: Some(visit.setup),
            arrival: Some(visit.arrival),
            start: Some(visit.start),
            departure: Some(visit.departure),
            load: Some(visit.load.clone()),
            remarks: String::new(),
            tags: BTreeMap::new(),
        };
        match visit.activity {
            Activity::Client(id) => document.client = Some(self.clients.reference(id.index())),
            Activity::Pickup(id) => document.pickup = Some(self.shipments.reference(id.index())),
            Activity::Delivery(id) => document.delivery = Some(self.shipments.reference(id.index())),
            Activity::Dispose(id) => document.dispose = Some(self.disposal_sites.reference(id.index())),
            Activity::Break(index) => {
                document.pause = Some(breaks.map_or(Ref::Index(index), |breaks| breaks.reference(index)));
            }
            Activity::Rest(duration) => document.rest = Some(duration),
        }
        document
    }
}

/// Adds what people say about the vehicle type and about what is visited.
fn note(route: &mut RouteDocument, planned: &Route, problem: &Problem) {
    if let Some(vehicle_type) = problem.vehicle_types().get(planned.vehicle_type.index()) {
        let Notes { remarks, tags } = vehicle_type.notes.clone();
        (route.remarks, route.tags) = (remarks, tags);
    }
    let visits = route.trips.iter_mut().flat_map(|trip| &mut trip.visits);
    for (document, visit) in visits.zip(planned.visits()) {
        let notes = match visit.activity {
            Activity::Client(id) => problem.clients().get(id.index()).map(|client| &client.notes),
            Activity::Pickup(id) | Activity::Delivery(id) => problem.shipments().get(id.index()).map(|s| &s.notes),
            Activity::Dispose(id) => problem.disposal_sites().get(id.index()).map(|site| &site.notes),
            Activity::Break(_) | Activity::Rest(_) => None,
        };
        if let Some(Notes { remarks, tags }) = notes.cloned() {
            (document.remarks, document.tags) = (remarks, tags);
        }
    }
}

/// Whether the vehicle's day has rules beyond how long it may be.
fn has_rules(problem: &Problem, route: &Route) -> bool {
    route.pauses != 0
        || problem.vehicle_types().get(route.vehicle_type.index()).is_some_and(|v| {
            let limits = v.max_driving.is_some() || v.max_work.is_some();
            limits || !v.breaks.is_empty() || !v.driver_rules.is_empty() || !v.overtime.is_empty()
        })
}

fn cost(breakdown: CostBreakdown) -> CostDocument {
    let CostBreakdown { fixed, distance, duration, overtime, waiting, windows, .. } = breakdown;
    let CostBreakdown { disposal, assignment, goals, unserved, .. } = breakdown;
    CostDocument {
        fixed: Some(fixed),
        distance: Some(distance),
        duration: Some(duration),
        overtime: Some(overtime),
        waiting: Some(waiting),
        windows: Some(windows),
        disposal: Some(disposal),
        assignment: Some(assignment),
        goals: Some(goals),
        unserved: Some(unserved),
        total: Some(breakdown.total()),
    }
}

fn violation(problem: &Problem, violation: &Violation) -> ViolationDocument {
    let (kind, route) = (violation.kind().to_owned(), violation.route());
    ViolationDocument { kind, route, message: Some(violation.with_names(problem).to_string()) }
}
