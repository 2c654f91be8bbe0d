//! The bare decisions of a plan: who is visited by which vehicle, in which order.

use crate::ids::{ClientId, DepotId, ShipmentId, VehicleTypeId};

/// One stop of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Activity {
    /// A single client.
    Client(ClientId),
    /// Where a shipment is loaded.
    Pickup(ShipmentId),
    /// Where a shipment is unloaded.
    Delivery(ShipmentId),
}

/// The stops of one trip, from leaving a depot to reaching the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TripStops {
    /// Where the trip starts; `None` where the vehicle type's start is open.
    pub start: Option<DepotId>,
    /// What is visited, in order.
    pub activities: Vec<Activity>,
    /// Where the trip ends; `None` where the vehicle type's end is open.
    pub end: Option<DepotId>,
}

/// The trips of one vehicle. Each trip but the last ends at the reload depot where the next one starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteStops {
    /// Which vehicle drives.
    pub vehicle_type: VehicleTypeId,
    /// What it drives.
    pub trips: Vec<TripStops>,
}
