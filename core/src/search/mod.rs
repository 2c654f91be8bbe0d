//! The search: a working solution that is changed in place, and everything that changes it.

pub(crate) mod block;
pub(crate) mod classical;
pub(crate) mod data;
mod fleet;
pub(crate) mod general;
pub(crate) mod interrupt;
mod neighbours;
mod permissions;
mod presolve;
pub(crate) mod random;
mod ruin_size;
mod searcher;
mod sparse_set;
pub(crate) mod tour;
pub(crate) mod travel_table;

pub(crate) use neighbours::per_job;
pub(crate) use presolve::without_idle_rules;
pub(crate) use searcher::{Divisible, Measures, Searcher};
