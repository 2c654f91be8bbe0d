//! Constant-time necessary tests for moves on routes of nothing but stops and reloads: loads and times at the joints.

use crate::search::general::layout::{Element, Layout};
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;

/// Whether the head of one route and the tail of another may be joined: a necessary test of loads and times at the joint.
pub(crate) fn joins(solution: &Solution<'_>, (a, p): (usize, usize), (b, q): (usize, usize)) -> bool {
    let layout = solution.layout;
    let (one, other) = (&solution.routes[a], &solution.routes[b]);
    let (vehicle, theirs) = (&layout.vehicles[one.vehicle_type], &layout.vehicles[other.vehicle_type]);
    if !vehicle.lean || !theirs.lean {
        return true;
    }
    let state = &one.states[p];
    if layout.timed && one.vehicle_type == other.vehicle_type {
        let arrival = state.leave + layout.duration(vehicle, state.point, other.gaps[q].to);
        if arrival > other.suffixes[q + 1].latest {
            return false;
        }
    }
    let (head, tail) = (&one.resources[p * layout.resources()..], &other.resources[q * layout.resources()..]);
    let room = &other.residuals[q * layout.residuals()..];
    (0..layout.dims).all(|d| {
        let (delivered, net) = (Layout::DELIVERED + d, layout.resource_net() + d);
        let ahead = room[layout.residual_delivered() + d];
        // By how much the load rises at most behind the joint.
        let rise = theirs.capacity[d] - (tail[delivered] + ahead) - room[d] - tail[net];
        let all = head[delivered] + ahead;
        all + head[layout.resource_peak() + d] <= vehicle.capacity[d] && all + head[net] + rise <= vehicle.capacity[d]
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
    let vehicle = &layout.vehicles[other.vehicle_type];
    if !vehicle.lean {
        return true;
    }
    let (own, room) = (&other.resources[after * layout.resources()..], &other.residuals[after * layout.residuals()..]);
    let piece = &one.elements[first..=last];
    let fits = (0..layout.dims).all(|d| {
        let sum =
            |amounts: &[i64]| piece.iter().filter_map(|e| e.node()).map(|u| amounts[u * layout.dims + d]).sum::<i64>();
        let all = own[Layout::DELIVERED + d] + room[layout.residual_delivered() + d] + sum(&layout.delivery);
        sum(&layout.waste) <= room[d] && all + own[layout.resource_peak() + d] <= vehicle.capacity[d]
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
        let Some((begin, ..)) = layout.serves(vehicle, u, clock) else { return false };
        clock = begin + layout.service(vehicle, u);
        true
    };
    let served = if reversed { piece.iter().rev().all(&mut serve) } else { piece.iter().all(&mut serve) };
    served && clock + layout.duration(vehicle, at, other.gaps[after].to) <= other.suffixes[after + 1].latest
}

/// Whether a route may carry `v` in place of `u`: a necessary test of loads.
pub(crate) fn exchanges(solution: &Solution<'_>, (route, at): (&Route, usize), u: u32, v: u32) -> bool {
    let layout = solution.layout;
    let vehicle = &layout.vehicles[route.vehicle_type];
    let (own, room) = (&route.resources[(at - 1) * layout.resources()..], &route.residuals[at * layout.residuals()..]);
    let (u, v) = (u as usize * layout.dims, v as usize * layout.dims);
    (0..layout.dims).all(|d| {
        let (waste, delivery) =
            (layout.waste[v + d] - layout.waste[u + d], layout.delivery[v + d] - layout.delivery[u + d]);
        let all = own[Layout::DELIVERED + d] + layout.delivery[u + d] + room[layout.residual_delivered() + d];
        waste <= room[d] && all + delivery + own[layout.resource_peak() + d] <= vehicle.capacity[d]
    })
}
