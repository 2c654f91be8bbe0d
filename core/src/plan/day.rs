//! What a hauler's vehicle may not do.

use crate::ids::DisposalSiteId;
use crate::model::Problem;
use crate::plan::load::{TripLoad, route_load, stops};
use crate::plan::path::{Role, Station};
use crate::plan::rules::Judged;
use crate::plan::{Activity, Violation};
use crate::units::Load;

/// How many more loads than one a trip brings away: visits to disposal sites after which somebody is served.
pub(super) fn further_loads(activities: &[Activity]) -> usize {
    let is_site = |activity: &Activity| matches!(activity, Activity::Dispose(_));
    let last = activities.iter().rposition(|activity| activity.is_service());
    activities[..last.unwrap_or(0)].iter().filter(|activity| is_site(activity)).count()
}

impl Judged<'_> {
    /// What is wrong with the day as a whole.
    pub(super) fn day(&self, found: &mut Vec<Violation>) {
        let route = self.index;
        let vehicle_type = self.problem.vehicle_type(self.stops.vehicle_type);
        let trips = &self.stops.trips;
        for (dimension, &limit) in vehicle_type.max_route_load.iter().enumerate() {
            let load = route_load(self.problem, trips, dimension);
            if load > limit {
                found.push(Violation::RouteOverload { route, dimension, load, limit });
            }
        }
        let stops = stops(trips);
        if let Some(limit) = vehicle_type.max_stops.filter(|&limit| stops > limit) {
            found.push(Violation::TooManyStops { route, stops, limit });
        }
        let (driving, work) = (self.route.driving, self.route.work);
        if let Some(limit) = vehicle_type.max_driving.filter(|&limit| driving > limit) {
            found.push(Violation::TooMuchDriving { route, driving, limit });
        }
        if let Some(limit) = vehicle_type.max_work.filter(|&limit| work > limit) {
            found.push(Violation::TooMuchWork { route, work, limit });
        }
        for (rule, (&effort, limits)) in self.efforts.iter().zip(&vehicle_type.driver_rules).enumerate() {
            if effort > limits.max {
                found.push(Violation::RestMissing { route, rule, effort, limit: limits.max });
            }
        }
        self.breaks(found);
        self.sites(found);
    }

    fn breaks(&self, found: &mut Vec<Violation>) {
        let route = self.index;
        let vehicle_type = self.problem.vehicle_type(self.stops.vehicle_type);
        let activities = || self.stops.trips.iter().flat_map(|trip| &trip.activities);
        for (pause, rule) in vehicle_type.breaks.iter().enumerate() {
            let times = activities().filter(|&&activity| activity == Activity::Break(pause)).count();
            let is_due =
                self.route.start <= rule.start.late && self.route.end > crate::plan::path::limit(rule.start.late);
            if times > 1 {
                found.push(Violation::BreakRepeated { route, pause, times });
            } else if times == 0 && is_due {
                found.push(Violation::BreakMissing { route, pause });
            }
        }
        let is_halt = |station: &Station| !station.is_pause();
        let first = self.path.iter().position(is_halt).unwrap_or(self.path.len());
        let last = self.path.iter().rposition(is_halt).unwrap_or(0);
        for (_, station) in self.path.iter().enumerate().filter(|&(i, _)| i < first || i > last) {
            if let Role::Visit(position, _) = station.role {
                found.push(Violation::PauseMisplaced { route, trip: station.trip, position });
            }
        }
    }

    fn sites(&self, found: &mut Vec<Violation>) {
        let route = self.index;
        let allowed = &self.problem.vehicle_type(self.stops.vehicle_type).disposal_sites;
        for (trip, stops) in self.stops.trips.iter().enumerate() {
            for (position, &activity) in stops.activities.iter().enumerate() {
                if let Activity::Dispose(site) = activity
                    && !allowed.contains(&site)
                {
                    found.push(Violation::SiteNotAllowed { route, trip, position, site });
                }
            }
        }
    }

    /// What is wrong with the waste on board of a trip.
    pub(super) fn waste(&self, trip: usize, found: &mut Vec<Violation>) {
        let route = self.index;
        let vehicle_type = self.problem.vehicle_type(self.stops.vehicle_type);
        let TripLoad { left, compartments, mixed, .. } = &self.loads[trip];
        for (compartment, (loads, part)) in compartments.iter().zip(&vehicle_type.compartments).enumerate() {
            for (dimension, (&load, &capacity)) in loads.iter().zip(&part.capacity).enumerate() {
                if load > capacity {
                    found.push(Violation::CompartmentOverload { route, trip, compartment, dimension, load, capacity });
                }
            }
        }
        for &(position, a, b) in mixed {
            found.push(Violation::MaterialsMixed { route, trip, position, materials: (a, b) });
        }
        if vehicle_type.end_empty {
            for (dimension, &load) in left.iter().enumerate().filter(|(_, load)| **load > 0) {
                found.push(Violation::NotEmpty { route, trip, dimension, load });
            }
        }
    }
}

/// Appends the disposal sites that get more than they take: `emptied` is what each visit leaves there.
pub(super) fn sites(problem: &Problem, emptied: &[(DisposalSiteId, Vec<Load>)], found: &mut Vec<Violation>) {
    let mut sums: Vec<Vec<Load>> =
        problem.disposal_sites().iter().map(|site| vec![0; site.daily_capacity.len()]).collect();
    for (site, amounts) in emptied {
        for (sum, amount) in sums[site.index()].iter_mut().zip(amounts) {
            *sum = sum.saturating_add(*amount);
        }
    }
    for (s, (site, sums)) in problem.disposal_sites().iter().zip(sums).enumerate() {
        for (dimension, (&capacity, load)) in site.daily_capacity.iter().zip(sums).enumerate() {
            if load > capacity {
                found.push(Violation::SiteOverfilled { site: DisposalSiteId::new(s), dimension, load, capacity });
            }
        }
    }
}
