//! What was understood of tables, for people to read and for programs to show.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::cells::rule::NotDue;
use crate::options::Role;

/// What became of a column.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
#[schemars(rename = "ColumnRead")]
pub struct ColumnReport {
    /// Its heading.
    pub heading: String,
    /// What it was read as, or why not.
    pub read: String,
}

/// How a table was understood.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
#[schemars(rename = "TableRead")]
pub struct TableReport {
    /// The file, and the sheet of a workbook.
    pub name: String,
    /// What it is about; null where it was not read.
    pub role: Option<Role>,
    /// Encoding and separator.
    pub form: String,
    /// The number of the row with the headings.
    pub headings: u64,
    /// How many rows there are below.
    pub rows: usize,
    /// The columns, in order.
    pub columns: Vec<ColumnReport>,
}

/// Bins that are not due, by reason.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
#[schemars(rename = "NotDue")]
pub struct NotDueReport {
    /// Why, in words.
    pub reason: String,
    /// How many rows.
    pub count: usize,
}

/// What was understood of all tables.
#[derive(Clone, Debug, Default, JsonSchema, PartialEq, Eq, Serialize)]
#[schemars(rename = "TablesReport")]
#[non_exhaustive]
pub struct TablesReport {
    /// The tables, in the order in which they were given.
    pub tables: Vec<TableReport>,
    /// The day that is planned, as `2026-12-03`, if one is.
    pub day: Option<String>,
    /// The day of the week.
    pub weekday: Option<String>,
    /// Rows of bins that are due.
    pub due: usize,
    /// Rows of bins that are not.
    pub not_due: Vec<NotDueReport>,
    /// Stops: bins that stand together are one.
    pub stops: usize,
    /// Trucks, disposal sites and depots.
    pub trucks: usize,
    /// See `trucks`.
    pub sites: usize,
    /// See `trucks`.
    pub depots: usize,
    /// What was assumed, for the tables do not say it.
    pub assumed: Vec<String>,
}

impl TablesReport {
    pub(crate) fn count_not_due(&mut self, found: &BTreeMap<NotDue, usize>) {
        let report = |(why, count): (&NotDue, &usize)| NotDueReport { reason: why.words().to_owned(), count: *count };
        self.not_due = found.iter().map(report).collect();
    }
}

impl fmt::Display for TablesReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for TableReport { name, role, form, headings, rows, columns } in &self.tables {
            let Some(role) = role else {
                writeln!(f, "{name}: not read, for no heading is known")?;
                continue;
            };
            let at = if *headings > 1 { format!("; headings in row {headings}") } else { String::new() };
            writeln!(f, "{name}: {}, {rows} rows ({form}{at})", role.name())?;
            for ColumnReport { heading, read } in columns {
                writeln!(f, "  `{heading}` {read}")?;
            }
        }
        if !self.assumed.is_empty() {
            writeln!(f, "assumed, for the tables do not say it:")?;
            self.assumed.iter().try_for_each(|each| writeln!(f, "  {each}"))?;
        }
        if let (Some(day), Some(weekday)) = (&self.day, &self.weekday) {
            write!(f, "{weekday}, {day}: ")?;
        }
        let plural = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
        write!(f, "{} of bins due, at {}", plural(self.due, "row"), plural(self.stops, "stop"))?;
        for NotDueReport { reason, count } in &self.not_due {
            write!(f, "; {count} not, {reason}")?;
        }
        write!(f, "; {}", plural(self.trucks, "truck"))?;
        write!(f, ", {}, {}", plural(self.sites, "disposal site"), plural(self.depots, "depot"))
    }
}
