//! The plan of a day: which one holds, in which version, and what was before. A version is never changed: a new plan for the day is the
//! next version, and only whoever knows the present one can make it. So of two dispatchers at once, none overwrites the other.

use serde::Serialize;
use serde_json::json;

use crate::audit::{self, Event};
use crate::auth::sessions::Identity;
use crate::crypto::KeyRing;
use crate::error::Error;
use crate::storage::{Connection, Store};

/// One version of a day's plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct DayVersion {
    /// The day, as `2026-12-03`.
    pub(crate) day: String,
    /// Counted from 1.
    pub(crate) version: i64,
    /// The plan.
    pub(crate) plan_id: String,
    /// `chosen` by hand, or `adapted`.
    pub(crate) cause: String,
    /// Which user made it.
    pub(crate) changed_by: String,
    /// When, milliseconds since 1970.
    pub(crate) changed_at: i64,
}

/// What became of a new version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Put {
    /// It holds.
    Done(DayVersion),
    /// Another version holds than was said; 0: the day has none.
    Stale(i64),
    /// The organisation has no such plan.
    NoPlan,
}

/// A new plan of a day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewVersion<'a> {
    /// The day.
    pub(crate) day: &'a str,
    /// The plan.
    pub(crate) plan: &'a str,
    /// The version that holds now; 0: none.
    pub(crate) after: i64,
    /// `chosen` or `adapted`.
    pub(crate) cause: &'static str,
}

type Row = (String, i64, String, String, String, i64);

fn version((day, version, plan_id, cause, changed_by, changed_at): Row) -> DayVersion {
    DayVersion { day, version, plan_id, cause, changed_by, changed_at }
}

/// All versions of a day's plan, the newest first.
pub(crate) async fn history(connection: &mut Connection, org: &str, day: &str) -> Result<Vec<DayVersion>, Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT day, version, plan_id, cause, changed_by, changed_at FROM day_versions
         WHERE org_id = $1 AND day = $2 ORDER BY version DESC LIMIT 1000",
    )
    .bind(org.to_owned())
    .bind(day.to_owned())
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(version).collect())
}

/// The version that holds.
pub(crate) async fn current(connection: &mut Connection, org: &str, day: &str) -> Result<Option<DayVersion>, Error> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT day, version, plan_id, cause, changed_by, changed_at FROM day_versions
         WHERE org_id = $1 AND day = $2 ORDER BY version DESC LIMIT 1",
    )
    .bind(org.to_owned())
    .bind(day.to_owned())
    .fetch_optional(connection)
    .await?;
    Ok(row.map(version))
}

/// The newest days that have a plan, with the version that holds.
pub(crate) async fn newest(connection: &mut Connection, org: &str, limit: i64) -> Result<Vec<DayVersion>, Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT day, version, plan_id, cause, changed_by, changed_at FROM day_versions v
         WHERE org_id = $1
           AND version = (SELECT MAX(w.version) FROM day_versions w WHERE w.org_id = v.org_id AND w.day = v.day)
         ORDER BY day DESC LIMIT $2",
    )
    .bind(org.to_owned())
    .bind(limit)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(version).collect())
}

/// The newest day and version that a plan belongs to, if any.
pub(crate) async fn of_plan(
    connection: &mut Connection,
    org: &str,
    plan: &str,
) -> Result<Option<(String, i64)>, Error> {
    let query = sqlx::query_as(
        "SELECT day, version FROM day_versions WHERE org_id = $1 AND plan_id = $2 ORDER BY day DESC, version DESC LIMIT 1",
    );
    Ok(query.bind(org.to_owned()).bind(plan.to_owned()).fetch_optional(connection).await?)
}

/// Makes a plan that of a day, and says so in the audit log.
pub(crate) async fn choose(
    store: &Store,
    ring: &KeyRing,
    who: &Identity,
    new: NewVersion<'_>,
    now: i64,
) -> Result<Put, Error> {
    let mut tx = store.begin().await?;
    let put = put(&mut tx, who, new, now).await?;
    if let Put::Done(version) = &put {
        let detail = json!({"day": version.day, "version": version.version});
        let event = Event::new("day.plan_chosen").by(&who.org, &who.user).on(&version.plan_id).with(detail);
        audit::append(&mut tx, ring, now, event).await?;
        tx.commit().await?;
    }
    Ok(put)
}

/// Makes the next version, within a transaction.
pub(super) async fn put(tx: &mut Connection, who: &Identity, new: NewVersion<'_>, now: i64) -> Result<Put, Error> {
    let NewVersion { day, plan, after, cause } = new;
    let known: Option<(i64,)> = sqlx::query_as("SELECT feasible FROM plans WHERE org_id = $1 AND id = $2")
        .bind(who.org.clone())
        .bind(plan.to_owned())
        .fetch_optional(&mut *tx)
        .await?;
    if known.is_none() {
        return Ok(Put::NoPlan);
    }
    let present = current(&mut *tx, &who.org, day).await?.map_or(0, |version| version.version);
    if present != after {
        return Ok(Put::Stale(present));
    }
    let done = sqlx::query(
        "INSERT INTO day_versions (org_id, day, version, plan_id, cause, changed_by, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(who.org.clone())
    .bind(day.to_owned())
    .bind(after + 1)
    .bind(plan.to_owned())
    .bind(cause)
    .bind(who.user.clone())
    .bind(now)
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(Put::Stale(after + 1));
    }
    let found = current(tx, &who.org, day).await?;
    Ok(found.map_or(Put::Stale(after), Put::Done))
}

/// A route of a day's plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct DayRoute {
    /// Its number in the plan, counted from 0.
    pub(crate) route: i64,
    /// The vehicle.
    pub(crate) vehicle: String,
    /// Where it starts, or ends if it starts anywhere; may be empty.
    pub(crate) depot: String,
    /// When it starts, seconds of the day.
    pub(crate) start_at: i64,
    /// When it ends.
    pub(crate) end_at: i64,
    /// Metres.
    pub(crate) distance: i64,
    /// Seconds on the road.
    pub(crate) driving: i64,
    /// Seconds of waiting.
    pub(crate) waiting: i64,
    /// What it costs.
    pub(crate) cost: i64,
    /// Its stops, in order.
    pub(crate) stops: Vec<DayStop>,
}

/// A stop of a route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct DayStop {
    /// On which of the route's trips, counted from 0.
    pub(crate) trip: i64,
    /// `client`, `pickup`, `delivery`, `dispose`, `break` or `rest`.
    pub(crate) activity: String,
    /// With which bin, shipment or site.
    pub(crate) code: String,
    /// When the vehicle is there, seconds of the day.
    pub(crate) arrival: i64,
    /// When the service begins.
    pub(crate) start_at: i64,
    /// When the vehicle leaves.
    pub(crate) departure: i64,
}

type RouteRow = (i64, String, String, i64, i64, i64, i64, i64, i64);
type StopRow = (i64, i64, String, String, i64, i64, i64);

/// Routes of a plan: of one vehicle, or of one depot, where these are not empty.
pub(crate) async fn routes(
    connection: &mut Connection,
    plan: &str,
    vehicle: &str,
    depot: &str,
) -> Result<Vec<DayRoute>, Error> {
    let rows: Vec<RouteRow> = sqlx::query_as(
        "SELECT route, vehicle, depot, start_at, end_at, distance, driving, waiting, cost FROM routes
         WHERE plan_id = $1 AND ($2 = '' OR vehicle = $2) AND ($3 = '' OR depot = $3) ORDER BY route",
    )
    .bind(plan.to_owned())
    .bind(vehicle.to_owned())
    .bind(depot.to_owned())
    .fetch_all(&mut *connection)
    .await?;
    let mut routes: Vec<DayRoute> = rows
        .into_iter()
        .map(|(route, vehicle, depot, start_at, end_at, distance, driving, waiting, cost)| DayRoute {
            route,
            vehicle,
            depot,
            start_at,
            end_at,
            distance,
            driving,
            waiting,
            cost,
            stops: Vec::new(),
        })
        .collect();
    let stops: Vec<StopRow> = sqlx::query_as(
        "SELECT route, trip, activity, code, arrival, start_at, departure FROM stops WHERE plan_id = $1
         ORDER BY route, trip, position",
    )
    .bind(plan.to_owned())
    .fetch_all(connection)
    .await?;
    for (route, trip, activity, code, arrival, start_at, departure) in stops {
        if let Ok(at) = routes.binary_search_by_key(&route, |known| known.route) {
            routes[at].stops.push(DayStop { trip, activity, code, arrival, start_at, departure });
        }
    }
    Ok(routes)
}
