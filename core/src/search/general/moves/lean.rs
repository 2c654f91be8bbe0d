//! Moves on routes of nothing but stops and reloads: each is held against what is known at its joints before the exact pass
//! decides.

use crate::search::data::NONE;
use crate::search::general::moves::Moves;
use crate::search::general::solution::Solution;
use crate::units::Cost;

impl Moves {
    /// Makes better moves around the given stops, on routes of nothing but stops and reloads, until there are none.
    pub(crate) fn run_lean(&mut self, solution: &mut Solution<'_>, around: &[u32]) {
        let data = solution.layout.base;
        self.queued.resize(data.num_stops(), false);
        for &u in around {
            let served = |v: &u32| solution.route_of(*v) != NONE;
            let mut stop = Some(u).filter(served);
            if stop.is_none() && data.group[u as usize] != NONE {
                stop = data.members[data.group[u as usize] as usize].iter().copied().find(served);
            }
            if let Some(u) = stop {
                let gaps = solution.adjacent_gaps[u as usize];
                for v in [gaps.from, u, gaps.to] {
                    self.push(v);
                }
            }
        }
        let mut next = 0;
        while let Some(&u) = self.queue.get(next) {
            next += 1;
            self.queued[u as usize] = false;
            let mut left = 8;
            while left > 0 && solution.route_of(u) != NONE && self.improve_lean(solution, u) {
                left -= 1;
            }
        }
        self.queue.clear();
    }

    pub(super) fn push(&mut self, u: u32) {
        if (u as usize) < self.queued.len() && !self.queued[u as usize] {
            self.queued[u as usize] = true;
            self.queue.push(u);
        }
    }

    /// Makes the first better move of a stop on a route of nothing but stops and reloads.
    fn improve_lean(&mut self, solution: &mut Solution<'_>, u: u32) -> bool {
        /// How many near stops are tried.
        const MAX_NEIGHBOURS: usize = 10;
        let layout = solution.layout;
        let data = layout.base;
        if data.group[u as usize] != NONE && self.replace_member(solution, u) {
            return true;
        }
        let gaps = solution.adjacent_gaps[u as usize];
        // Whatever puts `v` next to `u` gains at most the longer of the arcs that it can take away there.
        let longest = gaps.before.max(gaps.behind);
        let symmetric = layout.problem.travel().is_symmetric();
        let loose = !layout.timed;
        if loose {
            self.list_pieces(solution, u);
        }
        // Where rates differ, only tails of one type are compared, by distance.
        let (one_rate, rate) = (layout.rate.is_some(), layout.rate.unwrap_or(1).max(1));
        let own_type = solution.routes[gaps.route as usize].vehicle_type;
        for approach in data.neighbours.candidate_arcs(u as usize).iter().take(MAX_NEIGHBOURS) {
            let v = approach.node;
            let mut distance = approach.distance;
            if layout.has_order {
                // A linehaul may come before a backhaul, but not behind it.
                distance = distance.min(data.travel.distance(0, u as usize, v as usize));
            }
            if distance >= longest || solution.route_of(v) == NONE {
                continue;
            }
            let other = solution.adjacent_gaps[v as usize];
            let moves = loose && self.may_move(solution, &other, distance);
            let (a, p) = (solution.place[u as usize].0 as usize, solution.place[u as usize].1 as usize);
            let (b, q) = (solution.place[v as usize].0 as usize, solution.place[v as usize].1 as usize);
            // What tails save in distance bounds what exchanging them gains, if all vehicles have one rate: with what they save at
            // their ends, where these are not the same.
            let their_type = solution.routes[b].vehicle_type;
            let of_one_type = own_type == their_type;
            let bounds_tails = layout.by_distance && (of_one_type || one_rate);
            let elsewhere = if bounds_tails && !of_one_type && a != b {
                let (one, other) = (&solution.routes[a], &solution.routes[b]);
                Self::saved_at_end(solution, one, their_type) + Self::saved_at_end(solution, other, own_type)
            } else {
                0
            };
            // Arcs between depots may empty a route, which saves more than distance.
            let m = data.num_stops() as u32;
            let arc = |from: u32, to: u32| i64::from(data.travel.distance(0, from as usize, to as usize));
            let saves = |saved: [i32; 2], from: u32, to: u32, elsewhere: Cost| {
                let saved = i64::from(saved[0]) + i64::from(saved[1]) - i64::from(distance);
                // An empty tail ends where its new vehicle does.
                !bounds_tails
                    || (to >= m && (from >= m || !of_one_type))
                    || (rate * saved + elsewhere > 0 && rate * (saved - arc(from, to)) + elsewhere > 0)
            };
            let (ahead, behind) = (
                saves([gaps.behind, other.before], other.from, gaps.to, elsewhere),
                saves([gaps.before, other.behind], gaps.from, other.to, elsewhere),
            );
            let apart =
                loose && symmetric && (!of_one_type || saves([gaps.behind, other.behind], gaps.to, other.to, 0));
            let better = if a == b {
                self.reverse(solution, a, p, q) || (moves && self.relocate(solution, u, v))
            } else {
                (ahead && self.swap_tails(solution, (a, p), (b, q - 1)))
                    || (behind && self.swap_tails(solution, (a, p - 1), (b, q)))
                    || (apart && self.swap_tails_reversed(solution, (a, p), (b, q)))
                    || (moves && self.relocate(solution, u, v))
                    || (loose && (self.swap(solution, u, other.to) || self.swap(solution, u, other.from)))
            };
            if better {
                for v in [gaps.from, gaps.to, v, other.from, other.to] {
                    self.push(v);
                }
                return true;
            }
        }
        false
    }
}
