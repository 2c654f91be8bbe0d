//! What is kept of people, and for how long: retention, what is stored about somebody, and its erasure.

mod keeper;
mod persons;
mod retention;

pub(crate) use keeper::Keeper;
pub(crate) use persons::{About, Erased, about, erase};
pub(crate) use retention::{Kept, MOST, RULES, kept, set_kept};
