//! What makes a plan infeasible.

use crate::ids::{ClientId, DepotId, DisposalSiteId, GroupId, LocationId, MaterialId, ShipmentId, VehicleTypeId};
use crate::plan::{Activity, UnknownId};
use crate::units::{Distance, Duration, Load, Time};

/// One rule that a plan breaks, with its place and the amounts.
///
/// Routes, trips and positions (of a visit on its trip) count from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields' names and the variant's sentence say all that there is to say")]
pub enum Violation {
    /// The stops hold an id that the problem does not have. Only the judge reports it: no [`Plan`](crate::Plan) is
    /// made of such stops.
    UnknownId(UnknownId),
    /// More vehicles of a type are used than there are.
    TooManyVehicles { vehicle_type: VehicleTypeId, used: usize, available: usize },
    /// The first trip does not start where the vehicle type's routes start.
    WrongStartDepot { route: usize, found: Option<DepotId>, expected: Option<DepotId> },
    /// The last trip does not end where the vehicle type's routes end.
    WrongEndDepot { route: usize, found: Option<DepotId>, expected: Option<DepotId> },
    /// A trip does not start where the one before it (`trip`) ends.
    TripsNotConnected { route: usize, trip: usize, end: Option<DepotId>, next_start: Option<DepotId> },
    /// A trip that is not the last ends where the vehicle type may not reload.
    ReloadNotAllowed { route: usize, trip: usize, depot: Option<DepotId> },
    /// A route has more trips than its vehicle type allows.
    TooManyTrips { route: usize, trips: usize, limit: usize },
    /// At some point of a trip, more is on board than fits: `load` is the most there is.
    Overload { route: usize, trip: usize, dimension: usize, load: Load, capacity: Load },
    /// Something is delivered that is not on board: `load` is the least there is.
    NegativeLoad { route: usize, trip: usize, dimension: usize, load: Load },
    /// Loading starts after the depot has closed.
    LateLoading { route: usize, trip: usize, depot: DepotId, start: Time, late: Time },
    /// A client of the trip is released after the depot has closed.
    ReleasedTooLate { route: usize, trip: usize, depot: DepotId, release: Time, late: Time },
    /// A service starts after its time window.
    LateService { route: usize, trip: usize, position: usize, activity: Activity, start: Time, late: Time },
    /// The vehicle is back after the depot has closed.
    LateReturn { route: usize, trip: usize, depot: DepotId, arrival: Time, late: Time },
    /// The route ends after the shift.
    LateShift { route: usize, end: Time, late: Time },
    /// The route takes longer than its vehicle type allows.
    TooLong { route: usize, duration: Duration, limit: Duration },
    /// The route is farther than its vehicle type allows.
    TooFar { route: usize, distance: Distance, limit: Distance },
    /// The vehicle drives between two locations between which there is no way.
    Unreachable { route: usize, trip: usize, from: LocationId, to: LocationId },
    /// The vehicle type may not serve the client.
    NotAllowed { route: usize, trip: usize, position: usize, client: ClientId },
    /// The first client or shipment stop of a trip is a backhaul.
    BackhaulFirst { route: usize, trip: usize, client: ClientId },
    /// A linehaul comes after a backhaul of the same trip.
    LinehaulAfterBackhaul { route: usize, trip: usize, position: usize, client: ClientId },
    /// The vehicle type may not use the disposal site.
    SiteNotAllowed { route: usize, trip: usize, position: usize, site: DisposalSiteId },
    /// Waste is on board where the vehicle must be empty.
    NotEmpty { route: usize, trip: usize, dimension: usize, load: Load },
    /// All vehicles together leave more at a disposal site than it takes.
    SiteOverfilled { site: DisposalSiteId, dimension: usize, load: Load, capacity: Load },
    /// At some point of a trip, more is in a compartment than fits: `load` is the most there is.
    CompartmentOverload { route: usize, trip: usize, compartment: usize, dimension: usize, load: Load, capacity: Load },
    /// Two materials that must be kept apart are on board after a visit.
    MaterialsMixed { route: usize, trip: usize, position: usize, materials: (MaterialId, MaterialId) },
    /// A route delivers and picks up more than its vehicle type may on a day.
    RouteOverload { route: usize, dimension: usize, load: Load, limit: Load },
    /// A route has more stops than its vehicle type allows.
    TooManyStops { route: usize, stops: usize, limit: usize },
    /// A break that is due is not taken.
    BreakMissing { route: usize, pause: usize },
    /// A break is taken more than once.
    BreakRepeated { route: usize, pause: usize, times: usize },
    /// A break or rest comes before the first halt of a route or after the last.
    PauseMisplaced { route: usize, trip: usize, position: usize },
    /// There is too much driving or work without a rest: `effort` is the most there is.
    RestMissing { route: usize, rule: usize, effort: Duration, limit: Duration },
    /// A route drives longer than its vehicle type allows.
    TooMuchDriving { route: usize, driving: Duration, limit: Duration },
    /// A route works longer than its vehicle type allows.
    TooMuchWork { route: usize, work: Duration, limit: Duration },
    /// The route of a vehicle does not begin with what it has done already.
    ExecutedChanged { vehicle_type: VehicleTypeId },
    /// A relation does not hold.
    RelationBroken { relation: usize },
    /// The same activity is planned more than once.
    Repeated { activity: Activity, times: usize },
    /// A shipment is picked up and not delivered, or delivered and not picked up.
    ShipmentIncomplete { shipment: ShipmentId, missing: Activity },
    /// A shipment's pickup and delivery, each given as route and trip, are not on the same trip.
    ShipmentSplit { shipment: ShipmentId, pickup: (usize, usize), delivery: (usize, usize) },
    /// A shipment is delivered before it is picked up.
    DeliveryBeforePickup { route: usize, trip: usize, shipment: ShipmentId },
    /// A client that must be served is not.
    ClientUnserved { client: ClientId },
    /// A shipment that must be carried is not.
    ShipmentUnserved { shipment: ShipmentId },
    /// A group of which one member must be served has none.
    GroupUnserved { group: GroupId },
    /// More than one member of a group is served.
    GroupServedTwice { group: GroupId, served: Vec<ClientId> },
}

impl Violation {
    /// A word for the kind of violation that stays the same over versions: `late_service`.
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
        }
    }

    /// The route that breaks the rule, where it is one alone.
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
            | Self::GroupServedTwice { .. } => None,
        }
    }
}
