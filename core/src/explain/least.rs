//! The least changes that make room: each is tried, and only what leads to a plan that the judge accepts is told.

use super::party::{Party, Ties};
use super::relaxation::Relaxation;
use super::room::{Found, Room};
use super::{Job, Reason, TypeReason};
use crate::ids::{ClientId, DepotId, DisposalSiteId, VehicleTypeId};
use crate::model::{Problem, TimeWindow};
use crate::units::MAX_VALUE;

/// After so many smaller and smaller amounts that help, the next ones halve what is left.
const STEPS: usize = 6;

/// The time is up.
pub(super) struct Over;

/// A kind of change whose amount is to be found.
struct Change {
    /// The change by any amount.
    relaxation: Relaxation,
    /// The largest amount worth asking for; 1 where there is only one.
    most: i64,
    /// What is changed, to compare amounts by.
    scale: i64,
    /// When what it opens closes now.
    late: i64,
}

/// Searches the changes for one job.
pub(super) struct Search<'a> {
    pub(super) problem: &'a Problem,
    pub(super) room: &'a Room<'a>,
    pub(super) job: Job,
    pub(super) reasons: &'a [TypeReason],
}

impl Search<'_> {
    /// All single changes that make room, the smallest first, into `found`. Where the time is up, some of them.
    pub(super) fn run(&self, work: &mut Problem, found: &mut Vec<Relaxation>) -> Result<(), Over> {
        let mut keyed: Vec<(f64, Relaxation)> = Vec::new();
        let mut outcome = Ok(());
        for change in changes(self.problem, self.room.base.ties, self.job) {
            let types = self.types(&change.relaxation);
            if change.most < 1 || types.is_empty() {
                continue;
            }
            let least = self.least(work, &change, &types);
            change.relaxation.undo(work, self.problem, self.job);
            match least {
                Ok(Some(by)) => {
                    let size = by as f64 / change.scale.max(1) as f64;
                    keyed.push((size, change.relaxation.by(by, change.late)));
                }
                Ok(None) => {}
                Err(over) => {
                    outcome = Err(over);
                    break;
                }
            }
        }
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.extend(keyed.into_iter().map(|(_, relaxation)| relaxation));
        outcome
    }

    /// The vehicle types that the change may help: what is in their way must be what it changes. Partners may be served by
    /// another type than the one that changes.
    fn types(&self, change: &Relaxation) -> Vec<VehicleTypeId> {
        let has_partners = Party::new(self.problem, self.room.base.ties, self.job).leaders.len() > 1;
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

    /// The least amount of a change that helps, if any does.
    fn least(&self, work: &mut Problem, change: &Change, types: &[VehicleTypeId]) -> Result<Option<i64>, Over> {
        self.set(work, change, change.most);
        let party = Party::new(work, self.room.base.ties, self.job);
        let mut candidates = Vec::new();
        for &t in types {
            let routes = if party.leaders.len() > 1 { vec![None] } else { self.room.ordered(work, t, &party) };
            let least = |route| self.room.base.asked_at_least(self.problem, t, &change.relaxation, route, &party);
            candidates.extend(routes.into_iter().filter_map(|route| Some((least(route)?, t, route))));
        }
        candidates.sort_by_key(|candidate| candidate.0);
        let mut best = None;
        for (at_least, t, route) in candidates {
            let limit = best.map_or(change.most, |best: i64| best - 1);
            if at_least > limit || limit < 1 {
                continue;
            }
            if let Some(found) = self.tried(work, change, limit, (t, route), &party)? {
                best = Some(self.descend(work, change, (limit, found), (t, route), &party)?);
            }
        }
        Ok(best)
    }

    /// From an amount that helps on a route to the least one: by what the plan that was found asks for, then by what is just below
    /// that, until that fails.
    fn descend(
        &self,
        work: &mut Problem,
        change: &Change,
        (mut high, mut found): (i64, Found),
        at: (VehicleTypeId, Option<usize>),
        party: &Party,
    ) -> Result<i64, Over> {
        let (mut low, mut steps) = (0, 0);
        while high > low + 1 {
            let broken = self.room.broken(self.problem, at.0, &found, party);
            let asked = broken.iter().filter_map(|violation| change.relaxation.asked(violation)).max();
            if let Some(asked) = asked.filter(|asked| (low + 1..high).contains(asked)) {
                self.set(work, change, asked);
                if self.room.holds(work, at.0, &found, party) {
                    high = asked;
                }
            }
            if high <= low + 1 {
                break;
            }
            steps += 1;
            let next = if steps > STEPS { low + (high - low) / 2 } else { high - 1 };
            match self.tried(work, change, next, at, party)? {
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
        party: &Party,
    ) -> Result<Option<Found>, Over> {
        if self.room.watch.is_over() {
            return Err(Over);
        }
        self.set(work, change, amount);
        Ok(if party.leaders.len() > 1 {
            self.room.cheapest(work, t, party)
        } else {
            self.room.on(work, t, route, party)
        })
    }
}

fn changes(problem: &Problem, ties: &Ties, job: Job) -> Vec<Change> {
    let mut changes = Vec::new();
    for t in 0..problem.vehicle_types().len() {
        of_vehicle_type(problem, ties, VehicleTypeId::new(t), job, &mut changes);
    }
    for s in 0..problem.disposal_sites().len() {
        of_site(problem, DisposalSiteId::new(s), &mut changes);
    }
    for (d, depot) in problem.depots().iter().enumerate() {
        let late = depot.time_window.late;
        if late < TimeWindow::UNBOUNDED_LATE {
            let relaxation = Relaxation::DepotHours { depot: DepotId::new(d), by: 0 };
            changes.push(Change { relaxation, most: room(late), scale: length(depot.time_window), late });
        }
    }
    let party = Party::new(problem, ties, job);
    for client in party.clients() {
        let window = problem.client(client).windows().last().unwrap_or(TimeWindow::ALWAYS);
        if window.late < TimeWindow::UNBOUNDED_LATE {
            let relaxation = Relaxation::Window { client, by: 0 };
            changes.push(Change { relaxation, most: room(window.late), scale: length(window), late: window.late });
        }
    }
    changes.extend(party.relations.iter().map(|&relation| single(Relaxation::Relation { relation })));
    changes
}

/// A change that has no amount.
const fn single(relaxation: Relaxation) -> Change {
    Change { relaxation, most: 1, scale: 1, late: 0 }
}

/// How much later a time may become, or higher a limit.
fn room(late: i64) -> i64 {
    (MAX_VALUE - 1 - late).clamp(0, 1 << 22)
}

fn length(window: TimeWindow) -> i64 {
    (window.late - window.early).max(1)
}

fn of_vehicle_type(problem: &Problem, ties: &Ties, vehicle_type: VehicleTypeId, job: Job, changes: &mut Vec<Change>) {
    /// More stops or trips than this are no single change.
    const MORE: i64 = 16;
    let v = problem.vehicle_type(vehicle_type);
    // A vehicle that has begun its day is one of a kind.
    if v.executed.is_empty() {
        let scale = v.count.max(1) as i64;
        changes.push(Change { scale, ..single(Relaxation::Vehicle { vehicle_type }) });
    }
    let mut add = |relaxation, limit: i64, most, scale| changes.push(Change { relaxation, most, scale, late: limit });
    if v.shift.late < TimeWindow::UNBOUNDED_LATE {
        add(Relaxation::Shift { vehicle_type, by: 0 }, v.shift.late, room(v.shift.late), length(v.shift));
    }
    let limits = [
        (v.max_duration, Relaxation::MaxDuration { vehicle_type, by: 0 }),
        (v.max_driving, Relaxation::MaxDriving { vehicle_type, by: 0 }),
        (v.max_work, Relaxation::MaxWork { vehicle_type, by: 0 }),
        (v.max_distance, Relaxation::MaxDistance { vehicle_type, by: 0 }),
    ];
    for (limit, relaxation) in limits {
        if let Some(limit) = limit {
            add(relaxation, limit, room(limit), limit);
        }
    }
    for (dimension, &capacity) in v.capacity.iter().enumerate() {
        add(Relaxation::Capacity { vehicle_type, dimension, by: 0 }, capacity, room(capacity), capacity);
    }
    for (dimension, &limit) in v.max_route_load.iter().enumerate() {
        add(Relaxation::RouteLoad { vehicle_type, dimension, by: 0 }, limit, room(limit), limit);
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
    let rules = 0..v.driver_rules.len();
    changes.extend(rules.map(|rule| single(Relaxation::DriverRule { vehicle_type, rule })));
    of_permissions(problem, ties, vehicle_type, job, changes);
}

/// Skills, and who may serve whom.
fn of_permissions(problem: &Problem, ties: &Ties, vehicle_type: VehicleTypeId, job: Job, changes: &mut Vec<Change>) {
    let Job::Client(client) = job else { return };
    let own = &problem.vehicle_type(vehicle_type).skills;
    let clients: Vec<ClientId> = Party::of_one_trip(problem, ties, job).clients().collect();
    let mut missing: Vec<&String> = clients.iter().flat_map(|&client| &problem.client(client).skills).collect();
    missing.retain(|skill| !own.contains(skill));
    missing.sort_unstable();
    missing.dedup();
    if let [skill] = missing[..] {
        changes.push(single(Relaxation::Skill { vehicle_type, skill: skill.clone() }));
    }
    if !super::part::is_listed(problem, vehicle_type, client) {
        changes.push(single(Relaxation::Allow { vehicle_type }));
    }
}

fn of_site(problem: &Problem, site: DisposalSiteId, changes: &mut Vec<Change>) {
    let own = problem.disposal_site(site);
    if let Some(last) = own.hours.last().filter(|last| last.late < TimeWindow::UNBOUNDED_LATE) {
        let relaxation = Relaxation::SiteHours { site, until: 0 };
        changes.push(Change { relaxation, most: room(last.late), scale: length(*last), late: last.late });
    }
    for (dimension, &capacity) in own.daily_capacity.iter().enumerate() {
        let relaxation = Relaxation::SiteCapacity { site, dimension, by: 0 };
        changes.push(Change { relaxation, most: room(capacity), scale: capacity, late: 0 });
    }
}
