//! Nearest neighbours by Weaviate.

use std::sync::Arc;

use milkrun::CancelToken;
use milkrun_sources::SetupError;
use milkrun_sources::web::Method;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::capabilities::{Near, Provider, Similarity};
use crate::client::{Account, Ask, Client, ClientOptions, Repeat, json as read_json};
use crate::error::CallError;
use crate::guard::Health;
use crate::neighbours::check;

/// The provider's name.
const NAME: &str = "weaviate";
/// Most neighbours of one question.
const MOST: usize = 1_000;

/// A class of a Weaviate server, with the distance `l2-squared`. Objects have names that follow from ours, so that what is kept twice is
/// there once.
#[derive(Clone, Debug)]
pub struct Weaviate {
    client: Arc<Client>,
    class: String,
    authorization: SecretString,
}

/// Settings of a server.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeaviateSettings {
    /// The class: a capital, then letters and digits.
    pub class: String,
}

impl Weaviate {
    /// A server; its address must be given, its secret is a key, empty if it asks for none.
    ///
    /// # Errors
    ///
    /// [`SetupError`] if the address or a setting cannot be used.
    pub fn new(account: Account, settings: WeaviateSettings, options: ClientOptions) -> Result<Self, SetupError> {
        let class = settings.class;
        let is_name = class.starts_with(|c: char| c.is_ascii_uppercase())
            && class.len() <= 64
            && class.chars().all(|c| c.is_ascii_alphanumeric());
        if !is_name {
            let (setting, value) = ("class", format!("{class:?}"));
            let remedy = "it must be a capital with letters and digits behind it";
            return Err(SetupError::Setting { source_name: NAME, setting, value, remedy });
        }
        let Account { address, secret, .. } = account;
        let address = address.as_deref().unwrap_or("http://127.0.0.1:8080");
        let has_secret = !secret.expose_secret().is_empty();
        let authorization = if has_secret { format!("Bearer {}", secret.expose_secret()) } else { String::new() };
        let authorization = SecretString::from(authorization);
        let secrets = if has_secret { vec![secret] } else { Vec::new() };
        Ok(Self { client: Arc::new(Client::new(NAME, address, secrets, options)?), class, authorization })
    }

    fn authorized(&self, ask: Ask) -> Ask {
        if self.authorization.expose_secret().is_empty() {
            return ask;
        }
        ask.with("authorization", self.authorization.clone())
    }

    fn put(&self, method: Method, path: String, body: &Value, cancel: &CancelToken) -> Result<(), CallError> {
        let mut ask = self.authorized(Ask::json("a vector", method, path, body));
        ask.repeat = Repeat::Always;
        let read = |answer: &_| match read_json(answer)?.get("id") {
            Some(id) if *id == body["id"] => Ok(()),
            _ => Err("it names another object".to_owned()),
        };
        self.client.call(&ask, cancel, &read)
    }
}

impl Provider for Weaviate {
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

impl Similarity for Weaviate {
    fn keep(&self, id: &str, vector: &[f32], cancel: &CancelToken) -> Result<(), CallError> {
        check(NAME, vector, None)?;
        let name = Uuid::new_v5(&Uuid::NAMESPACE_URL, id.as_bytes()).to_string();
        let body = json!({"id": name, "class": self.class, "properties": {"code": id}, "vector": vector});
        // Changing what is not there is refused, and so is making what is there.
        let path = format!("/v1/objects/{}/{name}", self.class);
        match self.put(Method::Put, path, &body, cancel) {
            Err(CallError::Refused { status: Some(404 | 422), .. }) => {
                self.put(Method::Post, "/v1/objects".to_owned(), &body, cancel)
            }
            other => other,
        }
    }

    fn nearest(&self, vector: &[f32], count: usize, cancel: &CancelToken) -> Result<Vec<Near>, CallError> {
        check(NAME, vector, None)?;
        let (class, vector, count) = (&self.class, json!(vector), count.min(MOST));
        let query = format!(
            "{{ Get {{ {class}(nearVector: {{vector: {vector}}}, limit: {count}) {{ code _additional {{ distance }} }} }} }}"
        );
        let mut ask = self.authorized(Ask::json("neighbours", Method::Post, "/v1/graphql", &json!({"query": query})));
        ask.repeat = Repeat::Always;
        self.client.call(&ask, cancel, &|answer| {
            let value = read_json(answer)?;
            // Faults come with status 200.
            if let Some(fault) = value["errors"].get(0) {
                return Err(fault["message"].as_str().unwrap_or("it reports a fault").to_owned());
            }
            let found = value["data"]["Get"][class].as_array().ok_or("there is no list of objects")?;
            let read = |item: &Value| {
                let id = item["code"].as_str().ok_or("an object has no code")?.to_owned();
                let squared = item["_additional"]["distance"].as_f64().filter(|d| d.is_finite() && *d >= 0.0);
                Ok(Near { id, distance: squared.ok_or("an object has no distance")?.sqrt() })
            };
            let near = found.iter().map(read).collect::<Result<Vec<Near>, &str>>()?;
            if near.len() > count {
                return Err("there are more than were asked for".to_owned());
            }
            Ok(near)
        })
    }
}
