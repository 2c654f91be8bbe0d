//! Webhooks in: vectors that providers publish, and everything else refused.

use aws_lc_rs::{digest, hmac};
use data_encoding::{BASE64, HEXLOWER};
use proptest::prelude::*;
use secrecy::SecretString;

use crate::webhooks::{Event, Incoming, Scheme, Unverified};

const NOW: i64 = 1_800_000_000;

/// A request and the secret that verifies it.
#[derive(Clone, Debug)]
struct Signed {
    scheme: Scheme,
    secret: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    now: i64,
}

impl Signed {
    fn verify_with(&self, secrets: &[&str]) -> Result<usize, Unverified> {
        let secrets: Vec<SecretString> = secrets.iter().map(|&secret| SecretString::from(secret)).collect();
        let incoming = Incoming { url: &self.url, headers: &self.headers, body: &self.body, now: self.now };
        self.scheme.verify(&incoming, &secrets).map(|events| events.len())
    }

    fn verify(&self) -> Result<usize, Unverified> {
        self.verify_with(&[&self.secret])
    }
}

fn header(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

fn mac(algorithm: hmac::Algorithm, key: &[u8], text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(algorithm, key), text).as_ref().to_vec()
}

fn stripe(body: &[u8], at: i64) -> Signed {
    let secret = "whsec_test_secret".to_owned();
    let tag = mac(hmac::HMAC_SHA256, secret.as_bytes(), &[format!("{at}.").as_bytes(), body].concat());
    let value = format!("t={at},v1={}", HEXLOWER.encode(&tag));
    let headers = vec![header("stripe-signature", value)];
    Signed { scheme: Scheme::Stripe, secret, url: String::new(), headers, body: body.to_vec(), now: NOW }
}

fn samsara(body: &[u8], at: i64) -> Signed {
    let key = b"sixteen byte key";
    let tag = mac(hmac::HMAC_SHA256, key, &[format!("v1:{at}:").as_bytes(), body].concat());
    let headers = vec![
        header("x-samsara-signature", format!("v1={}", HEXLOWER.encode(&tag))),
        header("x-samsara-timestamp", at.to_string()),
    ];
    let secret = BASE64.encode(key);
    Signed { scheme: Scheme::Samsara, secret, url: String::new(), headers, body: body.to_vec(), now: NOW }
}

const TWILIO_URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
const TWILIO_FORM: &str =
    "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";

fn twilio(url: &str, body: &str, signature: &str) -> Signed {
    let headers = vec![header("x-twilio-signature", signature)];
    let (secret, url, body) = ("12345".to_owned(), url.to_owned(), body.as_bytes().to_vec());
    Signed { scheme: Scheme::Twilio, secret, url, headers, body, now: NOW }
}

/// The test vector of SendGrid's own libraries.
fn sendgrid() -> Signed {
    let body = concat!(
        r#"[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","#,
        r#""sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA","#,
        r#""sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","#,
        r#""smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]"#,
        "\r\n"
    );
    let secret = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==";
    let signature = "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=";
    let headers = vec![
        header("x-twilio-email-event-webhook-signature", signature),
        header("x-twilio-email-event-webhook-timestamp", "1600112502"),
    ];
    let (url, body) = (String::new(), body.as_bytes().to_vec());
    Signed { scheme: Scheme::SendGrid, secret: secret.to_owned(), url, headers, body, now: 1_600_112_502 }
}

#[test]
fn published_vectors_verify() {
    // twilio-python, tests/unit/test_request_validator.py: a form; with the port; JSON by its hash, alone and behind others.
    let json = "{\"property\": \"value\", \"boolean\": true}";
    let hash = "bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
    let with_port = TWILIO_URL.replace(".com", ".com:1234");
    let vectors = [
        (TWILIO_URL.to_owned(), TWILIO_FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (with_port.clone(), TWILIO_FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (with_port.replace("https", "http"), TWILIO_FORM, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        (TWILIO_URL.to_owned(), TWILIO_FORM, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (TWILIO_URL.replace("https", "http"), TWILIO_FORM, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (format!("{TWILIO_URL}&{hash}"), json, "a9nBmqA0ju/hNViExpshrM61xv4="),
        (format!("https://mycompany.com/myapp.php?{hash}"), json, "y77kIzt2vzLz71DgmJGsen2scGs="),
    ];
    for (url, body, signature) in &vectors {
        assert_eq!(twilio(url, body, signature).verify(), Ok(1), "{url} {signature}");
    }
    // twilio-php: a name with several values.
    let several = twilio(
        TWILIO_URL,
        "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234",
        "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
    );
    assert_eq!(several.verify(), Ok(1));
    // sendgrid-go, helpers/eventwebhook; the same in all of its libraries.
    assert_eq!(sendgrid().verify(), Ok(1));
    eprintln!("webhooks: {} published vectors verify", vectors.len() + 2);
}

#[test]
fn signatures_of_other_schemes_beside_it_change_nothing() {
    let signed = stripe(b"{}", NOW);
    let value = format!("{},v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39", signed.headers[0].1);
    assert_eq!(Signed { headers: vec![header("stripe-signature", value)], ..signed }.verify(), Ok(1));
}

#[test]
fn the_time_must_be_near() {
    for signed in [stripe, samsara] {
        for (off, is_right) in [(-301, false), (-300, true), (0, true), (300, true), (301, false)] {
            assert_eq!(signed(b"{}", NOW + off).verify().is_ok(), is_right, "{off}");
        }
    }
    for (off, is_right) in [(-301, false), (300, true), (301, false)] {
        let signed = sendgrid();
        assert_eq!(Signed { now: signed.now + off, ..signed }.verify().is_ok(), is_right);
    }
}

#[test]
fn one_of_several_secrets_suffices_and_no_secret_does_not() {
    for signed in [
        stripe(b"{}", NOW),
        samsara(b"{}", NOW),
        sendgrid(),
        twilio(TWILIO_URL, TWILIO_FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ] {
        let other = BASE64.encode(b"another secret!!");
        assert!(signed.verify_with(&[&other, &signed.secret]).is_ok());
        assert!(signed.verify_with(&[&signed.secret, &other]).is_ok());
        assert!(matches!(signed.verify_with(&[&other]), Err(Unverified::Mismatch | Unverified::NoSecret(_))));
        assert!(matches!(signed.verify_with(&[]), Err(Unverified::NoSecret(_))));
        assert!(matches!(signed.verify_with(&[""]), Err(Unverified::NoSecret(_))));
        let bare = Signed { headers: Vec::new(), ..signed.clone() };
        assert!(matches!(bare.verify(), Err(Unverified::Missing(_))));
    }
}

#[test]
fn events_are_known_by_their_ids_and_unknown_ones_are_kept() {
    let events = |signed: &Signed| {
        let incoming = Incoming { url: &signed.url, headers: &signed.headers, body: &signed.body, now: signed.now };
        signed.scheme.verify(&incoming, &[SecretString::from(signed.secret.as_str())]).unwrap()
    };
    let paid = &events(&stripe(br#"{"id": "evt_1", "type": "invoice.paid"}"#, NOW))[0];
    assert_eq!((paid.id.as_str(), paid.kind.as_str()), ("evt_1", "invoice.paid"));
    let odd = &events(&stripe(b"\xff\x00 no JSON", NOW))[0];
    assert_eq!((odd.kind.as_str(), odd.content.as_slice()), ("", &b"\xff\x00 no JSON"[..]));
    assert_eq!(odd.id, format!("sha256-{}", HEXLOWER.encode(digest::digest(&digest::SHA256, &odd.content).as_ref())));
    assert_eq!(events(&sendgrid())[0].kind, "dropped");
    let body = "MessageSid=SM1&MessageStatus=delivered";
    let tag = mac(
        hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        b"12345",
        format!("{TWILIO_URL}MessageSidSM1MessageStatusdelivered").as_bytes(),
    );
    let state = &events(&twilio(TWILIO_URL, body, &BASE64.encode(&tag)))[0];
    assert_eq!((state.id.as_str(), state.kind.as_str()), ("SM1-message.delivered", "message.delivered"));
}

/// Flips one bit of a header's value that stays text, of the body, or of the address.
fn flipped(signed: &Signed, place: usize, bit: u8) -> Option<Signed> {
    let mut changed = signed.clone();
    let mut place =
        place % (signed.body.len() + signed.url.len() + signed.headers.iter().map(|(_, v)| v.len()).sum::<usize>());
    if place < signed.body.len() {
        changed.body[place] ^= 1 << bit;
        return Some(changed);
    }
    place -= signed.body.len();
    let flip = |text: &mut String, place: usize| {
        let mut bytes = std::mem::take(text).into_bytes();
        bytes[place] ^= 1 << bit;
        *text = String::from_utf8(bytes).ok()?;
        Some(())
    };
    if place < signed.url.len() {
        flip(&mut changed.url, place)?;
        return Some(changed);
    }
    place -= signed.url.len();
    for (_, value) in &mut changed.headers {
        if place < value.len() {
            flip(value, place)?;
            return Some(changed);
        }
        place -= value.len();
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_flipped_bit_is_refused(body in prop::collection::vec(any::<u8>(), 1..200), place in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let json = "{\"property\": \"value\", \"boolean\": true}";
        let url = format!("{TWILIO_URL}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620");
        // In a form, several texts have one meaning: `%2B` is `%2b`. Of this one, no bit can be flipped without changing it.
        let form = twilio(TWILIO_URL, "A=1&B=2", &BASE64.encode(&mac(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, b"12345", format!("{TWILIO_URL}A1B2").as_bytes())));
        for signed in [stripe(&body, NOW), samsara(&body, NOW), sendgrid(), twilio(&url, json, "a9nBmqA0ju/hNViExpshrM61xv4="), form] {
            prop_assert!(signed.verify().is_ok());
            let Some(changed) = flipped(&signed, place.index(1 << 20), bit) else { continue };
            prop_assert!(changed.verify().is_err(), "{:?}", changed);
        }
    }

    #[test]
    fn whatever_comes_is_refused_without_a_panic(
        value in "\\PC{0,80}", time in "\\PC{0,20}", body in prop::collection::vec(any::<u8>(), 0..200), url in "\\PC{0,80}",
    ) {
        for scheme in [Scheme::Stripe, Scheme::Twilio, Scheme::SendGrid, Scheme::Samsara] {
            let names = ["stripe-signature", "x-twilio-signature", "x-samsara-signature", "x-twilio-email-event-webhook-signature"];
            let mut headers: Vec<(String, String)> = names.iter().map(|name| header(name, value.clone())).collect();
            headers.push(header("x-samsara-timestamp", time.clone()));
            headers.push(header("x-twilio-email-event-webhook-timestamp", time.clone()));
            let signed = Signed { scheme, secret: BASE64.encode(b"sixteen byte key"), url: url.clone(), headers, body: body.clone(), now: NOW };
            prop_assert!(signed.verify().is_err());
        }
    }
}

#[test]
fn what_became_of_something_is_read_where_it_is_said() {
    let fate = |scheme: Scheme, kind: &str, content: &str| {
        let event = Event { id: "1".into(), kind: kind.into(), content: content.into() };
        scheme.fate(&event).map(|fate| (fate.reference, fate.is_delivered))
    };
    let form = "SmsStatus=x&MessageSid=SM1&To=%2B15005550006";
    assert_eq!(fate(Scheme::Twilio, "message.delivered", form), Some(("SM1".to_owned(), true)));
    assert_eq!(fate(Scheme::Twilio, "message.undelivered", form), Some(("SM1".to_owned(), false)));
    assert_eq!(fate(Scheme::Twilio, "message.sent", form), None, "it is under way");
    assert_eq!(fate(Scheme::Twilio, "message.delivered", "MessageSid=&To=1"), None);
    let event = r#"{"event": "bounce", "sg_event_id": "1", "key": "k1"}"#;
    assert_eq!(fate(Scheme::SendGrid, "bounce", event), Some(("k1".to_owned(), false)));
    assert_eq!(fate(Scheme::SendGrid, "delivered", event), Some(("k1".to_owned(), true)));
    assert_eq!(fate(Scheme::SendGrid, "open", event), None);
    assert_eq!(fate(Scheme::SendGrid, "delivered", "[]"), None);
    assert_eq!(fate(Scheme::Stripe, "invoice.paid", "{}"), None);
}

#[test]
fn stripe_tells_what_became_of_invoices() {
    let of = |scheme: Scheme, kind: &str, object: serde_json::Value| {
        let content =
            serde_json::json!({"id": "evt", "type": kind, "data": {"object": object}}).to_string().into_bytes();
        scheme.invoice(&Event { id: "evt".to_owned(), kind: kind.to_owned(), content })
    };
    let invoice = || serde_json::json!({"id": "in_1", "object": "invoice"});
    for (kind, word) in
        [("invoice.paid", "paid"), ("invoice.voided", "voided"), ("invoice.marked_uncollectible", "uncollectible")]
    {
        assert_eq!(of(Scheme::Stripe, kind, invoice()), Some(("in_1".to_owned(), word)));
        assert_eq!(of(Scheme::Twilio, kind, invoice()), None);
    }
    assert_eq!(of(Scheme::Stripe, "invoice.created", invoice()), None);
    assert_eq!(of(Scheme::Stripe, "invoice.paid", serde_json::json!({"id": ""})), None);
    let charge = |refunded: bool| serde_json::json!({"id": "ch_1", "invoice": "in_2", "refunded": refunded});
    assert_eq!(of(Scheme::Stripe, "charge.refunded", charge(true)), Some(("in_2".to_owned(), "refunded")));
    assert_eq!(of(Scheme::Stripe, "charge.refunded", charge(false)), None, "a part of it");
    assert_eq!(of(Scheme::Stripe, "charge.refunded", serde_json::json!({"id": "ch_1", "refunded": true})), None);
}
