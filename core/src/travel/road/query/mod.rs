//! Questions to a network.

mod change;
mod index;
mod isochrone;
mod route;
mod snap;
mod spot;
mod table;

pub use change::{Change, ChangePlace, Effect};
pub(super) use index::Index;
pub use isochrone::REACH;
pub use route::{Leg, Route};
pub use snap::Snap;
pub use spot::Spot;
pub use table::RoadTable;
