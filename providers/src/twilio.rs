//! Short messages by Twilio.

use std::sync::Arc;

use data_encoding::BASE64;
use milkrun::CancelToken;
use milkrun_sources::SetupError;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::capabilities::{Message, Messages, Provider, Receipt};
use crate::client::{Account, Ask, Client, ClientOptions, json, text_at};
use crate::error::CallError;
use crate::guard::Health;

/// The provider's name.
const NAME: &str = "twilio";
/// Most characters of a message: ten parts, and no more than Twilio takes.
const LONGEST: usize = 1_600;

/// An account at Twilio. It knows no keys: a message whose answer was lost is sent again, and comes twice at worst.
#[derive(Clone, Debug)]
pub struct Twilio {
    client: Arc<Client>,
    settings: TwilioSettings,
    authorization: SecretString,
    price: u64,
}

/// Settings of an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TwilioSettings {
    /// The account's name: `AC…`.
    pub account: String,
    /// The number that messages come from, or a messaging service: `MG…`.
    pub from: String,
    /// Where Twilio tells what became of messages.
    #[serde(default)]
    pub status_callback: Option<String>,
}

impl Twilio {
    /// An account; its secret is the account's token.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if the address or a setting cannot be used.
    pub fn new(account: Account, settings: TwilioSettings, options: ClientOptions) -> Result<Self, SetupError> {
        let is_name = settings.account.len() <= 64 && settings.account.chars().all(|c| c.is_ascii_alphanumeric());
        if settings.account.is_empty() || !is_name {
            let (setting, value) = ("account", format!("{:?}", settings.account));
            let remedy = "it must be the account's name, as AC with 32 digits";
            return Err(SetupError::Setting { source_name: NAME, setting, value, remedy });
        }
        let address = account.address.as_deref().unwrap_or("https://api.twilio.com");
        let pair = format!("{}:{}", settings.account, account.secret.expose_secret());
        let authorization = SecretString::from(format!("Basic {}", BASE64.encode(pair.as_bytes())));
        let client = Client::new(NAME, address, vec![account.secret, authorization.clone()], options)?;
        Ok(Self { client: Arc::new(client), settings, authorization, price: account.price })
    }
}

impl Provider for Twilio {
    fn name(&self) -> &'static str {
        NAME
    }

    fn honours_keys(&self) -> bool {
        false
    }

    fn health(&self) -> Option<Health> {
        Some(self.client.health())
    }
}

impl Messages for Twilio {
    fn send(&self, message: &Message, _key: &str, cancel: &CancelToken) -> Result<Receipt, CallError> {
        let call = "a message";
        let text: String = message.text.chars().take(LONGEST).collect();
        let sender = if self.settings.from.starts_with("MG") { "MessagingServiceSid" } else { "From" };
        let mut fields =
            vec![("To", message.to.as_str()), (sender, self.settings.from.as_str()), ("Body", text.as_str())];
        if let Some(callback) = &self.settings.status_callback {
            fields.push(("StatusCallback", callback));
        }
        let path = format!("/2010-04-01/Accounts/{}/Messages.json", self.settings.account);
        let ask = Ask::form(call, path, &fields).with("authorization", self.authorization.clone()).costing(self.price);
        self.client.call(&ask, cancel, &|answer| {
            let value = json(answer)?;
            let status = text_at(&value, "/status")?;
            if matches!(status.as_str(), "failed" | "undelivered" | "canceled") {
                return Err(format!("the message is {status}"));
            }
            Ok(Receipt { reference: text_at(&value, "/sid")? })
        })
    }
}
