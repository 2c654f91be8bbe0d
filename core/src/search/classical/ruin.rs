//! Ruin by adjacent strings: short pieces of routes that lie near each other (Christiaens & Vanden Berghe 2020,
//! doi:10.1287/trsc.2019.0914).

use crate::search::classical::class::Class;
use crate::search::classical::routes::Routes;
use crate::search::data::NONE;
use crate::search::random::Random;
use crate::search::ruin_size::{RuinParams, draw_length};

/// Removes strings of stops around a random one.
pub(crate) struct Ruin {
    params: RuinParams,
    /// Epoch in which a route lost a string.
    ruined: Vec<u32>,
    epoch: u32,
}

impl Ruin {
    pub(crate) fn new(params: RuinParams, num_routes: usize) -> Self {
        Self { params, ruined: vec![0; num_routes], epoch: 0 }
    }

    /// Removes strings, notes their stops in `removed`, and returns the stop that they lie around.
    pub(crate) fn run<C: Class>(
        &mut self,
        routes: &mut Routes<'_, C>,
        random: &mut Random,
        removed: &mut Vec<u32>,
    ) -> usize {
        removed.clear();
        let used = routes.num_used().max(1);
        self.epoch = self.epoch.wrapping_add(1);
        if self.epoch == 0 {
            self.ruined.fill(0);
            self.epoch = 1;
        }
        let mean_size = routes.served() as f64 / used as f64;
        let (longest, mut left) = self.params.draw_strings(random, mean_size);
        let seed = routes.draw_stop(random);
        let data = routes.data;
        if self.params.whole_route > 0.0 && random.unit() < self.params.whole_route {
            let route = routes.nodes[seed].route;
            if route != NONE {
                self.ruined[route as usize] = self.epoch;
                if f64::from(routes.info[route as usize].size) <= 4.0 * self.params.removed {
                    clear(routes, route as usize, removed);
                }
            }
        }
        for c in std::iter::once(seed as u32).chain(data.neighbours.near(seed).iter().copied()) {
            let c = c as usize;
            let route = routes.nodes[c].route;
            if route == NONE || self.ruined[route as usize] == self.epoch {
                continue;
            }
            self.ruined[route as usize] = self.epoch;
            string(routes, random, c, longest, removed);
            left -= 1;
            if left == 0 {
                break;
            }
        }
        seed
    }
}

/// Takes a string around the stop `c` out of its route; where what is left is infeasible, all of it.
fn string<C: Class>(routes: &mut Routes<'_, C>, random: &mut Random, c: usize, longest: f64, removed: &mut Vec<u32>) {
    let route = routes.nodes[c].route as usize;
    let size = routes.info[route].size as usize;
    let (length, kept) = draw_length(random, longest, size);
    let total = length + kept;
    let (behind, ahead) = room(routes, c, total);
    // `c` may be at place lo ..= hi of the piece.
    let (lo, hi) = ((total - 1).saturating_sub(ahead), behind.min(total - 1));
    let mut first = c;
    for _ in 0..lo + random.below(hi - lo + 1) {
        first = routes.nodes[first].prev as usize;
    }
    let mut feasible = true;
    if kept == 0 {
        let last = walk(routes, first, total - 1, removed);
        feasible &= routes.remove(first, last);
    } else {
        let before = 1 + random.below(length - 1);
        let last = walk(routes, first, before - 1, removed);
        let mut rest = routes.nodes[last].next as usize;
        feasible &= routes.remove(first, last);
        for _ in 0..kept {
            rest = routes.nodes[rest].next as usize;
        }
        let last = walk(routes, rest, length - before - 1, removed);
        feasible &= routes.remove(rest, last);
    }
    if !feasible {
        clear(routes, route, removed);
    }
}

/// Takes all stops out of a route.
pub(crate) fn clear<C: Class>(routes: &mut Routes<'_, C>, route: usize, removed: &mut Vec<u32>) {
    let mut u = routes.nodes[routes.start(route)].next as usize;
    while u != routes.end(route) {
        let next = routes.nodes[u].next as usize;
        routes.remove(u, u);
        removed.push(u as u32);
        u = next;
    }
}

/// How many stops of the same route lie behind and ahead of `c`, counted up to one less than `total`.
fn room<C: Class>(routes: &Routes<'_, C>, c: usize, total: usize) -> (usize, usize) {
    let count = |step: fn(&crate::search::classical::routes::Node<C::Span>) -> u32| {
        let (mut n, mut u) = (0, c);
        while n + 1 < total {
            u = step(&routes.nodes[u]) as usize;
            if !routes.is_stop(u) {
                break;
            }
            n += 1;
        }
        n
    };
    (count(|node| node.prev), count(|node| node.next))
}

/// Notes `steps + 1` stops from `first` on, and returns the last.
fn walk<C: Class>(routes: &Routes<'_, C>, first: usize, steps: usize, removed: &mut Vec<u32>) -> usize {
    let mut u = first;
    removed.push(u as u32);
    for _ in 0..steps {
        u = routes.nodes[u].next as usize;
        removed.push(u as u32);
    }
    u
}
