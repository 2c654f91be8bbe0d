//! What adapters send, and what they make of right answers.

use std::sync::Arc;

use milkrun::CancelToken;
use serde_json::{Value, json};

use super::stub::{Asked, Reply, Stub};
use super::{Kept, Still, account, options};
use crate::capabilities::{
    Customer, Dispatch, DispatchStop, Invoice, InvoiceItem, Letter, Mail as _, Message, Messages as _, Payments as _,
    Provider as _, Similarity as _, Telematics as _,
};
use crate::client::ClientOptions;
use crate::meter::Outcome;
use crate::{Samsara, SendGrid, SendGridSettings, Stripe, Twilio, TwilioSettings, Weaviate, WeaviateSettings};

fn form(asked: &Asked) -> Vec<(String, String)> {
    form_urlencoded::parse(asked.body.as_bytes()).map(|(name, value)| (name.into(), value.into())).collect()
}

fn field(asked: &Asked, name: &str) -> String {
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
fn stripe_gets_each_step_once_under_a_key_of_its_own() {
    let stub = Stub::start(|asked, before| {
        if before == 4 {
            return Reply::status(500, "{\"error\": {\"message\": \"try again\"}}");
        }
        let object = match asked.path.as_str() {
            path if asked.method == "GET" => {
                let search = "/v1/invoices/search?query=metadata%5B%27key%27%5D%3A%27k1%27&limit=10";
                assert!(path == "/v1/invoices?customer=cus_1&limit=100" || path == search, "{path}");
                json!({"object": if path == search { "search_result" } else { "list" }, "data": [{"id": "in_0", "status": "open", "metadata": {"key": "k9"}}, {"id": "in_x"}]})
            }
            "/v1/customers" => json!({"object": "customer", "id": "cus_1"}),
            "/v1/invoiceitems" => json!({"object": "invoiceitem", "id": "ii_1"}),
            "/v1/refunds" => json!({"object": "refund", "id": "re_1"}),
            path => {
                json!({"object": "invoice", "id": "in_1", "status": if path.ends_with("finalize") { "open" } else { "draft" }})
            }
        };
        Reply::ok(object.to_string())
    });
    let payments = Stripe::new(account(&stub.address()), options(&Arc::default())).unwrap();
    let never = CancelToken::new();
    let customer = Customer { code: "c7".to_owned(), name: "Inn".to_owned(), email: "inn@example.org".to_owned() };
    assert_eq!(payments.customer(&customer, "k0", &never).unwrap().reference, "cus_1");
    assert_eq!(payments.invoice(&invoice(), "k1", &never).unwrap().reference, "in_1");
    assert_eq!(payments.refund("pi_1", Some(350), "k2", &never).unwrap().reference, "re_1");
    let asked: Vec<Asked> = stub.asked().into_iter().filter(|asked| asked.method == "POST").collect();
    let keys: Vec<String> = asked.iter().map(|a| a.header("idempotency-key").unwrap().to_owned()).collect();
    let expected = ["k0-customer", "k1-invoice", "k1-item-0", "k1-item-0", "k1-item-1", "k1-final", "k2-refund"];
    assert_eq!(keys, expected, "what failed is sent again under the same key");
    assert!(stub.asked().iter().all(|a| a.header("stripe-version") == Some("2025-09-30.clover")));
    assert_eq!((field(&asked[2], "amount"), field(&asked[4], "amount")), ("4200".to_owned(), "29700".to_owned()));
    assert_eq!(
        (field(&asked[1], "metadata[key]"), field(&asked[4], "metadata[item]")),
        ("k1".to_owned(), "1".to_owned())
    );
    assert_eq!(field(&asked[1], "pending_invoice_items_behavior"), "exclude");
    assert_eq!((asked[5].path.as_str(), field(&asked[6], "amount").as_str()), ("/v1/invoices/in_1/finalize", "350"));
}

/// A Stripe that has forgotten all keys, and an invoice of which so much was done before.
fn forgetful(status: &'static str, items: usize) -> Stub {
    Stub::start(move |asked, _| {
        let object = match (asked.method.as_str(), asked.path.split('?').next().unwrap_or_default()) {
            ("GET", "/v1/invoices") => {
                json!({"object": "list", "data": [{"id": "in_7", "status": status, "metadata": {"key": "k1"}}]})
            }
            ("GET", "/v1/invoiceitems") => {
                assert_eq!(asked.path, "/v1/invoiceitems?invoice=in_7&limit=100");
                let done: Vec<Value> =
                    (0..items).map(|i| json!({"id": "ii", "metadata": {"item": i.to_string()}})).collect();
                json!({"object": "list", "data": done})
            }
            ("POST", "/v1/invoiceitems") => json!({"object": "invoiceitem", "id": "ii_1"}),
            ("POST", "/v1/invoices/in_7/finalize") => json!({"object": "invoice", "id": "in_7", "status": "open"}),
            _ => return Reply::status(400, "a second one"),
        };
        Reply::ok(object.to_string())
    })
}

#[test]
fn an_invoice_that_stripe_has_is_gone_on_with_however_late() {
    // An invoice of nothing, one item of two, both, and what has its end already.
    for (status, items, posts) in [("draft", 0, 3), ("draft", 1, 2), ("draft", 2, 1), ("open", 2, 0), ("paid", 2, 0)] {
        let stub = forgetful(status, items);
        let payments = Stripe::new(account(&stub.address()), options(&Arc::default())).unwrap();
        let receipt = payments.invoice(&invoice(), "k1", &CancelToken::new()).unwrap();
        let posted = stub.asked().iter().filter(|asked| asked.method == "POST").count();
        assert_eq!((receipt.reference.as_str(), posted), ("in_7", posts), "{status} {items}");
    }
}

#[test]
fn an_invoice_that_another_customer_got_is_found_by_its_key() {
    let stub = Stub::start(|asked, _| {
        let own = json!({"id": "in_7", "status": "open", "customer": "cus_before", "metadata": {"key": "k1"}});
        Reply::ok(match (asked.method.as_str(), asked.path.split('?').next().unwrap_or_default()) {
            ("GET", "/v1/invoices") => json!({"object": "list", "data": []}).to_string(),
            ("GET", "/v1/invoices/search") => json!({"object": "search_result", "data": [own]}).to_string(),
            _ => return Reply::status(400, "a second one"),
        })
    });
    let payments = Stripe::new(account(&stub.address()), options(&Arc::default())).unwrap();
    let receipt = payments.invoice(&invoice(), "k1", &CancelToken::new()).unwrap();
    assert_eq!((receipt.reference.as_str(), stub.asked().len()), ("in_7", 2));
}

#[test]
fn samsara_gives_positions_by_cursor_and_takes_routes() {
    let stub = Stub::start(|asked, _| {
        match asked.method.as_str() {
            "POST" => return Reply::ok(json!({"data": {"id": "r9"}}).to_string()),
            // Nothing was sent under this name before.
            "DELETE" => return Reply::status(404, "{\"message\": \"not found\"}"),
            _ => {}
        }
        let gps =
            json!([{"time": "2026-12-03T07:30:00Z", "latitude": 52.37, "longitude": 4.9, "speedMilesPerHour": 10.0}]);
        let data = json!([{"id": "v1", "gps": gps}, {"id": "v2"}]);
        Reply::ok(json!({"data": data, "pagination": {"endCursor": "c&2", "hasNextPage": true}}).to_string())
    });
    let vehicles = Samsara::new(account(&stub.address()), options(&Arc::default())).unwrap();
    let never = CancelToken::new();
    let page = vehicles.positions(None, &never).unwrap();
    assert_eq!((page.positions.len(), page.cursor.as_str(), page.has_more), (1, "c&2", true));
    let found = &page.positions[0];
    assert_eq!((found.vehicle.as_str(), found.at, found.lon, found.lat), ("v1", 1_796_283_000_000, 4.9, 52.37));
    assert!((found.speed - 4.4704).abs() < 1e-9);
    vehicles.positions(Some(&page.cursor), &never).unwrap();
    let stop = DispatchStop { name: "b7".to_owned(), lon: 4.9, lat: 52.4, arrival: 1_796_283_000_000 };
    let (id, name, vehicle) = ("7f".to_owned(), "2026-12-03".to_owned(), "v1".to_owned());
    let route = Dispatch { id, name, vehicle, stops: vec![stop] };
    assert_eq!(vehicles.dispatch(&route, "k", &never).unwrap().reference, "r9");
    let asked = stub.asked();
    assert_eq!(asked[0].path, "/fleet/vehicles/stats/feed?types=gps");
    assert_eq!(asked[1].path, "/fleet/vehicles/stats/feed?types=gps&after=c%262");
    assert_eq!((asked[2].method.as_str(), asked[2].path.as_str()), ("DELETE", "/fleet/routes/milkrun:7f"));
    let body: Value = serde_json::from_str(&asked[3].body).unwrap();
    assert_eq!(body["stops"][0]["scheduledArrivalTime"], "2026-12-03T07:30:00Z");
    assert_eq!((&body["vehicleId"], &body["externalIds"]), (&json!("v1"), &json!({"milkrun": "7f"})));
    // One without stops takes back what was sent.
    vehicles.dispatch(&Dispatch { stops: Vec::new(), ..route }, "k", &never).unwrap();
    assert_eq!((stub.count(), stub.asked()[4].method.as_str()), (5, "DELETE"));
}

#[test]
fn one_broken_receiver_hides_no_other() {
    let stub = Stub::start(|_, _| {
        let at = |lat: f64, lon: f64| json!({"time": "2026-12-03T07:30:00Z", "latitude": lat, "longitude": lon});
        let data = json!([
            {"id": "v1", "gps": [at(52.37, 4.9), at(91.0, 4.9), at(52.38, 4.9)]},
            {"id": "v2", "gps": [at(52.4, 1_000.0)]},
            {"id": "v3", "gps": [{"time": "noon", "latitude": 52.4, "longitude": 4.9}, {"latitude": "x"}]},
            {"gps": [at(52.4, 4.9)]},
            {"id": "v5", "gps": {"time": "x".repeat(9_000)}},
            {"id": "v6", "gps": [at(52.5, 4.9)]},
        ]);
        Reply::ok(json!({"data": data, "pagination": {"endCursor": "c2", "hasNextPage": false}}).to_string())
    });
    let vehicles = Samsara::new(account(&stub.address()), options(&Arc::default())).unwrap();
    let page = vehicles.positions(None, &CancelToken::new()).unwrap();
    let found: Vec<(&str, f64)> = page.positions.iter().map(|at| (at.vehicle.as_str(), at.lat)).collect();
    assert_eq!(found, [("v1", 52.37), ("v1", 52.38), ("v6", 52.5)]);
    assert_eq!((page.passed_over, page.why.as_str()), (6, "/data/0/gps/1: 91, 4.9 is not a place"));
}

#[test]
fn no_more_routes_a_minute_than_samsara_allows() {
    let stub = Stub::start(|_, _| Reply::ok(json!({"data": {"id": "r"}}).to_string()));
    let clock = Arc::<Still>::default();
    let vehicles =
        Samsara::new(account(&stub.address()), ClientOptions { calls_per_minute: Some(3), ..options(&clock) }).unwrap();
    let (id, name, vehicle) = ("7f".to_owned(), "d".to_owned(), "v".to_owned());
    let route = Dispatch { id, name, vehicle, stops: Vec::new() };
    let send = || vehicles.dispatch(&route, "k", &CancelToken::new());
    assert!((0..3).all(|_| send().is_ok()));
    let error = send().unwrap_err();
    assert!(error.was_held_back() && error.wait().unwrap().as_secs() == 61, "{error}");
    clock.advance(error.wait().unwrap());
    assert!(send().is_ok());
    assert_eq!(stub.count(), 4);
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
