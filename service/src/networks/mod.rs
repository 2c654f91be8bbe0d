//! Street networks, each organisation's own: uploaded, prepared in the background, kept below the data folder.

mod folder;
mod preparer;
mod queue;
mod shelf;
mod store;

pub(crate) use folder::{Folder, Incoming};
pub(crate) use preparer::Preparer;
pub(crate) use shelf::Shelf;
pub(crate) use store::{
    Found, Network, Order, Refused, Usable, add, bytes_of, choose_usual, delete, find, list, sweep, usable, usual,
};

/// How an upload is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// A map of `OpenStreetMap`, or an edge list in `GeoJSON`; which of them follows from its content.
    Map,
    /// An edge list: a table of nodes and a table of links.
    Csv,
    /// A network that was prepared elsewhere.
    Prepared,
}

impl Format {
    /// As the database has it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Map => "map",
            Self::Csv => "csv",
            Self::Prepared => "prepared",
        }
    }

    /// The format of this name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        [Self::Map, Self::Csv, Self::Prepared].into_iter().find(|format| format.name() == name)
    }

    /// The endings of its files in the data folder.
    pub(crate) const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Map | Self::Prepared => &["upload"],
            Self::Csv => &["nodes", "links"],
        }
    }
}
