//! The search: a working solution that is changed in place, and everything that changes it.

pub(crate) mod classical;
pub(crate) mod data;
mod fleet;
pub(crate) mod general;
mod metric;
mod neighbours;
mod pool;
pub(crate) mod random;
mod searcher;
mod strings;

pub(crate) use searcher::{Measures, Searcher};
