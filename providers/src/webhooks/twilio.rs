//! `X-Twilio-Signature`: HMAC-SHA1 of the address, followed by the form's fields in order. Of other bodies, the address has the SHA-256
//! (`bodySHA256`). Twilio signs the address with or without its port: both are tried.

use aws_lc_rs::{constant_time, digest, hmac};
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use secrecy::SecretString;

use super::{Event, Incoming, Unverified, fingerprint, matches, plain};

/// Most fields of a form.
const MOST_FIELDS: usize = 1_000;

pub(super) fn verify(incoming: &Incoming<'_>, secrets: &[SecretString]) -> Result<(), Unverified> {
    let header = incoming.header("x-twilio-signature")?;
    let signature =
        BASE64.decode(header.as_bytes()).map_err(|_| Unverified::Malformed("the signature is not base64"))?;
    let fields = match body_hash(incoming.url) {
        Some(hash) => {
            let told = HEXLOWER_PERMISSIVE.decode(hash.as_bytes());
            let told = told.map_err(|_| Unverified::Malformed("bodySHA256 is not hexadecimal"))?;
            let found = digest::digest(&digest::SHA256, incoming.body);
            if constant_time::verify_slices_are_equal(found.as_ref(), &told).is_err() {
                return Err(Unverified::Mismatch);
            }
            String::new()
        }
        None => sorted(incoming.body).ok_or(Unverified::Malformed("the body is not a form"))?,
    };
    let (keys, signatures) = (plain(secrets), [signature]);
    let mut found = false;
    for url in addresses(incoming.url) {
        found |= matches(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &keys, &[url.as_bytes(), fields.as_bytes()], &signatures);
    }
    if found { Ok(()) } else { Err(Unverified::Mismatch) }
}

fn body_hash(url: &str) -> Option<&str> {
    let query = url.split_once('?')?.1;
    query.split('&').find_map(|pair| pair.strip_prefix("bodySHA256="))
}

/// Names and values of a form, sorted by name, and then by value; what stands there twice counts once.
fn sorted(body: &[u8]) -> Option<String> {
    std::str::from_utf8(body).ok()?;
    let mut fields: Vec<(String, String)> =
        form_urlencoded::parse(body).take(MOST_FIELDS + 1).map(|(name, value)| (name.into(), value.into())).collect();
    if fields.len() > MOST_FIELDS {
        return None;
    }
    fields.sort();
    fields.dedup();
    Some(fields.into_iter().fold(String::new(), |text, (name, value)| text + &name + &value))
}

/// The address as it came, without its port, and with the scheme's usual one.
fn addresses(url: &str) -> Vec<String> {
    let mut all = vec![url.to_owned()];
    let Some((scheme, rest)) = url.split_once("://") else { return all };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => all.push(format!("{scheme}://{host}{path}")),
        _ => {
            let port = if scheme == "https" { 443 } else { 80 };
            all.push(format!("{scheme}://{authority}:{port}{path}"));
        }
    }
    all
}

/// One request is one event: what became of a message. The same message has one event for each of its states.
pub(super) fn events(body: &[u8]) -> Option<Vec<Event>> {
    let field = |name: &str| {
        let found = form_urlencoded::parse(body).take(MOST_FIELDS).find(|(known, _)| known == name);
        found.map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty() && value.len() <= 64)
    };
    let (message, state) = (field("MessageSid").or_else(|| field("SmsSid"))?, field("MessageStatus"));
    let kind = state.map_or_else(|| "message".to_owned(), |state| format!("message.{state}"));
    let id = match kind.as_str() {
        "message" => fingerprint(body),
        kind => format!("{message}-{kind}"),
    };
    Some(vec![Event { id, kind, content: body.to_vec() }])
}

/// The message, and whether it arrived.
pub(super) fn fate(event: &Event) -> Option<(String, bool)> {
    let is_delivered = match event.kind.as_str() {
        "message.delivered" | "message.read" => true,
        "message.undelivered" | "message.failed" | "message.canceled" => false,
        _ => return None,
    };
    let mut fields = form_urlencoded::parse(&event.content).take(MOST_FIELDS);
    let (_, message) = fields.find(|(name, value)| (name == "MessageSid" || name == "SmsSid") && !value.is_empty())?;
    Some((message.into_owned(), is_delivered))
}
