//! From a document to a problem.

use super::parse::parse;
use super::problem_document::{
    BackhaulsDocument, LocationDocument, PlaceDocument, PointDocument, ProblemDocument, StopDocument,
    VehicleTypeDocument,
};
use super::reference::{Names, Ref};
use super::{JsonError, JsonFault};
use crate::ids::{ClientId, DepotId, GroupId, LocationId, ProfileId};
use crate::model::{
    Backhauls, Client, ClientGroup, Coord, Depot, Location, Place, Problem, ProblemBuilder, Shipment, ShipmentStop,
    ValidationError, VehicleType,
};

/// Reads a problem from JSON.
///
/// # Errors
///
/// [`JsonError`]: where the text is not a problem. Faults of references and matrices come all at once, and so do those
/// that [`ProblemBuilder::build`] finds.
pub fn read_problem(text: &str) -> Result<Problem, JsonError> {
    let mut document: ProblemDocument = parse(text, "problem")?;
    let mut faults = Vec::new();
    let mut builder = ProblemBuilder::default();
    // Coordinates may be left out only where nothing is computed from them.
    let needs_coordinates;
    match document.travel.take() {
        Some(travel) => {
            needs_coordinates = !travel.is_given();
            if let Some(travel) = travel.into_travel(&mut faults) {
                builder.travel(travel);
            }
        }
        None => needs_coordinates = true,
    }
    let mut reader = Reader {
        locations: Names::new("location", document.locations.iter().map(|l| l.name.as_str())),
        needs_coordinates,
        builder,
        inline: Vec::new(),
        faults,
    };
    reader.read(&document);
    let Reader { builder, inline, faults, .. } = reader;
    if !faults.is_empty() {
        return Err(JsonError::Content { faults });
    }
    builder.build().map_err(|error| JsonError::Invalid(place_in_document(error, document.locations.len(), &inline)))
}

struct Reader<'a> {
    locations: Names<'a>,
    needs_coordinates: bool,
    builder: ProblemBuilder,
    /// Where points stand that are not in the list of locations, in the order in which they became locations.
    inline: Vec<String>,
    faults: Vec<JsonFault>,
}

impl Reader<'_> {
    fn read(&mut self, document: &ProblemDocument) {
        self.builder.name(document.name.clone());
        self.builder.backhauls(match document.backhauls {
            BackhaulsDocument::Mixed => Backhauls::Mixed,
            BackhaulsDocument::AfterLinehauls => Backhauls::AfterLinehauls,
        });
        for (i, location) in document.locations.iter().enumerate() {
            let &LocationDocument { ref name, x, y, lon, lat } = location;
            let coord = self.coord(&PointDocument { x, y, lon, lat }, &format!("locations[{i}]"));
            self.builder.add_location(Location { coord, name: name.clone() });
        }
        for (i, depot) in document.depots.iter().enumerate() {
            let place = self.place(&depot.location, &depot.name, || format!("depots[{i}].location"));
            let mut read = Depot::at(place).service(depot.service).name(depot.name.clone());
            read.time_window = depot.time_window.into();
            self.builder.add_depot(read);
        }
        for group in &document.groups {
            self.builder.add_group(ClientGroup { required: group.required, name: group.name.clone() });
        }
        self.clients(document);
        for (i, shipment) in document.shipments.iter().enumerate() {
            let pickup = self.stop(&shipment.pickup, &shipment.name, &format!("shipments[{i}].pickup"));
            let delivery = self.stop(&shipment.delivery, &shipment.name, &format!("shipments[{i}].delivery"));
            let mut read = Shipment::new(pickup, delivery).amount(shipment.amount.clone()).name(shipment.name.clone());
            (read.prize, read.required) = (shipment.prize, shipment.required);
            self.builder.add_shipment(read);
        }
        self.vehicle_types(document);
    }

    fn clients(&mut self, document: &ProblemDocument) {
        let groups = Names::new("group", document.groups.iter().map(|g| g.name.as_str()));
        for (i, client) in document.clients.iter().enumerate() {
            let place = self.place(&client.location, &client.name, || format!("clients[{i}].location"));
            let mut read = Client::at(place)
                .delivery(client.delivery.clone())
                .pickup(client.pickup.clone())
                .service(client.service)
                .release(client.release)
                .name(client.name.clone());
            read.time_window = client.time_window.into();
            (read.prize, read.required) = (client.prize, client.required);
            read.group = client.group.as_ref().and_then(|group| {
                groups.resolve(group, || format!("clients[{i}].group"), &mut self.faults).map(GroupId::new)
            });
            self.builder.add_client(read);
        }
    }

    fn vehicle_types(&mut self, document: &ProblemDocument) {
        let depots = Names::new("depot", document.depots.iter().map(|d| d.name.as_str()));
        let clients = Names::new("client", document.clients.iter().map(|c| c.name.as_str()));
        for (i, vehicle_type) in document.vehicle_types.iter().enumerate() {
            let path = format!("vehicle_types[{i}]");
            let read = self.vehicle_type(vehicle_type, &path, &depots, &clients);
            self.builder.add_vehicle_type(read);
        }
    }

    fn vehicle_type(
        &mut self,
        document: &VehicleTypeDocument,
        path: &str,
        depots: &Names,
        clients: &Names,
    ) -> VehicleType {
        let faults = &mut self.faults;
        let mut depot = |field: &str, reference: &Ref| {
            depots.resolve(reference, || format!("{path}.{field}"), faults).map(DepotId::new)
        };
        let start = document.start.as_ref().and_then(|reference| depot("start", reference));
        let end = document.end.as_ref().and_then(|reference| depot("end", reference));
        let reload_depots = document
            .reload_depots
            .iter()
            .enumerate()
            .filter_map(|(d, reference)| depot(&format!("reload_depots[{d}]"), reference))
            .collect();
        let allowed_clients = document.allowed_clients.as_ref().map(|allowed| {
            let resolve = |(c, reference): (usize, &Ref)| {
                let path = || format!("{path}.allowed_clients[{c}]");
                clients.resolve(reference, path, faults).map(ClientId::new)
            };
            allowed.iter().enumerate().filter_map(resolve).collect()
        });
        VehicleType {
            count: document.count,
            capacity: document.capacity.clone(),
            start,
            end,
            fixed_cost: document.fixed_cost,
            cost_per_distance: document.cost_per_distance,
            cost_per_duration: document.cost_per_duration,
            shift: document.shift.into(),
            max_duration: document.max_duration,
            max_distance: document.max_distance,
            allowed_clients,
            reload_depots,
            max_trips: document.max_trips,
            profile: ProfileId::new(document.profile as usize),
            name: document.name.clone(),
            ..VehicleType::new(document.count)
        }
    }

    fn stop(&mut self, stop: &StopDocument, name: &str, path: &str) -> ShipmentStop {
        let place = self.place(&stop.location, name, || format!("{path}.location"));
        ShipmentStop { place, service: stop.service, time_window: stop.time_window.into() }
    }

    /// The place; where it has a fault, any, for then no problem is built.
    fn place(&mut self, place: &PlaceDocument, name: &str, path: impl Fn() -> String) -> Place {
        match place {
            PlaceDocument::Location(reference) => {
                Place::Location(LocationId::new(self.locations.resolve(reference, path, &mut self.faults).unwrap_or(0)))
            }
            PlaceDocument::Point(point) => {
                let coord = self.coord(point, &path());
                self.inline.push(path());
                Place::Location(self.builder.add_location(Location { coord, name: name.to_owned() }))
            }
        }
    }

    fn coord(&mut self, point: &PointDocument, path: &str) -> Coord {
        let PointDocument { x, y, lon, lat } = *point;
        match (x, y, lon, lat) {
            (Some(x), Some(y), None, None) | (None, None, Some(x), Some(y)) => return Coord::new(x, y),
            (None, None, None, None) if !self.needs_coordinates => {}
            (None, None, None, None) => self.faults.push(JsonFault::NoCoordinates { path: path.to_owned() }),
            _ => self.faults.push(JsonFault::OddCoordinates { path: path.to_owned() }),
        }
        Coord::new(0.0, 0.0)
    }
}

/// Names points by where they stand in the document, not by the locations that they became.
fn place_in_document(mut error: ValidationError, listed: usize, inline: &[String]) -> ValidationError {
    for issue in &mut error.issues {
        let Some((index, field)) = issue.path.strip_prefix("locations[").and_then(|rest| rest.split_once(']')) else {
            continue;
        };
        let path = index.parse().ok().and_then(|index: usize| inline.get(index.checked_sub(listed)?));
        if let Some(path) = path {
            issue.path = format!("{path}{field}");
        }
    }
    error
}
