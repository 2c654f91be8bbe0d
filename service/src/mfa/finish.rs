//! The last step of the migration, and its reversal.

use std::time::Duration;

use data_encoding::BASE32_NOPAD;
use serde_json::json;
use zeroize::Zeroizing;

use crate::audit::{self, Event};
use crate::auth::factors::context;
use crate::crypto::{Context, KeyRing, Purpose};
use crate::error::Error;
use crate::storage::{Secrets as _, Store};

use super::scrub::{Keys, Scrubbed, scrub_check};
use super::{page, verify};

/// How often the files are scrubbed until nothing is found.
const TRIES: usize = 10;

/// Makes plaintext secrets impossible and scrubs the database's files, once every secret is sealed and opens. Gives what is
/// left in them.
///
/// # Errors
///
/// [`Error::Refused`] if something is left to migrate or to mend.
pub(crate) async fn finish(store: &Store, ring: &KeyRing, now: i64) -> Result<Scrubbed, Error> {
    let verified = verify(store, ring).await?;
    if !verified.is_complete() {
        return Err(Error::Refused(format!(
            "{} secrets are plaintext and {} do not open: run `mfa migrate`, then `mfa verify`",
            verified.plain,
            verified.faults.len()
        )));
    }
    let mut tx = store.begin().await?;
    tx.forbid_plaintext(store, true).await?;
    let event = Event::new("factor.plaintext_forbidden").with(json!({"sealed": verified.sealed}));
    audit::append(&mut tx, ring, now, event).await?;
    tx.commit().await?;
    // Data that another transaction may still read stays in the files: then retry a little later.
    let mut found = Scrubbed::default();
    for _ in 0..TRIES {
        store.backend().scrub(&mut *store.connection().await?, "factors").await?;
        found = scrub_check(store, &Keys::Ring(ring), &[]).await?;
        if found.hits() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let mut tx = store.begin().await?;
    let event = Event::new("factor.files_scrubbed").with(json!({"places_left": found.hits()}));
    audit::append(&mut tx, ring, now, event).await?;
    tx.commit().await?;
    Ok(found)
}

/// Decrypts all secrets again, for a release that knows no encryption. Gives their number.
pub(crate) async fn rollback(store: &Store, ring: &KeyRing, now: i64) -> Result<u64, Error> {
    let mut tx = store.begin().await?;
    tx.forbid_plaintext(store, false).await?;
    tx.commit().await?;
    let mut done = 0;
    let mut cursor = String::new();
    loop {
        let mut tx = store.begin().await?;
        let batch = page(&mut tx, &cursor).await?;
        let Some(last) = batch.last() else { return Ok(done) };
        cursor.clone_from(&last.factor.id);
        for row in &batch {
            let Some(sealed) = &row.sealed else { continue };
            let secret = ring.open_value(Purpose::Mfa, Context(&context(&row.factor)), sealed)?;
            let plain = Zeroizing::new(BASE32_NOPAD.encode(&secret));
            done += u64::from(tx.unseal_secret(&row.factor.id, sealed, &plain).await?);
        }
        let event = Event::new("factor.secrets_decrypted").with(json!({"decrypted": done, "up_to": cursor}));
        audit::append(&mut tx, ring, now, event).await?;
        tx.commit().await?;
    }
}
