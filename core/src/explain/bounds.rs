//! Lower bounds on the time and distance that serving a job takes, whatever else the route serves: shortest paths over
//! all locations, at the fastest speed of the day, with no time spent on anything but the job itself. A limit that even
//! the bound exceeds is proved to be violated.

use std::cell::RefCell;
use std::collections::HashMap;

use super::{Holder, Job, Obstacle};
use crate::ids::{DepotId, LocationId, VehicleTypeId};
use crate::model::{Client, Depot, DisposalSite, Place, Problem, TimeWindow, VehicleType};
use crate::plan::{Activity, Violation};
use crate::travel::UNREACHABLE;
use crate::units::{Duration, Load, Time};

/// With more locations than this, shortest paths take too long to compute, and no bound is used.
const MAX_LOCATIONS: usize = 2_000;
/// The length of a path that does not exist.
const NO_PATH: i64 = i64::MAX / 8;

/// A shortest-path tree: its root, whether paths lead away from the root, and whether they minimise duration (else
/// distance).
type Key = (usize, bool, bool);

/// The bounds of one vehicle type.
pub(super) struct Bounds<'a> {
    problem: &'a Problem,
    vehicle_type: VehicleTypeId,
    /// The fastest speed of the day, in percent.
    percent: i64,
    paths: RefCell<HashMap<Key, Vec<i64>>>,
}

impl<'a> Bounds<'a> {
    pub(super) fn new(problem: &'a Problem, vehicle_type: VehicleTypeId) -> Self {
        let curve = problem.speed(problem.vehicle_type(vehicle_type).profile);
        let steps = curve.iter().flat_map(|curve| &curve.steps).map(|step| i64::from(step.percent));
        Self { problem, vehicle_type, percent: steps.max().unwrap_or(100).max(100), paths: RefCell::default() }
    }

    /// The rules that every route that serves the job violates.
    pub(super) fn violated(&self, job: Job) -> Vec<Violation> {
        if self.problem.locations().len() > MAX_LOCATIONS {
            return Vec::new();
        }
        let v = self.problem.vehicle_type(self.vehicle_type);
        let mut found = counts(v, job);
        let stops = self.stops(job);
        let (Some(first), Some(last)) = (stops.first(), stops.last()) else { return found };
        let there = v.start.map_or(0, |depot| self.shortest_path(self.depot(depot), first.location, true));
        let between = if stops.len() > 1 { self.shortest_path(first.location, last.location, true) } else { 0 };
        let back = self.home(v, last, true);
        if there + between + back >= NO_PATH {
            let home = v.end.or(v.start);
            let depot = |depot: Option<DepotId>| depot.map_or(first.location, |depot| self.depot(depot));
            let (from, to) = if there >= NO_PATH {
                (depot(v.start), first.location)
            } else if between >= NO_PATH {
                (first.location, last.location)
            } else {
                (last.location, depot(home))
            };
            found.push(Violation::Unreachable { route: 0, trip: 0, from, to });
            return found;
        }
        self.totals(v, &stops, there + between + back, &mut found);
        self.times(v, &stops, (there, between), &mut found);
        found
    }

    /// A violation as an obstacle, which says what holds the vehicle back where that makes it late: without it alone the
    /// service would be in time, or it lasts until after the service had to start.
    pub(super) fn obstacle(&self, job: Job, violation: Violation) -> Obstacle {
        let Violation::LateService { activity, start, late, .. } = violation else {
            return Obstacle::Alone(violation);
        };
        let v = self.problem.vehicle_type(self.vehicle_type);
        let mut holders = vec![(v.shift.early, Holder::Shift)];
        holders.extend(v.start.map(|id| (self.problem.depot(id).time_window.early, Holder::Depot(id))));
        if let Job::Client(id) = job {
            holders.extend(Some(self.problem.client(id).release).filter(|&r| r > 0).map(|r| (r, Holder::Release(id))));
        }
        holders.sort_by_key(|holder| holder.0);
        let Some((until, by)) = holders.pop().filter(|_| activity.is_service()) else {
            return Obstacle::Alone(violation);
        };
        let without = holders.pop().map_or(Time::MIN / 4, |holder| holder.0);
        if late < until || start - (until - without) <= late {
            Obstacle::HeldBack { by, until, violation }
        } else {
            Obstacle::Alone(violation)
        }
    }

    /// Duration, driving, work and distance of a whole route.
    fn totals(&self, v: &VehicleType, stops: &[Stop], driving: Duration, found: &mut Vec<Violation>) {
        let loading = v.start.map_or(0, |depot| self.problem.depot(depot).service);
        let work = driving + loading + stops.iter().map(|stop| stop.setup + stop.service).sum::<Duration>();
        let route = 0;
        if let Some(limit) = v.max_duration.filter(|&limit| limit < work) {
            found.push(Violation::TooLong { route, duration: work, limit });
        }
        if let Some(limit) = v.max_driving.filter(|&limit| limit < driving) {
            found.push(Violation::TooMuchDriving { route, driving, limit });
        }
        if let Some(limit) = v.max_work.filter(|&limit| limit < work) {
            found.push(Violation::TooMuchWork { route, work, limit });
        }
        if let Some(limit) = v.max_distance {
            let (first, last) = (&stops[0], &stops[stops.len() - 1]);
            let there = v.start.map_or(0, |depot| self.shortest_path(self.depot(depot), first.location, false));
            let between = if stops.len() > 1 { self.shortest_path(first.location, last.location, false) } else { 0 };
            let distance = there + between + self.home(v, last, false);
            if distance > limit {
                found.push(Violation::TooFar { route, distance, limit });
            }
        }
    }

    /// Earliest times at the stops, the disposal sites and the end.
    fn times(&self, v: &VehicleType, stops: &[Stop], (there, between): (i64, i64), found: &mut Vec<Violation>) {
        let (route, trip) = (0, 0);
        let mut clock = v.shift.early;
        if let Some(depot) = v.start.map(|depot| self.problem.depot(depot)) {
            clock = clock.max(depot.time_window.early) + depot.service;
        }
        for (position, stop) in stops.iter().enumerate() {
            let arrival = (clock + stop.setup + if position == 0 { there } else { between }).max(stop.released);
            match begins(&stop.windows, arrival) {
                Ok(start) => clock = start + stop.service,
                Err(late) => {
                    let activity = stop.activity;
                    // No window may be long enough for the service that it covers.
                    let start = arrival.max(stop.windows.last().map_or(arrival, |window| window.early));
                    found.push(Violation::LateService { route, trip, position, activity, start, late });
                    return;
                }
            }
        }
        let Some(last) = stops.last() else { return };
        let (mut earliest, mut closed) = (NO_PATH, None);
        if must_empty(v, last) {
            for &id in v.disposal_sites.iter().filter(|&&id| self.problem.disposal_site(id).accepts(last.material)) {
                let site = self.problem.disposal_site(id);
                let arrival = clock + self.shortest_path(last.location, site.location(), true);
                let home = v.end.map_or(0, |depot| self.shortest_path(site.location(), self.depot(depot), true));
                match begins(&site.hours, arrival) {
                    Ok(start) => earliest = earliest.min(start + self.unloading(id, last) + home),
                    Err(late) => {
                        let activity = Activity::Dispose(id);
                        let position = stops.len();
                        closed = Some(Violation::LateService { route, trip, position, activity, start: arrival, late });
                    }
                }
            }
        } else {
            earliest = clock + self.home(v, last, true);
        }
        if earliest >= NO_PATH {
            found.extend(closed);
            return;
        }
        if v.shift.late < TimeWindow::UNBOUNDED_LATE && earliest > v.shift.late {
            found.push(Violation::LateShift { route, end: earliest, late: v.shift.late });
        }
        if let Some(id) = v.end {
            let late = self.problem.depot(id).time_window.late;
            if late < TimeWindow::UNBOUNDED_LATE && earliest > late {
                found.push(Violation::LateReturn { route, trip, depot: id, arrival: earliest, late });
            }
        }
    }

    fn unloading(&self, id: crate::ids::DisposalSiteId, last: &Stop) -> Duration {
        let site = self.problem.disposal_site(id);
        let rates = site.unloading.iter().enumerate();
        site.service + rates.map(|(d, rate)| rate.of(Problem::amount(&last.pickup, d))).sum::<Duration>()
    }

    /// The shortest path from the last stop to the end, via a disposal site if the vehicle must unload.
    fn home(&self, v: &VehicleType, last: &Stop, time: bool) -> i64 {
        let end = |from: LocationId| v.end.map_or(0, |depot| self.shortest_path(from, self.depot(depot), time));
        if !must_empty(v, last) {
            return end(last.location);
        }
        let sites = v.disposal_sites.iter().map(|&id| self.problem.disposal_site(id));
        let by = |site: &crate::model::DisposalSite| {
            self.shortest_path(last.location, site.location(), time) + end(site.location())
        };
        sites.filter(|site| site.accepts(last.material)).map(by).min().unwrap_or(NO_PATH)
    }

    fn depot(&self, depot: DepotId) -> LocationId {
        self.problem.depot(depot).location()
    }

    /// The stops of the job.
    fn stops(&self, job: Job) -> Vec<Stop> {
        match job {
            Job::Client(id) => {
                let client = self.problem.client(id);
                vec![Stop {
                    activity: Activity::Client(id),
                    location: client.location(),
                    setup: self.setup(Activity::Client(id), client.location()),
                    service: client.service_for(self.vehicle_type),
                    windows: self.windows(Activity::Client(id), client.start_windows(self.vehicle_type)),
                    released: if client.release > 0 { client.release } else { Time::MIN / 4 },
                    pickup: client.pickup.clone(),
                    material: client.material,
                }]
            }
            Job::Shipment(id) => {
                let shipment = self.problem.shipment(id);
                let ends = [(Activity::Pickup(id), &shipment.pickup), (Activity::Delivery(id), &shipment.delivery)];
                let stop = |(activity, end): (Activity, &crate::model::ShipmentStop)| Stop {
                    activity,
                    location: end.location(),
                    setup: self.setup(activity, end.location()),
                    service: end.service,
                    windows: self.windows(activity, vec![end.start_window()]),
                    released: Time::MIN / 4,
                    pickup: Vec::new(),
                    material: None,
                };
                ends.map(stop).into()
            }
        }
    }

    /// The set-up that a stop cannot do without: nothing else is at its place, and the vehicle does not begin its route there.
    fn setup(&self, activity: Activity, location: LocationId) -> Duration {
        let (problem, v) = (self.problem, self.problem.vehicle_type(self.vehicle_type));
        let setup = problem.setup_of(activity);
        if setup == 0 || v.start.is_none() {
            return 0;
        }
        let clients = problem.clients().iter().map(Client::location);
        let ends = problem.shipments().iter().flat_map(|s| [s.pickup.location(), s.delivery.location()]);
        let depots = problem.depots().iter().map(Depot::location);
        let sites = problem.disposal_sites().iter().map(DisposalSite::location);
        let breaks = v.breaks.iter().filter_map(|pause| pause.place).map(Place::location);
        let all = clients.chain(ends).chain(depots).chain(sites).chain(breaks);
        let here = all.filter(|&other| problem.is_same_place(v.profile, other, location)).take(2).count();
        if here > 1 { 0 } else { setup }
    }

    /// What zones leave of the windows of a stop.
    fn windows(&self, activity: Activity, own: Vec<TimeWindow>) -> Vec<TimeWindow> {
        let open = self.problem.windows_in_zones(self.vehicle_type, activity);
        open.filter(|open| !open.is_empty()).unwrap_or(own)
    }

    /// Length of the shortest path from one location to another, via any others.
    fn shortest_path(&self, from: LocationId, to: LocationId, time: bool) -> i64 {
        let (from, to) = (from.index(), to.index());
        let mut paths = self.paths.borrow_mut();
        // Jobs are many, depots and sites are few: a tree rooted at either end gives the length.
        if let Some(path) = paths.get(&(from, true, time)) {
            return path[to];
        }
        if let Some(path) = paths.get(&(to, false, time)) {
            return path[from];
        }
        let onwards = self.problem.depots().iter().any(|depot| depot.location().index() == from);
        let key = if onwards { (from, true, time) } else { (to, false, time) };
        let path = self.shortest(key);
        let length = path[if onwards { to } else { from }];
        paths.insert(key, path);
        length
    }

    /// Dijkstra's algorithm on a complete graph.
    fn shortest(&self, (source, onwards, time): Key) -> Vec<i64> {
        let n = self.problem.locations().len();
        let mut path = vec![NO_PATH; n];
        let mut done = vec![false; n];
        path[source] = 0;
        while let Some(at) = (0..n).filter(|&i| !done[i] && path[i] < NO_PATH).min_by_key(|&i| path[i]) {
            done[at] = true;
            for next in (0..n).filter(|&next| !done[next]) {
                let arc = if onwards { self.arc(at, next, time) } else { self.arc(next, at, time) };
                path[next] = path[next].min(path[at] + arc);
            }
        }
        path
    }

    fn arc(&self, from: usize, to: usize, time: bool) -> i64 {
        let profile = self.problem.vehicle_type(self.vehicle_type).profile;
        let (from, to) = (LocationId::new(from), LocationId::new(to));
        let (distance, duration) = (self.problem.distance(profile, from, to), self.problem.duration(profile, from, to));
        if distance >= UNREACHABLE || duration >= UNREACHABLE {
            NO_PATH
        } else if time {
            duration * 100 / self.percent
        } else {
            distance
        }
    }
}

/// Stops and trips.
fn counts(v: &VehicleType, job: Job) -> Vec<Violation> {
    let stops = if matches!(job, Job::Client(_)) { 1 } else { 2 };
    let mut found = Vec::new();
    if let Some(limit) = v.max_stops.filter(|&limit| limit < stops) {
        found.push(Violation::TooManyStops { route: 0, stops, limit });
    }
    if let Some(limit) = v.max_trips.filter(|&limit| limit < 1) {
        found.push(Violation::TooManyTrips { route: 0, trips: 1, limit });
    }
    found
}

/// Whether a vehicle must unload at a disposal site between the stop and its end.
fn must_empty(v: &VehicleType, stop: &Stop) -> bool {
    v.end_empty && stop.pickup.iter().any(|&q| q > 0)
}

/// A stop of a job.
struct Stop {
    activity: Activity,
    location: LocationId,
    /// What setting up takes, where no other stop can have had the place set up.
    setup: Duration,
    service: Duration,
    windows: Vec<TimeWindow>,
    /// Earliest time at which it can be reached.
    released: Time,
    pickup: Vec<Load>,
    material: Option<crate::ids::MaterialId>,
}

/// When service starts for a vehicle that arrives at a time, or, if that is too late, when the last window closed.
fn begins(windows: &[TimeWindow], time: Time) -> Result<Time, Time> {
    let Some(last) = windows.last() else { return Ok(time) };
    let open = windows.iter().find(|w| w.late == TimeWindow::UNBOUNDED_LATE || time.max(w.early) <= w.late);
    open.map(|window| time.max(window.early)).ok_or(last.late)
}
