//! Violations as text.

use std::fmt;

use crate::ids::DepotId;
use crate::model::{Labels, Problem};
use crate::plan::{Activity, Violation};
use crate::units::Clock;

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

/// A violation in words.
struct Named<'a>(&'a Violation, Labels<'a>);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.say(f, self.1)
    }
}

impl Violation {
    /// The violation in words, with the names of clients, sites and vehicle types that its problem gives: `client "mill"`.
    /// By itself a violation displays indices: `client 6`.
    pub fn with_names<'a>(&'a self, problem: &'a Problem) -> impl fmt::Display + 'a {
        Named(self, Labels::of(problem))
    }

    /// The violation as dispatchers read it: with names, trucks and trips counted from 1 and, with a clock, times of day:
    /// `truck 4 trip 1: client "mill" starts at 10:20, 5 min after its latest start at 10:15`.
    pub fn in_words<'a>(&'a self, problem: &'a Problem, clock: Option<Clock>) -> impl fmt::Display + 'a {
        Named(self, Labels::for_dispatchers(problem, clock))
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
                "{} is picked up on {} and delivered on {}",
                labels.shipment(*shipment),
                labels.trip(pickup.0, pickup.1),
                labels.trip(delivery.0, delivery.1)
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
                write!(
                    f,
                    "{} starts at {} instead of {}",
                    labels.route(*route),
                    at(*found, labels),
                    at(*expected, labels)
                )
            }
            Self::WrongEndDepot { route, found, expected } => {
                write!(
                    f,
                    "{} ends at {} instead of {}",
                    labels.route(*route),
                    at(*found, labels),
                    at(*expected, labels)
                )
            }
            Self::TooManyTrips { route, trips, limit } => {
                write!(f, "{} has {trips} trips, but the limit is {limit}", labels.route(*route))
            }
            Self::LateShift { route, end, late } => {
                write!(
                    f,
                    "{} ends at {}, {} after the shift's end at {}",
                    labels.route(*route),
                    labels.time(*end),
                    labels.span(end.saturating_sub(*late)),
                    labels.time(*late)
                )
            }
            Self::TooLong { route, duration, limit } => {
                let (duration, limit) = (labels.span(*duration), labels.span(*limit));
                write!(f, "{} has a duration of {duration}, but the limit is {limit}", labels.route(*route))
            }
            Self::TooFar { route, distance, limit } => {
                write!(f, "{} has a distance of {distance}, but the limit is {limit}", labels.route(*route))
            }
            Self::TripsNotConnected { route, trip, end, next_start } => {
                write!(
                    f,
                    "{} ends at {}, but the next trip starts at {}",
                    labels.trip(*route, *trip),
                    at(*end, labels),
                    at(*next_start, labels)
                )
            }
            Self::ReloadNotAllowed { route, trip, depot } => {
                write!(f, "{}: the vehicle type may not reload at {}", labels.trip(*route, *trip), at(*depot, labels))
            }
            Self::Overload { route, trip, dimension, load, capacity } => {
                write!(
                    f,
                    "{}: load {load} exceeds the capacity of {capacity} in dimension {dimension}",
                    labels.trip(*route, *trip)
                )
            }
            Self::NegativeLoad { route, trip, dimension, load } => {
                write!(f, "{}: the load falls to {load} in dimension {dimension}", labels.trip(*route, *trip))
            }
            Self::LateLoading { route, trip, depot, start, late } => {
                let (depot, start, late) = (labels.depot(*depot), labels.time(*start), labels.time(*late));
                write!(f, "{}: loading starts at {start}, but {depot} closes at {late}", labels.trip(*route, *trip))
            }
            Self::ReleasedTooLate { route, trip, depot, release, late } => {
                let (depot, release, late) = (labels.depot(*depot), labels.time(*release), labels.time(*late));
                write!(f, "{}: it is released at {release}, but {depot} closes at {late}", labels.trip(*route, *trip))
            }
            Self::LateService { route, trip, position, activity, start, late } => {
                let (delay, activity) = (labels.span(start.saturating_sub(*late)), labels.activity(*activity));
                let (start, late) = (labels.time(*start), labels.time(*late));
                write!(
                    f,
                    "{}: {activity} starts at {start}, {delay} after its latest start at {late}",
                    labels.stop(*route, *trip, *position)
                )
            }
            Self::LateReturn { route, trip, depot, arrival, late } => {
                let (depot, arrival, late) = (labels.depot(*depot), labels.time(*arrival), labels.time(*late));
                write!(f, "{} returns at {arrival}, but {depot} closes at {late}", labels.trip(*route, *trip))
            }
            Self::Unreachable { route, trip, from, to } => {
                let (from, to) = (labels.location(*from), labels.location(*to));
                write!(f, "{}: {to} is unreachable from {from}", labels.trip(*route, *trip))
            }
            Self::NotAllowed { route, trip, position, client } => {
                let client = labels.client(*client);
                write!(f, "{}: the vehicle type may not serve {client}", labels.stop(*route, *trip, *position))
            }
            Self::BackhaulFirst { route, trip, client } => {
                write!(f, "{} begins with a backhaul, {}", labels.trip(*route, *trip), labels.client(*client))
            }
            Self::LinehaulAfterBackhaul { route, trip, position, client } => {
                let client = labels.client(*client);
                write!(f, "{}: linehaul {client} comes after a backhaul", labels.stop(*route, *trip, *position))
            }
            Self::ZoneNotAllowed { route, trip, position, activity } => write!(
                f,
                "{}: zones do not allow {} to the vehicle type",
                labels.stop(*route, *trip, *position),
                labels.activity(*activity)
            ),
            Self::SiteNotAllowed { route, trip, position, site } => write!(
                f,
                "{}: the vehicle type may not use {}",
                labels.stop(*route, *trip, *position),
                labels.site(*site)
            ),
            Self::NotEmpty { route, trip, dimension, load } => {
                write!(
                    f,
                    "{} must end empty, but ends with {load} on board in dimension {dimension}",
                    labels.trip(*route, *trip)
                )
            }
            Self::SiteOverfilled { site, dimension, load, capacity } => {
                let site = labels.site(*site);
                write!(f, "{site} receives {load} in dimension {dimension}, but accepts at most {capacity}")
            }
            Self::CompartmentOverload { route, trip, compartment, dimension, load, capacity } => write!(
                f,
                "{}: load {load} exceeds the capacity of {capacity} of compartment {compartment} in \
                 dimension {dimension}",
                labels.trip(*route, *trip)
            ),
            Self::MaterialsMixed { route, trip, position, materials } => write!(
                f,
                "{}: {} and {} must not be on board together",
                labels.stop(*route, *trip, *position),
                labels.material(materials.0),
                labels.material(materials.1)
            ),
            Self::RouteOverload { route, dimension, load, limit } => {
                write!(
                    f,
                    "{} carries {load} in dimension {dimension} over all its trips, but the limit is {limit}",
                    labels.route(*route)
                )
            }
            Self::TooManyStops { route, stops, limit } => {
                write!(f, "{} has {stops} stops, but the limit is {limit}", labels.route(*route))
            }
            Self::BreakMissing { route, pause } => {
                write!(f, "{}: break {pause} is due but not taken", labels.route(*route))
            }
            Self::BreakRepeated { route, pause, times } => {
                write!(f, "{}: break {pause} is taken {times} times", labels.route(*route))
            }
            Self::PauseMisplaced { route, trip, position } => write!(
                f,
                "{}: a break or rest must lie between two stops of the route",
                labels.stop(*route, *trip, *position)
            ),
            Self::RestMissing { route, rule, effort, limit } => {
                let (effort, limit) = (labels.span(*effort), labels.span(*limit));
                write!(
                    f,
                    "{}: {effort} of effort without a rest, but driver rule {rule} allows at most {limit}",
                    labels.route(*route)
                )
            }
            Self::TooMuchDriving { route, driving, limit } => {
                let (driving, limit) = (labels.span(*driving), labels.span(*limit));
                write!(f, "{} drives for {driving}, but the limit is {limit}", labels.route(*route))
            }
            Self::TooMuchWork { route, work, limit } => {
                let (work, limit) = (labels.span(*work), labels.span(*limit));
                write!(f, "{} works for {work}, but the limit is {limit}", labels.route(*route))
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
                write!(f, "{}: {shipment} is delivered before it is picked up", labels.trip(*route, *trip))
            }
        }
    }
}
