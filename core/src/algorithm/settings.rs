//! The figures that steer a walk, by class of problem and by how much work the budget allows. Found on panels of several
//! instances of each class, never on single ones; `docs/benchmarks.md` shows what they reach.

use crate::algorithm::cooling::StartParams;
use crate::search::data::Data;
use crate::search::per_job;

/// How a class of problem is searched.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// One vehicle that visits everything.
    Tour,
    /// One vehicle type, capacity, and time windows or backhauls after linehauls.
    Classical,
    /// As classical, with several vehicle types, limits of duration, or time windows and backhauls after linehauls.
    Fleet,
    /// Routes of nothing but stops and reloads.
    Stops,
    /// Everything else.
    Halts,
}

/// Everything that steers a walk.
#[derive(Clone, Copy)]
pub(super) struct Settings {
    /// Iterations between two checks of the clock.
    pub(super) check_every: u64,
    /// First and last temperature, in mean costs of a stop.
    pub(super) initial_temperature: f64,
    pub(super) final_temperature: f64,
    /// Cooling cycles within the budget.
    pub(super) cycles: u32,
    /// Iterations for each stop in one cooling cycle, where no limit says how long the search will be.
    pub(super) endless_cycle: u64,
    /// The starts that come first, where there is work enough for several.
    pub(super) starts: Option<StartParams>,
}

impl Class {
    /// Iterations in a second that a budget of time is taken for.
    pub(super) fn nominal_speed(self) -> f64 {
        match self {
            Self::Tour => 300_000.0,
            Self::Classical => 100_000.0,
            Self::Fleet => 60_000.0,
            Self::Stops => 20_000.0,
            Self::Halts => 1_500.0,
        }
    }

    /// Whether so many iterations for each stop are enough to recombine what several walks find.
    pub(super) fn recombines(self, data: &Data<'_>, work: f64) -> bool {
        // Where windows or an order forbid moves, what a child has lost takes longer to repair.
        let least = match (self, data.timed || data.has_order) {
            (Self::Classical, false) => 3_000.0,
            (Self::Fleet, false) => 4_000.0,
            (Self::Classical | Self::Fleet, true) => 7_000.0,
            _ => return false,
        };
        !data.has_optional && work >= least
    }
}

impl Settings {
    /// For a problem, the number of iterations that the budget will allow (`None`: not known), and how many stops a route of the first
    /// solution has on average.
    pub(super) fn new(class: Class, data: &Data<'_>, iterations: Option<f64>, stops_per_route: f64) -> Self {
        let endless_cycle = if class == Class::Halts { 200 } else { 2_000 };
        let work = iterations.map_or(endless_cycle as f64, |n| n / data.num_stops() as f64);
        match class {
            Class::Halts => Self::halts(data, work, endless_cycle),
            Class::Tour => Self::tour(endless_cycle),
            _ => Self::stops(class, data, work, endless_cycle, stops_per_route),
        }
    }

    fn stops(class: Class, data: &Data<'_>, work: f64, endless_cycle: u64, stops_per_route: f64) -> Self {
        /// Stops of a route from which on it is long, where time matters.
        const LONG_ROUTE: f64 = 12.0;
        /// Iterations for each stop from which on several numbers of vehicles are tried.
        const MIN_WORK_FOR_FLEETS: f64 = 800.0;
        let classical = class == Class::Classical;
        let hottest = if data.has_optional { 1.0 } else { (stops_per_route / LONG_ROUTE).clamp(1.0, 2.0) };
        // With little work for each stop, what heat destroys is never repaired: where windows bind, and where vehicles differ.
        let heat = match (classical, data.timed) {
            // Long routes change only by steps that cost many arcs.
            (true, false) => (stops_per_route / 15.0).clamp(1.0, 6.0),
            (true, true) => 3.0 * (work / 1_000.0).clamp(0.1, hottest),
            (false, false) if class == Class::Fleet => (work / 2_400.0).clamp(0.25, 0.5),
            (false, true) if class == Class::Fleet => 6.0 * (work / 3_000.0).clamp(0.1, 1.0),
            (false, false) => (work * per_job(data) as f64 / 800.0).clamp(0.25, 0.5),
            (false, true) => 6.0 * (work / 1_000.0).clamp(0.1, 1.0),
        };
        // Prizes that are lost hardly come back, since a new route pays only for several of them together.
        let optional = match (data.has_optional, classical) {
            (false, _) => 1.0,
            (true, true) => 0.5,
            (true, false) => 0.25,
        };
        // On short routes with time windows, a vehicle too many stays: the costs of closing its route are far above any temperature.
        let tries_fleets = classical
            && data.timed
            && !data.has_optional
            && work >= MIN_WORK_FOR_FLEETS
            && stops_per_route <= LONG_ROUTE;
        let grouped = if data.members.is_empty() { 1.0 } else { 0.5 };
        Self {
            check_every: if classical { 32 } else { 16 },
            initial_temperature: heat * optional * grouped,
            final_temperature: 0.02,
            cycles: (work / 1_600.0).round().clamp(1.0, 6.0) as u32,
            endless_cycle,
            starts: tries_fleets.then_some(StartParams::FLEETS),
        }
    }

    fn tour(endless_cycle: u64) -> Self {
        Self {
            check_every: 64,
            initial_temperature: 6.0,
            final_temperature: 0.01,
            cycles: 1,
            endless_cycle,
            starts: None,
        }
    }

    fn halts(data: &Data<'_>, work: f64, endless_cycle: u64) -> Self {
        /// Iterations for each stop from which on several starts pay.
        const MIN_WORK_FOR_STARTS: f64 = 12.0;
        /// Stops beyond which a start takes too long.
        const MAX_STOPS_FOR_STARTS: usize = 1_000;
        let many = work >= MIN_WORK_FOR_STARTS && data.num_stops() <= MAX_STOPS_FOR_STARTS;
        Self {
            check_every: 8,
            initial_temperature: 3.0 * (work / 50.0).clamp(0.05, 1.0),
            final_temperature: 0.02,
            cycles: 1,
            endless_cycle,
            starts: many.then_some(StartParams::SOLUTIONS),
        }
    }
}
