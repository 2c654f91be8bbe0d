//! Points and areas in the plane and on the globe: nearest neighbours, and an order that keeps nearby points close in memory.

mod area;
mod coord;
mod hilbert;
mod nearest;
mod point_index;

pub use area::Area;
pub use coord::Coord;
pub(crate) use hilbert::hilbert_order;
pub(crate) use nearest::neighbours;
pub(crate) use point_index::EARTH_RADIUS;
pub use point_index::PointIndex;
