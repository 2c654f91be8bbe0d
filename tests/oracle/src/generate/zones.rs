//! Zones: a half of the map, and what it means for vehicles.

use milkrun::{Area, LocationId, TimeWindow, Zone, ZoneId, ZoneRule};

use super::draft::Draft;
use crate::factor::Factor;

impl Draft<'_> {
    /// Parts the map at a client, on the other side of which is the first one, which a vehicle may have executed; with these,
    /// vehicles are complete.
    pub(super) fn zones(&mut self) {
        let rule = self.of(Factor::Zones);
        let Some(last) = self.vehicle_types.len().checked_sub(1).filter(|_| rule != "none") else { return };
        let all: Vec<LocationId> = self.clients.iter().map(|client| client.place.location()).collect();
        let at = |place: LocationId| self.coords[place.index()].x;
        let (first, odd) = match all.as_slice() {
            [first, .., odd] => (at(*first), at(*odd)),
            _ => (0.0, 0.0),
        };
        // Far beyond all places, on the side of the client that the first one is not on.
        let far = if odd < first { odd - 200.0 } else { odd + 200.0 };
        let half = Area::polygon([(odd, -200.0), (far, -200.0), (far, 200.0), (odd, 200.0)]);
        match rule {
            "serve only" => {
                // The half with the first client, and the rim.
                let far = if odd < first { odd + 200.0 } else { odd - 200.0 };
                let zone = Area::polygon([(odd, -200.0), (far, -200.0), (far, 200.0), (odd, 200.0)]);
                let zone = self.zone(zone);
                self.vehicle_types[last].zones = vec![ZoneRule::ServeOnly(zone)];
            }
            "closed" => {
                let zone = self.zone(half);
                self.vehicle_types[last].zones = vec![ZoneRule::Closed(zone)];
            }
            _ => {
                let zone = self.zone(half);
                let share = self.share;
                let from = self.source.part(share, -10, 40);
                let until = from + 1 + self.source.part(share, 5, 50);
                for t in 0..=last {
                    if t == last || self.source.percent(50) {
                        let during = vec![TimeWindow::new(from, until)];
                        self.vehicle_types[t].zones = vec![ZoneRule::ClosedDuring(zone, during)];
                    }
                }
            }
        }
    }

    fn zone(&mut self, area: Area) -> ZoneId {
        self.builder.add_zone(Zone::new(area).name("half"))
    }
}
