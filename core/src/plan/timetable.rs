//! The times of a route whose stops are known.

use crate::model::{DriverRule, Effort, Problem, SpeedCurve, VehicleType};
use crate::plan::path::PathStop;
use crate::travel::Drive;
use crate::units::{Distance, Duration, Time};

/// Times at one stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StopTimes {
    pub(super) arrival: Time,
    pub(super) start: Time,
    pub(super) departure: Time,
    /// Time driven since the previous stop.
    pub(super) driven: Duration,
    /// Time then spent on the set-up, which ends with the arrival.
    pub(super) setup: Duration,
    /// The latest start that is equally good.
    limit: Time,
}

/// The leg from the previous stop; zero for the first stop. For a pause during a drive, the leg that it interrupts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Leg {
    pub(super) distance: Distance,
    pub(super) duration: Duration,
    /// Of the stop that it leads to; zero where that is at the same place.
    pub(super) setup: Duration,
}

/// The legs of a route: entry `i` leads to stop `i`.
pub(super) fn legs(problem: &Problem, vehicle_type: &VehicleType, path: &[PathStop]) -> Vec<Leg> {
    let profile = vehicle_type.profile;
    let mut legs = vec![Leg::default(); path.len()];
    let mut from = None;
    for (i, stop) in path.iter().enumerate().filter(|(_, stop)| !stop.anywhere) {
        let Some(before) = from.replace(i) else { continue };
        let (a, b) = (path[before].location, stop.location);
        let setup = if stop.setup > 0 && !problem.is_same_place(profile, a, b) { stop.setup } else { 0 };
        legs[i] = Leg { distance: problem.distance(profile, a, b), duration: problem.duration(profile, a, b), setup };
        for pause in before + 1..i {
            legs[pause].duration = legs[i].duration;
        }
    }
    legs
}

/// The driver rules and speeds of a vehicle.
#[derive(Clone, Copy)]
pub(super) struct DrivingProfile<'a> {
    pub(super) rules: &'a [DriverRule],
    pub(super) speed: Option<&'a SpeedCurve>,
}

impl<'a> DrivingProfile<'a> {
    pub(super) fn new(problem: &'a Problem, vehicle_type: &'a VehicleType) -> Self {
        Self { rules: &vehicle_type.driver_rules, speed: problem.speed(vehicle_type.profile) }
    }
}

/// The times of a route, and the maximum effort without a rest under each driver rule.
pub(super) struct Timetable {
    pub(super) schedule: Vec<StopTimes>,
    pub(super) efforts: Vec<Duration>,
}

/// The times of a route that ends as early as possible and, given that, starts as late as possible.
///
/// A first run that starts as early as possible gives the earliest end. All waiting of that run can be moved before the
/// start, unless a time window in between would be missed: Savelsbergh's forward time slack
/// (<https://doi.org/10.1287/ijoc.4.2.146>) is how far the start can move. A service that is already late in the first
/// run must not become later. If speeds change, or breaks interrupt drives, the start is found by bisection.
pub(super) fn timetable(path: &[PathStop], legs: &[Leg], driving: DrivingProfile<'_>) -> Timetable {
    let earliest = from_the_earliest_start(path, legs, driving);
    let Some(begin) = earliest.schedule.first().map(|times| times.start) else { return earliest };
    // A break whose window closes postpones driving, and with it other breaks and the rests that a rule requires.
    let breaks = path.iter().any(|stop| stop.anywhere && !stop.windows.is_empty());
    let start = if driving.speed.is_some() || breaks {
        latest_start(path, legs, driving, &earliest.schedule, begin)
    } else {
        begin.saturating_add(slack(&earliest.schedule))
    };
    run(path, legs, driving, start)
}

/// The times of a route that starts as early as its first stop allows.
pub(super) fn from_the_earliest_start(path: &[PathStop], legs: &[Leg], driving: DrivingProfile<'_>) -> Timetable {
    let begin = path.first().map_or(0, |first| first.start(first.early).0);
    run(path, legs, driving, begin)
}

/// By how much the start can be delayed.
fn slack(earliest: &[StopTimes]) -> Duration {
    let mut waited: Duration = 0;
    let mut slack = Duration::MAX;
    for times in earliest {
        slack = slack.min(waited.saturating_add(times.limit.saturating_sub(times.arrival)));
        waited = waited.saturating_add(times.start.saturating_sub(times.arrival));
    }
    slack.min(waited).max(0)
}

/// The latest start with which the route ends equally early and no stop passes its limit.
fn latest_start(
    path: &[PathStop],
    legs: &[Leg],
    driving: DrivingProfile<'_>,
    earliest: &[StopTimes],
    begin: Time,
) -> Time {
    let end = earliest.last().map_or(begin, |times| times.departure);
    let is_as_good = |start: Time| {
        let schedule = run(path, legs, driving, start).schedule;
        schedule.last().is_some_and(|times| times.departure == end)
            && schedule.iter().zip(earliest).all(|(new, old)| new.start <= old.limit)
    };
    let (mut low, mut high) = (begin, end);
    while low < high {
        let middle = high - (high - low) / 2;
        if is_as_good(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// Sums of effort under driver rules.
struct Sums<'a> {
    rules: &'a [DriverRule],
    sum: Vec<Duration>,
    /// Whether the first part of a split rest has been taken.
    half: Vec<bool>,
    most: Vec<Duration>,
}

impl<'a> Sums<'a> {
    fn new(rules: &'a [DriverRule]) -> Self {
        let n = rules.len();
        Self { rules, sum: vec![0; n], half: vec![false; n], most: vec![0; n] }
    }

    fn allowance(&self) -> Duration {
        let left = self.rules.iter().zip(&self.sum).map(|(rule, &sum)| rule.max.saturating_sub(sum).max(0));
        left.min().unwrap_or(Duration::MAX)
    }

    fn add(&mut self, r: usize, effort: Duration) {
        self.sum[r] = self.sum[r].saturating_add(effort);
        self.most[r] = self.most[r].max(self.sum[r]);
    }

    fn drive(&mut self, driven: Duration) {
        (0..self.rules.len()).for_each(|r| self.add(r, driven));
    }

    fn rest(&mut self, r: usize, length: Duration) {
        let rule = &self.rules[r];
        if length >= rule.rest {
            (self.sum[r], self.half[r]) = (0, false);
        } else if let Some((first, second)) = rule.split {
            if self.half[r] && length >= second {
                (self.sum[r], self.half[r]) = (0, false);
            } else if length >= first {
                self.half[r] = true;
            }
        }
    }

    /// Accounts for a set-up, which is work but neither driving nor a rest.
    fn set_up(&mut self, setup: Duration) {
        for r in 0..self.rules.len() {
            if setup > 0 && self.rules[r].effort == Effort::Work {
                self.add(r, setup);
            }
        }
    }

    /// Accounts for a stop.
    fn stand(&mut self, stop: &PathStop) {
        let service = stop.service;
        for r in 0..self.rules.len() {
            let rule = self.rules[r];
            if stop.is_pause() {
                self.rest(r, service);
            } else if rule.effort == Effort::Work {
                self.add(r, service);
            } else if rule.any_pause {
                self.rest(r, service);
            }
        }
    }
}

/// Drives the route from `start` on, waiting only for time windows to open.
fn run(path: &[PathStop], legs: &[Leg], driving: DrivingProfile<'_>, start: Time) -> Timetable {
    let mut clock = start;
    let mut sums = Sums::new(driving.rules);
    let mut under_way: Option<Drive<'_>> = None;
    let mut schedule = Vec::with_capacity(path.len());
    for (i, (stop, leg)) in path.iter().zip(legs).enumerate() {
        let mut drive = under_way.take().unwrap_or_else(|| Drive::new(driving.speed, clock, leg.duration));
        let left = drive.clock;
        let mut arrival = if i == 0 { clock } else { drive.arrival() };
        if stop.anywhere {
            arrival = arrival.min(stop.late().max(left)).min(left.saturating_add(sums.allowance()));
        }
        let driven = arrival.saturating_sub(left);
        arrival = arrival.saturating_add(leg.setup);
        let (start, limit) = stop.start(arrival);
        clock = start.saturating_add(stop.service);
        sums.drive(driven);
        sums.set_up(leg.setup);
        sums.stand(stop);
        if stop.anywhere && i > 0 {
            drive.pause(arrival, clock);
            under_way = Some(drive);
        }
        schedule.push(StopTimes { arrival, start, departure: clock, driven, setup: leg.setup, limit });
    }
    Timetable { schedule, efforts: sums.most }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ClientId, LocationId};
    use crate::model::TimeWindow;
    use crate::plan::Activity;
    use crate::plan::path::Role;

    fn stop(early: Time, late: Time, service: Duration) -> PathStop {
        let role = Role::Visit(0, Activity::Client(ClientId::new(0)));
        let windows = vec![TimeWindow::new(early, late)];
        let location = LocationId::new(0);
        PathStop { trip: 0, role, location, early, windows, soft: None, service, setup: 0, anywhere: false }
    }

    fn starts(path: &[PathStop], drive: Duration) -> Vec<Time> {
        let mut legs = vec![Leg { duration: drive, ..Leg::default() }; path.len()];
        legs[0] = Leg::default();
        let driving = DrivingProfile { rules: &[], speed: None };
        timetable(path, &legs, driving).schedule.iter().map(|times| times.start).collect()
    }

    #[test]
    fn waiting_moves_before_the_start() {
        // Driven from 0, the vehicle would wait 90 at the stop; it leaves at 90 instead.
        assert_eq!(starts(&[stop(0, 1000, 0), stop(100, 200, 5), stop(0, 1000, 0)], 10), [90, 100, 115]);
    }

    #[test]
    fn a_closing_window_limits_the_delay() {
        // The first stop closes at 20, so at most 20 - 10 of the 200 units of waiting at the second can be moved.
        let path = [stop(0, 1000, 0), stop(0, 20, 0), stop(220, 300, 0)];
        assert_eq!(starts(&path, 10), [10, 20, 220]);
    }

    #[test]
    fn a_late_service_does_not_become_later() {
        // The first stop is 5 late at best; the wait at the second must not make it later.
        let path = [stop(0, 1000, 0), stop(0, 5, 0), stop(220, 300, 0)];
        assert_eq!(starts(&path, 10), [0, 10, 220]);
    }

    #[test]
    fn the_window_that_is_used_limits_the_delay() {
        // The first stop is open until 20 and from 50 on; it is served in the first window that it can be served in.
        let mut twice = stop(0, 20, 0);
        twice.windows.push(TimeWindow::new(50, 90));
        let path = [stop(0, 1000, 0), twice, stop(220, 300, 0)];
        assert_eq!(starts(&path, 10), [10, 20, 220]);
    }

    #[test]
    fn an_empty_route_has_no_times() {
        assert!(timetable(&[], &[], DrivingProfile { rules: &[], speed: None }).schedule.is_empty());
    }
}
