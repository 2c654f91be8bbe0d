//! What can be wrong with tables: every fault with its place, value and remedy.

use std::fmt;

use milkrun::document::{FailureDocument, IssueDocument};

/// How many faults are kept; the rest are counted.
const KEPT: usize = 1_000;
/// How many characters of a value a fault shows.
const LONGEST: usize = 60;

/// Why tables could not be read: every fault at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the tables have {}", milkrun::document::counted(issues, *omitted))]
#[non_exhaustive]
pub struct TablesError {
    /// The faults, in the order of files and rows: the first thousand. The path of each is the file, the sheet, the row and the
    /// column: `bins.csv, row 12, column "Days"`.
    pub issues: Vec<IssueDocument>,
    /// How many more there are.
    pub omitted: usize,
}

impl TablesError {
    /// One fault of a whole file.
    pub(crate) fn of(file: &str, fault: Wrong) -> Self {
        let Wrong { message, remedy } = fault;
        let issue = IssueDocument { path: file.to_owned(), value: String::new(), message, remedy };
        Self { issues: vec![issue], omitted: 0 }
    }
}

impl From<TablesError> for FailureDocument {
    fn from(error: TablesError) -> Self {
        let message = error.to_string();
        Self { code: "tables", message, issues: error.issues }
    }
}

/// Faults as they are found.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    kept: Vec<IssueDocument>,
    omitted: usize,
}

impl Faults {
    pub(crate) fn push(&mut self, path: impl fmt::Display, value: &str, fault: Wrong) {
        if self.kept.len() == KEPT {
            self.omitted += 1;
            return;
        }
        let Wrong { message, remedy } = fault;
        self.kept.push(IssueDocument { path: path.to_string(), value: shortened(value), message, remedy });
    }

    pub(crate) fn count(&self) -> usize {
        self.kept.len() + self.omitted
    }

    /// Nothing, or the error that has them all.
    pub(crate) fn into_result(self) -> Result<(), TablesError> {
        let Self { kept: issues, omitted } = self;
        if issues.is_empty() { Ok(()) } else { Err(TablesError { issues, omitted }) }
    }
}

/// What is wrong with a value, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) message: String,
    pub(crate) remedy: String,
}

/// A fault of a value.
pub(crate) fn wrong(message: impl Into<String>, remedy: impl Into<String>) -> Wrong {
    Wrong { message: message.into(), remedy: remedy.into() }
}

/// A value as a message shows it.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_faults_are_counted_and_a_thousand_kept() {
        let mut faults = Faults::default();
        (0..1_000_000).for_each(|row| faults.push(format!("row {row}"), &"x".repeat(99), wrong("is wrong", "mend it")));
        let error = faults.into_result().unwrap_err();
        assert_eq!((error.issues.len(), error.omitted), (1_000, 999_000));
        assert_eq!(error.issues[0].value.chars().count(), LONGEST + 1);
        let text = error.to_string();
        assert!(text.starts_with("the tables have 1000000 faults:\n  row 0 = "), "{text}");
        assert!(text.ends_with("… and 999950 more"), "{text}");
    }
}
