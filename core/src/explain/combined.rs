//! Several changes at once: which rules leave no room together, and which changes are not worth trying alone.

use std::collections::HashMap;

use super::insertion::Insertion;
use super::joint_service::JointService;
use super::minimum_change::{Change, Search, changes};
use super::relaxation::Relaxation;
use super::{Reason, TypeReason};
use crate::ids::VehicleTypeId;
use crate::model::Problem;
use crate::plan::Violation;

/// With fewer changes than this, each is tried.
const FEW: usize = 6;

/// What is known of each route of a vehicle type that was examined.
#[derive(Default)]
pub(super) struct Screening(HashMap<(VehicleTypeId, usize), Examined>);

/// A route from which all rules were lifted.
struct Examined {
    /// By change: whether it may make room.
    may: Vec<bool>,
    /// The insertion that was found, and what it violates.
    found: Option<(Insertion, Vec<Violation>)>,
}

impl Screening {
    /// Whether a change, by its index, may make room on a route; `None`: on that of an unused vehicle.
    pub(super) fn may_help(&self, change: usize, (t, route): (VehicleTypeId, Option<usize>)) -> bool {
        let examined = route.and_then(|route| self.0.get(&(t, route)));
        examined.is_none_or(|examined| examined.may[change])
    }

    /// The insertion that was found on a route without its rules, and the amount of a change that it takes, where it violates
    /// nothing else.
    pub(super) fn enough(&self, change: &Relaxation, t: VehicleTypeId, route: usize) -> Option<(i64, &Insertion)> {
        let (found, violated) = self.0.get(&(t, route))?.found.as_ref()?;
        let excess = violated.iter().map(|violation| change.excess(violation)).collect::<Option<Vec<i64>>>()?;
        Some((excess.into_iter().max()?, found))
    }
}

impl Search<'_> {
    /// Examines every route without the rules that changes lift. Where that leaves no room either, no change helps; where room
    /// is left only if one rule is lifted, no change of another rule does.
    pub(super) fn screen(&self, work: &mut Problem, changes: &[Change]) -> Screening {
        let mut screening = Screening::default();
        let is_crowded =
            |own: &&TypeReason| matches!(own.reason, Reason::NoRoom | Reason::NotFound(_) | Reason::Tied(_));
        for t in self.reasons.iter().filter(is_crowded).map(|own| own.vehicle_type) {
            let own: Vec<&Change> = changes.iter().filter(|change| change.concerns(t)).collect();
            if own.len() < FEW {
                continue;
            }
            self.lift(work, &own);
            let joint = JointService::new(work, self.finder.base.relation_index, self.job);
            let routes = if joint.leaders.len() > 1 { Vec::new() } else { self.finder.ordered(work, t, &joint) };
            self.restore(work, &own);
            for route in routes.into_iter().flatten() {
                if self.finder.deadline.is_reached() {
                    return screening;
                }
                let examined = self.examine(work, changes, &own, (t, route));
                screening.0.insert((t, route), examined);
            }
        }
        screening
    }

    /// Which changes may make room on a route.
    fn examine(
        &self,
        work: &mut Problem,
        changes: &[Change],
        own: &[&Change],
        (t, route): (VehicleTypeId, usize),
    ) -> Examined {
        let mut on = |lifted: &[&Change]| {
            self.lift(work, lifted);
            let joint = JointService::new(work, self.finder.base.relation_index, self.job);
            let found = self.finder.on(work, t, Some(route), &joint);
            self.restore(work, lifted);
            found
        };
        let Some(found) = on(own) else { return Examined { may: vec![false; changes.len()], found: None } };
        let joint = JointService::new(self.problem, self.finder.base.relation_index, self.job);
        let mut may = vec![true; changes.len()];
        let violated = self.finder.violated(self.problem, t, &found, &joint);
        let base = self.finder.base;
        let is_sure = |change: &&Change| base.surely_exceeds(self.problem, t, &change.relaxation, route, &joint);
        let lifts = |change: &Change, violation: &Violation| change.relaxation.excess(violation).is_some();
        let without = |violation: &Violation| -> Vec<&Change> {
            own.iter().copied().filter(|&change| !lifts(change, violation)).collect()
        };
        let mut lifted: Vec<&Violation> = violated.iter().filter(|v| without(v).len() < own.len()).collect();
        let needed = |violation: &&Violation| own.iter().filter(|change| lifts(change, violation)).any(is_sure);
        let mut necessary: Vec<&Violation> = lifted.iter().copied().filter(needed).collect();
        // One that is known to be necessary leaves few changes, each of which is tried as quickly as this.
        lifted.retain(|_| necessary.is_empty());
        necessary.extend(lifted.into_iter().find(|violation| on(&without(violation)).is_none()));
        for violation in necessary {
            changes.iter().zip(&mut may).for_each(|(change, may)| *may &= lifts(change, violation));
        }
        let is_violated = |change: &Change| violated.iter().any(|violation| lifts(change, violation));
        let open = |&(c, change): &(usize, &Change)| may[c] && change.concerns(t) && !is_violated(change);
        let open: Vec<(usize, &Change)> = changes.iter().enumerate().filter(open).collect();
        rule_out(&mut |lifted| self.finder.deadline.is_reached() || on(lifted).is_some(), &open, &mut may);
        Examined { may, found: Some((found, violated)) }
    }

    /// A smallest set of rules that leave no room on a vehicle type together: with all of them changed an insertion is found,
    /// with all but one of them none. `None`: not even that helps, or the time limit was reached.
    pub(super) fn together(&self, work: &mut Problem, t: VehicleTypeId) -> Option<Vec<&'static str>> {
        let mut changes = changes(self.problem, self.finder.base.relation_index, self.job);
        changes.retain(|change| change.concerns(t));
        let all: Vec<&Change> = changes.iter().collect();
        let found = self.with_all(work, &all, t, None)?;
        let joint = JointService::new(self.problem, self.finder.base.relation_index, self.job);
        let violated = self.finder.violated(self.problem, t, &found, &joint);
        let breaks = |change: &&Change| {
            matches!(change.relaxation, Relaxation::Relation { .. } | Relaxation::Break { .. })
                || matches!(change.relaxation, Relaxation::Zones { .. } | Relaxation::DriverRule { .. })
                || violated.iter().any(|violation| change.relaxation.excess(violation).is_some())
        };
        let mut needed: Vec<&Change> = all.iter().copied().filter(breaks).collect();
        // Where there was room with more changes, there is likely to be some with fewer.
        let mut likely = found.route;
        match self.with_all(work, &needed, t, likely) {
            Some(found) => likely = found.route,
            None => needed = all,
        }
        let mut at = 0;
        while at < needed.len() {
            let left_out = needed.remove(at);
            if let Some(found) = self.with_all(work, &needed, t, likely) {
                likely = found.route;
            } else {
                needed.insert(at, left_out);
                at += 1;
            }
        }
        let mut rules: Vec<&'static str> = needed.iter().map(|change| change.relaxation.rule()).collect();
        rules.dedup();
        (!rules.is_empty() && !self.finder.deadline.is_reached()).then_some(rules)
    }

    /// An insertion with several changes at once, tried first on the route that is likely to have room.
    fn with_all(
        &self,
        work: &mut Problem,
        changes: &[&Change],
        t: VehicleTypeId,
        likely: Option<usize>,
    ) -> Option<Insertion> {
        self.lift(work, changes);
        let joint = JointService::new(work, self.finder.base.relation_index, self.job);
        let found = self.finder.any(work, t, &joint, likely);
        self.restore(work, changes);
        found
    }

    /// Makes changes, each as large as is worth trying.
    fn lift(&self, work: &mut Problem, changes: &[&Change]) {
        for change in changes {
            change.relaxation.by(change.maximum, change.late).change_problem(work, self.job);
        }
    }

    fn restore(&self, work: &mut Problem, changes: &[&Change]) {
        for change in changes {
            change.relaxation.undo(work, self.problem, self.job);
        }
    }
}

/// Rules out changes that make no room together, and so none alone: groups are halved until they do not.
fn rule_out(makes_room: &mut dyn FnMut(&[&Change]) -> bool, group: &[(usize, &Change)], may: &mut [bool]) {
    // Two are tried as quickly one by one.
    if group.len() < 3 {
        return;
    }
    let lifted: Vec<&Change> = group.iter().map(|&(_, change)| change).collect();
    if makes_room(&lifted) {
        let (first, second) = group.split_at(group.len() / 2);
        rule_out(makes_room, first, may);
        rule_out(makes_room, second, may);
    } else {
        for &(c, _) in group {
            may[c] = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_room_is_ruled_out_in_groups() {
        let change = |maximum| Change::of_vehicle(VehicleTypeId::new(0), maximum);
        let changes: Vec<Change> = (0..14).map(change).collect();
        let group: Vec<(usize, &Change)> = changes.iter().enumerate().collect();
        for first in 0..14 {
            for second in first..14 {
                let (mut may, mut tried) = (vec![true; 14], 0);
                let mut makes_room = |lifted: &[&Change]| {
                    tried += 1;
                    lifted.iter().any(|change| [first, second].contains(&(change.maximum as usize)))
                };
                rule_out(&mut makes_room, &group, &mut may);
                assert!(may[first] && may[second], "{first} {second}");
                let left = may.iter().filter(|&&may| may).count();
                assert!(left <= 8 && tried + left <= 15, "{first} {second}: {tried} tried, {left} left");
            }
        }
        let mut may = vec![true; 14];
        rule_out(&mut |_| false, &group, &mut may);
        assert_eq!(may, [false; 14]);
    }
}
