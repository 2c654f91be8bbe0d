//! The adapter of Stripe, and the verification of its webhooks, beside a server that others wrote: `localstripe`, a Python package, which is started
//! as a process of its own. `MILKRUN_TEST_LOCALSTRIPE` names its address, `http://127.0.0.1:8420`; without it, the test is skipped.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{SystemTime, UNIX_EPOCH};

use milkrun::CancelToken;
use milkrun_providers::webhooks::{Incoming, Scheme, Unverified};
use milkrun_providers::{Account, ClientOptions, Customer, Payments as _, Stripe};

/// Head and body of one request; it is answered with 204.
fn request(stream: TcpStream) -> (Vec<(String, String)>, Vec<u8>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    let (mut headers, mut line) = (Vec::new(), String::new());
    while lines.read_line(&mut line).unwrap() > 2 {
        if let Some((name, value)) = line.trim().split_once(": ") {
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        line.clear();
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").unwrap().1.parse().unwrap();
    let mut body = vec![0; length];
    lines.read_exact(&mut body).unwrap();
    let mut stream = stream;
    stream.write_all(b"HTTP/1.1 204 Done\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
    (headers, body)
}

#[test]
fn customers_are_made_and_webhooks_verify() {
    let Ok(address) = std::env::var("MILKRUN_TEST_LOCALSTRIPE") else {
        eprintln!("skipped: MILKRUN_TEST_LOCALSTRIPE names no localstripe");
        return;
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let secret = "whsec_of_the_test";
    let body = format!("{{\"url\": \"http://{}/\", \"secret\": \"{secret}\"}}", listener.local_addr().unwrap());
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    let head = format!(
        "POST /_config/webhooks/milkrun HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

    let account = Account { address: Some(address), secret: "sk_test_12345".into(), price: 0 };
    let payments = Stripe::new(account, ClientOptions::default()).unwrap();
    let customer = Customer { code: "c7".to_owned(), name: "Inn".to_owned(), email: "inn@example.org".to_owned() };
    let made = payments.customer(&customer, "k1", &CancelToken::new()).unwrap();
    assert!(made.reference.starts_with("cus_"), "{made:?}");

    let (headers, body) = request(listener.accept().unwrap().0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().cast_signed();
    let incoming = Incoming { url: "", headers: &headers, body: &body, now };
    let events = Scheme::Stripe.verify(&incoming, &[secret.into()]).unwrap();
    assert_eq!((events.len(), events[0].kind.as_str()), (1, "customer.created"));
    assert_eq!(Scheme::Stripe.verify(&incoming, &["whsec_other".into()]), Err(Unverified::Mismatch));
}
