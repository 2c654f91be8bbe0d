//! Data keys, which are wrapped, and the keys that sign access tokens, which are sealed.

use super::Connection;
use crate::error::Error;

/// A data key as it is stored: id, purpose, wrapped bytes, state, check value.
pub(crate) type DataKey = (Vec<u8>, String, Vec<u8>, String, Vec<u8>);
/// A data key's id, purpose, state, and how many values it has sealed.
pub(crate) type KeyUses = (Vec<u8>, String, String, i64);
/// A signing key as it is stored: id, sealed private part, modulus, exponent, state.
pub(crate) type SigningKeyRow = (String, Vec<u8>, String, String, String);

/// Keys.
pub(crate) trait Keys {
    /// How many data keys there are.
    async fn count_keys(&mut self) -> Result<i64, Error>;

    /// All data keys.
    async fn data_keys(&mut self) -> Result<Vec<DataKey>, Error>;

    /// Makes a key the primary one of its purpose: id, wrapped bytes, check value. The one before it then only opens.
    async fn replace_primary(&mut self, purpose: &'static str, new: [&[u8]; 3], now: i64) -> Result<(), Error>;

    /// Retires a key that is not the primary one.
    async fn retire_key(&mut self, id: &[u8]) -> Result<(), Error>;

    /// Replaces a key's wrapped bytes.
    async fn rewrap_key(&mut self, id: &[u8], wrapped: &[u8]) -> Result<(), Error>;

    /// Counts a use of a primary key; gives how many there were with it, unless it is no longer the primary one.
    async fn count_use(&mut self, id: &[u8]) -> Result<Option<i64>, Error>;

    /// All data keys with how often they were used.
    async fn key_uses(&mut self) -> Result<Vec<KeyUses>, Error>;

    /// Keys of second factors that only open, and with which nothing is sealed.
    async fn unused_factor_keys(&mut self) -> Result<Vec<Vec<u8>>, Error>;

    /// When the active signing key was made.
    async fn signing_key_made_at(&mut self) -> Result<Option<i64>, Error>;

    /// The active signing key verifies from now on, and signs no longer.
    async fn lay_signing_key_down(&mut self, now: i64) -> Result<(), Error>;

    /// Makes a signing key active: its id, modulus and exponent, and the sealed private part.
    async fn insert_signing_key(&mut self, names: [&str; 3], sealed: &[u8], now: i64) -> Result<(), Error>;

    /// Retires the keys that were laid down before a time.
    async fn retire_signing_keys(&mut self, before: i64) -> Result<(), Error>;

    /// The signing keys that are not retired, the newest first.
    async fn signing_keys(&mut self) -> Result<Vec<SigningKeyRow>, Error>;
}

impl Keys for Connection {
    async fn count_keys(&mut self) -> Result<i64, Error> {
        let (keys,) = sqlx::query_as("SELECT COUNT(*) FROM data_keys").fetch_one(self).await?;
        Ok(keys)
    }

    async fn data_keys(&mut self) -> Result<Vec<DataKey>, Error> {
        let query = sqlx::query_as("SELECT key_id, purpose, wrapped, state, check_value FROM data_keys");
        Ok(query.fetch_all(self).await?)
    }

    async fn replace_primary(
        &mut self,
        purpose: &'static str,
        [id, wrapped, check]: [&[u8]; 3],
        now: i64,
    ) -> Result<(), Error> {
        sqlx::query("UPDATE data_keys SET state = 'decrypt_only' WHERE purpose = $1 AND state = 'primary'")
            .bind(purpose)
            .execute(&mut *self)
            .await?;
        sqlx::query(
            "INSERT INTO data_keys (key_id, purpose, wrapped, state, check_value, created_at)
             VALUES ($1, $2, $3, 'primary', $4, $5)",
        )
        .bind(id.to_vec())
        .bind(purpose)
        .bind(wrapped.to_vec())
        .bind(check.to_vec())
        .bind(now)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn retire_key(&mut self, id: &[u8]) -> Result<(), Error> {
        let query = sqlx::query("UPDATE data_keys SET state = 'retired' WHERE key_id = $1 AND state = 'decrypt_only'");
        query.bind(id.to_vec()).execute(self).await?;
        Ok(())
    }

    async fn rewrap_key(&mut self, id: &[u8], wrapped: &[u8]) -> Result<(), Error> {
        let query = sqlx::query("UPDATE data_keys SET wrapped = $1 WHERE key_id = $2");
        query.bind(wrapped.to_vec()).bind(id.to_vec()).execute(self).await?;
        Ok(())
    }

    async fn count_use(&mut self, id: &[u8]) -> Result<Option<i64>, Error> {
        let query = sqlx::query_as(
            "UPDATE data_keys SET uses = uses + 1 WHERE key_id = $1 AND state = 'primary' RETURNING uses",
        );
        let row: Option<(i64,)> = query.bind(id.to_vec()).fetch_optional(self).await?;
        Ok(row.map(|(uses,)| uses))
    }

    async fn key_uses(&mut self) -> Result<Vec<KeyUses>, Error> {
        let query =
            sqlx::query_as("SELECT key_id, purpose, state, uses FROM data_keys ORDER BY purpose, created_at, key_id");
        Ok(query.fetch_all(self).await?)
    }

    async fn unused_factor_keys(&mut self) -> Result<Vec<Vec<u8>>, Error> {
        let rows: Vec<(Vec<u8>,)> = sqlx::query_as(
            "SELECT key_id FROM data_keys k WHERE purpose = 'mfa' AND state = 'decrypt_only'
             AND NOT EXISTS (SELECT 1 FROM factors f WHERE f.key_id = k.key_id)",
        )
        .fetch_all(self)
        .await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    async fn signing_key_made_at(&mut self) -> Result<Option<i64>, Error> {
        let row: Option<(i64,)> =
            sqlx::query_as("SELECT created_at FROM signing_keys WHERE state = 'active'").fetch_optional(self).await?;
        Ok(row.map(|(at,)| at))
    }

    async fn lay_signing_key_down(&mut self, now: i64) -> Result<(), Error> {
        let query =
            sqlx::query("UPDATE signing_keys SET state = 'verify_only', retired_at = $1 WHERE state = 'active'");
        query.bind(now).execute(self).await?;
        Ok(())
    }

    async fn insert_signing_key(
        &mut self,
        [kid, modulus, exponent]: [&str; 3],
        sealed: &[u8],
        now: i64,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO signing_keys (kid, sealed, modulus, exponent, state, created_at)
             VALUES ($1, $2, $3, $4, 'active', $5)",
        )
        .bind(kid.to_owned())
        .bind(sealed.to_vec())
        .bind(modulus.to_owned())
        .bind(exponent.to_owned())
        .bind(now)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn retire_signing_keys(&mut self, before: i64) -> Result<(), Error> {
        let query =
            sqlx::query("UPDATE signing_keys SET state = 'retired' WHERE state = 'verify_only' AND retired_at < $1");
        query.bind(before).execute(self).await?;
        Ok(())
    }

    async fn signing_keys(&mut self) -> Result<Vec<SigningKeyRow>, Error> {
        let query = sqlx::query_as(
            "SELECT kid, sealed, modulus, exponent, state FROM signing_keys WHERE state <> 'retired'
             ORDER BY created_at DESC",
        );
        Ok(query.fetch_all(self).await?)
    }
}
