//! Payments by Stripe.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest;
use data_encoding::HEXLOWER;
use milkrun::CancelToken;
use milkrun_sources::SetupError;
use milkrun_sources::web::Method;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::capabilities::{Customer, Invoice, InvoiceItem, NotInvoiced, Payments, Provider, Receipt, Remains};
use crate::client::{Account, Ask, Client, ClientOptions, json, text_at};
use crate::error::CallError;
use crate::guard::Health;

/// The provider's name.
const NAME: &str = "stripe";
/// The release of its interface that answers are read by.
const VERSION: &str = "2025-09-30.clover";
/// Pages of a customer's invoices, a hundred each, among which one is looked for.
const PAGES: usize = 10;
/// Bytes of a secret's digest that name it: nothing of the secret follows from them.
const DIGEST: usize = 8;

/// An account at Stripe. It honours keys for a day at least, and answers what is asked again with what it said first, be it that it
/// failed.
#[derive(Clone, Debug)]
pub struct Stripe {
    client: Arc<Client>,
    authorization: SecretString,
    price: u64,
    /// A name for the secret.
    by_secret: String,
    /// Whether the secret is of the account's test mode, which knows nothing of what is live.
    is_test: bool,
    /// The account's name, once it was asked for.
    account: Arc<OnceLock<String>>,
}

impl Stripe {
    /// An account; its secret is a secret or restricted key.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if the address or a setting cannot be used.
    pub fn new(account: Account, options: ClientOptions) -> Result<Self, SetupError> {
        let address = account.address.as_deref().unwrap_or("https://api.stripe.com");
        let secret = account.secret.expose_secret();
        let authorization = SecretString::from(format!("Bearer {secret}"));
        let named = digest::digest(&digest::SHA256, secret.as_bytes());
        let by_secret = format!("key-{}", HEXLOWER.encode(&named.as_ref()[..DIGEST]));
        let is_test = ["sk_test_", "rk_test_"].iter().any(|mode| secret.starts_with(mode));
        let client = Arc::new(Client::new(NAME, address, vec![account.secret], options)?);
        Ok(Self { client, authorization, price: account.price, by_secret, is_test, account: Arc::default() })
    }

    /// A call that reads, or deletes.
    fn ask(&self, call: &'static str, method: Method, path: &str) -> Ask {
        let ask = Ask { method, ..Ask::get(call, path) };
        ask.with("authorization", self.authorization.clone()).with("stripe-version", VERSION)
    }

    /// Posts a form under a key; gives the object, which must be of the kind that was asked for.
    fn post(
        &self,
        (call, path): (&'static str, &str),
        fields: &[(&str, &str)],
        key: String,
        kind: &str,
        cancel: &CancelToken,
    ) -> Result<(Receipt, Value), CallError> {
        let ask = Ask::form(call, path, fields)
            .with("authorization", self.authorization.clone())
            .with("stripe-version", VERSION)
            .keyed("idempotency-key", key)
            .costing(if kind == "invoice" && path.ends_with("/finalize") { self.price } else { 0 });
        self.client.call(&ask, cancel, &|answer| {
            let value = json(answer)?;
            match text_at(&value, "/object")? {
                object if object == kind => Ok((Receipt { reference: text_at(&value, "/id")? }, value)),
                object => Err(format!("it is {object:?} and not {kind:?}")),
            }
        })
    }
}

impl Stripe {
    /// Reads a list; gives its objects, and whether it goes on.
    fn list(&self, call: &'static str, path: &str, cancel: &CancelToken) -> Result<(Vec<Value>, bool), CallError> {
        self.client.call(&self.ask(call, Method::Get, path), cancel, &|answer| {
            let mut value = json(answer)?;
            let has_more = value["has_more"] == true;
            match (text_at(&value, "/object")?.as_str(), value["data"].take()) {
                ("list" | "search_result", Value::Array(data)) => Ok((data, has_more)),
                (object, _) => Err(format!("it is {object:?} and not a list")),
            }
        })
    }

    /// The invoice that was made under a key, if there is one, and whether it is a draft still. All attempts name the same customer, whose
    /// invoices are listed as they stand: that is certain. Only where the account does not know the customer, or there are a thousand newer
    /// ones, it is searched for, which finds what was made a minute ago.
    fn known(&self, customer: &str, key: &str, cancel: &CancelToken) -> Result<Option<(String, bool)>, CallError> {
        let own = |all: &[Value]| {
            let own = all.iter().find(|invoice| invoice["metadata"]["key"] == key)?;
            Some((own["id"].as_str()?.to_owned(), own["status"] == "draft"))
        };
        let of = form_urlencoded::Serializer::new(String::new()).append_pair("customer", customer).finish();
        let mut from = String::new();
        for _ in 0..PAGES {
            let path = format!("/v1/invoices?{of}&limit=100{from}");
            let (all, has_more) = match self.list("invoices of a customer", &path, cancel) {
                Err(CallError::Refused { status: Some(400 | 404), .. }) => break,
                listed => listed?,
            };
            if let Some(own) = own(&all) {
                return Ok(Some(own));
            }
            match all.last().and_then(|last| last["id"].as_str()).filter(|_| has_more) {
                Some(last) => from = format!("&starting_after={last}"),
                None => return Ok(None),
            }
        }
        let asked = format!("metadata['key']:'{key}'");
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("query", &asked).finish();
        let path = format!("/v1/invoices/search?{query}&limit=10");
        Ok(own(&self.list("invoices of a key", &path, cancel)?.0))
    }

    /// The items that a draft has.
    fn items_of(&self, invoice: &str, cancel: &CancelToken) -> Result<Vec<Item>, CallError> {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("invoice", invoice).finish();
        let (all, _) = self.list("items of an invoice", &format!("/v1/invoiceitems?{query}&limit=100"), cancel)?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let item = |item: &Value| Item {
            id: text(&item["id"]),
            number: text(&item["metadata"]["item"]),
            amount: item["amount"].as_i64(),
        };
        Ok(all.iter().map(item).collect())
    }

    /// Checks that a draft has the items of an invoice, each once, and nothing else: a person may have written into it.
    fn check(&self, invoice: &Invoice, reference: &str, cancel: &CancelToken) -> Result<(), CallError> {
        let there = self.items_of(reference, cancel)?;
        let is_there = |(i, amount): (usize, i64)| {
            let mut own = there.iter().filter(|item| item.number == i.to_string());
            own.next().is_some_and(|item| item.amount == Some(amount)) && own.next().is_none()
        };
        if there.len() == invoice.items.len() && invoice.items.iter().map(amount_of).enumerate().all(is_there) {
            return Ok(());
        }
        let call = "items of an invoice";
        if there.len() < invoice.items.len() {
            // They may show a moment later.
            let problem = format!("the draft {reference} has fewer items than it was given");
            return Err(CallError::Unexpected { provider: NAME, call, problem });
        }
        Err(CallError::Refused {
            provider: NAME,
            call,
            status: None,
            problem: format!("the draft {reference} has other items than it was given"),
            remedy: "delete it there with its items, and say that the invoice was not made",
        })
    }

    /// Whether the account has a customer.
    fn has_customer(&self, customer: &str, cancel: &CancelToken) -> Result<bool, CallError> {
        let path: String = form_urlencoded::byte_serialize(customer.as_bytes()).collect();
        let ask = self.ask("the customer", Method::Get, &format!("/v1/customers/{path}"));
        match self.client.call(&ask, cancel, &|answer| Ok(json(answer)?["deleted"] != true)) {
            Err(CallError::Refused { status: Some(404), .. }) => Ok(false),
            asked => asked,
        }
    }

    /// What is there of an invoice that was refused and of which nothing was made, or is left.
    fn remains_of(&self, error: &CallError, customer: &str, cancel: &CancelToken) -> Remains {
        if !is_for_its_content(error) {
            return Remains::Unknown;
        }
        match self.has_customer(customer, cancel) {
            Ok(false) => Remains::NoCustomer,
            // If that cannot be had, it is asked with the next refusal.
            Ok(true) | Err(_) => Remains::Nothing,
        }
    }

    /// Gives a draft the items that it does not have yet, and sends it.
    fn complete(
        &self,
        (invoice, reference): (&Invoice, &str),
        key: &str,
        done: &[Item],
        cancel: &CancelToken,
    ) -> Result<Receipt, CallError> {
        let Invoice { customer, currency, items, .. } = invoice;
        for (i, item) in items.iter().enumerate() {
            let number = i.to_string();
            if done.iter().any(|item| item.number == number) {
                continue;
            }
            let amount = amount_of(item).to_string();
            let description = if item.quantity == 1 {
                item.description.clone()
            } else {
                format!("{} × {}", item.quantity, item.description)
            };
            let fields = [
                ("customer", customer.as_str()),
                ("invoice", reference),
                ("currency", currency),
                ("amount", &amount),
                ("description", &description),
                ("metadata[item]", &number),
            ];
            let place = ("an item of an invoice", "/v1/invoiceitems");
            self.post(place, &fields, format!("{key}-item-{i}"), "invoiceitem", cancel)?;
        }
        self.check(invoice, reference, cancel)?;
        let path = format!("/v1/invoices/{reference}/finalize");
        let place = ("the end of an invoice", path.as_str());
        let fields = [("auto_advance", "true")];
        let (receipt, value) = self.post(place, &fields, format!("{key}-final"), "invoice", cancel)?;
        match value["status"].as_str() {
            // One of nothing is paid at once.
            Some("open" | "paid") => Ok(receipt),
            status => {
                let problem = format!("the invoice is {}", status.unwrap_or("without a status"));
                Err(CallError::Unexpected { provider: NAME, call: place.0, problem })
            }
        }
    }

    /// Takes back a draft that was refused for what is in it, with its items, which others would be billed with.
    fn take_back(&self, (reference, customer): (&str, &str), why: CallError, cancel: &CancelToken) -> NotInvoiced {
        let delete = |path: String| {
            let ask = self.ask("a draft that is taken back", Method::Delete, &path);
            match self.client.call(&ask, cancel, &|_| Ok(())) {
                Ok(()) | Err(CallError::Refused { status: Some(404), .. }) => Ok(()),
                Err(error) => Err(error),
            }
        };
        let all = || {
            for item in self.items_of(reference, cancel)? {
                delete(format!("/v1/invoiceitems/{}", item.id))?;
            }
            delete(format!("/v1/invoices/{reference}"))
        };
        match all() {
            Ok(()) => NotInvoiced { remains: self.remains_of(&why, customer, cancel), error: why },
            // What stays there is gone on with, or taken back, by another attempt.
            Err(error) if error.is_final() => {
                let problem = format!("{why}; the draft {reference} stays, since it cannot be taken back: {error}");
                CallError::Unexpected { provider: NAME, call: "a draft that is taken back", problem }.into()
            }
            Err(error) => error.into(),
        }
    }
}

/// An item of a draft: its name there, its number among the invoice's, and what is to be paid for it.
struct Item {
    id: String,
    number: String,
    amount: Option<i64>,
}

/// What is to be paid for an item of an invoice.
fn amount_of(item: &InvoiceItem) -> i64 {
    item.unit_amount.saturating_mul(item.quantity.into())
}

/// Whether something is refused for what is in it, and not since access or the address are wrong.
fn is_for_its_content(error: &CallError) -> bool {
    matches!(error, CallError::Refused { status: Some(400 | 402 | 404..=499), .. })
}

impl Provider for Stripe {
    fn name(&self) -> &'static str {
        NAME
    }

    fn honours_keys(&self) -> bool {
        true
    }

    fn health(&self) -> Option<Health> {
        Some(self.client.health())
    }
}

impl Payments for Stripe {
    fn account(&self, cancel: &CancelToken) -> Result<String, CallError> {
        if let Some(known) = self.account.get() {
            return Ok(known.clone());
        }
        let ask = self.ask("the account", Method::Get, "/v1/account");
        let asked = self.client.call(&ask, cancel, &|answer| {
            let value = json(answer)?;
            match text_at(&value, "/object")? {
                object if object == "account" => text_at(&value, "/id"),
                object => Err(format!("it is {object:?} and not an account")),
            }
        });
        let account = match asked {
            // A restricted key may not ask. It is of one account, as is all that is sent with it.
            Err(CallError::Refused { status: Some(403), .. }) => self.by_secret.clone(),
            asked if self.is_test => format!("{} (test)", asked?),
            asked => asked?,
        };
        Ok(self.account.get_or_init(|| account).clone())
    }

    fn customer(&self, customer: &Customer, key: &str, cancel: &CancelToken) -> Result<Receipt, CallError> {
        let Customer { code, name, email } = customer;
        let fields = [("name", name.as_str()), ("email", email), ("metadata[code]", code)];
        let made =
            self.post(("a customer", "/v1/customers"), &fields, format!("{key}-customer"), "customer", cancel)?;
        Ok(made.0)
    }

    fn invoice(&self, invoice: &Invoice, key: &str, cancel: &CancelToken) -> Result<Receipt, NotInvoiced> {
        let Invoice { customer, currency, days_until_due, .. } = invoice;
        // Keys are forgotten after some days; what is written on the invoice is not.
        let (reference, done) = match self.known(customer, key, cancel)? {
            Some((reference, false)) => return Ok(Receipt { reference }),
            Some((reference, true)) => {
                let done = self.items_of(&reference, cancel)?;
                (reference, done)
            }
            None => {
                let days = days_until_due.to_string();
                let fields = [
                    ("customer", customer.as_str()),
                    ("currency", currency),
                    ("collection_method", "send_invoice"),
                    ("days_until_due", &days),
                    // What else waits for this customer is not ours.
                    ("pending_invoice_items_behavior", "exclude"),
                    ("metadata[key]", key),
                ];
                let place = ("an invoice", "/v1/invoices");
                let made = self.post(place, &fields, format!("{key}-invoice"), "invoice", cancel);
                let made =
                    made.map_err(|error| NotInvoiced { remains: self.remains_of(&error, customer, cancel), error })?;
                (made.0.reference, Vec::new())
            }
        };
        self.complete((invoice, &reference), key, &done, cancel).map_err(|error| {
            if is_for_its_content(&error) {
                self.take_back((&reference, customer), error, cancel)
            } else {
                error.into()
            }
        })
    }

    fn refund(
        &self,
        payment: &str,
        amount: Option<i64>,
        key: &str,
        cancel: &CancelToken,
    ) -> Result<Receipt, CallError> {
        let amount = amount.map(|amount| amount.to_string());
        let mut fields = vec![("payment_intent", payment)];
        fields.extend(amount.as_deref().map(|amount| ("amount", amount)));
        Ok(self.post(("a refund", "/v1/refunds"), &fields, format!("{key}-refund"), "refund", cancel)?.0)
    }
}
