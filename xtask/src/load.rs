//! `cargo xtask load`: how fast the service answers with a year of readings stored, and how fast under load.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::flood;
use crate::organisations;
use crate::page;
use crate::postgres::Server;
use crate::production;
use crate::service::{Connection, Service, text_of};
use crate::shell::{built, cargo, run, say};

/// Readings that are stored, sent so many at a time.
const READINGS: usize = 1_000_000;
const BATCH: usize = 10_000;
/// Bins that they are of, and bins of the daily plan.
const BINS: usize = 500;
/// Requests of each endpoint, one after the other.
const REPEATS: usize = 200;
/// Connections at the same time, and for how long they ask.
const CONNECTIONS: usize = 16;
const PRESSURE: Duration = Duration::from_secs(5);
/// What a read may take on average, milliseconds.
const MEAN_LIMIT: f64 = 100.0;
/// Seconds that a daily plan may take, and that its search is given.
const PLAN_LIMIT: f64 = 30.0;
const SEARCH_SECONDS: u32 = 15;
/// A replayed day: so many requests for so many plans.
const DAY_REQUESTS: usize = 200;
const DAY_PLANS: usize = 12;

/// Measures over both databases, and under a flood. `sqlite`, `postgres`, `flood`, `organisations`: one of them
/// alone; `production`: the production day alone, small unless `whole` stands beside it, over one database if that is named; `dev`: the
/// service as it is built for tests; `small`: fewer organisations, and no limits of time.
pub(crate) fn run_all(words: &[String]) -> Result<(), String> {
    const PARTS: [&str; 4] = ["sqlite", "postgres", "flood", "organisations"];
    let is_known = |word: &str| PARTS.contains(&word) || ["dev", "small", "production", "whole"].contains(&word);
    if let Some(word) = words.iter().find(|word| !is_known(word)) {
        return Err(format!(
            "load: `{word}` is unknown; there are `{}`, `production`, `whole`, `dev` and `small`",
            PARTS.join("`, `")
        ));
    }
    let named = |word: &str| words.iter().any(|other| other == word);
    let chosen = |word: &str| named(word) || !PARTS.into_iter().any(named);
    let program = program(named("dev"))?;
    if named("production") {
        let of = if named("whole") { production::WHOLE } else { production::SMALL };
        if named("sqlite") || !named("postgres") {
            production::measure("SQLite", &program, None, of)?;
        }
        if named("postgres") || !named("sqlite") {
            let server = Server::start()?;
            production::measure("PostgreSQL", &program, Some(&format!("{}/postgres", server.url)), of)?;
        }
        return Ok(());
    }
    if chosen("sqlite") {
        measure("SQLite", &program, None)?;
    }
    if chosen("flood") {
        flood::measure(&program)?;
    }
    let scale = if named("small") { organisations::SMALL } else { organisations::WHOLE };
    if chosen("organisations") {
        organisations::measure("SQLite", &program, None, scale)?;
    }
    if !chosen("postgres") {
        return Ok(());
    }
    // Each with a database of its own.
    let of = |server: &Server| format!("{}/postgres", server.url);
    if chosen("organisations") {
        let server = Server::start()?;
        organisations::measure("PostgreSQL", &program, Some(&of(&server)), scale)?;
    }
    let server = Server::start()?;
    measure("PostgreSQL", &program, Some(&of(&server)))
}

/// Builds the service as it is shipped, or as it is for tests.
pub(crate) fn program(is_for_tests: bool) -> Result<PathBuf, String> {
    let mut build = cargo(&["build", "--locked", "--package", "milkrun-service"]);
    if is_for_tests {
        run(&mut build)?;
        return Ok(page::service());
    }
    run(build.args(["--profile", "shipped"]))?;
    Ok(built("shipped", "milkrun-service"))
}

fn measure(store: &str, program: &Path, url: Option<&str>) -> Result<(), String> {
    let mut settings = vec![("MILKRUN_LOG", "warn")];
    settings.extend(url.map(|url| ("MILKRUN_DATABASE", url)));
    let service = Service::start(program, &format!("load-{store}"), &settings)?;
    say(&format!("\n{store}"));
    city(&service)?;
    let start = Instant::now();
    fill(&service)?;
    let seconds = start.elapsed().as_secs_f64();
    say(&format!("readings stored: {READINGS} in {seconds:.1} s, {:.0} a second", READINGS as f64 / seconds));
    let plan = daily_plan(&service)?;
    let mean = reads(&service, &plan)?;
    replayed_day(&service)?;
    if mean > MEAN_LIMIT {
        return Err(format!("{store}: the slowest read takes {mean:.1} ms on average, more than {MEAN_LIMIT}"));
    }
    Ok(())
}

/// Two sites, eight trucks whose drivers have lunch, 500 bins.
fn city(service: &Service) -> Result<(), String> {
    let trucks: Vec<String> = (1..=8)
        .map(|i| format!(r#"{{"code": "t{i}", "depot": "yard", "capacity_kg": 5000, "break_seconds": 2700}}"#))
        .collect();
    let bins: Vec<String> = (0..BINS)
        .map(|i| {
            let (x, y) = ((i as f64 * 0.618).fract(), (i as f64 * 0.414).fract());
            let (lon, lat) = (4.80 + x * 0.2, 52.30 + y * 0.12);
            format!(
                r#"{{"code": "b{i:03}", "lon": {lon:.6}, "lat": {lat:.6}, "load_kg": 150, "service_seconds": 120}}"#
            )
        })
        .collect();
    let list = |things: &[String]| format!("[{}]", things.join(","));
    let fleet = [
        ("depots", r#"[{"code": "yard", "lon": 4.9, "lat": 52.37}]"#.to_owned()),
        (
            "disposal-sites",
            r#"[{"code": "north", "lon": 4.95, "lat": 52.42}, {"code": "south", "lon": 4.85, "lat": 52.31}]"#
                .to_owned(),
        ),
        ("vehicles", list(&trucks)),
        ("bins", list(&bins)),
    ];
    for (kind, things) in fleet {
        service.send("POST", &format!("/v1/fleet/{kind}/import"), Some(&things))?.expect(200)?;
    }
    Ok(())
}

/// Sends the readings: each bin has one every few hours over about a year.
fn fill(service: &Service) -> Result<(), String> {
    let mut connection = Connection::open(service)?;
    for batch in 0..READINGS / BATCH {
        let numbers: Vec<usize> = (batch * BATCH..(batch + 1) * BATCH).collect();
        let body = organisations::readings(&numbers, BINS);
        connection.send("POST", "/v1/readings", Some(&body))?.expect(200)?;
    }
    Ok(())
}

/// A plan of all bins, from the request to its map; gives the plan.
fn daily_plan(service: &Service) -> Result<String, String> {
    let start = Instant::now();
    let body = format!(r#"{{"name": "day", "seconds": {SEARCH_SECONDS}}}"#);
    let asked = service.send("POST", "/v1/plans", Some(&body))?.expect(202)?;
    let plan = service.ended(text_of(&asked, "id").ok_or("the job has no id")?)?;
    let summary = service.send("GET", &format!("/v1/plans/{plan}/summary"), None)?.expect(200)?;
    service.send("GET", &format!("/v1/plans/{plan}/geojson"), None)?.expect(200)?;
    let seconds = start.elapsed().as_secs_f64();
    say(&format!("daily plan, {BINS} bins, 8 trucks, 2 sites, lunch: {seconds:.1} s end to end: {summary}"));
    if !summary.contains(r#""feasible":true"#) {
        return Err("the daily plan breaks rules".to_owned());
    }
    if seconds > PLAN_LIMIT { Err(format!("{seconds:.1} s, more than {PLAN_LIMIT}")) } else { Ok(plan) }
}

/// Measures every read endpoint, alone and under load; gives the largest mean of those alone.
fn reads(service: &Service, plan: &str) -> Result<f64, String> {
    let paths = [
        "/v1/me".to_owned(),
        "/v1/fleet/bins?limit=100".to_owned(),
        "/v1/fleet/bins/b250".to_owned(),
        "/v1/map/bins?west=4.85&south=52.33&east=4.9&north=52.36".to_owned(),
        "/v1/readings/b250?limit=100".to_owned(),
        "/v1/plans".to_owned(),
        "/v1/jobs".to_owned(),
        format!("/v1/plans/{plan}"),
        format!("/v1/plans/{plan}/geojson"),
        format!("/v1/plans/{plan}/summary"),
        "/v1/analytics/days".to_owned(),
        "/v1/users".to_owned(),
        "/v1/roles".to_owned(),
        "/v1/audit?limit=100".to_owned(),
    ];
    say(&format!("| read | mean, ms | p99, ms | with {CONNECTIONS} connections: requests a second | p99, ms |"));
    say("|---|---|---|---|---|");
    let mut largest: f64 = 0.0;
    for path in paths {
        let mut alone = ask(service, &path, |asked, _| asked < REPEATS)?;
        let start = Instant::now();
        let mut pressed = thread::scope(|scope| {
            let asking: Vec<_> = (0..CONNECTIONS)
                .map(|_| scope.spawn(|| ask(service, &path, |_, elapsed| elapsed < PRESSURE)))
                .collect();
            let asked = asking.into_iter().map(|thread| thread.join().map_err(|_| "a thread ended".to_owned())?);
            asked.collect::<Result<Vec<_>, String>>()
        })?
        .concat();
        let rate = pressed.len() as f64 / start.elapsed().as_secs_f64();
        let mean = alone.iter().sum::<f64>() / alone.len() as f64;
        largest = largest.max(mean);
        let (name, slow, slow_pressed) = (path.replace(plan, "{id}"), p99(&mut alone), p99(&mut pressed));
        say(&format!("| `{name}` | {mean:.2} | {slow:.2} | {rate:.0} | {slow_pressed:.1} |"));
    }
    Ok(largest)
}

/// Asks again and again over one connection; gives how long each answer took, milliseconds.
fn ask(service: &Service, path: &str, more: impl Fn(usize, Duration) -> bool) -> Result<Vec<f64>, String> {
    let mut connection = Connection::open(service)?;
    let (start, mut took) = (Instant::now(), Vec::new());
    while more(took.len(), start.elapsed()) {
        let sent = Instant::now();
        connection.send("GET", path, None)?.expect(200)?;
        took.push(sent.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(took)
}

pub(crate) fn p99(took: &mut [f64]) -> f64 {
    took.sort_by(f64::total_cmp);
    took.get(took.len() * 99 / 100).copied().unwrap_or(f64::NAN)
}

/// A day on which the same few plans are asked for again and again, by people and by programs.
fn replayed_day(service: &Service) -> Result<(), String> {
    let (mut fresh, mut known) = (Vec::new(), Vec::new());
    let cache = |hit: &str| service.figure(&format!("milkrun_plan_cache_total{{hit=\"{hit}\"}}"));
    let before = (cache("yes")?, cache("no")?);
    for i in 0..DAY_REQUESTS {
        // Some plans are asked for much more often than others.
        let which = (i * i + i / 3) % DAY_PLANS;
        let body = format!(r#"{{"name": "replayed", "min_fill": 0, "iterations": 50, "seed": {}}}"#, which + 100);
        let sent = Instant::now();
        let asked = service.send("POST", "/v1/plans", Some(&body))?;
        let hit = asked.status == 200;
        let plan = if hit {
            text_of(&asked.body, "plan_id").ok_or("no plan")?.to_owned()
        } else {
            service.ended(text_of(&asked.expect(202)?, "id").ok_or("the job has no id")?)?
        };
        service.send("GET", &format!("/v1/plans/{plan}/geojson"), None)?.expect(200)?;
        let took = sent.elapsed().as_secs_f64() * 1_000.0;
        if hit { known.push(took) } else { fresh.push(took) }
    }
    let share = known.len() as f64 / DAY_REQUESTS as f64 * 100.0;
    let mean = |took: &[f64]| took.iter().sum::<f64>() / took.len() as f64;
    say(&format!(
        "replayed day: {} of {DAY_REQUESTS} requests answered from what is stored ({share:.0} %), {:.1} ms on average \
         instead of {:.0} ms",
        known.len(),
        mean(&known),
        mean(&fresh),
    ));
    let (hits, misses) = (cache("yes")? - before.0, cache("no")? - before.1);
    let cached = hits / (hits + misses) * 100.0;
    say(&format!("plans read from memory: {hits:.0} of {:.0} ({cached:.0} %)", hits + misses));
    if cached < 80.0 {
        return Err(format!("{cached:.0} % of the plans were in memory, 80 or more should be"));
    }
    if share > 80.0 { Ok(()) } else { Err(format!("{share:.0} % of the requests were known, 80 or more should be")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_hundredth() {
        let mut took: Vec<f64> = (0..200).rev().map(f64::from).collect();
        assert!((p99(&mut took) - 198.0).abs() < 1e-9);
        assert!(p99(&mut []).is_nan());
    }
}
