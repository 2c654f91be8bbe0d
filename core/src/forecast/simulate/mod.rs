//! Made-up bins, and what policies of collection would make of them.

mod draws;

pub(crate) use draws::Draws;
