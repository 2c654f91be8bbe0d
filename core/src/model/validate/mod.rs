//! Finds all faults of a problem at once.

mod clients;
mod costs;
mod disposal;
mod driver;
mod executed;
mod fleet;
mod goals;
mod relations;
mod speeds;
mod travel;
mod zones;

use std::fmt;

use crate::ids::{ClientId, DepotId, DisposalSiteId, MaterialId, ShipmentId, VehicleTypeId, ZoneId};
use crate::listing::{self, Listing, shortened};
use crate::model::{Place, ProblemBuilder, TimeWindow};
use crate::travel::Travel;
use crate::units::{Load, MAX_COST, MAX_VALUE};

/// One fault of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Issue {
    /// Where it is, as a path into the problem: `clients[3].time_window`.
    pub path: String,
    /// The offending value.
    pub value: String,
    /// What is wrong with it.
    pub message: String,
    /// How to correct it.
    pub remedy: String,
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if self.value.is_empty() { String::new() } else { format!(" = {}", self.value) };
        write!(f, "{}{value}: {}; {}", self.path, self.message, self.remedy)
    }
}

/// All faults that validation found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the problem has {}", listing::counted(issues, *omitted))]
#[non_exhaustive]
pub struct ValidationError {
    /// The first thousand faults, in the order of the problem's parts.
    pub issues: Vec<Issue>,
    /// The number of further faults.
    pub omitted: usize,
}

/// The maximum number of load dimensions that any part of the problem names.
pub(super) fn load_dimensions(builder: &ProblemBuilder) -> usize {
    let clients = builder.clients.iter().map(|c| c.delivery.len().max(c.pickup.len()));
    let shipments = builder.shipments.iter().map(|s| s.amount.len());
    let vehicles = builder.vehicle_types.iter().map(|v| v.capacity.len());
    let consumption = builder.vehicle_types.iter().filter_map(|v| v.consumption.as_ref());
    let consumption = consumption.map(|consumption| consumption.per_load_distance.len());
    clients.chain(shipments).chain(vehicles).chain(consumption).max().unwrap_or(0)
}

/// Reports every fault of the builder's parts.
pub(super) fn validate(builder: &ProblemBuilder, travel: &Travel) -> Result<(), ValidationError> {
    let mut v = Validator { builder, dimensions: load_dimensions(builder), issues: Listing::default() };
    v.travel(travel);
    v.locations(travel);
    v.depots();
    v.materials();
    v.disposal_sites();
    v.clients();
    v.shipments();
    v.groups();
    v.zones(travel);
    v.vehicle_types(travel);
    v.executed();
    v.relations();
    v.goals(travel);
    v.speeds(travel);
    if v.issues.is_empty() {
        v.total_cost(travel);
    }
    let Listing { kept, omitted } = v.issues;
    if kept.is_empty() { Ok(()) } else { Err(ValidationError { issues: kept, omitted }) }
}

struct Validator<'a> {
    builder: &'a ProblemBuilder,
    dimensions: usize,
    issues: Listing<Issue>,
}

/// The remedy for a list of amounts that is longer than the number of load dimensions.
const TOO_MANY_DIMENSIONS: &str = "give one value for each dimension that a client, shipment or capacity has";

impl Validator<'_> {
    fn fault(&mut self, path: String, value: impl fmt::Display, message: &str, remedy: &str) {
        self.issues.push_with(|| Issue {
            path,
            value: shortened(&value.to_string()).into_owned(),
            message: message.to_owned(),
            remedy: remedy.to_owned(),
        });
    }

    fn amount(&mut self, path: String, value: i64) {
        if value < 0 {
            self.fault(path, value, "must not be negative", "give zero or more");
        } else if value > MAX_VALUE {
            self.fault(path, value, "is above 1073741823 (2^30 - 1)", "use a coarser unit");
        }
    }

    fn money(&mut self, path: String, value: i64) {
        if value < 0 {
            self.fault(path, value, "must not be negative", "give zero or more");
        } else if value > MAX_COST {
            self.fault(path, value, "is above 2^40", "use a coarser unit");
        }
    }

    fn time_window(&mut self, path: &str, window: TimeWindow) {
        for (name, time) in [("early", window.early), ("late", window.late)] {
            if !(-MAX_VALUE..=MAX_VALUE).contains(&time) {
                let remedy = "count time from the planning origin (not from 1970), or use a coarser unit";
                self.fault(format!("{path}.{name}"), time, "is outside ±1073741823 (2^30 - 1)", remedy);
            }
        }
        if window.early > window.late {
            let value = format!("[{}, {}]", window.early, window.late);
            self.fault(
                path.to_owned(),
                value,
                "closes before it opens",
                "swap the two times or, if the window spans midnight, add a day to the later one",
            );
        }
    }

    fn loads(&mut self, path: &str, list: &[Load]) {
        for (d, &q) in list.iter().enumerate() {
            self.amount(format!("{path}[{d}]"), q);
        }
    }

    fn place(&mut self, path: String, place: Place) {
        if let Place::Location(id) = place {
            self.known(path, ("location", "add_location"), id.index(), self.builder.locations.len());
        }
    }

    /// Like [`amount`](Self::amount), and above zero.
    fn positive(&mut self, path: String, value: i64) {
        if value < 1 {
            self.fault(path, value, "must be positive", "give one or more");
        } else {
            self.amount(path, value);
        }
    }

    /// Windows that must be in ascending order and disjoint; `path` gives the path of the window at an index.
    fn time_windows(&mut self, path: impl Fn(usize) -> String, windows: &[TimeWindow]) {
        for (w, &window) in windows.iter().enumerate() {
            self.time_window(&path(w), window);
        }
        for (w, pair) in windows.windows(2).enumerate() {
            if pair[1].early <= pair[0].late {
                let value = format!("[{}, {}]", pair[1].early, pair[1].late);
                let message = format!("opens before the previous window closes, at {}", pair[0].late);
                let remedy = "give the windows in ascending order, and merge those that touch or overlap";
                self.fault(path(w + 1), value, &message, remedy);
            }
        }
    }

    /// A list by load dimension, which may omit the last ones.
    fn at_most_all_dimensions(&mut self, path: String, length: usize) {
        let dimensions = self.dimensions;
        if length > dimensions {
            let message = format!("the problem has {dimensions} load dimensions");
            self.fault(path, format!("{length} values"), &message, TOO_MANY_DIMENSIONS);
        }
    }

    /// Amounts by load dimension, of which the last ones may be omitted.
    fn limits(&mut self, path: &str, list: &[Load]) {
        self.loads(path, list);
        self.at_most_all_dimensions(path.to_owned(), list.len());
    }

    fn depot(&mut self, path: String, depot: Option<DepotId>) {
        if let Some(depot) = depot {
            self.known(path, ("depot", "add_depot"), depot.index(), self.builder.depots.len());
        }
    }

    fn client(&mut self, path: String, client: ClientId) {
        self.known(path, ("client", "add_client"), client.index(), self.builder.clients.len());
    }

    fn shipment(&mut self, path: String, shipment: ShipmentId) {
        self.known(path, ("shipment", "add_shipment"), shipment.index(), self.builder.shipments.len());
    }

    fn material(&mut self, path: String, material: MaterialId) {
        self.known(path, ("material", "add_material"), material.index(), self.builder.materials.len());
    }

    fn disposal_site(&mut self, path: String, site: DisposalSiteId) {
        self.known(path, ("disposal site", "add_disposal_site"), site.index(), self.builder.disposal_sites.len());
    }

    fn vehicle_type_id(&mut self, path: String, vehicle_type: VehicleTypeId) {
        let count = self.builder.vehicle_types.len();
        self.known(path, ("vehicle type", "add_vehicle_type"), vehicle_type.index(), count);
    }

    fn zone(&mut self, path: String, zone: ZoneId) {
        self.known(path, ("zone", "add_zone"), zone.index(), self.builder.zones.len());
    }

    /// An index that the builder must know: the kind of object, and the method that adds it.
    fn known(&mut self, path: String, (kind, adder): (&str, &str), index: usize, count: usize) {
        if index >= count {
            let remedy = format!("use the id that `{adder}` of the same builder returned");
            self.fault(path, index, &format!("there is no such {kind}"), &remedy);
        }
    }
}
