//! Outside systems of an organisation: its accounts, the adapters made from them, and how these do.

mod accounts;
mod figures;
mod hub;
mod purse;

pub(crate) use accounts::{CAPABILITIES, Given, ProviderHealth, Shown, list, put, remove, takes_routes};
pub(crate) use hub::{Hub, Live, Unusable};

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::crypto::{Context, KeyRing, Purpose};
use crate::error::Error;
use crate::storage::Connection;
use crate::storage::providers::StoredAccount;

/// The secrets of an account or an endpoint, as they are sealed. Nothing prints them.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Secrets {
    /// What calls are authorised with.
    #[serde(default)]
    pub(crate) key: String,
    /// What webhooks are signed with: two while one replaces the other.
    #[serde(default)]
    pub(crate) webhook: Vec<String>,
}

impl Drop for Secrets {
    fn drop(&mut self) {
        self.key.zeroize();
        self.webhook.zeroize();
    }
}

/// Seals secrets for one place.
pub(crate) async fn seal(
    tx: &mut Connection,
    ring: &KeyRing,
    place: Context<'_>,
    secrets: &Secrets,
) -> Result<Vec<u8>, Error> {
    let mut text = serde_json::to_vec(secrets).map_err(|error| Error::Stored(error.to_string()))?;
    let sealed = ring.seal(tx, Purpose::Providers, place, &text).await;
    text.zeroize();
    Ok(sealed?.0)
}

/// Opens the secrets of one place.
pub(crate) async fn open(
    connection: &mut Connection,
    ring: &KeyRing,
    place: Context<'_>,
    sealed: &[u8],
) -> Result<Secrets, Error> {
    let text = ring.open_fresh(connection, Purpose::Providers, place, sealed).await?;
    // What is wrong with it is not told: it may quote a secret.
    serde_json::from_slice(&text).map_err(|_| Error::Stored("the secrets of a provider cannot be read".to_owned()))
}

/// Opens the secrets of an account.
pub(crate) async fn open_account(
    connection: &mut Connection,
    ring: &KeyRing,
    account: &StoredAccount,
) -> Result<Secrets, Error> {
    open(connection, ring, Context(&["provider/v1", &account.org, &account.id]), &account.sealed).await
}
