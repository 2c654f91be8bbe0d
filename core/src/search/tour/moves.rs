//! 2-opt and or-opt around nodes that are queued, first improvement.

use crate::search::data::Data;
use crate::search::interrupt::Interrupt;
use crate::search::tour::cycle::Cycle;
use crate::search::tour::distance;

/// How many neighbours of a node are tried.
const NEAR: usize = 8;
/// The longest piece that moves.
const LONGEST: usize = 3;

/// After so many nodes it is asked whether to go on.
const LOOK_EVERY: usize = 64;

/// The moves, and the nodes around which better ones may be found.
pub(super) struct Moves {
    queue: Vec<u32>,
    queued: Vec<bool>,
    /// The stops nearest to the depot.
    near_depot: [u32; NEAR],
}

/// The node behind another, in one of the two directions.
fn beside(cycle: &Cycle, u: u32, forwards: bool) -> u32 {
    if forwards { cycle.next(u) } else { cycle.previous(u) }
}

impl Moves {
    pub(super) fn new(data: &Data<'_>) -> Self {
        let depot = data.num_stops() as u32;
        let mut nearest: Vec<u32> = (0..depot).collect();
        nearest.sort_by_key(|&u| distance(data, depot, u));
        let near_depot = std::array::from_fn(|i| nearest[i % nearest.len()]);
        Self { queue: Vec::new(), queued: vec![false; data.num_stops() + 1], near_depot }
    }

    /// Looks for moves around a node.
    pub(super) fn push(&mut self, u: u32) {
        if !std::mem::replace(&mut self.queued[u as usize], true) {
            self.queue.push(u);
        }
    }

    pub(super) fn push_each<const N: usize>(&mut self, nodes: [u32; N]) {
        for u in nodes {
            self.push(u);
        }
    }

    pub(super) fn push_all(&mut self, nodes: usize) {
        for u in 0..nodes as u32 {
            self.push(u);
        }
    }

    /// Makes better moves around the queued nodes until there are none, or until interrupted. Returns what they save.
    pub(super) fn run(&mut self, data: &Data<'_>, cycle: &mut Cycle, interrupt: Interrupt<'_>) -> i64 {
        let mut saved = 0;
        let mut at = 0;
        while let Some(&u) = self.queue.get(at) {
            at += 1;
            self.queued[u as usize] = false;
            if at.is_multiple_of(LOOK_EVERY) && interrupt() {
                break;
            }
            while let Some(gain) = self.improve(data, cycle, u) {
                saved += gain;
            }
        }
        for u in self.queue.drain(..) {
            self.queued[u as usize] = false;
        }
        saved
    }

    /// Makes the first better move of a node. Returns what it saves.
    fn improve(&mut self, data: &Data<'_>, cycle: &mut Cycle, a: u32) -> Option<i64> {
        let near_depot = self.near_depot;
        let near = if (a as usize) < data.num_stops() {
            let candidates = data.neighbours.candidates(a as usize);
            &candidates[..candidates.len().min(NEAR)]
        } else {
            &near_depot[..]
        };
        let arc = |from: u32, to: u32| distance(data, from, to);
        for forwards in [true, false] {
            // 2-opt: a – b and c – d become a – c and b – d.
            let b = beside(cycle, a, forwards);
            let removed = arc(a, b);
            for &c in near {
                let left = removed - arc(a, c);
                if left <= 0 {
                    break;
                }
                let d = beside(cycle, c, forwards);
                let gain = left + arc(c, d) - arc(b, d);
                if gain > 0 && c != b && d != a {
                    let [first, last] = if forwards { [b, c] } else { [c, b] };
                    cycle.reverse(first, last);
                    self.push_each([a, b, c, d]);
                    return Some(gain);
                }
            }
        }
        self.relocate(data, cycle, a, near)
    }

    /// Or-opt: a piece with the end `a` moves, so that `a` is beside a near node.
    fn relocate(&mut self, data: &Data<'_>, cycle: &mut Cycle, a: u32, near: &[u32]) -> Option<i64> {
        let arc = |from: u32, to: u32| distance(data, from, to);
        for forwards in [true, false] {
            // … p, a … e, q …
            let p = beside(cycle, a, !forwards);
            let mut piece = [a; LONGEST];
            for length in 1..=LONGEST {
                if length > 1 {
                    piece[length - 1] = beside(cycle, piece[length - 2], forwards);
                }
                let e = piece[length - 1];
                let q = beside(cycle, e, forwards);
                if q == p || e == p {
                    break;
                }
                let removed = arc(p, a) + arc(e, q) - arc(p, q);
                for &c in near {
                    let left = removed - arc(a, c);
                    if left <= 0 {
                        break;
                    }
                    if piece[..length].contains(&c) {
                        continue;
                    }
                    for onwards in [true, false] {
                        let x = beside(cycle, c, onwards);
                        if piece[..length].contains(&x) {
                            continue;
                        }
                        let gain = left + arc(c, x) - arc(e, x);
                        if gain > 0 {
                            put(cycle, [p, a, e, q], [c, x]);
                            self.push_each([p, q, a, e, c, x]);
                            return Some(gain);
                        }
                    }
                }
            }
        }
        None
    }
}

/// Moves the piece `a … e` from between `p` and `q` to between `c` and `x`, with `a` beside `c`.
fn put(cycle: &mut Cycle, [p, a, e, q]: [u32; 4], [c, x]: [u32; 2]) {
    let forwards = cycle.next(p) == a;
    // The arc from s to t, in the direction from a to e.
    let s = if beside(cycle, c, forwards) == x { c } else { x };
    // p, a … e, q … s, t: the piece and what lies between change places.
    cycle.reverse_beside(p, a, s);
    // p, s … q, e … a, t.
    cycle.reverse_beside(p, s, q);
    // p, q … s, e … a, t.
    if c == s {
        cycle.reverse_beside(s, e, a);
    }
}
