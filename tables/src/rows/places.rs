//! Disposal sites and depots.

use super::{Point, RowReader, Said};
use crate::cells::window::OnDay;

/// A disposal site or a depot.
#[derive(Clone, Debug)]
pub(crate) struct PlaceRow {
    pub(crate) origin: String,
    pub(crate) name: String,
    pub(crate) point: Point,
    pub(crate) open: OnDay,
    /// Seconds that every visit takes.
    pub(crate) service: Option<i64>,
    /// Money a tonne.
    pub(crate) fee: f64,
    pub(crate) materials: Vec<String>,
    pub(crate) said: Said,
}

/// Reads a row of sites or depots; nothing where it is faulty.
pub(crate) fn place(row: &mut RowReader<'_>) -> Option<PlaceRow> {
    let count = row.faults.count();
    let name = row.text("name");
    let address = row.text("address");
    let point = row.point();
    let hours = row.hours();
    let open = match hours.map(|hours| hours.on(row.weekday())) {
        None => Some(OnDay::Always),
        Some(Ok(open)) => Some(open),
        Some(Err(fault)) => {
            row.fault("window", fault);
            None
        }
    };
    let service = row.length("service");
    let fee = row.number("fee").unwrap_or_default();
    let materials = row.list("materials").iter().map(|word| row.defaults.material(word).to_owned()).collect();
    let mut said = row.said();
    let name = if name.is_empty() { address.clone() } else { name };
    if !address.is_empty() && address != name {
        said.tags.insert("address".to_owned(), address);
    }
    if row.faults.count() > count {
        return None;
    }
    Some(PlaceRow { origin: row.origin(), name, point: point?, open: open?, service, fee, materials, said })
}
