//! The life of a plan: asked for, queued, solved, stored; chosen for a day, adapted, and compared with what was done.

pub(crate) mod adaptations;
pub(crate) mod alternatives;
mod cache;
pub(crate) mod confirmations;
pub(crate) mod days;
pub(crate) mod jobs;
pub(crate) mod plans;
mod problem;
mod progress;
mod streets;
mod telling;
mod travel_used;
mod worker;

pub(crate) use cache::{PlanCache, View};
pub(crate) use problem::{Ask, Prepared, Source, Unplannable, Within, prepare};
pub(crate) use worker::Worker;
