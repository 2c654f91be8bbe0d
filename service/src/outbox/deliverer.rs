//! Sends what waits in the outbox, one row at a time; several, in one process or many, share it.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use milkrun::CancelToken;
use milkrun_providers::{CallError, HttpSettings, NotInvoiced, Patience, Receipt, Remains, Wait, chance};
use serde_json::json;
use tokio::sync::{Notify, watch};
use tracing::{Instrument as _, Span};

use super::invoices::{self, Beginning};
use super::routes::{self, Turn};
use super::{Content, ToInvoice, content};
use crate::audit::{Event, Ledger};
use crate::background::{CancelOnDrop, POLL};
use crate::config::Outside;
use crate::crypto::bearer_secret;
use crate::error::Error;
use crate::providers::{Hub, Live, Unusable};
use crate::storage::outbox::{Later, NOTHING, Outgoing, QUEUE, UNCERTAIN, WHAT_WAS_SENT};
use crate::storage::queue::Claim;
use crate::storage::{Outbox as _, Webhooks as _};
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
    Not(NotInvoiced),
    /// There is no adapter, or the endpoint is gone: a reason to wait.
    Without(String),
    /// It cannot be sent; and what there is of it, if it is an invoice.
    Never(String, Remains),
    /// There is nothing to be done.
    Nothing,
}

impl Ended {
    fn broken_off() -> Self {
        Self::Without("sending broke off".to_owned())
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
            return self.give_up(of, None, "it was begun too often without an end", Remains::Unknown).await;
        }
        let mut connection = self.ledger.connection().await?;
        let Some(row) = connection.outgoing(&claim.id).await? else { return Ok(()) };
        let content = content(&mut connection, &self.ledger.ring, &row).await;
        drop(connection);
        let content = match content {
            Ok(content) => content,
            Err(error) if error.is_outage() => return Err(error),
            Err(error) => return self.give_up(of, Some(&row), &error.to_string(), Remains::Unknown).await,
        };
        // A version of a route that stays there though another one is newer is taken back below.
        let remains = match &content {
            Content::Route(_) if row.remains == UNCERTAIN => UNCERTAIN,
            Content::Route(route) if !route.stops.is_empty() => WHAT_WAS_SENT,
            _ => NOTHING,
        };
        match self.send(of, &row, content, stop).await? {
            Ended::Sent(provider, receipt) => {
                let mut change = self.ledger.begin().await?;
                let now = change.now();
                let is_own = change.mark_sent(of, provider, &receipt.reference, now).await?;
                if is_own && row.kind == "invoice" {
                    let by = (provider, receipt.reference.as_str());
                    invoices::sent(&mut change, (&row.org, &row.target), by, now).await?;
                }
                if is_own && row.kind == "route" && !provider.is_empty() {
                    change.set_remains(&row, remains).await?;
                }
                let came_late = !is_own && row.kind == "route" && change.is_superseded(&row).await?;
                change.commit().await?;
                // Another worker has sent a newer version while this one was under way.
                if came_late && !matches!(self.take_back(&row, stop).await?, Some(Ok(()))) {
                    tracing::warn!(outbox = row.id, "an older version of a route came late, and may still be there");
                }
                count(&row, if provider.is_empty() { "superseded" } else { "sent" });
                Ok(())
            }
            Ended::Never(why, remains) => self.give_up(of, Some(&row), &why, remains).await,
            Ended::Without(why) => self.put_off(of, &row, HELD_BACK, (false, &why)).await,
            Ended::Not(not) => self.failed(of, &row, &not).await,
            Ended::Nothing => Ok(()),
        }
    }

    /// Sends a row by the organisation's provider.
    async fn send(
        &self,
        of: (&str, &str),
        row: &Outgoing,
        content: Content,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<Ended, Error> {
        let live = match &content {
            Content::Message(_) => self.hub.adapter(&row.org, "messages").await,
            Content::Mail(_) => self.hub.adapter(&row.org, "mail").await,
            Content::Invoice(_) => self.hub.adapter(&row.org, "payments").await,
            Content::Route(_) => self.hub.adapter(&row.org, "telematics").await,
            Content::Webhook(_) => {
                let stored = self.ledger.connection().await?.endpoint(&row.org, &row.target).await?;
                let Some(stored) = stored else {
                    return Ok(Ended::Never("the endpoint was removed".to_owned(), Remains::Nothing));
                };
                self.hub.endpoint(&stored).await
            }
        };
        let live = match live {
            Ok(live) => live,
            // Whoever mends the settings finds it waiting.
            Err(error) => return Ok(Ended::Without(error.to_string())),
        };
        let (provider, key, seconds) = (live.provider(), row.id.clone(), self.ledger.clock.now() / 1_000);
        let sent = match (content, live.clone()) {
            (Content::Invoice(mut to_send), Live::Payments(payments)) => {
                let key = match self.begun(row, &to_send, &live, stop).await? {
                    Ok((customer, key)) => {
                        to_send.invoice.customer = customer;
                        key
                    }
                    Err(ended) => return Ok(ended),
                };
                asked(&live, stop, move |cancel| payments.invoice(&to_send.invoice, &key, cancel)).await
            }
            (Content::Route(route), Live::Telematics(telematics)) => match routes::turn(&self.ledger, of, row).await? {
                Turn::Send(replaced) => {
                    let send = move |cancel: &CancelToken| {
                        telematics.dispatch(&route, &key, &replaced, cancel).map_err(NotInvoiced::from)
                    };
                    asked(&live, stop, send).await
                }
                Turn::Wait => return Ok(Ended::Without("an older version of it is being sent".to_owned())),
                Turn::Superseded { may_be_there: true } => match self.take_back(row, stop).await? {
                    Some(Err(error)) => Some(Err(error.into())),
                    Some(Ok(())) => return Ok(Ended::Sent("", Receipt { reference: String::new() })),
                    None => None,
                },
                // The vehicle has another route by now, which may be there already.
                Turn::Superseded { .. } => return Ok(Ended::Sent("", Receipt { reference: String::new() })),
                Turn::Lost => return Ok(Ended::Nothing),
            },
            (content, own) => {
                let send = move |cancel: &CancelToken| {
                    call(&own, &content, (&key, seconds), cancel).map_err(NotInvoiced::from)
                };
                asked(&live, stop, send).await
            }
        };
        Ok(match sent {
            Some(Ok(receipt)) => Ended::Sent(provider, receipt),
            Some(Err(not)) => Ended::Not(not),
            None => Ended::broken_off(),
        })
    }

    /// Takes back what may be there of a route; `None`: it broke off, or there is no adapter.
    async fn take_back(
        &self,
        row: &Outgoing,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<Option<Result<(), CallError>>, Error> {
        let live = match self.hub.adapter(&row.org, "telematics").await {
            Ok(live) => live,
            Err(Unusable::Inner(error)) => return Err(error),
            Err(Unusable::Setting(_)) => return Ok(None),
        };
        let Live::Telematics(telematics) = live.clone() else { return Ok(None) };
        let key = row.id.clone();
        Ok(asked(&live, stop, move |cancel| telematics.take_back(&key, cancel)).await)
    }

    /// The provider's name for the customer of an invoice, who is made known if need be, and the key under which it is made.
    async fn begun(
        &self,
        row: &Outgoing,
        to_send: &ToInvoice,
        live: &Live,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<Result<(String, String), Ended>, Error> {
        let Live::Payments(payments) = live.clone() else { return Ok(Err(Ended::broken_off())) };
        let account = match asked(live, stop, move |cancel| payments.account(cancel)).await {
            Some(Ok(account)) => account,
            Some(Err(error)) => return Ok(Err(Ended::Not(error.into()))),
            None => return Ok(Err(Ended::broken_off())),
        };
        let at = (live.provider(), account.as_str());
        let (begun, id, customer, key) = match invoices::begin(&self.ledger, row, &to_send.payer, at).await? {
            Beginning::Ready(begun) => return Ok(Ok((begun.customer, begun.key))),
            Beginning::New { begun, row, customer, key } => (begun, row, customer, key),
            Beginning::Not(why, remains) => return Ok(Err(Ended::Never(why, remains))),
        };
        let Live::Payments(payments) = live.clone() else { return Ok(Err(Ended::broken_off())) };
        let made = asked(live, stop, move |cancel| payments.customer(&customer, &key, cancel)).await;
        match made {
            Some(Ok(receipt)) => {
                let of = (row.target.as_str(), account.as_str(), begun.key.as_str());
                let customer = invoices::remember(&self.ledger, of, &id, &receipt.reference).await?;
                Ok(customer.map(|customer| (customer, begun.key)).ok_or_else(Ended::broken_off))
            }
            // Without a customer, there is nothing of the invoice.
            Some(Err(error)) => Ok(Err(Ended::Not(NotInvoiced { error, remains: Remains::Nothing }))),
            None => Ok(Err(Ended::broken_off())),
        }
    }

    /// Puts a row off, or gives it up.
    async fn failed(&self, of: (&str, &str), row: &Outgoing, not: &NotInvoiced) -> Result<(), Error> {
        let NotInvoiced { error, remains } = not;
        let why = error.to_string();
        if error.is_final() {
            return self.give_up(of, Some(row), &why, *remains).await;
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
            Wait::TooOften | Wait::TooLong(_) => self.give_up(of, Some(row), &why, *remains).await,
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
    async fn give_up(
        &self,
        (name, id): (&str, &str),
        row: Option<&Outgoing>,
        why: &str,
        remains: Remains,
    ) -> Result<(), Error> {
        let mut change = self.ledger.begin().await?;
        let now = change.now();
        let known = change.outgoing(id).await?;
        if QUEUE.end(&mut change, (name, id), ("dead", Some(why)), now).await?
            && let Some(known) = &known
        {
            if known.kind == "invoice" {
                invoices::given_up(&mut change, &known.target, why, remains).await?;
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
async fn asked<T: Send + 'static>(
    live: &Live,
    stop: &mut watch::Receiver<bool>,
    ask: impl FnOnce(&CancelToken) -> T + Send + 'static,
) -> Option<T> {
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
        (Live::Endpoint(endpoint), Content::Webhook(body)) => endpoint.deliver(key, seconds, body.as_bytes(), cancel),
        _ => {
            let (provider, problem) = (live.provider(), "it sends something else".to_owned());
            Err(CallError::Unavailable { provider, problem })
        }
    }
}
