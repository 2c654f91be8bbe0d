//! How a command ends.

use std::fmt;

use milkrun::ValidationError;
use milkrun::io::json::JsonError;
use milkrun::io::{ReadError, WriteError};

/// How a command ends that did what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Exit code 0.
    Done,
    /// Exit code 3: there is no feasible plan, or the plan given is not one.
    Infeasible,
}

/// Why a command could not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The input or the command line is at fault: exit code 2, every fault at once.
    Input(Vec<String>),
    /// The machine is at fault (a full disk, say): exit code 1.
    Machine(String),
}

impl Failure {
    /// A single fault of the input.
    pub(crate) fn input(fault: impl Into<String>) -> Self {
        Self::Input(vec![fault.into()])
    }

    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Input(_) => 2,
            Self::Machine(_) => 1,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(faults) => {
                for (i, fault) in faults.iter().enumerate() {
                    write!(f, "{}error: {fault}", if i == 0 { "" } else { "\n" })?;
                }
                Ok(())
            }
            Self::Machine(fault) => write!(f, "error: {fault}"),
        }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Self::input(format!("this cannot be written in the format asked for: {error}"))
    }
}

/// Joins what several checks found, so that all faults are told at once.
pub(crate) fn both<A, B>(a: Result<A, Failure>, b: Result<B, Failure>) -> Result<(A, B), Failure> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(Failure::Input(mut first)), Err(Failure::Input(second))) => {
            first.extend(second);
            Err(Failure::Input(first))
        }
        (Err(failure), _) | (_, Err(failure)) => Err(failure),
    }
}

/// Every fault of a text file, one a line. (The error's own message ends after the first twenty.)
pub(crate) fn read_faults(error: &ReadError) -> String {
    match error {
        ReadError::Invalid { format, source } => {
            format!("the {format} file makes no valid problem: {}", issues(source))
        }
        ReadError::Faults { .. } => error.to_string(),
    }
}

/// Every fault of a JSON document, one a line.
pub(crate) fn json_faults(error: &JsonError) -> String {
    match error {
        JsonError::Content { faults } => listed("the document", faults),
        JsonError::Invalid(error) => issues(error),
        JsonError::Plan(error) => listed("the plan", &error.ids),
        other => other.to_string(),
    }
}

fn issues(error: &ValidationError) -> String {
    listed("the problem", &error.issues)
}

fn listed(what: &str, faults: &[impl fmt::Display]) -> String {
    let head = format!("{what} has {} fault{}:", faults.len(), if faults.len() == 1 { "" } else { "s" });
    let lines = faults.iter().map(ToString::to_string);
    std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_both_sides_are_told() {
        let failure = both::<(), ()>(Err(Failure::input("a")), Err(Failure::input("b"))).unwrap_err();
        assert_eq!((failure.to_string(), failure.code()), ("error: a\nerror: b".to_owned(), 2));
    }

    #[test]
    fn nothing_is_left_out_of_a_long_list() {
        let faults: Vec<String> = (0..40).map(|i| format!("fault {i}")).collect();
        assert_eq!(listed("it", &faults).lines().count(), 41);
    }
}
