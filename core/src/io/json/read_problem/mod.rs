//! From a document to a problem.

mod clients;
mod disposal;
mod fleet;
mod relations;
mod zones;

use std::collections::BTreeMap;

use super::names::ProblemNames;
use super::parse::parse;
use super::problem_document::{
    BackhaulsDocument, LocationDocument, MeasureDocument, PlaceDocument, PointDocument, ProblemDocument,
};
use super::reference::{Names, Ref};
use super::travel::TravelDocument;
use super::{AskedTravel, JsonError, JsonFault};
use crate::ids::{ClientId, LocationId};
use crate::listing::Listing;
use crate::model::{
    Backhauls, ClientGroup, Coord, Depot, Location, Notes, Place, Problem, ProblemBuilder, ValidationError,
};
use crate::travel::Travel;

/// Reads a problem from JSON.
///
/// # Errors
///
/// [`JsonError`]: where the text is not a problem. Faults of references and matrices come all at once, and so do those
/// that [`ProblemBuilder::build`] finds.
pub fn read_problem(text: &str) -> Result<Problem, JsonError> {
    parse::<ProblemDocument>(text, "problem", super::problem_schema)?.build(None)
}

/// Looks up travel between locations, along the streets of a file or of a service; if that fails, says why.
pub type LookUp<'a> = dyn FnMut(&AskedTravel, &[Location]) -> Result<Travel, String> + 'a;

/// As [`read_problem`]; travel along streets of a file, or of a service, is looked up by a function.
///
/// # Errors
///
/// As [`read_problem`], and what the function says.
pub fn read_problem_on(text: &str, look_up: &mut LookUp<'_>) -> Result<Problem, JsonError> {
    parse::<ProblemDocument>(text, "problem", super::problem_schema)?.build_on(None, Some(look_up))
}

impl ProblemDocument {
    /// The problem that the document describes; with `travel`, whatever the document says of travel.
    ///
    /// Matrices are large: who has them as numbers need not put them into a document.
    ///
    /// # Errors
    ///
    /// [`JsonError::Content`] with all faults of references and matrices, or [`JsonError::Invalid`] with all that
    /// [`ProblemBuilder::build`] finds.
    pub fn build(self, travel: Option<Travel>) -> Result<Problem, JsonError> {
        self.build_on(travel, None)
    }

    /// As [`build`](Self::build); travel along streets is looked up once the locations are known.
    fn build_on(mut self, travel: Option<Travel>, look_up: Option<&mut LookUp<'_>>) -> Result<Problem, JsonError> {
        let streets = self.travel.as_ref().and_then(TravelDocument::asked);
        let streets = streets.filter(|_| travel.is_none()).zip(look_up);
        if streets.is_some() {
            self.travel = None;
        }
        let mut faults = Listing::default();
        let mut builder = ProblemBuilder::default();
        // Coordinates may be omitted only where nothing is computed from them.
        let mut needs_coordinates = self.goals.iter().any(|goal| goal.measure == MeasureDocument::Scatter);
        match (travel, self.travel.take()) {
            (Some(travel), _) => {
                needs_coordinates |= !matches!(travel, Travel::Matrices(_));
                builder.travel(travel);
            }
            (None, Some(travel)) => {
                needs_coordinates |= !travel.is_given();
                if let Some(travel) = travel.into_travel(&mut faults) {
                    builder.travel(travel);
                }
            }
            (None, None) => needs_coordinates = true,
        }
        let names = ProblemNames::from(&self);
        let mut reader = Reader { names: &names, needs_coordinates, builder, inline: Vec::new(), faults, kind: None };
        reader.read(&self);
        let Reader { mut builder, inline, mut faults, kind, .. } = reader;
        if let Some((asked, look_up)) = streets
            && faults.is_empty()
        {
            match look_up(&asked, &builder.locations) {
                Ok(travel) => _ = builder.travel(travel),
                Err(message) => faults.push(JsonFault::Network { path: "travel".to_owned(), message }),
            }
        }
        if !faults.is_empty() {
            return Err(JsonError::Content { faults: faults.kept, omitted: faults.omitted });
        }
        builder.build().map_err(|error| {
            let degrees = kind.is_some_and(|(kind, _)| kind != "x and y");
            JsonError::Invalid(place_in_document(error, self.locations.len(), &inline, degrees))
        })
    }
}

struct Reader<'a> {
    names: &'a ProblemNames<'a>,
    needs_coordinates: bool,
    builder: ProblemBuilder,
    /// Where points stand that are not in the list of locations, in the order in which they became locations.
    inline: Vec<String>,
    faults: Listing<JsonFault>,
    /// The kind of the first coordinates, and where they stand.
    kind: Option<(&'static str, String)>,
}

impl Reader<'_> {
    fn read(&mut self, document: &ProblemDocument) {
        self.builder.name(document.name.clone());
        if let Some(origin) = &document.origin {
            self.builder.origin(origin.clone());
        }
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
            read.notes = notes(&depot.remarks, &depot.tags);
            self.builder.add_depot(read);
        }
        for (g, group) in document.groups.iter().enumerate() {
            let list = |(p, pattern): (usize, &Vec<Ref>)| {
                self.ids(&self.names.clients, pattern, &format!("groups[{g}].patterns[{p}]"), ClientId::new)
            };
            let patterns = group.patterns.iter().enumerate().map(list).collect();
            self.builder.add_group(ClientGroup {
                required: group.required,
                patterns,
                pattern_costs: group.pattern_costs.clone(),
                name: group.name.clone(),
            });
        }
        self.clients(document);
        self.shipments(document);
        self.disposal(document);
        self.zones(document);
        self.vehicle_types(document);
        self.relations(document);
        self.goals(document);
    }

    /// The place; where it has a fault, any, for then no problem is built.
    fn place(&mut self, place: &PlaceDocument, name: &str, path: impl Fn() -> String) -> Place {
        match place {
            PlaceDocument::Location(reference) => {
                Place::Location(self.id(&self.names.locations, reference, path, LocationId::new))
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
            (Some(x), Some(y), None, None) => return self.of_kind("x and y", Coord::new(x, y), path),
            (None, None, Some(lon), Some(lat)) => return self.of_kind("lon and lat", Coord::new(lon, lat), path),
            (None, None, None, None) if !self.needs_coordinates => {}
            (None, None, None, None) => self.faults.push(JsonFault::NoCoordinates { path: path.to_owned() }),
            _ => self.faults.push(JsonFault::OddCoordinates { path: path.to_owned() }),
        }
        Coord::new(0.0, 0.0)
    }

    /// The coordinates, after a look at whether the points before had the same kind.
    fn of_kind(&mut self, found: &'static str, coord: Coord, path: &str) -> Coord {
        let (other, first) = self.kind.get_or_insert_with(|| (found, path.to_owned()));
        if *other != found {
            let fault = JsonFault::MixedCoordinates { path: path.to_owned(), found, first: first.clone(), other };
            self.faults.push(fault);
        }
        coord
    }

    /// What the reference means; where that is nothing, any, for then no problem is built.
    fn id<T>(
        &mut self,
        names: &Names,
        reference: &Ref,
        path: impl FnOnce() -> String,
        make: impl FnOnce(usize) -> T,
    ) -> T {
        make(names.resolve(reference, path, &mut self.faults).unwrap_or(0))
    }

    /// What the references of a list mean.
    fn ids<T>(&mut self, names: &Names, references: &[Ref], path: &str, make: impl Fn(usize) -> T) -> Vec<T> {
        let mut id = |(i, reference): (usize, &Ref)| self.id(names, reference, || format!("{path}[{i}]"), &make);
        references.iter().enumerate().map(&mut id).collect()
    }
}

/// What people say about a part of the document.
fn notes(remarks: &str, tags: &BTreeMap<String, String>) -> Notes {
    Notes { remarks: remarks.to_owned(), tags: tags.clone() }
}

/// Names points by where they stand in the document and by the names that coordinates have there, not by the locations
/// that they became.
fn place_in_document(mut error: ValidationError, listed: usize, inline: &[String], degrees: bool) -> ValidationError {
    for issue in &mut error.issues {
        let Some((index, field)) = issue.path.strip_prefix("locations[").and_then(|rest| rest.split_once(']')) else {
            continue;
        };
        let path = index.parse().ok().and_then(|index: usize| inline.get(index.checked_sub(listed)?)).cloned();
        let path = path.unwrap_or_else(|| format!("locations[{index}]"));
        let field = match field {
            ".x" if degrees => ".lon",
            ".y" if degrees => ".lat",
            field => field,
        };
        issue.path = format!("{path}{field}");
        if degrees {
            // The document calls them so itself.
            issue.remedy = issue.remedy.replace(" (x is the longitude)", "").replace("y is the latitude; ", "");
        }
    }
    error
}
