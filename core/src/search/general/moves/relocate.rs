//! Relocate (or-opt): up to three stops in sequence move next to a near stop, in order or reversed (Or 1976).

use crate::search::general::layout::Element;
use crate::search::general::moves::Moves;
use crate::search::general::moves::fits::takes;
use crate::search::general::route::Route;
use crate::search::general::solution::{AdjacentGaps, Solution};
use crate::units::Cost;

/// Longest piece that is moved.
const LONGEST: usize = 3;

/// A piece of one route, and the position behind which it would go.
#[derive(Clone, Copy)]
struct Placement {
    first: usize,
    last: usize,
    after: usize,
    reversed: bool,
}

/// A piece that may move, by its other end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece {
    /// What its route saves without it.
    saved: Cost,
    /// The distance from its first stop to its last.
    inside: i64,
    /// The stop at its other end.
    far: u32,
}

/// The pieces that begin or end at a position, put next to another so that the two stand side by side.
fn placements(at: usize, to: usize) -> impl Iterator<Item = Placement> {
    (1..=LONGEST).flat_map(move |length| {
        let ends = (at + 1).saturating_sub(length);
        let of = move |(first, after, reversed)| Placement { first, last: first + length - 1, after, reversed };
        let all = [(at, to, false), (ends, to - 1, false), (at, to - 1, true), (ends, to, true)];
        // A single stop looks the same from both sides.
        all.into_iter().filter(move |&(.., reversed)| length > 1 || !reversed).map(of)
    })
}

impl Moves {
    /// Moves a piece of up to three stops that begins or ends with `u` next to `v`.
    pub(crate) fn relocate(&mut self, solution: &mut Solution<'_>, u: u32, v: u32) -> bool {
        let layout = solution.layout;
        if layout.timed && !layout.is_lean || !layout.problem.shipments().is_empty() {
            return false;
        }
        let ((a, at), (b, to)) = (solution.place[u as usize], solution.place[v as usize]);
        let (a, b) = (a as usize, b as usize);
        placements(at as usize, to as usize).any(|placement| {
            Self::may_gain(solution, a, b, placement)
                && if a == b {
                    self.move_within(solution, a, placement)
                } else {
                    self.move_across(solution, a, b, placement)
                }
        })
    }

    /// Whether a placement may be made, and saves anything in arcs.
    fn may_gain(solution: &Solution<'_>, a: usize, b: usize, placement: Placement) -> bool {
        let layout = solution.layout;
        let (one, other) = (&solution.routes[a], &solution.routes[b]);
        let Placement { first, last, after, reversed } = placement;
        if first < one.fixed.max(1)
            || last + 1 >= one.elements.len()
            || after + 1 < other.fixed
            || (a == b && (first - 1..=last).contains(&after))
            || !one.elements[first..=last].iter().all(|e| e.is_stop())
        {
            return false;
        }
        let (g, h, gap) = (&one.gaps[first - 1], &one.gaps[last], &other.gaps[after]);
        let (head, tail) = if reversed { (h.from, g.to) } else { (g.to, h.from) };
        let (k, l) = (one.vehicle_type, other.vehicle_type);
        let rates = layout.vehicles[k].cost_per_distance - layout.vehicles[l].cost_per_distance;
        let saved = Self::gap_arc(solution, k, g)
            + Self::gap_arc(solution, k, h)
            + Self::gap_arc(solution, l, gap)
            + rates * (one.states[last].distance - one.states[first].distance);
        let saved =
            Self::remaining_saving(solution, saved, &[(l, gap.from, head), (l, tail, gap.to), (k, g.from, h.to)]);
        let empties = a != b && one.num_stops() == last + 1 - first;
        (saved > 0 || empties) && !gap.closed && (a == b || takes(solution, (a, first, last), (b, after), reversed))
    }

    /// Moves a piece within its route.
    fn move_within(&mut self, solution: &mut Solution<'_>, route: usize, placement: Placement) -> bool {
        let Placement { first, last, after, reversed } = placement;
        let mut new = solution.take_spare();
        let own = &solution.routes[route];
        (new.vehicle_type, new.fixed) = (own.vehicle_type, own.fixed);
        new.elements.clear();
        let piece = &own.elements[first..=last];
        let rest = own.elements[..first].iter().chain(&own.elements[last + 1..]);
        let target = if after > last { after - piece.len() } else { after };
        for (p, &element) in rest.enumerate() {
            new.elements.push(element);
            if p == target {
                extend(&mut new, piece, reversed);
            }
        }
        let before = own.cost;
        if self.may_serve(solution, [route; 2], &new)
            && self.build(solution, route, after.min(first - 1), &mut new, before)
        {
            return self.take_over(solution, [route], [new]);
        }
        solution.give_back(new);
        false
    }

    /// Moves a piece to another route.
    fn move_across(&mut self, solution: &mut Solution<'_>, a: usize, b: usize, placement: Placement) -> bool {
        let Placement { first, last, after, reversed } = placement;
        let mut new = [solution.take_spare(), solution.take_spare()];
        let (one, other) = (&solution.routes[a], &solution.routes[b]);
        for (new, own) in new.iter_mut().zip([one, other]) {
            (new.vehicle_type, new.fixed) = (own.vehicle_type, own.fixed);
            new.elements.clear();
        }
        new[0].elements.extend_from_slice(&one.elements[..first]);
        new[0].elements.extend_from_slice(&one.elements[last + 1..]);
        new[1].elements.extend_from_slice(&other.elements[..=after]);
        extend(&mut new[1], &one.elements[first..=last], reversed);
        new[1].elements.extend_from_slice(&other.elements[after + 1..]);
        let before = one.cost + other.cost;
        self.accept_pair(solution, [a, b], [first - 1, after], new, before)
    }

    /// Notes the pieces of up to three stops that begin or end with a stop. None where routes cost more than distance:
    /// there, a move may gain by more than its arcs.
    pub(crate) fn list_pieces(&mut self, solution: &Solution<'_>, u: u32) {
        let layout = solution.layout;
        self.pieces.clear();
        let (route, at) = (solution.place[u as usize].0 as usize, solution.place[u as usize].1 as usize);
        let own = &solution.routes[route];
        if !layout.by_distance {
            return;
        }
        let vehicle = &layout.vehicles[own.vehicle_type];
        for length in 1..=LONGEST {
            let firsts = [at, (at + 1).saturating_sub(length)];
            for &first in &firsts[usize::from(length == 1)..] {
                let last = first + length - 1;
                if first < own.fixed.max(1)
                    || last + 1 >= own.elements.len()
                    || !own.elements[first..=last].iter().all(|e| e.is_stop())
                {
                    continue;
                }
                let (g, h) = (&own.gaps[first - 1], &own.gaps[last]);
                let inside = own.states[last].distance - own.states[first].distance;
                let saved = if length == own.num_stops() {
                    // A vehicle that serves nothing else is no longer used.
                    own.cost
                } else {
                    vehicle.cost_per_distance * (g.arc + h.arc + inside - layout.distance(vehicle, g.from, h.to))
                };
                let far = if first == at { h.from } else { g.to };
                self.pieces.push(Piece { saved, inside, far });
            }
        }
    }

    /// Whether moving any of the noted pieces next to a stop, the piece's own end first, can save anything in arcs.
    #[inline]
    pub(crate) fn may_move(&self, solution: &Solution<'_>, to: &AdjacentGaps, distance: i32) -> bool {
        let layout = solution.layout;
        if !layout.by_distance {
            return true;
        }
        let rate = match layout.rate {
            Some(rate) => rate,
            None => layout.vehicles[solution.routes[to.route as usize].vehicle_type].cost_per_distance,
        };
        let travel = &layout.base.travel;
        let arc = |from: u32, to: u32| rate * i64::from(travel.distance(0, from as usize, to as usize));
        let gaps = [rate * i64::from(to.behind), rate * i64::from(to.before)];
        self.pieces.iter().any(|piece| {
            let left = piece.saved - rate * (piece.inside + i64::from(distance));
            let [behind, before] = gaps.map(|gap| left + gap);
            (behind > 0 && behind > arc(piece.far, to.to)) || (before > 0 && before > arc(to.from, piece.far))
        })
    }
}

/// Appends a piece, in order or reversed.
fn extend(route: &mut Route, piece: &[Element], reversed: bool) {
    if reversed {
        route.elements.extend(piece.iter().rev());
    } else {
        route.elements.extend_from_slice(piece);
    }
}
