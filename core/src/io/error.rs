//! The error type that covers all faults of user input; bindings and services pass it on.

use crate::io::json::{JsonError, JsonFault};
use crate::io::{Fault, ForeignError, ReadError, UnknownFormat, WriteError};
use crate::model::{Issue, ValidationError};
use crate::plan::PlanError;
use crate::travel::MatrixError;

/// Any fault of user input.
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
    /// A document of VROOM's or of vrp's is faulty, or says what cannot be planned.
    #[error(transparent)]
    Foreign(#[from] ForeignError),
    /// A plan does not belong to the problem.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A format cannot represent what is to be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The values do not form a travel matrix.
    #[error(transparent)]
    Matrix(#[from] MatrixError),
    /// There is no format of that name.
    #[error(transparent)]
    FormatName(#[from] UnknownFormat),
    /// A text whose format is not recognised.
    #[error(
        "the format is not recognised; name it: vrplib, solomon, lilim, cordeau, wcvrptw, json, vroom or pragmatic"
    )]
    UnknownFormat,
    /// A text that should be UTF-8 but is not.
    #[error("byte {at} is not UTF-8; save the file as UTF-8")]
    NotUtf8 {
        /// Offset of the first invalid byte, from 0.
        at: usize,
    },
}

impl From<ReadError> for Error {
    /// A well-formed file whose problem is invalid becomes a validation error.
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Invalid { source, .. } => Self::Validation(source),
            faults @ ReadError::Faults { .. } => Self::Read(faults),
        }
    }
}

impl From<JsonError> for Error {
    /// A well-formed document whose problem or plan is invalid becomes an error of that problem or plan.
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::Invalid(error) => Self::Validation(error),
            JsonError::Plan(error) => Self::Plan(error),
            error => Self::Json(error),
        }
    }
}

impl Error {
    /// The kind of error in one word, which stays the same across versions.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Validation(_) => "validation",
            Self::Read(_) => "read",
            Self::Json(JsonError::Syntax { .. }) | Self::Foreign(ForeignError::Syntax(_)) | Self::NotUtf8 { .. } => {
                "json_syntax"
            }
            Self::Json(JsonError::Kind { .. }) => "json_kind",
            Self::Json(JsonError::Version { .. }) => "json_version",
            Self::Json(JsonError::Shape { .. }) => "json_shape",
            Self::Json(_) | Self::Foreign(_) => "json_content",
            Self::Plan(_) => "plan",
            Self::Write(_) => "write",
            Self::Matrix(_) => "matrix",
            Self::FormatName(_) | Self::UnknownFormat => "format",
        }
    }

    /// Every fault, with its location, value and remedy where it has them; empty if the message says it all.
    pub fn issues(&self) -> Vec<Issue> {
        match self {
            Self::Validation(error) => error.issues.clone(),
            Self::Read(error) => error.faults().iter().map(of_fault).collect(),
            Self::Json(error) => of_json(error),
            Self::Foreign(ForeignError::Input { issues, .. }) => issues.clone(),
            Self::Plan(error) => error.ids.iter().map(|id| of_text(&id.path, &id.to_string())).collect(),
            Self::Write(error) => vec![issue(&error.path, &error.value, error.message, error.remedy)],
            Self::Matrix(error) => of_matrix(error),
            Self::Foreign(_) | Self::FormatName(_) | Self::UnknownFormat | Self::NotUtf8 { .. } => Vec::new(),
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
        JsonError::Content { faults, .. } => faults.iter().map(JsonFault::issue).collect(),
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
            let remedy = "use another unit, or mark the pair as unreachable";
            vec![issue(&format!("matrix[{row}][{column}]"), &value.to_string(), "is outside 0 ..= 1073741823", remedy)]
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
    fn a_message_is_split_into_its_parts() {
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
