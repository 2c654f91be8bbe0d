//! Conformance vectors: cases that Rust, Python and Node run alike. See the README beside.

pub mod case;
pub mod files;
pub mod make;
mod refuse;
mod run;

pub use refuse::objection;
pub use run::outcome;
