//! First solutions: savings where only capacity matters and vehicles are alike (Clarke & Wright 1964, doi:10.1287/opre.12.4.568), restricted to
//! neighbours; insertion of everything where time matters too, and of linehauls before backhauls. Where there is no time for either, stops follow each other
//! along a space-filling curve.

use std::collections::VecDeque;

use crate::search::classical::class::{Class, Load as _};
use crate::search::classical::recreate::Recreate;
use crate::search::classical::routes::Routes;
use crate::search::data::Data;
use crate::search::interrupt::Interrupt;
use crate::search::random::Random;

/// How many stops are inserted at a time.
const CHUNK: usize = 64;

/// Serves what is unserved; once interrupted, by appending only.
pub(crate) fn construct<C: Class>(
    routes: &mut Routes<'_, C>,
    recreate: &mut Recreate,
    random: &mut Random,
    interrupt: Interrupt<'_>,
) {
    routes.begin();
    if !C::TIMED && !C::FLEET && !C::ORDERED && routes.served() == 0 {
        savings(routes, interrupt);
    }
    insert_unserved(routes, recreate, random, interrupt);
    routes.commit();
}

/// Inserts what is unserved, within a change; once interrupted, by appending only.
pub(crate) fn insert_unserved<C: Class>(
    routes: &mut Routes<'_, C>,
    recreate: &mut Recreate,
    random: &mut Random,
    interrupt: Interrupt<'_>,
) {
    let mut left = routes.unserved().to_vec();
    // In random order: a chunk of near stops would fill the same few routes first.
    for i in (1..left.len()).rev() {
        left.swap(i, random.below(i + 1));
    }
    // No backhaul finds a place where there is no linehaul.
    let (backhauls, linehauls): (Vec<u32>, Vec<u32>) = left.into_iter().partition(|&u| routes.is_backhaul(u as usize));
    for chunk in linehauls.chunks(CHUNK).chain(backhauls.chunks(CHUNK)) {
        if interrupt() {
            append(routes);
            break;
        }
        recreate.run_at_any_price(routes, random, chunk);
    }
}

/// Puts what is unserved at the end of routes, those that are near each other in the order in which they may be served; on a new
/// route where the last few take no more. Optional stops stay unserved, and so do backhauls for which there are too few routes with
/// linehauls.
fn append<C: Class>(routes: &mut Routes<'_, C>) {
    /// How many stops are near each other.
    const NEAR: usize = 256;
    /// How many routes may take more.
    const OPEN: usize = 16;
    let data = routes.data;
    let mut left = routes.unserved().to_vec();
    left.retain(|&u| data.required[u as usize] && routes.load_of(u as usize).fits(data.capacity));
    left.sort_unstable();
    if C::TIMED {
        left.chunks_mut(NEAR).for_each(|near| near.sort_by_key(|&u| data.late[u as usize]));
    }
    left.sort_by_key(|&u| routes.is_backhaul(u as usize));
    let mut open: VecDeque<usize> = VecDeque::new();
    for u in left {
        let u = u as usize;
        let end_of = |route: usize| routes.nodes[routes.end(route)].prev as usize;
        let takes = |&route: &usize| routes.may_visit(u, end_of(route));
        let found = open.iter().copied().find(takes);
        // Backhauls go behind the linehauls of any route, and on none of their own.
        let used = || (0..routes.info.len()).filter(|&r| routes.is_backhaul(u) && routes.info[r].size > 0).find(takes);
        let found = found.or_else(used);
        let unused = || (0..data.vehicles.len()).filter_map(|t| routes.unused_of(t)).find(takes);
        let Some(route) = found.or_else(unused) else { continue };
        let last = end_of(route);
        routes.insert(u, last);
        if found.is_none() {
            open.push_front(route);
            open.truncate(OPEN);
        }
    }
}

/// Every stop gets a route of its own, then routes are joined end to end wherever that saves most.
fn savings<C: Class>(routes: &mut Routes<'_, C>, interrupt: Interrupt<'_>) {
    let data = routes.data;
    let m = data.num_stops();
    let depot = data.vehicles[0].start_point as usize;
    let travel = &data.travel;
    let symmetric = travel.is_symmetric();
    let mut savings: Vec<(i32, u32, u32)> = Vec::new();
    for i in 0..m {
        let alone = travel.distance(0, i, depot);
        for &j in data.neighbours.candidates(i) {
            // Where direction does not matter, a pair that both lists hold counts once.
            if !symmetric || (i as u32) < j || !data.neighbours.candidates(j as usize).contains(&(i as u32)) {
                let saving = alone + travel.distance(0, depot, j as usize) - travel.distance(0, i, j as usize);
                if saving > 0 {
                    savings.push((saving, i as u32, j));
                }
            }
        }
    }
    savings.sort_unstable_by(|a, b| b.cmp(a));
    let mut chains = Chains::new(data, symmetric);
    for joins in savings.chunks(1 << 12) {
        if interrupt() {
            break;
        }
        for &(_, i, j) in joins {
            chains.join(i, j);
        }
    }
    chains.load(routes, interrupt());
}

/// Routes as chains of stops that only ever grow at their ends.
struct Chains {
    chain_of: Vec<u32>,
    lists: Vec<Vec<u32>>,
    load: Vec<i64>,
    capacity: i64,
    reversible: bool,
}

impl Chains {
    fn new(data: &Data<'_>, reversible: bool) -> Self {
        let m = data.num_stops() as u32;
        Self {
            chain_of: (0..m).collect(),
            lists: (0..m).map(|u| vec![u]).collect(),
            load: data.demand.iter().map(|&q| i64::from(q)).collect(),
            capacity: data.capacity,
            reversible,
        }
    }

    /// Joins the chain that ends in `i` with the one that begins with `j`, where there are such and the load fits.
    fn join(&mut self, i: u32, j: u32) {
        let (a, b) = (self.chain_of[i as usize] as usize, self.chain_of[j as usize] as usize);
        if a == b || self.load[a] + self.load[b] > self.capacity {
            return;
        }
        let (ends, begins) = (self.lists[a].last() == Some(&i), self.lists[b].first() == Some(&j));
        let flip_a = !ends && self.reversible && self.lists[a].first() == Some(&i);
        let flip_b = !begins && self.reversible && self.lists[b].last() == Some(&j);
        if !(ends || flip_a) || !(begins || flip_b) {
            return;
        }
        if flip_a {
            self.lists[a].reverse();
        }
        let mut tail = std::mem::take(&mut self.lists[b]);
        if flip_b {
            tail.reverse();
        }
        for &u in &tail {
            self.chain_of[u as usize] = a as u32;
        }
        self.lists[a].extend(tail);
        self.load[a] += self.load[b];
    }

    /// Puts the chains on vehicles, fullest first; what finds no vehicle stays unserved. Where joining was interrupted, single
    /// stops do, too.
    fn load<C: Class>(mut self, routes: &mut Routes<'_, C>, interrupted: bool) {
        self.lists.retain(|c| !c.is_empty() && (c.len() > 1 || !interrupted));
        self.lists.sort_by_key(|c| std::cmp::Reverse(c.len()));
        for chain in &self.lists {
            let Some(route) = routes.unused_of(0) else { return };
            let mut after = routes.start(route);
            for &u in chain {
                if i64::from(routes.data.demand[u as usize]) > routes.data.capacity {
                    continue;
                }
                routes.insert(u as usize, after);
                after = u as usize;
            }
        }
    }
}
