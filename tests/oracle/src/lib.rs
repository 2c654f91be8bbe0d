//! The oracle of milkrun: tiny problems of every pair of rules, the best plan of each by trying all plans, and the
//! solver held against it. `cargo xtask oracle` runs it; the README next to it says how.

pub mod binding;
pub mod compare;
pub mod cover;
mod document;
pub mod factor;
pub mod gate;
pub mod generate;
pub mod known;
pub mod oracle;
pub mod report;
pub mod run;
pub mod shows;
pub mod shrink;
mod source;
