//! Fronts: plans of a day of which none is better than another in two or three respects.

use serde::Serialize;
use serde_json::Value as Json;
use sqlx::AssertSqlSafe;

use super::Connection;
use super::rows::{self, Value};
use crate::error::Error;

/// A front.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Front {
    /// Its id.
    pub(crate) id: String,
    /// A name for people.
    pub(crate) name: String,
    /// The day.
    pub(crate) day: String,
    /// The objectives, the points with their values and what lies between them, as `milkrun pareto` writes it.
    #[schema(value_type = Object)]
    pub(crate) document: Json,
    /// Which user asked for it.
    pub(crate) asked_by: String,
    /// When it was stored, milliseconds since 1970.
    pub(crate) created_at: i64,
    /// The point that was chosen last, counted from 0.
    pub(crate) chosen: Option<i64>,
    /// Which user chose it.
    pub(crate) chosen_by: Option<String>,
    /// When.
    pub(crate) chosen_at: Option<i64>,
    /// The version of the day's plan that this made.
    pub(crate) chosen_version: Option<i64>,
}

/// A front to be stored.
#[derive(Clone, Debug)]
pub(crate) struct NewFront<'a> {
    /// Its id.
    pub(crate) id: &'a str,
    /// The organisation, and who asked.
    pub(crate) by: (&'a str, &'a str),
    /// A name for people.
    pub(crate) name: &'a str,
    /// The day.
    pub(crate) day: &'a str,
    /// Names equal requests.
    pub(crate) content_key: &'a str,
    /// Objectives and points, as JSON.
    pub(crate) document: &'a str,
    /// When it was made.
    pub(crate) created_at: i64,
}

const COLUMNS: &str = "id, name, day, document, asked_by, created_at, chosen, chosen_by, chosen_at, chosen_version";

type Row = (String, String, String, String, String, i64, Option<i64>, Option<String>, Option<i64>, Option<i64>);

fn front(row: Row) -> Front {
    let (id, name, day, document, asked_by, created_at, chosen, chosen_by, chosen_at, chosen_version) = row;
    let document = serde_json::from_str(&document).unwrap_or(Json::Null);
    Front { id, name, day, document, asked_by, created_at, chosen, chosen_by, chosen_at, chosen_version }
}

/// Fronts, whose points are plans.
pub(crate) trait Fronts {
    /// One front.
    async fn front(&mut self, org: &str, id: &str) -> Result<Option<Front>, Error>;

    /// The fronts of a day, the newest first.
    async fn fronts(&mut self, org: &str, day: &str, limit: i64) -> Result<Vec<Front>, Error>;

    /// How many fronts an organisation has.
    async fn count_fronts(&mut self, org: &str) -> Result<i64, Error>;

    /// The front of a content key.
    async fn front_of_key(&mut self, org: &str, content_key: &str) -> Result<Option<String>, Error>;

    /// The front that a plan belongs to.
    async fn front_of_plan(&mut self, org: &str, plan: &str) -> Result<Option<String>, Error>;

    /// Stores a front with the plans of its points, in their order. Gives whether there was none of its content key.
    async fn insert_front(&mut self, new: &NewFront<'_>, plans: &[String]) -> Result<bool, Error>;

    /// The plans of a front's points, in their order.
    async fn points(&mut self, front: &str) -> Result<Vec<String>, Error>;

    /// Notes which point was chosen, by whom, when, and which version of the day that made.
    async fn note_choice(&mut self, front: &str, point: i64, by: (&str, i64), version: i64) -> Result<(), Error>;

    /// Deletes a front, and those of its plans that no day has or had; gives the ids of these plans.
    async fn delete_front(&mut self, front: &str) -> Result<Vec<String>, Error>;
}

impl Fronts for Connection {
    async fn front(&mut self, org: &str, id: &str) -> Result<Option<Front>, Error> {
        let text = format!("SELECT {COLUMNS} FROM fronts WHERE org_id = $1 AND id = $2");
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(id.to_owned());
        let row: Option<Row> = query.fetch_optional(self).await?;
        Ok(row.map(front))
    }

    async fn fronts(&mut self, org: &str, day: &str, limit: i64) -> Result<Vec<Front>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM fronts WHERE org_id = $1 AND day = $2 ORDER BY created_at DESC, id DESC LIMIT $3"
        );
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(day.to_owned()).bind(limit);
        let rows: Vec<Row> = query.fetch_all(self).await?;
        Ok(rows.into_iter().map(front).collect())
    }

    async fn count_fronts(&mut self, org: &str) -> Result<i64, Error> {
        let query = sqlx::query_as("SELECT COUNT(*) FROM fronts WHERE org_id = $1").bind(org.to_owned());
        let (count,) = query.fetch_one(self).await?;
        Ok(count)
    }

    async fn front_of_key(&mut self, org: &str, content_key: &str) -> Result<Option<String>, Error> {
        let query = sqlx::query_as("SELECT id FROM fronts WHERE org_id = $1 AND content_key = $2");
        let row: Option<(String,)> =
            query.bind(org.to_owned()).bind(content_key.to_owned()).fetch_optional(self).await?;
        Ok(row.map(|(id,)| id))
    }

    async fn front_of_plan(&mut self, org: &str, plan: &str) -> Result<Option<String>, Error> {
        let query = sqlx::query_as(
            "SELECT f.id FROM front_points p JOIN fronts f ON f.id = p.front_id WHERE f.org_id = $1 AND p.plan_id = $2 LIMIT 1",
        );
        let row: Option<(String,)> = query.bind(org.to_owned()).bind(plan.to_owned()).fetch_optional(self).await?;
        Ok(row.map(|(id,)| id))
    }

    async fn insert_front(&mut self, new: &NewFront<'_>, plans: &[String]) -> Result<bool, Error> {
        let mut query = sqlx::query(
            "INSERT INTO fronts (id, org_id, name, day, content_key, document, asked_by, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (org_id, content_key) DO NOTHING",
        );
        for text in [new.id, new.by.0, new.name, new.day, new.content_key, new.document, new.by.1] {
            query = query.bind(text.to_owned());
        }
        if query.bind(new.created_at).execute(&mut *self).await?.rows_affected() == 0 {
            return Ok(false);
        }
        let rows: Vec<[Value; 3]> =
            plans.iter().zip(0_i64..).map(|(plan, point)| [new.id.into(), point.into(), plan.into()]).collect();
        rows::insert(self, "front_points (front_id, point, plan_id)", "", &rows).await?;
        Ok(true)
    }

    async fn points(&mut self, front: &str) -> Result<Vec<String>, Error> {
        let query = sqlx::query_as("SELECT plan_id FROM front_points WHERE front_id = $1 ORDER BY point");
        let rows: Vec<(String,)> = query.bind(front.to_owned()).fetch_all(self).await?;
        Ok(rows.into_iter().map(|(plan,)| plan).collect())
    }

    async fn note_choice(&mut self, front: &str, point: i64, by: (&str, i64), version: i64) -> Result<(), Error> {
        let query = sqlx::query(
            "UPDATE fronts SET chosen = $1, chosen_by = $2, chosen_at = $3, chosen_version = $4 WHERE id = $5",
        );
        let query = query.bind(point).bind(by.0.to_owned()).bind(by.1).bind(version);
        query.bind(front.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn delete_front(&mut self, front: &str) -> Result<Vec<String>, Error> {
        let unused: Vec<(String,)> = sqlx::query_as(
            "SELECT p.plan_id FROM front_points p WHERE p.front_id = $1
             AND NOT EXISTS (SELECT 1 FROM day_versions v WHERE v.plan_id = p.plan_id)",
        )
        .bind(front.to_owned())
        .fetch_all(&mut *self)
        .await?;
        sqlx::query("DELETE FROM fronts WHERE id = $1").bind(front.to_owned()).execute(&mut *self).await?;
        for (plan,) in &unused {
            sqlx::query("DELETE FROM plans WHERE id = $1").bind(plan.clone()).execute(&mut *self).await?;
        }
        Ok(unused.into_iter().map(|(plan,)| plan).collect())
    }
}
