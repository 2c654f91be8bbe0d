//! Simulates one route, stop by stop.

use crate::ids::{DepotId, LocationId};
use crate::model::{DriverRule, Problem, SoftWindow, SpeedCurve, TimeWindow, WindowCovers};
use crate::plan::{Activity, RouteStops};
use crate::units::{Distance, Duration, Load, Time};

use super::cargo::Cargo;
use super::duty::DutyCounter;
use super::zones;

/// Why the vehicle stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Ends trip `ends`, if there is one, and loads for the next.
    Load { depot: DepotId, ends: Option<usize> },
    /// Serves, unloads at a disposal site, or pauses.
    Serve { position: usize, activity: Activity },
    /// Ends its trip without loading for another one.
    End { depot: DepotId },
}

/// A stop, with the times of the final schedule.
#[derive(Clone, Debug)]
pub(super) struct ReplayedStop {
    pub(super) trip: usize,
    pub(super) purpose: Purpose,
    pub(super) location: LocationId,
    /// Earliest time at which it may begin.
    pub(super) opens: Time,
    /// When it may begin; empty: always.
    pub(super) windows: Vec<TimeWindow>,
    /// When zones are closed here, and how long the vehicle must have left before that.
    pub(super) shut: Vec<TimeWindow>,
    pub(super) lasts: Duration,
    pub(super) wish: Option<SoftWindow>,
    pub(super) takes: Duration,
    /// Spent behind the drive from another place, before the arrival.
    pub(super) sets_up: Duration,
    /// Distance from the previous stop; none for a pause during a drive.
    pub(super) distance: Distance,
    /// Duration of that leg at full speed.
    pub(super) road: Duration,
    /// Whether it is a pause during a drive.
    pub(super) on_the_way: bool,
    /// Time driven since the previous stop.
    pub(super) drive: Duration,
    pub(super) arrival: Time,
    pub(super) begin: Time,
    pub(super) leave: Time,
}

impl ReplayedStop {
    /// Latest time at which it may begin; `None`: unbounded.
    pub(super) fn closes(&self) -> Option<Time> {
        zones::latest(&self.windows, &self.shut, self.lasts)
    }

    /// When it begins for a vehicle that is ready at `time`.
    fn begins(&self, time: Time) -> Time {
        let ready = time.max(self.opens);
        let mut begin = self.in_window(ready).unwrap_or_else(|| match self.windows[..] {
            // Too short for what must lie in it.
            [only] if only.early > only.late => ready.max(only.early),
            _ => ready,
        });
        // Each turn leaves closed hours behind.
        while let Some(hours) = zones::meets(&self.shut, begin, self.lasts) {
            let opens_again = hours.late != TimeWindow::UNBOUNDED_LATE;
            let Some(later) = self.in_window(hours.late).filter(|_| opens_again) else { return ready };
            begin = later;
        }
        begin
    }

    /// The first time from `time` on at which a window is open; `None`: all have closed.
    fn in_window(&self, time: Time) -> Option<Time> {
        if self.windows.is_empty() {
            return Some(time);
        }
        let mut open = self.windows.iter().filter(|w| w.late == TimeWindow::UNBOUNDED_LATE || time <= w.late);
        open.next().map(|window| time.max(window.early))
    }

    /// The latest begin in the same window that is neither later than its soft window nor, if already late, later than
    /// it is.
    fn allows(&self) -> Time {
        let own = self.windows.iter().find(|window| window.early <= self.begin && self.begin <= window.late);
        let unbounded = self.windows.iter().any(|w| w.late == TimeWindow::UNBOUNDED_LATE && w.early <= self.begin);
        let by_window = match own {
            _ if self.windows.is_empty() => Time::MAX,
            None if unbounded => Time::MAX,
            None => self.begin,
            Some(window) if window.late == TimeWindow::UNBOUNDED_LATE => Time::MAX,
            Some(window) => window.late,
        };
        // What begins in closed hours is late, and must not become later.
        let by_window = match zones::meets(&self.shut, self.begin, self.lasts) {
            Some(_) => self.begin,
            None => by_window.min(zones::until(&self.shut, self.begin, self.lasts)),
        };
        match self.wish {
            Some(wish) if self.begin > wish.late => self.begin,
            Some(wish) => by_window.min(wish.late),
            None => by_window,
        }
    }

    pub(super) fn is_pause(&self) -> bool {
        matches!(self.purpose, Purpose::Serve { activity: Activity::Break(_) | Activity::Rest(_), .. })
    }
}

/// One simulated route.
#[derive(Clone, Debug)]
pub(super) struct Replay<'a> {
    /// Its index among all routes.
    pub(super) index: usize,
    pub(super) stops: &'a RouteStops,
    pub(super) path: Vec<ReplayedStop>,
    /// For each trip: the loads on board.
    pub(super) cargo: Vec<Cargo>,
    /// For each driver rule: the maximum effort without a rest.
    pub(super) efforts: Vec<Duration>,
}

impl<'a> Replay<'a> {
    pub(super) fn of(problem: &Problem, index: usize, stops: &'a RouteStops) -> Self {
        let vehicle_type = problem.vehicle_type(stops.vehicle_type);
        let cargo: Vec<Cargo> =
            stops.trips.iter().map(|trip| Cargo::of(problem, vehicle_type, &trip.activities)).collect();
        let mut path = path(problem, stops, &cargo);
        let profile = vehicle_type.profile;
        let mut last: Option<usize> = None;
        for i in 0..path.len() {
            if path[i].on_the_way {
                continue;
            }
            if let Some(before) = last {
                path[i].distance = problem.distance(profile, path[before].location, path[i].location);
                let road = problem.duration(profile, path[before].location, path[i].location);
                path[before + 1..=i].iter_mut().for_each(|stop| stop.road = road);
                if problem.is_same_place(profile, path[before].location, path[i].location) {
                    path[i].sets_up = 0;
                }
            } else {
                // The route begins here: nothing leads to it.
                path[i].sets_up = 0;
            }
            last = Some(i);
        }
        let driver = Driver { rules: &vehicle_type.driver_rules, curve: problem.speed(profile) };
        let efforts = if stops.start.is_some() { driver.set_out(&mut path) } else { driver.schedule(&mut path) };
        Self { index, stops, path, cargo, efforts }
    }

    pub(super) fn start(&self) -> Time {
        self.path.first().map_or(0, |stop| stop.begin)
    }

    pub(super) fn end(&self) -> Time {
        self.path.last().map_or(0, |stop| stop.leave)
    }

    pub(super) fn distance(&self) -> Distance {
        self.path.iter().map(|stop| stop.distance).sum()
    }

    pub(super) fn driving(&self) -> Duration {
        self.path.iter().map(|stop| stop.drive).sum()
    }

    pub(super) fn waiting(&self) -> Duration {
        self.path.iter().map(|stop| stop.begin - stop.arrival).sum()
    }

    pub(super) fn pauses(&self) -> Duration {
        self.path.iter().filter(|stop| stop.is_pause()).map(|stop| stop.takes).sum()
    }

    pub(super) fn work(&self) -> Duration {
        let stands = |stop: &ReplayedStop| if stop.is_pause() { 0 } else { stop.sets_up + stop.takes };
        self.driving() + self.path.iter().map(stands).sum::<Duration>()
    }

    /// Duration without unpaid pauses.
    pub(super) fn paid(&self, problem: &Problem) -> Duration {
        let vehicle_type = problem.vehicle_type(self.stops.vehicle_type);
        let mut paid = self.end() - self.start();
        for stop in &self.path {
            let is_paid = match stop.purpose {
                Purpose::Serve { activity: Activity::Break(index), .. } => vehicle_type.breaks[index].paid,
                Purpose::Serve { activity: Activity::Rest(_), .. } => vehicle_type.paid_rests,
                _ => true,
            };
            if !is_paid {
                paid -= stop.takes;
            }
        }
        paid
    }

    /// The trip to which the drive to `halt` belongs.
    pub(super) fn trip_towards(stop: &ReplayedStop) -> usize {
        match stop.purpose {
            Purpose::Load { ends: Some(trip), .. } => trip,
            _ => stop.trip,
        }
    }
}

/// The stops of the vehicle, with windows but without times.
fn path(problem: &Problem, stops: &RouteStops, cargo: &[Cargo]) -> Vec<ReplayedStop> {
    let mut path: Vec<ReplayedStop> = Vec::new();
    let blank = |trip, purpose, location| ReplayedStop {
        trip,
        purpose,
        location,
        opens: Time::MIN,
        windows: Vec::new(),
        shut: Vec::new(),
        lasts: 0,
        wish: None,
        takes: 0,
        sets_up: 0,
        distance: 0,
        road: 0,
        on_the_way: false,
        drive: 0,
        arrival: 0,
        begin: 0,
        leave: 0,
    };
    for (t, trip) in stops.trips.iter().enumerate() {
        let held = held_until(problem, &trip.activities);
        let arrives_loaded_from = t.checked_sub(1).filter(|&before| stops.trips[before].end == trip.start);
        let first_of_trip = path.len();
        if let Some(id) = trip.start {
            let depot = problem.depot(id);
            let mut stop = blank(t, Purpose::Load { depot: id, ends: arrives_loaded_from }, depot.location());
            (stop.windows, stop.takes) = (vec![depot.time_window], depot.service);
            path.push(stop);
        }
        for (position, &activity) in trip.activities.iter().enumerate() {
            let here = path.last().map_or(LocationId::new(0), |stop| stop.location);
            let mut stop = blank(t, Purpose::Serve { position, activity }, here);
            furnish(problem, stops, &cargo[t].unloaded[position], activity, &mut stop);
            zones::close(problem, stops.vehicle_type, activity, &mut stop);
            path.push(stop);
        }
        if let Some(stop) = path.get_mut(first_of_trip) {
            stop.opens = held;
        }
        if let Some(id) = trip.end {
            let loads_next = stops.trips.get(t + 1).is_some_and(|next| next.start == trip.end);
            if !loads_next {
                let depot = problem.depot(id);
                let mut stop = blank(t, Purpose::End { depot: id }, depot.location());
                stop.windows = vec![depot.time_window];
                path.push(stop);
            }
        }
    }
    if let Some(first) = path.first_mut() {
        first.opens = first.opens.max(problem.vehicle_type(stops.vehicle_type).shift.early);
        if let Some(start) = stops.start {
            // Limited, so that sums do not overflow.
            first.opens = first.opens.max(start.min(1 << 40));
        }
    }
    path
}

/// Fills in an activity's location, windows and duration.
fn furnish(problem: &Problem, stops: &RouteStops, unloaded: &[Load], activity: Activity, stop: &mut ReplayedStop) {
    let vehicle_type = problem.vehicle_type(stops.vehicle_type);
    match activity {
        Activity::Client(id) => {
            let client = &problem.clients()[id.index()];
            stop.location = client.location();
            stop.windows.push(client.time_window);
            stop.windows.extend_from_slice(&client.more_windows);
            stop.wish = client.soft_window;
            stop.sets_up = client.setup;
            let special = client.service_by_type.iter().find(|special| special.0 == stops.vehicle_type);
            stop.takes = special.map_or(client.service, |special| special.1);
            if client.window_covers == WindowCovers::Service {
                ends_within(stop);
            }
        }
        Activity::Pickup(id) | Activity::Delivery(id) => {
            let shipment = &problem.shipments()[id.index()];
            let end = if activity == Activity::Pickup(id) { &shipment.pickup } else { &shipment.delivery };
            stop.location = end.location();
            stop.windows.push(end.time_window);
            stop.takes = end.service;
            stop.sets_up = end.setup;
            if end.window_covers == WindowCovers::Service {
                ends_within(stop);
            }
        }
        Activity::Dispose(id) => {
            let site = &problem.disposal_sites()[id.index()];
            stop.location = site.location();
            stop.windows.clone_from(&site.hours);
            stop.takes = site.service;
            for (rate, &amount) in site.unloading.iter().zip(unloaded) {
                stop.takes += rounded_up(rate.amount, amount, rate.per);
            }
        }
        Activity::Break(index) => {
            let pause = &vehicle_type.breaks[index];
            stop.windows.push(pause.start);
            stop.takes = pause.duration;
            match pause.place {
                Some(place) => stop.location = place.location(),
                None => stop.on_the_way = true,
            }
        }
        Activity::Rest(duration) => {
            // Longer than any route, and small enough that sums do not overflow.
            stop.takes = duration.clamp(0, 1 << 40);
            stop.on_the_way = true;
        }
    }
}

/// Closes windows so much earlier that what begins in them also ends in them. If none is long enough, the last one stays,
/// and whatever begins is late.
fn ends_within(stop: &mut ReplayedStop) {
    let (takes, before) = (stop.takes, stop.windows.clone());
    let is_unbounded = |window: &TimeWindow| window.late == TimeWindow::UNBOUNDED_LATE;
    let is_long_enough = |window: &TimeWindow| is_unbounded(window) || window.late - window.early >= takes;
    stop.windows.retain(is_long_enough);
    if stop.windows.is_empty() {
        stop.windows.extend(before.last());
    }
    for window in stop.windows.iter_mut().filter(|window| !is_unbounded(window)) {
        window.late -= takes;
    }
    if let Some(wish) = stop.wish.as_mut().filter(|wish| wish.late != TimeWindow::UNBOUNDED_LATE) {
        wish.late -= takes;
    }
}

/// `amount` for every `per` of `load`, rounded up.
pub(super) fn rounded_up(amount: i64, load: Load, per: Load) -> i64 {
    let exact = i128::from(amount) * i128::from(load);
    let per = i128::from(per.max(1));
    let whole = exact / per;
    let result = if exact % per > 0 { whole + 1 } else { whole };
    i64::try_from(result).unwrap_or(i64::MAX)
}

/// When everything that the trip delivers has been released.
pub(super) fn held_until(problem: &Problem, activities: &[Activity]) -> Time {
    let mut held = Time::MIN;
    for activity in activities {
        if let Activity::Client(id) = activity {
            let release = problem.clients()[id.index()].release;
            // Zero means no release.
            if release != 0 {
                held = held.max(release);
            }
        }
    }
    held
}

/// The driver rules and speeds of a vehicle.
struct Driver<'a> {
    rules: &'a [DriverRule],
    curve: Option<&'a SpeedCurve>,
}

impl Driver<'_> {
    /// Fills in the times of a route that starts as soon as its first stop can begin.
    fn set_out(&self, path: &mut [ReplayedStop]) -> Vec<Duration> {
        let start = path.first().map_or(0, |first| first.begins(first.opens));
        self.drive(path, start)
    }

    /// Fills in the times for the earliest end and, given that, the latest start with which no stop passes its limit.
    /// Returns the maximum effort without a rest for each rule.
    fn schedule(&self, path: &mut [ReplayedStop]) -> Vec<Duration> {
        let Some(first) = path.first() else { return vec![0; self.rules.len()] };
        let earliest = first.begins(first.opens);
        self.drive(path, earliest);
        let end = path.last().map_or(earliest, |stop| stop.leave);
        let bounds: Vec<Time> = path.iter().map(ReplayedStop::allows).collect();
        let mut good = earliest;
        let mut bad = end + 1;
        let mut trial = path.to_vec();
        while bad - good > 1 {
            let middle = good + (bad - good) / 2;
            self.drive(&mut trial, middle);
            let ends_as_early = trial.last().is_some_and(|stop| stop.leave == end);
            if ends_as_early && trial.iter().zip(&bounds).all(|(stop, &bound)| stop.begin <= bound) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        self.drive(path, good)
    }

    fn drive(&self, path: &mut [ReplayedStop], start: Time) -> Vec<Duration> {
        let mut counters: Vec<DutyCounter> = self.rules.iter().map(|&rule| DutyCounter::of(rule)).collect();
        let mut now = start;
        // The remaining drive to the next location, in hundredths of a unit of time.
        let mut left: Option<i64> = None;
        for (i, stop) in path.iter_mut().enumerate() {
            let remaining = left.take().unwrap_or(if i == 0 { 0 } else { stop.road * 100 });
            let set_out = now;
            let there = self.reaches(now, remaining);
            stop.arrival = there;
            if stop.on_the_way {
                let latest = stop.closes().unwrap_or(Time::MAX).max(now);
                let may_drive = counters.iter().map(DutyCounter::left).min().unwrap_or(Time::MAX);
                stop.arrival = there.min(latest).min(now.saturating_add(may_drive));
                if i > 0 {
                    left = Some((remaining - self.covers(now, stop.arrival)).max(0));
                }
            }
            stop.drive = stop.arrival - set_out;
            stop.arrival = stop.arrival.saturating_add(stop.sets_up);
            stop.begin = stop.begins(stop.arrival);
            stop.leave = stop.begin.saturating_add(stop.takes);
            for counter in &mut counters {
                counter.add(stop.drive);
                counter.stop(stop);
            }
            now = stop.leave;
        }
        counters.into_iter().map(|counter| counter.most).collect()
    }

    /// The speed, in percent, at a time, and the time until which it applies.
    fn speed(&self, time: Time) -> (i64, Time) {
        let steps = self.curve.map_or(&[][..], |curve| &curve.steps);
        let begun = steps.partition_point(|step| step.from <= time);
        let percent = if begun == 0 { 100 } else { i64::from(steps[begun - 1].percent) };
        (percent.max(1), steps.get(begun).map_or(Time::MAX, |step| step.from))
    }

    /// When the given hundredths have been driven.
    fn reaches(&self, mut time: Time, mut hundredths: i64) -> Time {
        loop {
            let (percent, until) = self.speed(time);
            let needed = (hundredths + percent - 1) / percent;
            if until == Time::MAX || time + needed <= until {
                return time + needed;
            }
            hundredths -= percent * (until - time);
            time = until;
        }
    }

    /// How many hundredths are driven from one time to another.
    fn covers(&self, mut time: Time, end: Time) -> i64 {
        let mut hundredths = 0;
        while time < end {
            let (percent, until) = self.speed(time);
            let stretch = until.min(end) - time;
            hundredths += percent * stretch;
            time += stretch;
        }
        hundredths
    }
}
