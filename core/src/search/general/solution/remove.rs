//! Stops are taken out of a route.

use crate::search::general::layout::{Element, Layout};
use crate::search::general::limits::UNLIMITED;
use crate::search::general::route::{Route, copy_prefix, drop_idle};
use crate::search::general::solution::Solution;

impl Solution<'_> {
    /// A route without some of its stops and without halts that are idle then; `None`: that is infeasible.
    pub(crate) fn without(&mut self, route: usize, out: &[u32]) -> Option<Route> {
        let mut new = self.take_spare();
        let own = &self.routes[route];
        (new.vehicle_type, new.fixed) = (own.vehicle_type, own.fixed);
        new.elements.clear();
        new.elements
            .extend(own.elements.iter().copied().filter(|e| e.node().is_none_or(|u| !out.contains(&(u as u32)))));
        drop_idle(self.layout, &mut new);
        if new.elements.len() <= 2 {
            let vehicle_type = new.vehicle_type;
            self.give_back(new);
            let mut new = Route::empty(vehicle_type);
            self.layout.backward_pass(&mut new);
            return Some(new);
        }
        let first = own.elements.iter().zip(&new.elements).take_while(|(a, b)| a == b).count();
        // A pause en route depends on what follows it.
        let vehicle = &self.layout.vehicles[new.vehicle_type];
        let from = Layout::located_before(vehicle, &new.elements, first - 1) + 1;
        if own.not_before == i64::MIN {
            copy_prefix(self.layout, own, &mut new, from);
        } else {
            // With other stops, the route may start earlier again.
            new.is_lenient = own.is_lenient;
            new.states.clear();
        }
        if self.layout.evaluate(&mut new, from, false) {
            return Some(new);
        }
        self.give_back(new);
        None
    }

    /// Takes stops out of a route, with halts that have become idle. Where what is left is infeasible, halts are placed anew;
    /// where that does not help, all that may go goes. Returns whether only the given stops went.
    pub(crate) fn take_out(&mut self, route: usize, out: &[u32]) -> bool {
        if let Some(new) = self.without(route, out) {
            self.install(route, new);
            return true;
        }
        let own = &self.routes[route];
        let vehicle_type = own.vehicle_type;
        let mut order = Vec::new();
        self.free_order(route, &mut order);
        order.retain(|u| !out.contains(u));
        if self.replace_order(route, vehicle_type, &order, UNLIMITED) {
            return true;
        }
        let own = &self.routes[route];
        let mut bare = Route::empty(vehicle_type);
        if own.fixed > 1 {
            bare.elements = own.elements[..own.fixed].to_vec();
            (bare.fixed, bare.is_lenient) = (own.fixed, own.is_lenient);
            bare.elements.push(Element::END);
            if !self.layout.evaluate(&mut bare, 0, true) {
                self.layout.force(&mut bare);
            }
        }
        self.install(route, bare);
        false
    }
}
