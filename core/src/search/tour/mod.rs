//! The search for one vehicle that visits everything (the travelling salesman problem): Or-opt (Or 1976; Bentley 1992,
//! doi:10.1287/ijoc.4.4.387), that is 2-opt and relocation of short pieces along neighbour lists, around a small double bridge in each
//! iteration (Martin, Otto & Felten 1991).

mod cycle;
mod moves;
#[cfg(test)]
mod tests;

use crate::ids::VehicleTypeId;
use crate::plan::{RouteStops, TripStops};
use crate::search::data::{Data, FleetMix, NONE};
use crate::search::interrupt::Interrupt;
use crate::search::random::Random;
use crate::search::{Measures, Searcher};
use crate::units::Cost;
use cycle::Cycle;
use moves::Moves;

/// Fewest stops for which this search is worth it.
const MIN_STOPS: usize = 8;
/// The longest piece that a double bridge exchanges with its neighbour.
const LONGEST_PIECE: usize = 50;

/// Whether one vehicle must visit all stops, from and to the same place, and nothing else limits it.
pub(crate) fn is_tour(data: &Data<'_>) -> bool {
    let vehicle = &data.vehicles[0];
    let load: i64 = data.demand.iter().map(|&demand| i64::from(demand)).sum();
    data.classical == Some(FleetMix::Homogeneous)
        && !data.timed
        && !data.has_optional
        && vehicle.count == 1
        && vehicle.start_point == vehicle.end_point
        && data.travel.is_symmetric()
        && load <= data.capacity
        && data.num_stops() >= MIN_STOPS
}

/// One walk's state: nodes `0..num_stops` are the stops, and the next one is the depot.
pub(crate) struct TourSearch<'a> {
    data: &'a Data<'a>,
    cycle: Cycle,
    moves: Moves,
    interrupt: Interrupt<'a>,
    length: i64,
    best: Vec<u32>,
    best_length: i64,
}

impl<'a> TourSearch<'a> {
    /// Begins with a route of all stops, and improves it until interrupted; `None`: these are not all stops.
    pub(crate) fn new(data: &'a Data<'a>, routes: &[RouteStops], interrupt: Interrupt<'a>) -> Option<Self> {
        let node_of = data.node_of();
        let activities = routes.iter().flat_map(|route| &route.trips).flat_map(|trip| &trip.activities);
        let mut order: Vec<u32> = activities.map(|&activity| node_of.get(activity)).collect();
        if order.len() != data.num_stops() || order.contains(&NONE) {
            return None;
        }
        order.push(data.num_stops() as u32);
        let mut search = Self {
            data,
            cycle: Cycle::new(order),
            moves: Moves::new(data),
            interrupt,
            length: 0,
            best: Vec::new(),
            best_length: 0,
        };
        search.length = search.cycle.length(|a, b| distance(data, a, b));
        search.moves.push_all(data.num_stops() + 1);
        search.length -= search.moves.run(data, &mut search.cycle, interrupt);
        search.cycle.forget();
        search.keep();
        Some(search)
    }

    fn keep(&mut self) {
        self.best_length = self.length;
        self.best.clear();
        self.best.extend_from_slice(self.cycle.order());
    }

    /// Exchanges two short pieces that follow each other. Returns by how much the tour gets longer.
    fn double_bridge(&mut self, random: &mut Random) -> i64 {
        let n = self.cycle.order().len();
        let longest = LONGEST_PIECE.min((n - 2) / 2);
        let (one, other) = (1 + random.below(longest), 1 + random.below(longest));
        let first = random.below(n);
        let at = |i: usize| self.cycle.at((first + i) % n);
        let (before, a, b) = (at(n - 1), at(0), at(one - 1));
        let (c, d, behind) = (at(one), at(one + other - 1), at(one + other));
        let arc = |from, to| distance(self.data, from, to);
        let added = arc(before, c) + arc(d, a) + arc(b, behind) - arc(before, a) - arc(b, c) - arc(d, behind);
        self.cycle.exchange(before, [a, b], [c, d]);
        self.moves.push_each([before, a, b, c, d, behind]);
        added
    }

    fn cost(&self, length: i64) -> Cost {
        let vehicle = &self.data.vehicles[0];
        vehicle.cost_per_distance * length + vehicle.fixed_cost
    }
}

/// The distance between two nodes.
#[inline]
fn distance(data: &Data<'_>, from: u32, to: u32) -> i64 {
    let point =
        |u: u32| if (u as usize) < data.num_stops() { u as usize } else { data.vehicles[0].start_point as usize };
    i64::from(data.travel.distance(0, point(from), point(to)))
}

impl Searcher for TourSearch<'_> {
    fn iterate(&mut self, random: &mut Random, temperature: f64) -> bool {
        let added = self.double_bridge(random) - self.moves.run(self.data, &mut self.cycle, self.interrupt);
        if (self.data.vehicles[0].cost_per_distance * added) as f64 >= temperature * random.exponential() {
            self.cycle.undo();
            return false;
        }
        self.cycle.forget();
        self.length += added;
        if self.length >= self.best_length {
            return false;
        }
        self.keep();
        true
    }

    fn restore_best(&mut self) {
        self.cycle = Cycle::new(self.best.clone());
        self.length = self.best_length;
    }

    fn current(&self) -> Measures {
        Measures { missing: 0, used: 1, cost: self.cost(self.length) }
    }

    fn best(&self) -> Measures {
        Measures { missing: 0, used: 1, cost: self.cost(self.best_length) }
    }

    fn best_value(&self) -> Vec<i64> {
        let best = self.best();
        vec![0, i64::from(self.data.vehicles_first), best.cost]
    }

    fn best_routes(&mut self) -> Vec<RouteStops> {
        let depot = self.data.num_stops() as u32;
        let at = self.best.iter().position(|&u| u == depot).unwrap_or(0);
        let order = self.best[at + 1..].iter().chain(&self.best[..at]);
        let activities = order.map(|&u| self.data.activity[u as usize]).collect();
        let vehicle = self.data.vehicle_type(0);
        let trips = vec![TripStops { start: vehicle.start, activities, end: vehicle.end }];
        vec![RouteStops { vehicle_type: VehicleTypeId::new(0), start: None, trips }]
    }

    fn mean_cost(&self) -> f64 {
        (self.data.vehicles[0].cost_per_distance * self.length) as f64 / self.data.num_stops() as f64
    }

    fn set_limit(&mut self, _limit: usize) {}

    fn drop_smallest(&mut self) {}
}
