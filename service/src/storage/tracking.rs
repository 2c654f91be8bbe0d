//! How far the positions of vehicles were read from providers, and the positions.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;

use super::rows::{self, Value};
use super::{Connection, Store};
use crate::error::Error;

/// Seconds of the slot of which one position is kept.
const SLOT: i64 = 10;

/// An account whose positions are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tracked {
    /// The account.
    pub(crate) account: String,
    /// Its organisation.
    pub(crate) org: String,
    /// How far its positions were read; none: not yet.
    pub(crate) cursor: Option<String>,
}

/// Where a vehicle was.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TrackedPosition {
    /// The day, as `2026-12-03`.
    pub(crate) day: String,
    /// The vehicle's code.
    pub(crate) vehicle: String,
    /// When, seconds of the day.
    pub(crate) at: i64,
    /// Longitude.
    pub(crate) lon: f64,
    /// Latitude.
    pub(crate) lat: f64,
}

/// Positions of vehicles that providers tell.
pub(crate) trait Tracking {
    /// Has the accounts for telematics asked that are not yet, and the removed ones no longer.
    async fn agree_on_tracking(&mut self) -> Result<(), Error>;

    /// Takes an account that is due at `now`, and puts its next question off to `next`: no other process asks meanwhile.
    async fn take_tracked(&mut self, store: &Store, now: i64, next: i64) -> Result<Option<Tracked>, Error>;

    /// Stores how far an account's positions were read, or why they could not be.
    async fn set_tracked(&mut self, account: &str, cursor: Option<&str>, problem: &str) -> Result<(), Error>;

    /// Has an account asked at once, and from now on, as one that was never asked.
    async fn forget_cursor(&mut self, account: &str) -> Result<(), Error>;

    /// Has an account asked from now on when it is due.
    async fn restart_tracking(&mut self, account: &str) -> Result<(), Error>;

    /// Why the last question of an organisation's account had no answer; none where there is no account.
    async fn tracking_problem(&mut self, org: &str) -> Result<Option<String>, Error>;

    /// An organisation's vehicles, by how its provider calls them.
    async fn vehicles_by_tracker(&mut self, org: &str) -> Result<HashMap<String, String>, Error>;

    /// Stores positions, of each slot the first. Gives how many were new.
    async fn insert_tracked(&mut self, org: &str, of: &[TrackedPosition], now: i64) -> Result<(), Error>;

    /// Deletes positions that came before a time. Gives how many.
    async fn forget_tracked(&mut self, before: i64) -> Result<u64, Error>;
}

impl Tracking for Connection {
    async fn agree_on_tracking(&mut self) -> Result<(), Error> {
        sqlx::query(
            "DELETE FROM tracking WHERE NOT EXISTS (
                 SELECT 1 FROM provider_accounts a WHERE a.id = tracking.account_id AND a.capability = 'telematics')",
        )
        .execute(&mut *self)
        .await?;
        sqlx::query(
            "INSERT INTO tracking (account_id, org_id, due_at)
             SELECT a.id, a.org_id, 0 FROM provider_accounts a WHERE a.capability = 'telematics'
               AND NOT EXISTS (SELECT 1 FROM tracking t WHERE t.account_id = a.id)
             ON CONFLICT DO NOTHING",
        )
        .execute(self)
        .await?;
        Ok(())
    }

    async fn take_tracked(&mut self, store: &Store, now: i64, next: i64) -> Result<Option<Tracked>, Error> {
        let text = format!(
            "UPDATE tracking SET due_at = $2 WHERE account_id = (
                 SELECT account_id FROM tracking WHERE due_at <= $1 ORDER BY due_at, account_id LIMIT 1 {})
             RETURNING account_id, org_id, cursor",
            store.backend().skip_locked()
        );
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(now).bind(next);
        let row: Option<(String, String, Option<String>)> = query.fetch_optional(self).await?;
        Ok(row.map(|(account, org, cursor)| Tracked { account, org, cursor }))
    }

    async fn set_tracked(&mut self, account: &str, cursor: Option<&str>, problem: &str) -> Result<(), Error> {
        sqlx::query("UPDATE tracking SET cursor = COALESCE($2, cursor), problem = $3 WHERE account_id = $1")
            .bind(account.to_owned())
            .bind(cursor.map(str::to_owned))
            .bind(problem.to_owned())
            .execute(self)
            .await?;
        Ok(())
    }

    async fn forget_cursor(&mut self, account: &str) -> Result<(), Error> {
        let query = sqlx::query("UPDATE tracking SET cursor = NULL, due_at = 0, problem = '' WHERE account_id = $1");
        query.bind(account.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn restart_tracking(&mut self, account: &str) -> Result<(), Error> {
        let query = sqlx::query("UPDATE tracking SET cursor = NULL WHERE account_id = $1");
        query.bind(account.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn tracking_problem(&mut self, org: &str) -> Result<Option<String>, Error> {
        let query = sqlx::query_as("SELECT problem FROM tracking WHERE org_id = $1 ORDER BY account_id LIMIT 1");
        let row: Option<(String,)> = query.bind(org.to_owned()).fetch_optional(self).await?;
        Ok(row.map(|(problem,)| problem))
    }

    async fn vehicles_by_tracker(&mut self, org: &str) -> Result<HashMap<String, String>, Error> {
        let query = sqlx::query_as(
            "SELECT CASE WHEN tracker = '' THEN code ELSE tracker END, code FROM vehicles WHERE org_id = $1
             ORDER BY CASE WHEN tracker = '' THEN 0 ELSE 1 END, code",
        );
        let rows: Vec<(String, String)> = query.bind(org.to_owned()).fetch_all(self).await?;
        Ok(rows.into_iter().collect())
    }

    async fn insert_tracked(&mut self, org: &str, of: &[TrackedPosition], now: i64) -> Result<(), Error> {
        let row = |position: &TrackedPosition| -> [Value; 8] {
            [
                org.into(),
                (&position.day).into(),
                (&position.vehicle).into(),
                position.at.div_euclid(SLOT).into(),
                position.at.into(),
                position.lon.into(),
                position.lat.into(),
                now.into(),
            ]
        };
        let rows: Vec<[Value; 8]> = of.iter().map(row).collect();
        rows::insert(
            self,
            "tracked_positions (org_id, day, vehicle, slot, at_second, lon, lat, received_at)",
            "ON CONFLICT DO NOTHING",
            &rows,
        )
        .await
    }

    async fn forget_tracked(&mut self, before: i64) -> Result<u64, Error> {
        let query = sqlx::query("DELETE FROM tracked_positions WHERE received_at < $1").bind(before);
        Ok(query.execute(self).await?.rows_affected())
    }
}
