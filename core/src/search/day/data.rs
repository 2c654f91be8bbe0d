//! A problem with a hauler's constraints, laid out for the search: what [`Data`] leaves out.

use crate::ids::{DisposalSiteId, MaterialId, VehicleTypeId};
use crate::model::{Break, Client, DriverRule, Effort, Measure, OvertimeStep, Problem, Rate, SoftWindow, TimeWindow};
use crate::plan::Activity;
use crate::search::data::{Data, NONE};
use crate::search::day::label::Step;
use crate::search::day::relations::Ties;
use crate::search::fleet::Vehicle;
use crate::units::{Cost, Duration, Load, MAX_VALUE, Time};

/// How many disposal sites near a stop are looked at; with materials, most sites take only some.
const NEAR_SITES: usize = 5;

/// More than any limit.
pub(super) const UNLIMITED: i64 = i64::MAX / 4;

/// A stop with windows, services and loads.
pub(super) struct Stop {
    /// Where its windows begin and end among all.
    windows: (u32, u32),
    pub(super) soft: Option<SoftWindow>,
    /// Which of the holds takes what is picked up.
    pub(super) hold: usize,
    pub(super) release: Time,
}

/// A disposal site.
pub(super) struct Site {
    pub(super) point: usize,
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
    pub(super) start: TimeWindow,
    pub(super) duration: Duration,
    pub(super) point: Option<usize>,
    pub(super) paid: bool,
}

impl Pause {
    fn new(pause: &Break, point: Option<usize>) -> Self {
        let late = if pause.start.late >= MAX_VALUE { UNLIMITED } else { pause.start.late };
        Self { start: TimeWindow::new(pause.start.early, late), duration: pause.duration, point, paid: pause.paid }
    }
}

/// What a vehicle did between two stops.
pub(super) struct Done {
    pub(super) steps: Vec<Step>,
    /// Whether that is the last that it did.
    pub(super) is_last: bool,
}

/// What a vehicle type has beside what the [`Vehicle`] says.
pub(super) struct Kind {
    pub(super) sites: Vec<u32>,
    pub(super) end_empty: bool,
    /// By hold: its compartment, or `NONE`.
    pub(super) compartment: Vec<u32>,
    /// By compartment and load dimension.
    pub(super) compartments: Vec<Vec<Load>>,
    /// Holds that are never filled at the same time.
    pub(super) apart: Vec<(usize, usize)>,
    pub(super) max_route_load: Vec<Load>,
    pub(super) max_stops: usize,
    pub(super) max_trips: usize,
    pub(super) breaks: Vec<Pause>,
    pub(super) rules: Vec<DriverRule>,
    pub(super) paid_rests: bool,
    pub(super) max_driving: Duration,
    pub(super) max_work: Duration,
    pub(super) overtime: Vec<OvertimeStep>,
    pub(super) cost_per_waiting: Cost,
    /// Service by stop.
    pub(super) service: Vec<Duration>,
    /// What the vehicle has done already: before each stop of its route, and after the last that it has served.
    pub(super) done: Vec<Done>,
    /// The stops that it has served.
    pub(super) served: Vec<u32>,
    /// How fast the vehicle is over the day; `None`: always as fast.
    pub(super) speed: Option<crate::model::SpeedCurve>,
    /// How fast it is at most, in percent; at least 100.
    pub(super) top_speed: i64,
    /// Whether a route's cost or feasibility depends on more of its schedule than that it is in time.
    pub(super) scheduled: bool,
}

/// The problem.
pub(crate) struct DayData<'a> {
    pub(super) base: &'a Data<'a>,
    pub(super) problem: &'a Problem,
    pub(super) stops: Vec<Stop>,
    windows: Vec<TimeWindow>,
    pub(super) sites: Vec<Site>,
    pub(super) kinds: Vec<Kind>,
    /// In how many parts the load on board must be told apart.
    pub(super) holds: usize,
    /// What is picked up, by stop and load dimension.
    pub(super) waste: Vec<Load>,
    /// What is delivered, by stop and load dimension.
    pub(super) delivery: Vec<Load>,
    /// What is loaded (or unloaded: negative) of shipments, by stop and load dimension.
    pub(super) shipped: Vec<Load>,
    /// Whether anything is delivered or shipped at all.
    pub(super) has_freight: bool,
    pub(super) ties: Ties,
    /// By vehicle type and stop: the nearest disposal sites.
    near_sites: Vec<Vec<u32>>,
    /// What a unit of time is worth, to compare labels by.
    pub(super) time_value: f64,
}

impl<'a> DayData<'a> {
    pub(crate) fn new(base: &'a Data<'a>) -> Self {
        let problem = base.problem;
        let (m, dims) = (base.num_stops(), base.dimensions);
        let hold_of = holds(problem);
        let holds = hold_of.iter().flatten().map(|&h| h + 1).max().unwrap_or(0).max(1);
        let mut data = Self {
            base,
            problem,
            stops: Vec::with_capacity(m),
            windows: Vec::new(),
            sites: (0..problem.disposal_sites().len()).map(|k| site(base, k, &hold_of, holds)).collect(),
            kinds: Vec::new(),
            holds,
            waste: vec![0; m * dims],
            delivery: vec![0; m * dims],
            shipped: vec![0; m * dims],
            has_freight: false,
            ties: Ties::new(base),
            near_sites: Vec::new(),
            time_value: 0.0,
        };
        for u in 0..m {
            data.add_stop(u, &hold_of);
        }
        data.has_freight = data.delivery.iter().chain(&data.shipped).any(|&q| q != 0);
        data.kinds = (0..problem.vehicle_types().len()).map(|t| data.kind(t, &hold_of)).collect();
        data.near_sites = (0..data.kinds.len()).map(|kind| data.rank_sites(kind)).collect();
        data.time_value = data.value_of_time();
        data
    }

    fn add_stop(&mut self, u: usize, hold_of: &[Option<usize>]) {
        let dims = self.base.dimensions;
        let first = self.windows.len() as u32;
        let mut stop = Stop { windows: (first, first), soft: None, hold: 0, release: 0 };
        let mut open = |window: TimeWindow| {
            let late = if window.late >= MAX_VALUE { UNLIMITED } else { window.late };
            self.windows.push(TimeWindow::new(window.early, late));
        };
        match self.base.activity[u] {
            Activity::Client(c) => {
                let client = self.problem.client(c);
                client.windows().for_each(&mut open);
                stop.soft = client.soft_window;
                stop.hold = hold_of[client.material.map_or(0, |m| m.index() + 1)].unwrap_or(0);
                stop.release = client.release;
                for d in 0..dims {
                    self.waste[u * dims + d] = Problem::amount(&client.pickup, d);
                    self.delivery[u * dims + d] = Problem::amount(&client.delivery, d);
                }
            }
            Activity::Pickup(s) => {
                let shipment = self.problem.shipment(s);
                open(shipment.pickup.time_window);
                (0..dims).for_each(|d| self.shipped[u * dims + d] = Problem::amount(&shipment.amount, d));
            }
            Activity::Delivery(s) => {
                let shipment = self.problem.shipment(s);
                open(shipment.delivery.time_window);
                (0..dims).for_each(|d| self.shipped[u * dims + d] = -Problem::amount(&shipment.amount, d));
            }
            Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => {}
        }
        stop.windows.1 = self.windows.len() as u32;
        self.stops.push(stop);
    }

    fn kind(&self, t: usize, hold_of: &[Option<usize>]) -> Kind {
        let problem = self.problem;
        let v = &problem.vehicle_types()[t];
        let mut compartment = vec![NONE; self.holds];
        for (i, part) in v.compartments.iter().enumerate() {
            for material in &part.materials {
                if let Some(hold) = hold_of[material.index() + 1] {
                    compartment[hold] = i as u32;
                }
            }
        }
        let dims = self.base.dimensions;
        let amounts = |list: &[Load]| (0..dims).map(|d| list.get(d).copied().unwrap_or(UNLIMITED)).collect::<Vec<_>>();
        let apart = if v.compartments.is_empty() {
            let hold = |m: MaterialId| hold_of[m.index() + 1];
            problem.separate_materials().iter().filter_map(|&(a, b)| Some((hold(a)?, hold(b)?))).collect()
        } else {
            Vec::new()
        };
        let id = VehicleTypeId::new(t);
        let service = self.base.activity.iter().enumerate().map(|(u, activity)| match *activity {
            Activity::Client(c) => problem.client(c).service_for(id),
            _ => i64::from(self.base.service[u]),
        });
        let mut point = self.first_break_point(t);
        let breaks = v.breaks.iter().map(|pause| {
            let at = pause.place.is_some().then_some(point);
            point += usize::from(at.is_some());
            Pause::new(pause, at)
        });
        let speed = problem.speed(v.profile).cloned();
        let (done, served) = self.executed(&v.executed);
        let soft = self.stops.iter().any(|stop| stop.soft.is_some());
        let measured = problem.goals().iter().any(|goal| goal.measure.is_of_time());
        Kind {
            sites: v.disposal_sites.iter().map(|s| s.index() as u32).collect(),
            end_empty: v.end_empty,
            compartment,
            compartments: v.compartments.iter().map(|part| amounts(&part.capacity)).collect(),
            apart,
            max_route_load: amounts(&v.max_route_load),
            max_stops: v.max_stops.unwrap_or(usize::MAX),
            max_trips: v.max_trips.unwrap_or(usize::MAX),
            breaks: breaks.collect(),
            rules: v.driver_rules.clone(),
            paid_rests: v.paid_rests,
            max_driving: v.max_driving.unwrap_or(UNLIMITED),
            max_work: v.max_work.unwrap_or(UNLIMITED),
            overtime: v.overtime.clone(),
            cost_per_waiting: v.cost_per_waiting,
            service: service.collect(),
            done,
            served,
            scheduled: v.cost_per_duration > 0
                || v.max_duration.is_some()
                || !v.overtime.is_empty()
                || v.cost_per_waiting > 0
                || soft
                || measured
                || !v.driver_rules.is_empty()
                || speed.is_some()
                || self.stops.iter().any(|stop| stop.release > 0),
            top_speed: speed
                .iter()
                .flat_map(|curve| &curve.steps)
                .map(|step| step.percent.into())
                .max()
                .unwrap_or(100)
                .max(100),
            speed,
        }
    }

    /// Sorts what a vehicle has done by the stops that it was done before.
    fn executed(&self, activities: &[Activity]) -> (Vec<Done>, Vec<u32>) {
        let node_of = self.base.node_of();
        let (mut done, mut served) = (Vec::new(), Vec::new());
        let mut steps = Vec::new();
        for &activity in activities {
            match activity {
                Activity::Dispose(site) => steps.push(Step::Site(site.index() as u32)),
                Activity::Break(index) => steps.push(Step::Break(index as u32)),
                Activity::Rest(length) => steps.push(Step::Rest(length)),
                Activity::Client(_) | Activity::Pickup(_) | Activity::Delivery(_) => {
                    served.push(node_of.get(activity));
                    done.push(Done { steps: std::mem::take(&mut steps), is_last: false });
                }
            }
        }
        if !steps.is_empty() {
            done.push(Done { steps, is_last: true });
        }
        (done, served)
    }

    /// The point of a vehicle type's first break that has a place.
    fn first_break_point(&self, t: usize) -> usize {
        let before = self.problem.vehicle_types()[..t].iter().flat_map(|v| &v.breaks);
        self.base.first_break_point() + before.filter(|pause| pause.place.is_some()).count()
    }

    #[cfg(debug_assertions)]
    pub(crate) fn problem(&self) -> &Problem {
        self.problem
    }

    pub(super) fn num_stops(&self) -> usize {
        self.base.num_stops()
    }

    #[inline]
    pub(super) fn dims(&self) -> usize {
        self.base.dimensions
    }

    #[inline]
    pub(super) fn windows(&self, u: usize) -> &[TimeWindow] {
        let (from, to) = self.stops[u].windows;
        &self.windows[from as usize..to as usize]
    }

    #[inline]
    pub(super) fn vehicle(&self, kind: usize) -> &Vehicle {
        &self.base.vehicles[kind]
    }

    #[inline]
    pub(super) fn distance(&self, kind: usize, from: usize, to: usize) -> i64 {
        i64::from(self.base.metric.distance(self.vehicle(kind).profile, from, to))
    }

    #[inline]
    pub(super) fn duration(&self, kind: usize, from: usize, to: usize) -> i64 {
        i64::from(self.base.metric.duration(self.vehicle(kind).profile, from, to))
    }

    /// The sites nearest to each stop, for a vehicle type, in rows.
    fn rank_sites(&self, kind: usize) -> Vec<u32> {
        let own = &self.kinds[kind].sites;
        let mut ranked = Vec::with_capacity(self.num_stops() * own.len().min(NEAR_SITES));
        for u in 0..self.num_stops() {
            let mut sites = own.clone();
            sites.sort_by_key(|&k| self.distance(kind, u, self.sites[k as usize].point));
            ranked.extend(sites.into_iter().take(NEAR_SITES));
        }
        ranked
    }

    /// Disposal sites worth visiting from a point, or before it.
    pub(super) fn near_sites(&self, kind: usize, point: usize) -> &[u32] {
        let own = &self.kinds[kind].sites;
        let width = own.len().min(NEAR_SITES);
        if point < self.num_stops() { &self.near_sites[kind][point * width..(point + 1) * width] } else { own }
    }

    /// What a unit of time costs on average, driving included.
    fn value_of_time(&self) -> f64 {
        let (mut distance, mut duration) = (1.0, 1.0);
        let m = self.num_stops();
        for u in 0..m {
            if let Some(&v) = self.base.neighbours.near(u).first() {
                distance += self.distance(0, u, v as usize).min(1 << 20) as f64;
                duration += self.duration(0, u, v as usize).min(1 << 20) as f64 + f64::from(self.base.service[u]);
            }
        }
        let vehicle = self.vehicle(0);
        vehicle.cost_per_duration as f64 + 0.5 * vehicle.cost_per_distance as f64 * distance / duration
    }
}

/// Which hold each material is in: first waste without a material, then all others. Materials that never need telling
/// apart share a hold.
fn holds(problem: &Problem) -> Vec<Option<usize>> {
    let count = problem.materials().len() + 1;
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
    let mut hold: Vec<Option<usize>> = Vec::with_capacity(count);
    let mut next = 0;
    for m in 0..count {
        let same = (0..m).find(|&other| alike(m, other)).and_then(|other| hold[other]);
        hold.push(Some(same.unwrap_or(next)));
        next += usize::from(same.is_none());
    }
    hold
}

fn site(base: &Data<'_>, k: usize, hold_of: &[Option<usize>], holds: usize) -> Site {
    let problem = base.problem;
    let site = problem.disposal_site(DisposalSiteId::new(k));
    let mut accepts = vec![true; holds];
    for (m, hold) in hold_of.iter().enumerate() {
        if let Some(hold) = *hold {
            accepts[hold] &= site.accepts(m.checked_sub(1).map(MaterialId::new));
        }
    }
    Site {
        point: base.site_point(k),
        hours: site
            .hours
            .iter()
            .map(|w| TimeWindow::new(w.early, if w.late >= MAX_VALUE { UNLIMITED } else { w.late }))
            .collect(),
        service: site.service,
        unloading: site.unloading.clone(),
        visit_cost: site.visit_cost,
        fee: site.tipping_fee.clone(),
        accepts,
        capacity: site.daily_capacity.clone(),
    }
}

/// Whether the search for the classical problems cannot solve a problem, because it has constraints of a hauler's day.
pub(crate) fn is_day(problem: &Problem) -> bool {
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

/// How much of a rule's effort driving and service are.
pub(super) fn counts_service(rule: &DriverRule) -> bool {
    rule.effort == Effort::Work
}
