//! The life of a plan: asked for, queued, solved, stored.

mod cache;
pub(crate) mod jobs;
pub(crate) mod plans;
mod problem;
mod streets;
mod travel_used;
mod worker;

pub(crate) use cache::{PlanCache, View};
pub(crate) use problem::{Ask, Prepared, Source, Unplannable, Within, prepare};
pub(crate) use worker::Worker;
