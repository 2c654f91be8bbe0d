//! Vehicle types.

use super::{Reader, notes};
use crate::ids::{ClientId, DepotId, DisposalSiteId, ProfileId, ShipmentId};
use crate::io::json::problem_document::{ActivityDocument, BreakDocument, ProblemDocument, VehicleTypeDocument};
use crate::io::json::reference::{Names, Ref};
use crate::model::{Break, Consumption, VehicleType};
use crate::plan::Activity;

impl Reader<'_> {
    pub(super) fn vehicle_types(&mut self, document: &ProblemDocument) {
        for (i, (vehicle_type, breaks)) in document.vehicle_types.iter().zip(&self.names.breaks).enumerate() {
            let read = self.vehicle_type(vehicle_type, &format!("vehicle_types[{i}]"), breaks);
            self.builder.add_vehicle_type(read);
        }
    }

    fn vehicle_type(&mut self, document: &VehicleTypeDocument, path: &str, breaks: &Names) -> VehicleType {
        let names = self.names;
        let mut depot = |field: &str, reference: &Option<Ref>| {
            let reference = reference.as_ref()?;
            Some(self.id(&names.depots, reference, || format!("{path}.{field}"), DepotId::new))
        };
        let (start, end) = (depot("start", &document.start), depot("end", &document.end));
        let reload = &document.reload_depots;
        let reload_depots = self.ids(&names.depots, reload, &format!("{path}.reload_depots"), DepotId::new);
        let allowed_clients = document
            .allowed_clients
            .as_ref()
            .map(|allowed| self.ids(&names.clients, allowed, &format!("{path}.allowed_clients"), ClientId::new));
        let sites = &document.disposal_sites;
        let sites = self.ids(&names.disposal_sites, sites, &format!("{path}.disposal_sites"), DisposalSiteId::new);
        let parts = document.compartments.iter().enumerate();
        let compartments =
            parts.map(|(c, part)| self.compartment(part, &format!("{path}.compartments[{c}]"))).collect();
        let pauses = document.breaks.iter().enumerate();
        let pauses = pauses.map(|(b, pause)| self.pause(pause, &format!("{path}.breaks[{b}]"))).collect();
        let done = document.executed.iter().enumerate();
        let executed = done.map(|(a, done)| self.executed(done, &format!("{path}.executed[{a}]"), breaks)).collect();
        VehicleType {
            count: document.count,
            capacity: document.capacity.clone(),
            start,
            end,
            fixed_cost: document.fixed_cost,
            cost_per_distance: document.cost_per_distance,
            cost_per_duration: document.cost_per_duration,
            shift: document.shift.into(),
            max_duration: document.max_duration,
            max_distance: document.max_distance,
            allowed_clients,
            zones: self.zone_rules(&document.zones, path),
            reload_depots,
            max_trips: document.max_trips,
            disposal_sites: sites,
            end_empty: document.end_empty,
            compartments,
            max_route_load: document.max_route_load.clone(),
            max_stops: document.max_stops,
            breaks: pauses,
            driver_rules: document.driver_rules.iter().map(|&rule| rule.into()).collect(),
            paid_rests: document.paid_rests,
            max_driving: document.max_driving,
            max_work: document.max_work,
            overtime: document.overtime.iter().map(|&step| step.into()).collect(),
            cost_per_waiting: document.cost_per_waiting,
            consumption: document.consumption.as_ref().map(Consumption::from),
            skills: document.skills.clone(),
            executed,
            profile: ProfileId::new(document.profile as usize),
            name: document.name.clone(),
            notes: notes(&document.remarks, &document.tags),
        }
    }

    fn pause(&mut self, pause: &BreakDocument, path: &str) -> Break {
        let place = pause.location.as_ref();
        Break {
            start: pause.start.into(),
            duration: pause.duration,
            place: place.map(|place| self.place(place, &pause.name, || format!("{path}.location"))),
            paid: pause.paid,
            name: pause.name.clone(),
        }
    }

    fn executed(&mut self, done: &ActivityDocument, path: &str, breaks: &Names) -> Activity {
        let names = self.names;
        let path = |field: &'static str| move || format!("{path}.{field}");
        match done {
            ActivityDocument::Client(client) => {
                Activity::Client(self.id(&names.clients, client, path("client"), ClientId::new))
            }
            ActivityDocument::Pickup(shipment) => {
                Activity::Pickup(self.id(&names.shipments, shipment, path("pickup"), ShipmentId::new))
            }
            ActivityDocument::Delivery(shipment) => {
                Activity::Delivery(self.id(&names.shipments, shipment, path("delivery"), ShipmentId::new))
            }
            ActivityDocument::Dispose(site) => {
                Activity::Dispose(self.id(&names.disposal_sites, site, path("dispose"), DisposalSiteId::new))
            }
            ActivityDocument::Break(pause) => self.id(breaks, pause, path("break"), Activity::Break),
            &ActivityDocument::Rest(duration) => Activity::Rest(duration),
        }
    }
}
