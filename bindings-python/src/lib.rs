//! The extension module.
use pyo3::prelude::*;

#[pymodule]
mod _core {}
