//! Where events go: endpoints that users choose, with secrets that are shown once.

use milkrun_providers::ClientOptions;
use milkrun_providers::webhooks::{Endpoint, standard};
use secrecy::ExposeSecret as _;
use serde::Serialize;
use serde_json::json;

use crate::audit::{Event, Ledger};
use crate::auth::Refusal;
use crate::auth::sessions::Identity;
use crate::crypto::{Context, SecretError};
use crate::error::Error;
use crate::ids::new_id;
use crate::outbox::DAY_CHANGED;
use crate::providers::{Hub, ProviderHealth, Secrets, open, seal};
use crate::storage::Webhooks as _;
use crate::storage::webhooks::{ProviderEvent, StoredEndpoint};

/// Events that endpoints may ask for.
pub(crate) const EVENTS: [&str; 1] = [DAY_CHANGED];
/// Most endpoints of an organisation.
const MOST: usize = 20;

/// An endpoint as it is shown: without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct ShownEndpoint {
    /// Its id.
    pub(crate) id: String,
    /// Where events go.
    pub(crate) url: String,
    /// Which.
    pub(crate) events: Vec<String>,
    /// When it was made, milliseconds since 1970.
    pub(crate) created_at: i64,
    /// How it does, as this process sees it since it was used.
    pub(crate) health: Option<ProviderHealth>,
}

/// A secret, shown once.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct Made {
    /// The endpoint.
    pub(crate) id: String,
    /// With which it verifies events, by the scheme of Standard Webhooks.
    pub(crate) secret: String,
}

fn place<'a>(org: &'a str, id: &'a str) -> [&'a str; 3] {
    ["webhook-endpoint/v1", org, id]
}

fn new_secret() -> Result<String, Error> {
    let secret = standard::new_secret().ok_or(SecretError::Library)?;
    Ok(secret.expose_secret().to_owned())
}

/// The endpoints of an organisation.
pub(crate) async fn list(ledger: &Ledger, hub: &Hub, org: &str) -> Result<Vec<ShownEndpoint>, Error> {
    let stored = ledger.connection().await?.endpoints(org).await?;
    let show = |stored: StoredEndpoint| ShownEndpoint {
        health: hub.health(&stored.id).map(ProviderHealth::from),
        events: stored.events.split(' ').map(str::to_owned).collect(),
        id: stored.id,
        url: stored.url,
        created_at: stored.created_at,
    };
    Ok(stored.into_iter().map(show).collect())
}

/// Makes an endpoint; its secret is shown once.
///
/// # Errors
///
/// `Ok(Err(…))` with what is wrong with the address.
pub(crate) async fn add(
    ledger: &Ledger,
    hub: &Hub,
    who: &Identity,
    (url, events): (&str, &[String]),
) -> Result<Result<Made, String>, Refusal> {
    let (id, secret) = (new_id(), new_secret()?);
    if let Err(error) = Endpoint::new(url, Vec::new(), hub.reach(), ClientOptions::default()) {
        return Ok(Err(error.to_string()));
    }
    let mut change = ledger.begin().await?;
    if change.endpoints(&who.org).await?.len() >= MOST {
        return Err(Refusal::NotAllowed("there are 20 endpoints already: remove one first"));
    }
    let secrets = Secrets { key: String::new(), webhook: vec![secret.clone()] };
    let sealed = seal(&mut change, &ledger.ring, Context(&place(&who.org, &id)), &secrets).await?;
    let stored = StoredEndpoint {
        id: id.clone(),
        org: who.org.clone(),
        url: url.to_owned(),
        events: events.join(" "),
        sealed,
        version: 1,
        created_at: change.now(),
    };
    change.add_endpoint(&stored).await?;
    let event = Event::new("webhook.endpoint_added")
        .by(&who.org, &who.user)
        .on(&id)
        .with(json!({"url": url, "events": events}));
    change.commit_with(event).await?;
    Ok(Ok(Made { id, secret }))
}

/// Gives an endpoint another secret, shown once; events are signed with the one before, too, until the next change.
pub(crate) async fn renew(ledger: &Ledger, who: &Identity, id: &str) -> Result<Made, Refusal> {
    let mut change = ledger.begin().await?;
    let stored = change.endpoint(&who.org, id).await?.ok_or(Refusal::Missing)?;
    let before = open(&mut change, &ledger.ring, Context(&place(&who.org, id)), &stored.sealed).await?;
    let secret = new_secret()?;
    let webhook = std::iter::once(secret.clone()).chain(before.webhook.first().cloned()).collect();
    let secrets = Secrets { key: String::new(), webhook };
    let sealed = seal(&mut change, &ledger.ring, Context(&place(&who.org, id)), &secrets).await?;
    if !change.reseal_endpoint(id, stored.version, sealed).await? {
        return Err(Refusal::NotAllowed("the endpoint was changed at the same moment: try again"));
    }
    let event = Event::new("webhook.secret_renewed").by(&who.org, &who.user).on(id);
    change.commit_with(event).await?;
    Ok(Made { id: id.to_owned(), secret })
}

/// Removes an endpoint. What waits for it is given up.
pub(crate) async fn remove(ledger: &Ledger, who: &Identity, id: &str) -> Result<(), Refusal> {
    let mut change = ledger.begin().await?;
    if !change.remove_endpoint(&who.org, id).await? {
        return Err(Refusal::Missing);
    }
    let event = Event::new("webhook.endpoint_removed").by(&who.org, &who.user).on(id);
    change.commit_with(event).await?;
    Ok(())
}

/// What providers have told, the newest first.
pub(crate) async fn told(ledger: &Ledger, org: &str, limit: i64) -> Result<Vec<ProviderEvent>, Error> {
    ledger.connection().await?.provider_events(org, limit).await
}
