//! Clients and shipments.

use super::{Reader, notes};
use crate::ids::{GroupId, MaterialId, VehicleTypeId};
use crate::io::json::JsonFault;
use crate::io::json::problem_document::{AssignmentDocument, ClientDocument, ProblemDocument, StopDocument};
use crate::model::{Client, Shipment, ShipmentStop, SoftWindow, TimeWindow};
use crate::units::Cost;

impl Reader<'_> {
    pub(super) fn clients(&mut self, document: &ProblemDocument) {
        for (i, client) in document.clients.iter().enumerate() {
            let read = self.client(client, &format!("clients[{i}]"));
            self.builder.add_client(read);
        }
    }

    fn client(&mut self, client: &ClientDocument, path: &str) -> Client {
        let names = self.names;
        let place = self.place(&client.location, &client.name, || format!("{path}.location"));
        let mut read = Client::at(place)
            .delivery(client.delivery.clone())
            .pickup(client.pickup.clone())
            .service(client.service)
            .setup(client.setup)
            .time_windows(self.windows(client, path))
            .release(client.release)
            .skills(client.skills.iter().cloned())
            .priority(client.priority)
            .name(client.name.clone());
        (read.prize, read.required) = (client.prize, client.required);
        read.soft_window = client.soft_window.map(SoftWindow::from);
        read.window_covers = client.window_covers.into();
        read.group =
            client.group.as_ref().map(|group| self.id(&names.groups, group, || format!("{path}.group"), GroupId::new));
        read.material = client
            .material
            .as_ref()
            .map(|material| self.id(&names.materials, material, || format!("{path}.material"), MaterialId::new));
        for (s, by) in client.service_by_type.iter().enumerate() {
            let path = || format!("{path}.service_by_type[{s}].vehicle_type");
            let vehicle_type = self.id(&names.vehicle_types, &by.vehicle_type, path, VehicleTypeId::new);
            read.service_by_type.push((vehicle_type, by.service));
        }
        read.assignment_costs = self.assignment_costs(&client.assignment_costs, path);
        let mut types = |list: &[_], field: &str| {
            self.ids(&names.vehicle_types, list, &format!("{path}.{field}"), VehicleTypeId::new)
        };
        read.allowed_vehicles = client.allowed_vehicles.as_ref().map(|list| types(list, "allowed_vehicles"));
        read.forbidden_vehicles = types(&client.forbidden_vehicles, "forbidden_vehicles");
        read.notes = notes(&client.remarks, &client.tags);
        read
    }

    /// All windows; none where the document gives none.
    fn windows(&mut self, client: &ClientDocument, path: &str) -> Vec<TimeWindow> {
        if client.time_window.is_some() && !client.time_windows.is_empty() {
            self.faults.push(JsonFault::TwoKindsOfWindows { path: format!("{path}.time_windows") });
        }
        client.time_window.iter().chain(&client.time_windows).map(|&window| window.into()).collect()
    }

    pub(super) fn shipments(&mut self, document: &ProblemDocument) {
        for (i, shipment) in document.shipments.iter().enumerate() {
            let pickup = self.stop(&shipment.pickup, &shipment.name, &format!("shipments[{i}].pickup"));
            let delivery = self.stop(&shipment.delivery, &shipment.name, &format!("shipments[{i}].delivery"));
            let mut read = Shipment::new(pickup, delivery).amount(shipment.amount.clone()).name(shipment.name.clone());
            (read.prize, read.required) = (shipment.prize, shipment.required);
            read.assignment_costs = self.assignment_costs(&shipment.assignment_costs, &format!("shipments[{i}]"));
            read.notes = notes(&shipment.remarks, &shipment.tags);
            self.builder.add_shipment(read);
        }
    }

    fn assignment_costs(&mut self, costs: &[AssignmentDocument], path: &str) -> Vec<(VehicleTypeId, Cost)> {
        let names = self.names;
        let read = costs.iter().enumerate().map(|(c, own)| {
            let path = || format!("{path}.assignment_costs[{c}].vehicle_type");
            (self.id(&names.vehicle_types, &own.vehicle_type, path, VehicleTypeId::new), own.cost)
        });
        read.collect()
    }

    fn stop(&mut self, stop: &StopDocument, name: &str, path: &str) -> ShipmentStop {
        let place = self.place(&stop.location, name, || format!("{path}.location"));
        ShipmentStop {
            place,
            service: stop.service,
            setup: stop.setup,
            time_window: stop.time_window.into(),
            window_covers: stop.window_covers.into(),
        }
    }
}
