//! The adapters in use, made from stored accounts when they are needed.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use milkrun_providers::webhooks::Endpoint;
use milkrun_providers::{
    Account, ClientOptions, Health, HttpSettings, LocalOutbox, LocalPositions, Mail, Messages, Payments, Reach,
    Samsara, SendGrid, SetupError, Stripe, Telematics, Twilio,
};
use tokio::runtime::Handle;

use super::figures::Figures;
use super::purse::StoredPurse;
use super::{Secrets, open, open_account};
use crate::audit::Ledger;
use crate::config::Config;
use crate::crypto::Context;
use crate::error::Error;
use crate::storage::ProviderAccounts as _;
use crate::storage::providers::StoredAccount;
use crate::storage::webhooks::StoredEndpoint;
use crate::traces;

/// Adapters that are kept at most; beyond, all are made anew.
const MOST: usize = 10_000;

/// An adapter.
#[derive(Clone)]
pub(crate) enum Live {
    /// Of messages.
    Messages(Arc<dyn Messages>),
    /// Of mail.
    Mail(Arc<dyn Mail>),
    /// Of payments.
    Payments(Arc<dyn Payments>),
    /// Of telematics.
    Telematics(Arc<dyn Telematics>),
    /// A webhook's.
    Endpoint(Endpoint),
}

impl Live {
    /// The provider's name.
    pub(crate) fn provider(&self) -> &'static str {
        match self {
            Self::Messages(live) => live.name(),
            Self::Mail(live) => live.name(),
            Self::Payments(live) => live.name(),
            Self::Telematics(live) => live.name(),
            Self::Endpoint(_) => "webhook",
        }
    }

    /// Whether what is sent twice under one key is done once.
    pub(crate) fn honours_keys(&self) -> bool {
        match self {
            Self::Messages(live) => live.honours_keys(),
            Self::Mail(live) => live.honours_keys(),
            Self::Payments(live) => live.honours_keys(),
            Self::Telematics(live) => live.honours_keys(),
            // Receivers know an event by its id.
            Self::Endpoint(_) => true,
        }
    }

    /// How it does.
    pub(crate) fn health(&self) -> Option<Health> {
        match self {
            Self::Messages(live) => live.health(),
            Self::Mail(live) => live.health(),
            Self::Payments(live) => live.health(),
            Self::Telematics(live) => live.health(),
            Self::Endpoint(live) => Some(live.health()),
        }
    }
}

/// Why there is no adapter.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    /// A setting.
    #[error("{0}")]
    Setting(String),
    /// Something failed inside.
    #[error(transparent)]
    Inner(#[from] Error),
}

impl From<SetupError> for Unusable {
    fn from(error: SetupError) -> Self {
        Self::Setting(error.to_string())
    }
}

/// The adapters in use.
pub(crate) struct Hub {
    ledger: Ledger,
    /// Where what needs no account goes.
    folder: PathBuf,
    reach: Reach,
    /// By account or endpoint, with the version that they were made from.
    live: Mutex<HashMap<String, (i64, Live)>>,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hub(…)")
    }
}

impl Hub {
    /// Without any adapter yet.
    pub(crate) fn new(config: &Config, ledger: Ledger) -> Self {
        Self {
            ledger,
            folder: config.data.join("outbox"),
            reach: Reach::new(config.outside.private_addresses.iter().copied()),
            live: Mutex::default(),
        }
    }

    /// The places that webhooks may go to.
    pub(crate) fn reach(&self) -> Reach {
        self.reach.clone()
    }

    /// How an account or endpoint does, if it was used.
    pub(crate) fn health(&self, id: &str) -> Option<Health> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).get(id).and_then(|(_, live)| live.health())
    }

    /// Adapters by provider and state of their breakers.
    pub(crate) fn breakers(&self) -> HashMap<(&'static str, &'static str), u32> {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counts = HashMap::new();
        for (_, live) in live.values() {
            // All states are told, so that none stays behind when it changes.
            for state in ["closed", "open", "probing"] {
                counts.entry((live.provider(), state)).or_insert(0);
            }
            if let Some(health) = live.health() {
                *counts.entry((live.provider(), health.state.word())).or_insert(0) += 1;
            }
        }
        counts
    }

    fn known(&self, id: &str, version: i64) -> Option<Live> {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.get(id).filter(|(of, _)| *of == version).map(|(_, live)| live.clone())
    }

    /// Keeps an adapter, unless another one was made of the same version meanwhile: breakers and bulkheads must be one.
    fn keep(&self, id: &str, version: i64, new: Live) -> Live {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, known)) = live.get(id)
            && *of >= version
        {
            return known.clone();
        }
        if live.len() >= MOST {
            live.clear();
        }
        live.insert(id.to_owned(), (version, new.clone()));
        new
    }

    /// The adapter that an organisation has for a capability: of its account, or the one that needs none.
    pub(crate) async fn adapter(&self, org: &str, capability: &str) -> Result<Live, Unusable> {
        let mut connection = self.ledger.connection().await?;
        let Some(account) = connection.provider_account(org, capability).await? else {
            return self.local(org, capability);
        };
        if let Some(live) = self.known(&account.id, account.version) {
            return Ok(live);
        }
        let secrets = open_account(&mut connection, &self.ledger.ring, &account).await?;
        drop(connection);
        let live = self.build(&account, &secrets)?;
        Ok(self.keep(&account.id, account.version, live))
    }

    /// The adapter of an endpoint.
    pub(crate) async fn endpoint(&self, stored: &StoredEndpoint) -> Result<Live, Unusable> {
        if let Some(live) = self.known(&stored.id, stored.version) {
            return Ok(live);
        }
        let mut connection = self.ledger.connection().await?;
        let place = ["webhook-endpoint/v1", stored.org.as_str(), stored.id.as_str()];
        let secrets = open(&mut connection, &self.ledger.ring, Context(&place), &stored.sealed).await?;
        drop(connection);
        let secrets = secrets.webhook.iter().map(|secret| secret.as_str().into()).collect();
        let endpoint = Endpoint::new(&stored.url, secrets, self.reach(), options());
        let endpoint = endpoint.map_err(|error| Unusable::Setting(error.to_string()))?;
        Ok(self.keep(&stored.id, stored.version, Live::Endpoint(endpoint)))
    }

    /// Removes the letters to an address that were written into the data folder, where there is no account for mail.
    pub(crate) async fn forget_letters(&self, org: &str, address: &str) {
        let (outbox, address) = (LocalOutbox::new(self.folder.join(org)), address.to_owned());
        // A folder that cannot be read has none to remove.
        let _ = tokio::task::spawn_blocking(move || outbox.forget_letters(&address)).await;
    }

    /// What needs no account.
    fn local(&self, org: &str, capability: &str) -> Result<Live, Unusable> {
        let folder = self.folder.join(org);
        let outbox = LocalOutbox::new(&folder);
        Ok(match capability {
            "messages" => Live::Messages(Arc::new(outbox)),
            "mail" => Live::Mail(Arc::new(outbox)),
            "payments" => Live::Payments(Arc::new(outbox)),
            "telematics" => Live::Telematics(Arc::new(LocalPositions::new(folder.join("positions.jsonl"), outbox))),
            other => return Err(Unusable::Setting(format!("there is no capability {other:?}"))),
        })
    }

    /// Makes the adapter of an account.
    ///
    /// # Errors
    ///
    /// [`Unusable::Setting`] with what is wrong with the settings.
    pub(crate) fn build(&self, account: &StoredAccount, secrets: &Secrets) -> Result<Live, Unusable> {
        let mut settings: serde_json::Map<String, serde_json::Value> = read(&account.settings)?;
        let address = match settings.remove("address") {
            None => None,
            Some(serde_json::Value::String(address)) => Some(address),
            Some(_) => return Err(Unusable::Setting("address: give text".to_owned())),
        };
        // What is sent is the service's business, and not the adapter's.
        if account.capability == "telematics" && settings.remove("routes").is_some_and(|value| !value.is_boolean()) {
            return Err(Unusable::Setting("routes: give true or false".to_owned()));
        }
        let price = account.price.max(0).cast_unsigned();
        let of = Account { address, secret: secrets.key.as_str().into(), price };
        let purse = StoredPurse {
            ledger: self.ledger.clone(),
            runtime: Handle::current(),
            account: account.id.clone(),
            budget: account.day_budget,
        };
        let options = ClientOptions { purse: Arc::new(purse), ..options() };
        let rest = serde_json::Value::Object(settings.clone()).to_string();
        let none = || match settings.keys().next() {
            Some(name) => Err(Unusable::Setting(format!("{name}: unknown: leave it out, or correct its name"))),
            None => Ok(()),
        };
        Ok(match (account.capability.as_str(), account.provider.as_str()) {
            (capability, "local") => {
                none()?;
                self.local(&account.org, capability)?
            }
            ("messages", "twilio") => Live::Messages(Arc::new(Twilio::new(of, read(&rest)?, options)?)),
            ("mail", "sendgrid") => Live::Mail(Arc::new(SendGrid::new(of, read(&rest)?, options)?)),
            ("payments", "stripe") => {
                none()?;
                Live::Payments(Arc::new(Stripe::new(of, options)?))
            }
            ("telematics", "samsara") => {
                none()?;
                Live::Telematics(Arc::new(Samsara::new(of, options)?))
            }
            (capability, provider) => {
                let text = format!("{provider:?} is no provider of {capability}");
                return Err(Unusable::Setting(text));
            }
        })
    }
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Unusable> {
    serde_json::from_str(text).map_err(|error| Unusable::Setting(error.to_string()))
}

/// What is tried again within one call: little, since the outbox tries again, and the process may be asked to stop.
fn options() -> ClientOptions {
    let usual = ClientOptions::default();
    let http = HttpSettings { attempts: 2, longest_wait: Duration::from_secs(2), ..usual.http.clone() };
    ClientOptions { http, meter: Arc::new(Figures), traceparent: traces::current, ..usual }
}
