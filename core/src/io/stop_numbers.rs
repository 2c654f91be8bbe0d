//! Stops by number, as VRPLIB's files and solutions count them: depots first, then clients, then the shipments' stops
//! by location. In a problem that was read from such a file, a stop's number is its location's index.

use crate::ids::{ClientId, DepotId, LocationId, ShipmentId};
use crate::model::Problem;
use crate::plan::Activity;

/// The numbers from zero of all depots and stops.
#[derive(Clone, Debug)]
pub(super) struct StopNumbers {
    depots: usize,
    clients: usize,
    /// The stops of shipments, by number after the last client.
    shipment_stops: Vec<Activity>,
    /// The numbers of each shipment's pickup and delivery.
    shipments: Vec<(usize, usize)>,
}

/// What a number denotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbered {
    Depot(DepotId),
    Stop(Activity),
}

impl StopNumbers {
    pub(super) fn new(problem: &Problem) -> Self {
        let mut stops: Vec<(LocationId, Activity)> = Vec::with_capacity(2 * problem.shipments().len());
        for (s, shipment) in problem.shipments().iter().enumerate() {
            stops.push((shipment.pickup.location(), Activity::Pickup(ShipmentId::new(s))));
            stops.push((shipment.delivery.location(), Activity::Delivery(ShipmentId::new(s))));
        }
        stops.sort_by_key(|&(location, _)| location);
        let (depots, clients) = (problem.depots().len(), problem.clients().len());
        let mut shipments = vec![(0, 0); problem.shipments().len()];
        for (i, &(_, activity)) in stops.iter().enumerate() {
            let number = depots + clients + i;
            match activity {
                Activity::Pickup(s) => shipments[s.index()].0 = number,
                Activity::Delivery(s) => shipments[s.index()].1 = number,
                _ => {}
            }
        }
        let shipment_stops = stops.into_iter().map(|(_, activity)| activity).collect();
        Self { depots, clients, shipment_stops, shipments }
    }

    /// Count of all numbers.
    pub(super) fn len(&self) -> usize {
        self.depots + self.clients + self.shipment_stops.len()
    }

    /// The number of the first stop, after all depots.
    pub(super) fn first_stop(&self) -> usize {
        self.depots
    }

    /// What `number` denotes.
    pub(super) fn get(&self, number: usize) -> Option<Numbered> {
        if number < self.depots {
            return Some(Numbered::Depot(DepotId::new(number)));
        }
        let number = number - self.depots;
        if number < self.clients {
            return Some(Numbered::Stop(Activity::Client(ClientId::new(number))));
        }
        self.shipment_stops.get(number - self.clients).copied().map(Numbered::Stop)
    }

    /// The number of a stop; `None` if the problem does not have it.
    pub(super) fn number(&self, activity: Activity) -> Option<usize> {
        match activity {
            Activity::Client(c) => (c.index() < self.clients).then(|| self.depots + c.index()),
            Activity::Pickup(s) => self.shipments.get(s.index()).map(|&(pickup, _)| pickup),
            Activity::Delivery(s) => self.shipments.get(s.index()).map(|&(_, delivery)| delivery),
            Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => None,
        }
    }

    /// The stops in the order of their numbers.
    pub(super) fn activities(&self) -> impl Iterator<Item = Activity> {
        let clients = (0..self.clients).map(|c| Activity::Client(ClientId::new(c)));
        clients.chain(self.shipment_stops.iter().copied())
    }
}
