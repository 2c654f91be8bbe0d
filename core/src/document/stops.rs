//! The bare stops of a plan.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, DepotId, DisposalSiteId, ShipmentId, VehicleTypeId};
use crate::plan::{Activity, RouteStops, TripStops};

/// What is done at a stop.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// A client is served.
    Client,
    /// A shipment is loaded.
    Pickup,
    /// A shipment is unloaded.
    Delivery,
    /// The vehicle empties at a disposal site.
    Dispose,
    /// The driver takes a break of the vehicle type.
    Break,
    /// The driver rests.
    Rest,
}

impl ActivityKind {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Client, Self::Pickup, Self::Delivery, Self::Dispose, Self::Break, Self::Rest];

    /// Its name in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Pickup => "pickup",
            Self::Delivery => "delivery",
            Self::Dispose => "dispose",
            Self::Break => "break",
            Self::Rest => "rest",
        }
    }

    /// The activity of this kind with an index; of a rest, its length.
    pub const fn with(self, index: usize) -> Activity {
        match self {
            Self::Client => Activity::Client(ClientId::new(index)),
            Self::Pickup => Activity::Pickup(ShipmentId::new(index)),
            Self::Delivery => Activity::Delivery(ShipmentId::new(index)),
            Self::Dispose => Activity::Dispose(DisposalSiteId::new(index)),
            Self::Break => Activity::Break(index),
            Self::Rest => Activity::Rest(index as i64),
        }
    }

    /// The kind of an activity, and its index; of a rest, its length.
    pub fn of(activity: Activity) -> (Self, usize) {
        match activity {
            Activity::Client(id) => (Self::Client, id.index()),
            Activity::Pickup(id) => (Self::Pickup, id.index()),
            Activity::Delivery(id) => (Self::Delivery, id.index()),
            Activity::Dispose(id) => (Self::Dispose, id.index()),
            Activity::Break(index) => (Self::Break, index),
            Activity::Rest(duration) => (Self::Rest, usize::try_from(duration).unwrap_or(0)),
        }
    }
}

/// What a vehicle drives.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RouteStops")]
pub struct RouteStopsDocument {
    /// The index of the vehicle type.
    pub vehicle_type: usize,
    /// From when on the route is driven, in the solver's units; if not given, it ends as early as possible.
    #[serde(default)]
    pub start: Option<i64>,
    /// Its trips.
    pub trips: Vec<TripStopsDocument>,
}

/// What a vehicle does from leaving a depot to reaching the next.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TripStops")]
pub struct TripStopsDocument {
    /// The index of the depot where it starts; at the first stop, if not given.
    #[serde(default)]
    pub start_depot: Option<usize>,
    /// The index of the depot where it ends; at the last stop, if not given.
    #[serde(default)]
    pub end_depot: Option<usize>,
    /// What is done, and the index of where or what; of a rest, its length.
    pub visits: Vec<(ActivityKind, usize)>,
}

impl From<RouteStopsDocument> for RouteStops {
    fn from(route: RouteStopsDocument) -> Self {
        let trip = |trip: TripStopsDocument| TripStops {
            start: trip.start_depot.map(DepotId::new),
            activities: trip.visits.into_iter().map(|(kind, index)| kind.with(index)).collect(),
            end: trip.end_depot.map(DepotId::new),
        };
        Self {
            vehicle_type: VehicleTypeId::new(route.vehicle_type),
            start: route.start,
            trips: route.trips.into_iter().map(trip).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_one_name_and_lead_back() {
        for kind in ActivityKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
            assert_eq!(ActivityKind::of(kind.with(3)), (kind, 3));
        }
    }

    #[test]
    fn routes_of_bare_stops() {
        let text = r#"{"vehicle_type": 1, "trips": [{"end_depot": 2, "visits": [["client", 0], ["rest", 45]]}]}"#;
        let route = RouteStops::from(serde_json::from_str::<RouteStopsDocument>(text).unwrap());
        assert_eq!((route.vehicle_type, route.start), (VehicleTypeId::new(1), None));
        assert_eq!((route.trips[0].start, route.trips[0].end), (None, Some(DepotId::new(2))));
        assert_eq!(route.trips[0].activities, [Activity::Client(ClientId::new(0)), Activity::Rest(45)]);
    }
}
