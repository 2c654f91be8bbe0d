//! What an organisation plans with: depots, disposal sites, vehicles, drivers, bins, who pays for them, and readings of fill levels.
//!
//! The six kinds are alike in how they are imported, listed and deleted; each says in [`Kind`] which fields it has, and
//! reading, checking, storing and describing follow from that.

mod intake;
mod kind;
pub(crate) mod prices;
mod read;
mod readings;
mod store;
mod table;

pub(crate) use kind::{Field, Kind, Value};
pub(crate) use read::{Format, Record, read};
pub(crate) use readings::{
    Reading, Reported, delete as delete_readings, latest as latest_readings, read as read_readings,
    report as report_readings,
};
pub(crate) use store::{bins_of, bins_within, delete, depot, find, for_plan, import, list, page, payers_of};

/// One thing that is wrong with what was sent.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Fault {
    /// Where: a path into the document, as `$[3].lon`, or a line of a table.
    pub(crate) path: String,
    /// What is wrong and what may stand there.
    pub(crate) message: String,
}

impl Fault {
    /// At a path.
    pub(crate) fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }
}
