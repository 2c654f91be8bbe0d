//! Violations as text.

use std::fmt;

use crate::ids::DepotId;
use crate::model::{Labels, Problem};
use crate::plan::{Activity, Violation};

impl fmt::Display for Activity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Labels::INDICES.activity(*self))
    }
}

/// `depot 0`, or `no depot`.
fn at(depot: Option<DepotId>, labels: Labels<'_>) -> String {
    depot.map_or_else(|| "no depot".to_owned(), |depot| labels.depot(depot))
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say(f, Labels::INDICES)
    }
}

/// A violation in words, with the names that the problem gives.
struct Named<'a>(&'a Violation, &'a Problem);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.say(f, Labels::of(self.1))
    }
}

impl Violation {
    /// The violation in words, with the names of clients, sites and vehicle types that its problem gives: `client "mill"`.
    /// By itself a violation displays indices: `client 6`.
    pub fn with_names<'a>(&'a self, problem: &'a Problem) -> impl fmt::Display + 'a {
        Named(self, problem)
    }

    #[expect(clippy::too_many_lines, reason = "one sentence for each kind, in one exhaustive match")]
    pub(crate) fn say(&self, f: &mut fmt::Formatter<'_>, labels: Labels<'_>) -> fmt::Result {
        match self {
            Self::UnknownId(id) => fmt::Display::fmt(id, f),
            Self::TooManyVehicles { vehicle_type, used, available } => {
                let own = labels.vehicle_type(*vehicle_type);
                write!(f, "{own}: {used} vehicles used, but only {available} available")
            }
            Self::Repeated { activity, times } => write!(f, "{} is planned {times} times", labels.activity(*activity)),
            Self::ShipmentIncomplete { missing, .. } => {
                write!(f, "{} is missing, but its other end is planned", labels.activity(*missing))
            }
            Self::ShipmentSplit { shipment, pickup, delivery } => write!(
                f,
                "{} is picked up on route {} trip {} and delivered on route {} trip {}",
                labels.shipment(*shipment),
                pickup.0,
                pickup.1,
                delivery.0,
                delivery.1
            ),
            Self::ClientUnserved { client } => write!(f, "required {} is unserved", labels.client(*client)),
            Self::ShipmentUnserved { shipment } => {
                write!(f, "required {} is unserved", labels.shipment(*shipment))
            }
            Self::GroupUnserved { group } => {
                write!(f, "{}: one member must be served, but none is", labels.group(*group))
            }
            Self::GroupServedTwice { group, served } => {
                let (group, served) = (labels.group(*group), labels.list(served));
                write!(f, "{group}: at most one member may be served, but several are: clients {served}")
            }
            Self::PatternBroken { group, served } => {
                let (group, served) = (labels.group(*group), labels.list(served));
                write!(f, "{group}: what is served of it is none of its patterns: clients {served}")
            }
            Self::WrongStartDepot { route, found, expected } => {
                write!(f, "route {route} starts at {} instead of {}", at(*found, labels), at(*expected, labels))
            }
            Self::WrongEndDepot { route, found, expected } => {
                write!(f, "route {route} ends at {} instead of {}", at(*found, labels), at(*expected, labels))
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
                    at(*end, labels),
                    at(*next_start, labels)
                )
            }
            Self::ReloadNotAllowed { route, trip, depot } => {
                write!(f, "route {route} trip {trip}: the vehicle type may not reload at {}", at(*depot, labels))
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
                let depot = labels.depot(*depot);
                write!(f, "route {route} trip {trip}: loading starts at {start}, but {depot} closes at {late}")
            }
            Self::ReleasedTooLate { route, trip, depot, release, late } => {
                let depot = labels.depot(*depot);
                write!(f, "route {route} trip {trip}: it is released at {release}, but {depot} closes at {late}")
            }
            Self::LateService { route, trip, position, activity, start, late } => {
                let (delay, activity) = (start.saturating_sub(*late), labels.activity(*activity));
                write!(
                    f,
                    "route {route} trip {trip} position {position}: {activity} starts at {start}, {delay} after its latest start at {late}"
                )
            }
            Self::LateReturn { route, trip, depot, arrival, late } => {
                let depot = labels.depot(*depot);
                write!(f, "route {route} trip {trip} returns at {arrival}, but {depot} closes at {late}")
            }
            Self::Unreachable { route, trip, from, to } => {
                let (from, to) = (labels.location(*from), labels.location(*to));
                write!(f, "route {route} trip {trip}: {to} is unreachable from {from}")
            }
            Self::NotAllowed { route, trip, position, client } => {
                let client = labels.client(*client);
                write!(f, "route {route} trip {trip} position {position}: the vehicle type may not serve {client}")
            }
            Self::BackhaulFirst { route, trip, client } => {
                write!(f, "route {route} trip {trip} begins with a backhaul, {}", labels.client(*client))
            }
            Self::LinehaulAfterBackhaul { route, trip, position, client } => {
                let client = labels.client(*client);
                write!(f, "route {route} trip {trip} position {position}: linehaul {client} comes after a backhaul")
            }
            Self::ZoneNotAllowed { route, trip, position, activity } => write!(
                f,
                "route {route} trip {trip} position {position}: zones do not allow {} to the vehicle type",
                labels.activity(*activity)
            ),
            Self::SiteNotAllowed { route, trip, position, site } => write!(
                f,
                "route {route} trip {trip} position {position}: the vehicle type may not use {}",
                labels.site(*site)
            ),
            Self::NotEmpty { route, trip, dimension, load } => {
                write!(
                    f,
                    "route {route} trip {trip} must end empty, but ends with {load} on board in dimension {dimension}"
                )
            }
            Self::SiteOverfilled { site, dimension, load, capacity } => {
                let site = labels.site(*site);
                write!(f, "{site} receives {load} in dimension {dimension}, but accepts at most {capacity}")
            }
            Self::CompartmentOverload { route, trip, compartment, dimension, load, capacity } => write!(
                f,
                "route {route} trip {trip}: load {load} exceeds the capacity of {capacity} of compartment {compartment} in \
                 dimension {dimension}"
            ),
            Self::MaterialsMixed { route, trip, position, materials } => write!(
                f,
                "route {route} trip {trip} position {position}: {} and {} must not be on board together",
                labels.material(materials.0),
                labels.material(materials.1)
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
                    "{}: the route does not begin with the executed activities",
                    labels.vehicle_type(*vehicle_type)
                )
            }
            Self::RelationBroken { relation } => write!(f, "relation {relation} is violated"),
            Self::DeliveryBeforePickup { route, trip, shipment } => {
                let shipment = labels.shipment(*shipment);
                write!(f, "route {route} trip {trip}: {shipment} is delivered before it is picked up")
            }
        }
    }
}
