//! Constant-time necessary tests for moves on routes of nothing but stops and reloads: loads and times at the joints.

use crate::search::general::layout::{Element, Layout};
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;

/// Whether the head of one route and the tail of another may be joined: a necessary test of loads and times at the joint.
pub(crate) fn joins(solution: &Solution<'_>, (a, p): (usize, usize), (b, q): (usize, usize)) -> bool {
    let layout = solution.layout;
    let (one, other) = (&solution.routes[a], &solution.routes[b]);
    let (vehicle, theirs) = (&layout.vehicles[one.kind], &layout.vehicles[other.kind]);
    if !vehicle.lean || !theirs.lean {
        return true;
    }
    let state = &one.states[p];
    if layout.timed && one.kind == other.kind {
        let arrival = state.leave + layout.duration(vehicle, state.point, other.gaps[q].to);
        if arrival > other.suffixes[q + 1].latest {
            return false;
        }
    }
    let (head, tail) = (&one.lanes[p * layout.lanes()..], &other.lanes[q * layout.lanes()..]);
    let room = &other.rooms[q * layout.rooms()..];
    (0..layout.dims).all(|d| {
        let (delivered, net) = (Layout::DELIVERED + d, layout.lane_net() + d);
        let ahead = room[layout.room_delivered() + d];
        // By how much the load rises at most behind the joint.
        let rise = theirs.capacity[d] - (tail[delivered] + ahead) - room[d] - tail[net];
        let all = head[delivered] + ahead;
        all + head[layout.lane_peak() + d] <= vehicle.capacity[d] && all + head[net] + rise <= vehicle.capacity[d]
    })
}

/// Whether a gap may take a segment of another route: a necessary test.
pub(crate) fn takes(
    solution: &Solution<'_>,
    (a, first, last): (usize, usize, usize),
    (b, after): (usize, usize),
    reversed: bool,
) -> bool {
    let layout = solution.layout;
    let (one, other) = (&solution.routes[a], &solution.routes[b]);
    let vehicle = &layout.vehicles[other.kind];
    if !vehicle.lean {
        return true;
    }
    let (own, room) = (&other.lanes[after * layout.lanes()..], &other.rooms[after * layout.rooms()..]);
    let piece = &one.elements[first..=last];
    let fits = (0..layout.dims).all(|d| {
        let sum =
            |amounts: &[i64]| piece.iter().filter_map(|e| e.node()).map(|u| amounts[u * layout.dims + d]).sum::<i64>();
        let all = own[Layout::DELIVERED + d] + room[layout.room_delivered() + d] + sum(&layout.delivery);
        sum(&layout.waste) <= room[d] && all + own[layout.lane_peak() + d] <= vehicle.capacity[d]
    });
    if !fits || !layout.timed {
        return fits;
    }
    let state = &other.states[after];
    let (mut clock, mut at) = (state.leave, state.point);
    let mut serve = |e: &Element| {
        let Some(u) = e.node() else { return false };
        clock += layout.duration(vehicle, at, u as u32);
        at = u as u32;
        let Some((begin, ..)) = layout.serves(&layout.stops[u], clock) else { return false };
        clock = begin + layout.service(vehicle, u);
        true
    };
    let served = if reversed { piece.iter().rev().all(&mut serve) } else { piece.iter().all(&mut serve) };
    served && clock + layout.duration(vehicle, at, other.gaps[after].to) <= other.suffixes[after + 1].latest
}

/// Whether a route may carry `v` in place of `u`: a necessary test of loads.
pub(crate) fn exchanges(solution: &Solution<'_>, (route, at): (&Route, usize), u: u32, v: u32) -> bool {
    let layout = solution.layout;
    let vehicle = &layout.vehicles[route.kind];
    let (own, room) = (&route.lanes[(at - 1) * layout.lanes()..], &route.rooms[at * layout.rooms()..]);
    let (u, v) = (u as usize * layout.dims, v as usize * layout.dims);
    (0..layout.dims).all(|d| {
        let (waste, delivery) =
            (layout.waste[v + d] - layout.waste[u + d], layout.delivery[v + d] - layout.delivery[u + d]);
        let all = own[Layout::DELIVERED + d] + layout.delivery[u + d] + room[layout.room_delivered() + d];
        waste <= room[d] && all + delivery + own[layout.lane_peak() + d] <= vehicle.capacity[d]
    })
}
