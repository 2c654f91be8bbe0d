//! E-mail by SendGrid.

use std::sync::Arc;

use milkrun::CancelToken;
use milkrun_sources::SetupError;
use milkrun_sources::web::Method;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;

use crate::capabilities::{Letter, Mail, Provider, Receipt};
use crate::client::{Account, Ask, Client, ClientOptions};
use crate::error::CallError;
use crate::guard::Health;

/// The provider's name.
const NAME: &str = "sendgrid";

/// An account at SendGrid. It knows no keys: a letter whose answer was lost is sent again, and comes twice at worst. The key goes with
/// the letter, and comes back in the events about it.
#[derive(Clone, Debug)]
pub struct SendGrid {
    client: Arc<Client>,
    settings: SendGridSettings,
    authorization: SecretString,
    price: u64,
}

/// Settings of an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendGridSettings {
    /// The address that letters come from.
    pub from: String,
    /// The sender's name.
    #[serde(default)]
    pub from_name: String,
    /// A template with the variables `subject` and `text`, in place of plain text.
    #[serde(default)]
    pub template: Option<String>,
}

impl SendGrid {
    /// An account; its secret is a key that may send mail.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if the address or a setting cannot be used.
    pub fn new(account: Account, settings: SendGridSettings, options: ClientOptions) -> Result<Self, SetupError> {
        let address = account.address.as_deref().unwrap_or("https://api.sendgrid.com");
        let authorization = SecretString::from(format!("Bearer {}", account.secret.expose_secret()));
        let client = Client::new(NAME, address, vec![account.secret], options)?;
        Ok(Self { client: Arc::new(client), settings, authorization, price: account.price })
    }
}

impl Provider for SendGrid {
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

impl Mail for SendGrid {
    fn send(&self, letter: &Letter, key: &str, cancel: &CancelToken) -> Result<Receipt, CallError> {
        let SendGridSettings { from, from_name, template } = &self.settings;
        let mut sender = json!({"email": from});
        if !from_name.is_empty() {
            sender["name"] = from_name.as_str().into();
        }
        let mut to = json!({"to": [{"email": letter.to}], "custom_args": {"key": key}});
        let mut body = json!({"from": sender});
        if let Some(template) = template {
            body["template_id"] = template.as_str().into();
            to["dynamic_template_data"] = json!({"subject": letter.subject, "text": letter.text});
        } else {
            body["subject"] = letter.subject.as_str().into();
            body["content"] = json!([{"type": "text/plain", "value": letter.text}]);
        }
        body["personalizations"] = json!([to]);
        let ask = Ask::json("a letter", Method::Post, "/v3/mail/send", &body)
            .with("authorization", self.authorization.clone())
            .costing(self.price);
        self.client.call(&ask, cancel, &|answer| match answer.status {
            202 => Ok(Receipt { reference: key.to_owned() }),
            // Its sandbox says 200, and sends nothing.
            status => Err(format!("status {status} where 202 says that it is taken")),
        })
    }
}
