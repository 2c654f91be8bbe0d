//! Providers that are down, slow, wrong, or say that all went well.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use milkrun::CancelToken;
use serde_json::json;

use super::adapters::{invoice, letter, message, sendgrid, twilio, weaviate};
use super::stub::{Reply, Stub};
use super::{Kept, SECRET, Still, account, options};
use crate::budget::DayBudget;
use crate::capabilities::{Mail as _, Messages as _, Payments as _, Provider as _, Similarity as _, Telematics as _};
use crate::client::ClientOptions;
use crate::error::CallError;
use crate::guard::State;
use crate::meter::Outcome;
use crate::{Samsara, Stripe};

/// A call to an address.
type Call = fn(&str, ClientOptions) -> Result<(), CallError>;

/// A call of each adapter.
const CALLS: [(&str, Call); 5] = [
    ("twilio", |address, options| twilio(address, options).send(&message(), "k", &CancelToken::new()).map(drop)),
    ("sendgrid", |address, options| sendgrid(address, options).send(&letter(), "k", &CancelToken::new()).map(drop)),
    ("stripe", |address, options| {
        Stripe::new(account(address), options)
            .unwrap()
            .invoice(&invoice(), "k", &CancelToken::new())
            .map(drop)
            .map_err(|not| not.error)
    }),
    ("samsara", |address, options| {
        Samsara::new(account(address), options).unwrap().positions(None, &CancelToken::new()).map(drop)
    }),
    ("weaviate", |address, options| weaviate(address, options).nearest(&[1.0], 1, &CancelToken::new()).map(drop)),
];

/// Ways to fail, with what is made of them.
type Fault = (&'static str, fn() -> Reply, fn(&CallError) -> bool);

fn is_failed(error: &CallError) -> bool {
    matches!(error, CallError::Failed { .. })
}

fn is_unexpected(error: &CallError) -> bool {
    matches!(error, CallError::Unexpected { .. })
}

const FAULTS: [Fault; 16] = [
    ("closes", || Reply::Closed, is_failed),
    ("stalls", || Reply::Stalled, is_failed),
    ("breaks off", || Reply::Truncated("{\"sid\": \"SM1\", \"status\": \"queued\"}".to_owned()), is_failed),
    ("never ends", || Reply::Endless, is_failed),
    ("noise", || Reply::Noise, is_failed),
    ("500", || Reply::status(500, format!("{{\"message\": \"key {SECRET} failed\"}}")), is_failed),
    ("502", || Reply::status(502, "<html>bad gateway</html>"), is_failed),
    ("503 with a time", || Reply::status(503, "").with("retry-after", "1"), is_failed),
    ("429 with a time", || Reply::status(429, "").with("retry-after", "2"), is_failed),
    ("429 with a long time", || Reply::status(429, "").with("retry-after", "3600"), is_failed),
    ("401", || Reply::status(401, format!("bad key {SECRET}")), CallError::is_final),
    ("400", || Reply::status(400, "{\"error\": {\"message\": \"no such number\"}}"), CallError::is_final),
    ("redirect", || Reply::status(302, "").with("location", "http://127.0.0.1:1/"), CallError::is_final),
    ("a page", || Reply::ok("<html>welcome</html>"), is_unexpected),
    ("nothing", || Reply::ok("{}"), is_unexpected),
    ("something else", || Reply::ok("[{\"id\": 7, \"object\": \"list\", \"status\": 1}]"), is_unexpected),
];

#[test]
fn every_fault_of_every_provider_is_an_error_that_says_so() {
    let mut tried = 0;
    for (name, call) in CALLS {
        for (fault, reply, is_right) in FAULTS {
            let stub = Stub::start(move |_, _| reply());
            let kept = Arc::<Kept>::default();
            let start = Instant::now();
            let error =
                call(&stub.address(), ClientOptions { meter: Arc::clone(&kept) as _, ..options(&Arc::default()) });
            let error = error.expect_err(&format!("{name}: {fault}"));
            assert!(is_right(&error), "{name}: {fault}: {error:?}");
            assert!(start.elapsed() < Duration::from_secs(20), "{name}: {fault}");
            let text = format!("{error} {error:?}");
            assert!(!text.contains(SECRET) && text.contains(name), "{text}");
            assert_eq!(kept.0.lock().unwrap().len(), stub.count(), "{name}: {fault}: each attempt is counted");
            tried += 1;
        }
    }
    let error = CALLS[0].1("http://127.0.0.1:1", options(&Arc::default())).unwrap_err();
    assert!(is_failed(&error) && !error.may_have_arrived(), "{error:?}");
    eprintln!("faults of providers: {tried} of {} told apart", CALLS.len() * FAULTS.len());
}

#[test]
fn what_may_have_been_done_is_repeated_only_where_keys_are_honoured() {
    let failing = || Stub::start(|_, _| Reply::status(500, ""));
    let (without, with) = (failing(), failing());
    let error =
        twilio(&without.address(), options(&Arc::default())).send(&message(), "k", &CancelToken::new()).unwrap_err();
    assert!(error.may_have_arrived());
    assert_eq!(without.count(), 1);
    let payments = Stripe::new(account(&with.address()), options(&Arc::default())).unwrap();
    assert!(payments.refund("pi", None, "k", &CancelToken::new()).is_err());
    assert_eq!(with.count(), 3);
    // What was certainly not done is sent again by all.
    let limited = Stub::start(|_, before| match before {
        0 => Reply::status(429, "").with("retry-after", "2"),
        _ => Reply::status(201, json!({"sid": "SM1", "status": "queued"}).to_string()),
    });
    let clock = Arc::<Still>::default();
    twilio(&limited.address(), options(&clock)).send(&message(), "k", &CancelToken::new()).unwrap();
    assert_eq!((limited.count(), milkrun_sources::web::Clock::now(clock.as_ref()).as_secs()), (2, 2));
}

#[test]
fn a_message_that_is_said_to_be_taken_and_failed_is_an_error() {
    for status in ["failed", "undelivered", "canceled"] {
        let stub = Stub::start(move |_, _| Reply::status(201, json!({"sid": "SM1", "status": status}).to_string()));
        let sent = twilio(&stub.address(), options(&Arc::default())).send(&message(), "k", &CancelToken::new());
        assert!(is_unexpected(&sent.unwrap_err()));
    }
    let draft = Stub::start(|asked, _| {
        let object = match (asked.method.as_str(), asked.path.as_str()) {
            ("GET", _) => "list",
            (_, "/v1/invoiceitems") => "invoiceitem",
            _ => "invoice",
        };
        let item = |number: &str, amount: i64| json!({"id": "ii_1", "amount": amount, "metadata": {"item": number}});
        let items = [item("0", 4_200), item("1", 29_700)];
        Reply::ok(json!({"object": object, "id": "x_1", "status": "draft", "data": items}).to_string())
    });
    let payments = Stripe::new(account(&draft.address()), options(&Arc::default())).unwrap();
    let not = payments.invoice(&invoice(), "k", &CancelToken::new()).unwrap_err();
    assert!(is_unexpected(&not.error) && not.to_string().contains("the invoice is draft"), "{not}");
}

#[test]
fn a_provider_that_fails_is_left_alone_and_asked_once() {
    let is_up = Arc::new(AtomicBool::new(false));
    let up = Arc::clone(&is_up);
    let stub = Stub::start(move |_, _| {
        if up.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(100));
            return Reply::status(201, json!({"sid": "SM1", "status": "queued"}).to_string());
        }
        Reply::status(500, "")
    });
    let (clock, kept) = (Arc::<Still>::default(), Arc::<Kept>::default());
    let messages =
        twilio(&stub.address(), ClientOptions { meter: Arc::clone(&kept) as _, most_at_once: 64, ..options(&clock) });
    let send = || messages.send(&message(), "k", &CancelToken::new());
    assert!((0..5).all(|_| is_failed(&send().unwrap_err())));
    for _ in 0..20 {
        let error = send().unwrap_err();
        assert!(error.was_held_back() && error.wait() == Some(Duration::from_secs(30)), "{error:?}");
    }
    assert_eq!(stub.count(), 5);
    clock.advance(Duration::from_secs(30));
    is_up.store(true, Ordering::Relaxed);
    let done: Vec<bool> = std::thread::scope(|scope| {
        let sending: Vec<_> = (0..16).map(|_| scope.spawn(|| send().is_ok())).collect();
        sending.into_iter().map(|sent| sent.join().unwrap()).collect()
    });
    // Those that came while the probe was under way were held back; it closed the breaker for later ones.
    assert!(done.iter().any(|done| *done));
    let probes = kept.0.lock().unwrap().iter().filter(|call| call.outcome == Outcome::HeldBack).count();
    assert_eq!(stub.count(), 5 + done.iter().filter(|done| **done).count());
    assert!(probes >= 20);
    assert!(send().is_ok());
    assert_eq!(messages.health().unwrap().state, State::Closed);
}

#[test]
fn a_slow_provider_keeps_only_so_many_waiting() {
    let stub = Stub::start(|_, _| Reply::Stalled);
    let messages = twilio(&stub.address(), ClientOptions { most_at_once: 2, ..options(&Arc::default()) });
    let errors: Vec<CallError> = std::thread::scope(|scope| {
        let send = || messages.send(&message(), "k", &CancelToken::new()).unwrap_err();
        let sending: Vec<_> = (0..10).map(|_| scope.spawn(send)).collect();
        sending.into_iter().map(|sent| sent.join().unwrap()).collect()
    });
    let full = errors.iter().filter(|error| matches!(error, CallError::Full { most: 2, .. })).count();
    assert_eq!((full, stub.count()), (8, 2));
}

#[test]
fn the_days_money_is_a_hard_stop() {
    let stub = Stub::start(|_, before| match before {
        0 => Reply::status(400, "refused"),
        _ => Reply::status(201, json!({"sid": "SM1", "status": "queued"}).to_string()),
    });
    let (clock, purse) = (Arc::<Still>::default(), Arc::new(DayBudget::new(150_000)));
    let messages = twilio(&stub.address(), ClientOptions { purse: Arc::clone(&purse) as _, ..options(&clock) });
    let send = || messages.send(&message(), "k", &CancelToken::new());
    let date = milkrun_sources::web::Clock::date(clock.as_ref());
    assert!(send().unwrap_err().is_final());
    assert_eq!(purse.spent(date), 0, "what is refused is not billed");
    assert!(send().is_ok() && send().is_ok());
    let error = send().unwrap_err();
    assert!(matches!(error, CallError::OverBudget { budget: 150_000, left: 10_000, cost: 70_000, .. }), "{error:?}");
    assert_eq!((stub.count(), purse.spent(date)), (3, 140_000));
    clock.advance(error.wait().unwrap());
    assert!(send().is_ok());
}

#[test]
fn a_cancelled_call_ends_at_once() {
    let stub = Stub::start(|_, _| Reply::Stalled);
    let slow = ClientOptions::default();
    let messages = twilio(&stub.address(), slow);
    let cancel = CancelToken::new();
    let start = Instant::now();
    let error = std::thread::scope(|scope| {
        let sending = scope.spawn(|| messages.send(&message(), "k", &cancel).unwrap_err());
        std::thread::sleep(Duration::from_millis(100));
        cancel.cancel();
        sending.join().unwrap()
    });
    assert_eq!(error, CallError::Cancelled { provider: "twilio", may_have_arrived: true });
    assert!(start.elapsed() < Duration::from_secs(5));
}
