//! Adaptations of plans of days.

use serde::Serialize;
use serde_json::Value;
use sqlx::AssertSqlSafe;

use super::Connection;
use crate::error::Error;

/// An adaptation of a day's plan.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Adaptation {
    /// Its id.
    pub(crate) id: String,
    /// The day.
    pub(crate) day: String,
    /// Which version of the day's plan it adapts.
    pub(crate) version: i64,
    /// `proposed`, `accepted` or `rejected`.
    pub(crate) state: String,
    /// Whether the adapted plan is feasible.
    pub(crate) feasible: bool,
    /// What the adapted plan costs.
    pub(crate) cost: i64,
    /// Which user asked for it.
    pub(crate) asked_by: String,
    /// When, milliseconds since 1970.
    pub(crate) asked_at: i64,
    /// Which user accepted or rejected it.
    pub(crate) decided_by: Option<String>,
    /// When.
    pub(crate) decided_at: Option<i64>,
    /// The plan that it became.
    pub(crate) plan_id: Option<String>,
    /// What was asked for, as `milkrun adapt` takes it.
    #[schema(value_type = Object)]
    pub(crate) request: Value,
    /// What changes and what that costs, as `milkrun adapt --json` prints it.
    #[schema(value_type = Object)]
    pub(crate) answer: Value,
}

type Row =
    (String, String, i64, String, i64, i64, String, i64, Option<String>, Option<i64>, Option<String>, String, String);

const COLUMNS: &str = "id, day, version, state, feasible, cost, asked_by, asked_at, decided_by, decided_at, plan_id, \
                       request, answer";

fn adaptation(row: Row) -> Adaptation {
    let (id, day, version, state, feasible, cost, asked_by, asked_at, decided_by, decided_at, plan_id, request, answer) =
        row;
    let read = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
    let (request, answer) = (read(&request), read(&answer));
    let feasible = feasible != 0;
    Adaptation {
        id,
        day,
        version,
        state,
        feasible,
        cost,
        asked_by,
        asked_at,
        decided_by,
        decided_at,
        plan_id,
        request,
        answer,
    }
}

/// A proposal to be stored.
#[derive(Clone, Debug)]
pub(crate) struct Proposal<'a> {
    /// Its id.
    pub(crate) id: &'a str,
    /// The organisation, and who asked.
    pub(crate) by: (&'a str, &'a str),
    /// The day, and the version of its plan that is adapted.
    pub(crate) of: (&'a str, i64),
    /// What was asked for, and what is answered, as JSON.
    pub(crate) words: [&'a str; 2],
    /// The problem and the adapted plan, in milkrun's own format, and the map.
    pub(crate) documents: [&'a str; 3],
    /// Whether the adapted plan is feasible.
    pub(crate) feasible: bool,
    /// What it costs.
    pub(crate) cost: i64,
    /// When it was asked for.
    pub(crate) asked_at: i64,
}

/// Adaptations of plans of days.
pub(crate) trait Adaptations {
    /// One adaptation.
    async fn adaptation(&mut self, org: &str, id: &str) -> Result<Option<Adaptation>, Error>;

    /// The adaptations of a day's plan, the newest first.
    async fn adaptations(&mut self, org: &str, day: &str, limit: i64) -> Result<Vec<Adaptation>, Error>;

    /// Problem, plan and map of an adaptation.
    async fn adapted_documents(&mut self, org: &str, id: &str) -> Result<(String, String, String), Error>;

    /// Stores a proposal.
    async fn insert_proposal(&mut self, new: &Proposal<'_>) -> Result<(), Error>;

    /// Decides an adaptation: its state, and the plan that it became. Gives whether it was still open.
    async fn decide_adaptation(
        &mut self,
        of: (&str, &str),
        decision: (&'static str, Option<&str>),
        by: &str,
        now: i64,
    ) -> Result<bool, Error>;
}

impl Adaptations for Connection {
    async fn adaptation(&mut self, org: &str, id: &str) -> Result<Option<Adaptation>, Error> {
        let text = format!("SELECT {COLUMNS} FROM adaptations WHERE org_id = $1 AND id = $2");
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(id.to_owned());
        let row: Option<Row> = query.fetch_optional(self).await?;
        Ok(row.map(adaptation))
    }

    async fn adaptations(&mut self, org: &str, day: &str, limit: i64) -> Result<Vec<Adaptation>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM adaptations WHERE org_id = $1 AND day = $2 ORDER BY asked_at DESC, id DESC LIMIT $3"
        );
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(day.to_owned()).bind(limit);
        let rows: Vec<Row> = query.fetch_all(self).await?;
        Ok(rows.into_iter().map(adaptation).collect())
    }

    async fn adapted_documents(&mut self, org: &str, id: &str) -> Result<(String, String, String), Error> {
        let query = sqlx::query_as("SELECT problem, document, geojson FROM adaptations WHERE org_id = $1 AND id = $2");
        Ok(query.bind(org.to_owned()).bind(id.to_owned()).fetch_one(self).await?)
    }

    async fn insert_proposal(&mut self, new: &Proposal<'_>) -> Result<(), Error> {
        let mut query = sqlx::query(
            "INSERT INTO adaptations (id, org_id, day, version, request, answer, problem, document, geojson, feasible, cost,
                                      state, asked_by, asked_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'proposed', $12, $13)",
        );
        query = query.bind(new.id.to_owned()).bind(new.by.0.to_owned()).bind(new.of.0.to_owned()).bind(new.of.1);
        for text in new.words.into_iter().chain(new.documents) {
            query = query.bind(text.to_owned());
        }
        let query = query.bind(i64::from(new.feasible)).bind(new.cost).bind(new.by.1.to_owned()).bind(new.asked_at);
        query.execute(self).await?;
        Ok(())
    }

    async fn decide_adaptation(
        &mut self,
        (org, id): (&str, &str),
        (state, plan): (&'static str, Option<&str>),
        by: &str,
        now: i64,
    ) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE adaptations SET state = $1, decided_by = $2, decided_at = $3, plan_id = $4
             WHERE org_id = $5 AND id = $6 AND state = 'proposed'",
        )
        .bind(state)
        .bind(by.to_owned())
        .bind(now)
        .bind(plan.map(str::to_owned))
        .bind(org.to_owned())
        .bind(id.to_owned())
        .execute(self)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
