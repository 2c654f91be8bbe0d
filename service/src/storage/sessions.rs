//! Sessions with their refresh tokens, and counts of failed attempts.

use super::Connection;
use crate::error::Error;

/// A session to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewSession<'a> {
    /// Its id.
    pub(crate) id: &'a str,
    /// The user.
    pub(crate) user: &'a str,
    /// When the password was shown: now.
    pub(crate) now: i64,
    /// When it ends.
    pub(crate) expires_at: i64,
    /// When the second factor was shown, if it was.
    pub(crate) factor_at: Option<i64>,
}

/// Organisation, e-mail address, when password and second factor were last shown, and from when on the organisation demands one.
pub(crate) type Living = (String, String, i64, Option<i64>, Option<i64>);

/// Sessions and their refresh tokens, which are named by their hashes.
pub(crate) trait Sessions {
    /// Makes a session.
    async fn insert_session(&mut self, new: &NewSession<'_>) -> Result<(), Error>;

    /// Keeps a refresh token.
    async fn insert_refresh(&mut self, hash: &[u8], session: &str, expires_at: i64) -> Result<(), Error>;

    /// Uses a refresh token up; gives its session and when it expires, unless it was used before.
    async fn use_refresh(&mut self, hash: &[u8], now: i64) -> Result<Option<(String, i64)>, Error>;

    /// The session of a refresh token.
    async fn session_of_refresh(&mut self, hash: &[u8]) -> Result<Option<String>, Error>;

    /// The user of a session that lives, of an account that is active.
    async fn owner_of_session(&mut self, session: &str, now: i64) -> Result<Option<String>, Error>;

    /// A session of a user that lives, of an account that is active.
    async fn living_session(&mut self, session: &str, user: &str, now: i64) -> Result<Option<Living>, Error>;

    /// The user showed the password.
    async fn show_password(&mut self, session: &str, now: i64) -> Result<(), Error>;

    /// The user showed the second factor.
    async fn show_factor(&mut self, session: &str, now: i64) -> Result<(), Error>;

    /// The user has no second factor any longer.
    async fn forget_factor(&mut self, session: &str) -> Result<(), Error>;

    /// Ends a session.
    async fn end_session(&mut self, session: &str, now: i64) -> Result<(), Error>;

    /// Ends all sessions of a user, except one if it is named.
    async fn end_sessions(&mut self, user: &str, keep: Option<&str>, now: i64) -> Result<(), Error>;

    /// Deletes links, counts of attempts, keys of requests, codes and challenges that have been over since a time, and counts for
    /// factors that are gone. Sessions are kept as long as their organisation says.
    async fn sweep_sessions(&mut self, since: i64) -> Result<(), Error>;
}

impl Sessions for Connection {
    async fn insert_session(&mut self, new: &NewSession<'_>) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO sessions (id, user_id, created_at, expires_at, authenticated_at, factor_at)
             VALUES ($1, $2, $3, $4, $3, $5)",
        )
        .bind(new.id.to_owned())
        .bind(new.user.to_owned())
        .bind(new.now)
        .bind(new.expires_at)
        .bind(new.factor_at)
        .execute(self)
        .await?;
        Ok(())
    }

    async fn insert_refresh(&mut self, hash: &[u8], session: &str, expires_at: i64) -> Result<(), Error> {
        let query = sqlx::query("INSERT INTO refresh_tokens (hash, session_id, expires_at) VALUES ($1, $2, $3)");
        query.bind(hash.to_vec()).bind(session.to_owned()).bind(expires_at).execute(self).await?;
        Ok(())
    }

    async fn use_refresh(&mut self, hash: &[u8], now: i64) -> Result<Option<(String, i64)>, Error> {
        let query = sqlx::query_as(
            "UPDATE refresh_tokens SET used_at = $1 WHERE hash = $2 AND used_at IS NULL RETURNING session_id, expires_at",
        );
        Ok(query.bind(now).bind(hash.to_vec()).fetch_optional(self).await?)
    }

    async fn session_of_refresh(&mut self, hash: &[u8]) -> Result<Option<String>, Error> {
        let query = sqlx::query_as("SELECT session_id FROM refresh_tokens WHERE hash = $1").bind(hash.to_vec());
        let row: Option<(String,)> = query.fetch_optional(self).await?;
        Ok(row.map(|(session,)| session))
    }

    async fn owner_of_session(&mut self, session: &str, now: i64) -> Result<Option<String>, Error> {
        let query = sqlx::query_as(
            "SELECT u.id FROM sessions s JOIN users u ON u.id = s.user_id
             WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND u.status = 'active'",
        );
        let row: Option<(String,)> = query.bind(session.to_owned()).bind(now).fetch_optional(self).await?;
        Ok(row.map(|(user,)| user))
    }

    async fn living_session(&mut self, session: &str, user: &str, now: i64) -> Result<Option<Living>, Error> {
        let query = sqlx::query_as(
            "SELECT u.org_id, u.email, s.authenticated_at, s.factor_at, o.second_factor_from
             FROM sessions s JOIN users u ON u.id = s.user_id JOIN organisations o ON o.id = u.org_id
             WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND s.expires_at > $3 AND u.status = 'active'",
        );
        Ok(query.bind(session.to_owned()).bind(user.to_owned()).bind(now).fetch_optional(self).await?)
    }

    async fn show_password(&mut self, session: &str, now: i64) -> Result<(), Error> {
        let query = sqlx::query("UPDATE sessions SET authenticated_at = $1 WHERE id = $2");
        query.bind(now).bind(session.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn show_factor(&mut self, session: &str, now: i64) -> Result<(), Error> {
        let query = sqlx::query("UPDATE sessions SET factor_at = $1 WHERE id = $2");
        query.bind(now).bind(session.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn forget_factor(&mut self, session: &str) -> Result<(), Error> {
        let query = sqlx::query("UPDATE sessions SET factor_at = NULL WHERE id = $1");
        query.bind(session.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn end_session(&mut self, session: &str, now: i64) -> Result<(), Error> {
        let query = sqlx::query("UPDATE sessions SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL");
        query.bind(now).bind(session.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn end_sessions(&mut self, user: &str, keep: Option<&str>, now: i64) -> Result<(), Error> {
        sqlx::query("UPDATE sessions SET revoked_at = $1 WHERE user_id = $2 AND revoked_at IS NULL AND id <> $3")
            .bind(now)
            .bind(user.to_owned())
            .bind(keep.unwrap_or_default().to_owned())
            .execute(self)
            .await?;
        Ok(())
    }

    async fn sweep_sessions(&mut self, since: i64) -> Result<(), Error> {
        for statement in [
            "DELETE FROM invitations WHERE expires_at < $1",
            // Failures at codes are never forgotten while there is the factor; those at recovery codes are, after a day.
            "DELETE FROM throttles WHERE updated_at < $1 AND blocked_until < $1
               AND (subject NOT LIKE 'factor:%' OR subject LIKE 'factor:recovery:%')",
            "DELETE FROM throttles WHERE updated_at < $1 AND subject LIKE 'factor:%'
               AND NOT EXISTS (SELECT 1 FROM factors f WHERE subject IN ('factor:' || f.id, 'factor:recovery:' || f.id))",
            "DELETE FROM idempotency_keys WHERE created_at < $1",
            "DELETE FROM passkey_challenges WHERE expires_at < $1",
            "DELETE FROM sign_in_codes WHERE expires_at < $1",
        ] {
            sqlx::query(statement).bind(since).execute(&mut *self).await?;
        }
        Ok(())
    }
}

/// Failed attempts, by what they are counted for.
pub(crate) trait Attempts {
    /// Counts an attempt, after forgetting those before `since`; gives how many there are, unless it may not be made now.
    async fn count_attempt(&mut self, subject: &str, since: i64, now: i64) -> Result<Option<i64>, Error>;

    /// Allows no attempt until a time.
    async fn block_attempts(&mut self, subject: &str, until: i64) -> Result<(), Error>;

    /// Until when no attempt is allowed.
    async fn attempts_blocked_until(&mut self, subject: &str) -> Result<Option<i64>, Error>;

    /// How many attempts are counted as failed.
    async fn failed_attempts(&mut self, subject: &str) -> Result<i64, Error>;

    /// Forgets all attempts.
    async fn forget_attempts(&mut self, subject: &str) -> Result<(), Error>;

    /// Forgets one attempt, and that none is allowed.
    async fn forget_attempt(&mut self, subject: &str) -> Result<(), Error>;
}

impl Attempts for Connection {
    async fn count_attempt(&mut self, subject: &str, since: i64, now: i64) -> Result<Option<i64>, Error> {
        let query = sqlx::query_as(
            "INSERT INTO throttles (subject, failures, blocked_until, updated_at) VALUES ($1, 1, 0, $2)
             ON CONFLICT (subject) DO UPDATE SET
                 failures = CASE WHEN throttles.updated_at < $3 THEN 1 ELSE throttles.failures + 1 END,
                 updated_at = $2
             WHERE throttles.blocked_until <= $2
             RETURNING failures",
        );
        let row: Option<(i64,)> = query.bind(subject.to_owned()).bind(now).bind(since).fetch_optional(self).await?;
        Ok(row.map(|(failures,)| failures))
    }

    async fn block_attempts(&mut self, subject: &str, until: i64) -> Result<(), Error> {
        let query = sqlx::query("UPDATE throttles SET blocked_until = $1 WHERE subject = $2");
        query.bind(until).bind(subject.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn attempts_blocked_until(&mut self, subject: &str) -> Result<Option<i64>, Error> {
        let query = sqlx::query_as("SELECT blocked_until FROM throttles WHERE subject = $1").bind(subject.to_owned());
        let row: Option<(i64,)> = query.fetch_optional(self).await?;
        Ok(row.map(|(until,)| until))
    }

    async fn failed_attempts(&mut self, subject: &str) -> Result<i64, Error> {
        let query = sqlx::query_as("SELECT failures FROM throttles WHERE subject = $1").bind(subject.to_owned());
        let row: Option<(i64,)> = query.fetch_optional(self).await?;
        Ok(row.map_or(0, |(failures,)| failures))
    }

    async fn forget_attempts(&mut self, subject: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM throttles WHERE subject = $1").bind(subject.to_owned()).execute(self).await?;
        Ok(())
    }

    async fn forget_attempt(&mut self, subject: &str) -> Result<(), Error> {
        for statement in [
            "UPDATE throttles SET failures = failures - 1, blocked_until = 0 WHERE subject = $1",
            "DELETE FROM throttles WHERE subject = $1 AND failures <= 0",
        ] {
            sqlx::query(statement).bind(subject.to_owned()).execute(&mut *self).await?;
        }
        Ok(())
    }
}
