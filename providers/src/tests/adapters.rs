//! What adapters send, and what they make of right answers.

use std::sync::Arc;

use milkrun::CancelToken;
use serde_json::{Value, json};

use super::stub::{Asked, Reply, Stub};
use super::{Kept, Still, account, options};
use crate::capabilities::{
    Invoice, InvoiceItem, Letter, Mail as _, Message, Messages as _, Provider as _, Similarity as _,
};
use crate::client::ClientOptions;
use crate::meter::Outcome;
use crate::{SendGrid, SendGridSettings, Twilio, TwilioSettings, Weaviate, WeaviateSettings};

fn form(asked: &Asked) -> Vec<(String, String)> {
    form_urlencoded::parse(asked.body.as_bytes()).map(|(name, value)| (name.into(), value.into())).collect()
}

pub(super) fn field(asked: &Asked, name: &str) -> String {
    form(asked).into_iter().find(|(known, _)| known == name).map(|(_, value)| value).unwrap_or_default()
}

pub(super) fn twilio(address: &str, options: ClientOptions) -> Twilio {
    let (account_name, from) = ("AC0123456789abcdef".to_owned(), "+15005550006".to_owned());
    let callback = Some("https://plan.example.org/v1/hooks/a".to_owned());
    let settings = TwilioSettings { account: account_name, from, status_callback: callback };
    Twilio::new(account(address), settings, options).unwrap()
}

pub(super) fn message() -> Message {
    Message { to: "+4915112345678".to_owned(), text: "Tour t1: 12 Halte & 3 Säcke".to_owned() }
}

pub(super) fn letter() -> Letter {
    Letter { to: "ada@example.org".to_owned(), subject: "Welcome".to_owned(), text: "Sign up".to_owned() }
}

pub(super) fn sendgrid(address: &str, options: ClientOptions) -> SendGrid {
    let settings =
        SendGridSettings { from: "plan@example.org".to_owned(), from_name: "Plan".to_owned(), template: None };
    SendGrid::new(account(address), settings, options).unwrap()
}

pub(super) fn weaviate(address: &str, options: ClientOptions) -> Weaviate {
    Weaviate::new(account(address), WeaviateSettings { class: "Day".to_owned() }, options).unwrap()
}

pub(super) fn invoice() -> Invoice {
    let item = |description: &str, quantity, unit_amount| InvoiceItem {
        description: description.to_owned(),
        quantity,
        unit_amount,
    };
    let items = vec![item("emptyings", 12, 350), item("tonnes", 3, 9_900)];
    Invoice { customer: "cus_1".to_owned(), currency: "eur".to_owned(), items, days_until_due: 14 }
}

#[test]
fn twilio_gets_a_form_and_says_how_the_message_is_called() {
    let stub = Stub::start(|_, _| Reply::status(201, json!({"sid": "SM1", "status": "queued"}).to_string()));
    let (clock, kept) = (Arc::<Still>::default(), Arc::<Kept>::default());
    let messages = twilio(&stub.address(), ClientOptions { meter: Arc::clone(&kept) as _, ..options(&clock) });
    let receipt = messages.send(&message(), "k1", &CancelToken::new()).unwrap();
    assert_eq!((receipt.reference.as_str(), messages.honours_keys()), ("SM1", false));
    let asked = &stub.asked()[0];
    assert_eq!(
        (asked.method.as_str(), asked.path.as_str()),
        ("POST", "/2010-04-01/Accounts/AC0123456789abcdef/Messages.json")
    );
    assert_eq!(asked.header("content-type"), Some("application/x-www-form-urlencoded"));
    // base64 of AC0123456789abcdef:canary-key-4711
    assert_eq!(asked.header("authorization"), Some("Basic QUMwMTIzNDU2Nzg5YWJjZGVmOmNhbmFyeS1rZXktNDcxMQ=="));
    let fields = [("To", "+4915112345678"), ("From", "+15005550006"), ("Body", "Tour t1: 12 Halte & 3 Säcke")];
    let mut expected: Vec<(String, String)> = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    expected.push(("StatusCallback".to_owned(), "https://plan.example.org/v1/hooks/a".to_owned()));
    assert_eq!(form(asked), expected);
    let counted = kept.0.lock().unwrap().clone();
    let seen: Vec<_> = counted.iter().map(|call| (call.provider, call.outcome, call.cost, call.state.word())).collect();
    assert_eq!(seen, [("twilio", Outcome::Done, 70_000, "closed")]);
}

#[test]
fn sendgrid_gets_a_letter_with_its_key() {
    let stub = Stub::start(|_, _| Reply::status(202, ""));
    let mail = sendgrid(&stub.address(), options(&Arc::default()));
    assert_eq!(mail.send(&letter(), "k1", &CancelToken::new()).unwrap().reference, "k1");
    let asked = &stub.asked()[0];
    assert_eq!(asked.path, "/v3/mail/send");
    assert_eq!(asked.header("authorization"), Some("Bearer canary-key-4711"));
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    let expected = json!({
        "from": {"email": "plan@example.org", "name": "Plan"},
        "subject": "Welcome",
        "content": [{"type": "text/plain", "value": "Sign up"}],
        "personalizations": [{"to": [{"email": "ada@example.org"}], "custom_args": {"key": "k1"}}],
    });
    assert_eq!(body, expected);
}

#[test]
fn weaviate_keeps_vectors_and_finds_them() {
    let stub = Stub::start(|asked, _| match (asked.method.as_str(), asked.path.as_str()) {
        ("PUT", _) => Reply::status(404, "{\"error\": [{\"message\": \"no object with id\"}]}"),
        ("POST", "/v1/objects") => Reply::ok(asked.body.clone()),
        _ => {
            let found = json!([{"code": "mon", "_additional": {"distance": 4.0}}]);
            Reply::ok(json!({"data": {"Get": {"Day": found}}}).to_string())
        }
    });
    let days = weaviate(&stub.address(), options(&Arc::default()));
    let never = CancelToken::new();
    days.keep("mon", &[1.0, 0.5], &never).unwrap();
    let near = days.nearest(&[1.0, 2.5], 3, &never).unwrap();
    assert_eq!((near.len(), near[0].id.as_str(), near[0].distance), (1, "mon", 2.0));
    let asked = stub.asked();
    assert!(asked[0].path.starts_with("/v1/objects/Day/") && asked[1].path == "/v1/objects");
    assert!(asked[2].body.contains("nearVector: {vector: [1.0,2.5]}, limit: 3"), "{}", asked[2].body);
    assert!(days.keep("tue", &[f32::INFINITY], &never).unwrap_err().is_final());
    assert_eq!(stub.count(), 3);
}

#[test]
fn settings_that_cannot_be_used_are_refused() {
    let bad = |account_name: &str, address: &str| {
        let settings =
            TwilioSettings { account: account_name.to_owned(), from: "+1".to_owned(), status_callback: None };
        Twilio::new(account(address), settings, options(&Arc::default())).unwrap_err().to_string()
    };
    assert!(bad("../x", "https://api.example.org").contains("account"));
    let unencrypted = bad("AC1", "http://api.example.org");
    assert!(unencrypted.contains("unencrypted") && !unencrypted.contains(super::SECRET), "{unencrypted}");
    assert!(bad("AC1", "ftp://api.example.org").contains("address"));
}
