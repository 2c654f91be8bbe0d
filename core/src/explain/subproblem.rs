//! The subproblem of one vehicle, its route and the jobs to insert: small enough to be solved many times.

use std::cell::RefCell;
use std::collections::HashMap;

use super::Job;
use super::joint_service::RelationIndex;
use crate::ids::{ClientId, DepotId, DisposalSiteId, LocationId, ProfileId, ShipmentId, VehicleTypeId};
use crate::model::{Break, Client, Depot, DisposalSite, Location, Place, Problem, Relation, Shipment, VehicleType};
use crate::plan::check::check;
use crate::plan::{Activity, Plan, RouteStops, TripStops, Violation};
use crate::search::data::Data;
use crate::search::general::{GeneralGoals, GeneralSearch, Layout, Wanted};
use crate::search::random::Random;
use crate::search::travel_table::TravelTable;
use crate::travel::{Matrix, ProfileMatrices, Travel};
use crate::units::{Cost, Load};

/// A small problem, and the ids in the full problem to which its own ids correspond.
pub(super) struct Subproblem {
    problem: Problem,
    vehicle_type: VehicleTypeId,
    route: Option<RouteStops>,
    /// The jobs to insert, under their ids in the full problem.
    jobs: Vec<Job>,
    parts: Parts,
    /// What the search knows of distances and durations, which are the same in all versions of the problem.
    travel: RefCell<Option<TravelTable>>,
}

/// New ids by old ones, in the order in which they are first needed.
struct Ids<T> {
    old: Vec<T>,
    new: HashMap<T, usize>,
}

impl<T: Copy + Eq + std::hash::Hash> Ids<T> {
    fn new() -> Self {
        Self { old: Vec::new(), new: HashMap::new() }
    }

    fn of(&mut self, id: T) -> usize {
        *self.new.entry(id).or_insert_with(|| {
            self.old.push(id);
            self.old.len() - 1
        })
    }

    /// The new id of one that is known.
    fn index(&self, id: T) -> usize {
        self.new.get(&id).copied().unwrap_or(0)
    }
}

/// What the subproblem takes from the full problem so far: whatever is asked for by its old id joins.
struct Parts {
    clients: Ids<ClientId>,
    shipments: Ids<ShipmentId>,
    depots: Ids<DepotId>,
    sites: Ids<DisposalSiteId>,
    places: Ids<LocationId>,
}

impl Parts {
    fn new() -> Self {
        Self { clients: Ids::new(), shipments: Ids::new(), depots: Ids::new(), sites: Ids::new(), places: Ids::new() }
    }

    fn activity(&mut self, activity: Activity) -> Activity {
        match activity {
            Activity::Client(id) => Activity::Client(ClientId::new(self.clients.of(id))),
            Activity::Pickup(id) => Activity::Pickup(ShipmentId::new(self.shipments.of(id))),
            Activity::Delivery(id) => Activity::Delivery(ShipmentId::new(self.shipments.of(id))),
            Activity::Dispose(id) => Activity::Dispose(DisposalSiteId::new(self.sites.of(id))),
            other => other,
        }
    }

    /// An activity of the full problem under its new id.
    fn inward(&self, activity: Activity) -> Activity {
        match activity {
            Activity::Client(id) => Activity::Client(ClientId::new(self.clients.index(id))),
            Activity::Pickup(id) => Activity::Pickup(ShipmentId::new(self.shipments.index(id))),
            Activity::Delivery(id) => Activity::Delivery(ShipmentId::new(self.shipments.index(id))),
            Activity::Dispose(id) => Activity::Dispose(DisposalSiteId::new(self.sites.index(id))),
            other => other,
        }
    }

    fn depot(&mut self, id: DepotId) -> DepotId {
        DepotId::new(self.depots.of(id))
    }

    fn place(&mut self, old: Place) -> Place {
        Place::Location(LocationId::new(self.places.of(old.location())))
    }

    fn route(&mut self, route: &RouteStops) -> RouteStops {
        let trips = route.trips.iter().map(|trip| TripStops {
            start: trip.start.map(|id| self.depot(id)),
            activities: trip.activities.iter().map(|&a| self.activity(a)).collect(),
            end: trip.end.map(|id| self.depot(id)),
        });
        RouteStops { vehicle_type: VehicleTypeId::new(0), start: route.start, trips: trips.collect() }
    }
}

impl Subproblem {
    /// The part of the problem that concerns one vehicle of the type that drives `route` (or is unused) and is to serve
    /// `jobs` as well. `taken` is the part of a disposal site's daily capacity that other routes use.
    pub(super) fn new(
        (problem, relation_index): (&Problem, &RelationIndex),
        vehicle_type: VehicleTypeId,
        route: Option<&RouteStops>,
        jobs: &[Job],
        taken: &dyn Fn(DisposalSiteId, usize) -> Load,
    ) -> Self {
        let original = problem.vehicle_type(vehicle_type);
        let mut parts = Parts::new();
        // The vehicle's sites come first, in its order.
        for &id in &original.disposal_sites {
            parts.activity(Activity::Dispose(id));
        }
        let executed: &[Activity] = if route.is_some() { &original.executed } else { &[] };
        let route = route.map(|route| parts.route(route));
        let executed = executed.iter().map(|&a| parts.activity(a)).collect();
        for job in jobs {
            parts.activity(job.activity());
        }
        let vehicle = vehicle(original, executed, &mut parts);
        let small = reduced(problem, relation_index, (vehicle_type, vehicle), jobs, taken, &mut parts);
        Self { problem: small, vehicle_type, route, jobs: jobs.to_vec(), parts, travel: RefCell::default() }
    }

    /// Takes over what single changes of the full problem may have changed: the vehicle, sites, depots, the jobs and relations.
    pub(super) fn follow(
        &mut self,
        (problem, relation_index): (&Problem, &RelationIndex),
        taken: &dyn Fn(DisposalSiteId, usize) -> Load,
    ) {
        let (t, parts, small) = (self.vehicle_type, &mut self.parts, &mut self.problem);
        let executed = std::mem::take(&mut small.vehicle_types[0].executed);
        small.vehicle_types[0] = vehicle(problem.vehicle_type(t), executed, parts);
        for job in &self.jobs {
            if let Job::Client(id) = *job {
                small.clients[parts.clients.of(id)] = client(problem, t, id, is_listed(problem, t, id), parts);
            }
        }
        for (i, id) in parts.sites.old.clone().into_iter().enumerate() {
            small.disposal_sites[i] = site(problem, id, taken, parts);
        }
        for (i, id) in parts.depots.old.clone().into_iter().enumerate() {
            small.depots[i] = depot(problem, id, parts);
        }
        small.relations = relations(problem, relation_index, t, &parts.clients);
    }

    /// Inserts the jobs at feasible positions, and checks the result. `first` are the jobs that lead the
    /// others of their sequences.
    pub(super) fn place(&self, first: &[Job], wanted: Wanted) -> Option<RouteStops> {
        let data = Data::without_neighbours(&self.problem, self.travel.take());
        let routes = {
            let layout = Layout::new(&data);
            let goals = GeneralGoals::new(&layout);
            let mut search = GeneralSearch::new(&layout, &goals, &mut Random::new(1));
            search.load(self.route.as_slice());
            let jobs: Vec<(Activity, Option<usize>)> = first.iter().map(|&job| (self.inner(job), None)).collect();
            search.serve(&jobs, wanted)
        };
        self.travel.replace(Some(data.travel));
        let mut routes = routes?;
        let route = routes.pop().filter(|_| routes.is_empty())?;
        self.accepts(&route).then(|| self.outward(&route))
    }

    /// Whether a route of the full problem is feasible here and serves every job of the subproblem.
    pub(super) fn allows(&self, route: &RouteStops) -> bool {
        self.accepts(&self.inward(route))
    }

    fn accepts(&self, route: &RouteStops) -> bool {
        let report = check(&self.problem, std::slice::from_ref(route));
        let serves_all = |a: Activity| route.trips.iter().flat_map(|trip| &trip.activities).any(|&b| a == b);
        report.is_feasible()
            && (0..self.problem.clients.len()).all(|c| serves_all(Activity::Client(ClientId::new(c))))
            && (0..self.problem.shipments.len()).all(|s| serves_all(Activity::Pickup(ShipmentId::new(s))))
    }

    /// The rules that a route of the full problem violates here.
    pub(super) fn violations(&self, route: &RouteStops) -> Vec<Violation> {
        Plan::of_known(&self.problem, vec![self.inward(route)]).violations
    }

    /// The cost of a route of the full problem, and the cost of the original route.
    pub(super) fn costs(&self, route: &RouteStops) -> (i64, i64) {
        let cost = |route: RouteStops| {
            let plan = Plan::of_known(&self.problem, vec![route]);
            plan.routes().iter().map(crate::plan::Route::cost).sum()
        };
        (cost(self.inward(route)), self.route.clone().map_or(0, cost))
    }

    fn inner(&self, job: Job) -> Activity {
        self.parts.inward(job.activity())
    }

    fn outward(&self, route: &RouteStops) -> RouteStops {
        let parts = &self.parts;
        let activity = |&activity: &Activity| match activity {
            Activity::Client(id) => Activity::Client(parts.clients.old[id.index()]),
            Activity::Pickup(id) => Activity::Pickup(parts.shipments.old[id.index()]),
            Activity::Delivery(id) => Activity::Delivery(parts.shipments.old[id.index()]),
            Activity::Dispose(id) => Activity::Dispose(parts.sites.old[id.index()]),
            other => other,
        };
        mapped(route, self.vehicle_type, &activity, &|id| parts.depots.old[id.index()])
    }

    fn inward(&self, route: &RouteStops) -> RouteStops {
        let parts = &self.parts;
        let activity = |&activity: &Activity| parts.inward(activity);
        mapped(route, VehicleTypeId::new(0), &activity, &|id| DepotId::new(parts.depots.index(id)))
    }
}

/// A route under other ids.
fn mapped(
    route: &RouteStops,
    vehicle_type: VehicleTypeId,
    activity: &dyn Fn(&Activity) -> Activity,
    depot: &dyn Fn(DepotId) -> DepotId,
) -> RouteStops {
    let trips = route.trips.iter().map(|trip| TripStops {
        start: trip.start.map(depot),
        activities: trip.activities.iter().map(activity).collect(),
        end: trip.end.map(depot),
    });
    RouteStops { vehicle_type, start: route.start, trips: trips.collect() }
}

/// The problem of one vehicle, and of the clients, shipments and sites among the parts.
fn reduced(
    problem: &Problem,
    relation_index: &RelationIndex,
    (vehicle_type, vehicle): (VehicleTypeId, VehicleType),
    jobs: &[Job],
    taken: &dyn Fn(DisposalSiteId, usize) -> Load,
    parts: &mut Parts,
) -> Problem {
    let profile = problem.vehicle_type(vehicle_type).profile;
    let is_allowed = |id| !jobs.contains(&Job::Client(id)) || is_listed(problem, vehicle_type, id);
    let clients = parts.clients.old.clone();
    let relations = relations(problem, relation_index, vehicle_type, &parts.clients);
    let clients = clients.into_iter().map(|id| client(problem, vehicle_type, id, is_allowed(id), parts)).collect();
    let shipments = parts.shipments.old.clone();
    let shipments = shipments.into_iter().map(|id| shipment(problem, vehicle_type, id, parts)).collect();
    let sites = parts.sites.old.clone();
    let disposal_sites = sites.into_iter().map(|id| site(problem, id, taken, parts)).collect();
    let depots = parts.depots.old.clone();
    let depots = depots.into_iter().map(|id| depot(problem, id, parts)).collect();
    let places = &parts.places.old;
    let location = |&id: &LocationId| Location { coord: problem.coord(id), name: String::new() };
    Problem {
        origin: problem.origin.clone(),
        name: String::new(),
        clients,
        shipments,
        groups: Vec::new(),
        group_members: Vec::new(),
        depots,
        vehicle_types: vec![vehicle],
        travel: travel(problem, profile, places),
        backhauls: problem.backhauls,
        load_dimensions: problem.load_dimensions,
        materials: problem.materials.clone(),
        separate_materials: problem.separate_materials.clone(),
        disposal_sites,
        relations,
        goals: Vec::new(),
        speeds: problem.speed(profile).cloned().into_iter().collect(),
        locations: places.iter().map(location).collect(),
        zones: problem.zones.clone(),
        zones_at: places.iter().map(|&place| problem.zones_at(place).to_vec()).collect(),
    }
}

/// The relations between some clients.
fn relations(
    problem: &Problem,
    relation_index: &RelationIndex,
    vehicle_type: VehicleTypeId,
    clients: &Ids<ClientId>,
) -> Vec<Relation> {
    let tied = relation_index.of_any(clients.old.iter().copied());
    tied.iter().filter_map(|&r| restricted(&problem.relations[r], vehicle_type, &clients.new)).collect()
}

/// The one vehicle, whose disposal sites are the first ones.
fn vehicle(original: &VehicleType, executed: Vec<Activity>, parts: &mut Parts) -> VehicleType {
    let breaks = original.breaks.iter();
    let breaks = breaks.map(|pause| Break { place: pause.place.map(|place| parts.place(place)), ..pause.clone() });
    VehicleType {
        count: 1,
        breaks: breaks.collect(),
        start: original.start.map(|id| parts.depot(id)),
        end: original.end.map(|id| parts.depot(id)),
        reload_depots: original.reload_depots.iter().map(|&id| parts.depot(id)).collect(),
        disposal_sites: (0..original.disposal_sites.len()).map(DisposalSiteId::new).collect(),
        allowed_clients: None,
        profile: ProfileId::new(0),
        executed,
        ..original.clone()
    }
}

fn client(problem: &Problem, vehicle_type: VehicleTypeId, id: ClientId, is_allowed: bool, parts: &mut Parts) -> Client {
    let original = problem.client(id);
    let only = VehicleTypeId::new(0);
    let special = original.service_by_type.iter().find(|special| special.0 == vehicle_type);
    Client {
        place: parts.place(original.place),
        service_by_type: special.map(|&(_, service)| (only, service)).into_iter().collect(),
        assignment_costs: own_cost(&original.assignment_costs, vehicle_type),
        allowed_vehicles: None,
        forbidden_vehicles: if is_allowed { Vec::new() } else { vec![only] },
        required: true,
        prize: 0,
        priority: 0,
        group: None,
        name: String::new(),
        ..original.clone()
    }
}

/// What the one vehicle costs in addition.
fn own_cost(costs: &[(VehicleTypeId, Cost)], vehicle_type: VehicleTypeId) -> Vec<(VehicleTypeId, Cost)> {
    let own = costs.iter().filter(|(t, _)| *t == vehicle_type);
    own.map(|&(_, cost)| (VehicleTypeId::new(0), cost)).collect()
}

fn shipment(problem: &Problem, vehicle_type: VehicleTypeId, id: ShipmentId, parts: &mut Parts) -> Shipment {
    let mut shipment = problem.shipment(id).clone();
    shipment.pickup.place = parts.place(shipment.pickup.place);
    shipment.delivery.place = parts.place(shipment.delivery.place);
    let assignment_costs = own_cost(&shipment.assignment_costs, vehicle_type);
    Shipment { required: true, prize: 0, assignment_costs, ..shipment }
}

/// A disposal site with the daily capacity that other routes leave.
fn site(
    problem: &Problem,
    id: DisposalSiteId,
    taken: &dyn Fn(DisposalSiteId, usize) -> Load,
    parts: &mut Parts,
) -> DisposalSite {
    let mut site = problem.disposal_site(id).clone();
    site.place = parts.place(site.place);
    for (d, capacity) in site.daily_capacity.iter_mut().enumerate() {
        *capacity = (*capacity - taken(id, d)).max(0);
    }
    site
}

fn depot(problem: &Problem, id: DepotId, parts: &mut Parts) -> Depot {
    let mut depot = problem.depot(id).clone();
    depot.place = parts.place(depot.place);
    depot
}

/// Whether the lists of the vehicle type and of the client allow the pair.
pub(super) fn is_listed(problem: &Problem, vehicle_type: VehicleTypeId, id: ClientId) -> bool {
    let (v, c) = (problem.vehicle_type(vehicle_type), problem.client(id));
    v.allowed_clients.as_ref().is_none_or(|list| list.contains(&id))
        && c.allowed_vehicles.as_ref().is_none_or(|list| list.contains(&vehicle_type))
        && !c.forbidden_vehicles.contains(&vehicle_type)
}

/// A relation restricted to the clients of one route.
fn restricted(
    relation: &Relation,
    vehicle_type: VehicleTypeId,
    clients: &HashMap<ClientId, usize>,
) -> Option<Relation> {
    let of = |id: &ClientId| clients.get(id).map(|&index| ClientId::new(index));
    let some = |list: &[ClientId]| Some(list.iter().filter_map(of).collect::<Vec<_>>()).filter(|list| list.len() > 1);
    match relation {
        Relation::SameVehicle(list) => some(list).map(Relation::SameVehicle),
        Relation::Sequence(list) => some(list).map(Relation::Sequence),
        Relation::AllOrNone(list) => some(list).map(Relation::AllOrNone),
        Relation::Incompatible(list) => some(list).map(Relation::Incompatible),
        Relation::Precedence(before, after) => Some(Relation::Precedence(of(before)?, of(after)?)),
        Relation::Pin { client, vehicle_type: pinned, position } => {
            let here = pinned.is_none_or(|pinned| pinned == vehicle_type);
            let client = of(client)?;
            let other = VehicleTypeId::new(1);
            let vehicle_type = pinned.map(|_| if here { VehicleTypeId::new(0) } else { other });
            Some(Relation::Pin { client, vehicle_type, position: *position })
        }
    }
}

/// The matrices of one travel profile restricted to a few locations.
fn travel(problem: &Problem, profile: ProfileId, places: &[LocationId]) -> Travel {
    let Travel::Matrices(profiles) = &problem.travel else { return problem.travel.clone() };
    let cut = |matrix: &Matrix| {
        let row = |&from: &LocationId| places.iter().map(move |to| matrix.get(from.index(), to.index()));
        Matrix::new(places.len(), places.iter().flat_map(row).collect())
    };
    let own = &profiles[profile.index()];
    match (cut(&own.distance), own.duration.as_ref().map(cut).transpose()) {
        (Ok(distance), Ok(duration)) => Travel::Matrices(vec![ProfileMatrices { distance, duration }]),
        // Every value comes from a valid matrix or model.
        _ => problem.travel.clone(),
    }
}
