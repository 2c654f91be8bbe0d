//! A vehicle's route: its elements, what is known up to each, and what is known of the rest from each on.

use crate::search::general::UNLIMITED;
use crate::search::general::element::{Element, Role};
use crate::search::general::layout::{Layout, Vehicle};
use crate::search::general::state::State;
use crate::units::{Cost, Duration, Time};

/// A route.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) kind: usize,
    /// How many elements at the beginning stay as they are.
    pub(super) fixed: usize,
    /// From the start to the end.
    pub(super) elements: Vec<Element>,
    /// By element, driven from the earliest start.
    pub(super) states: Vec<State>,
    /// By element, in rows.
    pub(super) lanes: Vec<i64>,
    /// Between each element and the next.
    pub(super) gaps: Vec<Gap>,
    /// From each element on.
    pub(super) suffixes: Vec<Suffix>,
    /// By element, in rows.
    pub(super) rooms: Vec<i64>,
    /// When the trip that begins with an element is released; empty where nothing has a release.
    pub(super) releases: Vec<Time>,
    pub(super) cost: Cost,
    /// How much later than possible the route starts.
    pub(super) delay: Duration,
    /// When it ends.
    pub(super) end: Time,
    /// Whether start and cost are exact.
    pub(super) is_settled: bool,
    /// How far its stops lie from their middle, together.
    pub(super) scatter: i64,
    /// The vehicle does not leave before.
    pub(super) not_before: Time,
    /// How much later than possible the route must start, where its own choice would not do.
    pub(super) hold: Option<Duration>,
    /// Whether what has been done already may break rules.
    pub(super) is_lenient: bool,
    /// Whether the route is infeasible and stays all the same, since it has been driven in part.
    pub(super) is_broken: bool,
}

/// The place between two elements, as far as a first look goes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gap {
    /// Where the vehicle comes from and drives to, over any pauses.
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) arc: i64,
    /// Whether nothing may come between.
    pub(super) closed: bool,
    /// Whether the trip goes on to serve a stop, and a linehaul.
    pub(super) serves: bool,
    pub(super) linehaul: bool,
    /// Disposal visits ahead that count as loads.
    pub(super) loads: u32,
    /// Holds that may not be filled here.
    pub(super) blocked: u64,
    /// When the latest of what the trip still serves is released.
    pub(super) release: Time,
}

/// What the rest of a route from an element on asks of whatever comes before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Suffix {
    /// The latest arrival at the element with which the rest is in time.
    pub(super) latest: Time,
    /// Time waited from the arrival on.
    pub(super) waiting: Duration,
    /// How much later the arrival could be before anything passes its limit.
    pub(super) slack: Duration,
    /// What each unit of delay costs, in late services of soft windows.
    pub(super) late_rate: Cost,
    /// From which delay on it costs more, and how much more.
    pub(super) late_slack: Duration,
    pub(super) next_late_rate: Cost,
    /// By how much the end moves for each unit of delay.
    pub(super) slope: f32,
}

impl Default for Route {
    fn default() -> Self {
        Self {
            kind: 0,
            fixed: 1,
            elements: Vec::new(),
            states: Vec::new(),
            lanes: Vec::new(),
            gaps: Vec::new(),
            suffixes: Vec::new(),
            rooms: Vec::new(),
            releases: Vec::new(),
            cost: 0,
            delay: 0,
            end: 0,
            is_settled: false,
            scatter: 0,
            not_before: Time::MIN,
            hold: None,
            is_lenient: false,
            is_broken: false,
        }
    }
}

impl Clone for Route {
    fn clone(&self) -> Self {
        let mut copy = Self::default();
        copy.clone_from(self);
        copy
    }

    fn clone_from(&mut self, other: &Self) {
        (self.kind, self.fixed) = (other.kind, other.fixed);
        self.elements.clone_from(&other.elements);
        self.states.clone_from(&other.states);
        self.lanes.clone_from(&other.lanes);
        self.gaps.clone_from(&other.gaps);
        self.suffixes.clone_from(&other.suffixes);
        self.rooms.clone_from(&other.rooms);
        self.releases.clone_from(&other.releases);
        (self.cost, self.delay, self.end) = (other.cost, other.delay, other.end);
        (self.is_settled, self.scatter) = (other.is_settled, other.scatter);
        self.take_over_state(other);
        self.hold = other.hold;
    }
}

impl Route {
    pub(super) fn empty(kind: usize) -> Self {
        Self {
            kind,
            fixed: 1,
            elements: vec![Element::START, Element::END],
            is_settled: true,
            not_before: Time::MIN,
            ..Self::default()
        }
    }

    /// Takes over what another version of the route is bound to.
    pub(super) fn take_over_state(&mut self, other: &Self) {
        (self.not_before, self.is_lenient, self.is_broken) = (other.not_before, other.is_lenient, other.is_broken);
    }

    /// How many elements at the beginning count as done, whatever they break.
    #[inline]
    fn done(&self) -> usize {
        if self.is_lenient { self.fixed } else { 0 }
    }

    /// Whether nothing happens on it.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.elements.len() <= 2
    }

    pub(super) fn stops(&self) -> impl Iterator<Item = u32> + '_ {
        self.elements.iter().filter_map(|e| e.node()).map(|u| u as u32)
    }

    pub(super) fn num_stops(&self) -> usize {
        self.states.last().map_or(0, |state| state.stops as usize)
    }

    pub(super) fn last(&self) -> &State {
        &self.states[self.states.len() - 1]
    }

    /// When the route could start at the earliest.
    pub(super) fn earliest(&self) -> Time {
        self.states[0].begin
    }

    /// Takes over when trips are released, as far as another route knows.
    pub(super) fn copy_releases(&mut self, other: &Self) {
        self.releases.clone_from(&other.releases);
    }

    #[inline]
    fn release(&self, position: usize) -> Time {
        self.releases.get(position).copied().unwrap_or(Time::MIN)
    }
}

impl Layout<'_> {
    /// Whether an element is a pause on the way.
    #[inline]
    pub(super) fn is_on_the_way(vehicle: &Vehicle, element: Element) -> bool {
        match element.role() {
            Role::Break(b) => vehicle.breaks[b].point.is_none(),
            Role::Rest(_) => true,
            _ => false,
        }
    }

    /// The position of the last element up to `position` that is no pause on the way.
    #[inline]
    pub(super) fn halt_before(vehicle: &Vehicle, elements: &[Element], mut position: usize) -> usize {
        while position > 0 && Layout::is_on_the_way(vehicle, elements[position]) {
            position -= 1;
        }
        position
    }

    /// The position of the first element from `position` on that is no pause on the way.
    #[inline]
    pub(super) fn halt_after(vehicle: &Vehicle, elements: &[Element], mut position: usize) -> usize {
        while position + 1 < elements.len() && Layout::is_on_the_way(vehicle, elements[position]) {
            position += 1;
        }
        position
    }

    /// Where the vehicle drives during the pause at a position; of all else, nothing of interest.
    #[inline]
    fn next_point(&self, vehicle: &Vehicle, elements: &[Element], position: usize) -> u32 {
        if !Layout::is_on_the_way(vehicle, elements[position]) {
            return 0;
        }
        let next = Layout::halt_after(vehicle, elements, position);
        self.point(vehicle, elements[next]).unwrap_or(vehicle.end_point)
    }

    /// Whether a break stands where the vehicle neither comes from anywhere nor goes anywhere.
    fn ends_with_pause(vehicle: &Vehicle, elements: &[Element]) -> bool {
        let n = elements.len();
        n > 2 && !vehicle.has_end && matches!(elements[n - 2].role(), Role::Break(_) | Role::Rest(_))
    }

    /// Recomputes what is known up to each element from position `from` on, and the cost. Whether the route is feasible.
    pub(super) fn evaluate(&self, route: &mut Route, mut from: usize, exactly: bool) -> bool {
        let vehicle = &self.vehicles[route.kind];
        let (n, width) = (route.elements.len(), self.lanes());
        if self.has_releases && self.find_releases(route) {
            from = 0;
        }
        if route.states.len() < from.max(1) {
            from = 0;
        }
        route.lanes.resize(n * width, 0);
        if from == 0 {
            let release = route.release(0).max(route.not_before);
            let root = self.root(vehicle, release, 0, &mut route.lanes[..width]);
            route.states.clear();
            route.states.push(root);
            from = 1;
            if root.begin > vehicle.start_late && !route.is_lenient && n > 2 {
                return false;
            }
        }
        route.states.truncate(from);
        let done = route.done();
        route.is_broken = false;
        let driven =
            if vehicle.lean { self.drive::<true>(route, from, done) } else { self.drive::<false>(route, from, done) };
        driven && !Self::ends_with_pause(vehicle, &route.elements) && self.settle(route, exactly)
    }

    /// Drives a route from an element on; what comes before `done` has happened. Whether nothing is infeasible on the way.
    fn drive<const LEAN: bool>(&self, route: &mut Route, from: usize, done: usize) -> bool {
        let vehicle = &self.vehicles[route.kind];
        let (n, width) = (route.elements.len(), self.lanes());
        route.states.reserve(n - from);
        let mut state = route.states[from - 1];
        for p in from..n {
            let next = if LEAN { 0 } else { self.next_point(vehicle, &route.elements, p) };
            let (element, release) = (route.elements[p], route.release(p));
            let (before, row) = route.lanes.split_at_mut(p * width);
            let row = &mut row[..width];
            copy_row(&before[(p - 1) * width..], row);
            if !self.extend_as::<LEAN>(vehicle, &mut state, row, element, next, release, !LEAN && p < done) {
                return false;
            }
            route.states.push(state);
        }
        true
    }

    /// Fills in the states of a route whatever it breaks.
    pub(super) fn force(&self, route: &mut Route) {
        let vehicle = &self.vehicles[route.kind];
        let (n, width) = (route.elements.len(), self.lanes());
        route.lanes.resize(n * width, 0);
        if route.states.is_empty() {
            let release = route.release(0).max(route.not_before);
            let root = self.root(vehicle, release, 0, &mut route.lanes[..width]);
            route.states.push(root);
        }
        for p in route.states.len()..n {
            let mut state = route.states[p - 1];
            let next = self.next_point(vehicle, &route.elements, p);
            let (before, row) = route.lanes.split_at_mut(p * width);
            row[..width].copy_from_slice(&before[(p - 1) * width..]);
            self.extend(vehicle, &mut state, &mut row[..width], route.elements[p], next, Time::MIN, true);
            route.states.push(state);
        }
        self.settle(route, false);
        route.is_settled = true;
        route.is_broken = n > 2;
    }

    /// Finds when each trip is released. Whether that has changed.
    fn find_releases(&self, route: &mut Route) -> bool {
        let mut changed = route.releases.len() != route.elements.len();
        route.releases.resize(route.elements.len(), Time::MIN);
        let mut release = Time::MIN;
        for p in (0..route.elements.len()).rev() {
            let mut own = Time::MIN;
            match route.elements[p].role() {
                Role::Stop(u) if self.stops[u].release > 0 => release = release.max(self.stops[u].release),
                Role::Start | Role::Reload(_) => own = std::mem::replace(&mut release, Time::MIN),
                _ => {}
            }
            changed |= std::mem::replace(&mut route.releases[p], own) != own;
        }
        changed
    }

    /// Decides when the route starts, and what it costs then. Where that is not asked for exactly, a formula does that holds
    /// without pauses on the way and changes of speed. Whether the route is feasible.
    pub(super) fn settle(&self, route: &mut Route, exactly: bool) -> bool {
        let vehicle = &self.vehicles[route.kind];
        let last = *route.last();
        (route.delay, route.end, route.is_settled) = (0, last.leave, true);
        if route.is_empty() {
            route.cost = 0;
            return true;
        }
        let late = last.distance > vehicle.max_distance;
        let fixed_part = vehicle.fixed_cost + vehicle.cost_per_distance * last.distance + last.fees;
        if !vehicle.scheduled {
            route.cost = fixed_part;
            return !late;
        }
        if let Some(delay) = route.hold {
            let mut best = None;
            self.try_start(route, delay, fixed_part, &mut best);
            if let Some((cost, end, delay)) = best {
                (route.cost, route.end, route.delay) = (cost, end, delay);
                return !late;
            }
            route.hold = None;
        }
        let delay = last.slack.min(last.waited).max(0);
        if vehicle.simple_start || !exactly {
            let duration = last.leave - route.earliest() - delay;
            route.delay = delay;
            route.is_settled = vehicle.simple_start;
            route.cost = fixed_part
                + last.soft
                + vehicle.paid_cost(duration - last.unpaid)
                + vehicle.cost_per_waiting * (last.waited - delay);
            return !late && duration <= Layout::longest(vehicle) && !self.misses_break(route);
        }
        let mut best: Option<(Cost, Time, Duration)> = None;
        self.try_start(route, 0, fixed_part, &mut best);
        let as_early = self.try_start(route, delay, fixed_part, &mut best) == Some(last.leave);
        if !vehicle.speed.flat && (last.waited > 0 || self.is_tiny) {
            self.bisect(route, if as_early { delay } else { 0 }, fixed_part, &mut best);
        }
        self.try_others(route, fixed_part, &mut best);
        let Some((cost, end, delay)) = best else { return false };
        (route.cost, route.end, route.delay) = (cost, end, delay);
        !late
    }

    /// Whether a route that is driven to its end passes a break that is due.
    pub(super) fn misses_break(&self, route: &Route) -> bool {
        let vehicle = &self.vehicles[route.kind];
        if vehicle.breaks.is_empty() || route.states.len() < route.elements.len() {
            return false;
        }
        let last = route.last();
        let start = route.earliest() + last.slack.min(last.waited).max(0);
        vehicle.breaks.iter().enumerate().any(|(b, pause)| pause.is_due(last.breaks >> b & 1 == 1, start, last.leave))
    }

    /// The longest duration that a formula may say: where speeds change, it says too much.
    pub(super) fn longest(vehicle: &Vehicle) -> Duration {
        if vehicle.speed.flat || vehicle.max_duration >= UNLIMITED {
            vehicle.max_duration
        } else {
            vehicle.max_duration + vehicle.max_duration / 16
        }
    }

    /// Looks for a later start with which the route ends as early, where speeds change.
    fn bisect(&self, route: &Route, mut low: Duration, fixed_part: Cost, best: &mut Option<(Cost, Time, Duration)>) {
        /// How many starts are tried.
        const STEPS: usize = 7;
        let vehicle = &self.vehicles[route.kind];
        let last = route.last();
        // Who drives faster may leave later than for so long as there is waiting.
        let gained = vehicle.speed.highest() / vehicle.speed.lowest() + 1;
        let mut high = ((last.waited + 1) * gained).min(vehicle.start_late - route.earliest());
        for _ in 0..if self.is_tiny { 4 * STEPS } else { STEPS } {
            if high <= low {
                return;
            }
            let middle = high - (high - low) / 2;
            if self.try_start(route, middle, fixed_part, best) == Some(last.leave) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
    }

    /// Starts that pay although the route ends later for them: for soft windows that are not open yet.
    fn try_others(&self, route: &Route, fixed_part: Cost, best: &mut Option<(Cost, Time, Duration)>) {
        /// Most stops whose soft windows are waited for.
        const MOST: usize = 12;
        let last = route.last();
        let mut tried = 0;
        for p in 1..route.elements.len() {
            let Some(u) = route.elements[p].node() else { continue };
            let stop = &self.stops[u];
            let state = &route.states[p];
            if stop.early_rate > 0 && state.begin < stop.soft_early && tried < MOST {
                tried += 1;
                let waited = route.states[p - 1].waited;
                self.try_start(route, waited + stop.soft_early - state.arrival, fixed_part, best);
                // As late as all windows allow.
                self.try_start(route, last.slack, fixed_part, best);
            }
        }
    }

    /// Drives the route from a later start, and keeps it where that costs less. When it ends then.
    fn try_start(
        &self,
        route: &Route,
        delay: Duration,
        fixed_part: Cost,
        best: &mut Option<(Cost, Time, Duration)>,
    ) -> Option<Time> {
        let vehicle = &self.vehicles[route.kind];
        if !(0..UNLIMITED / 2).contains(&delay) || best.is_some_and(|b| b.2 == delay) {
            return None;
        }
        let state = if delay == 0 { *route.last() } else { self.simulate(route, delay)? };
        let (start, end) = (route.earliest() + delay, state.leave);
        let is_due = |b: usize| vehicle.breaks[b].is_due(state.breaks >> b & 1 == 1, start, end);
        // Where the vehicle starts anywhere, the route begins when it first stands.
        let idle = if vehicle.has_start { 0 } else { Layout::first_wait(route, delay) };
        let start = start + idle;
        if (0..vehicle.breaks.len()).any(is_due) || end - start > vehicle.max_duration {
            return Some(end);
        }
        let paid = vehicle.paid_cost(end - start - state.unpaid);
        let cost = fixed_part + state.soft + paid + vehicle.cost_per_waiting * (state.waited - idle);
        let rank = |cost: Cost, end: Time, delay: Duration| {
            let late = if self.end_first { end } else { 0 };
            (late, cost + self.end_weight * end, end, -delay)
        };
        if best.is_none_or(|b| rank(cost, end, delay) < rank(b.0, b.1, b.2)) {
            *best = Some((cost, end, delay));
        }
        Some(end)
    }

    /// When the route starts: where nothing depends on it, as late as it can without ending later.
    pub(super) fn start(&self, route: &Route) -> Time {
        let vehicle = &self.vehicles[route.kind];
        let last = route.last();
        let mut delay = route.delay;
        let later = last.slack.min(last.waited).max(0);
        if !vehicle.scheduled && later > 0 && self.simulate(route, later).is_some_and(|state| state.leave == last.leave)
        {
            delay = later;
        }
        let idle = if vehicle.has_start { 0 } else { Layout::first_wait(route, delay) };
        route.earliest() + delay + idle
    }

    /// How long a vehicle without a start would wait at its first halt.
    pub(super) fn first_wait(route: &Route, delay: Duration) -> Duration {
        let first = route.states[1];
        (first.begin - first.arrival - delay).max(0)
    }

    /// Drives the route from a start that is `delay` later than possible; `None`: infeasible.
    pub(super) fn simulate(&self, route: &Route, delay: Duration) -> Option<State> {
        let mut effort = [0_i64; 64];
        let vehicle = &self.vehicles[route.kind];
        let mut row = [0_i64; 64];
        let width = self.lanes();
        let mut long_row = Vec::new();
        let row = if width <= row.len() {
            &mut row[..width]
        } else {
            long_row.resize(width, 0);
            &mut long_row[..]
        };
        let mut state = self.root(vehicle, route.release(0).max(route.not_before), delay, row);
        let rules = vehicle.rules.len();
        effort[..rules].copy_from_slice(&row[self.lane_effort()..self.lane_effort() + rules]);
        if state.begin > vehicle.start_late {
            return None;
        }
        for p in 1..route.elements.len() {
            let own = &route.states[p];
            let step = (
                self.next_point(vehicle, &route.elements, p),
                own.leave - own.begin,
                route.release(p),
                p < route.done(),
            );
            if !self.advance(vehicle, &mut state, &mut effort[..rules], route.elements[p], step) {
                return None;
            }
        }
        Some(state)
    }

    // Where quantities stand in a row of rooms.

    /// How much more each hold takes until it is emptied, by hold and dimension.
    #[inline]
    pub(super) fn room_rows(&self) -> usize {
        self.holds.max(1) * self.dims
    }

    /// What the trip still delivers after the element.
    #[inline]
    pub(super) fn room_delivered(&self) -> usize {
        self.room_rows()
    }

    /// The most effort without a rest with which the element may be reached.
    #[inline]
    pub(super) fn room_effort(&self) -> usize {
        self.room_rows() + self.dims
    }

    /// The disposal site that is next to take what is in a hold; negative: none on this trip.
    #[inline]
    pub(super) fn room_site(&self) -> usize {
        self.room_effort() + self.max_rules
    }

    #[inline]
    pub(super) fn rooms(&self) -> usize {
        self.room_site() + self.holds
    }

    /// Recomputes what the rest of a route asks from each element on, and the gaps.
    pub(super) fn look_back(&self, route: &mut Route) {
        if self.vehicles[route.kind].lean {
            self.look_back_as::<true>(route);
        } else {
            self.look_back_as::<false>(route);
        }
    }

    fn look_back_as<const LEAN: bool>(&self, route: &mut Route) {
        let vehicle = &self.vehicles[route.kind];
        let (n, width, dims) = (route.elements.len(), self.rooms(), self.dims);
        if route.states.len() < n {
            // An empty route has no states yet, whether or not it could be driven.
            self.force(route);
        }
        // All is written anew.
        route.rooms.resize(n * width, 0);
        let end = &route.states[n - 1];
        let mut suffix = Suffix {
            latest: vehicle.end_late.max(end.arrival),
            waiting: end.begin - end.arrival,
            slack: end.limit - end.arrival,
            late_rate: 0,
            late_slack: UNLIMITED,
            next_late_rate: 0,
            slope: 1.0,
        };
        let mut ahead = Gap::default();
        route.suffixes.resize(n, suffix);
        route.suffixes[n - 1] = suffix;
        route.gaps.resize(n, Gap::default());
        {
            let row = &mut route.rooms[(n - 1) * width..];
            row.fill(0);
            row[..self.room_rows()].fill(UNLIMITED);
            row[self.room_site()..].fill(-1);
            for (r, rule) in vehicle.rules.iter().enumerate() {
                row[self.room_effort() + r] = rule.max;
            }
        }
        let mut delivered = vec_of(&route.lanes, n - 1, self.lanes(), dims);
        // Behind the element: the latest arrival at the next halt, where it is, and pauses before it.
        let (mut latest, mut to, mut resting) = (suffix.latest, vehicle.end_point, 0);
        let mut must_leave = UNLIMITED;
        for p in (0..n - 1).rev() {
            self.look_back_from::<LEAN>(route, p, &mut ahead, &mut delivered);
            let (element, state) = (route.elements[p], &route.states[p]);
            let takes = state.leave - state.begin;
            if !LEAN && Layout::is_on_the_way(vehicle, element) {
                must_leave -= takes;
                resting += takes;
                if let Role::Break(b) = element.role() {
                    must_leave = must_leave.min(vehicle.breaks[b].late);
                }
                suffix.slack =
                    (state.limit - route.states[p - 1].leave).min(state.begin - state.arrival + suffix.slack);
            } else {
                if self.timed {
                    let drive = self.duration(vehicle, state.point, to);
                    let leave = if LEAN {
                        latest - drive
                    } else {
                        let drive = vehicle.speed.whole(drive);
                        vehicle.speed.latest_departure(latest - resting, drive).min(must_leave)
                    };
                    suffix.latest = self.latest_arrival(vehicle, element, leave - takes).max(state.arrival);
                }
                suffix.slack = (state.limit - state.arrival).min(state.begin - state.arrival + suffix.slack);
                let next = if LEAN { p + 1 } else { Layout::halt_after(vehicle, &route.elements, p + 1) };
                let arc = route.states[next].distance - state.distance;
                let closed = self.is_closed(route, p, next);
                for gap in &mut route.gaps[p..next] {
                    (gap.from, gap.to, gap.arc, gap.closed) = (state.point, to, arc, closed);
                }
                (latest, to, resting, must_leave) = (suffix.latest, self.arrival_point(vehicle, element), 0, UNLIMITED);
            }
            suffix.waiting += state.begin - state.arrival;
            if !LEAN && !vehicle.speed.flat {
                let (from, to) = (state.leave, route.states[p + 1].arrival);
                let (from, to) = (vehicle.speed.percent_at(from), vehicle.speed.percent_at(to));
                if from != to {
                    suffix.slope *= from as f32 / to as f32;
                }
            }
            self.note_soft(element, state, &mut suffix);
            route.suffixes[p] = suffix;
        }
    }

    fn arrival_point(&self, vehicle: &Vehicle, element: Element) -> u32 {
        self.point(vehicle, element).unwrap_or(vehicle.end_point)
    }

    /// Whether a route empties more often than what it picks up and delivers asks, were every trip filled to the brim.
    pub(super) fn spare_emptyings(&self, route: &Route) -> bool {
        let vehicle = &self.vehicles[route.kind];
        let mut visits = route.elements.iter().filter(|e| e.is_emptying()).count();
        if visits == 0 {
            return false;
        }
        let (dims, holds) = (self.dims, self.holds.max(1));
        let mut on_board = [0; 32];
        let Some(load) = on_board.get_mut(..holds * dims) else { return true };
        for u in route.stops() {
            let (u, hold) = (u as usize, self.stops[u as usize].hold);
            let fits = (0..dims).all(|d| {
                let at = u * dims + d;
                let added = self.waste[at] + self.delivery[at];
                let all: i64 = (0..holds).map(|h| load[h * dims + d]).sum();
                let part = vehicle.compartment.get(hold).filter(|&&part| part != crate::search::data::NONE);
                let most = part.map_or(UNLIMITED, |&part| vehicle.compartments[part as usize][d]);
                all + added <= vehicle.capacity[d] && load[hold * dims + d] + added <= most
            });
            if !fits {
                load.fill(0);
                visits = visits.saturating_sub(1);
            }
            for d in 0..dims {
                load[hold * dims + d] += self.waste[u * dims + d] + self.delivery[u * dims + d];
            }
        }
        visits > usize::from(vehicle.end_empty)
    }

    /// Whether nothing may come between the halts at two positions: they follow each other in a sequence, or are past.
    fn is_closed(&self, route: &Route, from: usize, to: usize) -> bool {
        let next = |u: usize| self.relations.next[u];
        to < route.fixed
            || (self.relations.any()
                && route.elements[from]
                    .node()
                    .is_some_and(|u| route.elements[to].node().is_some_and(|v| next(u) == v as u32)))
    }

    /// Lateness of soft windows, seen from before the element.
    fn note_soft(&self, element: Element, state: &State, suffix: &mut Suffix) {
        if !self.has_soft {
            return;
        }
        if let Some(u) = element.node()
            && self.stops[u].late_rate > 0
        {
            let stop = &self.stops[u];
            if state.begin >= stop.soft_late {
                suffix.late_rate += stop.late_rate;
            } else if stop.soft_late - state.begin < suffix.late_slack {
                (suffix.late_slack, suffix.next_late_rate) = (stop.soft_late - state.begin, stop.late_rate);
            }
        }
        if suffix.late_slack < UNLIMITED {
            suffix.late_slack += state.begin - state.arrival;
        }
    }

    /// The latest arrival at an element that begins at `begin` at the latest.
    fn latest_arrival(&self, vehicle: &Vehicle, element: Element, begin: Time) -> Time {
        let among = |windows: &[crate::model::TimeWindow]| {
            if windows.is_empty() {
                return begin;
            }
            let open = windows.iter().rev().find(|w| w.early <= begin);
            open.map_or(-UNLIMITED, |w| begin.min(w.late))
        };
        match element.role() {
            Role::Stop(u) => {
                let stop = &self.stops[u];
                let windows = self.windows(stop);
                if !windows.is_empty() {
                    among(windows)
                } else if begin < stop.early {
                    -UNLIMITED
                } else {
                    begin.min(stop.late)
                }
            }
            Role::Site(k) => among(&self.sites[k].hours),
            Role::Reload(depot) => vehicle.reload_at(depot).map_or(begin, |reload| begin.min(reload.late)),
            Role::Break(b) => begin.min(vehicle.breaks[b].late),
            _ => begin,
        }
    }

    /// Loads, rests and orders: the part of [`look_back`](Self::look_back) that concerns the gap behind position `p`.
    fn look_back_from<const LEAN: bool>(&self, route: &mut Route, p: usize, ahead: &mut Gap, delivered: &mut [i64; 8]) {
        let vehicle = &self.vehicles[route.kind];
        let (dims, width, lanes) = (self.dims, self.rooms(), self.lanes());
        let (next, state) = (route.elements[p + 1], &route.states[p]);
        let (rows, later) = route.rooms.split_at_mut((p + 1) * width);
        let (row, later) = (&mut rows[p * width..], &later[..width]);
        row.copy_from_slice(later);
        let own = &route.lanes[p * lanes..(p + 1) * lanes];
        let ends_trip = matches!(next.role(), Role::Reload(_) | Role::End);
        if ends_trip {
            row[..self.room_rows()].fill(UNLIMITED);
            row[self.room_site()..].fill(-1);
            if dims <= delivered.len() {
                delivered[..dims].copy_from_slice(&own[Self::DELIVERED..Self::DELIVERED + dims]);
            }
            (ahead.serves, ahead.linehaul, ahead.blocked, ahead.release) = (false, false, 0, 0);
        }
        if !LEAN && let Role::Site(k) = next.role() {
            ahead.loads += u32::from(ahead.serves);
            for h in (0..self.holds).filter(|&h| self.sites[k].accepts[h]) {
                row[h * dims..(h + 1) * dims].fill(UNLIMITED);
                row[self.room_site() + h] = k as i64;
                if h < 64 {
                    ahead.blocked &= !(1 << h);
                }
            }
        }
        if let Some(u) = next.node() {
            ahead.serves = true;
            ahead.release = ahead.release.max(self.stops[u].release);
            ahead.linehaul |= self.stops[u].order == crate::search::data::Order::Linehaul;
        }
        for d in 0..dims {
            let all = if dims <= delivered.len() {
                delivered[d]
            } else {
                trip_total(&route.elements, &route.lanes, p, lanes, d)
            };
            row[self.room_delivered() + d] = all - own[Self::DELIVERED + d];
            let room = vehicle.capacity[d] - all - own[self.lane_net() + d];
            for h in 0..if LEAN { 1 } else { self.holds.max(1) } {
                let at = h * dims + d;
                row[at] = row[at].min(room);
                if !LEAN && self.holds > 0 && vehicle.compartment[h] != crate::search::data::NONE {
                    let part = vehicle.compartment[h];
                    let together = (0..self.holds).filter(|&g| vehicle.compartment[g] == part);
                    let load: i64 = together.map(|g| own[self.lane_waste() + g * dims + d]).sum();
                    row[at] = row[at].min(vehicle.compartments[part as usize][d] - load);
                }
            }
        }
        for h in 0..if LEAN { 0 } else { self.holds.min(64) } {
            let present = |g: usize| (0..dims).any(|d| own[self.lane_waste() + g * dims + d] > 0);
            if vehicle.apart[h].iter().any(|&g| present(g)) {
                ahead.blocked |= 1 << h;
            }
        }
        for (r, rule) in vehicle.rules.iter().enumerate().filter(|_| !LEAN) {
            let at = self.room_effort() + r;
            let (mine, then) = (own[self.lane_effort() + r], route.lanes[(p + 1) * lanes + self.lane_effort() + r]);
            let arriving = mine + route.states[p + 1].driving - state.driving;
            // What may be added before the element without passing the rule before the next rest.
            let added = if Layout::is_on_the_way(vehicle, next) {
                rule.max - mine
            } else if then < arriving {
                rule.max - arriving
            } else {
                (later[at] - then).min(rule.max - then)
            };
            row[at] = mine + added.max(0);
        }
        let gap = &mut route.gaps[p];
        (gap.serves, gap.linehaul, gap.loads, gap.blocked, gap.release) =
            (ahead.serves, ahead.linehaul, ahead.loads, ahead.blocked, ahead.release);
    }
}

/// Copies a row; those of problems with one load dimension and no holds without a call.
#[inline]
fn copy_row(from: &[i64], to: &mut [i64]) {
    if to.len() == 4 {
        to.copy_from_slice(&from[..4]);
    } else {
        to.copy_from_slice(&from[..to.len()]);
    }
}

fn vec_of(lanes: &[i64], position: usize, width: usize, dims: usize) -> [i64; 8] {
    let mut row = [0; 8];
    let kept = dims.min(row.len());
    row[..kept].copy_from_slice(&lanes[position * width..position * width + kept]);
    row
}

/// What the trip of a position delivers, in a dimension beyond those that are kept at hand.
fn trip_total(elements: &[Element], rows: &[i64], position: usize, width: usize, dimension: usize) -> i64 {
    let ends = |p: &usize| matches!(elements[*p].role(), Role::Reload(_) | Role::End);
    let end = (position + 1..elements.len()).find(ends).unwrap_or(elements.len() - 1);
    rows[(end - 1) * width + dimension]
}
