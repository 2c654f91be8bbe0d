//! Senders that take their time.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use super::support::{Place, Service, json_of, request};

fn connect(service: &Service) -> TcpStream {
    let stream = TcpStream::connect(&service.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// Bodies that do not arrive keep nobody else waiting, and are given up.
#[test]
fn slow_bodies_stall_nobody() {
    let place = Place::sqlite();
    let mut program = place.program();
    program.env("MILKRUN_LIMITS_BODY_SECONDS", "3").env("MILKRUN_TRUSTED_PROXIES", "['127.0.0.1']");
    let service = Service::start_by(&place, program);
    let access = service.sign_up(&place);
    // A proxy sends on for one address; another caller comes from another.
    let head = "POST /v1/sessions HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 203.0.113.9\r\n\
                content-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    let mut slow: Vec<TcpStream> = (0..256)
        .map(|_| {
            let mut stream = connect(&service);
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    sleep(Duration::from_millis(500));
    let start = Instant::now();
    json_of(service.request("GET", "/health/live", None, None), 200);
    json_of(service.request("GET", "/health/ready", None, None), 200);
    json_of(service.request("GET", "/v1/me", Some(&access), None), 200);
    service.sign_in();
    let waited = start.elapsed();
    let mut statuses = [0; 2];
    for stream in &mut slow {
        let mut text = String::new();
        let _ = stream.read_to_string(&mut text);
        match text.split(' ').nth(1) {
            Some("408") => statuses[0] += 1,
            Some("429") => statuses[1] += 1,
            other => panic!("{other:?}: {text}"),
        }
    }
    eprintln!(
        "slow: 256 bodies of one address: {} given up, {} turned away at once; others waited {waited:.1?}",
        statuses[0], statuses[1]
    );
    assert_eq!(statuses, [64, 192]);
    assert!(waited < Duration::from_secs(2) && start.elapsed() < Duration::from_secs(10), "{waited:?}");
    service.stop();
}

/// A head that comes byte by byte is cut off, and so is a connection that says nothing.
#[test]
fn dribbled_heads_are_cut() {
    let place = Place::sqlite();
    let mut program = place.program();
    program.env("MILKRUN_LIMITS_HEAD_SECONDS", "2");
    let service = Service::start_by(&place, program);
    service.sign_up(&place);
    let mut silent = connect(&service);
    let mut dribbling = connect(&service);
    dribbling.write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n").unwrap();
    let mut writing = dribbling.try_clone().unwrap();
    let start = Instant::now();
    spawn(move || {
        while writing.write_all(b"x: y\r\n").is_ok() {
            sleep(Duration::from_millis(200));
        }
    });
    for stream in [&mut silent, &mut dribbling] {
        let mut text = String::new();
        let _ = stream.read_to_string(&mut text);
        assert!(!text.contains("200 OK"), "{text}");
    }
    let cut = start.elapsed();
    eprintln!("slow: a head that never ends is cut off after {cut:.1?}");
    assert!((1..10).contains(&cut.as_secs()), "{cut:?}");
    service.stop();
}

/// One address does not take all connections, and a proxy that is trusted is not one address.
#[test]
fn an_address_has_so_many_connections() {
    let place = Place::sqlite();
    let mut program = place.program();
    program.env("MILKRUN_LIMITS_CONNECTIONS_PER_ADDRESS", "20");
    let service = Service::start_by(&place, program);
    service.sign_up(&place);
    let mut open: Vec<TcpStream> = (0..20).map(|_| connect(&service)).collect();
    // On a busy machine the connection of a request before may still have counted, so that one of these was refused.
    let health = || request(&service.address, "GET", "/health/live", None, None);
    let refused = (0..50).any(|_| {
        sleep(Duration::from_millis(200));
        let refused = health().is_none();
        open.push(connect(&service));
        refused
    });
    assert!(refused, "one more is closed without an answer");
    drop(open);
    let again = (0..50).any(|_| {
        sleep(Duration::from_millis(200));
        health().is_some_and(|(status, _)| status == 200)
    });
    assert!(again, "there is room again");
    let (_, figures) = request(&service.metrics, "GET", "/metrics", None, None).unwrap();
    let refused = figures.lines().find_map(|line| line.strip_prefix("milkrun_connections_refused_total "));
    assert!(refused.is_some_and(|count| count.parse::<u64>().is_ok_and(|count| count > 0)), "{figures}");
    service.stop();
}
