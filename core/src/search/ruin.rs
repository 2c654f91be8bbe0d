//! Ruin by adjacent strings: short pieces of routes that lie near each other (Christiaens & Vanden Berghe 2020,
//! doi:10.1287/trsc.2019.0914).

use crate::search::data::NONE;
use crate::search::random::Random;
use crate::search::routes::Routes;
use crate::search::rules::Rules;

/// How much is removed, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RuinParams {
    /// Mean number of stops removed.
    pub(crate) mean_removed: f64,
    /// Longest string.
    pub(crate) longest: f64,
    /// How often the whole route of the seed goes, too, where it is not long.
    pub(crate) whole_route: f64,
    /// How often a string keeps some of its middle.
    pub(crate) split: f64,
    /// How often the middle that is kept does not grow by another stop.
    pub(crate) split_stop: f64,
}

impl Default for RuinParams {
    fn default() -> Self {
        Self { mean_removed: 10.0, longest: 10.0, whole_route: 0.0, split: 0.5, split_stop: 0.01 }
    }
}

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
    pub(crate) fn run<R: Rules>(
        &mut self,
        routes: &mut Routes<'_, R>,
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
        let longest = self.params.longest.min(mean_size);
        let most_strings = 4.0 * self.params.mean_removed / (1.0 + longest) - 1.0;
        let strings = (random.unit() * most_strings + 1.0) as usize;
        let seed = random.below(routes.num_stops());
        let data = routes.data;
        let mut left = strings;
        if self.params.whole_route > 0.0 && random.unit() < self.params.whole_route {
            let route = routes.nodes[seed].route;
            if route != NONE {
                self.ruined[route as usize] = self.epoch;
                if f64::from(routes.info[route as usize].size) <= 4.0 * self.params.mean_removed {
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
            self.string(routes, random, c, longest, removed);
            left -= 1;
            if left == 0 {
                break;
            }
        }
        seed
    }

    fn string<R: Rules>(
        &self,
        routes: &mut Routes<'_, R>,
        random: &mut Random,
        c: usize,
        longest: f64,
        removed: &mut Vec<u32>,
    ) {
        let route = routes.nodes[c].route as usize;
        let size = routes.info[route].size as usize;
        let mut length = ((random.unit() * longest.min(size as f64) + 1.0) as usize).min(size);
        let mut kept = 0;
        if length > 1 && length < size && random.unit() < self.params.split {
            kept = 1;
            while length + kept < size && random.unit() > self.params.split_stop {
                kept += 1;
            }
        }
        let (behind, ahead) = room(routes, c, length + kept);
        // A string stays within a trip.
        length = length.min(behind + ahead + 1);
        kept = kept.min(behind + ahead + 1 - length);
        let total = length + kept;
        // `c` may be at place lo ..= hi of the piece.
        let (lo, hi) = ((total - 1).saturating_sub(ahead), behind.min(total - 1));
        let mut first = c;
        for _ in 0..lo + random.below(hi - lo + 1) {
            first = routes.nodes[first].prev as usize;
        }
        let from = removed.len();
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
        if R::RICH {
            remove_partners(routes, from, removed);
            routes.drop_idle_reloads(route);
            feasible = routes.is_feasible(route);
        }
        if !feasible {
            clear(routes, route, removed);
        }
    }
}

/// Takes the other ends of removed shipments out, too.
fn remove_partners<R: Rules>(routes: &mut Routes<'_, R>, from: usize, removed: &mut Vec<u32>) {
    for i in from..removed.len() {
        let partner = routes.data.partner[removed[i] as usize];
        if partner != NONE && routes.nodes[partner as usize].route != NONE {
            routes.remove(partner as usize, partner as usize);
            removed.push(partner);
        }
    }
}

/// Takes all stops out of a route.
pub(crate) fn clear<R: Rules>(routes: &mut Routes<'_, R>, route: usize, removed: &mut Vec<u32>) {
    let mut u = routes.nodes[routes.start(route)].next as usize;
    while u != routes.end(route) {
        let next = routes.nodes[u].next as usize;
        if routes.is_stop(u) {
            routes.remove(u, u);
            removed.push(u as u32);
        }
        u = next;
    }
    if R::RICH {
        routes.drop_idle_reloads(route);
    }
}

/// How many stops of the same trip lie behind and ahead of `c`, counted up to one less than `total`.
fn room<R: Rules>(routes: &Routes<'_, R>, c: usize, total: usize) -> (usize, usize) {
    let count = |step: fn(&crate::search::routes::Node) -> u32| {
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
fn walk<R: Rules>(routes: &Routes<'_, R>, first: usize, steps: usize, removed: &mut Vec<u32>) -> usize {
    let mut u = first;
    removed.push(u as u32);
    for _ in 0..steps {
        u = routes.nodes[u].next as usize;
        removed.push(u as u32);
    }
    u
}
