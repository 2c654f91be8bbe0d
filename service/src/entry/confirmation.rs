//! Codes that are sent by mail, by which a person without a second factor confirms an odd sign-in.
//!
//! A code has 40 random bits, works once and for ten minutes, and is guessed at as seldom as a recovery code. Only whoever knows the
//! password has one sent, and not more often than once a minute.

use data_encoding::BASE32_NOPAD;

use crate::auth::{Refusal, password, throttle};
use crate::crypto::random;
use crate::error::Error;
use crate::storage::{Connection, ProviderAccounts as _, SignIns as _, Store};

/// How long a code can be used, milliseconds.
const LIFE: i64 = 600_000;
/// How long no other is sent, milliseconds.
const PAUSE: i64 = 60_000;

/// Whether letters of an organisation reach people: what needs no account writes them into a folder.
pub(super) async fn can_be_sent(connection: &mut Connection, org: &str) -> Result<bool, Error> {
    Ok(connection.provider_account(org, "mail").await?.is_some_and(|account| account.provider != "local"))
}

/// What failures are counted for.
fn subject(user: &str) -> String {
    format!("confirmation:{user}")
}

/// Makes a code; none if one was sent just now.
pub(super) async fn make(store: &Store, user: &str, now: i64) -> Result<Option<(String, String)>, Refusal> {
    let last = store.connection().await?.sign_in_code(user).await?;
    if last.is_some_and(|(_, sent_at, _)| (0..PAUSE).contains(&(now - sent_at))) {
        return Ok(None);
    }
    let text = BASE32_NOPAD.encode(random::<5>()?.as_ref()).to_ascii_lowercase();
    let code = [&text[..4], &text[4..]].join("-");
    let hashed = code.clone();
    let hash = tokio::task::spawn_blocking(move || password::hash_code(&hashed)).await.map_err(|_| Error::Hash)??;
    Ok(Some((code, hash)))
}

/// Keeps a code that is being sent.
pub(super) async fn keep(tx: &mut Connection, user: &str, hash: &str, now: i64) -> Result<(), Error> {
    tx.put_sign_in_code(user, hash, now, now + LIFE).await
}

/// Checks a code and uses it up. Attempts are counted before they are judged.
pub(super) async fn check(store: &Store, user: &str, code: String, now: i64) -> Result<(), Refusal> {
    let subject = subject(user);
    if let Err(wait) = throttle::attempt(store, &subject, throttle::ACCOUNT, now).await? {
        return Err(Refusal::Confirmation { wait });
    }
    let kept = store.connection().await?.sign_in_code(user).await?;
    let Some((hash, _, _)) = kept.filter(|(_, _, expires_at)| *expires_at > now) else {
        return Err(Refusal::Confirmation { wait: 0 });
    };
    let compared = hash.clone();
    let is_right = tokio::task::spawn_blocking(move || {
        Ok::<_, Error>(code.len() == 9 && password::verify_code(&code, &compared)?)
    });
    if !is_right.await.map_err(|_| Error::Hash)?? {
        let wait = throttle::wait_of(&mut *store.connection().await?, &subject, now).await?;
        return Err(Refusal::Confirmation { wait });
    }
    let mut tx = store.begin().await?;
    if !tx.use_sign_in_code(user, &hash).await? {
        return Err(Refusal::Confirmation { wait: 0 });
    }
    throttle::clear(&mut tx, &subject).await?;
    tx.commit().await?;
    Ok(())
}
