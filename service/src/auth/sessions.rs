//! Sessions: signing in, refreshing, ending.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::audit::{self, Event, Ledger};
use crate::auth::leaked::Leaked;
use crate::auth::passkeys::{self, Asked, Assertion, RelyingParty};
use crate::auth::password::Passwords;
use crate::auth::tokens::Tokens;
use crate::auth::turns::Turns;
use crate::auth::{Refusal, factors, throttle};
use crate::config::Auth;
use crate::crypto::{KeyRing, bearer_hash, bearer_secret};
use crate::error::Error;
use crate::notices::{self, Changed};
use crate::storage::factors::Factor;
use crate::storage::passkeys::For;
use crate::storage::sessions::NewSession;
use crate::storage::{Accounts as _, Connection, Roles as _, Sessions as _, Store};

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
    /// Passwords that have leaked, where there is a list.
    pub(crate) leaked: Option<Leaked>,
    /// For whom passkeys are, where there can be any.
    pub(crate) party: Option<Arc<RelyingParty>>,
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
    /// Whether the organisation demands a second factor, and none was shown.
    pub(crate) lacks_factor: bool,
}

/// Whether a second factor is demanded by now, and a session has shown none.
fn lacks_factor(factor_at: Option<i64>, demanded_from: Option<i64>, now: i64) -> bool {
    factor_at.is_none() && demanded_from.is_some_and(|from| from <= now)
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
    /// Or the answer of a passkey.
    pub(crate) passkey: Option<Assertion>,
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
    /// The hash of a new password; refuses one that has leaked.
    pub(crate) async fn hash_new(&self, password: String) -> Result<String, Refusal> {
        if let Some(leaked) = &self.leaked {
            leaked.check(&password).await?;
        }
        Ok(self.passwords.hash(password).await?)
    }

    /// Asks for the second factor, where a user has one; gives when it was shown.
    pub(crate) async fn prove_factor(&self, user: &str, given: &Credentials, now: i64) -> Result<Option<i64>, Refusal> {
        let factor = factors::active(&mut *self.store.connection().await?, user).await?;
        let Some(factor) = factor else { return Ok(None) };
        let proof = factors::Proof { code: given.code.clone(), recovery_code: given.recovery_code.clone() };
        let of = For { user, purpose: "sign_in", session: "" };
        self.prove(&factor, (proof, given.passkey.as_ref()), (of, now)).await?;
        Ok(Some(now))
    }

    /// Verifies a proof of possession, by a code or a passkey. Where there is none, a passkey is asked for.
    async fn prove(
        &self,
        factor: &Factor,
        (proof, passkey): (factors::Proof, Option<&Assertion>),
        (of, now): (For<'_>, i64),
    ) -> Result<(), Refusal> {
        let is_alone = proof.code.is_none() && proof.recovery_code.is_none();
        if let (Some(passkey), Some(party), true) = (passkey, &self.party, is_alone) {
            return passkeys::prove((&self.store, &self.ring), party, factor, passkey, (of, now)).await;
        }
        if passkey.is_none() && !is_alone {
            return factors::prove(&self.store, &self.ring, factor, proof, now).await;
        }
        let asked = match &self.party {
            Some(party) => passkeys::ask(&self.store, party, of, now).await?,
            None => None,
        };
        Err(Refusal::FactorNeeded(asked))
    }

    /// Asks for one of the caller's passkeys, as a proof of presence; nothing, if there is none.
    pub(crate) async fn ask_for_passkey(&self, who: &Identity, now: i64) -> Result<Option<Box<Asked>>, Error> {
        let Some(party) = &self.party else { return Ok(None) };
        let of = For { user: &who.user, purpose: "step_up", session: &who.session };
        passkeys::ask(&self.store, party, of, now).await
    }

    /// Begins a session of a user.
    pub(crate) async fn open_session(
        &self,
        tx: &mut Connection,
        (user, session): (&str, &str),
        factor_at: Option<i64>,
        now: i64,
    ) -> Result<Grant, Refusal> {
        let expires_at = now + self.settings.session_seconds * 1_000;
        tx.insert_session(&NewSession { id: session, user, now, expires_at, factor_at }).await?;
        self.grant(tx, user, session, now).await
    }

    async fn grant(&self, tx: &mut Connection, user: &str, session: &str, now: i64) -> Result<Grant, Refusal> {
        let refresh = bearer_secret()?;
        let expires_at = now + self.settings.refresh_seconds * 1_000;
        tx.insert_refresh(&bearer_hash(&refresh), session, expires_at).await?;
        Ok(Grant { access: self.tokens.issue(user, session, now)?, refresh })
    }

    /// Exchanges a refresh token for a new pair. A token that comes a second time was stolen: its session ends.
    pub(crate) async fn refresh(&self, token: &str, now: i64) -> Result<Grant, Refusal> {
        let hash = bearer_hash(token);
        let mut tx = self.store.begin().await?;
        let Some((session, expires)) = tx.use_refresh(&hash, now).await? else {
            if let Some(session) = tx.session_of_refresh(&hash).await? {
                tx.end_session(&session, now).await?;
                audit::append(&mut tx, &self.ring, now, Event::new("session.token_reused").on(&session)).await?;
                tx.commit().await?;
            }
            return Err(Refusal::Token);
        };
        let owner = tx.owner_of_session(&session, now).await?;
        let Some(user) = owner.filter(|_| expires > now) else { return Err(Refusal::Token) };
        let grant = self.grant(&mut tx, &user, &session, now).await?;
        tx.commit().await?;
        Ok(grant)
    }

    /// Who bears an access token: the session must live, the account be active, and the permissions are today's.
    pub(crate) async fn identify(&self, token: &str, now: i64) -> Result<Identity, Refusal> {
        self.tokens.look_for_key(token, &self.store, &self.ring, now).await?;
        let claims = self.tokens.verify(token, now)?;
        let mut connection = self.store.connection().await?;
        let row = connection.living_session(&claims.sid, &claims.sub, now).await?;
        let (org, email, authenticated_at, factor_at, demanded_from) = row.ok_or(Refusal::Token)?;
        let permissions = connection.permissions(&claims.sub).await?;
        let lacks_factor = lacks_factor(factor_at, demanded_from, now);
        let (user, session) = (claims.sub, claims.sid);
        Ok(Identity { user, org, email, session, permissions, authenticated_at, factor_at, lacks_factor })
    }

    /// Whether a user who was identified before is still signed in and has a permission.
    pub(crate) async fn may(&self, who: &Identity, permission: &str, now: i64) -> Result<bool, Error> {
        let mut connection = self.store.connection().await?;
        let Some((_, _, _, factor_at, demanded_from)) = connection.living_session(&who.session, &who.user, now).await?
        else {
            return Ok(false);
        };
        let lacks_factor = lacks_factor(factor_at, demanded_from, now);
        Ok(!lacks_factor && connection.permissions(&who.user).await?.contains(permission))
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
        (proof, passkey): (factors::Proof, Option<Assertion>),
        now: i64,
    ) -> Result<(), Refusal> {
        let factor = factors::active(&mut *self.store.connection().await?, &identity.user).await?;
        let by_factor = if let Some(factor) = factor {
            let of = For { user: &identity.user, purpose: "step_up", session: &identity.session };
            self.prove(&factor, (proof, passkey.as_ref()), (of, now)).await?;
            true
        } else {
            let subject = format!("password:{}", identity.user);
            let _turn = self.turns.wait(&subject).await;
            let counted = throttle::attempt(&self.store, &subject, throttle::ACCOUNT, now).await?;
            counted.map_err(|wait| Refusal::Throttled { wait })?;
            let stored = self.store.connection().await?.password_hash(&identity.user).await?.ok_or(Refusal::Missing)?;
            if !self.passwords.verify(password.unwrap_or_default(), Some(stored)).await? {
                return Err(Refusal::SignIn);
            }
            let mut tx = self.store.begin().await?;
            throttle::clear(&mut tx, &subject).await?;
            tx.commit().await?;
            false
        };
        let mut tx = self.store.begin().await?;
        if by_factor {
            tx.show_factor(&identity.session, now).await?;
        } else {
            tx.show_password(&identity.session, now).await?;
        }
        let event = Event::new("session.stepped_up").by(&identity.org, &identity.user).on(&identity.session);
        audit::append(&mut tx, &self.ring, now, event).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Ends the caller's session.
pub(crate) async fn sign_out(ledger: &Ledger, who: &Identity) -> Result<(), Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    change.end_session(&who.session, now).await?;
    change.commit_with(Event::new("session.ended").by(&who.org, &who.user).on(&who.session)).await
}

/// Ends all sessions of the caller.
pub(crate) async fn sign_out_everywhere(ledger: &Ledger, who: &Identity) -> Result<(), Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    change.end_sessions(&who.user, None, now).await?;
    change.commit_with(Event::new("session.all_ended").by(&who.org, &who.user)).await
}

/// Replaces the caller's password by one of this hash. All other sessions end.
pub(crate) async fn change_password(ledger: &Ledger, who: &Identity, hash: &str) -> Result<(), Error> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    change.set_password_hash(&who.user, hash).await?;
    change.end_sessions(&who.user, Some(&who.session), now).await?;
    notices::tell(&mut change, &ledger.ring, (&who.org, &who.user), Changed::Password, now).await?;
    change.commit_with(Event::new("user.password_changed").by(&who.org, &who.user).on(&who.user)).await
}

/// Deletes links, counts, codes and challenges that have been over for a week.
pub(crate) async fn sweep(ledger: &Ledger, now: i64) -> Result<(), Error> {
    const WEEK: i64 = 7 * 86_400_000;
    let mut change = ledger.begin().await?;
    change.sweep_sessions(now - WEEK).await?;
    change.commit().await
}
