//! `Stripe-Signature: t=…,v1=…`: HMAC-SHA256 of `t.body`, with several `v1` while a secret is replaced.

use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use secrecy::SecretString;

use super::{Event, Incoming, Unverified, event_of, matches, plain};

pub(super) fn verify(incoming: &Incoming<'_>, secrets: &[SecretString]) -> Result<(), Unverified> {
    let header = incoming.header("stripe-signature")?;
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let time = parts().find(|(name, _)| *name == "t").ok_or(Unverified::Malformed("there is no t"))?.1;
    let signatures: Vec<Vec<u8>> =
        parts().filter(|(name, _)| *name == "v1").filter_map(|(_, hex)| HEXLOWER.decode(hex.as_bytes()).ok()).collect();
    if signatures.is_empty() {
        return Err(Unverified::Malformed("there is no v1"));
    }
    let signed = [time.as_bytes(), b".", incoming.body];
    if !matches(hmac::HMAC_SHA256, &plain(secrets), &signed, &signatures) {
        return Err(Unverified::Mismatch);
    }
    incoming.fresh(time).map(drop)
}

pub(super) fn events(body: &[u8]) -> Option<Vec<Event>> {
    Some(vec![event_of(&serde_json::from_slice(body).ok()?, "/id", "/type")?])
}

/// What became of an invoice. A refund is told of charges: of those that name their invoice, and are given back as a whole.
pub(super) fn invoice(event: &Event) -> Option<(String, &'static str)> {
    let (name, word) = match event.kind.as_str() {
        "invoice.paid" => ("id", "paid"),
        "invoice.marked_uncollectible" => ("id", "uncollectible"),
        "invoice.voided" => ("id", "voided"),
        "charge.refunded" => ("invoice", "refunded"),
        _ => return None,
    };
    let value: serde_json::Value = serde_json::from_slice(&event.content).ok()?;
    let object = value.pointer("/data/object")?;
    if word == "refunded" && object["refunded"] != true {
        return None;
    }
    let reference = object[name].as_str().filter(|text| !text.is_empty() && text.len() <= 200)?;
    Some((reference.to_owned(), word))
}
