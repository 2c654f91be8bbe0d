//! The life of a plan: asked for, queued, solved, stored; chosen for a day, adapted, and compared with what was done.

pub(crate) mod adaptations;
pub(crate) mod alternatives;
pub(crate) mod board;
mod cache;
pub(crate) mod confirmations;
pub(crate) mod days;
mod dispatching;
pub(crate) mod jobs;
pub(crate) mod moves;
pub(crate) mod plans;
mod problem;
mod progress;
pub(crate) mod ready;
mod streets;
mod telling;
mod travel_used;
mod worker;

pub(crate) use cache::{PlanCache, View};
pub(crate) use problem::{Ask, Prepared, Source, Unplannable, Within, prepare};
pub(crate) use ready::ReadyPlans;
pub(crate) use worker::Worker;
