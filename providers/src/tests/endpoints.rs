//! Webhooks out: where they go, and where they do not.

use std::sync::Arc;

use milkrun::CancelToken;
use milkrun_sources::web::Reach;
use secrecy::SecretString;

use super::options;
use super::stub::{Reply, Stub};
use crate::error::CallError;
use crate::webhooks::{Endpoint, EndpointError, Incoming, standard};

const NOW: i64 = 1_800_000_000;

fn exception() -> Reach {
    Reach::new(["127.0.0.1".parse().unwrap()])
}

#[test]
fn what_is_sent_verifies_with_either_secret_while_one_replaces_the_other() {
    let stub = Stub::start(|_, _| Reply::status(204, ""));
    let secrets: Vec<SecretString> = vec![standard::new_secret().unwrap(), standard::new_secret().unwrap()];
    let url = format!("{}/hooks?of=milkrun#part", stub.address());
    let endpoint = Endpoint::new(&url, secrets.clone(), exception(), options(&Arc::default())).unwrap();
    endpoint.deliver("msg-1", NOW, b"{\"type\": \"day.changed\"}", &CancelToken::new()).unwrap();
    let asked = &stub.asked()[0];
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/hooks?of=milkrun"));
    let incoming = |now| Incoming { url: &url, headers: &asked.headers, body: asked.body.as_bytes(), now };
    for secret in &secrets {
        assert_eq!(standard::verify(&incoming(NOW), std::slice::from_ref(secret)).as_deref(), Ok("msg-1"));
        assert!(standard::verify(&incoming(NOW + 301), std::slice::from_ref(secret)).is_err());
    }
    assert!(standard::verify(&incoming(NOW), &[standard::new_secret().unwrap()]).is_err());
}

#[test]
fn private_places_are_not_called_whether_by_number_or_by_name() {
    let stub = Stub::start(|_, _| Reply::status(204, ""));
    let port = stub.address().rsplit_once(':').unwrap().1.to_owned();
    let secrets = || vec![standard::new_secret().unwrap()];
    let endpoint = |url: &str| Endpoint::new(url, secrets(), Reach::default(), options(&Arc::default()));
    for host in ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.169.254", "[fd00::1]", "0.0.0.0"] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{port}/latest/meta-data");
            assert!(matches!(endpoint(&url), Err(EndpointError::Private(_))), "{url}");
        }
    }
    for url in [format!("http://localhost:{port}/"), "http://hooks.example.org/".to_owned()] {
        assert_eq!(endpoint(&url).unwrap_err(), EndpointError::Unencrypted, "{url}");
    }
    for url in ["https://user:word@hooks.example.org/", "file:///etc/passwd", "https://", "gopher://x/"] {
        assert!(matches!(endpoint(url), Err(EndpointError::Address(_))), "{url}");
    }
    // Names are examined when they are looked up; also the many ways to write a number that only the system reads as one.
    for host in ["localhost", "127.1", "2130706433", "0x7f000001"] {
        let url = format!("https://{host}:{port}/");
        let error = endpoint(&url).unwrap().deliver("m", NOW, b"{}", &CancelToken::new()).unwrap_err();
        assert!(matches!(&error, CallError::Failed { may_have_arrived: false, .. }), "{url}: {error:?}");
    }
    assert_eq!(stub.count(), 0);
}

#[test]
fn redirects_are_not_followed() {
    let inner = Stub::start(|_, _| Reply::status(204, ""));
    let place = inner.address();
    let outer = Stub::start(move |_, _| Reply::status(307, "").with("location", place.clone()));
    let secrets = vec![standard::new_secret().unwrap()];
    let endpoint = Endpoint::new(&outer.address(), secrets, exception(), options(&Arc::default())).unwrap();
    let error = endpoint.deliver("m", NOW, b"{}", &CancelToken::new()).unwrap_err();
    assert!(error.is_final(), "{error:?}");
    assert_eq!((outer.count(), inner.count()), (1, 0));
}
