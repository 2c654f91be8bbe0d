//! Made-up bytes for everything that the service reads of others: tables, documents, forms, pictures, webhooks, tokens, sealed values,
//! backups. No answer may be a failure of the service, nothing may hang, and nothing that is not genuine may be accepted.
//!
//! Inputs are mutations of right ones. An input whose answer is of a new kind is mutated further: answers say how far the bytes
//! came. `cargo xtask fuzz service` runs each target for a minute, which its parts share; a test run tries a few inputs each.

use std::collections::BTreeSet;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use aws_lc_rs::hmac;
use axum::body::Body;
use axum::http::{HeaderValue, Request, header};
use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use super::driving::{Dice, driven, word};
use super::networks::form;
use super::over_both_stores;
use super::world::{Answer, World};
use crate::config::Config;
use crate::crypto::{Context, Envelope, KeyId, MasterKey, SealingKey};
use crate::{backup, driving};

over_both_stores!(tables_of_a_fleet, documents, words_of_drivers, forms, what_providers_send, tokens);

/// Inputs of each target, unless `MILKRUN_TEST_SECONDS` says for how long.
const FEW: usize = 60;
/// The longest time of one request: debug builds on a busy machine are slow.
const LONGEST: Duration = Duration::from_secs(30);
/// Inputs that are kept to be mutated further.
const MOST_KEPT: usize = 2_000;
const DAY: &str = "2026-12-03";

/// Pieces that readers stumble over.
const PIECES: [&[u8]; 34] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b",",
    b":",
    b";",
    b"\t",
    b"\r\n",
    b"\0",
    b"\\u0000",
    b"\\ud800",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xe9",
    b"null",
    b"true",
    b"-1",
    b"0",
    b"-0",
    b"1e308",
    b"1e-400",
    b"9223372036854775807",
    b"9223372036854775808",
    b"NaN",
    b"\"\"",
    b"[]",
    b"{}",
    b"--cut",
    b"--cut--\r\n",
    b"\xc3\x28",
    b"=",
    b"'",
];
/// Numbers in place of others.
const NUMBERS: [&str; 14] = [
    "0",
    "-1",
    "1",
    "101",
    "-0.0",
    "1e9",
    "1e308",
    "2147483648",
    "-9223372036854775808",
    "9223372036854775807",
    "18446744073709551616",
    "0.1",
    "\"7\"",
    "null",
];

/// Mutates inputs, and keeps those that lead on.
struct Maker {
    dice: Dice,
    seeds: Vec<Vec<u8>>,
    kinds: BTreeSet<String>,
}

impl Maker {
    fn new(seeds: &[Vec<u8>]) -> Self {
        Self { dice: Dice(0x9e37_79b9_7f4a_7c15), seeds: seeds.to_vec(), kinds: BTreeSet::new() }
    }

    /// A place in `0..=length`.
    fn place(&mut self, length: usize) -> usize {
        self.dice.below(length + 1)
    }

    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.place(length);
        let longest = (length - start).min(64);
        start..start + self.place(longest)
    }

    fn next(&mut self) -> Vec<u8> {
        let chosen = self.dice.below(self.seeds.len());
        let mut bytes = self.seeds[chosen].clone();
        for _ in 0..=self.dice.below(4) {
            self.mutate(&mut bytes);
        }
        bytes.truncate(1 << 18);
        bytes
    }

    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        let length = bytes.len();
        match self.dice.below(9) {
            0 if length > 0 => {
                let at = self.dice.below(length);
                bytes[at] ^= 1 << self.dice.below(8);
            }
            1 => {
                let piece = PIECES[self.dice.below(PIECES.len())];
                let at = self.place(length);
                bytes.splice(at..at, piece.iter().copied());
            }
            2 => drop(bytes.drain(self.range(length))),
            3 => {
                let again = bytes[self.range(length)].to_vec();
                let at = self.place(length);
                bytes.splice(at..at, again);
            }
            4 => {
                let other = self.seeds[self.dice.below(self.seeds.len())].clone();
                let (at, from) = (self.place(length), self.place(other.len()));
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            5 | 6 => {
                let starts: Vec<usize> = (0..length)
                    .filter(|&i| bytes[i].is_ascii_digit() && (i == 0 || !bytes[i - 1].is_ascii_digit()))
                    .collect();
                if let Some(&start) = starts.get(self.dice.below(starts.len().max(1))) {
                    let end = (start..length).find(|&i| !bytes[i].is_ascii_digit()).unwrap_or(length);
                    let number = NUMBERS[self.dice.below(NUMBERS.len())];
                    bytes.splice(start..end, number.bytes());
                }
            }
            7 => {
                let at = self.place(length);
                let long = [b"[".as_slice(), b"a", b"{\"a\":", b"\"", b"0"][self.dice.below(5)]
                    .repeat(1 << self.dice.below(13));
                bytes.splice(at..at, long);
            }
            _ => bytes.truncate(self.place(length)),
        }
    }

    /// Keeps an input whose answer is of a kind that was not seen yet.
    fn learn(&mut self, input: Vec<u8>, kind: String) {
        if self.kinds.len() < MOST_KEPT && self.kinds.insert(kind) {
            self.seeds.push(input);
        }
    }
}

/// Panics of this process: a handler answers as if nothing had happened.
static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Counts panics from now on.
fn count_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.fetch_add(1, Ordering::Relaxed);
            usual(panic);
        }));
    });
}

/// Whether one of the parts of a target is to go on after so many inputs.
fn goes_on(start: Instant, parts: u32, done: usize) -> bool {
    match std::env::var("MILKRUN_TEST_SECONDS").ok().and_then(|text| text.parse().ok()) {
        Some(seconds) => start.elapsed() < Duration::from_secs(seconds) / parts,
        None => done < FEW,
    }
}

/// What an answer says, without what it repeats of the input.
fn kind_of(answer: &Answer) -> String {
    let faults = answer.body["faults"].as_array().map(Vec::as_slice).unwrap_or_default();
    // VROOM's answers have one text.
    let text = faults.first().map_or(&answer.body["error"], |fault| &fault["message"]).as_str().unwrap_or("");
    let plain: String = text.chars().filter(|c| c.is_ascii_lowercase() || *c == ' ').take(40).collect();
    format!("{} {} {} {plain}", answer.status.as_u16(), answer.code(), faults.len().min(3))
}

/// A world in which those who sign in stay so for as long as a target may run.
async fn lasting(world: World, change: impl FnOnce(&mut Config)) -> World {
    let lasting = |config: &mut Config| {
        config.auth.access_seconds = 7 * 86_400;
        change(config);
    };
    world.restart(lasting).await
}

/// Sends made-up bodies in requests that `request` makes, and looks at the answers: one of the parts of a target.
async fn attack(
    world: &World,
    (target, parts): (&str, u32),
    seeds: &[Vec<u8>],
    request: impl Fn(&[u8]) -> Option<Request<Body>>,
) {
    let (mut maker, mut done, start) = (Maker::new(seeds), 0, Instant::now());
    let mut accepted = 0;
    count_panics();
    let panics = PANICS.load(Ordering::Relaxed);
    while goes_on(start, parts, done) {
        // The right ones come first: if they are refused, nothing is tried.
        let input = if done < seeds.len() { seeds[done].clone() } else { maker.next() };
        done += 1;
        let Some(request) = request(&input) else { continue };
        let sent = Instant::now();
        let answer = world.answer(request).await;
        let shown = || String::from_utf8_lossy(&input[..input.len().min(2_000)]).into_owned();
        assert!(answer.status.as_u16() < 500, "{target}: {} for {:?}", answer.text, shown());
        assert_eq!(PANICS.load(Ordering::Relaxed), panics, "{target}: a panic for {:?}", shown());
        assert!(sent.elapsed() < LONGEST, "{target}: {:?} for {:?}", sent.elapsed(), shown());
        assert!(done > 1 || answer.status.is_success(), "{target}: {} for {:?}", answer.text, shown());
        accepted += usize::from(answer.status.is_success());
        maker.learn(input, kind_of(&answer));
    }
    let (store, kinds) = (world.app.desk.store.backend().name(), maker.kinds.len());
    eprintln!("fuzz ({store}), {target}: {done} inputs, {accepted} accepted, {kinds} kinds of answers, 0 failures");
}

/// A request of somebody with a body of a type.
fn of(access: &str, method: &str, path: &str, media_type: &str, body: &[u8]) -> Option<Request<Body>> {
    let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, media_type);
    request.header(header::AUTHORIZATION, format!("Bearer {access}")).body(Body::from(body.to_vec())).ok()
}

fn texts(values: &[Value]) -> Vec<Vec<u8>> {
    values.iter().map(|value| value.to_string().into_bytes()).collect()
}

async fn tables_of_a_fleet(world: World) {
    let world = lasting(world, |_| ()).await;
    let admin = world.founder("ada").await;
    world.city(&admin, 5).await;
    let bin = json!({"code": "b1", "name": "Corner", "lon": 4.9, "lat": 52.3, "load_kg": 90, "service_seconds": 60,
        "fill_percent": 80, "priority": 2, "address": "Kade 1", "remarks": "key"});
    let truck = json!({"code": "t1", "depot": "yard", "capacity_kg": 900, "break_seconds": 1800, "max_stops": 20});
    let feature = json!({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"code": "b1", "load_kg": 90},
        "geometry": {"type": "Point", "coordinates": [4.9, 52.3]}}]});
    let table = "code;lon;lat;load_kg\nb1;4,9;52,3;90\n\"b;2\";4,8;52,4;15\n".as_bytes().to_vec();
    let wide: Vec<u8> = "code,lon,lat\nb1,4.9,52.3\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide = [b"\xff\xfe".to_vec(), wide].concat();
    for (target, kind, media_type, seeds) in [
        ("bins, JSON", "bins", "application/json", texts(&[json!([bin])])),
        ("bins, table", "bins", "text/csv", vec![table, wide]),
        ("bins, points", "bins", "application/geo+json", texts(&[feature])),
        ("vehicles, JSON", "vehicles", "application/json", texts(&[json!([truck])])),
        (
            "depots, JSON",
            "depots",
            "application/json",
            texts(&[json!([{"code": "d", "lon": 4.9, "lat": 52.3, "open_from": 1}])]),
        ),
    ] {
        let path = format!("/v1/fleet/{kind}/import");
        attack(&world, (target, 6), &seeds, |body| of(&admin.access, "POST", &path, media_type, body)).await;
    }
    let readings = json!({"readings": [{"bin": "b0001", "at": 1_700_000_000_000_i64, "fill_percent": 55.5}]});
    let request = |body: &[u8]| of(&admin.access, "POST", "/v1/readings", "application/json", body);
    attack(&world, ("readings", 6), &texts(&[readings]), request).await;
}

async fn documents(world: World) {
    let world = lasting(world, |config| config.planning.queue_per_organisation = 1_000_000).await;
    let admin = world.founder("ada").await;
    world.city(&admin, 5).await;
    let stop = world.work();
    world.publish(&admin, 1, 0).await;
    let problem = json!({"milkrun": "problem", "version": 1, "depots": [{"name": "y", "location": {"x": 0, "y": 0}}],
        "clients": [{"location": {"x": 1, "y": 1}, "delivery": [1], "time_windows": [[0, 3600]]}],
        "vehicle_types": [{"count": 1, "capacity": [10], "start": "y", "end": "y", "shift": [0, 36000]}]});
    let plan = json!({"problem": problem, "iterations": 1, "seconds": 1, "name": "x"});
    let vroom = json!({"vehicles": [{"id": 7, "start_index": 0, "end_index": 0, "capacity": [2], "steps": [{"type": "job", "id": 1}]}],
        "jobs": [{"id": 1, "location_index": 1, "delivery": [1], "time_windows": [[0, 100]]}],
        "matrices": {"car": {"durations": [[0, 30], [30, 0]]}}, "options": {"c": true, "l": 1}});
    let events = json!({"now": 36_000, "seconds": 1, "events": [{"kind": "late", "route": 0, "by": 600}]});
    let plain = json!({"now": 36_000, "seconds": 1});
    let confirmed = json!({"stops": [{"code": "b0001", "outcome": "done", "at": 40_000}]});
    let (adapt, confirm) = (format!("/v1/days/{DAY}/adaptations"), format!("/v1/days/{DAY}/confirmations"));
    for (target, path, seeds) in [
        ("problems", "/v1/plans", texts(&[plan])),
        ("problems of VROOM", "/v1/vroom", texts(&[vroom])),
        ("adaptations", adapt.as_str(), texts(&[plain, events])),
        ("confirmations", confirm.as_str(), texts(&[confirmed])),
    ] {
        attack(&world, (target, 4), &seeds, |body| of(&admin.access, "POST", path, "application/json", body)).await;
    }
    stop.send_replace(true);
}

async fn words_of_drivers(world: World) {
    let world = lasting(world, |config| config.driving.positions_per_minute = 1_000_000_000).await;
    let (_, [dora, _]) = driven(&world).await;
    let route = world.route(&dora).await;
    let code = super::driving::bins(&route)[0].clone();
    let report =
        json!({"reports": [word("word-0001", &code, "done", 40_000), word("word-0002", &code, "missed", 40_100)]});
    let positions = json!({"positions": [{"at": 40_000, "lon": 4.9, "lat": 52.3, "accuracy": 5}]});
    for (target, what, seeds) in
        [("reports", "reports", texts(&[report])), ("positions", "positions", texts(&[positions]))]
    {
        let path = format!("/v1/driving/days/{DAY}/{what}");
        attack(&world, (target, 3), &seeds, |body| of(&dora.access, "POST", &path, "application/json", body)).await;
    }
    let path = "/v1/driving/reports/word-0001/photo";
    let request = |body: &[u8]| of(&dora.access, "PUT", path, "image/jpeg", body);
    attack(&world, ("photos", 3), &[driving::a_photo()], request).await;
}

async fn forms(world: World) {
    let world = lasting(world, |config| config.networks.per_organisation = 1_000_000).await;
    let admin = world.founder("ada").await;
    let streets = json!({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"highway": "residential"},
        "geometry": {"type": "LineString", "coordinates": [[4.9, 52.3], [4.91, 52.31]]}}]});
    let parts = form(&[("map", streets.to_string().as_bytes()), ("profile", b"car"), ("name", b"City")]);
    let media_type = "multipart/form-data; boundary=cut";
    let request = |body: &[u8]| of(&admin.access, "POST", "/v1/networks/city/import", media_type, body);
    attack(&world, ("forms", 1), &[parts], request).await;
}

async fn what_providers_send(world: World) {
    let admin = world.founder("ada").await;
    let body = json!({"provider": "stripe", "secret": "sk_test", "webhook_secrets": ["whsec_new"]});
    world.send(Some(&admin.access), "PUT", "/v1/providers/payments", Some(body)).await.expect(204);
    let shown = world.get(&admin, "/v1/providers").await.expect(200);
    let url =
        shown.as_array().unwrap().iter().find(|entry| entry["provider"] == "stripe").unwrap()["webhook_url"].clone();
    let path = format!("/v1/hooks/{}", url.as_str().unwrap().rsplit('/').next().unwrap());
    // No signature becomes old.
    world.clock.stop();
    let now = world.clock.now() / 1_000;
    let tag = |body: &[u8]| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"whsec_new");
        HEXLOWER.encode(hmac::sign(&key, &[format!("{now}.").as_bytes(), body].concat()).as_ref())
    };
    let signed = |body: &[u8], signature: &[u8]| {
        let signature = HeaderValue::from_bytes(signature).ok()?;
        Request::post(&path).header("stripe-signature", signature).body(Body::from(body.to_vec())).ok()
    };
    let event = br#"{"id": "evt_1", "type": "invoice.paid", "data": {"object": {"id": "in_1"}}}"#;
    let right = |body: &[u8]| signed(body, format!("t={now},v1={}", tag(body)).as_bytes());
    attack(&world, ("verified webhooks", 2), &[event.to_vec()], right).await;
    let (own, kept) = (format!("t={now},v1={}", tag(event)).into_bytes(), world.count("webhook_events").await);
    let changed = |signature: &[u8]| signed(event, signature);
    attack(&world, ("signatures of webhooks", 2), std::slice::from_ref(&own), changed).await;
    assert_eq!(world.count("webhook_events").await, kept, "whatever is accepted is the same event");
}

async fn tokens(world: World) {
    let world = lasting(world, |_| ()).await;
    let admin = world.founder("ada").await;
    let own = format!("Bearer {}", admin.access).into_bytes();
    let (mut maker, mut done, mut accepted, start) = (Maker::new(std::slice::from_ref(&own)), 0, 0, Instant::now());
    while goes_on(start, 1, done) {
        let input = maker.next();
        done += 1;
        let Ok(value) = HeaderValue::from_bytes(&input) else { continue };
        let request = Request::get("/v1/me").header(header::AUTHORIZATION, value).body(Body::empty()).unwrap();
        let answer = world.answer(request).await;
        let is_own = input == own;
        accepted += usize::from(answer.status.as_u16() == 200 && !is_own);
        assert!(is_own || answer.status.as_u16() == 401, "{:?}: {}", String::from_utf8_lossy(&input), answer.text);
        maker.learn(input, kind_of(&answer));
    }
    eprintln!("fuzz ({}), tokens: {done} inputs, {accepted} accepted", world.app.desk.store.backend().name());
}

#[test]
fn sealed_values() {
    let key = SealingKey::new(KeyId([7; 8]), &[9; 32]).unwrap();
    let context = Context(&["test/v1", "org", "user"]);
    let own = key.seal(context, b"a secret of some length").unwrap();
    let (mut maker, mut done, mut read, start) = (Maker::new(std::slice::from_ref(&own)), 0, 0, Instant::now());
    while goes_on(start, 1, done) {
        let input = maker.next();
        done += 1;
        if let Ok(envelope) = Envelope::parse(&input) {
            read += 1;
            assert_eq!(key.open(context, &envelope).is_ok(), input == own);
        }
    }
    eprintln!("fuzz, sealed values: {done} inputs, {read} that look like one, 0 accepted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backups() {
    let world = World::sqlite().await;
    world.founder("ada").await;
    let out = world.folder.path().join("b");
    backup::create(&world.app.ledger, &world.config, &out).await.unwrap();
    let master = MasterKey::load(&world.config.data, false).unwrap();
    let own = std::fs::read(&out).unwrap();
    backup::check(&out, &master).unwrap();
    let (mut maker, mut done, start) = (Maker::new(std::slice::from_ref(&own)), 0, Instant::now());
    let changed = world.folder.path().join("changed");
    let mut same = 0;
    while goes_on(start, 1, done) {
        let mut input = maker.seeds[0].clone();
        maker.mutate(&mut input);
        done += 1;
        same += usize::from(input == own);
        std::fs::write(&changed, &input).unwrap();
        assert_eq!(backup::check(&changed, &master).is_ok(), input == own, "input {done}");
    }
    eprintln!("fuzz, backups: {done} inputs of {} bytes, of which {same} unchanged, 0 accepted", own.len());
}
