//! The oracle of milkrun.

pub mod oracle;
