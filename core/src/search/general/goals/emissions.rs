//! What a route emits.

use crate::search::general::layout::{Layout, Role};
use crate::search::general::route::Route;

/// Grams of CO₂ that an evaluated route emits.
pub(super) fn emitted(layout: &Layout<'_>, route: &Route) -> i64 {
    let Some(rates) = &layout.vehicles[route.vehicle_type].consumption else { return 0 };
    let (dims, width, n) = (layout.dims, layout.resources(), route.elements.len());
    if route.is_empty() || route.states.len() < n {
        return 0;
    }
    let row = |p: usize| &route.resources[p * width..(p + 1) * width];
    let mut energy: i128 = 0;
    // The last element of the trip to which an element belongs: what it has delivered by then was on board from the start.
    let mut last = 0;
    for p in 1..n {
        if last < p - 1 || p == 1 {
            let trip = route.states[p - 1].trips;
            last = (p - 1..n - 1).take_while(|&q| route.states[q].trips == trip).last().unwrap_or(p - 1);
        }
        let (before, state) = (&route.states[p - 1], &route.states[p]);
        let on_board = |d: usize| {
            if d < dims { row(last)[Layout::DELIVERED + d] + row(p - 1)[layout.resource_net() + d] } else { 0 }
        };
        energy = energy.saturating_add(rates.arc(state.distance - before.distance, on_board));
        if matches!(route.elements[p].role(), Role::Stop(_) | Role::Site(_)) {
            energy = energy.saturating_add(rates.stop(state.leave - state.begin));
        }
    }
    rates.emitted(energy)
}
