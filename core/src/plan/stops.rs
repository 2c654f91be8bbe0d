//! The bare decisions of a plan: which vehicle visits which clients, in which order.

use crate::ids::{DepotId, VehicleTypeId};
use crate::model::Activity;
use crate::units::Time;

/// The stops of one trip, from one depot to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TripStops {
    /// The depot where the trip starts; `None` if the vehicle type's start is open.
    pub start: Option<DepotId>,
    /// The visits, in order.
    pub activities: Vec<Activity>,
    /// The depot where the trip ends; `None` if the vehicle type's end is open.
    pub end: Option<DepotId>,
}

/// The trips of one vehicle. Each trip but the last ends at the reload depot where the next one starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteStops {
    /// The vehicle's type.
    pub vehicle_type: VehicleTypeId,
    /// When the route starts: at this time, or as soon afterwards as shift, depot and releases allow. `None`: it ends
    /// as early as possible and, given that, starts as late as possible.
    ///
    /// A later start pays if early arrivals or waiting cost. A start after 2⁴⁰ is treated as 2⁴⁰.
    pub start: Option<Time>,
    /// The trips, in order.
    pub trips: Vec<TripStops>,
}
