//! Points in the plane and on the globe: nearest neighbours, and an order that keeps nearby points close in memory.

mod coord;
mod hilbert;
mod nearest;

pub use coord::Coord;
pub(crate) use hilbert::hilbert_order;
pub(crate) use nearest::nearest;
