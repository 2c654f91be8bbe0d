//! Words on stops, each stored once.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::route::{self, DriverRoute};
use crate::audit::{Event, Ledger};
use crate::auth::sessions::Identity;
use crate::error::Error;
use crate::operations::{Operation, Outcome, watched};
use crate::storage::driving::Drivable;
use crate::storage::reports::{NewReport, Report};
use crate::storage::{Confirmations as _, Connection, DayFigures as _, Days as _, Driving as _, Reports as _};

/// Why a stop was not possible.
pub(crate) const REASONS: [&str; 9] =
    ["no_access", "blocked", "not_out", "contaminated", "too_heavy", "closed", "vehicle", "no_time", "other"];

/// Most reports of a user on a day.
const MOST_A_DAY: i64 = 5_000;

/// What became of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Taken {
    /// The report.
    pub(crate) id: String,
    /// `stored`; `known`: it had come before, and changes nothing; `refused`: it is not stored, and will not be.
    pub(crate) state: &'static str,
    /// Why it is refused.
    pub(crate) why: Option<String>,
}

/// What became of reports, and the plan that holds.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Received {
    /// The version of the day's plan that holds; 0: there is none.
    pub(crate) version: i64,
    /// What became of each report, in their order.
    pub(crate) reports: Vec<Taken>,
    /// The route as it is now, if a report was made with another version in view, or the vehicle is another one; else null.
    pub(crate) route: Option<DriverRoute>,
}

impl Outcome for Received {
    fn word(&self) -> &'static str {
        if self.route.is_some() { "stale" } else { "done" }
    }
}

/// The reports of a day, the newest first.
pub(crate) async fn list(ledger: &Ledger, org: &str, day: &str, limit: i64) -> Result<Vec<Report>, Error> {
    ledger.connection().await?.reports_of_day(org, day, limit).await
}

/// Stores the reports of a driver; `None`: the user drives no vehicle on the day, and never did.
///
/// They are stored whatever version of the plan holds by now: what was done was done.
pub(crate) async fn receive(
    ledger: &Ledger,
    who: &Identity,
    day: &str,
    reports: &[NewReport],
) -> Result<Option<Received>, Error> {
    watched(Operation::Report, || try_receive(ledger, who, day, reports)).await
}

async fn try_receive(
    ledger: &Ledger,
    who: &Identity,
    day: &str,
    reports: &[NewReport],
) -> Result<Option<Received>, Error> {
    let of = (who.org.as_str(), day);
    let mut change = ledger.begin().await?;
    let now = change.now();
    let vehicles = change.assigned_vehicles(of, &who.user).await?;
    if vehicles.is_empty() {
        return Ok(None);
    }
    // A day may have many versions: a stop is in the one that the driver saw, but for what was there before.
    let last = change.day_version(&who.org, day).await?.map_or(0, |version| version.version);
    let seen = reports.iter().map(|report| report.version).min().map_or(last, |seen| seen.clamp(0, last));
    let mut drivable = change.drivable_stops(of, &who.user, seen).await?;
    if seen > 0
        && !reports
            .iter()
            .all(|report| asked(report, &vehicles).next().is_some_and(|first| has(&drivable, first, report)))
    {
        drivable = change.drivable_stops(of, &who.user, 0).await?;
    }
    let mut room = MOST_A_DAY - change.count_reports(&who.user, day).await?;
    let (mut taken, mut new) = (Vec::new(), Vec::new());
    for report in reports {
        let placed = vehicle_of(report, &vehicles, &drivable);
        let (state, why) = match placed {
            Err(why) => known_or(&mut change, who, day, report, why).await?,
            Ok(_) if room <= 0 => {
                let why = format!("there are {MOST_A_DAY} reports of this day already");
                known_or(&mut change, who, day, report, why).await?
            }
            Ok(vehicle) => {
                let placed = NewReport { vehicle, ..report.clone() };
                if change.insert_report((&who.org, &who.user), day, &placed, now).await? {
                    room -= 1;
                    new.push(placed);
                    ("stored", None)
                } else {
                    let why = "another report had this id: make an id for each".to_owned();
                    known_or(&mut change, who, day, report, why).await?
                }
            }
        };
        taken.push(Taken { id: report.id.clone(), state, why });
    }
    let version = change.day_version(&who.org, day).await?;
    let holds = version.as_ref().map_or(0, |version| version.version);
    let now_driven = vehicles.iter().find(|(_, holds)| *holds).map(|(vehicle, _)| vehicle.as_str());
    let is_stale = reports.iter().any(|report| {
        report.version != holds || (!report.vehicle.is_empty() && Some(report.vehicle.as_str()) != now_driven)
    });
    if !new.is_empty() {
        confirm(&mut change, who, day, &new, now).await?;
        let missed = new.iter().filter(|report| !report.is_done).count();
        let detail = json!({"day": day, "stops": new.len(), "missed": missed, "vehicle": new[0].vehicle});
        let mut event = Event::new("day.stops_confirmed").by(&who.org, &who.user).with(detail);
        if let Some(version) = &version {
            event = event.on(&version.plan_id);
        }
        change.commit_with(event).await?;
    }
    // What was just said is in the route that is answered.
    let route = if is_stale { route::of_user(ledger, who, day).await? } else { None };
    Ok(Some(Received { version: holds, reports: taken, route }))
}

/// The newest word on each stop becomes what is known of it.
async fn confirm(tx: &mut Connection, who: &Identity, day: &str, new: &[NewReport], now: i64) -> Result<(), Error> {
    let mut newest: BTreeMap<(&str, &str), &NewReport> = BTreeMap::new();
    for report in new {
        let known = newest.entry((&report.activity, &report.code)).or_insert(report);
        if report.at >= known.at {
            *known = report;
        }
    }
    let rows: Vec<_> = newest
        .into_iter()
        .map(|((activity, code), report)| {
            (activity, code, report.is_done, report.reason.as_str(), report.at, report.vehicle.as_str())
        })
        .collect();
    tx.confirm((&who.org, day), &rows, &who.user, now).await?;
    tx.day_changed(&who.org, day).await
}

/// The vehicles that a report may be of, those that the driver drives now first.
fn asked<'a>(report: &'a NewReport, vehicles: &'a [(String, bool)]) -> impl Iterator<Item = &'a String> {
    let holding_first = vehicles.iter().filter(|(_, holds)| *holds).chain(vehicles.iter().filter(|(_, holds)| !holds));
    let named = &report.vehicle;
    holding_first.map(|(vehicle, _)| vehicle).filter(move |vehicle| named.is_empty() || *vehicle == named)
}

/// Whether a vehicle has the stop of a report.
fn has(drivable: &Drivable, vehicle: &str, report: &NewReport) -> bool {
    drivable.contains(&(vehicle.to_owned(), report.activity.clone(), report.code.clone()))
}

/// The vehicle that a report is about: the one that it names, or else the one that is driven now, or was.
fn vehicle_of(report: &NewReport, vehicles: &[(String, bool)], drivable: &Drivable) -> Result<String, String> {
    let NewReport { vehicle: named, activity, code, .. } = report;
    let found = asked(report, vehicles).find(|vehicle| has(drivable, vehicle, report)).cloned();
    found.ok_or_else(|| {
        if asked(report, vehicles).next().is_none() {
            format!("{named:?} is not your vehicle of this day")
        } else {
            format!("no plan of this day has {activity} {code:?} for your vehicle")
        }
    })
}

/// `known` if the same report was stored before, whatever has become of the plan since; else refused.
async fn known_or(
    connection: &mut Connection,
    who: &Identity,
    day: &str,
    report: &NewReport,
    why: String,
) -> Result<(&'static str, Option<String>), Error> {
    let stored = connection.report(&who.user, &report.id).await?;
    let is_same = stored.is_some_and(|(of, stored)| of == day && same(report, &stored));
    Ok(if is_same { ("known", None) } else { ("refused", Some(why)) })
}

fn same(report: &NewReport, stored: &Report) -> bool {
    report.activity == stored.activity
        && report.code == stored.code
        && report.is_done == (stored.outcome == "done")
        && report.reason == stored.reason
        && report.remark == stored.remark
        && report.amount == stored.amount
        && report.fill_percent == stored.fill_percent
        && report.at == stored.at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(vehicle: &str, code: &str) -> NewReport {
        NewReport {
            id: "1".to_owned(),
            vehicle: vehicle.to_owned(),
            activity: "client".to_owned(),
            code: code.to_owned(),
            is_done: true,
            reason: String::new(),
            remark: String::new(),
            amount: None,
            fill_percent: None,
            at: 0,
            version: 1,
        }
    }

    #[test]
    fn a_report_is_of_a_vehicle_that_one_drives_or_drove() {
        let stop = |vehicle: &str, code: &str| (vehicle.to_owned(), "client".to_owned(), code.to_owned());
        let drivable = Drivable::from([stop("t1", "a"), stop("t2", "a"), stop("t2", "b")]);
        let vehicles = [("t2".to_owned(), false), ("t1".to_owned(), true)];
        let of = |vehicle: &str, code: &str| vehicle_of(&report(vehicle, code), &vehicles, &drivable);
        assert_eq!(of("", "a").as_deref(), Ok("t1"), "the one that is driven now comes first");
        assert_eq!(of("t2", "a").as_deref(), Ok("t2"));
        assert_eq!(of("", "b").as_deref(), Ok("t2"));
        assert!(of("t1", "b").unwrap_err().contains("no plan of this day"));
        assert!(of("t3", "a").unwrap_err().contains("not your vehicle"));
    }
}
