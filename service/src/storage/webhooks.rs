//! Where events go, and what providers have told.

use serde::Serialize;

use super::Connection;
use crate::error::Error;

/// An endpoint as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredEndpoint {
    /// Its id.
    pub(crate) id: String,
    /// The organisation.
    pub(crate) org: String,
    /// Where events go.
    pub(crate) url: String,
    /// Which: kinds with spaces between.
    pub(crate) events: String,
    /// The secrets, sealed.
    pub(crate) sealed: Vec<u8>,
    /// Counts changes.
    pub(crate) version: i64,
    /// When it was made, milliseconds since 1970.
    pub(crate) created_at: i64,
}

type Row = (String, String, String, String, Vec<u8>, i64, i64);

fn endpoint((id, org, url, events, sealed, version, created_at): Row) -> StoredEndpoint {
    StoredEndpoint { id, org, url, events, sealed, version, created_at }
}

/// An event of a provider.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told<'a> {
    /// The account whose provider tells it.
    pub(crate) account: &'a str,
    /// What it is known by.
    pub(crate) id: &'a str,
    /// The organisation.
    pub(crate) org: &'a str,
    /// The provider.
    pub(crate) provider: &'a str,
    /// What kind it is; empty: unknown.
    pub(crate) kind: &'a str,
    /// What it says.
    pub(crate) content: &'a [u8],
    /// What it is about, by the provider's name for it, and what became of that: `delivered` or `failed`, or of an invoice the state
    /// that it is in; empty: it says no such thing.
    pub(crate) fate: (&'a str, &'static str),
}

/// An event of a provider, as it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct ProviderEvent {
    /// What it is known by.
    pub(crate) id: String,
    /// The provider.
    pub(crate) provider: String,
    /// What kind it is; empty: unknown.
    pub(crate) kind: String,
    /// How often it came.
    pub(crate) copies: i64,
    /// When it came first, milliseconds since 1970.
    pub(crate) received_at: i64,
}

/// Endpoints, and events of providers.
pub(crate) trait Webhooks {
    /// Makes an endpoint.
    async fn add_endpoint(&mut self, new: &StoredEndpoint) -> Result<(), Error>;

    /// The endpoints of an organisation, the oldest first.
    async fn endpoints(&mut self, org: &str) -> Result<Vec<StoredEndpoint>, Error>;

    /// One endpoint.
    async fn endpoint(&mut self, org: &str, id: &str) -> Result<Option<StoredEndpoint>, Error>;

    /// Replaces the secrets, if they are those of `version`. Gives whether they were.
    async fn reseal_endpoint(&mut self, id: &str, version: i64, sealed: Vec<u8>) -> Result<bool, Error>;

    /// Removes an endpoint. Gives whether there was one.
    async fn remove_endpoint(&mut self, org: &str, id: &str) -> Result<bool, Error>;

    /// Keeps an event of a provider. Gives whether it is new; one that came before is counted.
    async fn keep_provider_event(&mut self, told: Told<'_>, now: i64) -> Result<bool, Error>;

    /// The newest events of providers.
    async fn provider_events(&mut self, org: &str, limit: i64) -> Result<Vec<ProviderEvent>, Error>;
}

impl Webhooks for Connection {
    async fn add_endpoint(&mut self, new: &StoredEndpoint) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO webhook_endpoints (id, org_id, url, events, sealed, version, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(new.id.clone())
        .bind(new.org.clone())
        .bind(new.url.clone())
        .bind(new.events.clone())
        .bind(new.sealed.clone())
        .bind(new.version)
        .bind(new.created_at)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn endpoints(&mut self, org: &str) -> Result<Vec<StoredEndpoint>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, org_id, url, events, sealed, version, created_at FROM webhook_endpoints WHERE org_id = $1
             ORDER BY created_at, id",
        )
        .bind(org.to_owned())
        .fetch_all(self)
        .await?;
        Ok(rows.into_iter().map(endpoint).collect())
    }

    async fn endpoint(&mut self, org: &str, id: &str) -> Result<Option<StoredEndpoint>, Error> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT id, org_id, url, events, sealed, version, created_at FROM webhook_endpoints
             WHERE org_id = $1 AND id = $2",
        )
        .bind(org.to_owned())
        .bind(id.to_owned())
        .fetch_optional(self)
        .await?;
        Ok(row.map(endpoint))
    }

    async fn reseal_endpoint(&mut self, id: &str, version: i64, sealed: Vec<u8>) -> Result<bool, Error> {
        let done = sqlx::query(
            "UPDATE webhook_endpoints SET sealed = $3, version = version + 1 WHERE id = $1 AND version = $2",
        )
        .bind(id.to_owned())
        .bind(version)
        .bind(sealed)
        .execute(self)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn remove_endpoint(&mut self, org: &str, id: &str) -> Result<bool, Error> {
        let done = sqlx::query("DELETE FROM webhook_endpoints WHERE org_id = $1 AND id = $2")
            .bind(org.to_owned())
            .bind(id.to_owned())
            .execute(self)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn keep_provider_event(&mut self, told: Told<'_>, now: i64) -> Result<bool, Error> {
        let (copies,): (i64,) = sqlx::query_as(
            "INSERT INTO webhook_events (account_id, event_id, org_id, provider, kind, content, copies, received_at, reference, fate)
             VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $9)
             ON CONFLICT (account_id, event_id) DO UPDATE SET copies = webhook_events.copies + 1 RETURNING copies",
        )
        .bind(told.account.to_owned())
        .bind(told.id.to_owned())
        .bind(told.org.to_owned())
        .bind(told.provider.to_owned())
        .bind(told.kind.to_owned())
        .bind(told.content.to_vec())
        .bind(now)
        .bind(told.fate.0.to_owned())
        .bind(told.fate.1)
        .fetch_one(self)
        .await?;
        Ok(copies == 1)
    }

    async fn provider_events(&mut self, org: &str, limit: i64) -> Result<Vec<ProviderEvent>, Error> {
        let rows: Vec<(String, String, String, i64, i64)> = sqlx::query_as(
            "SELECT event_id, provider, kind, copies, received_at FROM webhook_events WHERE org_id = $1
             ORDER BY received_at DESC, event_id LIMIT $2",
        )
        .bind(org.to_owned())
        .bind(limit)
        .fetch_all(self)
        .await?;
        let read =
            |(id, provider, kind, copies, received_at)| ProviderEvent { id, provider, kind, copies, received_at };
        Ok(rows.into_iter().map(read).collect())
    }
}
