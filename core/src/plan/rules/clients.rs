//! Which clients a route may serve, and in which order.

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::ids::{ClientId, VehicleTypeId};
use crate::model::Problem;
use crate::plan::rules::Judged;
use crate::plan::{Activity, TripStops, Violation};

/// The clients that vehicle types may serve, as sets that are built on first use.
pub(in crate::plan) struct AllowedClients<'a> {
    problem: &'a Problem,
    sets: Vec<OnceCell<HashSet<ClientId>>>,
}

impl<'a> AllowedClients<'a> {
    pub(in crate::plan) fn new(problem: &'a Problem) -> Self {
        Self { problem, sets: vec![OnceCell::new(); problem.vehicle_types().len()] }
    }

    fn allows(&self, vehicle_type: VehicleTypeId, client: ClientId) -> bool {
        self.problem.vehicle_type(vehicle_type).allowed_clients.as_ref().is_none_or(|list| {
            self.sets[vehicle_type.index()].get_or_init(|| list.iter().copied().collect()).contains(&client)
        })
    }
}

impl Judged<'_> {
    /// Clients that the vehicle type may not serve.
    pub(super) fn allowed(&self, t: usize, trip: &TripStops, found: &mut Vec<Violation>) {
        let vehicle_type = self.stops.vehicle_type;
        for (position, &activity) in trip.activities.iter().enumerate() {
            if let Activity::Client(client) = activity
                && !(self.allowed_clients.allows(vehicle_type, client)
                    && self.problem.may_serve_by_client(vehicle_type, client))
            {
                found.push(Violation::NotAllowed { route: self.index, trip: t, position, client });
            }
        }
    }

    /// Activities that zones never let the vehicle type begin.
    pub(super) fn zones(&self, trip: usize, stops: &TripStops, found: &mut Vec<Violation>) {
        for (position, &activity) in stops.activities.iter().enumerate() {
            if !self.problem.may_begin_in_zones(self.stops.vehicle_type, activity) {
                found.push(Violation::ZoneNotAllowed { route: self.index, trip, position, activity });
            }
        }
    }

    /// Backhauls after all linehauls, and no backhaul first.
    pub(super) fn backhauls(&self, trip: usize, stops: &TripStops, found: &mut Vec<Violation>) {
        let (route, problem) = (self.index, self.problem);
        let mut returning = false;
        let first = stops.activities.iter().position(|activity| activity.is_service());
        for (position, &activity) in stops.activities.iter().enumerate() {
            let Activity::Client(client) = activity else { continue };
            if problem.is_backhaul(client) {
                returning = true;
                if first == Some(position) {
                    found.push(Violation::BackhaulFirst { route, trip, client });
                }
            } else if returning && problem.is_linehaul(client) {
                found.push(Violation::LinehaulAfterBackhaul { route, trip, position, client });
            }
        }
    }
}
