//! The backward pass of loads, driver rules and orders: how much more fits at each gap.

use crate::search::general::layout::{Element, Layout, Role};
use crate::search::general::limits::UNLIMITED;
use crate::search::general::route::kind::{LEAN, PLAIN};
use crate::search::general::route::{Gap, Route};

impl Layout<'_> {
    /// Loads, rests and orders: the part of [`backward_pass`](Self::backward_pass) that concerns the gap behind position `p`.
    pub(super) fn backward_residuals<const KIND: u8>(
        &self,
        route: &mut Route,
        p: usize,
        ahead: &mut Gap,
        delivered: &mut [i64; 8],
    ) {
        let (is_lean, is_plain) = (KIND >= LEAN, KIND == PLAIN);
        let vehicle = &self.vehicles[route.vehicle_type];
        let (dims, width, resources) =
            if is_plain { (1, 2, 4) } else { (self.dims, self.residuals(), self.resources()) };
        let (net_at, delivered_at) = if is_plain { (1, 1) } else { (self.resource_net(), self.residual_delivered()) };
        let (next, state) = (route.elements[p + 1], &route.states[p]);
        let (rows, later) = route.residuals.split_at_mut((p + 1) * width);
        let (row, later) = (&mut rows[p * width..], &later[..width]);
        row.copy_from_slice(later);
        let own = &route.resources[p * resources..(p + 1) * resources];
        let ends_trip = matches!(next.role(), Role::Reload(_) | Role::End);
        if ends_trip {
            row[..if is_plain { 1 } else { self.residual_rows() }].fill(UNLIMITED);
            if !is_plain {
                row[self.residual_site()..].fill(-1);
            }
            if dims <= delivered.len() {
                delivered[..dims].copy_from_slice(&own[Self::DELIVERED..Self::DELIVERED + dims]);
            }
            (ahead.serves, ahead.linehaul, ahead.blocked, ahead.release) = (false, false, 0, 0);
        }
        if !is_lean && let Role::Site(k) = next.role() {
            ahead.loads += u32::from(ahead.serves);
            for h in (0..self.waste_classes).filter(|&h| self.sites[k].accepts[h]) {
                row[h * dims..(h + 1) * dims].fill(UNLIMITED);
                row[self.residual_site() + h] = k as i64;
                if h < 64 {
                    ahead.blocked &= !(1 << h);
                }
            }
        }
        if let Some(u) = next.node() {
            ahead.serves = true;
            ahead.release = ahead.release.max(self.stops[u].release);
            ahead.linehaul |= self.stops[u].order == crate::search::data::BackhaulOrder::Linehaul;
        }
        for d in 0..dims {
            let all = if dims <= delivered.len() {
                delivered[d]
            } else {
                trip_total(&route.elements, &route.resources, p, resources, d)
            };
            row[delivered_at + d] = all - own[Self::DELIVERED + d];
            let room = vehicle.capacity[d] - all - own[net_at + d];
            for h in 0..if is_lean { 1 } else { self.waste_classes.max(1) } {
                let at = h * dims + d;
                row[at] = row[at].min(room);
                if !is_lean && self.waste_classes > 0 && vehicle.compartment[h] != crate::search::data::NONE {
                    let part = vehicle.compartment[h];
                    let together = (0..self.waste_classes).filter(|&g| vehicle.compartment[g] == part);
                    let load: i64 = together.map(|g| own[self.resource_waste() + g * dims + d]).sum();
                    row[at] = row[at].min(vehicle.compartments[part as usize][d] - load);
                }
            }
        }
        for h in 0..if is_lean { 0 } else { self.waste_classes.min(64) } {
            let present = |g: usize| (0..dims).any(|d| own[self.resource_waste() + g * dims + d] > 0);
            if vehicle.apart[h].iter().any(|&g| present(g)) {
                ahead.blocked |= 1 << h;
            }
        }
        for (r, rule) in vehicle.rules.iter().enumerate().filter(|_| !is_lean) {
            let at = self.residual_effort() + r;
            let (mine, then) =
                (own[self.resource_effort() + r], route.resources[(p + 1) * resources + self.resource_effort() + r]);
            let arriving = mine + route.states[p + 1].driving - state.driving;
            // What may be added before the element without passing the rule before the next rest.
            let added = if Layout::is_en_route(vehicle, next) {
                rule.max - mine
            } else if then < arriving {
                rule.max - arriving
            } else {
                (later[at] - then).min(rule.max - then)
            };
            row[at] = mine + added.max(0);
        }
        let gap = &mut route.gaps[p];
        (gap.serves, gap.linehaul, gap.loads, gap.blocked, gap.release) =
            (ahead.serves, ahead.linehaul, ahead.loads, ahead.blocked, ahead.release);
    }
}

pub(super) fn vec_of(resources: &[i64], position: usize, width: usize, dims: usize) -> [i64; 8] {
    let mut row = [0; 8];
    let kept = dims.min(row.len());
    row[..kept].copy_from_slice(&resources[position * width..position * width + kept]);
    row
}

/// What the trip of a position delivers, in a dimension beyond those that are kept at hand.
fn trip_total(elements: &[Element], rows: &[i64], position: usize, width: usize, dimension: usize) -> i64 {
    let ends = |p: &usize| matches!(elements[*p].role(), Role::Reload(_) | Role::End);
    let end = (position + 1..elements.len()).find(ends).unwrap_or(elements.len() - 1);
    rows[(end - 1) * width + dimension]
}
