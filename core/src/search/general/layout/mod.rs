//! A general problem laid out for the search: what [`Data`] does not hold.

mod class;
mod disjoint_sets;
mod element;
mod partner_sets;
mod patterns;
mod relations;
mod rows;
mod site;
mod speed;
mod stop;
mod vehicle;
mod zone_hours;

pub(crate) use class::is_general;
pub(crate) use element::{Element, Role};
pub(crate) use partner_sets::SequenceIndex;
pub(crate) use stop::Stop;
pub(crate) use vehicle::{Pause, Vehicle};

use crate::model::{Measure, Problem, TimeWindow};
use crate::plan::Activity;
use crate::search::data::Data;
use crate::search::general::layout::patterns::Patterns;
use crate::search::general::layout::relations::Relations;
use crate::search::general::layout::site::{Site, site, waste_classes};
use crate::search::general::layout::vehicle::rests;
use crate::search::general::limits::MAX_TINY_STOPS;
use crate::search::travel_table::FORBIDDEN;
use crate::units::{Cost, Duration, Load};

/// The problem.
#[expect(clippy::struct_excessive_bools, reason = "each says what the problem has, independently of the others")]
pub(crate) struct Layout<'a> {
    pub(crate) base: &'a Data<'a>,
    pub(crate) problem: &'a Problem,
    pub(crate) stops: Vec<Stop>,
    windows: Vec<TimeWindow>,
    pub(crate) sites: Vec<Site>,
    pub(crate) vehicles: Vec<Vehicle>,
    /// Lengths of rests.
    pub(crate) rests: Vec<Duration>,
    pub(crate) dims: usize,
    /// How many classes of waste are told apart on board; zero where none need to be.
    pub(crate) waste_classes: usize,
    /// What is picked up of single clients, by stop and load dimension.
    pub(crate) waste: Vec<Load>,
    pub(crate) delivery: Vec<Load>,
    /// What is loaded (unloaded: negative) of shipments.
    pub(crate) shipped: Vec<Load>,
    /// How many driver rules a vehicle type has at most.
    pub(crate) max_rules: usize,
    pub(crate) relations: Relations,
    pub(crate) patterns: Patterns,
    /// Whether any time matters.
    pub(crate) timed: bool,
    pub(crate) has_releases: bool,
    pub(crate) has_order: bool,
    pub(crate) has_soft: bool,
    /// Whether the problem is so small that nearly everything is tried.
    pub(crate) is_tiny: bool,
    /// Whether an earlier end counts before cost, and what each unit of it costs.
    pub(crate) end_first: bool,
    pub(crate) end_weight: Cost,
    /// Whether routes should last alike.
    pub(crate) balances_durations: bool,
    /// Whether disposal sites take only so much.
    pub(crate) limited_sites: bool,
    /// Whether some disposal site takes the waste of some classes only.
    pub(crate) sorts: bool,
    /// Whether all vehicle types are [`lean`](Vehicle::lean).
    pub(crate) is_lean: bool,
    /// Whether all routes are lean, with one load dimension, and each stop has one hard window, is no part of a shipment, and has no
    /// release.
    pub(crate) is_plain: bool,
    /// What a unit of distance costs, where all vehicles agree on that and on distances.
    pub(crate) rate: Option<Cost>,
    /// Whether all vehicles measure distances alike.
    pub(crate) one_profile: bool,
    /// Whether routes cost what their vehicles and distances do, and all vehicles measure distances alike.
    pub(crate) by_distance: bool,
    /// Whether some vehicle type is larger than another that it may replace.
    pub(crate) has_larger: bool,
    /// What a unit of distance costs at least.
    pub(crate) least_rate: Cost,
    /// Whether arcs, windows and services are the same for all vehicles, so that a few additions tell whether a stop is too late
    /// for a gap.
    pub(crate) screens_times: bool,
    /// Whether some vehicles may not serve all stops, or stops depend on each other.
    pub(crate) is_restricted: bool,
    /// Whether any vehicle can empty before its end.
    pub(crate) has_emptyings: bool,
    /// Priority class of each stop.
    pub(crate) class: Vec<u8>,
    /// By stop: the prize of its job; at most `REQUIRED_PRIZE`.
    pub(crate) job_prize: Vec<Cost>,
    pub(crate) highest_class: u8,
}

impl<'a> Layout<'a> {
    pub(crate) fn new(base: &'a Data<'a>) -> Self {
        let problem = base.problem;
        let (m, dims) = (base.num_stops(), base.dimensions);
        let tells_apart = !problem.disposal_sites().is_empty()
            || !problem.separate_materials().is_empty()
            || problem.vehicle_types().iter().any(|v| v.end_empty || !v.compartments.is_empty());
        let waste_class_of = if tells_apart { waste_classes(problem) } else { vec![0; problem.materials().len() + 1] };
        let waste_classes = if tells_apart { waste_class_of.iter().max().map_or(0, |&h| h + 1) } else { 0 };
        let class = |activity: &Activity| match *activity {
            Activity::Client(c) => problem.client(c).priority,
            _ => 0,
        };
        let class: Vec<u8> = base.activity.iter().map(class).collect();
        let mut layout = Self {
            base,
            problem,
            stops: Vec::with_capacity(m),
            windows: Vec::new(),
            sites: (0..problem.disposal_sites().len()).map(|k| site(base, k, &waste_class_of, waste_classes)).collect(),
            vehicles: Vec::new(),
            rests: Vec::new(),
            dims,
            waste_classes,
            waste: vec![0; m * dims],
            delivery: vec![0; m * dims],
            shipped: vec![0; m * dims],
            max_rules: problem.vehicle_types().iter().map(|v| v.driver_rules.len()).max().unwrap_or(0),
            relations: Relations::new(base),
            patterns: Patterns::new(base),
            timed: false,
            has_releases: base.has_releases,
            has_order: base.has_order,
            has_soft: problem.clients().iter().any(|client| client.soft_window.is_some()),
            is_tiny: m <= MAX_TINY_STOPS,
            end_first: problem.goals().iter().any(|goal| goal.measure == Measure::Makespan && goal.weight.is_none()),
            end_weight: problem
                .goals()
                .iter()
                .filter(|goal| goal.measure == Measure::Makespan)
                .filter_map(|goal| goal.weight)
                .sum(),
            balances_durations: problem.goals().iter().any(|goal| goal.measure == Measure::DurationSpread),
            limited_sites: problem.disposal_sites().iter().any(|site| !site.daily_capacity.is_empty()),
            sorts: false,
            is_lean: false,
            is_plain: false,
            rate: None,
            one_profile: problem.travel().num_profiles() == 1,
            by_distance: false,
            has_larger: base.vehicles.iter().any(|v| !v.larger.is_empty()),
            least_rate: 0,
            screens_times: false,
            is_restricted: base.vehicles.iter().any(|v| !v.allowed.is_empty()) || !base.members.is_empty(),
            has_emptyings: problem.vehicle_types().iter().any(|v| !v.disposal_sites.is_empty())
                || base.vehicles.iter().any(|v| !v.reload.is_empty()),
            highest_class: class.iter().copied().max().unwrap_or(0),
            class,
            job_prize: Vec::new(),
        };
        layout.job_prize = layout.job_prizes();
        layout.is_restricted |= layout.relations.any();
        for u in 0..m {
            layout.add_stop(u, &waste_class_of);
        }
        layout.rests = rests(problem);
        layout.sorts = layout.sites.iter().any(|site| site.accepts.contains(&true) && site.accepts.contains(&false));
        layout.timed = layout.is_timed();
        let mut break_point = base.first_break_point();
        for (t, service) in layout.services().into_iter().enumerate() {
            let zone_hours = layout.zone_hours(t);
            let vehicle = layout.vehicle(t, &waste_class_of, service, break_point, zone_hours);
            break_point += vehicle.breaks.iter().filter(|pause| pause.point.is_some()).count();
            layout.vehicles.push(vehicle);
        }
        layout.compare_vehicles();
        layout
    }

    /// Notes what all vehicles have in common.
    fn compare_vehicles(&mut self) {
        let rate = self.vehicles.first().map_or(0, |v| v.cost_per_distance);
        let agree = |v: &Vehicle| v.cost_per_distance == rate && v.profile == 0;
        self.rate = self.vehicles.iter().all(agree).then_some(rate);
        self.is_lean = self.vehicles.iter().all(|v| v.lean);
        let timed = self.timed;
        let by_distance = |v: &Vehicle| v.cost_per_duration == 0 && !(timed && v.costs_time);
        self.is_plain = self.is_lean
            && self.dims == 1
            && !self.has_releases
            && !self.has_soft
            && self.windows.is_empty()
            && self.problem.shipments().is_empty();
        self.least_rate = self.vehicles.iter().map(|v| v.cost_per_distance).min().unwrap_or(0);
        self.screens_times = self.timed
            && self.is_lean
            && self.one_profile
            && !self.has_releases
            && self.windows.is_empty()
            && self.vehicles.iter().all(Vehicle::serves_alike);
        self.by_distance = self.is_lean && self.one_profile && self.vehicles.iter().all(by_distance);
    }

    /// Whether routes have nothing in common but stops and vehicles, so that a solution can be cut into blocks of routes.
    pub(crate) fn divides(&self) -> bool {
        let has_begun = self.vehicles.iter().any(|vehicle| !vehicle.executed.is_empty());
        let weighted =
            self.problem.goals().iter().any(|goal| goal.measure != Measure::Vehicles || goal.target.is_some());
        !weighted
            && !self.limited_sites
            && self.problem.relations().is_empty()
            && self.base.members.is_empty()
            && !has_begun
    }

    /// Whether a plan can fail on time, or pay for it.
    fn is_timed(&self) -> bool {
        let problem = self.problem;
        self.base.timed
            || self.has_soft
            || problem.goals().iter().any(|goal| goal.measure.is_of_time())
            || !self.windows.is_empty()
            || problem.has_closed_hours()
            || problem.vehicle_types().iter().any(|v| {
                !v.breaks.is_empty()
                    || !v.driver_rules.is_empty()
                    || v.max_driving.is_some()
                    || v.max_work.is_some()
                    || !v.overtime.is_empty()
                    || v.cost_per_waiting > 0
            })
            || problem.disposal_sites().iter().any(|site| !site.hours.is_empty())
    }

    /// The rest of a length, where such rests are known.
    pub(crate) fn rest(&self, length: Duration) -> Option<Element> {
        self.rests.iter().position(|&l| l == length).map(Element::rest)
    }

    pub(crate) fn num_stops(&self) -> usize {
        self.base.num_stops()
    }

    #[inline]
    pub(crate) fn distance(&self, vehicle: &Vehicle, from: u32, to: u32) -> i64 {
        i64::from(self.base.travel.distance(vehicle.profile, from as usize, to as usize))
    }

    /// How long an arc takes, the set-up at its end included.
    #[inline]
    pub(crate) fn duration(&self, vehicle: &Vehicle, from: u32, to: u32) -> i64 {
        i64::from(self.base.travel.duration(vehicle.profile, from as usize, to as usize))
    }

    /// What of an arc's duration is set-up.
    #[inline]
    pub(crate) fn setup(&self, vehicle: &Vehicle, from: u32, to: u32) -> Duration {
        self.base.travel.setup(self.problem, vehicle.profile, from as usize, to as usize)
    }

    /// How long the drive of an arc takes at full speed, and the set-up behind it.
    #[inline]
    pub(crate) fn drive_and_setup(&self, vehicle: &Vehicle, from: u32, to: u32) -> (Duration, Duration) {
        let (all, setup) = (self.duration(vehicle, from, to), self.setup(vehicle, from, to));
        (if all >= i64::from(FORBIDDEN) { all } else { all - setup }, setup)
    }

    /// Where an element is; of a pause en route, `None`.
    #[inline]
    pub(crate) fn point(&self, vehicle: &Vehicle, element: Element) -> Option<u32> {
        match element.role() {
            Role::Stop(u) => Some(u as u32),
            Role::Site(k) => Some(self.sites[k].point),
            Role::Reload(depot) => Some(self.base.depot_point(Some(crate::ids::DepotId::new(depot)))),
            Role::Break(b) => vehicle.breaks[b].point,
            Role::Rest(_) => None,
            Role::Start => Some(vehicle.start_point),
            Role::End => Some(vehicle.end_point),
        }
    }
}
