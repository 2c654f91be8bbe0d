//! Stopped while requests come in.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use super::support::{Place, Service, json_of, request, rounds};

/// Row 18 of the plan: a request either is answered in full or finds no one listening.
#[test]
fn a_stopped_service_answers_what_it_accepted() {
    let place = Place::sqlite();
    let (mut answered, mut broken) = (0, 0);
    for round in 0..rounds() {
        let service = Service::start(&place);
        let access = if round == 0 { service.sign_up(&place) } else { service.sign_in() };
        let loads: Vec<_> = (0..4)
            .map(|_| {
                let (address, access) = (service.address.clone(), access.clone());
                std::thread::spawn(move || load(&address, &access))
            })
            .collect();
        sleep(Duration::from_millis(200 + round * 53 % 400));
        service.stop();
        for load in loads {
            let found = load.join().unwrap();
            answered += found.0;
            broken += found.1;
        }
    }
    eprintln!("stopping under load, {} times: {answered} requests answered in full, {broken} broken off", rounds());
    assert!(answered > 0 && broken == 0);
}

/// A page that follows a job does not keep the service from stopping.
#[test]
fn streams_end_when_the_service_stops() {
    let place = Place::sqlite();
    let service = Service::start(&place);
    let access = service.sign_up(&place);
    let clients: Vec<_> = (0..30).map(|i| json!({"location": {"x": i * 37 % 100, "y": i * 61 % 100}})).collect();
    let problem = json!({"milkrun": "problem", "version": 1, "depots": [{"name": "y", "location": {"x": 50, "y": 50}}],
        "clients": clients, "vehicle_types": [{"count": 5, "start": "y", "end": "y"}]});
    let body = json!({"problem": problem, "seconds": 60});
    let job = json_of(service.request("POST", "/v1/plans", Some(&access), Some(&body)), 202);
    let path = format!("/v1/jobs/{}/events", job["job"]["id"].as_str().unwrap());
    let address = service.address.clone();
    let following = std::thread::spawn(move || request(&address, "GET", &path, Some(&access), None));
    sleep(Duration::from_millis(700));
    let start = Instant::now();
    service.stop();
    assert!(start.elapsed() < Duration::from_secs(10), "it waited for the stream: {:?}", start.elapsed());
    let (status, told) = following.join().unwrap().unwrap();
    assert!(status == 200 && told.contains("\"running\""), "{told}");
}

/// Asks until nobody answers any more; gives how many answers were whole and how many broken off.
fn load(address: &str, access: &str) -> (usize, usize) {
    let (mut answered, mut broken) = (0, 0);
    while let Ok(mut stream) = TcpStream::connect(address) {
        let head =
            format!("GET /v1/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer {access}\r\n\r\n");
        let mut text = String::new();
        let sent = stream.write_all(head.as_bytes());
        let read = stream.read_to_string(&mut text);
        // A connection that was never accepted is reset without a byte.
        if text.is_empty() && (sent.is_err() || read.is_err()) {
            break;
        }
        if text.split(' ').nth(1) == Some("200") && is_whole(&text) {
            answered += 1;
        } else {
            broken += 1;
        }
    }
    (answered, broken)
}

/// Whether an answer over HTTP 1.1 has as many bytes of body as its head announces.
fn is_whole(answer: &str) -> bool {
    let Some((head, body)) = answer.split_once("\r\n\r\n") else { return false };
    let announced =
        head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    announced == Some(body.len())
}
