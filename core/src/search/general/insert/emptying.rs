//! Positions together with a disposal visit or a reload before or behind the stop.

use crate::search::data::NONE;
use crate::search::general::insert::{Candidate, Insert};
use crate::search::general::layout::{Element, Role};
use crate::search::general::price::Price;
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;
use crate::search::travel_table::FORBIDDEN;
use crate::units::Cost;

/// How many places are tried with a visit to a disposal site or a reload, nearest first.
const EMPTYING_PLACES: usize = 10;

/// How many disposal sites are tried at each of them.
pub(super) const NEAR_SITES: usize = 3;

impl Insert {
    /// Prices places together with a disposal visit or a reload before or after.
    pub(super) fn price_emptying(&mut self, solution: &Solution<'_>, u: usize, chain: &[Element], limit: Cost) {
        let layout = solution.layout;
        self.full.sort_unstable();
        let full = std::mem::take(&mut self.full);
        let mut long = Vec::with_capacity(chain.len() + 1);
        for &(_, route, position) in full.iter().take(EMPTYING_PLACES) {
            let own = &solution.routes[route as usize];
            let vehicle = &layout.vehicles[own.vehicle_type];
            let (from, to) = (own.gaps[position as usize].from, own.gaps[position as usize].to);
            let mut emptyings: Vec<Element> = Vec::new();
            self.rank_sites(solution, own.vehicle_type, from, u as u32, to);
            emptyings.extend(self.sites.iter().take(NEAR_SITES).map(|&(_, k)| Element::site(k as usize)));
            emptyings.extend(vehicle.reload.iter().map(|reload| Element::reload(reload.depot)));
            for emptying in emptyings {
                for before in [true, false] {
                    if self.emptying_costs(solution, own, position as usize, u as u32, emptying, before)
                        >= self.bound(limit)
                    {
                        continue;
                    }
                    long.clear();
                    if before {
                        long.push(emptying);
                    }
                    long.extend_from_slice(chain);
                    if !before {
                        long.push(emptying);
                    }
                    let bound = self.bound(limit);
                    if let Price::Delta(price) =
                        layout.price(own, position as usize, &long, (&self.goals, route as usize), &mut self.row)
                        && price < bound
                    {
                        let chain = self.push_chain(&long);
                        self.candidates.push(Candidate { price, route, position, second: NONE, chain, upgrade: NONE });
                    }
                }
            }
        }
        self.full = full;
    }

    /// A lower bound of what a visit before or behind a stop costs.
    fn emptying_costs(
        &self,
        solution: &Solution<'_>,
        own: &Route,
        position: usize,
        u: u32,
        emptying: Element,
        before: bool,
    ) -> Cost {
        let layout = solution.layout;
        let vehicle = &layout.vehicles[own.vehicle_type];
        if !self.goals.is_empty() {
            return 0;
        }
        let gap = &own.gaps[position];
        let Some(point) = layout.point(vehicle, emptying) else { return 0 };
        let (first, second) = if before { (point, u) } else { (u, point) };
        let detour = layout.distance(vehicle, gap.from, first)
            + layout.distance(vehicle, first, second)
            + layout.distance(vehicle, second, gap.to)
            - gap.arc;
        let visit = match emptying.role() {
            Role::Site(k) => layout.sites[k].visit_cost,
            _ => 0,
        };
        vehicle.cost_per_distance * detour + visit
    }

    /// Ranks the sites of a vehicle type by the length of the path over each.
    pub(super) fn rank_sites(&mut self, solution: &Solution<'_>, vehicle_type: usize, from: u32, u: u32, to: u32) {
        let layout = solution.layout;
        let vehicle = &layout.vehicles[vehicle_type];
        self.sites.clear();
        for &k in &vehicle.sites {
            let point = layout.sites[k as usize].point;
            let over = |a: u32, b: u32| layout.distance(vehicle, a, point) + layout.distance(vehicle, point, b);
            let shortest = over(from, u).min(over(u, to));
            if shortest < i64::from(FORBIDDEN) {
                self.sites.push((shortest, k));
            }
        }
        self.sites.sort_unstable();
    }
}
