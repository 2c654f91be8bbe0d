//! The most promising complete routes are evaluated exactly, and the best of them is the result.

use crate::search::data::NONE;
use crate::search::general::halts::label::Label;
use crate::search::general::halts::{Halts, Request};
use crate::search::general::layout::{Element, Layout};
use crate::search::general::route::Route;
use crate::units::Cost;

impl Halts {
    /// Evaluates the most promising complete routes exactly.
    pub(super) fn finish(&mut self, layout: &Layout<'_>, request: Request<'_>, out: &mut Route) -> bool {
        let vehicle = &layout.vehicles[request.vehicle_type];
        let earliest = self.start;
        let price = |label: &Label| {
            let state = &label.state;
            let delay = state.slack.min(state.waited).max(0);
            let paid = state.leave - earliest - delay - state.unpaid;
            vehicle.cost_per_distance * state.distance
                + vehicle.paid_cost(paid)
                + state.fees
                + state.assignment
                + state.soft
                + vehicle.cost_per_waiting * (state.waited - delay)
        };
        let mut ends = std::mem::take(&mut self.frontier);
        ends.sort_by_cached_key(|&id| {
            let label = &self.labels[id as usize];
            let end = if layout.end_first { label.state.leave } else { 0 };
            (end, price(label), label.state.leave)
        });
        let mut limit = request.limit;
        let mut found = false;
        for &id in ends.iter().take(request.thoroughness.finals) {
            self.trace(request, id);
            if found && layout.end_first && !self.ends_earlier(layout, out) {
                continue;
            }
            if self.evaluate(layout, limit, out) {
                limit = if layout.end_first { request.limit } else { out.cost };
                found = true;
                if !request.thoroughness.thorough {
                    break;
                }
            }
        }
        self.frontier = ends;
        found
    }

    /// Writes the partial route of a label into the trial.
    pub(super) fn trace(&mut self, request: Request<'_>, id: u32) {
        self.chain.clear();
        let mut at = id;
        while at != NONE {
            self.chain.push(at);
            at = self.labels[at as usize].parent;
        }
        let mut trial = std::mem::take(&mut self.trial.elements);
        trial.clear();
        for &id in self.chain.iter().rev() {
            let (from, to) = self.labels[id as usize].steps;
            trial.extend_from_slice(&self.steps[from as usize..to as usize]);
        }
        self.compose(request, &trial);
    }

    /// Whether the trial ends before another route.
    fn ends_earlier(&mut self, layout: &Layout<'_>, other: &Route) -> bool {
        layout.evaluate(&mut self.trial, 0, true) && (self.trial.end, self.trial.cost) < (other.end, other.cost)
    }

    /// Writes the request's fixed part and the given rest into the trial; without a rest, the bare stops.
    pub(super) fn compose(&mut self, request: Request<'_>, rest: &[Element]) {
        let mut elements = Vec::with_capacity(request.prefix.len() + request.order.len() + 8);
        elements.extend_from_slice(request.prefix);
        if rest.is_empty() {
            elements.extend(request.order.iter().map(|&u| Element::stop(u)));
            elements.push(Element::END);
        } else {
            elements.extend_from_slice(rest);
        }
        self.trial.vehicle_type = request.vehicle_type;
        self.trial.fixed = request.fixed;
        (self.trial.not_before, self.trial.is_lenient) = (request.not_before, request.is_lenient);
        self.trial.fixed_delay = None;
        self.trial.states.clear();
        self.trial.elements = elements;
    }

    pub(super) fn evaluate(&mut self, layout: &Layout<'_>, limit: Cost, out: &mut Route) -> bool {
        let kept = layout.evaluate(&mut self.trial, 0, true) && self.trial.cost < limit;
        if kept {
            std::mem::swap(&mut self.trial, out);
        }
        kept
    }
}
