//! What is stored about somebody, and its erasure.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Connection;
use crate::error::Error;

/// An account with all that it says of a person, but for secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Person {
    /// Its id.
    pub(crate) id: String,
    /// E-mail address.
    pub(crate) email: String,
    /// Name.
    pub(crate) name: String,
    /// `active` or `disabled`.
    pub(crate) status: String,
    /// When it was made, milliseconds since 1970.
    pub(crate) created_at: i64,
}

/// A place where an account's id stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Mention {
    /// What it is.
    what: String,
    /// When, milliseconds since 1970.
    at: i64,
}

/// Where the id of an account (`$1`) of an organisation (`$2`) stands: what that is, and when. A test holds it against the schema.
const MENTIONS: [(&str, &str); 24] = [
    (
        "roles",
        "SELECT r.name, u.created_at FROM user_roles g JOIN roles r ON r.id = g.role_id JOIN users u ON u.id = g.user_id
         WHERE g.user_id = $1 AND r.org_id = $2 ORDER BY r.name",
    ),
    (
        "sessions",
        "SELECT s.id, s.created_at FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.user_id = $1 AND u.org_id = $2 ORDER BY s.created_at, s.id",
    ),
    (
        "sign_ins",
        "SELECT outcome || ' ' || address || ' ' || agent || ' ' || country || ' ' || reasons, at FROM sign_ins
         WHERE user_id = $1 AND org_id = $2 ORDER BY at, id",
    ),
    (
        "sign_in_codes",
        "SELECT 'sent', c.sent_at FROM sign_in_codes c JOIN users u ON u.id = c.user_id
         WHERE c.user_id = $1 AND u.org_id = $2",
    ),
    ("passkeys", "SELECT name, created_at FROM passkeys WHERE user_id = $1 AND org_id = $2 ORDER BY created_at, id"),
    (
        "passkey_challenges",
        "SELECT c.purpose, c.created_at FROM passkey_challenges c JOIN users u ON u.id = c.user_id
         WHERE c.user_id = $1 AND u.org_id = $2 ORDER BY c.created_at",
    ),
    ("factors", "SELECT state, created_at FROM factors WHERE user_id = $1 AND org_id = $2 ORDER BY created_at, id"),
    (
        "idempotency_keys",
        "SELECT k.key, k.created_at FROM idempotency_keys k JOIN users u ON u.id = k.user_id
         WHERE k.user_id = $1 AND u.org_id = $2 ORDER BY k.created_at, k.key",
    ),
    ("plan_jobs", "SELECT name, created_at FROM plan_jobs WHERE user_id = $1 AND org_id = $2 ORDER BY created_at, id"),
    ("networks", "SELECT code, created_at FROM networks WHERE user_id = $1 AND org_id = $2 ORDER BY created_at, id"),
    (
        "day_versions",
        "SELECT day || ' version ' || CAST(version AS TEXT), changed_at FROM day_versions
         WHERE changed_by = $1 AND org_id = $2 ORDER BY changed_at, day, version",
    ),
    (
        "adaptations",
        "SELECT day || ' ' || state, asked_at FROM adaptations
         WHERE (asked_by = $1 OR decided_by = $1) AND org_id = $2 ORDER BY asked_at, id",
    ),
    (
        "confirmations",
        "SELECT day || ' ' || activity || ' ' || code || ' ' || outcome || ' ' || reason, received_at FROM confirmations
         WHERE confirmed_by = $1 AND org_id = $2 ORDER BY received_at, day, code",
    ),
    (
        "fronts",
        "SELECT day || ' ' || name, created_at FROM fronts
         WHERE (asked_by = $1 OR chosen_by = $1) AND org_id = $2 ORDER BY created_at, id",
    ),
    (
        "assignments",
        "SELECT day || ' ' || vehicle, assigned_at FROM assignments
         WHERE (user_id = $1 OR assigned_by = $1) AND org_id = $2 ORDER BY assigned_at, day, vehicle",
    ),
    (
        "reports",
        "SELECT day || ' ' || activity || ' ' || code || ' ' || outcome || ' ' || reason || ' ' || remark, received_at FROM reports
         WHERE user_id = $1 AND org_id = $2 ORDER BY received_at, id",
    ),
    ("photos", "SELECT id, created_at FROM photos WHERE user_id = $1 AND org_id = $2 ORDER BY created_at, id"),
    (
        "positions",
        "SELECT day || ' ' || CAST(lon AS TEXT) || ' ' || CAST(lat AS TEXT), received_at FROM positions
         WHERE user_id = $1 AND org_id = $2 ORDER BY received_at, day, slot",
    ),
    (
        "feature_sets",
        "SELECT name || ' version ' || CAST(version AS TEXT), created_at FROM feature_sets
         WHERE created_by = $1 AND org_id = $2 ORDER BY created_at, name, version",
    ),
    (
        "forecast_models",
        "SELECT method || ' ' || CAST(number AS TEXT), created_at FROM forecast_models
         WHERE (trained_by = $1 OR promoted_by = $1) AND org_id = $2 ORDER BY created_at, number",
    ),
    (
        "forecast_runs",
        "SELECT kind || ' ' || day, created_at FROM forecast_runs
         WHERE requested_by = $1 AND org_id = $2 ORDER BY created_at, id",
    ),
    (
        "invoices",
        "SELECT payer || ' ' || first_day || ' ' || last_day || ' ' || state, drafted_at FROM invoices
         WHERE (drafted_by = $1 OR approved_by = $1) AND org_id = $2 ORDER BY drafted_at, id",
    ),
    ("erasures", "SELECT user_id, erased_at FROM erasures WHERE erased_by = $1 AND org_id = $2 ORDER BY erased_at"),
    (
        "audit_log",
        "SELECT action || ' ' || detail, at FROM audit_log
         WHERE (actor = $1 OR subject = $1) AND org_id = $2 ORDER BY seq",
    ),
];

/// People, and their erasure.
pub(crate) trait Persons {
    /// An account of an organisation.
    async fn person(&mut self, org: &str, id: &str) -> Result<Option<Person>, Error>;

    /// Where an account's id stands, by table.
    async fn mentions(&mut self, org: &str, id: &str) -> Result<BTreeMap<&'static str, Vec<Mention>>, Error>;

    /// When an account was erased, and its files were scrubbed.
    async fn erasure(&mut self, org: &str, id: &str) -> Result<Option<(i64, Option<i64>)>, Error>;

    /// Deletes an account with all that hangs from it, and the counts of its failures. The address is named by its digest.
    async fn erase_person(&mut self, org: &str, id: &str, address: &str) -> Result<(), Error>;

    /// Remembers that an account was erased.
    async fn insert_erasure(&mut self, org: &str, id: &str, by: &str, now: i64) -> Result<(), Error>;

    /// How many erasures there are after which the files have not been scrubbed.
    async fn count_unscrubbed(&mut self) -> Result<i64, Error>;

    /// All erasures until a time have been scrubbed from the files.
    async fn mark_scrubbed(&mut self, until: i64, now: i64) -> Result<(), Error>;
}

impl Persons for Connection {
    async fn person(&mut self, org: &str, id: &str) -> Result<Option<Person>, Error> {
        let query =
            sqlx::query_as("SELECT id, email, name, status, created_at FROM users WHERE org_id = $1 AND id = $2");
        let row: Option<(String, String, String, String, i64)> =
            query.bind(org.to_owned()).bind(id.to_owned()).fetch_optional(self).await?;
        Ok(row.map(|(id, email, name, status, created_at)| Person { id, email, name, status, created_at }))
    }

    async fn mentions(&mut self, org: &str, id: &str) -> Result<BTreeMap<&'static str, Vec<Mention>>, Error> {
        let mut mentions = BTreeMap::new();
        for (table, statement) in MENTIONS {
            let query = sqlx::query_as(statement).bind(id.to_owned()).bind(org.to_owned());
            let rows: Vec<(String, i64)> = query.fetch_all(&mut *self).await?;
            mentions.insert(table, rows.into_iter().map(|(what, at)| Mention { what, at }).collect());
        }
        Ok(mentions)
    }

    async fn erasure(&mut self, org: &str, id: &str) -> Result<Option<(i64, Option<i64>)>, Error> {
        let query = sqlx::query_as("SELECT erased_at, scrubbed_at FROM erasures WHERE org_id = $1 AND user_id = $2");
        Ok(query.bind(org.to_owned()).bind(id.to_owned()).fetch_optional(self).await?)
    }

    async fn erase_person(&mut self, org: &str, id: &str, address: &str) -> Result<(), Error> {
        sqlx::query(
            "DELETE FROM throttles WHERE subject IN ('password:' || $1, 'confirmation:' || $1, 'passkey:' || $1) OR subject LIKE 'account:' || $2 || ':%'
                 OR subject IN (SELECT 'factor:' || id FROM factors WHERE user_id = $1)
                 OR subject IN (SELECT 'factor:recovery:' || id FROM factors WHERE user_id = $1)",
        )
        .bind(id.to_owned())
        .bind(address.to_owned())
        .execute(&mut *self)
        .await?;
        let query = sqlx::query("DELETE FROM users WHERE org_id = $1 AND id = $2");
        query.bind(org.to_owned()).bind(id.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn insert_erasure(&mut self, org: &str, id: &str, by: &str, now: i64) -> Result<(), Error> {
        sqlx::query("INSERT INTO erasures (org_id, user_id, erased_by, erased_at) VALUES ($1, $2, $3, $4)")
            .bind(org.to_owned())
            .bind(id.to_owned())
            .bind(by.to_owned())
            .bind(now)
            .execute(self)
            .await?;
        Ok(())
    }

    async fn count_unscrubbed(&mut self) -> Result<i64, Error> {
        let query = sqlx::query_as("SELECT COUNT(*) FROM erasures WHERE scrubbed_at IS NULL");
        let (count,) = query.fetch_one(self).await?;
        Ok(count)
    }

    async fn mark_scrubbed(&mut self, until: i64, now: i64) -> Result<(), Error> {
        let query = sqlx::query("UPDATE erasures SET scrubbed_at = $2 WHERE scrubbed_at IS NULL AND erased_at <= $1");
        query.bind(until).bind(now).execute(self).await?;
        Ok(())
    }
}
