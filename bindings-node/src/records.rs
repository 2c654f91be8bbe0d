//! Plain objects that cross the border.

use napi_derive::napi;

use crate::day_records::SoftWindowRecord;

/// Earliest and latest time.
#[napi(object)]
pub struct WindowRecord {
    pub early: i64,
    pub late: i64,
}

/// A depot.
#[napi(object)]
pub struct DepotRecord {
    pub location: u32,
    pub service: i64,
    pub window: WindowRecord,
    pub name: String,
}

/// A client.
#[napi(object)]
pub struct ClientRecord {
    pub location: u32,
    pub delivery: Vec<i64>,
    pub pickup: Vec<i64>,
    pub service: i64,
    pub window: WindowRecord,
    pub release: i64,
    pub prize: i64,
    pub required: bool,
    pub group: Option<u32>,
    pub material: Option<u32>,
    pub more_windows: Vec<WindowRecord>,
    pub soft_window: Option<SoftWindowRecord>,
    pub skills: Vec<String>,
    pub priority: u32,
    pub name: String,
}

/// One end of a shipment.
#[napi(object)]
pub struct ShipmentStopRecord {
    pub location: u32,
    pub service: i64,
    pub window: WindowRecord,
}

/// A shipment.
#[napi(object)]
pub struct ShipmentRecord {
    pub pickup: ShipmentStopRecord,
    pub delivery: ShipmentStopRecord,
    pub amount: Vec<i64>,
    pub prize: i64,
    pub required: bool,
    pub name: String,
}

/// A vehicle type.
#[napi(object)]
pub struct VehicleTypeRecord {
    pub count: u32,
    pub capacity: Vec<i64>,
    pub start: Option<u32>,
    pub end: Option<u32>,
    pub fixed_cost: i64,
    pub cost_per_distance: i64,
    pub cost_per_duration: i64,
    pub shift: WindowRecord,
    pub max_duration: Option<i64>,
    pub max_distance: Option<i64>,
    pub allowed_clients: Option<Vec<u32>>,
    pub reload_depots: Vec<u32>,
    pub max_trips: Option<u32>,
    pub profile: u32,
    pub name: String,
}

/// What a problem holds, by name and place.
#[napi(object)]
pub struct PlaceRecord {
    pub location: u32,
    pub name: String,
}

/// A location.
#[napi(object)]
pub struct LocationRecord {
    pub x: f64,
    pub y: f64,
    pub name: String,
}

/// A vehicle type as far as plans need it.
#[napi(object)]
pub struct FleetRecord {
    pub count: u32,
    pub name: String,
    pub start: Option<u32>,
    pub end: Option<u32>,
    /// The names of its breaks.
    pub breaks: Vec<String>,
}

/// A cost by cause.
#[napi(object)]
pub struct CostRecord {
    pub fixed: i64,
    pub distance: i64,
    pub duration: i64,
    pub overtime: i64,
    pub waiting: i64,
    pub windows: i64,
    pub disposal: i64,
    pub goals: i64,
    pub unserved: i64,
}

/// One stop of a trip; `kind` is client, pickup, delivery, dispose, break or rest. The index of a rest is its length.
#[napi(object)]
pub struct VisitRecord {
    pub kind: String,
    pub index: u32,
    pub location: u32,
    pub arrival: i64,
    pub start: i64,
    pub departure: i64,
    pub load: Vec<i64>,
}

/// A trip.
#[napi(object)]
pub struct TripRecord {
    pub start_depot: Option<u32>,
    pub end_depot: Option<u32>,
    pub start: i64,
    pub departure: i64,
    pub arrival: i64,
    pub distance: i64,
    pub load: Vec<i64>,
    pub max_load: Vec<i64>,
    pub visits: Vec<VisitRecord>,
}

/// A route.
#[napi(object)]
pub struct RouteRecord {
    pub vehicle_type: u32,
    pub start: i64,
    pub end: i64,
    pub distance: i64,
    pub driving: i64,
    pub waiting: i64,
    pub work: i64,
    pub pauses: i64,
    pub paid: i64,
    pub cost: CostRecord,
    pub trips: Vec<TripRecord>,
}

/// A rule that is broken.
#[napi(object)]
pub struct ViolationRecord {
    pub kind: String,
    pub route: Option<u32>,
    pub message: String,
}

/// A number of a plan that is wrong.
#[napi(object)]
pub struct DiscrepancyRecord {
    pub path: String,
    pub stated: String,
    pub found: String,
}

/// What the judge found.
#[napi(object)]
pub struct ReportRecord {
    pub cost: CostRecord,
    pub violations: Vec<ViolationRecord>,
    pub discrepancies: Vec<DiscrepancyRecord>,
}

/// The bare stop of a trip.
#[napi(object)]
pub struct StopRecord {
    pub kind: String,
    pub index: u32,
}

/// The bare stops of a trip.
#[napi(object)]
pub struct TripStopsRecord {
    pub start: Option<u32>,
    pub end: Option<u32>,
    pub stops: Vec<StopRecord>,
}

/// The bare stops of a route.
#[napi(object)]
pub struct RouteStopsRecord {
    pub vehicle_type: u32,
    pub start: Option<i64>,
    pub trips: Vec<TripStopsRecord>,
}

/// How to search.
#[napi(object)]
pub struct SettingsRecord {
    pub max_runtime_ms: Option<f64>,
    pub max_iterations: Option<i64>,
    pub no_improvement: Option<i64>,
    pub target_cost: Option<i64>,
    /// Half of the seed each, high and low: a number of JavaScript cannot hold 64 bits.
    pub seed_high: u32,
    pub seed_low: u32,
    pub threads: u32,
}

/// A look at a running search.
#[napi(object)]
pub struct ProgressRecord {
    pub elapsed_ms: f64,
    pub iterations: i64,
    pub best_cost: Option<i64>,
    pub routes: u32,
    pub unserved: u32,
}
