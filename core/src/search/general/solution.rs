//! The working solution: routes, where each stop is, and what it is all worth. Changes of an iteration can be undone.

use std::cell::RefCell;

use crate::search::data::NONE;
use crate::search::general::UNLIMITED;
use crate::search::general::element::{Element, Role};
use crate::search::general::halts::{Effort, Halts, Request};
use crate::search::general::layout::Layout;
use crate::search::general::relations::Marks;
use crate::search::general::route::Route;
use crate::search::general::value::{Goals, Value, scatter};
use crate::search::interrupt::{Interrupt, NEVER};
use crate::search::sparse_set::SparseSet;
use crate::units::Cost;

/// Problems of so few stops are searched nearly to exhaustion.
pub(super) const TINY: usize = 9;
/// How often tiny problems try other starts where halts could be placed without.
const STARTS_EVERY: u64 = 4;

/// What a first look at the places before and behind a stop needs: one half of a cache line.
#[derive(Clone, Copy, Debug)]
pub(super) struct RemovalGain {
    pub(super) route: u32,
    pub(super) position: u32,
    /// The points that the vehicle comes from and drives to, over any pauses.
    pub(super) from: u32,
    pub(super) to: u32,
    /// The arcs from there and to there.
    pub(super) before: i32,
    pub(super) behind: i32,
    /// The most that may be picked up and delivered behind the stop, where there is one load dimension.
    pub(super) waste_room: i32,
    pub(super) delivery_room: i32,
}

const NO_GAIN: RemovalGain = RemovalGain {
    route: NONE,
    position: 0,
    from: 0,
    to: 0,
    before: 0,
    behind: 0,
    waste_room: i32::MAX,
    delivery_room: i32::MAX,
};

/// The working solution.
pub(super) struct Solution<'a> {
    pub(super) layout: &'a Layout<'a>,
    pub(super) goals: &'a Goals,
    /// What relations are looked through with.
    pub(super) marks: RefCell<Marks>,
    /// Whether the search must end.
    pub(super) interrupt: Interrupt<'a>,
    pub(super) routes: Vec<Route>,
    /// The route and position of each stop; `NONE`: unserved.
    pub(super) place: Vec<(u32, u32)>,
    /// By stop; of the unserved, without a route.
    pub(super) removal_gains: Vec<RemovalGain>,
    pub(super) unserved: SparseSet,
    /// How many members of each group are served.
    group_served: Vec<u32>,
    /// Cost of all routes, and prizes forgone.
    pub(super) cost: Cost,
    /// Required jobs that are unserved.
    pub(super) missing: i64,
    /// Clients unserved by priority class.
    classes: Vec<i64>,
    /// Vehicles that are not in use, by type.
    unused: Vec<Vec<u32>>,
    pub(super) num_used: usize,
    /// Most vehicles that may be in use.
    pub(super) limit: usize,
    /// What routes leave at disposal sites, by site and dimension.
    site_used: Vec<i64>,
    /// Routes as they were when the iteration began.
    saved: Vec<(usize, Route)>,
    is_saved: Vec<bool>,
    spare: Vec<Route>,
    pub(super) halts: Halts,
    room: Vec<i64>,
    order: Vec<u32>,
    /// How often halts have been placed anew.
    placings: u64,
}

/// What a route was: its vehicle type, how much of it stays, its elements, and what binds its start.
type Kept = (usize, usize, Vec<Element>, (i64, Option<i64>), bool);

/// A solution to come back to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    routes: Vec<Kept>,
    pub(super) value: Value,
}

impl Snapshot {
    /// Routes in use.
    pub(super) fn num_used(&self) -> usize {
        self.routes.iter().filter(|route| route.2.len() > 2).count()
    }
}

impl<'a> Solution<'a> {
    /// A solution that serves nothing but what has been served already.
    pub(super) fn new(layout: &'a Layout<'a>, goals: &'a Goals) -> Self {
        let m = layout.num_stops();
        let kinds: Vec<usize> =
            layout.base.vehicles.iter().enumerate().flat_map(|(t, v)| std::iter::repeat_n(t, v.count.max(1))).collect();
        let mut unused = vec![Vec::new(); layout.vehicles.len()];
        for (r, &kind) in kinds.iter().enumerate().rev() {
            // A type without vehicles keeps one slot that is never used.
            if layout.base.vehicles[kind].count > 0 {
                unused[kind].push(r as u32);
            }
        }
        let mut solution = Self {
            layout,
            marks: RefCell::default(),
            interrupt: NEVER,
            goals,
            routes: kinds.iter().map(|&kind| Route::empty(kind)).collect(),
            place: vec![(NONE, 0); m],
            removal_gains: vec![NO_GAIN; m],
            unserved: SparseSet::full(m),
            group_served: vec![0; layout.base.members.len()],
            cost: 0,
            missing: 0,
            classes: vec![0; usize::from(layout.highest_class) + 1],
            unused,
            num_used: 0,
            limit: usize::MAX,
            site_used: vec![0; layout.sites.len() * layout.dims],
            is_saved: vec![false; kinds.len()],
            saved: Vec::new(),
            spare: Vec::new(),
            halts: Halts::default(),
            room: Vec::new(),
            order: Vec::new(),
            placings: 0,
        };
        for r in 0..solution.routes.len() {
            layout.look_back(&mut solution.routes[r]);
        }
        let data = layout.base;
        for u in 0..m {
            if data.group[u] == NONE {
                solution.account(u, 1);
            }
        }
        for g in 0..data.members.len() {
            solution.account_group(g, 1);
        }
        solution.load_executed();
        solution.begin();
        solution
    }

    /// Counts a stop of no group as unserved (1) or served (-1).
    fn account(&mut self, u: usize, sign: i64) {
        let data = self.layout.base;
        self.classes[usize::from(self.layout.class[u])] += sign;
        if data.is_required_job(u) {
            self.missing += sign;
        } else if !data.required[u] {
            self.cost += sign * data.prize[u];
        }
    }

    fn account_group(&mut self, group: usize, sign: i64) {
        let data = self.layout.base;
        for &u in &data.members[group] {
            let u = u as usize;
            self.classes[usize::from(self.layout.class[u])] += sign;
            if !data.required[u] {
                self.cost += sign * data.prize[u];
            }
        }
        if data.members[group].first().is_some_and(|&u| data.required[u as usize]) {
            self.missing += sign;
        }
    }

    fn set_served(&mut self, u: usize, served: bool) {
        if !self.unserved.set(u, !served) {
            return;
        }
        let group = self.layout.base.group[u];
        let sign = if served { -1 } else { 1 };
        if group == NONE {
            self.account(u, sign);
            return;
        }
        let count = &mut self.group_served[group as usize];
        if served {
            *count += 1;
        } else {
            *count -= 1;
        }
        if *count == u32::from(served) {
            self.account_group(group as usize, sign);
        }
    }

    /// What vehicles have done already.
    fn load_executed(&mut self) {
        for kind in 0..self.layout.vehicles.len() {
            let vehicle = &self.layout.vehicles[kind];
            if vehicle.executed.is_empty() {
                continue;
            }
            let Some(route) = self.unused(kind) else { continue };
            let mut new = Route::empty(kind);
            new.elements = self.executed_elements(kind);
            new.fixed = new.elements.len();
            new.elements.push(Element::END);
            // Whatever it breaks, it stays.
            new.is_lenient = !self.is_kept(&new);
            let ends = self.layout.evaluate(&mut new, 0, true);
            if !ends {
                self.layout.force(&mut new);
            }
            self.install(route, new);
            if !ends {
                // A visit to a disposal site or a break may still mend it.
                self.replace_order(route, kind, &[], UNLIMITED);
            }
        }
    }

    /// The beginning of the route of a vehicle that is under way, with the reloads that it must have made.
    fn executed_elements(&mut self, kind: usize) -> Vec<Element> {
        let vehicle = &self.layout.vehicles[kind];
        let mut elements = vec![Element::START];
        let mut row = vec![0; self.layout.lanes()];
        let mut state = self.layout.root(vehicle, i64::MIN, 0, &mut row);
        for &element in &vehicle.executed {
            let (mut next, mut next_row) = (state, row.clone());
            let towards = self.layout.point(vehicle, element).unwrap_or(state.point);
            let fits = self.layout.extend(vehicle, &mut next, &mut next_row, element, towards, i64::MIN, false);
            if !fits && element.is_stop() && state.trip_stops > 0 && state.on_board == 0 {
                for reload in &vehicle.reload {
                    let (mut other, mut other_row) = (state, row.clone());
                    let reload = Element::reload(reload.depot);
                    if self.layout.extend(vehicle, &mut other, &mut other_row, reload, 0, i64::MIN, false)
                        && self.layout.extend(vehicle, &mut other, &mut other_row, element, 0, i64::MIN, false)
                    {
                        elements.push(reload);
                        (next, next_row) = (other, other_row);
                        break;
                    }
                }
            }
            elements.push(element);
            (state, row) = (next, next_row);
        }
        self.finish_sequence(kind, &mut elements);
        elements
    }

    /// Whether all relations within one route hold, among the stops of its sequence.
    pub(super) fn relations_hold(&self, stops: &[u32]) -> bool {
        self.layout.relations.hold_within(stops, &mut self.marks.borrow_mut())
    }

    /// Whether what has been done breaks no rule by itself.
    fn is_kept(&self, route: &Route) -> bool {
        let mut trial = route.clone();
        trial.states.clear();
        self.layout.evaluate(&mut trial, 0, false) || trial.states.len() + 1 >= trial.elements.len()
    }

    /// Adds what is left of a sequence that a vehicle under way has begun, where that can be driven.
    fn finish_sequence(&mut self, kind: usize, elements: &mut Vec<Element>) {
        let last = elements.iter().rev().find_map(|e| e.node());
        let rest = last.into_iter().flat_map(|u| self.layout.relations.chain(u).skip(1));
        let rest: Vec<Element> = rest.map(|u| Element::stop(u as u32)).collect();
        if rest.is_empty() {
            return;
        }
        let order: Vec<u32> = rest.iter().filter_map(|e| e.node()).map(|u| u as u32).collect();
        let request = Request {
            kind,
            prefix: elements,
            fixed: elements.len(),
            order: &order,
            limit: UNLIMITED,
            site_room: &[],
            effort: Effort::THOROUGH,
            not_before: i64::MIN,
            is_lenient: true,
        };
        let mut trial = Route::default();
        if self.halts.place(self.layout, request, &mut trial)
            && let Some(last) = trial.elements.iter().rposition(|e| e.is_stop())
        {
            *elements = trial.elements[..=last].to_vec();
        }
    }

    #[inline]
    pub(super) fn route_of(&self, u: u32) -> u32 {
        self.place[u as usize].0
    }

    /// Whether any member of a stop's group is served.
    #[inline]
    pub(super) fn is_group_served(&self, u: usize) -> bool {
        let group = self.layout.base.group[u];
        group != NONE && self.group_served[group as usize] > 0
    }

    /// Whether somebody is unserved who is worth any cost.
    pub(super) fn lacks_ranked(&self) -> bool {
        self.missing > 0 || self.classes[1..].iter().any(|&unserved| unserved > 0)
    }

    /// A vehicle of the type that is not in use and may be.
    pub(super) fn unused(&self, kind: usize) -> Option<usize> {
        if self.num_used < self.limit { self.spare_vehicle(kind) } else { None }
    }

    /// A vehicle of the type that is not in use, to take another one's place.
    pub(super) fn spare_vehicle(&self, kind: usize) -> Option<usize> {
        self.unused[kind].last().map(|&r| r as usize)
    }

    /// A route to build in, its buffers kept.
    pub(super) fn take_spare(&mut self) -> Route {
        let mut spare = self.spare.pop().unwrap_or_default();
        // What the route was bound to before does not bind the next one.
        (spare.not_before, spare.hold, spare.is_lenient, spare.is_broken) = (i64::MIN, None, false, false);
        spare
    }

    pub(super) fn give_back(&mut self, route: Route) {
        self.spare.push(route);
    }

    /// Puts an evaluated route in the place of another.
    pub(super) fn install(&mut self, route: usize, mut new: Route) {
        if self.goals.needs_scatter {
            let stops: Vec<u32> = new.stops().collect();
            new.scatter = scatter(self.layout, stops.into_iter());
        }
        self.layout.look_back(&mut new);
        self.put(route, new);
    }

    fn put(&mut self, route: usize, new: Route) {
        let old = std::mem::replace(&mut self.routes[route], new);
        self.cost += self.routes[route].cost - old.cost;
        self.missing += i64::from(self.routes[route].is_broken) - i64::from(old.is_broken);
        self.book(route, &old);
        for p in 0..self.routes[route].elements.len() {
            if let Some(u) = self.routes[route].elements[p].node() {
                let before = std::mem::replace(&mut self.place[u], (route as u32, p as u32));
                if before.0 != route as u32 {
                    self.set_served(u, true);
                }
            }
        }
        self.note_removal_gains(route);
        for u in old.stops() {
            let (at, p) = self.place[u as usize];
            if at == route as u32 && self.routes[route].elements.get(p as usize) != Some(&Element::stop(u)) {
                self.place[u as usize].0 = NONE;
                self.removal_gains[u as usize].route = NONE;
                self.set_served(u as usize, false);
            }
        }
        let (was, is) = (!old.is_empty(), !self.routes[route].is_empty());
        if was != is || old.kind != self.routes[route].kind {
            self.note_use(route, (was, old.kind), (is, self.routes[route].kind));
        }
        if self.is_saved[route] {
            self.spare.push(old);
        } else {
            self.is_saved[route] = true;
            self.saved.push((route, old));
        }
    }

    /// Notes what a first look at the places of a route needs.
    fn note_removal_gains(&mut self, route: usize) {
        let layout = self.layout;
        let own = &self.routes[route];
        let bounded = |x: i64| x.clamp(i64::from(i32::MIN / 4), i64::from(i32::MAX)) as i32;
        let arc = |p: usize| if own.gaps[p].closed { i32::MIN / 4 } else { bounded(own.gaps[p].arc) };
        let one_load = layout.dims == 1 && layout.holds == 0;
        let capacity = layout.vehicles[own.kind].capacity.first().copied().unwrap_or(UNLIMITED);
        let (rooms, lanes) = (layout.rooms(), layout.lanes());
        for p in 1..own.elements.len().max(1) - 1 {
            let Some(u) = own.elements[p].node() else { continue };
            let (mut waste_room, mut delivery_room) = (i32::MAX, i32::MAX);
            if one_load {
                let delivered =
                    own.lanes[p * lanes + Layout::DELIVERED] + own.rooms[p * rooms + layout.room_delivered()];
                waste_room = bounded(own.rooms[p * rooms]);
                delivery_room = bounded(capacity - delivered - own.lanes[p * lanes + layout.lane_peak()]);
            }
            self.removal_gains[u] = RemovalGain {
                route: route as u32,
                position: p as u32,
                from: own.gaps[p - 1].from,
                to: own.gaps[p].to,
                before: arc(p - 1),
                behind: arc(p),
                waste_room,
                delivery_room,
            };
        }
    }

    fn note_use(&mut self, route: usize, (was, old_kind): (bool, usize), (is, kind): (bool, usize)) {
        if was {
            self.num_used -= 1;
        } else if let Some(at) = self.unused[old_kind].iter().position(|&r| r == route as u32) {
            self.unused[old_kind].swap_remove(at);
        }
        if is {
            self.num_used += 1;
        } else {
            self.unused[kind].push(route as u32);
        }
    }

    /// Brings what is left at disposal sites up to date.
    fn book(&mut self, route: usize, old: &Route) {
        if !self.layout.limited_sites {
            return;
        }
        let layout = self.layout;
        let used = &mut self.site_used;
        each_emptied(layout, old, |at, amount| used[at] -= amount);
        each_emptied(layout, &self.routes[route], |at, amount| used[at] += amount);
    }

    /// Whether disposal sites take what all routes leave there, with `new` in the place of a route.
    pub(super) fn sites_take(&mut self, route: usize, new: &Route) -> bool {
        if !self.layout.limited_sites {
            return true;
        }
        let mut room = std::mem::take(&mut self.room);
        self.room_beside(route, &mut room);
        each_emptied(self.layout, new, |at, amount| room[at] -= amount);
        let takes = room.iter().all(|&left| left >= 0);
        self.room = room;
        takes
    }

    /// What disposal sites take beside what all routes but one leave there.
    fn room_beside(&self, route: usize, room: &mut Vec<i64>) {
        room.clear();
        if !self.layout.limited_sites {
            return;
        }
        let dims = self.layout.dims;
        for (k, site) in self.layout.sites.iter().enumerate() {
            let capacity = |d: usize| site.capacity.get(d).copied().unwrap_or(UNLIMITED);
            room.extend((0..dims).map(|d| capacity(d) - self.site_used[k * dims + d]));
        }
        each_emptied(self.layout, &self.routes[route], |at, amount| room[at] += amount);
    }

    /// Whether any disposal site has got more than it takes.
    pub(super) fn overfills(&self) -> bool {
        let dims = self.layout.dims;
        self.layout.limited_sites
            && self.layout.sites.iter().enumerate().any(|(k, site)| {
                site.capacity.iter().take(dims).enumerate().any(|(d, &most)| self.site_used[k * dims + d] > most)
            })
    }

    /// Drives the stops of a route in a new order, with halts placed anew, where that costs less than `limit`.
    pub(super) fn replace_order(&mut self, route: usize, kind: usize, order: &[u32], limit: Cost) -> bool {
        let Some(new) = self.placed(route, kind, order, limit) else { return false };
        self.install(route, new);
        true
    }

    /// The best way to drive an order of stops in the place of a route: what follows the fixed part.
    pub(super) fn placed(&mut self, route: usize, kind: usize, order: &[u32], limit: Cost) -> Option<Route> {
        self.placed_behind(route, kind, self.routes[route].fixed, order, limit)
    }

    /// Where halts need to be placed anew from when a route changes behind a position: from the last emptying before it.
    pub(super) fn window(&self, route: usize, position: usize) -> usize {
        let own = &self.routes[route];
        if self.layout.is_tiny || self.layout.has_releases {
            return own.fixed;
        }
        let emptying = (own.fixed..=position).rev().find(|&p| own.elements[p].is_emptying());
        emptying.map_or(own.fixed, |p| p + 1)
    }

    /// As [`placed`](Self::placed), with the elements before position `keep` as they are: `order` begins with their stops.
    pub(super) fn placed_behind(
        &mut self,
        route: usize,
        kind: usize,
        keep: usize,
        order: &[u32],
        limit: Cost,
    ) -> Option<Route> {
        let mut new = self.take_spare();
        let mut room = std::mem::take(&mut self.room);
        self.room_beside(route, &mut room);
        let own = &self.routes[route];
        let tiny = self.layout.num_stops() <= TINY;
        let kept = own.elements[own.fixed..keep].iter().filter(|e| e.is_stop()).count();
        let request = Request {
            kind,
            prefix: &own.elements[..keep],
            fixed: own.fixed,
            order: &order[kept..],
            limit,
            site_room: &room,
            effort: if tiny { Effort::THOROUGH } else { Effort::QUICK },
            not_before: i64::MIN,
            is_lenient: own.is_lenient,
        };
        let mut found = self.halts.place(self.layout, request, &mut new);
        self.placings += 1;
        let starts = if tiny { self.layout.vehicles[kind].starts() } else { Vec::new() };
        if !starts.is_empty() && (!found || self.placings.is_multiple_of(STARTS_EVERY)) {
            // Where the speed changes, the rests that are due depend on the start; so do breaks.
            for not_before in starts {
                let limit = if found && !self.layout.end_first { new.cost } else { limit };
                let mut other = self.spare.pop().unwrap_or_default();
                let ends = |route: &Route| if self.layout.end_first { route.end } else { 0 };
                if self.halts.place(self.layout, Request { limit, not_before, ..request }, &mut other)
                    && (!found || (ends(&other), other.cost) < (ends(&new), new.cost))
                {
                    std::mem::swap(&mut new, &mut other);
                    found = true;
                }
                self.spare.push(other);
            }
        }
        self.room = room;
        if found && self.sites_take(route, &new) {
            return Some(new);
        }
        self.give_back(new);
        None
    }

    /// What the stops of a new sequence cost at least in the place of a route.
    pub(super) fn least(&mut self, route: usize, kind: usize, order: &[u32]) -> Cost {
        let own = &self.routes[route];
        let effort = if self.layout.num_stops() <= TINY { Effort::THOROUGH } else { Effort::QUICK };
        let prefix = &own.elements[..own.fixed];
        let (not_before, is_lenient) = (i64::MIN, own.is_lenient);
        let fixed = own.fixed;
        let request =
            Request { kind, prefix, fixed, order, limit: UNLIMITED, site_room: &[], effort, not_before, is_lenient };
        self.halts.least(self.layout, request)
    }

    /// The stops of a route behind its fixed part.
    pub(super) fn free_order(&self, route: usize, order: &mut Vec<u32>) {
        let own = &self.routes[route];
        order.clear();
        order.extend(own.elements[own.fixed..].iter().filter_map(|e| e.node()).map(|u| u as u32));
    }

    /// Places the halts of a route anew, where that is better: all of them, or those behind where it has changed.
    pub(super) fn replace_halts(&mut self, route: usize, all: bool) -> bool {
        let kind = self.routes[route].kind;
        if self.routes[route].is_empty() || !self.layout.vehicles[kind].has_halts {
            return false;
        }
        let mut order = std::mem::take(&mut self.order);
        self.free_order(route, &mut order);
        let own = &self.routes[route];
        let (end, cost) = (own.end, own.cost);
        let keep = if all { own.fixed } else { self.window(route, self.first_change(route)) };
        // Where an earlier end counts first, it is worth any cost.
        let end_first = self.layout.end_first;
        let new = self.placed_behind(route, kind, keep, &order, if end_first { UNLIMITED } else { cost });
        let new = new.filter(|new| !end_first || (new.end, new.cost) < (end, cost));
        let found = new.is_some();
        if let Some(new) = new {
            self.install(route, new);
        }
        self.order = order;
        found
    }

    /// The last position up to which a route is as it was when the iteration began.
    fn first_change(&self, route: usize) -> usize {
        let own = &self.routes[route];
        let old = self.saved.iter().find(|saved| saved.0 == route && saved.1.kind == own.kind);
        let same = |old: &Route| own.elements.iter().zip(&old.elements).take_while(|(a, b)| a == b).count();
        old.map_or(0, |(_, old)| same(old)).saturating_sub(1)
    }

    /// A route without some of its stops and without halts that are idle then; `None`: that is infeasible.
    pub(super) fn without(&mut self, route: usize, out: &[u32]) -> Option<Route> {
        let mut new = self.take_spare();
        let own = &self.routes[route];
        (new.kind, new.fixed) = (own.kind, own.fixed);
        new.elements.clear();
        new.elements
            .extend(own.elements.iter().copied().filter(|e| e.node().is_none_or(|u| !out.contains(&(u as u32)))));
        drop_idle(self.layout, &mut new);
        if new.elements.len() <= 2 {
            let kind = new.kind;
            self.give_back(new);
            let mut new = Route::empty(kind);
            self.layout.look_back(&mut new);
            return Some(new);
        }
        let first = own.elements.iter().zip(&new.elements).take_while(|(a, b)| a == b).count();
        // A pause on the way depends on what follows it.
        let vehicle = &self.layout.vehicles[new.kind];
        let from = Layout::halt_before(vehicle, &new.elements, first - 1) + 1;
        if own.not_before == i64::MIN {
            copy_prefix(self.layout, own, &mut new, from);
        } else {
            // With other stops, the route may start earlier again.
            new.is_lenient = own.is_lenient;
            new.states.clear();
        }
        if self.layout.evaluate(&mut new, from, false) {
            return Some(new);
        }
        self.give_back(new);
        None
    }

    /// Takes stops out of a route, with halts that have become idle. Where what is left is infeasible, halts are placed anew;
    /// where that does not help, all that may go goes. Returns whether only the given stops went.
    pub(super) fn take_out(&mut self, route: usize, out: &[u32]) -> bool {
        if let Some(new) = self.without(route, out) {
            self.install(route, new);
            return true;
        }
        let own = &self.routes[route];
        let kind = own.kind;
        let mut order = Vec::new();
        self.free_order(route, &mut order);
        order.retain(|u| !out.contains(u));
        if self.replace_order(route, kind, &order, UNLIMITED) {
            return true;
        }
        let own = &self.routes[route];
        let mut bare = Route::empty(kind);
        if own.fixed > 1 {
            bare.elements = own.elements[..own.fixed].to_vec();
            (bare.fixed, bare.is_lenient) = (own.fixed, own.is_lenient);
            bare.elements.push(Element::END);
            if !self.layout.evaluate(&mut bare, 0, true) {
                self.layout.force(&mut bare);
            }
        }
        self.install(route, bare);
        false
    }

    /// Finds exact starts and costs of the routes that have changed. Returns one that is infeasible, if any is.
    pub(super) fn settle(&mut self) -> Option<usize> {
        for i in 0..self.saved.len() {
            let route = self.saved[i].0;
            if self.routes[route].is_settled {
                continue;
            }
            let before = self.routes[route].cost;
            let feasible = self.layout.settle(&mut self.routes[route], true);
            self.routes[route].is_settled = true;
            if feasible {
                self.cost += self.routes[route].cost - before;
            } else {
                self.routes[route].cost = before;
                let mut order = std::mem::take(&mut self.order);
                self.free_order(route, &mut order);
                let kind = self.routes[route].kind;
                let mended = self.replace_order(route, kind, &order, UNLIMITED);
                self.order = order;
                if !mended {
                    self.routes[route].is_settled = false;
                    return Some(route);
                }
            }
        }
        None
    }

    /// The routes that have changed since the iteration began.
    pub(super) fn changed(&self, list: &mut Vec<u32>) {
        list.clear();
        list.extend(self.saved.iter().map(|(route, _)| *route as u32));
    }

    /// What the solution is worth.
    pub(super) fn value(&self, value: &mut Value) {
        value.clear();
        value.push(self.missing);
        value.extend(self.classes[1..].iter().rev());
        self.goals.rank(self.layout, &self.routes, value);
        value.push(self.cost + self.goals.cost(self.layout, &self.routes));
    }

    /// Panics where anything that is kept up to date differs from what the elements alone say (debug builds).
    #[cfg(debug_assertions)]
    pub(super) fn verify(&self) {
        let m = self.place.len();
        let mut seen = vec![false; m];
        let mut cost = 0;
        for (r, route) in self.routes.iter().enumerate() {
            cost += route.cost;
            for (p, element) in route.elements.iter().enumerate() {
                if let Some(u) = element.node() {
                    assert_eq!(self.place[u], (r as u32, p as u32), "every stop knows its place");
                    assert!(!std::mem::replace(&mut seen[u], true), "no stop is served twice");
                }
            }
        }
        for (route, _) in &self.saved {
            let route = &self.routes[*route];
            if route.is_empty() || route.is_broken {
                continue;
            }
            let mut again = route.clone();
            again.states.clear();
            assert!(self.layout.evaluate(&mut again, 0, true), "every route is feasible: {:?}", route.elements);
            assert_eq!(again.cost, route.cost, "every route costs what its elements do: {:?}", route.elements);
            let mut stops: Vec<u32> = Vec::new();
            stops.extend(route.stops());
            // What has been done already may have broken relations for good.
            assert!(
                route.fixed > 1 || self.relations_hold(&stops),
                "the relations within a route hold: {:?}",
                route.elements
            );
        }
        let data = self.layout.base;
        let mut missing = 0;
        for (u, &served) in seen.iter().enumerate() {
            assert_eq!(served, self.place[u].0 != NONE, "a stop is on a route or on none");
            assert_eq!(self.unserved.contains(u), !served, "what is unserved is known");
            if data.group[u] == NONE && !served {
                missing += i64::from(data.is_required_job(u));
                cost += if data.required[u] { 0 } else { data.prize[u] };
            }
        }
        for members in &data.members {
            if members.iter().all(|&u| !seen[u as usize]) {
                let required = members.first().is_some_and(|&u| data.required[u as usize]);
                missing += i64::from(required);
                cost += members.iter().filter(|_| !required).map(|&u| data.prize[u as usize]).sum::<Cost>();
            }
        }
        missing += self.routes.iter().filter(|route| route.is_broken).count() as i64;
        assert_eq!((self.missing, self.cost), (missing, cost), "the solution's worth is the sum of its parts");
    }

    /// From here on, changes can be undone.
    pub(super) fn begin(&mut self) {
        for (route, old) in self.saved.drain(..) {
            self.is_saved[route] = false;
            self.spare.push(old);
        }
        self.spare.truncate(64);
    }

    /// Undoes all since [`begin`](Self::begin).
    pub(super) fn rollback(&mut self) {
        let mut saved = std::mem::take(&mut self.saved);
        for (route, old) in saved.drain(..) {
            self.is_saved[route] = true;
            self.put(route, old);
            self.is_saved[route] = false;
        }
        self.saved = saved;
        self.spare.truncate(64);
    }

    pub(super) fn snapshot(&self, into: &mut Snapshot) {
        into.routes.resize(self.routes.len(), (0, 1, Vec::new(), (i64::MIN, None), false));
        for (kept, route) in into.routes.iter_mut().zip(&self.routes) {
            (kept.0, kept.1, kept.3, kept.4) =
                (route.kind, route.fixed, (route.not_before, route.hold), route.is_lenient);
            kept.2.clone_from(&route.elements);
        }
        self.value(&mut into.value);
    }

    /// Goes back to a solution.
    pub(super) fn restore(&mut self, snapshot: &Snapshot) {
        for (route, (kind, fixed, elements, start, is_lenient)) in snapshot.routes.iter().enumerate() {
            let own = &self.routes[route];
            if own.kind == *kind && own.elements == *elements && (own.not_before, own.hold) == *start {
                continue;
            }
            if elements.len() <= 2 {
                // An unused vehicle need not be able to drive from its start to its end.
                self.install(route, Route::empty(*kind));
                continue;
            }
            let mut new = self.take_spare();
            (new.kind, new.fixed, new.is_settled) = (*kind, *fixed, true);
            ((new.not_before, new.hold), new.is_lenient) = (*start, *is_lenient);
            new.elements.clone_from(elements);
            new.states.clear();
            let feasible = self.layout.evaluate(&mut new, 0, true);
            debug_assert!(feasible || *fixed > 1, "a solution that was kept is feasible");
            if !feasible {
                self.layout.force(&mut new);
            }
            self.install(route, new);
        }
        self.begin();
    }
}

/// Copies what is known of the first `n` elements of a route.
pub(super) fn copy_prefix(layout: &Layout<'_>, from: &Route, to: &mut Route, n: usize) {
    let width = layout.lanes();
    let n = n.min(from.states.len());
    to.states.clear();
    to.states.extend_from_slice(&from.states[..n]);
    to.lanes.clear();
    to.lanes.extend_from_slice(&from.lanes[..n * width]);
    to.copy_releases(from);
    to.take_over_state(from);
}

/// Visits what a route leaves at disposal sites: the index of site and dimension, and the amount.
fn each_emptied(layout: &Layout<'_>, route: &Route, mut visit: impl FnMut(usize, i64)) {
    let (width, dims) = (layout.lanes(), layout.dims);
    if route.is_empty() {
        return;
    }
    for p in 1..route.elements.len() {
        if let Role::Site(k) = route.elements[p].role() {
            for d in 0..dims {
                let net = layout.lane_net() + d;
                visit(k * dims + d, route.lanes[(p - 1) * width + net] - route.lanes[p * width + net]);
            }
        }
    }
}

/// Takes disposal visits that empty nothing, and reloads of trips that serve nothing, out of a route behind its fixed part.
fn drop_idle(layout: &Layout<'_>, route: &mut Route) {
    let dims = layout.dims;
    let mut on_board = vec![false; layout.holds];
    let mut served = false;
    let mut kept = 0;
    let n = route.elements.len();
    for p in 0..n {
        let element = route.elements[p];
        let idle = match element.role() {
            Role::Stop(u) => {
                served = true;
                if layout.holds > 0 {
                    on_board[layout.stops[u].hold] |= (0..dims).any(|d| layout.waste[u * dims + d] > 0);
                }
                false
            }
            Role::Site(k) => {
                let accepts = &layout.sites[k].accepts;
                let takes = (0..layout.holds).any(|h| accepts[h] && on_board[h]);
                on_board.iter_mut().zip(accepts).for_each(|(full, &accepts)| *full &= !accepts);
                !takes
            }
            Role::Reload(_) => {
                let idle = !served;
                served = false;
                on_board.fill(false);
                idle
            }
            _ => false,
        };
        if !idle || p < route.fixed {
            route.elements[kept] = element;
            kept += 1;
        }
    }
    route.elements.truncate(kept);
    // The last trip, too, must serve something.
    while kept > 2 && kept - 2 >= route.fixed && matches!(route.elements[kept - 2].role(), Role::Reload(_)) {
        route.elements.remove(kept - 2);
        kept -= 1;
    }
    let has_stops = route.elements.iter().any(|e| e.is_stop());
    if !has_stops && route.fixed <= 1 {
        route.elements.clear();
        route.elements.extend([Element::START, Element::END]);
    }
}
