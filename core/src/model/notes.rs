//! What people say about things, which no rule and no search looks at.

use std::collections::BTreeMap;

/// Remarks and tags of a client, a shipment, a depot, a disposal site or a vehicle type. They go with it, into plans too, and
/// change neither what is allowed nor what it costs.
///
/// ```
/// use milkrun::{Client, Coord};
///
/// let client = Client::at(Coord::new(5.47, 52.43)).remarks("key at the baker's").tag("bins", "4");
/// assert_eq!(client.notes.remarks, "key at the baker's");
/// assert_eq!(client.notes.tags["bins"], "4");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// A text for people; may be empty.
    pub remarks: String,
    /// Values by name, in the order of the names.
    pub tags: BTreeMap<String, String>,
}

impl Notes {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.remarks.is_empty() && self.tags.is_empty()
    }
}

/// The setters of everything that has notes.
macro_rules! noted {
    ($($kind:ty),*) => {$(
        impl $kind {
            /// Sets a text for people, which goes with it into plans.
            pub fn remarks(mut self, remarks: impl Into<String>) -> Self {
                self.notes.remarks = remarks.into();
                self
            }

            /// Sets a value by name, which goes with it into plans.
            pub fn tag(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.notes.tags.insert(name.into(), value.into());
                self
            }
        }
    )*};
}

noted!(
    crate::model::Client,
    crate::model::Shipment,
    crate::model::Depot,
    crate::model::DisposalSite,
    crate::model::VehicleType
);
