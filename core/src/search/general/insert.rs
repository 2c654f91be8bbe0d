//! Greedy insertion: every place near a job is priced in constant time, and the best one that passes the exact pass is taken.

use crate::search::data::NONE;
use crate::search::general::element::{Element, Role};
use crate::search::general::layout::Layout;
use crate::search::general::price::{Price, Progress};
use crate::search::general::route::Route;
use crate::search::general::solution::{Solution, TINY, copy_prefix};
use crate::search::general::value::GoalPrices;
use crate::search::general::{REQUIRED_WORTH, UNLIMITED};
use crate::search::neighbours::CandidateArc;
use crate::search::random::{Blinks, Random};
use crate::search::travel_table::FORBIDDEN;
use crate::units::{Cost, Time};

/// How many places are tried with a visit to a disposal site or a reload, nearest first.
const EMPTYING_PLACES: usize = 10;
/// How many disposal sites are tried at each of them.
const NEAR_SITES: usize = 3;
/// How many prices are held against the exact pass before halts are placed anew instead.
const EXACT: usize = 6;
/// With so few gaps in all routes, all of them are priced.
const FEW_GAPS: usize = 48;
/// How often an insertion into a tiny problem tries everything.
const THOROUGH: f64 = 0.3;

/// A place for a job, and its price.
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
pub(super) struct Insert {
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
    pub(super) prize_factor: Cost,
    /// Whether optional stops are served whatever that costs: others may need them.
    pub(super) any_price: bool,
    /// Whether larger vehicles may take routes over.
    pub(super) upgrades: bool,
    /// The vehicle type of which the next job opens a route, whatever that costs.
    pub(super) opening: Option<usize>,
    pub(super) goals: GoalPrices,
    /// The only route that jobs may go to, if any.
    pub(super) only: Option<usize>,
}

impl Insert {
    pub(super) fn new(blink: f64, random: &mut Random, lanes: usize) -> Self {
        Self {
            blinks: Blinks::new(blink, random),
            candidates: Vec::new(),
            chains: Vec::new(),
            full: Vec::new(),
            row: vec![0; lanes],
            second_row: vec![0; lanes],
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
        }
    }

    /// What serving the job of an unserved stop is worth.
    pub(super) fn worth(&self, solution: &Solution<'_>, u: usize) -> Cost {
        if self.any_price {
            return REQUIRED_WORTH;
        }
        solution.layout.worth[u].saturating_mul(self.prize_factor).min(REQUIRED_WORTH)
    }

    /// Serves the job that the unserved stop `u` stands for where that is cheapest and costs less than `limit`. Returns what
    /// it costs.
    pub(super) fn run(
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
        if let Some(kind) = self.opening.take()
            && data.partner[u] == NONE
            && data.group[u] == NONE
            && let Some(cost) = self.open(solution, u, kind)
        {
            return Some(cost);
        }
        let often = if solution.layout.num_stops() > TINY / 2 { THOROUGH / 2.0 } else { THOROUGH };
        let thorough = solution.layout.num_stops() <= TINY && random.unit() < often;
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
        // Where prices find nothing, halts are placed anew around it.
        if limit >= REQUIRED_WORTH { self.try_orders(solution, u, limit) } else { None }
    }

    /// Serves a stop alone on a route of a vehicle type, where that can be.
    fn open(&mut self, solution: &mut Solution<'_>, u: usize, kind: usize) -> Option<Cost> {
        let route = solution.unused(kind)?;
        if !self.allowed(solution, route, u) || solution.layout.relations.chain(u).count() > 1 {
            return None;
        }
        if solution.layout.is_tiny {
            // With whatever halts and start it takes.
            let new = solution.placed(route, kind, &[u as u32], UNLIMITED / 8)?;
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
            group if group != NONE && relations.set_of[u] == NONE => {
                let members = data.members[group as usize].iter().map(|&v| v as usize);
                Some(members.filter(|&v| relations.set_of[v] == NONE).collect())
            }
            _ => None,
        }
    }

    /// What a new route costs more than the old one, time goals included.
    fn delta(&self, solution: &Solution<'_>, route: usize, new: &Route) -> Cost {
        new.cost - solution.routes[route].cost + self.goals.change_by(solution.layout, route, new)
    }

    /// Holds the best candidates against the exact pass, and takes the first that it confirms.
    fn take_best(&mut self, solution: &mut Solution<'_>, limit: Cost) -> Option<Cost> {
        self.candidates.sort_by_key(|candidate| candidate.price);
        if self.goals.needs_scatter {
            return self.take_best_of_all(solution, limit);
        }
        // A break that has come due is placed once.
        let mut mends = true;
        for i in 0..self.candidates.len().min(EXACT) {
            let candidate = self.candidates[i];
            let route = candidate.route as usize;
            let mut new = solution.take_spare();
            if candidate.upgrade != NONE {
                let (kind, slot) = (solution.routes[route].kind, candidate.upgrade as usize);
                let saved = solution.routes[route].cost;
                if self.compose(solution, candidate, &mut new) && new.cost - saved < limit && self.holds(solution, &new)
                {
                    let cost = new.cost - saved;
                    solution.install(route, Route::empty(kind));
                    solution.install(slot, new);
                    return Some(cost);
                }
                solution.give_back(new);
                continue;
            }
            let mut feasible = self.compose(solution, candidate, &mut new);
            if !feasible && mends && solution.layout.misses_break(&new) {
                mends = false;
                feasible = self.mend(solution, route, &mut new, limit);
            }
            if feasible
                && self.delta(solution, route, &new) < limit
                && solution.sites_take(route, &new)
                && self.holds(solution, &new)
            {
                let cost = self.delta(solution, route, &new);
                solution.install(route, new);
                return Some(cost);
            }
            solution.give_back(new);
        }
        None
    }

    /// Places the halts of a new route anew. Whether that makes it feasible.
    fn mend(&mut self, solution: &mut Solution<'_>, route: usize, new: &mut Route, limit: Cost) -> bool {
        self.order.clear();
        self.order.extend(new.elements[new.fixed..].iter().filter_map(|e| e.node()).map(|u| u as u32));
        let limit = solution.routes[route].cost.saturating_add(limit);
        let Some(placed) = solution.placed(route, new.kind, &self.order, limit) else { return false };
        solution.give_back(std::mem::replace(new, placed));
        true
    }

    /// Evaluates many candidates, and takes the best with all goals: some of them have no price beforehand.
    fn take_best_of_all(&mut self, solution: &mut Solution<'_>, limit: Cost) -> Option<Cost> {
        /// How many candidates are evaluated.
        const MOST: usize = 48;
        let mut best: Option<(Cost, usize, Route)> = None;
        for i in 0..self.candidates.len().min(MOST) {
            let candidate = self.candidates[i];
            let route = candidate.route as usize;
            let mut new = solution.take_spare();
            if self.compose(solution, candidate, &mut new)
                && solution.sites_take(route, &new)
                && self.holds(solution, &new)
            {
                let delta = self.delta(solution, route, &new);
                if delta < best.as_ref().map_or(limit, |b| b.0) {
                    best = Some((delta, route, new));
                    continue;
                }
            }
            solution.give_back(new);
        }
        let (cost, route, new) = best?;
        solution.install(route, new);
        Some(cost)
    }

    /// Whether the relations within a route hold.
    fn holds(&mut self, solution: &Solution<'_>, route: &Route) -> bool {
        let relations = &solution.layout.relations;
        if !relations.any() {
            return true;
        }
        self.trial.clear();
        self.trial.extend(route.stops());
        solution.relations_hold(&self.trial)
    }

    /// Builds and evaluates the route that a candidate makes.
    fn compose(&self, solution: &Solution<'_>, candidate: Candidate, new: &mut Route) -> bool {
        let layout = solution.layout;
        let own = &solution.routes[candidate.route as usize];
        let position = candidate.position as usize;
        let chain = &self.chains[candidate.chain.0 as usize..candidate.chain.1 as usize];
        (new.kind, new.fixed) = (own.kind, own.fixed);
        new.elements.clear();
        new.elements.extend_from_slice(&own.elements[..=position]);
        if candidate.second == NONE {
            new.elements.extend_from_slice(chain);
            new.elements.extend_from_slice(&own.elements[position + 1..]);
        } else {
            let second = candidate.second as usize;
            new.elements.push(chain[0]);
            new.elements.extend_from_slice(&own.elements[position + 1..=second]);
            new.elements.push(chain[1]);
            new.elements.extend_from_slice(&own.elements[second + 1..]);
        }
        let vehicle = &layout.vehicles[own.kind];
        let mut from = Layout::halt_before(vehicle, &own.elements, position) + 1;
        if candidate.upgrade != NONE {
            new.kind = solution.routes[candidate.upgrade as usize].kind;
            from = 0;
        }
        copy_prefix(layout, own, new, from);
        layout.evaluate(new, from, false)
    }

    /// Whether a route's vehicle may serve all stops of the chain that `u` leads, beside those that it serves.
    fn allowed(&self, solution: &Solution<'_>, route: usize, u: usize) -> bool {
        let layout = solution.layout;
        if !layout.is_restricted {
            return true;
        }
        let vehicle = &layout.base.vehicles[solution.routes[route].kind];
        layout.relations.chain(u).all(|v| {
            vehicle.allows(v)
                && self.only.is_none_or(|only| only == route)
                && !solution.is_group_served(v)
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

    /// Prices all places of a client, or of the sequence that it leads.
    fn price_chain(&mut self, solution: &Solution<'_>, random: &mut Random, u: usize, limit: Cost) {
        let layout = solution.layout;
        let data = layout.base;
        let mut stops: [Element; 1] = [Element::stop(u as u32)];
        let long: Vec<Element>;
        let chain: &[Element] = if layout.relations.next[u] == NONE {
            &mut stops
        } else {
            long = layout.relations.chain(u).map(|v| Element::stop(v as u32)).collect();
            &long
        };
        let last = chain.last().and_then(|e| e.node()).unwrap_or(u);
        self.full.clear();
        let first_candidate = self.candidates.len();
        self.next_epoch(solution);
        let served = data.num_stops() - solution.unserved.items().len();
        if served <= FEW_GAPS && Self::count_gaps(solution) <= FEW_GAPS {
            for route in 0..solution.routes.len() {
                if solution.routes[route].is_empty() || !self.allowed(solution, route, u) {
                    continue;
                }
                for position in solution.routes[route].fixed - 1..solution.routes[route].elements.len() - 1 {
                    self.price_at(solution, random, (u, last), chain, route, position, limit);
                }
            }
        } else if chain.len() == 1 && layout.relations.same_route.of(u).is_empty() {
            self.price_near(solution, random, u, chain, limit);
            let nobody_near = || data.neighbours.candidates(u).iter().all(|&v| solution.route_of(v) == NONE);
            let far = if layout.is_lean {
                self.candidates.is_empty() && nobody_near()
            } else {
                self.candidates.len() == first_candidate
            };
            if far {
                self.price_far(solution, random, (u, last), chain, limit);
            }
        } else {
            let related = !layout.relations.same_route.of(u).is_empty();
            let ends = if last == u { [u, u] } else { [u, last] };
            for (i, &end) in ends.iter().enumerate() {
                if i == 1 && last == u {
                    break;
                }
                for &v in data.neighbours.candidates(end) {
                    let (route, position) = solution.place[v as usize];
                    if route == NONE {
                        continue;
                    }
                    let (route, position) = (route as usize, position as usize);
                    for position in [position, position - 1] {
                        self.price_at(solution, random, (u, last), chain, route, position, limit);
                    }
                }
            }
            if related || self.candidates.len() == first_candidate {
                self.price_far(solution, random, (u, last), chain, limit);
            }
        }
        if layout.has_emptyings
            && (self.candidates.len() == first_candidate || random.below(4) == 0 || self.full.len() > 2)
        {
            self.price_emptying(solution, u, chain, limit);
        }
        self.price_openings(solution, u, chain, limit);
        if layout.is_lean && self.candidates.is_empty() && limit >= REQUIRED_WORTH {
            // What must be served takes any place.
            self.price_far(solution, random, (u, last), chain, limit);
        }
    }

    /// Prices the places of a single stop beside those near it: a first look at each reads one half of a cache line.
    fn price_near(&mut self, solution: &Solution<'_>, random: &mut Random, u: usize, chain: &[Element], limit: Cost) {
        let layout = solution.layout;
        let data = layout.base;
        let candidate_arcs = data.neighbours.candidate_arcs(u);
        let reach = candidate_arcs.last().map_or(0, |a| a.distance);
        let m = data.num_stops() as u32;
        let one_load = layout.dims == 1 && !layout.has_emptyings;
        let (waste, delivery) = if one_load { (layout.waste[u], layout.delivery[u]) } else { (0, 0) };
        let pushed = self.push_chain(chain);
        let one_rate = layout.rate.filter(|_| self.goals.is_empty());
        let mut bound = self.bound(limit);
        for (i, &CandidateArc { node: v, distance: to }) in candidate_arcs.iter().enumerate() {
            let spot = &solution.removal_gains[v as usize];
            if spot.route == NONE {
                continue;
            }
            let own = || &layout.vehicles[solution.routes[spot.route as usize].kind];
            let to = if layout.one_profile { i64::from(to) } else { layout.distance(own(), v, u as u32) };
            let place = (spot.route as usize, spot.position as usize);
            if self.upgrades || waste <= i64::from(spot.waste_room) && delivery <= i64::from(spot.delivery_room) {
                let from = match one_rate {
                    Some(_) => layout.base.travel.distance(0, u, spot.to as usize).into(),
                    None => layout.distance(own(), u as u32, spot.to),
                };
                if one_rate.is_none_or(|rate| rate * (to + from - i64::from(spot.behind)) < bound) {
                    self.price_place(solution, random, (u, chain), place, (to, from, spot.behind), (limit, pushed));
                    bound = self.bound(limit);
                }
            }
            // The place before is the one behind another candidate, unless that is far or no stop.
            if i == 0 || spot.from >= m || i64::from(spot.before) + to > i64::from(reach) {
                let vehicle = own();
                let from = layout.distance(vehicle, u as u32, v);
                let to = layout.distance(vehicle, spot.from, u as u32);
                if one_rate.is_none_or(|rate| rate * (to + from - i64::from(spot.before)) < bound) {
                    let place = (place.0, place.1 - 1);
                    self.price_place(solution, random, (u, chain), place, (to, from, spot.before), (limit, pushed));
                    bound = self.bound(limit);
                }
            }
        }
    }

    /// Prices a stop at a place whose arc would be exchanged for two others.
    #[inline]
    fn price_place(
        &mut self,
        solution: &Solution<'_>,
        random: &mut Random,
        (u, chain): (usize, &[Element]),
        (route, position): (usize, usize),
        (to, from, arc): (i64, i64, i32),
        (limit, pushed): (Cost, (u32, u32)),
    ) {
        let layout = solution.layout;
        let own = &solution.routes[route];
        let vehicle = &layout.vehicles[own.kind];
        let detour = to + from - i64::from(arc);
        let bound = self.bound(limit);
        if (vehicle.cost_per_distance * detour >= bound && self.goals.is_empty())
            || to.max(from) >= i64::from(FORBIDDEN)
            || position + 1 < own.fixed
            || own.gaps[position].closed
            || self.blinks.next(random)
            || !self.allowed(solution, route, u)
        {
            return;
        }
        if self.goals.is_empty()
            && layout.least_time(own, position, u as u32, u as u32) + vehicle.cost_per_distance * detour >= bound
        {
            return;
        }
        let price = if vehicle.lean && self.goals.is_empty() {
            layout.price_stop::<true>(own, position, u, detour)
        } else if self.goals.is_empty() && !layout.has_releases && layout.is_simple_place(own, position) {
            layout.price_stop::<false>(own, position, u, detour)
        } else {
            layout.price(own, position, chain, (&self.goals, route), &mut self.row)
        };
        match price {
            Price::Delta(price) if price < bound => {
                let (route, position) = (route as u32, position as u32);
                self.candidates.push(Candidate { price, route, position, second: NONE, chain: pushed, upgrade: NONE });
            }
            Price::Full if self.upgrades => {
                self.price_upgrades(solution, (u, pushed), (route, position), detour, limit);
            }
            Price::Full if layout.has_emptyings => self.full.push((detour, route as u32, position as u32)),
            _ => {}
        }
    }

    /// Prices a stop at a place of a route that a larger vehicle takes over.
    fn price_upgrades(
        &mut self,
        solution: &Solution<'_>,
        (u, pushed): (usize, (u32, u32)),
        (route, position): (usize, usize),
        detour: i64,
        limit: Cost,
    ) {
        let layout = solution.layout;
        let own = &solution.routes[route];
        let vehicle = &layout.vehicles[own.kind];
        if own.fixed > 1 || own.is_empty() || own.last().trips > 1 {
            return;
        }
        let distance = own.last().distance;
        for &kind in &layout.base.vehicles[own.kind].larger {
            let Some(slot) = solution.spare_vehicle(kind) else { continue };
            let larger = &layout.vehicles[kind];
            let may = &layout.base.vehicles[kind];
            let serves_all = || may.allows(u) && own.stops().all(|v| may.allows(v as usize));
            if !may.allowed.is_empty() && !serves_all() {
                continue;
            }
            let price = larger.fixed_cost - vehicle.fixed_cost + larger.cost_per_distance * (distance + detour)
                - vehicle.cost_per_distance * distance;
            if price < self.bound(limit) && layout.would_fit(own, position, u, kind) {
                let (route, position, upgrade) = (route as u32, position as u32, slot as u32);
                self.candidates.push(Candidate { price, route, position, second: NONE, chain: pushed, upgrade });
            }
        }
    }

    fn count_gaps(solution: &Solution<'_>) -> usize {
        let used = solution.routes.iter().filter(|route| !route.is_empty());
        used.map(|route| route.elements.len()).sum()
    }

    fn next_epoch(&mut self, solution: &Solution<'_>) {
        self.epoch = self.epoch.wrapping_add(1);
        if self.epoch == 0 || self.stamps.len() < solution.routes.len() {
            self.stamps.iter_mut().for_each(|stamps| stamps.fill(0));
            self.stamps.resize(solution.routes.len(), Vec::new());
            self.epoch = 1;
        }
    }

    /// Prices a chain at a place, unless that was done already.
    #[inline]
    #[expect(clippy::too_many_arguments, reason = "a chain and a place")]
    fn price_at(
        &mut self,
        solution: &Solution<'_>,
        random: &mut Random,
        (u, last): (usize, usize),
        chain: &[Element],
        route: usize,
        position: usize,
        limit: Cost,
    ) {
        let layout = solution.layout;
        let own = &solution.routes[route];
        if position + 1 < own.fixed {
            return;
        }
        let vehicle = &layout.vehicles[own.kind];
        let Some(detour) = layout.detour(own, position, u as u32, last as u32) else { return };
        if self.goals.is_empty() {
            let bound = self.bound(limit);
            if vehicle.cost_per_distance * detour >= bound
                || layout.least_time(own, position, u as u32, last as u32) + vehicle.cost_per_distance * detour >= bound
            {
                return;
            }
        }
        let stamps = &mut self.stamps[route];
        if stamps.len() < own.elements.len() {
            stamps.resize(own.elements.len() + 16, 0);
        }
        if std::mem::replace(&mut stamps[position], self.epoch) == self.epoch
            || self.blinks.next(random)
            || !self.allowed(solution, route, u)
        {
            return;
        }
        let simple = chain.len() == 1
            && self.goals.is_empty()
            && !layout.has_releases
            && layout.is_simple_place(own, position)
            && !vehicle.lean;
        let price = if simple {
            layout.price_stop::<false>(own, position, u, detour)
        } else {
            layout.price(own, position, chain, (&self.goals, route), &mut self.row)
        };
        // What mends a route that is infeasible as it has been driven so far is worth any price.
        let price = match price {
            Price::Delta(price) if own.is_broken => Price::Delta(price - UNLIMITED / 16),
            price => price,
        };
        match price {
            Price::Delta(price) if price < self.bound(limit) || (price < limit && self.goals.needs_scatter) => {
                let chain = self.push_chain(chain);
                self.candidates.push(Candidate {
                    price,
                    route: route as u32,
                    position: position as u32,
                    second: NONE,
                    chain,
                    upgrade: NONE,
                });
            }
            Price::Full => self.full.push((detour, route as u32, position as u32)),
            _ => {}
        }
    }

    /// Where nothing near has a place, or others must be on the same route: every gap of the routes at hand.
    fn price_far(
        &mut self,
        solution: &Solution<'_>,
        random: &mut Random,
        (u, last): (usize, usize),
        chain: &[Element],
        limit: Cost,
    ) {
        let relations = &solution.layout.relations;
        let home = relations.same_route.partners(u).map(|v| solution.route_of(v)).find(|&route| route != NONE);
        for route in 0..solution.routes.len() {
            let own = &solution.routes[route];
            if own.is_empty() || home.is_some_and(|home| home as usize != route) {
                continue;
            }
            if u == last && !solution.layout.may_fit(own, u) {
                continue;
            }
            let n = own.elements.len();
            let all = home.is_some() || n < 24 || limit >= REQUIRED_WORTH;
            let ends = [own.fixed - 1, n - 2];
            for position in own.fixed - 1..n - 1 {
                if all || ends.contains(&position) {
                    self.price_at(solution, random, (u, last), chain, route, position, limit);
                }
            }
        }
    }

    /// Prices places together with a disposal visit or a reload before or after.
    fn price_emptying(&mut self, solution: &Solution<'_>, u: usize, chain: &[Element], limit: Cost) {
        let layout = solution.layout;
        self.full.sort_unstable();
        let full = std::mem::take(&mut self.full);
        let mut long = Vec::with_capacity(chain.len() + 1);
        for &(_, route, position) in full.iter().take(EMPTYING_PLACES) {
            let own = &solution.routes[route as usize];
            let vehicle = &layout.vehicles[own.kind];
            let (from, to) = (own.gaps[position as usize].from, own.gaps[position as usize].to);
            let mut emptyings: Vec<Element> = Vec::new();
            self.rank_sites(solution, own.kind, from, u as u32, to);
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

    /// What a visit on the way to or from a stop costs at least.
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
        let vehicle = &layout.vehicles[own.kind];
        if !self.goals.is_empty() {
            return 0;
        }
        let gap = &own.gaps[position];
        let Some(point) = layout.point(vehicle, emptying) else { return 0 };
        let (first, second) = if before { (point, u) } else { (u, point) };
        let way = layout.distance(vehicle, gap.from, first)
            + layout.distance(vehicle, first, second)
            + layout.distance(vehicle, second, gap.to)
            - gap.arc;
        let visit = match emptying.role() {
            Role::Site(k) => layout.sites[k].visit_cost,
            _ => 0,
        };
        vehicle.cost_per_distance * way + visit
    }

    /// The sites of a vehicle type, by the way over them between points.
    fn rank_sites(&mut self, solution: &Solution<'_>, kind: usize, from: u32, u: u32, to: u32) {
        let layout = solution.layout;
        let vehicle = &layout.vehicles[kind];
        self.sites.clear();
        for &k in &vehicle.sites {
            let point = layout.sites[k as usize].point;
            let way = |a: u32, b: u32| layout.distance(vehicle, a, point) + layout.distance(vehicle, point, b);
            let shortest = way(from, u).min(way(u, to));
            if shortest < i64::from(FORBIDDEN) {
                self.sites.push((shortest, k));
            }
        }
        self.sites.sort_unstable();
    }

    /// Prices an unused vehicle of each type.
    fn price_openings(&mut self, solution: &Solution<'_>, u: usize, chain: &[Element], limit: Cost) {
        let layout = solution.layout;
        // Of vehicle types that cost the same, another one each time.
        let kinds = layout.vehicles.len();
        let first = self.epoch as usize;
        for kind in (0..kinds).map(|i| (i + first) % kinds) {
            let Some(route) = solution.unused(kind) else { continue };
            let vehicle = &layout.vehicles[kind];
            let way = if chain.len() == 1 {
                layout.distance(vehicle, vehicle.start_point, u as u32)
                    + layout.distance(vehicle, u as u32, vehicle.end_point)
            } else {
                0
            };
            let least = vehicle.fixed_cost + vehicle.cost_per_distance * way;
            if least >= self.bound(limit) && self.goals.is_empty() || !self.allowed(solution, route, u) {
                continue;
            }
            let own = &solution.routes[route];
            if vehicle.lean && !vehicle.scheduled && chain.len() == 1 && self.goals.is_empty() {
                if let Price::Delta(_) = layout.price_stop::<true>(own, 0, u, way) {
                    let chain = self.push_chain(chain);
                    let (price, route) = (least, route as u32);
                    self.candidates.push(Candidate { price, route, position: 0, second: NONE, chain, upgrade: NONE });
                }
                continue;
            }
            let mut price = layout.price(own, 0, chain, (&self.goals, route), &mut self.row);
            let mut long = chain.to_vec();
            if price == Price::Full {
                self.rank_sites(solution, kind, vehicle.start_point, u as u32, vehicle.end_point);
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
                && (price < self.bound(limit) || (price < limit && self.goals.needs_scatter))
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

    /// Prices the places of a shipment: for each place of the pickup, the way on is driven exactly, and the delivery is priced
    /// behind each element of it.
    fn price_shipment(&mut self, solution: &Solution<'_>, random: &mut Random, pickup: usize, limit: Cost) {
        let layout = solution.layout;
        let data = layout.base;
        let delivery = data.partner[pickup] as usize;
        let near = data.neighbours.candidates(pickup).iter().chain(data.neighbours.candidates(delivery));
        // The nearest first: their prices bound the others.
        self.epoch = self.epoch.wrapping_add(1);
        self.seen.resize(solution.routes.len(), 0);
        let mut routes = std::mem::take(&mut self.near_routes);
        routes.clear();
        let unused = (0..layout.vehicles.len()).filter_map(|kind| solution.unused(kind)).map(|route| route as u32);
        let few = if solution.num_used <= 8 { solution.routes.len() } else { 0 };
        let others = (0..few as u32).filter(|&r| !solution.routes[r as usize].is_empty());
        for route in near.map(|&v| solution.route_of(v)).chain(unused).chain(others) {
            if route != NONE && std::mem::replace(&mut self.seen[route as usize], self.epoch) != self.epoch {
                routes.push(route);
            }
        }
        let chain = self.push_chain(&[Element::stop(pickup as u32), Element::stop(delivery as u32)]);
        for &route in &routes {
            let own = &solution.routes[route as usize];
            let vehicle = &data.vehicles[own.kind];
            if !vehicle.allows(pickup) || !vehicle.allows(delivery) {
                continue;
            }
            let lean = layout.vehicles[own.kind].lean && self.goals.is_empty() && !own.is_empty();
            let mut positions = own.fixed - 1..own.elements.len() - 1;
            if lean && layout.timed {
                // Places grow later along a route: those in time follow each other.
                let stop = &layout.stops[pickup];
                let ready = stop.early + layout.service(&layout.vehicles[own.kind], pickup);
                positions.start = own.suffixes.partition_point(|suffix| suffix.latest < ready).max(1) - 1;
                positions.end = positions.end.min(own.states.partition_point(|state| state.leave <= stop.late));
            }
            for position in positions {
                let Some(detour) = layout.detour(own, position, pickup as u32, pickup as u32) else { continue };
                let promising =
                    !self.goals.is_empty() || layout.vehicles[own.kind].cost_per_distance * detour < self.bound(limit);
                if !promising || self.blinks.next(random) {
                    continue;
                }
                if lean {
                    self.price_pair_lean(solution, route, position, (pickup, delivery), (detour, chain), limit);
                } else {
                    self.price_pair(solution, route, position, (pickup, delivery), chain, limit);
                }
            }
        }
        self.near_routes = routes;
    }

    /// Prices a shipment whose pickup comes behind an element of a route of nothing but stops and reloads; `detour` is what
    /// the pickup alone costs in distance.
    fn price_pair_lean(
        &mut self,
        solution: &Solution<'_>,
        route: u32,
        position: usize,
        (pickup, delivery): (usize, usize),
        (detour, chain): (i64, (u32, u32)),
        limit: Cost,
    ) {
        let layout = solution.layout;
        let own = &solution.routes[route as usize];
        let vehicle = &layout.vehicles[own.kind];
        let (dims, lanes, rooms) = (layout.dims, layout.lanes(), layout.rooms());
        // Whether the shipment can be on board behind an element.
        let carries = |p: usize| {
            (0..dims).all(|d| {
                let (own, room) = (&own.lanes[p * lanes..], &own.rooms[p * rooms..]);
                let all = own[Layout::DELIVERED + d] + room[layout.room_delivered() + d];
                all + own[layout.lane_net() + d] + layout.shipped[pickup * dims + d] <= vehicle.capacity[d]
            })
        };
        if !carries(position) {
            return;
        }
        let base = &own.states[position];
        let Some(mut trip) = Progress::of(base).serve(layout, vehicle, base.point, pickup) else { return };
        let mut at = pickup as u32;
        let distance = |from: u32, to: u32| layout.distance(vehicle, from, to);
        let price = |trip: Progress, detour: i64, next: usize| layout.price_delay(own, next, trip, detour);
        // The delivery right behind the pickup.
        let to = own.gaps[position].to;
        if let Some(done) = trip.serve(layout, vehicle, at, delivery) {
            let way =
                distance(own.gaps[position].from, at) + distance(at, delivery as u32) + distance(delivery as u32, to)
                    - own.gaps[position].arc;
            let arrival = done.drive(layout, vehicle, delivery as u32, to);
            self.offer_pair(price(arrival, way, position + 1), limit, (route, position, position), chain);
        }
        for second in position + 1..own.elements.len() - 1 {
            let Some(v) = own.elements[second].node() else { return };
            let Some(next) = trip.serve(layout, vehicle, at, v) else { return };
            if next.arrival > own.suffixes[second].latest || !carries(second) {
                return;
            }
            (trip, at) = (next, v as u32);
            if trip.leaves_after(layout.stops[delivery].late) && layout.timed {
                return;
            }
            let gap = &own.gaps[second];
            let way = detour + distance(at, delivery as u32) + distance(delivery as u32, gap.to) - gap.arc;
            if vehicle.cost_per_distance * way >= self.bound(limit) || gap.closed {
                continue;
            }
            if let Some(done) = trip.serve(layout, vehicle, at, delivery) {
                let arrival = done.drive(layout, vehicle, delivery as u32, gap.to);
                self.offer_pair(price(arrival, way, second + 1), limit, (route, position, second), chain);
            }
        }
    }

    fn offer_pair(
        &mut self,
        price: Price,
        limit: Cost,
        (route, position, second): (u32, usize, usize),
        chain: (u32, u32),
    ) {
        if let Price::Delta(price) = price
            && price < self.bound(limit)
        {
            let (position, second) = (position as u32, second as u32);
            self.candidates.push(Candidate { price, route, position, second, chain, upgrade: NONE });
        }
    }

    /// Prices a shipment whose pickup comes behind an element.
    fn price_pair(
        &mut self,
        solution: &Solution<'_>,
        route: u32,
        position: usize,
        (pickup, delivery): (usize, usize),
        chain: (u32, u32),
        limit: Cost,
    ) {
        let layout = solution.layout;
        let own = &solution.routes[route as usize];
        let vehicle = &layout.vehicles[own.kind];
        let width = layout.lanes();
        let base = Layout::halt_before(vehicle, &own.elements, position);
        let mut state = own.states[base];
        self.row.copy_from_slice(&own.lanes[base * width..(base + 1) * width]);
        let mut row = std::mem::take(&mut self.row);
        let towards = pickup as u32;
        let mut feasible = own.elements[base + 1..=position]
            .iter()
            .all(|&e| layout.extend(vehicle, &mut state, &mut row, e, towards, Time::MIN, false))
            && layout.extend(vehicle, &mut state, &mut row, Element::stop(towards), 0, Time::MIN, false);
        let mut second = position;
        while feasible {
            let bound = self.bound(limit);
            let added = vehicle.cost_per_distance * (state.distance - own.states[second].distance);
            if second > position && added >= bound && self.goals.is_empty() {
                break;
            }
            let is_pause = Layout::is_on_the_way(vehicle, own.elements[second]) && second > position;
            if !is_pause && (second == position || !own.gaps[second].closed) {
                self.second_row.copy_from_slice(&row);
                let mut last = state;
                let fits = layout.extend(
                    vehicle,
                    &mut last,
                    &mut self.second_row,
                    Element::stop(delivery as u32),
                    0,
                    Time::MIN,
                    false,
                );
                let price = if fits {
                    layout.price_rest(own, second, &mut last, &mut self.second_row, (&self.goals, route as usize))
                } else {
                    Price::Infeasible
                };
                if let Price::Delta(price) = price
                    && (price < bound || (price < limit && self.goals.needs_scatter))
                {
                    let second = second as u32;
                    self.candidates.push(Candidate {
                        price,
                        route,
                        position: position as u32,
                        second,
                        chain,
                        upgrade: NONE,
                    });
                }
            }
            second += 1;
            let Some(&element) = own.elements.get(second) else { break };
            if second + 1 >= own.elements.len() {
                break;
            }
            let next = Layout::halt_after(vehicle, &own.elements, second);
            let to = layout.point(vehicle, own.elements[next]).unwrap_or(vehicle.end_point);
            feasible = layout.extend(vehicle, &mut state, &mut row, element, to, Time::MIN, false);
        }
        self.row = row;
    }

    /// Tries every place of every route with its halts placed anew, and takes the best.
    fn try_everything(
        &mut self,
        solution: &mut Solution<'_>,
        random: &mut Random,
        u: usize,
        limit: Cost,
    ) -> Option<Cost> {
        /// How often a place is overlooked, half of the time: the best place for one stop may be in the way of the others.
        const OVERLOOKED: f64 = 0.25;
        let overlooked = if random.below(2) == 0 { OVERLOOKED } else { 0.0 };
        let mut best: Option<(Cost, usize, Route)> = None;
        let mut seen = vec![false; solution.layout.vehicles.len()];
        for route in 0..solution.routes.len() {
            let kind = solution.routes[route].kind;
            if solution.routes[route].is_empty() {
                if solution.unused(kind).is_none() || std::mem::replace(&mut seen[kind], true) {
                    continue;
                }
                let Some(slot) = solution.unused(kind) else { continue };
                self.try_route(solution, slot, u, limit, (random, overlooked), &mut best);
            } else {
                self.try_route(solution, route, u, limit, (random, overlooked), &mut best);
            }
        }
        let (cost, route, new) = best?;
        solution.install(route, new);
        Some(cost)
    }

    /// Tries every place of a route, but for some that are overlooked, with its halts placed anew.
    fn try_route(
        &mut self,
        solution: &mut Solution<'_>,
        route: usize,
        u: usize,
        limit: Cost,
        (random, overlooked): (&mut Random, f64),
        best: &mut Option<(Cost, usize, Route)>,
    ) {
        let data = solution.layout.base;
        let before = solution.routes[route].cost;
        let kind = solution.routes[route].kind;
        let mut order = std::mem::take(&mut self.order);
        solution.free_order(route, &mut order);
        for member in Self::alternatives(solution, u).unwrap_or_else(|| vec![u]) {
            if !solution.layout.relations.leads(member) || !self.allowed(solution, route, member) {
                continue;
            }
            let chain: Vec<u32> = solution.layout.relations.chain(member).map(|v| v as u32).collect();
            let pair = Some(data.partner[member]).filter(|&delivery| delivery != NONE);
            for position in 0..=order.len() {
                let seconds = if pair.is_some() { position..=order.len() } else { position..=position };
                for second in seconds {
                    if overlooked > 0.0 && random.unit() < overlooked {
                        continue;
                    }
                    let mut trial = order.clone();
                    if let Some(delivery) = pair {
                        trial.insert(second, delivery);
                    }
                    trial.splice(position..position, chain.iter().copied());
                    let fixed = solution.routes[route].elements[..solution.routes[route].fixed].iter();
                    let mut all: Vec<u32> = fixed.filter_map(|e| e.node()).map(|u| u as u32).collect();
                    all.extend_from_slice(&trial);
                    if !solution.relations_hold(&all) {
                        continue;
                    }
                    let most = best.as_ref().map_or(limit, |b| b.0.min(limit));
                    if let Some(new) = solution.placed(route, kind, &trial, before.saturating_add(most)) {
                        let delta = self.delta(solution, route, &new);
                        if delta < most {
                            *best = Some((delta, route, new));
                        }
                    }
                }
            }
        }
        self.order = order;
    }

    /// Tries the places of a few near routes with halts placed anew: where no place could be priced.
    fn try_orders(&mut self, solution: &mut Solution<'_>, u: usize, limit: Cost) -> Option<Cost> {
        /// How many routes are tried.
        const ROUTES: usize = 3;
        let data = solution.layout.base;
        if !solution.layout.vehicles.iter().any(|v| v.has_halts) || data.partner[u] != NONE || data.group[u] != NONE {
            return None;
        }
        let last = solution.layout.relations.chain(u).last().unwrap_or(u) as u32;
        let mut places: Vec<(i64, usize, usize)> = Vec::new();
        for route in 0..solution.routes.len() {
            let own = &solution.routes[route];
            if own.is_empty() || !self.allowed(solution, route, u) {
                continue;
            }
            let positions = own.fixed - 1..own.elements.len() - 1;
            let detours = positions.filter_map(|p| Some((solution.layout.detour(own, p, u as u32, last)?, p)));
            places.extend(detours.min().map(|(detour, p)| (detour, route, p)));
        }
        places.sort_unstable();
        places.truncate(ROUTES);
        let unused = (0..solution.layout.vehicles.len()).filter_map(|kind| solution.unused(kind));
        let unused: Vec<usize> = unused.filter(|&route| self.allowed(solution, route, u)).take(ROUTES).collect();
        places.extend(unused.into_iter().map(|route| (0, route, 0)));
        let mut best: Option<(Cost, usize, Route)> = None;
        for (_, route, position) in places {
            let own = &solution.routes[route];
            let mut order = std::mem::take(&mut self.order);
            order.clear();
            let before = own.cost;
            let kind = own.kind;
            for (p, element) in own.elements.iter().enumerate().skip(own.fixed - 1) {
                if p >= own.fixed {
                    order.extend(element.node().map(|u| u as u32));
                }
                if p == position {
                    order.extend(solution.layout.relations.chain(u).map(|v| v as u32));
                }
            }
            let most = best.as_ref().map_or(limit, |b| b.0.min(limit));
            let fixed = own.elements[..own.fixed].iter().filter_map(|e| e.node()).map(|u| u as u32);
            self.trial.clear();
            self.trial.extend(fixed);
            self.trial.extend_from_slice(&order);
            if solution.relations_hold(&self.trial)
                && let Some(new) = {
                    let keep = solution.window(route, position);
                    solution.placed_behind(route, kind, keep, &order, before.saturating_add(most))
                }
            {
                let delta = self.delta(solution, route, &new);
                if delta < most {
                    best = Some((delta, route, new));
                }
            }
            self.order = order;
        }
        let (cost, route, new) = best?;
        solution.install(route, new);
        Some(cost)
    }

    /// Serves the job that `u` stands for where that costs least, by a vehicle of the type or of any. Whether that can be done
    /// without changing more of the plan.
    pub(super) fn serve(&mut self, solution: &mut Solution<'_>, u: usize, kind: Option<usize>) -> bool {
        let mut best = None;
        let mut seen_unused = vec![false; solution.layout.vehicles.len()];
        for route in 0..solution.routes.len() {
            let own = &solution.routes[route];
            let is_new = |seen: &mut bool| !std::mem::replace(seen, true);
            if kind.is_none_or(|kind| own.kind == kind) && (!own.is_empty() || is_new(&mut seen_unused[own.kind])) {
                self.try_route(solution, route, u, UNLIMITED / 8, (&mut Random::new(0), 0.0), &mut best);
            }
        }
        let found = best.is_some();
        if let Some((_, route, new)) = best {
            solution.install(route, new);
        }
        found
    }
}
