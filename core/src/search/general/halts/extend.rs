//! A label is extended to an element, over the pauses on its leg.

use crate::search::general::halts::label::Label;
use crate::search::general::halts::pauses::{EnRoute, break_due, paid_length, rest_due};
use crate::search::general::halts::{Halts, Request};
use crate::search::general::layout::{Element, Layout};
use crate::search::general::route::State;
use crate::units::Time;

impl Halts {
    /// Extends a label to an element over pauses on the leg and the rests that come due. Offers the result where it is feasible
    /// and may be part of a good route; returns when the vehicle leaves.
    #[expect(clippy::too_many_arguments, reason = "a label, where it goes, and how")]
    pub(super) fn extend_over(
        &mut self,
        layout: &Layout<'_>,
        request: Request<'_>,
        position: usize,
        id: u32,
        en_route: EnRoute<'_>,
        target: Element,
        is_goal: bool,
    ) -> Option<Time> {
        /// Most rests in a row on one leg.
        const MOST_RESTS: usize = 10_000;
        let vehicle = &layout.vehicles[request.vehicle_type];
        let width = layout.resources();
        let (row, step) = (self.rows.len(), self.steps.len());
        self.rows.extend_from_within(id as usize * width..(id as usize + 1) * width);
        let mut state = self.labels[id as usize].state;
        let to = layout.point(vehicle, target).unwrap_or(vehicle.end_point);
        let mut paid = 0;
        let mut go = |this: &mut Self, state: &mut State, element: Element, towards: u32| {
            this.steps.push(element);
            paid += paid_length(layout, vehicle, element);
            layout.extend(vehicle, state, &mut this.rows[row..], element, towards, Time::MIN, false)
        };
        let (pauses, last, every_break) = match en_route {
            EnRoute::Pauses(pauses, last) => (pauses, last, false),
            EnRoute::EveryBreak => (&[][..], None, true),
        };
        let mut ok = pauses.iter().all(|&pause| go(self, &mut state, pause, to));
        let mut rests = 0;
        while ok && (every_break || !vehicle.rules.is_empty()) && rests < MOST_RESTS {
            let due = rest_due(layout, vehicle, &state, &self.rows[row..], target, to);
            let rest = due.and_then(|length| layout.rest(length));
            let pause = if every_break { break_due(layout, vehicle, &state, &self.rows[row..], to) } else { None };
            let Some(halt) = pause.or(rest) else { break };
            ok = go(self, &mut state, halt, to);
            rests += 1;
        }
        ok = ok && last.is_none_or(|rest| go(self, &mut state, rest, to));
        ok = ok && (target != Element::END || vehicle.has_end || self.steps.len() == step);
        ok = ok && go(self, &mut state, target, 0);
        let takes = ok && self.keeps_breaks(vehicle, &state) && self.site_takes(layout, request, id, target, row);
        let left = takes.then_some(state.leave);
        let mut kept = false;
        if takes {
            let label = &self.labels[id as usize];
            let old = &label.state;
            let cost = label.cost
                + vehicle.cost_per_distance * (state.distance - old.distance)
                + vehicle.cost_per_duration * (state.work - old.work + paid)
                + (state.fees - old.fees)
                + (state.assignment - old.assignment)
                + (state.soft - old.soft);
            let (to_go, too_late) = match (is_goal, target == Element::END) {
                (true, false) => {
                    let (emptying, visits) = self.emptying_bound(layout, vehicle, position, row);
                    (self.to_go[position] + emptying, self.is_too_late(vehicle, position, visits, &state))
                }
                // A halt before a stop is on the leg that ends there.
                (false, _) => (self.emptying_bound(layout, vehicle, position.saturating_sub(1), row).0, false),
                _ => (0, false),
            };
            if !too_late && cost + to_go < request.limit {
                let halts = if is_goal { 0 } else { label.halts + 1 };
                let rank = cost + to_go + vehicle.cost_per_duration.max(1) * state.leave / 4;
                let steps = (step as u32, self.steps.len() as u32);
                let new = Label { state, cost, rank, parent: id, steps, halts };
                kept = self.offer(vehicle, request.thoroughness, new, row, is_goal);
            }
        }
        if !kept {
            self.rows.truncate(row);
            self.steps.truncate(step);
        }
        left
    }
}
