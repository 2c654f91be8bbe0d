//! Feature sets, version by version, and what organisations set for their forecasts.

use serde::Serialize;
use sqlx::AssertSqlSafe;

use super::{Connection, Store};
use crate::error::Error;

/// A version of a feature set.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct FeatureSet {
    /// Its name.
    pub(crate) name: String,
    /// Its version, from 1 on.
    pub(crate) version: i64,
    /// What it says.
    #[schema(value_type = Object)]
    pub(crate) definition: serde_json::Value,
    /// SHA-256 of the definition as it is stored.
    pub(crate) checksum: String,
    /// Who made it; null: the service.
    pub(crate) created_by: Option<String>,
    /// When it was made, milliseconds since 1970.
    pub(crate) created_at: i64,
}

type Row = (String, i64, String, String, Option<String>, i64);

fn set((name, version, definition, checksum, created_by, created_at): Row) -> FeatureSet {
    let definition = serde_json::from_str(&definition).unwrap_or_default();
    FeatureSet { name, version, definition, checksum, created_by, created_at }
}

const COLUMNS: &str = "name, version, definition, checksum, created_by, created_at";

/// A version to be stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewFeatureSet<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its version.
    pub(crate) version: i64,
    /// Definition and checksum.
    pub(crate) content: (&'a str, &'a str),
    /// Who made it.
    pub(crate) by: Option<&'a str>,
    /// When.
    pub(crate) now: i64,
}

/// Feature sets and settings of forecasts.
pub(crate) trait FeatureSets {
    /// All versions, by name, the newest first.
    async fn feature_sets(&mut self, org: &str, limit: i64) -> Result<Vec<FeatureSet>, Error>;

    /// A version of a set, or its newest one.
    async fn feature_set(&mut self, org: &str, name: &str, version: Option<i64>) -> Result<Option<FeatureSet>, Error>;

    /// How many versions an organisation has.
    async fn count_feature_sets(&mut self, org: &str) -> Result<i64, Error>;

    /// Stores a version. Gives whether there was none of its number.
    async fn insert_feature_set(&mut self, org: &str, new: NewFeatureSet<'_>) -> Result<bool, Error>;

    /// What an organisation has set, as JSON.
    async fn forecast_settings(&mut self, org: &str) -> Result<Option<String>, Error>;

    /// Stores what an organisation sets, and when its next forecast is due.
    async fn set_forecast_settings(&mut self, org: &str, settings: &str, next: Option<i64>) -> Result<(), Error>;

    /// Gives organisations that have readings and have set nothing these settings.
    async fn settle_forecast_settings(&mut self, settings: &str, next: Option<i64>) -> Result<u64, Error>;

    /// An organisation whose forecast is due, with its settings and when it was due. No other transaction takes it until this one has
    /// ended.
    async fn take_due_forecast(&mut self, store: &Store, now: i64) -> Result<Option<(String, String)>, Error>;
}

impl FeatureSets for Connection {
    async fn feature_sets(&mut self, org: &str, limit: i64) -> Result<Vec<FeatureSet>, Error> {
        let text = format!("SELECT {COLUMNS} FROM feature_sets WHERE org_id = $1 ORDER BY name, version DESC LIMIT $2");
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(limit);
        let rows: Vec<Row> = query.fetch_all(self).await?;
        Ok(rows.into_iter().map(set).collect())
    }

    async fn feature_set(&mut self, org: &str, name: &str, version: Option<i64>) -> Result<Option<FeatureSet>, Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM feature_sets WHERE org_id = $1 AND name = $2 AND (version = $3 OR $3 = 0)
             ORDER BY version DESC LIMIT 1"
        );
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(org.to_owned()).bind(name.to_owned());
        let row: Option<Row> = query.bind(version.unwrap_or(0)).fetch_optional(self).await?;
        Ok(row.map(set))
    }

    async fn count_feature_sets(&mut self, org: &str) -> Result<i64, Error> {
        let query = sqlx::query_as("SELECT COUNT(*) FROM feature_sets WHERE org_id = $1").bind(org.to_owned());
        let (count,) = query.fetch_one(self).await?;
        Ok(count)
    }

    async fn insert_feature_set(&mut self, org: &str, new: NewFeatureSet<'_>) -> Result<bool, Error> {
        let done = sqlx::query(
            "INSERT INTO feature_sets (org_id, name, version, definition, checksum, created_by, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(org.to_owned())
        .bind(new.name.to_owned())
        .bind(new.version)
        .bind(new.content.0.to_owned())
        .bind(new.content.1.to_owned())
        .bind(new.by.map(str::to_owned))
        .bind(new.now)
        .execute(self)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn forecast_settings(&mut self, org: &str) -> Result<Option<String>, Error> {
        let query = sqlx::query_as("SELECT settings FROM forecast_settings WHERE org_id = $1").bind(org.to_owned());
        let row: Option<(String,)> = query.fetch_optional(self).await?;
        Ok(row.map(|(settings,)| settings))
    }

    async fn set_forecast_settings(&mut self, org: &str, settings: &str, next: Option<i64>) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO forecast_settings (org_id, settings, next_run_at) VALUES ($1, $2, $3)
             ON CONFLICT (org_id) DO UPDATE SET settings = excluded.settings, next_run_at = excluded.next_run_at",
        )
        .bind(org.to_owned())
        .bind(settings.to_owned())
        .bind(next)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn settle_forecast_settings(&mut self, settings: &str, next: Option<i64>) -> Result<u64, Error> {
        let done = sqlx::query(
            "INSERT INTO forecast_settings (org_id, settings, next_run_at)
             SELECT o.id, $1, $2 FROM organisations o
             WHERE NOT EXISTS (SELECT 1 FROM forecast_settings s WHERE s.org_id = o.id)
               AND EXISTS (SELECT 1 FROM readings r WHERE r.org_id = o.id)
             ON CONFLICT (org_id) DO NOTHING",
        )
        .bind(settings.to_owned())
        .bind(next)
        .execute(self)
        .await?;
        Ok(done.rows_affected())
    }

    async fn take_due_forecast(&mut self, store: &Store, now: i64) -> Result<Option<(String, String)>, Error> {
        let text = format!(
            "SELECT org_id, settings FROM forecast_settings WHERE next_run_at <= $1 ORDER BY next_run_at LIMIT 1 {}",
            store.backend().skip_locked()
        );
        Ok(sqlx::query_as(AssertSqlSafe(text)).bind(now).fetch_optional(self).await?)
    }
}
