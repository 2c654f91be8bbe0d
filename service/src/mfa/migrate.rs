//! Seals plaintext secrets, batch by batch, while the service runs.

use std::collections::HashMap;

use aws_lc_rs::hmac;
use serde_json::json;

use crate::audit::{self, Event};
use crate::auth::factors::{context, decode_plain};
use crate::crypto::{Context, KeyRing, Purpose, random};
use crate::error::Error;
use crate::storage::factors::{Sealed, StoredFactor};
use crate::storage::{Connection, Secrets as _, Store};

use super::page;

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Migrated {
    /// Secrets that this run sealed.
    pub(crate) sealed: u64,
    /// Factors whose stored secret is no base32; they stay as they are.
    pub(crate) unreadable: Vec<String>,
    /// Secrets whose fingerprint was compared with the one taken before the run.
    pub(crate) compared: usize,
}

/// Seals all plaintext secrets. It may be stopped and started again at any point, by any number of processes: a row is
/// changed only if it still holds the plaintext that was read, and position and audit entry are part of the batch.
///
/// # Errors
///
/// If a secret afterwards is another than before; then nothing more is done.
pub(crate) async fn migrate(
    store: &Store,
    ring: &KeyRing,
    now: impl Fn() -> i64,
    mut progress: impl FnMut(u64),
) -> Result<Migrated, Error> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, random::<32>()?.as_ref());
    let before = fingerprints(store, ring, &key).await?;
    let mut migrated = Migrated::default();
    let mut cursor = String::new();
    loop {
        let mut tx = store.begin().await?;
        let batch = page(&mut tx, &cursor).await?;
        let Some(last) = batch.last() else { break };
        cursor.clone_from(&last.factor.id);
        let mut sealed = 0;
        for row in &batch {
            match seal(&mut tx, ring, row).await {
                Ok(true) => sealed += 1,
                Ok(false) => {}
                Err(Error::Stored(_)) => migrated.unreadable.push(row.factor.id.clone()),
                Err(error) => return Err(error),
            }
        }
        if sealed > 0 {
            note(&mut tx, ring, &cursor, sealed, now()).await?;
            tx.commit().await?;
            migrated.sealed += sealed;
            progress(migrated.sealed);
        }
    }
    // Factors that were enrolled, changed or removed meanwhile are in one of the two only.
    let after = fingerprints(store, ring, &key).await?;
    for (id, fingerprint) in &before {
        let Some(now) = after.get(id) else { continue };
        if now != fingerprint {
            return Err(Error::Stored(format!(
                "the secret of factor {id} is not what it was: restore it from a backup"
            )));
        }
        migrated.compared += 1;
    }
    Ok(migrated)
}

/// Seals one row, opens it again and compares, before the plaintext is given up. Says whether there was any.
async fn seal(tx: &mut Connection, ring: &KeyRing, row: &StoredFactor) -> Result<bool, Error> {
    let Some(plain) = &row.plain else { return Ok(false) };
    let secret = decode_plain(plain)?;
    let place = context(&row.factor);
    let (sealed, key) = ring.seal(tx, Purpose::Mfa, Context(&place), &secret).await?;
    if ring.open_value(Purpose::Mfa, Context(&place), &sealed)? != secret {
        return Err(crate::crypto::SecretError::Library.into());
    }
    tx.seal_secret(&row.factor.id, plain, Sealed { secret: &sealed, key: &key.0 }).await
}

async fn note(tx: &mut Connection, ring: &KeyRing, cursor: &str, sealed: u64, now: i64) -> Result<(), Error> {
    tx.note_sealing(cursor, sealed, now).await?;
    let event = Event::new("factor.secrets_sealed").with(json!({"sealed": sealed, "up_to": cursor}));
    audit::append(tx, ring, now, event).await
}

/// Fingerprints of all secrets, by factor; the key lives as long as the run. What is not readable has none.
async fn fingerprints(store: &Store, ring: &KeyRing, key: &hmac::Key) -> Result<HashMap<String, Vec<u8>>, Error> {
    let mut found = HashMap::new();
    let mut cursor = String::new();
    let mut connection = store.connection().await?;
    loop {
        let batch = page(&mut connection, &cursor).await?;
        let Some(last) = batch.last() else { return Ok(found) };
        cursor.clone_from(&last.factor.id);
        for row in batch {
            let secret = match (&row.plain, &row.sealed) {
                (Some(plain), _) => decode_plain(plain).ok(),
                (None, Some(sealed)) => {
                    let place = context(&row.factor);
                    Some(ring.open_fresh(&mut connection, Purpose::Mfa, Context(&place), sealed).await?)
                }
                (None, None) => None,
            };
            if let Some(secret) = secret {
                found.insert(row.factor.id, hmac::sign(key, &secret).as_ref().to_vec());
            }
        }
    }
}
