//! Sessions: signing in, refreshing, ending.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use serde_json::json;

use crate::audit::{self, Event};
use crate::auth::password::Passwords;
use crate::auth::tokens::Tokens;
use crate::auth::turns::Turns;
use crate::auth::{Refusal, factors, new_id, roles, throttle};
use crate::config::Auth;
use crate::crypto::{KeyRing, bearer_hash, bearer_secret, fingerprint};
use crate::error::Error;
use crate::storage::{Connection, Store};

/// What signing in needs.
#[derive(Clone, Debug)]
pub(crate) struct AuthContext {
    /// The database.
    pub(crate) store: Store,
    /// The keys.
    pub(crate) ring: KeyRing,
    /// Access tokens.
    pub(crate) tokens: Tokens,
    /// Passwords.
    pub(crate) passwords: Passwords,
    /// Lives of tokens and sessions.
    pub(crate) settings: Auth,
    /// Whose turn it is to sign in.
    pub(crate) turns: Arc<Turns>,
}

/// Who asks, at a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// The user.
    pub(crate) user: String,
    /// The organisation: the tenant.
    pub(crate) org: String,
    /// E-mail address.
    pub(crate) email: String,
    /// The session.
    pub(crate) session: String,
    /// What the user may do.
    pub(crate) permissions: BTreeSet<String>,
    /// When the user last showed the password, and the second factor.
    pub(crate) authenticated_at: i64,
    /// When the second factor was last shown.
    pub(crate) factor_at: Option<i64>,
}

/// Credentials of a sign-in.
#[derive(Clone, Default)]
pub(crate) struct Credentials {
    /// E-mail address, in lower case.
    pub(crate) email: String,
    /// Password.
    pub(crate) password: String,
    /// Code of the second factor.
    pub(crate) code: Option<String>,
    /// Or a recovery code.
    pub(crate) recovery_code: Option<String>,
}

/// What a session is used with.
#[derive(Clone)]
pub(crate) struct Grant {
    /// Access token.
    pub(crate) access: String,
    /// Refresh token: used once.
    pub(crate) refresh: String,
}

impl AuthContext {
    /// Signs a user in from an address.
    pub(crate) async fn sign_in(&self, given: Credentials, address: IpAddr, now: i64) -> Result<Grant, Refusal> {
        // The account is named by its digest: what is typed here may be a password in the wrong field.
        let network = throttle::network(address);
        let account = format!("account:{}:{network}", fingerprint(given.email.as_bytes()));
        let place = format!("address:{network}");
        let turn = self.turns.wait(&account).await;
        for (subject, policy) in [(&place, throttle::ADDRESS), (&account, throttle::ACCOUNT)] {
            let counted = throttle::attempt(&self.store, subject, policy, now).await?;
            counted.map_err(|wait| Refusal::Throttled { wait })?;
        }
        let row: Option<(String, String, String, String)> =
            sqlx::query_as("SELECT id, org_id, password_hash, status FROM users WHERE email = $1")
                .bind(given.email.clone())
                .fetch_optional(&mut *self.store.connection().await?)
                .await?;
        let stored = row.as_ref().map(|(_, _, hash, _)| hash.clone());
        let right = self.passwords.verify(given.password, stored).await?;
        let (user, org) = match row {
            Some((user, org, _, status)) if right && status == "active" => (user, org),
            known => {
                let known = known.as_ref().map(|(user, org, ..)| (user.as_str(), org.as_str()));
                return Err(self.refuse_sign_in(known, address, now).await?);
            }
        };
        // The password was right; wrong codes are counted for the factor, not for the account. Failures at other accounts
        // from the same address stay: whoever has an account is not let guess at others.
        let mut tx = self.store.begin().await?;
        throttle::clear(&mut tx, &account).await?;
        throttle::take_back(&mut tx, &place).await?;
        tx.commit().await?;
        drop(turn);
        let factor_at = match factors::active(&mut *self.store.connection().await?, &user).await? {
            None => None,
            Some(factor) => {
                let proof = factors::Proof { code: given.code, recovery_code: given.recovery_code };
                factors::prove(&self.store, &self.ring, &factor, proof, now).await?;
                Some(now)
            }
        };
        let mut tx = self.store.begin().await?;
        let session = new_id();
        sqlx::query(
            "INSERT INTO sessions (id, user_id, created_at, expires_at, authenticated_at, factor_at)
             VALUES ($1, $2, $3, $4, $3, $5)",
        )
        .bind(session.clone())
        .bind(user.clone())
        .bind(now)
        .bind(now + self.settings.session_seconds * 1_000)
        .bind(factor_at)
        .execute(&mut *tx)
        .await?;
        let detail = json!({"address": address, "second_factor": factor_at.is_some()});
        let event = Event::new("session.created").by(&org, &user).on(&session).with(detail);
        audit::append(&mut tx, &self.ring, now, event).await?;
        let grant = self.grant(&mut tx, &user, &session, now).await?;
        tx.commit().await?;
        Ok(grant)
    }

    /// Writes a refused sign-in down: in the log of the account's organisation, if there is such an account.
    async fn refuse_sign_in(&self, known: Option<(&str, &str)>, address: IpAddr, now: i64) -> Result<Refusal, Refusal> {
        let mut event = Event::new("session.refused").with(json!({"address": address}));
        if let Some((user, org)) = known {
            event = event.on(user);
            event.org = Some(org);
        }
        let mut tx = self.store.begin().await?;
        audit::append(&mut tx, &self.ring, now, event).await?;
        tx.commit().await?;
        Ok(Refusal::SignIn)
    }

    async fn grant(&self, tx: &mut Connection, user: &str, session: &str, now: i64) -> Result<Grant, Refusal> {
        let refresh = bearer_secret()?;
        sqlx::query("INSERT INTO refresh_tokens (hash, session_id, expires_at) VALUES ($1, $2, $3)")
            .bind(bearer_hash(&refresh))
            .bind(session.to_owned())
            .bind(now + self.settings.refresh_seconds * 1_000)
            .execute(tx)
            .await?;
        Ok(Grant { access: self.tokens.issue(user, session, now)?, refresh })
    }

    /// Exchanges a refresh token for a new pair. A token that comes a second time was stolen: its session ends.
    pub(crate) async fn refresh(&self, token: &str, now: i64) -> Result<Grant, Refusal> {
        let hash = bearer_hash(token);
        let mut tx = self.store.begin().await?;
        let used: Option<(String, i64)> = sqlx::query_as(
            "UPDATE refresh_tokens SET used_at = $1 WHERE hash = $2 AND used_at IS NULL RETURNING session_id, expires_at",
        )
        .bind(now)
        .bind(hash.clone())
        .fetch_optional(&mut *tx)
        .await?;
        let Some((session, expires)) = used else {
            let known: Option<(String,)> = sqlx::query_as("SELECT session_id FROM refresh_tokens WHERE hash = $1")
                .bind(hash)
                .fetch_optional(&mut *tx)
                .await?;
            if let Some((session,)) = known {
                revoke(&mut tx, &session, now).await?;
                audit::append(&mut tx, &self.ring, now, Event::new("session.token_reused").on(&session)).await?;
                tx.commit().await?;
            }
            return Err(Refusal::Token);
        };
        let owner: Option<(String,)> = sqlx::query_as(
            "SELECT u.id FROM sessions s JOIN users u ON u.id = s.user_id
             WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND u.status = 'active'",
        )
        .bind(session.clone())
        .bind(now)
        .fetch_optional(&mut *tx)
        .await?;
        let Some((user,)) = owner.filter(|_| expires > now) else { return Err(Refusal::Token) };
        let grant = self.grant(&mut tx, &user, &session, now).await?;
        tx.commit().await?;
        Ok(grant)
    }

    /// Who bears an access token: the session must live, the account be active, and the permissions are today's.
    pub(crate) async fn identify(&self, token: &str, now: i64) -> Result<Identity, Refusal> {
        self.tokens.look_for_key(token, &self.store, &self.ring, now).await?;
        let claims = self.tokens.verify(token, now)?;
        let mut connection = self.store.connection().await?;
        let row = living(&mut connection, &claims.sid, &claims.sub, now).await?;
        let (org, email, authenticated_at, factor_at) = row.ok_or(Refusal::Token)?;
        let permissions = roles::permissions(&mut connection, &claims.sub).await?;
        Ok(Identity { user: claims.sub, org, email, session: claims.sid, permissions, authenticated_at, factor_at })
    }

    /// Whether a user who was identified before is still signed in and has a permission.
    pub(crate) async fn may(&self, who: &Identity, permission: &str, now: i64) -> Result<bool, Error> {
        let mut connection = self.store.connection().await?;
        Ok(living(&mut connection, &who.session, &who.user, now).await?.is_some()
            && roles::permissions(&mut connection, &who.user).await?.contains(permission))
    }

    /// Whether the user was present lately: with the second factor where there is one, else with the password.
    pub(crate) async fn was_present(&self, identity: &Identity, now: i64) -> Result<bool, Refusal> {
        let since = now - self.settings.step_up_seconds * 1_000;
        let has_factor = factors::active(&mut *self.store.connection().await?, &identity.user).await?.is_some();
        let shown = if has_factor { identity.factor_at } else { Some(identity.authenticated_at) };
        Ok(shown.is_some_and(|at| at >= since))
    }

    /// Proves the presence of a signed-in user, by the second factor where there is one, else by the password.
    pub(crate) async fn step_up(
        &self,
        identity: &Identity,
        password: Option<String>,
        proof: factors::Proof,
        now: i64,
    ) -> Result<(), Refusal> {
        let factor = factors::active(&mut *self.store.connection().await?, &identity.user).await?;
        let column = if let Some(factor) = factor {
            factors::prove(&self.store, &self.ring, &factor, proof, now).await?;
            "UPDATE sessions SET factor_at = $1 WHERE id = $2"
        } else {
            let subject = format!("password:{}", identity.user);
            let _turn = self.turns.wait(&subject).await;
            let counted = throttle::attempt(&self.store, &subject, throttle::ACCOUNT, now).await?;
            counted.map_err(|wait| Refusal::Throttled { wait })?;
            let stored =
                crate::auth::users::password_hash(&mut *self.store.connection().await?, &identity.user).await?;
            if !self.passwords.verify(password.unwrap_or_default(), Some(stored)).await? {
                return Err(Refusal::SignIn);
            }
            let mut tx = self.store.begin().await?;
            throttle::clear(&mut tx, &subject).await?;
            tx.commit().await?;
            "UPDATE sessions SET authenticated_at = $1 WHERE id = $2"
        };
        let mut tx = self.store.begin().await?;
        sqlx::query(column).bind(now).bind(identity.session.clone()).execute(&mut *tx).await?;
        let event = Event::new("session.stepped_up").by(&identity.org, &identity.user).on(&identity.session);
        audit::append(&mut tx, &self.ring, now, event).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Organisation, e-mail address, and last proofs of presence of a session that lives, of an account that is active.
async fn living(
    connection: &mut Connection,
    session: &str,
    user: &str,
    now: i64,
) -> Result<Option<(String, String, i64, Option<i64>)>, Error> {
    let row = sqlx::query_as(
        "SELECT u.org_id, u.email, s.authenticated_at, s.factor_at
         FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND s.expires_at > $3 AND u.status = 'active'",
    );
    Ok(row.bind(session.to_owned()).bind(user.to_owned()).bind(now).fetch_optional(connection).await?)
}

/// Ends a session.
pub(crate) async fn revoke(tx: &mut Connection, session: &str, now: i64) -> Result<(), Error> {
    sqlx::query("UPDATE sessions SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL")
        .bind(now)
        .bind(session.to_owned())
        .execute(tx)
        .await?;
    Ok(())
}

/// Ends all sessions of a user, except one if it is named.
pub(crate) async fn revoke_all(tx: &mut Connection, user: &str, keep: Option<&str>, now: i64) -> Result<(), Error> {
    sqlx::query("UPDATE sessions SET revoked_at = $1 WHERE user_id = $2 AND revoked_at IS NULL AND id <> $3")
        .bind(now)
        .bind(user.to_owned())
        .bind(keep.unwrap_or_default().to_owned())
        .execute(tx)
        .await?;
    Ok(())
}

/// Deletes sessions and counts that are long over.
pub(crate) async fn sweep(tx: &mut Connection, now: i64) -> Result<(), Error> {
    let week = now - 7 * 86_400_000;
    for statement in [
        "DELETE FROM sessions WHERE expires_at < $1 OR revoked_at < $1",
        "DELETE FROM invitations WHERE expires_at < $1",
        "DELETE FROM throttles WHERE updated_at < $1 AND blocked_until < $1 AND subject NOT LIKE 'factor:%'",
        "DELETE FROM idempotency_keys WHERE created_at < $1",
    ] {
        sqlx::query(statement).bind(week).execute(&mut *tx).await?;
    }
    Ok(())
}
