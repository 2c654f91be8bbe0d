//! What turning costs, and where it is possible.

use crate::travel::road::graph::usable::{is_closed, is_destination};
use crate::travel::road::position::{Plane, Position};
use crate::travel::road::profile::{RoadProfile, UTurns};
use crate::travel::road::streets::Streets;

/// Up to this angle in degrees, a street goes straight on.
const STRAIGHT: f64 = 35.0;
/// From this angle in degrees on, a turn is sharp.
const SHARP: f64 = 120.0;
/// A street's direction at a junction is that of its first so many metres: the last bit before it may point anywhere.
const ARM: f64 = 10.0;

/// The turns at each junction.
pub(super) struct TurnRules<'s> {
    streets: &'s Streets,
    profile: &'s RoadProfile,
    /// Where the streets that leave each junction begin in `leaving`.
    first: Vec<u32>,
    leaving: Vec<u32>,
    /// Whether more than two segments that are used meet at the junction.
    is_real: Vec<bool>,
    is_closed: Vec<bool>,
    destination: Vec<bool>,
    /// The direction in degrees of each street where it begins and where it ends.
    bearing: Vec<[f32; 2]>,
}

impl<'s> TurnRules<'s> {
    /// Rules for the streets whose time is not zero.
    pub(super) fn new(streets: &'s Streets, profile: &'s RoadProfile, times: &[u32]) -> Self {
        let junctions = streets.junctions.len();
        let used = || (0..times.len() as u32).filter(|&street| times[street as usize] > 0);
        let mut first = vec![0_u32; junctions + 1];
        for street in used() {
            first[tail(streets, street) as usize + 1] += 1;
        }
        for i in 0..junctions {
            first[i + 1] += first[i];
        }
        let mut next = first.clone();
        let mut leaving = vec![0; first[junctions] as usize];
        for street in used() {
            let at = &mut next[tail(streets, street) as usize];
            leaving[*at as usize] = street;
            *at += 1;
        }
        let mut ends = vec![0_u32; junctions];
        for (index, segment) in streets.segments.iter().enumerate() {
            if times[2 * index] > 0 || times[2 * index + 1] > 0 {
                ends[segment.from as usize] += 1;
                ends[segment.to as usize] += 1;
            }
        }
        let is_real = ends.iter().map(|&ends| ends > 2).collect();
        let closed = |barrier: &Option<_>| barrier.as_ref().is_some_and(|barrier| is_closed(profile, barrier));
        let is_closed = streets.junctions.iter().map(|junction| closed(&junction.barrier)).collect();
        let destination = streets.ways.iter().map(|way| is_destination(profile, way)).collect();
        let bearing = streets.segments.iter().flat_map(|segment| bearings(streets.shape(segment))).collect();
        Self { streets, profile, first, leaving, is_real, is_closed, destination, bearing }
    }

    /// The streets that can be turned into from the end of `street`, with the cost in milliseconds.
    pub(super) fn exits(&self, street: u32, forbidden: impl Fn(u32) -> bool) -> Vec<(u32, u32)> {
        let junction = tail(self.streets, street ^ 1) as usize;
        let leaving = &self.leaving[self.first[junction] as usize..self.first[junction + 1] as usize];
        let mut exits = Vec::with_capacity(leaving.len());
        let mut back = false;
        for &exit in leaving {
            if exit == street ^ 1 {
                back = !forbidden(exit);
            } else if !self.is_closed[junction] && !forbidden(exit) {
                exits.push((exit, milliseconds(self.cost(junction, street, exit))));
            }
        }
        if back && (exits.is_empty() || self.profile.turns.u_turns == UTurns::Everywhere) {
            exits.push((street ^ 1, milliseconds(self.profile.turns.u_turn)));
        }
        exits
    }

    /// Seconds of a turn.
    fn cost(&self, junction: usize, street: u32, exit: u32) -> f64 {
        let turns = &self.profile.turns;
        let mut cost = 0.0;
        if self.is_real[junction] {
            let (from, to) = (self.bearing[street as usize][1], self.bearing[exit as usize][0]);
            // To the right is positive.
            let angle = (f64::from(to - from) + 540.0).rem_euclid(360.0) - 180.0;
            if angle.abs() > STRAIGHT {
                cost += if angle > 0.0 { turns.right } else { turns.left };
            }
            if angle.abs() > SHARP {
                cost += turns.sharp;
            }
        }
        let at = &self.streets.junctions[junction];
        if at.signals {
            cost += turns.signals;
        }
        if at.barrier.is_some() {
            cost += self.profile.barriers.seconds;
        }
        let way = |street: u32| self.streets.segments[(street / 2) as usize].way as usize;
        if self.destination[way(exit)] && !self.destination[way(street)] {
            cost += turns.destination;
        }
        cost
    }
}

fn milliseconds(seconds: f64) -> u32 {
    (seconds * 1000.0).round() as u32
}

/// The junction where a street begins.
pub(super) fn tail(streets: &Streets, street: u32) -> u32 {
    let segment = &streets.segments[(street / 2) as usize];
    if street & 1 == 0 { segment.from } else { segment.to }
}

/// The directions of a segment's two streets at their beginning and end, in degrees clockwise from north.
fn bearings(line: &[Position]) -> [[f32; 2]; 2] {
    let out = arm(line.iter().copied());
    let back = arm(line.iter().rev().copied());
    // A vehicle that arrives at an end goes against the direction in which one leaves it.
    [[out, back + 180.0], [back, out + 180.0]]
}

/// The direction of a line over its first metres.
fn arm(line: impl Iterator<Item = Position>) -> f32 {
    let mut line = line.peekable();
    let Some(&origin) = line.peek() else { return 0.0 };
    let plane = Plane::around(origin);
    let mut end = [0.0; 2];
    for position in line {
        end = plane.project(position);
        if end[0].hypot(end[1]) >= ARM {
            break;
        }
    }
    end[0].atan2(end[1]).to_degrees() as f32
}
