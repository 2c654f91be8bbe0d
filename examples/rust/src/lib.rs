//! The examples are programs: see `src/bin`. This file compiles and runs the Rust code of the book and the README.

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}

#[cfg(doctest)]
#[doc = include_str!("../../../docs/getting-started.md")]
mod getting_started {}

#[cfg(doctest)]
#[doc = include_str!("../../../docs/model.md")]
mod model {}
