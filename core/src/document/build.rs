//! From a problem's document, and matrices beside it, to the problem.

use super::ProblemDocument;
use crate::io::Error;
use crate::io::json::{JsonError, JsonFault};
use crate::model::{Issue, Problem, ValidationError};
use crate::travel::{Matrix, MatrixError, ProfileMatrices, Travel};

/// The values of a square matrix, row-major.
#[derive(Clone, Debug)]
pub struct MatrixValues {
    /// How many rows there are.
    pub size: usize,
    /// The values: a row for each origin, a column for each destination.
    pub values: Vec<i64>,
}

/// A travel profile. Matrices are too large for documents: they go beside them.
#[derive(Clone, Debug)]
pub struct ProfileValues {
    /// Distances.
    pub distance: MatrixValues,
    /// Durations; equal to the distances, if not given.
    pub duration: Option<MatrixValues>,
}

impl ProblemDocument {
    /// The problem of a document and of travel profiles, which replace what the document says of travel where there are any.
    ///
    /// ```
    /// use milkrun::document::{MatrixValues, ProblemDocument, ProfileValues};
    ///
    /// let document = || -> ProblemDocument {
    ///     serde_json::from_str(r#"{
    ///         "milkrun": "problem", "version": 1,
    ///         "depots": [{"location": {}}], "clients": [{"location": {}, "prize": -1}], "vehicle_types": [{"start": 0}]
    ///     }"#).unwrap()
    /// };
    /// let distance = MatrixValues { size: 2, values: vec![0, 3, -4, 0] };
    /// let error = document().with_profiles(vec![ProfileValues { distance, duration: None }]).unwrap_err();
    /// let paths: Vec<&str> = error.issues.iter().map(|issue| issue.path.as_str()).collect();
    /// assert_eq!(paths, ["travel.profiles[0].distance[1][0]", "clients[0].prize"]);
    /// ```
    ///
    /// # Errors
    ///
    /// [`ValidationError`] with all faults at once: those of matrices, of references, and of the problem.
    pub fn with_profiles(self, profiles: Vec<ProfileValues>) -> Result<Problem, ValidationError> {
        let mut issues = Vec::new();
        let read = profiles.into_iter().enumerate();
        let read: Vec<ProfileMatrices> = read.filter_map(|(p, values)| profile(p, values, &mut issues)).collect();
        let (others, omitted) = match self.build((!read.is_empty()).then_some(Travel::Matrices(read))) {
            Ok(problem) if issues.is_empty() => return Ok(problem),
            Ok(_) => (Vec::new(), 0),
            Err(JsonError::Invalid(ValidationError { issues, omitted })) => (issues, omitted),
            Err(JsonError::Content { faults, omitted }) => (faults.iter().map(JsonFault::issue).collect(), omitted),
            Err(other) => (vec![whole(&other)], 0),
        };
        let told: Vec<String> = issues.iter().map(|issue| issue.path.clone()).collect();
        issues.extend(others.into_iter().filter(|issue| !told.contains(&issue.path)));
        Err(ValidationError { issues, omitted })
    }
}

/// A fault of all of the document.
fn whole(error: &JsonError) -> Issue {
    Issue { path: String::new(), value: String::new(), message: error.to_string(), remedy: String::new() }
}

/// The matrices of a profile; where one is faulty, nothing is far, so that other faults are told as they are.
fn profile(number: usize, values: ProfileValues, issues: &mut Vec<Issue>) -> Option<ProfileMatrices> {
    let path = format!("travel.profiles[{number}]");
    let ProfileValues { distance, duration } = values;
    let rows = distance.size;
    let duration = duration.filter(|duration| {
        let fits = duration.size == rows;
        if !fits {
            issues.push(Issue {
                path: format!("{path}.duration"),
                value: format!("{} rows", duration.size),
                message: format!("the distances have {rows}"),
                remedy: "give as many rows and columns".to_owned(),
            });
        }
        fits
    });
    let mut read = |field: &str, MatrixValues { size, values }: MatrixValues| {
        let cells = values.len();
        Matrix::new(size, values).or_else(|error| {
            issues.extend(of_matrix(&format!("{path}.{field}"), &error));
            Matrix::new(size, vec![0; cells])
        })
    };
    let distance = read("distance", distance).ok()?;
    let duration = duration.and_then(|duration| read("duration", duration).ok());
    Some(ProfileMatrices { distance, duration })
}

fn of_matrix(path: &str, error: &MatrixError) -> Vec<Issue> {
    let at = |issue: Issue| Issue { path: issue.path.replacen("matrix", path, 1), ..issue };
    Error::from(error.clone()).issues().into_iter().map(at).collect()
}
