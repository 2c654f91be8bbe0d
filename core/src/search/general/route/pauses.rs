//! Breaks and rests that are taken during the drive between two places.

use crate::search::general::layout::{Element, Layout, Role, Vehicle};
use crate::search::general::route::Route;

impl Layout<'_> {
    /// Whether an element is a pause en route.
    #[inline]
    pub(crate) fn is_en_route(vehicle: &Vehicle, element: Element) -> bool {
        match element.role() {
            Role::Break(b) => vehicle.breaks[b].point.is_none(),
            Role::Rest(_) => true,
            _ => false,
        }
    }

    /// The position of the last element up to `position` that is no pause en route.
    #[inline]
    pub(crate) fn located_before(vehicle: &Vehicle, elements: &[Element], mut position: usize) -> usize {
        while position > 0 && Layout::is_en_route(vehicle, elements[position]) {
            position -= 1;
        }
        position
    }

    /// The position of the first element from `position` on that is no pause en route.
    #[inline]
    pub(crate) fn located_after(vehicle: &Vehicle, elements: &[Element], mut position: usize) -> usize {
        while position + 1 < elements.len() && Layout::is_en_route(vehicle, elements[position]) {
            position += 1;
        }
        position
    }

    /// Where the vehicle drives during the pause at a position; of all else, nothing of interest.
    #[inline]
    pub(super) fn next_point(&self, vehicle: &Vehicle, elements: &[Element], position: usize) -> u32 {
        if !Layout::is_en_route(vehicle, elements[position]) {
            return 0;
        }
        let next = Layout::located_after(vehicle, elements, position);
        self.point(vehicle, elements[next]).unwrap_or(vehicle.end_point)
    }

    /// Whether a break stands where the vehicle neither comes from anywhere nor goes anywhere.
    pub(super) fn ends_with_pause(vehicle: &Vehicle, elements: &[Element]) -> bool {
        let n = elements.len();
        n > 2 && !vehicle.has_end && matches!(elements[n - 2].role(), Role::Break(_) | Role::Rest(_))
    }

    /// Whether a route that is driven to its end passes a break that is due.
    pub(crate) fn misses_break(&self, route: &Route) -> bool {
        let vehicle = &self.vehicles[route.vehicle_type];
        if vehicle.breaks.is_empty() || route.states.len() < route.elements.len() {
            return false;
        }
        let last = route.last();
        let start = route.earliest() + last.slack.min(last.waited).max(0);
        vehicle.breaks.iter().enumerate().any(|(b, pause)| pause.is_due(last.breaks >> b & 1 == 1, start, last.leave))
    }
}
