//! The first start, and what must stay secret.

use serde_json::{Value, json};

use super::support::{PASSWORD, Place, Service, json_of, request};

/// Row 22 of the plan: what must stay secret is in no log, no figure and no answer.
#[test]
fn it_starts_with_nothing_and_tells_no_secrets() {
    let place = Place::sqlite();
    let service = Service::start(&place);
    let link = service.link.clone().unwrap();
    let access = service.sign_up(&place);
    let factor = json_of(service.request("POST", "/v1/me/mfa", Some(&access), Some(&json!({}))), 201);
    let wrong = json!({"email": "canary-mail@example.org", "password": "canary-password", "code": "canary"});
    json_of(service.request("POST", "/v1/sessions", None, Some(&wrong)), 401);
    json_of(service.request("GET", "/v1/fleet/bins?canary-query=1", Some("canary-token"), None), 401);
    json_of(service.request("GET", "/canary-path", None, None), 404);
    json_of(service.request("GET", "/health/ready", None, None), 200);
    let (status, figures) = request(&service.metrics, "GET", "/metrics", None, None).unwrap();
    assert!(status == 200 && figures.contains("milkrun_requests_total"), "{figures}");
    assert_eq!(service.request("GET", "/metrics", None, None).unwrap().0, 404, "figures are private");
    let log = service.stop();
    assert!(log.lines().count() > 5);
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(line["level"].is_string());
    }
    let key = std::fs::read_to_string(place.path().join("master.key")).unwrap();
    let secrets = [&link, &access, factor["secret"].as_str().unwrap(), PASSWORD, key.trim(), "canary"];
    let mut searched = 0;
    for text in [&log, &figures] {
        for secret in secrets {
            assert!(!text.contains(secret), "{secret} is told");
            searched += 1;
        }
    }
    let checked = place.run(&["audit", "verify"]);
    assert!(checked.status.success(), "{checked:?}");
    let exported = String::from_utf8(place.run(&["audit", "export"]).stdout).unwrap();
    assert!(exported.contains("session.refused") && !secrets.iter().any(|secret| exported.contains(secret)));
    eprintln!("secrets: {} searches of log, figures and audit export, 0 found", searched + secrets.len());
    // A link is used once, and a second start gives no other.
    let again = Service::start(&place);
    again.sign_in();
    again.stop();
}
