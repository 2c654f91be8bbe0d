//! `X-Samsara-Signature: v1=…`: HMAC-SHA256 of `v1:time:body` in hexadecimal digits; the secret is base64.

use aws_lc_rs::hmac;
use data_encoding::{BASE64, HEXLOWER};
use secrecy::{ExposeSecret as _, SecretString};

use super::{Event, Incoming, Unverified, event_of, matches};

pub(super) fn verify(incoming: &Incoming<'_>, secrets: &[SecretString]) -> Result<(), Unverified> {
    let header = incoming.header("x-samsara-signature")?;
    let time = incoming.header("x-samsara-timestamp")?;
    let keys: Vec<Vec<u8>> = secrets
        .iter()
        .filter_map(|secret| BASE64.decode(secret.expose_secret().as_bytes()).ok())
        .filter(|key| !key.is_empty())
        .collect();
    if keys.is_empty() {
        return Err(Unverified::NoSecret("it must be base64"));
    }
    let signatures: Vec<Vec<u8>> = header
        .split(',')
        .filter_map(|part| HEXLOWER.decode(part.trim().strip_prefix("v1=")?.as_bytes()).ok())
        .collect();
    if signatures.is_empty() {
        return Err(Unverified::Malformed("there is no v1"));
    }
    let signed = [b"v1:", time.as_bytes(), b":", incoming.body];
    if !matches(hmac::HMAC_SHA256, &keys, &signed, &signatures) {
        return Err(Unverified::Mismatch);
    }
    incoming.fresh(time).map(drop)
}

pub(super) fn events(body: &[u8]) -> Option<Vec<Event>> {
    Some(vec![event_of(&serde_json::from_slice(body).ok()?, "/eventId", "/eventType")?])
}
