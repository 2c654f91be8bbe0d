//! The rules that concern a single route.

mod breaks;
mod clients;
mod disposal;
mod limits;
mod loads;

use crate::model::{Backhauls, Problem};
use crate::plan::load::TripLoad;
use crate::plan::path::{PathStop, Role, joined, release};
use crate::plan::timetable::{Leg, StopTimes};
use crate::plan::{Route, RouteStops, TripStops, Violation};
use crate::travel::UNREACHABLE;
use crate::units::Duration;

pub(super) use clients::AllowedClients;
pub(super) use disposal::site_capacities;

/// A route that has been laid out and timed.
pub(in crate::plan) struct Judged<'a> {
    pub(in crate::plan) problem: &'a Problem,
    pub(in crate::plan) allowed_clients: &'a AllowedClients<'a>,
    pub(in crate::plan) index: usize,
    pub(in crate::plan) stops: &'a RouteStops,
    pub(in crate::plan) path: &'a [PathStop],
    pub(in crate::plan) legs: &'a [Leg],
    pub(in crate::plan) schedule: &'a [StopTimes],
    pub(in crate::plan) loads: &'a [TripLoad],
    /// The maximum effort without a rest, by driver rule.
    pub(in crate::plan) efforts: &'a [Duration],
    pub(in crate::plan) route: &'a Route,
}

impl Judged<'_> {
    /// All violations of the route by itself.
    pub(in crate::plan) fn violations(&self, found: &mut Vec<Violation>) {
        self.depots(found);
        self.limits(found);
        self.work(found);
        self.breaks(found);
        self.sites(found);
        self.reachability(found);
        self.times(found);
        for (t, trip) in self.stops.trips.iter().enumerate() {
            self.load(t, found);
            self.waste(t, found);
            self.allowed(t, trip, found);
            self.zones(t, trip, found);
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

    fn reachability(&self, found: &mut Vec<Violation>) {
        let halts: Vec<(&PathStop, &Leg)> =
            self.path.iter().zip(self.legs).filter(|(stop, _)| !stop.anywhere).collect();
        for pair in halts.windows(2) {
            let leg = pair[1].1;
            let pair = [pair[0].0, pair[1].0];
            if leg.distance >= UNREACHABLE || leg.duration >= UNREACHABLE {
                let (from, to) = (pair[0].location, pair[1].location);
                // The stop that two trips share belongs to the later one; the leg to it belongs to the earlier one.
                let leads_home = matches!(pair[1].role, Role::Load(_)) && joined(self.stops, pair[1].trip);
                let trip = pair[1].trip - usize::from(leads_home);
                found.push(Violation::Unreachable { route: self.index, trip, from, to });
            }
        }
    }

    fn times(&self, found: &mut Vec<Violation>) {
        let route = self.index;
        for (stop, times) in self.path.iter().zip(self.schedule) {
            let &PathStop { trip, role, .. } = stop;
            let late = stop.late();
            let StopTimes { arrival, start, .. } = *times;
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
}
