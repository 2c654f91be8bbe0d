//! Several organisations that plan and adapt at once: how long each waits from asking to reading.

use std::path::Path;
use std::thread;
use std::time::Instant;

use crate::service::{Connection, Service, text_of};
use crate::shell::say;

/// How much is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    organisations: usize,
    /// Bins of each.
    bins: usize,
    /// Trucks of each.
    trucks: usize,
    /// Seconds that a plan's search is given.
    search: u32,
    /// Seconds that an adaptation's search is given.
    adaptation: u32,
    /// Whether the limits of time hold.
    is_timed: bool,
}

/// What is measured: on two cores, ten searches of four seconds take twenty.
pub(crate) const WHOLE: Scale =
    Scale { organisations: 10, bins: 400, trucks: 6, search: 4, adaptation: 2, is_timed: true };
/// What shows that the scenario works.
pub(crate) const SMALL: Scale =
    Scale { organisations: 3, bins: 30, trucks: 2, search: 1, adaptation: 1, is_timed: false };

/// Seconds that the slowest daily plan may take, and the slowest adaptation.
const LIMITS: [f64; 2] = [30.0, 5.0];

/// Has all organisations plan their day at once, and then adapt it at once.
pub(crate) fn measure(store: &str, program: &Path, url: Option<&str>, scale: Scale) -> Result<(), String> {
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get).to_string();
    let mut settings = vec![("MILKRUN_LOG", "warn"), ("MILKRUN_PLANNING_WORKERS", cores.as_str())];
    settings.extend(url.map(|url| ("MILKRUN_DATABASE", url)));
    let service = Service::start(program, &format!("organisations-{store}"), &settings)?;
    let mut tokens = vec![service.token.clone()];
    for number in 1..scale.organisations {
        tokens.push(service.another_organisation(number)?);
    }
    let connections = || tokens.iter().map(|token| service.connection_of(token)).collect::<Result<Vec<_>, _>>();
    at_once(connections()?, |connection, number| city(connection, number, (scale.bins, scale.trucks)))?;
    let plans = at_once(connections()?, |connection, _| plan(connection, scale))?;
    let adaptations = at_once(connections()?, |connection, _| adapt(connection, scale))?;
    let Scale { organisations, bins, trucks, .. } = scale;
    say(&format!("\n{store}: {organisations} organisations at once, each with {bins} bins and {trucks} trucks"));
    for ((what, mut took), limit) in [("daily plan", plans), ("adaptation", adaptations)].into_iter().zip(LIMITS) {
        took.sort_by(f64::total_cmp);
        let (median, longest) = (took[took.len() / 2], took[took.len() - 1]);
        say(&format!("{what}, from asking to reading: {median:.1} s in the middle, {longest:.1} s at most"));
        if scale.is_timed && longest > limit {
            return Err(format!("{store}: a {what} takes {longest:.1} s, more than {limit}"));
        }
    }
    Ok(())
}

/// Runs work for each connection on a thread of its own; gives how long each took, seconds.
pub(crate) fn at_once(
    connections: Vec<Connection>,
    work: impl Fn(&mut Connection, usize) -> Result<(), String> + Sync,
) -> Result<Vec<f64>, String> {
    thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = connections
            .into_iter()
            .enumerate()
            .map(|(number, mut connection)| {
                scope.spawn(move || {
                    let start = Instant::now();
                    work(&mut connection, number).map(|()| start.elapsed().as_secs_f64())
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().map_err(|_| "a thread ended".to_owned())?).collect()
    })
}

/// So many bins and trucks around a centre of each organisation's own.
pub(crate) fn city(connection: &mut Connection, number: usize, (bins, trucks): (usize, usize)) -> Result<(), String> {
    let (west, south) = (4.0 + number as f64 * 0.3, 52.30);
    let list =
        |count: usize, of: &dyn Fn(usize) -> String| format!("[{}]", (0..count).map(of).collect::<Vec<_>>().join(","));
    let trucks = list(trucks, &|i| {
        format!(r#"{{"code": "t{i}", "depot": "yard", "capacity_kg": 5000, "break_seconds": 2700}}"#)
    });
    let bins = list(bins, &|i| {
        let (x, y) = ((i as f64 * 0.618).fract(), (i as f64 * 0.414).fract());
        let (lon, lat) = (west + x * 0.2, south + y * 0.12);
        format!(r#"{{"code": "b{i:03}", "lon": {lon:.6}, "lat": {lat:.6}, "load_kg": 150, "service_seconds": 120}}"#)
    });
    let depot = format!(r#"[{{"code": "yard", "lon": {:.6}, "lat": 52.36}}]"#, west + 0.1);
    let site = format!(r#"[{{"code": "tip", "lon": {:.6}, "lat": 52.42}}]"#, west + 0.15);
    for (kind, things) in [("depots", depot), ("disposal-sites", site), ("vehicles", trucks), ("bins", bins)] {
        connection.send_patiently("POST", &format!("/v1/fleet/{kind}/import"), Some(&things))?.expect(200)?;
    }
    Ok(())
}

/// Readings by their numbers, as they are sent: each of the bins has one every few hours, from a day that is past.
pub(crate) fn readings(numbers: &[usize], bins: usize) -> String {
    const START: usize = 1_735_689_600_000;
    const STEP: usize = 4 * 3_600_000;
    let one = |&i: &usize| {
        let (bin, turn) = (i % bins, i / bins);
        let (fill, at) = ((turn * 7 + bin) % 101, START + turn * STEP);
        format!(r#"{{"bin": "b{bin:03}", "at": {at}, "fill_percent": {fill}}}"#)
    };
    format!(r#"{{"readings": [{}]}}"#, numbers.iter().map(one).collect::<Vec<_>>().join(","))
}

/// A plan of all bins, made that of the day and read.
fn plan(connection: &mut Connection, scale: Scale) -> Result<(), String> {
    let asked = format!(r#"{{"name": "day", "seconds": {}}}"#, scale.search);
    let asked = connection.send("POST", "/v1/plans", Some(&asked))?.expect(202)?;
    let plan = connection.ended(text_of(&asked, "id").ok_or("the job has no id")?)?;
    let summary = connection.send("GET", &format!("/v1/plans/{plan}/summary"), None)?.expect(200)?;
    if !summary.contains(r#""feasible":true"#) {
        return Err(format!("the plan breaks rules: {summary}"));
    }
    let chosen = format!(r#"{{"plan_id": "{plan}", "version": 0}}"#);
    connection.send("PUT", "/v1/days/2026-12-03", Some(&chosen))?.expect(200)?;
    connection.send("GET", "/v1/days/2026-12-03/routes", None)?.expect(200)?;
    Ok(())
}

/// The day's plan adapted, at ten in the morning, and accepted.
fn adapt(connection: &mut Connection, scale: Scale) -> Result<(), String> {
    let asked = format!(r#"{{"now": 36000, "seconds": {}}}"#, scale.adaptation);
    let proposed = connection.send("POST", "/v1/days/2026-12-03/adaptations", Some(&asked))?.expect(201)?;
    let id = text_of(&proposed, "id").ok_or("the adaptation has no id")?;
    connection.send("POST", &format!("/v1/adaptations/{id}/acceptance"), Some("{}"))?.expect(200)?;
    connection.send("GET", "/v1/days/2026-12-03/routes", None)?.expect(200)?;
    Ok(())
}
