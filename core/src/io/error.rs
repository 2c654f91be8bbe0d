//! One error for all that can go wrong with what a user passes in: what bindings and services hand on.

use crate::io::json::{JsonError, JsonFault};
use crate::io::{Fault, ReadError, UnknownFormat, WriteError};
use crate::model::{Issue, ValidationError};
use crate::plan::PlanError;
use crate::travel::MatrixError;

/// Whatever can be wrong with input.
///
/// ```
/// use milkrun::{Error, Problem, VehicleType};
///
/// let mut builder = Problem::builder();
/// builder.add_vehicle_type(VehicleType::new(1).capacity([-5]));
/// let error = Error::from(builder.build().unwrap_err());
/// assert_eq!(error.code(), "validation");
/// assert_eq!(error.issues()[0].path, "vehicle_types[0].capacity[0]");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A problem is not valid.
    #[error(transparent)]
    Validation(#[from] ValidationError),
    /// A text file is faulty.
    #[error(transparent)]
    Read(ReadError),
    /// A JSON document is faulty.
    #[error(transparent)]
    Json(JsonError),
    /// A plan is not for the problem.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Something cannot be written in a format.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Values are no matrix of travel.
    #[error(transparent)]
    Matrix(#[from] MatrixError),
    /// Nothing is known by the name of a format.
    #[error(transparent)]
    FormatName(#[from] UnknownFormat),
    /// A text whose format cannot be told.
    #[error("the format cannot be told; say it: vrplib, solomon, lilim or json")]
    UnknownFormat,
    /// A text that must be UTF-8 and is not.
    #[error("byte {at} is not UTF-8; save the file as UTF-8")]
    NotUtf8 {
        /// The first byte that is at fault, from 0.
        at: usize,
    },
}

impl From<ReadError> for Error {
    /// A file that is in order, but makes no valid problem, is a fault of the problem.
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Invalid { source, .. } => Self::Validation(source),
            faults @ ReadError::Faults { .. } => Self::Read(faults),
        }
    }
}

impl From<JsonError> for Error {
    /// A document that is in order, but makes no valid problem or plan, is a fault of these.
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::Invalid(error) => Self::Validation(error),
            JsonError::Plan(error) => Self::Plan(error),
            error => Self::Json(error),
        }
    }
}

impl Error {
    /// A word for the kind of error that stays the same over versions.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Validation(_) => "validation",
            Self::Read(_) => "read",
            Self::Json(JsonError::Syntax { .. }) | Self::NotUtf8 { .. } => "json_syntax",
            Self::Json(JsonError::Kind { .. }) => "json_kind",
            Self::Json(JsonError::Version { .. }) => "json_version",
            Self::Json(JsonError::Shape { .. }) => "json_shape",
            Self::Json(_) => "json_content",
            Self::Plan(_) => "plan",
            Self::Write(_) => "write",
            Self::Matrix(_) => "matrix",
            Self::FormatName(_) | Self::UnknownFormat => "format",
        }
    }

    /// Every fault, each with its place, value and remedy as far as it has them; empty where the message says all.
    pub fn issues(&self) -> Vec<Issue> {
        match self {
            Self::Validation(error) => error.issues.clone(),
            Self::Read(error) => error.faults().iter().map(of_fault).collect(),
            Self::Json(error) => of_json(error),
            Self::Plan(error) => error.ids.iter().map(|id| of_text(&id.path, &id.to_string())).collect(),
            Self::Write(error) => vec![issue(&error.path, &error.value, error.message, error.remedy)],
            Self::Matrix(error) => of_matrix(error),
            Self::FormatName(_) | Self::UnknownFormat | Self::NotUtf8 { .. } => Vec::new(),
        }
    }
}

fn issue(path: &str, value: &str, message: &str, remedy: &str) -> Issue {
    Issue { path: path.to_owned(), value: value.to_owned(), message: message.to_owned(), remedy: remedy.to_owned() }
}

/// The parts of a message `path: what is wrong; what to do`.
fn of_text(path: &str, text: &str) -> Issue {
    let text = text.strip_prefix(path).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(text);
    let (message, remedy) = text.rsplit_once("; ").unwrap_or((text, ""));
    issue(path, "", message, remedy)
}

fn of_fault(fault: &Fault) -> Issue {
    let line = fault.line.map(|line| format!("line {line}"));
    let section = (!fault.section.is_empty()).then(|| fault.section.clone());
    let path = line.into_iter().chain(section).collect::<Vec<_>>().join(", ");
    issue(&path, &fault.text, &fault.kind.to_string(), fault.kind.remedy())
}

fn of_json(error: &JsonError) -> Vec<Issue> {
    match error {
        JsonError::Syntax { line, column, message } => {
            vec![issue(&format!("line {line}, column {column}"), "", message, "mend the JSON there")]
        }
        JsonError::Shape { faults, .. } => faults.iter().map(|f| issue(&f.path, "", &f.message, &f.remedy)).collect(),
        JsonError::Content { faults, .. } => {
            faults.iter().map(|fault: &JsonFault| of_text(fault.path(), &fault.to_string())).collect()
        }
        JsonError::Kind { .. } | JsonError::Version { .. } | JsonError::Invalid(_) | JsonError::Plan(_) => Vec::new(),
    }
}

fn of_matrix(error: &MatrixError) -> Vec<Issue> {
    match error {
        MatrixError::Shape { size, found } => {
            let value = format!("{found} values");
            vec![issue(
                "matrix",
                &value,
                &format!("is not {size} × {size}"),
                "give one row and column for each location",
            )]
        }
        MatrixError::Range { row, column, value } => {
            let remedy = "use another unit, or say that there is no way";
            vec![issue(
                &format!("matrix[{row}][{column}]"),
                &value.to_string(),
                "does not lie in 0 ..= 1073741823",
                remedy,
            )]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::read_problem;

    fn fails(text: &str) -> Error {
        read_problem(text.as_bytes(), None, None, None).unwrap_err()
    }

    #[test]
    fn every_kind_of_document_error_has_its_code() {
        let head = r#""milkrun":"problem","version":1"#;
        assert_eq!(fails("{").code(), "json_syntax");
        assert_eq!(fails("{}").code(), "json_kind");
        assert_eq!(fails(r#"{"milkrun":"problem","version":9}"#).code(), "json_version");
        assert_eq!(fails(&format!("{{{head},\"clients\":7}}")).code(), "json_shape");
        assert_eq!(fails(&format!("{{{head},\"clients\":[{{\"location\":3}}]}}")).code(), "json_content");
        assert_eq!(
            fails(&format!("{{{head},\"clients\":[{{\"location\":{{\"x\":1,\"y\":2}}}}]}}")).code(),
            "validation"
        );
        assert_eq!(fails("hello").code(), "format");
        assert_eq!(fails("DIMENSION : x\n").code(), "read");
    }

    #[test]
    fn a_message_is_taken_apart() {
        let error = fails(r#"{"milkrun":"problem","version":1,"clients":[{"location":3}]}"#);
        let issues = error.issues();
        assert_eq!(issues.len(), 1);
        assert_eq!(issues[0].path, "clients[0].location");
        assert_eq!(issues[0].message, "there is no location 3");
        assert_eq!(issues[0].remedy, "there are 0, counted from 0");
        let fault = &fails("DIMENSION : x\n").issues()[0];
        assert_eq!((fault.path.as_str(), fault.value.as_str()), ("line 1, DIMENSION", "x"));
    }
}
