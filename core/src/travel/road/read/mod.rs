//! Readers of maps.

mod edges;
mod gauge;
mod geojson;
mod open;
mod pbf;
pub(super) mod proto;
mod xml;

pub use gauge::Reading;
pub use open::MapFormat;
