//! Moves between the routes that an iteration has changed and those near them.

use crate::search::data::NONE;
use crate::search::day::solution::Solution;
use crate::search::random::Random;
use crate::units::Cost;

/// How many neighbours of a stop are looked at.
const WIDTH: usize = 12;
/// How often two routes try each other's vehicles.
const SWAP_KINDS: f64 = 0.1;

/// Improves around the given stops until nothing helps any more.
pub(super) fn improve(solution: &mut Solution<'_>, random: &mut Random, around: &[u32]) {
    let mut queue: Vec<u32> = around.to_vec();
    let mut at = 0;
    // Each success looks at its two stops once more.
    while at < queue.len() && at < 8 * around.len() + 8 {
        let u = queue[at];
        at += 1;
        if solution.route_of(u) == NONE {
            continue;
        }
        if let Some(v) = improve_stop(solution, u) {
            queue.extend([u, v]);
        }
    }
    if solution.data.kinds.len() > 1 {
        change_kinds(solution, random, around);
    }
}

fn improve_stop(solution: &mut Solution<'_>, u: u32) -> Option<u32> {
    let candidates = solution.data.base.neighbours.candidates(u as usize);
    for &v in candidates.iter().take(WIDTH) {
        if solution.route_of(v) == NONE {
            continue;
        }
        let better = if solution.route_of(u) == solution.route_of(v) {
            reverse(solution, u, v)
        } else {
            swap_tails(solution, u, v) || swap_tails(solution, v, u)
        };
        if better {
            return Some(v);
        }
    }
    None
}

/// What the way from one point to another costs a vehicle type.
fn price(solution: &Solution<'_>, kind: usize, from: usize, to: usize) -> Cost {
    let vehicle = solution.data.vehicle(kind);
    vehicle.cost_per_distance * solution.data.distance(kind, from, to)
        + vehicle.cost_per_duration * solution.data.duration(kind, from, to)
}

/// The point at a position of a route: of a stop, or of its ends.
fn point(solution: &Solution<'_>, route: usize, position: isize) -> usize {
    let own = &solution.routes[route];
    let vehicle = solution.data.vehicle(own.kind);
    if position < 0 {
        return vehicle.start_point as usize;
    }
    own.stops.get(position as usize).map_or(vehicle.end_point as usize, |&u| u as usize)
}

/// Joins the part of one route up to `u` with the part of the other from `v` on, and the other two parts.
fn swap_tails(solution: &mut Solution<'_>, u: u32, v: u32) -> bool {
    let ((a, i), (b, j)) = (solution.place[u as usize], solution.place[v as usize]);
    let (a, b, i, j) = (a as usize, b as usize, i as usize, j as usize);
    if i + 1 < solution.first_free(a) || j < solution.first_free(b) {
        return false;
    }
    let (ka, kb) = (solution.routes[a].kind, solution.routes[b].kind);
    let (after_u, before_v) = (point(solution, a, i as isize + 1), point(solution, b, j as isize - 1));
    let saved = price(solution, ka, u as usize, after_u) + price(solution, kb, before_v, v as usize);
    let added = price(solution, ka, u as usize, v as usize) + price(solution, kb, before_v, after_u);
    let empties = j == 0 && i + 1 == solution.routes[a].stops.len();
    if added >= saved && !empties {
        return false;
    }
    let new_a = [&solution.routes[a].stops[..=i], &solution.routes[b].stops[j..]].concat();
    let new_b = [&solution.routes[b].stops[..j], &solution.routes[a].stops[i + 1..]].concat();
    exchange(solution, (a, i + 1, new_a), (b, j, new_b))
}

/// Gives two routes new sequences, of which the first stops are as before and the others as behind those of the other
/// route, where that is better.
fn exchange(solution: &mut Solution<'_>, a: (usize, usize, Vec<u32>), b: (usize, usize, Vec<u32>)) -> bool {
    let ties = &solution.data.ties;
    let (route_a, keep_a, stops_a) = a;
    let (route_b, keep_b, stops_b) = b;
    let (ka, kb) = (solution.routes[route_a].kind, solution.routes[route_b].kind);
    if !solution.within_totals(ka, &stops_a)
        || !solution.within_totals(kb, &stops_b)
        || !ties.in_order(&stops_a)
        || !ties.in_order(&stops_b)
        || !ties.together(&[(route_a as u32, &stops_a), (route_b as u32, &stops_b)], |w| solution.route_of(w))
    {
        return false;
    }
    let before = solution.routes[route_a].cost + solution.routes[route_b].cost;
    let before = before + if stops_a.is_empty() || stops_b.is_empty() { solution.goals.vehicle() } else { 0 };
    let mut after = 0;
    let (tail_a, tail_b) = ((route_b, keep_b), (route_a, keep_a));
    for (route, kind, keep, stops, tail) in
        [(route_a, ka, keep_a, &stops_a, tail_a), (route_b, kb, keep_b, &stops_b, tail_b)]
    {
        if stops.is_empty() {
            continue;
        }
        let Some(value) = solution.value(route, kind, keep, stops, Some(tail), before - after) else { return false };
        after += value.cost;
    }
    after < before && replace(solution, (route_a, stops_a), (route_b, stops_b))
}

/// Gives two routes new sequences; both keep their old ones where one of the two is not feasible after all.
fn replace(solution: &mut Solution<'_>, a: (usize, Vec<u32>), b: (usize, Vec<u32>)) -> bool {
    let (old_a, old_b) = (solution.routes[a.0].stops.clone(), solution.routes[b.0].stops.clone());
    // Disposal sites with little room left take the one only when the other has gone.
    let done = solution.rebuild(a.0, a.1) && solution.rebuild(b.0, b.1);
    if !done {
        solution.rebuild(b.0, old_b);
        solution.rebuild(a.0, old_a);
    }
    done
}

/// Drives what lies between `u` and `v` the other way round.
fn reverse(solution: &mut Solution<'_>, u: u32, v: u32) -> bool {
    let (route, i) = solution.place[u as usize];
    let j = solution.place[v as usize].1;
    let (route, i, j) = (route as usize, i.min(j) as usize, i.max(j) as usize);
    let kind = solution.routes[route].kind;
    if j < i + 2 || i + 1 < solution.first_free(route) {
        return false;
    }
    // From behind `i` to `j`, so that `i` and `j` come next to each other.
    let at = |position: isize| point(solution, route, position);
    let (from, to) = (at(i as isize), at(j as isize + 1));
    let (first, last) = (at(i as isize + 1), at(j as isize));
    let saved = price(solution, kind, from, first) + price(solution, kind, last, to);
    let added = price(solution, kind, from, last) + price(solution, kind, first, to);
    if added >= saved {
        return false;
    }
    let mut stops = solution.routes[route].stops.clone();
    stops[i + 1..=j].reverse();
    if !solution.data.ties.in_order(&stops) {
        return false;
    }
    let limit = solution.routes[route].cost;
    solution.value(route, kind, i + 1, &stops, Some((route, j + 1)), limit).is_some() && solution.rebuild(route, stops)
}

/// Gives routes around the stops other vehicles, where that is cheaper.
fn change_kinds(solution: &mut Solution<'_>, random: &mut Random, around: &[u32]) {
    let mut routes: Vec<u32> = around.iter().map(|&u| solution.route_of(u)).filter(|&r| r != NONE).collect();
    routes.sort_unstable();
    routes.dedup();
    for route in routes {
        let route = route as usize;
        if solution.first_free(route) > 0 || solution.routes[route].stops.is_empty() {
            continue;
        }
        take_unused(solution, route);
        if random.unit() < SWAP_KINDS {
            swap_kinds(solution, route, random.below(solution.routes.len()));
        }
    }
}

/// Moves a route to an unused vehicle that drives it at less cost.
fn take_unused(solution: &mut Solution<'_>, route: usize) {
    let own = solution.routes[route].kind;
    for kind in 0..solution.data.kinds.len() {
        if kind == own || !solution.data.kinds[kind].served.is_empty() {
            continue;
        }
        let Some(slot) = solution.unused(kind) else { continue };
        let stops = solution.routes[route].stops.clone();
        let limit = solution.routes[route].cost;
        if solution.within_totals(kind, &stops) && solution.value(route, kind, 0, &stops, None, limit).is_some() {
            replace(solution, (route, Vec::new()), (slot, stops));
            return;
        }
    }
}

/// Two routes exchange their vehicles, where that is cheaper for both together.
fn swap_kinds(solution: &mut Solution<'_>, a: usize, b: usize) {
    let (ka, kb) = (solution.routes[a].kind, solution.routes[b].kind);
    if ka == kb || solution.first_free(b) > 0 || solution.routes[b].stops.is_empty() {
        return;
    }
    let (stops_a, stops_b) = (solution.routes[a].stops.clone(), solution.routes[b].stops.clone());
    exchange(solution, (a, 0, stops_b), (b, 0, stops_a));
}
