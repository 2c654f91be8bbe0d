//! Relations between clients, and between clients and vehicles.

use crate::ids::{ClientId, VehicleTypeId};

/// A relation between clients, or between a client and its vehicle.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Relation {
    /// The served ones among the clients are on the same route.
    SameVehicle(Vec<ClientId>),
    /// All of the clients are served, or none; if all, they follow each other on one trip in this order, with no other
    /// stop in between.
    Sequence(Vec<ClientId>),
    /// If both are served, they are on the same route, the first before the second.
    Precedence(ClientId, ClientId),
    /// All of the clients are served, or none, by any vehicles.
    AllOrNone(Vec<ClientId>),
    /// No two of the clients are on the same route.
    Incompatible(Vec<ClientId>),
    /// The client, if served, is served by a vehicle of the type, at the given position of its route.
    Pin {
        /// The client.
        client: ClientId,
        /// The vehicle type; `None`: any.
        vehicle_type: Option<VehicleTypeId>,
        /// The position on the route.
        position: Position,
    },
}

/// A position on a route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Position {
    /// Anywhere.
    #[default]
    Any,
    /// Before all other clients of the route.
    First,
    /// After all other clients of the route.
    Last,
}

impl Relation {
    /// Its name in documents: `same_vehicle`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SameVehicle(_) => "same_vehicle",
            Self::Sequence(_) => "sequence",
            Self::Precedence(..) => "precedence",
            Self::AllOrNone(_) => "all_or_none",
            Self::Incompatible(_) => "incompatible",
            Self::Pin { .. } => "pin",
        }
    }

    /// The clients that it names.
    pub fn clients(&self) -> Vec<ClientId> {
        match self {
            Self::SameVehicle(clients)
            | Self::Sequence(clients)
            | Self::AllOrNone(clients)
            | Self::Incompatible(clients) => clients.clone(),
            Self::Precedence(before, after) => vec![*before, *after],
            Self::Pin { client, .. } => vec![*client],
        }
    }
}
