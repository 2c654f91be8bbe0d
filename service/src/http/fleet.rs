//! Depots, disposal sites, vehicles, drivers, bins, payers and readings.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::access::{App, BillingManage, Caller, FleetRead, FleetWrite, ReadingsWrite};
use super::admin::{Asked, Page, asked};
use super::input::{self, Input};
use super::problem::Problem;
use crate::fleet::{self, Format, Kind, Reading, Reported};

/// The kind of this name in addresses. Who pays, and how much, is a matter of those who bill.
fn kind<P>(path: &str, caller: &Caller<P>) -> Result<Kind, Problem> {
    let kind = Kind::from_path(path).ok_or_else(Problem::missing)?;
    if kind == Kind::Payer {
        caller.must_also_have::<BillingManage>()?;
    }
    Ok(kind)
}

#[utoipa::path(get, path = "/v1/fleet/{kind}", tag = "fleet", security(("bearer" = ["fleet:read"])),
    params(Page, ("kind" = super::documents::FleetKind, Path, description = "what")),
    responses((status = 200, description = "things of the kind, by code", body = [super::documents::FleetItem])))]
/// Lists what is stored of a kind; `after` is a code. Payers are seen and changed only with `billing:manage` beside.
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller<FleetRead>,
    Path(path): Path<String>,
    page: Asked<Page>,
) -> Result<Json<Vec<Value>>, Problem> {
    let (kind, page) = (kind(&path, &caller)?, asked(page)?);
    let records = fleet::list(&app.ledger, kind, &caller.who.org, &page.after, page.limit()?).await?;
    Ok(Json(records.iter().map(|record| record.json(kind)).collect()))
}

#[utoipa::path(get, path = "/v1/fleet/{kind}/{code}", tag = "fleet", security(("bearer" = ["fleet:read"])),
    params(("kind" = super::documents::FleetKind, Path, description = "what"),
           ("code" = String, Path, description = "its code")),
    responses((status = 200, description = "the thing", body = super::documents::FleetItem)))]
/// One thing.
pub(super) async fn find(
    State(app): State<App>,
    caller: Caller<FleetRead>,
    Path((path, code)): Path<(String, String)>,
) -> Result<Json<Value>, Problem> {
    let kind = kind(&path, &caller)?;
    let record = fleet::find(&app.ledger, kind, &caller.who.org, &code).await?;
    Ok(Json(record.ok_or_else(Problem::missing)?.json(kind)))
}

#[utoipa::path(delete, path = "/v1/fleet/{kind}/{code}", tag = "fleet", security(("bearer" = ["fleet:write"])),
    params(("kind" = super::documents::FleetKind, Path, description = "what"),
           ("code" = String, Path, description = "its code")),
    responses((status = 204, description = "deleted")))]
/// Deletes one thing.
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller<FleetWrite>,
    Path((path, code)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let kind = kind(&path, &caller)?;
    if !fleet::delete(&app.ledger, kind, &caller.who, &code).await? {
        return Err(Problem::missing());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// What an import did.
#[derive(Serialize, ToSchema)]
pub(super) struct Imported {
    /// Records that were inserted or replaced.
    imported: usize,
}

#[utoipa::path(post, path = "/v1/fleet/{kind}/import", tag = "fleet", security(("bearer" = ["fleet:write"])),
    params(("kind" = super::documents::FleetKind, Path, description = "what")),
    request_body(content(
        (Vec<super::documents::FleetItem> = "application/json"),
        (String = "text/csv"),
        (Object = "application/geo+json"),
    )),
    responses((status = 200, description = "all of it is stored", body = Imported)))]
/// Imports many at a time: a JSON list, a CSV table, or `GeoJSON` points. What has a known code is replaced. If anything
/// is wrong, nothing is imported, and every fault is reported.
pub(super) async fn import(
    State(app): State<App>,
    caller: Caller<FleetWrite>,
    Path(path): Path<String>,
    request: Request,
) -> Result<Json<Imported>, Problem> {
    let kind = kind(&path, &caller)?;
    let format = Format::of_media_type(input::media_type(&request));
    let format = format.ok_or_else(|| input::unsupported("application/json, text/csv or application/geo+json"))?;
    let body = input::large(&app, request.into_body()).await?;
    let read = tokio::task::spawn_blocking(move || fleet::read(kind, format, &body.bytes)).await;
    let records = read.map_err(|_| Problem::fault("$", "cannot be read"))?.map_err(Problem::invalid)?;
    fleet::import(&app.ledger, kind, &caller.who, &records).await?;
    Ok(Json(Imported { imported: records.len() }))
}

/// A part of the map.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Within {
    /// Longitude of the left edge, degrees.
    #[param(minimum = -180, maximum = 180)]
    west: f64,
    /// Latitude of the lower edge, degrees.
    #[param(minimum = -90, maximum = 90)]
    south: f64,
    /// Longitude of the right edge, degrees.
    #[param(minimum = -180, maximum = 180)]
    east: f64,
    /// Latitude of the upper edge, degrees.
    #[param(minimum = -90, maximum = 90)]
    north: f64,
}

/// Where a bin is.
#[derive(Serialize, ToSchema)]
pub(super) struct Place {
    /// Its code.
    code: String,
    /// Longitude, degrees.
    lon: f64,
    /// Latitude, degrees.
    lat: f64,
}

#[utoipa::path(get, path = "/v1/map/bins", tag = "fleet", security(("bearer" = ["fleet:read"])), params(Within),
    responses((status = 200, description = "bins within the box, by code", body = [Place])))]
/// Bins within a part of the map, by the spatial index.
pub(super) async fn within(
    State(app): State<App>,
    caller: Caller<FleetRead>,
    asked_for: Asked<Within>,
) -> Result<Json<Vec<Place>>, Problem> {
    let Within { west, south, east, north } = asked(asked_for)?;
    let right = |value: f64, most: f64| (-most..=most).contains(&value);
    if !(right(west, 180.0) && right(east, 180.0) && right(south, 90.0) && right(north, 90.0)) {
        return Err(Problem::fault("?", "give longitudes from -180 to 180 and latitudes from -90 to 90"));
    }
    if west > east || south > north {
        return Err(Problem::fault("?", "west must not be above east, nor south above north"));
    }
    let bins = fleet::bins_within(&app.ledger, &caller.who.org, [west, south, east, north]).await?;
    Ok(Json(bins.into_iter().map(|(code, lon, lat)| Place { code, lon, lat }).collect()))
}

/// Readings to be stored.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that is read field by field")]
pub(super) struct Readings {
    /// At most 10,000 at a time.
    readings: Vec<Reading>,
}

#[utoipa::path(post, path = "/v1/readings", tag = "fleet", security(("bearer" = ["readings:write"])),
    request_body = Readings, responses((status = 200, description = "all of it is stored", body = Imported)))]
/// Stores readings of fill levels. The newest of a bin becomes its fill level.
pub(super) async fn report(
    State(app): State<App>,
    caller: Caller<ReadingsWrite>,
    mut input: Input,
) -> Result<Json<Imported>, Problem> {
    let read =
        input.take("readings").ok_or_else(Vec::new).and_then(|list| fleet::read_readings(&list, app.clock.now()));
    let readings = read.unwrap_or_else(|faults| {
        if faults.is_empty() {
            input.fault("readings", "give a list of readings");
        }
        input.faults(faults);
        Vec::new()
    });
    input.finish()?;
    match fleet::report_readings(&app.ledger, &caller.who.org, &readings).await? {
        Reported::Stored => Ok(Json(Imported { imported: readings.len() })),
        Reported::Faults(faults) => Err(Problem::invalid(faults)),
    }
}

#[utoipa::path(get, path = "/v1/readings/{bin}", tag = "fleet", security(("bearer" = ["fleet:read"])),
    params(Page, ("bin" = String, Path, description = "code of the bin")),
    responses((status = 200, description = "readings, the newest first", body = [Reading])))]
/// The newest readings of a bin.
pub(super) async fn readings_of(
    State(app): State<App>,
    caller: Caller<FleetRead>,
    Path(bin): Path<String>,
    page: Asked<Page>,
) -> Result<Json<Vec<Reading>>, Problem> {
    let limit = asked(page)?.limit()?;
    Ok(Json(fleet::latest_readings(&app.ledger, &caller.who.org, &bin, limit).await?))
}

/// From when until when.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Span {
    /// From this time on, milliseconds since 1970.
    #[serde(default)]
    from: i64,
    /// Until before this time, milliseconds since 1970; without it, to the last.
    until: Option<i64>,
}

/// What was deleted.
#[derive(Serialize, ToSchema)]
pub(super) struct Deleted {
    /// How many.
    deleted: u64,
}

#[utoipa::path(delete, path = "/v1/readings/{bin}", tag = "fleet", security(("bearer" = ["readings:write"])),
    params(Span, ("bin" = String, Path, description = "code of the bin")),
    responses((status = 200, description = "how many were deleted", body = Deleted)))]
/// Deletes readings of a bin: wrong ones, or old ones. The newest that is left becomes the bin's fill level.
pub(super) async fn delete_readings(
    State(app): State<App>,
    caller: Caller<ReadingsWrite>,
    Path(bin): Path<String>,
    span: Asked<Span>,
) -> Result<Json<Deleted>, Problem> {
    let Span { from, until } = asked(span)?;
    let until = until.unwrap_or(i64::MAX);
    let deleted = fleet::delete_readings(&app.ledger, &caller.who, &bin, (from, until)).await?;
    if deleted == 0 {
        return Err(Problem::missing());
    }
    Ok(Json(Deleted { deleted }))
}
