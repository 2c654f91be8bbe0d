//! What a single route may not do.

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::ids::{ClientId, VehicleTypeId};
use crate::model::{Backhauls, Problem};
use crate::plan::day::further_loads;
use crate::plan::load::TripLoad;
use crate::plan::path::{Role, Station, joined, limit, release};
use crate::plan::timetable::{Leg, Stay};
use crate::plan::{Activity, Route, RouteStops, TripStops, Violation};
use crate::travel::UNREACHABLE;
use crate::units::Duration;

/// The clients that vehicle types may serve, as sets, each made when it is first asked for.
pub(super) struct Listed<'a> {
    problem: &'a Problem,
    sets: Vec<OnceCell<HashSet<ClientId>>>,
}

impl<'a> Listed<'a> {
    pub(super) fn new(problem: &'a Problem) -> Self {
        Self { problem, sets: vec![OnceCell::new(); problem.vehicle_types().len()] }
    }

    fn allows(&self, vehicle_type: VehicleTypeId, client: ClientId) -> bool {
        self.problem.vehicle_type(vehicle_type).allowed_clients.as_ref().is_none_or(|list| {
            self.sets[vehicle_type.index()].get_or_init(|| list.iter().copied().collect()).contains(&client)
        })
    }
}

/// A route that has been laid out and timed.
pub(super) struct Judged<'a> {
    pub(super) problem: &'a Problem,
    pub(super) listed: &'a Listed<'a>,
    pub(super) index: usize,
    pub(super) stops: &'a RouteStops,
    pub(super) path: &'a [Station],
    pub(super) legs: &'a [Leg],
    pub(super) stays: &'a [Stay],
    pub(super) loads: &'a [TripLoad],
    /// The most effort without a rest, by driver rule.
    pub(super) efforts: &'a [Duration],
    pub(super) route: &'a Route,
}

impl Judged<'_> {
    /// Everything that is wrong with the route by itself.
    pub(super) fn violations(&self, found: &mut Vec<Violation>) {
        self.depots(found);
        self.limits(found);
        self.day(found);
        self.ways(found);
        self.times(found);
        for (t, trip) in self.stops.trips.iter().enumerate() {
            self.load(t, found);
            self.waste(t, found);
            self.allowed(t, trip, found);
            if self.problem.backhauls() == Backhauls::AfterLinehauls {
                self.backhauls(t, trip, found);
            }
        }
    }

    fn depots(&self, found: &mut Vec<Violation>) {
        let route = self.index;
        let vehicle_type = self.problem.vehicle_type(self.stops.vehicle_type);
        let trips = &self.stops.trips;
        if let Some(&TripStops { start: start_depot, .. }) = trips.first()
            && start_depot != vehicle_type.start
        {
            found.push(Violation::WrongStartDepot { route, found: start_depot, expected: vehicle_type.start });
        }
        if let Some(&TripStops { end: end_depot, .. }) = trips.last()
            && end_depot != vehicle_type.end
        {
            found.push(Violation::WrongEndDepot { route, found: end_depot, expected: vehicle_type.end });
        }
        for (trip, pair) in trips.windows(2).enumerate() {
            let (end, next_start) = (pair[0].end, pair[1].start);
            if end != next_start {
                found.push(Violation::TripsNotConnected { route, trip, end, next_start });
            }
            if end.is_none_or(|depot| !vehicle_type.reload_depots.contains(&depot)) {
                found.push(Violation::ReloadNotAllowed { route, trip, depot: end });
            }
        }
    }

    fn limits(&self, found: &mut Vec<Violation>) {
        let route = self.index;
        let vehicle_type = self.problem.vehicle_type(self.stops.vehicle_type);
        let trips =
            self.stops.trips.len() + self.stops.trips.iter().map(|trip| further_loads(&trip.activities)).sum::<usize>();
        if let Some(limit) = vehicle_type.max_trips
            && trips > limit
        {
            found.push(Violation::TooManyTrips { route, trips, limit });
        }
        let duration = self.route.duration();
        if let Some(limit) = vehicle_type.max_duration
            && duration > limit
        {
            found.push(Violation::TooLong { route, duration, limit });
        }
        let distance = self.route.distance;
        if let Some(limit) = vehicle_type.max_distance
            && distance > limit
        {
            found.push(Violation::TooFar { route, distance, limit });
        }
        let (end, late) = (self.route.end, limit(vehicle_type.shift.late));
        if end > late {
            found.push(Violation::LateShift { route, end, late });
        }
    }

    fn ways(&self, found: &mut Vec<Violation>) {
        let halts: Vec<(&Station, &Leg)> =
            self.path.iter().zip(self.legs).filter(|(station, _)| !station.anywhere).collect();
        for pair in halts.windows(2) {
            let leg = pair[1].1;
            let pair = [pair[0].0, pair[1].0];
            if leg.distance >= UNREACHABLE || leg.duration >= UNREACHABLE {
                let (from, to) = (pair[0].location, pair[1].location);
                // The station that two trips share belongs to the later one; the way there does not.
                let leads_home = matches!(pair[1].role, Role::Load(_)) && joined(self.stops, pair[1].trip);
                let trip = pair[1].trip - usize::from(leads_home);
                found.push(Violation::Unreachable { route: self.index, trip, from, to });
            }
        }
    }

    fn times(&self, found: &mut Vec<Violation>) {
        let route = self.index;
        for (station, stay) in self.path.iter().zip(self.stays) {
            let &Station { trip, role, .. } = station;
            let late = station.late();
            let Stay { arrival, start, .. } = *stay;
            match role {
                Role::Load(depot) if start > late => {
                    let release = release(self.problem, &self.stops.trips[trip]);
                    found.push(if release > late {
                        Violation::ReleasedTooLate { route, trip, depot, release, late }
                    } else {
                        Violation::LateLoading { route, trip, depot, start, late }
                    });
                }
                Role::Visit(position, activity) if start > late => {
                    found.push(Violation::LateService { route, trip, position, activity, start, late });
                }
                Role::Return(depot) if arrival > late => {
                    found.push(Violation::LateReturn { route, trip, depot, arrival, late });
                }
                Role::Load(_) | Role::Visit(..) | Role::Return(_) => {}
            }
        }
    }

    fn load(&self, trip: usize, found: &mut Vec<Violation>) {
        let route = self.index;
        let capacity = &self.problem.vehicle_type(self.stops.vehicle_type).capacity;
        let TripLoad { max, min, .. } = &self.loads[trip];
        for (dimension, (&load, &capacity)) in max.iter().zip(capacity).enumerate() {
            if load > capacity {
                found.push(Violation::Overload { route, trip, dimension, load, capacity });
            }
        }
        for (dimension, &load) in min.iter().enumerate() {
            if load < 0 {
                found.push(Violation::NegativeLoad { route, trip, dimension, load });
            }
        }
    }

    fn allowed(&self, t: usize, trip: &TripStops, found: &mut Vec<Violation>) {
        let vehicle_type = self.stops.vehicle_type;
        for (position, &activity) in trip.activities.iter().enumerate() {
            if let Activity::Client(client) = activity
                && !(self.listed.allows(vehicle_type, client) && self.problem.may_serve_by_client(vehicle_type, client))
            {
                found.push(Violation::NotAllowed { route: self.index, trip: t, position, client });
            }
        }
    }

    fn backhauls(&self, trip: usize, stops: &TripStops, found: &mut Vec<Violation>) {
        let (route, problem) = (self.index, self.problem);
        let mut returning = false;
        let first = stops.activities.iter().position(|activity| activity.is_service());
        for (position, &activity) in stops.activities.iter().enumerate() {
            let Activity::Client(client) = activity else { continue };
            if problem.is_backhaul(client) {
                returning = true;
                if first == Some(position) {
                    found.push(Violation::BackhaulFirst { route, trip, client });
                }
            } else if returning && problem.is_linehaul(client) {
                found.push(Violation::LinehaulAfterBackhaul { route, trip, position, client });
            }
        }
    }
}
