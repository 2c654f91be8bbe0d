//! Plans of days, in versions, and the routes of plans.

use serde::Serialize;
use sqlx::AssertSqlSafe;

use super::Connection;
use crate::error::Error;

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

const COLUMNS: &str = "day, version, plan_id, cause, changed_by, changed_at";

type Row = (String, i64, String, String, String, i64);

fn version((day, version, plan_id, cause, changed_by, changed_at): Row) -> DayVersion {
    DayVersion { day, version, plan_id, cause, changed_by, changed_at }
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
/// The plans of days, in all their versions.
pub(crate) trait Days {
    /// The versions of a day's plan, the newest first.
    async fn day_versions(&mut self, org: &str, day: &str, limit: i64) -> Result<Vec<DayVersion>, Error>;

    /// The version that holds.
    async fn day_version(&mut self, org: &str, day: &str) -> Result<Option<DayVersion>, Error>;

    /// The newest days that have a plan, with the version that holds.
    async fn newest_days(&mut self, org: &str, limit: i64) -> Result<Vec<DayVersion>, Error>;

    /// One version of a day's plan.
    async fn day_version_of(&mut self, org: &str, day: &str, version: i64) -> Result<Option<DayVersion>, Error>;

    /// Makes a version. Gives whether there was none of its number.
    async fn insert_version(&mut self, org: &str, new: &DayVersion) -> Result<bool, Error>;

    /// The newest day and version that a plan belongs to, if any.
    async fn day_of_plan(&mut self, org: &str, plan: &str) -> Result<Option<(String, i64)>, Error>;

    /// Routes of a plan: of one vehicle, or of one depot, where these are not empty.
    async fn plan_routes(&mut self, plan: &str, vehicle: &str, depot: &str) -> Result<Vec<DayRoute>, Error>;
}

impl Days for Connection {
    async fn day_versions(&mut self, org: &str, day: &str, limit: i64) -> Result<Vec<DayVersion>, Error> {
        let text =
            format!("SELECT {COLUMNS} FROM day_versions WHERE org_id = $1 AND day = $2 ORDER BY version DESC LIMIT $3");
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(day.to_owned()).bind(limit);
        let rows: Vec<Row> = query.fetch_all(self).await?;
        Ok(rows.into_iter().map(version).collect())
    }

    async fn day_version(&mut self, org: &str, day: &str) -> Result<Option<DayVersion>, Error> {
        Ok(self.day_versions(org, day, 1).await?.pop())
    }

    async fn newest_days(&mut self, org: &str, limit: i64) -> Result<Vec<DayVersion>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM day_versions v
         WHERE org_id = $1
           AND version = (SELECT MAX(w.version) FROM day_versions w WHERE w.org_id = v.org_id AND w.day = v.day)
         ORDER BY day DESC LIMIT $2"
        );
        let rows: Vec<Row> =
            sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(limit).fetch_all(self).await?;
        Ok(rows.into_iter().map(version).collect())
    }

    async fn day_version_of(&mut self, org: &str, day: &str, number: i64) -> Result<Option<DayVersion>, Error> {
        let text = format!("SELECT {COLUMNS} FROM day_versions WHERE org_id = $1 AND day = $2 AND version = $3");
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(day.to_owned()).bind(number);
        let row: Option<Row> = query.fetch_optional(self).await?;
        Ok(row.map(version))
    }

    async fn insert_version(&mut self, org: &str, new: &DayVersion) -> Result<bool, Error> {
        let done = sqlx::query(
            "INSERT INTO day_versions (org_id, day, version, plan_id, cause, changed_by, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(org.to_owned())
        .bind(new.day.clone())
        .bind(new.version)
        .bind(new.plan_id.clone())
        .bind(new.cause.clone())
        .bind(new.changed_by.clone())
        .bind(new.changed_at)
        .execute(self)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn day_of_plan(&mut self, org: &str, plan: &str) -> Result<Option<(String, i64)>, Error> {
        let query = sqlx::query_as(
            "SELECT day, version FROM day_versions WHERE org_id = $1 AND plan_id = $2 ORDER BY day DESC, version DESC LIMIT 1",
        );
        Ok(query.bind(org.to_owned()).bind(plan.to_owned()).fetch_optional(self).await?)
    }

    async fn plan_routes(&mut self, plan: &str, vehicle: &str, depot: &str) -> Result<Vec<DayRoute>, Error> {
        let rows: Vec<RouteRow> = sqlx::query_as(
            "SELECT route, vehicle, depot, start_at, end_at, distance, driving, waiting, cost FROM routes
         WHERE plan_id = $1 AND ($2 = '' OR vehicle = $2) AND ($3 = '' OR depot = $3) ORDER BY route",
        )
        .bind(plan.to_owned())
        .bind(vehicle.to_owned())
        .bind(depot.to_owned())
        .fetch_all(&mut *self)
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
        .fetch_all(self)
        .await?;
        for (route, trip, activity, code, arrival, start_at, departure) in stops {
            if let Ok(at) = routes.binary_search_by_key(&route, |known| known.route) {
                routes[at].stops.push(DayStop { trip, activity, code, arrival, start_at, departure });
            }
        }
        Ok(routes)
    }
}
