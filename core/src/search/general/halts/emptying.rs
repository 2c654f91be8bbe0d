//! Where a disposal visit or a reload is inserted: before the vehicle is full, or where it must empty.

use crate::search::data::NONE;
use crate::search::general::halts::pauses::may_visit_break;
use crate::search::general::halts::{Halts, Request};
use crate::search::general::layout::{Element, Layout, Role, Vehicle};
use crate::search::general::limits::UNLIMITED;
use crate::units::Time;

/// From so many percent of its capacity on, a vehicle may empty before it must.
const FILLED: i64 = 50;

/// How many disposal sites are tried on a leg, and how many may follow each other where each takes a waste of its own.
pub(super) const SITES: usize = 6;

impl Halts {
    /// Extends a label to disposal sites, reloads, and places of breaks between it and the target.
    #[expect(clippy::too_many_arguments, reason = "a label, where it is, and where it goes")]
    pub(super) fn extend_to_halts(
        &mut self,
        layout: &Layout<'_>,
        request: Request<'_>,
        position: usize,
        id: u32,
        target: Element,
        direct: Option<Time>,
        queue: &mut Vec<u32>,
    ) {
        let vehicle = &layout.vehicles[request.vehicle_type];
        let label = self.labels[id as usize];
        let thorough = request.thoroughness.thorough;
        let mut go = |this: &mut Self, element: Element| {
            let from = this.labels.len();
            this.extend_to(layout, request, position, id, element, false);
            queue.extend(from as u32..this.labels.len() as u32);
        };
        for b in 0..vehicle.breaks.len() {
            if may_visit_break(vehicle, &label, b, thorough, direct) {
                go(self, Element::pause(b));
            }
        }
        let width = layout.resources();
        let row = id as usize * width..(id as usize + 1) * width;
        let waste = &self.rows[row.clone()][layout.resource_waste()..layout.resource_effort()];
        let has_waste = waste.iter().any(|&load| load > 0);
        let must = direct.is_none() || target == Element::END;
        let wants = must || thorough || self.is_filled(layout, vehicle, id);
        if !vehicle.sites.is_empty() && wants && (has_waste || (thorough && direct.is_none())) {
            self.choose_sites(layout, vehicle, id, target);
            for i in 0..self.sites.len() {
                go(self, Element::site(self.sites[i].1 as usize));
            }
        }
        let trip = label.state.trip_stops > 0 && target != Element::END;
        if trip && wants && label.state.on_board == 0 {
            for reload in &vehicle.reload {
                go(self, Element::reload(reload.depot));
            }
        }
    }

    /// Whether the vehicle is full enough to empty before it must.
    fn is_filled(&self, layout: &Layout<'_>, vehicle: &Vehicle, id: u32) -> bool {
        let (dims, width) = (layout.dims, layout.resources());
        let row = &self.rows[id as usize * width..(id as usize + 1) * width];
        let part = |h: usize, d: usize| match vehicle.compartment[h] {
            NONE => false,
            part => {
                let most = vehicle.compartments[part as usize][d];
                most < UNLIMITED && row[layout.resource_waste() + h * dims + d] * 100 >= most * FILLED
            }
        };
        (0..dims).any(|d| {
            let load = row[Layout::DELIVERED + d].max(row[layout.resource_net() + d] + row[Layout::DELIVERED + d]);
            (vehicle.capacity[d] < UNLIMITED && load * 100 >= vehicle.capacity[d] * FILLED)
                || (0..layout.waste_classes).any(|h| part(h, d))
        })
    }

    /// The sites worth visiting between a label and the target, shortest detour first: those that are still open,
    /// and for each kind of waste at least one.
    fn choose_sites(&mut self, layout: &Layout<'_>, vehicle: &Vehicle, id: u32, target: Element) {
        let width = layout.resources();
        let row = &self.rows[id as usize * width..(id as usize + 1) * width];
        let state = &self.labels[id as usize].state;
        let from = state.point;
        let to = layout.point(vehicle, target).unwrap_or(vehicle.end_point);
        let dims = layout.dims;
        let has = |h: usize| (0..dims).any(|d| row[layout.resource_waste() + h * dims + d] > 0);
        self.sites.clear();
        for &k in &vehicle.sites {
            let site = &layout.sites[k as usize];
            let drive = vehicle.speed.whole(layout.duration(vehicle, from, site.point));
            let closes = layout.site_hours(vehicle, k as usize).last().map_or(UNLIMITED, |hours| hours.late);
            if (0..layout.waste_classes).any(|h| site.accepts[h] && has(h))
                && vehicle.speed.arrival(state.leave, drive) <= closes
            {
                let path = layout.distance(vehicle, from, site.point) + layout.distance(vehicle, site.point, to);
                self.sites.push((path, k));
            }
        }
        self.sites.sort_unstable();
        let mut chosen = 0;
        for i in 0..self.sites.len() {
            let accepts = |k: u32, h: usize| layout.sites[k as usize].accepts[h];
            let is_first_for = |h: usize| {
                accepts(self.sites[i].1, h) && has(h) && !self.sites[..chosen].iter().any(|&(_, k)| accepts(k, h))
            };
            if chosen < SITES || (0..layout.waste_classes).any(is_first_for) {
                self.sites[chosen] = self.sites[i];
                chosen += 1;
            }
        }
        self.sites.truncate(chosen);
    }

    /// Whether a disposal site takes what the vehicle would leave there, with the row that begins at `row` afterwards.
    pub(super) fn site_takes(
        &self,
        layout: &Layout<'_>,
        request: Request<'_>,
        id: u32,
        target: Element,
        row: usize,
    ) -> bool {
        let Role::Site(k) = target.role() else { return true };
        if request.site_room.is_empty() {
            return true;
        }
        let width = layout.resources();
        let before = &self.rows[id as usize * width..(id as usize + 1) * width];
        (0..layout.dims).all(|d| {
            let net = layout.resource_net() + d;
            before[net] - self.rows[row + net] <= request.site_room[k * layout.dims + d]
        })
    }
}
