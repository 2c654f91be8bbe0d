//! From one day's things to those of the next: names that both have.

use std::collections::HashMap;

use super::{CARRIED, Carried, join_client, join_shipment};
use crate::ids::{ClientId, LocationId, MaterialId, ShipmentId, VehicleTypeId};
use crate::model::{Faults, Place, Problem, ProblemBuilder};
use crate::travel::Travel;

/// The next day's problem in the making, and what it calls the things of the day that is over.
pub(super) struct Translation<'a> {
    day: &'a Problem,
    pub(super) builder: ProblemBuilder,
    /// By name, the next day's clients, shipments and locations; `None`: several have it.
    clients: HashMap<String, Option<ClientId>>,
    shipments: HashMap<String, Option<ShipmentId>>,
    locations: HashMap<String, Option<LocationId>>,
    /// By coordinates, the next day's first location there.
    places: HashMap<(u64, u64), LocationId>,
    /// By the day's vehicle type and material, the next day's.
    vehicle_types: Vec<Option<VehicleTypeId>>,
    materials: Vec<Option<MaterialId>>,
    /// Whether the next day has tables of travel, which no location can join.
    has_tables: bool,
    tag: String,
}

impl<'a> Translation<'a> {
    pub(super) fn new(day: &'a Problem, next: &Problem) -> Self {
        let names = |problem: &Problem| -> Vec<String> {
            problem.vehicle_types().iter().map(|vehicle_type| vehicle_type.name.clone()).collect()
        };
        let materials = |problem: &Problem| -> Vec<String> {
            problem.materials().iter().map(|material| material.name.clone()).collect()
        };
        let mut places = HashMap::new();
        for (l, location) in next.locations().iter().enumerate() {
            places.entry(point(location.coord.x, location.coord.y)).or_insert(LocationId::new(l));
        }
        let tag = if day.name().is_empty() { "yes" } else { day.name() };
        Self {
            day,
            builder: next.to_builder(),
            clients: by_name(next.clients().iter().map(|client| &client.name), ClientId::new),
            shipments: by_name(next.shipments().iter().map(|shipment| &shipment.name), ShipmentId::new),
            locations: by_name(next.locations().iter().map(|location| &location.name), LocationId::new),
            places,
            vehicle_types: alike(&names(day), &names(next)).into_iter().map(|t| t.map(VehicleTypeId::new)).collect(),
            materials: alike(&materials(day), &materials(next)).into_iter().map(|m| m.map(MaterialId::new)).collect(),
            has_tables: matches!(next.travel(), Travel::Matrices(_)),
            tag: tag.to_owned(),
        }
    }

    /// Takes a client into the next day; `None`: the faults say why not.
    pub(super) fn client(
        &mut self,
        path: &str,
        id: ClientId,
        required: bool,
        faults: &mut Faults,
    ) -> Option<Carried<ClientId>> {
        let missed = self.day.client(id);
        if missed.group.is_some() {
            let message = "the client is in a group, and what becomes of the other members is not said";
            faults.add(path, &missed.name, message, "add it to the next day by hand");
            return None;
        }
        if let Some(now) = known(&self.clients, &missed.name, path, "client", faults)? {
            join_client(&mut self.builder.clients_mut()[now.index()], missed, required, &self.tag);
            return Some(Carried { missed: id, now, joined: true });
        }
        let mut own = missed.clone();
        own.place = self.place(missed.location(), path, faults)?;
        own.material = match missed.material {
            Some(material) => Some(self.material(material, path, faults)?),
            None => None,
        };
        own.service_by_type = self.by_type(&missed.service_by_type);
        own.assignment_costs = self.by_type(&missed.assignment_costs);
        own.forbidden_vehicles = self.types(&missed.forbidden_vehicles);
        let may_serve = |&t: &VehicleTypeId| self.day.may_serve(t, id);
        let able: Vec<VehicleTypeId> =
            (0..self.day.vehicle_types().len()).map(VehicleTypeId::new).filter(may_serve).collect();
        let able = self.types(&able);
        if missed.allowed_vehicles.is_some() || self.day.vehicle_types().iter().any(|t| t.allowed_clients.is_some()) {
            if able.is_empty() {
                let message = "no vehicle type that may serve the client has the name of one of the next day";
                faults.add(path, &missed.name, message, "give the vehicle types of both days the same names");
                return None;
            }
            own.allowed_vehicles = Some(able.clone());
        }
        // Lists of the next day do not know the client.
        let now = ClientId::new(self.builder.clients.len());
        for vehicle_type in able {
            if let Some(listed) = &mut self.builder.vehicle_types_mut()[vehicle_type.index()].allowed_clients {
                listed.push(now);
            }
        }
        (own.release, own.required) = (0, missed.required || required);
        own.notes.tags.insert(CARRIED.to_owned(), self.tag.clone());
        let now = self.builder.add_client(own);
        Some(Carried { missed: id, now, joined: false })
    }

    /// Takes a shipment into the next day; `None`: the faults say why not.
    pub(super) fn shipment(
        &mut self,
        path: &str,
        id: ShipmentId,
        required: bool,
        faults: &mut Faults,
    ) -> Option<Carried<ShipmentId>> {
        let missed = self.day.shipment(id);
        if let Some(now) = known(&self.shipments, &missed.name, path, "shipment", faults)? {
            join_shipment(&mut self.builder.shipments_mut()[now.index()], missed, required, &self.tag);
            return Some(Carried { missed: id, now, joined: true });
        }
        let mut own = missed.clone();
        own.pickup.place = self.place(missed.pickup.location(), path, faults)?;
        own.delivery.place = self.place(missed.delivery.location(), path, faults)?;
        own.assignment_costs = self.by_type(&missed.assignment_costs);
        own.required = missed.required || required;
        own.notes.tags.insert(CARRIED.to_owned(), self.tag.clone());
        let now = self.builder.add_shipment(own);
        Some(Carried { missed: id, now, joined: false })
    }

    /// Where a location of the day is on the next one.
    fn place(&mut self, location: LocationId, path: &str, faults: &mut Faults) -> Option<Place> {
        let own = &self.day.locations()[location.index()];
        if let Some(&Some(named)) = self.locations.get(&own.name) {
            return Some(Place::Location(named));
        }
        let key = point(own.coord.x, own.coord.y);
        if let Some(&there) = self.places.get(&key) {
            return Some(Place::Location(there));
        }
        if self.has_tables {
            let message = "the next day has tables of travel, and no location with this name or these coordinates";
            let value = format!("{:?} at {}, {}", own.name, own.coord.x, own.coord.y);
            faults.add(path, value, message, "add the location to the next day and to its tables");
            return None;
        }
        let added = self.builder.add_location(own.clone());
        self.places.insert(key, added);
        Some(Place::Location(added))
    }

    fn material(&self, material: MaterialId, path: &str, faults: &mut Faults) -> Option<MaterialId> {
        let found = self.materials[material.index()];
        if found.is_none() {
            let name = &self.day.materials()[material.index()].name;
            faults.add(path, name, "the next day has no such material", "add the material to it");
        }
        found
    }

    fn types(&self, list: &[VehicleTypeId]) -> Vec<VehicleTypeId> {
        list.iter().filter_map(|vehicle_type| self.vehicle_types[vehicle_type.index()]).collect()
    }

    fn by_type(&self, list: &[(VehicleTypeId, i64)]) -> Vec<(VehicleTypeId, i64)> {
        let translated = |&(vehicle_type, value): &(VehicleTypeId, i64)| {
            self.vehicle_types[vehicle_type.index()].map(|own| (own, value))
        };
        list.iter().filter_map(translated).collect()
    }
}

/// Coordinates that can be looked up; zero has one sign.
fn point(x: f64, y: f64) -> (u64, u64) {
    ((x + 0.0).to_bits(), (y + 0.0).to_bits())
}

/// By name, what has it; `None`: several do.
fn by_name<'n, Id>(names: impl Iterator<Item = &'n String>, id: fn(usize) -> Id) -> HashMap<String, Option<Id>> {
    let mut found = HashMap::new();
    for (index, name) in names.enumerate().filter(|(_, name)| !name.is_empty()) {
        found.entry(name.clone()).and_modify(|known| *known = None).or_insert_with(|| Some(id(index)));
    }
    found
}

/// What of the next day has the name. The outer `None`: several have it, which is a fault.
#[expect(clippy::option_option, reason = "no such thing is not the same as several")]
fn known<Id: Copy>(
    names: &HashMap<String, Option<Id>>,
    name: &str,
    path: &str,
    what: &str,
    faults: &mut Faults,
) -> Option<Option<Id>> {
    match names.get(name) {
        Some(None) => {
            let message = format!("several {what}s of the next day have this name");
            faults.add(path, name, &message, "give each a name of its own");
            None
        }
        Some(&Some(id)) => Some(Some(id)),
        None => Some(None),
    }
}

/// By index in one list of names, the index of the same name in another; things without names stand at the same index.
fn alike(names: &[String], others: &[String]) -> Vec<Option<usize>> {
    let same = |(index, name): (usize, &String)| {
        if name.is_empty() {
            return others.get(index).filter(|other| other.is_empty()).map(|_| index);
        }
        others.iter().position(|other| other == name)
    };
    names.iter().enumerate().map(same).collect()
}
