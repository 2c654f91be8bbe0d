//! Points in the plane and on the globe: nearest neighbours, polygons, and an order that keeps nearby points close in memory.

mod coord;
mod hilbert;
mod nearest;
mod polygon;

pub use coord::Coord;
pub(crate) use hilbert::hilbert_order;
pub(crate) use nearest::nearest;
pub(crate) use polygon::Polygon;
