//! The published plan as a problem in which each vehicle has a type of its own.

use std::collections::{HashMap, HashSet};

use super::fault::AdaptError;
use super::progress::Truck;
use super::{AdaptParams, follow};
use crate::ids::{ClientId, DisposalSiteId, VehicleTypeId};
use crate::model::{Activity, Faults, Position, Problem, ProblemBuilder, Relation, VehicleType};
use crate::plan::Plan;
use crate::units::{Cost, MAX_VALUE, Time};

/// The day as it is.
pub(super) struct Day<'a> {
    pub(super) problem: &'a Problem,
    pub(super) published: &'a Plan,
    pub(super) now: Time,
    /// The problem as it becomes. Its first vehicle types are those of the published routes, in their order.
    pub(super) builder: ProblemBuilder,
    pub(super) trucks: Vec<Truck>,
    /// The event that a job's change is due to.
    pub(super) causes: HashMap<Activity, usize>,
    pub(super) cancelled: HashSet<ClientId>,
    /// Disposal sites at which visits take longer from now on: the copy at which earlier visits were made.
    pub(super) past_sites: HashMap<DisposalSiteId, DisposalSiteId>,
}

impl<'a> Day<'a> {
    pub(super) fn new(problem: &'a Problem, published: &'a Plan, params: &AdaptParams) -> Result<Self, AdaptError> {
        let mut faults = Faults::default();
        let again = Plan::new(problem, published.route_stops().to_vec());
        if !again.is_ok_and(|again| again.cost() == published.cost() && again.routes() == published.routes()) {
            let remedy = "give the problem that the plan was made for";
            faults.add("plan", format!("{} routes", published.routes().len()), "is not a plan of this problem", remedy);
        }
        check_moment(&mut faults, problem, published, params.now);
        faults.finish::<AdaptError>()?;
        let now = params.now;
        let trucks = published.routes().iter().map(|route| Truck::as_published(route, now)).collect();
        let builder = one_type_each(problem, published);
        Ok(Self {
            problem,
            published,
            now,
            builder,
            trucks,
            causes: HashMap::new(),
            cancelled: HashSet::new(),
            past_sites: HashMap::new(),
        })
    }

    /// The published route of each vehicle type.
    pub(super) fn published_route(&self) -> Vec<Option<usize>> {
        let routes = self.trucks.len();
        (0..self.builder.vehicle_types.len()).map(|t| (t < routes).then_some(t)).collect()
    }

    /// Builds the problem, and what becomes of the published plan in it.
    pub(super) fn finish(&self) -> Result<(Problem, Plan), AdaptError> {
        let problem = self.builder.build()?;
        let routes = follow::routes(self);
        let plan = Plan::of_known(&problem, routes);
        Ok((problem, plan))
    }
}

/// The moment must be one at which something can still change.
fn check_moment(faults: &mut Faults, problem: &Problem, published: &Plan, now: Time) {
    if !(-MAX_VALUE..=MAX_VALUE).contains(&now) {
        faults.add("now", now, "is outside ±1073741823 (2^30 - 1)", "count time from the planning origin");
        return;
    }
    let ends = published.routes().iter().map(|route| route.end);
    let shifts = problem.vehicle_types().iter().filter(|v| v.count > 0).map(|v| v.shift.late);
    if ends.chain(shifts).max().is_some_and(|last| last < now) {
        let remedy = "give a moment of the day that the plan is for";
        faults.add("now", now, "is after the end of every route and shift", remedy);
    }
}

/// A vehicle type for each route, and behind these one for each type of which vehicles are left.
fn one_type_each(problem: &Problem, published: &Plan) -> ProblemBuilder {
    let mut builder = problem.to_builder();
    let alone = |t: VehicleTypeId| VehicleType { count: 1, ..problem.vehicle_type(t).clone() };
    let used: Vec<VehicleTypeId> = published.routes().iter().map(|route| route.vehicle_type).collect();
    let mut types: Vec<VehicleType> = used.iter().map(|&t| alone(t)).collect();
    let mut now_called = vec![Vec::new(); problem.vehicle_types().len()];
    for (route, t) in used.iter().enumerate() {
        now_called[t.index()].push(VehicleTypeId::new(route));
    }
    for (t, original) in problem.vehicle_types().iter().enumerate() {
        let left = original.count.saturating_sub(now_called[t].len());
        if left > 0 {
            now_called[t].push(VehicleTypeId::new(types.len()));
            types.push(VehicleType { count: left, ..original.clone() });
        }
    }
    builder.vehicle_types = types;
    rename_types(&mut builder, &now_called);
    builder
}

/// A value for each vehicle type, for each of those that its vehicles have now.
fn each<T: Copy>(list: &[(VehicleTypeId, T)], now_called: &[Vec<VehicleTypeId>]) -> Vec<(VehicleTypeId, T)> {
    list.iter().flat_map(|&(t, value)| now_called[t.index()].iter().map(move |&now| (now, value))).collect()
}

/// Replaces each vehicle type, wherever it is named, by those that its vehicles have now.
fn rename_types(builder: &mut ProblemBuilder, now_called: &[Vec<VehicleTypeId>]) {
    let all = |list: &[VehicleTypeId]| list.iter().flat_map(|t| now_called[t.index()].iter().copied()).collect();
    for client in &mut builder.clients {
        client.allowed_vehicles = client.allowed_vehicles.as_deref().map(all);
        client.forbidden_vehicles = all(&client.forbidden_vehicles);
        client.service_by_type = each(&client.service_by_type, now_called);
        client.assignment_costs = each::<Cost>(&client.assignment_costs, now_called);
    }
    for shipment in &mut builder.shipments {
        shipment.assignment_costs = each(&shipment.assignment_costs, now_called);
    }
    // A pin names one type: several of them are a list at the client.
    let mut kept = Vec::new();
    for relation in std::mem::take(&mut builder.relations) {
        let Relation::Pin { client, vehicle_type: Some(t), position } = relation else {
            kept.push(relation);
            continue;
        };
        let own = &mut builder.clients[client.index()].allowed_vehicles;
        let pinned = now_called[t.index()].clone();
        *own = Some(match own.take() {
            Some(list) => list.into_iter().filter(|t| pinned.contains(t)).collect(),
            None => pinned,
        });
        if position != Position::Any {
            kept.push(Relation::Pin { client, vehicle_type: None, position });
        }
    }
    builder.relations = kept;
}
