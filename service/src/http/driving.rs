//! What drivers see and say: their own route, and nothing else.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::access::{App, Caller, RoutesDrive};
use super::admin::Asked;
use super::days::{Most, day, most};
use super::drivers::picture;
use super::input::{self, Input};
use super::problem::Problem;
use crate::driving::{self, DrivenDay, DriverRoute, NewReport, Position, REASONS, Received, Taken, Told};
use crate::fleet::Fault;
use crate::raw;

/// Most reports, and most positions, of one request.
const MOST: usize = 200;
/// Seconds of a day that are times of it: nights belong to the day before or after, too.
const TIMES: std::ops::RangeInclusive<i64> = -86_400..=345_600;

#[utoipa::path(get, path = "/v1/driving/days", operation_id = "own_days", tag = "driving",
    security(("bearer" = ["routes:drive"])), params(Most),
    responses((status = 200, description = "days on which the caller drives, the newest first", body = [DrivenDay])))]
/// The days on which one drives.
pub(super) async fn days(
    State(app): State<App>,
    caller: Caller<RoutesDrive>,
    newest: Asked<Most>,
) -> Result<Json<Vec<DrivenDay>>, Problem> {
    let limit = most(newest)?;
    Ok(Json(driving::days(&app.ledger, &caller.who, limit).await?))
}

#[utoipa::path(get, path = "/v1/driving/days/{day}", operation_id = "own_route", tag = "driving",
    security(("bearer" = ["routes:drive"])),
    params(("day" = String, Path, description = "as 2026-12-03")),
    responses((status = 200, description = "the stops of one's vehicle, in order", body = DriverRoute)))]
/// One's route of a day: that of the vehicle that one is assigned to, in the plan that holds.
pub(super) async fn route(
    State(app): State<App>,
    caller: Caller<RoutesDrive>,
    Path(text): Path<String>,
) -> Result<Json<DriverRoute>, Problem> {
    let found = driving::of_user(&app.ledger, &caller.who, day(&text)?).await?;
    Ok(Json(found.ok_or_else(Problem::missing)?))
}

/// Reports of stops.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct StopReports {
    /// The reports.
    #[schema(max_items = 200)]
    reports: Vec<StopReport>,
}

/// A report of a stop.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StopReport {
    /// An id that the phone makes, such as a UUID: what comes twice is stored once.
    #[schema(min_length = 8, max_length = 64, pattern = "^[0-9A-Za-z_-]+$")]
    id: String,
    /// The version of the plan that was seen; 0: none.
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    version: i64,
    /// The vehicle; the one that is driven now, or was, unless given.
    #[serde(default)]
    #[schema(max_length = 200)]
    vehicle: String,
    /// `client`, `pickup` or `delivery`; `client` unless given.
    #[serde(default = "client")]
    #[schema(pattern = "^(client|pickup|delivery)$")]
    activity: String,
    /// With which bin or shipment.
    #[schema(max_length = 200)]
    code: String,
    /// `done`, or `missed`: it was not possible.
    #[schema(pattern = "^(done|missed)$")]
    outcome: String,
    /// Why it was not possible.
    #[serde(default)]
    #[schema(pattern = "^(no_access|blocked|not_out|contaminated|too_heavy|closed|vehicle|no_time|other)?$")]
    reason: String,
    /// What else is to be said.
    #[serde(default)]
    #[schema(max_length = 500)]
    remark: String,
    /// What was collected or delivered, kilograms.
    #[schema(minimum = 0, maximum = 1_000_000)]
    amount: Option<i64>,
    /// How full the bin was, per cent.
    #[schema(minimum = 0, maximum = 200)]
    fill_percent: Option<i64>,
    /// When it happened, seconds of the day.
    #[schema(minimum = -86_400, maximum = 345_600)]
    at: i64,
}

fn client() -> String {
    "client".to_owned()
}

#[utoipa::path(post, path = "/v1/driving/days/{day}/reports", operation_id = "report_stops", tag = "driving",
    security(("bearer" = ["routes:drive"])),
    params(("day" = String, Path, description = "as 2026-12-03")), request_body = StopReports,
    responses((status = 200, description = "what became of each report; the route, if it is another one than was seen",
        body = Received)))]
/// Reports stops as done or not possible. It may come late, in any order, and more than once; of several words on a stop the one
/// that was said last counts.
pub(super) async fn report(
    State(app): State<App>,
    caller: Caller<RoutesDrive>,
    Path(text): Path<String>,
    mut input: Input,
) -> Result<Json<Received>, Problem> {
    let read: Vec<(usize, StopReport)> = items(&mut input, "reports");
    let reports: Vec<NewReport> = read.into_iter().map(|(i, report)| checked(&mut input, i, report)).collect();
    input.finish()?;
    let received = driving::receive(&app.ledger, &caller.who, day(&text)?, &reports).await?;
    app.wake_refresher.notify_one();
    Ok(Json(received.ok_or_else(Problem::missing)?))
}

/// The items of a list, with their number; all that cannot be read is a fault.
fn items<T: DeserializeOwned>(input: &mut Input, name: &str) -> Vec<(usize, T)> {
    let Some(list) = input.take(name) else {
        input.fault(name, "missing; give a list");
        return Vec::new();
    };
    let mut found = Vec::new();
    let read = raw::each_item(list.get().as_bytes(), |i, item| {
        if i == MOST {
            input.fault(name, format!("more than {MOST}: send at most {MOST} at a time"));
            return false;
        }
        match serde_json::from_str(item.get()) {
            Ok(item) => found.push((i, item)),
            Err(error) => input.fault(&format!("{name}[{i}]"), raw::clipped(&error.to_string())),
        }
        input.has_room()
    });
    if read.is_err() {
        input.fault(name, "give a list");
    }
    found
}

/// A report whose fields are in their ranges; all that are not are faults.
fn checked(input: &mut Input, i: usize, read: StopReport) -> NewReport {
    let is_done = read.outcome == "done";
    let is_id = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_text = |text: &str, most: usize| text.chars().count() <= most && !text.chars().any(char::is_control);
    let within = |value: Option<i64>, most: i64| value.is_none_or(|value| (0..=most).contains(&value));
    let right_reason = if is_done { read.reason.is_empty() } else { REASONS.contains(&read.reason.as_str()) };
    let reasons = format!("one of {} where the outcome is missed, and none where it is done", REASONS.join(", "));
    let right = [
        ("id", (8..=64).contains(&read.id.len()) && read.id.chars().all(is_id), "8 to 64 letters, digits, - and _"),
        ("version", (0..=i64::from(i32::MAX)).contains(&read.version), "the version of the route that was seen"),
        ("vehicle", is_text(&read.vehicle, 200), "at most 200 characters"),
        ("activity", matches!(read.activity.as_str(), "client" | "pickup" | "delivery"), "client, pickup or delivery"),
        ("code", is_text(&read.code, 200), "at most 200 characters"),
        ("outcome", matches!(read.outcome.as_str(), "done" | "missed"), "done or missed"),
        ("reason", right_reason, reasons.as_str()),
        ("remark", is_text(&read.remark, 500), "at most 500 characters, and no control characters"),
        ("amount", within(read.amount, 1_000_000), "kilograms from 0 to 1000000"),
        ("fill_percent", within(read.fill_percent, 200), "per cent from 0 to 200"),
        ("at", TIMES.contains(&read.at), "a time from -86400 to 345600 seconds of the day"),
    ];
    for (name, _, remedy) in right.iter().filter(|(_, right, _)| !right) {
        input.fault(&format!("reports[{i}].{name}"), format!("give {remedy}"));
    }
    let StopReport { id, version, vehicle, activity, code, reason, remark, amount, fill_percent, at, .. } = read;
    NewReport { id, vehicle, activity, code, is_done, reason, remark, amount, fill_percent, at, version }
}

#[utoipa::path(put, path = "/v1/driving/reports/{id}/photo", operation_id = "keep_photo", tag = "driving",
    security(("bearer" = ["routes:drive"])),
    params(("id" = String, Path, description = "the report")),
    request_body(content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"))),
    responses((status = 204, description = "stored, without where and when it was taken; the same may come twice")))]
/// Adds a photo to a report of one's own: JPEG or PNG, whatever the media type says.
pub(super) async fn keep_photo(
    State(app): State<App>,
    caller: Caller<RoutesDrive>,
    Path(id): Path<String>,
    body: Body,
) -> Result<StatusCode, Problem> {
    let sent = input::photo(&app, body, &caller.who.user).await?;
    let most = app.config.driving.photo_bytes_per_organisation;
    match driving::keep_photo(&app.ledger, &caller.who, &id, &sent.bytes, most).await? {
        Taken::Stored => Ok(StatusCode::NO_CONTENT),
        Taken::Missing => Err(Problem::missing()),
        Taken::Another => {
            Err(Problem::new(StatusCode::CONFLICT, "photo_known", "the report has another photo, which stays"))
        }
        Taken::Full => {
            let text = "the organisation has no room for further photos until older ones are deleted for their age";
            Err(Problem::new(StatusCode::CONFLICT, "photos_full", text))
        }
        Taken::Unusable(why) => Err(Problem::fault("$", why.to_string())),
    }
}

#[utoipa::path(get, path = "/v1/driving/reports/{id}/photo", operation_id = "own_photo", tag = "driving",
    security(("bearer" = ["routes:drive"])),
    params(("id" = String, Path, description = "the report")),
    responses((status = 200, description = "the picture; its SHA-256 is the entity tag",
        content((Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png")))))]
/// The photo of a report of one's own.
pub(super) async fn own_photo(
    State(app): State<App>,
    caller: Caller<RoutesDrive>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    picture(driving::own_photo(&app.ledger, &caller.who, &id).await?)
}

/// Where the vehicle was.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct PositionReports {
    /// The positions.
    #[schema(max_items = 200)]
    positions: Vec<PositionReport>,
}

/// Where the vehicle was at a time.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PositionReport {
    /// When, seconds of the day.
    #[schema(minimum = -86_400, maximum = 345_600)]
    at: i64,
    /// Longitude.
    #[schema(minimum = -180, maximum = 180)]
    lon: f64,
    /// Latitude.
    #[schema(minimum = -90, maximum = 90)]
    lat: f64,
    /// By how much it may be wrong, metres.
    #[schema(minimum = 0, maximum = 1_000_000)]
    accuracy: i64,
}

#[utoipa::path(post, path = "/v1/driving/days/{day}/positions", operation_id = "report_positions", tag = "driving",
    security(("bearer" = ["routes:drive"])),
    params(("day" = String, Path, description = "as 2026-12-03")), request_body = PositionReports,
    responses((status = 204, description = "stored, one for each ten seconds")))]
/// Reports where one's vehicle was. Where one of the positions lies more than ten minutes ahead of the service's clock, none is
/// stored: the phone's clock is wrong.
pub(super) async fn positions(
    State(app): State<App>,
    caller: Caller<RoutesDrive>,
    Path(text): Path<String>,
    mut input: Input,
) -> Result<StatusCode, Problem> {
    if app.positions.check_key(&caller.who.user).is_err() {
        let text = "too many reports of positions; gather some, and send them together";
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", text));
    }
    let read: Vec<(usize, PositionReport)> = items(&mut input, "positions");
    let mut positions = Vec::new();
    for (i, PositionReport { at, lon, lat, accuracy }) in read {
        let right = [
            ("at", TIMES.contains(&at), "a time from -86400 to 345600 seconds of the day"),
            ("lon", (-180.0..=180.0).contains(&lon), "degrees from -180 to 180"),
            ("lat", (-90.0..=90.0).contains(&lat), "degrees from -90 to 90"),
            ("accuracy", (0..=1_000_000).contains(&accuracy), "metres from 0 to 1000000"),
        ];
        for (name, _, remedy) in right.iter().filter(|(_, right, _)| !right) {
            input.fault(&format!("positions[{i}].{name}"), format!("give {remedy}"));
        }
        positions.push(Position { vehicle: String::new(), at, lon, lat, accuracy });
    }
    input.finish()?;
    match driving::store_positions(&app.ledger, &caller.who, day(&text)?, &positions).await? {
        Told::Stored => Ok(StatusCode::NO_CONTENT),
        Told::NotADriver => Err(Problem::missing()),
        Told::Ahead(ahead) => {
            let fault = |(i, by): (usize, i64)| {
                let text =
                    format!("{by} seconds ahead of the service's clock: set the phone's clock and time zone right");
                Fault::new(format!("$.positions[{i}].at"), text)
            };
            Err(Problem::invalid(ahead.into_iter().map(fault).collect()))
        }
    }
}
