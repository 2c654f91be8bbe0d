//! Zones.

use super::Validator;
use crate::geometry::Coord;
use crate::model::{TimeWindow, VehicleType, ZoneRule};
use crate::travel::Travel;

impl Validator<'_> {
    pub(super) fn zones(&mut self, travel: &Travel) {
        let builder = self.builder;
        for (z, zone) in builder.zones.iter().enumerate() {
            for fault in zone.area.faults() {
                let remedy = "give rings of at least three corners that do not cross themselves or each other, the outer one \
                              first, then its holes";
                self.fault(format!("zones[{z}].area"), &zone.name, &fault, remedy);
            }
        }
        let nowhere = Coord::new(0.0, 0.0);
        let unknown = builder.locations.iter().all(|location| location.coord == nowhere);
        if !builder.zones.is_empty()
            && matches!(travel, Travel::Matrices(_))
            && unknown
            && !builder.locations.is_empty()
        {
            let remedy = "give the locations coordinates; matrices do not say which zone they lie in";
            self.fault("zones".to_owned(), builder.zones.len(), "no location has coordinates", remedy);
        }
    }

    pub(super) fn zone_rules(&mut self, path: &str, vehicle_type: &VehicleType) {
        for (r, rule) in vehicle_type.zones.iter().enumerate() {
            let path = format!("{path}.zones[{r}]");
            self.zone(path.clone(), rule.zone());
            let ZoneRule::ClosedDuring(_, during) = rule else { continue };
            if during.is_empty() {
                let remedy = "give the hours, or close the zone at all times";
                self.fault(
                    format!("{path}.closed.during"),
                    "[]",
                    "an empty list of hours says neither always nor never",
                    remedy,
                );
            }
            self.hours(&path, during);
        }
    }

    fn hours(&mut self, path: &str, during: &[TimeWindow]) {
        for (w, &hours) in during.iter().enumerate() {
            let path = format!("{path}.closed.during[{w}]");
            self.time_window(&path, hours);
            if hours.early == hours.late {
                let value = format!("[{}, {}]", hours.early, hours.late);
                self.fault(path, value, "lasts no time", "give when the zone closes and when it opens again");
            }
        }
    }
}
