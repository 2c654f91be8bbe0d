//! Conformance vectors: cases that Rust, Python and Node all run. See the README next to it.

mod answer;
pub mod case;
pub mod files;
mod living;
pub mod make;
mod refuse;
mod run;
pub mod types;

pub use refuse::objection;
pub use run::outcome;
