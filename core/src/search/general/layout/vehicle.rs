//! A vehicle type: its shift, costs, limits, compartments, breaks and driver rules.

use crate::ids::VehicleTypeId;
use crate::model::{
    Break, Consumption, DriverRule, Effort, ExactConsumption, Measure, OvertimeStep, Problem, TimeWindow, VehicleType,
};
use crate::plan::Activity;
use crate::search::data::NONE;
use crate::search::fleet::Reload;
use crate::search::general::layout::Layout;
use crate::search::general::layout::element::Element;
use crate::search::general::layout::speed::Speed;
use crate::search::general::layout::zone_hours::ZoneHours;
use crate::search::general::limits::UNLIMITED;
use crate::units::{Cost, Duration, Load, MAX_VALUE, Time};

/// A break.
pub(crate) struct Pause {
    pub(crate) early: Time,
    pub(crate) late: Time,
    pub(crate) duration: Duration,
    pub(crate) point: Option<u32>,
    pub(crate) paid: bool,
}

impl Pause {
    /// Whether a route from `start` to `end` must take the break, and has not.
    #[inline]
    pub(crate) const fn is_due(&self, taken: bool, start: Time, end: Time) -> bool {
        !taken && start <= self.late && end > self.late
    }
}

/// A vehicle type.
#[expect(clippy::struct_excessive_bools, reason = "each says what the type has, independently of the others")]
pub(crate) struct Vehicle {
    pub(crate) profile: usize,
    pub(crate) start_point: u32,
    pub(crate) end_point: u32,
    pub(crate) has_start: bool,
    pub(crate) has_end: bool,
    pub(crate) start_early: Time,
    pub(crate) start_late: Time,
    pub(crate) loading: Duration,
    pub(crate) end_early: Time,
    pub(crate) end_late: Time,
    pub(crate) fixed_cost: Cost,
    pub(crate) cost_per_distance: Cost,
    pub(crate) cost_per_duration: Cost,
    pub(crate) cost_per_waiting: Cost,
    pub(crate) overtime: Vec<OvertimeStep>,
    pub(crate) max_duration: Duration,
    pub(crate) max_distance: i64,
    pub(crate) max_driving: Duration,
    pub(crate) max_work: Duration,
    max_stops: usize,
    pub(crate) max_trips: usize,
    pub(crate) max_route_load: Vec<Load>,
    pub(crate) capacity: Vec<Load>,
    pub(crate) reload: Vec<Reload>,
    pub(crate) sites: Vec<u32>,
    pub(crate) end_empty: bool,
    /// By waste class: its compartment, or `NONE`.
    pub(crate) compartment: Vec<u32>,
    /// By compartment and load dimension.
    pub(crate) compartments: Vec<Vec<Load>>,
    /// By waste class: the waste classes that are never on board at the same time.
    pub(crate) apart: Vec<Vec<usize>>,
    pub(crate) breaks: Vec<Pause>,
    pub(crate) rules: Vec<DriverRule>,
    pub(crate) paid_rests: bool,
    /// Whether a stay at a stop counts as a rest for some driver rule.
    pub(crate) stays_rest: bool,
    pub(crate) speed: Speed,
    /// What zones leave of the windows of stops, and of the hours of sites.
    zone_hours: ZoneHours,
    /// Service by stop; empty: as the stop says.
    service: Vec<Duration>,
    /// What each stop costs in addition; empty: nothing.
    assignment: Vec<Cost>,
    /// What it consumes and emits.
    pub(crate) consumption: Option<ExactConsumption>,
    /// What the vehicle has executed already.
    pub(crate) executed: Vec<Element>,
    /// Whether anything but stops can be on a route.
    pub(crate) has_halts: bool,
    /// Whether a route's cost or feasibility depends on when it starts.
    pub(crate) scheduled: bool,
    /// Whether its cost does.
    pub(crate) costs_time: bool,
    /// Whether a closed formula gives the best start.
    pub(crate) simple_start: bool,
    /// Whether a route has nothing but stops and reloads, driven at one speed, with all waste alike.
    pub(crate) lean: bool,
    /// Whether work, driving, or what the route handles in all is limited.
    pub(crate) has_totals: bool,
}

impl Vehicle {
    /// Whether service takes as long as stops say.
    pub(super) const fn serves_alike(&self) -> bool {
        self.service.is_empty()
    }

    /// Whether a route may make so many stops.
    #[inline]
    pub(crate) const fn may_stop(&self, times: u32) -> bool {
        times as usize <= self.max_stops
    }

    /// Times from which on other halts may be due: the speed changes, or a break is over before the route starts.
    pub(crate) fn starts(&self) -> Vec<Time> {
        let breaks = self.breaks.iter().map(|pause| pause.late + 1).filter(|&time| time < UNLIMITED / 4);
        let mut starts: Vec<Time> = self.speed.steps().iter().copied().chain(breaks).collect();
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// Cost of time that is paid.
    #[inline]
    pub(crate) fn paid_cost(&self, paid: Duration) -> Cost {
        let over = |step: &OvertimeStep| step.cost_per_duration * (paid - step.after).max(0);
        self.cost_per_duration * paid + self.overtime.iter().map(over).sum::<Cost>()
    }

    /// Where the windows of a stop are for the vehicle; `None`: they are as for all others.
    #[inline]
    pub(crate) fn windows_by_type(&self, u: usize) -> Option<(u32, u32)> {
        self.zone_hours.of_stop(u)
    }

    /// The hours of a disposal site that zones leave for the vehicle; `None`: zones do not concern it.
    #[inline]
    pub(crate) fn hours_in_zones(&self, site: usize) -> Option<&[TimeWindow]> {
        self.zone_hours.of_site(site)
    }

    /// What a stop costs in addition because a vehicle of this type serves it.
    #[inline]
    pub(crate) fn assignment_cost(&self, u: usize) -> Cost {
        self.assignment.get(u).copied().unwrap_or(0)
    }

    /// The reload depot of an index of the problem's depots.
    pub(crate) fn reload_at(&self, depot: usize) -> Option<&Reload> {
        self.reload.iter().find(|reload| reload.depot == depot)
    }
}

impl Layout<'_> {
    /// By vehicle type: how long service takes at each stop, where that is not the same for all types.
    pub(super) fn services(&self) -> Vec<Vec<Duration>> {
        let mut services = vec![Vec::new(); self.problem.vehicle_types().len()];
        for (u, activity) in self.base.activity.iter().enumerate() {
            let Activity::Client(c) = *activity else { continue };
            for &(vehicle_type, service) in self.problem.client(c).service_by_type.iter().rev() {
                let own = &mut services[vehicle_type.index()];
                if own.is_empty() {
                    own.extend(self.base.service.iter().copied().map(Duration::from));
                }
                own[u] = service;
            }
        }
        services
    }

    /// A vehicle type, with its service times and the point of its first break that has a place.
    pub(super) fn vehicle(
        &self,
        t: usize,
        waste_class_of: &[usize],
        service: Vec<Duration>,
        first_break_point: usize,
        zone_hours: ZoneHours,
    ) -> Vehicle {
        let (problem, dims) = (self.problem, self.dims);
        let (v, base) = (&problem.vehicle_types()[t], &self.base.vehicles[t]);
        let bounded = |late: Time| if late >= MAX_VALUE { UNLIMITED } else { late };
        let amounts = |list: &[Load]| (0..dims).map(|d| list.get(d).copied().unwrap_or(UNLIMITED)).collect::<Vec<_>>();
        let breaks = breaks(v, first_break_point);
        let speed = Speed::new(problem.speed(v.profile));
        let costs_time = v.cost_per_duration > 0
            || !v.overtime.is_empty()
            || v.cost_per_waiting > 0
            || self.has_soft
            || !breaks.is_empty()
            || problem.goals().iter().any(|goal| goal.measure == Measure::DurationSpread);
        let scheduled = costs_time || v.max_duration.is_some();
        let en_route = breaks.iter().any(|pause| pause.point.is_none()) || !v.driver_rules.is_empty();
        let early_costs = self.stops.iter().any(|stop| stop.early_rate > 0);
        let assignment = self.assignment_costs(VehicleTypeId::new(t));
        let lean = v.disposal_sites.is_empty()
            && breaks.is_empty()
            && v.driver_rules.is_empty()
            && v.executed.is_empty()
            && self.waste_classes == 0
            && speed.flat
            && (v.max_driving.is_none() || !self.base.travel.has_setups())
            && assignment.is_empty();
        Vehicle {
            lean,
            has_totals: v.max_driving.is_some() || v.max_work.is_some() || !v.max_route_load.is_empty(),
            profile: base.profile,
            start_point: base.start_point,
            end_point: base.end_point,
            has_start: v.start.is_some(),
            has_end: v.end.is_some(),
            start_early: base.start_early,
            start_late: bounded(base.start_late),
            loading: base.loading,
            end_early: base.end_early,
            end_late: bounded(base.end_late),
            fixed_cost: base.fixed_cost,
            cost_per_distance: base.cost_per_distance,
            cost_per_duration: base.cost_per_duration,
            cost_per_waiting: v.cost_per_waiting,
            overtime: v.overtime.clone(),
            max_duration: base.max_duration,
            max_distance: base.max_distance,
            max_driving: v.max_driving.unwrap_or(UNLIMITED),
            max_work: v.max_work.unwrap_or(UNLIMITED),
            max_stops: v.max_stops.unwrap_or(usize::MAX),
            max_trips: v.max_trips.unwrap_or(usize::MAX),
            max_route_load: amounts(&v.max_route_load),
            capacity: base.capacity.clone(),
            reload: base.reload.clone(),
            sites: self.open_sites(VehicleTypeId::new(t)),
            end_empty: v.end_empty,
            compartment: self.compartment_of(v, waste_class_of),
            compartments: v.compartments.iter().map(|part| amounts(&part.capacity)).collect(),
            apart: self.never_together(v, waste_class_of),
            has_halts: !v.disposal_sites.is_empty()
                || !breaks.is_empty()
                || !v.driver_rules.is_empty()
                || !base.reload.is_empty(),
            breaks,
            rules: v.driver_rules.clone(),
            paid_rests: v.paid_rests,
            stays_rest: v.driver_rules.iter().any(|rule| rule.effort == Effort::Driving && rule.any_pause),
            simple_start: speed.flat && !en_route && !early_costs && v.breaks.is_empty(),
            speed,
            zone_hours,
            service,
            assignment,
            consumption: v.consumption.as_ref().map(Consumption::exact),
            executed: self.executed(&v.executed),
            scheduled,
            costs_time,
        }
    }

    /// The compartment of each waste class, or `NONE`.
    fn compartment_of(&self, v: &VehicleType, waste_class_of: &[usize]) -> Vec<u32> {
        let mut compartment = vec![NONE; self.waste_classes];
        for (i, part) in v.compartments.iter().enumerate() {
            for material in &part.materials {
                compartment[waste_class_of[material.index() + 1]] = i as u32;
            }
        }
        compartment
    }

    /// By waste class: those that are never on board at the same time.
    fn never_together(&self, v: &VehicleType, waste_class_of: &[usize]) -> Vec<Vec<usize>> {
        let mut apart = vec![Vec::new(); self.waste_classes];
        if v.compartments.is_empty() {
            for &(a, b) in self.problem.separate_materials() {
                let (a, b) = (waste_class_of[a.index() + 1], waste_class_of[b.index() + 1]);
                apart[a].push(b);
                apart[b].push(a);
            }
        }
        apart
    }

    fn executed(&self, activities: &[Activity]) -> Vec<Element> {
        if activities.is_empty() {
            return Vec::new();
        }
        let node_of = self.base.node_of();
        let element = |&activity: &Activity| match activity {
            Activity::Dispose(site) => Element::site(site.index()),
            Activity::Break(index) => Element::pause(index),
            Activity::Rest(length) => self.rest(length).unwrap_or(Element::rest(0)),
            _ => Element::stop(node_of.get(activity)),
        };
        activities.iter().map(element).collect()
    }

    /// What each stop costs in addition with vehicles of a type; empty: nothing.
    fn assignment_costs(&self, vehicle_type: VehicleTypeId) -> Vec<Cost> {
        let of = |&activity: &Activity| match activity {
            Activity::Client(c) => self.problem.client(c).assignment_cost_for(vehicle_type),
            Activity::Pickup(s) => self.problem.shipment(s).assignment_cost_for(vehicle_type),
            _ => 0,
        };
        if self.base.activity.iter().all(|activity| of(activity) == 0) {
            return Vec::new();
        }
        self.base.activity.iter().map(of).collect()
    }

    #[inline]
    pub(crate) fn service(&self, vehicle: &Vehicle, u: usize) -> Duration {
        if vehicle.service.is_empty() { Duration::from(self.base.service[u]) } else { vehicle.service[u] }
    }
}

/// The breaks of a vehicle type, with the point of the first that has a place.
fn breaks(v: &VehicleType, first_break_point: usize) -> Vec<Pause> {
    let mut point = first_break_point;
    v.breaks
        .iter()
        .map(|pause| {
            let at = pause.place.is_some().then_some(point as u32);
            point += usize::from(at.is_some());
            new_pause(pause, at)
        })
        .collect()
}

fn new_pause(pause: &Break, point: Option<u32>) -> Pause {
    let late = if pause.start.late >= MAX_VALUE { UNLIMITED } else { pause.start.late };
    Pause { early: pause.start.early, late, duration: pause.duration, point, paid: pause.paid }
}

/// Lengths of rests that driver rules ask for, and of those that were taken already.
pub(super) fn rests(problem: &Problem) -> Vec<Duration> {
    let rules = problem.vehicle_types().iter().flat_map(|v| &v.driver_rules);
    let mut rests: Vec<Duration> =
        rules.flat_map(|rule| [Some(rule.rest), rule.split.map(|s| s.0), rule.split.map(|s| s.1)]).flatten().collect();
    rests.extend(problem.vehicle_types().iter().flat_map(|v| &v.executed).filter_map(|activity| match *activity {
        Activity::Rest(length) => Some(length),
        _ => None,
    }));
    rests.sort_unstable();
    rests.dedup();
    rests
}
