//! From a problem to a document.

use super::VERSION;
use super::layout::to_text;
use super::problem_document::{
    BackhaulsDocument, ClientDocument, DepotDocument, GroupDocument, LocationDocument, PlaceDocument, ProblemDocument,
    ProblemKind, ShipmentDocument, StopDocument, VehicleTypeDocument,
};
use super::reference::Names;
use super::travel::TravelDocument;
use crate::model::{Backhauls, Client, Problem, Shipment, ShipmentStop, VehicleType};

/// Writes a problem as JSON. [`read_problem`](super::read_problem) gives back an equal one.
pub fn write_problem(problem: &Problem) -> String {
    let writer = Writer {
        locations: Names::new("location", problem.locations().iter().map(|l| l.name.as_str())),
        depots: Names::new("depot", problem.depots().iter().map(|d| d.name.as_str())),
        groups: Names::new("group", problem.groups().iter().map(|g| g.name.as_str())),
        clients: Names::new("client", problem.clients().iter().map(|c| c.name.as_str())),
    };
    to_text(&writer.problem(problem))
}

struct Writer<'a> {
    locations: Names<'a>,
    depots: Names<'a>,
    groups: Names<'a>,
    clients: Names<'a>,
}

impl Writer<'_> {
    fn problem(&self, problem: &Problem) -> ProblemDocument {
        let travel = TravelDocument::from(problem.travel());
        let geographic = travel.is_geographic();
        ProblemDocument {
            milkrun: ProblemKind::Problem,
            version: VERSION,
            schema: None,
            name: problem.name().to_owned(),
            travel: Some(travel),
            backhauls: match problem.backhauls() {
                Backhauls::Mixed => BackhaulsDocument::Mixed,
                Backhauls::AfterLinehauls => BackhaulsDocument::AfterLinehauls,
            },
            locations: problem
                .locations()
                .iter()
                .map(|location| {
                    let (x, y) = (Some(location.coord.x), Some(location.coord.y));
                    let name = location.name.clone();
                    if geographic {
                        LocationDocument { name, x: None, y: None, lon: x, lat: y }
                    } else {
                        LocationDocument { name, x, y, lon: None, lat: None }
                    }
                })
                .collect(),
            depots: problem
                .depots()
                .iter()
                .map(|depot| DepotDocument {
                    name: depot.name.clone(),
                    location: self.place(depot.location().index()),
                    time_window: depot.time_window.into(),
                    service: depot.service,
                })
                .collect(),
            groups: problem
                .groups()
                .iter()
                .map(|group| GroupDocument { name: group.name.clone(), required: group.required })
                .collect(),
            clients: problem.clients().iter().map(|client| self.client(client)).collect(),
            shipments: problem.shipments().iter().map(|shipment| self.shipment(shipment)).collect(),
            vehicle_types: problem.vehicle_types().iter().map(|v| self.vehicle_type(v)).collect(),
        }
    }

    fn place(&self, location: usize) -> PlaceDocument {
        PlaceDocument::Location(self.locations.reference(location))
    }

    fn client(&self, client: &Client) -> ClientDocument {
        ClientDocument {
            name: client.name.clone(),
            location: self.place(client.location().index()),
            delivery: client.delivery.clone(),
            pickup: client.pickup.clone(),
            service: client.service,
            time_window: client.time_window.into(),
            release: client.release,
            prize: client.prize,
            required: client.required,
            group: client.group.map(|group| self.groups.reference(group.index())),
        }
    }

    fn stop(&self, stop: &ShipmentStop) -> StopDocument {
        StopDocument {
            location: self.place(stop.location().index()),
            service: stop.service,
            time_window: stop.time_window.into(),
        }
    }

    fn shipment(&self, shipment: &Shipment) -> ShipmentDocument {
        ShipmentDocument {
            name: shipment.name.clone(),
            pickup: self.stop(&shipment.pickup),
            delivery: self.stop(&shipment.delivery),
            amount: shipment.amount.clone(),
            prize: shipment.prize,
            required: shipment.required,
        }
    }

    fn vehicle_type(&self, v: &VehicleType) -> VehicleTypeDocument {
        VehicleTypeDocument {
            name: v.name.clone(),
            count: v.count,
            capacity: v.capacity.clone(),
            start: v.start.map(|depot| self.depots.reference(depot.index())),
            end: v.end.map(|depot| self.depots.reference(depot.index())),
            fixed_cost: v.fixed_cost,
            cost_per_distance: v.cost_per_distance,
            cost_per_duration: v.cost_per_duration,
            shift: v.shift.into(),
            max_duration: v.max_duration,
            max_distance: v.max_distance,
            allowed_clients: v
                .allowed_clients
                .as_ref()
                .map(|allowed| allowed.iter().map(|client| self.clients.reference(client.index())).collect()),
            reload_depots: v.reload_depots.iter().map(|depot| self.depots.reference(depot.index())).collect(),
            max_trips: v.max_trips,
            profile: v.profile.index() as u32,
        }
    }
}
