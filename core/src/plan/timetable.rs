//! When a vehicle is where, once its stations are known.

use crate::ids::ProfileId;
use crate::model::Problem;
use crate::plan::path::Station;
use crate::units::{Distance, Duration, Time};

/// Times at one station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stay {
    pub(super) arrival: Time,
    pub(super) start: Time,
    pub(super) departure: Time,
}

/// The way to a station from the one before it; nothing for the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Leg {
    pub(super) distance: Distance,
    pub(super) duration: Duration,
}

/// The ways between neighbouring stations: entry `i` leads to station `i`.
pub(super) fn legs(problem: &Problem, profile: ProfileId, path: &[Station]) -> Vec<Leg> {
    let mut legs = vec![Leg::default(); path.len().min(1)];
    legs.extend(path.windows(2).map(|pair| Leg {
        distance: problem.distance(profile, pair[0].location, pair[1].location),
        duration: problem.duration(profile, pair[0].location, pair[1].location),
    }));
    legs
}

/// The times of a route that ends as early as possible and, given that, starts as late as possible.
///
/// A first run that starts as early as possible gives the earliest end. All waiting of that run can be moved to before
/// the start, except where a time window on the way would be missed: Savelsbergh's forward time slack
/// (<https://doi.org/10.1287/ijoc.4.2.146>) is how far the start can move. A service that is late already in the first
/// run gets no later.
pub(super) fn timetable(path: &[Station], legs: &[Leg]) -> Vec<Stay> {
    let Some(first) = path.first() else { return Vec::new() };
    let earliest = run(path, legs, first.early);
    let mut waited: Duration = 0;
    let mut slack = Duration::MAX;
    for (station, stay) in path.iter().zip(&earliest) {
        waited = waited.saturating_add(stay.start.saturating_sub(stay.arrival));
        let spare = station.late.saturating_sub(stay.start).max(0);
        slack = slack.min(waited.saturating_add(spare));
    }
    run(path, legs, first.early.saturating_add(slack.min(waited)))
}

/// Drives the route from `start` on, waiting only for time windows to open.
fn run(path: &[Station], legs: &[Leg], start: Time) -> Vec<Stay> {
    let mut clock = start;
    path.iter()
        .zip(legs)
        .map(|(station, leg)| {
            let arrival = clock.saturating_add(leg.duration);
            let start = arrival.max(station.early);
            clock = start.saturating_add(station.service);
            Stay { arrival, start, departure: clock }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ClientId, LocationId};
    use crate::plan::Activity;
    use crate::plan::path::Role;

    fn station(early: Time, late: Time, service: Duration) -> Station {
        let role = Role::Visit(0, Activity::Client(ClientId::new(0)));
        Station { trip: 0, role, location: LocationId::new(0), early, late, service }
    }

    fn starts(path: &[Station], drive: Duration) -> Vec<Time> {
        let mut legs = vec![Leg { distance: 0, duration: drive }; path.len()];
        legs[0] = Leg::default();
        timetable(path, &legs).iter().map(|stay| stay.start).collect()
    }

    #[test]
    fn waiting_moves_before_the_start() {
        // Driven from 0, the vehicle would wait 90 at the stop; it leaves at 90 instead.
        assert_eq!(starts(&[station(0, 1000, 0), station(100, 200, 5), station(0, 1000, 0)], 10), [90, 100, 115]);
    }

    #[test]
    fn a_closing_window_limits_the_delay() {
        // The first stop closes at 20, so that at most 20 - 10 of the 200 that are waited at the second can move.
        let path = [station(0, 1000, 0), station(0, 20, 0), station(220, 300, 0)];
        assert_eq!(starts(&path, 10), [10, 20, 220]);
    }

    #[test]
    fn a_late_service_gets_no_later() {
        // The first stop is 5 late at best; the wait at the second must not make it later.
        let path = [station(0, 1000, 0), station(0, 5, 0), station(220, 300, 0)];
        assert_eq!(starts(&path, 10), [0, 10, 220]);
    }

    #[test]
    fn nothing_has_no_times() {
        assert_eq!(timetable(&[], &[]), []);
    }
}
