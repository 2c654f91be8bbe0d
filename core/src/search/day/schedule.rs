//! The exact schedule of one way to drive a route: it ends as early as possible and, given that, starts as late as possible.

use crate::model::Effort;
use crate::search::day::data::{DayData, Kind, UNLIMITED};
use crate::search::day::drive::rest;
use crate::search::day::evaluate::{Prefix, open_at};
use crate::search::day::label::{Frontier, Label, Layout, ROOT, Step};
use crate::travel::Drive;
use crate::units::{Cost, Duration, Time};

/// When a route is driven, and what it costs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Timed {
    pub(super) cost: Cost,
    pub(super) start: Time,
    pub(super) end: Time,
}

impl Timed {
    pub(super) fn of_label(label: &Label) -> Self {
        Self { cost: label.cost, start: 0, end: label.time }
    }
}

/// What a vehicle does at a halt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Loads at the route's start.
    Start,
    Stop(u32),
    Site(u32),
    Reload(u32),
    /// A break, at a place or anywhere.
    Break(u32),
    Rest(Duration),
    End,
}

impl Purpose {
    fn is_pause(self) -> bool {
        matches!(self, Self::Break(_) | Self::Rest(_))
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Halt {
    pub(super) purpose: Purpose,
    /// The way to the halt; of a pause anywhere: to the next halt.
    leg: Duration,
    takes: Duration,
    early: Time,
    late: Time,
    arrival: Time,
    start: Time,
    /// The latest start that changes nothing.
    limit: Time,
    /// When the vehicle set out for it.
    left: Time,
    /// Whether it is a pause on the way.
    anywhere: bool,
    /// Whether it is over, in time or not.
    done: bool,
}

impl Halt {
    fn is_break_on_the_way(&self) -> bool {
        self.anywhere && matches!(self.purpose, Purpose::Break(_))
    }
}

/// The halts of a route, and the space to time them.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    pub(super) halts: Vec<Halt>,
    /// What is left at disposal sites: site, load dimension, amount.
    pub(super) emptied: Vec<(u32, u32, i64)>,
    distance: i64,
    fees: Cost,
    chain: Vec<u32>,
    waste: Vec<i64>,
    sums: Vec<i64>,
    halves: Vec<bool>,
    /// Whether the driver rests in time.
    obeys: bool,
    driving: Duration,
}

impl Schedule {
    /// Lists the halts of the way that ends in label `last` of `frontier`.
    #[expect(clippy::too_many_arguments, reason = "a way is spread over two frontiers")]
    pub(super) fn list(
        &mut self,
        data: &DayData<'_>,
        layout: &Layout,
        kind: usize,
        prefix: Option<Prefix<'_>>,
        stops: &[u32],
        frontier: &Frontier,
        shift: u32,
        last: usize,
    ) {
        self.chain.clear();
        let mut at = shift + last as u32;
        while at != ROOT {
            self.chain.push(at);
            at = match prefix {
                Some(p) if at < shift => p.frontier.labels[at as usize].parent,
                _ => frontier.labels[(at - shift) as usize].parent,
            };
        }
        self.chain.reverse();
        self.halts.clear();
        self.emptied.clear();
        self.waste.clear();
        self.waste.resize(layout.holds * layout.dims, 0);
        (self.distance, self.fees) = (0, 0);
        let vehicle = data.vehicle(kind);
        let mut point = vehicle.start_point as usize;
        if data.problem.vehicle_types()[kind].start.is_some() {
            self.add(Purpose::Start, 0, vehicle.loading, vehicle.start_early, vehicle.start_late);
        }
        let before = prefix.map_or(0, |p| p.stops.len());
        for position in 1..self.chain.len() {
            let id = self.chain[position];
            let (source, label) = match prefix {
                Some(p) if id < shift => (p.frontier, p.frontier.labels[id as usize]),
                _ => (frontier, frontier.labels[(id - shift) as usize]),
            };
            let steps = &source.steps[label.steps.0 as usize..label.steps.1 as usize];
            let stop = if position <= before {
                prefix.map(|p| p.stops[position - 1])
            } else {
                stops.get(position - 1 - before).copied()
            };
            point = self.leg(data, layout, kind, point, steps, stop);
        }
        self.release(data);
        let served = data.kinds[kind].served.len();
        let stops = self.halts.iter_mut().filter(|halt| matches!(halt.purpose, Purpose::Stop(_)));
        stops.take(served).for_each(|halt| halt.done = true);
    }

    fn add(&mut self, purpose: Purpose, leg: Duration, takes: Duration, early: Time, late: Time) {
        self.halts.push(Halt {
            purpose,
            leg,
            takes,
            early,
            late,
            arrival: 0,
            start: 0,
            limit: 0,
            left: 0,
            anywhere: false,
            done: false,
        });
    }

    /// Adds the halts of some steps and of what follows them.
    fn leg(
        &mut self,
        data: &DayData<'_>,
        layout: &Layout,
        kind: usize,
        from: usize,
        steps: &[Step],
        stop: Option<u32>,
    ) -> usize {
        let vehicle = data.vehicle(kind);
        let mut point = from;
        let mut pauses_from = self.halts.len();
        let reach = |this: &mut Self, point: &mut usize, to: usize, pauses_from: &mut usize| {
            let leg = data.duration(kind, *point, to);
            this.distance += data.distance(kind, *point, to);
            // Pauses before this halt are on the way to it.
            for halt in &mut this.halts[*pauses_from..] {
                halt.leg = leg;
            }
            *point = to;
            *pauses_from = this.halts.len() + 1;
            leg
        };
        for &step in steps {
            match step {
                Step::Site(k) => {
                    let leg = reach(self, &mut point, data.sites[k as usize].point, &mut pauses_from);
                    let takes = self.empty(data, layout, k);
                    self.add(Purpose::Site(k), leg, takes, Time::MIN, UNLIMITED);
                }
                Step::Reload(k) => {
                    let depot = vehicle.reload[k as usize];
                    let leg = reach(self, &mut point, depot.point as usize, &mut pauses_from);
                    self.waste.fill(0);
                    self.add(Purpose::Reload(k), leg, depot.loading, depot.early, depot.late);
                }
                Step::Break(b) => {
                    let pause = &data.kinds[kind].breaks[b as usize];
                    let leg = pause.point.map_or(0, |to| reach(self, &mut point, to, &mut pauses_from));
                    let (early, late) = (pause.start.early, pause.start.late);
                    self.add(Purpose::Break(b), leg, pause.duration, early, late);
                }
                Step::Rest(length) => self.add(Purpose::Rest(length), 0, length, Time::MIN, UNLIMITED),
            }
        }
        if let Some(u) = stop {
            let leg = reach(self, &mut point, u as usize, &mut pauses_from);
            for d in 0..layout.dims {
                self.waste[data.stops[u as usize].hold * layout.dims + d] += data.waste[u as usize * layout.dims + d];
            }
            self.add(Purpose::Stop(u), leg, data.kinds[kind].service[u as usize], Time::MIN, UNLIMITED);
        } else if data.problem.vehicle_types()[kind].end.is_some() {
            let leg = reach(self, &mut point, vehicle.end_point as usize, &mut pauses_from);
            self.add(Purpose::End, leg, 0, vehicle.end_early, vehicle.end_late);
        }
        point
    }

    /// Empties at a site, and returns how long that takes.
    fn empty(&mut self, data: &DayData<'_>, layout: &Layout, k: u32) -> Duration {
        let site = &data.sites[k as usize];
        let (mut takes, dims) = (site.service, layout.dims);
        self.fees += site.visit_cost;
        for d in 0..dims {
            let accepted = (0..layout.holds).filter(|&h| site.accepts[h]);
            let amount: i64 = accepted.map(|h| std::mem::take(&mut self.waste[h * dims + d])).sum();
            takes += site.unloading.get(d).map_or(0, |rate| rate.of(amount));
            self.fees += site.fee.get(d).map_or(0, |rate| rate.of(amount));
            if amount > 0 {
                self.emptied.push((k, d as u32, amount));
            }
        }
        takes
    }

    /// Holds back the first halt of each trip until all of it is released.
    fn release(&mut self, data: &DayData<'_>) {
        let mut release = 0;
        for i in (0..self.halts.len()).rev() {
            if let Purpose::Stop(u) = self.halts[i].purpose {
                release = release.max(data.stops[u as usize].release);
            }
            if i == 0 || matches!(self.halts[i].purpose, Purpose::Reload(_)) {
                if release > 0 {
                    self.halts[i].early = self.halts[i].early.max(release);
                }
                release = 0;
            }
        }
    }

    /// Times the listed halts; `None` where a limit is broken.
    pub(super) fn run(&mut self, data: &DayData<'_>, kind: usize) -> Option<Timed> {
        let vehicle = data.vehicle(kind);
        let first = *self.halts.first()?;
        let earliest = match first.purpose {
            Purpose::Stop(u) => open_at(data.windows(u as usize), first.early.max(vehicle.start_early))?,
            _ => first.early,
        };
        let end = self.drive(data, kind, earliest, &[])?;
        let mut waited = 0;
        let mut slack = UNLIMITED;
        for halt in &mut self.halts {
            halt.limit = halt.limit.max(halt.start);
            // A pause on the way stays where it is while the vehicle sets out in time.
            let since = if halt.anywhere { halt.left } else { halt.arrival };
            slack = slack.min(waited + (halt.limit - since));
            waited += halt.start - halt.arrival;
        }
        let own = &data.kinds[kind];
        // A break that cannot wait moves driving to behind it, and so other pauses.
        let in_a_row = self.halts.windows(2).any(|pair| pair[0].anywhere && pair[1].anywhere);
        let breaks = self.halts.iter().any(Halt::is_break_on_the_way);
        let moves = own.speed.is_some() || (breaks && (in_a_row || !own.rules.is_empty()));
        let start = if moves { self.latest_start(data, kind, earliest, end) } else { earliest + slack.min(waited) };
        if start != earliest || moves {
            self.drive(data, kind, start, &[])?;
        }
        self.cost(data, kind)
    }

    /// The latest start at which the route ends as early and nothing comes later than its limit.
    fn latest_start(&mut self, data: &DayData<'_>, kind: usize, earliest: Time, end: Time) -> Time {
        let limits: Vec<Time> = self.halts.iter().map(|halt| halt.limit).collect();
        let (mut low, mut high) = (earliest, end);
        while low < high {
            let middle = high - (high - low) / 2;
            if self.drive(data, kind, middle, &limits) == Some(end) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        low
    }

    /// Drives the halts from `start` on. Returns the end; `None` where a window closes, or a halt begins beyond its limit of
    /// those given.
    fn drive(&mut self, data: &DayData<'_>, kind: usize, start: Time, limits: &[Time]) -> Option<Time> {
        let own = &data.kinds[kind];
        self.sums.clear();
        self.sums.resize(own.rules.len(), 0);
        self.halves.clear();
        self.halves.resize(own.rules.len(), false);
        self.obeys = true;
        self.driving = 0;
        let mut clock = start;
        let mut under_way: Option<Drive<'_>> = None;
        for i in 0..self.halts.len() {
            let halt = self.halts[i];
            let anywhere = match halt.purpose {
                Purpose::Break(b) => own.breaks[b as usize].point.is_none(),
                Purpose::Rest(_) => true,
                _ => false,
            };
            let mut drive = under_way.take().unwrap_or_else(|| Drive::new(own.speed.as_ref(), clock, halt.leg));
            let left = drive.clock;
            let mut arrival = if i == 0 { clock } else { drive.arrival() };
            if anywhere {
                arrival = arrival.min(halt.late.max(left)).min(left + self.allowance(own));
            }
            self.driving += arrival - left;
            for sum in &mut self.sums {
                *sum += arrival - left;
            }
            let (begin, limit) = Self::begin(data, &halt, arrival)?;
            if limits.get(i).is_some_and(|&limit| begin > limit) {
                return None;
            }
            let ends = begin + halt.takes;
            self.obeys &= self.sums.iter().zip(&own.rules).all(|(&sum, rule)| sum <= rule.max);
            if anywhere {
                drive.pause(arrival, ends);
                under_way = Some(drive);
            }
            self.stand(own, halt.purpose, halt.takes);
            self.obeys &= self.sums.iter().zip(&own.rules).all(|(&sum, rule)| sum <= rule.max);
            let halt = &mut self.halts[i];
            (halt.arrival, halt.start, halt.limit) = (arrival, begin, limit);
            (halt.left, halt.anywhere) = (left, anywhere);
            clock = ends;
        }
        Some(clock)
    }

    fn allowance(&self, kind: &Kind) -> Duration {
        let left = self.sums.iter().zip(&kind.rules).map(|(&sum, rule)| (rule.max - sum).max(0));
        left.min().unwrap_or(UNLIMITED)
    }

    /// When a halt begins after an arrival, and until when that may move.
    fn begin(data: &DayData<'_>, halt: &Halt, arrival: Time) -> Option<(Time, Time)> {
        let windows = match halt.purpose {
            Purpose::Stop(u) => data.windows(u as usize),
            Purpose::Site(k) => &data.sites[k as usize].hours,
            _ => &[],
        };
        if windows.is_empty() {
            let begin = arrival.max(halt.early);
            return (begin <= halt.late).then_some((begin, halt.late));
        }
        let ready = arrival.max(halt.early);
        let begin = open_at(windows, ready).or(halt.done.then_some(ready))?;
        let mut limit = windows.iter().find(|w| begin <= w.late).map_or(begin, |w| w.late);
        if let Purpose::Stop(u) = halt.purpose
            && let Some(soft) = data.stops[u as usize].soft
        {
            limit = if begin > soft.late { begin } else { limit.min(soft.late) };
        }
        Some((begin, limit))
    }

    /// Lets a stay count for the rules.
    fn stand(&mut self, kind: &Kind, purpose: Purpose, takes: Duration) {
        for (r, rule) in kind.rules.iter().enumerate() {
            let (sum, half) = (&mut self.sums[r], &mut self.halves[r]);
            if purpose.is_pause() || (rule.effort == Effort::Driving && rule.any_pause) {
                rest(rule, takes, sum, half);
            } else if rule.effort == Effort::Work {
                *sum += takes;
            }
        }
    }

    /// What the timed route costs; `None` where it is too long.
    fn cost(&self, data: &DayData<'_>, kind: usize) -> Option<Timed> {
        let (own, vehicle) = (&data.kinds[kind], data.vehicle(kind));
        let (start, end) = (self.halts.first()?.start, self.halts.last().map(|halt| halt.start + halt.takes)?);
        let (mut waiting, mut unpaid, mut windows) = (0, 0, 0);
        for halt in &self.halts {
            waiting += halt.start - halt.arrival;
            match halt.purpose {
                Purpose::Break(b) if !own.breaks[b as usize].paid => unpaid += halt.takes,
                Purpose::Rest(length) if !own.paid_rests => unpaid += length,
                Purpose::Stop(u) => {
                    windows += data.stops[u as usize].soft.map_or(0, |soft| soft.cost(halt.start));
                }
                _ => {}
            }
        }
        let stood: Duration = self.halts.iter().filter(|halt| !halt.purpose.is_pause()).map(|halt| halt.takes).sum();
        if !self.obeys || self.driving > own.max_driving || self.driving + stood > own.max_work {
            return None;
        }
        let paid = end - start - unpaid;
        if end - start > vehicle.max_duration || end > data.problem.vehicle_types()[kind].shift.late {
            return None;
        }
        let due = |b: usize| {
            let pause = &own.breaks[b];
            let taken = self.halts.iter().any(|halt| halt.purpose == Purpose::Break(b as u32));
            start <= pause.start.late && end > pause.start.late && !taken
        };
        if (0..own.breaks.len()).any(due) {
            return None;
        }
        let overtime: Cost = own.overtime.iter().map(|step| step.cost_per_duration * (paid - step.after).max(0)).sum();
        let cost = vehicle.fixed_cost
            + vehicle.cost_per_distance * self.distance
            + vehicle.cost_per_duration * paid
            + overtime
            + own.cost_per_waiting * waiting
            + windows
            + self.fees;
        Some(Timed { cost, start, end })
    }
}
