//! VRPLIB: the text format of CVRPLIB and TSPLIB, with the sections that richer problems have added to it.
//!
//! # Specifications (`KEY : value`)
//!
//! | key | meaning |
//! |---|---|
//! | `DIMENSION` | number of locations: depots first, then clients or the stops of shipments |
//! | `EDGE_WEIGHT_TYPE` | `EUC_2D`, `CEIL_2D`, `FLOOR_2D`, `EXACT_2D`, `MAN_2D`, `MAX_2D`, `EUC_3D`, `MAN_3D`, `MAX_3D`, `GEO`, `ATT` or `EXPLICIT` |
//! | `EDGE_WEIGHT_FORMAT` | `FULL_MATRIX`, or `LOWER`/`UPPER` with `_ROW`, `_COL`, `_DIAG_ROW` or `_DIAG_COL` |
//! | `VEHICLES` | number of vehicles; without it, one for each client or shipment, at every depot |
//! | `TYPE` | `VRPB`: [backhauls after linehauls](crate::Backhauls::AfterLinehauls); `TSP` and `ATSP`: one vehicle; `ACVRP`, `CVRP`, `DCVRP`, `GVRP`, `HFVRP`, `MDVRP`, `MDVRPTW`, `MTVRPTWR`, `PCVRPTW`, `PDPTW`, `SDVRPTW`, `VRP` and `VRPTW` have no effect, and others are errors |
//! | `DISTANCE` | maximum length of a route; if stops take time, service included |
//! | `CAPACITY`, `SERVICE_TIME`, `RELEASE_TIME`, `VEHICLES_MAX_DISTANCE`, `VEHICLES_MAX_DURATION`, `VEHICLES_MAX_RELOADS`, `VEHICLES_FIXED_COST`, `VEHICLES_UNIT_DISTANCE_COST` | one value for all, in place of the section of that name |
//! | `NAME` | the problem's name |
//! | `COMMENT`, `NODE_COORD_TYPE`, `DISPLAY_DATA_TYPE`, `EDGE_DATA_FORMAT` | nothing |
//!
//! # Sections
//!
//! One row for each location, led by its number from 1: `NODE_COORD_SECTION` (x, y), `DEMAND_SECTION` or
//! `LINEHAUL_SECTION` (delivered; one column for each load dimension), `BACKHAUL_SECTION` (picked up),
//! `SERVICE_TIME_SECTION`, `RELEASE_TIME_SECTION`, `TIME_WINDOW_SECTION` (earliest, latest), `PRIZE_SECTION` (0: must
//! be served), `PICKUP_AND_DELIVERY_SECTION` (demand, earliest, latest, service, number of the pickup or 0, number of
//! the delivery or 0). Their values for a depot are not used, except for its time window, which becomes the
//! [shift](crate::VehicleType::shift) of its vehicles.
//!
//! One row for each vehicle, led by its number from 1: `CAPACITY_SECTION`, `VEHICLES_DEPOT_SECTION`,
//! `VEHICLES_RELOAD_DEPOT_SECTION` (any number of depots), `VEHICLES_ALLOWED_CLIENTS_SECTION` (any number of clients),
//! `VEHICLES_MAX_DISTANCE_SECTION`, `VEHICLES_MAX_DURATION_SECTION`, `VEHICLES_MAX_RELOADS_SECTION`,
//! `VEHICLES_FIXED_COST_SECTION`, `VEHICLES_UNIT_DISTANCE_COST_SECTION`. Vehicles with equal rows become one vehicle type, in the
//! order of first appearance; its name lists their numbers: `vehicles 1-3,7`.
//!
//! `DEPOT_SECTION` lists the depots (only 1 without the section), and may end with -1. If they are not the first
//! locations, the locations are reordered. The file must end with `EOF`: otherwise it may be truncated.
//! `MUTUALLY_EXCLUSIVE_GROUP_SECTION` lists groups of clients, of which exactly one member is served; a group with
//! fewer than two members has no effect. `EDGE_WEIGHT_SECTION` holds the values of an explicit matrix, with any line
//! breaks, whose diagonal is not used; `DISPLAY_DATA_SECTION` holds points for maps.
//!
//! Keys may be in lower case, with blanks or hyphens for their underscores, and with `=` or nothing for the colon; a section's
//! header may lack its `_SECTION`. Any other name is an error: unknown data is never silently ignored. So are edges of
//! `FIXED_EDGES_SECTION`, and locations that are numbered from 0.
//!
//! # Rounding
//!
//! The convention turns each value into an integer, except for counts, numbers of locations and
//! `VEHICLES_UNIT_DISTANCE_COST`. Straight lines are computed from the unrounded coordinates, and then rounded. Limits
//! and ends of time windows from [`MAX_VALUE`](crate::units::MAX_VALUE) on are no restriction.

mod document;
mod fleet;
mod jobs;
mod representable;
mod tables;
mod travel;
mod unsupported;
mod write;

pub use write::write;

use std::collections::HashMap;

use document::Document;
use tables::{Context, Order};

use crate::ids::LocationId;
use crate::io::fault::Faults;
use crate::io::{FaultKind, ReadError, text};
use crate::model::{Backhauls, ClientGroup, Depot, Location, Problem};
use crate::travel::Rounding;

/// The known values of `TYPE`. Others may change the meaning of a file, and with it the rounding.
const KINDS: [&str; 16] = [
    "ACVRP", "ATSP", "CVRP", "DCVRP", "GVRP", "HFVRP", "MDVRP", "MDVRPTW", "MTVRPTWR", "PCVRPTW", "PDPTW", "SDVRPTW",
    "TSP", "VRP", "VRPB", "VRPTW",
];

/// All keys of specifications that have a meaning, or are known to have none.
const SPECIFICATIONS: [&str; 19] = [
    "CAPACITY",
    "COMMENT",
    "DIMENSION",
    "DISPLAY_DATA_TYPE",
    "DISTANCE",
    "EDGE_DATA_FORMAT",
    "EDGE_WEIGHT_FORMAT",
    "EDGE_WEIGHT_TYPE",
    "NAME",
    "NODE_COORD_TYPE",
    "RELEASE_TIME",
    "SERVICE_TIME",
    "TYPE",
    "VEHICLES",
    "VEHICLES_FIXED_COST",
    "VEHICLES_MAX_DISTANCE",
    "VEHICLES_MAX_DURATION",
    "VEHICLES_MAX_RELOADS",
    "VEHICLES_UNIT_DISTANCE_COST",
];

/// All names of sections, without `_SECTION`.
const SECTIONS: [&str; 23] = [
    "BACKHAUL",
    "CAPACITY",
    "DEMAND",
    "DEPOT",
    "DISPLAY_DATA",
    "EDGE_WEIGHT",
    "FIXED_EDGES",
    "LINEHAUL",
    "MUTUALLY_EXCLUSIVE_GROUP",
    "NODE_COORD",
    "PICKUP_AND_DELIVERY",
    "PRIZE",
    "RELEASE_TIME",
    "SERVICE_TIME",
    "TIME_WINDOW",
    "VEHICLES_ALLOWED_CLIENTS",
    "VEHICLES_DEPOT",
    "VEHICLES_FIXED_COST",
    "VEHICLES_MAX_DISTANCE",
    "VEHICLES_MAX_DURATION",
    "VEHICLES_MAX_RELOADS",
    "VEHICLES_RELOAD_DEPOT",
    "VEHICLES_UNIT_DISTANCE_COST",
];

/// The maximum number of locations of a file.
const MAX_LOCATIONS: usize = 100_000_000;

/// The problem that a VRPLIB text describes, its decimals rounded by a convention.
///
/// [`LocationId`]s follow the numbers of the file: client `i` of a file with `d` depots is at location
/// `d + i`.
///
/// ```
/// use milkrun::{Rounding, io::vrplib};
///
/// let text = "NAME : tiny\nTYPE : CVRP\nDIMENSION : 3\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 10\n\
///     NODE_COORD_SECTION\n1 0 0\n2 3 4\n3 6 8\nDEMAND_SECTION\n1 0\n2 7\n3 5\nDEPOT_SECTION\n1\n-1\nEOF\n";
/// let problem = vrplib::read(text, Rounding::Round).unwrap();
/// assert_eq!(problem.clients()[1].delivery, [5]);
/// assert_eq!(problem.num_vehicles(), 2);
///
/// let error = vrplib::read(text.replace("3 5", "3 five"), Rounding::Round).unwrap_err();
/// assert!(error.to_string().contains("line 13, DEMAND_SECTION, `five`: not a number"));
/// ```
pub fn read(content: impl AsRef<[u8]>, rounding: Rounding) -> Result<Problem, ReadError> {
    let mut faults = Faults::new("VRPLIB");
    let document = Document::parse(content.as_ref(), &mut faults);
    let mut context = Context { document: &document, rounding, faults, order: Order::default() };
    if document.specifications.is_empty() && document.sections.is_empty() && context.faults.is_empty() {
        context.faults.push(None, "", "", FaultKind::Empty);
    }
    context.check_names(&SPECIFICATIONS, &SECTIONS);
    context.check_kind(&KINDS);
    check_fixed_edges(&mut context);
    let Some((count, depots)) = dimensions(&mut context) else { return Err(refused(context)) };
    let travel = travel::read(&mut context, count);
    // Faults of other sections are reported as well; a count that exceeds the file's numbers would only waste memory.
    if travel.is_none() && document.values() < count {
        return Err(refused(context));
    }
    let jobs = jobs::read(&mut context, count, depots);
    let num_jobs = (jobs.clients.len() + jobs.shipments.len()).max(1);
    let fleet = fleet::read(&mut context, count, depots, num_jobs, &jobs.windows, jobs.load_dimensions);
    let Some((coords, travel)) = travel.filter(|_| document.ended && context.faults.is_empty()) else {
        return Err(refused(context));
    };

    let mut builder = Problem::builder();
    let value = |key| context.specification(key).map_or("", |specification| specification.value.as_str());
    builder.name(value("NAME").trim_matches('"').trim());
    if kind(&context).as_deref() == Some("VRPB") {
        builder.backhauls(Backhauls::AfterLinehauls);
    }
    for coord in coords {
        builder.add_location(Location { coord, name: String::new() });
    }
    for depot in 0..depots {
        builder.add_depot(Depot::at(LocationId::new(depot)));
    }
    for _ in 0..jobs.num_groups {
        builder.add_group(ClientGroup::required());
    }
    for client in jobs.clients {
        builder.add_client(client);
    }
    for shipment in jobs.shipments {
        builder.add_shipment(shipment);
    }
    for vehicle_type in fleet {
        builder.add_vehicle_type(vehicle_type);
    }
    builder.travel(travel);
    context.faults.built(builder.build())
}

/// The error of a file. For a file truncated between two sections, only the missing end is reported.
fn refused(mut context: Context<'_>) -> ReadError {
    let document = context.document;
    let empty = document.specifications.is_empty() && document.sections.is_empty();
    if !document.ended && !empty {
        let section = document.sections.last().map_or("", |section| section.name.as_str());
        context.faults.push(None, section, "", FaultKind::CutOff);
    }
    context.faults.into_error()
}

/// Edges that every tour must have cannot be stated: a relation has a direction.
fn check_fixed_edges(context: &mut Context<'_>) {
    let Some(section) = context.section("FIXED_EDGES_SECTION") else { return };
    let edge = |&row: &usize| !matches!(section.row(row), [end] if *end as i64 == -1);
    for row in (0..section.len()).filter(edge) {
        let place = section.place(row);
        let shown = tables::show_row(section.row(row));
        place.fault(&mut context.faults, shown, FaultKind::FixedEdge);
    }
}

/// Whether a line is a specification or the header of a section.
pub(super) fn is_head(line: &[u8]) -> bool {
    matches!(document::classify(line), document::Line::Header(_) | document::Line::Specification(..))
}

/// The type that a file declares, before it is read: the first word of `TYPE`, in upper case.
pub(super) fn declared_type(content: &[u8]) -> Option<String> {
    for (_, line) in text::lines(content) {
        match document::classify(line) {
            document::Line::Header(_) | document::Line::End => return None,
            document::Line::Specification(key, value) if key == "TYPE" => return first_word(&value),
            _ => {}
        }
    }
    None
}

fn first_word(value: &str) -> Option<String> {
    Some(value.split_whitespace().next()?.to_ascii_uppercase())
}

/// The type of problem that the file declares: the first word of `TYPE`, in upper case.
fn kind(context: &Context<'_>) -> Option<String> {
    first_word(&context.specification("TYPE")?.value)
}

/// Number of locations, and how many of them are depots; `None` if a fault is reported.
fn dimensions(context: &mut Context<'_>) -> Option<(usize, usize)> {
    if context.specification("DIMENSION").is_none() {
        context.faults.push(None, "", "", FaultKind::MissingSpecification("DIMENSION"));
    }
    let count = context.count("DIMENSION", 1, MAX_LOCATIONS)?;
    let mut depots = vec![0];
    if let Some(section) = context.section("DEPOT_SECTION") {
        depots.clear();
        let mut lines = HashMap::new();
        let listed = section.values().iter().enumerate().filter(|&(_, &raw)| raw.fract() != 0.0 || raw as i64 != -1);
        for (i, &raw) in listed {
            let place = section.place(section.row_of_value(i));
            if raw == 0.0 {
                // All other sections are still checked, as if it were the first location.
                place.fault(&mut context.faults, "0", FaultKind::CountedFromZero);
                depots.push(0);
                continue;
            }
            let depot = place.index(&mut context.faults, raw, "location", 1, count)?;
            if let Some(first_line) = lines.insert(depot, place.line) {
                let kind = FaultKind::DuplicateRow { what: "depot", first_line };
                place.fault(&mut context.faults, text::show_number(raw), kind);
                return None;
            }
            depots.push(depot);
        }
        if depots.is_empty() {
            section.header().fault(&mut context.faults, "", FaultKind::NoDepot);
            return None;
        }
    }
    // A file with fewer numbers than locations is refused for its sections.
    if context.document.values() >= count {
        context.order = Order::new(&depots, count);
    }
    let depots = depots.len();
    if depots >= count {
        context.faults.push(None, "", "", FaultKind::NoClient);
        return None;
    }
    Some((count, depots))
}
