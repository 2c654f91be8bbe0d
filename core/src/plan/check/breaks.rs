//! Breaks, and the positions of breaks and rests on a route. A break that begins late is late service: `rules.rs`.

use super::replay::{Purpose, Replay, ReplayedStop};
use crate::model::{Problem, TimeWindow};
use crate::plan::{Activity, Violation};

/// Breaks that are missing, repeated, or at an end of the route.
pub(super) fn breaks(problem: &Problem, replay: &Replay, found: &mut Vec<Violation>) {
    let route = replay.index;
    for (pause, rule) in problem.vehicle_type(replay.stops.vehicle_type).breaks.iter().enumerate() {
        let taken = |stop: &&ReplayedStop| matches!(stop.purpose, Purpose::Serve { activity: Activity::Break(b), .. } if b == pause);
        let times = replay.path.iter().filter(taken).count();
        let open_ended = rule.start.late == TimeWindow::UNBOUNDED_LATE;
        let due = !open_ended && replay.start() <= rule.start.late && rule.start.late < replay.end();
        match times {
            0 if due => found.push(Violation::BreakMissing { route, pause }),
            0 | 1 => {}
            _ => found.push(Violation::BreakRepeated { route, pause, times }),
        }
    }
    let stands = |stop: &ReplayedStop| !stop.is_pause();
    let (first, last) = (replay.path.iter().position(stands), replay.path.iter().rposition(stands));
    for (i, stop) in replay.path.iter().enumerate() {
        if let Purpose::Serve { position, .. } = stop.purpose
            && stop.is_pause()
            && !(first.is_some_and(|first| first < i) && last.is_some_and(|last| i < last))
        {
            found.push(Violation::PauseMisplaced { route, trip: stop.trip, position });
        }
    }
}
