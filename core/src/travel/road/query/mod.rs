//! Questions to a network.

mod index;
mod route;
mod snap;
mod spot;
mod table;

pub(super) use index::Index;
pub use route::{Leg, Route};
pub use snap::{Approach, PointRequest, Snap};
pub use spot::Spot;
pub use table::RoadTable;
