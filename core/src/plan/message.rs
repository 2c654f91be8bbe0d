//! Violations as text.

use std::fmt;

use crate::ids::{ClientId, DepotId};
use crate::plan::{Activity, Violation};

impl fmt::Display for Activity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(c) => write!(f, "client {}", c.index()),
            Self::Pickup(s) => write!(f, "the pickup of shipment {}", s.index()),
            Self::Delivery(s) => write!(f, "the delivery of shipment {}", s.index()),
            Self::Dispose(site) => write!(f, "unloading at disposal site {}", site.index()),
            Self::Break(index) => write!(f, "break {index}"),
            Self::Rest(duration) => write!(f, "a rest of {duration}"),
        }
    }
}

/// A depot, or `no depot`.
struct At(Option<DepotId>);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(depot) => write!(f, "depot {}", depot.index()),
            None => f.write_str("no depot"),
        }
    }
}

impl fmt::Display for Violation {
    #[expect(clippy::too_many_lines, reason = "one sentence for each kind, in one exhaustive match")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownId(id) => id.fmt(f),
            Self::TooManyVehicles { vehicle_type, used, available } => {
                write!(f, "vehicle type {}: {used} vehicles used, but only {available} available", vehicle_type.index())
            }
            Self::Repeated { activity, times } => write!(f, "{activity} is planned {times} times"),
            Self::ShipmentIncomplete { missing, .. } => write!(f, "{missing} is missing, but its other end is planned"),
            Self::ShipmentSplit { shipment, pickup, delivery } => write!(
                f,
                "shipment {} is picked up on route {} trip {} and delivered on route {} trip {}",
                shipment.index(),
                pickup.0,
                pickup.1,
                delivery.0,
                delivery.1
            ),
            Self::ClientUnserved { client } => write!(f, "required client {} is unserved", client.index()),
            Self::ShipmentUnserved { shipment } => {
                write!(f, "required shipment {} is unserved", shipment.index())
            }
            Self::GroupUnserved { group } => {
                write!(f, "group {}: one member must be served, but none is", group.index())
            }
            Self::GroupServedTwice { group, served } => {
                write!(f, "group {}: at most one member may be served, but several are: clients", group.index())?;
                clients(f, served)
            }
            Self::PatternBroken { group, served } => {
                write!(f, "group {}: what is served of it is none of its patterns: clients", group.index())?;
                clients(f, served)
            }
            Self::WrongStartDepot { route, found, expected } => {
                write!(f, "route {route} starts at {} instead of {}", At(*found), At(*expected))
            }
            Self::WrongEndDepot { route, found, expected } => {
                write!(f, "route {route} ends at {} instead of {}", At(*found), At(*expected))
            }
            Self::TooManyTrips { route, trips, limit } => {
                write!(f, "route {route} has {trips} trips, but the limit is {limit}")
            }
            Self::LateShift { route, end, late } => {
                write!(f, "route {route} ends at {end}, {} after the shift's end at {late}", end.saturating_sub(*late))
            }
            Self::TooLong { route, duration, limit } => {
                write!(f, "route {route} has a duration of {duration}, but the limit is {limit}")
            }
            Self::TooFar { route, distance, limit } => {
                write!(f, "route {route} has a distance of {distance}, but the limit is {limit}")
            }
            Self::TripsNotConnected { route, trip, end, next_start } => {
                write!(
                    f,
                    "route {route} trip {trip} ends at {}, but the next trip starts at {}",
                    At(*end),
                    At(*next_start)
                )
            }
            Self::ReloadNotAllowed { route, trip, depot } => {
                write!(f, "route {route} trip {trip}: the vehicle type may not reload at {}", At(*depot))
            }
            Self::Overload { route, trip, dimension, load, capacity } => {
                write!(
                    f,
                    "route {route} trip {trip}: load {load} exceeds the capacity of {capacity} in dimension {dimension}"
                )
            }
            Self::NegativeLoad { route, trip, dimension, load } => {
                write!(f, "route {route} trip {trip}: the load falls to {load} in dimension {dimension}")
            }
            Self::LateLoading { route, trip, depot, start, late } => {
                let depot = depot.index();
                write!(f, "route {route} trip {trip}: loading starts at {start}, but depot {depot} closes at {late}")
            }
            Self::ReleasedTooLate { route, trip, depot, release, late } => {
                let depot = depot.index();
                write!(f, "route {route} trip {trip}: it is released at {release}, but depot {depot} closes at {late}")
            }
            Self::LateService { route, trip, position, activity, start, late } => {
                let delay = start.saturating_sub(*late);
                write!(
                    f,
                    "route {route} trip {trip} position {position}: {activity} starts at {start}, {delay} after its latest start at {late}"
                )
            }
            Self::LateReturn { route, trip, depot, arrival, late } => {
                let depot = depot.index();
                write!(f, "route {route} trip {trip} returns at {arrival}, but depot {depot} closes at {late}")
            }
            Self::Unreachable { route, trip, from, to } => {
                let (from, to) = (from.index(), to.index());
                write!(f, "route {route} trip {trip}: location {to} is unreachable from location {from}")
            }
            Self::NotAllowed { route, trip, position, client } => {
                let client = client.index();
                write!(
                    f,
                    "route {route} trip {trip} position {position}: the vehicle type may not serve client {client}"
                )
            }
            Self::BackhaulFirst { route, trip, client } => {
                write!(f, "route {route} trip {trip} begins with a backhaul, client {}", client.index())
            }
            Self::LinehaulAfterBackhaul { route, trip, position, client } => {
                let client = client.index();
                write!(
                    f,
                    "route {route} trip {trip} position {position}: linehaul client {client} comes after a backhaul"
                )
            }
            Self::ZoneNotAllowed { route, trip, position, activity } => write!(
                f,
                "route {route} trip {trip} position {position}: zones do not allow {activity} to the vehicle type"
            ),
            Self::SiteNotAllowed { route, trip, position, site } => write!(
                f,
                "route {route} trip {trip} position {position}: the vehicle type may not use disposal site {}",
                site.index()
            ),
            Self::NotEmpty { route, trip, dimension, load } => {
                write!(
                    f,
                    "route {route} trip {trip} must end empty, but ends with {load} on board in dimension {dimension}"
                )
            }
            Self::SiteOverfilled { site, dimension, load, capacity } => {
                let site = site.index();
                write!(
                    f,
                    "disposal site {site} receives {load} in dimension {dimension}, but accepts at most {capacity}"
                )
            }
            Self::CompartmentOverload { route, trip, compartment, dimension, load, capacity } => write!(
                f,
                "route {route} trip {trip}: load {load} exceeds the capacity of {capacity} of compartment {compartment} in \
                 dimension {dimension}"
            ),
            Self::MaterialsMixed { route, trip, position, materials } => write!(
                f,
                "route {route} trip {trip} position {position}: materials {} and {} must not be on board together",
                materials.0.index(),
                materials.1.index()
            ),
            Self::RouteOverload { route, dimension, load, limit } => {
                write!(
                    f,
                    "route {route} carries {load} in dimension {dimension} over all its trips, but the limit is {limit}"
                )
            }
            Self::TooManyStops { route, stops, limit } => {
                write!(f, "route {route} has {stops} stops, but the limit is {limit}")
            }
            Self::BreakMissing { route, pause } => write!(f, "route {route}: break {pause} is due but not taken"),
            Self::BreakRepeated { route, pause, times } => {
                write!(f, "route {route}: break {pause} is taken {times} times")
            }
            Self::PauseMisplaced { route, trip, position } => write!(
                f,
                "route {route} trip {trip} position {position}: a break or rest must lie between two stops of the route"
            ),
            Self::RestMissing { route, rule, effort, limit } => {
                write!(
                    f,
                    "route {route}: {effort} of effort without a rest, but driver rule {rule} allows at most {limit}"
                )
            }
            Self::TooMuchDriving { route, driving, limit } => {
                write!(f, "route {route} drives for {driving}, but the limit is {limit}")
            }
            Self::TooMuchWork { route, work, limit } => {
                write!(f, "route {route} works for {work}, but the limit is {limit}")
            }
            Self::ExecutedChanged { vehicle_type } => {
                write!(
                    f,
                    "vehicle type {}: the route does not begin with the executed activities",
                    vehicle_type.index()
                )
            }
            Self::RelationBroken { relation } => write!(f, "relation {relation} is violated"),
            Self::DeliveryBeforePickup { route, trip, shipment } => {
                let shipment = shipment.index();
                write!(f, "route {route} trip {trip}: shipment {shipment} is delivered before it is picked up")
            }
        }
    }
}

/// The indices of clients, one after the other.
fn clients(f: &mut fmt::Formatter<'_>, list: &[ClientId]) -> fmt::Result {
    list.iter()
        .enumerate()
        .try_for_each(|(i, client)| write!(f, "{} {}", if i == 0 { "" } else { "," }, client.index()))
}
