//! Places disposal visits, reloads, breaks and rests anew over a given order of stops: a forward label programme (as in
//! resource-constrained shortest paths, Irnich & Desaulniers 2005, doi:10.1007/0-387-25486-2_2) with few labels a stop,
//! bounded by what the route may cost.

use crate::search::data::NONE;
use crate::search::general::UNLIMITED;
use crate::search::general::element::{Element, Role};
use crate::search::general::layout::{Layout, Pause, Vehicle};
use crate::search::general::route::Route;
use crate::search::general::state::State;
use crate::units::{Cost, Time};

/// How far the programme looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effort {
    /// Labels kept at each stop.
    width: usize,
    /// Halts in a row between two stops.
    depth: usize,
    /// Complete routes that are evaluated exactly.
    finals: usize,
    /// Whether halts are tried that hardly ever pay.
    thorough: bool,
    /// Whether a longer way may be as good as a shorter one.
    level: bool,
}

impl Effort {
    /// For routes of any length.
    pub(super) const QUICK: Self = Self { width: 5, depth: 3, finals: 2, thorough: false, level: false };
    /// For short routes: nearly everything.
    pub(super) const THOROUGH: Self = Self { width: 32, depth: 4, finals: 24, thorough: true, level: false };
    /// The same where routes should last alike.
    pub(super) const LEVEL: Self = Self { width: 64, level: true, ..Self::THOROUGH };
}

/// From so many percent of its capacity on, a vehicle may empty before it must.
const FILLED: i64 = 50;
/// How many disposal sites are tried on a leg, and how many may follow each other where each takes a waste of its own.
const SITES: usize = 6;
/// With so many ways to the halts of a leg, no further ones are looked for.
const MOST_LABELS: usize = 4_096;

/// A way to reach an element of a route.
#[derive(Clone, Copy)]
struct Label {
    state: State,
    /// What has been paid so far, waiting and overtime left out.
    cost: Cost,
    /// The least that the whole route costs, and something for the time that has passed.
    rank: Cost,
    parent: u32,
    /// The elements since the parent.
    steps: (u32, u32),
    /// Halts since the last stop.
    halts: u32,
}

/// Up to three pauses in a row.
#[derive(Clone, Copy)]
struct Pauses {
    list: [Element; 3],
    length: usize,
}

impl Pauses {
    fn one(pause: Element) -> Self {
        Self { list: [pause; 3], length: 1 }
    }

    fn list(&self) -> &[Element] {
        &self.list[..self.length]
    }
}

/// Which pauses there are on a leg, beside the rests that come due.
#[derive(Clone, Copy)]
enum OnTheWay<'p> {
    /// These before the rests, and one behind them.
    Pauses(&'p [Element], Option<Element>),
    /// Every break that would be too late behind the leg.
    EveryBreak,
}

/// What the programme is asked.
#[derive(Clone, Copy)]
pub(super) struct Request<'r> {
    pub(super) kind: usize,
    /// What stays as it is, from the route's start on.
    pub(super) prefix: &'r [Element],
    /// How many elements of that have been driven already.
    pub(super) fixed: usize,
    /// The stops after it.
    pub(super) order: &'r [u32],
    /// What the route may cost at most; the result costs less.
    pub(super) limit: Cost,
    /// What disposal sites still take, by site and dimension; empty: anything.
    pub(super) site_room: &'r [i64],
    pub(super) effort: Effort,
    /// The vehicle does not leave before.
    pub(super) not_before: Time,
    /// Whether what stays as it is may break rules.
    pub(super) is_lenient: bool,
}

/// The programme, and its space.
#[derive(Default)]
pub(super) struct Halts {
    labels: Vec<Label>,
    rows: Vec<i64>,
    steps: Vec<Element>,
    frontier: Vec<u32>,
    next: Vec<u32>,
    queue: Vec<u32>,
    to_go: Vec<Cost>,
    /// Waste that the order picks up behind each position, by dimension.
    ahead: Vec<i64>,
    /// What a unit of waste costs at least, by hold and dimension; empty where it may stay on board.
    least_fees: Vec<f64>,
    least_visit: Cost,
    /// What the way over a disposal site costs at least, from each position on.
    least_detour: Vec<Cost>,
    sites: Vec<(i64, u32)>,
    pauses: Vec<Pauses>,
    chain: Vec<u32>,
    /// Whether ways of different numbers of trips are not compared: releases tell them apart.
    apart: bool,
    /// When the route starts at the earliest.
    start: Time,
    trial: Route,
}

impl Halts {
    /// The best way to drive an order of stops, in `out`; false: none costs less than the limit.
    pub(super) fn place(&mut self, layout: &Layout<'_>, request: Request<'_>, out: &mut Route) -> bool {
        let vehicle = &layout.vehicles[request.kind];
        if request.order.is_empty() && request.prefix.len() <= 1 {
            *out = Route::empty(request.kind);
            return request.limit > 0;
        }
        if !vehicle.has_halts {
            self.compose(request, &[]);
            return self.evaluate(layout, request.limit, out);
        }
        self.search(layout, request) && self.finish(layout, request, out)
    }

    /// All ways to drive an order of stops that are found to be of use, one after the other, in no order.
    pub(super) fn each(&mut self, layout: &Layout<'_>, request: Request<'_>, visit: &mut dyn FnMut(&Route)) {
        if !layout.vehicles[request.kind].has_halts {
            self.compose(request, &[]);
            if layout.evaluate(&mut self.trial, 0, true) {
                visit(&self.trial);
            }
        } else if self.search(layout, request) {
            let ends = std::mem::take(&mut self.frontier);
            for &id in &ends {
                self.trace(request, id);
                if layout.evaluate(&mut self.trial, 0, true) {
                    visit(&self.trial);
                }
            }
            self.frontier = ends;
        }
    }

    /// Finds ways to drive an order of stops. Whether there are any.
    fn search(&mut self, layout: &Layout<'_>, request: Request<'_>) -> bool {
        self.apart = layout.has_releases;
        self.bound(layout, request);
        if !self.begin(layout, request) {
            return false;
        }
        let mut before = request.prefix.last().and_then(|e| e.node());
        for position in 0..=request.order.len() {
            let target = request.order.get(position).map_or(Element::END, |&u| Element::stop(u));
            let follows =
                |u: usize| target.node().is_some_and(|v| layout.relations.next[u] == v as u32 && v as u32 != NONE);
            let in_sequence = before.is_some_and(follows);
            self.step(layout, request, position, target, in_sequence);
            if self.next.is_empty() {
                return false;
            }
            std::mem::swap(&mut self.frontier, &mut self.next);
            before = target.node();
        }
        true
    }

    /// What serving the rest of the order costs at least, fees of what is picked up on it included.
    fn bound(&mut self, layout: &Layout<'_>, request: Request<'_>) {
        let vehicle = &layout.vehicles[request.kind];
        let (n, dims) = (request.order.len(), layout.dims);
        self.to_go.clear();
        self.to_go.resize(n + 1, 0);
        self.ahead.clear();
        self.ahead.resize((n + 1) * dims, 0);
        self.least_fees.clear();
        self.least_visit = 0;
        if request.effort.thorough {
            // The bound takes for granted that no detour is a short cut.
            return;
        }
        if vehicle.end_empty {
            self.least_fees.extend((0..layout.holds * dims).map(|i| least_fee(layout, vehicle, i / dims, i % dims)));
            let sites = vehicle.sites.iter().map(|&k| &layout.sites[k as usize]);
            let visit = sites.map(|site| site.visit_cost + vehicle.cost_per_duration * site.service).min();
            self.least_visit = visit.unwrap_or(0);
        }
        let mut to = vehicle.end_point;
        let mut sum = 0;
        self.least_detour.clear();
        self.least_detour.resize(n + 1, 0);
        let mut least_detour = UNLIMITED;
        for (position, &u) in request.order.iter().enumerate().rev() {
            let node = u as usize;
            if vehicle.end_empty {
                least_detour = least_detour.min(site_detour(layout, vehicle, u, to));
                self.least_detour[position] = least_detour;
            }
            sum += vehicle.cost_per_distance * layout.distance(vehicle, u, to)
                + vehicle.cost_per_duration * vehicle.speed.shortest(layout.duration(vehicle, u, to));
            self.to_go[position] = sum;
            sum += vehicle.cost_per_duration * layout.service(vehicle, node);
            for d in 0..dims {
                let waste = layout.waste[node * dims + d];
                if vehicle.end_empty {
                    sum += (self.least_fees[layout.stops[node].hold * dims + d] * waste as f64) as Cost;
                }
            }
            // What lies ahead of the stop before this one includes this one.
            if position > 0 {
                for d in 0..dims {
                    self.ahead[(position - 1) * dims + d] = layout.waste[node * dims + d];
                }
            }
            to = u;
        }
        for position in (0..n).rev() {
            for d in 0..dims {
                self.ahead[position * dims + d] += self.ahead[(position + 1) * dims + d];
            }
        }
    }

    /// What emptying costs at least of what is on board behind the stop at a position, by the row that begins at
    /// `row`, and the visits that it takes.
    #[inline]
    fn least_emptying(&self, layout: &Layout<'_>, vehicle: &Vehicle, position: usize, row: usize) -> Cost {
        if self.least_fees.is_empty() {
            return 0;
        }
        let dims = layout.dims;
        let waste = &self.rows[row + layout.lane_waste()..row + layout.lane_effort()];
        let fees: f64 = waste.iter().zip(&self.least_fees).map(|(&load, fee)| load as f64 * fee).sum();
        let mut visits = 0;
        if self.least_visit > 0 || self.least_detour[position] > 0 {
            for d in 0..dims {
                let load: i64 = waste.iter().skip(d).step_by(dims).sum::<i64>() + self.ahead[position * dims + d];
                let most = vehicle.capacity[d];
                if load > 0 && most > 0 {
                    visits = visits.max(if load > most { (load + most - 1) / most } else { 1 });
                }
            }
        }
        fees as Cost + (self.least_visit + self.least_detour[position]) * visits
    }

    /// What driving an order costs at least; nothing where the bound is not known.
    pub(super) fn least(&mut self, layout: &Layout<'_>, request: Request<'_>) -> Cost {
        if request.prefix.len() > 1 || request.order.is_empty() {
            return 0;
        }
        self.bound(layout, request);
        self.whole(layout, request)
    }

    /// The bound of the whole order, all that it picks up included.
    fn whole(&self, layout: &Layout<'_>, request: Request<'_>) -> Cost {
        let (vehicle, dims) = (&layout.vehicles[request.kind], layout.dims);
        let Some(&first) = request.order.first().filter(|_| !request.effort.thorough) else { return 0 };
        let node = first as usize;
        let drive = vehicle.speed.shortest(layout.duration(vehicle, vehicle.start_point, first));
        let mut least = vehicle.fixed_cost
            + vehicle.cost_per_distance * layout.distance(vehicle, vehicle.start_point, first)
            + vehicle.cost_per_duration * (vehicle.loading + drive + layout.service(vehicle, node))
            + self.to_go[0];
        if self.least_fees.is_empty() {
            return least;
        }
        let mut visits = 0;
        for d in 0..dims {
            let own = layout.waste[node * dims + d];
            least += (self.least_fees[layout.stops[node].hold * dims + d] * own as f64) as Cost;
            let (load, most) = (own + self.ahead[d], vehicle.capacity[d]);
            if load > 0 && most > 0 {
                visits = visits.max(if load > most { (load + most - 1) / most } else { 1 });
            }
        }
        least + (self.least_visit + self.least_detour[0]) * visits
    }

    fn begin(&mut self, layout: &Layout<'_>, request: Request<'_>) -> bool {
        let vehicle = &layout.vehicles[request.kind];
        self.labels.clear();
        self.rows.clear();
        self.steps.clear();
        self.frontier.clear();
        self.rows.resize(layout.lanes(), 0);
        let served = request.prefix.iter().filter_map(|e| e.node());
        let first = served.chain(request.order.iter().map(|&u| u as usize).take(1));
        let release = first.map(|u| layout.stops[u].release).max().filter(|&r| r > 0).unwrap_or(Time::MIN);
        let release = release.max(request.not_before);
        let mut state = layout.root(vehicle, release, 0, &mut self.rows);
        self.start = state.begin;
        for p in 1..request.prefix.len() {
            let next = Layout::halt_after(vehicle, request.prefix, p);
            let towards = layout
                .point(vehicle, request.prefix[next])
                .unwrap_or_else(|| request.order.first().copied().unwrap_or(vehicle.end_point));
            if !layout.extend(
                vehicle,
                &mut state,
                &mut self.rows,
                request.prefix[p],
                towards,
                Time::MIN,
                request.is_lenient,
            ) {
                return false;
            }
        }
        let mut cost = vehicle.fixed_cost;
        if request.prefix.len() > 1 {
            cost += vehicle.cost_per_distance * state.distance + vehicle.cost_per_duration * state.work + state.fees;
        } else if self.whole(layout, request) >= request.limit {
            return false;
        }
        self.labels.push(Label { state, cost, rank: cost, parent: NONE, steps: (0, 0), halts: 0 });
        self.frontier.push(0);
        true
    }

    /// From all labels to the next stop, over whatever halts.
    fn step(&mut self, layout: &Layout<'_>, request: Request<'_>, position: usize, target: Element, in_sequence: bool) {
        self.next.clear();
        let mut queue = std::mem::take(&mut self.queue);
        queue.clear();
        queue.extend_from_slice(&self.frontier);
        let mut at = 0;
        while let Some(&id) = queue.get(at) {
            at += 1;
            let direct = self.reach(layout, request, position, id, target, true);
            let depth = request.effort.depth.max(layout.holds.min(SITES));
            if in_sequence || self.labels[id as usize].halts as usize >= depth || queue.len() > MOST_LABELS {
                continue;
            }
            self.halt(layout, request, position, id, target, direct, &mut queue);
        }
        self.queue = queue;
    }

    /// From a label to disposal sites, reloads, and places of breaks on the way to the target.
    #[expect(clippy::too_many_arguments, reason = "a label, where it is, and where it goes")]
    fn halt(
        &mut self,
        layout: &Layout<'_>,
        request: Request<'_>,
        position: usize,
        id: u32,
        target: Element,
        direct: Option<Time>,
        queue: &mut Vec<u32>,
    ) {
        let vehicle = &layout.vehicles[request.kind];
        let label = self.labels[id as usize];
        let thorough = request.effort.thorough;
        let mut go = |this: &mut Self, element: Element| {
            let from = this.labels.len();
            this.reach(layout, request, position, id, element, false);
            queue.extend(from as u32..this.labels.len() as u32);
        };
        for b in 0..vehicle.breaks.len() {
            let pause = &vehicle.breaks[b];
            if pause.point.is_some()
                && label.state.breaks >> b & 1 == 0
                && label.state.leave <= pause.late
                && (thorough || direct.is_none_or(|leave| leave >= pause.early))
            {
                go(self, Element::pause(b));
            }
        }
        let width = layout.lanes();
        let row = id as usize * width..(id as usize + 1) * width;
        let waste = &self.rows[row.clone()][layout.lane_waste()..layout.lane_effort()];
        let has_waste = waste.iter().any(|&load| load > 0);
        let must = direct.is_none() || target == Element::END;
        let wants = must || thorough || self.is_filled(layout, vehicle, id);
        if !vehicle.sites.is_empty() && wants && (has_waste || (thorough && direct.is_none())) {
            self.choose_sites(layout, vehicle, id, target);
            for i in 0..self.sites.len() {
                go(self, Element::site(self.sites[i].1 as usize));
            }
        }
        let trip = label.state.trip_stops > 0 && target != Element::END;
        if trip && wants && label.state.on_board == 0 {
            for reload in &vehicle.reload {
                go(self, Element::reload(reload.depot));
            }
        }
    }

    /// Whether the vehicle is full enough to empty before it must.
    fn is_filled(&self, layout: &Layout<'_>, vehicle: &Vehicle, id: u32) -> bool {
        let (dims, width) = (layout.dims, layout.lanes());
        let row = &self.rows[id as usize * width..(id as usize + 1) * width];
        let part = |h: usize, d: usize| match vehicle.compartment[h] {
            NONE => false,
            part => {
                let most = vehicle.compartments[part as usize][d];
                most < UNLIMITED && row[layout.lane_waste() + h * dims + d] * 100 >= most * FILLED
            }
        };
        (0..dims).any(|d| {
            let load = row[Layout::DELIVERED + d].max(row[layout.lane_net() + d] + row[Layout::DELIVERED + d]);
            (vehicle.capacity[d] < UNLIMITED && load * 100 >= vehicle.capacity[d] * FILLED)
                || (0..layout.holds).any(|h| part(h, d))
        })
    }

    /// The sites worth visiting between a label and the target, nearest to the way first: those that are not closed for the day,
    /// and for each kind of waste at least one.
    fn choose_sites(&mut self, layout: &Layout<'_>, vehicle: &Vehicle, id: u32, target: Element) {
        let width = layout.lanes();
        let row = &self.rows[id as usize * width..(id as usize + 1) * width];
        let state = &self.labels[id as usize].state;
        let from = state.point;
        let to = layout.point(vehicle, target).unwrap_or(vehicle.end_point);
        let dims = layout.dims;
        let has = |h: usize| (0..dims).any(|d| row[layout.lane_waste() + h * dims + d] > 0);
        self.sites.clear();
        for &k in &vehicle.sites {
            let site = &layout.sites[k as usize];
            let drive = vehicle.speed.whole(layout.duration(vehicle, from, site.point));
            let closes = site.hours.last().map_or(UNLIMITED, |hours| hours.late);
            if (0..layout.holds).any(|h| site.accepts[h] && has(h))
                && vehicle.speed.arrival(state.leave, drive) <= closes
            {
                let way = layout.distance(vehicle, from, site.point) + layout.distance(vehicle, site.point, to);
                self.sites.push((way, k));
            }
        }
        self.sites.sort_unstable();
        let mut chosen = 0;
        for i in 0..self.sites.len() {
            let accepts = |k: u32, h: usize| layout.sites[k as usize].accepts[h];
            let is_first_for = |h: usize| {
                accepts(self.sites[i].1, h) && has(h) && !self.sites[..chosen].iter().any(|&(_, k)| accepts(k, h))
            };
            if chosen < SITES || (0..layout.holds).any(is_first_for) {
                self.sites[chosen] = self.sites[i];
                chosen += 1;
            }
        }
        self.sites.truncate(chosen);
    }

    /// From a label straight to an element, with every choice of pauses on the way that is worth a try. Returns when the
    /// vehicle leaves there if it takes no more pauses than it must.
    fn reach(
        &mut self,
        layout: &Layout<'_>,
        request: Request<'_>,
        position: usize,
        id: u32,
        target: Element,
        is_goal: bool,
    ) -> Option<Time> {
        let vehicle = &layout.vehicles[request.kind];
        let direct = self.travel(layout, request, position, id, OnTheWay::Pauses(&[], None), target, is_goal);
        if vehicle.breaks.is_empty() && vehicle.rules.is_empty() {
            return direct;
        }
        let thorough = request.effort.thorough;
        let mut pauses = std::mem::take(&mut self.pauses);
        self.choose_pauses(layout, request, id, target, direct, &mut pauses);
        for one in &pauses {
            self.travel(layout, request, position, id, OnTheWay::Pauses(one.list(), None), target, is_goal);
        }
        let is_break = |one: &&Pauses| one.length == 1 && matches!(one.list[0].role(), Role::Break(_));
        if direct.is_none() && pauses.iter().filter(is_break).count() > 2 {
            self.travel(layout, request, position, id, OnTheWay::EveryBreak, target, is_goal);
        }
        if thorough && !vehicle.rules.is_empty() && !vehicle.speed.flat {
            // A rest that is not due yet moves driving into faster hours.
            for rest in pauses.iter().filter(|one| one.length == 1 && matches!(one.list[0].role(), Role::Rest(_))) {
                self.travel(layout, request, position, id, OnTheWay::Pauses(&[], Some(rest.list[0])), target, is_goal);
            }
        }
        self.pauses = pauses;
        direct
    }

    /// The pauses that are worth a try on the way from a label to an element.
    fn choose_pauses(
        &self,
        layout: &Layout<'_>,
        request: Request<'_>,
        id: u32,
        target: Element,
        direct: Option<Time>,
        pauses: &mut Vec<Pauses>,
    ) {
        let vehicle = &layout.vehicles[request.kind];
        let (label, thorough) = (&self.labels[id as usize], request.effort.thorough);
        pauses.clear();
        for (b, pause) in vehicle.breaks.iter().enumerate() {
            if pause.point.is_none()
                && label.state.breaks >> b & 1 == 0
                && label.state.leave <= pause.late
                && (thorough || direct.is_none_or(|leave| leave >= pause.early))
            {
                pauses.push(Pauses::one(Element::pause(b)));
            }
        }
        if !vehicle.rules.is_empty() {
            for (r, &length) in layout.rests.iter().enumerate() {
                let counts = |rule: &crate::model::DriverRule| {
                    length == rule.rest || rule.split.is_some_and(|split| split.0 == length || split.1 == length)
                };
                // A rest while waiting costs nothing.
                if vehicle.rules.iter().any(counts) && (thorough || Self::waits(layout, vehicle, label, target, length))
                {
                    pauses.push(Pauses::one(Element::rest(r)));
                }
            }
        }
        let singles = pauses.len();
        if direct.is_some() && !(thorough && request.order.len() <= 6) {
            return;
        }
        for a in 0..singles {
            for b in 0..singles {
                let (first, second) = (pauses[a].list[0], pauses[b].list[0]);
                if a != b || matches!(first.role(), Role::Rest(_)) {
                    pauses.push(Pauses { list: [first, second, second], length: 2 });
                }
            }
        }
        if request.effort.level {
            // Who has time to spare may rest longer.
            for a in 0..singles {
                for b in 0..singles {
                    for c in 0..singles {
                        let list = [a, b, c].map(|i| pauses[i].list[0]);
                        if list.iter().all(|pause| matches!(pause.role(), Role::Rest(_))) {
                            pauses.push(Pauses { list, length: 3 });
                        }
                    }
                }
            }
        }
    }

    /// Whether the vehicle would wait at the target for so long.
    fn waits(layout: &Layout<'_>, vehicle: &Vehicle, label: &Label, target: Element, length: i64) -> bool {
        let Some(u) = target.node() else { return false };
        let drive = vehicle.speed.whole(layout.duration(vehicle, label.state.point, u as u32));
        let arrival = vehicle.speed.arrival(label.state.leave, drive);
        layout.opens(&layout.stops[u], arrival).is_some_and(|(begin, _)| begin - arrival >= length)
    }

    /// From a label to an element over pauses on the way and the rests that come due. Offers the result where it is feasible
    /// and may be part of a good route; returns when the vehicle leaves.
    #[expect(clippy::too_many_arguments, reason = "a label, where it goes, and how")]
    fn travel(
        &mut self,
        layout: &Layout<'_>,
        request: Request<'_>,
        position: usize,
        id: u32,
        on_the_way: OnTheWay<'_>,
        target: Element,
        is_goal: bool,
    ) -> Option<Time> {
        /// Most rests in a row on one leg.
        const MOST_RESTS: usize = 10_000;
        let vehicle = &layout.vehicles[request.kind];
        let width = layout.lanes();
        let (row, step) = (self.rows.len(), self.steps.len());
        self.rows.extend_from_within(id as usize * width..(id as usize + 1) * width);
        let mut state = self.labels[id as usize].state;
        let to = layout.point(vehicle, target).unwrap_or(vehicle.end_point);
        let mut paid = 0;
        let mut go = |this: &mut Self, state: &mut State, element: Element, towards: u32| {
            this.steps.push(element);
            paid += paid_length(layout, vehicle, element);
            layout.extend(vehicle, state, &mut this.rows[row..], element, towards, Time::MIN, false)
        };
        let (pauses, last, every_break) = match on_the_way {
            OnTheWay::Pauses(pauses, last) => (pauses, last, false),
            OnTheWay::EveryBreak => (&[][..], None, true),
        };
        let mut ok = pauses.iter().all(|&pause| go(self, &mut state, pause, to));
        let mut rests = 0;
        while ok && (every_break || !vehicle.rules.is_empty()) && rests < MOST_RESTS {
            let due = rest_due(layout, vehicle, &state, &self.rows[row..], target, to);
            let rest = due.and_then(|length| layout.rest(length));
            let pause = if every_break { break_due(layout, vehicle, &state, &self.rows[row..], to) } else { None };
            let Some(halt) = pause.or(rest) else { break };
            ok = go(self, &mut state, halt, to);
            rests += 1;
        }
        ok = ok && last.is_none_or(|rest| go(self, &mut state, rest, to));
        ok = ok && (target != Element::END || vehicle.has_end || self.steps.len() == step);
        ok = ok && go(self, &mut state, target, 0);
        let takes = ok && self.keeps_breaks(vehicle, &state) && self.site_takes(layout, request, id, target, row);
        let left = takes.then_some(state.leave);
        let mut kept = false;
        if takes {
            let label = &self.labels[id as usize];
            let old = &label.state;
            let cost = label.cost
                + vehicle.cost_per_distance * (state.distance - old.distance)
                + vehicle.cost_per_duration * (state.work - old.work + paid)
                + (state.fees - old.fees)
                + (state.soft - old.soft);
            let to_go = match (is_goal, target == Element::END) {
                (true, false) => self.to_go[position] + self.least_emptying(layout, vehicle, position, row),
                // A halt on the way to a stop is on the leg before it.
                (false, _) => self.least_emptying(layout, vehicle, position.saturating_sub(1), row),
                _ => 0,
            };
            if cost + to_go < request.limit {
                let halts = if is_goal { 0 } else { label.halts + 1 };
                let rank = cost + to_go + vehicle.cost_per_duration.max(1) * state.leave / 4;
                let steps = (step as u32, self.steps.len() as u32);
                let new = Label { state, cost, rank, parent: id, steps, halts };
                kept = self.offer(vehicle, request.effort, new, row, is_goal);
            }
        }
        if !kept {
            self.rows.truncate(row);
            self.steps.truncate(step);
        }
        left
    }

    /// Whether no break is due that can no longer be taken.
    fn keeps_breaks(&self, vehicle: &Vehicle, state: &State) -> bool {
        let earliest = self.start;
        vehicle.breaks.iter().enumerate().all(|(b, pause)| {
            state.breaks >> b & 1 == 1
                || state.leave <= pause.late
                || earliest.saturating_add(state.slack) > pause.late
                || earliest > pause.late
        })
    }

    /// Whether a disposal site takes what the vehicle would leave there, with the row that begins at `row` afterwards.
    fn site_takes(&self, layout: &Layout<'_>, request: Request<'_>, id: u32, target: Element, row: usize) -> bool {
        let Role::Site(k) = target.role() else { return true };
        if request.site_room.is_empty() {
            return true;
        }
        let width = layout.lanes();
        let before = &self.rows[id as usize * width..(id as usize + 1) * width];
        (0..layout.dims).all(|d| {
            let net = layout.lane_net() + d;
            before[net] - self.rows[row + net] <= request.site_room[k * layout.dims + d]
        })
    }

    /// Keeps a label, whose row is the last one, unless another one is as good in everything. Whether it was kept.
    fn offer(&mut self, vehicle: &Vehicle, effort: Effort, label: Label, row: usize, is_goal: bool) -> bool {
        if is_goal {
            let width = self.rows.len() - row;
            let own = &self.rows[row..];
            let mut i = 0;
            while i < self.next.len() {
                let other = self.next[i] as usize;
                let other_row = &self.rows[other * width..(other + 1) * width];
                if self.apart && self.labels[other].state.trips != label.state.trips {
                    // When trips are released is known of whole routes only.
                    i += 1;
                    continue;
                }
                if dominates(vehicle, effort, &self.labels[other], other_row, &label, own) {
                    return false;
                }
                if dominates(vehicle, effort, &label, own, &self.labels[other], other_row) {
                    self.next.swap_remove(i);
                } else {
                    i += 1;
                }
            }
            if self.next.len() >= effort.width {
                let worst = (0..self.next.len()).max_by_key(|&i| self.labels[self.next[i] as usize].rank);
                let Some(worst) = worst else { return false };
                if self.labels[self.next[worst] as usize].rank <= label.rank {
                    return false;
                }
                self.next.swap_remove(worst);
            }
            self.next.push(self.labels.len() as u32);
        }
        self.labels.push(label);
        true
    }

    /// Evaluates the most promising complete routes exactly.
    fn finish(&mut self, layout: &Layout<'_>, request: Request<'_>, out: &mut Route) -> bool {
        let vehicle = &layout.vehicles[request.kind];
        let earliest = self.start;
        let price = |label: &Label| {
            let state = &label.state;
            let delay = state.slack.min(state.waited).max(0);
            let paid = state.leave - earliest - delay - state.unpaid;
            vehicle.cost_per_distance * state.distance
                + vehicle.paid_cost(paid)
                + state.fees
                + state.soft
                + vehicle.cost_per_waiting * (state.waited - delay)
        };
        let mut ends = std::mem::take(&mut self.frontier);
        ends.sort_by_cached_key(|&id| {
            let label = &self.labels[id as usize];
            let end = if layout.end_first { label.state.leave } else { 0 };
            (end, price(label), label.state.leave)
        });
        let mut limit = request.limit;
        let mut found = false;
        for &id in ends.iter().take(request.effort.finals) {
            self.trace(request, id);
            if found && layout.end_first && !self.ends_earlier(layout, out) {
                continue;
            }
            if self.evaluate(layout, limit, out) {
                limit = if layout.end_first { request.limit } else { out.cost };
                found = true;
                if !request.effort.thorough {
                    break;
                }
            }
        }
        self.frontier = ends;
        found
    }

    /// Writes the way that a label ends into the trial.
    fn trace(&mut self, request: Request<'_>, id: u32) {
        self.chain.clear();
        let mut at = id;
        while at != NONE {
            self.chain.push(at);
            at = self.labels[at as usize].parent;
        }
        let mut trial = std::mem::take(&mut self.trial.elements);
        trial.clear();
        for &id in self.chain.iter().rev() {
            let (from, to) = self.labels[id as usize].steps;
            trial.extend_from_slice(&self.steps[from as usize..to as usize]);
        }
        self.compose(request, &trial);
    }

    /// Whether the trial ends before another route.
    fn ends_earlier(&mut self, layout: &Layout<'_>, other: &Route) -> bool {
        layout.evaluate(&mut self.trial, 0, true) && (self.trial.end, self.trial.cost) < (other.end, other.cost)
    }

    /// Writes the request's fixed part and the given rest into the trial; without a rest, the bare stops.
    fn compose(&mut self, request: Request<'_>, rest: &[Element]) {
        let mut elements = Vec::with_capacity(request.prefix.len() + request.order.len() + 8);
        elements.extend_from_slice(request.prefix);
        if rest.is_empty() {
            elements.extend(request.order.iter().map(|&u| Element::stop(u)));
            elements.push(Element::END);
        } else {
            elements.extend_from_slice(rest);
        }
        self.trial.kind = request.kind;
        self.trial.fixed = request.fixed;
        (self.trial.not_before, self.trial.is_lenient) = (request.not_before, request.is_lenient);
        self.trial.hold = None;
        self.trial.states.clear();
        self.trial.elements = elements;
    }

    fn evaluate(&mut self, layout: &Layout<'_>, limit: Cost, out: &mut Route) -> bool {
        let kept = layout.evaluate(&mut self.trial, 0, true) && self.trial.cost < limit;
        if kept {
            std::mem::swap(&mut self.trial, out);
        }
        kept
    }
}

/// What the way between two points costs more over the best disposal site.
fn site_detour(layout: &Layout<'_>, vehicle: &Vehicle, from: u32, to: u32) -> Cost {
    let arc = |a: u32, b: u32| {
        vehicle.cost_per_distance * layout.distance(vehicle, a, b)
            + vehicle.cost_per_duration * vehicle.speed.shortest(layout.duration(vehicle, a, b))
    };
    let detours = vehicle.sites.iter().map(|&k| &layout.sites[k as usize]);
    let least = detours.map(|site| arc(from, site.point) + arc(site.point, to)).min().unwrap_or(0);
    (least - arc(from, to)).max(0)
}

/// What emptying a unit of a hold costs at least.
fn least_fee(layout: &Layout<'_>, vehicle: &Vehicle, hold: usize, dimension: usize) -> f64 {
    let sites = vehicle.sites.iter().map(|&k| &layout.sites[k as usize]).filter(|site| site.accepts[hold]);
    let rates =
        sites.map(|site| site.fee.get(dimension).map_or(0.0, |rate| rate.amount as f64 / rate.per.max(1) as f64));
    rates.reduce(f64::min).unwrap_or(0.0)
}

/// The length of a pause as far as it is paid.
fn paid_length(layout: &Layout<'_>, vehicle: &Vehicle, pause: Element) -> i64 {
    match pause.role() {
        Role::Break(b) if vehicle.breaks[b].paid => vehicle.breaks[b].duration,
        Role::Rest(r) if vehicle.paid_rests => layout.rests[r],
        _ => 0,
    }
}

/// The rest that must be taken before the target is reached and served; `None`: none.
fn rest_due(
    layout: &Layout<'_>,
    vehicle: &Vehicle,
    state: &State,
    row: &[i64],
    target: Element,
    to: u32,
) -> Option<i64> {
    let left =
        if state.left >= 0 { state.left } else { vehicle.speed.whole(layout.duration(vehicle, state.point, to)) };
    let drive = vehicle.speed.arrival(state.leave, left) - state.leave;
    let stay = match target.role() {
        Role::Stop(u) => layout.service(vehicle, u),
        Role::Site(k) => layout.sites[k].service,
        _ => 0,
    };
    let mut longest = None;
    for (r, rule) in vehicle.rules.iter().enumerate() {
        let effort = row[layout.lane_effort() + r];
        let ahead = drive + if rule.effort == crate::model::Effort::Work { stay } else { 0 };
        if effort + ahead > rule.max && (effort > 0 || drive > 0) {
            let half = state.split_rest_taken >> r & 1 == 1;
            let length = rule.split.filter(|_| half).map_or(rule.rest, |(_, second)| second.min(rule.rest));
            longest = longest.max(Some(length));
        }
    }
    longest
}

/// The break on the way that comes next: the first that would be too late behind the leg, unless a rest comes before it.
fn break_due(layout: &Layout<'_>, vehicle: &Vehicle, state: &State, row: &[i64], to: u32) -> Option<Element> {
    let left =
        if state.left >= 0 { state.left } else { vehicle.speed.whole(layout.duration(vehicle, state.point, to)) };
    let arrival = vehicle.speed.arrival(state.leave, left);
    let allowance = vehicle.rules.iter().enumerate().map(|(r, rule)| rule.max - row[layout.lane_effort() + r]).min();
    let resting = state.leave.saturating_add(allowance.unwrap_or(UNLIMITED));
    let waits = |b: usize, pause: &Pause| pause.point.is_none() && state.breaks >> b & 1 == 0 && pause.late < arrival;
    let waiting = vehicle.breaks.iter().enumerate().filter(|&(b, pause)| waits(b, pause));
    let (b, pause) = waiting.min_by_key(|(_, pause)| (pause.late, pause.early))?;
    (pause.late <= resting || pause.early <= resting).then(|| Element::pause(b))
}

/// Whether the first label is at least as good as the second in everything that the rest of the route depends on.
fn dominates(vehicle: &Vehicle, effort: Effort, a: &Label, a_row: &[i64], b: &Label, b_row: &[i64]) -> bool {
    let (x, y) = (&a.state, &b.state);
    if x.leave > y.leave
        || (effort.level && x.leave < y.leave)
        || a.cost > b.cost
        || x.breaks & y.breaks != y.breaks
        || x.split_rest_taken & y.split_rest_taken != y.split_rest_taken
        || x.loads + x.emptied + x.trips > y.loads + y.emptied + y.trips
    {
        return false;
    }
    if effort.thorough && vehicle.scheduled {
        let shift = |s: &State| s.slack.min(s.waited);
        if x.slack < y.slack || x.leave - shift(x) - x.unpaid > y.leave - shift(y) - y.unpaid {
            return false;
        }
    }
    if effort.thorough && (x.driving > y.driving || x.work > y.work || x.distance > y.distance) {
        return false;
    }
    a_row.iter().zip(b_row).all(|(a, b)| a <= b)
}
