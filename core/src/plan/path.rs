//! The stations that a vehicle passes, laid out of a route's bare stops.

use crate::ids::{DepotId, LocationId};
use crate::model::{Problem, TimeWindow};
use crate::plan::{Activity, RouteStops, TripStops};
use crate::units::{Duration, Time};

/// What happens at a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The vehicle loads for the station's trip, and before that ends the previous one if it arrives from there.
    Load(DepotId),
    /// The position on the station's trip.
    Visit(usize, Activity),
    /// The vehicle ends the station's trip and does not load here.
    Return(DepotId),
}

/// A place where the vehicle stands still.
#[derive(Clone, Copy, Debug)]
pub(super) struct Station {
    /// The trip; where one trip ends and the next begins at the same depot, the later one.
    pub(super) trip: usize,
    pub(super) role: Role,
    pub(super) location: LocationId,
    /// Service may not start before.
    pub(super) early: Time,
    /// Service may not start after.
    pub(super) late: Time,
    pub(super) service: Duration,
}

/// The stations of a route, in order.
///
/// Where a trip starts at the depot at which the one before it ended, the two share a station. A trip's release holds
/// back its first station.
pub(super) fn stations(problem: &Problem, route: &RouteStops) -> Vec<Station> {
    let shift = problem.vehicle_type(route.vehicle_type).shift;
    let mut path: Vec<Station> = Vec::with_capacity(route.trips.iter().map(|t| t.activities.len() + 2).sum());
    for (t, trip) in route.trips.iter().enumerate() {
        if joined(route, t) {
            path.pop();
        }
        let first = path.len();
        if let Some(depot) = trip.start {
            path.push(depot_station(problem, t, depot, true));
        }
        path.extend(trip.activities.iter().enumerate().map(|(i, &a)| visit_station(problem, t, i, a)));
        if let Some(station) = path.get_mut(first) {
            station.early = station.early.max(release(problem, trip));
        }
        if let Some(depot) = trip.end {
            path.push(depot_station(problem, t, depot, false));
        }
    }
    if let Some(station) = path.first_mut() {
        station.early = station.early.max(shift.early);
    }
    for station in &mut path {
        station.late = limit(station.late);
    }
    path
}

/// A latest time as something to compare with: what is unbounded is never exceeded.
pub(super) fn limit(late: Time) -> Time {
    if late >= TimeWindow::UNBOUNDED_LATE { Time::MAX } else { late }
}

/// Whether trip `t` starts at the very depot where the one before it ends.
pub(super) fn joined(route: &RouteStops, t: usize) -> bool {
    t > 0 && t < route.trips.len() && route.trips[t].start.is_some() && route.trips[t].start == route.trips[t - 1].end
}

/// The latest release of the trip's clients; shipments have none, and zero stands for none.
pub(super) fn release(problem: &Problem, trip: &TripStops) -> Time {
    let releases = trip.activities.iter().filter_map(|&activity| match activity {
        Activity::Client(client) => Some(problem.client(client).release).filter(|&release| release > 0),
        _ => None,
    });
    releases.max().unwrap_or(Time::MIN)
}

fn depot_station(problem: &Problem, trip: usize, id: DepotId, loads: bool) -> Station {
    let depot = problem.depot(id);
    Station {
        trip,
        role: if loads { Role::Load(id) } else { Role::Return(id) },
        location: depot.location(),
        early: depot.time_window.early,
        late: depot.time_window.late,
        service: if loads { depot.service } else { 0 },
    }
}

fn visit_station(problem: &Problem, trip: usize, position: usize, activity: Activity) -> Station {
    let (location, TimeWindow { early, late }, service) = match activity {
        Activity::Client(id) => {
            let client = problem.client(id);
            (client.location(), client.time_window, client.service)
        }
        Activity::Pickup(id) => {
            let stop = &problem.shipment(id).pickup;
            (stop.location(), stop.time_window, stop.service)
        }
        Activity::Delivery(id) => {
            let stop = &problem.shipment(id).delivery;
            (stop.location(), stop.time_window, stop.service)
        }
        Activity::Dispose(id) => {
            let site = problem.disposal_site(id);
            (site.location(), TimeWindow::ALWAYS, site.service)
        }
        Activity::Break(_) | Activity::Rest(_) => (LocationId::new(0), TimeWindow::ALWAYS, 0),
    };
    Station { trip, role: Role::Visit(position, activity), location, early, late, service }
}
