//! Disposal visits and reloads of a route: more than it needs, and those that have become idle.

use crate::search::general::layout::{Element, Layout, Role};
use crate::search::general::limits::UNLIMITED;
use crate::search::general::route::Route;

impl Layout<'_> {
    /// Whether a route empties more often than what it picks up and delivers asks, were every trip filled to the brim.
    pub(crate) fn spare_emptyings(&self, route: &Route) -> bool {
        let vehicle = &self.vehicles[route.vehicle_type];
        let mut visits = route.elements.iter().filter(|e| e.is_emptying()).count();
        if visits == 0 {
            return false;
        }
        let (dims, waste_classes) = (self.dims, self.waste_classes.max(1));
        let mut on_board = [0; 32];
        let Some(load) = on_board.get_mut(..waste_classes * dims) else { return true };
        for u in route.stops() {
            let (u, waste_class) = (u as usize, self.stops[u as usize].waste_class);
            let fits = (0..dims).all(|d| {
                let at = u * dims + d;
                let added = self.waste[at] + self.delivery[at];
                let all: i64 = (0..waste_classes).map(|h| load[h * dims + d]).sum();
                let part = vehicle.compartment.get(waste_class).filter(|&&part| part != crate::search::data::NONE);
                let most = part.map_or(UNLIMITED, |&part| vehicle.compartments[part as usize][d]);
                all + added <= vehicle.capacity[d] && load[waste_class * dims + d] + added <= most
            });
            if !fits {
                load.fill(0);
                visits = visits.saturating_sub(1);
            }
            for d in 0..dims {
                load[waste_class * dims + d] += self.waste[u * dims + d] + self.delivery[u * dims + d];
            }
        }
        visits > usize::from(vehicle.end_empty)
    }
}

/// Takes disposal visits that empty nothing, and reloads of trips that serve nothing, out of a route behind its fixed part.
pub(crate) fn drop_idle(layout: &Layout<'_>, route: &mut Route) {
    let dims = layout.dims;
    let mut on_board = vec![false; layout.waste_classes];
    let mut served = false;
    let mut kept = 0;
    let n = route.elements.len();
    for p in 0..n {
        let element = route.elements[p];
        let idle = match element.role() {
            Role::Stop(u) => {
                served = true;
                if layout.waste_classes > 0 {
                    on_board[layout.stops[u].waste_class] |= (0..dims).any(|d| layout.waste[u * dims + d] > 0);
                }
                false
            }
            Role::Site(k) => {
                let accepts = &layout.sites[k].accepts;
                let takes = (0..layout.waste_classes).any(|h| accepts[h] && on_board[h]);
                on_board.iter_mut().zip(accepts).for_each(|(full, &accepts)| *full &= !accepts);
                !takes
            }
            Role::Reload(_) => {
                let idle = !served;
                served = false;
                on_board.fill(false);
                idle
            }
            _ => false,
        };
        if !idle || p < route.fixed {
            route.elements[kept] = element;
            kept += 1;
        }
    }
    route.elements.truncate(kept);
    // The last trip, too, must serve something.
    while kept > 2 && kept - 2 >= route.fixed && matches!(route.elements[kept - 2].role(), Role::Reload(_)) {
        route.elements.remove(kept - 2);
        kept -= 1;
    }
    let has_stops = route.elements.iter().any(|e| e.is_stop());
    if !has_stops && route.fixed <= 1 {
        route.elements.clear();
        route.elements.extend([Element::START, Element::END]);
    }
}
