//! Zones that are closed to a vehicle, and those that it does not serve.

use super::replay::{Purpose, Replay, ReplayedStop};
use crate::ids::VehicleTypeId;
use crate::model::{Problem, TimeWindow, ZoneRule};
use crate::plan::{Activity, Violation};
use crate::units::{Duration, Time};

/// Notes the hours in which zones are closed at a stop, where they leave any time to begin.
pub(super) fn close(problem: &Problem, vehicle_type: VehicleTypeId, activity: Activity, stop: &mut ReplayedStop) {
    let pauses = matches!(activity, Activity::Break(_) | Activity::Rest(_));
    if pauses || forbids(problem, vehicle_type, activity, stop) {
        return;
    }
    stop.shut = hours(problem, vehicle_type, stop);
    stop.lasts = if matches!(activity, Activity::Dispose(_)) { 0 } else { stop.takes };
    if latest_of_all(&stop.windows, &stop.shut, stop.lasts).is_none() {
        stop.shut.clear();
    }
}

/// What zones never allow.
pub(super) fn check(problem: &Problem, replay: &Replay, found: &mut Vec<Violation>) {
    let vehicle_type = replay.stops.vehicle_type;
    for stop in &replay.path {
        let Purpose::Serve { position, activity } = stop.purpose else { continue };
        if matches!(activity, Activity::Break(_) | Activity::Rest(_)) {
            continue;
        }
        let lasts = if matches!(activity, Activity::Dispose(_)) { 0 } else { stop.takes };
        let shut = hours(problem, vehicle_type, stop);
        let never = !shut.is_empty() && latest_of_all(&stop.windows, &shut, lasts).is_none();
        if never || forbids(problem, vehicle_type, activity, stop) {
            found.push(Violation::ZoneNotAllowed { route: replay.index, trip: stop.trip, position, activity });
        }
    }
}

fn is_in(problem: &Problem, rule: &ZoneRule, stop: &ReplayedStop) -> bool {
    problem.zones()[rule.zone().index()].area.contains(problem.locations()[stop.location.index()].coord)
}

/// Whether a zone is closed at all times, or the stop is in none of those that the vehicles serve.
fn forbids(problem: &Problem, vehicle_type: VehicleTypeId, activity: Activity, stop: &ReplayedStop) -> bool {
    let rules = &problem.vehicle_type(vehicle_type).zones;
    let (mut limited, mut inside) = (false, false);
    for rule in rules {
        match rule {
            ZoneRule::Closed(_) if is_in(problem, rule, stop) => return true,
            ZoneRule::ServeOnly(_) => {
                limited = true;
                inside |= is_in(problem, rule, stop);
            }
            ZoneRule::Closed(_) | ZoneRule::ClosedDuring(..) => {}
        }
    }
    limited && !inside && !matches!(activity, Activity::Dispose(_))
}

fn hours(problem: &Problem, vehicle_type: VehicleTypeId, stop: &ReplayedStop) -> Vec<TimeWindow> {
    let mut shut = Vec::new();
    for rule in &problem.vehicle_type(vehicle_type).zones {
        if let ZoneRule::ClosedDuring(_, during) = rule
            && is_in(problem, rule, stop)
        {
            shut.extend_from_slice(during);
        }
    }
    shut
}

/// Closed hours that a service which begins at a time, and lasts so long, falls into.
pub(super) fn meets(shut: &[TimeWindow], begin: Time, lasts: Duration) -> Option<&TimeWindow> {
    let over = |hours: &TimeWindow| hours.late != TimeWindow::UNBOUNDED_LATE && begin >= hours.late;
    shut.iter().find(|hours| begin + lasts > hours.early && !over(hours))
}

/// The latest begin that comes before the next closed hours, for a service that begins at a time.
pub(super) fn until(shut: &[TimeWindow], begin: Time, lasts: Duration) -> Time {
    let next = shut.iter().filter(|hours| begin + lasts <= hours.early).map(|hours| hours.early - lasts).min();
    next.unwrap_or(Time::MAX)
}

/// The latest begin in some windows, outside closed hours; `None`: unbounded.
pub(super) fn latest(windows: &[TimeWindow], shut: &[TimeWindow], lasts: Duration) -> Option<Time> {
    // Windows that are all too short for what must lie in them are late from the beginning.
    let never = || windows.last().map(|window| window.late).filter(|_| shut.is_empty());
    latest_of_all(windows, shut, lasts).or_else(never).filter(|&late| late != Time::MAX)
}

/// As [`latest`], but `Time::MAX` where that is unbounded, and `None` where there is no such time.
fn latest_of_all(windows: &[TimeWindow], shut: &[TimeWindow], lasts: Duration) -> Option<Time> {
    let always = [TimeWindow::new(-TimeWindow::UNBOUNDED_LATE, TimeWindow::UNBOUNDED_LATE)];
    let windows = if windows.is_empty() { &always[..] } else { windows };
    for window in windows.iter().rev() {
        let unbounded = window.late == TimeWindow::UNBOUNDED_LATE;
        if unbounded && shut.iter().all(|hours| hours.late < TimeWindow::UNBOUNDED_LATE) {
            return Some(Time::MAX);
        }
        let mut begin = window.late;
        while begin >= window.early {
            let Some(hours) = meets(shut, begin, lasts) else { return Some(begin) };
            begin = hours.early - lasts;
        }
    }
    None
}
