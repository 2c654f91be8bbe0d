//! Second factors, and how their secrets are stored.

use super::rows::{self, Value};
use super::{Connection, Store};
use crate::error::Error;

/// A second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Factor {
    /// Its id.
    pub(crate) id: String,
    /// Its organisation.
    pub(crate) org: String,
    /// Its user.
    pub(crate) user: String,
}

/// A sealed secret, and the key that it is sealed with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sealed<'a> {
    /// The sealed secret.
    pub(crate) secret: &'a [u8],
    /// The key's id.
    pub(crate) key: &'a [u8],
}

/// A factor with how it is stored.
#[derive(Clone)]
pub(crate) struct StoredFactor {
    /// The factor.
    pub(crate) factor: Factor,
    /// The secret as plaintext, as releases before encryption stored it.
    pub(crate) plain: Option<String>,
    /// The sealed secret.
    pub(crate) sealed: Option<Vec<u8>>,
    /// The key that it is sealed with.
    pub(crate) key_id: Option<Vec<u8>>,
}

/// Second factors and their recovery codes.
pub(crate) trait Factors {
    /// A user's factor that is `pending` or `active`.
    async fn factor(&mut self, user: &str, state: &'static str) -> Result<Option<Factor>, Error>;

    /// Makes a factor that waits for its first code.
    async fn insert_factor(&mut self, factor: &Factor, sealed: Sealed<'_>, now: i64) -> Result<(), Error>;

    /// Deletes a user's factors that wait for their first code.
    async fn drop_pending_factors(&mut self, user: &str) -> Result<(), Error>;

    /// Makes a pending factor active; says whether it was pending.
    async fn activate_factor(&mut self, id: &str) -> Result<bool, Error>;

    /// Deletes a factor.
    async fn delete_factor(&mut self, id: &str) -> Result<(), Error>;

    /// Uses a step of 30 seconds up; says whether neither it nor a later one was used before.
    async fn use_step(&mut self, id: &str, step: i64) -> Result<bool, Error>;

    /// Stores recovery codes: id, factor, hash.
    async fn insert_recovery_codes(&mut self, codes: &[[Value; 3]]) -> Result<(), Error>;

    /// Ids and hashes of the recovery codes that were not used.
    async fn recovery_codes(&mut self, factor: &str) -> Result<Vec<(String, String)>, Error>;

    /// Uses a recovery code up; says whether it was not used before.
    async fn use_recovery_code(&mut self, id: &str, now: i64) -> Result<bool, Error>;
}

impl Factors for Connection {
    async fn factor(&mut self, user: &str, state: &'static str) -> Result<Option<Factor>, Error> {
        let query =
            sqlx::query_as("SELECT id, org_id FROM factors WHERE user_id = $1 AND state = $2 ORDER BY id LIMIT 1");
        let row: Option<(String, String)> = query.bind(user.to_owned()).bind(state).fetch_optional(self).await?;
        Ok(row.map(|(id, org)| Factor { id, org, user: user.to_owned() }))
    }

    async fn insert_factor(&mut self, factor: &Factor, sealed: Sealed<'_>, now: i64) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO factors (id, org_id, user_id, state, secret_ct, key_id, created_at)
             VALUES ($1, $2, $3, 'pending', $4, $5, $6)",
        )
        .bind(factor.id.clone())
        .bind(factor.org.clone())
        .bind(factor.user.clone())
        .bind(sealed.secret.to_vec())
        .bind(sealed.key.to_vec())
        .bind(now)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn drop_pending_factors(&mut self, user: &str) -> Result<(), Error> {
        let query = sqlx::query("DELETE FROM factors WHERE user_id = $1 AND state = 'pending'");
        query.bind(user.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn activate_factor(&mut self, id: &str) -> Result<bool, Error> {
        let query = sqlx::query("UPDATE factors SET state = 'active' WHERE id = $1 AND state = 'pending'");
        Ok(query.bind(id.to_owned()).execute(self).await?.rows_affected() > 0)
    }

    async fn delete_factor(&mut self, id: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM factors WHERE id = $1").bind(id.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn use_step(&mut self, id: &str, step: i64) -> Result<bool, Error> {
        let query = sqlx::query("UPDATE factors SET last_step = $1 WHERE id = $2 AND last_step < $1");
        Ok(query.bind(step).bind(id.to_owned()).execute(self).await?.rows_affected() == 1)
    }

    async fn insert_recovery_codes(&mut self, codes: &[[Value; 3]]) -> Result<(), Error> {
        rows::insert(self, "recovery_codes (id, factor_id, hash)", "", codes).await
    }

    async fn recovery_codes(&mut self, factor: &str) -> Result<Vec<(String, String)>, Error> {
        let query = sqlx::query_as("SELECT id, hash FROM recovery_codes WHERE factor_id = $1 AND used_at IS NULL");
        Ok(query.bind(factor.to_owned()).fetch_all(self).await?)
    }

    async fn use_recovery_code(&mut self, id: &str, now: i64) -> Result<bool, Error> {
        let query = sqlx::query("UPDATE recovery_codes SET used_at = $1 WHERE id = $2 AND used_at IS NULL");
        Ok(query.bind(now).bind(id.to_owned()).execute(self).await?.rows_affected() == 1)
    }
}

/// How the secrets of second factors are stored: as plaintext by releases before encryption, else sealed.
pub(crate) trait Secrets {
    /// A factor's secret: as plaintext, or sealed.
    async fn secret(&mut self, factor: &str) -> Result<Option<(Option<String>, Option<Vec<u8>>)>, Error>;

    /// The key that a factor's secret is sealed with; none if it is plaintext, or there is no such factor.
    async fn key_of_secret(&mut self, factor: &str) -> Result<Option<Vec<u8>>, Error>;

    /// Seals a secret that is still this plaintext; says whether it was.
    async fn seal_secret(&mut self, factor: &str, plain: &str, sealed: Sealed<'_>) -> Result<bool, Error>;

    /// Replaces a secret that is still sealed with the key `old`; says whether it was.
    async fn reseal_secret(&mut self, factor: &str, old: &[u8], sealed: Sealed<'_>) -> Result<bool, Error>;

    /// Writes a secret that is still sealed like this as plaintext; says whether it was.
    async fn unseal_secret(&mut self, factor: &str, sealed: &[u8], plain: &str) -> Result<bool, Error>;

    /// How many secrets are plaintext, and how many sealed.
    async fn count_secrets(&mut self) -> Result<(i64, i64), Error>;

    /// How many factors there are.
    async fn count_factors(&mut self) -> Result<i64, Error>;

    /// The next factors after the id `after`, in order, at a version of the schema: the first one has no sealed secrets.
    async fn stored_factors(&mut self, version: i64, after: &str, limit: i64) -> Result<Vec<StoredFactor>, Error>;

    /// Whether plaintext is a fault.
    async fn is_plaintext_forbidden(&mut self) -> Result<bool, Error>;

    /// Stores whether plaintext may be, and lets the database see to it.
    async fn forbid_plaintext(&mut self, store: &Store, forbidden: bool) -> Result<(), Error>;

    /// Notes how far sealing has come: up to which factor, and how many more.
    async fn note_sealing(&mut self, cursor: &str, done: u64, now: i64) -> Result<(), Error>;
}

impl Secrets for Connection {
    async fn secret(&mut self, factor: &str) -> Result<Option<(Option<String>, Option<Vec<u8>>)>, Error> {
        let query = sqlx::query_as("SELECT secret_plain, secret_ct FROM factors WHERE id = $1");
        Ok(query.bind(factor.to_owned()).fetch_optional(self).await?)
    }

    async fn key_of_secret(&mut self, factor: &str) -> Result<Option<Vec<u8>>, Error> {
        let query = sqlx::query_as("SELECT key_id FROM factors WHERE id = $1").bind(factor.to_owned());
        let row: Option<(Option<Vec<u8>>,)> = query.fetch_optional(self).await?;
        Ok(row.and_then(|(key,)| key))
    }

    async fn seal_secret(&mut self, factor: &str, plain: &str, sealed: Sealed<'_>) -> Result<bool, Error> {
        let query = sqlx::query(
            "UPDATE factors SET secret_ct = $1, key_id = $2, secret_plain = NULL WHERE id = $3 AND secret_plain = $4",
        );
        let query = query.bind(sealed.secret.to_vec()).bind(sealed.key.to_vec());
        Ok(query.bind(factor.to_owned()).bind(plain.to_owned()).execute(self).await?.rows_affected() == 1)
    }

    async fn reseal_secret(&mut self, factor: &str, old: &[u8], sealed: Sealed<'_>) -> Result<bool, Error> {
        let query = sqlx::query("UPDATE factors SET secret_ct = $1, key_id = $2 WHERE id = $3 AND key_id = $4");
        let query = query.bind(sealed.secret.to_vec()).bind(sealed.key.to_vec());
        Ok(query.bind(factor.to_owned()).bind(old.to_vec()).execute(self).await?.rows_affected() == 1)
    }

    async fn unseal_secret(&mut self, factor: &str, sealed: &[u8], plain: &str) -> Result<bool, Error> {
        let query = sqlx::query(
            "UPDATE factors SET secret_plain = $1, secret_ct = NULL, key_id = NULL WHERE id = $2 AND secret_ct = $3",
        );
        let query = query.bind(plain.to_owned()).bind(factor.to_owned()).bind(sealed.to_vec());
        Ok(query.execute(self).await?.rows_affected() == 1)
    }

    async fn count_secrets(&mut self) -> Result<(i64, i64), Error> {
        Ok(sqlx::query_as("SELECT COUNT(secret_plain), COUNT(secret_ct) FROM factors").fetch_one(self).await?)
    }

    async fn count_factors(&mut self) -> Result<i64, Error> {
        let (factors,) = sqlx::query_as("SELECT COUNT(*) FROM factors").fetch_one(self).await?;
        Ok(factors)
    }

    async fn stored_factors(&mut self, version: i64, after: &str, limit: i64) -> Result<Vec<StoredFactor>, Error> {
        type Row = (String, String, String, Option<String>, Option<Vec<u8>>, Option<Vec<u8>>);
        let statement = if version < 2 {
            "SELECT id, org_id, user_id, secret_plain, NULL, NULL FROM factors WHERE id > $1 ORDER BY id LIMIT $2"
        } else {
            "SELECT id, org_id, user_id, secret_plain, secret_ct, key_id FROM factors WHERE id > $1 ORDER BY id LIMIT $2"
        };
        let rows: Vec<Row> = sqlx::query_as(statement).bind(after.to_owned()).bind(limit).fetch_all(self).await?;
        let stored = |(id, org, user, plain, sealed, key_id)| {
            let factor = Factor { id, org, user };
            StoredFactor { factor, plain, sealed, key_id }
        };
        Ok(rows.into_iter().map(stored).collect())
    }

    async fn is_plaintext_forbidden(&mut self) -> Result<bool, Error> {
        let row: Option<(String,)> =
            sqlx::query_as("SELECT value FROM settings WHERE name = 'mfa_plaintext'").fetch_optional(self).await?;
        Ok(row.is_some_and(|(value,)| value == "forbidden"))
    }

    async fn forbid_plaintext(&mut self, store: &Store, forbidden: bool) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES ('mfa_plaintext', $1)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(if forbidden { "forbidden" } else { "allowed" })
        .execute(&mut *self)
        .await?;
        let backend = store.backend();
        for statement in if forbidden { backend.forbid_plaintext() } else { backend.allow_plaintext() } {
            sqlx::query(*statement).execute(&mut *self).await?;
        }
        Ok(())
    }

    async fn note_sealing(&mut self, cursor: &str, done: u64, now: i64) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO secret_migrations (name, cursor, done, updated_at) VALUES ('seal', $1, $2, $3)
             ON CONFLICT (name) DO UPDATE SET
                 cursor = excluded.cursor, done = secret_migrations.done + excluded.done, updated_at = excluded.updated_at",
        )
        .bind(cursor.to_owned())
        .bind(done.cast_signed())
        .bind(now)
        .execute(self)
        .await?;
        Ok(())
    }
}
