//! Typed indices: a client's number cannot be mistaken for a depot's.

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u32);

        impl $name {
            /// The id with the given zero-based index.
            ///
            /// # Panics
            ///
            /// If `index` does not fit in 32 bits.
            pub const fn new(index: usize) -> Self {
                assert!(index <= u32::MAX as usize, "an id's index must fit in 32 bits");
                Self(index as u32)
            }

            /// The zero-based index, in the order in which the items were added.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id!(
    /// A [`Location`](crate::Location) of a problem.
    LocationId
);
id!(
    /// A [`Client`](crate::Client) of a problem.
    ClientId
);
id!(
    /// A [`Shipment`](crate::Shipment) of a problem.
    ShipmentId
);
id!(
    /// A [`Depot`](crate::Depot) of a problem.
    DepotId
);
id!(
    /// A [`VehicleType`](crate::VehicleType) of a problem.
    VehicleTypeId
);
id!(
    /// A [`ClientGroup`](crate::ClientGroup) of a problem.
    GroupId
);
id!(
    /// A [`Zone`](crate::Zone) of a problem.
    ZoneId
);
id!(
    /// A travel profile (car, truck, …): one set of distances and durations.
    ProfileId
);
id!(
    /// A [`Material`](crate::Material) of a problem.
    MaterialId
);
id!(
    /// A [`DisposalSite`](crate::DisposalSite) of a problem.
    DisposalSiteId
);
