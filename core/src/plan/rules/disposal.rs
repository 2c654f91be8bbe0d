//! Disposal sites: which ones a route may visit, and their capacities.

use crate::ids::DisposalSiteId;
use crate::model::Problem;
use crate::plan::rules::Judged;
use crate::plan::{Activity, Violation};
use crate::units::Load;

/// Number of loads of a trip beyond the first: visits to disposal sites that are followed by a service.
pub(super) fn further_loads(activities: &[Activity]) -> usize {
    let is_site = |activity: &Activity| matches!(activity, Activity::Dispose(_));
    let last = activities.iter().rposition(|activity| activity.is_service());
    activities[..last.unwrap_or(0)].iter().filter(|activity| is_site(activity)).count()
}

impl Judged<'_> {
    /// Disposal sites that the vehicle type may not use.
    pub(super) fn sites(&self, found: &mut Vec<Violation>) {
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
}

/// Appends the disposal sites whose capacity is exceeded: `emptied` holds the amounts that each visit unloads.
pub(in crate::plan) fn site_capacities(
    problem: &Problem,
    emptied: &[(DisposalSiteId, Vec<Load>)],
    found: &mut Vec<Violation>,
) {
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
