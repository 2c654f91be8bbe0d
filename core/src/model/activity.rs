//! What happens at a stop of a route.

use crate::ids::{ClientId, DisposalSiteId, ShipmentId};
use crate::units::Duration;

/// One stop of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Activity {
    /// A single client.
    Client(ClientId),
    /// Where a shipment is loaded.
    Pickup(ShipmentId),
    /// Where a shipment is unloaded.
    Delivery(ShipmentId),
    /// The vehicle unloads what a disposal site accepts.
    Dispose(DisposalSiteId),
    /// The driver takes the vehicle type's break of that index.
    Break(usize),
    /// The driver rests for the given time during the drive to the next stop, as a [`DriverRule`](crate::DriverRule)
    /// requires.
    Rest(Duration),
}

impl Activity {
    /// Whether a client or shipment is served.
    pub const fn is_service(self) -> bool {
        matches!(self, Self::Client(_) | Self::Pickup(_) | Self::Delivery(_))
    }
}
