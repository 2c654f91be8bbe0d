//! A problem as a document. These types mirror the model so that the model stays free of the format.

mod activity;
mod clients;
mod consumption;
mod disposal;
mod driver;
mod fleet;
mod goals;
mod place;
mod relations;
mod time;
mod window;
mod zones;

use schemars::JsonSchema;
use serde::de::Deserializer;
use serde::{Deserialize, Serialize};

pub(super) use activity::ActivityDocument;
pub(super) use clients::{
    AssignmentDocument, ClientDocument, GroupDocument, ServiceDocument, ShipmentDocument, StopDocument,
};
pub(super) use consumption::ConsumptionDocument;
pub(super) use disposal::{CompartmentDocument, DisposalSiteDocument, MaterialDocument, RateDocument};
pub(super) use driver::{BreakDocument, DriverRuleDocument, OvertimeDocument};
pub(super) use fleet::{DepotDocument, VehicleTypeDocument};
pub(super) use goals::{GoalDocument, MeasureDocument, SpeedStepDocument};
pub(super) use place::{LocationDocument, PlaceDocument, PointDocument};
pub(super) use relations::{PinDocument, PositionDocument, PrecedenceDocument, RelationDocument};
pub(super) use time::duration;
pub use window::WindowCoversDocument;
pub(super) use window::{SoftWindowDocument, WindowDocument};
pub(super) use zones::{ClosedZoneDocument, ZoneAreaDocument, ZoneDocument, ZoneRuleDocument};

use time::{OriginDocument, origin, write_origin};

use super::reference::Ref;
use super::travel::TravelDocument;
use crate::calendar::Origin;

/// A routing problem. Lists of amounts have one value for each load dimension; missing ones are zero. Times count from
/// the planning origin.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(title = "milkrun problem")]
#[schemars(rename = "Problem")]
pub struct ProblemDocument {
    /// The kind of document.
    pub(super) milkrun: ProblemKind,
    /// The version of the format.
    #[schemars(extend("const" = 1))]
    pub(super) version: u64,
    /// Where the schema is, for editors.
    #[serde(default, rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub(super) schema: Option<String>,
    /// The problem's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) name: String,
    /// The moment from which times count, in seconds, with its time zone: `2026-12-03T00:00[Europe/Amsterdam]`. Times may then be dates
    /// and times of that zone, or moments with an offset; times of day are those of its day.
    #[serde(
        default,
        deserialize_with = "origin",
        serialize_with = "write_origin",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<OriginDocument>")]
    pub(super) origin: Option<Origin>,
    /// Where distances and durations come from; straight lines, rounded to the nearest integer, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) travel: Option<TravelDocument>,
    /// In which order deliveries and pickups of single clients may follow each other on a trip.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) backhauls: BackhaulsDocument,
    /// Places that others refer to. They come first in the rows and columns of matrices; points given elsewhere
    /// follow, those of depots first, then of clients, of shipments, of disposal sites and of breaks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) locations: Vec<LocationDocument>,
    /// Where vehicles start, end and reload.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) depots: Vec<DepotDocument>,
    /// What waste is made of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) materials: Vec<MaterialDocument>,
    /// Pairs of materials that are never on board of a vehicle without compartments at the same time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) separate_materials: Vec<(Ref, Ref)>,
    /// Landfills and transfer stations, where vehicles leave what they have picked up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) disposal_sites: Vec<DisposalSiteDocument>,
    /// Groups of clients of which at most one is served, or those of one pattern.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) groups: Vec<GroupDocument>,
    /// Single stops.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) clients: Vec<ClientDocument>,
    /// Pickups with their deliveries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) shipments: Vec<ShipmentDocument>,
    /// Parts of the map, for the rules of vehicle types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) zones: Vec<ZoneDocument>,
    /// The fleet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) vehicle_types: Vec<VehicleTypeDocument>,
    /// What ties clients to each other and to vehicles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) relations: Vec<RelationDocument>,
    /// What a plan is measured by, besides its cost. Ranked goals rank in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) goals: Vec<GoalDocument>,
    /// How fast the travel profiles are over the day, in their order: from when on how fast. Before the first step, and
    /// for profiles without steps, it is 100 percent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) speeds: Vec<Vec<SpeedStepDocument>>,
}

#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ProblemKind {
    Problem,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Backhauls")]
pub(super) enum BackhaulsDocument {
    /// Any order.
    #[default]
    Mixed,
    /// Clients with a pickup and no delivery come after all clients with a delivery, and no trip begins with one.
    AfterLinehauls,
}

fn yes() -> bool {
    true
}

fn one() -> usize {
    1
}

fn unit_cost() -> i64 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_true(value: &bool) -> bool {
    *value
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A field that may be missing, but not be null.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
