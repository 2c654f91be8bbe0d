//! What was planned and what was done, by day, truck, driver and area. The figures are kept, so that asking for a
//! year costs little; they are worked out anew in the background whenever the plan of a day or a confirmation
//! changes, however late that comes, and say as of when they hold.

mod figures;
mod refresher;
mod similar;

pub(crate) use figures::{LATE, Performance, performance};
pub(crate) use refresher::Refresher;
pub(crate) use similar::{Likeness, similar};

pub(crate) use crate::storage::figures::{By, Span};
