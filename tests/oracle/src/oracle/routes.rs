//! All routes of each vehicle type.

use std::collections::BTreeMap;

use milkrun::plan::{Activity, RouteStops, TripStops, Violation};
use milkrun::{ClientId, DepotId, DisposalSiteId, Plan, Problem, ShipmentId, VehicleType, VehicleTypeId};

use super::combine::{Candidate, Front};
use super::persistent::Persistent;
use super::starts::Starts;
use super::{Limits, disagreement};

/// The cheapest routes of a vehicle type for each set of clients (the low bits) and shipments (the bits above).
pub(super) type Table = BTreeMap<u32, Front>;

pub(super) struct Found {
    /// By vehicle type.
    pub(super) tables: Vec<Table>,
    pub(super) evaluated: usize,
    /// How many other starts of them were tried.
    pub(super) starts: usize,
    /// Whether the allowed number of evaluations was not enough.
    pub(super) gave_up: bool,
    /// Whether a route was not tried because it has too many halts.
    pub(super) cut: bool,
    /// Whether one was not tried because it has too many of them on one leg.
    pub(super) cut_leg: bool,
    pub(super) disagreement: Option<String>,
}

/// All routes with up to `halts` halts.
pub(super) fn enumerate(problem: &Problem, limits: &Limits, halts: usize) -> Found {
    let mut found = Found {
        tables: Vec::new(),
        evaluated: 0,
        starts: 0,
        gave_up: false,
        cut: false,
        cut_leg: false,
        disagreement: None,
    };
    for t in 0..problem.vehicle_types().len() {
        let vehicle_type = problem.vehicle_type(VehicleTypeId::new(t));
        if vehicle_type.count > 0 {
            let mut walk = Walk::new(problem, limits, halts, VehicleTypeId::new(t), found);
            walk.open_trip(vehicle_type.start);
            found = walk.found;
        } else {
            found.tables.push(Table::new());
        }
    }
    found
}

/// Halts since the last service, some of which need not be repeated.
#[derive(Clone, Default)]
struct Leg {
    halts: usize,
    rests: usize,
    reloads: usize,
    sites: Vec<DisposalSiteId>,
}

/// A depth-first walk over all sequences of activities of one vehicle.
struct Walk<'a> {
    problem: &'a Problem,
    limits: &'a Limits,
    halts_allowed: usize,
    id: VehicleTypeId,
    vehicle_type: &'a VehicleType,
    persistent: Persistent<'a>,
    starts: Starts,
    /// Lengths of rests that driver rules name.
    rests: Vec<i64>,
    trips: Vec<TripStops>,
    clients: u32,
    aboard: u32,
    carried: u32,
    breaks: u64,
    executed: usize,
    halts: usize,
    empty_visits: usize,
    leg: Leg,
    found: Found,
}

impl<'a> Walk<'a> {
    fn new(problem: &'a Problem, limits: &'a Limits, halts: usize, id: VehicleTypeId, mut found: Found) -> Self {
        let vehicle_type = problem.vehicle_type(id);
        let mut rests: Vec<i64> = vehicle_type
            .driver_rules
            .iter()
            .flat_map(|rule| std::iter::once(rule.rest).chain(rule.split.into_iter().flat_map(|(a, b)| [a, b])))
            .collect();
        rests.sort_unstable();
        rests.dedup();
        found.tables.push(Table::new());
        Self {
            problem,
            limits,
            halts_allowed: halts,
            id,
            vehicle_type,
            persistent: Persistent::new(problem, id, halts),
            starts: Starts::new(problem, vehicle_type),
            rests,
            trips: Vec::new(),
            clients: 0,
            aboard: 0,
            carried: 0,
            breaks: 0,
            executed: 0,
            halts: 0,
            empty_visits: 0,
            leg: Leg::default(),
            found,
        }
    }

    /// Begins a trip, and tries all that may be its first activity.
    fn open_trip(&mut self, start: Option<DepotId>) {
        let end = self.vehicle_type.end;
        self.trips.push(TripStops { start, activities: Vec::new(), end });
        self.extend();
        self.trips.pop();
    }

    /// Tries all activities that may come next.
    fn extend(&mut self) {
        if self.found.gave_up {
            return;
        }
        if let Some(&next) = self.vehicle_type.executed.get(self.executed) {
            // The route must begin with these activities; only reloads may be in between.
            self.executed += 1;
            self.step(next, true);
            self.executed -= 1;
        } else {
            self.services();
            self.disposals();
            self.pauses();
        }
        self.reloads();
    }

    fn services(&mut self) {
        for c in 0..self.problem.clients().len() {
            if self.clients & 1 << c == 0 {
                self.step(Activity::Client(ClientId::new(c)), false);
            }
        }
        for s in 0..self.problem.shipments().len() {
            if (self.aboard | self.carried) & 1 << s == 0 {
                self.step(Activity::Pickup(ShipmentId::new(s)), false);
            } else if self.aboard & 1 << s != 0 {
                self.step(Activity::Delivery(ShipmentId::new(s)), false);
            }
        }
    }

    /// Whether one more halt may come here.
    fn has_room(&mut self) -> bool {
        let has_room = self.halts < self.halts_allowed && self.leg.halts < self.limits.halts_per_leg;
        self.found.cut |= self.halts >= self.halts_allowed;
        self.found.cut_leg |= self.leg.halts >= self.limits.halts_per_leg;
        has_room
    }

    fn disposals(&mut self) {
        for &site in &self.vehicle_type.disposal_sites {
            // A second visit to a site on the same leg finds nothing more to empty than the first one.
            if self.leg.sites.contains(&site) {
                continue;
            }
            let is_empty = !self.has_waste_for(site);
            if (is_empty && self.empty_visits >= self.limits.empty_visits) || !self.has_room() {
                continue;
            }
            self.empty_visits += usize::from(is_empty);
            self.leg.sites.push(site);
            self.halt(Activity::Dispose(site));
            self.leg.sites.pop();
            self.empty_visits -= usize::from(is_empty);
        }
    }

    /// Whether a visit to the site would empty something.
    fn has_waste_for(&self, site: DisposalSiteId) -> bool {
        let site = self.problem.disposal_site(site);
        let activities = self.trips.last().map_or(&[][..], |trip| &trip.activities);
        let mut waste = Vec::new();
        for activity in activities {
            match *activity {
                Activity::Client(id) => {
                    let client = self.problem.client(id);
                    if client.pickup.iter().any(|&amount| amount > 0) {
                        waste.push(client.material);
                    }
                }
                Activity::Dispose(id) => {
                    let emptied = self.problem.disposal_site(id);
                    waste.retain(|&material| !emptied.accepts(material));
                }
                _ => {}
            }
        }
        waste.into_iter().any(|material| site.accepts(material))
    }

    fn pauses(&mut self) {
        // No pause comes before the first halt of a route.
        let stands = |activity: &Activity| !matches!(activity, Activity::Break(_) | Activity::Rest(_));
        let has_begun =
            self.vehicle_type.start.is_some() || self.trips.iter().flat_map(|trip| &trip.activities).any(stands);
        if !has_begun {
            return;
        }
        for b in 0..self.vehicle_type.breaks.len() {
            if self.breaks & 1 << b == 0 && self.has_room() {
                self.halt(Activity::Break(b));
            }
        }
        for r in 0..self.rests.len() {
            self.found.cut_leg |= self.leg.rests >= self.limits.rests_per_leg;
            if self.leg.rests < self.limits.rests_per_leg && self.has_room() {
                self.halt(Activity::Rest(self.rests[r]));
            }
        }
    }

    fn reloads(&mut self) {
        let is_idle = self.trips.last().is_none_or(|trip| trip.activities.is_empty());
        let trips = self.vehicle_type.max_trips.unwrap_or(usize::MAX).min(self.limits.trips);
        if is_idle || self.aboard != 0 || self.leg.reloads > 0 || self.trips.len() >= trips {
            return;
        }
        for &depot in &self.vehicle_type.reload_depots {
            if !self.has_room() {
                continue;
            }
            let leg = self.leg.clone();
            self.halts += 1;
            self.leg.halts += 1;
            self.leg.reloads += 1;
            // What is on board changes: a site may be visited again.
            self.leg.sites.clear();
            let end = self.trips.last_mut().and_then(|trip| trip.end.replace(depot));
            self.open_trip(Some(depot));
            if let Some(trip) = self.trips.last_mut() {
                trip.end = end;
            }
            self.halts -= 1;
            self.leg = leg;
        }
    }

    /// Appends a halt.
    fn halt(&mut self, activity: Activity) {
        self.halts += 1;
        self.leg.halts += 1;
        self.leg.rests += usize::from(matches!(activity, Activity::Rest(_)));
        self.step(activity, false);
        self.leg.rests -= usize::from(matches!(activity, Activity::Rest(_)));
        self.leg.halts -= 1;
        self.halts -= 1;
    }

    /// Appends an activity, prices the route that ends with it, and goes on from there.
    fn step(&mut self, activity: Activity, is_executed: bool) {
        let before = (self.clients, self.aboard, self.carried, self.breaks);
        let leg = activity.is_service().then(|| std::mem::take(&mut self.leg));
        match activity {
            Activity::Client(c) => self.clients |= 1 << c.index(),
            Activity::Pickup(s) => self.aboard |= 1 << s.index(),
            Activity::Delivery(s) => {
                self.aboard &= !(1 << s.index());
                self.carried |= 1 << s.index();
            }
            Activity::Break(b) => self.breaks |= 1 << b,
            Activity::Dispose(_) | Activity::Rest(_) => {}
            other => unreachable!("no route has {other:?}"),
        }
        if let Some(trip) = self.trips.last_mut() {
            trip.activities.push(activity);
        }
        // What was executed is the beginning of the route, whatever it breaks: only the whole is judged.
        if self.price() || is_executed && self.executed < self.vehicle_type.executed.len() {
            self.extend();
        }
        if let Some(trip) = self.trips.last_mut() {
            trip.activities.pop();
        }
        (self.clients, self.aboard, self.carried, self.breaks) = before;
        if let Some(leg) = leg {
            self.leg = leg;
        }
    }

    /// The route; without a start, it starts when it does by itself. No start is earlier than the earliest one, which is what
    /// [`Persistent`] relies on.
    fn plan(&self, start: Option<i64>) -> Plan {
        let route = RouteStops { vehicle_type: self.id, trips: self.trips.clone(), start };
        Plan::new(self.problem, vec![route]).expect("the walk knows the problem's ids only")
    }

    /// Prices the route and keeps it where it is feasible. Returns whether a longer route can be.
    fn price(&mut self) -> bool {
        self.found.evaluated += 1;
        if self.found.evaluated > self.limits.evaluations {
            self.found.gave_up = true;
            return false;
        }
        let plan = self.plan(None);
        if self.found.evaluated.is_multiple_of(self.limits.audit_every) && self.found.disagreement.is_none() {
            self.found.disagreement = disagreement(self.problem, &plan);
        }
        let hopeless = self.persistent.is_hopeless(&plan);
        let has_all_executed = self.executed == self.vehicle_type.executed.len();
        let serves = self.clients | self.carried;
        let may_be_used = has_all_executed && (serves != 0 || !self.vehicle_type.executed.is_empty());
        if self.aboard == 0 && may_be_used {
            let is_feasible = self.keep(&plan);
            if !hopeless && (is_feasible || plan.violations().iter().all(|v| !self.concerns_route(v) || by_start(v))) {
                self.try_starts(&plan);
            }
        }
        !self.limits.prune || !hopeless
    }

    /// Keeps the route of a plan where it is feasible. Whether it is.
    fn keep(&mut self, plan: &Plan) -> bool {
        let is_feasible = plan.violations().iter().all(|violation| !self.concerns_route(violation));
        if is_feasible {
            let set = self.clients | self.carried << self.problem.clients().len();
            let candidate = Candidate::new(self.problem, plan);
            if let Some(table) = self.found.tables.last_mut() {
                table.entry(set).or_default().insert(self.problem, candidate);
            }
        }
        is_feasible
    }

    /// Tries the other starts of the route that may be better than its own.
    fn try_starts(&mut self, plan: &Plan) {
        let own = &plan.routes()[0];
        if !self.starts.later && !self.starts.earlier {
            return;
        }
        let set = self.clients | self.carried << self.problem.clients().len();
        let least = self.starts.least(own);
        if !self.starts.earlier
            && let Some(front) = self.found.tables.last().and_then(|table| table.get(&set))
            && front.beats(self.problem, least, plan)
        {
            return;
        }
        let earliest = self.plan(Some(i64::MIN)).routes()[0].start;
        for start in self.starts.beside(earliest, own.start) {
            self.found.starts += 1;
            let plan = self.plan(Some(start));
            if plan.routes()[0].start < start {
                break;
            }
            self.keep(&plan);
        }
    }

    /// Whether the violation is one of the route, whatever the other vehicles do.
    fn concerns_route(&self, violation: &Violation) -> bool {
        match *violation {
            Violation::RelationBroken { relation } => super::persistent::breaks_alone(self.problem, relation),
            Violation::SiteOverfilled { .. } | Violation::Repeated { .. } | Violation::GroupServedTwice { .. } => true,
            _ => violation.route().is_some(),
        }
    }
}

/// Whether another start can mend the violation.
fn by_start(violation: &Violation) -> bool {
    matches!(
        violation,
        Violation::TooLong { .. }
            | Violation::BreakMissing { .. }
            | Violation::RestMissing { .. }
            | Violation::TooMuchDriving { .. }
            | Violation::TooMuchWork { .. }
            | Violation::LateService { .. }
            | Violation::LateLoading { .. }
            | Violation::LateReturn { .. }
            | Violation::LateShift { .. }
    )
}
