//! Reads problems from tables.

use std::path::{Path, PathBuf};

use milkrun_tables::{Role, TableOptions, Tables, are_tables, open, read};

use crate::failure::Failure;
use crate::input::{self, Instance};
use crate::output::log;
use crate::table_args::TableArgs;

/// Whether paths are tables; where one is, all have to be.
pub(crate) fn are_given(paths: &[PathBuf]) -> bool {
    paths.len() > 1 || paths.iter().any(|path| are_tables(path))
}

/// Reads a problem from tables, and says what was understood.
pub(crate) fn problem(paths: &[PathBuf], args: &TableArgs, quiet: bool) -> Result<Tables, Failure> {
    let mut options = TableOptions {
        day: args.day.clone(),
        map: args.map.iter().cloned().collect(),
        separator: args.separator,
        encoding: args.encoding.clone(),
        decimal: args.decimal.map(Into::into),
        date_order: args.date_order.map(Into::into),
        language: args.language.map(Into::into),
        defaults: args.defaults.as_deref().map(input::text).transpose()?,
        ..TableOptions::default()
    };
    let mut paths = paths.to_vec();
    let named = [
        (&args.bins, Role::Bins),
        (&args.trucks, Role::Trucks),
        (&args.sites, Role::Sites),
        (&args.depots, Role::Depots),
    ];
    for (names, role) in named {
        for name in names {
            options.roles.insert(name.clone(), role);
            // Without such a file it is the name of a worksheet.
            let path = Path::new(name);
            if path.is_file() && !paths.iter().any(|known| known == path) {
                paths.push(path.to_owned());
            }
        }
    }
    let told = |error: milkrun_tables::TablesError| Failure::input(error.to_string());
    let tables = read(&open(&paths).map_err(told)?, &options).map_err(told)?;
    if !quiet {
        log(&tables.report.to_string());
    }
    Ok(tables)
}

/// As [`problem`], ready to be solved.
pub(crate) fn instance(paths: &[PathBuf], args: &TableArgs, quiet: bool) -> Result<Instance, Failure> {
    let Tables { problem, loads, .. } = problem(paths, args, quiet)?;
    Ok(Instance { problem, kind: "tables".into(), rounding: None, roads: None, loads, day: args.day.clone() })
}
