//! A problem laid out for the search: stops numbered along a space-filling curve, columns instead of structs.

use crate::geometry::hilbert_order;
use crate::ids::{ClientId, DepotId, LocationId, ShipmentId};
use crate::model::{Backhauls, Coord, Measure, Problem, TimeWindow, VehicleType};
use crate::plan::Activity;
use crate::search::fleet::{Vehicle, compare_sizes};
use crate::search::general::is_general;
use crate::search::interrupt::Interrupt;
use crate::search::neighbours::Neighbours;
use crate::search::permissions::Permissions;
use crate::search::travel_table::{Place, TravelTable};
use crate::units::{Cost, MAX_VALUE};

/// Marks the absence of a node or route.
pub(crate) const NONE: u32 = u32::MAX;

/// Where a client must stand on its trip.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum BackhaulOrder {
    Any,
    /// Before all backhauls.
    Linehaul,
    /// After all linehauls.
    Backhaul,
}

/// The vehicles of a classical problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FleetMix {
    /// One type, limited by capacity and hours alone, or by capacity and an order of linehauls and backhauls.
    Homogeneous,
    /// Several types, which may differ in capacity, costs, depot and in what they may serve, limits of duration, or hours and an order of
    /// linehauls and backhauls.
    Heterogeneous,
}

/// What the search knows of a problem. Nodes `0..num_stops` are stops; routes add their own ends beyond.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says what a class of problems has, independently of the others"
)]
pub(crate) struct Data<'a> {
    pub(crate) problem: &'a Problem,
    /// What each node is.
    pub(crate) activity: Vec<Activity>,
    pub(crate) travel: TravelTable,
    /// Amounts by node and load dimension, row-major.
    pub(crate) delivery: Vec<i64>,
    pub(crate) pickup: Vec<i64>,
    pub(crate) dimensions: usize,
    /// The single load that matters where the problem is [classical](Self::classical); zero without capacities.
    pub(crate) demand: Vec<i32>,
    /// How much each stop takes of a vehicle, over all dimensions: an order of insertion.
    pub(crate) size: Vec<i64>,
    pub(crate) capacity: i64,
    pub(crate) early: Vec<i32>,
    pub(crate) late: Vec<i32>,
    pub(crate) service: Vec<i32>,
    pub(crate) release: Vec<i32>,
    /// Cost of leaving the node unserved where it is optional. Of a shipment, the pickup carries it.
    pub(crate) prize: Vec<Cost>,
    /// Whether anything may be left unserved at a price.
    pub(crate) has_optional: bool,
    /// Where the node must stand on its trip.
    pub(crate) order: Vec<BackhaulOrder>,
    pub(crate) required: Vec<bool>,
    /// Whether the node must be served and is neither a member of a group nor a shipment's delivery.
    required_job: Vec<bool>,
    /// The other end of a shipment, or `NONE`.
    pub(crate) partner: Vec<u32>,
    /// The mutually exclusive group, or `NONE`.
    pub(crate) group: Vec<u32>,
    /// Members of each group, as nodes.
    pub(crate) members: Vec<Vec<u32>>,
    pub(crate) permissions: Permissions,
    pub(crate) vehicles: Vec<Vehicle>,
    pub(crate) neighbours: Neighbours,
    /// The fleet of a classical problem: routes of nothing but stops from a depot and back to it, one load dimension in one direction
    /// at a time. These have a search of their own.
    pub(crate) classical: Option<FleetMix>,
    /// Whether any time matters.
    pub(crate) timed: bool,
    /// Whether loading may have to wait for a release.
    pub(crate) has_releases: bool,
    /// Whether all vehicles share distances and their price, and nothing but distance costs.
    pub(crate) one_rate: bool,
    /// Whether linehauls must come before backhauls.
    pub(crate) has_order: bool,
    /// Whether fewer routes are better whatever they cost.
    pub(crate) vehicles_first: bool,
}

impl<'a> Data<'a> {
    #[cfg(test)]
    pub(crate) fn new(problem: &'a Problem) -> Self {
        Self::until(problem, crate::search::interrupt::NEVER)
    }

    /// The problem, with coarser neighbour lists where that is interrupted.
    pub(crate) fn until(problem: &'a Problem, interrupt: Interrupt<'_>) -> Self {
        let mut data = Self::without_neighbours(problem, None);
        if data.classical.is_some() && data.has_order {
            data.travel.relax(|from, to| breaks_order(problem, &data.order, from, to));
        }
        data.neighbours = Neighbours::new(&data, interrupt);
        data
    }

    /// As [`until`](Self::until), for insertions that price all places: there are no neighbour lists. The table of another
    /// version of the problem may be given, with the same places.
    pub(crate) fn without_neighbours(problem: &'a Problem, travel: Option<TravelTable>) -> Self {
        let activity = ordered_stops(problem);
        let m = activity.len();
        let places = places(problem, &activity);
        let travel = travel.unwrap_or_else(|| TravelTable::new(problem, &places));
        let dimensions = problem.load_dimensions();
        let mut data = Self {
            problem,
            travel,
            delivery: vec![0; m * dimensions],
            pickup: vec![0; m * dimensions],
            dimensions,
            demand: vec![0; m],
            size: vec![0; m],
            capacity: MAX_VALUE,
            early: vec![0; m],
            late: vec![MAX_VALUE as i32; m],
            service: vec![0; m],
            release: vec![i32::MIN; m],
            prize: vec![0; m],
            has_optional: false,
            order: vec![BackhaulOrder::Any; m],
            required: vec![true; m],
            required_job: Vec::new(),
            partner: vec![NONE; m],
            group: vec![NONE; m],
            members: vec![Vec::new(); problem.groups().len()],
            permissions: Permissions::default(),
            vehicles: Vec::new(),
            neighbours: Neighbours::default(),
            classical: None,
            timed: false,
            has_releases: false,
            has_order: false,
            one_rate: false,
            vehicles_first: problem.goals().iter().any(|goal| goal.weight.is_none()),
            activity,
        };
        data.fill_stops();
        data.permissions = Permissions::new(problem, &data.activity, &data.node_of());
        data.vehicles = (0..problem.vehicle_types().len()).map(|t| Vehicle::new(&data, t)).collect();
        compare_sizes(&mut data.vehicles);
        let per_vehicle =
            problem.goals().iter().filter(|goal| goal.measure == Measure::Vehicles && goal.target.is_none());
        let per_vehicle: Cost = per_vehicle.filter_map(|goal| goal.weight).sum();
        data.vehicles.iter_mut().for_each(|v| v.fixed_cost += per_vehicle);
        data.size = (0..m)
            .map(|u| (0..dimensions).map(|d| data.delivery[u * dimensions + d] + data.pickup[u * dimensions + d]).sum())
            .collect();
        data.required_job = (0..m)
            .map(|u| data.required[u] && data.group[u] == NONE && !matches!(data.activity[u], Activity::Delivery(_)))
            .collect();
        data.has_optional = data.required.iter().any(|&required| !required);
        data.timed = data.is_timed();
        data.one_rate = data.vehicles.iter().all(|v| {
            let first = &data.vehicles[0];
            v.profile == first.profile && v.cost_per_distance > 0 && v.cost_per_duration == 0
        });
        data.has_releases = data.release.iter().any(|&release| release > i32::MIN);
        data.has_order = data.order.iter().any(|&order| order != BackhaulOrder::Any);
        data.classical = data.find_whether_classical();
        data
    }

    pub(crate) fn num_stops(&self) -> usize {
        self.activity.len()
    }

    pub(crate) fn depot_point(&self, depot: Option<DepotId>) -> u32 {
        let m = self.num_stops();
        depot.map_or(m + self.problem.depots().len(), |d| m + d.index()) as u32
    }

    /// The point of a disposal site.
    pub(crate) fn site_point(&self, site: usize) -> usize {
        self.num_stops() + self.problem.depots().len() + 1 + site
    }

    /// The point of the first break that has a place.
    pub(crate) fn first_break_point(&self) -> usize {
        self.site_point(self.problem.disposal_sites().len())
    }

    fn fill_stops(&mut self) {
        let dims = self.dimensions;
        let mut pickup_of = vec![NONE; self.problem.shipments().len()];
        for u in 0..self.num_stops() {
            match self.activity[u] {
                Activity::Client(c) => {
                    let client = self.problem.client(c);
                    for d in 0..dims {
                        self.delivery[u * dims + d] = Problem::amount(&client.delivery, d);
                        self.pickup[u * dims + d] = Problem::amount(&client.pickup, d);
                    }
                    let last = client.windows().last().unwrap_or(client.time_window);
                    let late = last.for_starts(client.window_needs().0).late;
                    self.set_time(u, TimeWindow::new(client.time_window.early, late), client.service);
                    self.release[u] = if client.release > 0 { client.release as i32 } else { i32::MIN };
                    self.prize[u] = client.prize;
                    self.required[u] = client.required;
                    if self.problem.backhauls() == Backhauls::AfterLinehauls {
                        let (linehaul, backhaul) = (self.problem.is_linehaul(c), self.problem.is_backhaul(c));
                        self.order[u] = match (linehaul, backhaul) {
                            (true, _) => BackhaulOrder::Linehaul,
                            (_, true) => BackhaulOrder::Backhaul,
                            _ => BackhaulOrder::Any,
                        };
                    }
                    if let Some(g) = client.group {
                        self.group[u] = g.index() as u32;
                        self.members[g.index()].push(u as u32);
                        self.required[u] = self.problem.groups()[g.index()].required;
                    }
                }
                Activity::Pickup(s) => {
                    let shipment = self.problem.shipment(s);
                    for d in 0..dims {
                        self.pickup[u * dims + d] = Problem::amount(&shipment.amount, d);
                    }
                    self.set_time(u, shipment.pickup.start_window(), shipment.pickup.service);
                    self.prize[u] = shipment.prize;
                    self.required[u] = shipment.required;
                    pickup_of[s.index()] = u as u32;
                }
                Activity::Delivery(s) => {
                    let shipment = self.problem.shipment(s);
                    self.set_time(u, shipment.delivery.start_window(), shipment.delivery.service);
                    self.required[u] = shipment.required;
                    let p = pickup_of[s.index()];
                    self.partner[u] = p;
                    self.partner[p as usize] = u as u32;
                }
                Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => {}
            }
        }
    }

    fn set_time(&mut self, u: usize, window: TimeWindow, service: i64) {
        self.early[u] = window.early as i32;
        self.late[u] = window.late as i32;
        self.service[u] = service as i32;
    }

    /// Whether a plan can fail on time, or pay for it.
    fn is_timed(&self) -> bool {
        let p = self.problem;
        self.late.iter().any(|&l| i64::from(l) < MAX_VALUE)
            || self.release.iter().any(|&r| r > 0)
            || p.vehicle_types()
                .iter()
                .any(|v| v.cost_per_duration > 0 || v.max_duration.is_some() || !v.shift.is_always())
            || p.depots().iter().any(|d| !d.time_window.is_always())
    }

    /// Whether each stop either has something delivered or something picked up, and all of the former come first.
    fn is_ordered(&self) -> bool {
        let both_ways = |(&delivered, &picked_up): (&i64, &i64)| delivered > 0 && picked_up > 0;
        self.has_order
            && self.order.iter().all(|&order| order != BackhaulOrder::Any)
            // A backhaul may need a linehaul that does not pay for itself.
            && self.order.iter().zip(&self.required).all(|(&order, &required)| required || order == BackhaulOrder::Backhaul)
            && !self.delivery.iter().zip(&self.pickup).any(both_ways)
            && !is_general(self.problem)
            && self.travel.is_plain_but(|from, to| breaks_order(self.problem, &self.order, from, to))
    }

    /// The fleet, where the problem is classical; fills the columns that the classical search reads.
    fn find_whether_classical(&mut self) -> Option<FleetMix> {
        /// Most vehicle types of which the cheapest is sought time and again.
        const MAX_TYPES: usize = 32;
        let p = self.problem;
        let types: Vec<&VehicleType> = p.vehicle_types().iter().filter(|vehicle| vehicle.count > 0).collect();
        let one_way = self.delivery.iter().all(|&q| q == 0) || self.pickup.iter().all(|&q| q == 0);
        let plain_vehicles = types.iter().all(|vehicle| {
            vehicle.start.is_some()
                && vehicle.start == vehicle.end
                // All distances and durations are those of the first profile.
                && vehicle.profile.index() == 0
                && vehicle.cost_per_duration == 0
                && vehicle.cost_per_distance > 0
                && vehicle.max_distance.is_none()
                && !vehicle.may_reload()
        });
        let plain_stops = p.shipments().is_empty()
            && p.groups().is_empty()
            && self.release.iter().all(|&r| r == i32::MIN)
            && self.dimensions <= 1;
        let plain_loads = match p.backhauls() {
            Backhauls::Mixed => one_way && self.travel.is_plain(),
            Backhauls::AfterLinehauls => self.is_ordered(),
        };
        if !(plain_vehicles && plain_stops && plain_loads) || types.is_empty() || p.vehicle_types().len() > MAX_TYPES {
            return None;
        }
        let is_unlimited = types.iter().all(|vehicle| vehicle.max_duration.is_none());
        let mix = match p.vehicle_types() {
            // With windows, orders are known to the search for fleets alone.
            [_] if is_unlimited && self.vehicles[0].allowed.is_empty() && !(self.has_order && self.timed) => {
                FleetMix::Homogeneous
            }
            _ if self.vehicles_first => return None,
            _ => FleetMix::Heterogeneous,
        };
        if types.iter().any(|vehicle| !vehicle.capacity.is_empty()) {
            let capacities = self.vehicles.iter().map(|vehicle| vehicle.capacity[0]);
            self.capacity = capacities.max().unwrap_or(MAX_VALUE);
            let total: i64 = self.delivery.iter().chain(&self.pickup).sum();
            if self.capacity > MAX_VALUE && total > MAX_VALUE {
                // Loads of vehicles without a limit would be too large to count.
                return None;
            }
            for u in 0..self.num_stops() {
                self.demand[u] = (self.delivery[u] + self.pickup[u]) as i32;
            }
        }
        Some(mix)
    }

    /// The node of a client, for loading plans.
    pub(crate) fn node_of(&self) -> NodeOf {
        let p = self.problem;
        let mut of = NodeOf {
            client: vec![NONE; p.clients().len()],
            pickup: vec![NONE; p.shipments().len()],
            delivery: vec![NONE; p.shipments().len()],
        };
        for (u, activity) in self.activity.iter().enumerate() {
            match *activity {
                Activity::Client(c) => of.client[c.index()] = u as u32,
                Activity::Pickup(s) => of.pickup[s.index()] = u as u32,
                Activity::Delivery(s) => of.delivery[s.index()] = u as u32,
                Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => {}
            }
        }
        of
    }

    /// Distance between two points on the first profile, in a direction that the order of linehauls and backhauls allows.
    #[inline]
    pub(crate) fn apart(&self, from: usize, to: usize) -> i32 {
        let distance = self.travel.distance(0, from, to);
        if self.has_order { distance.min(self.travel.distance(0, to, from)) } else { distance }
    }

    /// Whether a stop loads a shipment.
    #[inline]
    pub(crate) fn is_pickup(&self, u: usize) -> bool {
        // A shipment's delivery follows its pickup at once.
        self.partner[u] == u as u32 + 1
    }

    /// Whether the stop stands for a job of its own that must be done.
    #[inline]
    pub(crate) fn is_required_job(&self, u: usize) -> bool {
        self.required_job[u]
    }

    pub(crate) fn vehicle_type(&self, t: usize) -> &'a VehicleType {
        &self.problem.vehicle_types()[t]
    }
}

/// Whether an arc between two points leads from a backhaul to a linehaul, or from a depot to a backhaul.
fn breaks_order(problem: &Problem, order: &[BackhaulOrder], from: usize, to: usize) -> bool {
    let depots = order.len()..order.len() + problem.depots().len();
    match order.get(to) {
        Some(BackhaulOrder::Backhaul) => depots.contains(&from),
        Some(BackhaulOrder::Linehaul) => order.get(from) == Some(&BackhaulOrder::Backhaul),
        _ => false,
    }
}

/// Nodes by what they stand for.
pub(crate) struct NodeOf {
    pub(crate) client: Vec<u32>,
    pub(crate) pickup: Vec<u32>,
    pub(crate) delivery: Vec<u32>,
}

impl NodeOf {
    pub(crate) fn get(&self, activity: Activity) -> u32 {
        match activity {
            Activity::Client(c) => self.client[c.index()],
            Activity::Pickup(s) => self.pickup[s.index()],
            Activity::Delivery(s) => self.delivery[s.index()],
            Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => NONE,
        }
    }
}

/// All stops, near ones near each other; a shipment's delivery follows its pickup at once.
fn ordered_stops(problem: &Problem) -> Vec<Activity> {
    let clients = (0..problem.clients().len()).map(|c| Activity::Client(ClientId::new(c)));
    let shipments = (0..problem.shipments().len()).map(|s| Activity::Pickup(ShipmentId::new(s)));
    let jobs: Vec<Activity> = clients.chain(shipments).collect();
    let coords: Vec<Coord> = jobs.iter().map(|&a| problem.coord(location_of(problem, a))).collect();
    let mut stops = Vec::with_capacity(problem.num_stops());
    for i in hilbert_order(&coords) {
        stops.push(jobs[i]);
        if let Activity::Pickup(s) = jobs[i] {
            stops.push(Activity::Delivery(s));
        }
    }
    stops
}

pub(super) fn location_of(problem: &Problem, activity: Activity) -> LocationId {
    match activity {
        Activity::Client(c) => problem.client(c).location(),
        Activity::Pickup(s) => problem.shipment(s).pickup.location(),
        Activity::Delivery(s) => problem.shipment(s).delivery.location(),
        Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => LocationId::new(0),
    }
}

/// Where each point of the metric is: stops first, then depots, then the nowhere of open ends, then disposal sites and
/// places of breaks.
fn places(problem: &Problem, activity: &[Activity]) -> Vec<Option<Place>> {
    let class = |a: Activity| match a {
        Activity::Client(c) if problem.is_linehaul(c) => Place::LINEHAUL,
        Activity::Client(c) if problem.is_backhaul(c) => Place::BACKHAUL,
        _ => Place::NEUTRAL,
    };
    let stops = activity
        .iter()
        .map(|&a| Some(Place { location: location_of(problem, a), class: class(a), setup: problem.setup_of(a) }));
    let none = 0;
    let depots = problem.depots().iter();
    let depots = depots.map(|d| Some(Place { location: d.location(), class: Place::DEPOT, setup: none }));
    let sites = problem.disposal_sites().iter().map(crate::model::DisposalSite::location);
    let breaks = problem.vehicle_types().iter().flat_map(|v| &v.breaks).filter_map(|pause| pause.place);
    let others = sites.chain(breaks.map(crate::model::Place::location));
    let others = others.map(|location| Some(Place { location, class: Place::NEUTRAL, setup: none }));
    stops.chain(depots).chain([None]).chain(others).collect()
}
