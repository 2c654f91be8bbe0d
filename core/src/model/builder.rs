//! Building a problem.

use std::collections::BTreeMap;

use crate::calendar::Origin;
use crate::ids::{
    ClientId, DepotId, DisposalSiteId, GroupId, LocationId, MaterialId, ProfileId, ShipmentId, VehicleTypeId, ZoneId,
};
use crate::model::{
    Backhauls, Client, ClientGroup, Depot, DisposalSite, Goal, Location, Material, Place, Problem, Relation, Shipment,
    SpeedCurve, ValidationError, VehicleType, Zone, validate, zone,
};
use crate::travel::{Rounding, Travel};

/// Collects the parts of a [`Problem`], in any order, and checks them all when it is built.
///
/// ```
/// use milkrun::{Client, Coord, Depot, Problem, Rounding, Travel, VehicleType};
///
/// let mut builder = Problem::builder();
/// let yard = builder.add_depot(Depot::at(Coord::new(0.0, 0.0)).name("yard"));
/// builder.add_client(Client::at(Coord::new(3.0, 4.0)).delivery([10]));
/// builder.add_vehicle_type(VehicleType::new(1).capacity([10]).depot(yard));
/// let problem = builder.travel(Travel::euclidean(Rounding::Round)).build().unwrap();
/// assert_eq!(problem.clients().len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProblemBuilder {
    pub(crate) name: String,
    pub(crate) locations: Vec<Location>,
    pub(crate) clients: Vec<Client>,
    pub(crate) shipments: Vec<Shipment>,
    pub(crate) groups: Vec<ClientGroup>,
    pub(crate) depots: Vec<Depot>,
    pub(crate) vehicle_types: Vec<VehicleType>,
    pub(crate) travel: Option<Travel>,
    pub(crate) backhauls: Backhauls,
    pub(crate) materials: Vec<Material>,
    pub(crate) separate_materials: Vec<(MaterialId, MaterialId)>,
    pub(crate) disposal_sites: Vec<DisposalSite>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) goals: Vec<Goal>,
    pub(crate) speeds: BTreeMap<ProfileId, SpeedCurve>,
    pub(crate) zones: Vec<Zone>,
    pub(crate) origin: Option<Origin>,
}

impl ProblemBuilder {
    /// Adds a location that clients and depots can share.
    pub fn add_location(&mut self, location: Location) -> LocationId {
        self.locations.push(location);
        LocationId::new(self.locations.len() - 1)
    }

    /// Adds a client.
    pub fn add_client(&mut self, mut client: Client) -> ClientId {
        client.place = self.assign_location(client.place, &client.name);
        self.clients.push(client);
        ClientId::new(self.clients.len() - 1)
    }

    /// Adds a shipment.
    pub fn add_shipment(&mut self, mut shipment: Shipment) -> ShipmentId {
        shipment.pickup.place = self.assign_location(shipment.pickup.place, &shipment.name);
        shipment.delivery.place = self.assign_location(shipment.delivery.place, &shipment.name);
        self.shipments.push(shipment);
        ShipmentId::new(self.shipments.len() - 1)
    }

    /// Adds a group, of whose clients at most one is served, or those of one of its
    /// [patterns](ClientGroup::patterns), which [`groups_mut`](Self::groups_mut) gives once the clients are there.
    pub fn add_group(&mut self, group: ClientGroup) -> GroupId {
        self.groups.push(group);
        GroupId::new(self.groups.len() - 1)
    }

    /// Adds a depot.
    pub fn add_depot(&mut self, mut depot: Depot) -> DepotId {
        depot.place = self.assign_location(depot.place, &depot.name);
        self.depots.push(depot);
        DepotId::new(self.depots.len() - 1)
    }

    /// Adds a material.
    pub fn add_material(&mut self, material: Material) -> MaterialId {
        self.materials.push(material);
        MaterialId::new(self.materials.len() - 1)
    }

    /// Forbids carrying two materials at the same time.
    pub fn separate_materials(&mut self, a: MaterialId, b: MaterialId) -> &mut Self {
        self.separate_materials.push((a, b));
        self
    }

    /// Adds a disposal site.
    pub fn add_disposal_site(&mut self, mut site: DisposalSite) -> DisposalSiteId {
        site.place = self.assign_location(site.place, &site.name);
        self.disposal_sites.push(site);
        DisposalSiteId::new(self.disposal_sites.len() - 1)
    }

    /// Adds a relation between clients, or between a client and its vehicle.
    pub fn add_relation(&mut self, relation: Relation) -> &mut Self {
        self.relations.push(relation);
        self
    }

    /// Adds a goal. Ranked goals rank in the order in which they are added.
    pub fn add_goal(&mut self, goal: Goal) -> &mut Self {
        self.goals.push(goal);
        self
    }

    /// Sets the speed of a travel profile over the day.
    pub fn speed(&mut self, profile: ProfileId, curve: SpeedCurve) -> &mut Self {
        self.speeds.insert(profile, curve);
        self
    }

    /// Sets the moment from which times count, in seconds.
    pub fn origin(&mut self, origin: Origin) -> &mut Self {
        self.origin = Some(origin);
        self
    }

    /// Adds a zone, for the [rules](VehicleType::zones) of vehicle types.
    pub fn add_zone(&mut self, zone: Zone) -> ZoneId {
        self.zones.push(zone);
        ZoneId::new(self.zones.len() - 1)
    }

    /// Adds a vehicle type.
    pub fn add_vehicle_type(&mut self, mut vehicle_type: VehicleType) -> VehicleTypeId {
        for pause in &mut vehicle_type.breaks {
            pause.place = pause.place.map(|place| self.assign_location(place, &pause.name));
        }
        self.vehicle_types.push(vehicle_type);
        VehicleTypeId::new(self.vehicle_types.len() - 1)
    }

    /// Sets the source of distances and durations. The default is straight lines, rounded to the nearest integer.
    pub fn travel(&mut self, travel: Travel) -> &mut Self {
        self.travel = Some(travel);
        self
    }

    /// Sets in which order deliveries and pickups may follow each other.
    pub fn backhauls(&mut self, backhauls: Backhauls) -> &mut Self {
        self.backhauls = backhauls;
        self
    }

    /// Sets the problem's name.
    pub fn name(&mut self, name: impl Into<String>) -> &mut Self {
        self.name = name.into();
        self
    }

    /// The clients added so far, to be changed in place.
    pub fn clients_mut(&mut self) -> &mut [Client] {
        &mut self.clients
    }

    /// The shipments added so far, to be changed in place.
    pub fn shipments_mut(&mut self) -> &mut [Shipment] {
        &mut self.shipments
    }

    /// The groups added so far, to be changed in place.
    pub fn groups_mut(&mut self) -> &mut [ClientGroup] {
        &mut self.groups
    }

    /// The vehicle types added so far, to be changed in place.
    pub fn vehicle_types_mut(&mut self) -> &mut [VehicleType] {
        &mut self.vehicle_types
    }

    /// Checks all parts and makes the problem.
    ///
    /// # Errors
    ///
    /// [`ValidationError`] with every fault at once, each with its path, value and remedy.
    pub fn build(&self) -> Result<Problem, ValidationError> {
        if let Some(complete) = self.with_locations() {
            return complete.build();
        }
        let travel = self.travel.clone().unwrap_or(Travel::euclidean(Rounding::Round));
        validate::validate(self, &travel)?;
        let mut group_members = vec![Vec::new(); self.groups.len()];
        for (i, client) in self.clients.iter().enumerate() {
            if let Some(group) = client.group {
                group_members[group.index()].push(ClientId::new(i));
            }
        }
        let load_dimensions = validate::load_dimensions(self);
        // Validation has established that every profile exists.
        let profiles = self.speeds.keys().next_back().map_or(0, |profile| profile.index() + 1);
        let mut speeds = vec![SpeedCurve::default(); profiles];
        for (profile, curve) in &self.speeds {
            speeds[profile.index()].clone_from(curve);
        }
        Ok(Problem {
            name: self.name.clone(),
            locations: self.locations.clone(),
            clients: self.clients.clone(),
            shipments: self.shipments.clone(),
            groups: self.groups.clone(),
            group_members,
            depots: self.depots.clone(),
            vehicle_types: self.vehicle_types.clone(),
            travel,
            backhauls: self.backhauls,
            load_dimensions,
            materials: self.materials.clone(),
            separate_materials: self.separate_materials.clone(),
            disposal_sites: self.disposal_sites.clone(),
            relations: self.relations.clone(),
            goals: self.goals.clone(),
            speeds,
            zones_at: zone::zones_at(&self.zones, self.locations.iter().map(|location| location.coord)),
            zones: self.zones.clone(),
            origin: self.origin.clone(),
        })
    }

    /// A copy in which every place is a location, if this builder still has bare points: a client or break that was
    /// replaced through [`clients_mut`](Self::clients_mut) or [`vehicle_types_mut`](Self::vehicle_types_mut) may be
    /// one.
    fn with_locations(&self) -> Option<Self> {
        let clients = self.clients.iter().map(|client| client.place);
        let breaks = self.vehicle_types.iter().flat_map(|v| &v.breaks).filter_map(|pause| pause.place);
        if clients.chain(breaks).all(|place| matches!(place, Place::Location(_))) {
            return None;
        }
        let mut complete = self.clone();
        for i in 0..complete.clients.len() {
            let (place, name) = (complete.clients[i].place, complete.clients[i].name.clone());
            complete.clients[i].place = complete.assign_location(place, &name);
        }
        for v in 0..complete.vehicle_types.len() {
            for b in 0..complete.vehicle_types[v].breaks.len() {
                let pause = complete.vehicle_types[v].breaks[b].clone();
                complete.vehicle_types[v].breaks[b].place =
                    pause.place.map(|place| complete.assign_location(place, &pause.name));
            }
        }
        Some(complete)
    }

    /// Adds a location for a bare point.
    fn assign_location(&mut self, place: Place, name: &str) -> Place {
        match place {
            Place::Location(_) => place,
            Place::Coord(coord) => Place::Location(self.add_location(Location { coord, name: name.to_owned() })),
        }
    }
}
