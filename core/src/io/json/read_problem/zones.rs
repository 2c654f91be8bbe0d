//! Zones, and what they mean for vehicles.

use super::Reader;
use crate::geometry::Area;
use crate::ids::ZoneId;
use crate::io::json::problem_document::{ProblemDocument, ZoneRuleDocument};
use crate::model::{Zone, ZoneRule};

impl Reader<'_> {
    pub(super) fn zones(&mut self, document: &ProblemDocument) {
        for zone in &document.zones {
            self.builder.add_zone(Zone::new(Area::from(&zone.area)).name(zone.name.clone()));
        }
    }

    pub(super) fn zone_rules(&mut self, rules: &[ZoneRuleDocument], path: &str) -> Vec<ZoneRule> {
        let names = self.names;
        let mut rule = |(r, rule): (usize, &ZoneRuleDocument)| match rule {
            ZoneRuleDocument::ServeOnly(zone) => {
                let path = || format!("{path}.zones[{r}].serve_only");
                ZoneRule::ServeOnly(self.id(&names.zones, zone, path, ZoneId::new))
            }
            ZoneRuleDocument::Closed(closed) => {
                let path = || format!("{path}.zones[{r}].closed.zone");
                let zone = self.id(&names.zones, &closed.zone, path, ZoneId::new);
                match &closed.during {
                    None => ZoneRule::Closed(zone),
                    Some(hours) => ZoneRule::ClosedDuring(zone, hours.iter().map(|&window| window.into()).collect()),
                }
            }
        };
        rules.iter().enumerate().map(&mut rule).collect()
    }
}
