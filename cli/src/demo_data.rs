//! The problem of the demonstration.

/// A day of a whole city's waste collection, as milkrun JSON. The city does not exist.
pub(crate) const CITY_DAY: &str = include_str!("../../examples/data/city_day.json");
