//! The expected production day: fifty organisations with twenty thousand bins, three hundred trucks and five million readings, which
//! plan, look, adapt and drive in the same morning.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::service::Service;
use crate::shell::say;
use crate::traffic::{self, ADAPTED, HASTE, PLANNED, Pace, Scale, Timings};

/// Each driver confirms a stop every thirty seconds, several times as often as trucks empty bins, and dispatchers look at all their pages
/// and adapt the day every two minutes.
const MORNING: Pace = Pace { word: Duration::from_secs(5), round: Duration::from_secs(120) };
/// The whole of it.
pub(crate) const WHOLE: (Scale, Duration) = (
    Scale { organisations: 50, bins: 400, trucks: 6, readings: 250, search: 4, adaptation: 2, pace: MORNING },
    Duration::from_secs(600),
);
/// What shows that the scenario works.
pub(crate) const SMALL: (Scale, Duration) = (
    Scale { organisations: 3, bins: 40, trucks: 2, readings: 50, search: 1, adaptation: 1, pace: HASTE },
    Duration::from_secs(20),
);

/// Has the organisations begin their day at once.
pub(crate) fn measure(
    store: &str,
    program: &Path,
    url: Option<&str>,
    (scale, morning): (Scale, Duration),
) -> Result<(), String> {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get).to_string();
    let mut settings = traffic::SETTINGS.to_vec();
    settings.push(("MILKRUN_PLANNING_WORKERS", &cores));
    settings.extend(url.map(|url| ("MILKRUN_DATABASE", url)));
    let mut service = Service::start(program, &format!("production-{store}"), &settings)?;
    let Scale { organisations, bins, trucks, readings, .. } = scale;
    say(&format!(
        "\n{store}: {organisations} organisations, {} bins, {} trucks, {} readings",
        organisations * bins,
        organisations * trucks,
        organisations * bins * readings
    ));
    let start = Instant::now();
    let cities = traffic::found(&service, scale)?;
    say(&format!("organisations with their fleets and drivers: {:.1} s", start.elapsed().as_secs_f64()));
    traffic::fill(&service, &cities, scale)?;
    let before = service.memory()?;
    let timings = Timings::default();
    traffic::run(&service, &cities, scale, (morning, false), &timings)?;
    timings.tell();
    say(&format!(
        "slowest plan {:.1} s, slowest adaptation {:.1} s; memory {before:.0} MiB before, {:.0} MiB after, {:.0} MiB at most; \
         database {:.0} MiB",
        timings.longest(PLANNED) / 1_000.0,
        timings.longest(ADAPTED) / 1_000.0,
        service.memory()?,
        service.most_memory()?,
        service.database_bytes() as f64 / 1_048_576.0,
    ));
    if service.lives() { Ok(()) } else { Err("the service ended".to_owned()) }
}
