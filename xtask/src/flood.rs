//! What a flood of requests does to those who ask within their limits, and to the service's memory.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::load::p99;
use crate::service::{Connection, Service};
use crate::shell::say;

/// Requests of a client within the limits, and the time between them.
const ASKED: usize = 500;
const PACE: Duration = Duration::from_millis(10);
/// Requests that an address has a minute, as the service is delivered, and the flood's a second: ten times as many.
const ALLOWED: &str = "600";
const TENFOLD: u32 = 100;
/// Connections of a flood without a pace.
const CONNECTIONS: u32 = 8;
/// Addresses that ask once each.
const ADDRESSES: u32 = 1_000_000;
/// Until the service has looked after its memory.
const LOOKED_AFTER: Duration = Duration::from_secs(65);

/// Measures over the embedded database. The service believes the addresses that this program makes up.
pub(crate) fn measure(program: &Path) -> Result<(), String> {
    let settings = [
        ("MILKRUN_LOG", "warn"),
        ("MILKRUN_TRUSTED_PROXIES", "['127.0.0.1']"),
        ("MILKRUN_LIMITS_ADDRESS_PER_MINUTE", ALLOWED),
    ];
    let service = Service::start(program, "flood", &settings)?;
    say(&format!("\nA flood; an address may ask {ALLOWED} times a minute"));
    let alone = within_limits(&service, "203.0.113.1")?;
    // What may be asked at once is used up before.
    let over = AtomicBool::new(false);
    let (sent, held) = (AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        scope.spawn(|| flood(&service, None, &over, &sent, &held));
        thread::sleep(Duration::from_secs(1));
        over.store(true, Ordering::Relaxed);
    });
    say(&format!("alone: {}", alone.text()));
    for (connections, pause, name) in [
        (1, Some(Duration::from_secs(1) / TENFOLD), "ten times what is allowed"),
        (CONNECTIONS, None, "as fast as it goes"),
    ] {
        let (over, sent, held) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
        let told = thread::scope(|scope| {
            for _ in 0..connections {
                scope.spawn(|| flood(&service, pause, &over, &sent, &held));
            }
            let told = within_limits(&service, &format!("203.0.113.{}", connections + 1));
            over.store(true, Ordering::Relaxed);
            told
        })?;
        say(&format!(
            "{name}: {} ({:+.0} % at p99); of the flood's {} requests {} were held off",
            told.text(),
            (told.p99 / alone.p99 - 1.0) * 100.0,
            sent.into_inner(),
            held.into_inner()
        ));
    }
    many_addresses(&service)
}

struct Told {
    mean: f64,
    p99: f64,
}

impl Told {
    fn text(&self) -> String {
        format!("mean {:.2} ms, p99 {:.2} ms", self.mean, self.p99)
    }
}

/// Asks at an even pace; every answer must be one.
fn within_limits(service: &Service, address: &str) -> Result<Told, String> {
    let mut connection = Connection::open(service)?.from(address);
    let mut took = Vec::new();
    for _ in 0..ASKED {
        let sent = Instant::now();
        connection.send("GET", "/v1/me", None)?.expect(200)?;
        took.push(sent.elapsed().as_secs_f64() * 1_000.0);
        thread::sleep(PACE.saturating_sub(sent.elapsed()));
    }
    Ok(Told { mean: took.iter().sum::<f64>() / took.len() as f64, p99: p99(&mut took) })
}

/// Asks from one address until it is over.
fn flood(service: &Service, pause: Option<Duration>, over: &AtomicBool, sent: &AtomicU64, held: &AtomicU64) {
    let Ok(connection) = Connection::open(service) else { return };
    let mut connection = connection.from("198.51.100.1");
    while !over.load(Ordering::Relaxed) {
        let Ok(answer) = connection.send("GET", "/v1/me", None) else { return };
        sent.fetch_add(1, Ordering::Relaxed);
        held.fetch_add(u64::from(answer.status == 429), Ordering::Relaxed);
        pause.into_iter().for_each(thread::sleep);
    }
}

/// What the service remembers of addresses that ask once and never again.
fn many_addresses(service: &Service) -> Result<(), String> {
    let before = service.memory()?;
    let start = Instant::now();
    let share = ADDRESSES / CONNECTIONS;
    thread::scope(|scope| {
        let asking: Vec<_> = (0..CONNECTIONS)
            .map(|i| {
                scope.spawn(move || {
                    let mut connection = Connection::open(service)?;
                    for address in i * share..(i + 1) * share {
                        let [_, a, b, c] = address.to_be_bytes();
                        connection = connection.from(&format!("10.{a}.{b}.{c}"));
                        connection.send("GET", "/.well-known/jwks.json", None)?.expect(200)?;
                    }
                    Ok::<(), String>(())
                })
            })
            .collect();
        asking.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a thread ended".to_owned())?)
    })?;
    let (took, after) = (start.elapsed().as_secs_f64(), service.memory()?);
    thread::sleep(LOOKED_AFTER);
    say(&format!(
        "{ADDRESSES} addresses in {took:.0} s: {before:.0} MiB before, {after:.0} MiB after, {:.0} MiB a minute later",
        service.memory()?
    ));
    Ok(())
}
