//! What is driven on each day, as a plan of a problem of its own.

use super::PeriodError;
use super::expand::{Expanded, on_day};
use crate::ids::{ClientId, VehicleTypeId};
use crate::model::{Client, Position, Problem, Relation, VehicleType};
use crate::plan::{Activity, Plan, RouteStops, TripStops};

/// One day of a period.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DayPlan {
    /// The day's problem: its vehicles, and the clients that are visited on it.
    pub problem: Problem,
    /// What is driven.
    pub plan: Plan,
    /// For each client of the day's problem, which one it is in the problem that is repeated.
    pub clients: Vec<ClientId>,
    /// For each vehicle type of the day's problem, which type it is in the problem that is repeated.
    pub vehicle_types: Vec<VehicleTypeId>,
}

/// All days.
pub(super) fn days(
    template: &Problem,
    period: &Expanded,
    plan: &Plan,
    num_days: usize,
) -> Result<Vec<DayPlan>, PeriodError> {
    (0..num_days).map(|day| one(template, period, plan, day)).collect()
}

/// The vehicle types of a day.
struct DayTypes {
    /// By vehicle type of the period, that of the day's problem.
    of_period: Vec<Option<VehicleTypeId>>,
    /// By vehicle type of the day's problem, which one it is in the problem that is repeated.
    template: Vec<VehicleTypeId>,
    types: Vec<VehicleType>,
}

impl DayTypes {
    fn new(template: &Problem, period: &Expanded, day: usize) -> Self {
        let mut own = Self { of_period: vec![None; period.vehicles.len()], template: Vec::new(), types: Vec::new() };
        let suffix = on_day("", day);
        for (t, vehicle) in period.vehicles.iter().enumerate().filter(|(_, vehicle)| vehicle.day == day) {
            let of_period = &period.problem.vehicle_types()[t];
            let source = &template.vehicle_types()[vehicle.vehicle_type.index()];
            let name = of_period.name.strip_suffix(&suffix).unwrap_or(&of_period.name).trim_end().to_owned();
            own.of_period[t] = Some(VehicleTypeId::new(own.types.len()));
            own.template.push(vehicle.vehicle_type);
            own.types.push(VehicleType { count: of_period.count, name, allowed_clients: None, ..source.clone() });
        }
        own
    }

    /// Those that are one type in the problem that is repeated.
    fn of(&self, template: VehicleTypeId) -> Vec<VehicleTypeId> {
        (0..self.types.len()).filter(|&t| self.template[t] == template).map(VehicleTypeId::new).collect()
    }
}

fn one(template: &Problem, period: &Expanded, plan: &Plan, day: usize) -> Result<DayPlan, PeriodError> {
    let routes: Vec<&RouteStops> = plan.route_stops().iter().filter(|route| period.vehicle(route).day == day).collect();
    let activities = routes.iter().flat_map(|route| &route.trips).flat_map(|trip| &trip.activities);
    let mut visits: Vec<(ClientId, ClientId)> = activities
        .filter_map(|activity| match activity {
            Activity::Client(visit) => Some((period.visits[visit.index()].0, *visit)),
            _ => None,
        })
        .collect();
    visits.sort_unstable();
    visits.dedup_by_key(|(client, _)| *client);
    // By client of the template, its place among the day's.
    let mut index = vec![None; template.clients().len()];
    for (i, (client, _)) in visits.iter().enumerate() {
        index[client.index()] = Some(ClientId::new(i));
    }
    let types = DayTypes::new(template, period, day);
    let mut builder = template.to_builder();
    builder.clients =
        visits.iter().map(|&(client, visit)| self::client(template, period, (client, visit), &types)).collect();
    builder.relations = template.relations().iter().filter_map(|r| relation(r, &index, &types)).collect();
    builder.vehicle_types.clone_from(&types.types);
    builder.origin = template.origin().and_then(|origin| origin.later(day));
    format!("{} {}", template.name(), on_day("", day)).trim_start().clone_into(&mut builder.name);
    let problem = builder.build()?;
    let translated = routes.iter().map(|route| translate(route, period, &types, &index)).collect();
    let plan = Plan::of_known(&problem, translated);
    let clients = visits.into_iter().map(|(client, _)| client).collect();
    Ok(DayPlan { problem, plan, clients, vehicle_types: types.template })
}

/// A client of a day, which has been decided to be visited.
fn client(template: &Problem, period: &Expanded, (client, visit): (ClientId, ClientId), types: &DayTypes) -> Client {
    let of_period = period.problem.client(visit);
    let own = |t: &VehicleTypeId| types.of_period[t.index()];
    let mut client = template.client(client).clone();
    (client.required, client.prize, client.priority, client.group) = (true, 0, 0, None);
    client.allowed_vehicles = of_period.allowed_vehicles.as_ref().map(|list| list.iter().filter_map(own).collect());
    client.forbidden_vehicles = Vec::new();
    client.service_by_type = of_period.service_by_type.iter().filter_map(|(t, time)| Some((own(t)?, *time))).collect();
    client.assignment_costs =
        of_period.assignment_costs.iter().filter_map(|(t, cost)| Some((own(t)?, *cost))).collect();
    client
}

/// A relation among the clients of a day; `None`: fewer than two are visited.
fn relation(relation: &Relation, index: &[Option<ClientId>], types: &DayTypes) -> Option<Relation> {
    let clients = |list: &[ClientId]| -> Vec<ClientId> { list.iter().filter_map(|c| index[c.index()]).collect() };
    let several = |list: Vec<ClientId>| Some(list).filter(|list| list.len() > 1);
    match relation {
        Relation::SameVehicle(list) => several(clients(list)).map(Relation::SameVehicle),
        Relation::Incompatible(list) => several(clients(list)).map(Relation::Incompatible),
        Relation::Sequence(list) => several(clients(list)).map(Relation::Sequence),
        Relation::AllOrNone(list) => several(clients(list)).map(Relation::AllOrNone),
        Relation::Precedence(before, after) => {
            Some(Relation::Precedence(index[before.index()]?, index[after.index()]?))
        }
        &Relation::Pin { client, vehicle_type, position } => {
            let client = index[client.index()]?;
            let own: Vec<_> = vehicle_type.map_or_else(Vec::new, |t| types.of(t));
            // Where there are several of them, the visit's own list of types says so.
            let vehicle_type = if let [one] = own[..] { Some(one) } else { None };
            let says_something = vehicle_type.is_some() || position != Position::Any;
            says_something.then_some(Relation::Pin { client, vehicle_type, position })
        }
    }
}

/// A route of the period as one of the day's problem.
fn translate(route: &RouteStops, period: &Expanded, types: &DayTypes, index: &[Option<ClientId>]) -> RouteStops {
    let activity = |&activity: &Activity| match activity {
        Activity::Client(visit) => index[period.visits[visit.index()].0.index()].map(Activity::Client),
        Activity::Dispose(site) => Some(Activity::Dispose(period.sites[site.index()])),
        other => Some(other),
    };
    let trip = |trip: &TripStops| TripStops {
        activities: trip.activities.iter().filter_map(activity).collect(),
        ..trip.clone()
    };
    let vehicle_type = types.of_period[route.vehicle_type.index()].unwrap_or(route.vehicle_type);
    RouteStops { vehicle_type, trips: route.trips.iter().map(trip).collect(), start: route.start }
}
