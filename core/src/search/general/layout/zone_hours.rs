//! What zones leave of the windows of stops, and of the hours of disposal sites, for the vehicles of a type.

use crate::ids::{DisposalSiteId, VehicleTypeId};
use crate::model::TimeWindow;
use crate::plan::Activity;
use crate::search::general::layout::{Layout, Vehicle};
use crate::search::general::limits::UNLIMITED;
use crate::units::MAX_VALUE;

/// Windows by stop and hours by site; both empty where they are the same for all vehicle types.
#[derive(Default)]
pub(super) struct ZoneHours {
    /// Where the windows of each stop are; none, if they are as the stop says.
    stops: Vec<(u32, u32)>,
    /// The hours of each site; `None`, if they are as the site says.
    sites: Vec<Option<Vec<TimeWindow>>>,
}

impl ZoneHours {
    #[inline]
    pub(super) fn of_stop(&self, u: usize) -> Option<(u32, u32)> {
        self.stops.get(u).copied().filter(|(first, end)| first < end)
    }

    #[inline]
    pub(super) fn of_site(&self, site: usize) -> Option<&[TimeWindow]> {
        self.sites.get(site).and_then(Option::as_deref)
    }
}

impl Layout<'_> {
    /// The windows and hours of a vehicle type, where zones or its own service times make them differ. Stops of which nothing
    /// is left are not permitted anyway.
    pub(super) fn zone_hours(&mut self, t: usize) -> ZoneHours {
        let (problem, vehicle_type) = (self.problem, VehicleTypeId::new(t));
        let mut hours = ZoneHours::default();
        if problem.vehicle_type(vehicle_type).zones.is_empty() && !problem.has_windows_by_type() {
            return hours;
        }
        let bounded = |w: TimeWindow| TimeWindow::new(w.early, if w.late >= MAX_VALUE { UNLIMITED } else { w.late });
        let base = self.base;
        for (u, &activity) in base.activity.iter().enumerate() {
            let Some(open) = problem.windows_by_type(vehicle_type, activity) else { continue };
            hours.stops.resize(base.activity.len(), (0, 0));
            let first = self.windows.len() as u32;
            self.windows.extend(open.into_iter().map(bounded));
            hours.stops[u] = (first, self.windows.len() as u32);
        }
        for &site in &problem.vehicle_type(vehicle_type).disposal_sites {
            if let Some(open) = problem.windows_in_zones(vehicle_type, Activity::Dispose(site)) {
                hours.sites.resize(problem.disposal_sites().len(), None);
                hours.sites[site.index()] = Some(open.into_iter().map(bounded).collect());
            }
        }
        hours
    }

    /// The disposal sites that a vehicle type may use in some hours.
    pub(super) fn open_sites(&self, vehicle_type: VehicleTypeId) -> Vec<u32> {
        let sites = self.problem.vehicle_type(vehicle_type).disposal_sites.iter();
        let open = |site: &&DisposalSiteId| self.problem.may_begin_in_zones(vehicle_type, Activity::Dispose(**site));
        sites.filter(open).map(|site| site.index() as u32).collect()
    }

    /// The hours of a disposal site for a vehicle; none: always open.
    #[inline]
    pub(crate) fn site_hours<'l>(&'l self, vehicle: &'l Vehicle, site: usize) -> &'l [TimeWindow] {
        vehicle.hours_in_zones(site).unwrap_or(&self.sites[site].hours)
    }
}
