//! Plans: documents, and their routes and stops as rows.

use serde::{Deserialize, Serialize};
use sqlx::AssertSqlSafe;

use super::Connection;
use super::rows::{self, Value};
use crate::error::Error;

/// A plan's figures.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Summary {
    /// Its id.
    pub(crate) id: String,
    /// A name for people.
    pub(crate) name: String,
    /// Whether it is feasible.
    pub(crate) feasible: bool,
    /// What it costs.
    pub(crate) cost: i64,
    /// Distance driven, metres.
    pub(crate) distance: i64,
    /// Time on the road, seconds, all routes together.
    pub(crate) duration: i64,
    /// Stops that are served.
    pub(crate) served: i64,
    /// Clients and shipments that are not.
    pub(crate) unserved: i64,
    /// When it was made, milliseconds since 1970.
    pub(crate) created_at: i64,
    /// On what its times and distances rest: one entry, or one for each group of vehicles that travels alike.
    pub(crate) travel: Vec<Used>,
    /// The forecast that its bins come from; null: none.
    pub(crate) forecast: Option<PlanForecast>,
}

/// The forecast that a plan came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct PlanForecast {
    /// Its id.
    pub(crate) id: String,
    /// Its day.
    pub(crate) day: String,
    /// What was known, milliseconds since 1970.
    pub(crate) as_of: i64,
    /// The model that made it.
    pub(crate) model_id: Option<String>,
    /// The risk by which bins had to be visited.
    pub(crate) risk: f64,
    /// Bins that had to be visited,
    pub(crate) must: i64,
    /// those that might be,
    pub(crate) may: i64,
    /// and those that were not to be.
    pub(crate) skip: i64,
}

// A risk is a number.
impl Eq for PlanForecast {}

/// A day of plans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Day {
    /// Days since 1970.
    pub(crate) date: i64,
    /// Plans made.
    pub(crate) plans: i64,
    /// Distance of all, metres.
    pub(crate) distance: i64,
    /// Time of all, seconds.
    pub(crate) duration: i64,
    /// Stops served.
    pub(crate) served: i64,
    /// Number of unserved clients and shipments.
    pub(crate) unserved: i64,
}

const COLUMNS: &str = "id, name, feasible, cost, distance, duration, served, unserved, created_at, travel, forecast";

type Row = (String, String, i64, i64, i64, i64, i64, i64, i64, String, String);

fn summary(
    (id, name, feasible, cost, distance, duration, served, unserved, created_at, travel, forecast): Row,
) -> Summary {
    // Plans of earlier releases do not say it.
    let travel = serde_json::from_str(&travel).unwrap_or_default();
    let forecast = serde_json::from_str(&forecast).unwrap_or_default();
    Summary {
        id,
        name,
        feasible: feasible != 0,
        cost,
        distance,
        duration,
        served,
        unserved,
        created_at,
        travel,
        forecast,
    }
}

/// The travel of a plan's vehicles, or of some of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct Used {
    /// `streets`, `straight_lines`, or `given`: by the problem that was sent.
    pub(crate) kind: String,
    /// The network's code.
    pub(crate) network: Option<String>,
    /// Its version.
    pub(crate) version: Option<i64>,
    /// SHA-256 of its file.
    pub(crate) sha256: Option<String>,
    /// The date of its data, seconds since 1970, where the map says it.
    pub(crate) data_date: Option<i64>,
    /// The name of the profile that drives.
    pub(crate) profile: Option<String>,
    /// All of it in words.
    pub(crate) label: String,
}

/// A plan to be stored.
#[derive(Clone, Debug)]
pub(crate) struct PlanRow<'a> {
    /// Its id.
    pub(crate) id: &'a str,
    /// The organisation.
    pub(crate) org: &'a str,
    /// A name for people.
    pub(crate) name: &'a str,
    /// Names equal requests.
    pub(crate) content_key: &'a str,
    /// The problem and the plan, in milkrun's own format, and the map.
    pub(crate) documents: [&'a str; 3],
    /// Whether it is feasible.
    pub(crate) feasible: bool,
    /// Cost, metres, seconds, stops that are served, and clients and shipments that are not.
    pub(crate) figures: [i64; 5],
    /// When it was made.
    pub(crate) created_at: i64,
    /// On what its times and distances rest, as JSON.
    pub(crate) travel: &'a str,
    /// The streets that are driven on, as JSON.
    pub(crate) streets: &'a str,
    /// The forecast that it came from, as JSON.
    pub(crate) forecast: &'a str,
}

/// A stored plan's name, problem, document, streets, travel and forecast, the last three as JSON.
pub(crate) type StoredPlan = (String, String, String, String, String, String);

/// The columns of a route, without those of a plan.
pub(crate) type RouteRow = [Value; 12];
/// The columns of a stop.
pub(crate) type StopRow = [Value; 12];

/// Plans, with their routes and stops as rows.
pub(crate) trait Plans {
    /// An organisation's plans, the newest first, made before `before`.
    async fn plans(&mut self, org: &str, before: i64, limit: i64) -> Result<Vec<Summary>, Error>;

    /// One plan's figures.
    async fn plan(&mut self, org: &str, id: &str) -> Result<Option<Summary>, Error>;

    /// A plan's document and map.
    async fn plan_documents(&mut self, org: &str, id: &str) -> Result<Option<(String, String)>, Error>;

    /// A plan as the engine needs it.
    async fn stored_plan(&mut self, org: &str, id: &str) -> Result<Option<StoredPlan>, Error>;

    /// The plan of a content key.
    async fn plan_of_key(&mut self, org: &str, content_key: &str) -> Result<Option<String>, Error>;

    /// Stores a plan without its routes. Gives whether there was none of its content key.
    async fn insert_plan(&mut self, new: &PlanRow<'_>) -> Result<bool, Error>;

    /// Stores routes: plan, number, vehicle, start, end, metres, seconds of driving and waiting, cost, trips, depot,
    /// end of the shift.
    async fn insert_routes(&mut self, routes: &[RouteRow]) -> Result<(), Error>;

    /// Stores stops: plan, route, trip, position, activity, code, longitude, latitude, arrival, start, departure, load.
    async fn insert_stops(&mut self, stops: &[StopRow]) -> Result<(), Error>;

    /// Deletes a plan of an organisation; says whether there was one.
    async fn delete_plan(&mut self, org: &str, id: &str) -> Result<bool, Error>;

    /// An organisation's newest days of plans, as of the last plan that was stored.
    async fn plan_days(&mut self, org: &str, limit: i64) -> Result<Vec<Day>, Error>;
}

impl Plans for Connection {
    async fn plans(&mut self, org: &str, before: i64, limit: i64) -> Result<Vec<Summary>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM plans WHERE org_id = $1 AND created_at < $2 ORDER BY created_at DESC, id DESC LIMIT $3"
        );
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(before).bind(limit);
        let rows: Vec<Row> = query.fetch_all(self).await?;
        Ok(rows.into_iter().map(summary).collect())
    }

    async fn plan(&mut self, org: &str, id: &str) -> Result<Option<Summary>, Error> {
        let text = format!("SELECT {COLUMNS} FROM plans WHERE org_id = $1 AND id = $2");
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(id.to_owned());
        let row: Option<Row> = query.fetch_optional(self).await?;
        Ok(row.map(summary))
    }

    async fn plan_documents(&mut self, org: &str, id: &str) -> Result<Option<(String, String)>, Error> {
        let query = sqlx::query_as("SELECT document, geojson FROM plans WHERE org_id = $1 AND id = $2");
        Ok(query.bind(org.to_owned()).bind(id.to_owned()).fetch_optional(self).await?)
    }

    async fn stored_plan(&mut self, org: &str, id: &str) -> Result<Option<StoredPlan>, Error> {
        let query = sqlx::query_as(
            "SELECT name, problem, document, streets, travel, forecast FROM plans WHERE org_id = $1 AND id = $2",
        );
        Ok(query.bind(org.to_owned()).bind(id.to_owned()).fetch_optional(self).await?)
    }

    async fn plan_of_key(&mut self, org: &str, content_key: &str) -> Result<Option<String>, Error> {
        let query = sqlx::query_as("SELECT id FROM plans WHERE org_id = $1 AND content_key = $2");
        let row: Option<(String,)> =
            query.bind(org.to_owned()).bind(content_key.to_owned()).fetch_optional(self).await?;
        Ok(row.map(|(id,)| id))
    }

    async fn insert_plan(&mut self, new: &PlanRow<'_>) -> Result<bool, Error> {
        let mut query = sqlx::query(
            "INSERT INTO plans (id, org_id, name, content_key, problem, document, geojson, feasible, cost, distance,
                                duration, served, unserved, created_at, travel, streets, forecast)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
             ON CONFLICT (org_id, content_key) DO NOTHING",
        );
        for text in [new.id, new.org, new.name, new.content_key].into_iter().chain(new.documents) {
            query = query.bind(text.to_owned());
        }
        query = query.bind(i64::from(new.feasible));
        for figure in new.figures {
            query = query.bind(figure);
        }
        let query = query.bind(new.created_at).bind(new.travel.to_owned()).bind(new.streets.to_owned());
        let query = query.bind(new.forecast.to_owned());
        Ok(query.execute(self).await?.rows_affected() == 1)
    }

    async fn insert_routes(&mut self, routes: &[RouteRow]) -> Result<(), Error> {
        let into = "routes (plan_id, route, vehicle, start_at, end_at, distance, driving, waiting, cost, trips, depot,
                    shift_until)";
        rows::insert(self, into, "", routes).await
    }

    async fn insert_stops(&mut self, stops: &[StopRow]) -> Result<(), Error> {
        let into =
            "stops (plan_id, route, trip, position, activity, code, lon, lat, arrival, start_at, departure, load)";
        rows::insert(self, into, "", stops).await
    }

    async fn delete_plan(&mut self, org: &str, id: &str) -> Result<bool, Error> {
        let query = sqlx::query("DELETE FROM plans WHERE org_id = $1 AND id = $2");
        let done = query.bind(org.to_owned()).bind(id.to_owned()).execute(self).await?;
        Ok(done.rows_affected() > 0)
    }

    async fn plan_days(&mut self, org: &str, limit: i64) -> Result<Vec<Day>, Error> {
        let rows: Vec<(i64, i64, i64, i64, i64, i64)> = sqlx::query_as(
            "SELECT day, plans, distance, duration, served, unserved FROM plan_days WHERE org_id = $1
             ORDER BY day DESC LIMIT $2",
        )
        .bind(org.to_owned())
        .bind(limit)
        .fetch_all(self)
        .await?;
        let day = |(date, plans, distance, duration, served, unserved)| Day {
            date,
            plans,
            distance,
            duration,
            served,
            unserved,
        };
        Ok(rows.into_iter().map(day).collect())
    }
}
