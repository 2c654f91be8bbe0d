//! Outcomes and failures of commands.

use std::fmt;

use milkrun::io::WriteError;

/// How a command that succeeded ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Exit code 0.
    Done,
    /// Exit code 3: there is no feasible plan, or the given plan is infeasible.
    Infeasible,
    /// Another program's exit code, which this one stands in for.
    Code(u8),
}

/// Why a command failed.
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
        Self::input(format!("this cannot be written in the requested format: {error}"))
    }
}

/// Joins the results of two checks, so that all faults are reported at once.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_both_sides_are_reported() {
        let failure = both::<(), ()>(Err(Failure::input("a")), Err(Failure::input("b"))).unwrap_err();
        assert_eq!((failure.to_string(), failure.code()), ("error: a\nerror: b".to_owned(), 2));
    }
}
