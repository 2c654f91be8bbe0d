//! `cargo xtask soak`: mixed traffic for as long as one likes, and whether what the service holds stays the same meanwhile.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::load;
use crate::postgres::Server;
use crate::service::Service;
use crate::shell::say;
use crate::traffic::{self, HASTE, Scale, Timings};

/// Small cities: what counts is what is held, not how much is done.
const SCALE: Scale =
    Scale { organisations: 3, bins: 40, trucks: 2, readings: 50, search: 1, adaptation: 1, pace: HASTE };
/// Samples of a run, at least a second apart.
const SAMPLES: u64 = 240;
/// What may be added over the part of the run that counts, as a share of the mean.
const RISE: f64 = 0.05;
/// So many standard errors that a rise may be by chance.
const CHANCE: f64 = 2.0;
/// What a request to the service may take on average, milliseconds.
const MEAN_LIMIT: f64 = 100.0;

/// What was seen at a moment.
#[derive(Clone, Copy, Debug)]
struct Sample {
    /// Minutes since the start.
    at: f64,
    /// Memory, MiB; files; connections to the database; mean of the requests since the last sample, milliseconds; database, MiB.
    seen: [f64; 5],
}

const NAMES: [(&str, &str); 5] = [
    ("memory", "MiB"),
    ("open files", ""),
    ("connections to the database", ""),
    ("mean of a request", "ms"),
    ("database", "MiB"),
];
/// What must stay the same: all but the database, which holds more as more is done.
const FLAT: usize = 4;

/// Runs for so many minutes (`--minutes N`, 60 unless given) over the embedded database, or over `postgres`; `dev`: the service as it is
/// built for tests.
pub(crate) fn run(words: &[String]) -> Result<(), String> {
    let mut minutes = 60;
    let (mut is_dev, mut is_postgres) = (false, false);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--minutes" => {
                let given = words.next().and_then(|given| given.parse().ok()).filter(|given| *given > 0);
                minutes = given.ok_or("soak: --minutes takes a number from 1")?;
            }
            "dev" => is_dev = true,
            "postgres" => is_postgres = true,
            other => return Err(format!("soak: `{other}` is unknown; there are `--minutes N`, `postgres` and `dev`")),
        }
    }
    let program = load::program(is_dev)?;
    let server = if is_postgres { Some(Server::start()?) } else { None };
    let url = server.as_ref().map(|server| format!("{}/postgres", server.url));
    let mut settings = traffic::SETTINGS.to_vec();
    // What is kept in memory is full soon: whatever memory is added later is not that.
    settings.push(("MILKRUN_PLANNING_CACHE_MIB", "2"));
    settings.extend(url.as_ref().map(|url| ("MILKRUN_DATABASE", url.as_str())));
    let mut service = Service::start(&program, "soak", &settings)?;
    let cities = traffic::found(&service, SCALE)?;
    traffic::fill(&service, &cities, SCALE)?;
    let time = Duration::from_secs(minutes * 60);
    let timings = Timings::default();
    let samples = watched(&service, time, || traffic::run(&service, &cities, SCALE, (time, true), &timings))?;
    timings.tell();
    if !service.lives() {
        return Err("the service ended".to_owned());
    }
    judge(&samples)
}

/// Takes samples while work is done.
fn watched(
    service: &Service,
    time: Duration,
    work: impl FnOnce() -> Result<(), String> + Send,
) -> Result<Vec<Sample>, String> {
    let pause = (time / u32::try_from(SAMPLES).unwrap_or(u32::MAX)).max(Duration::from_secs(1));
    let (over, samples, start) = (AtomicBool::new(false), Mutex::new(Vec::new()), Instant::now());
    thread::scope(|scope| {
        let sampling = scope.spawn(|| -> Result<(), String> {
            let mut before = requests(service)?;
            while !over.load(Ordering::Acquire) {
                thread::sleep(pause);
                let now = requests(service)?;
                // Nothing was asked since: the run is about to end.
                if now.1 <= before.1 {
                    continue;
                }
                let mean = (now.0 - before.0) / (now.1 - before.1) * 1_000.0;
                before = now;
                let seen = [
                    service.memory()?,
                    service.files()? as f64,
                    service.figure("milkrun_database_connections ")?,
                    mean,
                    service.database_bytes() as f64 / 1_048_576.0,
                ];
                let sample = Sample { at: start.elapsed().as_secs_f64() / 60.0, seen };
                samples.lock().unwrap_or_else(PoisonError::into_inner).push(sample);
            }
            Ok(())
        });
        let done = work();
        over.store(true, Ordering::Release);
        let sampled = sampling.join().map_err(|_| "a thread ended".to_owned())?;
        done.and(sampled)
    })?;
    Ok(samples.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Seconds that all requests took so far, and how many there were; those that search by themselves are omitted.
fn requests(service: &Service) -> Result<(f64, f64), String> {
    let told = service.figures_text()?;
    let sum = |name: &str| -> f64 {
        let lines = told.lines().filter_map(|line| line.strip_prefix(name));
        let lines = lines.filter(|line| !line.contains("adaptations"));
        lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    };
    Ok((sum("milkrun_request_seconds_sum"), sum("milkrun_request_seconds_count")))
}

/// Says of each figure how it went, and fails if one that must stay the same did not.
fn judge(samples: &[Sample]) -> Result<(), String> {
    // The first quarter fills what is kept in memory.
    let later = &samples[samples.len() / 4..];
    say(&format!(
        "\n{} samples, of which the last {} count. Flat: a straight line through them rises by less than {:.0} % of the mean, or by \
         less than {CHANCE} standard errors.",
        samples.len(),
        later.len(),
        RISE * 100.0
    ));
    say("| figure | first | mean | last | rise | standard error | |\n|---|---|---|---|---|---|---|");
    let mut faults = Vec::new();
    for (i, (name, unit)) in NAMES.into_iter().enumerate() {
        let points: Vec<(f64, f64)> = later.iter().map(|sample| (sample.at, sample.seen[i])).collect();
        let Some(line) = Line::through(&points) else { return Err("there are too few samples".to_owned()) };
        let word = match (i < FLAT, line.is_flat()) {
            (false, _) => "not judged",
            (true, true) => "flat",
            (true, false) => "not flat",
        };
        if word == "not flat" {
            faults.push(format!("{name} rises by {:.1} {unit}", line.rise));
        }
        let (first, last) = (samples[0].seen[i], later[later.len() - 1].seen[i]);
        let Line { mean, rise, error } = line;
        say(&format!("| {name}, {unit} | {first:.1} | {mean:.1} | {last:.1} | {rise:.2} | {error:.2} | {word} |"));
        if NAMES[i].1 == "ms" && mean > MEAN_LIMIT {
            faults.push(format!("a request takes {mean:.0} ms on average, more than {MEAN_LIMIT}"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("; ")) }
}

/// A straight line through points, by least squares.
#[derive(Clone, Copy, Debug)]
struct Line {
    mean: f64,
    /// From the first point to the last.
    rise: f64,
    /// The standard error of that.
    error: f64,
}

impl Line {
    fn through(points: &[(f64, f64)]) -> Option<Self> {
        if points.len() < 3 {
            return None;
        }
        let count = points.len() as f64;
        let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
        let (x, y) = (x / count, y / count);
        let spread: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
        let slope = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum::<f64>() / spread;
        let rest: f64 = points.iter().map(|point| (point.1 - y - slope * (point.0 - x)).powi(2)).sum();
        let length = points[points.len() - 1].0 - points[0].0;
        Some(Self { mean: y, rise: slope * length, error: (rest / (count - 2.0) / spread).sqrt() * length })
    }

    fn is_flat(&self) -> bool {
        // What falls is no leak.
        self.rise <= RISE * self.mean || self.rise <= CHANCE * self.error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(of: impl Fn(usize) -> f64) -> Line {
        Line::through(&(0..100).map(|i| (i as f64, of(i))).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn what_rises_is_told_from_what_does_not() {
        let noise = |i: usize| (i * 37 % 11) as f64 - 5.0;
        let steady = line(|i| 100.0 + noise(i));
        assert!(steady.is_flat() && (steady.mean - 100.0).abs() < 1.0, "{steady:?}");
        let leak = line(|i| 100.0 + 0.2 * i as f64 + noise(i));
        assert!(!leak.is_flat() && (leak.rise - 19.8).abs() < 2.0, "{leak:?}");
        assert!(line(|i| 100.0 - i as f64).is_flat());
        assert!(line(|i| 100.0 + 0.04 * i as f64).is_flat(), "four per cent");
        assert!(Line::through(&[(0.0, 1.0), (1.0, 1.0)]).is_none());
        let exact = line(|i| 3.0 * i as f64);
        assert!((exact.rise - 297.0).abs() < 1e-9 && exact.error < 1e-9);
    }
}
