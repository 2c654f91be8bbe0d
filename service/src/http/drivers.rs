//! Who drives, and what came back from the road, as dispatchers see it.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use utoipa::ToSchema;

use super::access::{App, Caller, PlansRead, PlansWrite};
use super::admin::Asked;
use super::days::{Most, day, most};
use super::input::Input;
use super::problem::Problem;
use crate::driving::{self, Assigned, Driver, Photo, Position, Report};

#[utoipa::path(get, path = "/v1/days/{day}/drivers", operation_id = "list_drivers", tag = "drivers",
    security(("bearer" = ["plans:write"])),
    params(("day" = String, Path, description = "as 2026-12-03")),
    responses((status = 200, description = "users who may drive, by name, with their vehicle of the day", body = [Driver])))]
/// Lists users who can be assigned to a vehicle, with those that are.
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    Path(text): Path<String>,
) -> Result<Json<Vec<Driver>>, Problem> {
    Ok(Json(driving::drivers(&app.ledger, &caller.who.org, day(&text)?).await?))
}

/// Which vehicle a user drives.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct Assignment {
    /// Code of the vehicle.
    #[schema(min_length = 1, max_length = 200)]
    vehicle: String,
}

#[utoipa::path(put, path = "/v1/days/{day}/drivers/{id}", operation_id = "assign_driver", tag = "drivers",
    security(("bearer" = ["plans:write"])), request_body = Assignment,
    params(("day" = String, Path, description = "as 2026-12-03"), ("id" = String, Path, description = "the user")),
    responses((status = 204, description = "the user drives this vehicle, and no other one, from now on")))]
/// Assigns a user to a vehicle for a day.
pub(super) async fn assign(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    Path((text, id)): Path<(String, String)>,
    mut input: Input,
) -> Result<StatusCode, Problem> {
    let vehicle = input.text("vehicle", 1..=200);
    input.finish()?;
    match driving::assign(&app.ledger, &caller.who, day(&text)?, &id, &vehicle).await? {
        Assigned::Done => Ok(StatusCode::NO_CONTENT),
        Assigned::Missing => Err(Problem::missing()),
        Assigned::NoDriver => {
            let text = "the user may not drive, or is disabled: give the role driver first";
            Err(Problem::new(StatusCode::CONFLICT, "not_a_driver", text))
        }
        Assigned::NoVehicle => {
            Err(Problem::fault("$.vehicle", "there is no such vehicle, and no route of it on this day"))
        }
    }
}

#[utoipa::path(delete, path = "/v1/days/{day}/drivers/{id}", operation_id = "release_driver", tag = "drivers",
    security(("bearer" = ["plans:write"])),
    params(("day" = String, Path, description = "as 2026-12-03"), ("id" = String, Path, description = "the user")),
    responses((status = 204, description = "the user drives no vehicle on this day")))]
/// Ends an assignment. What the driver has done until then can still be reported.
pub(super) async fn release(
    State(app): State<App>,
    caller: Caller<PlansWrite>,
    Path((text, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let was = driving::release(&app.ledger, &caller.who, day(&text)?, &id).await?;
    if was { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::missing()) }
}

#[utoipa::path(get, path = "/v1/days/{day}/reports", operation_id = "list_reports", tag = "drivers",
    security(("bearer" = ["plans:read"])),
    params(("day" = String, Path, description = "as 2026-12-03"), Most),
    responses((status = 200, description = "what drivers reported, the newest first", body = [Report])))]
/// Lists what drivers reported of a day's stops.
pub(super) async fn reports(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(text): Path<String>,
    newest: Asked<Most>,
) -> Result<Json<Vec<Report>>, Problem> {
    let limit = most(newest)?;
    Ok(Json(driving::list_reports(&app.ledger, &caller.who.org, day(&text)?, limit).await?))
}

#[utoipa::path(get, path = "/v1/days/{day}/positions", operation_id = "last_positions", tag = "drivers",
    security(("bearer" = ["plans:read"])),
    params(("day" = String, Path, description = "as 2026-12-03")),
    responses((status = 200, description = "where each vehicle was last, by vehicle", body = [Position])))]
/// Where the vehicles of a day are.
pub(super) async fn positions(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(text): Path<String>,
) -> Result<Json<Vec<Position>>, Problem> {
    Ok(Json(driving::last_positions(&app.ledger, &caller.who.org, day(&text)?).await?))
}

/// A photo as a file that no browser takes for anything else.
pub(super) fn picture(found: Option<Photo>) -> Result<Response, Problem> {
    let Photo { media_type, sha256, content } = found.ok_or_else(Problem::missing)?;
    let name = if media_type == "image/png" { "photo.png" } else { "photo.jpg" };
    let mut response = content.into_response();
    let headers = response.headers_mut();
    let mut set = |name: header::HeaderName, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, media_type);
    set(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""));
    set(header::ETAG, format!("\"{sha256}\""));
    Ok(response)
}

#[utoipa::path(get, path = "/v1/photos/{id}", operation_id = "find_photo", tag = "drivers",
    security(("bearer" = ["plans:read"])),
    params(("id" = String, Path, description = "the photo, as a report names it")),
    responses((status = 200, description = "the picture; its SHA-256 is the entity tag",
        content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png")))))]
/// A driver's photo.
pub(super) async fn photo(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    picture(driving::photo(&app.ledger, &caller.who.org, &id).await?)
}
