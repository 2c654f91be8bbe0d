//! Problems from tables.

use std::path::PathBuf;
use std::sync::Arc;

use milkrun::document::FailureDocument;
use milkrun_tables::{Input, TableOptions, TablesError};
use napi::bindgen_prelude::{Result, Uint8Array};
use napi_derive::napi;

use crate::document::{given, taken};
use crate::failure::thrown;
use crate::problem::NativeProblem;

/// The content of a table, by name.
#[napi(object, object_to_js = false)]
pub struct TableRecord {
    pub name: String,
    pub content: Uint8Array,
}

/// A problem that was read from tables, and what was understood.
#[napi]
pub struct NativeTables {
    problem: Arc<milkrun::Problem>,
    report: milkrun_tables::TablesReport,
}

#[napi]
impl NativeTables {
    /// Reads tables: files and folders, and contents by name.
    #[napi(factory)]
    pub fn read(paths: Vec<String>, contents: Vec<TableRecord>, options: String) -> Result<Self> {
        let options: TableOptions = taken(&options)?;
        let paths: Vec<PathBuf> = paths.into_iter().map(PathBuf::from).collect();
        let read = || -> std::result::Result<_, TablesError> {
            let mut inputs = milkrun_tables::open(&paths)?;
            inputs.extend(contents.iter().map(|table| Input::new(table.name.clone(), table.content.to_vec())));
            milkrun_tables::read(&inputs, &options)
        };
        let tables = FailureDocument::caught(read).map_err(thrown)?;
        Ok(Self { problem: Arc::new(tables.problem), report: tables.report })
    }

    /// The problem.
    #[napi]
    pub fn problem(&self) -> NativeProblem {
        NativeProblem { inner: Arc::clone(&self.problem) }
    }

    /// What was understood.
    #[napi]
    pub fn report(&self) -> Result<String> {
        given(&self.report)
    }

    /// What was understood, for people.
    #[napi]
    pub fn text(&self) -> String {
        self.report.to_string()
    }
}
