//! Plain objects of the working day: disposal, drivers, ties, goals and speeds.

use napi_derive::napi;

use crate::records::{StopRecord, WindowRecord};

/// So much for every so much of load.
#[napi(object)]
pub struct RateRecord {
    pub amount: i64,
    pub per: i64,
}

/// A disposal site.
#[napi(object)]
pub struct DisposalSiteRecord {
    pub location: u32,
    pub hours: Vec<WindowRecord>,
    pub service: i64,
    pub unloading: Vec<RateRecord>,
    pub visit_cost: i64,
    pub tipping_fee: Vec<RateRecord>,
    pub materials: Option<Vec<u32>>,
    pub daily_capacity: Vec<i64>,
    pub name: String,
}

/// A window that may be missed at a price.
#[napi(object)]
pub struct SoftWindowRecord {
    pub window: WindowRecord,
    pub cost_per_early: i64,
    pub cost_per_late: i64,
}

/// How long a service takes with one vehicle type.
#[napi(object)]
pub struct ServiceByTypeRecord {
    pub vehicle_type: u32,
    pub service: i64,
}

/// What ties a client to vehicle types; said when the problem is built, since both may name each other.
#[napi(object)]
pub struct ClientVehiclesRecord {
    pub allowed: Option<Vec<u32>>,
    pub forbidden: Vec<u32>,
    pub service_by_type: Vec<ServiceByTypeRecord>,
}

/// A part of a vehicle.
#[napi(object)]
pub struct CompartmentRecord {
    pub materials: Vec<u32>,
    pub capacity: Vec<i64>,
}

/// A break.
#[napi(object)]
pub struct BreakRecord {
    pub start: WindowRecord,
    pub duration: i64,
    pub location: Option<u32>,
    pub paid: bool,
    pub name: String,
}

/// A limit of driving or work without a rest.
#[napi(object)]
pub struct DriverRuleRecord {
    /// Driving, if not all work.
    pub driving: bool,
    pub max: i64,
    pub rest: i64,
    /// Two lengths.
    pub split: Option<Vec<i64>>,
    pub any_pause: bool,
}

/// A step of overtime.
#[napi(object)]
pub struct OvertimeRecord {
    pub after: i64,
    pub cost_per_duration: i64,
}

/// What a vehicle type has besides depots and capacity.
#[napi(object)]
pub struct VehicleDayRecord {
    pub disposal_sites: Vec<u32>,
    pub end_empty: bool,
    pub compartments: Vec<CompartmentRecord>,
    pub max_route_load: Vec<i64>,
    pub max_stops: Option<u32>,
    pub breaks: Vec<BreakRecord>,
    pub driver_rules: Vec<DriverRuleRecord>,
    pub paid_rests: bool,
    pub max_driving: Option<i64>,
    pub max_work: Option<i64>,
    pub overtime: Vec<OvertimeRecord>,
    pub cost_per_waiting: i64,
    pub skills: Vec<String>,
    pub executed: Vec<StopRecord>,
}

/// A tie; `kind` is `same_vehicle`, sequence, precedence, `all_or_none`, incompatible or pin. The last two fields are a pin's.
#[napi(object)]
pub struct RelationRecord {
    pub kind: String,
    pub clients: Vec<u32>,
    pub vehicle_type: Option<u32>,
    /// First or last; anywhere if it is left out.
    pub position: Option<String>,
}

/// From when on a profile is how fast.
#[napi(object)]
pub struct SpeedStepRecord {
    pub from: i64,
    pub percent: u32,
}
