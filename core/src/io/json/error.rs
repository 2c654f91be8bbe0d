//! What can be wrong with a document.

use crate::listing;
use crate::model::{Issue, ValidationError};
use crate::plan::PlanError;

/// Why a document could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// It is not JSON.
    #[error("line {line}, column {column}: {message}; mend the JSON there")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1; 0 at the end of the line before.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// It is another kind of document.
    #[error(
        "the document's kind is {}: a {expected} starts with \"milkrun\": \"{expected}\"",
        found.as_deref().unwrap_or("not given")
    )]
    Kind {
        /// `problem` or `plan`.
        expected: &'static str,
        /// What `milkrun` says, as JSON; `None` where it is missing.
        found: Option<String>,
    },
    /// It follows another version of the format.
    #[error(
        "the document's version is {}: this release reads version {}",
        found.as_deref().unwrap_or("not given"),
        super::VERSION
    )]
    Version {
        /// What `version` says, as JSON; `None` where it is missing.
        found: Option<String>,
    },
    /// It is JSON, but not of the right shape: all such faults at once.
    #[error("the document has {}", listing::counted(faults, *omitted))]
    Shape {
        /// The faults, in the order of the text: the first thousand.
        faults: Vec<ShapeFault>,
        /// How many more there are.
        omitted: usize,
    },
    /// Its parts do not fit each other: all such faults at once.
    #[error("the document has {}", listing::counted(faults, *omitted))]
    Content {
        /// The faults, in the order of the document's parts: the first thousand.
        faults: Vec<JsonFault>,
        /// How many more there are.
        omitted: usize,
    },
    /// The problem is read but not valid: all faults at once.
    #[error(transparent)]
    Invalid(#[from] ValidationError),
    /// The plan is not for this problem.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

/// One thing in a document that is not of the right shape.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path} (line {line}, column {column}): {message}; {remedy}")]
#[non_exhaustive]
pub struct ShapeFault {
    /// Where, as a path into the document: `clients[3].time_window[0]`.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
}

/// One fault of a document whose parts do not fit each other. `path` says where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message of each fault says what its fields are")]
#[non_exhaustive]
pub enum JsonFault {
    /// A reference to a name that nothing has.
    #[error("{path}: no {kind} is called {name:?}; correct the name, or use an index")]
    UnknownName { path: String, kind: &'static str, name: String },
    /// A reference to a name that more than one thing has.
    #[error("{path}: {count} {kind}s are called {name:?}; rename them, or use an index")]
    AmbiguousName { path: String, kind: &'static str, name: String, count: usize },
    /// A reference to an index that does not exist.
    #[error("{path}: there is no {kind} {index}; there are {count}, counted from 0")]
    UnknownIndex { path: String, kind: &'static str, index: usize, count: usize },
    /// Travel along streets, where no one looks it up.
    #[error("{path}: the library opens no file such as {file:?}; use the command line, or read_problem_on")]
    NoNetwork { path: String, file: String },
    /// Travel that a service knows, where no one asks it.
    #[error("{path}: the library opens no connection such as to {service}; use the command line, or read_problem_on")]
    NoService { path: String, service: &'static str },
    /// Streets that cannot be used.
    #[error("{path}: {message}")]
    Network { path: String, message: String },
    /// A row of a matrix that is longer or shorter than there are rows.
    #[error("{path}: the row has {found} values; give {expected}, one for each row")]
    RaggedMatrix { path: String, expected: usize, found: usize },
    /// A value that no matrix may hold.
    #[error("{path}: {value} does not lie in 0 ..= 1073741823 (2^30 - 1); use another unit, or null if unreachable")]
    MatrixValue { path: String, value: i64 },
    /// A location without coordinates, where travel is computed from them.
    #[error("{path}: coordinates are missing; give x and y, or lon and lat")]
    NoCoordinates { path: String },
    /// A location with half its coordinates, or with two kinds of them.
    #[error("{path}: coordinates are contradictory; give x and y, or lon and lat, and nothing else")]
    OddCoordinates { path: String },
    /// A point in degrees among planar ones, or the reverse.
    #[error("{path}: has {found}, and {first} has {other}; give all points in one kind of coordinates")]
    MixedCoordinates { path: String, found: &'static str, first: String, other: &'static str },
    /// A client with one time window and a list of them.
    #[error("{path}: there is a time_window already; give one of the two, and all windows in it")]
    TwoKindsOfWindows { path: String },
    /// A rest that takes no time, or too much.
    #[error("{path}: {value} is no length of a rest; give 1 to 1073741823 (2^30 - 1)")]
    RestLength { path: String, value: i64 },
    /// An element of a list that a patch removes.
    #[error(
        "{path}: elements cannot be removed, for others may refer to them by index; replace the list, or change what the element says"
    )]
    RemovedElement { path: String },
    /// A visit that is none or several of the activities.
    #[error("{path}: names {found} activities; give exactly one of client, pickup, delivery, dispose, break and rest")]
    OddVisit { path: String, found: usize },
}

impl JsonFault {
    /// Where the fault is, as a path into the document.
    pub fn path(&self) -> &str {
        match self {
            Self::UnknownName { path, .. }
            | Self::AmbiguousName { path, .. }
            | Self::UnknownIndex { path, .. }
            | Self::NoNetwork { path, .. }
            | Self::NoService { path, .. }
            | Self::Network { path, .. }
            | Self::RaggedMatrix { path, .. }
            | Self::MatrixValue { path, .. }
            | Self::NoCoordinates { path }
            | Self::OddCoordinates { path }
            | Self::MixedCoordinates { path, .. }
            | Self::TwoKindsOfWindows { path }
            | Self::RestLength { path, .. }
            | Self::RemovedElement { path }
            | Self::OddVisit { path, .. } => path,
        }
    }

    /// The fault by its parts: a message is `path: what is wrong; what to do`.
    pub(crate) fn issue(&self) -> Issue {
        let (path, text) = (self.path(), self.to_string());
        let text = text.strip_prefix(path).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&text);
        let (message, remedy) = text.rsplit_once("; ").unwrap_or((text, ""));
        let (message, remedy) = (message.to_owned(), remedy.to_owned());
        Issue { path: path.to_owned(), value: String::new(), message, remedy }
    }
}
