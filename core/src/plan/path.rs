//! The sequence of all stops of a route, depots included, laid out from its bare stops.

use crate::ids::{DepotId, LocationId};
use crate::model::{Problem, SoftWindow, TimeWindow};
use crate::plan::load::TripLoad;
use crate::plan::{Activity, RouteStops, TripStops};
use crate::units::{Duration, Time};

/// Longer than any route, and small enough that sums do not overflow.
const LONGEST: Duration = 1 << 40;

/// What happens at a stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The vehicle loads for the stop's trip, after ending the previous trip if that one ends here.
    Load(DepotId),
    /// The position on the stop's trip.
    Visit(usize, Activity),
    /// The vehicle ends the stop's trip and does not load here.
    Return(DepotId),
}

/// One stop of the vehicle.
#[derive(Clone, Debug)]
pub(super) struct PathStop {
    /// The trip; at a depot where one trip ends and the next begins, the later one.
    pub(super) trip: usize,
    pub(super) role: Role,
    /// The location; for a pause during a drive, that of the previous stop.
    pub(super) location: LocationId,
    /// Earliest start of service.
    pub(super) early: Time,
    /// When service may start, in ascending order; empty: always.
    pub(super) windows: Vec<TimeWindow>,
    pub(super) soft: Option<SoftWindow>,
    pub(super) service: Duration,
    /// Spent after the drive where that leads here from another place.
    pub(super) setup: Duration,
    /// Whether it is a pause during the drive to the next stop.
    pub(super) anywhere: bool,
}

impl PathStop {
    /// Latest start of service.
    pub(super) fn late(&self) -> Time {
        self.windows.last().map_or(Time::MAX, |window| limit(window.late))
    }

    /// The start of service after an arrival, and the latest start that is equally good.
    pub(super) fn start(&self, arrival: Time) -> (Time, Time) {
        let ready = arrival.max(self.early);
        let open = self.windows.iter().find(|window| ready <= limit(window.late));
        // A window that is too short for what it must cover opens all the same, and whatever starts in it is late.
        let too_short = self.windows.first().filter(|window| window.early > window.late);
        let start = open.or(too_short).map_or(ready, |window| ready.max(window.early));
        let mut latest = if self.windows.is_empty() { Time::MAX } else { open.map_or(start, |w| limit(w.late)) };
        if let Some(soft) = self.soft {
            latest = if start > soft.late { start } else { latest.min(soft.late) };
        }
        (start, latest.max(start))
    }

    /// Whether the driver rests here, and nothing else happens.
    pub(super) fn is_pause(&self) -> bool {
        matches!(self.role, Role::Visit(_, Activity::Break(_) | Activity::Rest(_)))
    }
}

/// The stops of a route, in order.
///
/// A trip that starts at the depot where the previous one ended shares a stop with it. A trip's release delays its
/// first stop, and so does a route's stated start.
pub(super) fn path_stops(problem: &Problem, route: &RouteStops, loads: &[TripLoad]) -> Vec<PathStop> {
    let shift = problem.vehicle_type(route.vehicle_type).shift;
    let mut path: Vec<PathStop> = Vec::with_capacity(route.trips.iter().map(|t| t.activities.len() + 2).sum());
    for (t, trip) in route.trips.iter().enumerate() {
        if joined(route, t) {
            path.pop();
        }
        let first = path.len();
        if let Some(depot) = trip.start {
            path.push(depot_stop(problem, t, depot, true));
        }
        for (position, &activity) in trip.activities.iter().enumerate() {
            let at = path.last().map(|stop| stop.location);
            path.push(visit_stop(problem, route, &loads[t], (t, position, activity), at));
        }
        if let Some(stop) = path.get_mut(first) {
            stop.early = stop.early.max(release(problem, trip));
        }
        if let Some(depot) = trip.end {
            path.push(depot_stop(problem, t, depot, false));
        }
    }
    if let Some(stop) = path.first_mut() {
        let opens = stop.windows.first().map_or(Time::MIN, |window| window.early);
        let from = route.start.map_or(Time::MIN, |start| start.min(LONGEST));
        stop.early = stop.early.max(shift.early).max(opens).max(from);
    }
    path
}

/// A latest time to compare with: an unbounded one is never exceeded.
pub(super) fn limit(late: Time) -> Time {
    if late >= TimeWindow::UNBOUNDED_LATE { Time::MAX } else { late }
}

/// Whether trip `t` starts at the depot where the previous one ends.
pub(super) fn joined(route: &RouteStops, t: usize) -> bool {
    t > 0 && t < route.trips.len() && route.trips[t].start.is_some() && route.trips[t].start == route.trips[t - 1].end
}

/// The latest release of the trip's clients; shipments have none, and zero means none.
pub(super) fn release(problem: &Problem, trip: &TripStops) -> Time {
    let releases = trip.activities.iter().filter_map(|&activity| match activity {
        Activity::Client(client) => Some(problem.client(client).release).filter(|&release| release > 0),
        _ => None,
    });
    releases.max().unwrap_or(Time::MIN)
}

fn depot_stop(problem: &Problem, trip: usize, id: DepotId, loads: bool) -> PathStop {
    let depot = problem.depot(id);
    PathStop {
        trip,
        role: if loads { Role::Load(id) } else { Role::Return(id) },
        location: depot.location(),
        early: Time::MIN,
        windows: vec![depot.time_window],
        soft: None,
        service: if loads { depot.service } else { 0 },
        setup: 0,
        anywhere: false,
    }
}

/// The stop of an activity at a position of a trip; `at` is the location of the previous stop.
fn visit_stop(
    problem: &Problem,
    route: &RouteStops,
    load: &TripLoad,
    (trip, position, activity): (usize, usize, Activity),
    at: Option<LocationId>,
) -> PathStop {
    let vehicle_type = problem.vehicle_type(route.vehicle_type);
    let mut stop = PathStop {
        trip,
        role: Role::Visit(position, activity),
        location: at.unwrap_or(LocationId::new(0)),
        early: Time::MIN,
        windows: Vec::new(),
        soft: None,
        service: 0,
        setup: problem.setup_of(activity),
        anywhere: false,
    };
    match activity {
        Activity::Client(id) => {
            let client = problem.client(id);
            stop.location = client.location();
            stop.windows = client.start_windows(route.vehicle_type);
            stop.soft = client.soft_window_for(route.vehicle_type);
            stop.service = client.service_for(route.vehicle_type);
        }
        Activity::Pickup(id) | Activity::Delivery(id) => {
            let shipment = problem.shipment(id);
            let end = if let Activity::Pickup(_) = activity { &shipment.pickup } else { &shipment.delivery };
            stop.location = end.location();
            stop.windows = vec![end.start_window()];
            stop.service = end.service;
        }
        Activity::Dispose(id) => {
            let site = problem.disposal_site(id);
            stop.location = site.location();
            stop.windows.clone_from(&site.hours);
            let unloading = site.unloading.iter().zip(&load.emptied[position]).map(|(rate, &amount)| rate.of(amount));
            stop.service = unloading.fold(site.service, Duration::saturating_add);
        }
        Activity::Break(index) => {
            let pause = &vehicle_type.breaks[index];
            stop.windows = vec![pause.start];
            stop.service = pause.duration;
            stop.anywhere = pause.place.is_none();
            if let Some(place) = pause.place {
                stop.location = place.location();
            }
        }
        Activity::Rest(duration) => {
            stop.service = duration.clamp(0, LONGEST);
            stop.anywhere = true;
        }
    }
    // Where zones never let it begin, that is a violation of its own.
    if let Some(open) = problem.windows_in_zones(route.vehicle_type, activity).filter(|open| !open.is_empty()) {
        stop.windows = open;
    }
    stop
}
