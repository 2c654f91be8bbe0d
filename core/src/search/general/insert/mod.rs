//! Greedy insertion: every position near a job is priced in constant time, and the best one that passes the exact pass is
//! taken.

mod chain;
mod emptying;
mod long_route;
mod opening;
mod orders;
mod place;
mod shipment;
mod take;

use crate::search::data::NONE;
use crate::search::general::goals::GoalPrices;
use crate::search::general::layout::Element;
use crate::search::general::limits::{MAX_TINY_STOPS, REQUIRED_PRIZE, UNLIMITED};
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;
use crate::search::random::{Blinks, Random};
use crate::units::Cost;

/// How often an insertion into a tiny problem tries everything.
const THOROUGH: f64 = 0.3;

/// Which place of a job is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// One that costs little.
    Any,
    /// The cheapest, even if that takes long to find.
    Cheapest,
}

/// A position for a job, and its price.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    price: Cost,
    route: u32,
    position: u32,
    /// Behind which element a shipment's delivery comes, its pickup not counted; `NONE`: no shipment.
    second: u32,
    /// The elements that are put there.
    chain: (u32, u32),
    /// The unused vehicle that takes the route over; `NONE`: it stays with its own.
    upgrade: u32,
}

/// Inserts jobs.
pub(crate) struct Insert {
    blinks: Blinks,
    candidates: Vec<Candidate>,
    chains: Vec<Element>,
    /// Gaps where only the load does not fit: detour, route, position.
    full: Vec<(i64, u32, u32)>,
    row: Vec<i64>,
    second_row: Vec<i64>,
    stamps: Vec<Vec<u32>>,
    seen: Vec<u32>,
    near_routes: Vec<u32>,
    epoch: u32,
    sites: Vec<(i64, u32)>,
    order: Vec<u32>,
    trial: Vec<u32>,
    /// By how much the cost of serving something optional may exceed its prize for now.
    pub(crate) prize_factor: Cost,
    /// Whether optional stops are served whatever that costs: others may need them.
    pub(crate) any_price: bool,
    /// Whether larger vehicles may take routes over.
    pub(crate) upgrades: bool,
    /// The vehicle type of which the next job opens a route, whatever that costs.
    pub(crate) opening: Option<usize>,
    pub(crate) goals: GoalPrices,
    /// The only route that jobs may go to, if any.
    pub(crate) only: Option<usize>,
    /// How often halts may still be placed anew for this round of insertions.
    pub(crate) placings_left: usize,
}

impl Insert {
    pub(crate) fn new(blink: f64, random: &mut Random, resources: usize) -> Self {
        Self {
            blinks: Blinks::new(blink, random),
            candidates: Vec::new(),
            chains: Vec::new(),
            full: Vec::new(),
            row: vec![0; resources],
            second_row: vec![0; resources],
            stamps: Vec::new(),
            seen: Vec::new(),
            near_routes: Vec::new(),
            epoch: 0,
            sites: Vec::new(),
            order: Vec::new(),
            trial: Vec::new(),
            prize_factor: 1,
            any_price: false,
            upgrades: false,
            opening: None,
            goals: GoalPrices::default(),
            only: None,
            placings_left: usize::MAX,
        }
    }

    /// The most that serving the job of an unserved stop may cost: its prize, times the factor of the moment.
    pub(crate) fn scaled_prize(&self, solution: &Solution<'_>, u: usize) -> Cost {
        if self.any_price {
            return REQUIRED_PRIZE;
        }
        solution.layout.job_prize[u].saturating_mul(self.prize_factor).min(REQUIRED_PRIZE)
    }

    /// Serves the job that the unserved stop `u` stands for where that is cheapest and costs less than `limit`. Returns what
    /// it costs.
    pub(crate) fn run(
        &mut self,
        solution: &mut Solution<'_>,
        random: &mut Random,
        u: usize,
        limit: Cost,
    ) -> Option<Cost> {
        let data = solution.layout.base;
        self.candidates.clear();
        self.chains.clear();
        self.full.clear();
        if let Some(vehicle_type) = self.opening.take()
            && data.partner[u] == NONE
            && data.group[u] == NONE
            && let Some(cost) = self.open(solution, u, vehicle_type)
        {
            return Some(cost);
        }
        let often = if solution.layout.num_stops() > MAX_TINY_STOPS / 2 { THOROUGH / 2.0 } else { THOROUGH };
        let thorough = solution.layout.num_stops() <= MAX_TINY_STOPS && random.unit() < often;
        if data.partner[u] == NONE {
            match Self::alternatives(solution, u) {
                None => self.price_chain(solution, random, u, limit),
                Some(members) => {
                    let members = members.into_iter().take_while(|_| !(solution.interrupt)());
                    members.for_each(|v| self.price_chain(solution, random, v, limit));
                }
            }
        } else {
            self.price_shipment(solution, random, u, limit);
        }
        if thorough && let Some(cost) = self.try_everything(solution, random, u, limit) {
            return Some(cost);
        }
        if let Some(cost) = self.take_best(solution, limit) {
            return Some(cost);
        }
        // Where no position could be priced, halts are placed anew around it.
        if limit >= REQUIRED_PRIZE { self.try_orders(solution, u, limit) } else { None }
    }

    /// The cheapest price of serving an unserved stop, as far as prices tell; `None`: no place has one below `limit`.
    pub(crate) fn price(
        &mut self,
        solution: &Solution<'_>,
        random: &mut Random,
        u: usize,
        limit: Cost,
    ) -> Option<Cost> {
        self.candidates.clear();
        self.chains.clear();
        self.price_chain(solution, random, u, limit);
        self.candidates.iter().map(|candidate| candidate.price).min()
    }

    /// Serves a stop alone on a route of a vehicle type, where that can be.
    fn open(&mut self, solution: &mut Solution<'_>, u: usize, vehicle_type: usize) -> Option<Cost> {
        let route = solution.unused(vehicle_type)?;
        if !self.allowed(solution, route, u) || solution.layout.relations.chain(u).count() > 1 {
            return None;
        }
        if solution.layout.is_tiny {
            // With whatever halts and start it takes.
            let new = solution.with_halts_placed(route, vehicle_type, &[u as u32], UNLIMITED / 8)?;
            let cost = self.delta(solution, route, &new);
            solution.install(route, new);
            return Some(cost);
        }
        let chain = self.push_chain(&[Element::stop(u as u32)]);
        let candidate = Candidate { price: 0, route: route as u32, position: 0, second: NONE, chain, upgrade: NONE };
        self.candidates.push(candidate);
        let cost = self.take_best(solution, UNLIMITED / 8);
        self.candidates.clear();
        cost
    }

    /// The stops any of which serves the job of `u`; `None`: only itself.
    fn alternatives(solution: &Solution<'_>, u: usize) -> Option<Vec<usize>> {
        let (data, relations) = (solution.layout.base, &solution.layout.relations);
        match data.group[u] {
            group if group != NONE && relations.set_of[u] == NONE && solution.layout.patterns.bit(u) == 0 => {
                let members = data.members[group as usize].iter().map(|&v| v as usize);
                Some(members.filter(|&v| relations.set_of[v] == NONE).collect())
            }
            _ => None,
        }
    }

    /// What a new route costs more than the old one, time goals included.
    fn delta(&self, solution: &Solution<'_>, route: usize, new: &Route) -> Cost {
        let cost = new.cost - solution.routes[route].cost;
        cost.saturating_add(self.goals.change_by(solution.layout, route, new))
    }

    /// Whether a route's vehicle may serve all stops of the chain that `u` leads, beside those that it serves.
    fn allowed(&self, solution: &Solution<'_>, route: usize, u: usize) -> bool {
        let layout = solution.layout;
        if !layout.is_restricted {
            return true;
        }
        let vehicle = &layout.base.vehicles[solution.routes[route].vehicle_type];
        let partner = layout.base.partner[u];
        if partner != NONE && !vehicle.allows(partner as usize) {
            return false;
        }
        layout.relations.chain(u).all(|v| {
            // A later member of a sequence may have been served already, before its first one.
            (v == u || solution.route_of(v as u32) == NONE)
                && vehicle.allows(v)
                && self.only.is_none_or(|only| only == route)
                && solution.may_join_group(v)
                && layout.relations.allow(v, route as u32, |w| solution.route_of(w))
        })
    }

    /// The best price so far, or what it must be below.
    fn bound(&self, limit: Cost) -> Cost {
        self.candidates.last().map_or(limit, |candidate| candidate.price.min(limit))
    }

    fn push_chain(&mut self, chain: &[Element]) -> (u32, u32) {
        let first = self.chains.len() as u32;
        self.chains.extend_from_slice(chain);
        (first, self.chains.len() as u32)
    }
}
