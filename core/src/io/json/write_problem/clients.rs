//! Clients and shipments.

use super::{Writer, refs};
use crate::ids::VehicleTypeId;
use crate::io::json::problem_document::{
    AssignmentDocument, ClientDocument, ServiceDocument, ShipmentDocument, SoftWindowDocument, StopDocument,
    WindowDocument,
};
use crate::model::{Client, Shipment, ShipmentStop, TimeWindow};
use crate::units::Cost;

impl Writer<'_> {
    pub(super) fn client(&self, client: &Client) -> ClientDocument {
        let names = &self.names;
        let single = client.more_windows.is_empty();
        let types = |list: &[VehicleTypeId]| refs(&names.vehicle_types, list, VehicleTypeId::index);
        let by_type = client.service_by_type.iter().map(|&(vehicle_type, service)| ServiceDocument {
            vehicle_type: names.vehicle_types.reference(vehicle_type.index()),
            service,
        });
        ClientDocument {
            name: client.name.clone(),
            remarks: client.notes.remarks.clone(),
            tags: client.notes.tags.clone(),
            location: self.place(client.location().index()),
            delivery: client.delivery.clone(),
            pickup: client.pickup.clone(),
            service: client.service,
            setup: client.setup,
            time_window: (single && client.time_window != TimeWindow::ALWAYS).then(|| client.time_window.into()),
            time_windows: client.windows().filter(|_| !single).map(WindowDocument::from).collect(),
            soft_window: client.soft_window.map(SoftWindowDocument::from),
            window_covers: client.window_covers.into(),
            release: client.release,
            prize: client.prize,
            required: client.required,
            group: client.group.map(|group| names.groups.reference(group.index())),
            material: client.material.map(|material| names.materials.reference(material.index())),
            service_by_type: by_type.collect(),
            assignment_costs: self.assignment_costs(&client.assignment_costs),
            skills: client.skills.clone(),
            allowed_vehicles: client.allowed_vehicles.as_ref().map(|list| types(list)),
            forbidden_vehicles: types(&client.forbidden_vehicles),
            priority: client.priority,
        }
    }

    pub(super) fn shipment(&self, shipment: &Shipment) -> ShipmentDocument {
        ShipmentDocument {
            name: shipment.name.clone(),
            remarks: shipment.notes.remarks.clone(),
            tags: shipment.notes.tags.clone(),
            pickup: self.stop(&shipment.pickup),
            delivery: self.stop(&shipment.delivery),
            amount: shipment.amount.clone(),
            prize: shipment.prize,
            required: shipment.required,
            assignment_costs: self.assignment_costs(&shipment.assignment_costs),
        }
    }

    fn assignment_costs(&self, costs: &[(VehicleTypeId, Cost)]) -> Vec<AssignmentDocument> {
        let reference = |id: VehicleTypeId| self.names.vehicle_types.reference(id.index());
        costs.iter().map(|&(id, cost)| AssignmentDocument { vehicle_type: reference(id), cost }).collect()
    }

    fn stop(&self, stop: &ShipmentStop) -> StopDocument {
        StopDocument {
            location: self.place(stop.location().index()),
            service: stop.service,
            setup: stop.setup,
            time_window: stop.time_window.into(),
            window_covers: stop.window_covers.into(),
        }
    }
}
