//! Plain objects that cross the border.

use napi::bindgen_prelude::Float64Array;
use napi_derive::napi;

/// A square matrix of whole numbers, row-major.
#[napi(object, object_to_js = false)]
pub struct MatrixRecord {
    pub size: u32,
    pub values: Float64Array,
}

/// A travel profile.
#[napi(object, object_to_js = false)]
pub struct ProfileRecord {
    pub distance: MatrixRecord,
    pub duration: Option<MatrixRecord>,
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
