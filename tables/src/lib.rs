//! Routing problems from spreadsheets.
//!
//! Tables of bins, trucks, disposal sites and depots, as CSV files, as sheets of a workbook or as features of a `GeoJSON` file, become a problem of
//! [milkrun]: what is due on a day, with loads, times and windows. Headings and cells are understood as people write them, in
//! six languages; what was understood is reported, what is assumed is said, and where two readings are plausible, tables are
//! refused with a remedy. All faults are told at once, each with file, row, column and value.
//!
//! ```
//! use milkrun_tables::{Input, TableOptions, read};
//!
//! let bins = "Adresse;Breite;Länge;Größe;Anzahl;Tage;PLZ
//! Akazienstr. 5;52,431;5,472;240;2;Mo/Do;1234
//! Akazienstr. 5;52,431;5,472;1100;1;Mo, Mi;1234
//! Birkenweg 1;52,440;5,480;120;1;Di;1234
//! ";
//! let trucks = "name,capacity (t)\nRed,7.5\n";
//! let depots = "name,position\nyard,\"52.42, 5.46\"\n";
//! let files = [Input::new("bins.csv", bins), Input::new("trucks.csv", trucks), Input::new("depots.csv", depots)];
//! let options = TableOptions { day: Some("2026-11-30".into()), ..TableOptions::default() };
//! let tables = read(&files, &options).unwrap();
//! let client = &tables.problem.clients()[0];
//! assert_eq!((client.name.as_str(), &client.pickup[..]), ("Akazienstr. 5", &[190][..]));
//! assert_eq!(client.notes.tags["bins"], "1 × 1100 l, 2 × 240 l");
//! let text = tables.report.to_string();
//! assert!(text.contains("`Adresse` read as address") && text.contains("`PLZ` kept as a tag"), "{text}");
//! assert!(text.contains("Monday, 2026-11-30: 2 rows of bins due, at 1 stop; 1 not, on other days of the week"), "{text}");
//! ```

mod build;
mod cells;
mod columns;
mod defaults;
mod encoding;
mod fault;
mod features;
mod fleet;
mod grid;
mod hints;
mod loads;
mod options;
mod paths;
mod read;
mod report;
mod rows;
mod schema;
mod sheet;
mod stops;
mod vocabulary;
mod workbook;

pub use cells::date::DateOrder;
pub use cells::number::DecimalMark;
pub use fault::TablesError;
pub use grid::Input;
pub use options::{Role, TableOptions};
pub use paths::{are_tables, open};
pub use read::{Tables, read};
pub use report::{ColumnReport, NotDueReport, TableReport, TablesReport};
pub use schema::{answers_schema, requests_schema};
pub use sheet::{Sheet, heading, time_of_day};
pub use vocabulary::Language;
