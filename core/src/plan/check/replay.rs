//! Drives one route, halt by halt.

use crate::ids::{DepotId, LocationId};
use crate::model::{Problem, TimeWindow};
use crate::plan::{Activity, RouteStops};
use crate::units::{Distance, Duration, Load, Time};

/// Why the vehicle halts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Ends trip `ends`, where there is one, and loads for the next.
    Load { depot: DepotId, ends: Option<usize> },
    /// Serves.
    Serve { position: usize, activity: Activity },
    /// Ends its trip without loading for another one.
    End { depot: DepotId },
}

/// A halt, with the times of the final schedule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Halt {
    pub(super) trip: usize,
    pub(super) purpose: Purpose,
    pub(super) location: LocationId,
    pub(super) opens: Time,
    pub(super) closes: Time,
    pub(super) takes: Duration,
    /// The way here from the halt before.
    pub(super) distance: Distance,
    pub(super) drive: Duration,
    pub(super) arrival: Time,
    pub(super) begin: Time,
    pub(super) leave: Time,
}

/// One driven route.
#[derive(Clone, Debug)]
pub(super) struct Replay<'a> {
    /// Its index among all routes.
    pub(super) index: usize,
    pub(super) stops: &'a RouteStops,
    pub(super) halts: Vec<Halt>,
    /// For each trip and dimension: the load on departure, then after each visit.
    pub(super) loads: Vec<Vec<Vec<Load>>>,
}

impl<'a> Replay<'a> {
    pub(super) fn of(problem: &Problem, index: usize, stops: &'a RouteStops) -> Self {
        let mut halts = halts(problem, stops);
        let profile = problem.vehicle_type(stops.vehicle_type).profile;
        for i in 1..halts.len() {
            halts[i].distance = problem.distance(profile, halts[i - 1].location, halts[i].location);
            halts[i].drive = problem.duration(profile, halts[i - 1].location, halts[i].location);
        }
        schedule(&mut halts);
        let loads = (0..stops.trips.len())
            .map(|t| (0..problem.load_dimensions()).map(|d| loads(problem, &stops.trips[t].activities, d)).collect())
            .collect();
        Self { index, stops, halts, loads }
    }

    pub(super) fn start(&self) -> Time {
        self.halts.first().map_or(0, |halt| halt.begin)
    }

    pub(super) fn end(&self) -> Time {
        self.halts.last().map_or(0, |halt| halt.leave)
    }

    pub(super) fn distance(&self) -> Distance {
        self.halts.iter().map(|halt| halt.distance).sum()
    }

    pub(super) fn driving(&self) -> Duration {
        self.halts.iter().map(|halt| halt.drive).sum()
    }

    pub(super) fn waiting(&self) -> Duration {
        self.halts.iter().map(|halt| halt.begin - halt.arrival).sum()
    }

    /// The trip on which the vehicle drives to `halt`.
    pub(super) fn trip_towards(halt: &Halt) -> usize {
        match halt.purpose {
            Purpose::Load { ends: Some(trip), .. } => trip,
            _ => halt.trip,
        }
    }
}

/// Where the vehicle halts, with windows and without times.
fn halts(problem: &Problem, stops: &RouteStops) -> Vec<Halt> {
    let mut halts = Vec::new();
    let blank = |trip, purpose, location, opens, closes, takes| Halt {
        trip,
        purpose,
        location,
        opens,
        closes,
        takes,
        distance: 0,
        drive: 0,
        arrival: 0,
        begin: 0,
        leave: 0,
    };
    for (t, trip) in stops.trips.iter().enumerate() {
        let held = held_until(problem, &trip.activities);
        let arrives_loaded_from = t.checked_sub(1).filter(|&before| stops.trips[before].end == trip.start);
        let mut own_halts = 0;
        if let Some(id) = trip.start {
            let depot = problem.depot(id);
            let purpose = Purpose::Load { depot: id, ends: arrives_loaded_from };
            let opens = depot.time_window.early.max(held);
            halts.push(blank(t, purpose, depot.location(), opens, depot.time_window.late, depot.service));
            own_halts += 1;
        }
        for (position, &activity) in trip.activities.iter().enumerate() {
            let (location, window, takes) = match activity {
                Activity::Client(id) => {
                    let client = &problem.clients()[id.index()];
                    (client.location(), client.time_window, client.service)
                }
                Activity::Pickup(id) | Activity::Delivery(id) => {
                    let shipment = &problem.shipments()[id.index()];
                    let pickup = activity == Activity::Pickup(id);
                    let end = if pickup { &shipment.pickup } else { &shipment.delivery };
                    (end.location(), end.time_window, end.service)
                }
                Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => continue,
            };
            let opens = if own_halts == 0 { window.early.max(held) } else { window.early };
            halts.push(blank(t, Purpose::Serve { position, activity }, location, opens, window.late, takes));
            own_halts += 1;
        }
        if let Some(id) = trip.end {
            let loads_next = stops.trips.get(t + 1).is_some_and(|next| next.start == trip.end);
            if !loads_next {
                let depot = problem.depot(id);
                let window = depot.time_window;
                halts.push(blank(t, Purpose::End { depot: id }, depot.location(), window.early, window.late, 0));
            }
        }
    }
    if let Some(first) = halts.first_mut() {
        first.opens = first.opens.max(problem.vehicle_type(stops.vehicle_type).shift.early);
    }
    halts
}

/// When everything that the trip brings is there.
pub(super) fn held_until(problem: &Problem, activities: &[Activity]) -> Time {
    let mut held = Time::MIN;
    for activity in activities {
        if let Activity::Client(id) = activity {
            let release = problem.clients()[id.index()].release;
            // Zero stands for no release.
            if release != 0 {
                held = held.max(release);
            }
        }
    }
    held
}

/// Fills in the times: forwards for the earliest, backwards for the latest that end as early, forwards for good.
fn schedule(halts: &mut [Halt]) {
    let Some(first) = halts.first() else { return };
    drive(halts, first.opens);
    let mut latest = Time::MAX;
    for i in (0..halts.len()).rev() {
        let halt = halts[i];
        let never_closes = halt.closes == TimeWindow::UNBOUNDED_LATE;
        let allowed = if never_closes { Time::MAX } else { halt.closes.max(halt.begin) };
        latest = match halts.get(i + 1) {
            None => halt.begin,
            Some(next) => allowed.min(latest - next.drive - halt.takes),
        };
    }
    drive(halts, latest);
}

fn drive(halts: &mut [Halt], start: Time) {
    let mut now = start;
    for halt in halts {
        halt.arrival = now + halt.drive;
        halt.begin = halt.arrival.max(halt.opens);
        halt.leave = halt.begin + halt.takes;
        now = halt.leave;
    }
}

/// What is on board on departure and after each activity: what is still to be handed out, plus what was taken in, plus
/// the shipments in between.
fn loads(problem: &Problem, activities: &[Activity], dimension: usize) -> Vec<Load> {
    let of = |list: &[Load]| list.get(dimension).copied().unwrap_or_default();
    let mut to_deliver = vec![0; activities.len() + 1];
    for (i, &activity) in activities.iter().enumerate().rev() {
        let amount = if let Activity::Client(id) = activity { of(&problem.clients()[id.index()].delivery) } else { 0 };
        to_deliver[i] = to_deliver[i + 1] + amount;
    }
    let (mut taken, mut shipped) = (0, 0);
    let mut loads = vec![to_deliver[0]];
    for (i, &activity) in activities.iter().enumerate() {
        match activity {
            Activity::Client(id) => taken += of(&problem.clients()[id.index()].pickup),
            Activity::Pickup(id) => shipped += of(&problem.shipments()[id.index()].amount),
            Activity::Delivery(id) => shipped -= of(&problem.shipments()[id.index()].amount),
            Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => {}
        }
        loads.push(to_deliver[i + 1] + taken + shipped);
    }
    loads
}
