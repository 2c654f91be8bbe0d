//! The immutable problem.

use crate::calendar::Origin;
use crate::ids::{
    ClientId, DepotId, DisposalSiteId, GroupId, LocationId, MaterialId, ProfileId, ShipmentId, VehicleTypeId, ZoneId,
};
use crate::model::{
    Activity, Client, ClientGroup, Coord, Depot, DisposalSite, Goal, Location, Material, ProblemBuilder, Relation,
    Shipment, SpeedCurve, VehicleType, Zone,
};
use crate::travel::Travel;
use crate::units::{Clock, Distance, Duration, Load};

/// The order in which deliveries and pickups of single clients may follow each other on a trip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backhauls {
    /// Any order.
    #[default]
    Mixed,
    /// Clients with a pickup and no delivery (backhauls) come after all clients with a delivery (linehauls), and no
    /// trip serves a backhaul first, whatever pauses or disposal visits come before it.
    AfterLinehauls,
}

/// A routing problem that has passed validation. Made by [`ProblemBuilder::build`]; cheap to share by reference.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    pub(crate) name: String,
    pub(crate) locations: Vec<Location>,
    pub(crate) clients: Vec<Client>,
    pub(crate) shipments: Vec<Shipment>,
    pub(crate) groups: Vec<ClientGroup>,
    pub(crate) group_members: Vec<Vec<ClientId>>,
    pub(crate) depots: Vec<Depot>,
    pub(crate) vehicle_types: Vec<VehicleType>,
    pub(crate) travel: Travel,
    pub(crate) backhauls: Backhauls,
    pub(crate) load_dimensions: usize,
    pub(crate) materials: Vec<Material>,
    pub(crate) separate_materials: Vec<(MaterialId, MaterialId)>,
    pub(crate) disposal_sites: Vec<DisposalSite>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) goals: Vec<Goal>,
    pub(crate) speeds: Vec<SpeedCurve>,
    pub(crate) zones: Vec<Zone>,
    /// By location; empty where there are no zones.
    pub(crate) zones_at: Vec<Vec<ZoneId>>,
    pub(crate) origin: Option<Origin>,
}

impl Problem {
    /// A builder without anything in it.
    pub fn builder() -> ProblemBuilder {
        ProblemBuilder::default()
    }

    /// A builder that holds this problem's parts, to change some and build again.
    pub fn to_builder(&self) -> ProblemBuilder {
        ProblemBuilder {
            name: self.name.clone(),
            locations: self.locations.clone(),
            clients: self.clients.clone(),
            shipments: self.shipments.clone(),
            groups: self.groups.clone(),
            depots: self.depots.clone(),
            vehicle_types: self.vehicle_types.clone(),
            travel: Some(self.travel.clone()),
            backhauls: self.backhauls,
            materials: self.materials.clone(),
            separate_materials: self.separate_materials.clone(),
            disposal_sites: self.disposal_sites.clone(),
            relations: self.relations.clone(),
            goals: self.goals.clone(),
            speeds: self.speeds.iter().enumerate().map(|(p, curve)| (ProfileId::new(p), curve.clone())).collect(),
            zones: self.zones.clone(),
            origin: self.origin.clone(),
        }
    }

    /// The problem's name; may be empty.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All locations, in the order of [`LocationId`]s.
    pub fn locations(&self) -> &[Location] {
        &self.locations
    }

    /// All single clients, in the order of [`ClientId`]s.
    pub fn clients(&self) -> &[Client] {
        &self.clients
    }

    /// All shipments, in the order of [`ShipmentId`]s.
    pub fn shipments(&self) -> &[Shipment] {
        &self.shipments
    }

    /// All mutually exclusive groups, in the order of [`GroupId`]s.
    pub fn groups(&self) -> &[ClientGroup] {
        &self.groups
    }

    /// The clients that belong to `group`.
    pub fn group_members(&self, group: GroupId) -> &[ClientId] {
        &self.group_members[group.index()]
    }

    /// All depots, in the order of [`DepotId`]s.
    pub fn depots(&self) -> &[Depot] {
        &self.depots
    }

    /// All vehicle types, in the order of [`VehicleTypeId`]s.
    pub fn vehicle_types(&self) -> &[VehicleType] {
        &self.vehicle_types
    }

    /// All materials, in the order of [`MaterialId`]s.
    pub fn materials(&self) -> &[Material] {
        &self.materials
    }

    /// Pairs of materials that may not be on board a vehicle without compartments at the same time.
    pub fn separate_materials(&self) -> &[(MaterialId, MaterialId)] {
        &self.separate_materials
    }

    /// All disposal sites, in the order of [`DisposalSiteId`]s.
    pub fn disposal_sites(&self) -> &[DisposalSite] {
        &self.disposal_sites
    }

    /// One disposal site.
    pub fn disposal_site(&self, id: DisposalSiteId) -> &DisposalSite {
        &self.disposal_sites[id.index()]
    }

    /// Relations between clients, and between clients and vehicles.
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }

    /// Goals of a plan besides its cost.
    pub fn goals(&self) -> &[Goal] {
        &self.goals
    }

    /// The speed of a profile over the day; `None`: constant, as its durations state.
    pub fn speed(&self, profile: ProfileId) -> Option<&SpeedCurve> {
        self.speeds.get(profile.index()).filter(|curve| !curve.is_flat())
    }

    /// Whether a vehicle of the type may serve the client: by the lists of both, the client's skills, and the vehicle's
    /// compartments.
    pub fn may_serve(&self, vehicle_type: VehicleTypeId, client: ClientId) -> bool {
        let v = self.vehicle_type(vehicle_type);
        v.allowed_clients.as_ref().is_none_or(|list| list.contains(&client))
            && self.may_serve_by_client(vehicle_type, client)
    }

    /// Like [`may_serve`](Self::may_serve), but without the vehicle's list of clients.
    pub(crate) fn may_serve_by_client(&self, vehicle_type: VehicleTypeId, client: ClientId) -> bool {
        let (v, c) = (self.vehicle_type(vehicle_type), self.client(client));
        c.allowed_vehicles.as_ref().is_none_or(|list| list.contains(&vehicle_type))
            && !c.forbidden_vehicles.contains(&vehicle_type)
            && v.has_skills_for(c)
            && (v.compartments.is_empty()
                || c.material.is_none_or(|m| v.compartments.iter().any(|part| part.materials.contains(&m))))
    }

    /// One client.
    pub fn client(&self, id: ClientId) -> &Client {
        &self.clients[id.index()]
    }

    /// One shipment.
    pub fn shipment(&self, id: ShipmentId) -> &Shipment {
        &self.shipments[id.index()]
    }

    /// One depot.
    pub fn depot(&self, id: DepotId) -> &Depot {
        &self.depots[id.index()]
    }

    /// One vehicle type.
    pub fn vehicle_type(&self, id: VehicleTypeId) -> &VehicleType {
        &self.vehicle_types[id.index()]
    }

    /// The source of distances and durations.
    pub fn travel(&self) -> &Travel {
        &self.travel
    }

    /// The moment from which times count, in seconds, where it is known.
    pub const fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// How times become times of day, as far as the problem says. Where the [origin](Self::origin) is known, it says so. Else, where
    /// travel is computed from longitudes and latitudes or given as matrices, times are taken for seconds since midnight; lines
    /// between planar points have any unit, and no clock.
    pub fn clock(&self) -> Option<Clock> {
        if let Some(origin) = &self.origin {
            return Some(origin.clock());
        }
        (!matches!(self.travel, Travel::Euclidean { .. })).then(Clock::default)
    }

    /// The order in which deliveries and pickups may follow each other.
    pub fn backhauls(&self) -> Backhauls {
        self.backhauls
    }

    /// Number of load dimensions: the maximum that any client, shipment or vehicle type names.
    pub fn load_dimensions(&self) -> usize {
        self.load_dimensions
    }

    /// Number of vehicles of all types together.
    pub fn num_vehicles(&self) -> usize {
        self.vehicle_types.iter().map(|v| v.count).fold(0, usize::saturating_add)
    }

    /// How many stops a plan that serves everything has: one for each client, two for each shipment.
    pub fn num_stops(&self) -> usize {
        self.clients.len() + 2 * self.shipments.len()
    }

    /// Distance from one location to another.
    #[inline]
    pub fn distance(&self, profile: ProfileId, from: LocationId, to: LocationId) -> Distance {
        self.travel.distance(profile, (from, self.coord(from)), (to, self.coord(to)))
    }

    /// Duration of the arc from one location to another.
    #[inline]
    pub fn duration(&self, profile: ProfileId, from: LocationId, to: LocationId) -> Duration {
        self.travel.duration(profile, (from, self.coord(from)), (to, self.coord(to)))
    }

    /// Whether two locations are one place for a vehicle: the same location, or the same coordinates with nothing to drive between
    /// them. What is [set up](Client::setup()) at a place is so for all clients there.
    pub fn is_same_place(&self, profile: ProfileId, a: LocationId, b: LocationId) -> bool {
        a == b
            || (self.coord(a) == self.coord(b)
                && self.distance(profile, a, b) == 0
                && self.duration(profile, a, b) == 0)
    }

    /// The set-up that a service needs where the vehicle comes from another place; 0 for what is no service.
    pub(crate) fn setup_of(&self, activity: Activity) -> Duration {
        match activity {
            Activity::Client(id) => self.client(id).setup,
            Activity::Pickup(id) => self.shipment(id).pickup.setup,
            Activity::Delivery(id) => self.shipment(id).delivery.setup,
            Activity::Dispose(_) | Activity::Break(_) | Activity::Rest(_) => 0,
        }
    }

    /// The coordinates of a location.
    #[inline]
    pub fn coord(&self, location: LocationId) -> Coord {
        self.locations[location.index()].coord
    }

    /// Whether `client` is a backhaul: something is picked up and nothing delivered.
    pub fn is_backhaul(&self, client: ClientId) -> bool {
        let c = self.client(client);
        c.delivery.iter().all(|&q| q == 0) && c.pickup.iter().any(|&q| q > 0)
    }

    /// Whether `client` is a linehaul: something is delivered.
    pub fn is_linehaul(&self, client: ClientId) -> bool {
        self.client(client).delivery.iter().any(|&q| q > 0)
    }

    /// The amount in `dimension` of a list that may omit trailing zeros.
    pub(crate) fn amount(list: &[Load], dimension: usize) -> Load {
        list.get(dimension).copied().unwrap_or(0)
    }
}
