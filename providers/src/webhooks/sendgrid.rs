//! ECDSA with P-256 and SHA-256 over time and body; the key is base64 of a `SubjectPublicKeyInfo`.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use data_encoding::BASE64;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::{Event, Incoming, MOST_EVENTS, Unverified, event_of, unknown};

pub(super) fn verify(incoming: &Incoming<'_>, secrets: &[SecretString]) -> Result<(), Unverified> {
    let header = incoming.header("x-twilio-email-event-webhook-signature")?;
    let time = incoming.header("x-twilio-email-event-webhook-timestamp")?;
    let signature =
        BASE64.decode(header.as_bytes()).map_err(|_| Unverified::Malformed("the signature is not base64"))?;
    let keys: Vec<Vec<u8>> =
        secrets.iter().filter_map(|key| BASE64.decode(key.expose_secret().as_bytes()).ok()).collect();
    if keys.is_empty() {
        return Err(Unverified::NoSecret("it must be the public key in base64"));
    }
    let signed = [time.as_bytes(), incoming.body].concat();
    let is_right = |key: &Vec<u8>| UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key).verify(&signed, &signature);
    if !keys.iter().any(|key| is_right(key).is_ok()) {
        return Err(Unverified::Mismatch);
    }
    incoming.fresh(time).map(drop)
}

/// One request has many events; one that has no id is kept by its bytes.
pub(super) fn events(body: &[u8]) -> Option<Vec<Event>> {
    let all: Vec<Value> = serde_json::from_slice(body).ok()?;
    if all.is_empty() || all.len() > MOST_EVENTS {
        return None;
    }
    let read = |value: &Value| {
        event_of(value, "/sg_event_id", "/event").unwrap_or_else(|| unknown(value.to_string().as_bytes()))
    };
    Some(all.iter().map(read).collect())
}

/// The key that the letter was sent with, and whether it arrived.
pub(super) fn fate(event: &Event) -> Option<(String, bool)> {
    let is_delivered = match event.kind.as_str() {
        "delivered" => true,
        "bounce" | "dropped" => false,
        _ => return None,
    };
    let value: Value = serde_json::from_slice(&event.content).ok()?;
    Some((value["key"].as_str().filter(|key| !key.is_empty() && key.len() <= 200)?.to_owned(), is_delivered))
}
