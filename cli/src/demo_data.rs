//! The problem of the demonstration.

/// A day of waste collection in a fictitious city, as milkrun JSON.
pub(crate) const CITY_DAY: &str = include_str!("../data/city_day.json");
