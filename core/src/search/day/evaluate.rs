//! The value of a sequence of stops: the best way found to place disposal visits, breaks, rests and reloads in it, by
//! dynamic programming over the stops with a few labels each.

use crate::search::data::{NONE, Order};
use crate::search::day::data::{DayData, Done, Kind, Site, UNLIMITED};
use crate::search::day::label::{Choice, Frontier, Label, Layout, ROOT, Step, Traveller};
use crate::search::day::ledger::Ledger;
use crate::search::day::schedule::{Schedule, Timed};
use crate::units::{Cost, Duration};

/// From which part of the capacity on a visit to a disposal site is considered before it is necessary.
const EARLY_VISIT: i64 = 2;
/// How many disposal sites are tried between two stops.
const SITES: usize = 3;
/// Most sites in a row, where one does not take everything.
const SITES_IN_A_ROW: usize = 3;
/// How many ways to the end are timed exactly.
const TIMED: usize = 3;

/// A sequence with its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Value {
    pub(super) cost: Cost,
    /// The label at the route's end.
    pub(super) label: u32,
    /// What the measures of goals need.
    pub(super) timed: Timed,
}

/// What comes before the stops to be evaluated: nothing, or the first stops of a route.
#[derive(Clone, Copy)]
pub(super) struct Prefix<'p> {
    pub(super) frontier: &'p Frontier,
    pub(super) stops: &'p [u32],
    /// Whether the labels of the prefix are copied to the frontier of the evaluator.
    pub(super) is_copied: bool,
}

/// The last stops of a sequence as those of a route that was evaluated: what they cost there.
#[derive(Clone, Copy)]
pub(super) struct Suffix<'p> {
    /// By stop: what the rest of the way costs from there on, at least.
    pub(super) to_go: &'p [Cost],
}

/// Where the vehicle goes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Stop(usize),
    End,
}

/// Evaluates sequences; keeps its space.
pub(super) struct Evaluator {
    pub(super) layout: Layout,
    /// Labels of the sequence evaluated last, prefix left out.
    pub(super) frontier: Frontier,
    current: Choice,
    next: Choice,
    queue: Vec<Traveller>,
    queued: usize,
    way: Traveller,
    rest: Vec<Cost>,
    pub(super) schedule: Schedule,
    sites: Vec<(i64, u32)>,
    /// Most disposal sites in a row.
    sites_in_a_row: usize,
    /// Labels at the route's start lie below this.
    roots: u32,
    /// Labels of the prefix are told from own ones by lying below this.
    shift: u32,
}

impl Evaluator {
    pub(super) fn new(data: &DayData<'_>) -> Self {
        let layout = Layout::new(data);
        Self {
            layout,
            frontier: Frontier::default(),
            current: Choice::default(),
            next: Choice::default(),
            queue: Vec::new(),
            queued: 0,
            way: Traveller::new(Label::at(0, 0), &vec![0; layout.width], 0),
            rest: Vec::new(),
            schedule: Schedule::default(),
            sites: Vec::new(),
            sites_in_a_row: if data.sites.iter().all(|site| site.accepts.iter().all(|&a| a)) {
                1
            } else {
                SITES_IN_A_ROW
            },
            roots: 1,
            shift: 0,
        }
    }

    /// Value of the prefix's stops followed by `stops`, the last of which may be known as `suffix`, driven by a vehicle of
    /// the type; `None` where a constraint breaks, or the cost is not below `limit`. Ties between clients are not looked at.
    #[expect(clippy::too_many_arguments, reason = "a sequence in three parts")]
    pub(super) fn evaluate(
        &mut self,
        data: &DayData<'_>,
        ledger: &Ledger,
        kind: usize,
        prefix: Option<Prefix<'_>>,
        stops: &[u32],
        suffix: Option<Suffix<'_>>,
        limit: Cost,
    ) -> Option<Value> {
        self.begin(data, kind, prefix, stops);
        if let Some(suffix) = suffix {
            let from = stops.len() - suffix.to_go.len();
            for (rest, &to_go) in self.rest[from..].iter_mut().zip(suffix.to_go) {
                *rest = (*rest).max(to_go);
            }
        }
        let first = prefix.map_or(0, |p| p.stops.len());
        for (i, &u) in stops.iter().enumerate() {
            // Whom the vehicle has served already it may have served.
            if first + i >= data.kinds[kind].served.len() && !data.vehicle(kind).allows(u as usize) {
                return None;
            }
            let rest = self.rest[i];
            let forced = data.kinds[kind].done.get(first + i);
            if !self.advance(data, ledger, kind, Target::Stop(u as usize), forced, limit.saturating_sub(rest)) {
                return None;
            }
        }
        let forced = data.kinds[kind].done.get(first + stops.len());
        if !self.advance(data, ledger, kind, Target::End, forced, limit) {
            return None;
        }
        self.settle(data, ledger, kind, prefix, stops, limit)
    }

    /// Takes over the labels of the prefix, or begins anew.
    fn begin(&mut self, data: &DayData<'_>, kind: usize, prefix: Option<Prefix<'_>>, stops: &[u32]) {
        self.frontier.clear();
        self.current.clear();
        self.shift = 0;
        let vehicle = data.vehicle(kind);
        if let Some(prefix) = prefix {
            self.roots = prefix.frontier.ends[0];
            let position = prefix.stops.len();
            if prefix.is_copied {
                self.frontier.copy_until(prefix.frontier, position, self.layout.width);
            } else {
                self.shift = prefix.frontier.labels.len() as u32;
            }
            let point = prefix.stops.last().map_or(vehicle.start_point as usize, |&u| u as usize);
            let width = self.layout.width;
            for i in prefix.frontier.at(position) {
                let state = &prefix.frontier.states[i * width..(i + 1) * width];
                self.way.copy_from(&Traveller::new(
                    Label { parent: i as u32, ..prefix.frontier.labels[i] },
                    state,
                    point,
                ));
                self.current.offer(&self.way, data.time_value);
            }
        } else {
            let mut label = Label::at(vehicle.start_early + vehicle.loading, vehicle.fixed_cost);
            label.work = vehicle.loading;
            label.cost += vehicle.cost_per_duration * vehicle.loading;
            let state = vec![0; self.layout.width];
            self.way = Traveller::new(label, &state, vehicle.start_point as usize);
            self.way.label.parent = ROOT;
            for (r, rule) in data.kinds[kind].rules.iter().enumerate() {
                if crate::search::day::data::counts_service(rule) {
                    self.way.state[self.layout.sums + r] = vehicle.loading;
                }
            }
            self.current.offer(&self.way, data.time_value);
            // Whoever begins after a break's time does not owe it.
            let opens = stops.first().map_or(0, |&u| data.windows(u as usize).first().map_or(0, |w| w.early));
            for (b, pause) in data.kinds[kind].breaks.iter().enumerate().take(64) {
                let begin = pause.start.late.saturating_add(1).max(vehicle.start_early);
                if opens > pause.start.late && begin <= vehicle.start_late {
                    self.way.label.breaks |= 1 << b;
                    self.way.label.begins_late = true;
                    self.way.label.time = self.way.label.time.max(begin + vehicle.loading);
                }
            }
            self.current.offer(&self.way, data.time_value);
            self.frontier.push(self.current.ways());
            self.roots = self.frontier.ends[0];
            self.number(0);
        }
        self.bound(data, kind, stops);
    }

    /// Bounds from below what is still to come after each of the stops.
    fn bound(&mut self, data: &DayData<'_>, kind: usize, stops: &[u32]) {
        let (own, vehicle) = (&data.kinds[kind], data.vehicle(kind));
        self.rest.clear();
        self.rest.resize(stops.len(), 0);
        let (mut to, mut rest) = (vehicle.end_point as usize, 0);
        for (i, &u) in stops.iter().enumerate().rev() {
            let u = u as usize;
            // Where speeds change, a way may take less than it says.
            let driving = data.duration(kind, u, to) * 100 / own.top_speed;
            rest += vehicle.cost_per_distance * data.distance(kind, u, to) + vehicle.cost_per_duration * driving;
            (to, self.rest[i]) = (u, rest);
            rest += vehicle.cost_per_duration * own.service[u];
        }
    }

    /// Gives the current labels the numbers that they have in the frontier.
    fn number(&mut self, from: usize) {
        for (i, way) in self.current.ways_mut().iter_mut().enumerate() {
            way.label.parent = self.shift + (from + i) as u32;
            way.forget_steps();
        }
    }

    /// Drives all labels on to `target`, by way of disposal sites, breaks and reloads as that makes sense.
    fn advance(
        &mut self,
        data: &DayData<'_>,
        ledger: &Ledger,
        kind: usize,
        target: Target,
        forced: Option<&Done>,
        limit: Cost,
    ) -> bool {
        self.next.clear();
        for i in 0..self.current.ways().len() {
            self.queued = 0;
            let start = std::mem::take(&mut self.current);
            self.enqueue(&start.ways()[i]);
            self.current = start;
            match forced {
                Some(done) => self.follow(data, ledger, kind, target, done, limit),
                None => self.spread_all(data, ledger, kind, target, limit),
            }
        }
        if self.next.ways().is_empty() {
            return false;
        }
        std::mem::swap(&mut self.current, &mut self.next);
        let from = self.frontier.labels.len();
        self.frontier.push(self.current.ways());
        self.number(from);
        true
    }

    fn enqueue(&mut self, way: &Traveller) {
        if self.queue.len() == self.queued {
            self.queue.push(way.clone());
        } else {
            self.queue[self.queued].copy_from(way);
        }
        self.queued += 1;
    }

    /// Takes what has been done already as it was done; what is still ahead is free again.
    fn follow(&mut self, data: &DayData<'_>, ledger: &Ledger, kind: usize, target: Target, done: &Done, limit: Cost) {
        let mut way = self.queue[0].clone();
        way.done = true;
        let mut pause = None;
        for &step in &done.steps {
            let reached = match step {
                Step::Site(k) => {
                    let reached = self.visit(data, ledger, kind, &mut way, k, pause.take());
                    way.visited = 0;
                    reached
                }
                Step::Break(b) if data.kinds[kind].breaks[b as usize].point.is_some() => {
                    self.break_at_place(data, kind, &mut way, b as usize)
                }
                Step::Break(b) => pause.replace(b as usize).is_none(),
                Step::Rest(length) => {
                    way.pause(&data.kinds[kind], &self.layout, length);
                    way.label.time += length;
                    way.step(step)
                }
                Step::Reload(_) => true,
            };
            if !reached {
                return;
            }
        }
        if done.is_last && pause.is_none() {
            way.done = false;
            self.queue[0].copy_from(&way);
            self.spread_all(data, ledger, kind, target, limit);
        } else if let Target::Stop(u) = target
            && self.serve(data, kind, &mut way, u, pause, true)
            && way.label.cost < limit
        {
            self.next.offer(&way, data.time_value);
        }
    }

    fn spread_all(&mut self, data: &DayData<'_>, ledger: &Ledger, kind: usize, target: Target, limit: Cost) {
        let mut at = 0;
        while at < self.queued {
            self.spread(data, ledger, kind, target, at, limit);
            at += 1;
        }
    }

    /// Finishes a queued label's way to the target in every sensible manner, and queues its visits on the way.
    fn spread(&mut self, data: &DayData<'_>, ledger: &Ledger, kind: usize, target: Target, at: usize, limit: Cost) {
        let mut way = std::mem::replace(&mut self.way, Traveller::new(Label::at(0, 0), &[], 0));
        way.copy_from(&self.queue[at]);
        let direct = self.arrive(data, kind, &mut way, target, None);
        let direct_time = if direct { way.label.time } else { UNLIMITED };
        if direct && way.label.cost < limit {
            self.next.offer(&way, data.time_value);
        }
        for b in 0..data.kinds[kind].breaks.len().min(64) {
            let pause = &data.kinds[kind].breaks[b];
            let here = &self.queue[at].label;
            // A break before anybody could start it, with nothing forcing it, can wait for the next stop.
            let at_open_start = here.parent < self.roots && data.problem.vehicle_types()[kind].start.is_none();
            if here.breaks >> b & 1 == 1
                || here.time > pause.start.late
                || direct_time < pause.start.early
                || at_open_start
            {
                continue;
            }
            way.copy_from(&self.queue[at]);
            if pause.point.is_some() {
                if self.break_at_place(data, kind, &mut way, b) && way.label.cost < limit {
                    self.enqueue(&way);
                }
            } else if self.arrive(data, kind, &mut way, target, Some(b)) && way.label.cost < limit {
                self.next.offer(&way, data.time_value);
            }
        }
        // A sequence that stays together is not left in between.
        let within = matches!(target, Target::Stop(u) if !data.ties.leads(u));
        if !within {
            self.spread_to_sites(data, ledger, kind, target, at, &mut way, direct, limit);
            self.spread_to_reloads(data, kind, target, at, &mut way, direct, limit);
        }
        self.way = way;
    }

    #[expect(clippy::too_many_arguments, reason = "the state of one expansion")]
    fn spread_to_sites(
        &mut self,
        data: &DayData<'_>,
        ledger: &Ledger,
        kind: usize,
        target: Target,
        at: usize,
        way: &mut Traveller,
        direct: bool,
        limit: Cost,
    ) {
        let here = &self.queue[at];
        if data.kinds[kind].sites.is_empty()
            || !self.layout.has_waste(&here.state)
            || here.visited.count_ones() as usize >= self.sites_in_a_row
            || (direct && target != Target::End && !self.is_filled(data, kind, &here.state))
        {
            return;
        }
        self.nearest_sites(data, kind, target, at);
        for i in 0..self.sites.len() {
            let k = self.sites[i].1;
            let lunch = self.break_on_the_way(data, kind, at, k);
            for pause in [None, lunch] {
                way.copy_from(&self.queue[at]);
                if self.visit(data, ledger, kind, way, k, pause) && way.label.cost < limit {
                    self.enqueue(way);
                }
                if lunch.is_none() {
                    break;
                }
            }
        }
    }

    /// A break that may be taken on the way to a disposal site.
    fn break_on_the_way(&self, data: &DayData<'_>, kind: usize, at: usize, k: u32) -> Option<usize> {
        let here = &self.queue[at];
        let site = &data.sites[k as usize];
        let arrival = here.label.time + data.duration(kind, here.point, site.point) + site.service;
        data.kinds[kind]
            .breaks
            .iter()
            .take(64)
            .position(|pause| {
                pause.point.is_none() && here.label.time <= pause.start.late && arrival >= pause.start.early
            })
            .filter(|b| here.label.breaks >> b & 1 == 0)
    }

    /// Lists the few disposal sites that lie best between a label and the target.
    fn nearest_sites(&mut self, data: &DayData<'_>, kind: usize, target: Target, at: usize) {
        let here = &self.queue[at];
        let to = match target {
            Target::Stop(u) => u,
            Target::End => data.vehicle(kind).end_point as usize,
        };
        self.sites.clear();
        let near = |point: usize| data.near_sites(kind, point);
        for &k in near(here.point).iter().chain(near(to)) {
            let site = &data.sites[k as usize];
            if self.sites.iter().any(|s| s.1 == k)
                || here.visited >> (k % 64) & 1 == 1
                || !self.would_empty(site, &here.state)
            {
                continue;
            }
            let way = data.distance(kind, here.point, site.point)
                + data.distance(kind, site.point, to)
                + data.duration(kind, here.point, site.point);
            self.sites.push((way, k));
        }
        self.sites.sort_unstable();
        self.sites.truncate(SITES);
    }

    fn would_empty(&self, site: &Site, state: &[i64]) -> bool {
        let dims = self.layout.dims;
        (0..self.layout.holds).any(|h| site.accepts[h] && state[h * dims..(h + 1) * dims].iter().any(|&q| q > 0))
    }

    /// Whether the vehicle is so full that it pays to think of emptying it.
    fn is_filled(&self, data: &DayData<'_>, kind: usize, state: &[i64]) -> bool {
        let vehicle = data.vehicle(kind);
        let dims = self.layout.dims;
        let own = &data.kinds[kind];
        (0..dims).any(|d| EARLY_VISIT * self.layout.waste(state, d) >= vehicle.capacity[d])
            || own.compartment.iter().enumerate().any(|(h, &c)| {
                c != NONE && (0..dims).any(|d| EARLY_VISIT * state[h * dims + d] >= own.compartments[c as usize][d])
            })
    }

    /// Drives to a disposal site and empties there.
    fn visit(
        &self,
        data: &DayData<'_>,
        ledger: &Ledger,
        kind: usize,
        way: &mut Traveller,
        k: u32,
        pause: Option<usize>,
    ) -> bool {
        let site = &data.sites[k as usize];
        let dims = self.layout.dims;
        let (mut takes, mut fee) = (site.service, site.visit_cost);
        for d in 0..dims {
            let emptied: i64 =
                (0..self.layout.holds).filter(|&h| site.accepts[h]).map(|h| way.state[h * dims + d]).sum();
            if ledger.room(data, k as usize, d) < emptied {
                return false;
            }
            takes += site.unloading.get(d).map_or(0, |rate| rate.of(emptied));
            fee += site.fee.get(d).map_or(0, |rate| rate.of(emptied));
        }
        let Some(arrival) = way.drive(data, &self.layout, kind, site.point, pause, takes) else { return false };
        let Some(start) = open_at(&site.hours, arrival) else { return false };
        if !way.stay(&data.kinds[kind], &self.layout, takes) || !way.step(Step::Site(k)) {
            return false;
        }
        for h in (0..self.layout.holds).filter(|&h| site.accepts[h]) {
            way.state[h * dims..(h + 1) * dims].fill(0);
        }
        way.label.time = start + takes;
        way.label.cost += fee + data.vehicle(kind).cost_per_duration * takes;
        way.visited |= 1 << (k % 64);
        Self::owes_no_break(&data.kinds[kind], way)
    }

    /// Drives to the place of a break and takes it there.
    fn break_at_place(&self, data: &DayData<'_>, kind: usize, way: &mut Traveller, b: usize) -> bool {
        let pause = &data.kinds[kind].breaks[b];
        let Some(point) = pause.point else { return false };
        let Some(arrival) = way.drive(data, &self.layout, kind, point, None, 0) else { return false };
        let start = arrival.max(pause.start.early);
        if start > pause.start.late || !way.step(Step::Break(b as u32)) {
            return false;
        }
        way.pause(&data.kinds[kind], &self.layout, pause.duration);
        way.label.breaks |= 1 << b;
        way.label.time = start + pause.duration;
        if pause.paid {
            way.label.cost += data.vehicle(kind).cost_per_duration * pause.duration;
        }
        Self::owes_no_break(&data.kinds[kind], way)
    }

    /// Whether no break is left whose time has passed.
    fn owes_no_break(kind: &Kind, way: &Traveller) -> bool {
        kind.breaks
            .iter()
            .take(64)
            .enumerate()
            .all(|(b, pause)| way.label.breaks >> b & 1 == 1 || way.label.time <= pause.start.late)
    }

    #[expect(clippy::too_many_arguments, reason = "the state of one expansion")]
    fn spread_to_reloads(
        &mut self,
        data: &DayData<'_>,
        kind: usize,
        target: Target,
        at: usize,
        way: &mut Traveller,
        direct: bool,
        limit: Cost,
    ) {
        let vehicle = data.vehicle(kind);
        if vehicle.reload.is_empty() || target == Target::End || self.queue[at].label.parent < self.roots {
            return;
        }
        let here = &self.queue[at];
        let filled = !direct || here.visited > 0 || self.is_filled(data, kind, &here.state) || data.has_freight;
        if !filled || here.steps().iter().any(|step| matches!(step, Step::Reload(_))) {
            return;
        }
        for k in 0..vehicle.reload.len() {
            way.copy_from(&self.queue[at]);
            if self.reload(data, kind, way, k) && way.label.cost < limit {
                self.enqueue(way);
            }
        }
    }

    /// Ends the trip at a reload depot and begins another one there.
    fn reload(&self, data: &DayData<'_>, kind: usize, way: &mut Traveller, k: usize) -> bool {
        let depot = data.vehicle(kind).reload[k];
        let own = &data.kinds[kind];
        let aboard = self.layout.freight + self.layout.dims;
        if (own.end_empty && self.layout.has_waste(&way.state))
            || (data.has_freight && way.state[aboard..aboard + self.layout.dims].iter().any(|&q| q != 0))
        {
            return false;
        }
        let Some(arrival) = way.drive(data, &self.layout, kind, depot.point as usize, None, depot.loading) else {
            return false;
        };
        let start = arrival.max(depot.early);
        if start > depot.late || !way.stay(own, &self.layout, depot.loading) {
            return false;
        }
        way.label.time = start + depot.loading;
        way.label.cost += data.vehicle(kind).cost_per_duration * depot.loading;
        way.label.trips += 1;
        way.label.backhaul = false;
        way.state[..self.layout.holds * self.layout.dims].fill(0);
        way.state[self.layout.freight..].fill(0);
        way.label.trips as usize <= own.max_trips && way.step(Step::Reload(k as u32)) && Self::owes_no_break(own, way)
    }

    /// Drives to the target, with a break on the way if one is given, and serves there.
    fn arrive(
        &self,
        data: &DayData<'_>,
        kind: usize,
        way: &mut Traveller,
        target: Target,
        pause: Option<usize>,
    ) -> bool {
        match target {
            Target::Stop(u) => self.serve(data, kind, way, u, pause, false),
            Target::End => self.finish(data, kind, way, pause),
        }
    }

    /// Drives to a stop and serves there; `done` says that this has happened, within the limits or not.
    fn serve(
        &self,
        data: &DayData<'_>,
        kind: usize,
        way: &mut Traveller,
        u: usize,
        pause: Option<usize>,
        done: bool,
    ) -> bool {
        let own = &data.kinds[kind];
        let takes: Duration = own.service[u];
        let sites = way.steps().iter().filter(|step| matches!(step, Step::Site(_)));
        way.label.trips += sites.count() as u32;
        let fits = self.load(data, kind, way, u) && way.label.trips as usize <= own.max_trips;
        if !fits && !done {
            return false;
        }
        let Some(arrival) = way.drive(data, &self.layout, kind, u, pause, takes) else { return false };
        let stop = &data.stops[u];
        let ready = arrival.max(stop.release);
        let Some(start) = open_at(data.windows(u), ready).or(done.then_some(ready)) else { return false };
        if !way.stay(own, &self.layout, takes) && !done {
            return false;
        }
        way.label.time = start + takes;
        way.label.cost += data.vehicle(kind).cost_per_duration * takes;
        if let Some(soft) = &stop.soft {
            way.label.cost += soft.cost_per_late * (start - soft.late).max(0);
        }
        match data.base.order[u] {
            Order::Linehaul if way.label.backhaul => return false,
            Order::Backhaul => way.label.backhaul = true,
            _ => {}
        }
        done || Self::owes_no_break(own, way)
    }

    /// Takes the stop's goods on board; false where they do not fit.
    fn load(&self, data: &DayData<'_>, kind: usize, way: &mut Traveller, u: usize) -> bool {
        let own = &data.kinds[kind];
        let capacity = &data.vehicle(kind).capacity;
        let (dims, freight) = (self.layout.dims, self.layout.freight);
        let hold = data.stops[u].hold;
        let mut picks_up = false;
        for (d, &capacity) in capacity.iter().enumerate().take(dims) {
            let q = data.waste[u * dims + d];
            picks_up |= q > 0;
            way.state[hold * dims + d] += q;
            let waste = self.layout.waste(&way.state, d);
            if data.has_freight {
                let delivered = data.delivery[u * dims + d];
                way.state[freight + d] += delivered;
                way.state[freight + dims + d] += data.shipped[u * dims + d];
                let on_board = waste + way.state[freight + dims + d];
                let peak = &mut way.state[freight + 2 * dims + d];
                *peak = (*peak + delivered).max(on_board);
                if *peak > capacity {
                    return false;
                }
            } else if waste > capacity {
                return false;
            }
        }
        if !picks_up {
            return true;
        }
        let compartment = own.compartment[hold];
        if compartment != NONE {
            let fits = |d: usize| {
                let together = (0..self.layout.holds).filter(|&h| own.compartment[h] == compartment);
                let load: i64 = together.map(|h| way.state[h * dims + d]).sum();
                load <= own.compartments[compartment as usize][d]
            };
            if !(0..dims).all(fits) {
                return false;
            }
        }
        let filled = |h: usize| way.state[h * dims..(h + 1) * dims].iter().any(|&q| q > 0);
        own.apart.iter().all(|&(a, b)| !(filled(a) && filled(b)))
    }

    fn finish(&self, data: &DayData<'_>, kind: usize, way: &mut Traveller, pause: Option<usize>) -> bool {
        let own = &data.kinds[kind];
        let vehicle = data.vehicle(kind);
        if own.end_empty && self.layout.has_waste(&way.state) {
            return false;
        }
        let open = data.problem.vehicle_types()[kind].end.is_none();
        let arrival = if open {
            if pause.is_some() {
                return false;
            }
            way.label.time
        } else {
            let Some(arrival) = way.drive(data, &self.layout, kind, vehicle.end_point as usize, pause, 0) else {
                return false;
            };
            arrival
        };
        if arrival > vehicle.end_late {
            return false;
        }
        way.label.time = if open { arrival } else { arrival.max(vehicle.end_early) };
        Self::owes_no_break(own, way)
    }

    /// Finds the cheapest way among those that reach the end, timed exactly where that matters.
    fn settle(
        &mut self,
        data: &DayData<'_>,
        ledger: &Ledger,
        kind: usize,
        prefix: Option<Prefix<'_>>,
        stops: &[u32],
        limit: Cost,
    ) -> Option<Value> {
        let last = self.frontier.ends.len() - 1;
        let mut order: Vec<(Cost, usize)> = self.frontier.at(last).map(|i| (self.frontier.labels[i].cost, i)).collect();
        order.sort_unstable();
        let mut best: Option<Value> = None;
        for &(cost, i) in order.iter().take(TIMED) {
            if cost >= best.map_or(limit, |b| b.cost) {
                break;
            }
            let label = self.shift + i as u32;
            let exact = data.kinds[kind].scheduled || self.frontier.labels[i].begins_late;
            let mut schedule = std::mem::take(&mut self.schedule);
            let mut value = Value { cost, label, timed: Timed::of_label(&self.frontier.labels[i]) };
            let mut holds = true;
            if exact || ledger.is_limited() {
                schedule.list(data, &self.layout, kind, prefix, stops, &self.frontier, self.shift, i);
                holds = ledger.takes(data, &schedule.emptied);
                if holds && exact {
                    let timed = schedule.run(data, kind);
                    holds = timed.is_some_and(|timed| {
                        value = Value { cost: timed.cost, label, timed };
                        value.cost < best.map_or(limit, |b| b.cost)
                    });
                }
            }
            self.schedule = schedule;
            if holds {
                best = Some(value);
                if !exact {
                    break;
                }
            }
        }
        best
    }
}

/// When service can start after an arrival.
pub(super) fn open_at(windows: &[crate::model::TimeWindow], arrival: i64) -> Option<i64> {
    if windows.is_empty() {
        return Some(arrival);
    }
    windows.iter().find(|window| arrival <= window.late).map(|window| arrival.max(window.early))
}
