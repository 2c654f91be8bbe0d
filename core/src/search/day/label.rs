//! Labels: what is known of a vehicle that has driven the first part of a route, for each sensible way to place disposal
//! visits, breaks, rests and reloads in it.

use crate::search::day::data::DayData;
use crate::units::{Cost, Duration, Time};

/// What happens between two stops of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Empties at a disposal site.
    Site(u32),
    /// Ends the trip at one of the vehicle's reload depots, and begins the next there.
    Reload(u32),
    /// Takes one of the vehicle's breaks.
    Break(u32),
    /// Rests for so long.
    Rest(Duration),
}

/// Most steps between two stops.
const MAX_STEPS: usize = 8;

/// Stands for no label.
pub(super) const ROOT: u32 = u32::MAX;

/// One way to get somewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    /// When the vehicle leaves, having started as early as it can.
    pub(super) time: Time,
    /// What the way costs at least.
    pub(super) cost: Cost,
    pub(super) distance: i64,
    pub(super) driving: Duration,
    pub(super) work: Duration,
    /// Which breaks were taken, one bit each.
    pub(super) breaks: u64,
    /// For which driver rules the first of two short rests was taken, one bit each.
    pub(super) halves: u32,
    pub(super) trips: u32,
    /// Whether the trip has had a backhaul.
    pub(super) backhaul: bool,
    /// Whether the route is taken to begin so late that a break is not due: only its exact schedule tells.
    pub(super) begins_late: bool,
    pub(super) parent: u32,
    /// Its steps from the parent on, among those of the frontier.
    pub(super) steps: (u32, u32),
}

impl Label {
    pub(super) fn at(time: Time, cost: Cost) -> Self {
        Self {
            time,
            cost,
            distance: 0,
            driving: 0,
            work: 0,
            breaks: 0,
            halves: 0,
            trips: 1,
            backhaul: false,
            begins_late: false,
            parent: ROOT,
            steps: (0, 0),
        }
    }
}

/// A label on its way to the next stop.
#[derive(Clone, Debug)]
pub(super) struct Traveller {
    pub(super) label: Label,
    /// Loads and sums: see [`Layout`].
    pub(super) state: Vec<i64>,
    /// Where the vehicle is.
    pub(super) point: usize,
    steps: [Step; MAX_STEPS],
    count: u8,
    /// Disposal sites visited since the last stop, one bit each, as far as there are bits.
    pub(super) visited: u64,
    /// Whether the way has been driven already, without rests but those that were taken.
    pub(super) done: bool,
}

impl Traveller {
    pub(super) fn new(label: Label, state: &[i64], point: usize) -> Self {
        Self {
            label,
            state: state.to_vec(),
            point,
            steps: [Step::Rest(0); MAX_STEPS],
            count: 0,
            visited: 0,
            done: false,
        }
    }

    pub(super) fn copy_from(&mut self, other: &Self) {
        self.label = other.label;
        if self.state.len() == other.state.len() {
            self.state.copy_from_slice(&other.state);
        } else {
            self.state.clone_from(&other.state);
        }
        self.point = other.point;
        let count = usize::from(other.count);
        self.steps[..count].copy_from_slice(&other.steps[..count]);
        self.count = other.count;
        self.visited = other.visited;
        self.done = other.done;
    }

    /// Notes a step; false where there are too many.
    pub(super) fn step(&mut self, step: Step) -> bool {
        let at = usize::from(self.count);
        if at >= MAX_STEPS {
            return false;
        }
        self.steps[at] = step;
        self.count += 1;
        true
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps[..usize::from(self.count)]
    }

    pub(super) fn forget_steps(&mut self) {
        self.count = 0;
        self.visited = 0;
        self.done = false;
    }
}

/// Where things are in a label's state: waste by hold and load dimension, sums of driver rules, then by load dimension
/// deliveries of the trip so far, shipments on board, and the most on board of the trip.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub(super) dims: usize,
    pub(super) holds: usize,
    pub(super) sums: usize,
    pub(super) freight: usize,
    pub(super) width: usize,
}

impl Layout {
    pub(super) fn new(data: &DayData<'_>) -> Self {
        let (dims, holds) = (data.dims(), data.holds);
        let rules = data.kinds.iter().map(|kind| kind.rules.len()).max().unwrap_or(0);
        let sums = holds * dims;
        let freight = sums + rules;
        let width = freight + if data.has_freight { 3 * dims } else { 0 };
        Self { dims, holds, sums, freight, width }
    }

    pub(super) fn waste(&self, state: &[i64], d: usize) -> i64 {
        (0..self.holds).map(|h| state[h * self.dims + d]).sum()
    }

    pub(super) fn has_waste(&self, state: &[i64]) -> bool {
        state[..self.sums].iter().any(|&q| q > 0)
    }
}

/// The labels of every position of a route, one behind the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Frontier {
    pub(super) labels: Vec<Label>,
    /// States, in the order of labels.
    pub(super) states: Vec<i64>,
    pub(super) steps: Vec<Step>,
    /// Where the labels of each position end: first those of the start, then those after each stop.
    pub(super) ends: Vec<u32>,
}

impl Frontier {
    pub(super) fn clear(&mut self) {
        self.labels.clear();
        self.states.clear();
        self.steps.clear();
        self.ends.clear();
    }

    /// Begins as another frontier does, up to and with a position.
    pub(super) fn copy_until(&mut self, other: &Self, position: usize, width: usize) {
        self.clear();
        let end = other.ends[position] as usize;
        self.labels.extend_from_slice(&other.labels[..end]);
        self.states.extend_from_slice(&other.states[..end * width]);
        let steps = self.labels.last().map_or(0, |label| label.steps.1 as usize);
        self.steps.extend_from_slice(&other.steps[..steps]);
        self.ends.extend_from_slice(&other.ends[..=position]);
    }

    /// What the rest of the way costs from each stop on, at least, as far as the labels' costs say.
    pub(super) fn to_go(&self, to_go: &mut Vec<Cost>) {
        let mut best: Vec<Cost> = vec![Cost::MAX; self.labels.len()];
        let stops = self.ends.len().saturating_sub(2);
        for i in self.at(self.ends.len() - 1) {
            best[i] = self.labels[i].cost;
        }
        to_go.clear();
        to_go.resize(stops, 0);
        for i in (0..self.labels.len()).rev() {
            let parent = self.labels[i].parent;
            if parent != ROOT && best[i] < best[parent as usize] {
                best[parent as usize] = best[i];
            }
        }
        for (position, to_go) in to_go.iter_mut().enumerate() {
            let ways = self.at(position + 1).filter(|&i| best[i] < Cost::MAX);
            *to_go = ways.map(|i| best[i] - self.labels[i].cost).min().unwrap_or(0);
        }
    }

    /// The labels at a position.
    pub(super) fn at(&self, position: usize) -> std::ops::Range<usize> {
        let from = if position == 0 { 0 } else { self.ends[position - 1] as usize };
        from..self.ends[position] as usize
    }

    /// Appends the labels of the next position.
    pub(super) fn push(&mut self, travellers: &[Traveller]) {
        for traveller in travellers {
            let from = self.steps.len() as u32;
            self.steps.extend_from_slice(traveller.steps());
            self.labels.push(Label { steps: (from, self.steps.len() as u32), ..traveller.label });
            self.states.extend_from_slice(&traveller.state);
        }
        self.ends.push(self.labels.len() as u32);
    }
}

/// The ways to reach one stop, none of which is worse than another in every respect.
#[derive(Clone, Debug, Default)]
pub(super) struct Choice {
    ways: Vec<Traveller>,
    len: usize,
}

/// Most labels that are kept at a stop.
const MOST: usize = 6;

impl Choice {
    pub(super) fn clear(&mut self) {
        self.len = 0;
    }

    pub(super) fn ways(&self) -> &[Traveller] {
        &self.ways[..self.len]
    }

    pub(super) fn ways_mut(&mut self) -> &mut [Traveller] {
        &mut self.ways[..self.len]
    }

    /// Adds a way unless another one is as good, and drops those that it beats.
    pub(super) fn offer(&mut self, new: &Traveller, time_value: f64) {
        if self.ways().iter().any(|old| dominates(old, new)) {
            return;
        }
        let mut i = 0;
        while i < self.len {
            if dominates(new, &self.ways[i]) {
                self.len -= 1;
                self.ways.swap(i, self.len);
            } else {
                i += 1;
            }
        }
        if self.len == MOST {
            let worth = |w: &Traveller| w.label.cost as f64 + time_value * w.label.time as f64;
            let worst = (0..self.len).max_by(|&a, &b| worth(&self.ways[a]).total_cmp(&worth(&self.ways[b])));
            match worst {
                Some(worst) if worth(&self.ways[worst]) > worth(new) => self.ways[worst].copy_from(new),
                _ => {}
            }
            return;
        }
        if self.ways.len() == self.len {
            self.ways.push(new.clone());
        } else {
            self.ways[self.len].copy_from(new);
        }
        self.len += 1;
    }
}

/// Whether whatever follows `b` can follow `a` as early, as cheaply and within the same limits.
fn dominates(a: &Traveller, b: &Traveller) -> bool {
    let (x, y) = (&a.label, &b.label);
    x.time <= y.time
        && x.cost <= y.cost
        && x.breaks & y.breaks == y.breaks
        && x.trips <= y.trips
        && x.halves & y.halves == y.halves
        && x.distance <= y.distance
        && x.driving <= y.driving
        && x.work <= y.work
        && (!x.backhaul || y.backhaul)
        && a.state.iter().zip(&b.state).all(|(p, q)| p <= q)
}
