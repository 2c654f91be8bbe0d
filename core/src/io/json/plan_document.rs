//! A plan as a document.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::reference::Ref;

/// Routes for a problem. Vehicle types, when routes start, depots and what is done at each visit are what a reader takes;
/// everything else is stated by the writer, may be omitted, and is recomputed.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(title = "milkrun plan")]
#[schemars(rename = "Plan")]
pub struct PlanDocument {
    /// The kind of document.
    pub(super) milkrun: PlanKind,
    /// The version of the format.
    #[schemars(extend("const" = 1))]
    pub(super) version: u64,
    /// Where the schema is, for editors.
    #[serde(default, rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub(super) schema: Option<String>,
    /// The name of the problem.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) problem: Option<String>,
    /// The moment from which its times count, as the problem says it; omitted where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) origin: Option<String>,
    /// Whether the plan violates no rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) feasible: Option<bool>,
    /// What the plan costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cost: Option<CostDocument>,
    /// Grams of CO₂ that all vehicles emit; omitted where none says what it consumes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) emitted: Option<i64>,
    /// The routes, each of one vehicle.
    pub(super) routes: Vec<RouteDocument>,
    /// Unserved clients and shipments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) unserved: Option<UnservedDocument>,
    /// The violated rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) violations: Option<Vec<ViolationDocument>>,
}

#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PlanKind {
    Plan,
}

/// A cost, by cause.
#[derive(Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Cost")]
pub(super) struct CostDocument {
    /// Vehicles used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) fixed: Option<i64>,
    /// Distance driven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) distance: Option<i64>,
    /// Time from the start to the end of each route.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) duration: Option<i64>,
    /// Overtime. This and the next five are omitted where they are zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) overtime: Option<i64>,
    /// Waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) waiting: Option<i64>,
    /// Services that start outside of their soft windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) windows: Option<i64>,
    /// Visits to disposal sites, and tipping fees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) disposal: Option<i64>,
    /// Clients and shipments on vehicles of types that cost more for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) assignment: Option<i64>,
    /// Weighted goals; only of the whole plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) goals: Option<i64>,
    /// Prizes of unserved clients and shipments; only of the whole plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) unserved: Option<i64>,
    /// All of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) total: Option<i64>,
}

/// What one vehicle does.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Route")]
pub(super) struct RouteDocument {
    /// Which vehicle drives.
    pub(super) vehicle_type: Ref,
    /// When it starts to load for the first trip, or, without a depot, reaches the first stop. The route is driven from then
    /// on; if not given, it ends as early as possible and, given that, starts as late as possible. It is a wrong statement
    /// where shift, depot or releases do not let the route start then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) start: Option<i64>,
    /// When the route is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) end: Option<i64>,
    /// Time from start to end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) duration: Option<i64>,
    /// Time spent driving.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) driving: Option<i64>,
    /// Time spent waiting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) waiting: Option<i64>,
    /// Time spent driving, loading, on set-ups, serving and unloading. This and the next two are stated where a driver's day has rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) work: Option<i64>,
    /// Time spent on breaks and rests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) pauses: Option<i64>,
    /// Duration without unpaid breaks and rests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) paid: Option<i64>,
    /// Distance driven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) distance: Option<i64>,
    /// What the vehicle consumes, in thousandths of litres or kilowatt-hours; omitted where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) consumed: Option<i64>,
    /// Grams of CO₂ that it emits; omitted where it does not say what it consumes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) emitted: Option<i64>,
    /// What the route costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cost: Option<CostDocument>,
    /// What the vehicle drives, from depot to depot.
    pub(super) trips: Vec<TripDocument>,
    /// What is said of the vehicle type, where anything is; a statement that is not checked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) remarks: String,
    /// Its values by name; statements that are not checked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) tags: BTreeMap<String, String>,
}

/// From leaving a depot to reaching the next.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Trip")]
pub(super) struct TripDocument {
    /// Where the trip starts; at the first stop, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) start_depot: Option<Ref>,
    /// Where the trip ends; at the last stop, if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) end_depot: Option<Ref>,
    /// When loading starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) start: Option<i64>,
    /// When the vehicle leaves the depot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) departure: Option<i64>,
    /// When the vehicle reaches the depot at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) arrival: Option<i64>,
    /// Distance driven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) distance: Option<i64>,
    /// What is on board at departure, by load dimension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) load: Option<Vec<i64>>,
    /// The most that is on board at any point, by load dimension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) max_load: Option<Vec<i64>>,
    /// What is visited, in order.
    pub(super) visits: Vec<VisitDocument>,
}

/// One stop: exactly one of a client, a pickup, a delivery, a disposal site, a break and a rest.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Visit")]
pub(super) struct VisitDocument {
    /// The client that is served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) client: Option<Ref>,
    /// The shipment that is loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) pickup: Option<Ref>,
    /// The shipment that is unloaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) delivery: Option<Ref>,
    /// The disposal site where the vehicle empties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) dispose: Option<Ref>,
    /// The vehicle type's break that is taken.
    #[serde(default, rename = "break", skip_serializing_if = "Option::is_none")]
    pub(super) pause: Option<Ref>,
    /// How long the driver rests, as a driver rule asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rest: Option<i64>,
    /// Where; of a break or rest between two stops, the stop before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<Ref>,
    /// Time spent on the set-up of the place, which ends at the arrival; omitted where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) setup: Option<i64>,
    /// When the vehicle arrives, a set-up included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) arrival: Option<i64>,
    /// When service starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) start: Option<i64>,
    /// When the vehicle leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) departure: Option<i64>,
    /// What is on board afterwards, by load dimension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) load: Option<Vec<i64>>,
    /// What is said of the client, the shipment or the disposal site, where anything is; a statement that is not checked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) remarks: String,
    /// Its values by name; statements that are not checked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) tags: BTreeMap<String, String>,
}

/// What a plan leaves out.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Unserved")]
pub(super) struct UnservedDocument {
    /// Clients that are not served, and neither is another member of their group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) clients: Option<Vec<Ref>>,
    /// Shipments that are not carried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) shipments: Option<Vec<Ref>>,
}

/// A violated rule.
#[derive(Debug, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Violation")]
pub(super) struct ViolationDocument {
    /// Which rule: a word that stays the same over versions.
    pub(super) kind: String,
    /// The route that breaks it, where it is one alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) route: Option<usize>,
    /// What is wrong, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
}
