//! Forecasts of how full bins will be, and what they are worth. The library forecasts, decides and scores; here is what it is
//! asked, when, and what becomes of the answer.
//!
//! - Readings are known from the moment at which they arrived until they were corrected or deleted (`history`). A version of a
//!   feature set says how they become increments and features (`definition`), and whatever is worked out says as of when.
//! - A forecast (`making`) has quantiles of what each bin receives until each of the next rounds (`outlook`). Whatever is decided by
//!   it follows from these: intervals, probabilities, and which bins must or may be visited at a risk.
//! - Models (`registry`) are tested on past evenings as of then (`training`); forecasts are scored in the same way (`scores`) once
//!   their day is over (`review`), beside what a fixed rhythm would have done (`impact`).
//! - All of it is work in a queue (`runs`, `worker`), some of which is due once a day.

mod days;
mod definition;
pub(crate) mod feature_sets;
mod features;
mod history;
mod impact;
mod making;
mod outlook;
pub(crate) mod read;
mod recipe;
pub(crate) mod registry;
mod review;
pub(crate) mod runs;
mod scores;
pub(crate) mod selection;
pub(crate) mod settings;
mod training;
mod worker;

pub(crate) use days::date;
pub(crate) use definition::Definition;
pub(crate) use features::Moment;
pub(crate) use recipe::{METHODS, Recipe};
pub(crate) use selection::{FromForecast, Selection};
pub(crate) use settings::{RISKS, Settings, zone_if_set, zone_of, zone_over};
pub(crate) use training::Training;
pub(crate) use worker::Forecaster;

use milkrun::forecast::Action;

/// An action in a word.
pub(crate) const fn action(action: Action) -> &'static str {
    match action {
        Action::Must => "must",
        Action::May => "may",
        Action::Skip => "skip",
    }
}
