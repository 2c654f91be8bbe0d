//! Collects the faults of what is asked of the library beside a problem.

use std::fmt;

use crate::listing::{Listing, shortened};
use crate::model::Issue;

/// Faults, as they are found.
#[derive(Default)]
pub(crate) struct Faults(Listing<Issue>);

impl Faults {
    pub(crate) fn add(&mut self, path: impl Into<String>, value: impl fmt::Display, message: &str, remedy: &str) {
        let (path, value) = (path.into(), shortened(&value.to_string()).to_string());
        self.0.push_with(|| Issue { path, value, message: message.to_owned(), remedy: remedy.to_owned() });
    }

    /// Whether something exists.
    pub(crate) fn known(&mut self, path: impl Into<String>, what: &str, index: usize, count: usize) -> bool {
        if index >= count {
            let message = format!("there is no such {what}: there are {count}, counted from 0");
            self.add(path, index, &message, "correct the number");
        }
        index < count
    }

    /// The first thousand faults and the number of further ones, if there are any.
    pub(crate) fn finish(self) -> Option<(Vec<Issue>, usize)> {
        let Listing { kept, omitted } = self.0;
        (!kept.is_empty()).then_some((kept, omitted))
    }
}
