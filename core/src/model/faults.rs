//! Collects faults of what is asked beside a problem.

use std::fmt;

use crate::listing::{Listing, shortened};
use crate::model::Issue;

/// Faults in the order in which they are found.
#[derive(Default)]
pub(crate) struct Faults {
    issues: Listing<Issue>,
}

impl Faults {
    pub(crate) fn add(&mut self, path: impl Into<String>, value: impl fmt::Display, message: &str, remedy: &str) {
        let (path, value) = (path.into(), shortened(&value.to_string()).to_string());
        self.push(Issue { path, value, message: message.to_owned(), remedy: remedy.to_owned() });
    }

    pub(crate) fn push(&mut self, issue: Issue) {
        self.issues.push_with(|| issue);
    }

    /// Whether something exists.
    pub(crate) fn known(&mut self, path: impl Into<String>, what: &str, index: usize, count: usize) -> bool {
        if index >= count {
            let message = format!("there is no such {what}: there are {count}, counted from 0");
            self.add(path, index, &message, "correct the number");
        }
        index < count
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.issues.is_empty()
    }

    pub(crate) fn into_listing(self) -> Listing<Issue> {
        self.issues
    }

    /// All of them as an error, if there are any.
    pub(crate) fn finish<E: From<Self>>(self) -> Result<(), E> {
        if self.is_empty() { Ok(()) } else { Err(self.into()) }
    }
}
