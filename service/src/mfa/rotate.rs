//! Replaces the key that seals secrets.

use serde_json::json;

use crate::audit::{self, Event};
use crate::auth::factors::{context, reseal};
use crate::crypto::{Context, KeyId, KeyRing, Purpose};
use crate::error::Error;
use crate::storage::{Keys as _, Store};

use super::page;

/// What a rotation did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rotated {
    /// Secrets resealed.
    pub(crate) resealed: u64,
    /// Keys with which no secret is sealed any longer, now retired.
    pub(crate) retired: Vec<String>,
    /// Factors whose secret does not open, with the reason. They stay as they are, and their keys are not retired.
    pub(crate) faults: Vec<(String, String)>,
}

/// Makes a new key (unless `resume`, for an interrupted rotation), seals every secret with it, and retires the keys
/// that are left without any. It can be repeated at will.
pub(crate) async fn rotate(
    store: &Store,
    ring: &KeyRing,
    resume: bool,
    now: impl Fn() -> i64,
    mut progress: impl FnMut(u64),
) -> Result<Rotated, Error> {
    if !resume {
        let mut tx = store.begin().await?;
        let id = ring.add_primary(&mut tx, Purpose::Mfa, now()).await?;
        audit::append(&mut tx, ring, now(), Event::new("key.created").on(&id.hex())).await?;
        tx.commit().await?;
    }
    let mut rotated = Rotated::default();
    let mut cursor = String::new();
    loop {
        let mut tx = store.begin().await?;
        let primary = ring.primary(Purpose::Mfa)?.id();
        let batch = page(&mut tx, &cursor).await?;
        let Some(last) = batch.last() else { break };
        cursor.clone_from(&last.factor.id);
        for row in &batch {
            let (Some(sealed), Some(key)) = (&row.sealed, &row.key_id) else { continue };
            if *key == primary.0 {
                continue;
            }
            let secret = match ring.open_value(Purpose::Mfa, Context(&context(&row.factor)), sealed) {
                Ok(secret) => secret,
                Err(error) => {
                    rotated.faults.push((row.factor.id.clone(), error.to_string()));
                    continue;
                }
            };
            rotated.resealed += u64::from(reseal(&mut tx, ring, &row.factor, key, &secret).await?);
        }
        tx.commit().await?;
        progress(rotated.resealed);
    }
    let mut tx = store.begin().await?;
    for id in tx.unused_factor_keys().await? {
        let id = KeyId::from_slice(&id)?;
        ring.retire(&mut tx, id).await?;
        audit::append(&mut tx, ring, now(), Event::new("key.retired").on(&id.hex())).await?;
        rotated.retired.push(id.hex());
    }
    let event = Event::new("factor.secrets_resealed")
        .with(json!({"resealed": rotated.resealed, "unopened": rotated.faults.len()}));
    audit::append(&mut tx, ring, now(), event).await?;
    tx.commit().await?;
    Ok(rotated)
}
