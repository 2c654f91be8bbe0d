//! What ties clients to each other and to vehicles.

use crate::ids::{ClientId, VehicleTypeId};

/// A tie between clients, or between a client and its vehicle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Those of the clients that are served are on one route.
    SameVehicle(Vec<ClientId>),
    /// All of the clients are served, or none; those that are follow each other on one trip in this order, with nobody
    /// else in between.
    Sequence(Vec<ClientId>),
    /// Where both are served, they are on one route, the first earlier than the second.
    Precedence(ClientId, ClientId),
    /// All of the clients are served, or none of them, by any vehicles.
    AllOrNone(Vec<ClientId>),
    /// No two of the clients are on one route.
    Incompatible(Vec<ClientId>),
    /// The client, where it is served, is served by a vehicle of the type, at the given place of its route.
    Pin {
        /// Who.
        client: ClientId,
        /// By whom; `None`: anybody.
        vehicle_type: Option<VehicleTypeId>,
        /// Where on the route.
        position: Position,
    },
}

/// A place on a route.
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

    /// The clients that are tied.
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
