//! Breaks and rests of a single route.

use crate::plan::path::{PathStop, Role, limit};
use crate::plan::rules::Judged;
use crate::plan::{Activity, Violation};

impl Judged<'_> {
    /// Breaks, and the positions of breaks and rests on the route.
    pub(super) fn breaks(&self, found: &mut Vec<Violation>) {
        let route = self.index;
        let vehicle_type = self.problem.vehicle_type(self.stops.vehicle_type);
        let activities = || self.stops.trips.iter().flat_map(|trip| &trip.activities);
        for (pause, rule) in vehicle_type.breaks.iter().enumerate() {
            let times = activities().filter(|&&activity| activity == Activity::Break(pause)).count();
            let is_due = self.route.start <= rule.start.late && self.route.end > limit(rule.start.late);
            if times > 1 {
                found.push(Violation::BreakRepeated { route, pause, times });
            } else if times == 0 && is_due {
                found.push(Violation::BreakMissing { route, pause });
            }
        }
        let is_located = |stop: &PathStop| !stop.is_pause();
        let first = self.path.iter().position(is_located).unwrap_or(self.path.len());
        let last = self.path.iter().rposition(is_located).unwrap_or(0);
        for (_, stop) in self.path.iter().enumerate().filter(|&(i, _)| i < first || i > last) {
            if let Role::Visit(position, _) = stop.role {
                found.push(Violation::PauseMisplaced { route, trip: stop.trip, position });
            }
        }
    }
}
