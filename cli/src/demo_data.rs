//! The problem of the demonstration.

/// A day of waste collection in a city that does not exist, as milkrun JSON.
pub(crate) const WASTE_DAY: &str = include_str!("../../examples/data/waste_day.json");
