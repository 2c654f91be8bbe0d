//! The routes of vehicles that are under way: what they have done already stays.

use crate::search::general::halts::{Request, Thoroughness};
use crate::search::general::layout::Element;
use crate::search::general::limits::UNLIMITED;
use crate::search::general::route::Route;
use crate::search::general::solution::Solution;

impl Solution<'_> {
    /// Gives vehicles that are under way the routes that they have begun.
    pub(super) fn load_executed(&mut self) {
        for vehicle_type in 0..self.layout.vehicles.len() {
            let vehicle = &self.layout.vehicles[vehicle_type];
            if vehicle.executed.is_empty() {
                continue;
            }
            let Some(route) = self.unused(vehicle_type) else { continue };
            let mut new = Route::empty(vehicle_type);
            new.elements = self.executed_elements(vehicle_type);
            new.fixed = new.elements.len();
            new.elements.push(Element::END);
            // Whatever it violates, it stays.
            new.is_lenient = !self.is_feasible_so_far(&new);
            let ends = self.layout.evaluate(&mut new, 0, true);
            if !ends {
                self.layout.force(&mut new);
            }
            self.install(route, new);
            if !ends {
                // A visit to a disposal site or a break may still mend it.
                self.replace_order(route, vehicle_type, &[], UNLIMITED);
            }
        }
    }

    /// The beginning of the route of a vehicle that is under way, with the reloads that it must have made.
    fn executed_elements(&mut self, vehicle_type: usize) -> Vec<Element> {
        let vehicle = &self.layout.vehicles[vehicle_type];
        let mut elements = vec![Element::START];
        let mut row = vec![0; self.layout.resources()];
        let mut state = self.layout.root(vehicle, i64::MIN, 0, &mut row);
        for &element in &vehicle.executed {
            let (mut next, mut next_row) = (state, row.clone());
            let towards = self.layout.point(vehicle, element).unwrap_or(state.point);
            let fits = self.layout.extend(vehicle, &mut next, &mut next_row, element, towards, i64::MIN, false);
            if !fits && element.is_stop() && state.trip_stops > 0 && state.on_board == 0 {
                for reload in &vehicle.reload {
                    let (mut other, mut other_row) = (state, row.clone());
                    let reload = Element::reload(reload.depot);
                    if self.layout.extend(vehicle, &mut other, &mut other_row, reload, 0, i64::MIN, false)
                        && self.layout.extend(vehicle, &mut other, &mut other_row, element, 0, i64::MIN, false)
                    {
                        elements.push(reload);
                        (next, next_row) = (other, other_row);
                        break;
                    }
                }
            }
            elements.push(element);
            (state, row) = (next, next_row);
        }
        self.finish_sequence(vehicle_type, &mut elements);
        elements
    }

    /// Whether what has been executed violates no rule by itself.
    fn is_feasible_so_far(&self, route: &Route) -> bool {
        let mut trial = route.clone();
        trial.states.clear();
        self.layout.evaluate(&mut trial, 0, false) || trial.states.len() + 1 >= trial.elements.len()
    }

    /// Adds what is left of a sequence that a vehicle under way has begun, where that can be driven.
    fn finish_sequence(&mut self, vehicle_type: usize, elements: &mut Vec<Element>) {
        let last = elements.iter().rev().find_map(|e| e.node());
        let rest = last.into_iter().flat_map(|u| self.layout.relations.chain(u).skip(1));
        let rest: Vec<Element> = rest.map(|u| Element::stop(u as u32)).collect();
        // What was served out of order has broken the sequence already.
        if rest.is_empty() || rest.iter().any(|element| elements.contains(element)) {
            return;
        }
        let order: Vec<u32> = rest.iter().filter_map(|e| e.node()).map(|u| u as u32).collect();
        let request = Request {
            vehicle_type,
            prefix: elements,
            fixed: elements.len(),
            order: &order,
            limit: UNLIMITED,
            site_room: &[],
            thoroughness: Thoroughness::THOROUGH,
            not_before: i64::MIN,
            is_lenient: true,
            drops_late: false,
        };
        let mut trial = Route::default();
        if self.halts.place(self.layout, request, &mut trial)
            && let Some(last) = trial.elements.iter().rposition(|e| e.is_stop())
        {
            *elements = trial.elements[..=last].to_vec();
        }
    }
}
