//! When each step of a route begins: as little outside of its windows as possible, then as early an end and as late a start
//! as that leaves.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::input::{Input, Task, Vehicle};
use super::travel::Places;
use super::windows::{self, Choice};
use crate::model::TimeWindow;
use crate::units::{Duration, MAX_VALUE, Time};

/// How much worse than a second outside of a window it is to start earlier than the vehicle may, or at another time than is
/// stated.
const STATED: i64 = 1 << 40;

/// What a vehicle does at a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum What {
    Job(usize),
    Pickup(usize),
    Delivery(usize),
    /// The vehicle's break of that index.
    Break(usize),
}

impl What {
    /// The task, unless it is a break.
    pub(super) fn task(self, input: &Input) -> Option<&Task> {
        match self {
            Self::Job(j) => Some(&input.jobs[j].task),
            Self::Pickup(s) => Some(&input.shipments[s].pickup),
            Self::Delivery(s) => Some(&input.shipments[s].delivery),
            Self::Break(_) => None,
        }
    }
}

/// A stop, and between which times a document says that it starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop {
    pub(super) what: What,
    pub(super) after: Option<Time>,
    pub(super) before: Option<Time>,
}

impl Stop {
    pub(super) fn new(what: What) -> Self {
        Self { what, after: None, before: None }
    }
}

/// A step with its times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timed {
    /// `None`: the start or the end.
    pub(super) what: Option<What>,
    /// The place; of a break, that of the step before.
    pub(super) place: usize,
    pub(super) setup: Duration,
    pub(super) service: Duration,
    pub(super) arrival: Time,
    /// When the service, or the setup before it, starts.
    pub(super) start: Time,
    /// Travel since the step before.
    pub(super) travel: Duration,
    /// The window that applies.
    pub(super) window: Option<TimeWindow>,
    after: Option<Time>,
    before: Option<Time>,
}

impl Timed {
    fn action(&self) -> Duration {
        self.setup + self.service
    }

    /// How far it starts before or after its window.
    pub(super) fn outside(&self) -> (Duration, Duration) {
        let Some(window) = self.window else { return (0, 0) };
        ((window.early - self.start).max(0), (self.start - window.late).max(0))
    }

    /// Whether it starts outside of the times that the document states.
    pub(super) fn breaks_statement(&self) -> bool {
        self.after.is_some_and(|after| self.start < after) || self.before.is_some_and(|before| self.start > before)
    }
}

/// The steps of a vehicle's route, from its start to its end.
pub(super) fn schedule(
    input: &Input,
    places: &Places,
    vehicle: &Vehicle,
    stops: &[Stop],
    ends: [Stop2; 2],
) -> Vec<Timed> {
    let mut steps = untimed(input, places, vehicle, stops, ends);
    forward(places, vehicle, &mut steps, input, None);
    time(&mut steps);
    let several = steps.iter().any(|step| windows(input, vehicle, step.what).len() > 1);
    if several && missed(&steps) > 0 {
        let mut others = steps.clone();
        let picks = windows::best(&choices(input, vehicle, &others), STATED);
        forward(places, vehicle, &mut others, input, picks.as_deref());
        time(&mut others);
        if missed(&others) < missed(&steps) {
            return others;
        }
    }
    steps
}

/// The seconds by which steps miss their windows, and those by which they miss what is stated many times over.
fn missed(steps: &[Timed]) -> i64 {
    let of = |step: &Timed| {
        let (early, late) = step.outside();
        let stated = step.after.map_or(0, |after| (after - step.start).max(0));
        let stated = stated + step.before.map_or(0, |before| (step.start - before).max(0));
        stated.saturating_mul(STATED).saturating_add(early + late)
    };
    steps.iter().map(of).fold(0, i64::saturating_add)
}

/// The windows of what is done; none at the start and the end.
fn windows<'a>(input: &'a Input, vehicle: &'a Vehicle, what: Option<What>) -> &'a [TimeWindow] {
    match what {
        Some(What::Break(b)) => &vehicle.breaks[b].windows,
        Some(what) => what.task(input).map_or(&[], |task| &task.windows),
        None => &[],
    }
}

/// What there is to choose from.
fn choices<'a>(input: &'a Input, vehicle: &'a Vehicle, steps: &'a [Timed]) -> Vec<Choice<'a>> {
    let choice = |k: usize| {
        let step = &steps[k];
        let before = k.checked_sub(1).map_or(0, |before| steps[before].action());
        let own = step.window.as_ref().filter(|_| step.what.is_none()).map(std::slice::from_ref);
        let opens = if k == 0 { Some(step.window.map_or(0, |window| window.early)) } else { None };
        Choice {
            gap: before + step.travel,
            windows: own.unwrap_or_else(|| windows(input, vehicle, step.what)),
            stated: (step.after.max(opens), step.before),
        }
    };
    (0..steps.len()).map(choice).collect()
}

/// When each step starts, in the windows that are chosen.
fn time(steps: &mut [Timed]) {
    let last = steps.len() - 1;
    let mut valley = Valley::default();
    let mut latest = Vec::with_capacity(steps.len());
    for (k, step) in steps.iter().enumerate() {
        if k > 0 {
            valley.not_before(steps[k - 1].action() + step.travel);
        }
        if let Some(window) = step.window {
            valley.early(window.early, if k == 0 { STATED } else { 1 });
            valley.late(window.late, 1);
        }
        if let Some(after) = step.after {
            valley.early(after, STATED);
        }
        if let Some(before) = step.before {
            valley.late(before, STATED);
        }
        if k == 0 && step.window.is_none() {
            valley.early(0, STATED);
        }
        latest.push(if k == last { valley.lowest().0 } else { valley.lowest().1 });
    }
    for k in (0..steps.len()).rev() {
        let next = (k < last).then(|| steps[k + 1].start - steps[k + 1].travel - steps[k].action());
        steps[k].start = next.map_or(latest[k], |next| next.min(latest[k]));
    }
    for k in 0..steps.len() {
        steps[k].arrival = match k {
            0 => steps[0].start,
            _ => steps[k - 1].start + steps[k - 1].action() + steps[k].travel,
        };
    }
}

/// What a document states about the start or the end of a route.
pub(super) type Stop2 = (Option<Time>, Option<Time>);

fn untimed(input: &Input, places: &Places, vehicle: &Vehicle, stops: &[Stop], ends: [Stop2; 2]) -> Vec<Timed> {
    let blank = |what, place| Timed {
        what,
        place,
        setup: 0,
        service: 0,
        arrival: 0,
        start: 0,
        travel: 0,
        window: None,
        after: None,
        before: None,
    };
    let end =
        |spot, (after, before): Stop2| Timed { window: vehicle.window, after, before, ..blank(None, places.of(spot)) };
    // An open end is where the nearest task is.
    let mut tasks = stops.iter().filter_map(|stop| stop.what.task(input)).map(|task| task.spot);
    let (first, last) = (tasks.next(), tasks.next_back());
    let start = vehicle.start.or(first).unwrap_or_default();
    let mut steps = vec![end(start, ends[0])];
    let mut place = vehicle.start.map(|spot| places.of(spot));
    for stop in stops {
        let (after, before) = (stop.after, stop.before);
        let mut step = Timed { after, before, ..blank(Some(stop.what), place.unwrap_or(steps[0].place)) };
        if let Some(task) = stop.what.task(input) {
            step.place = places.of(task.spot);
            step.service = task.service_for(vehicle);
            step.setup = if place == Some(step.place) { 0 } else { task.setup_for(vehicle) };
            place = Some(step.place);
        } else if let What::Break(b) = stop.what {
            step.service = vehicle.breaks[b].service;
        }
        steps.push(step);
    }
    steps.push(end(vehicle.end.or(last).or(first).unwrap_or(start), ends[1]));
    steps
}

/// Chooses windows where they are not `picked`, and how far a break is driven to, by starting as early as possible.
fn forward(
    places: &Places,
    vehicle: &Vehicle,
    steps: &mut [Timed],
    input: &Input,
    picked: Option<&[Option<TimeWindow>]>,
) {
    let mut time = vehicle.window.map_or(0, |window| window.early);
    let mut driven = 0;
    let mut from = None;
    for k in 0..steps.len() {
        let is_break = matches!(steps[k].what, Some(What::Break(_)));
        let windows = windows(input, vehicle, steps[k].what);
        let next = steps[k..].iter().find(|step| !matches!(step.what, Some(What::Break(_)))).map(|step| step.place);
        let leg = match (from, next) {
            (Some(from), Some(to)) => places.duration(vehicle, from, to) - driven,
            _ => 0,
        };
        let first_open = |time: Time| windows.iter().find(|window| window.late >= time).or(windows.last()).copied();
        let chosen = |time: Time| picked.map_or_else(|| first_open(time), |picked| picked[k]);
        steps[k].travel = if is_break {
            let early = chosen(time).map_or(time, |window| window.early);
            (early - time).clamp(0, leg)
        } else {
            leg
        };
        time += steps[k].travel;
        if steps[k].what.is_some() {
            steps[k].window = chosen(time);
        }
        let window = steps[k].window.filter(|_| steps[k].what.is_some());
        time = time.max(window.map_or(time, |window| window.early)).max(steps[k].after.unwrap_or(time));
        time += steps[k].action();
        if is_break {
            driven += steps[k].travel;
        } else {
            (driven, from) = (0, Some(steps[k].place));
        }
    }
}

/// How bad it is to start a step at each time, if the steps before it are timed as well as possible: a convex function, kept
/// by the times at which its slope changes.
#[derive(Default)]
struct Valley {
    /// Where it stops to fall, with by how much the slope grows there; times lack `offset`.
    falls: BinaryHeap<(Time, i64)>,
    /// Where it begins to rise.
    rises: BinaryHeap<Reverse<(Time, i64)>>,
    offset: Time,
}

impl Valley {
    /// The next step starts so much later at least.
    fn not_before(&mut self, gap: Duration) {
        self.rises.clear();
        self.offset += gap;
    }

    /// Each second before `time` costs `weight`.
    fn early(&mut self, time: Time, weight: i64) {
        self.rises.push(Reverse((time - self.offset, weight)));
        let mut left = weight;
        while left > 0 {
            let Some(Reverse((at, slope))) = self.rises.pop() else { break };
            let moved = slope.min(left);
            self.falls.push((at, moved));
            if slope > moved {
                self.rises.push(Reverse((at, slope - moved)));
            }
            left -= moved;
        }
    }

    /// Each second after `time` costs `weight`.
    fn late(&mut self, time: Time, weight: i64) {
        if time >= MAX_VALUE {
            return;
        }
        self.falls.push((time - self.offset, weight));
        let mut left = weight;
        while left > 0 {
            let Some((at, slope)) = self.falls.pop() else { break };
            let moved = slope.min(left);
            self.rises.push(Reverse((at, moved)));
            if slope > moved {
                self.falls.push((at, slope - moved));
            }
            left -= moved;
        }
    }

    /// The first and the last of the best times.
    fn lowest(&self) -> (Time, Time) {
        let first = self.falls.peek().map_or(-MAX_VALUE, |&(at, _)| at + self.offset);
        let last = self.rises.peek().map_or(MAX_VALUE, |&Reverse((at, _))| at + self.offset);
        (first, last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_valley_knows_its_floor() {
        let mut valley = Valley::default();
        valley.early(10, 1);
        valley.late(20, 1);
        assert_eq!(valley.lowest(), (10, 20));
        // Five later, and due by 12: a start at 10 is three late, and one at 7 three early.
        valley.not_before(5);
        valley.late(12, 1);
        assert_eq!(valley.lowest(), (12, 15));
        valley.late(12, 1);
        assert_eq!(valley.lowest(), (12, 12));
    }
}
