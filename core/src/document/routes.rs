//! What is driven, with times, loads and costs.

use schemars::JsonSchema;
use serde::Serialize;

use super::{ActivityKind, Number, Scales};
use crate::ids::DepotId;
use crate::model::Problem;
use crate::plan::{CostBreakdown, Plan, Route, Trip, Visit};

/// A cost, by cause.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "CostBreakdown")]
pub struct CostDocument {
    /// Vehicles used.
    pub fixed: Number,
    /// Distance driven.
    pub distance: Number,
    /// Time from the start to the end of each route.
    pub duration: Number,
    /// Overtime.
    pub overtime: Number,
    /// Waiting.
    pub waiting: Number,
    /// Services that start outside of their soft windows.
    pub windows: Number,
    /// Visits to disposal sites, and tipping fees.
    pub disposal: Number,
    /// Clients and shipments on vehicles of types that cost more for them.
    pub assignment: Number,
    /// Weighted goals; only of the whole plan.
    pub goals: Number,
    /// Prizes of what is unserved; only of the whole plan.
    pub unserved: Number,
}

impl CostDocument {
    /// The cost in the user's unit.
    pub fn new(cost: &CostBreakdown, scales: &Scales) -> Self {
        let scaled = |cost| scales.cost(cost);
        let &CostBreakdown { fixed, distance, duration, overtime, waiting, windows, .. } = cost;
        let &CostBreakdown { disposal, assignment, goals, unserved, .. } = cost;
        Self {
            fixed: scaled(fixed),
            distance: scaled(distance),
            duration: scaled(duration),
            overtime: scaled(overtime),
            waiting: scaled(waiting),
            windows: scaled(windows),
            disposal: scaled(disposal),
            assignment: scaled(assignment),
            goals: scaled(goals),
            unserved: scaled(unserved),
        }
    }
}

/// What one vehicle does.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Route")]
pub struct RouteDocument<'p> {
    /// The index of the vehicle type.
    pub vehicle_type: usize,
    /// Its name; may be empty.
    pub vehicle_name: &'p str,
    /// When the vehicle starts to load.
    pub start: Number,
    /// When the route is over.
    pub end: Number,
    /// Distance driven.
    pub distance: Number,
    /// Time spent driving.
    pub driving: Number,
    /// Time spent waiting.
    pub waiting: Number,
    /// Time spent driving, loading, serving and unloading.
    pub work: Number,
    /// Time spent on breaks and rests.
    pub pauses: Number,
    /// Duration without unpaid breaks and rests.
    pub paid: Number,
    /// What the vehicle consumes, in litres or kilowatt-hours; 0 where it does not say.
    pub consumed: f64,
    /// Kilograms of CO₂ that it emits; 0 where it does not say.
    pub emitted: f64,
    /// What the route costs, by cause.
    pub breakdown: CostDocument,
    /// What the vehicle drives.
    pub trips: Vec<TripDocument<'p>>,
}

/// From leaving a depot to reaching the next.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Trip")]
pub struct TripDocument<'p> {
    /// The index of the depot where the trip starts; null where the start is open.
    pub start_depot: Option<usize>,
    /// The index of the depot where the trip ends; null where the end is open.
    pub end_depot: Option<usize>,
    /// When loading starts.
    pub start: Number,
    /// When the vehicle leaves the depot.
    pub departure: Number,
    /// When the vehicle reaches the depot at the end.
    pub arrival: Number,
    /// Distance driven.
    pub distance: Number,
    /// What is on board at departure, by load dimension.
    pub load: Vec<Number>,
    /// The most on board at any point, by load dimension.
    pub max_load: Vec<Number>,
    /// What is visited, in order.
    pub visits: Vec<VisitDocument<'p>>,
}

/// One stop of a trip.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Visit")]
pub struct VisitDocument<'p> {
    /// What is done.
    pub kind: ActivityKind,
    /// The index of the client, shipment, disposal site or of the vehicle type's break; of a rest, its length in the
    /// solver's units.
    pub index: usize,
    /// The name of the client, shipment, disposal site or break; may be empty, and is for a rest.
    pub name: &'p str,
    /// The index of the location; of a break or rest without a place, that of the halt before.
    pub location: usize,
    /// Time spent on the set-up of the place, which ends at the arrival; 0 where the vehicle was there already.
    pub setup: Number,
    /// When the vehicle arrives, a set-up included.
    pub arrival: Number,
    /// When service starts; the vehicle waits from its arrival until then.
    pub start: Number,
    /// When the vehicle leaves.
    pub departure: Number,
    /// What is on board after the visit, by load dimension.
    pub load: Vec<Number>,
}

/// What a plan leaves unserved, by index.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
#[schemars(rename = "Unserved")]
pub struct UnservedDocument {
    /// Clients that are not served, and neither is another member of their group.
    pub clients: Vec<usize>,
    /// Shipments that are not carried.
    pub shipments: Vec<usize>,
}

impl From<&Plan> for UnservedDocument {
    fn from(plan: &Plan) -> Self {
        let unserved = plan.unserved();
        Self {
            clients: unserved.clients.iter().map(|client| client.index()).collect(),
            shipments: unserved.shipments.iter().map(|shipment| shipment.index()).collect(),
        }
    }
}

impl<'p> RouteDocument<'p> {
    /// All routes of a plan for the problem, in the user's units.
    pub fn of_plan(problem: &'p Problem, plan: &Plan, scales: &Scales) -> Vec<Self> {
        plan.routes().iter().map(|route| Self::new(problem, route, scales)).collect()
    }

    fn new(problem: &'p Problem, route: &Route, scales: &Scales) -> Self {
        let vehicle_type = route.vehicle_type.index();
        Self {
            vehicle_type,
            vehicle_name: problem.vehicle_types().get(vehicle_type).map_or("", |v| &v.name),
            start: scales.time(route.start),
            end: scales.time(route.end),
            distance: scales.distance(route.distance),
            driving: scales.time(route.driving),
            waiting: scales.time(route.waiting),
            work: scales.time(route.work),
            pauses: scales.time(route.pauses),
            paid: scales.time(route.paid),
            consumed: route.consumed as f64 / 1e3,
            emitted: route.emitted as f64 / 1e3,
            breakdown: CostDocument::new(&route.breakdown(), scales),
            trips: route.trips.iter().map(|trip| TripDocument::new(problem, vehicle_type, trip, scales)).collect(),
        }
    }
}

impl<'p> TripDocument<'p> {
    fn new(problem: &'p Problem, vehicle_type: usize, trip: &Trip, scales: &Scales) -> Self {
        let visit = |visit| VisitDocument::new(problem, vehicle_type, visit, scales);
        Self {
            start_depot: trip.start_depot.map(DepotId::index),
            end_depot: trip.end_depot.map(DepotId::index),
            start: scales.time(trip.start),
            departure: scales.time(trip.departure),
            arrival: scales.time(trip.arrival),
            distance: scales.distance(trip.distance),
            load: scales.loads(&trip.load),
            max_load: scales.loads(&trip.max_load),
            visits: trip.visits.iter().map(visit).collect(),
        }
    }
}

impl<'p> VisitDocument<'p> {
    fn new(problem: &'p Problem, vehicle_type: usize, visit: &Visit, scales: &Scales) -> Self {
        let (kind, index) = ActivityKind::of(visit.activity);
        Self {
            kind,
            index,
            name: name(problem, vehicle_type, kind, index).unwrap_or_default(),
            location: visit.location.index(),
            setup: scales.time(visit.setup),
            arrival: scales.time(visit.arrival),
            start: scales.time(visit.start),
            departure: scales.time(visit.departure),
            load: scales.loads(&visit.load),
        }
    }
}

fn name(problem: &Problem, vehicle_type: usize, kind: ActivityKind, index: usize) -> Option<&str> {
    Some(match kind {
        ActivityKind::Client => &problem.clients().get(index)?.name,
        ActivityKind::Pickup | ActivityKind::Delivery => &problem.shipments().get(index)?.name,
        ActivityKind::Dispose => &problem.disposal_sites().get(index)?.name,
        ActivityKind::Break => &problem.vehicle_types().get(vehicle_type)?.breaks.get(index)?.name,
        ActivityKind::Rest => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::json::{read_plan, read_problem};

    #[test]
    fn a_route_in_the_units_of_the_user() {
        let problem = read_problem(
            r#"{"milkrun": "problem", "version": 1, "depots": [{"location": {"x": 0, "y": 0}}],
            "clients": [{"name": "farm", "location": {"x": 30, "y": 40}, "delivery": [7], "service": 5}],
            "vehicle_types": [{"name": "van", "capacity": [10], "start": 0, "end": 0}]}"#,
        )
        .unwrap();
        let text = r#"{"milkrun": "plan", "version": 1,
            "routes": [{"vehicle_type": 0, "trips": [{"start_depot": 0, "visits": [{"client": 0}], "end_depot": 0}]}]}"#;
        let plan = read_plan(text, &problem).unwrap();
        let scales = Scales { time: 10.0, load: 2.0, ..Scales::default() };
        let routes = serde_json::to_value(RouteDocument::of_plan(&problem, &plan, &scales)).unwrap();
        assert_eq!((&routes[0]["vehicle_name"], &routes[0]["end"]), (&"van".into(), &10.5.into()));
        assert_eq!(routes[0]["distance"].as_i64(), Some(100));
        let visit = serde_json::json!({
            "kind": "client", "index": 0, "name": "farm", "location": 1, "setup": 0.0, "arrival": 5.0, "start": 5.0,
            "departure": 5.5, "load": [0.0]
        });
        assert_eq!(routes[0]["trips"][0]["visits"][0], visit);
        assert_eq!(routes[0]["breakdown"]["distance"], 100);
    }
}
