//! A general problem laid out for the search: what [`Data`] leaves out.

use crate::ids::{DisposalSiteId, MaterialId};
use crate::model::{Break, Client, DriverRule, Effort, Measure, OvertimeStep, Problem, Rate, TimeWindow};
use crate::plan::Activity;
use crate::search::data::{Data, NONE, Order};
use crate::search::fleet::Reload;
use crate::search::general::element::{Element, Role};
use crate::search::general::relations::Relations;
use crate::search::general::speed::Speed;
use crate::search::general::{REQUIRED_WORTH, UNLIMITED};
use crate::units::{Cost, Duration, Load, MAX_VALUE, Time};

/// When a stop may be served, and what is picked up there.
#[derive(Clone, Copy)]
pub(super) struct Stop {
    pub(super) early: Time,
    pub(super) late: Time,
    /// Where all its windows are, if there is more than one.
    windows: (u32, u32),
    pub(super) soft_early: Time,
    pub(super) soft_late: Time,
    pub(super) early_rate: Cost,
    pub(super) late_rate: Cost,
    /// What tells its waste apart from other waste.
    pub(super) hold: usize,
    pub(super) release: Time,
    pub(super) order: Order,
}

/// A disposal site.
pub(super) struct Site {
    pub(super) point: u32,
    pub(super) hours: Vec<TimeWindow>,
    pub(super) service: Duration,
    pub(super) unloading: Vec<Rate>,
    pub(super) visit_cost: Cost,
    pub(super) fee: Vec<Rate>,
    /// Whether the site takes what is in a hold.
    pub(super) accepts: Vec<bool>,
    /// By load dimension; empty: unlimited.
    pub(super) capacity: Vec<Load>,
}

/// A break.
pub(super) struct Pause {
    pub(super) early: Time,
    pub(super) late: Time,
    pub(super) duration: Duration,
    pub(super) point: Option<u32>,
    pub(super) paid: bool,
}

impl Pause {
    /// Whether a route from `start` to `end` must take the break, and has not.
    #[inline]
    pub(super) const fn is_due(&self, taken: bool, start: Time, end: Time) -> bool {
        !taken && start <= self.late && end > self.late
    }
}

/// A vehicle type.
#[expect(clippy::struct_excessive_bools, reason = "each says what the type has, independently of the others")]
pub(super) struct Vehicle {
    pub(super) profile: usize,
    pub(super) start_point: u32,
    pub(super) end_point: u32,
    pub(super) has_start: bool,
    pub(super) has_end: bool,
    pub(super) start_early: Time,
    pub(super) start_late: Time,
    pub(super) loading: Duration,
    pub(super) end_early: Time,
    pub(super) end_late: Time,
    pub(super) fixed_cost: Cost,
    pub(super) cost_per_distance: Cost,
    pub(super) cost_per_duration: Cost,
    pub(super) cost_per_waiting: Cost,
    pub(super) overtime: Vec<OvertimeStep>,
    pub(super) max_duration: Duration,
    pub(super) max_distance: i64,
    pub(super) max_driving: Duration,
    pub(super) max_work: Duration,
    max_stops: usize,
    pub(super) max_trips: usize,
    pub(super) max_route_load: Vec<Load>,
    pub(super) capacity: Vec<Load>,
    pub(super) reload: Vec<Reload>,
    pub(super) sites: Vec<u32>,
    pub(super) end_empty: bool,
    /// By hold: its compartment, or `NONE`.
    pub(super) compartment: Vec<u32>,
    /// By compartment and load dimension.
    pub(super) compartments: Vec<Vec<Load>>,
    /// By hold: the holds that are never filled at the same time.
    pub(super) apart: Vec<Vec<usize>>,
    pub(super) breaks: Vec<Pause>,
    pub(super) rules: Vec<DriverRule>,
    pub(super) paid_rests: bool,
    /// Whether a stay at a stop counts as a rest for some driver rule.
    pub(super) stays_rest: bool,
    pub(super) speed: Speed,
    /// Service by stop; empty: as the stop says.
    service: Vec<Duration>,
    /// What the vehicle has done already.
    pub(super) executed: Vec<Element>,
    /// Whether anything but stops can be on a route.
    pub(super) has_halts: bool,
    /// Whether a route's cost or feasibility depends on when it starts.
    pub(super) scheduled: bool,
    /// Whether a closed formula gives the best start.
    pub(super) simple_start: bool,
    /// Whether a route has nothing but stops and reloads, driven at one speed, with all waste alike.
    pub(super) lean: bool,
    /// Whether work, driving, or what the route handles in all is limited.
    pub(super) has_totals: bool,
}

impl Vehicle {
    /// Whether a route may make so many stops.
    #[inline]
    pub(super) const fn may_stop(&self, times: u32) -> bool {
        times as usize <= self.max_stops
    }

    /// Times from which on other halts may be due: speeds change, or a break is over for who starts then.
    pub(super) fn starts(&self) -> Vec<Time> {
        let breaks = self.breaks.iter().map(|pause| pause.late + 1).filter(|&time| time < UNLIMITED / 4);
        let mut starts: Vec<Time> = self.speed.steps().iter().copied().chain(breaks).collect();
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// Cost of time that is paid.
    #[inline]
    pub(super) fn paid_cost(&self, paid: Duration) -> Cost {
        let over = |step: &OvertimeStep| step.cost_per_duration * (paid - step.after).max(0);
        self.cost_per_duration * paid + self.overtime.iter().map(over).sum::<Cost>()
    }

    /// The reload depot of an index of the problem's depots.
    pub(super) fn reload_at(&self, depot: usize) -> Option<&Reload> {
        self.reload.iter().find(|reload| reload.depot == depot)
    }
}

/// The problem.
#[expect(clippy::struct_excessive_bools, reason = "each says what the problem has, independently of the others")]
pub(crate) struct Layout<'a> {
    pub(super) base: &'a Data<'a>,
    pub(super) problem: &'a Problem,
    pub(super) stops: Vec<Stop>,
    windows: Vec<TimeWindow>,
    pub(super) sites: Vec<Site>,
    pub(super) vehicles: Vec<Vehicle>,
    /// Lengths of rests.
    pub(super) rests: Vec<Duration>,
    pub(super) dims: usize,
    /// In how many parts waste on board is told apart; none where it need not be.
    pub(super) holds: usize,
    /// What is picked up of single clients, by stop and load dimension.
    pub(super) waste: Vec<Load>,
    pub(super) delivery: Vec<Load>,
    /// What is loaded (unloaded: negative) of shipments.
    pub(super) shipped: Vec<Load>,
    /// How many driver rules a vehicle type has at most.
    pub(super) max_rules: usize,
    pub(super) relations: Relations,
    /// Whether any time matters.
    pub(super) timed: bool,
    pub(super) has_releases: bool,
    pub(super) has_order: bool,
    pub(super) has_soft: bool,
    /// Whether the problem is so small that nearly everything is tried.
    pub(super) is_tiny: bool,
    /// Whether an earlier end counts before cost, and what each unit of it costs.
    pub(super) end_first: bool,
    pub(super) end_weight: Cost,
    /// Whether routes should last alike.
    pub(super) levels: bool,
    /// Whether disposal sites take only so much.
    pub(super) limited_sites: bool,
    /// Whether some disposal site takes the waste of some holds only.
    pub(super) sorts: bool,
    /// Whether all vehicle types are [`lean`](Vehicle::lean).
    pub(super) is_lean: bool,
    /// What a unit of distance costs, where all vehicles agree on that and on distances.
    pub(super) rate: Option<Cost>,
    /// Whether all vehicles measure distances alike.
    pub(super) one_profile: bool,
    /// Whether some vehicles may not serve all stops, or stops depend on each other.
    pub(super) is_restricted: bool,
    /// Whether any vehicle can empty on its way.
    pub(super) has_emptyings: bool,
    /// Priority class of each stop.
    pub(super) class: Vec<u8>,
    /// By stop: what serving its job is worth; at most [`REQUIRED_WORTH`].
    pub(super) worth: Vec<Cost>,
    pub(super) highest_class: u8,
}

impl<'a> Layout<'a> {
    pub(crate) fn new(base: &'a Data<'a>) -> Self {
        let problem = base.problem;
        let (m, dims) = (base.num_stops(), base.dimensions);
        let tells_apart = !problem.disposal_sites().is_empty()
            || !problem.separate_materials().is_empty()
            || problem.vehicle_types().iter().any(|v| v.end_empty || !v.compartments.is_empty());
        let hold_of = if tells_apart { holds(problem) } else { vec![0; problem.materials().len() + 1] };
        let holds = if tells_apart { hold_of.iter().max().map_or(0, |&h| h + 1) } else { 0 };
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
            sites: (0..problem.disposal_sites().len()).map(|k| site(base, k, &hold_of, holds)).collect(),
            vehicles: Vec::new(),
            rests: Vec::new(),
            dims,
            holds,
            waste: vec![0; m * dims],
            delivery: vec![0; m * dims],
            shipped: vec![0; m * dims],
            max_rules: problem.vehicle_types().iter().map(|v| v.driver_rules.len()).max().unwrap_or(0),
            relations: Relations::new(base),
            timed: false,
            has_releases: base.has_releases,
            has_order: base.has_order,
            has_soft: problem.clients().iter().any(|client| client.soft_window.is_some()),
            is_tiny: m <= crate::search::general::solution::TINY,
            end_first: problem.goals().iter().any(|goal| goal.measure == Measure::Makespan && goal.weight.is_none()),
            end_weight: problem
                .goals()
                .iter()
                .filter(|goal| goal.measure == Measure::Makespan)
                .filter_map(|goal| goal.weight)
                .sum(),
            levels: problem.goals().iter().any(|goal| goal.measure == Measure::DurationSpread),
            limited_sites: problem.disposal_sites().iter().any(|site| !site.daily_capacity.is_empty()),
            sorts: false,
            is_lean: false,
            rate: None,
            one_profile: problem.travel().num_profiles() == 1,
            is_restricted: base.vehicles.iter().any(|v| !v.allowed.is_empty()) || !base.members.is_empty(),
            has_emptyings: problem.vehicle_types().iter().any(|v| !v.disposal_sites.is_empty())
                || base.vehicles.iter().any(|v| !v.reload.is_empty()),
            highest_class: class.iter().copied().max().unwrap_or(0),
            class,
            worth: Vec::new(),
        };
        layout.worth = layout.worths();
        layout.is_restricted |= layout.relations.any();
        for u in 0..m {
            layout.add_stop(u, &hold_of);
        }
        layout.rests = rests(problem);
        layout.sorts = layout.sites.iter().any(|site| site.accepts.contains(&true) && site.accepts.contains(&false));
        layout.timed = base.timed
            || layout.has_soft
            || problem.goals().iter().any(|goal| goal.measure.is_of_time())
            || !layout.windows.is_empty()
            || problem.vehicle_types().iter().any(|v| {
                !v.breaks.is_empty()
                    || !v.driver_rules.is_empty()
                    || v.max_driving.is_some()
                    || v.max_work.is_some()
                    || !v.overtime.is_empty()
                    || v.cost_per_waiting > 0
            })
            || problem.disposal_sites().iter().any(|site| !site.hours.is_empty());
        let mut break_point = base.first_break_point();
        for (t, service) in layout.services().into_iter().enumerate() {
            let vehicle = layout.vehicle(t, &hold_of, service, break_point);
            break_point += vehicle.breaks.iter().filter(|pause| pause.point.is_some()).count();
            layout.vehicles.push(vehicle);
        }
        let rate = layout.vehicles.first().map_or(0, |v| v.cost_per_distance);
        let agree = |v: &Vehicle| v.cost_per_distance == rate && v.profile == 0;
        layout.rate = layout.vehicles.iter().all(agree).then_some(rate);
        layout.is_lean = layout.vehicles.iter().all(|v| v.lean);
        layout
    }

    /// What the job of each stop is worth: the prizes of its group and of its set.
    fn worths(&self) -> Vec<Cost> {
        let base = self.base;
        let own = |u: usize| if base.required[u] || self.class[u] > 0 { REQUIRED_WORTH } else { base.prize[u] };
        let sum = |stops: &[u32], worth: &dyn Fn(usize) -> Cost| {
            stops.iter().fold(0, |sum: Cost, &u| sum.saturating_add(worth(u as usize))).min(REQUIRED_WORTH)
        };
        let of_groups: Vec<Cost> = base.members.iter().map(|members| sum(members, &own)).collect();
        let of_job = |u: usize| match base.group[u] {
            NONE => own(u),
            group => of_groups[group as usize],
        };
        let of_sets: Vec<Cost> = self.relations.all_or_none.iter().map(|set| sum(set, &of_job)).collect();
        let of_stop = |u: usize| match self.relations.set_of[u] {
            NONE => of_job(u),
            set => of_sets[set as usize],
        };
        (0..self.num_stops()).map(of_stop).collect()
    }

    fn add_stop(&mut self, u: usize, hold_of: &[usize]) {
        let dims = self.dims;
        let base = self.base;
        let bounded = |late: Time| if late >= MAX_VALUE { UNLIMITED } else { late };
        let mut stop = Stop {
            early: Time::from(base.early[u]),
            late: bounded(Time::from(base.late[u])),
            windows: (0, 0),
            soft_early: -UNLIMITED,
            soft_late: UNLIMITED,
            early_rate: 0,
            late_rate: 0,
            hold: 0,
            release: 0,
            order: base.order[u],
        };
        match base.activity[u] {
            Activity::Client(c) => {
                let client = self.problem.client(c);
                if !client.more_windows.is_empty() {
                    let first = self.windows.len() as u32;
                    self.windows.extend(client.windows().map(|w| TimeWindow::new(w.early, bounded(w.late))));
                    stop.windows = (first, self.windows.len() as u32);
                }
                if let Some(soft) = client.soft_window {
                    (stop.soft_early, stop.soft_late) = (soft.early, soft.late);
                    (stop.early_rate, stop.late_rate) = (soft.cost_per_early, soft.cost_per_late);
                }
                stop.hold = hold_of[client.material.map_or(0, |m| m.index() + 1)];
                stop.release = client.release;
                for d in 0..dims {
                    self.waste[u * dims + d] = Problem::amount(&client.pickup, d);
                    self.delivery[u * dims + d] = Problem::amount(&client.delivery, d);
                }
            }
            Activity::Pickup(s) | Activity::Delivery(s) => {
                let sign = if let Activity::Pickup(_) = base.activity[u] { 1 } else { -1 };
                let amount = &self.problem.shipment(s).amount;
                (0..dims).for_each(|d| self.shipped[u * dims + d] = sign * Problem::amount(amount, d));
            }
            Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => {}
        }
        self.stops.push(stop);
    }

    /// By vehicle type: how long service takes at each stop, where that is not the same for all types.
    fn services(&self) -> Vec<Vec<Duration>> {
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
    fn vehicle(&self, t: usize, hold_of: &[usize], service: Vec<Duration>, first_break_point: usize) -> Vehicle {
        let (problem, dims) = (self.problem, self.dims);
        let (v, base) = (&problem.vehicle_types()[t], &self.base.vehicles[t]);
        let bounded = |late: Time| if late >= MAX_VALUE { UNLIMITED } else { late };
        let mut compartment = vec![NONE; self.holds];
        for (i, part) in v.compartments.iter().enumerate() {
            for material in &part.materials {
                compartment[hold_of[material.index() + 1]] = i as u32;
            }
        }
        let amounts = |list: &[Load]| (0..dims).map(|d| list.get(d).copied().unwrap_or(UNLIMITED)).collect::<Vec<_>>();
        let mut apart = vec![Vec::new(); self.holds];
        if v.compartments.is_empty() {
            for &(a, b) in problem.separate_materials() {
                let (a, b) = (hold_of[a.index() + 1], hold_of[b.index() + 1]);
                apart[a].push(b);
                apart[b].push(a);
            }
        }
        let mut point = first_break_point;
        let breaks: Vec<Pause> = v
            .breaks
            .iter()
            .map(|pause| {
                let at = pause.place.is_some().then_some(point as u32);
                point += usize::from(at.is_some());
                new_pause(pause, at)
            })
            .collect();
        let speed = Speed::new(problem.speed(v.profile));
        let scheduled = v.cost_per_duration > 0
            || v.max_duration.is_some()
            || !v.overtime.is_empty()
            || v.cost_per_waiting > 0
            || self.has_soft
            || !breaks.is_empty()
            || problem.goals().iter().any(|goal| goal.measure == Measure::DurationSpread);
        let on_the_way = breaks.iter().any(|pause| pause.point.is_none()) || !v.driver_rules.is_empty();
        let early_costs = self.stops.iter().any(|stop| stop.early_rate > 0);
        let lean = v.disposal_sites.is_empty()
            && breaks.is_empty()
            && v.driver_rules.is_empty()
            && v.executed.is_empty()
            && self.holds == 0
            && speed.flat;
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
            sites: v.disposal_sites.iter().map(|s| s.index() as u32).collect(),
            end_empty: v.end_empty,
            compartment,
            compartments: v.compartments.iter().map(|part| amounts(&part.capacity)).collect(),
            apart,
            has_halts: !v.disposal_sites.is_empty()
                || !breaks.is_empty()
                || !v.driver_rules.is_empty()
                || !base.reload.is_empty(),
            breaks,
            rules: v.driver_rules.clone(),
            paid_rests: v.paid_rests,
            stays_rest: v.driver_rules.iter().any(|rule| rule.effort == Effort::Driving && rule.any_pause),
            simple_start: speed.flat && !on_the_way && !early_costs && v.breaks.is_empty(),
            speed,
            service,
            executed: self.executed(&v.executed),
            scheduled,
        }
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

    /// The rest of a length, where such rests are known.
    pub(super) fn rest(&self, length: Duration) -> Option<Element> {
        self.rests.iter().position(|&l| l == length).map(Element::rest)
    }

    pub(super) fn num_stops(&self) -> usize {
        self.base.num_stops()
    }

    /// All windows of a stop, where there is more than one.
    #[inline]
    pub(super) fn windows(&self, stop: &Stop) -> &[TimeWindow] {
        &self.windows[stop.windows.0 as usize..stop.windows.1 as usize]
    }

    #[inline]
    pub(super) fn service(&self, vehicle: &Vehicle, u: usize) -> Duration {
        if vehicle.service.is_empty() { Duration::from(self.base.service[u]) } else { vehicle.service[u] }
    }

    #[inline]
    pub(super) fn distance(&self, vehicle: &Vehicle, from: u32, to: u32) -> i64 {
        i64::from(self.base.travel.distance(vehicle.profile, from as usize, to as usize))
    }

    #[inline]
    pub(super) fn duration(&self, vehicle: &Vehicle, from: u32, to: u32) -> i64 {
        i64::from(self.base.travel.duration(vehicle.profile, from as usize, to as usize))
    }

    /// Where an element is; of a pause on the way, `None`.
    #[inline]
    pub(super) fn point(&self, vehicle: &Vehicle, element: Element) -> Option<u32> {
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

    /// What a stop adds to the load, without regard to its direction.
    pub(super) fn amount(&self, u: usize, dimension: usize) -> Load {
        let at = u * self.dims + dimension;
        self.waste[at] + self.delivery[at] + self.shipped[at].abs()
    }

    // Where quantities stand in a row of lanes.

    /// What the trip has delivered so far, by dimension.
    pub(super) const DELIVERED: usize = 0;

    /// What the trip has loaded more than delivered so far.
    #[inline]
    pub(super) fn lane_net(&self) -> usize {
        self.dims
    }

    /// The most of that so far, from the trip's start on.
    #[inline]
    pub(super) fn lane_peak(&self) -> usize {
        2 * self.dims
    }

    /// What the whole route has handled so far.
    #[inline]
    pub(super) fn lane_total(&self) -> usize {
        3 * self.dims
    }

    /// Waste on board by hold and dimension.
    #[inline]
    pub(super) fn lane_waste(&self) -> usize {
        4 * self.dims
    }

    /// Effort without a rest by driver rule.
    #[inline]
    pub(super) fn lane_effort(&self) -> usize {
        (4 + self.holds) * self.dims
    }

    /// The length of a row.
    #[inline]
    pub(super) fn lanes(&self) -> usize {
        (4 + self.holds) * self.dims + self.max_rules
    }
}

fn new_pause(pause: &Break, point: Option<u32>) -> Pause {
    let late = if pause.start.late >= MAX_VALUE { UNLIMITED } else { pause.start.late };
    Pause { early: pause.start.early, late, duration: pause.duration, point, paid: pause.paid }
}

/// Lengths of rests that driver rules ask for, and of those that were taken already.
fn rests(problem: &Problem) -> Vec<Duration> {
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

/// Which hold each material is in: first waste without a material, then all others. Materials that never need telling
/// apart share a hold.
fn holds(problem: &Problem) -> Vec<usize> {
    let material = |m: usize| m.checked_sub(1).map(MaterialId::new);
    // Two materials are the same to a problem that treats them alike everywhere.
    let alike = |a: usize, b: usize| {
        let (a, b) = (material(a), material(b));
        let sites = problem.disposal_sites().iter().all(|site| site.accepts(a) == site.accepts(b));
        let part = |m: Option<MaterialId>, v: &crate::model::VehicleType| {
            m.and_then(|m| v.compartments.iter().position(|part| part.materials.contains(&m)))
        };
        let named = |m: Option<MaterialId>| {
            m.is_some_and(|m| problem.separate_materials().iter().any(|&(x, y)| x == m || y == m))
        };
        sites && problem.vehicle_types().iter().all(|v| part(a, v) == part(b, v)) && !named(a) && !named(b)
    };
    let mut hold: Vec<usize> = Vec::new();
    let mut next = 0;
    for m in 0..=problem.materials().len() {
        let same = (0..m).find(|&other| alike(m, other)).map(|other| hold[other]);
        hold.push(same.unwrap_or(next));
        next += usize::from(same.is_none());
    }
    hold
}

fn site(base: &Data<'_>, k: usize, hold_of: &[usize], holds: usize) -> Site {
    let site = base.problem.disposal_site(DisposalSiteId::new(k));
    let mut accepts = vec![true; holds];
    for (m, &hold) in hold_of.iter().enumerate() {
        accepts[hold] &= site.accepts(m.checked_sub(1).map(MaterialId::new));
    }
    let bounded = |w: &TimeWindow| TimeWindow::new(w.early, if w.late >= MAX_VALUE { UNLIMITED } else { w.late });
    Site {
        point: base.site_point(k) as u32,
        hours: site.hours.iter().map(bounded).collect(),
        service: site.service,
        unloading: site.unloading.clone(),
        visit_cost: site.visit_cost,
        fee: site.tipping_fee.clone(),
        accepts,
        capacity: site.daily_capacity.clone(),
    }
}

/// Whether the search for the classical problems cannot solve a problem, because it has constraints of a hauler's day.
pub(crate) fn is_general(problem: &Problem) -> bool {
    let client = |c: &Client| {
        c.material.is_some() && !problem.disposal_sites().is_empty()
            || !c.more_windows.is_empty()
            || c.soft_window.is_some()
            || !c.service_by_type.is_empty()
            || c.priority > 0
    };
    let vehicle = |v: &crate::model::VehicleType| {
        !v.disposal_sites.is_empty()
            || v.end_empty
            || !v.compartments.is_empty()
            || !v.max_route_load.is_empty()
            || v.max_stops.is_some()
            || !v.breaks.is_empty()
            || !v.driver_rules.is_empty()
            || v.max_driving.is_some()
            || v.max_work.is_some()
            || !v.overtime.is_empty()
            || v.cost_per_waiting > 0
            || !v.executed.is_empty()
            || problem.speed(v.profile).is_some()
    };
    problem.clients().iter().any(client)
        || problem.vehicle_types().iter().any(vehicle)
        || !problem.separate_materials().is_empty()
        || !problem.relations().is_empty()
        // Fewer vehicles are wanted of classical problems, too.
        || problem.goals().iter().any(|goal| goal.measure != Measure::Vehicles)
        || (!problem.goals().is_empty() && problem.clients().iter().any(|c| !c.required && c.group.is_none()))
        || (!problem.goals().is_empty() && problem.shipments().iter().any(|s| !s.required))
        || (!problem.goals().is_empty() && problem.groups().iter().any(|g| !g.required))
}
