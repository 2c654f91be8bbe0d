//! Random problems with all rules of the working day, and random plans for them.

use milkrun::calendar::Origin;
use milkrun::plan::{Activity, RouteStops};
use milkrun::{
    Area, Break, ClientId, Compartment, Consumption, Coord, DisposalSite, DisposalSiteId, DriverRule, Effort, Goal,
    LocationId, Material, MaterialId, Measure, Notes, OvertimeStep, Position, Problem, ProblemBuilder, ProfileId, Rate,
    Relation, ShipmentId, SoftWindow, SpeedCurve, TimeWindow, VehicleTypeId, WindowCovers, Zone, ZoneId, ZoneRule,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::common::planned;

/// Decisions of all kinds, drawn one after another.
struct Draws {
    left: Vec<Index>,
}

impl Draws {
    /// A number below `n`; 0 if `n` is 0.
    fn below(&mut self, n: usize) -> usize {
        self.left.pop().map_or(0, |index| index.index(n.max(1)))
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn number(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from) as usize) as i64
    }

    fn list<T>(&mut self, most: usize, mut one: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| one(self)).collect()
    }

    fn maybe<T>(&mut self, percent: usize, one: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.chance(percent) { Some(one(self)) } else { None }
    }

    fn name(&mut self) -> String {
        ["", "a", "b", "lunch", "glass", "Łódź \"1\"\n"][self.below(6)].to_owned()
    }

    fn notes(&mut self) -> Notes {
        let remarks = self.name();
        Notes { remarks, tags: self.list(2, |draws| (draws.name(), draws.name())).into_iter().collect() }
    }

    /// Ascending, disjoint windows.
    fn windows(&mut self, most: usize) -> Vec<TimeWindow> {
        let mut time = self.number(-20, 50);
        let mut windows = self.list(most, |draws| {
            let early = time + draws.number(1, 40);
            time = early + draws.number(0, 90);
            TimeWindow::new(early, time)
        });
        if let Some(last) = windows.last_mut()
            && self.chance(30)
        {
            last.late = TimeWindow::UNBOUNDED_LATE;
        }
        windows
    }

    fn rates(&mut self, dimensions: usize) -> Vec<Rate> {
        self.list(dimensions, |draws| Rate::new(draws.number(0, 9), draws.number(1, 9)))
    }

    fn id<T>(&mut self, count: usize, make: impl Fn(usize) -> T) -> T {
        make(self.below(count))
    }

    fn ids<T>(&mut self, count: usize, make: impl Fn(usize) -> T) -> Vec<T> {
        if count == 0 { Vec::new() } else { self.list(3, |draws| draws.id(count, &make)) }
    }
}

fn disposal(b: &mut ProblemBuilder, problem: &Problem, draws: &mut Draws) -> (usize, usize) {
    let names = draws.list(3, Draws::name);
    let materials = names.len();
    let ids: Vec<MaterialId> = names.into_iter().map(|name| b.add_material(Material::new(name))).collect();
    if let [a, c, ..] = ids[..]
        && draws.chance(50)
    {
        b.separate_materials(a, c);
    }
    let dimensions = problem.load_dimensions();
    let sites = draws.list(2, |draws| {
        let mut site = DisposalSite::at(LocationId::new(0)).hours(draws.windows(3)).service(draws.number(0, 9));
        site = site.unloading(draws.rates(dimensions)).visit_cost(draws.number(0, 9));
        site = site.tipping_fee(draws.rates(dimensions));
        site.materials = draws.maybe(50, |draws| draws.ids(materials, MaterialId::new));
        site = site.daily_capacity(draws.list(dimensions, |draws| draws.number(0, 99))).name(draws.name());
        site.place = draws.id(problem.locations().len(), LocationId::new).into();
        site.notes = draws.notes();
        site
    });
    let count = sites.len();
    for site in sites {
        b.add_disposal_site(site);
    }
    (materials, count)
}

fn clients(b: &mut ProblemBuilder, problem: &Problem, materials: usize, draws: &mut Draws) {
    let types = problem.vehicle_types().len();
    for client in b.clients_mut() {
        if materials > 0 {
            client.material = draws.maybe(50, |draws| draws.id(materials, MaterialId::new));
        }
        let windows = draws.windows(3);
        if !windows.is_empty() {
            *client = client.clone().time_windows(windows);
        }
        client.soft_window = draws.maybe(30, |draws| {
            let early = draws.number(-9, 99);
            let late = [early + draws.number(0, 99), TimeWindow::UNBOUNDED_LATE][draws.below(2)];
            SoftWindow::new(early, late, draws.number(0, 3), draws.number(0, 3))
        });
        if draws.chance(30) {
            *client = client.clone().service_by(draws.id(types, VehicleTypeId::new), draws.number(0, 30));
        }
        if draws.chance(30) {
            *client = client.clone().assignment_cost(draws.id(types, VehicleTypeId::new), draws.number(0, 30));
        }
        let all = client.service_by_type.iter().map(|by| by.1);
        let least = all.chain([client.service]).min().unwrap_or(0);
        if draws.chance(50) && client.windows().all(|window| holds(window, least)) {
            client.window_covers = WindowCovers::Service;
        }
        client.setup = draws.maybe(30, |draws| draws.number(0, 30)).unwrap_or(0);
        client.skills = draws.list(2, Draws::name);
        client.allowed_vehicles = draws.maybe(30, |draws| draws.ids(types, VehicleTypeId::new));
        client.forbidden_vehicles = draws.ids(types, VehicleTypeId::new);
        client.priority = draws.below(256) as u8;
        client.notes = draws.notes();
    }
    for shipment in b.shipments_mut() {
        shipment.notes = draws.notes();
        for stop in [&mut shipment.pickup, &mut shipment.delivery] {
            stop.setup = draws.maybe(30, |draws| draws.number(0, 30)).unwrap_or(0);
            if draws.chance(50) && holds(stop.time_window, stop.service) {
                stop.window_covers = WindowCovers::Service;
            }
        }
    }
}

/// Whether a service fits into a window.
fn holds(window: TimeWindow, service: i64) -> bool {
    window.late == TimeWindow::UNBOUNDED_LATE || window.late - window.early >= service
}

fn fleet(b: &mut ProblemBuilder, problem: &Problem, (materials, sites): (usize, usize), draws: &mut Draws) {
    let zones = zones(b, problem, draws);
    let dimensions = problem.load_dimensions();
    for v in b.vehicle_types_mut() {
        v.disposal_sites = draws.ids(sites, DisposalSiteId::new);
        v.end_empty = draws.chance(30);
        for material in 0..materials {
            if draws.chance(30) {
                let capacity = draws.list(dimensions, |draws| draws.number(0, 30));
                v.compartments.push(Compartment::new([MaterialId::new(material)], capacity));
            }
        }
        v.max_route_load = draws.list(dimensions, |draws| draws.number(0, 99));
        v.max_stops = draws.maybe(30, |draws| draws.below(9) + 1);
        v.breaks = draws.list(2, |draws| {
            let early = draws.number(-9, 99);
            let place = draws.maybe(50, |draws| draws.id(problem.locations().len(), LocationId::new).into());
            let paid = draws.chance(50);
            let mut pause = Break::new(early, early + draws.number(0, 99), draws.number(0, 30)).name(draws.name());
            (pause.place, pause.paid) = (place, paid);
            pause
        });
        v.driver_rules = draws.list(2, |draws| {
            let effort = [Effort::Driving, Effort::Work][draws.below(2)];
            let split = draws.maybe(50, |draws| (draws.number(1, 9), draws.number(1, 9)));
            let any_pause = draws.chance(50);
            let mut rule = DriverRule::new(effort, draws.number(1, 99), draws.number(1, 30));
            (rule.split, rule.any_pause) = (split, any_pause);
            rule
        });
        v.paid_rests = draws.chance(50);
        v.max_driving = draws.maybe(30, |draws| draws.number(0, 300));
        v.max_work = draws.maybe(30, |draws| draws.number(0, 300));
        let mut after = 0;
        v.overtime = draws.list(2, |draws| {
            after += draws.number(1, 99);
            OvertimeStep::new(after, draws.number(0, 5))
        });
        v.cost_per_waiting = draws.number(0, 3);
        v.consumption = draws.maybe(40, |draws| {
            let mut coefficient = || draws.number(0, 2_000) as f64 / 1e3;
            let loaded: Vec<f64> = (0..dimensions.min(1)).map(|_| coefficient()).collect();
            let usual = Consumption::electric(coefficient()).per_load_distance(loaded);
            usual.per_stop(coefficient()).per_idle(coefficient()).co2(coefficient())
        });
        v.skills = draws.list(2, Draws::name);
        v.zones = zones.iter().filter_map(|&zone| draws.maybe(40, |draws| rule(zone, draws))).collect();
        v.notes = draws.notes();
    }
    if let Some(v) = b.vehicle_types_mut().iter_mut().find(|v| v.count == 1) {
        v.executed = executed(problem, v.breaks.len(), sites, draws);
    }
}

/// What a zone means for a vehicle type.
fn rule(zone: ZoneId, draws: &mut Draws) -> ZoneRule {
    let during = draws.windows(2).into_iter().filter(|hours| hours.early < hours.late).collect::<Vec<_>>();
    match draws.below(4) {
        0 => ZoneRule::ServeOnly(zone),
        1 => ZoneRule::Closed(zone),
        _ if during.is_empty() => ZoneRule::ClosedDuring(zone, vec![TimeWindow::new(-5, 30)]),
        _ => ZoneRule::ClosedDuring(zone, during),
    }
}

/// Rectangles, some of them two, around or beside the places of a problem.
fn zones(b: &mut ProblemBuilder, problem: &Problem, draws: &mut Draws) -> Vec<ZoneId> {
    let places: Vec<Coord> = problem.locations().iter().map(|location| location.coord).collect();
    let zones = draws.list(3, |draws| {
        let corner = if places.is_empty() { Coord::new(0.0, 0.0) } else { places[draws.below(places.len())] };
        let (width, height) = (draws.number(1, 400) as f64, draws.number(1, 400) as f64);
        let (left, right) = (corner.x - width, corner.x);
        let ring = |left: f64, right: f64| {
            let (low, high) = (corner.y - height / 2.0, corner.y + height);
            vec![vec![Coord::new(left, low), Coord::new(right, low), Coord::new(right, high), Coord::new(left, high)]]
        };
        let mut area = Area { polygons: vec![ring(left, right)] };
        if draws.chance(30) {
            area.polygons.push(ring(right + 7.0, right + 9.0));
        }
        Zone::new(area).name(draws.name())
    });
    zones.into_iter().map(|zone| b.add_zone(zone)).collect()
}

/// Every client and shipment once.
fn executed(problem: &Problem, breaks: usize, sites: usize, draws: &mut Draws) -> Vec<Activity> {
    let mut done = Vec::new();
    done.extend((0..problem.clients().len().min(2)).map(|c| Activity::Client(ClientId::new(c))));
    for s in (0..problem.shipments().len()).map(ShipmentId::new) {
        done.extend([Activity::Pickup(s), Activity::Delivery(s)]);
    }
    done.extend((0..breaks).map(Activity::Break));
    done.extend((0..sites).map(|s| Activity::Dispose(DisposalSiteId::new(s))));
    done.extend([Activity::Rest(draws.number(1, 99))]);
    done.truncate(draws.below(done.len() + 1));
    done
}

/// Relations, without those that contradict others.
fn relations(b: &mut ProblemBuilder, problem: &Problem, draws: &mut Draws) {
    let (n, types) = (problem.clients().len(), problem.vehicle_types().len());
    if n < 2 {
        return;
    }
    for _ in 0..draws.below(4) {
        let first = draws.below(n);
        let second = (first + 1 + draws.below(n - 1)) % n;
        let (client, other) = (ClientId::new(first), ClientId::new(second));
        let relation = match draws.below(6) {
            0 => Relation::SameVehicle(vec![client, other]),
            1 => Relation::Sequence(vec![client, other]),
            2 => Relation::Precedence(client, other),
            3 => Relation::AllOrNone(vec![client, other]),
            4 => Relation::Incompatible(vec![client, other]),
            _ => Relation::Pin {
                client,
                vehicle_type: draws.maybe(50, |draws| draws.id(types, VehicleTypeId::new)),
                position: [Position::First, Position::Last][draws.below(2)],
            },
        };
        let mut with = b.clone();
        with.add_relation(relation);
        if with.build().is_ok() {
            *b = with;
        }
    }
}

fn goals(b: &mut ProblemBuilder, problem: &Problem, draws: &mut Draws) {
    for measure in Measure::ALL {
        if draws.chance(30) {
            let weight = draws.number(0, 9);
            let goal = if draws.chance(50) { Goal::ranked(measure) } else { Goal::weighted(measure, weight) };
            let target = draws.number(0, 200);
            b.add_goal(if draws.chance(30) { goal.above(target) } else { goal });
        }
    }
    for profile in 0..problem.travel().num_profiles() {
        if draws.chance(40) {
            let mut from = draws.number(-99, 0);
            let steps = draws.list(3, |draws| {
                from += draws.number(1, 99);
                (from, draws.number(50, 200) as u32)
            });
            b.speed(ProfileId::new(profile), SpeedCurve::new(steps));
        }
    }
}

/// A problem with some of everything, and a plan for it that is often infeasible.
pub(crate) fn day() -> impl Strategy<Value = (Problem, Vec<RouteStops>)> {
    (planned(), vec(any::<Index>(), 600)).prop_map(|((plain, mut routes), left)| {
        let mut draws = Draws { left };
        let mut b = plain.to_builder();
        let (materials, sites) = disposal(&mut b, &plain, &mut draws);
        clients(&mut b, &plain, materials, &mut draws);
        fleet(&mut b, &plain, (materials, sites), &mut draws);
        relations(&mut b, &plain, &mut draws);
        goals(&mut b, &plain, &mut draws);
        if draws.chance(50) {
            b.origin(Origin::new("2026-12-03T04:30[Europe/Amsterdam]").unwrap());
        }
        let problem = b.build().unwrap();
        for route in &mut routes {
            let breaks = problem.vehicle_type(route.vehicle_type).breaks.len();
            for trip in &mut route.trips {
                let at = draws.below(trip.activities.len() + 1);
                let extra = match draws.below(4) {
                    0 if sites > 0 => Activity::Dispose(draws.id(sites, DisposalSiteId::new)),
                    1 if breaks > 0 => Activity::Break(draws.below(breaks)),
                    2 => Activity::Rest(draws.number(1, 50)),
                    _ => continue,
                };
                trip.activities.insert(at, extra);
            }
        }
        (problem, routes)
    })
}
