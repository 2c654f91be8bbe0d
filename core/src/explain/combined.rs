//! Several changes at once: which rules leave no room together, and which changes are not worth trying alone.

use std::collections::HashMap;

use super::insertion::Insertion;
use super::joint_service::JointService;
use super::minimum_change::{Change, Search, changes};
use super::relaxation::Relaxation;
use super::{Reason, TypeReason};
use crate::ids::VehicleTypeId;
use crate::model::Problem;

/// With fewer changes than this, each is tried.
const FEW: usize = 6;

/// Of each route of a vehicle type that was examined, which changes may make room on it.
#[derive(Default)]
pub(super) struct Screening(HashMap<(VehicleTypeId, usize), Vec<bool>>);

impl Screening {
    /// Whether a change, by its index, may make room on a route; `None`: on that of an unused vehicle.
    pub(super) fn may_help(&self, change: usize, (t, route): (VehicleTypeId, Option<usize>)) -> bool {
        let examined = route.and_then(|route| self.0.get(&(t, route)));
        examined.is_none_or(|may| may[change])
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
                let may = self.may_help(work, changes, &own, (t, route));
                screening.0.insert((t, route), may);
            }
        }
        screening
    }

    /// Which changes may make room on a route.
    fn may_help(
        &self,
        work: &mut Problem,
        changes: &[Change],
        own: &[&Change],
        (t, route): (VehicleTypeId, usize),
    ) -> Vec<bool> {
        let mut on = |lifted: &[&Change]| {
            self.lift(work, lifted);
            let joint = JointService::new(work, self.finder.base.relation_index, self.job);
            let found = self.finder.on(work, t, Some(route), &joint);
            self.restore(work, lifted);
            found
        };
        let Some(found) = on(own) else { return vec![false; changes.len()] };
        let joint = JointService::new(self.problem, self.finder.base.relation_index, self.job);
        let mut may = vec![true; changes.len()];
        for violation in self.finder.violated(self.problem, t, &found, &joint) {
            let lifts = |change: &Change| change.relaxation.excess(&violation).is_some();
            let others: Vec<&Change> = own.iter().copied().filter(|&change| !lifts(change)).collect();
            if others.len() < own.len() && may.contains(&true) && on(&others).is_none() {
                changes.iter().zip(&mut may).for_each(|(change, may)| *may &= lifts(change));
            }
        }
        may
    }

    /// A smallest set of rules that leave no room on a vehicle type together: with all of them changed an insertion is found,
    /// with all but one of them none. `None`: not even that helps, or the time limit was reached.
    pub(super) fn together(&self, work: &mut Problem, t: VehicleTypeId) -> Option<Vec<&'static str>> {
        let mut changes = changes(self.problem, self.finder.base.relation_index, self.job);
        changes.retain(|change| change.concerns(t));
        let all: Vec<&Change> = changes.iter().collect();
        let found = self.with_all(work, &all, t)?;
        let joint = JointService::new(self.problem, self.finder.base.relation_index, self.job);
        let violated = self.finder.violated(self.problem, t, &found, &joint);
        let breaks = |change: &&Change| {
            matches!(change.relaxation, Relaxation::Relation { .. } | Relaxation::Break { .. })
                || matches!(change.relaxation, Relaxation::Zones { .. } | Relaxation::DriverRule { .. })
                || violated.iter().any(|violation| change.relaxation.excess(violation).is_some())
        };
        let mut needed: Vec<&Change> = all.iter().copied().filter(breaks).collect();
        if self.with_all(work, &needed, t).is_none() {
            needed = all;
        }
        let mut at = 0;
        while at < needed.len() {
            let left_out = needed.remove(at);
            if self.with_all(work, &needed, t).is_none() {
                needed.insert(at, left_out);
                at += 1;
            }
        }
        let mut rules: Vec<&'static str> = needed.iter().map(|change| change.relaxation.rule()).collect();
        rules.dedup();
        (!rules.is_empty() && !self.finder.deadline.is_reached()).then_some(rules)
    }

    /// The cheapest insertion with several changes at once.
    fn with_all(&self, work: &mut Problem, changes: &[&Change], t: VehicleTypeId) -> Option<Insertion> {
        self.lift(work, changes);
        let joint = JointService::new(work, self.finder.base.relation_index, self.job);
        let found = self.finder.cheapest(work, t, &joint);
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
