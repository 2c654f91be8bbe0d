//! What was planned and what was done.

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::access::{App, Caller, PlansRead};
use super::admin::{Asked, Page, asked};
use super::days::date;
use super::problem::Problem;
use crate::analytics::{self, By, Likeness, Performance, Span};

/// Which figures.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// By what they are added up: `day`, `truck`, `driver` (who usually drives the truck) or `area` (the depot that
    /// its routes start from).
    #[serde(default = "by_day")]
    #[param(pattern = "^(day|truck|driver|area)$", default = "day")]
    by: String,
    /// The first day, as 2026-12-01.
    from: String,
    /// The last day, as 2026-12-31.
    until: String,
    /// How many rows at most.
    #[serde(default = "most")]
    #[param(minimum = 1, maximum = 1000, default = 1000)]
    limit: i64,
}

fn by_day() -> String {
    "day".to_owned()
}

fn most() -> i64 {
    1_000
}

/// Figures of a span of days.
#[derive(Serialize, ToSchema)]
pub(super) struct Report {
    /// A row for each day, truck, driver or area, by name.
    rows: Vec<Performance>,
    /// Days of the span that have changed since their figures were worked out, which are worked out anew within a moment.
    changed: Vec<String>,
}

#[utoipa::path(get, path = "/v1/analytics/performance", operation_id = "performance", tag = "analytics",
    security(("bearer" = ["plans:read"])), params(Wanted),
    responses((status = 200, description = "the figures, and since when they hold", body = Report)))]
/// What was planned and what was done, by day, truck, driver or area.
pub(super) async fn performance(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    wanted: Asked<Wanted>,
) -> Result<Json<Report>, Problem> {
    let Wanted { by, from, until, limit } = asked(wanted)?;
    let by = match by.as_str() {
        "day" => By::Day,
        "truck" => By::Truck,
        "driver" => By::Driver,
        "area" => By::Area,
        other => return Err(Problem::fault("?by", format!("{other:?}: give day, truck, driver or area"))),
    };
    let limit = Page { after: String::new(), limit }.limit()?;
    let span = Span { from: date("?from", &from)?, until: date("?until", &until)? };
    let (rows, changed) = analytics::performance(&app.ledger, &caller.who.org, by, span, limit).await?;
    Ok(Json(Report { rows, changed }))
}

/// How many days.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HowMany {
    /// The most days that are given.
    #[serde(default = "some")]
    #[param(minimum = 1, maximum = 100, default = 10)]
    count: i64,
}

fn some() -> i64 {
    10
}

#[utoipa::path(get, path = "/v1/days/{day}/similar", operation_id = "similar_days", tag = "analytics",
    security(("bearer" = ["plans:read"])), params(("day" = String, Path, description = "the day, as 2026-12-03"), HowMany),
    responses((status = 200, description = "the days, and what they say of this one", body = Likeness)))]
/// The days before one that were most like it, what happened on them, and what of the day's plan is unlike theirs.
pub(super) async fn similar(
    State(app): State<App>,
    caller: Caller<PlansRead>,
    Path(day): Path<String>,
    wanted: Asked<HowMany>,
) -> Result<Json<Likeness>, Problem> {
    let count = asked(wanted)?.count;
    if !(1..=100).contains(&count) {
        return Err(Problem::fault("?count", format!("{count}: give a number from 1 to 100")));
    }
    let date: jiff::civil::Date = date("day", &day)?.parse().map_err(|_| Problem::missing())?;
    let found = analytics::similar(&app.ledger, &caller.who.org, date, count.unsigned_abs() as usize).await?;
    Ok(Json(found))
}
