//! What happens at a stop of a route.

use crate::ids::{ClientId, DisposalSiteId, ShipmentId};
use crate::units::Duration;

/// One stop of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Activity {
    /// A single client.
    Client(ClientId),
    /// Where a shipment is loaded.
    Pickup(ShipmentId),
    /// Where a shipment is unloaded.
    Delivery(ShipmentId),
    /// The vehicle empties at a disposal site what the site accepts.
    Dispose(DisposalSiteId),
    /// The driver takes the break of that index among the vehicle type's.
    Break(usize),
    /// The driver rests for so long on the way to the next halt, as a [`DriverRule`](crate::DriverRule) asks.
    Rest(Duration),
}

impl Activity {
    /// Whether a client or shipment is served.
    pub const fn is_service(self) -> bool {
        matches!(self, Self::Client(_) | Self::Pickup(_) | Self::Delivery(_))
    }
}
