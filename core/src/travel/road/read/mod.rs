//! Readers of maps.

mod edges;
mod geojson;
mod open;
mod pbf;
pub(super) mod proto;
mod xml;
