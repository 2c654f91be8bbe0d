//! The search: a working solution that is changed in place, and everything that changes it.

pub(crate) mod construct;
pub(crate) mod data;
mod fleet;
pub(crate) mod general;
pub(crate) mod local_search;
mod metric;
mod neighbours;
pub(crate) mod operators;
mod pool;
pub(crate) mod random;
pub(crate) mod recreate;
mod rich_recreate;
pub(crate) mod routes;
pub(crate) mod ruin;
pub(crate) mod rules;
