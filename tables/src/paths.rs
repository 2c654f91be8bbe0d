//! Files and folders of tables.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fault::{Faults, TablesError, wrong};
use crate::grid::Input;

const ENDINGS: [&str; 6] = ["csv", "tsv", "tab", "xlsx", "xlsm", "ods"];

/// Whether a path is a folder, or a file that by its name is a table, or has features.
///
/// Of folders, only tables are read: a `GeoJSON` file beside them may as well be the map of a plan.
pub fn are_tables(path: &Path) -> bool {
    path.is_dir() || is_table(path) || has_ending(path, "geojson")
}

fn is_table(path: &Path) -> bool {
    ENDINGS.iter().any(|known| has_ending(path, known))
}

fn has_ending(path: &Path, known: &str) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(known))
}

/// Opens files, and all tables in folders, by name.
///
/// # Errors
///
/// [`TablesError`] for everything that cannot be opened, and for folders without tables.
pub fn open(paths: &[PathBuf]) -> Result<Vec<Input>, TablesError> {
    let mut faults = Faults::default();
    let mut inputs = Vec::new();
    for path in paths {
        let files = if path.is_dir() { in_folder(path, &mut faults) } else { vec![path.clone()] };
        for file in files {
            match fs::read(&file) {
                Ok(bytes) => inputs.push(Input { name: file.display().to_string(), bytes }),
                Err(error) => {
                    faults.push(file.display(), "", wrong(format!("cannot be read: {error}"), "check the path"));
                }
            }
        }
    }
    faults.into_result().map(|()| inputs)
}

fn in_folder(folder: &Path, faults: &mut Faults) -> Vec<PathBuf> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            faults.push(folder.display(), "", wrong(format!("cannot be read: {error}"), "check the path"));
            return Vec::new();
        }
    };
    // Names that begin so are those of files that are open in a spreadsheet program.
    let hidden = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '~']));
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    files.retain(|path| path.is_file() && is_table(path) && !hidden(path));
    files.sort();
    if files.is_empty() {
        faults.push(
            folder.display(),
            "",
            wrong("has no tables", "put files there that end in .csv, .tsv, .xlsx or .ods"),
        );
    }
    files
}
