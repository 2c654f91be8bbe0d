//! Sign-ins with what was new or odd about them, and the codes by which they are confirmed.

use super::Connection;
use crate::error::Error;

/// A sign-in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SignIn {
    /// Its id.
    pub(crate) id: String,
    /// The organisation.
    pub(crate) org: String,
    /// The user.
    pub(crate) user: String,
    /// When, milliseconds since 1970.
    pub(crate) at: i64,
    /// From where.
    pub(crate) address: String,
    /// The block of addresses.
    pub(crate) network: String,
    /// Hash of the device's secret that was shown; empty: none was.
    pub(crate) device_shown: String,
    /// Hash of the device's secret that was given; empty: none was.
    pub(crate) device_given: String,
    /// Program and system, in words.
    pub(crate) agent: String,
    /// The country of the address; empty: unknown.
    pub(crate) country: String,
    /// Longitude and latitude, where they are known.
    pub(crate) position: Option<(f64, f64)>,
    /// How odd it was.
    pub(crate) score: i64,
    /// Why, in words with spaces between them.
    pub(crate) reasons: String,
    /// `let_in`, `told`, `confirmed`, `asked`, `blocked` or `refused`.
    pub(crate) outcome: String,
}

type Row = (
    String,
    String,
    String,
    i64,
    String,
    String,
    String,
    String,
    String,
    String,
    Option<f64>,
    Option<f64>,
    i64,
    String,
    String,
);

const COLUMNS: &str = "id, org_id, user_id, at, address, network, device_shown, device_given, agent, country, lon, lat, score, reasons, outcome";

fn sign_in(row: Row) -> SignIn {
    let (
        id,
        org,
        user,
        at,
        address,
        network,
        device_shown,
        device_given,
        agent,
        country,
        lon,
        lat,
        score,
        reasons,
        outcome,
    ) = row;
    SignIn {
        id,
        org,
        user,
        at,
        address,
        network,
        device_shown,
        device_given,
        agent,
        country,
        position: lon.zip(lat),
        score,
        reasons,
        outcome,
    }
}

/// Which sign-ins of an organisation are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WhichSignIns<'a> {
    /// Of this user alone; empty: of all.
    pub(crate) user: &'a str,
    /// From before this time, milliseconds since 1970.
    pub(crate) before: i64,
    /// How many at most.
    pub(crate) limit: i64,
}

/// Sign-ins.
pub(crate) trait SignIns {
    /// Writes a sign-in down.
    async fn insert_sign_in(&mut self, new: &SignIn) -> Result<(), Error>;

    /// Deletes all sign-ins of a user that ended so (`refused`, `asked` or `blocked`) but the newest.
    async fn trim_sign_ins(&mut self, user: &str, outcome: &'static str, keep: i64) -> Result<(), Error>;

    /// A user's sign-ins since a time, the newest first.
    async fn sign_ins_since(&mut self, user: &str, since: i64, limit: i64) -> Result<Vec<SignIn>, Error>;

    /// Sign-ins of an organisation, the newest first.
    async fn sign_ins_of(&mut self, org: &str, which: WhichSignIns<'_>) -> Result<Vec<SignIn>, Error>;

    /// Keeps the hash of a code that was sent to a user, in place of the one before.
    async fn put_sign_in_code(&mut self, user: &str, hash: &str, sent_at: i64, expires_at: i64) -> Result<(), Error>;

    /// Hash, time of sending and expiry of the code that was sent to a user last.
    async fn sign_in_code(&mut self, user: &str) -> Result<Option<(String, i64, i64)>, Error>;

    /// Uses a user's code up; gives whether it was still this one.
    async fn use_sign_in_code(&mut self, user: &str, hash: &str) -> Result<bool, Error>;
}

impl SignIns for Connection {
    async fn insert_sign_in(&mut self, new: &SignIn) -> Result<(), Error> {
        let (lon, lat) = new.position.unzip();
        let statement = format!(
            "INSERT INTO sign_ins ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(statement));
        query = query.bind(new.id.clone()).bind(new.org.clone()).bind(new.user.clone()).bind(new.at);
        for text in [&new.address, &new.network, &new.device_shown, &new.device_given, &new.agent, &new.country] {
            query = query.bind(text.clone());
        }
        query = query.bind(lon).bind(lat).bind(new.score).bind(new.reasons.clone()).bind(new.outcome.clone());
        query.execute(self).await?;
        Ok(())
    }

    async fn trim_sign_ins(&mut self, user: &str, outcome: &'static str, keep: i64) -> Result<(), Error> {
        sqlx::query(
            "DELETE FROM sign_ins WHERE user_id = $1 AND outcome = $3 AND id NOT IN (
                 SELECT id FROM sign_ins WHERE user_id = $1 AND outcome = $3 ORDER BY at DESC, id DESC LIMIT $2)",
        )
        .bind(user.to_owned())
        .bind(keep)
        .bind(outcome)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn sign_ins_since(&mut self, user: &str, since: i64, limit: i64) -> Result<Vec<SignIn>, Error> {
        let statement = format!(
            "SELECT {COLUMNS} FROM sign_ins WHERE user_id = $1 AND at >= $2 AND outcome NOT IN ('asked', 'blocked')
             ORDER BY at DESC, id DESC LIMIT $3"
        );
        let query = sqlx::query_as(sqlx::AssertSqlSafe(statement)).bind(user.to_owned()).bind(since).bind(limit);
        let rows: Vec<Row> = query.fetch_all(self).await?;
        Ok(rows.into_iter().map(sign_in).collect())
    }

    async fn sign_ins_of(&mut self, org: &str, which: WhichSignIns<'_>) -> Result<Vec<SignIn>, Error> {
        let of_user = if which.user.is_empty() { "" } else { "AND user_id = $4" };
        let statement = format!(
            "SELECT {COLUMNS} FROM sign_ins WHERE org_id = $1 AND at < $2 {of_user} ORDER BY at DESC, id DESC LIMIT $3"
        );
        let mut query = sqlx::query_as(sqlx::AssertSqlSafe(statement)).bind(org.to_owned()).bind(which.before);
        query = query.bind(which.limit);
        if !which.user.is_empty() {
            query = query.bind(which.user.to_owned());
        }
        let rows: Vec<Row> = query.fetch_all(self).await?;
        Ok(rows.into_iter().map(sign_in).collect())
    }

    async fn put_sign_in_code(&mut self, user: &str, hash: &str, sent_at: i64, expires_at: i64) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO sign_in_codes (user_id, hash, sent_at, expires_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (user_id) DO UPDATE SET
                 hash = excluded.hash, sent_at = excluded.sent_at, expires_at = excluded.expires_at",
        )
        .bind(user.to_owned())
        .bind(hash.to_owned())
        .bind(sent_at)
        .bind(expires_at)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn sign_in_code(&mut self, user: &str) -> Result<Option<(String, i64, i64)>, Error> {
        let query = sqlx::query_as("SELECT hash, sent_at, expires_at FROM sign_in_codes WHERE user_id = $1");
        Ok(query.bind(user.to_owned()).fetch_optional(self).await?)
    }

    async fn use_sign_in_code(&mut self, user: &str, hash: &str) -> Result<bool, Error> {
        let query = sqlx::query("DELETE FROM sign_in_codes WHERE user_id = $1 AND hash = $2");
        Ok(query.bind(user.to_owned()).bind(hash.to_owned()).execute(self).await?.rows_affected() == 1)
    }
}
