//! A vehicle's route: its elements, what is known up to each, and what is known of the rest from each on.

mod backward;
mod emptyings;
mod forward;
mod hours;
mod kind;
mod load;
mod pauses;
mod residuals;
mod rests;
mod soft_window;
mod start;
mod state;
mod step;

pub(crate) use emptyings::drop_idle;
pub(crate) use kind::{FULL, LEAN, PLAIN};
pub(crate) use state::State;

use crate::search::general::layout::{Element, Layout};
use crate::units::{Cost, Duration, Time};

/// A route.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) vehicle_type: usize,
    /// How many elements at the beginning stay as they are.
    pub(crate) fixed: usize,
    /// From the start to the end.
    pub(crate) elements: Vec<Element>,
    /// By element, driven from the earliest start.
    pub(crate) states: Vec<State>,
    /// By element, in rows.
    pub(crate) resources: Vec<i64>,
    /// Between each element and the next.
    pub(crate) gaps: Vec<Gap>,
    /// From each element on.
    pub(crate) suffixes: Vec<Suffix>,
    /// By element, in rows.
    pub(crate) residuals: Vec<i64>,
    /// When the trip that begins with an element is released; empty where nothing has a release.
    pub(crate) releases: Vec<Time>,
    pub(crate) cost: Cost,
    /// How much later than possible the route starts.
    pub(crate) delay: Duration,
    /// When it ends.
    pub(crate) end: Time,
    /// Whether start and cost are exact.
    pub(crate) is_start_exact: bool,
    /// How far its stops lie from their middle, together.
    pub(crate) scatter: i64,
    /// Grams of CO₂ that it emits.
    pub(crate) emitted: i64,
    /// The vehicle does not leave before.
    pub(crate) not_before: Time,
    /// The delay of the start that was chosen together with other routes, if any.
    pub(crate) fixed_delay: Option<Duration>,
    /// Whether what has been done already may violate rules.
    pub(crate) is_lenient: bool,
    /// Whether the route is infeasible and stays all the same, since it has been driven in part.
    pub(crate) is_broken: bool,
}

/// The gap between two elements: what cheap tests of an insertion need.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gap {
    /// Where the vehicle comes from and drives to, over any pauses.
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) arc: i64,
    /// Whether nothing may come between.
    pub(crate) closed: bool,
    /// Whether the trip goes on to serve a stop, and a linehaul.
    pub(crate) serves: bool,
    pub(crate) linehaul: bool,
    /// Disposal visits ahead that count as loads.
    pub(crate) loads: u32,
    /// Classes of waste that may not be filled here.
    pub(crate) blocked: u64,
    /// When the latest of what the trip still serves is released.
    pub(crate) release: Time,
}

/// What the rest of a route from an element on asks of whatever comes before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Suffix {
    /// The latest arrival at the element with which the rest is in time.
    pub(crate) latest: Time,
    /// Time waited from the arrival on.
    pub(crate) waiting: Duration,
    /// How much later the arrival could be before anything passes its limit.
    pub(crate) slack: Duration,
    /// What each unit of delay costs, in late services of soft windows.
    pub(crate) late_rate: Cost,
    /// From which delay on it costs more, and how much more.
    pub(crate) late_slack: Duration,
    pub(crate) next_late_rate: Cost,
    /// By how much the end moves for each unit of delay.
    pub(crate) slope: f32,
}

impl Default for Route {
    fn default() -> Self {
        Self {
            vehicle_type: 0,
            fixed: 1,
            elements: Vec::new(),
            states: Vec::new(),
            resources: Vec::new(),
            gaps: Vec::new(),
            suffixes: Vec::new(),
            residuals: Vec::new(),
            releases: Vec::new(),
            cost: 0,
            delay: 0,
            end: 0,
            is_start_exact: false,
            scatter: 0,
            emitted: 0,
            not_before: Time::MIN,
            fixed_delay: None,
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
        (self.vehicle_type, self.fixed) = (other.vehicle_type, other.fixed);
        self.elements.clone_from(&other.elements);
        self.states.clone_from(&other.states);
        self.resources.clone_from(&other.resources);
        self.gaps.clone_from(&other.gaps);
        self.suffixes.clone_from(&other.suffixes);
        self.residuals.clone_from(&other.residuals);
        self.releases.clone_from(&other.releases);
        (self.cost, self.delay, self.end) = (other.cost, other.delay, other.end);
        self.is_start_exact = other.is_start_exact;
        (self.scatter, self.emitted) = (other.scatter, other.emitted);
        self.take_over_state(other);
        self.fixed_delay = other.fixed_delay;
    }
}

impl Route {
    pub(crate) fn empty(vehicle_type: usize) -> Self {
        Self {
            vehicle_type,
            fixed: 1,
            elements: vec![Element::START, Element::END],
            is_start_exact: true,
            not_before: Time::MIN,
            ..Self::default()
        }
    }

    /// Takes over what another version of the route is bound to.
    pub(crate) fn take_over_state(&mut self, other: &Self) {
        (self.not_before, self.is_lenient, self.is_broken) = (other.not_before, other.is_lenient, other.is_broken);
    }

    /// How many elements at the beginning count as done, whatever they violate.
    #[inline]
    fn done(&self) -> usize {
        if self.is_lenient { self.fixed } else { 0 }
    }

    /// Whether it has neither stops nor halts.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.elements.len() <= 2
    }

    pub(crate) fn stops(&self) -> impl Iterator<Item = u32> + '_ {
        self.elements.iter().filter_map(|e| e.node()).map(|u| u as u32)
    }

    pub(crate) fn num_stops(&self) -> usize {
        self.states.last().map_or(0, |state| state.stops as usize)
    }

    pub(crate) fn last(&self) -> &State {
        &self.states[self.states.len() - 1]
    }

    /// When the route could start at the earliest.
    pub(crate) fn earliest(&self) -> Time {
        self.states[0].begin
    }

    /// Copies the release times of trips from another version of the route.
    pub(crate) fn copy_releases(&mut self, other: &Self) {
        self.releases.clone_from(&other.releases);
    }

    #[inline]
    fn release(&self, position: usize) -> Time {
        self.releases.get(position).copied().unwrap_or(Time::MIN)
    }
}

/// Copies what is known of the first `n` elements of a route.
pub(crate) fn copy_prefix(layout: &Layout<'_>, from: &Route, to: &mut Route, n: usize) {
    let width = layout.resources();
    let n = n.min(from.states.len());
    to.states.clear();
    to.states.extend_from_slice(&from.states[..n]);
    to.resources.clear();
    to.resources.extend_from_slice(&from.resources[..n * width]);
    to.copy_releases(from);
    to.take_over_state(from);
}
