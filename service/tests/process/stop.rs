//! Stopped while requests come in.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::Duration;

use super::support::{Place, Service, rounds};

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
