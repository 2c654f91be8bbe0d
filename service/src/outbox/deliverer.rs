//! Sends what waits in the outbox, one row at a time; several, in one process or many, share it.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use milkrun::CancelToken;
use milkrun_providers::{CallError, HttpSettings, Patience, Receipt, Wait, chance};
use serde_json::json;
use tokio::sync::{Notify, watch};
use tracing::{Instrument as _, Span};

use super::invoices::{self, Payer};
use super::{Content, ToInvoice, content};
use crate::audit::{Event, Ledger};
use crate::background::{CancelOnDrop, POLL};
use crate::config::Outside;
use crate::crypto::bearer_secret;
use crate::error::Error;
use crate::providers::{Hub, Live};
use crate::storage::outbox::{Later, Outgoing, QUEUE};
use crate::storage::queue::Claim;
use crate::storage::{Billing as _, Outbox as _, Webhooks as _};
use crate::traces;

/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_hours(1);
/// The longest wait that a provider may ask for.
const LONGEST_ASKED: Duration = Duration::from_hours(24);
/// The wait after a provider could not be asked at all, unless it says how long.
const HELD_BACK: Duration = Duration::from_secs(2);

/// What a deliverer needs.
#[derive(Clone, Debug)]
pub(crate) struct Deliverer {
    /// Changes, written down.
    pub(crate) ledger: Ledger,
    /// Limits.
    pub(crate) settings: Outside,
    /// The adapters.
    pub(crate) hub: Arc<Hub>,
    /// Told when something was written here.
    pub(crate) wake: Arc<Notify>,
}

/// How an attempt ended.
enum Ended {
    Sent(&'static str, Receipt),
    /// It was not sent, or it is not known.
    Not(CallError),
    /// There is no adapter, or the endpoint is gone: a reason to give up, or to wait.
    Without {
        why: String,
        is_final: bool,
    },
}

impl Ended {
    fn broken_off() -> Self {
        Self::Without { why: "sending broke off".to_owned(), is_final: false }
    }
}

impl Deliverer {
    /// Sends until a signal to stop.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let Ok(name) = bearer_secret() else { return };
        while !*stop.borrow() {
            match self.claim(&name).await {
                Ok(Some(claim)) => {
                    let span = traces::work("delivery", &claim.id, claim.trace.as_deref());
                    if let Err(error) = self.deliver(&name, &claim, &mut stop).instrument(span).await {
                        // The lease runs out, and the row is taken up again.
                        tracing::error!(outbox = claim.id, %error, "a row of the outbox was left behind");
                    }
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "the outbox cannot be read"),
            }
            tokio::select! {
                () = self.wake.notified() => {}
                () = tokio::time::sleep(POLL) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Claims the oldest row that is due.
    pub(crate) async fn claim(&self, name: &str) -> Result<Option<Claim>, Error> {
        let mut change = self.ledger.begin().await?;
        let now = change.now();
        let until = now + self.settings.lease_seconds * 1_000;
        let claim = QUEUE.claim(&mut change, &self.ledger.store, name, (now, until)).await?;
        change.commit().await?;
        Ok(claim)
    }

    /// Sends a row that was claimed, and writes down what became of it.
    pub(crate) async fn deliver(
        &self,
        name: &str,
        claim: &Claim,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<(), Error> {
        let of = (name, claim.id.as_str());
        if claim.is_hopeless {
            return self.give_up(of, None, "it was begun too often without an end").await;
        }
        let mut connection = self.ledger.connection().await?;
        let Some(row) = connection.outgoing(&claim.id).await? else { return Ok(()) };
        let content = content(&mut connection, &self.ledger.ring, &row).await;
        drop(connection);
        let content = match content {
            Ok(content) => content,
            Err(error) if error.is_outage() => return Err(error),
            Err(error) => return self.give_up(of, Some(&row), &error.to_string()).await,
        };
        if row.kind == "route" && self.ledger.connection().await?.is_superseded(&row).await? {
            // The vehicle has another route by now, which may be there already.
            let mut change = self.ledger.begin().await?;
            let now = change.now();
            change.mark_sent(of, "", "", now).await?;
            change.commit().await?;
            count(&row, "superseded");
            return Ok(());
        }
        match self.send(&row, content, stop).await? {
            Ended::Sent(provider, receipt) => {
                let mut change = self.ledger.begin().await?;
                let now = change.now();
                let is_own = change.mark_sent(of, provider, &receipt.reference, now).await?;
                if is_own && row.kind == "invoice" {
                    let by = (provider, receipt.reference.as_str());
                    invoices::sent(&mut change, (&row.org, &row.target), by, now).await?;
                }
                change.commit().await?;
                count(&row, "sent");
                Ok(())
            }
            Ended::Without { why, is_final: true } => self.give_up(of, Some(&row), &why).await,
            Ended::Without { why, is_final: false } => self.put_off(of, &row, HELD_BACK, (false, &why)).await,
            Ended::Not(error) => self.failed(of, &row, &error).await,
        }
    }

    /// Sends a row by the organisation's provider.
    async fn send(&self, row: &Outgoing, content: Content, stop: &mut watch::Receiver<bool>) -> Result<Ended, Error> {
        let live = match &content {
            Content::Message(_) => self.hub.adapter(&row.org, "messages").await,
            Content::Mail(_) => self.hub.adapter(&row.org, "mail").await,
            Content::Invoice(_) => self.hub.adapter(&row.org, "payments").await,
            Content::Route(_) => self.hub.adapter(&row.org, "telematics").await,
            Content::Webhook(_) => {
                let stored = self.ledger.connection().await?.endpoint(&row.org, &row.target).await?;
                let Some(stored) = stored else {
                    return Ok(Ended::Without { why: "the endpoint was removed".to_owned(), is_final: true });
                };
                self.hub.endpoint(&stored).await
            }
        };
        let live = match live {
            Ok(live) => live,
            // Whoever mends the settings finds it waiting.
            Err(error) => return Ok(Ended::Without { why: error.to_string(), is_final: false }),
        };
        let (provider, key, seconds) = (live.provider(), row.id.clone(), self.ledger.clock.now() / 1_000);
        let content = match content {
            Content::Invoice(to_send) => match self.addressed(row, *to_send, &live, stop).await? {
                Ok(to_send) => Content::Invoice(Box::new(to_send)),
                Err(ended) => return Ok(ended),
            },
            other => other,
        };
        let sent = asked(&live.clone(), stop, move |cancel| call(&live, &content, (&key, seconds), cancel)).await;
        Ok(match sent {
            Some(Ok(receipt)) => Ended::Sent(provider, receipt),
            Some(Err(error)) => Ended::Not(error),
            None => Ended::broken_off(),
        })
    }

    /// An invoice with the provider's name for the customer, who is made known if need be.
    async fn addressed(
        &self,
        row: &Outgoing,
        mut to_send: ToInvoice,
        live: &Live,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<Result<ToInvoice, Ended>, Error> {
        let (id, customer, key) = match invoices::payer(&self.ledger, &row.org, &to_send.payer).await? {
            Payer::Known(customer) => {
                to_send.invoice.customer = customer;
                return Ok(Ok(to_send));
            }
            Payer::New { row, customer, key } => (row, customer, key),
            Payer::Gone => {
                let why = format!("the payer {:?} is no longer there: import it again, and retry", to_send.payer);
                return Ok(Err(Ended::Without { why, is_final: true }));
            }
        };
        let Live::Payments(payments) = live.clone() else { return Ok(Err(Ended::broken_off())) };
        let made = asked(live, stop, move |cancel| payments.customer(&customer, &key, cancel)).await;
        match made {
            Some(Ok(receipt)) => {
                invoices::remember(&self.ledger, &id, &receipt.reference).await?;
                to_send.invoice.customer = receipt.reference;
                Ok(Ok(to_send))
            }
            Some(Err(error)) => Ok(Err(Ended::Not(error))),
            None => Ok(Err(Ended::broken_off())),
        }
    }

    /// Puts a row off, or gives it up.
    async fn failed(&self, of: (&str, &str), row: &Outgoing, error: &CallError) -> Result<(), Error> {
        let why = error.to_string();
        if error.is_final() {
            return self.give_up(of, Some(row), &why).await;
        }
        let asked = error.wait().map(|wait| wait.min(LONGEST_ASKED));
        if error.was_held_back() || matches!(error, CallError::Cancelled { .. }) {
            return self.put_off(of, row, asked.unwrap_or(HELD_BACK), (false, &why)).await;
        }
        let settings = HttpSettings {
            attempts: self.settings.attempts,
            first_wait: Duration::from_secs(self.settings.first_wait_seconds),
            longest_wait: LONGEST_WAIT,
            ..HttpSettings::default()
        };
        let attempt = u32::try_from(row.attempts).unwrap_or(u32::MAX);
        match Patience::new(&settings, chance).wait(attempt, None, SystemTime::UNIX_EPOCH) {
            Wait::For(own) => self.put_off(of, row, asked.map_or(own, |asked| asked.max(own)), (true, &why)).await,
            Wait::TooOften | Wait::TooLong(_) => self.give_up(of, Some(row), &why).await,
        }
    }

    async fn put_off(
        &self,
        of: (&str, &str),
        row: &Outgoing,
        wait: Duration,
        (counts, error): (bool, &str),
    ) -> Result<(), Error> {
        let due_at = self.ledger.clock.now().saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX / 2));
        let mut change = self.ledger.begin().await?;
        change.put_off_outgoing(of, Later { due_at, counts, error }).await?;
        change.commit().await?;
        count(row, if counts { "failed" } else { "held_back" });
        Ok(())
    }

    /// Makes it a dead letter, which an administrator can have sent again; and says so in the log of the organisation.
    async fn give_up(&self, (name, id): (&str, &str), row: Option<&Outgoing>, why: &str) -> Result<(), Error> {
        let mut change = self.ledger.begin().await?;
        let now = change.now();
        let known = change.outgoing(id).await?;
        if QUEUE.end(&mut change, (name, id), ("dead", Some(why)), now).await?
            && let Some(known) = &known
        {
            if known.kind == "invoice" {
                change.invoice_given_up(&known.target, why).await?;
            }
            let detail = json!({"kind": known.kind, "why": why});
            let event = Event { org: Some(&known.org), ..Event::new("outbox.gave_up") };
            change.note(event.on(id).with(detail)).await?;
        }
        change.commit().await?;
        if let Some(row) = row.or(known.as_ref()) {
            count(row, "gave_up");
        }
        Ok(())
    }
}

fn count(row: &Outgoing, ended: &'static str) {
    metrics::counter!("milkrun_outbox_total", "kind" => row.kind.clone(), "ended" => ended).increment(1);
    traces::ended(&Span::current(), ended);
    tracing::info!(outbox = row.id, kind = row.kind, ended, "a row of the outbox");
}

/// One call, away from the threads that answer requests; `None`: it broke off.
async fn asked(
    live: &Live,
    stop: &mut watch::Receiver<bool>,
    ask: impl FnOnce(&CancelToken) -> Result<Receipt, CallError> + Send + 'static,
) -> Option<Result<Receipt, CallError>> {
    let (cancel, span, honours_keys) = (CancelToken::new(), traces::call(live.provider()), live.honours_keys());
    let guard = CancelOnDrop(cancel.clone());
    let mut asking = tokio::task::spawn_blocking(move || span.in_scope(|| ask(&cancel)));
    let asked = tokio::select! {
        asked = &mut asking => asked,
        _ = stop.changed() => {
            // With a key, nothing is lost by sending it again; without, its end is waited for.
            if *stop.borrow() && honours_keys {
                guard.0.cancel();
            }
            asking.await
        }
    };
    asked.ok()
}

/// One call, which blocks.
fn call(
    live: &Live,
    content: &Content,
    (key, seconds): (&str, i64),
    cancel: &CancelToken,
) -> Result<Receipt, CallError> {
    match (live, content) {
        (Live::Messages(messages), Content::Message(message)) => messages.send(message, key, cancel),
        (Live::Mail(mail), Content::Mail(letter)) => mail.send(letter, key, cancel),
        (Live::Payments(payments), Content::Invoice(to_send)) => payments.invoice(&to_send.invoice, key, cancel),
        (Live::Telematics(telematics), Content::Route(route)) => telematics.dispatch(route, key, cancel),
        (Live::Endpoint(endpoint), Content::Webhook(body)) => endpoint.deliver(key, seconds, body.as_bytes(), cancel),
        _ => {
            let (provider, problem) = (live.provider(), "it sends something else".to_owned());
            Err(CallError::Unavailable { provider, problem })
        }
    }
}
