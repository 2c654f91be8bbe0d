//! What is known of a route up to an element.

use crate::search::general::layout::{Layout, Vehicle};
use crate::search::general::route::rests::stand;
use crate::units::{Cost, Duration, Time};

/// A route up to and with an element, driven from its earliest start. Amounts are in a row of resources beside it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State {
    /// Where the vehicle is; during a pause en route, where it was before.
    pub(crate) point: u32,
    /// How many stops have been served.
    pub(crate) stops: u32,
    /// How many trips have begun.
    pub(crate) trips: u32,
    /// Disposal visits after which something was served on the same trip, and those since the last service.
    pub(crate) loads: u32,
    pub(crate) emptied: u32,
    /// Shipments on board.
    pub(crate) on_board: u32,
    /// How many stops the trip has served.
    pub(crate) trip_stops: u32,
    /// Whether the trip has served a backhaul.
    pub(crate) backhaul: bool,
    /// Whether the vehicle has stood anywhere but on a break.
    pub(crate) has_stood: bool,
    pub(crate) arrival: Time,
    pub(crate) begin: Time,
    pub(crate) leave: Time,
    /// What is left of the drive that a pause interrupts; negative: nothing.
    pub(crate) left: i64,
    /// The latest begin that is as good as this one.
    pub(crate) limit: Time,
    /// Time waited so far, and how much later the route could start before anything passes its limit.
    pub(crate) waited: Duration,
    pub(crate) slack: Duration,
    pub(crate) distance: i64,
    pub(crate) driving: Duration,
    pub(crate) work: Duration,
    /// Time of pauses that are not paid.
    pub(crate) unpaid: Duration,
    /// Cost of soft windows, and of disposal.
    pub(crate) soft: Cost,
    pub(crate) fees: Cost,
    /// What the stops cost because of the vehicle's type.
    pub(crate) assignment: Cost,
    /// Breaks that were taken.
    pub(crate) breaks: u64,
    /// Driver rules of which the first part of a split rest was taken.
    pub(crate) split_rest_taken: u64,
}

impl Layout<'_> {
    /// The state at a route's start, whose first trip is released at `release`, once `delay` has passed since the earliest
    /// start.
    pub(crate) fn root(&self, vehicle: &Vehicle, release: Time, delay: Duration, resources: &mut [i64]) -> State {
        resources.fill(0);
        let begin = vehicle.start_early.max(release) + delay;
        let mut state = State {
            point: vehicle.start_point,
            stops: 0,
            trips: 1,
            loads: 0,
            emptied: 0,
            on_board: 0,
            trip_stops: 0,
            backhaul: false,
            has_stood: vehicle.has_start,
            arrival: begin,
            begin,
            leave: begin + vehicle.loading,
            left: -1,
            limit: vehicle.start_late,
            waited: 0,
            slack: (vehicle.start_late - begin).max(0),
            distance: 0,
            driving: 0,
            work: vehicle.loading,
            unpaid: 0,
            soft: 0,
            fees: 0,
            assignment: 0,
            breaks: 0,
            split_rest_taken: 0,
        };
        if !vehicle.rules.is_empty() {
            stand(vehicle, &mut state, &mut resources[self.resource_effort()..], vehicle.loading, false);
        }
        state
    }
}
