//! The smallest single changes that make an insertion feasible: each is tried, and only those that lead to a plan that
//! passes the check are reported.

use super::combined::Screening;
use super::insertion::{Insertion, InsertionFinder};
use super::joint_service::{JointService, RelationIndex};
use super::relaxation::Relaxation;
use super::{Job, Reason, TypeReason};
use crate::ids::{ClientId, DepotId, DisposalSiteId, VehicleTypeId};
use crate::model::{Problem, TimeWindow, VehicleType};
use crate::units::MAX_VALUE;

/// After this many successful decrements, the search for the smallest amount continues by bisection.
const STEPS: usize = 6;

/// The time limit was reached.
pub(super) struct TimeExceeded;

/// A kind of change whose amount is to be found.
pub(super) struct Change {
    /// The change by any amount.
    pub(super) relaxation: Relaxation,
    /// The largest amount worth trying; 1 if the change has no amount.
    pub(super) maximum: i64,
    /// The size of what is changed, by which amounts of different kinds are compared.
    scale: i64,
    /// The present closing time of what the change keeps open longer.
    pub(super) late: i64,
}

impl Change {
    /// One more vehicle, where the amount is of no account.
    #[cfg(test)]
    pub(super) fn of_vehicle(vehicle_type: VehicleTypeId, maximum: i64) -> Self {
        Self { maximum, ..single(Relaxation::Vehicle { vehicle_type }) }
    }

    /// Whether it lifts a rule for vehicles of a type, beside more of them.
    pub(super) fn concerns(&self, t: VehicleTypeId) -> bool {
        self.maximum > 0
            && !matches!(self.relaxation, Relaxation::Vehicle { .. })
            && self.relaxation.vehicle_type().is_none_or(|own| own == t)
    }
}

/// Searches the changes for one job.
pub(super) struct Search<'a> {
    pub(super) problem: &'a Problem,
    pub(super) finder: &'a InsertionFinder<'a>,
    pub(super) job: Job,
    pub(super) reasons: &'a [TypeReason],
}

impl Search<'_> {
    /// Appends all single changes that make the insertion feasible to `found`, smallest first, with the vehicle type on which
    /// they do; only some of them if the time limit is reached.
    pub(super) fn run(
        &self,
        work: &mut Problem,
        found: &mut Vec<(Relaxation, VehicleTypeId)>,
    ) -> Result<(), TimeExceeded> {
        let mut keyed: Vec<(f64, (Relaxation, VehicleTypeId))> = Vec::new();
        let mut outcome = Ok(());
        let changes = changes(self.problem, self.finder.base.relation_index, self.job);
        let screening = self.screen(work, &changes);
        for (c, change) in changes.iter().enumerate() {
            let types = self.types(&change.relaxation);
            if change.maximum < 1 || types.is_empty() {
                continue;
            }
            let minimum = self.minimum(work, (c, change), &types, &screening);
            change.relaxation.undo(work, self.problem, self.job);
            match minimum {
                Ok(Some((by, t))) => {
                    let size = by as f64 / change.scale.max(1) as f64;
                    keyed.push((size, (change.relaxation.by(by, change.late), t)));
                }
                Ok(None) => {}
                Err(exceeded) => {
                    outcome = Err(exceeded);
                    break;
                }
            }
        }
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.extend(keyed.into_iter().map(|(_, relaxation)| relaxation));
        outcome
    }

    /// The vehicle types that the change may help: it must address every obstacle. Partners may be served by another
    /// type than the one that changes.
    fn types(&self, change: &Relaxation) -> Vec<VehicleTypeId> {
        let has_partners = JointService::new(self.problem, self.finder.base.relation_index, self.job).leaders.len() > 1;
        let only = change.vehicle_type().filter(|_| !has_partners);
        let may = |own: &&TypeReason| {
            only.is_none_or(|only| only == own.vehicle_type)
                && match &own.reason {
                    Reason::Impossible(obstacles) => obstacles.iter().all(|obstacle| change.may_remove(obstacle)),
                    Reason::NotFound(_) => !matches!(change, Relaxation::Vehicle { .. }),
                    Reason::NoRoom | Reason::Tied(_) if has_partners => true,
                    Reason::NoRoom | Reason::Tied(_) => {
                        !matches!(change, Relaxation::Skill { .. } | Relaxation::Allow { .. })
                    }
                    Reason::Possible { .. } => false,
                }
        };
        self.reasons.iter().filter(may).map(|own| own.vehicle_type).collect()
    }

    /// The smallest amount of a change that helps, if any does, and the vehicle type that it helps.
    fn minimum(
        &self,
        work: &mut Problem,
        (c, change): (usize, &Change),
        types: &[VehicleTypeId],
        screening: &Screening,
    ) -> Result<Option<(i64, VehicleTypeId)>, TimeExceeded> {
        self.set(work, change, change.maximum);
        let joint = JointService::new(work, self.finder.base.relation_index, self.job);
        let mut candidates = Vec::new();
        let has_partners = joint.leaders.len() > 1;
        // A change may also repair what else the plan violates.
        let is_open = has_partners || self.finder.base.is_infeasible;
        for &t in types {
            let routes = if has_partners { vec![None] } else { self.finder.ordered(work, t, &joint) };
            let minimum = |route| self.finder.base.minimum_increase(self.problem, t, &change.relaxation, route, &joint);
            let helps = |route| is_open || change.relaxation.concerns(self.problem, t, route);
            let routes = routes.into_iter().filter(|&route| screening.may_help(c, (t, route)) && helps(route));
            candidates.extend(routes.filter_map(|route| Some((minimum(route)?, t, route))));
        }
        let mut best = self.enough(work, change, &candidates, screening, &joint);
        candidates.sort_by_key(|candidate| candidate.0);
        for (at_least, t, route) in candidates {
            let limit = best.map_or(change.maximum, |(best, _): (i64, _)| best - 1);
            if at_least > limit || limit < 1 {
                continue;
            }
            if let Some(found) = self.tried(work, change, limit, (t, route), &joint)? {
                best = Some((self.descend(work, change, (limit, found), (t, route), &joint)?, t));
            }
        }
        Ok(best)
    }

    /// The smallest amount that what was found without any rules takes on some candidate, and the vehicle type there.
    fn enough(
        &self,
        work: &mut Problem,
        change: &Change,
        candidates: &[(i64, VehicleTypeId, Option<usize>)],
        screening: &Screening,
        joint: &JointService,
    ) -> Option<(i64, VehicleTypeId)> {
        let of = |&(_, t, route): &(i64, VehicleTypeId, Option<usize>)| {
            let (amount, found) = screening.enough(&change.relaxation, t, route?)?;
            (1..=change.maximum).contains(&amount).then_some((amount, t, found))
        };
        let mut known: Vec<_> = candidates.iter().filter_map(of).collect();
        known.sort_by_key(|known| known.0);
        let mut holds = |&(amount, t, found): &(i64, VehicleTypeId, &Insertion)| {
            self.set(work, change, amount);
            self.finder.holds(work, t, found, joint)
        };
        known.into_iter().find(|known| holds(known)).map(|(amount, t, _)| (amount, t))
    }

    /// Lowers an amount that helps on a route to the smallest one: first to what the plan found actually requires, then
    /// by one unit at a time until that fails.
    fn descend(
        &self,
        work: &mut Problem,
        change: &Change,
        (mut high, mut found): (i64, Insertion),
        at: (VehicleTypeId, Option<usize>),
        joint: &JointService,
    ) -> Result<i64, TimeExceeded> {
        let (mut low, mut steps) = (0, 0);
        while high > low + 1 {
            let violated = self.finder.violated(self.problem, at.0, &found, joint);
            let excess = violated.iter().filter_map(|violation| change.relaxation.excess(violation)).max();
            if let Some(excess) = excess.filter(|excess| (low + 1..high).contains(excess)) {
                self.set(work, change, excess);
                if self.finder.holds(work, at.0, &found, joint) {
                    high = excess;
                }
            }
            if high <= low + 1 {
                break;
            }
            steps += 1;
            let next = if steps > STEPS { low + (high - low) / 2 } else { high - 1 };
            match self.tried(work, change, next, at, joint)? {
                Some(less) => (high, found) = (next, less),
                None => low = next,
            }
        }
        Ok(high)
    }

    fn set(&self, work: &mut Problem, change: &Change, amount: i64) {
        change.relaxation.undo(work, self.problem, self.job);
        change.relaxation.by(amount, change.late).change_problem(work, self.job);
    }

    fn tried(
        &self,
        work: &mut Problem,
        change: &Change,
        amount: i64,
        (t, route): (VehicleTypeId, Option<usize>),
        joint: &JointService,
    ) -> Result<Option<Insertion>, TimeExceeded> {
        if self.finder.deadline.is_reached() {
            return Err(TimeExceeded);
        }
        self.set(work, change, amount);
        Ok(if joint.leaders.len() > 1 {
            self.finder.cheapest(work, t, joint)
        } else {
            self.finder.on(work, t, route, joint)
        })
    }
}

/// All changes that may help a job.
pub(super) fn changes(problem: &Problem, relation_index: &RelationIndex, job: Job) -> Vec<Change> {
    let mut changes = Vec::new();
    for t in 0..problem.vehicle_types().len() {
        of_vehicle_type(problem, relation_index, VehicleTypeId::new(t), job, &mut changes);
    }
    for s in 0..problem.disposal_sites().len() {
        of_site(problem, DisposalSiteId::new(s), &mut changes);
    }
    for (d, depot) in problem.depots().iter().enumerate() {
        let late = depot.time_window.late;
        if late < TimeWindow::UNBOUNDED_LATE {
            let relaxation = Relaxation::DepotHours { depot: DepotId::new(d), by: 0 };
            changes.push(Change { relaxation, maximum: headroom(late), scale: length(depot.time_window), late });
        }
        let own = DepotId::new(d);
        // A vehicle sets out when its shift has begun and its depot is open.
        let waits = |v: &VehicleType| {
            (v.start == Some(own) && v.shift.early < depot.time_window.early)
                || v.reload_depots.contains(&own)
                || (v.end == Some(own) && v.start != v.end)
        };
        if problem.vehicle_types().iter().any(waits) {
            changes.push(earlier(Relaxation::DepotOpening { depot: own, by: 0 }, depot.time_window));
        }
    }
    let joint = JointService::new(problem, relation_index, job);
    for client in joint.clients() {
        let window = problem.client(client).windows().last().unwrap_or(TimeWindow::ALWAYS);
        if window.late < TimeWindow::UNBOUNDED_LATE {
            let relaxation = Relaxation::Window { client, by: 0 };
            changes.push(Change {
                relaxation,
                maximum: headroom(window.late),
                scale: length(window),
                late: window.late,
            });
        }
    }
    for client in joint.clients() {
        let release = problem.client(client).release;
        if release > 0 {
            let relaxation = Relaxation::Release { client, by: 0 };
            changes.push(Change { relaxation, maximum: release, scale: release, late: 0 });
        }
    }
    changes.extend(joint.relations.iter().map(|&relation| single(Relaxation::Relation { relation })));
    changes
}

/// A change by which something opens or begins earlier.
fn earlier(relaxation: Relaxation, window: TimeWindow) -> Change {
    // A window without an end is likely to be open from zero because it was not thought of: that comes first.
    let scale = if window.late < TimeWindow::UNBOUNDED_LATE { length(window) } else { 1 << 20 };
    Change { relaxation, maximum: (window.early + MAX_VALUE - 1).clamp(0, 1 << 22), scale, late: 0 }
}

/// A change that has no amount.
const fn single(relaxation: Relaxation) -> Change {
    Change { relaxation, maximum: 1, scale: 1, late: 0 }
}

/// By how much a time or a limit may still increase.
fn headroom(late: i64) -> i64 {
    (MAX_VALUE - 1 - late).clamp(0, 1 << 22)
}

fn length(window: TimeWindow) -> i64 {
    (window.late - window.early).max(1)
}

fn of_vehicle_type(
    problem: &Problem,
    relation_index: &RelationIndex,
    vehicle_type: VehicleTypeId,
    job: Job,
    changes: &mut Vec<Change>,
) {
    /// The largest increase in stops or trips that counts as a single change.
    const MORE: i64 = 16;
    let v = problem.vehicle_type(vehicle_type);
    // A vehicle with executed activities cannot be duplicated.
    if v.executed.is_empty() {
        let scale = v.count.max(1) as i64;
        changes.push(Change { scale, ..single(Relaxation::Vehicle { vehicle_type }) });
    }
    if v.start.is_none_or(|depot| problem.depot(depot).time_window.early < v.shift.early) {
        changes.push(earlier(Relaxation::ShiftStart { vehicle_type, by: 0 }, v.shift));
    }
    let mut add =
        |relaxation, limit: i64, maximum, scale| changes.push(Change { relaxation, maximum, scale, late: limit });
    if v.shift.late < TimeWindow::UNBOUNDED_LATE {
        add(Relaxation::Shift { vehicle_type, by: 0 }, v.shift.late, headroom(v.shift.late), length(v.shift));
    }
    let limits = [
        (v.max_duration, Relaxation::MaxDuration { vehicle_type, by: 0 }),
        (v.max_driving, Relaxation::MaxDriving { vehicle_type, by: 0 }),
        (v.max_work, Relaxation::MaxWork { vehicle_type, by: 0 }),
        (v.max_distance, Relaxation::MaxDistance { vehicle_type, by: 0 }),
    ];
    for (limit, relaxation) in limits {
        if let Some(limit) = limit {
            add(relaxation, limit, headroom(limit), limit);
        }
    }
    for (dimension, &capacity) in v.capacity.iter().enumerate() {
        add(Relaxation::Capacity { vehicle_type, dimension, by: 0 }, capacity, headroom(capacity), capacity);
    }
    for (dimension, &limit) in v.max_route_load.iter().enumerate() {
        add(Relaxation::RouteLoad { vehicle_type, dimension, by: 0 }, limit, headroom(limit), limit);
    }
    if let Some(limit) = v.max_stops {
        add(Relaxation::MaxStops { vehicle_type, by: 0 }, limit as i64, MORE, limit as i64);
    }
    if let Some(limit) = v.max_trips {
        add(Relaxation::MaxTrips { vehicle_type, by: 0 }, limit as i64, MORE, limit as i64);
    }
    for (pause, own) in v.breaks.iter().enumerate() {
        if own.start.late < TimeWindow::UNBOUNDED_LATE {
            changes.push(single(Relaxation::Break { vehicle_type, pause }));
        }
    }
    if !v.zones.is_empty() {
        changes.push(single(Relaxation::Zones { vehicle_type }));
    }
    let rules = 0..v.driver_rules.len();
    changes.extend(rules.map(|rule| single(Relaxation::DriverRule { vehicle_type, rule })));
    of_permissions(problem, relation_index, vehicle_type, job, changes);
}

/// Skills and permissions.
fn of_permissions(
    problem: &Problem,
    relation_index: &RelationIndex,
    vehicle_type: VehicleTypeId,
    job: Job,
    changes: &mut Vec<Change>,
) {
    let Job::Client(client) = job else { return };
    let own = &problem.vehicle_type(vehicle_type).skills;
    let clients: Vec<ClientId> = JointService::of_one_trip(problem, relation_index, job).clients().collect();
    let mut missing: Vec<&String> = clients.iter().flat_map(|&client| &problem.client(client).skills).collect();
    missing.retain(|skill| !own.contains(skill));
    missing.sort_unstable();
    missing.dedup();
    if let [skill] = missing[..] {
        changes.push(single(Relaxation::Skill { vehicle_type, skill: skill.clone() }));
    }
    if !super::subproblem::is_listed(problem, vehicle_type, client) {
        changes.push(single(Relaxation::Allow { vehicle_type }));
    }
}

fn of_site(problem: &Problem, site: DisposalSiteId, changes: &mut Vec<Change>) {
    let own = problem.disposal_site(site);
    if let Some(last) = own.hours.last().filter(|last| last.late < TimeWindow::UNBOUNDED_LATE) {
        let relaxation = Relaxation::SiteHours { site, until: 0 };
        changes.push(Change { relaxation, maximum: headroom(last.late), scale: length(*last), late: last.late });
    }
    for (dimension, &capacity) in own.daily_capacity.iter().enumerate() {
        let relaxation = Relaxation::SiteCapacity { site, dimension, by: 0 };
        changes.push(Change { relaxation, maximum: headroom(capacity), scale: capacity, late: 0 });
    }
}
