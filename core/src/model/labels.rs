//! What parts of a problem are called in messages.

use crate::ids::{
    ClientId, DepotId, DisposalSiteId, GroupId, LocationId, MaterialId, ShipmentId, VehicleTypeId, ZoneId,
};
use crate::listing::shortened;
use crate::model::{Activity, Problem};
use crate::units::{Clock, Duration, Time};

/// Says what parts of a problem are called: by their names where a problem is given and they have one, else by their indices.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Labels<'p> {
    problem: Option<&'p Problem>,
    reader: Reader,
}

/// Who reads a sentence.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reader {
    /// A programmer: routes, trips and positions count from 0, times are numbers.
    Programmer,
    /// A dispatcher: trucks and trips count from 1; with a clock, times are times of day.
    Dispatcher(Option<Clock>),
}

impl<'p> Labels<'p> {
    /// Indices only.
    pub(crate) const INDICES: Labels<'static> = Labels { problem: None, reader: Reader::Programmer };

    /// The names that a problem gives.
    pub(crate) const fn of(problem: &'p Problem) -> Self {
        Self { problem: Some(problem), reader: Reader::Programmer }
    }

    /// The names that a problem gives, and the words of dispatchers; with a clock, times of day.
    pub(crate) const fn for_dispatchers(problem: &'p Problem, clock: Option<Clock>) -> Self {
        Self { problem: Some(problem), reader: Reader::Dispatcher(clock) }
    }

    /// Whether parts are called by the names of a problem.
    pub(crate) const fn has_names(self) -> bool {
        self.problem.is_some()
    }

    /// `route 0`, or `truck 1`.
    pub(crate) fn route(self, route: usize) -> String {
        match self.reader {
            Reader::Programmer => format!("route {route}"),
            Reader::Dispatcher(_) => format!("truck {}", route + 1),
        }
    }

    /// `route 0 trip 2`, or `truck 1 trip 3`.
    pub(crate) fn trip(self, route: usize, trip: usize) -> String {
        let counted_from = usize::from(self.reader != Reader::Programmer);
        format!("{} trip {}", self.route(route), trip + counted_from)
    }

    /// `route 0 trip 2 position 5`; dispatchers find a stop by its name.
    pub(crate) fn stop(self, route: usize, trip: usize, position: usize) -> String {
        match self.reader {
            Reader::Programmer => format!("{} position {position}", self.trip(route, trip)),
            Reader::Dispatcher(_) => self.trip(route, trip),
        }
    }

    /// `25559`, or `7:05`.
    pub(crate) fn time(self, time: Time) -> String {
        if let Reader::Dispatcher(Some(clock)) = self.reader { clock.time_of_day(time) } else { time.to_string() }
    }

    /// `1530`, or `26 min`.
    pub(crate) fn span(self, length: Duration) -> String {
        if let Reader::Dispatcher(Some(clock)) = self.reader { clock.span(length) } else { length.to_string() }
    }

    fn label(self, kind: &str, index: usize, name: impl FnOnce(&'p Problem) -> Option<&'p str>) -> String {
        let space = if kind.is_empty() { "" } else { " " };
        match self.problem.and_then(name).filter(|name| !name.is_empty()) {
            Some(name) => format!("{kind}{space}{:?}", shortened(name)),
            None => format!("{kind}{space}{index}"),
        }
    }

    /// `client 6`, or `client "mill"`.
    pub(crate) fn client(self, id: ClientId) -> String {
        self.label("client", id.index(), |problem| problem.clients().get(id.index()).map(|part| part.name.as_str()))
    }

    /// `6, 7`, or `"mill", "farm"`.
    pub(crate) fn list(self, clients: &[ClientId]) -> String {
        let one = |id: &ClientId| {
            self.label("", id.index(), |problem| problem.clients().get(id.index()).map(|part| part.name.as_str()))
        };
        clients.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn shipment(self, id: ShipmentId) -> String {
        self.label("shipment", id.index(), |problem| problem.shipments().get(id.index()).map(|part| part.name.as_str()))
    }

    pub(crate) fn depot(self, id: DepotId) -> String {
        self.label("depot", id.index(), |problem| problem.depots().get(id.index()).map(|part| part.name.as_str()))
    }

    pub(crate) fn site(self, id: DisposalSiteId) -> String {
        let name = |problem: &'p Problem| problem.disposal_sites().get(id.index()).map(|part| part.name.as_str());
        self.label("disposal site", id.index(), name)
    }

    pub(crate) fn material(self, id: MaterialId) -> String {
        self.label("material", id.index(), |problem| problem.materials().get(id.index()).map(|part| part.name.as_str()))
    }

    pub(crate) fn vehicle_type(self, id: VehicleTypeId) -> String {
        let name = |problem: &'p Problem| problem.vehicle_types().get(id.index()).map(|part| part.name.as_str());
        self.label("vehicle type", id.index(), name)
    }

    pub(crate) fn group(self, id: GroupId) -> String {
        self.label("group", id.index(), |problem| problem.groups().get(id.index()).map(|part| part.name.as_str()))
    }

    pub(crate) fn location(self, id: LocationId) -> String {
        self.label("location", id.index(), |problem| problem.locations().get(id.index()).map(|part| part.name.as_str()))
    }

    pub(crate) fn zone(self, id: ZoneId) -> String {
        self.label("zone", id.index(), |problem| problem.zones().get(id.index()).map(|part| part.name.as_str()))
    }

    /// A break of a vehicle type.
    pub(crate) fn pause(self, vehicle_type: VehicleTypeId, pause: usize) -> String {
        self.label("break", pause, |problem| {
            problem.vehicle_types().get(vehicle_type.index())?.breaks.get(pause).map(|part| part.name.as_str())
        })
    }

    pub(crate) fn activity(self, activity: Activity) -> String {
        match activity {
            Activity::Client(id) => self.client(id),
            Activity::Pickup(id) => format!("the pickup of {}", self.shipment(id)),
            Activity::Delivery(id) => format!("the delivery of {}", self.shipment(id)),
            Activity::Dispose(id) => format!("unloading at {}", self.site(id)),
            Activity::Break(index) => format!("break {index}"),
            Activity::Rest(duration) => format!("a rest of {}", self.span(duration)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Client, Coord, Depot, VehicleType};

    #[test]
    fn names_where_there_are_some() {
        let mut builder = Problem::builder();
        builder.add_depot(Depot::at(Coord::new(0.0, 0.0)).name("the \"old\" yard"));
        builder.add_client(Client::at(Coord::new(1.0, 0.0)).name("mill"));
        builder.add_client(Client::at(Coord::new(2.0, 0.0)));
        builder.add_vehicle_type(VehicleType::new(1));
        let problem = builder.build().unwrap();
        let (named, plain) = (Labels::of(&problem), Labels::INDICES);
        let clients = [0, 1, 7].map(ClientId::new);
        assert_eq!(clients.map(|id| named.client(id)), ["client \"mill\"", "client 1", "client 7"]);
        assert_eq!(clients.map(|id| plain.client(id)), ["client 0", "client 1", "client 7"]);
        assert_eq!(named.list(&clients), "\"mill\", 1, 7");
        assert_eq!(named.depot(DepotId::new(0)), r#"depot "the \"old\" yard""#);
        assert_eq!(named.activity(Activity::Client(clients[0])), "client \"mill\"");
        assert_eq!((named.stop(0, 2, 5), named.time(25_559)), ("route 0 trip 2 position 5".into(), "25559".into()));
        let dispatcher = Labels::for_dispatchers(&problem, Some(Clock::default()));
        assert_eq!((dispatcher.stop(0, 2, 5), dispatcher.time(25_559)), ("truck 1 trip 3".into(), "7:05".into()));
        assert_eq!(Labels::for_dispatchers(&problem, None).span(90), "90");
    }
}
