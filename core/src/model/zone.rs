//! Zones: who may serve whom in which part of the map, and when.

use crate::geometry::{Area, Coord};
use crate::ids::{LocationId, VehicleTypeId, ZoneId};
use crate::model::{Activity, Problem, TimeWindow};
use crate::units::Duration;

/// A part of the map, to which the [rules](ZoneRule) of vehicle types refer: a territory, or an area with restricted access.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Zone {
    /// Where it is, in the coordinates of the problem's locations.
    pub area: Area,
    /// A name for people; may be empty.
    pub name: String,
}

impl Zone {
    /// A zone.
    pub fn new(area: Area) -> Self {
        Self { area, name: String::new() }
    }

    /// Sets the name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}

/// What a zone means for the vehicles of a type.
///
/// Rules concern stops: where a vehicle drives between them is a matter of its travel profile. Depots and the places of
/// breaks are not held against zones.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ZoneRule {
    /// The vehicles serve clients and shipments in the zone, and in others for which they have this rule, but nowhere else.
    /// They may visit disposal sites anywhere.
    ServeOnly(ZoneId),
    /// The vehicles serve nothing in the zone and visit no disposal site in it.
    Closed(ZoneId),
    /// As [`Closed`](Self::Closed), in these hours only: no service may begin or last in them, and no disposal visit may
    /// begin. A vehicle that is early waits. The hours end at the time at which the zone opens again.
    ClosedDuring(ZoneId, Vec<TimeWindow>),
}

impl ZoneRule {
    /// The zone.
    pub const fn zone(&self) -> ZoneId {
        match *self {
            Self::ServeOnly(zone) | Self::Closed(zone) | Self::ClosedDuring(zone, _) => zone,
        }
    }
}

/// What all zones together mean for the stops of a vehicle type at a location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ZoneAccess {
    /// Nothing.
    Free,
    /// It is in none of the zones that the vehicles serve.
    Outside,
    /// It is in a zone that is closed at all times.
    Closed(ZoneId),
    /// It is in a zone that is closed for some hours; in these hours that zone, or another one here, is closed.
    ClosedDuring(ZoneId, Vec<TimeWindow>),
}

/// The windows of a service without the times at which it would begin or last in closed hours.
///
/// All times, where there is no window. The result is in ascending order, disjoint and may be empty.
fn open_windows(windows: &[TimeWindow], service: Duration, closed: &[TimeWindow]) -> Vec<TimeWindow> {
    let always = [TimeWindow::new(-TimeWindow::UNBOUNDED_LATE, TimeWindow::UNBOUNDED_LATE)];
    let mut open: Vec<TimeWindow> = if windows.is_empty() { always.to_vec() } else { windows.to_vec() };
    for hours in closed {
        let before = hours.early.saturating_sub(service);
        let reopens = hours.late < TimeWindow::UNBOUNDED_LATE;
        let split = |window: TimeWindow| {
            let first = TimeWindow::new(window.early, window.late.min(before));
            let second = TimeWindow::new(window.early.max(hours.late), window.late);
            [Some(first), Some(second).filter(|_| reopens)]
        };
        open = open.into_iter().flat_map(split).flatten().filter(|window| window.early <= window.late).collect();
    }
    open
}

impl Problem {
    /// All zones, in the order of [`ZoneId`]s.
    pub fn zones(&self) -> &[Zone] {
        &self.zones
    }

    /// One zone.
    pub fn zone(&self, id: ZoneId) -> &Zone {
        &self.zones[id.index()]
    }

    /// The zones in which a location lies.
    pub fn zones_at(&self, location: LocationId) -> &[ZoneId] {
        self.zones_at.get(location.index()).map_or(&[], Vec::as_slice)
    }

    /// What the zones mean for an activity of a vehicle type: [`Free`](ZoneAccess::Free) for breaks and rests.
    pub(crate) fn zone_access(&self, vehicle_type: VehicleTypeId, activity: Activity) -> ZoneAccess {
        match activity {
            Activity::Client(id) => self.access(vehicle_type, self.client(id).location(), true),
            Activity::Pickup(id) => self.access(vehicle_type, self.shipment(id).pickup.location(), true),
            Activity::Delivery(id) => self.access(vehicle_type, self.shipment(id).delivery.location(), true),
            Activity::Dispose(id) => self.access(vehicle_type, self.disposal_site(id).location(), false),
            Activity::Break(_) | Activity::Rest(_) => ZoneAccess::Free,
        }
    }

    /// When zones let the vehicles of a type begin an activity, within its windows, or its site's hours: never, if that is
    /// empty. `None`: zones do not concern it.
    pub(crate) fn windows_in_zones(&self, vehicle_type: VehicleTypeId, activity: Activity) -> Option<Vec<TimeWindow>> {
        let closed = match self.zone_access(vehicle_type, activity) {
            ZoneAccess::Free => return None,
            ZoneAccess::Outside | ZoneAccess::Closed(_) => return Some(Vec::new()),
            ZoneAccess::ClosedDuring(_, closed) => closed,
        };
        Some(match activity {
            Activity::Client(id) => {
                let client = self.client(id);
                open_windows(&client.start_windows(vehicle_type), client.service_for(vehicle_type), &closed)
            }
            Activity::Pickup(id) => {
                let end = &self.shipment(id).pickup;
                open_windows(&[end.start_window()], end.service, &closed)
            }
            Activity::Delivery(id) => {
                let end = &self.shipment(id).delivery;
                open_windows(&[end.start_window()], end.service, &closed)
            }
            // How long unloading takes depends on the load.
            Activity::Dispose(id) => open_windows(&self.disposal_site(id).hours, 0, &closed),
            Activity::Break(_) | Activity::Rest(_) => return None,
        })
    }

    /// When the vehicles of a type may begin an activity: never, if that is empty. `None`: when all others may that no zone
    /// concerns.
    pub(crate) fn windows_by_type(&self, vehicle_type: VehicleTypeId, activity: Activity) -> Option<Vec<TimeWindow>> {
        let own = || match activity {
            Activity::Client(id) => {
                let client = self.client(id);
                client.has_windows_by_type().then(|| client.start_windows(vehicle_type))
            }
            _ => None,
        };
        let mut open = self.windows_in_zones(vehicle_type, activity).or_else(own)?;
        open.retain(|window| window.early <= window.late);
        Some(open)
    }

    /// Whether the windows of some client are not the same for all vehicle types, zones apart.
    pub(crate) fn has_windows_by_type(&self) -> bool {
        self.clients().iter().any(crate::model::Client::has_windows_by_type)
    }

    /// Whether zones let the vehicles of a type begin an activity at any time.
    pub(crate) fn may_begin_in_zones(&self, vehicle_type: VehicleTypeId, activity: Activity) -> bool {
        self.windows_in_zones(vehicle_type, activity).is_none_or(|open| !open.is_empty())
    }

    /// Whether zones are closed for vehicles of any type in some hours only.
    pub(crate) fn has_closed_hours(&self) -> bool {
        let rules = self.vehicle_types().iter().flat_map(|v| &v.zones);
        rules.into_iter().any(|rule| matches!(rule, ZoneRule::ClosedDuring(..)))
    }

    fn access(&self, vehicle_type: VehicleTypeId, location: LocationId, service: bool) -> ZoneAccess {
        let rules = &self.vehicle_type(vehicle_type).zones;
        if rules.is_empty() {
            return ZoneAccess::Free;
        }
        let here = self.zones_at(location);
        let mut served = rules.iter().filter(|rule| matches!(rule, ZoneRule::ServeOnly(_))).peekable();
        if service && served.peek().is_some() && !served.any(|rule| here.contains(&rule.zone())) {
            return ZoneAccess::Outside;
        }
        let mut first = None;
        let mut closed: Vec<TimeWindow> = Vec::new();
        for rule in rules.iter().filter(|rule| here.contains(&rule.zone())) {
            match rule {
                ZoneRule::ServeOnly(_) => {}
                &ZoneRule::Closed(zone) => return ZoneAccess::Closed(zone),
                ZoneRule::ClosedDuring(zone, during) => {
                    first.get_or_insert(*zone);
                    closed.extend(during);
                }
            }
        }
        first.map_or(ZoneAccess::Free, |zone| ZoneAccess::ClosedDuring(zone, closed))
    }
}

/// By location, the zones in which it lies.
pub(super) fn zones_at(zones: &[Zone], coords: impl Iterator<Item = Coord>) -> Vec<Vec<ZoneId>> {
    if zones.is_empty() {
        return Vec::new();
    }
    let shapes: Vec<_> = zones.iter().map(|zone| zone.area.shape()).collect();
    let of = |at: Coord| {
        let here = shapes.iter().enumerate().filter(|(_, shape)| shape.contains(at));
        here.map(|(z, _)| ZoneId::new(z)).collect()
    };
    coords.map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn closed_hours_split_windows() {
        let windows = [TimeWindow::new(0, 100), TimeWindow::new(200, TimeWindow::UNBOUNDED_LATE)];
        let closed = [TimeWindow::new(50, 220), TimeWindow::new(300, 310)];
        let open = open_windows(&windows, 10, &closed);
        assert_eq!(
            open_windows(&windows, 10, &[TimeWindow::new(50, TimeWindow::UNBOUNDED_LATE)]),
            [TimeWindow::new(0, 40)]
        );
        let expected = [(0, 40), (220, 290), (310, TimeWindow::UNBOUNDED_LATE)];
        assert_eq!(open, expected.map(|(early, late)| TimeWindow::new(early, late)));
        assert_eq!(open_windows(&[TimeWindow::new(60, 70)], 0, &closed), []);
    }

    proptest! {
        #[test]
        fn every_time_is_judged_alike(
            windows in prop::collection::vec((0i64..12, 0i64..12), 0..3), service in 0i64..5,
            closed in prop::collection::vec((-5i64..40, 1i64..15), 0..4),
        ) {
            let mut at = 0;
            let windows: Vec<TimeWindow> = windows.into_iter().map(|(gap, length)| {
                let window = TimeWindow::new(at + gap + 1, at + gap + 1 + length);
                at = window.late;
                window
            }).collect();
            let closed: Vec<TimeWindow> =
                closed.into_iter().map(|(from, length)| TimeWindow::new(from, from + length)).collect();
            let open = open_windows(&windows, service, &closed);
            prop_assert!(open.windows(2).all(|pair| pair[0].late < pair[1].early || service == 0));
            for begin in -30..80 {
                let end = begin + service;
                let by_window = windows.is_empty() || windows.iter().any(|w| w.contains(begin));
                let by_zone = closed.iter().all(|c| end <= c.early || begin >= c.late);
                prop_assert_eq!(open.iter().any(|w| w.contains(begin)), by_window && by_zone, "at {}", begin);
            }
        }
    }
}
