//! VROOM's interface: a problem in, its answer out, within one request.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use milkrun::io::json;
use milkrun::io::vroom::{self, ComputingTimes, Effort, VroomError};
use serde_json::Value;
use utoipa::ToSchema;

use super::access::{App, Caller, PlansWrite};
use super::input;
use super::problem::Problem;
use super::within_request::{self, MOST_POINTS, Question};

/// A problem as VROOM's API describes it.
#[derive(ToSchema)]
#[schema(value_type = Object)]
#[expect(dead_code, reason = "describes a body that the library reads")]
pub(super) struct VroomProblem(Value);

/// An answer as VROOM's API describes it: `code`, and `error` or `summary`, `unassigned` and `routes`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that the library writes")]
pub(super) struct VroomAnswer {
    /// 0, or 1 for an internal error, 2 for faults of the input, 3 for travel times that cannot be had.
    #[schema(minimum = 0, maximum = 3)]
    code: u8,
    /// What is wrong.
    error: Option<String>,
    /// Sums over all routes.
    #[schema(value_type = Option<Object>)]
    summary: Option<Value>,
    /// Tasks that no vehicle serves.
    #[schema(value_type = Option<Vec<Object>>)]
    unassigned: Option<Vec<Value>>,
    /// The routes.
    #[schema(value_type = Option<Vec<Object>>)]
    routes: Option<Vec<Value>>,
}

#[utoipa::path(post, path = "/v1/vroom", tag = "plans", security(("bearer" = ["plans:write"])),
    request_body = VroomProblem,
    responses((status = 200, description = "the plan", body = VroomAnswer),
              (status = 400, description = "the input has faults, all of which `error` lists", body = VroomAnswer),
              (status = 500, description = "travel times cannot be had", body = VroomAnswer)))]
/// Answers a problem of VROOM's API. Where it has no matrices, ways are straight lines.
pub(super) async fn answer(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    request: Request,
) -> Result<Response, Problem> {
    if input::media_type(&request) != "application/json" {
        return Err(input::unsupported("application/json"));
    }
    let body = input::large(&app, request.into_body()).await?;
    let most = app.config.planning.max_stops;
    let read = tokio::task::spawn_blocking(move || read(&body.bytes, most)).await;
    let asked = match read.map_err(|_| within_request::failed())? {
        Ok(asked) => asked,
        Err((code, text)) => return Ok(failed(code, &text)),
    };
    let (request, model, document) = match asked {
        Asked::Times(answer) => return Ok(whole(StatusCode::OK, answer)),
        Asked::Plan(request, model, document) => (request, model, document),
    };
    let usual = Effort::default().stop(model.problem.num_stops()).max_runtime.map_or(1, |time| time.as_secs() + 1);
    let seconds = request.options().limit.map_or(usual, i64::unsigned_abs);
    let question = Question { name: "VROOM", document, problem: &model.problem, seconds };
    let plan = within_request::plan(&app, &caller, question).await?;
    Ok(whole(StatusCode::OK, request.answer(&model, &plan, &[], ComputingTimes::default())))
}

/// What a body asks for.
enum Asked {
    /// The answer with times for given routes, which is there already.
    Times(String),
    /// A plan for a problem, which is also there as a document.
    Plan(Box<vroom::Request>, Box<vroom::Model>, String),
}

/// Reads a body. What is wrong has VROOM's code.
fn read(body: &[u8], most: usize) -> Result<Asked, (u8, String)> {
    let told = |error: &VroomError| (error.code(), error.to_string());
    let text = std::str::from_utf8(body).map_err(|_| (2, "the body is not UTF-8".to_owned()))?;
    let mut lines = vroom::straight_lines(vroom::SPEED, vroom::DETOUR).map_err(|error| (1, error.to_string()))?;
    let mut travels = |profile: &str, points: &[milkrun::Coord]| {
        if points.len() > MOST_POINTS {
            return Err(format!("{} places: more than {MOST_POINTS} need matrices", points.len()));
        }
        lines(profile, points)
    };
    let request = vroom::read(text, &mut travels).map_err(|error| told(&error))?;
    if request.num_tasks() > most {
        return Err((2, format!("{} tasks: this service plans at most {most} at a time", request.num_tasks())));
    }
    if request.options().choose_eta {
        return request.choose_eta(ComputingTimes::default()).map(Asked::Times).map_err(|error| told(&error));
    }
    let model = request.model().map_err(|error| told(&error))?;
    let problem = json::write_problem(&model.problem);
    Ok(Asked::Plan(Box::new(request), Box::new(model), problem))
}

fn failed(code: u8, text: &str) -> Response {
    // As vroom-express has it.
    let status = if code == 2 { StatusCode::BAD_REQUEST } else { StatusCode::INTERNAL_SERVER_ERROR };
    whole(status, vroom::failure(code, text))
}

fn whole(status: StatusCode, text: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
}
