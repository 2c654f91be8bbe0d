//! Readers and writers.

pub mod geojson;
pub mod json;
