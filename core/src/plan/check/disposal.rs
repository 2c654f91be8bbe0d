//! Disposal sites: which ones a route may visit, and their capacities.

use super::replay::{Purpose, Replay};
use crate::ids::DisposalSiteId;
use crate::model::Problem;
use crate::plan::{Activity, Violation};
use crate::units::Load;

/// Sites that the vehicle type does not use.
pub(super) fn sites(problem: &Problem, replay: &Replay, found: &mut Vec<Violation>) {
    let own = &problem.vehicle_type(replay.stops.vehicle_type).disposal_sites;
    for stop in &replay.path {
        if let Purpose::Serve { position, activity: Activity::Dispose(site) } = stop.purpose
            && own.iter().all(|&allowed| allowed != site)
        {
            found.push(Violation::SiteNotAllowed { route: replay.index, trip: stop.trip, position, site });
        }
    }
}

/// Disposal sites whose capacity is exceeded.
pub(super) fn site_capacities(problem: &Problem, replays: &[Replay], found: &mut Vec<Violation>) {
    let mut left: Vec<Vec<Load>> = vec![Vec::new(); problem.disposal_sites().len()];
    for replay in replays {
        for stop in &replay.path {
            if let Purpose::Serve { position, activity: Activity::Dispose(id) } = stop.purpose {
                let unloaded = &replay.cargo[stop.trip].unloaded[position];
                let sums = &mut left[id.index()];
                sums.resize(unloaded.len(), 0);
                for (sum, amount) in sums.iter_mut().zip(unloaded) {
                    *sum += amount;
                }
            }
        }
    }
    for (s, (site, left)) in problem.disposal_sites().iter().zip(&left).enumerate() {
        for (dimension, (&capacity, &load)) in site.daily_capacity.iter().zip(left).enumerate() {
            if load > capacity {
                found.push(Violation::SiteOverfilled { site: DisposalSiteId::new(s), dimension, load, capacity });
            }
        }
    }
}
