//! The bare decisions of a plan: who is visited by which vehicle, in which order.

use crate::ids::{DepotId, VehicleTypeId};
use crate::model::Activity;
use crate::units::Time;

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
    /// From when on the route is driven: it starts at the earliest time from then on that shift, depot and releases allow.
    /// `None`: it ends as early as possible and, given that, starts as late as possible.
    ///
    /// A later start serves where coming early costs, or waiting does. A start after 2⁴⁰ is taken for 2⁴⁰.
    pub start: Option<Time>,
    /// What it drives.
    pub trips: Vec<TripStops>,
}
