//! Ruin: strings of neighbouring stops, now and then a whole short route.

use crate::search::data::NONE;
use crate::search::day::solution::Solution;
use crate::search::random::Random;

/// Mean number of stops that are taken out.
const MEAN_REMOVED: f64 = 10.0;
/// Longest string.
const LONGEST: usize = 10;
/// How often the whole route of the seed goes, where it is not long.
const WHOLE_ROUTE: f64 = 0.05;
/// How often a string leaves out some stops in its middle.
const SPLIT: f64 = 0.4;
/// How often stops that share their vehicle go together.
const WITH_MATES: f64 = 0.5;

/// Takes stops out of routes near a random one, and notes them in `removed`. Returns the seed.
pub(super) fn ruin(solution: &mut Solution<'_>, random: &mut Random, removed: &mut Vec<u32>) -> usize {
    removed.clear();
    let data = solution.data;
    let m = data.num_stops();
    let seed = random.below(m);
    let used = solution.num_used().max(1);
    let mean_size = ((m - solution.unserved.items().len()) / used).max(1);
    let longest = LONGEST.min(mean_size);
    let strings = (random.unit() * (4.0 * MEAN_REMOVED / (1.0 + longest as f64) - 1.0).max(0.0)) as usize + 1;
    let mut touched: Vec<u32> = Vec::new();
    if random.unit() < WHOLE_ROUTE {
        let route = solution.route_of(seed as u32);
        if route != NONE && solution.routes[route as usize].stops.len() <= 6 * LONGEST {
            touched.push(route);
            let from = solution.first_free(route as usize);
            removed.extend_from_slice(&solution.routes[route as usize].stops[from..]);
        }
    }
    let near = data.base.neighbours.near(seed);
    for &c in std::iter::once(&(seed as u32)).chain(near) {
        let route = solution.route_of(c);
        if route == NONE || touched.contains(&route) {
            continue;
        }
        touched.push(route);
        string(solution, random, c, longest, removed);
        if touched.len() >= strings {
            break;
        }
    }
    complete(solution, random, removed);
    take_out(solution, removed);
    seed
}

/// Notes a string of stops around `c`.
fn string(solution: &Solution<'_>, random: &mut Random, c: u32, longest: usize, removed: &mut Vec<u32>) {
    let (route, position) = solution.place[c as usize];
    let first = solution.first_free(route as usize);
    let stops = &solution.routes[route as usize].stops;
    let position = position as usize;
    if position < first {
        return;
    }
    let free = stops.len() - first;
    let length = (1 + random.below(longest)).min(free);
    let kept = if length > 1 && length < free && random.unit() < SPLIT { 1 + random.below(free - length) } else { 0 };
    let total = length + kept.min(LONGEST);
    let lowest = (position + 1).saturating_sub(total).max(first);
    let highest = position.min(stops.len() - total.min(stops.len()));
    let from = lowest + random.below(highest.max(lowest) - lowest + 1);
    let until = (from + total).min(stops.len());
    let gap = until - from - length.min(until - from);
    let skip = from + random.below(length.max(1));
    for (i, &u) in stops[from..until].iter().enumerate() {
        let at = from + i;
        if at < skip || at >= skip + gap {
            removed.push(u);
        }
    }
}

/// Adds what cannot stay where others go: ends of shipments, and the rest of sequences; now and then mates.
fn complete(solution: &Solution<'_>, random: &mut Random, removed: &mut Vec<u32>) {
    let data = solution.data;
    let mut i = 0;
    while i < removed.len() {
        let u = removed[i] as usize;
        i += 1;
        let mut also: Vec<u32> = vec![data.base.partner[u], data.ties.next[u], data.ties.previous[u]];
        if data.ties.any() && random.unit() < WITH_MATES {
            also.extend_from_slice(&data.ties.mates[u]);
        }
        for v in also {
            if v != NONE && !removed.contains(&v) {
                let (route, position) = solution.place[v as usize];
                if route != NONE && position as usize >= solution.first_free(route as usize) {
                    removed.push(v);
                }
            }
        }
    }
}

/// Takes the noted stops out of their routes. Where what is left of a route is not feasible, all of it goes.
pub(super) fn take_out(solution: &mut Solution<'_>, removed: &mut Vec<u32>) {
    let mut routes: Vec<u32> = removed.iter().map(|&u| solution.route_of(u)).filter(|&r| r != NONE).collect();
    routes.sort_unstable();
    routes.dedup();
    for route in routes {
        let route = route as usize;
        let rest: Vec<u32> = solution.routes[route].stops.iter().copied().filter(|u| !removed.contains(u)).collect();
        if !solution.rebuild(route, rest) {
            let from = solution.first_free(route);
            let stops = solution.routes[route].stops.clone();
            removed.extend(stops[from..].iter().filter(|u| !removed.contains(u)).copied().collect::<Vec<_>>());
            solution.rebuild(route, stops[..from].to_vec());
        }
    }
}
