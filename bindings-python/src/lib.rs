//! The extension module `milkrun._core`: exact integers in, exact integers out.
//!
//! Units, dates, tables and looks are the business of the Python part of the package; here is what must be fast, and
//! what only the core knows.

#![expect(clippy::needless_pass_by_value, reason = "arguments come from Python by value")]

mod arrow;
mod builder;
mod cancel;
mod failure;
mod plan;
mod problem;
mod read;
mod solve;

use pyo3::prelude::*;

/// The compiled part of milkrun. Not for direct use: import `milkrun`.
#[pymodule]
mod _core {
    #[pymodule_export]
    use super::arrow::{columns_from_arrow, columns_to_arrow};
    #[pymodule_export]
    use super::builder::Builder;
    #[pymodule_export]
    use super::cancel::CancelToken;
    #[pymodule_export]
    use super::failure::panic_on_purpose;
    #[pymodule_export]
    use super::plan::Plan;
    #[pymodule_export]
    use super::problem::Problem;
    #[pymodule_export]
    use super::read::{read_problem, version};
    #[pymodule_export]
    use super::solve::solve;
}
