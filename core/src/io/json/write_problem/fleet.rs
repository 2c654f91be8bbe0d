//! Vehicle types.

use super::{Writer, refs};
use crate::ids::{ClientId, DepotId, DisposalSiteId, MaterialId};
use crate::io::json::problem_document::{
    ActivityDocument, BreakDocument, ClosedZoneDocument, CompartmentDocument, ConsumptionDocument, DriverRuleDocument,
    OvertimeDocument, VehicleTypeDocument, WindowDocument, ZoneRuleDocument,
};
use crate::io::json::reference::Names;
use crate::model::{Break, Compartment, VehicleType, ZoneRule};
use crate::plan::Activity;

impl Writer<'_> {
    pub(super) fn vehicle_type(&self, v: &VehicleType, breaks: &Names) -> VehicleTypeDocument {
        let names = &self.names;
        let depot = |depot: DepotId| names.depots.reference(depot.index());
        let executed = v.executed.iter().map(|&activity| self.activity(activity, breaks));
        VehicleTypeDocument {
            name: v.name.clone(),
            remarks: v.notes.remarks.clone(),
            tags: v.notes.tags.clone(),
            count: v.count,
            capacity: v.capacity.clone(),
            start: v.start.map(depot),
            end: v.end.map(depot),
            fixed_cost: v.fixed_cost,
            cost_per_distance: v.cost_per_distance,
            cost_per_duration: v.cost_per_duration,
            shift: v.shift.into(),
            max_duration: v.max_duration,
            max_distance: v.max_distance,
            allowed_clients: v.allowed_clients.as_ref().map(|list| refs(&names.clients, list, ClientId::index)),
            zones: v.zones.iter().map(|rule| self.zone_rule(rule)).collect(),
            reload_depots: v.reload_depots.iter().map(|&reload| depot(reload)).collect(),
            max_trips: v.max_trips,
            disposal_sites: refs(&names.disposal_sites, &v.disposal_sites, DisposalSiteId::index),
            end_empty: v.end_empty,
            compartments: v.compartments.iter().map(|part| self.compartment(part)).collect(),
            max_route_load: v.max_route_load.clone(),
            max_stops: v.max_stops,
            breaks: v.breaks.iter().map(|pause| self.pause(pause)).collect(),
            driver_rules: v.driver_rules.iter().map(|&rule| DriverRuleDocument::from(rule)).collect(),
            paid_rests: v.paid_rests,
            max_driving: v.max_driving,
            max_work: v.max_work,
            overtime: v.overtime.iter().map(|&step| OvertimeDocument::from(step)).collect(),
            cost_per_waiting: v.cost_per_waiting,
            consumption: v.consumption.as_ref().map(ConsumptionDocument::from),
            skills: v.skills.clone(),
            executed: executed.collect(),
            profile: v.profile.index() as u32,
        }
    }

    fn zone_rule(&self, rule: &ZoneRule) -> ZoneRuleDocument {
        let zone = self.names.zones.reference(rule.zone().index());
        match rule {
            ZoneRule::ServeOnly(_) => ZoneRuleDocument::ServeOnly(zone),
            ZoneRule::Closed(_) => ZoneRuleDocument::Closed(ClosedZoneDocument { zone, during: None }),
            ZoneRule::ClosedDuring(_, during) => {
                let during = Some(during.iter().map(|&window| WindowDocument::from(window)).collect());
                ZoneRuleDocument::Closed(ClosedZoneDocument { zone, during })
            }
        }
    }

    fn compartment(&self, part: &Compartment) -> CompartmentDocument {
        let materials = refs(&self.names.materials, &part.materials, MaterialId::index);
        CompartmentDocument { materials, capacity: part.capacity.clone() }
    }

    fn pause(&self, pause: &Break) -> BreakDocument {
        BreakDocument {
            name: pause.name.clone(),
            start: pause.start.into(),
            duration: pause.duration,
            location: pause.place.map(|place| self.place(place.location().index())),
            paid: pause.paid,
        }
    }

    fn activity(&self, activity: Activity, breaks: &Names) -> ActivityDocument {
        let names = &self.names;
        match activity {
            Activity::Client(id) => ActivityDocument::Client(names.clients.reference(id.index())),
            Activity::Pickup(id) => ActivityDocument::Pickup(names.shipments.reference(id.index())),
            Activity::Delivery(id) => ActivityDocument::Delivery(names.shipments.reference(id.index())),
            Activity::Dispose(id) => ActivityDocument::Dispose(names.disposal_sites.reference(id.index())),
            Activity::Break(index) => ActivityDocument::Break(breaks.reference(index)),
            Activity::Rest(duration) => ActivityDocument::Rest(duration),
        }
    }
}
