//! Webhooks: what providers send is verified before anything of it is read ([`Incoming`]), what the service sends is signed
//! ([`standard`]) and goes only to places that may be called ([`Endpoint`]).
//!
//! Signatures are compared in constant time. Several secrets count while one replaces another. What was signed too long ago, or in
//! the future, is refused: five minutes either way, unless the scheme has no time (Twilio), where only the store of events that
//! were seen helps against replays.

mod endpoint;
mod samsara;
mod sendgrid;
pub mod standard;
mod stripe;
mod twilio;

pub use endpoint::{Endpoint, EndpointError};

use aws_lc_rs::{digest, hmac};
use data_encoding::HEXLOWER;
use secrecy::{ExposeSecret as _, SecretString};

/// How far a signature's time may be from ours, seconds.
const TOLERANCE: i64 = 300;
/// Most signatures of one header that are examined.
const MOST_SIGNATURES: usize = 16;
/// Most events of one request that are read; more are kept as one.
const MOST_EVENTS: usize = 10_000;

/// A request from a provider, as it came.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// The address that the provider called: scheme, host, path and query.
    pub url: &'a str,
    /// Its headers, names in lower case.
    pub headers: &'a [(String, String)],
    /// Its body, byte for byte.
    pub body: &'a [u8],
    /// Now, seconds since 1970.
    pub now: i64,
}

impl<'a> Incoming<'a> {
    fn header(&self, name: &'static str) -> Result<&'a str, Unverified> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).ok_or(Unverified::Missing(name))
    }

    /// Refuses a time that is too far from now.
    fn fresh(&self, text: &str) -> Result<i64, Unverified> {
        let is_plain = !text.is_empty() && text.len() <= 15 && text.bytes().all(|b| b.is_ascii_digit());
        let at: i64 =
            text.parse().ok().filter(|_| is_plain).ok_or(Unverified::Malformed("the time is not a number"))?;
        let off = self.now.abs_diff(at);
        if off > TOLERANCE.unsigned_abs() { Err(Unverified::Stale { seconds: off }) } else { Ok(at) }
    }
}

/// Why a request is refused. What is told says nothing of secrets or of the signature that would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// A header is missing.
    #[error("the header {0} is missing")]
    Missing(&'static str),
    /// A header cannot be read.
    #[error("the signature cannot be read: {0}")]
    Malformed(&'static str),
    /// It was signed too long ago, or in the future.
    #[error("it was signed {seconds} s from now, more than 300 s: check both clocks")]
    Stale {
        /// How far from now.
        seconds: u64,
    },
    /// No secret matches.
    #[error("the signature does not match")]
    Mismatch,
    /// There is no secret to verify it with, or it is not one.
    #[error("there is no secret to verify it with: {0}")]
    NoSecret(&'static str),
}

/// An event that a provider tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What it is known by: one with the same id is the same event, sent again.
    pub id: String,
    /// What kind it is, in the provider's words; empty if it cannot be read.
    pub kind: String,
    /// What it says: JSON, or the body as it came.
    pub content: Vec<u8>,
}

/// What became of something that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fate {
    /// The provider's name for it: that of the [`Receipt`](crate::Receipt).
    pub reference: String,
    /// Whether it arrived; else it never will.
    pub is_delivered: bool,
}

/// Whose signature a request has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Stripe's: HMAC-SHA256 of time and body.
    Stripe,
    /// Twilio's: HMAC-SHA1 of address and form, or of the address with the body's SHA-256 in it.
    Twilio,
    /// SendGrid's: ECDSA with P-256 of time and body; its secret is the public key.
    SendGrid,
    /// Samsara's: HMAC-SHA256 of version, time and body.
    Samsara,
}

impl Scheme {
    /// The scheme of a provider by its name.
    pub fn of(provider: &str) -> Option<Self> {
        match provider {
            "stripe" => Some(Self::Stripe),
            "twilio" => Some(Self::Twilio),
            "sendgrid" => Some(Self::SendGrid),
            "samsara" => Some(Self::Samsara),
            _ => None,
        }
    }

    /// Verifies a request with any of the secrets, and gives the events in it. What is verified and cannot be read is one event
    /// without a kind, so that nothing is lost.
    ///
    /// # Errors
    ///
    /// [`Unverified`] if it is not from who it should be.
    pub fn verify(self, incoming: &Incoming<'_>, secrets: &[SecretString]) -> Result<Vec<Event>, Unverified> {
        if secrets.iter().all(|secret| secret.expose_secret().is_empty()) {
            return Err(Unverified::NoSecret("give it in the provider's settings"));
        }
        match self {
            Self::Stripe => stripe::verify(incoming, secrets)?,
            Self::Twilio => twilio::verify(incoming, secrets)?,
            Self::SendGrid => sendgrid::verify(incoming, secrets)?,
            Self::Samsara => samsara::verify(incoming, secrets)?,
        }
        let events = match self {
            Self::Stripe => stripe::events(incoming.body),
            Self::Twilio => twilio::events(incoming.body),
            Self::SendGrid => sendgrid::events(incoming.body),
            Self::Samsara => samsara::events(incoming.body),
        };
        Ok(events.unwrap_or_else(|| vec![unknown(incoming.body)]))
    }
}

impl Scheme {
    /// What became of a message or a letter, if an event of this scheme says that; `None`: it says something else, or that it is still under
    /// way.
    pub fn fate(self, event: &Event) -> Option<Fate> {
        let (reference, is_delivered) = match self {
            Self::Twilio => twilio::fate(event)?,
            Self::SendGrid => sendgrid::fate(event)?,
            Self::Stripe | Self::Samsara => return None,
        };
        Some(Fate { reference, is_delivered })
    }
}

impl Scheme {
    /// What became of an invoice, if an event of this scheme says that: the provider's name for the invoice, and `paid`, `uncollectible`,
    /// `voided` or `refunded`.
    pub fn invoice(self, event: &Event) -> Option<(String, &'static str)> {
        if self == Self::Stripe { stripe::invoice(event) } else { None }
    }
}

/// An event that cannot be read: its id follows from its bytes.
fn unknown(body: &[u8]) -> Event {
    Event { id: fingerprint(body), kind: String::new(), content: body.to_vec() }
}

fn fingerprint(bytes: &[u8]) -> String {
    format!("sha256-{}", HEXLOWER.encode(digest::digest(&digest::SHA256, bytes).as_ref()))
}

/// An event of a JSON object: `id` and `kind` are at these places.
fn event_of(value: &serde_json::Value, id: &str, kind: &str) -> Option<Event> {
    let text = |pointer| value.pointer(pointer).and_then(serde_json::Value::as_str).filter(|text| text.len() <= 200);
    let content = value.to_string().into_bytes();
    let id = text(id).filter(|id| !id.is_empty())?.to_owned();
    Some(Event { id, kind: text(kind).unwrap_or_default().to_owned(), content })
}

/// Whether one of the signatures is that of the parts with one of the keys.
fn matches(algorithm: hmac::Algorithm, keys: &[Vec<u8>], parts: &[&[u8]], signatures: &[Vec<u8>]) -> bool {
    let whole = parts.concat();
    let mut found = false;
    for key in keys {
        let key = hmac::Key::new(algorithm, key);
        // All are compared, whichever matches.
        for signature in signatures.iter().take(MOST_SIGNATURES) {
            found |= hmac::verify(&key, &whole, signature).is_ok();
        }
    }
    found
}

/// The secrets' bytes as they stand there.
fn plain(secrets: &[SecretString]) -> Vec<Vec<u8>> {
    let texts = secrets.iter().map(|secret| secret.expose_secret().as_bytes());
    texts.filter(|text| !text.is_empty()).map(<[u8]>::to_vec).collect()
}
