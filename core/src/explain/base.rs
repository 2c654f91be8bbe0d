//! The plan into which a job is to be inserted, with the aggregates that rule out routes cheaply.

use super::joint_service::{JointService, RelationIndex};
use super::{Job, Relaxation};
use crate::ids::{DisposalSiteId, VehicleTypeId};
use crate::model::{Problem, Relation, VehicleType};
use crate::plan::check::check;
use crate::plan::{Activity, Plan, RouteStops, Violation};
use crate::units::Load;

/// A plan, by route.
#[derive(Clone)]
pub(super) struct Base<'a> {
    pub(super) plan: &'a Plan,
    pub(super) relation_index: &'a RelationIndex,
    figures: Vec<Figures>,
    /// The route that serves each client.
    place: Vec<Option<usize>>,
    /// How many vehicles of each type are used.
    used: Vec<usize>,
    /// Amounts unloaded at disposal sites: route, site, amount by load dimension.
    emptied: Vec<(usize, DisposalSiteId, Vec<Load>)>,
    /// Whether the plan violates rules other than those about unserved jobs.
    pub(super) is_infeasible: bool,
    /// Those violations, which an insertion need not repair.
    tolerated: Vec<Violation>,
}

/// Totals of a route.
#[derive(Clone, Default)]
struct Figures {
    stops: usize,
    /// By load dimension.
    delivered: Vec<Load>,
    picked_up: Vec<Load>,
    shipped: Vec<Load>,
}

impl Figures {
    fn of(problem: &Problem, jobs: impl Iterator<Item = Activity>) -> Self {
        let zero = vec![0; problem.load_dimensions()];
        let mut all = Self { stops: 0, delivered: zero.clone(), picked_up: zero.clone(), shipped: zero };
        let add = |sum: &mut [Load], list: &[Load]| sum.iter_mut().zip(list).for_each(|(sum, q)| *sum += q);
        for activity in jobs {
            match activity {
                Activity::Client(id) => {
                    add(&mut all.delivered, &problem.client(id).delivery);
                    add(&mut all.picked_up, &problem.client(id).pickup);
                }
                Activity::Pickup(id) => add(&mut all.shipped, &problem.shipment(id).amount),
                Activity::Delivery(_) => {}
                Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => continue,
            }
            all.stops += 1;
        }
        all
    }

    /// Sum of all amounts delivered, picked up and shipped.
    fn in_all(&self, d: usize) -> Load {
        self.delivered[d] + self.picked_up[d] + self.shipped[d]
    }

    /// The larger of the loads of single clients at the start and at the end of a trip.
    fn at_once(&self, d: usize) -> Load {
        self.delivered[d].max(self.picked_up[d])
    }
}

/// Whether a vehicle neither unloads at disposal sites nor reloads.
fn has_all_at_once(v: &VehicleType) -> bool {
    v.disposal_sites.is_empty() && !v.may_reload()
}

impl<'a> Base<'a> {
    pub(super) fn new(problem: &'a Problem, plan: &'a Plan, relation_index: &'a RelationIndex) -> Self {
        let mut place = vec![None; problem.clients().len()];
        let mut used = vec![0; problem.vehicle_types().len()];
        let mut figures = Vec::new();
        for (r, route) in plan.route_stops().iter().enumerate() {
            used[route.vehicle_type.index()] += 1;
            figures.push(Figures::of(problem, activities(route)));
            for activity in activities(route) {
                if let Activity::Client(id) = activity {
                    place[id.index()].get_or_insert(r);
                }
            }
        }
        let tolerated: Vec<Violation> =
            plan.violations().iter().filter(|violation| !is_unserved(violation)).cloned().collect();
        Self {
            plan,
            relation_index,
            figures,
            place,
            used,
            emptied: emptied(plan),
            is_infeasible: !tolerated.is_empty(),
            tolerated,
        }
    }

    /// The same plan, in which no violation is tolerated.
    pub(super) fn strict(&self) -> Self {
        Self { tolerated: Vec::new(), ..self.clone() }
    }

    pub(super) fn routes(&self) -> &'a [RouteStops] {
        self.plan.route_stops()
    }

    /// The amount that routes other than `route` unload at a disposal site.
    pub(super) fn left_by_others(&self, route: Option<usize>, site: DisposalSiteId, dimension: usize) -> Load {
        let others = self.emptied.iter().filter(|(r, s, _)| Some(*r) != route && *s == site);
        others.map(|(_, _, loads)| loads.get(dimension).copied().unwrap_or(0)).sum()
    }

    /// The routes of a type into which a joint service might fit, and `None` for an unused vehicle. Loads, counts and
    /// relations with served clients are checked; times are not.
    pub(super) fn candidates(&self, problem: &Problem, t: VehicleTypeId, joint: &JointService) -> Vec<Option<usize>> {
        let (mut only, mut banned) = (None, Vec::new());
        for &r in &joint.relations {
            let relation = &problem.relations()[r];
            let places = relation.clients().into_iter().filter(|&c| !joint.jobs.contains(&Job::Client(c)));
            let places: Vec<usize> = places.filter_map(|client| self.place[client.index()]).collect();
            match relation {
                Relation::Incompatible(_) => banned.extend(places),
                Relation::AllOrNone(_) | Relation::Pin { .. } => {}
                Relation::SameVehicle(_) | Relation::Sequence(_) | Relation::Precedence(..) => {
                    for place in places {
                        if *only.get_or_insert(place) != place {
                            return Vec::new();
                        }
                    }
                }
            }
        }
        let joins = |r: &usize| {
            self.routes()[*r].vehicle_type == t
                && only.is_none_or(|only| only == *r)
                && !banned.contains(r)
                && self.fits(problem, *r, joint)
        };
        let mut found: Vec<Option<usize>> = (0..self.routes().len()).filter(joins).map(Some).collect();
        let v = problem.vehicle_type(t);
        if only.is_none() && self.used[t.index()] < v.count && v.executed.is_empty() {
            found.push(None);
        }
        found
    }

    /// Whether total loads and stops leave room on a route.
    fn fits(&self, problem: &Problem, route: usize, joint: &JointService) -> bool {
        let t = self.routes()[route].vehicle_type;
        let v = problem.vehicle_type(t);
        let sums = self.with(problem, Some(route), joint);
        v.max_stops.is_none_or(|limit| sums.stops <= limit)
            && v.max_route_load.iter().enumerate().all(|(d, &limit)| sums.in_all(d) <= limit)
            && (!has_all_at_once(v) || v.capacity.iter().enumerate().all(|(d, &capacity)| sums.at_once(d) <= capacity))
    }

    /// Totals of a route that includes the joint service.
    fn with(&self, problem: &Problem, route: Option<usize>, joint: &JointService) -> Figures {
        let ends = |&job: &Job| match job {
            Job::Client(_) => vec![job.activity()],
            Job::Shipment(id) => vec![job.activity(), Activity::Delivery(id)],
        };
        let mut sums = Figures::of(problem, joint.jobs.iter().flat_map(ends));
        if let Some(route) = route {
            let own = &self.figures[route];
            sums.stops += own.stops;
            let add = |sum: &mut [Load], own: &[Load]| sum.iter_mut().zip(own).for_each(|(sum, q)| *sum += q);
            add(&mut sums.delivered, &own.delivered);
            add(&mut sums.picked_up, &own.picked_up);
            add(&mut sums.shipped, &own.shipped);
        }
        sums
    }

    /// Whether a joint service on a route exceeds the limit that a change raises, wherever it is put.
    pub(super) fn surely_exceeds(
        &self,
        problem: &Problem,
        t: VehicleTypeId,
        change: &Relaxation,
        route: usize,
        joint: &JointService,
    ) -> bool {
        let v = problem.vehicle_type(t);
        let sums = || self.with(problem, Some(route), joint);
        let is_above = |amount: Load, limit: Option<&Load>| limit.is_some_and(|&limit| amount > limit);
        joint.leaders.len() == 1
            && match *change {
                Relaxation::MaxStops { .. } => v.max_stops.is_some_and(|limit| sums().stops > limit),
                Relaxation::RouteLoad { dimension, .. } => {
                    is_above(sums().in_all(dimension), v.max_route_load.get(dimension))
                }
                Relaxation::Capacity { dimension, .. } => {
                    has_all_at_once(v) && is_above(sums().at_once(dimension), v.capacity.get(dimension))
                }
                _ => false,
            }
    }

    /// A lower bound on how much a limit must be raised before a joint service fits on a route; `None`: that limit is
    /// not exceeded.
    pub(super) fn minimum_increase(
        &self,
        problem: &Problem,
        t: VehicleTypeId,
        change: &Relaxation,
        route: Option<usize>,
        joint: &JointService,
    ) -> Option<i64> {
        let v = problem.vehicle_type(t);
        let excess = |amount: i64, limit: Option<&i64>| Some(amount - limit?).filter(|&excess| excess > 0);
        let sums = || self.with(problem, route, joint);
        // Jobs with several leaders may be on several routes.
        if joint.leaders.len() > 1 {
            return Some(1);
        }
        match *change {
            Relaxation::MaxStops { .. } => excess(sums().stops as i64, v.max_stops.map(|limit| limit as i64).as_ref()),
            Relaxation::RouteLoad { dimension, .. } => {
                excess(sums().in_all(dimension), v.max_route_load.get(dimension))
            }
            Relaxation::Capacity { dimension, .. } if has_all_at_once(v) => {
                let sums = sums();
                let minimum = excess(sums.at_once(dimension), v.capacity.get(dimension));
                // If loads rise and fall along the route, the peak may exceed the load at either end.
                let varies =
                    sums.shipped[dimension] > 0 || sums.delivered[dimension].min(sums.picked_up[dimension]) > 0;
                if varies { Some(minimum.unwrap_or(1)) } else { minimum }
            }
            _ => Some(1),
        }
    }

    /// Whether the routes of a changed problem serve a joint service in addition to every job served before, with no
    /// violation except the tolerated ones.
    pub(super) fn accepts(&self, problem: &Problem, routes: &[RouteStops], joint: &JointService) -> bool {
        let mut served = vec![false; problem.clients().len()];
        let mut carried = vec![false; problem.shipments().len()];
        for activity in routes.iter().flat_map(activities) {
            match activity {
                Activity::Client(id) => served[id.index()] = true,
                Activity::Pickup(id) => carried[id.index()] = true,
                _ => {}
            }
        }
        let is_in = |job: &Job| match job {
            Job::Client(id) => served[id.index()],
            Job::Shipment(id) => carried[id.index()],
        };
        let before = self.routes().iter().flat_map(activities).all(|activity| match activity {
            Activity::Client(id) => served[id.index()],
            Activity::Pickup(id) => carried[id.index()],
            _ => true,
        });
        let new = |violation: &Violation| !is_unserved(violation) && !self.tolerated.contains(violation);
        before && joint.jobs.iter().all(is_in) && !check(problem, routes).violations.iter().any(new)
    }

    /// Whether a change of one route may violate a rule that involves another: then the whole plan must be checked.
    pub(super) fn affects_other_routes(&self, joint: &JointService) -> bool {
        !joint.relations.is_empty() || self.is_infeasible
    }

    /// Distance from a joint service to the nearest visit of a route.
    pub(super) fn detour(&self, problem: &Problem, route: usize, joint: &JointService) -> i64 {
        let profile = problem.vehicle_type(self.routes()[route].vehicle_type).profile;
        let at = match joint.jobs[0] {
            Job::Client(id) => problem.client(id).location(),
            Job::Shipment(id) => problem.shipment(id).pickup.location(),
        };
        let visits = self.plan.routes()[route].visits();
        visits.map(|visit| problem.distance(profile, visit.location, at)).min().unwrap_or(0)
    }
}

pub(super) fn activities(route: &RouteStops) -> impl Iterator<Item = Activity> + '_ {
    route.trips.iter().flat_map(|trip| trip.activities.iter().copied())
}

const fn is_unserved(violation: &Violation) -> bool {
    matches!(
        violation,
        Violation::ClientUnserved { .. } | Violation::ShipmentUnserved { .. } | Violation::GroupUnserved { .. }
    )
}

/// The amount that each visit to a disposal site unloads: the difference of the loads before and after it.
fn emptied(plan: &Plan) -> Vec<(usize, DisposalSiteId, Vec<Load>)> {
    let mut found = Vec::new();
    for (r, route) in plan.routes().iter().enumerate() {
        for trip in &route.trips {
            let mut before = &trip.load;
            for visit in &trip.visits {
                if let Activity::Dispose(site) = visit.activity {
                    found.push((r, site, before.iter().zip(&visit.load).map(|(a, b)| a - b).collect()));
                }
                before = &visit.load;
            }
        }
    }
    found
}
