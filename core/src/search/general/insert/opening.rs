//! Unused vehicles that are opened for a job.

use crate::search::data::NONE;
use crate::search::general::insert::emptying::NEAR_SITES;
use crate::search::general::insert::{Candidate, Insert};
use crate::search::general::layout::Element;
use crate::search::general::price::Price;
use crate::search::general::route::LEAN;
use crate::search::general::solution::Solution;
use crate::units::Cost;

impl Insert {
    /// Prices an unused vehicle of each type.
    pub(super) fn price_openings(&mut self, solution: &Solution<'_>, u: usize, chain: &[Element], limit: Cost) {
        let layout = solution.layout;
        // Of vehicle types that cost the same, another one each time.
        let vehicle_types = layout.vehicles.len();
        let first = self.epoch as usize;
        for vehicle_type in (0..vehicle_types).map(|i| (i + first) % vehicle_types) {
            let Some(route) = solution.unused(vehicle_type) else { continue };
            let vehicle = &layout.vehicles[vehicle_type];
            let distance = if chain.len() == 1 {
                layout.distance(vehicle, vehicle.start_point, u as u32)
                    + layout.distance(vehicle, u as u32, vehicle.end_point)
            } else {
                0
            };
            let least = vehicle.fixed_cost + vehicle.cost_per_distance * distance;
            if least >= self.bound(limit) && self.goals.is_empty() || !self.allowed(solution, route, u) {
                continue;
            }
            let own = &solution.routes[route];
            if vehicle.lean && !vehicle.scheduled && chain.len() == 1 && self.goals.is_empty() {
                if let Price::Delta(_) = layout.price_stop::<LEAN>(own, 0, u, distance) {
                    let chain = self.push_chain(chain);
                    let (price, route) = (least, route as u32);
                    self.candidates.push(Candidate { price, route, position: 0, second: NONE, chain, upgrade: NONE });
                }
                continue;
            }
            let mut price = layout.price(own, 0, chain, (&self.goals, route), &mut self.row);
            let mut long = chain.to_vec();
            if price == Price::Full {
                self.rank_sites(solution, vehicle_type, vehicle.start_point, u as u32, vehicle.end_point);
                for &(_, k) in self.sites.iter().take(NEAR_SITES) {
                    long.truncate(chain.len());
                    long.push(Element::site(k as usize));
                    price = layout.price(own, 0, &long, (&self.goals, route), &mut self.row);
                    if matches!(price, Price::Delta(_)) {
                        break;
                    }
                }
            }
            if let Price::Delta(price) = price
                && (price < self.bound(limit) || (price < limit && self.goals.needs_whole))
            {
                let chain = self.push_chain(&long);
                self.candidates.push(Candidate {
                    price,
                    route: route as u32,
                    position: 0,
                    second: NONE,
                    chain,
                    upgrade: NONE,
                });
            }
        }
    }
}
