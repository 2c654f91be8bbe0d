//! Payments by Stripe.

use std::sync::Arc;

use milkrun::CancelToken;
use milkrun_sources::SetupError;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use crate::capabilities::{Customer, Invoice, Payments, Provider, Receipt};
use crate::client::{Account, Ask, Client, ClientOptions, json, text_at};
use crate::error::CallError;
use crate::guard::Health;

/// The provider's name.
const NAME: &str = "stripe";
/// The release of its interface that answers are read by.
const VERSION: &str = "2025-09-30.clover";

/// An account at Stripe. It honours keys for a day at least, and answers what is asked again with what it said first, be it that it
/// failed.
#[derive(Clone, Debug)]
pub struct Stripe {
    client: Arc<Client>,
    authorization: SecretString,
    price: u64,
}

impl Stripe {
    /// An account; its secret is a secret or restricted key.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if the address or a setting cannot be used.
    pub fn new(account: Account, options: ClientOptions) -> Result<Self, SetupError> {
        let address = account.address.as_deref().unwrap_or("https://api.stripe.com");
        let authorization = SecretString::from(format!("Bearer {}", account.secret.expose_secret()));
        let client = Client::new(NAME, address, vec![account.secret], options)?;
        Ok(Self { client: Arc::new(client), authorization, price: account.price })
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
    /// Reads a list; gives its objects.
    fn list(&self, call: &'static str, path: &str, cancel: &CancelToken) -> Result<Vec<Value>, CallError> {
        let ask =
            Ask::get(call, path).with("authorization", self.authorization.clone()).with("stripe-version", VERSION);
        self.client.call(&ask, cancel, &|answer| {
            let mut value = json(answer)?;
            match (text_at(&value, "/object")?.as_str(), value["data"].take()) {
                ("list" | "search_result", Value::Array(data)) => Ok(data),
                (object, _) => Err(format!("it is {object:?} and not a list")),
            }
        })
    }

    /// The invoice that was made under a key, if there is one, and whether it is a draft still: among the last hundred of the customer,
    /// or, where the customer was another one then or has more, by a search, which knows of what was made a minute ago.
    fn known(&self, customer: &str, key: &str, cancel: &CancelToken) -> Result<Option<(String, bool)>, CallError> {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("customer", customer).finish();
        let all = self.list("invoices of a customer", &format!("/v1/invoices?{query}&limit=100"), cancel)?;
        let is_own = |invoice: &&Value| invoice["metadata"]["key"] == key;
        let mut own = all.iter().find(is_own);
        let found;
        if own.is_none() {
            let asked = format!("metadata['key']:'{key}'");
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("query", &asked).finish();
            found = self.list("invoices of a key", &format!("/v1/invoices/search?{query}&limit=10"), cancel)?;
            own = found.iter().find(is_own);
        }
        Ok(own.and_then(|invoice| Some((invoice["id"].as_str()?.to_owned(), invoice["status"] == "draft"))))
    }

    /// The numbers of the items that a draft has.
    fn items_of(&self, invoice: &str, cancel: &CancelToken) -> Result<Vec<String>, CallError> {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("invoice", invoice).finish();
        let all = self.list("items of an invoice", &format!("/v1/invoiceitems?{query}&limit=100"), cancel)?;
        Ok(all.iter().filter_map(|item| item["metadata"]["item"].as_str().map(str::to_owned)).collect())
    }
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
    fn customer(&self, customer: &Customer, key: &str, cancel: &CancelToken) -> Result<Receipt, CallError> {
        let Customer { code, name, email } = customer;
        let fields = [("name", name.as_str()), ("email", email), ("metadata[code]", code)];
        let made =
            self.post(("a customer", "/v1/customers"), &fields, format!("{key}-customer"), "customer", cancel)?;
        Ok(made.0)
    }

    fn invoice(&self, invoice: &Invoice, key: &str, cancel: &CancelToken) -> Result<Receipt, CallError> {
        let Invoice { customer, currency, items, days_until_due } = invoice;
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
                (self.post(place, &fields, format!("{key}-invoice"), "invoice", cancel)?.0.reference, Vec::new())
            }
        };
        for (i, item) in items.iter().enumerate().filter(|(i, _)| !done.contains(&i.to_string())) {
            let amount = item.unit_amount.saturating_mul(item.quantity.into()).to_string();
            let description = if item.quantity == 1 {
                item.description.clone()
            } else {
                format!("{} × {}", item.quantity, item.description)
            };
            let number = i.to_string();
            let fields = [
                ("customer", customer.as_str()),
                ("invoice", &reference),
                ("currency", currency),
                ("amount", &amount),
                ("description", &description),
                ("metadata[item]", &number),
            ];
            let place = ("an item of an invoice", "/v1/invoiceitems");
            self.post(place, &fields, format!("{key}-item-{i}"), "invoiceitem", cancel)?;
        }
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
