//! Accounts at providers: set up, listed, removed. Their secrets are sealed, and never shown again.

use std::collections::HashMap;
use std::time::SystemTime;

use serde::Serialize;
use serde_json::{Value, json};

use super::hub::{Hub, Unusable};
use super::purse::day;
use super::{Secrets, seal};
use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::crypto::Context;
use crate::error::Error;
use crate::ids::new_id;
use crate::storage::providers::StoredAccount;
use crate::storage::{Outbox as _, ProviderAccounts as _, Tracking as _};

/// What outside systems are for, with the providers that there are adapters for; the first needs no account.
pub(crate) const CAPABILITIES: [(&str, [&str; 2]); 4] = [
    ("messages", ["local", "twilio"]),
    ("mail", ["local", "sendgrid"]),
    ("payments", ["local", "stripe"]),
    ("telematics", ["local", "samsara"]),
];

/// Whether routes of new plans are sent to an account for telematics.
pub(crate) fn takes_routes(account: &StoredAccount) -> bool {
    serde_json::from_str::<Value>(&account.settings).is_ok_and(|settings| settings["routes"] == true)
}

/// An account as it is given.
pub(crate) struct Given {
    /// What it is for.
    pub(crate) capability: String,
    /// Whose it is.
    pub(crate) provider: String,
    /// The adapter's settings, as JSON.
    pub(crate) settings: String,
    /// The secrets.
    pub(crate) secrets: Secrets,
    /// What a call costs, millionths of the account's currency.
    pub(crate) price: i64,
    /// What may be spent in a day.
    pub(crate) day_budget: i64,
}

/// How a provider does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct ProviderHealth {
    /// `closed` (calls pass), `open` (none passes) or `probing`.
    pub(crate) breaker: String,
    /// Failures in a row.
    pub(crate) failures: u32,
    /// Calls under way.
    pub(crate) under_way: usize,
    /// What was wrong last.
    pub(crate) last_problem: Option<String>,
}

impl From<milkrun_providers::Health> for ProviderHealth {
    fn from(health: milkrun_providers::Health) -> Self {
        let milkrun_providers::Health { state, failures, under_way, last_problem, .. } = health;
        Self { breaker: state.word().to_owned(), failures, under_way, last_problem }
    }
}

/// An account as it is shown: without its secrets.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Shown {
    /// What it is for: `messages`, `mail`, `payments` or `telematics`.
    pub(crate) capability: String,
    /// Whose it is; `local` needs no account.
    pub(crate) provider: String,
    /// The adapter's settings.
    #[schema(value_type = Object)]
    pub(crate) settings: Value,
    /// What a call costs, millionths of the account's currency.
    pub(crate) price: i64,
    /// What may be spent in a day.
    pub(crate) day_budget: i64,
    /// What was spent today, by universal time.
    pub(crate) spent_today: i64,
    /// Where the provider sends its webhooks.
    pub(crate) webhook_url: Option<String>,
    /// How it does, as this process sees it since it was used.
    pub(crate) health: Option<ProviderHealth>,
    /// What waits to be sent.
    pub(crate) waiting: i64,
    /// What was given up.
    pub(crate) dead: i64,
    /// Of telematics: why it could not be asked where vehicles are when that was tried last.
    pub(crate) problem: Option<String>,
}

/// The outbox's kind of a capability.
fn kind_of(capability: &str) -> &'static str {
    match capability {
        "messages" => "message",
        "mail" => "mail",
        "payments" => "invoice",
        "telematics" => "route",
        _ => "",
    }
}

/// What an organisation has for each capability.
pub(crate) async fn list(ledger: &Ledger, hub: &Hub, org: &str, public_url: &str) -> Result<Vec<Shown>, Error> {
    let mut connection = ledger.connection().await?;
    let accounts: HashMap<String, StoredAccount> = connection
        .provider_accounts(org)
        .await?
        .into_iter()
        .map(|account| (account.capability.clone(), account))
        .collect();
    let counts = connection.outbox_counts(org).await?;
    let mut shown = Vec::new();
    for (capability, providers) in CAPABILITIES {
        let count = counts.iter().find(|(kind, ..)| kind == kind_of(capability));
        let (waiting, dead) = count.map_or((0, 0), |(_, waiting, dead)| (*waiting, *dead));
        let mut entry = Shown {
            capability: capability.to_owned(),
            provider: providers[0].to_owned(),
            settings: json!({}),
            price: 0,
            day_budget: 0,
            spent_today: 0,
            webhook_url: None,
            health: None,
            waiting,
            dead,
            problem: None,
        };
        if let Some(account) = accounts.get(capability) {
            entry.provider.clone_from(&account.provider);
            entry.settings = serde_json::from_str(&account.settings).unwrap_or(Value::Null);
            entry.price = account.price;
            entry.day_budget = account.day_budget;
            entry.spent_today = connection.money_spent(&account.id, day(SystemTime::now())).await?;
            entry.webhook_url = (account.provider != "local").then(|| format!("{public_url}/v1/hooks/{}", account.id));
            entry.health = hub.health(&account.id).map(ProviderHealth::from);
            if capability == "telematics" {
                entry.problem = connection.tracking_problem(org).await?.filter(|problem| !problem.is_empty());
            }
        }
        shown.push(entry);
    }
    Ok(shown)
}

/// Sets an account up, in place of the one that there was for the capability. With the same provider, the address of its webhooks and
/// what was spent stay.
///
/// # Errors
///
/// [`Unusable::Setting`] with what is wrong with the settings.
pub(crate) async fn put(ledger: &Ledger, hub: &Hub, who: &Identity, given: Given) -> Result<(), Unusable> {
    let mut change = ledger.begin().await?;
    let before = change.provider_account(&who.org, &given.capability).await?;
    let same = before.filter(|before| before.provider == given.provider);
    let id = same.as_ref().map_or_else(new_id, |same| same.id.clone());
    let mut account = StoredAccount {
        org: who.org.clone(),
        capability: given.capability,
        provider: given.provider,
        settings: given.settings,
        sealed: Vec::new(),
        price: given.price,
        day_budget: given.day_budget,
        version: same.map_or(1, |same| same.version + 1),
        changed_at: change.now(),
        id,
    };
    hub.build(&account, &given.secrets)?;
    let place = ["provider/v1", account.org.as_str(), account.id.as_str()];
    account.sealed = seal(&mut change, &ledger.ring, Context(&place), &given.secrets).await?;
    change.put_provider_account(&account).await?;
    // Other secrets may know other positions.
    change.forget_cursor(&account.id).await?;
    let detail =
        json!({"capability": account.capability, "provider": account.provider, "day_budget": account.day_budget});
    let event = Event::new("provider.set").by(&who.org, &who.user).on(&account.id).with(detail);
    change.commit_with(event).await?;
    Ok(())
}

/// Removes the account for a capability. Gives whether there was one.
pub(crate) async fn remove(ledger: &Ledger, who: &Identity, capability: &str) -> Result<bool, Error> {
    let mut change = ledger.begin().await?;
    if !change.remove_provider_account(&who.org, capability).await? {
        return Ok(false);
    }
    let event = Event::new("provider.removed").by(&who.org, &who.user).on(capability);
    change.commit_with(event).await?;
    Ok(true)
}
