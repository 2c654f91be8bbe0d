//! What providers tell.

use std::collections::HashSet;

use milkrun_providers::webhooks::{Fate, Incoming, Scheme, Unverified};
use secrecy::SecretString;
use serde_json::json;

use crate::audit::{Event, Ledger};
use crate::error::Error;
use crate::providers::open_account;
use crate::storage::billing::Settled;
use crate::storage::webhooks::Told;
use crate::storage::{Accounts as _, Billing as _, ProviderAccounts as _, Webhooks as _};

/// Why a request of a provider is refused.
#[derive(Debug)]
pub(crate) enum Refused {
    /// There is no such account, or its provider sends none.
    Missing,
    /// It is not from the provider, or too old.
    Unverified(Unverified),
    /// Something failed inside.
    Inner(Error),
}

impl<E: Into<Error>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Inner(error.into())
    }
}

/// What became of the events of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Received {
    /// Events that are new.
    pub(crate) new: usize,
    /// Events that came before.
    pub(crate) known: usize,
}

/// Verifies a request, and keeps its events, each once, whatever they are; all of them or none.
pub(crate) async fn receive(ledger: &Ledger, account: &str, incoming: &Incoming<'_>) -> Result<Received, Refused> {
    let mut connection = ledger.connection().await?;
    let account = connection.provider_account_of_id(account).await?.ok_or(Refused::Missing)?;
    let scheme = Scheme::of(&account.provider).ok_or(Refused::Missing)?;
    let secrets = open_account(&mut connection, &ledger.ring, &account).await?;
    drop(connection);
    let mut keys: Vec<SecretString> = secrets.webhook.iter().map(|secret| secret.as_str().into()).collect();
    if keys.is_empty() && scheme == Scheme::Twilio {
        // It signs with the account's token.
        keys.push(secrets.key.as_str().into());
    }
    let events = scheme.verify(incoming, &keys);
    let word = if events.is_ok() { "verified" } else { "refused" };
    metrics::counter!("milkrun_webhooks_total", "provider" => account.provider.clone(), "ended" => word).increment(1);
    let events = events.map_err(|why| {
        tracing::warn!(provider = account.provider, %why, "a webhook was refused");
        Refused::Unverified(why)
    })?;
    let mut received = Received::default();
    let mut seen = HashSet::new();
    let mut change = ledger.begin().await?;
    let now = change.now();
    if events.iter().any(|event| scheme.invoice(event).is_some()) {
        // Whoever notes at this very moment that the invoice was sent waits, or has done so.
        change.hold_organisation(&account.org).await?;
    }
    for event in &events {
        if !seen.insert(event.id.as_str()) {
            received.known += 1;
            continue;
        }
        let (fate, invoice) = (scheme.fate(event), scheme.invoice(event));
        let became = |fate: &Fate| if fate.is_delivered { "delivered" } else { "failed" };
        let told = Told {
            account: &account.id,
            id: &event.id,
            org: &account.org,
            provider: &account.provider,
            kind: &event.kind,
            content: &event.content,
            fate: match (&fate, &invoice) {
                (Some(fate), _) => (fate.reference.as_str(), became(fate)),
                (None, Some((reference, state))) => (reference.as_str(), state),
                (None, None) => ("", ""),
            },
        };
        let is_new = change.keep_provider_event(told, now).await?;
        if let Some((reference, state)) = &invoice
            && is_new
            && let Some(settled) = Settled::of(state)
            && let Some(id) = change.settle(&account.org, (&account.provider, reference), settled, now).await?
        {
            let event = Event::new("invoice.settled").of(&account.org).on(&id).with(json!({"state": state}));
            change.note(event).await?;
        }
        received.new += usize::from(is_new);
        received.known += usize::from(!is_new);
    }
    change.commit().await?;
    Ok(received)
}
