//! Where webhooks go: an address that a user chose, and that must not be one of ours.

use std::sync::Arc;

use milkrun::CancelToken;
use milkrun_sources::SetupError;
use milkrun_sources::web::{Address, Body, Method, Reach};
use secrecy::SecretString;

use super::standard;
use crate::capabilities::Receipt;
use crate::client::{Ask, Client, ClientOptions, Repeat};
use crate::error::CallError;
use crate::guard::Health;

/// The name in figures and errors.
const NAME: &str = "webhook";

/// Why an address cannot be one of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// It cannot be used.
    #[error(transparent)]
    Address(#[from] SetupError),
    /// It is not encrypted.
    #[error("the address is not encrypted: give one with https://")]
    Unencrypted,
    /// It is one that may not be called.
    #[error("{0} is not a public address: give that of a public host, or have the operator allow it")]
    Private(String),
}

/// An endpoint of a user. Names are looked up for each connection, which goes to the address that was examined then: a name that
/// points elsewhere later gains nothing. Redirects are not followed.
#[derive(Clone, Debug)]
pub struct Endpoint {
    client: Arc<Client>,
    path: String,
    secrets: Vec<SecretString>,
}

impl Endpoint {
    /// An endpoint, with the secrets that it knows; two while one replaces the other. Places other than public ones are called
    /// only if `reach` names them, and only those without encryption.
    ///
    /// # Errors
    ///
    /// [`EndpointError`] if the address cannot be one of an endpoint.
    pub fn new(
        url: &str,
        secrets: Vec<SecretString>,
        reach: Reach,
        options: ClientOptions,
    ) -> Result<Self, EndpointError> {
        let (place, path) = split(url);
        let address = Address::parse(NAME, place)?;
        let literal: Option<std::net::IpAddr> = address.host().parse().ok();
        if literal.is_some_and(|literal| !reach.allows(literal)) {
            return Err(EndpointError::Private(address.host().to_owned()));
        }
        // An exception has a number: no name of others points to it by accident.
        let is_exception = literal.is_some_and(|literal| !milkrun_sources::web::is_public(literal));
        if !address.is_encrypted() && !is_exception {
            return Err(EndpointError::Unencrypted);
        }
        let client = Client::guarded(NAME, place, Vec::new(), options, reach)?;
        Ok(Self { client: Arc::new(client), path, secrets })
    }

    /// Sends an event; `id` is the same whenever the same event is sent again, `time` seconds since 1970.
    ///
    /// # Errors
    ///
    /// [`CallError`] unless the endpoint answers with a status of success.
    pub fn deliver(&self, id: &str, time: i64, body: &[u8], cancel: &CancelToken) -> Result<Receipt, CallError> {
        let signature = standard::sign(&self.secrets, id, time, body).ok_or_else(|| {
            let problem = "the endpoint has no secret".to_owned();
            CallError::Refused { provider: NAME, call: "an event", status: None, problem, remedy: "make a new one" }
        })?;
        let ask = Ask {
            call: "an event",
            method: Method::Post,
            path: self.path.clone(),
            headers: vec![
                ("webhook-id", id.into()),
                ("webhook-timestamp", time.to_string().into()),
                ("webhook-signature", signature.into()),
            ],
            body: Some(Body { media_type: "application/json", bytes: body.to_vec() }),
            cost: 0,
            repeat: Repeat::Always,
        };
        self.client.call(&ask, cancel, &|_| Ok(Receipt { reference: id.to_owned() }))
    }

    /// How the endpoint does.
    pub fn health(&self) -> Health {
        self.client.health()
    }
}

/// Scheme and authority, and what comes behind them.
fn split(url: &str) -> (&str, String) {
    let after = url.find("://").map_or(0, |at| at + 3);
    match url[after..].find(['/', '?', '#']) {
        None => (url, "/".to_owned()),
        Some(at) => {
            let (place, rest) = url.split_at(after + at);
            let rest = rest.split('#').next().unwrap_or_default();
            (place, if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") })
        }
    }
}
