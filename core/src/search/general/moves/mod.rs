//! Moves between and within routes that insertion does not make. Each proposes new sequences of elements; the exact pass
//! decides, and halts are placed anew where it does not pass.

mod fits;
mod group;
mod lean;
mod propose;
mod relocate;
mod reverse;
mod swap;
mod tails;
mod trips;
mod unpaid;
mod vehicles;

use crate::search::data::NONE;
use crate::search::general::goals::Value;
use crate::search::general::moves::relocate::Piece;
use crate::search::general::route::Gap;
use crate::search::general::solution::Solution;
use crate::units::Cost;

/// How many near stops are tried.
const MAX_NEIGHBOURS: usize = 12;

/// How many moves of an iteration may have halts placed anew.
pub(crate) const MAX_PLACINGS: usize = 2;

/// The moves, and their buffers.
#[derive(Default)]
pub(crate) struct Moves {
    stops: Vec<u32>,
    pub(crate) order: [Vec<u32>; 2],
    before: Value,
    after: Value,
    pub(crate) queue: Vec<u32>,
    pub(crate) queued: Vec<bool>,
    /// Pieces around a stop.
    pub(crate) pieces: Vec<Piece>,
    /// How often halts may still be placed anew for a move of this iteration.
    pub(crate) placings_left: usize,
    /// How often a route with reloads has been held against another vehicle type.
    pub(crate) turns: u32,
    /// Whether the routes that exchange elements have vehicles of one type.
    one_kind: bool,
}

impl Moves {
    /// Makes better moves around the given stops.
    pub(crate) fn run(&mut self, solution: &mut Solution<'_>, around: &[u32]) {
        self.placings_left = MAX_PLACINGS;
        if solution.layout.is_lean {
            self.run_lean(solution, around);
            return;
        }
        for &u in around {
            let mut left = 4;
            while left > 0 && !(solution.interrupt)() && solution.route_of(u) != NONE && self.improve(solution, u) {
                left -= 1;
            }
        }
    }

    /// Makes the first better move of a stop.
    fn improve(&mut self, solution: &mut Solution<'_>, u: u32) -> bool {
        let layout = solution.layout;
        let candidates = layout.base.neighbours.candidates(u as usize);
        for &v in candidates.iter().take(MAX_NEIGHBOURS) {
            let (a, b) = (solution.place[u as usize], solution.place[v as usize]);
            if b.0 == NONE || a.0 == NONE {
                continue;
            }
            let better = if a.0 == b.0 {
                self.reverse(solution, a.0 as usize, a.1 as usize, b.1 as usize)
            } else {
                self.swap_tails(solution, (a.0 as usize, a.1 as usize), (b.0 as usize, b.1 as usize - 1))
                    || self.swap_tails(solution, (a.0 as usize, a.1 as usize - 1), (b.0 as usize, b.1 as usize))
                    || self.relocate(solution, u, v)
            };
            if better {
                return true;
            }
        }
        false
    }

    /// What an arc costs, distance and duration together.
    #[inline]
    pub(crate) fn arc(solution: &Solution<'_>, vehicle_type: usize, from: u32, to: u32) -> Cost {
        let layout = solution.layout;
        let vehicle = &layout.vehicles[vehicle_type];
        let distance = vehicle.cost_per_distance * layout.distance(vehicle, from, to);
        if vehicle.cost_per_duration == 0 {
            return distance;
        }
        distance + vehicle.cost_per_duration * layout.duration(vehicle, from, to)
    }

    /// What the arc of a gap costs.
    #[inline]
    pub(crate) fn gap_arc(solution: &Solution<'_>, vehicle_type: usize, gap: &Gap) -> Cost {
        let vehicle = &solution.layout.vehicles[vehicle_type];
        if vehicle.cost_per_duration == 0 {
            return vehicle.cost_per_distance * gap.arc;
        }
        Self::arc(solution, vehicle_type, gap.from, gap.to)
    }

    /// What remains of a saving after the cost of new arcs; stops where nothing remains.
    #[inline]
    pub(crate) fn remaining_saving(solution: &Solution<'_>, mut saved: Cost, arcs: &[(usize, u32, u32)]) -> Cost {
        for &(vehicle_type, from, to) in arcs {
            if saved <= 0 {
                break;
            }
            saved -= Self::arc(solution, vehicle_type, from, to);
        }
        saved
    }
}
