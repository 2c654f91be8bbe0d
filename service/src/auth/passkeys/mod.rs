//! Passkeys (`WebAuthn` level 2): a second factor beside codes.
//!
//! A passkey is added to an account that has codes, whose recovery codes stay the last resort; there may be several. An authenticator
//! signs a challenge of 256 random bits that is kept here, for one user, one purpose and one session, for five minutes, and used up
//! before anything else is examined. Attestation is not asked for: who made an authenticator decides nothing.

#[cfg(test)]
pub(crate) mod authenticator;
mod ceremony;
mod keys;
mod party;
#[cfg(test)]
mod tests;

pub(crate) use ceremony::{Assertion, RelyingParty};

use data_encoding::BASE64URL_NOPAD;
use serde::Serialize;
use serde_json::json;

use crate::audit::{self, Event, Ledger};
use crate::auth::sessions::Identity;
use crate::auth::{Refusal, factors, throttle};
use crate::crypto::{KeyRing, bearer_hash, random};
use crate::error::Error;
use crate::ids::new_id;
use crate::notices::{self, Changed};
use crate::storage::factors::Factor;
use crate::storage::passkeys::{For, StoredPasskey};
use crate::storage::{Connection, Passkeys as _, Sessions as _, Store};

pub(crate) use crate::storage::passkeys::Passkey;

/// How long a challenge can be answered, milliseconds.
const LIFE: i64 = 300_000;
/// Passkeys of one user at most.
const MOST: usize = 20;

/// Why an answer is refused; for the log, not for whoever sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// The bytes are not what the standard says.
    #[error("malformed")]
    Malformed,
    /// Another ceremony.
    #[error("type")]
    Type,
    /// No challenge of ours, used before, too old, or for something else.
    #[error("challenge")]
    Challenge,
    /// Another page asked.
    #[error("origin")]
    Origin,
    /// A token binding, which the connection does not have.
    #[error("token_binding")]
    TokenBinding,
    /// Signed for another party.
    #[error("relying_party")]
    RelyingParty,
    /// Flags that exclude each other.
    #[error("flags")]
    Flags,
    /// Nobody touched the authenticator.
    #[error("not_present")]
    NotPresent,
    /// The authenticator has not recognised its user.
    #[error("not_verified")]
    NotVerified,
    /// A key of an algorithm that is not taken.
    #[error("algorithm")]
    Algorithm,
    /// A key that does not fit its algorithm.
    #[error("key")]
    Key,
    /// An attestation that is not taken, or is wrong.
    #[error("attestation")]
    Attestation,
    /// No key of this user.
    #[error("credential")]
    Credential,
    /// The key says that it is another user's.
    #[error("user_handle")]
    UserHandle,
    /// The signature is wrong.
    #[error("signature")]
    Signature,
    /// The authenticator has signed no more often than before: there may be two of it.
    #[error("counter")]
    Counter,
}

/// What a browser is asked for, to make a key: `navigator.credentials.create`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Creation {
    /// What is to be signed, base64url.
    pub(crate) challenge: String,
    /// The domain to which the key will belong.
    pub(crate) rp_id: String,
    /// The user's handle, base64url.
    pub(crate) user: String,
    /// The user's name.
    pub(crate) user_name: String,
    /// Algorithms that are taken (COSE), the preferred one first.
    pub(crate) algorithms: Vec<i64>,
    /// Names of the keys that there are, base64url: their authenticators need no second one.
    pub(crate) exclude: Vec<String>,
    /// `preferred` or `required`.
    pub(crate) user_verification: &'static str,
    /// How long there is time, milliseconds.
    pub(crate) timeout: i64,
}

/// What a browser is asked for, to use a key: `navigator.credentials.get`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Asked {
    /// What is to be signed, base64url.
    pub(crate) challenge: String,
    /// The domain to which the key belongs.
    pub(crate) rp_id: String,
    /// Names of the keys that may sign, base64url.
    pub(crate) credentials: Vec<String>,
    /// `preferred` or `required`.
    pub(crate) user_verification: &'static str,
    /// How long there is time, milliseconds.
    pub(crate) timeout: i64,
}

/// Keeps a new challenge, and gives it.
async fn challenge(tx: &mut Connection, of: For<'_>, now: i64) -> Result<String, Error> {
    let text = BASE64URL_NOPAD.encode(random::<32>()?.as_ref());
    tx.insert_challenge(&bearer_hash(&text), of, now, now + LIFE).await?;
    Ok(text)
}

/// What an account is called towards authenticators: its random id.
fn handle(user: &str) -> &[u8] {
    user.as_bytes()
}

/// Starts to add a passkey.
pub(crate) async fn start(ledger: &Ledger, party: &RelyingParty, who: &Identity) -> Result<Creation, Refusal> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    if factors::active(&mut change, &who.user).await?.is_none() {
        return Err(Refusal::NotAllowed("set up codes first: passkeys work beside them, and beside recovery codes"));
    }
    let known = change.stored_passkeys(&who.user).await?;
    if known.len() >= MOST {
        return Err(Refusal::NotAllowed("there are twenty passkeys: remove one first"));
    }
    let of = For { user: &who.user, purpose: "enrol", session: &who.session };
    let challenge = challenge(&mut change, of, now).await?;
    change.commit_with(Event::new("passkey.enrolment_started").by(&who.org, &who.user)).await?;
    Ok(Creation {
        challenge,
        rp_id: party.id.clone(),
        user: BASE64URL_NOPAD.encode(handle(&who.user)),
        user_name: who.email.clone(),
        algorithms: keys::ALGORITHMS.to_vec(),
        exclude: known.into_iter().map(|key| key.credential).collect(),
        user_verification: party.user_verification(),
        timeout: LIFE,
    })
}

/// Adds the passkey that a browser has made; gives its id. All other sessions end.
pub(crate) async fn add(
    ledger: &Ledger,
    party: &RelyingParty,
    who: &Identity,
    name: &str,
    (client_data, attestation): (&[u8], &[u8]),
) -> Result<String, Refusal> {
    let of = For { user: &who.user, purpose: "enrol", session: &who.session };
    let examined = match answered(&ledger.store, client_data, of, ledger.clock.now()).await? {
        Ok(client) => ceremony::register(party, &client, client_data, attestation),
        Err(fault) => Err(fault),
    };
    let mut change = ledger.begin().await?;
    let now = change.now();
    let new = match examined {
        Ok(new) => new,
        Err(fault) => {
            let event = Event::new("passkey.enrolment_refused").by(&who.org, &who.user);
            change.commit_with(event.with(json!({"why": fault.to_string()}))).await?;
            return Err(Refusal::Factor { wait: 0 });
        }
    };
    // Codes may have been removed since, and passkeys been added.
    let is_allowed = factors::active(&mut change, &who.user).await?.is_some();
    if !is_allowed || change.passkeys(&who.user).await?.len() >= MOST {
        return Err(Refusal::NotAllowed("set up codes first, and have no more than twenty passkeys"));
    }
    let stored = StoredPasskey {
        id: new_id(),
        credential: BASE64URL_NOPAD.encode(&new.credential),
        public_key: new.public_key,
        sign_count: i64::from(new.sign_count),
    };
    match change.insert_passkey((&who.org, &who.user), name, &stored, now).await {
        Err(error) if error.is_conflict() => {
            return Err(Refusal::NotAllowed("this passkey is registered already: use another authenticator"));
        }
        other => other?,
    }
    change.end_sessions(&who.user, Some(&who.session), now).await?;
    notices::tell(&mut change, &ledger.ring, (&who.org, &who.user), Changed::PasskeyAdded, now).await?;
    change.commit_with(Event::new("passkey.added").by(&who.org, &who.user).on(&stored.id)).await?;
    Ok(stored.id)
}

/// The caller's passkeys.
pub(crate) async fn list(ledger: &Ledger, who: &Identity) -> Result<Vec<Passkey>, Error> {
    ledger.connection().await?.passkeys(&who.user).await
}

/// Removes one of the caller's passkeys. All other sessions end.
pub(crate) async fn remove(ledger: &Ledger, who: &Identity, id: &str) -> Result<(), Refusal> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    if !change.delete_passkey(&who.user, id).await? {
        return Err(Refusal::Missing);
    }
    change.end_sessions(&who.user, Some(&who.session), now).await?;
    notices::tell(&mut change, &ledger.ring, (&who.org, &who.user), Changed::PasskeyRemoved, now).await?;
    Ok(change.commit_with(Event::new("passkey.removed").by(&who.org, &who.user).on(id)).await?)
}

/// Asks for one of a user's passkeys; nothing, if there is none.
pub(crate) async fn ask(
    store: &Store,
    party: &RelyingParty,
    of: For<'_>,
    now: i64,
) -> Result<Option<Box<Asked>>, Error> {
    let known = store.connection().await?.stored_passkeys(of.user).await?;
    if known.is_empty() {
        return Ok(None);
    }
    let mut tx = store.begin().await?;
    let challenge = challenge(&mut tx, of, now).await?;
    tx.commit().await?;
    Ok(Some(Box::new(Asked {
        challenge,
        rp_id: party.id.clone(),
        credentials: known.into_iter().map(|key| key.credential).collect(),
        user_verification: party.user_verification(),
        timeout: LIFE,
    })))
}

/// Reads what a browser says that it asked for, and uses the challenge up that it answers.
async fn answered(
    store: &Store,
    client_data: &[u8],
    of: For<'_>,
    now: i64,
) -> Result<Result<ceremony::ClientData, Fault>, Error> {
    let client = match ceremony::ClientData::read(client_data) {
        Ok(client) => client,
        Err(fault) => return Ok(Err(fault)),
    };
    let mut tx = store.begin().await?;
    let is_ours = tx.use_challenge(&bearer_hash(client.challenge()), of, now).await?;
    tx.commit().await?;
    Ok(if is_ours { Ok(client) } else { Err(Fault::Challenge) })
}

/// Verifies possession of one of the passkeys of a factor's user.
pub(crate) async fn prove(
    (store, ring): (&Store, &KeyRing),
    party: &RelyingParty,
    factor: &Factor,
    given: &Assertion,
    (of, now): (For<'_>, i64),
) -> Result<(), Refusal> {
    let subject = format!("passkey:{}", factor.user);
    if let Err(wait) = throttle::attempt(store, &subject, throttle::ACCOUNT, now).await? {
        return Err(Refusal::Factor { wait });
    }
    match examine(store, party, given, (of, now)).await? {
        Ok(id) => {
            let mut tx = store.begin().await?;
            throttle::clear(&mut tx, &subject).await?;
            let event = Event::new("factor.verified").by(&factor.org, &factor.user).on(&id);
            audit::append(&mut tx, ring, now, event.with(json!({"passkey": true}))).await?;
            tx.commit().await?;
            Ok(())
        }
        Err((fault, id)) => {
            if fault == Fault::Counter {
                metrics::counter!("milkrun_passkey_counter_regressions_total").increment(1);
                tracing::warn!(
                    passkey = id,
                    "a passkey has signed no more often than before: there may be a copy of it"
                );
            }
            let mut tx = store.begin().await?;
            let event = Event::new("factor.refused").by(&factor.org, &factor.user);
            let event = if id.is_empty() { event } else { event.on(&id) };
            let detail = json!({"why": fault.to_string(), "passkey": true});
            audit::append(&mut tx, ring, now, event.with(detail)).await?;
            let wait = throttle::wait_of(&mut tx, &subject, now).await?;
            tx.commit().await?;
            Err(Refusal::Factor { wait })
        }
    }
}

/// Examines an answer (§ 7.2): gives the passkey's id, or why not, and the id if it is known.
async fn examine(
    store: &Store,
    party: &RelyingParty,
    given: &Assertion,
    (of, now): (For<'_>, i64),
) -> Result<Result<String, (Fault, String)>, Error> {
    let client = match answered(store, &given.client_data, of, now).await? {
        Ok(client) => client,
        Err(fault) => return Ok(Err((fault, String::new()))),
    };
    let name = BASE64URL_NOPAD.encode(&given.credential);
    let mut known = store.connection().await?.stored_passkeys(of.user).await?.into_iter();
    // Steps 5 to 7: the key is one of this user's.
    let Some(key) = known.find(|key| key.credential == name) else {
        return Ok(Err((Fault::Credential, String::new())));
    };
    if given.user_handle.as_deref().is_some_and(|given| given != handle(of.user)) {
        return Ok(Err((Fault::UserHandle, key.id)));
    }
    let count = match ceremony::verify(party, &client, given, (&key.public_key, key.sign_count)) {
        Ok(count) => count,
        Err(fault) => return Ok(Err((fault, key.id))),
    };
    let mut tx = store.begin().await?;
    let is_counted = tx.use_passkey(&key.id, (key.sign_count, count), now).await?;
    tx.commit().await?;
    // Another answer of the same key came in between.
    Ok(if is_counted { Ok(key.id) } else { Err((Fault::Counter, key.id)) })
}
