//! Second factors: codes by time (RFC 6238), each accepted once, and recovery codes.
//!
//! A code of the running step of 30 seconds is accepted, and one of the previous step, for users who type slowly; none
//! of a future step. A step that was used, or any before it, is never accepted again.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use data_encoding::BASE32_NOPAD;
use serde_json::json;
use totp_rs::{Builder, Secret, Totp};
use zeroize::Zeroizing;

use crate::audit::{self, Event, Ledger};
use crate::auth::sessions::Identity;
use crate::auth::{Refusal, password, throttle};
use crate::crypto::{Context, KeyId, KeyRing, Purpose, SecretError, random};
use crate::error::Error;
use crate::ids::new_id;
use crate::notices::{self, Changed};
use crate::storage::factors::Sealed;
use crate::storage::rows::Value;
use crate::storage::{Connection, Factors as _, Passkeys as _, Secrets as _, Sessions as _, Store};

pub(crate) use crate::storage::factors::Factor;

/// Length of a step, seconds.
const STEP: i64 = 30;
/// Recovery codes at a time.
const RECOVERY_CODES: usize = 10;
const PURPOSE: &str = "mfa-secret/v1";

/// What shows possession: one of the two.
#[derive(Clone, Default)]
pub(crate) struct Proof {
    /// A code by time.
    pub(crate) code: Option<String>,
    /// A recovery code.
    pub(crate) recovery_code: Option<String>,
}

/// What a new factor's owner is shown, once.
pub(crate) struct Enrolment {
    /// The factor.
    pub(crate) id: String,
    /// The secret, base32.
    pub(crate) secret: Zeroizing<String>,
    /// The address that authenticator programs read.
    pub(crate) uri: Zeroizing<String>,
}

/// Where a factor's secret belongs.
pub(crate) fn context(factor: &Factor) -> [&str; 4] {
    [PURPOSE, &factor.org, &factor.user, &factor.id]
}

/// A user's active factor.
pub(crate) async fn active(connection: &mut Connection, user: &str) -> Result<Option<Factor>, Error> {
    connection.factor(user, "active").await
}

/// Starts an enrolment. One that was started before, and not finished, is dropped.
pub(crate) async fn enrol(ledger: &Ledger, identity: &Identity) -> Result<Enrolment, Refusal> {
    let secret = random::<20>()?;
    let factor = Factor { id: new_id(), org: identity.org.clone(), user: identity.user.clone() };
    let mut change = ledger.begin().await?;
    let now = change.now();
    if active(&mut change, &identity.user).await?.is_some() {
        return Err(Refusal::NotAllowed("there is already a second factor: remove it first"));
    }
    change.drop_pending_factors(&factor.user).await?;
    let (sealed, key) =
        ledger.ring.seal(&mut change, Purpose::Mfa, Context(&context(&factor)), secret.as_ref()).await?;
    change.insert_factor(&factor, Sealed { secret: &sealed, key: &key.0 }, now).await?;
    let event = Event::new("factor.enrolment_started").by(&identity.org, &identity.user).on(&factor.id);
    change.commit_with(event).await?;
    let uri = Zeroizing::new(totp(secret.as_ref(), &identity.email).to_url().map_err(|_| SecretError::Library)?);
    Ok(Enrolment { id: factor.id, secret: Zeroizing::new(BASE32_NOPAD.encode(secret.as_ref())), uri })
}

fn totp(secret: &[u8], account: &str) -> Totp {
    let secret = Secret::new(secret.into());
    // The label of an address must not hold a colon; nothing else depends on it.
    let account = account.replace(':', " ");
    Builder::new().with_secret(secret).with_issuer(Some("milkrun")).with_account_name(account).build_noncompliant()
}

/// Finishes an enrolment with the factor's first code; gives the recovery codes. All other sessions end.
pub(crate) async fn confirm(ledger: &Ledger, identity: &Identity, code: &str) -> Result<Vec<String>, Refusal> {
    let (Ledger { store, ring, .. }, now) = (ledger, ledger.clock.now());
    let factor = store.connection().await?.factor(&identity.user, "pending").await?.ok_or(Refusal::Missing)?;
    check_code(store, ring, &factor, code, now).await?;
    let codes = recovery_codes()?;
    let hashes = hash_all(codes.clone()).await?;
    let mut change = ledger.begin().await?;
    if !change.activate_factor(&factor.id).await? {
        return Err(Refusal::Missing);
    }
    let rows: Vec<[Value; 3]> =
        hashes.into_iter().map(|hash| [Value::Text(new_id()), (&factor.id).into(), Value::Text(hash)]).collect();
    change.insert_recovery_codes(&rows).await?;
    change.show_factor(&identity.session, now).await?;
    change.end_sessions(&identity.user, Some(&identity.session), now).await?;
    notices::tell(&mut change, ring, (&identity.org, &identity.user), Changed::FactorEnrolled, now).await?;
    let event = Event::new("factor.enrolled").by(&identity.org, &identity.user).on(&factor.id);
    change.commit_with(event).await?;
    Ok(codes)
}

fn recovery_codes() -> Result<Vec<String>, Refusal> {
    let code = |_| {
        let text = BASE32_NOPAD.encode(random::<10>()?.as_ref()).to_ascii_lowercase();
        Ok([&text[..4], &text[4..8], &text[8..12], &text[12..]].join("-"))
    };
    (0..RECOVERY_CODES).map(code).collect()
}

async fn hash_all(codes: Vec<String>) -> Result<Vec<String>, Error> {
    let work = move || codes.iter().map(|code| password::hash_code(code)).collect::<Result<Vec<_>, _>>();
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Hash)?
}

/// Removes a user's factor. All sessions but the one named end.
pub(crate) async fn remove(tx: &mut Connection, user: &str, keep: Option<&str>, now: i64) -> Result<String, Refusal> {
    let factor = active(tx, user).await?.ok_or(Refusal::Missing)?;
    tx.delete_factor(&factor.id).await?;
    // Passkeys work beside codes, and end with them.
    tx.delete_passkeys(user).await?;
    for counted in ["factor", "factor:recovery"] {
        throttle::clear(tx, &format!("{counted}:{}", factor.id)).await?;
    }
    tx.end_sessions(user, keep, now).await?;
    if let Some(session) = keep {
        // What was shown is no longer there.
        tx.forget_factor(session).await?;
    }
    Ok(factor.id)
}

/// Removes one's own factor. All other sessions end.
pub(crate) async fn remove_own(ledger: &Ledger, who: &Identity) -> Result<(), Refusal> {
    let mut change = ledger.begin().await?;
    let now = change.now();
    let id = remove(&mut change, &who.user, Some(&who.session), now).await?;
    notices::tell(&mut change, &ledger.ring, (&who.org, &who.user), Changed::FactorRemoved, now).await?;
    Ok(change.commit_with(Event::new("factor.removed").by(&who.org, &who.user).on(&id)).await?)
}

/// Verifies possession of the factor: by a code or by a recovery code.
pub(crate) async fn prove(
    store: &Store,
    ring: &KeyRing,
    factor: &Factor,
    proof: Proof,
    now: i64,
) -> Result<(), Refusal> {
    match proof {
        Proof { code: Some(code), recovery_code: None } => check_code(store, ring, factor, &code, now).await,
        Proof { code: None, recovery_code: Some(code) } => use_recovery_code(store, ring, factor, code, now).await,
        Proof { .. } => Err(Refusal::FactorNeeded(None)),
    }
}

/// Checks a code and uses its step up.
async fn check_code(store: &Store, ring: &KeyRing, factor: &Factor, code: &str, now: i64) -> Result<(), Refusal> {
    let subject = format!("factor:{}", factor.id);
    if throttle::attempt(store, &subject, throttle::FACTOR, now).await?.is_err() {
        return refuse(store, ring, factor, (&subject, "throttled"), now).await;
    }
    // Nothing is trimmed or converted: a code with a space is another code, which a list of used ones would not know.
    if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return refuse(store, ring, factor, (&subject, "malformed"), now).await;
    }
    let secret = secret(&mut *store.connection().await?, ring, factor).await?;
    let totp = totp(&secret, "");
    let step = now / 1_000 / STEP;
    // The comparison takes the same time whatever the digits are.
    let matching = [step, step - 1].into_iter().find(|step| {
        let expected = totp.generate((step * STEP).cast_unsigned()).to_string();
        verify_slices_are_equal(expected.as_bytes(), code.as_bytes()).is_ok()
    });
    let Some(step) = matching else { return refuse(store, ring, factor, (&subject, "wrong"), now).await };
    let mut tx = store.begin().await?;
    if !tx.use_step(&factor.id, step).await? {
        drop(tx);
        return refuse(store, ring, factor, (&subject, "replayed"), now).await;
    }
    throttle::clear(&mut tx, &subject).await?;
    audit::append(&mut tx, ring, now, Event::new("factor.verified").by(&factor.org, &factor.user).on(&factor.id))
        .await?;
    tx.commit().await?;
    rewrap(store, ring, factor, &secret).await;
    Ok(())
}

/// Writes down why, and says only that it was refused, and how long to wait.
async fn refuse(
    store: &Store,
    ring: &KeyRing,
    factor: &Factor,
    (subject, why): (&str, &str),
    now: i64,
) -> Result<(), Refusal> {
    let mut tx = store.begin().await?;
    let event = Event::new("factor.refused").by(&factor.org, &factor.user).on(&factor.id).with(json!({"why": why}));
    audit::append(&mut tx, ring, now, event).await?;
    let wait = throttle::wait_of(&mut tx, subject, now).await?;
    tx.commit().await?;
    Err(Refusal::Factor { wait })
}

/// The secret, from wherever it is stored. A plaintext secret is read only while a migration allows there to be any.
pub(crate) async fn secret(
    connection: &mut Connection,
    ring: &KeyRing,
    factor: &Factor,
) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    match connection.secret(&factor.id).await?.ok_or(Refusal::Missing)? {
        (None, Some(sealed)) => {
            let opened = ring.open_fresh(connection, Purpose::Mfa, Context(&context(factor)), &sealed).await;
            if let Err(error) = &opened {
                tracing::error!(factor = factor.id, %error, "the secret of a second factor cannot be opened");
            }
            Ok(opened?)
        }
        (Some(plain), None) => {
            let plain = Zeroizing::new(plain);
            if connection.is_plaintext_forbidden().await? {
                tracing::error!(factor = factor.id, "a plaintext secret after the migration was finished");
                return Err(Error::Stored("a plaintext secret where there must be none".to_owned()).into());
            }
            Ok(decode_plain(&plain)?)
        }
        _ => Err(Error::Stored("a factor with two secrets, or none".to_owned()).into()),
    }
}

/// Reads base32 as the releases before encryption stored it.
pub(crate) fn decode_plain(text: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let text = Zeroizing::new(text.trim_end_matches('=').to_ascii_uppercase());
    let bytes = BASE32_NOPAD.decode(text.as_bytes());
    bytes.map(Zeroizing::new).map_err(|_| Error::Stored("a plaintext secret that is not base32".to_owned()))
}

/// Seals the secret with the newest key, unless it was changed meanwhile. If that fails now, it is done later.
async fn rewrap(store: &Store, ring: &KeyRing, factor: &Factor, secret: &[u8]) {
    let outcome = async {
        let primary = ring.primary(Purpose::Mfa)?.id();
        let mut connection = store.connection().await?;
        let Some(key) = connection.key_of_secret(&factor.id).await? else { return Ok(()) };
        if key == primary.0 {
            return Ok(());
        }
        drop(connection);
        let mut tx = store.begin().await?;
        reseal(&mut tx, ring, factor, &key, secret).await?;
        tx.commit().await?;
        Ok::<(), Error>(())
    };
    if let Err(error) = outcome.await {
        tracing::warn!(factor = factor.id, %error, "the secret could not be sealed with the newest key");
    }
}

/// Seals a secret anew where it is still sealed with the key `old`; says whether it was.
pub(crate) async fn reseal(
    tx: &mut Connection,
    ring: &KeyRing,
    factor: &Factor,
    old: &[u8],
    secret: &[u8],
) -> Result<bool, Error> {
    let (sealed, key): (Vec<u8>, KeyId) = ring.seal(tx, Purpose::Mfa, Context(&context(factor)), secret).await?;
    tx.reseal_secret(&factor.id, old, Sealed { secret: &sealed, key: &key.0 }).await
}

async fn use_recovery_code(
    store: &Store,
    ring: &KeyRing,
    factor: &Factor,
    code: String,
    now: i64,
) -> Result<(), Refusal> {
    let subject = format!("factor:recovery:{}", factor.id);
    if throttle::attempt(store, &subject, throttle::ACCOUNT, now).await?.is_err() {
        return refuse(store, ring, factor, (&subject, "throttled"), now).await;
    }
    let left = store.connection().await?.recovery_codes(&factor.id).await?;
    let code = Zeroizing::new(code);
    let find = move || -> Result<Option<String>, Error> {
        for (id, hash) in left {
            if code.len() == 19 && password::verify_code(&code, &hash)? {
                return Ok(Some(id));
            }
        }
        Ok(None)
    };
    let found = tokio::task::spawn_blocking(find).await.map_err(|_| Error::Hash)??;
    let Some(id) = found else { return refuse(store, ring, factor, (&subject, "wrong_recovery_code"), now).await };
    let mut tx = store.begin().await?;
    if !tx.use_recovery_code(&id, now).await? {
        drop(tx);
        return refuse(store, ring, factor, (&subject, "replayed"), now).await;
    }
    throttle::clear(&mut tx, &subject).await?;
    let event = Event::new("factor.recovery_code_used").by(&factor.org, &factor.user).on(&factor.id);
    audit::append(&mut tx, ring, now, event).await?;
    tx.commit().await?;
    Ok(())
}
