//! What organisations do in a morning: dispatchers plan, look and adapt, drivers confirm stops and tell where they are. Of each kind of
//! request is kept how long it took, and whether it was held off.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::organisations::{self, at_once};
use crate::service::{ADMINISTRATOR, Connection, Service, text_of};
use crate::shell::say;

/// How much there is, and how much is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    pub(crate) organisations: usize,
    /// Bins of each.
    pub(crate) bins: usize,
    /// Trucks of each, and drivers.
    pub(crate) trucks: usize,
    /// Readings of each bin.
    pub(crate) readings: usize,
    /// Seconds that a plan's search is given.
    pub(crate) search: u32,
    /// Seconds that an adaptation's search is given.
    pub(crate) adaptation: u32,
    pub(crate) pace: Pace,
}

/// How long everyone waits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// Between two words of the drivers of one organisation.
    pub(crate) word: Duration,
    /// Between two rounds of a dispatcher.
    pub(crate) round: Duration,
}

/// As fast as a test needs it.
pub(crate) const HASTE: Pace = Pace { word: Duration::from_millis(50), round: Duration::from_millis(250) };
/// Between two positions of a phone.
const POSITIONS: Duration = Duration::from_secs(6);
/// Between two looks at whether there is a plan.
const LOOK: Duration = Duration::from_millis(50);

/// The day that is planned: one that is over, since no phone tells where it is on a day to come.
const DAY: &str = "2025-12-03";
/// Readings that are sent together.
const BATCH: usize = 10_000;
/// Organisations that send readings at the same time.
const SENDERS: usize = 4;

/// Settings under which the organisations come from addresses of their own.
pub(crate) const SETTINGS: [(&str, &str); 2] = [("MILKRUN_LOG", "warn"), ("MILKRUN_TRUSTED_PROXIES", "['127.0.0.1']")];

/// An organisation, its administrator, and the driver of each truck.
#[derive(Clone, Debug)]
pub(crate) struct City {
    number: usize,
    token: String,
    /// Id of each.
    drivers: Vec<String>,
}

/// The address of a truck's driver.
fn driver(number: usize, truck: usize) -> String {
    format!("d{truck}.{number}@example.org")
}

/// How long a token is used: shorter than it lives.
const RENEWED: Duration = Duration::from_secs(1_200);

impl City {
    fn connection(&self, service: &Service, token: &str) -> Result<Connection, String> {
        let address = format!("203.0.{}.{}", self.number / 250, self.number % 250 + 1);
        Ok(service.connection_of(token)?.from(&address))
    }

    /// The administrator, signed in anew.
    fn dispatcher(&self, service: &Service) -> Result<Connection, String> {
        let email = match self.number {
            0 => ADMINISTRATOR.0.to_owned(),
            number => format!("ada{number}@example.org"),
        };
        self.signed_in(service, &email)
    }

    /// A user who signs in where the organisation is: at one address, so many at once would look like guesses.
    fn signed_in(&self, service: &Service, email: &str) -> Result<Connection, String> {
        let token = self.connection(service, &self.token)?.sign_in(email)?;
        self.connection(service, &token)
    }

    /// The drivers, signed in anew.
    fn phones(&self, service: &Service) -> Result<Vec<Connection>, String> {
        let phone = |truck| self.signed_in(service, &driver(self.number, truck));
        (0..self.drivers.len()).map(phone).collect()
    }
}

/// How long requests took, milliseconds, and how many were held off, by what they are.
#[derive(Debug, Default)]
pub(crate) struct Timings(Mutex<BTreeMap<&'static str, (Vec<f64>, usize)>>);

impl Timings {
    /// Sends a request; none if it was held off, as a client has to bear now and then.
    fn send(
        &self,
        what: &'static str,
        connection: &mut Connection,
        (method, path, body): (&str, &str, Option<&str>),
    ) -> Result<Option<String>, String> {
        let start = Instant::now();
        let answer = connection.send(method, path, body)?;
        let took = start.elapsed().as_secs_f64() * 1_000.0;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (times, held_off) = known.entry(what).or_default();
        match answer.status {
            200..=204 => {
                times.push(took);
                Ok(Some(answer.body))
            }
            // Too busy, or another dispatcher was faster.
            409 | 429 | 503 => {
                *held_off += 1;
                Ok(None)
            }
            status => Err(format!("{what}: {method} {path}: {status}: {}", answer.body)),
        }
    }

    fn keep(&self, what: &'static str, took: Duration) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(what).or_default().0.push(took.as_secs_f64() * 1_000.0);
    }

    /// The longest of a kind, milliseconds.
    pub(crate) fn longest(&self, what: &str) -> f64 {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(what).map_or(0.0, |(times, _)| times.iter().copied().fold(0.0, f64::max))
    }

    /// Prints a line for each kind.
    pub(crate) fn tell(&self) {
        say("| what | times | held off | mean, ms | p50, ms | p99, ms | longest, ms |\n|---|---|---|---|---|---|---|");
        for (what, (times, held_off)) in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter_mut() {
            times.sort_by(f64::total_cmp);
            let at = |hundredths: usize| times.get(times.len() * hundredths / 100).copied().unwrap_or(f64::NAN);
            let mean = times.iter().sum::<f64>() / times.len() as f64;
            let longest = times.last().copied().unwrap_or(f64::NAN);
            let (count, middle, slow) = (times.len(), at(50), at(99));
            say(&format!("| {what} | {count} | {held_off} | {mean:.1} | {middle:.1} | {slow:.1} | {longest:.1} |"));
        }
    }
}

/// Founds the organisations, each with bins, trucks and drivers.
pub(crate) fn found(service: &Service, scale: Scale) -> Result<Vec<City>, String> {
    let mut tokens = vec![service.token.clone()];
    for number in 1..scale.organisations {
        tokens.push(service.another_organisation(number)?);
    }
    let cities: Vec<City> =
        tokens.into_iter().enumerate().map(|(number, token)| City { number, token, drivers: Vec::new() }).collect();
    let cities = Mutex::new(cities);
    let count = scale.organisations.min(SENDERS);
    let next = Mutex::new(0..scale.organisations);
    thread::scope(|scope| {
        let work = || -> Result<(), String> {
            loop {
                let Some(number) = next.lock().unwrap_or_else(PoisonError::into_inner).next() else { return Ok(()) };
                let city = cities.lock().unwrap_or_else(PoisonError::into_inner)[number].clone();
                let mut connection = city.connection(service, &city.token)?;
                organisations::city(&mut connection, number, (scale.bins, scale.trucks))?;
                let drivers = drivers(service, &city, scale.trucks)?;
                cities.lock().unwrap_or_else(PoisonError::into_inner)[number].drivers = drivers;
            }
        };
        let running: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
        running.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a thread ended".to_owned())?)
    })?;
    Ok(cities.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Signs a driver up for each truck; gives their ids.
fn drivers(service: &Service, city: &City, trucks: usize) -> Result<Vec<String>, String> {
    let mut connection = city.connection(service, &city.token)?;
    let roles = connection.send_patiently("GET", "/v1/roles", None)?.expect(200)?;
    let role = roles.split('{').find(|role| role.contains(r#""name":"driver""#)).and_then(|role| text_of(role, "id"));
    let invitation = format!(r#"{{"role": "{}"}}"#, role.ok_or("there is no role for drivers")?);
    let mut drivers = Vec::new();
    for truck in 0..trucks {
        let invited = connection.send_patiently("POST", "/v1/invitations", Some(&invitation))?.expect(201)?;
        let (_, link) = invited.split_once("#sign-up=").ok_or("no link for a driver")?;
        let link = link.split('"').next().unwrap_or_default();
        let email = driver(city.number, truck);
        let who = format!(r#""email": "{email}", "password": "{}""#, ADMINISTRATOR.1);
        let signed_up = format!(r#"{{"link": "{link}", "name": "Driver {truck}", {who}}}"#);
        connection.send_patiently("POST", "/v1/sign-up", Some(&signed_up))?.expect(201)?;
        let me = city.signed_in(service, &email)?.send_patiently("GET", "/v1/me", None)?.expect(200)?;
        drivers.push(text_of(&me, "id").ok_or("a driver has no id")?.to_owned());
    }
    Ok(drivers)
}

/// Sends the readings of all organisations, some at a time, in batches.
pub(crate) fn fill(service: &Service, cities: &[City], scale: Scale) -> Result<(), String> {
    let start = Instant::now();
    for some in cities.chunks(SENDERS) {
        let connections = some.iter().map(|city| city.connection(service, &city.token)).collect::<Result<Vec<_>, _>>();
        at_once(connections?, |connection, _| {
            let all: Vec<usize> = (0..scale.bins * scale.readings).collect();
            all.chunks(BATCH).try_for_each(|batch| {
                let body = organisations::readings(batch, scale.bins);
                connection.send_patiently("POST", "/v1/readings", Some(&body))?.expect(200).map(drop)
            })
        })?;
    }
    let (count, seconds) = (cities.len() * scale.bins * scale.readings, start.elapsed().as_secs_f64());
    say(&format!("readings stored: {count} in {seconds:.1} s, {:.0} a second", count as f64 / seconds));
    Ok(())
}

/// All organisations at the same time, until `time` is over; each plans once at least, and goes on planning if `plans_again`.
pub(crate) fn run(
    service: &Service,
    cities: &[City],
    scale: Scale,
    (time, plans_again): (Duration, bool),
    timings: &Timings,
) -> Result<(), String> {
    let over = Instant::now() + time;
    let planned: Vec<AtomicBool> = cities.iter().map(|_| AtomicBool::new(false)).collect();
    thread::scope(|scope| {
        let mut running = Vec::new();
        for (city, is_planned) in cities.iter().zip(&planned) {
            running.push(scope.spawn(move || {
                let done = dispatcher(service, city, scale, (over, plans_again), timings, is_planned);
                // Drivers do not wait for a plan that will not come.
                is_planned.store(true, Ordering::Release);
                done
            }));
            running.push(scope.spawn(move || on_the_road(service, city, (over, scale.pace.word), timings, is_planned)));
        }
        running.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a thread ended".to_owned())?)
    })
}

/// Plans, then looks at the day and adapts it, again and again.
fn dispatcher(
    service: &Service,
    city: &City,
    scale: Scale,
    (over, plans_again): (Instant, bool),
    timings: &Timings,
    is_planned: &AtomicBool,
) -> Result<(), String> {
    let (mut connection, mut since) = (city.dispatcher(service)?, Instant::now());
    let mut version = 0;
    let mut plan = plan(&mut connection, scale.search, 0, timings)?;
    choose(&mut connection, &plan, &mut version, timings)?;
    for (truck, id) in city.drivers.iter().enumerate() {
        let path = format!("/v1/days/{DAY}/drivers/{id}");
        connection.send_patiently("PUT", &path, Some(&format!(r#"{{"vehicle": "t{truck}"}}"#)))?.expect(204)?;
    }
    is_planned.store(true, Ordering::Release);
    let mut round = 0;
    while round == 0 || Instant::now() < over {
        if since.elapsed() > RENEWED {
            (connection, since) = (city.dispatcher(service)?, Instant::now());
        }
        look(&mut connection, city, &plan, timings)?;
        adapt(&mut connection, round, scale.adaptation, timings)?;
        round += 1;
        if plans_again && round % 5 == 0 {
            plan = self::plan(&mut connection, scale.search, round, timings)?;
            choose(&mut connection, &plan, &mut version, timings)?;
        }
        thread::sleep(scale.pace.round.min(over.saturating_duration_since(Instant::now())));
    }
    Ok(())
}

fn plan(connection: &mut Connection, seconds: u32, seed: usize, timings: &Timings) -> Result<String, String> {
    let start = Instant::now();
    let asked = format!(r#"{{"name": "day", "seconds": {seconds}, "seed": {seed}}}"#);
    let asked = connection.send_patiently("POST", "/v1/plans", Some(&asked))?;
    let plan = match asked.status {
        200 => text_of(&asked.body, "plan_id").ok_or("no plan")?.to_owned(),
        _ => connection.ended(text_of(&asked.expect(202)?, "id").ok_or("the job has no id")?)?,
    };
    connection.send_patiently("GET", &format!("/v1/plans/{plan}/summary"), None)?.expect(200)?;
    timings.keep(PLANNED, start.elapsed());
    Ok(plan)
}

/// What a plan is called among the timings: from asking to reading.
pub(crate) const PLANNED: &str = "a plan, from asking to reading";
/// What an adaptation is called.
pub(crate) const ADAPTED: &str = "an adaptation";

/// Makes a plan that of the day, in place of the version that holds.
fn choose(connection: &mut Connection, plan: &str, version: &mut i64, timings: &Timings) -> Result<(), String> {
    let path = format!("/v1/days/{DAY}");
    if *version > 0 {
        let day = connection.send_patiently("GET", &path, None)?.expect(200)?;
        *version = number_of(&day, "version").ok_or("the day has no version")?;
    }
    let chosen = format!(r#"{{"plan_id": "{plan}", "version": {version}}}"#);
    let start = Instant::now();
    // Of several, an adaptation may have been faster: then the day has another plan, which is as good here.
    let answer = connection.send_patiently("PUT", &path, Some(&chosen))?;
    if answer.status != 409 {
        answer.expect(200)?;
    }
    timings.keep("a plan becomes that of the day", start.elapsed());
    *version += 1;
    Ok(())
}

/// The pages of a dispatcher.
fn look(connection: &mut Connection, city: &City, plan: &str, timings: &Timings) -> Result<(), String> {
    let west = 4.0 + city.number as f64 * 0.3;
    let pages = [
        ("day", format!("/v1/days/{DAY}")),
        ("routes of the day", format!("/v1/days/{DAY}/routes")),
        ("board of a plan", format!("/v1/plans/{plan}/board")),
        ("map of a plan", format!("/v1/plans/{plan}/geojson")),
        ("bins on the map", format!("/v1/map/bins?west={west}&south=52.3&east={}&north=52.42", west + 0.2)),
        ("bins, the first hundred", "/v1/fleet/bins?limit=100".to_owned()),
        ("readings of a bin", "/v1/readings/b001?limit=100".to_owned()),
        ("jobs", "/v1/jobs".to_owned()),
        ("plans", "/v1/plans".to_owned()),
        ("reports of drivers", format!("/v1/days/{DAY}/reports")),
        ("positions of vehicles", format!("/v1/days/{DAY}/positions")),
        ("planned against done", format!("/v1/days/{DAY}/analysis")),
        ("plans by day", "/v1/analytics/days".to_owned()),
        ("audit log", "/v1/audit?limit=100".to_owned()),
    ];
    for (what, path) in pages {
        timings.send(what, connection, ("GET", &path, None))?;
    }
    Ok(())
}

/// The day adapted; every other time that is accepted.
fn adapt(connection: &mut Connection, round: usize, seconds: u32, timings: &Timings) -> Result<(), String> {
    let now = 28_800 + round % 200 * 60;
    let asked = format!(r#"{{"now": {now}, "seconds": {seconds}}}"#);
    let path = format!("/v1/days/{DAY}/adaptations");
    let Some(proposed) = timings.send(ADAPTED, connection, ("POST", &path, Some(&asked)))? else { return Ok(()) };
    let id = text_of(&proposed, "id").ok_or("the adaptation has no id")?;
    let word = if round.is_multiple_of(2) { "acceptance" } else { "rejection" };
    let path = format!("/v1/adaptations/{id}/{word}");
    timings.send("its acceptance or rejection", connection, ("POST", &path, Some("{}"))).map(drop)
}

/// The drivers of an organisation, who confirm their stops in order and tell where they are.
fn on_the_road(
    service: &Service,
    city: &City,
    (over, pace): (Instant, Duration),
    timings: &Timings,
    is_planned: &AtomicBool,
) -> Result<(), String> {
    while !is_planned.load(Ordering::Acquire) {
        thread::sleep(LOOK);
    }
    let (mut phones, mut since) = (city.phones(service)?, Instant::now());
    let (mut word, mut told_at) = (0, None::<Instant>);
    while word == 0 || Instant::now() < over {
        if since.elapsed() > RENEWED {
            (phones, since) = (city.phones(service)?, Instant::now());
        }
        let tells = told_at.is_none_or(|at| at.elapsed() > POSITIONS);
        if tells {
            told_at = Some(Instant::now());
        }
        for phone in &mut phones {
            let path = format!("/v1/driving/days/{DAY}");
            let Some(route) = timings.send("a driver's route", phone, ("GET", &path, None))? else { continue };
            let version = number_of(&route, "version").unwrap_or(0);
            let stops: Vec<&str> = route.split(r#""activity":""#).skip(1).filter(|s| s.starts_with("client")).collect();
            let code = stops.get(word % stops.len().max(1)).and_then(|stop| text_of(stop, "code"));
            if let Some(code) = code {
                let at = 28_800 + word % 30_000;
                let report = format!(
                    r#"{{"reports": [{{"id": "report-{word:08}", "version": {version}, "code": "{code}", "outcome": "done", "at": {at}}}]}}"#
                );
                timings.send("a stop confirmed", phone, ("POST", &format!("{path}/reports"), Some(&report)))?;
            }
            if tells {
                let at = 28_800 + word % 30_000;
                let told = format!(r#"{{"positions": [{{"at": {at}, "lon": 4.1, "lat": 52.3, "accuracy": 5}}]}}"#);
                timings.send("a position", phone, ("POST", &format!("{path}/positions"), Some(&told)))?;
            }
            thread::sleep(pace.min(over.saturating_duration_since(Instant::now())));
        }
        word += 1;
        if phones.is_empty() {
            break;
        }
    }
    Ok(())
}

/// A whole number of a JSON document, by its name.
fn number_of(json: &str, name: &str) -> Option<i64> {
    let (_, rest) = json.split_once(&format!("\"{name}\":"))?;
    rest[..rest.find(|c: char| c != '-' && !c.is_ascii_digit()).unwrap_or(rest.len())].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::number_of;

    #[test]
    fn numbers_are_found() {
        assert_eq!(number_of(r#"{"a":{"version":12,"b":1}}"#, "version"), Some(12));
        assert_eq!(number_of(r#"{"version":-3}"#, "version"), Some(-3));
        assert_eq!(number_of(r#"{"version":"x"}"#, "version"), None);
    }
}
