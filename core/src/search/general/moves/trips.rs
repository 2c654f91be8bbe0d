//! Whole trips move between vehicles, with the emptying that ends each.

use crate::search::data::NONE;
use crate::search::general::layout::Element;
use crate::search::general::moves::{MAX_PLACINGS, Moves};
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;
use crate::search::random::Random;
use crate::units::Cost;

impl Moves {
    /// Moves a whole trip of a random stop to another vehicle, before or behind one of its trips, or exchanges it for one of
    /// them, where both routes together cost less than `excess` more than now. Whether that was done.
    pub(crate) fn move_trip(&mut self, solution: &mut Solution<'_>, random: &mut Random, excess: Cost) -> bool {
        let layout = solution.layout;
        self.placings_left = MAX_PLACINGS;
        let u = solution.draw_stop(random);
        let (a, at) = solution.place[u];
        if a == NONE || (at as usize) < solution.routes[a as usize].fixed {
            return false;
        }
        let (a, piece) = (a as usize, trip_around(&solution.routes[a as usize], at as usize));
        // Another route: that of a near stop, or an unused vehicle.
        let near = layout.base.neighbours.near(u);
        let v = near.get(random.below(near.len().max(1))).map_or(u, |&v| v as usize);
        let (mut b, mut to) = (solution.place[v].0, solution.place[v].1 as usize);
        if b == NONE || b as usize == a || random.below(8) == 0 {
            let vehicle_type = random.below(layout.vehicles.len());
            let Some(unused) = solution.unused(vehicle_type) else { return false };
            (b, to) = (unused as u32, 0);
        }
        let b = b as usize;
        let other = &solution.routes[b];
        if to < other.fixed && to > 0 {
            return false;
        }
        let there = if to == 0 { (0, 0) } else { trip_around(other, to) };
        let exchange = to > 0 && random.below(2) == 0;
        let keep = |e: &Element| e.is_stop() || e.is_emptying();
        let one = &solution.routes[a];
        let moved: Vec<Element> = one.elements[piece.0 + 1..=piece.1].iter().copied().filter(keep).collect();
        let back: Vec<Element> = if exchange {
            other.elements[there.0 + 1..=there.1].iter().copied().filter(keep).collect()
        } else {
            Vec::new()
        };
        let before = one.cost + other.cost + excess;
        let mut new = [solution.take_spare(), solution.take_spare()];
        let (one, other) = (&solution.routes[a], &solution.routes[b]);
        splice_trip(one, piece, &back, true, &mut new[0]);
        // Behind the other trip, or in its place.
        let gap = if exchange { there } else { (there.1, there.1) };
        splice_trip(other, gap, &moved, exchange, &mut new[1]);
        self.accept_pair(solution, [a, b], [piece.0, gap.0], new, before)
    }
}

/// The trip around a position: from the emptying before it (exclusive) to the one behind it (inclusive).
fn trip_around(route: &Route, at: usize) -> (usize, usize) {
    let last = route.elements.len() - 2;
    let from = (route.fixed..at).rev().find(|&p| route.elements[p].is_emptying()).unwrap_or(route.fixed - 1);
    let to = (at..=last).find(|&p| route.elements[p].is_emptying()).unwrap_or(last);
    (from, to)
}

/// Writes a route with other elements in the place of a piece, whose pauses stay.
fn splice_trip(route: &Route, (from, to): (usize, usize), elements: &[Element], out: bool, new: &mut Route) {
    (new.vehicle_type, new.fixed) = (route.vehicle_type, route.fixed);
    new.elements.clear();
    new.elements.extend_from_slice(&route.elements[..=from]);
    new.elements.extend_from_slice(elements);
    if out {
        let stays = |e: &&Element| !e.is_stop() && !e.is_emptying();
        new.elements.extend(route.elements[from + 1..=to].iter().filter(stays));
    }
    new.elements.extend_from_slice(&route.elements[to + 1..]);
}
