//! A record of the gaps before and behind each stop, for cheap tests: half a cache line.

use crate::search::data::NONE;
use crate::search::general::layout::Layout;
use crate::search::general::limits::UNLIMITED;
use crate::search::general::solution::Solution;
use crate::units::Time;

/// The gaps before and behind a stop: what cheap tests of an insertion there need. Half a cache line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AdjacentGaps {
    pub(crate) route: u32,
    pub(crate) position: u32,
    /// The points that the vehicle comes from and drives to, over any pauses.
    pub(crate) from: u32,
    pub(crate) to: u32,
    /// The arcs from there and to there.
    pub(crate) before: i32,
    pub(crate) behind: i32,
    /// The most that may be picked up and delivered behind the stop, where there is one load dimension.
    pub(crate) waste_room: i32,
    pub(crate) delivery_room: i32,
}

/// When a vehicle is done before the gaps beside a stop, and must be behind them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AdjacentTimes {
    /// When it leaves what comes before the stop, and the stop itself, at the earliest.
    pub(crate) left_before: Time,
    pub(crate) left: Time,
    /// When it must arrive at the stop, and at what comes behind it, at the latest.
    pub(crate) latest: Time,
    pub(crate) latest_behind: Time,
}

pub(super) const NO_GAPS: AdjacentGaps = AdjacentGaps {
    route: NONE,
    position: 0,
    from: 0,
    to: 0,
    before: 0,
    behind: 0,
    waste_room: i32::MAX,
    delivery_room: i32::MAX,
};

impl Solution<'_> {
    /// Records the gaps beside each stop of a route.
    pub(super) fn record_adjacent_gaps(&mut self, route: usize) {
        let layout = self.layout;
        let own = &self.routes[route];
        let bounded = |x: i64| x.clamp(i64::from(i32::MIN / 4), i64::from(i32::MAX)) as i32;
        let arc = |p: usize| if own.gaps[p].closed { i32::MIN / 4 } else { bounded(own.gaps[p].arc) };
        let one_load = layout.dims == 1 && layout.waste_classes == 0;
        let capacity = layout.vehicles[own.vehicle_type].capacity.first().copied().unwrap_or(UNLIMITED);
        let (residuals, resources) = (layout.residuals(), layout.resources());
        for p in 1..own.elements.len().max(1) - 1 {
            let Some(u) = own.elements[p].node() else { continue };
            let (mut waste_room, mut delivery_room) = (i32::MAX, i32::MAX);
            if one_load {
                let delivered = own.resources[p * resources + Layout::DELIVERED]
                    + own.residuals[p * residuals + layout.residual_delivered()];
                waste_room = bounded(own.residuals[p * residuals]);
                delivery_room = bounded(capacity - delivered - own.resources[p * resources + layout.resource_peak()]);
            }
            self.adjacent_gaps[u] = AdjacentGaps {
                route: route as u32,
                position: p as u32,
                from: own.gaps[p - 1].from,
                to: own.gaps[p].to,
                before: arc(p - 1),
                behind: arc(p),
                waste_room,
                delivery_room,
            };
            if layout.screens_times {
                self.adjacent_times[u] = AdjacentTimes {
                    left_before: own.states[p - 1].leave,
                    left: own.states[p].leave,
                    latest: own.suffixes[p].latest,
                    latest_behind: own.suffixes[p + 1].latest,
                };
            }
        }
    }
}
