//! A job's place on a long route: the gaps are priced with the halts as they are, and halts are placed anew only where the
//! detour is short.

use crate::search::data::NONE;
use crate::search::general::insert::{Candidate, Insert, Wanted};
use crate::search::general::layout::Element;
use crate::search::general::limits::UNLIMITED;
use crate::search::general::solution::{CheapestRoute, Solution};
use crate::search::random::Random;

/// Halts are placed anew at every gap of routes of so many elements: on longer ones that takes time that grows with the square.
const MAX_SHORT: usize = 32;

/// How many priced places are held against the exact pass.
const EXACT: usize = 12;

/// At how many places halts are placed anew.
const NEAR: usize = 4;

impl Insert {
    pub(super) fn is_long(solution: &Solution<'_>, route: usize) -> bool {
        solution.routes[route].elements.len() > MAX_SHORT
    }

    /// Considers places for the job of `u` on a long route.
    pub(in crate::search::general) fn try_long_route(
        &mut self,
        solution: &mut Solution<'_>,
        route: usize,
        u: usize,
        wanted: Wanted,
        cheapest: &mut CheapestRoute,
    ) {
        for member in Self::alternatives(solution, u).unwrap_or_else(|| vec![u]) {
            if !solution.layout.relations.leads(member) || !self.allowed(solution, route, member) {
                continue;
            }
            let offers = self.offers(solution, route, member);
            if !self.take_first(solution, route, offers, cheapest) || wanted == Wanted::Cheapest {
                self.try_near(solution, route, member, cheapest);
            }
        }
    }

    /// The places where prices see room, cheapest first.
    fn offers(&mut self, solution: &Solution<'_>, route: usize, u: usize) -> Vec<Candidate> {
        let (layout, data) = (solution.layout, solution.layout.base);
        let limit = UNLIMITED / 8;
        let own = &solution.routes[route];
        let mut offers = Vec::new();
        self.candidates.clear();
        self.chains.clear();
        self.full.clear();
        let delivery = data.partner[u];
        if delivery == NONE {
            let chain: Vec<Element> = layout.relations.chain(u).map(|v| Element::stop(v as u32)).collect();
            let last = chain.last().and_then(|e| e.node()).unwrap_or(u);
            self.next_epoch(solution);
            for position in own.fixed - 1..own.elements.len() - 1 {
                self.price_at(solution, &mut Random::new(0), (u, last), &chain, route, position, limit);
                // A price need not beat those before it.
                offers.append(&mut self.candidates);
            }
            if layout.has_emptyings {
                self.price_emptying(solution, u, &chain, limit);
            }
        } else {
            let chain = self.push_chain(&[Element::stop(u as u32), Element::stop(delivery)]);
            self.price_pairs_on(solution, &mut Random::new(0), route as u32, (u, delivery as usize), chain, limit);
        }
        offers.append(&mut self.candidates);
        offers.sort_by_key(|candidate| candidate.price);
        offers
    }

    /// Considers the first of some places that the exact pass confirms. Whether there is one.
    fn take_first(
        &mut self,
        solution: &mut Solution<'_>,
        route: usize,
        offers: Vec<Candidate>,
        cheapest: &mut CheapestRoute,
    ) -> bool {
        for candidate in offers.into_iter().take(EXACT) {
            let mut new = solution.take_spare();
            if self.compose(solution, candidate, &mut new)
                && (new.is_start_exact || solution.layout.choose_start(&mut new, true))
                && solution.fits_sites(route, &new)
                && self.relations_hold(solution, &new)
            {
                new.is_start_exact = true;
                let added = self.delta(solution, route, &new);
                cheapest.offer(added, route, new);
                return true;
            }
            solution.give_back(new);
        }
        false
    }

    /// Considers the places with the shortest detours, those in time first, with halts placed anew.
    fn try_near(&mut self, solution: &mut Solution<'_>, route: usize, u: usize, cheapest: &mut CheapestRoute) {
        let (layout, keep) = (solution.layout, solution.routes[route].fixed);
        let delivery = layout.base.partner[u];
        let mut order = std::mem::take(&mut self.order);
        solution.free_order(route, &mut order);
        let chain: Vec<u32> = layout.relations.chain(u).map(|v| v as u32).collect();
        let last = chain.last().copied().unwrap_or(u as u32);
        let firsts = Self::near_gaps(solution, route, u as u32, last);
        let mut places: Vec<(usize, usize)> = firsts.iter().map(|&first| (first, first)).collect();
        if delivery != NONE {
            let seconds = Self::near_gaps(solution, route, delivery, delivery);
            let behind = |&first: &usize| seconds.iter().filter(move |&&s| s >= first).map(move |&s| (first, s));
            places = firsts.iter().flat_map(behind).chain(places).collect();
            places.truncate(2 * NEAR);
        }
        for (first, second) in places {
            let mut trial = order.clone();
            if delivery != NONE {
                trial.insert(second, delivery);
            }
            trial.splice(first..first, chain.iter().copied());
            solution.consider_order(route, keep, &trial, &self.goals, cheapest);
        }
        self.order = order;
    }

    /// The best gaps of the order of a route for points, as counts of the stops before them.
    fn near_gaps(solution: &Solution<'_>, route: usize, first: u32, last: u32) -> Vec<usize> {
        let (layout, own) = (solution.layout, &solution.routes[route]);
        let vehicle = &layout.vehicles[own.vehicle_type];
        let stop = &layout.stops[first as usize];
        let ready = stop.early + layout.service(vehicle, first as usize);
        let mut gaps: Vec<(bool, i64, usize)> = Vec::new();
        let mut before = 0;
        for position in own.fixed - 1..own.elements.len() - 1 {
            before += usize::from(position >= own.fixed && own.elements[position].is_stop());
            let Some(detour) = layout.detour(own, position, first, last) else { continue };
            let late = own.states[position].leave > stop.late || own.suffixes[position + 1].latest < ready;
            let gap = (late && layout.timed, detour, before);
            match gaps.last_mut() {
                // Where halts are is not kept.
                Some(other) if other.2 == before => *other = gap.min(*other),
                _ => gaps.push(gap),
            }
        }
        gaps.sort_unstable();
        gaps.into_iter().take(NEAR).map(|(.., before)| before).collect()
    }
}
