//! vrp's pragmatic JSON: a problem in, its solution out, within one request.

use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use milkrun::io::json;
use milkrun::io::pragmatic::{self, PragmaticError};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::access::{App, Caller, PlansWrite};
use super::admin::{Asked, asked};
use super::input;
use super::problem::Problem;
use super::within_request::{self, MOST_POINTS, Question};
use crate::fleet::Fault;

/// A problem in vrp's pragmatic JSON; or, where there are matrices, an object with the problem and them.
#[derive(ToSchema)]
#[schema(value_type = Object)]
#[expect(dead_code, reason = "describes a body that the library reads")]
pub(super) struct PragmaticProblem(Value);

/// A solution in vrp's pragmatic JSON: `statistic`, `tours` and `unassigned`.
#[derive(ToSchema)]
#[schema(value_type = Object)]
#[expect(dead_code, reason = "describes a body that the library writes")]
pub(super) struct PragmaticSolution(Value);

/// How to search.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Effort {
    /// Longest search, seconds.
    #[serde(default = "two")]
    #[param(minimum = 1)]
    seconds: u64,
}

fn two() -> u64 {
    2
}

#[utoipa::path(post, path = "/v1/pragmatic", tag = "plans", security(("bearer" = ["plans:write"])), params(Effort),
    request_body = PragmaticProblem,
    operation_id = "answer_pragmatic",
    responses((status = 200, description = "the solution", body = PragmaticSolution)))]
/// Answers a problem in vrp's pragmatic JSON. Without matrices, distances are those of great circles.
pub(super) async fn answer_pragmatic(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    effort: Asked<Effort>,
    request: Request,
) -> Result<Response, Problem> {
    let seconds = asked(effort)?.seconds;
    if input::media_type(&request) != "application/json" {
        return Err(input::unsupported("application/json"));
    }
    let body = input::large(&app, request.into_body()).await?;
    let most = app.config.planning.max_stops;
    let read = tokio::task::spawn_blocking(move || read(&body.bytes, most)).await;
    let (request, model, document) = read.map_err(|_| within_request::failed())?.map_err(Problem::invalid)?;
    let question = Question { name: "pragmatic", document, problem: &model.problem, seconds };
    let plan = within_request::plan(&app, &caller, question).await?;
    let solution = request.answer(&model, &plan, &[]);
    Ok(([(header::CONTENT_TYPE, "application/json")], solution).into_response())
}

/// A body that has the problem as one of its fields.
#[derive(Deserialize)]
#[expect(dead_code, reason = "it is only seen whether there is one")]
struct Wraps {
    problem: IgnoredAny,
}

/// A body with matrices.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WithMatrices<'a> {
    #[serde(borrow)]
    problem: &'a RawValue,
    #[serde(borrow, default)]
    matrices: Vec<&'a RawValue>,
}

/// A problem that was read, also as a document.
type Read = (Box<pragmatic::Request>, Box<pragmatic::Model>, String);

/// Reads a body. All that is wrong is reported together.
fn read(body: &[u8], most: usize) -> Result<Read, Vec<Fault>> {
    let fault = |text: String| vec![Fault::new("$", text)];
    let text = std::str::from_utf8(body).map_err(|_| fault("the body is not UTF-8".to_owned()))?;
    let parts: Option<WithMatrices<'_>> = if serde_json::from_str::<Wraps>(text).is_ok() {
        Some(serde_json::from_str(text).map_err(|error| fault(error.to_string()))?)
    } else {
        None
    };
    let (text, matrices) = match &parts {
        Some(parts) => (parts.problem.get(), parts.matrices.iter().map(|matrix| matrix.get()).collect()),
        None => (text, Vec::new()),
    };
    if matrices.is_empty() {
        let places = pragmatic::locations(text).map_err(|error| faults(&error))?;
        let places = serde_json::from_str::<Vec<&RawValue>>(&places).map_or(0, |places| places.len());
        if places > MOST_POINTS {
            return Err(fault(format!("{places} places: more than {MOST_POINTS} need matrices")));
        }
    }
    let request = pragmatic::read(text, &matrices).map_err(|error| faults(&error))?;
    if request.num_tasks() > most {
        return Err(fault(format!("{} tasks: this service plans at most {most} at a time", request.num_tasks())));
    }
    let model = request.model().map_err(|error| faults(&error))?;
    let document = json::write_problem(&model.problem);
    Ok((Box::new(request), Box::new(model), document))
}

fn faults(error: &PragmaticError) -> Vec<Fault> {
    match error {
        PragmaticError::Input { issues, .. } if !issues.is_empty() => {
            issues.iter().map(|issue| Fault::new(issue.path.clone(), issue.to_string())).collect()
        }
        other => vec![Fault::new("$", other.to_string())],
    }
}
