//! What makes a plan infeasible.

use crate::ids::{ClientId, DepotId, DisposalSiteId, GroupId, LocationId, MaterialId, ShipmentId, VehicleTypeId};
use crate::plan::{Activity, UnknownId};
use crate::units::{Distance, Duration, Load, Time};

/// A violated rule, with its location and the amounts.
///
/// Routes, trips and positions (of a visit on its trip) count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields' names and the variant's sentence say all that there is to say")]
#[non_exhaustive]
pub enum Violation {
    /// The stops have an id that the problem does not have. Only the checker reports it: no [`Plan`](crate::Plan) can
    /// be built from such stops.
    UnknownId(UnknownId),
    /// More vehicles of a type are used than are available.
    TooManyVehicles { vehicle_type: VehicleTypeId, used: usize, available: usize },
    /// The first trip does not start where the vehicle type's routes start.
    WrongStartDepot { route: usize, found: Option<DepotId>, expected: Option<DepotId> },
    /// The last trip does not end where the vehicle type's routes end.
    WrongEndDepot { route: usize, found: Option<DepotId>, expected: Option<DepotId> },
    /// A trip does not start where the previous one (`trip`) ends.
    TripsNotConnected { route: usize, trip: usize, end: Option<DepotId>, next_start: Option<DepotId> },
    /// A trip other than the last ends where the vehicle type may not reload.
    ReloadNotAllowed { route: usize, trip: usize, depot: Option<DepotId> },
    /// A route has more trips than its vehicle type allows.
    TooManyTrips { route: usize, trips: usize, limit: usize },
    /// At some point of a trip, the load exceeds the capacity: `load` is the maximum.
    Overload { route: usize, trip: usize, dimension: usize, load: Load, capacity: Load },
    /// A delivery is not on board: `load` is the minimum.
    NegativeLoad { route: usize, trip: usize, dimension: usize, load: Load },
    /// Loading starts after the depot has closed.
    LateLoading { route: usize, trip: usize, depot: DepotId, start: Time, late: Time },
    /// A client of the trip is released after the depot has closed.
    ReleasedTooLate { route: usize, trip: usize, depot: DepotId, release: Time, late: Time },
    /// A service starts after its time window has closed.
    LateService { route: usize, trip: usize, position: usize, activity: Activity, start: Time, late: Time },
    /// The vehicle returns after the depot has closed.
    LateReturn { route: usize, trip: usize, depot: DepotId, arrival: Time, late: Time },
    /// The route ends after the end of the shift.
    LateShift { route: usize, end: Time, late: Time },
    /// The route takes longer than its vehicle type allows.
    TooLong { route: usize, duration: Duration, limit: Duration },
    /// The route's distance exceeds what its vehicle type allows.
    TooFar { route: usize, distance: Distance, limit: Distance },
    /// The vehicle drives to a location that is unreachable from the previous one.
    Unreachable { route: usize, trip: usize, from: LocationId, to: LocationId },
    /// The vehicle type may not serve the client.
    NotAllowed { route: usize, trip: usize, position: usize, client: ClientId },
    /// The zones do not let the vehicle type do this here, at any time.
    ZoneNotAllowed { route: usize, trip: usize, position: usize, activity: Activity },
    /// The first client or shipment stop of a trip is a backhaul.
    BackhaulFirst { route: usize, trip: usize, client: ClientId },
    /// A linehaul comes after a backhaul of the same trip.
    LinehaulAfterBackhaul { route: usize, trip: usize, position: usize, client: ClientId },
    /// The vehicle type may not use the disposal site.
    SiteNotAllowed { route: usize, trip: usize, position: usize, site: DisposalSiteId },
    /// Waste is on board where the vehicle must be empty.
    NotEmpty { route: usize, trip: usize, dimension: usize, load: Load },
    /// All vehicles together unload more at a disposal site than it accepts.
    SiteOverfilled { site: DisposalSiteId, dimension: usize, load: Load, capacity: Load },
    /// At some point of a trip, the load of a compartment exceeds its capacity: `load` is the maximum.
    CompartmentOverload { route: usize, trip: usize, compartment: usize, dimension: usize, load: Load, capacity: Load },
    /// Two materials that must be kept apart are on board after a visit.
    MaterialsMixed { route: usize, trip: usize, position: usize, materials: (MaterialId, MaterialId) },
    /// A route delivers and picks up more than its vehicle type allows over all trips.
    RouteOverload { route: usize, dimension: usize, load: Load, limit: Load },
    /// A route has more stops than its vehicle type allows.
    TooManyStops { route: usize, stops: usize, limit: usize },
    /// A due break is not taken.
    BreakMissing { route: usize, pause: usize },
    /// A break is taken more than once.
    BreakRepeated { route: usize, pause: usize, times: usize },
    /// A break or rest comes before the first stop of a route or after the last.
    PauseMisplaced { route: usize, trip: usize, position: usize },
    /// There is too much driving or work without a rest: `effort` is the maximum.
    RestMissing { route: usize, rule: usize, effort: Duration, limit: Duration },
    /// A route drives longer than its vehicle type allows.
    TooMuchDriving { route: usize, driving: Duration, limit: Duration },
    /// A route works longer than its vehicle type allows.
    TooMuchWork { route: usize, work: Duration, limit: Duration },
    /// The route of a vehicle does not begin with its executed activities.
    ExecutedChanged { vehicle_type: VehicleTypeId },
    /// A relation is violated.
    RelationBroken { relation: usize },
    /// The same activity is planned more than once.
    Repeated { activity: Activity, times: usize },
    /// A shipment is picked up and not delivered, or delivered and not picked up.
    ShipmentIncomplete { shipment: ShipmentId, missing: Activity },
    /// A shipment's pickup and delivery, each given as route and trip, are not on the same trip.
    ShipmentSplit { shipment: ShipmentId, pickup: (usize, usize), delivery: (usize, usize) },
    /// A shipment is delivered before it is picked up.
    DeliveryBeforePickup { route: usize, trip: usize, shipment: ShipmentId },
    /// A required client is unserved.
    ClientUnserved { client: ClientId },
    /// A required shipment is unserved.
    ShipmentUnserved { shipment: ShipmentId },
    /// No member of a required group is served.
    GroupUnserved { group: GroupId },
    /// More than one member of a group without patterns is served.
    GroupServedTwice { group: GroupId, served: Vec<ClientId> },
    /// The members of a group with patterns that are served are none of its patterns.
    PatternBroken { group: GroupId, served: Vec<ClientId> },
}

impl Violation {
    /// The kind of violation in one word, which stays the same across versions: `late_service`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::UnknownId(_) => "unknown_id",
            Self::TooManyVehicles { .. } => "too_many_vehicles",
            Self::WrongStartDepot { .. } => "wrong_start_depot",
            Self::WrongEndDepot { .. } => "wrong_end_depot",
            Self::TripsNotConnected { .. } => "trips_not_connected",
            Self::ReloadNotAllowed { .. } => "reload_not_allowed",
            Self::TooManyTrips { .. } => "too_many_trips",
            Self::Overload { .. } => "overload",
            Self::NegativeLoad { .. } => "negative_load",
            Self::LateLoading { .. } => "late_loading",
            Self::ReleasedTooLate { .. } => "released_too_late",
            Self::LateService { .. } => "late_service",
            Self::LateReturn { .. } => "late_return",
            Self::LateShift { .. } => "late_shift",
            Self::TooLong { .. } => "too_long",
            Self::TooFar { .. } => "too_far",
            Self::Unreachable { .. } => "unreachable",
            Self::NotAllowed { .. } => "not_allowed",
            Self::ZoneNotAllowed { .. } => "zone_not_allowed",
            Self::BackhaulFirst { .. } => "backhaul_first",
            Self::LinehaulAfterBackhaul { .. } => "linehaul_after_backhaul",
            Self::SiteNotAllowed { .. } => "site_not_allowed",
            Self::NotEmpty { .. } => "not_empty",
            Self::SiteOverfilled { .. } => "site_overfilled",
            Self::CompartmentOverload { .. } => "compartment_overload",
            Self::MaterialsMixed { .. } => "materials_mixed",
            Self::RouteOverload { .. } => "route_overload",
            Self::TooManyStops { .. } => "too_many_stops",
            Self::BreakMissing { .. } => "break_missing",
            Self::BreakRepeated { .. } => "break_repeated",
            Self::PauseMisplaced { .. } => "pause_misplaced",
            Self::RestMissing { .. } => "rest_missing",
            Self::TooMuchDriving { .. } => "too_much_driving",
            Self::TooMuchWork { .. } => "too_much_work",
            Self::ExecutedChanged { .. } => "executed_changed",
            Self::RelationBroken { .. } => "relation_broken",
            Self::Repeated { .. } => "repeated",
            Self::ShipmentIncomplete { .. } => "shipment_incomplete",
            Self::ShipmentSplit { .. } => "shipment_split",
            Self::DeliveryBeforePickup { .. } => "delivery_before_pickup",
            Self::ClientUnserved { .. } => "client_unserved",
            Self::ShipmentUnserved { .. } => "shipment_unserved",
            Self::GroupUnserved { .. } => "group_unserved",
            Self::GroupServedTwice { .. } => "group_served_twice",
            Self::PatternBroken { .. } => "pattern_broken",
        }
    }

    /// The route that violates the rule, if it is a single one.
    pub const fn route(&self) -> Option<usize> {
        match *self {
            Self::WrongStartDepot { route, .. }
            | Self::WrongEndDepot { route, .. }
            | Self::TripsNotConnected { route, .. }
            | Self::ReloadNotAllowed { route, .. }
            | Self::TooManyTrips { route, .. }
            | Self::Overload { route, .. }
            | Self::NegativeLoad { route, .. }
            | Self::LateLoading { route, .. }
            | Self::ReleasedTooLate { route, .. }
            | Self::LateService { route, .. }
            | Self::LateReturn { route, .. }
            | Self::LateShift { route, .. }
            | Self::TooLong { route, .. }
            | Self::TooFar { route, .. }
            | Self::Unreachable { route, .. }
            | Self::NotAllowed { route, .. }
            | Self::ZoneNotAllowed { route, .. }
            | Self::BackhaulFirst { route, .. }
            | Self::LinehaulAfterBackhaul { route, .. }
            | Self::SiteNotAllowed { route, .. }
            | Self::NotEmpty { route, .. }
            | Self::CompartmentOverload { route, .. }
            | Self::MaterialsMixed { route, .. }
            | Self::RouteOverload { route, .. }
            | Self::TooManyStops { route, .. }
            | Self::BreakMissing { route, .. }
            | Self::BreakRepeated { route, .. }
            | Self::PauseMisplaced { route, .. }
            | Self::RestMissing { route, .. }
            | Self::TooMuchDriving { route, .. }
            | Self::TooMuchWork { route, .. }
            | Self::DeliveryBeforePickup { route, .. } => Some(route),
            Self::UnknownId(_)
            | Self::TooManyVehicles { .. }
            | Self::SiteOverfilled { .. }
            | Self::ExecutedChanged { .. }
            | Self::RelationBroken { .. }
            | Self::Repeated { .. }
            | Self::ShipmentIncomplete { .. }
            | Self::ShipmentSplit { .. }
            | Self::ClientUnserved { .. }
            | Self::ShipmentUnserved { .. }
            | Self::GroupUnserved { .. }
            | Self::GroupServedTwice { .. }
            | Self::PatternBroken { .. } => None,
        }
    }
}
