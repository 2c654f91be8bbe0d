//! The database refuses, hangs, is slow, or has no room left.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use super::support::{Place, Service, json_of, request};

const PASSES: u8 = 0;
const REFUSES: u8 = 1;
const HANGS: u8 = 2;
const IS_SLOW: u8 = 3;

/// Stands before the server of the database, and behaves as it is told.
struct Proxy {
    address: String,
    state: Arc<AtomicU8>,
}

impl Proxy {
    fn before(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = Arc::new(AtomicU8::new(PASSES));
        let seen = state.clone();
        spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if seen.load(Ordering::Relaxed) == REFUSES {
                    continue;
                }
                let Ok(server) = TcpStream::connect(&server) else { continue };
                let ways = [
                    (client.try_clone().unwrap(), server.try_clone().unwrap()),
                    (server.try_clone().unwrap(), client.try_clone().unwrap()),
                ];
                for (from, to) in ways {
                    let seen = seen.clone();
                    spawn(move || pass(from, to, &seen));
                }
            }
        });
        Self { address, state }
    }

    fn becomes(&self, state: u8) {
        self.state.store(state, Ordering::Relaxed);
    }
}

/// Hands bytes on while the state allows it.
fn pass(mut from: TcpStream, mut to: TcpStream, state: &AtomicU8) {
    from.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let mut bytes = [0; 8192];
    loop {
        let read = from.read(&mut bytes);
        while state.load(Ordering::Relaxed) == HANGS {
            sleep(Duration::from_millis(5));
        }
        match (state.load(Ordering::Relaxed), read) {
            (REFUSES, _) | (_, Ok(0)) => break,
            (state, Ok(read)) => {
                if state == IS_SLOW {
                    sleep(Duration::from_millis(20));
                }
                if to.write_all(&bytes[..read]).is_err() {
                    break;
                }
            }
            (_, Err(error))
                if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            (_, Err(_)) => break,
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

/// Row 13 of the plan: without its database the service says so soon, lives on, and works again as soon as it is back.
#[test]
#[ignore = "needs PostgreSQL, which `cargo xtask test` starts"]
fn outages_are_said_so_over_postgres() {
    let mut place = Place::postgres("outages");
    let proxy = Proxy::before(place.host());
    place.reach_through(&proxy.address);
    let service = Service::start(&place);
    let access = service.sign_up(&place);
    let me = || service.request("GET", "/v1/me", Some(&access), None);
    for (state, name) in [(REFUSES, "refuses"), (HANGS, "hangs")] {
        proxy.becomes(state);
        // More at once than there are connections.
        let asked: Vec<_> = (0..40)
            .map(|_| {
                let (address, access) = (service.address.clone(), access.clone());
                spawn(move || {
                    let start = Instant::now();
                    let refused = json_of(request(&address, "GET", "/v1/me", Some(&access), None), 503);
                    assert_eq!(refused["code"], "unavailable");
                    start.elapsed()
                })
            })
            .collect();
        let slowest = asked.into_iter().map(|asked| asked.join().unwrap()).max().unwrap();
        json_of(service.request("GET", "/health/live", None, None), 200);
        json_of(service.request("GET", "/health/ready", None, None), 503);
        proxy.becomes(PASSES);
        let back = Instant::now();
        while service.request("GET", "/health/ready", None, None).unwrap().0 != 200 {
            assert!(back.elapsed() < Duration::from_secs(10), "not ready again");
            sleep(Duration::from_millis(20));
        }
        json_of(me(), 200);
        eprintln!(
            "outages: the database {name}: 40 requests, the slowest 503 in {slowest:.1?}, ready again {:.1?} after",
            back.elapsed()
        );
        assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    }
    proxy.becomes(IS_SLOW);
    let start = Instant::now();
    json_of(me(), 200);
    eprintln!("outages: the database is slow: an answer in {:.1?}", start.elapsed());
    proxy.becomes(PASSES);
    service.stop();
}
