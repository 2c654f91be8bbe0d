//! The oracle of milkrun.

pub mod compare;
pub mod cover;
pub mod factor;
pub mod generate;
pub mod oracle;
mod source;
