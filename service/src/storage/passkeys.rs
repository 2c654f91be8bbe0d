//! Passkeys, and the challenges that they answer.

use serde::Serialize;

use super::Connection;
use crate::error::Error;

/// A passkey as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Passkey {
    /// Its id.
    pub(crate) id: String,
    /// What its owner calls it.
    pub(crate) name: String,
    /// When it was added, milliseconds since 1970.
    pub(crate) created_at: i64,
    /// When it was used last; null: never.
    pub(crate) used_at: Option<i64>,
}

/// A passkey with what its answers are checked by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredPasskey {
    /// Its id.
    pub(crate) id: String,
    /// The authenticator's name for it, base64url.
    pub(crate) credential: String,
    /// The public key (COSE).
    pub(crate) public_key: Vec<u8>,
    /// How often the authenticator says that it has signed.
    pub(crate) sign_count: i64,
}

/// What a challenge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct For<'a> {
    /// The user.
    pub(crate) user: &'a str,
    /// `enrol`, `sign_in` or `step_up`.
    pub(crate) purpose: &'static str,
    /// The session that asked; empty at a sign-in.
    pub(crate) session: &'a str,
}

/// Challenges of one user that wait at most.
const WAITING: i64 = 8;

/// Passkeys.
pub(crate) trait Passkeys {
    /// A user's passkeys, the oldest first.
    async fn passkeys(&mut self, user: &str) -> Result<Vec<Passkey>, Error>;

    /// A user's passkeys with their keys, the oldest first.
    async fn stored_passkeys(&mut self, user: &str) -> Result<Vec<StoredPasskey>, Error>;

    /// Adds a passkey; the error is a conflict if there is one of this credential.
    async fn insert_passkey(
        &mut self,
        of: (&str, &str),
        name: &str,
        new: &StoredPasskey,
        now: i64,
    ) -> Result<(), Error>;

    /// Counts a use, unless it was used meanwhile: then the count is another. Gives whether it was counted.
    async fn use_passkey(&mut self, id: &str, counts: (i64, i64), now: i64) -> Result<bool, Error>;

    /// Deletes one of a user's passkeys; says whether there was one.
    async fn delete_passkey(&mut self, user: &str, id: &str) -> Result<bool, Error>;

    /// Deletes all passkeys of a user.
    async fn delete_passkeys(&mut self, user: &str) -> Result<(), Error>;

    /// Keeps the hash of a challenge. Older ones of the user beyond some go, and those that are over.
    async fn insert_challenge(&mut self, hash: &[u8], of: For<'_>, now: i64, expires_at: i64) -> Result<(), Error>;

    /// Uses a challenge up; says whether it was there, for this, and not too old.
    async fn use_challenge(&mut self, hash: &[u8], of: For<'_>, now: i64) -> Result<bool, Error>;
}

impl Passkeys for Connection {
    async fn passkeys(&mut self, user: &str) -> Result<Vec<Passkey>, Error> {
        let query = sqlx::query_as(
            "SELECT id, name, created_at, used_at FROM passkeys WHERE user_id = $1 ORDER BY created_at, id",
        );
        let rows: Vec<(String, String, i64, Option<i64>)> = query.bind(user.to_owned()).fetch_all(self).await?;
        let passkey = |(id, name, created_at, used_at)| Passkey { id, name, created_at, used_at };
        Ok(rows.into_iter().map(passkey).collect())
    }

    async fn stored_passkeys(&mut self, user: &str) -> Result<Vec<StoredPasskey>, Error> {
        let query = sqlx::query_as(
            "SELECT id, credential, public_key, sign_count FROM passkeys WHERE user_id = $1 ORDER BY created_at, id",
        );
        let rows: Vec<(String, String, Vec<u8>, i64)> = query.bind(user.to_owned()).fetch_all(self).await?;
        let stored =
            |(id, credential, public_key, sign_count)| StoredPasskey { id, credential, public_key, sign_count };
        Ok(rows.into_iter().map(stored).collect())
    }

    async fn insert_passkey(
        &mut self,
        (org, user): (&str, &str),
        name: &str,
        new: &StoredPasskey,
        now: i64,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO passkeys (id, org_id, user_id, credential, public_key, sign_count, name, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(new.id.clone())
        .bind(org.to_owned())
        .bind(user.to_owned())
        .bind(new.credential.clone())
        .bind(new.public_key.clone())
        .bind(new.sign_count)
        .bind(name.to_owned())
        .bind(now)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn use_passkey(&mut self, id: &str, (before, after): (i64, i64), now: i64) -> Result<bool, Error> {
        let query = sqlx::query("UPDATE passkeys SET sign_count = $1, used_at = $2 WHERE id = $3 AND sign_count = $4");
        let query = query.bind(after).bind(now).bind(id.to_owned()).bind(before);
        Ok(query.execute(self).await?.rows_affected() == 1)
    }

    async fn delete_passkey(&mut self, user: &str, id: &str) -> Result<bool, Error> {
        let query = sqlx::query("DELETE FROM passkeys WHERE user_id = $1 AND id = $2");
        Ok(query.bind(user.to_owned()).bind(id.to_owned()).execute(self).await?.rows_affected() == 1)
    }

    async fn delete_passkeys(&mut self, user: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM passkeys WHERE user_id = $1").bind(user.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn insert_challenge(&mut self, hash: &[u8], of: For<'_>, now: i64, expires_at: i64) -> Result<(), Error> {
        sqlx::query(
            "DELETE FROM passkey_challenges WHERE user_id = $1 AND (expires_at <= $2 OR hash NOT IN (
                 SELECT hash FROM passkey_challenges WHERE user_id = $1 ORDER BY created_at DESC LIMIT $3))",
        )
        .bind(of.user.to_owned())
        .bind(now)
        .bind(WAITING - 1)
        .execute(&mut *self)
        .await?;
        sqlx::query(
            "INSERT INTO passkey_challenges (hash, user_id, purpose, session_id, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(hash.to_vec())
        .bind(of.user.to_owned())
        .bind(of.purpose)
        .bind(of.session.to_owned())
        .bind(now)
        .bind(expires_at)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn use_challenge(&mut self, hash: &[u8], of: For<'_>, now: i64) -> Result<bool, Error> {
        let query = sqlx::query(
            "DELETE FROM passkey_challenges
             WHERE hash = $1 AND user_id = $2 AND purpose = $3 AND session_id = $4 AND expires_at > $5",
        );
        let query = query.bind(hash.to_vec()).bind(of.user.to_owned()).bind(of.purpose);
        let query = query.bind(of.session.to_owned()).bind(now);
        Ok(query.execute(self).await?.rows_affected() == 1)
    }
}
